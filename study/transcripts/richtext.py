"""Rich text (.rtf), in the code page that its header names."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from study.transcripts import flow
from study.transcripts.records import Content, Line, guarded
from study.transcripts.word import table_lines

_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")


def read(path: Path, data: bytes) -> Content:
    """Read an .rtf; its look (bold, headings) is not used."""
    codec = _codec(data)
    try:
        text = _text(data.decode(codec, "replace"), codec)
        return replace(flow.read_lines(_lines(text)), encoding=codec)
    except Exception as error:  # striprtf raises whatever a broken control word makes it
        raise guarded(path, "an RTF document", error) from error


def _text(source: str, codec: str) -> str:
    from striprtf import striprtf

    strip: Callable[..., str] = striprtf.rtf_to_text
    return strip(source, encoding=codec, errors="replace")


def _codec(data: bytes) -> str:
    match = _CODE_PAGE.search(data[:4096])
    if match is None:
        return "mac-roman" if b"\\mac" in data[:256] else "cp1252"
    page = int(match[1])
    name = {65001: "utf-8", 10000: "mac-roman"}.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def _lines(text: str) -> Iterator[Line]:
    """Yield lines; striprtf writes the rows of a table with a bar after every cell."""
    table: list[list[str]] = []
    gap = False
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = raw.strip().replace("\x00", "")
        if line.endswith("|") and line.count("|") >= 2:
            table.append([cell.strip() for cell in line[:-1].split("|")])
            continue
        yield from table_lines(table)
        table = []
        if line:
            yield Line(line, gap=gap)
        gap = not line
    yield from table_lines(table)
