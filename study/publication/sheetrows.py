"""The rows of a worksheet, written as XML: tens of thousands of them in a second.

openpyxl makes the workbook with one row of model cells for each kind of value, so that styles are
its own; the rows of the table take their place.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape
from zipfile import ZipFile, ZipInfo

from study.publication.cells import Value

KINDS = ("text", "quoted", "number", "truth")
"""Kinds of cells, in the order of the model rows: text, text that looks like a formula, ..."""
LINE, TALLEST = 13.0, 409.0
"""Heights of a line of text and of the highest row that a spreadsheet knows, in points."""
LONGEST = 32_767
"""Characters that a cell of a spreadsheet holds."""
_FORMULA = ("=", "+", "-", "@")
_STYLE = re.compile(r'<c r="([A-Z]+)(\d+)" s="(\d+)"')
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of one sheet: where they begin, the columns' letters and widths, the values."""

    first: int
    letters: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[Value]]


def clean(text: str) -> str:
    """Return text without what no cell may hold, and no longer than one can be."""
    text = _UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "\u2026"


def filled(data: bytes, bodies: Mapping[str, Body]) -> bytes:
    """Return a workbook with the rows of each sheet in place of its model rows.

    Parameters
    ----------
    data
        The workbook as openpyxl wrote it.
    bodies
        By the sheet's part in the archive, such as `xl/worksheets/sheet2.xml`.
    """
    target = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(target, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            if name in bodies:
                part = _with_rows(part.decode("utf-8"), bodies[name]).encode("utf-8")
            archive.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part)
    return target.getvalue()


def _with_rows(xml: str, body: Body) -> str:
    start, end = xml.index(f'<row r="{body.first}"'), xml.index("</sheetData>")
    styles: dict[tuple[str, str], str] = {}
    for letter, row, style in _STYLE.findall(xml[start:end]):
        styles[letter, KINDS[int(row) - body.first]] = style
    rows = (
        _row(number, values, body, styles) for number, values in enumerate(body.rows, body.first)
    )
    return xml[:start] + "".join(rows) + xml[end:]


def _row(
    number: int, values: Sequence[Value], body: Body, styles: Mapping[tuple[str, str], str]
) -> str:
    lines, cells = 1, []
    for letter, width, value in zip(body.letters, body.widths, values, strict=True):
        place = f'r="{letter}{number}"'
        if value is None:
            cells.append(f'<c {place} s="{styles[letter, "number"]}"/>')
        elif isinstance(value, str):
            words = clean(value)
            lines = max(lines, lines_of(words, width))
            kind = "quoted" if words.startswith(_FORMULA) else "text"
            inner = f'<is><t xml:space="preserve">{escape(words)}</t></is>'
            cells.append(f'<c {place} s="{styles[letter, kind]}" t="inlineStr">{inner}</c>')
        elif isinstance(value, bool):
            cells.append(f'<c {place} s="{styles[letter, "truth"]}" t="b"><v>{value:d}</v></c>')
        else:
            cells.append(f'<c {place} s="{styles[letter, "number"]}"><v>{value!r}</v></c>')
    height = f' ht="{min(lines * LINE + 2, TALLEST):g}" customHeight="1"' if lines > 1 else ""
    return f'<row r="{number}"{height}>{"".join(cells)}</row>'


def lines_of(words: str, width: float) -> int:
    """Return how many lines wrapped text needs: no program finds that for a file it only opens.

    A column holds about 1.2 letters per unit of width; less is reckoned, for ragged line ends.
    """
    room = 1.1 * width
    if len(words) <= room and "\n" not in words:
        return 1
    return sum(max(1, math.ceil(len(part) / room)) for part in words.split("\n"))
