"""Tables in .csv, .xlsx and .docx: read safely as rows of text, and told apart by their headers."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from study.errors import NotPossibleError, UnreadableTranscriptError
from study.transcripts import archive, encodings

if TYPE_CHECKING:
    from study.exchange.recognising import Kind

LARGEST = 64 * 1024 * 1024
MOST_ROWS, WIDEST = 100_000, 60
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACES = re.compile(r"[ \t\xa0]+")

NAMES = {
    "code": ("code", "code name", "label", "name of code", "theme"),
    "path": ("path", "code path"),
    "parent": ("parent", "under", "category", "parent code"),
    "definition": ("definition", "description", "meaning", "what it means"),
    "include": ("include", "inclusion", "inclusion criteria", "when to use", "use when"),
    "exclude": ("exclude", "exclusion", "exclusion criteria", "when not to use", "do not use when"),
    "example": ("example", "examples", "typical example"),
    "near_miss": ("near miss", "near-miss", "near misses", "counter-example", "close, but no"),
    "key": ("key", "guid"),
}
"""How teams head the columns of a codebook, by what stands in them."""

_COLUMN = {name: column for column, names in NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with the header that tells what it is."""

    kind: Kind
    lines: tuple[Line, ...] = ()


def kind_of(path: Path) -> Kind:
    """Return what a table is; empty where it is none of ours to read."""
    try:
        return read(path).kind
    except (NotPossibleError, UnreadableTranscriptError):
        return ""  # the reader of transcripts says what is wrong with it


def read(path: Path) -> Grid:
    """Read the first table of a file that is a codebook, a list of tags, or one of highlights.

    Raises
    ------
    NotPossibleError, UnreadableTranscriptError
        The file is too large, damaged, or packed to do harm.
    """
    if path.stat().st_size > LARGEST:
        raise NotPossibleError(f"{path}: has {path.stat().st_size >> 20} MB, too much for a table")
    data = path.read_bytes()
    reader = {".xlsx": _workbook, ".docx": _document}.get(path.suffix.lower(), _separated)
    for rows in reader(path, data):
        found = _table(rows)
        if found.kind:
            return found
    return Grid("")


def _table(rows: Sequence[Sequence[str]]) -> Grid:
    """Find the header among the first rows; several lines of words may stand above it."""
    for number, row in enumerate(rows[:20]):
        head = [_SPACES.sub(" ", cell.strip()).casefold() for cell in row]
        kind = _kind(head)
        if kind:
            columns = [_COLUMN.get(one, one) if kind == "codebook" else one for one in head]
            return Grid(kind, tuple(_lines(rows[number + 1 :], columns, number + 2)))
    return Grid("")


def _kind(head: Sequence[str]) -> Kind:
    given = set(head)
    if {"document", "tag", "content"} <= given:
        return "highlights"
    if "tag" in given and "description" in given and not given & {"speaker", "text", "start"}:
        return "tags"
    columns = {_COLUMN.get(one, "") for one in head}
    talk = given & {"speaker", "text", "utterance", "start", "content", "quotation"}
    return "codebook" if {"code", "definition"} <= columns and not talk else ""


def _lines(rows: Sequence[Sequence[str]], columns: Sequence[str], first: int) -> Iterator[Line]:
    for number, row in enumerate(rows, start=first):
        cells: dict[str, str] = {}
        for column, cell in zip(columns, row, strict=False):
            if column and column not in cells:
                cells[column] = cell.strip()
        if any(cells.values()):
            yield Line(number, cells)


def _separated(path: Path, data: bytes) -> Iterator[list[list[str]]]:
    text = encodings.decode(path, data).text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    mark = max(",;\t", key=head.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        yield [row[:WIDEST] for _, row in zip(range(MOST_ROWS), rows, strict=False)]
    except csv.Error as error:
        raise NotPossibleError(f"{path}: is no table: {error}") from None


def _workbook(path: Path, data: bytes) -> Iterator[list[list[str]]]:
    from openpyxl import load_workbook

    archive.check(path, data, "xl/workbook.xml")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl names features that hold no words
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = [list(_cells(sheet)) for sheet in book.worksheets]
            book.close()
    except Exception as error:  # openpyxl raises whatever a broken file makes it
        raise NotPossibleError(f"{path}: is a damaged workbook ({error})") from error
    yield from sheets


def _cells(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()
    empty = 0
    rows = sheet.iter_rows(values_only=True, max_col=WIDEST)
    for _, row in zip(range(MOST_ROWS), rows, strict=False):
        cells = ["" if cell is None else str(cell).replace("\r\n", "\n") for cell in row]
        empty = 0 if any(cell.strip() for cell in cells) else empty + 1
        if empty > 500:
            return
        yield cells


def _document(path: Path, data: bytes) -> Iterator[list[list[str]]]:
    """Yield the tables of a .docx; tracked changes count as accepted."""
    from docx import Document

    archive.check(path, data, "word/document.xml")
    try:
        body = Document(io.BytesIO(data)).element.body
        tables = [_grid(table) for table in body.iter(f"{_W}tbl")]
    except Exception as error:  # python-docx and lxml raise whatever a broken file makes them
        raise NotPossibleError(f"{path}: is a damaged document ({error})") from error
    yield from tables


def _grid(table: Any) -> list[list[str]]:
    rows = []
    for row in table.iterchildren(f"{_W}tr"):
        if row.find(f"{_W}trPr/{_W}del") is None:
            rows.append([_cell(cell) for cell in row.iterchildren(f"{_W}tc")][:WIDEST])
    return rows[:MOST_ROWS]


def _cell(cell: Any) -> str:
    """Return the text of a cell, one line a paragraph."""
    return "\n".join(_paragraph(one) for one in cell.iter(f"{_W}p")).strip()


def _paragraph(paragraph: Any) -> str:
    parts = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t" and not any(
            above.tag in (f"{_W}del", f"{_W}moveFrom") for above in node.iterancestors()
        ):
            parts.append(node.text or "")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif node.tag == f"{_W}tab" and node.getparent().tag == f"{_W}r":
            parts.append("\t")
    return "".join(parts)
