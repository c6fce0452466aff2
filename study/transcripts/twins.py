"""Transcripts that are the same interview: one text under two names, or a corrected version.

Texts are compared by their words, so format, labels, times and layout play no part.  Each word
sequence is cut into runs of `_RUN` words ("shingles"; Broder 1997, doi:10.1109/SEQUEN.1997.666900)
of which only those whose hash is divisible by `_EVERY` are kept: two texts keep the same ones where
they say the same.  Only texts that share a rare run are compared at all, so the cost grows with
the amount of text and not with the number of pairs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from study.model import Source

_WORD = re.compile(r"[^\W_]+")
_RUN = 4
_EVERY = 32
_ALIKE = 0.5
_COMMON = 20
"""Sources beyond which a run of words is a phrase (a consent text), not a sign of one origin."""

_FEWEST = 3
_SHORT = 2000
"""Words below which every run is kept: a sample of few would be chance."""


@dataclass(frozen=True, slots=True, order=True)
class Twins:
    """Two sources with the same words, and how much they share.

    `share` is the part of the smaller one's runs of four words that the other has too, estimated
    from a sample: 1.0 where the words are the same, above 0.5 for a corrected or shortened version.
    """

    first: str
    second: str
    share: float
    same: bool

    def __str__(self) -> str:
        if self.same:
            return f"{self.first} and {self.second} have the same words"
        return f"{self.first} and {self.second} share {self.share:.0%} of their words"


@dataclass(frozen=True, slots=True)
class _Print:
    """What is kept of a source: name, hash of all words, one in `every` of the runs of words."""

    name: str
    whole: int
    runs: frozenset[int]
    every: int


def duplicates(sources: Iterable[Source]) -> list[Twins]:
    """Return pairs of sources that hold the same interview, the most alike first.

    Parameters
    ----------
    sources
        Transcripts; each is looked at once and may be a generator's.
    """
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__  # a new word gets the next number
    prints = [_printed(source, numbers) for source in sources]
    return sorted({*_same(prints), *_near(prints)}, key=lambda one: (-one.share, one))


def _printed(source: Source, numbers: Mapping[str, int]) -> _Print:
    spoken = [source.quote(turn.selection) for turn in source.turns]
    words = [numbers[word] for word in _WORD.findall(" ".join(spoken).casefold())]
    every = _EVERY if len(words) > _SHORT else 1
    return _Print(source.name, hash(tuple(words)), _runs(words, every), every)


def _runs(words: Sequence[int], every: int) -> frozenset[int]:
    ahead = (words[step:] for step in range(_RUN))
    return frozenset(run for run in map(hash, zip(*ahead, strict=False)) if run % every == 0)


def _same(prints: Sequence[_Print]) -> Iterator[Twins]:
    groups: dict[int, list[str]] = defaultdict(list)
    for one in prints:
        if one.whole != hash(()):  # transcripts without a word have nothing in common
            groups[one.whole].append(one.name)
    for names in groups.values():
        for name in sorted(names)[1:]:  # each with the first: three copies are no three pairs
            yield Twins(min(names), name, 1.0, True)


def _near(prints: Sequence[_Print]) -> Iterator[Twins]:
    """Compare sources that share runs which few others have."""
    having: dict[int, list[int]] = defaultdict(list)
    for index, one in enumerate(prints):
        for run in one.runs:
            having[run].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for indices in having.values():
        if 1 < len(indices) <= _COMMON:
            shared.update(combinations(indices, 2))
    for (i, j), count in shared.items():
        if count >= _FEWEST and prints[i].whole != prints[j].whole:
            yield from _alike(prints[i], prints[j])


def _alike(one: _Print, other: _Print) -> Iterator[Twins]:
    every = max(one.every, other.every)
    here, there = ({run for run in text.runs if run % every == 0} for text in (one, other))
    share = len(here & there) / max(_FEWEST, min(len(here), len(there)))
    if share >= _ALIKE:
        first, second = sorted((one.name, other.name))
        yield Twins(first, second, round(share, 2), False)
