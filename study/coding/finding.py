"""Finding words in transcripts, whatever their case, accents and quotation marks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from study.actions import PLAIN
from study.model import Source

if TYPE_CHECKING:
    from study.coding.desk import Desk

MOST = 500
AROUND = 60  # characters shown before and after a hit
Folded = tuple[str, tuple[int, ...] | None]


def find(desk: Desk, given: dict[str, Any]) -> dict[str, Any]:
    """Find words in one transcript, or in all: at most 500 places, and whether there are more."""
    names = [given["source"]] if given.get("source") else desk.shelf.names()
    pattern = "\\s+".join(re.escape(word) for word in fold(given["text"])[0].split())
    if given.get("source"):
        desk.source(given["source"])
    found = (desk.shelf.transcript(name) for name in names)
    hits = (
        hit
        for one in found
        if one is not None and pattern
        for hit in _hits(one.source, re.compile(pattern))
    )
    first = list(islice(hits, MOST + 1))
    return {"hits": first[:MOST], "more": len(first) > MOST}


def _hits(source: Source, pattern: re.Pattern[str]) -> Iterator[dict[str, Any]]:
    """Yield the places in somebody's words where a pattern stands."""
    folded, at = fold(source.text)
    turn = iter(source.turns)
    here = next(turn, None)
    for match in pattern.finditer(folded):
        start, end = _place(at, match.start()), _place(at, match.end())
        while here and here.selection.end <= start:
            here = next(turn, None)
        if here and here.selection.start <= start and end <= here.selection.end:
            text, (first, last) = source.text, (here.selection.start, here.selection.end)
            yield {
                "source": source.name,
                "start": start,
                "end": end,
                "line": source.line_of(start),
                "before": text[max(first, start - AROUND) : start],
                "words": text[start:end],
                "after": text[end : min(last, end + AROUND)],
            }


def _place(at: tuple[int, ...] | None, offset: int) -> int:
    return at[offset] if at else offset


@lru_cache(maxsize=1024)
def fold(text: str) -> Folded:
    """Return a text without case and accents, and the offset in it of each character.

    The offsets are None where every character stands for itself.
    """
    if text.isascii():
        return text.lower(), None
    plain = {letter: _plain(letter) for letter in set(text)}
    folded = "".join([plain[letter] for letter in text])
    if all(len(letters) == 1 for letters in plain.values()):
        return folded, None
    at = [place for place, letter in enumerate(text) for _ in plain[letter]]
    return folded, (*at, len(text))


def _plain(letter: str) -> str:
    parts = unicodedata.normalize("NFKD", letter.translate(PLAIN))
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    return bare.casefold()
