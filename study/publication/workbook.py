"""All tables in one workbook, formatted to be read and printed."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from study.files import write_atomic
from study.publication import cells
from study.publication.cells import PublishedTable, Value

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

CONTENTS = "Contents"
EPOCH = dt.datetime(2000, 1, 1)
HEADER_ROW = 5
NARROWEST, WIDEST = 9.0, 60.0
"""Widths of columns in characters."""

CONTENTS_WIDTHS = (30.0, 52.0, 9.0, 62.0)
LINE, TALLEST = 13.0, 409.0
"""Heights of a line of text and of the highest row that a spreadsheet knows, in points."""

FONT = "Arial"
LONGEST = 32_767
"""Characters that a cell of a spreadsheet holds."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_INK, _QUIET, _RULE, _HEAD, _LINK = "1F2328", "57606A", "C4CAD1", "E6EAEF", "0B5C94"


def write_workbook(
    tables: Sequence[PublishedTable], path: Path | str, note: str = "", title: str = "Tables"
) -> Path:
    """Write tables as an .xlsx: a linked contents sheet, then one sheet a table.

    Every cell of text is text, also if it looks like a formula.  The file is the same on every
    run: no clock is read, and its parts are stored, for zlib builds differ between machines.

    Parameters
    ----------
    tables
        In the order of the sheets.
    path
        Where to write.
    note
        The provenance line, on every sheet and in every printed footer.
    title
        Title of the contents sheet.
    """
    from openpyxl import Workbook

    book = Workbook()
    contents = book.worksheets[0]
    contents.title = CONTENTS
    names = _sheet_names([table.name for table in tables])
    for table, name in zip(tables, names, strict=True):
        _table_sheet(book.create_sheet(name), table, note)
    _contents(contents, tables, names, title, note)
    book.properties.subject = _clean(note) or None
    path = Path(path)
    write_atomic(path, _stored(book, title))
    return path


def _sheet_names(wanted: Sequence[str]) -> list[str]:
    """Make names that a spreadsheet accepts: 31 characters, no brackets, all different."""
    names: list[str] = []
    for want in wanted:
        base = _clean(re.sub(r"[\[\]:*?/\\\n\r\t]", " ", want)).strip(" '") or "Table"
        name, number = base[:31], 2
        while name.casefold() in {CONTENTS.casefold(), *(known.casefold() for known in names)}:
            tail = f" ({number})"
            name, number = base[: 31 - len(tail)] + tail, number + 1
        names.append(name)
    return names


def _contents(
    sheet: Worksheet, tables: Sequence[PublishedTable], names: Sequence[str], title: str, note: str
) -> None:
    from openpyxl.styles import Alignment

    _write(_at(sheet, 1, 1), title, size=16, bold=True)
    _write(_at(sheet, 2, 1), note, colour=_QUIET)
    for place, head in enumerate(("Sheet", "What it shows", "Rows", "Note"), 1):
        _header(_at(sheet, 4, place), head)
    for row, (table, name) in enumerate(zip(tables, names, strict=True), 5):
        _link(_at(sheet, row, 1), name, name)
        values: tuple[Value, ...] = (table.title, len(table.frame), table.note)
        for place, value in enumerate(values, 2):
            cell = _at(sheet, row, place)
            _write(cell, value)
            side = "left" if isinstance(value, str) else "right"
            cell.alignment = Alignment(vertical="top", horizontal=side, wrap_text=True, indent=1)
            _raise(sheet, row, value, CONTENTS_WIDTHS[place - 1])
    for letter, width in zip("ABCD", CONTENTS_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A5"
    _print_setup(sheet, 4, note)


def _at(sheet: Worksheet, row: int, column: int) -> Cell:
    return cast("Cell", sheet.cell(row, column))


def _table_sheet(sheet: Worksheet, table: PublishedTable, note: str) -> None:
    columns = [cells.heading(column) for column in table.frame.columns]
    rows = cells.rows(table.frame)
    _write(_at(sheet, 1, 1), table.title, size=13, bold=True)
    _write(_at(sheet, 2, 1), table.note, colour=_QUIET)
    _write(_at(sheet, 3, 1), note, colour=_QUIET)
    _link(_at(sheet, 4, 1), CONTENTS, "Contents")
    for place, column in enumerate(columns, 1):
        _header(_at(sheet, HEADER_ROW, place), column)
        _column(sheet, place, [row[place - 1] for row in rows], column)
    if not rows:
        _write(_at(sheet, HEADER_ROW + 1, 1), "No rows.", colour=_QUIET)
    _top_lines(sheet, len(columns))
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    if rows:
        sheet.auto_filter.ref = f"A{HEADER_ROW}:{_letter(len(columns))}{HEADER_ROW + len(rows)}"
    _print_setup(sheet, HEADER_ROW, note)


def _top_lines(sheet: Worksheet, columns: int) -> None:
    """Let title and notes run over the table's width, as high as they need."""
    from openpyxl.styles import Alignment

    last = max(columns, 1)
    room = sum(sheet.column_dimensions[_letter(i + 1)].width or NARROWEST for i in range(last))
    if room < 60:  # a narrow table: let the lines run on beyond it
        return
    for row in (1, 2, 3):
        lines = math.ceil(
            len(str(_at(sheet, row, 1).value or "")) * (1.4 if row == 1 else 1) / room
        )
        if lines > 1:
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=last)
            _at(sheet, row, 1).alignment = Alignment(wrap_text=True, vertical="top")
            sheet.row_dimensions[row].height = min(15.0 * lines + (4 if row == 1 else 0), 120)


def _column(sheet: Worksheet, place: int, values: Sequence[Value], head: str) -> None:
    from openpyxl.styles import Alignment, Border, Side

    words = max((len(word) for word in head.split()), default=0)
    longest = max((len(cells.text(value)) for value in values), default=0)
    width = min(max(NARROWEST, words + 5, longest * 1.05 + 3), WIDEST)
    sheet.column_dimensions[_letter(place)].width = width
    number_format = _number_format(values)
    line = Border(bottom=Side(style="hair", color=_RULE))
    left = Alignment(vertical="top", horizontal="left", wrap_text=True, indent=1)
    right = Alignment(vertical="top", horizontal="right", indent=1)
    if values and not any(isinstance(value, str) for value in values):
        _at(sheet, HEADER_ROW, place).alignment = Alignment(
            vertical="bottom", horizontal="right", wrap_text=True, indent=1
        )
    for row, value in enumerate(values, HEADER_ROW + 1):
        cell = _at(sheet, row, place)
        _write(cell, value)
        cell.border = line
        cell.alignment = left if isinstance(value, str) else right
        _raise(sheet, row, value, width)
        if isinstance(value, int | float) and not isinstance(value, bool):
            cell.number_format = number_format


def _raise(sheet: Worksheet, row: int, value: Value, width: float) -> None:
    """Make a row high enough for wrapped text: no program does that for a file it only opens.

    A column holds about 1.2 letters per unit of width; less is reckoned, for ragged line ends.
    """
    if not isinstance(value, str):
        return
    lines = sum(max(1, math.ceil(len(part) / (1.1 * width))) for part in value.split("\n"))
    height = min(max(lines * LINE + 2, sheet.row_dimensions[row].height or LINE), TALLEST)
    if lines > 1:
        sheet.row_dimensions[row].height = height


def _number_format(values: Sequence[Value]) -> str:
    floats = [value for value in values if isinstance(value, float)]
    return "0" if all(value == int(value) for value in floats) else "0.000"


def _write(
    cell: Cell, value: Value, *, size: int = 10, bold: bool = False, colour: str = _INK
) -> None:
    from openpyxl.styles import Font

    if isinstance(value, str):
        value = _clean(value)
        cell.value = value if len(value) <= LONGEST else value[: LONGEST - 1] + "\u2026"
        cell.data_type = "s"  # openpyxl would take "=..." for a formula
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value
    cell.font = Font(name=FONT, size=size, bold=bold, color=colour)


def _header(cell: Cell, words: str) -> None:
    from openpyxl.styles import Alignment, Border, PatternFill, Side

    _write(cell, words, bold=True)
    cell.fill = PatternFill("solid", fgColor=_HEAD)
    cell.border = Border(bottom=Side(style="thin", color=_INK))
    cell.alignment = Alignment(vertical="bottom", horizontal="left", wrap_text=True, indent=1)


def _link(cell: Cell, sheet: str, words: str) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    _write(cell, words)
    target = "'" + sheet.replace("'", "''") + "'!A1"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target, display=words)
    cell.font = Font(name=FONT, size=10, color=_LINK, underline="single")
    cell.alignment = Alignment(vertical="top", horizontal="left", indent=int(sheet != CONTENTS))


def _print_setup(sheet: Worksheet, header_row: int, note: str) -> None:
    from openpyxl.worksheet.header_footer import HeaderFooterItem
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    foot = sheet.oddFooter = HeaderFooterItem()
    foot.left.text = _clean(note).replace("&", "&&")[:200]
    foot.right.text = "&A, &P/&N"
    sheet.sheet_view.showGridLines = False


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(max(place, 1))


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def _stored(book: Workbook, title: str) -> bytes:
    """Return the workbook's bytes without a clock reading and without compression."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.created = book.properties.modified = EPOCH
    book.properties.creator, book.properties.title = "study", _clean(title)
    written, stored = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, ZipFile(written, "w")).save()  # `Workbook.save` would read the clock
    with ZipFile(written) as source, ZipFile(stored, "w", ZIP_STORED) as target:
        for name in source.namelist():
            member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o644 << 16
            target.writestr(member, source.read(name))
    return stored.getvalue()
