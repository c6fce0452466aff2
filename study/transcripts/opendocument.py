"""OpenDocument texts (.odt).

`content.xml` is read directly: odfpy's own extraction mixes deleted text, comments and footnotes
into the paragraphs and expands entities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from study.transcripts import archive, flow
from study.transcripts.records import Content, Line, guarded
from study.transcripts.word import table_lines

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _STYLE = f"{_OASIS}text:1.0}}", f"{_OASIS}table:1.0}}", f"{_OASIS}style:1.0}}"
_OFFICE, _FO = f"{_OASIS}office:1.0}}", f"{_OASIS}xsl-fo-compatible:1.0}}"
_ASIDE = {f"{_TEXT}note": "footnote", f"{_OFFICE}annotation": "comment"}
_PASSED = {f"{_TEXT}tracked-changes", f"{_OFFICE}annotation-end", f"{_TEXT}sequence-decls", *_ASIDE}

Piece = tuple[str, bool]


def read(path: Path, data: bytes) -> Content:
    """Read an .odt; footnotes, comments and deleted text are reported as dropped."""
    from defusedxml.ElementTree import fromstring

    archive.check(path, data, "content.xml")
    try:
        root = fromstring(archive.part(path, data, "content.xml"), forbid_dtd=True)
        body = root.find(f"{_OFFICE}body/{_OFFICE}text")
        lines = list(_lines(body, _bold_styles(root))) if body is not None else []
        content = flow.read_lines(lines)
        return replace(content, dropped=(*content.dropped, *_asides(root)))
    except Exception as error:  # expat's errors, and too deep a nesting
        raise guarded(path, "an OpenDocument text", error) from error


def _bold_styles(root: Element) -> set[str]:
    bold = set()
    for style in root.iter(f"{_STYLE}style"):
        look = style.find(f"{_STYLE}text-properties")
        if look is not None and look.get(f"{_FO}font-weight") == "bold":
            bold.add(style.get(f"{_STYLE}name", ""))
    return bold


def _lines(parent: Element, bold: set[str]) -> Iterator[Line]:
    gap = False
    for child in parent:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            lines = list(_paragraph(child, bold, gap))
            yield from lines
            gap = not lines
        elif child.tag == f"{_TABLE}table":
            yield from table_lines(_grid(child, bold))
        elif child.tag not in _PASSED:
            yield from _lines(child, bold)


def _grid(table: Element, bold: set[str]) -> list[list[str]]:
    rows = table.iter(f"{_TABLE}table-row")
    return [[_cell(cell, bold) for cell in row.iter(f"{_TABLE}table-cell")] for row in rows]


def _cell(cell: Element, bold: set[str]) -> str:
    return "\n".join(line.text for line in _lines(cell, bold))


def _paragraph(paragraph: Element, bold: set[str], gap: bool) -> Iterator[Line]:
    strong = paragraph.get(f"{_TEXT}style-name", "") in bold
    pieces = [*_pieces(paragraph, bold, strong)]
    whole = "".join(piece for piece, _ in pieces)
    heading = paragraph.tag == f"{_TEXT}h"
    start = len(whole) - len(whole.lstrip())
    length = _bold_length(pieces) - start
    for text in whole.split("\n"):
        if text.strip():
            yield Line(text.strip(), max(0, min(length, len(text.strip()))), heading, gap=gap)
            gap = False
        length -= len(text) + 1


def _pieces(node: Element, bold: set[str], strong: bool) -> Iterator[Piece]:
    yield _spaced(node.text), strong
    for child in node:
        if child.tag == f"{_TEXT}s":
            yield " " * min(1000, _count(child)), strong
        elif child.tag == f"{_TEXT}tab":
            yield "\t", strong
        elif child.tag == f"{_TEXT}line-break":
            yield "\n", strong
        elif child.tag not in _PASSED:
            yield from _pieces(child, bold, strong or child.get(f"{_TEXT}style-name", "") in bold)
        yield _spaced(child.tail), strong


def _spaced(text: str | None) -> str:
    """Return text as it shows: line ends in the file are spaces."""
    return (text or "").replace("\r", " ").replace("\n", " ")


def _count(space: Element) -> int:
    number = space.get(f"{_TEXT}c", "1")
    return int(number) if number.isascii() and number.isdigit() else 1


def _bold_length(pieces: list[Piece]) -> int:
    length = 0
    for piece, strong in pieces:
        if piece.strip() and not strong:
            break
        length += len(piece)
    return length


def _asides(root: Element) -> Iterator[str]:
    for tag, kind in _ASIDE.items():
        for aside in root.iter(tag):
            yield f"{kind}: {' '.join(' '.join(aside.itertext()).split())}"
    for changes in root.iter(f"{_TEXT}tracked-changes"):
        yield f"deleted: {' '.join(' '.join(changes.itertext()).split())}"
