"""Builders of small composed documents, so that tests can be read without opening binaries."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

LABEL = "Composed for demonstration, not data"


def docx(path: Path, paragraphs: Sequence[str | Sequence[tuple[str, bool]]]) -> Path:
    """Write a Word document; a paragraph is its text or pieces of text and whether bold."""
    from docx import Document

    document = Document()
    for paragraph in [LABEL, *paragraphs]:
        pieces = [(paragraph, False)] if isinstance(paragraph, str) else paragraph
        added = document.add_paragraph()
        for text, bold in pieces:
            added.add_run(text).bold = bold or None
    document.save(str(path))
    return path


def docx_table(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write a Word document that is one table."""
    from docx import Document

    document = Document()
    document.add_paragraph(LABEL)
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.save(str(path))
    return path


def odt(path: Path, paragraphs: Sequence[str]) -> Path:
    """Write an OpenDocument text; a tab in a paragraph is a tab element."""
    from odf.opendocument import OpenDocumentText
    from odf.teletype import addTextToElement
    from odf.text import P

    document = OpenDocumentText()
    for paragraph in [LABEL, *paragraphs]:
        element = P()
        addTextToElement(element, paragraph)
        document.text.addElement(element)
    document.save(str(path))
    return path


def xlsx(path: Path, rows: Sequence[Sequence[object]], title: str = "Turns") -> Path:
    """Write a workbook of one sheet, the label in its first row."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in [[LABEL], *rows]:
        sheet.append(list(row))
    book.save(path)
    return path


def pdf(path: Path, pages: Sequence[Sequence[tuple[int, int, str]]]) -> Path:
    """Write a PDF by hand: each page is lines of text at x and y (points from below)."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    font = 3 + 2 * len(pages)
    for number, lines in enumerate(pages):
        text = b"".join(
            b"BT /F1 10 Tf %d %d Td (%s) Tj ET\n" % (x, y, _escaped(line)) for x, y, line in lines
        )
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents %d 0 R" % (4 + 2 * number)
        objects.append(page + b"/Resources<</Font<</F1 %d 0 R>>>>>>" % font)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(text), text))
    kids = b" ".join(b"%d 0 R" % (3 + 2 * number) for number in range(len(pages)))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids)
    encoding = b"/Encoding/WinAnsiEncoding"
    objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica" + encoding + b">>")
    path.write_bytes(_assembled(objects))
    return path


def package(parts: dict[str, bytes]) -> bytes:
    """Return a zip of these parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def repacked(data: bytes, part: str, content: bytes) -> bytes:
    """Return a package with one part exchanged."""
    with zipfile.ZipFile(BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    return package({**parts, part: content})


def part(path: Path, name: str) -> bytes:
    """Return one part of a package."""
    with zipfile.ZipFile(path) as packed:
        return packed.read(name)


def _escaped(text: str) -> bytes:
    plain = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return plain.encode("cp1252")


def _assembled(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return out + trailer % (len(objects) + 1, start)
