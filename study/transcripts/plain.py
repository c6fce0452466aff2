"""Plain text and Markdown: .txt, .md."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from study.transcripts import encodings, flow, layout
from study.transcripts.records import Content, Line

_STRONG = re.compile(r"(\*\*|__)(?=\S)(?P<bold>.+?)(?<=\S)\1")
_HEADING = re.compile(r"#{1,6}[ \t]")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>~|$&'\"])")
_RULE = re.compile(r"(?:[-*_=]\s*){3,}")


def read_text(path: Path, data: bytes) -> Content:
    """Read plain text; asterisks around a label count as bold, nothing else is Markdown."""
    return _read(path, data, markdown=False)


def read_markdown(path: Path, data: bytes) -> Content:
    """Read Markdown: headings, bold labels, front matter, escaped brackets."""
    return _read(path, data, markdown=True)


def _read(path: Path, data: bytes, markdown: bool) -> Content:
    decoded = encodings.decode(path, data)
    front, text = _front_matter(decoded.text)
    lines, divided = layout.undivided(_wrapped(list(_lines(text, markdown))))
    content = flow.read_lines(lines)
    warnings = tuple(filter(None, (decoded.warning, divided)))
    return replace(
        content,
        notes=(*front, *content.notes),
        encoding=decoded.encoding,
        warnings=(*warnings, *content.warnings),
    )


def _front_matter(text: str) -> tuple[tuple[str, ...], str]:
    """Split off YAML between two lines of three dashes at the top."""
    head, _, rest = text.partition("\n")
    if head.strip() != "---":
        return (), text
    front, mark, body = rest.partition("\n---\n")
    if not mark or len(front) > 10_000 or not re.search(r"(?m)^[\w -]+:", front):
        return (), text
    return ((front.strip(),) if front.strip() else ()), body


def _lines(text: str, markdown: bool) -> Iterator[Line]:
    gap = False
    for raw in text.split("\n"):
        line = raw.strip()
        if not line or _RULE.fullmatch(line):
            gap = True
            continue
        yield _line(line, gap, markdown)
        gap = False


def _line(text: str, gap: bool, markdown: bool) -> Line:
    heading = _HEADING.match(text) if markdown or text.startswith("##") else None
    if heading:
        text = text.strip("#").strip()
    strong = _STRONG.match(text)
    bold = len(strong["bold"]) if strong else 0
    if strong:
        text = strong["bold"] + text[strong.end() :]
    if markdown:
        text = _ESCAPE.sub(r"\1", text)
    return Line(text, bold, heading is not None, gap=gap)


def _wrapped(lines: Sequence[Line]) -> list[Line]:
    """Mark lines that an editor broke at a fixed width as going on with the one above."""
    followed = [one for one, below in pairwise(lines) if not below.gap]
    longest = max((len(line.text) for line in lines), default=0)
    long = sum(len(line.text) > 0.6 * longest for line in followed)
    if longest > 130 or longest < 50 or len(followed) < 3 or long < 0.7 * len(followed):
        return list(lines)
    return [replace(line, wrapped=not line.gap and not line.heading) for line in lines]
