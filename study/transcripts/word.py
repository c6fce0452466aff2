"""Word documents (.docx): Teams, Otter, Word's own Transcribe, and hand-typed ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from study.errors import UnreadableTranscriptError
from study.transcripts import archive, flow, rows
from study.transcripts.records import Content, Line, guarded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_UNSEEN = "del moveFrom pPr rPr txbxContent instrText delText"
_PASSED = {f"{_W}{name}" for name in _UNSEEN.split()} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_BOX = f"{_W}txbxContent"
_BREAKS = {f"{_W}br", f"{_W}cr"}
_HEADING = re.compile(r"(?:heading \d|title|subtitle)", re.IGNORECASE)
_ASIDE = re.compile(r"/word/(?P<kind>header|footer|footnotes|endnotes|comments)\d*\.xml")

Piece = tuple[str, bool]
Styles = dict[str, tuple[bool, bool]]


def read(path: Path, data: bytes) -> Content:
    """Read a .docx; headers, footers, footnotes and comments are reported as dropped."""
    archive.check(path, data, "word/document.xml")
    try:
        return _read(data)
    except UnreadableTranscriptError:
        raise
    except Exception as error:  # python-docx and lxml raise whatever a broken file makes them
        raise guarded(path, "a Word document", error) from error


def _read(data: bytes) -> Content:
    from docx import Document

    document = Document(BytesIO(data))
    styles = _styles(document)
    lines = list(_lines(document.element.body, styles))
    content = flow.read_lines(lines)
    warnings = (*_tracked(document.element.body), *content.warnings)
    return replace(content, warnings=warnings, dropped=(*content.dropped, *_asides(document)))


def _tracked(body: Element) -> tuple[str, ...]:
    count = sum(1 for change in ("ins", "del") for _ in body.iter(f"{_W}{change}"))
    return (f"{count} tracked changes are read as accepted",) if count else ()


def _styles(document: Document) -> Styles:
    """Return whether each style is bold and whether it is a heading, by its id."""
    found: Styles = {}
    for style in document.styles.element.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        title = name.get(f"{_W}val", "") if name is not None else ""
        bold = _is_on(style.find(f"{_W}rPr/{_W}b"))
        found[style.get(f"{_W}styleId", "")] = (bold, _HEADING.match(title) is not None)
    return found


def _lines(parent: Element, styles: Styles) -> Iterator[Line]:
    """Yield the lines of paragraphs and tables in their order."""
    gap = False
    for child in parent:
        if child.tag == f"{_W}p":
            lines = [*_paragraph(child, styles)]
            yield from (replace(line, gap=gap and i == 0) for i, line in enumerate(lines))
            gap = not lines
            for box in _boxes(child):
                yield from _lines(box, styles)
        elif child.tag == f"{_W}tbl":
            yield from _table(child, styles)
        elif child.tag not in _PASSED and isinstance(child.tag, str):
            yield from _lines(child, styles)


def _boxes(node: Element) -> Iterator[Element]:
    """Yield text boxes; the copy of each that is kept for older programs is passed over."""
    for child in node:
        if child.tag == _BOX:
            yield child
        elif child.tag not in _PASSED:
            yield from _boxes(child)


def _paragraph(paragraph: Element, styles: Styles) -> Iterator[Line]:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    bold, heading = styles.get(_value(style), (False, False))
    line: list[Piece] = []
    for piece, strong in [*_pieces(paragraph, styles), ("\n", False)]:
        first, *others = piece.split("\n")
        line.append((first, strong or bold))
        for other in others:
            whole = "".join(text for text, _ in line)
            if whole.strip():
                yield Line(whole.strip(), _bold_length(line), heading)
            line = [(other, strong or bold)]


def _pieces(node: Element, styles: Styles) -> Iterator[Piece]:
    for child in node:
        if child.tag == f"{_W}r":
            yield _run(child), _is_bold(child, styles)
        elif child.tag not in _PASSED and isinstance(child.tag, str):
            yield from _pieces(child, styles)


def _run(run: Element) -> str:
    parts = []
    for child in run:
        if child.tag == f"{_W}t":
            parts.append((child.text or "").replace("\n", " "))
        elif child.tag == f"{_W}tab":
            parts.append("\t")
        elif child.tag in _BREAKS:
            parts.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            parts.append("-")
    return "".join(parts)


def _is_bold(run: Element, styles: Styles) -> bool:
    own = run.find(f"{_W}rPr/{_W}b")
    if own is not None:
        return _is_on(own)
    return styles.get(_value(run.find(f"{_W}rPr/{_W}rStyle")), (False, False))[0]


def _is_on(toggle: Element | None) -> bool:
    return toggle is not None and toggle.get(f"{_W}val", "1") not in ("0", "false", "off")


def _value(element: Element | None) -> str:
    return str(element.get(f"{_W}val", "")) if element is not None else ""


def _bold_length(line: list[Piece]) -> int:
    """Return how many characters of the stripped line are bold from its beginning."""
    text, length = "".join(piece for piece, _ in line), 0
    for piece, bold in line:
        if piece.strip() and not bold:
            break
        length += len(piece)
    return len(text[:length].strip())


def _table(table: Element, styles: Styles) -> Iterator[Line]:
    """Yield the turns of a table with a speaker column, or every row as one line."""
    grid = [[_cell(cell, styles) for cell in row.iter(f"{_W}tc")] for row in table.iter(f"{_W}tr")]
    yield from table_lines(grid)


def table_lines(grid: list[list[str]]) -> Iterator[Line]:
    """Yield lines of a table: with speaker and time if it has such columns."""
    columns = rows.by_header(grid) or rows.by_content(grid)
    if columns is None or "speaker" not in columns.index:
        for row in grid:
            yield from _plain_row([cell for cell in row if cell])
        return
    for row in grid[: max(0, columns.header)]:
        yield from _plain_row([cell for cell in row if cell])
    for turn in rows.turns(grid, columns):
        first, *others = turn.text.split("\n")
        yield Line(first, speaker=turn.speaker, time=turn.start_time)
        yield from (Line(other) for other in others)


def _plain_row(cells: list[str]) -> Iterator[Line]:
    if len(cells) == 2 and len(cells[0]) <= 40 and "\n" not in cells[0] + cells[1]:
        yield Line(f"{cells[0].rstrip(':')}: {cells[1]}")
    else:
        yield from (Line(line) for cell in cells for line in cell.split("\n") if line)


def _cell(cell: Element, styles: Styles) -> str:
    return "\n".join(line.text for line in _lines(cell, styles))


def _asides(document: Document) -> Iterator[str]:
    """Yield what stands outside the text: page headers and footers, footnotes, comments."""
    from docx.oxml.parser import parse_xml

    for part in document.part.package.iter_parts():
        match = _ASIDE.fullmatch(str(part.partname))
        if match is None:
            continue
        for line in _aside_lines(parse_xml(part.blob)):
            yield f"{match['kind']}: {line}"
    deleted = [text.text or "" for text in document.element.body.iter(f"{_W}delText")]
    if any(deleted):
        yield f"deleted: {' '.join(filter(None, deleted))}"


def _aside_lines(root: Element) -> Iterator[str]:
    for paragraph in root.iter(f"{_W}p"):
        yield from (line.text for line in _paragraph(paragraph, {}))
