"""How a program counts characters: found out from what it says of its own selections.

REFI-QDA counts Unicode code points from 0.  Programs that keep texts in UTF-16 count some
characters twice; a Windows line end is one character for some programs and two for others.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Span:
    """A selection as a program wrote it, with the name it gave to it: often the words."""

    start: int
    end: int
    name: str = ""

    @property
    def quoted(self) -> str:
        """The beginning of the words, white space made even; empty where a name is too short."""
        plain = " ".join(self.name.split()).removesuffix("\u2026").removesuffix("...").rstrip()
        return plain if len(plain) > 2 else ""

    @property
    def cut(self) -> bool:
        """Whether the name may be the beginning of the words only."""
        shortened = self.name.rstrip().endswith(("\u2026", "..."))
        return len(self.quoted) > (7 if shortened else 20)


@dataclass(frozen=True, slots=True)
class Counting:
    """One way of counting; all false is the standard's, ends not included."""

    utf16: bool = False
    returns: bool = False
    mark: bool = False
    last: bool = False

    def __str__(self) -> str:
        parts = (
            (self.utf16, "UTF-16 units"),
            (self.returns, "two characters for each line end"),
            (self.mark, "the byte-order mark"),
            (self.last, "up to and with the last character"),
        )
        said = [words for holds, words in parts if holds]
        return ", ".join(said) or "Unicode code points, one for each line end"


class Ruler:
    """A text as received, and where positions of any counting stand in it with LF line ends."""

    def __init__(self, received: str) -> None:
        self.marked = received.startswith("\ufeff")
        raw = received.removeprefix("\ufeff")
        self._returns = _each(raw, "\r\n")
        self.text = raw.replace("\r\n", "\n").replace("\r", "\n")
        self._wide = _wide(self.text)
        self._wide_raw = _wide(raw) if self._returns else self._wide

    def countings(self) -> list[Counting]:
        """Return the ways of counting that differ for this text, the standard's first."""
        options = product(
            (False, True),
            (False, True) if self.marked else (False,),
            (False, True) if self._returns else (False,),
            (False, True) if self._wide else (False,),
        )
        return [Counting(utf16, returns, mark, last) for last, mark, returns, utf16 in options]

    def place(self, position: int, counting: Counting) -> int | None:
        """Return a position in `text`; None where there is no such place between characters."""
        wide = self._wide_raw if counting.returns else self._wide
        found = position - counting.mark
        if counting.utf16:
            before = bisect_left(wide, found)
            if before and wide[before - 1] + 1 == found:
                return None
            found -= before
        if counting.returns:
            found -= bisect_left(self._returns, found)
        return found if 0 <= found <= len(self.text) else None

    def span(self, span: Span, counting: Counting) -> tuple[int, int] | None:
        """Return start and end of a selection in `text`, None where it has no characters."""
        start = self.place(span.start, counting)
        end = self.place(span.end + counting.last, counting)
        return (start, end) if start is not None and end is not None and start < end else None

    def says(self, span: Span, counting: Counting) -> bool:
        """Tell whether the words at a selection are those of its name."""
        found = self.span(span, counting)
        quoted = span.quoted
        if not found or not quoted:
            return False
        words = " ".join(self.text[found[0] : found[1]].split())
        whole = words in (quoted, " ".join(span.name.split()))
        return whole or (span.cut and words.startswith(quoted))


def _each(text: str, part: str) -> list[int]:
    found, here = [], text.find(part)
    while here >= 0:
        found.append(here)
        here = text.find(part, here + len(part))
    return found


def _wide(text: str) -> list[int]:
    """Return where, in UTF-16 units, the characters stand that take two of them."""
    return [found.start() + before for before, found in enumerate(_ASTRAL.finditer(text))]


def detect(ruler: Ruler, spans: Sequence[Span], origin: str) -> tuple[Counting, str]:
    """Find out how the selections of one text were counted.

    The words that programs give as a selection's name decide; without these, which counting keeps
    all selections inside the text; without that, which one begins and ends them at words.

    Returns
    -------
    counting, sentence
        The sentence says what was found, or that nothing told; it is empty where nothing had to be
        decided.
    """
    countings = ruler.countings()
    usual = _usual(countings, origin)
    if not spans:
        return usual, ""
    plain = _differing(ruler, spans, [one for one in countings if not one.last], usual)
    said = _by_words(ruler, spans, countings, usual)
    if said or len(plain) == 1:
        return said or (usual, "")
    return _by_length(ruler, spans, plain, usual) or _by_edges(ruler, spans, plain, usual)


def _usual(countings: Sequence[Counting], origin: str) -> Counting:
    """Return what is assumed where nothing tells: ATLAS.ti counts one character a line end."""
    returns = "ATLAS" not in origin.upper()
    return max(countings, key=lambda one: (not one.last, not one.utf16, one.returns == returns))


def _differing(
    ruler: Ruler, spans: Sequence[Span], countings: Sequence[Counting], usual: Counting
) -> list[Counting]:
    """Return the ways of counting, one of those under which all selections stand alike."""
    found: dict[tuple[object, ...], Counting] = {}
    for counting in sorted(countings, key=lambda one: one != usual):
        found.setdefault(tuple(ruler.span(span, counting) for span in spans), counting)
    return list(found.values())


Found = tuple[Counting, str]


def _by_words(
    ruler: Ruler, spans: Sequence[Span], countings: Sequence[Counting], usual: Counting
) -> Found | None:
    named = [span for span in spans if span.quoted]
    hits = {one: sum(ruler.says(span, one) for span in named) for one in countings}
    best = max(countings, key=lambda one: (hits[one], one == usual))
    if not hits[best]:
        return None
    if best == usual:
        return usual, ""
    return best, f"positions count {best}: {hits[best]} of {len(named)} quotations say so"


def _by_length(
    ruler: Ruler, spans: Sequence[Span], countings: Sequence[Counting], usual: Counting
) -> Found | None:
    outside = {one: sum(ruler.span(span, one) is None for span in spans) for one in countings}
    if not outside[usual]:
        return None
    best = min(countings, key=lambda one: (outside[one], one != usual))
    if best == usual:
        return None
    count = outside[usual]
    return best, f"positions count {best}: otherwise {count} would lie beyond the end of the text"


def _by_edges(
    ruler: Ruler, spans: Sequence[Span], countings: Sequence[Counting], usual: Counting
) -> Found:
    cut = {one: sum(_cuts(ruler, span, one) for span in spans) for one in countings}
    best = min(countings, key=lambda one: (cut[one], one != usual))
    clear = cut[usual] * 2 >= len(spans) and cut[best] * 10 <= len(spans)
    if best != usual and clear:
        said = f"{cut[usual]} of {len(spans)} selections would otherwise begin or end inside a word"
        return best, f"positions count {best}: {said}"
    others = " or ".join(str(one) for one in countings if one != usual)
    doubt = f"nothing in the file tells whether positions count {usual} or {others}"
    rest = [cut[one] for one in countings if one != usual]
    if cut[usual] * 2 < len(spans) and min(rest) > cut[usual]:
        return usual, ""
    return usual, f"{doubt}; the first was taken: look at a few passages"


def _cuts(ruler: Ruler, span: Span, counting: Counting) -> bool:
    """Tell whether a selection begins or ends inside a word, or has no place at all."""
    found = ruler.span(span, counting)
    if found is None:
        return True
    return any(
        0 < place < len(ruler.text)
        and ruler.text[place - 1].isalnum()
        and ruler.text[place].isalnum()
        for place in found
    )
