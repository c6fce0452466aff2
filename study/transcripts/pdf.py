"""PDFs with a text layer: lines put together to paragraphs, what belongs to the page left out."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from study.errors import UnreadableTranscriptError
from study.transcripts import flow, layout
from study.transcripts.records import Content, Line, guarded

if TYPE_CHECKING:
    from pdfplumber.page import Page

_MARGIN = 0.12
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:page|seite|p\.?|pg\.?)?\s*\d{1,4}(?:\s*(?:/|of|von|de)\s*\d{1,4})?[\W_]*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?P<number>\d{1,5})(?:\s+(?P<rest>.*)|$)")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]+")
_MOST_PAGES = 3000


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed line: its place in points from the page's upper left corner."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    height: float
    """Height of the page."""

    @property
    def at_edge(self) -> bool:
        """Whether the line stands where running headers, footers and page numbers do."""
        return self.bottom < _MARGIN * self.height or self.top > (1 - _MARGIN) * self.height


def read(path: Path, data: bytes) -> Content:
    """Read a PDF's text layer; page headers, footers and numbers are reported as dropped."""
    printed = _open(path, data)
    if not any(line.text for line in printed):
        remedy = "It is a scan: run text recognition (OCR) on it, or ask for a .docx."
        raise UnreadableTranscriptError(path, "has no text layer", remedy)
    body, dropped = _without_furniture(printed)
    body, numbers, fresh = _without_numbers(body)
    lines, divided = layout.undivided(_paragraphs(body, fresh))
    content = flow.read_lines(lines)
    warnings = (divided, *content.warnings) if divided else content.warnings
    return replace(content, warnings=warnings, dropped=(*dropped, *numbers, *content.dropped))


def _open(path: Path, data: bytes) -> list[Printed]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(BytesIO(data)) as document:
            pages = document.pages[:_MOST_PAGES]
            return [line for number, page in enumerate(pages) for line in _page(number, page)]
    except Exception as error:  # pdfminer raises whatever a broken file makes it
        if any(isinstance(one, PDFPasswordIncorrect) for one in (error, *error.args)):
            remedy = "Open it with its password and print it to a new PDF."
            reason = "is protected by a password"
            raise UnreadableTranscriptError(path, reason, remedy) from error
        raise guarded(path, "a PDF", error) from error


def _page(number: int, page: Page) -> list[Printed]:
    """Return a page's lines; text outside the visible page is left out."""
    height = float(page.height)
    found = page.extract_text_lines(return_chars=False, strip=True)
    lines = [_printed(one, number, height) for one in found]
    page.close()
    return [line for line in lines if line.text and -1 <= line.top < height + 1]


def _printed(line: dict[str, Any], page: int, height: float) -> Printed:
    left, right, top, bottom = (float(line[edge]) for edge in ("x0", "x1", "top", "bottom"))
    return Printed(_visible(str(line["text"])), page, left, right, top, bottom, height)


def _visible(text: str) -> str:
    """Return a line without invisible signs; where they alone divide words, with spaces."""
    plain = _INVISIBLE.sub(" ", text) if " " not in text else _INVISIBLE.sub("", text)
    return " ".join(plain.split())


def _without_furniture(lines: Sequence[Printed]) -> tuple[list[Printed], tuple[str, ...]]:
    """Leave out page numbers, and lines that recur at the edge of most pages."""
    pages = {line.page for line in lines}
    counts = Counter((line.page, _mask(line)) for line in lines if line.at_edge)
    seen = Counter(mask for _, mask in counts)
    kept: list[Printed] = []
    dropped: list[Printed] = []
    for line in lines:
        recurs = len(pages) > 1 and seen[_mask(line)] >= max(2, 0.5 * len(pages))
        number = _PAGE_NUMBER.fullmatch(line.text) is not None
        (dropped if line.at_edge and (recurs or number) else kept).append(line)
    return kept, tuple(line.text for line in dropped)


def _mask(line: Printed) -> str:
    """Return what a running header keeps from page to page: its words and its height."""
    words = re.sub(r"\d+", "#", line.text)
    return f"{words}@{round(line.top / 6)}"


def _without_numbers(
    lines: Sequence[Printed],
) -> tuple[list[Printed], tuple[str, ...], set[int]]:
    """Take off paragraph numbers as MAXQDA prints them; return also which lines had one."""
    numbers: dict[int, str] = {}
    expected = 1
    for index, line in enumerate(lines):
        match = _NUMBERED.match(line.text)
        if match and expected - 1 <= int(match["number"]) <= expected and int(match["number"]):
            numbers[index] = match["rest"] or ""
            expected = int(match["number"]) + 1
    if len(numbers) < 5 or len(numbers) < 0.1 * len(lines):
        return list(lines), (), set()
    kept: list[Printed] = []
    fresh: set[int] = set()
    dropped: list[str] = []
    for index, line in enumerate(lines):
        text = numbers.get(index, line.text)
        if index in numbers and line.at_edge and _PAGE_NUMBER.fullmatch(text):
            dropped.append(text)
        elif text:
            fresh |= {len(kept)} if index in numbers else set()
            kept.append(replace(line, text=text))
    return kept, (*dropped, f"{len(numbers)} paragraph numbers in the margin"), fresh


def _paragraphs(lines: Sequence[Printed], fresh: set[int]) -> list[Line]:
    """Mark each line as beginning a paragraph or going on with the one above."""
    usual = _usual_gap(lines)
    edge = max((line.right for line in lines), default=0.0)
    result = []
    for index, line in enumerate(lines):
        above = lines[index - 1] if index else None
        begins = above is None or (index in fresh if fresh else _begins(line, above, usual, edge))
        gap = above is not None and above.page == line.page and line.top - above.top > 1.4 * usual
        result.append(Line(line.text, wrapped=not begins, gap=gap))
    return result


def _begins(line: Printed, above: Printed, usual: float, edge: float) -> bool:
    """Tell whether a line begins a paragraph: by the gap, the indent or the short line above."""
    short = above.right < above.left + 0.75 * (edge - above.left)
    ended = above.text.endswith((".", "?", "!", "\u2026", '"', "\u201d", ")", "]", ":"))
    if above.page != line.page:
        return ended and short
    apart = line.top - above.top > 1.4 * usual
    return apart or (short and (ended or line.text[:1].isupper())) or line.left > above.left + 8


def _usual_gap(lines: Sequence[Printed]) -> float:
    pairs = pairwise(lines)
    gaps = [below.top - above.top for above, below in pairs if above.page == below.page]
    return median(gaps) if gaps else 0.0
