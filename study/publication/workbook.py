"""All tables in one workbook, formatted to be read and printed."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zipfile import ZipFile

from study.files import write_atomic
from study.publication import cells
from study.publication.cells import PublishedTable, Value
from study.publication.sheetrows import KINDS, LINE, TALLEST, Body, clean, filled, lines_of
from study.publication.zipped import stored

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

CONTENTS = "Contents"
EPOCH = dt.datetime(2000, 1, 1)
HEADER_ROW = 5
NARROWEST, WIDEST = 8.0, 60.0
"""Widths of columns in characters."""

CONTENTS_WIDTHS = (30.0, 52.0, 9.0, 62.0)
LEGIBLE = 185.0
"""Widths that a page turned on its side holds in letters of about 6.5 points."""
WRAPPED = 11.0
"""The least width of a column of text that wraps."""

FONT = "Arial"
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
    bodies = {}
    for number, (table, name) in enumerate(zip(tables, names, strict=True), 2):
        if body := _table_sheet(book.create_sheet(name), table, note):
            bodies[f"xl/worksheets/sheet{number}.xml"] = body
    _contents(contents, tables, names, title, note)
    book.properties.subject = clean(note) or None
    path = Path(path)
    write_atomic(path, _stored(book, title, bodies))
    return path


def _sheet_names(wanted: Sequence[str]) -> list[str]:
    """Make names that a spreadsheet accepts: 31 characters, no brackets, all different."""
    names: list[str] = []
    for want in wanted:
        base = clean(re.sub(r"[\[\]:*?/\\\n\r\t]", " ", want)).strip(" '") or "Table"
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
    _print_setup(sheet, 4, note, sum(CONTENTS_WIDTHS))


def _at(sheet: Worksheet, row: int, column: int) -> Cell:
    return cast("Cell", sheet.cell(row, column))


def _table_sheet(sheet: Worksheet, table: PublishedTable, note: str) -> Body | None:
    """Fill a sheet but for its rows, for which model rows stand; return the rows."""
    columns = [cells.heading(column) for column in table.frame.columns]
    rows = cells.rows(table.frame)
    widths = _widths(columns, rows)
    _write(_at(sheet, 1, 1), table.title, size=13, bold=True)
    _write(_at(sheet, 2, 1), table.note, colour=_QUIET)
    _write(_at(sheet, 3, 1), note, colour=_QUIET)
    _link(_at(sheet, 4, 1), CONTENTS, "Contents")
    for place, (column, width) in enumerate(zip(columns, widths, strict=True), 1):
        _header(_at(sheet, HEADER_ROW, place), column)
        sheet.column_dimensions[_letter(place)].width = width
        _models(sheet, place, [row[place - 1] for row in rows])
    if not rows:
        _write(_at(sheet, HEADER_ROW + 1, 1), "No rows.", colour=_QUIET)
    _top_lines(sheet, len(columns))
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    _print_setup(sheet, HEADER_ROW, note, sum(widths))
    if not rows:
        return None
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{_letter(len(columns))}{HEADER_ROW + len(rows)}"
    letters = [_letter(place) for place in range(1, len(columns) + 1)]
    return Body(HEADER_ROW + 1, letters, widths, rows)


def _widths(columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> list[float]:
    """Return widths that show what is in the columns, and fit on a page turned on its side.

    Where they do not, columns of text give way: they wrap, and share the room that is left by
    the square root of their mean length, which keeps rows low.
    """
    widths, least, weights = [], [], []
    for place, head in enumerate(columns):
        lengths = [len(cells.text(row[place])) for row in rows]
        words = max((len(word) for word in head.split()), default=0)
        widths.append(min(max(NARROWEST, words + 5, max(lengths, default=0) * 1.05 + 3), WIDEST))
        wraps = any(isinstance(row[place], str) for row in rows)
        least.append(min(widths[-1], max(words + 4.0, WRAPPED)) if wraps else widths[-1])
        weights.append(math.sqrt(sum(lengths) / max(len(lengths), 1)) if wraps else 0.0)
    return _shared(widths, least, weights)


def _shared(
    widths: Sequence[float], least: Sequence[float], weights: Sequence[float]
) -> list[float]:
    """Bring columns down to their least, and share what room is left by their weights."""
    left = LEGIBLE - sum(least)
    if sum(widths) <= LEGIBLE or left <= 0:
        return list(widths if left > 0 else least)
    given = list(least)
    open_ = {
        place for place, weight in enumerate(weights) if weight and least[place] < widths[place]
    }
    while left > 0.5 and open_:
        unit = left / sum(weights[place] for place in open_)
        for place in sorted(open_):
            given[place] = min(given[place] + unit * weights[place], widths[place])
        open_ = {place for place in open_ if given[place] < widths[place]}
        left = LEGIBLE - sum(given)
    return [round(width, 1) for width in given]


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


def _models(sheet: Worksheet, place: int, values: Sequence[Value]) -> None:
    """Write a model cell for each kind of value, in the order of `sheetrows.KINDS`."""
    from openpyxl.styles import Alignment, Border, Font, Side

    line = Border(bottom=Side(style="hair", color=_RULE))
    left = Alignment(vertical="top", horizontal="left", wrap_text=True, indent=1)
    right = Alignment(vertical="top", horizontal="right", indent=1)
    if not values:
        return
    if not any(isinstance(value, str) for value in values):
        _at(sheet, HEADER_ROW, place).alignment = Alignment(
            vertical="bottom", horizontal="right", wrap_text=True, indent=1
        )
    for row, kind in enumerate(KINDS, HEADER_ROW + 1):
        cell = _at(sheet, row, place)
        cell.font = Font(name=FONT, size=10, color=_INK)
        cell.border, cell.alignment = line, left if kind in ("text", "quoted") else right
        cell.quotePrefix = kind == "quoted"
        if kind == "number":
            cell.number_format = _number_format(values)


def _raise(sheet: Worksheet, row: int, value: Value, width: float) -> None:
    """Make a row high enough for wrapped text."""
    if isinstance(value, str) and (lines := lines_of(value, width)) > 1:
        height = max(lines * LINE + 2, sheet.row_dimensions[row].height or LINE)
        sheet.row_dimensions[row].height = min(height, TALLEST)


def _number_format(values: Sequence[Value]) -> str:
    floats = [value for value in values if isinstance(value, float)]
    return "0" if all(value == int(value) for value in floats) else "0.000"


def _write(
    cell: Cell, value: Value, *, size: int = 10, bold: bool = False, colour: str = _INK
) -> None:
    from openpyxl.styles import Font

    if isinstance(value, str):
        value = clean(value)
        cell.value = value
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


def _print_setup(sheet: Worksheet, header_row: int, note: str, width: float) -> None:
    """Print on pages turned on their side; a table too wide to be read on one goes over several."""
    from openpyxl.worksheet.header_footer import HeaderFooterItem
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = max(1, math.ceil(width / (LEGIBLE * 1.1)))
    sheet.page_setup.fitToHeight = 0
    if sheet.page_setup.fitToWidth > 1:
        sheet.print_title_cols = "A:A"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    foot = sheet.oddFooter = HeaderFooterItem()
    foot.left.text = clean(note).replace("&", "&&")[:200]
    foot.right.text = "&A, &P/&N"
    sheet.sheet_view.showGridLines = False


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(max(place, 1))


def _stored(book: Workbook, title: str, bodies: Mapping[str, Body]) -> bytes:
    """Return the workbook's bytes without a clock reading and without compression."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.created = book.properties.modified = EPOCH
    book.properties.creator, book.properties.title = "study", clean(title)
    written = io.BytesIO()
    ExcelWriter(book, ZipFile(written, "w")).save()  # `Workbook.save` would read the clock
    return stored(filled(written.getvalue(), bodies))
