"""The codebook as a workbook and as a document, for a team to discuss."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from study.exchange.discussed import CELLS, COLUMNS, NOTE, cell, key
from study.files import write_atomic
from study.model import Code, Codebook
from study.refi import codes
from study.refi.xml import legal

_WIDTHS = dict(zip(COLUMNS, (26, 26, 40, 52, 40, 32, 32, 3), strict=True))
"""Of the columns of a sheet, in characters."""

_SHARES = dict(zip(COLUMNS, (2.6, 2.5, 4.4, 6.2, 4.4, 3.1, 3.2, 0.3), strict=True))
"""Of the columns of a page, in centimetres."""

_PAGE, _MARGIN = (29.7, 21.0), 1.5
_INK, _QUIET, _RULE, _HEAD, _BRANCH = "1F2328", "57606A", "C4CAD1", "E6EAEF", "F3F5F7"
_MOMENT = dt.datetime(2000, 1, 1)
"""The only moment a file says it is made at: two exports of one codebook are one file."""


def write_tags(book: Codebook, path: Path) -> None:
    """Write the codebook as Taguette takes it in: tag and description, and what we need besides.

    It begins with a byte-order mark: Taguette guesses the encoding, and guesses wrong without one.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("tag", "description", "label", "colour", "guid"))
    for code in book:
        writer.writerow((code.path, codes.describe(code), code.name, code.colour, code.guid))
    write_atomic(path, "\ufeff" + buffer.getvalue())


def _in_order(book: Codebook) -> list[Code]:
    """Return codes with those below each right under it."""
    rank = {path: number for number, path in enumerate(codes.tree_order([c.path for c in book]))}
    return sorted(book, key=lambda code: rank[code.path])


def write_workbook(book: Codebook, path: Path, title: str) -> None:
    """Write the codebook as an .xlsx: one sheet, one row a code, the keys in a hidden column."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Codebook"
    for row, (text, size) in enumerate(((f"Codebook: {title}", 14), (NOTE, 10)), start=1):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(CELLS))
        _write(sheet.cell(row, 1), text, Font(name="Arial", size=size, bold=row == 1, color=_INK))
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[2].height = 30
    _head(sheet)
    for row, code in enumerate(_in_order(book), start=5):
        _row(sheet, row, code)
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTHS[column]
        sheet.column_dimensions[letter].hidden = column == "key"
    sheet.freeze_panes = "B5"
    sheet.sheet_view.showGridLines = False
    sheet.print_title_rows = "4:4"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    made.properties.title, made.properties.creator = legal(f"Codebook: {title}"), "study"
    made.properties.created = made.properties.modified = _MOMENT
    _save(made, path)


def _write(cell: Any, text: str, font: Any) -> None:
    cell.value, cell.data_type, cell.font = legal(text), "s", font
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))


def _head(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    for number, name in enumerate(COLUMNS.values(), start=1):
        head = sheet.cell(4, number)
        _write(head, name, Font(name="Arial", size=10, bold=True, color=_INK))
        head.fill = PatternFill("solid", fgColor=_HEAD)
        head.border = Border(bottom=Side(style="thin", color=_INK))
        head.alignment = Alignment(vertical="bottom", indent=1)


def _row(sheet: Any, row: int, code: Code) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    depth = code.path.count(".")
    longest = 1
    for number, column in enumerate(COLUMNS, start=1):
        here = sheet.cell(row, number)
        text = key(code) if column == "key" else cell(code, column)
        quiet = _QUIET if column in ("path", "key") else _INK
        bold = column == "code" and not depth
        _write(here, text, Font(name="Arial", size=10, bold=bold, color=quiet))
        indent = 1 + 2 * depth if column == "code" else 1
        here.alignment = Alignment(wrap_text=column != "key", vertical="top", indent=indent)
        here.border = Border(bottom=Side(style="hair", color=_RULE))
        if not depth:
            here.fill = PatternFill("solid", fgColor=_BRANCH)
        if column != "key":
            lines = sum(1 + len(part) // _WIDTHS[column] for part in text.split("\n"))
            longest = max(longest, lines)
    if code.colour:
        side = Side(style="thick", color=code.colour[1:].upper())
        sheet.cell(row, 1).border = Border(left=side, bottom=Side(style="hair", color=_RULE))
    sheet.row_dimensions[row].height = min(409.0, 13.0 * longest + 4)


def _save(made: Any, path: Path) -> None:
    """Write a workbook without reading the clock."""
    from openpyxl.writer.excel import ExcelWriter

    held = io.BytesIO()
    ExcelWriter(made, zipfile.ZipFile(held, "w")).save()
    write_atomic(path, _still(held.getvalue()))


def _still(data: bytes, kept: Callable[[str, bytes], bytes] = lambda _, part: part) -> bytes:
    """Return a package with all its parts dated to the same moment, and stored."""
    still = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(data))
    with source, zipfile.ZipFile(still, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16
            target.writestr(info, kept(name, source.read(name)))
    return still.getvalue()


def write_document(book: Codebook, path: Path, title: str) -> None:
    """Write the codebook as a .docx: one table, its head on every page, the keys small and grey."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    made = Document()
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(_PAGE[0]), Cm(_PAGE[1])
    section.left_margin = section.right_margin = Cm(_MARGIN)
    section.top_margin = section.bottom_margin = Cm(_MARGIN)
    style = made.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(8.5)
    style.paragraph_format.space_after = Pt(0)
    made.add_heading(legal(f"Codebook: {title}"), 1)
    made.add_paragraph(NOTE).paragraph_format.space_after = Pt(6)
    table = made.add_table(rows=1, cols=len(COLUMNS))
    table.autofit = False
    for one, name in zip(table.rows[0].cells, COLUMNS.values(), strict=True):
        quiet = name == COLUMNS["key"]
        _say(one, name, bold=True, fill=_HEAD, size=1.5 if quiet else 8.5)
    _repeat(table.rows[0])
    for code in _in_order(book):
        _line(table, code)
    _widths(table)
    properties = made.core_properties
    properties.title, properties.author = legal(f"Codebook: {title}")[:255], "study"
    properties.created = properties.modified = _MOMENT
    held = io.BytesIO()
    made.save(held)
    write_atomic(path, _still(held.getvalue()))


def _line(table: Any, code: Code) -> None:
    from docx.shared import Cm

    depth = code.path.count(".")
    row = table.add_row()
    fill = "" if depth else _BRANCH
    for one, column in zip(row.cells, COLUMNS, strict=True):
        if column == "key":
            _say(one, key(code), colour="B6BDC5", size=1.5, fill=fill)
        else:
            quiet = _QUIET if column == "path" else _INK
            size = 7.0 if column == "path" else 8.5
            _say(one, cell(code, column), bold=column == "code" and not depth, colour=quiet,
                 fill=fill, size=size)  # fmt: skip
    for paragraph in row.cells[0].paragraphs:
        paragraph.paragraph_format.left_indent = Cm(0.3 * depth)
    if code.colour:
        _edge(row.cells[0], code.colour[1:].upper())


def _say(
    one: Any, text: str, *, bold: bool = False, colour: str = _INK, fill: str = "", size: float
) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for number, part in enumerate(legal(text).split("\n")):
        paragraph = one.paragraphs[0] if not number else one.add_paragraph()
        run = paragraph.add_run(part)
        run.bold, run.font.size, run.font.color.rgb = bold, Pt(size), RGBColor.from_string(colour)
    if fill:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
            shade.set(qn(f"w:{name}"), value)
        one._tc.get_or_add_tcPr().append(shade)
    _border(one, "bottom", "4", _RULE)


def _border(one: Any, side: str, size: str, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = one._tc.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        shade = properties.find(qn("w:shd"))
        if shade is None:
            properties.append(borders)
        else:
            shade.addprevious(borders)
    edge = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", colour)):
        edge.set(qn(f"w:{name}"), value)
    # The schema wants the left edge before the lower one.
    borders.insert(0, edge) if side == "left" else borders.append(edge)


def _edge(one: Any, colour: str) -> None:
    _border(one, "left", "24", colour)


def _repeat(row: Any) -> None:
    """Show a row at the top of every page."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _widths(table: Any) -> None:
    from docx.shared import Cm

    for part in (table.columns, *(row.cells for row in table.rows)):
        for one, share in zip(part, _SHARES.values(), strict=True):
            one.width = Cm(share)
