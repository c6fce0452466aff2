"""Turns in which the sought words have been found: the columns that patterns are worked out on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from study.patterns.pieces import Characters, Integers, cut, encoded
from study.patterns.spans import GAP, NOTHING, Spans
from study.patterns.vocabulary import Vocabulary
from study.patterns.words import WORD

LARGE, SMALL = 4_000_000, 400_000
"""Characters worked on at a time: by patterns, and by what finds words.

The first spreads what each pattern costs, the second stays in the processor's cache.
"""


class Found(NamedTuple):
    """Sought words in some turns, in their order, and how many words stand before each turn."""

    place: Integers
    start: Integers
    end: Integers
    sought: Integers
    words_at: Integers
    words: int


def portions(ends: Integers, size: int) -> Iterator[slice]:
    """Yield turns of about this many characters together, given how many end with each turn."""
    first = 0
    while first < len(ends):
        before = ends[first - 1] if first else 0
        last = int(np.searchsorted(ends, before + size)) + 1
        yield slice(first, last)
        first = last


def ends_of(turns: Sequence[str]) -> Integers:
    """Return how many characters end with each turn, a line end after each counted too."""
    return np.array(list(map(len, turns)), dtype=np.int64).cumsum() + np.arange(1, len(turns) + 1)


class Block:
    """Some turns as a text, and where in it the sought words stand.

    `turns_at` are the code points at which the turns begin.

    Parameters
    ----------
    turns
        Some turns.
    vocabulary
        What knows the sought words.
    first
        The number of the first of these turns among all.
    """

    def __init__(self, turns: Sequence[str], vocabulary: Vocabulary, first: int = 0) -> None:
        self.turns, self.first = turns, first
        ends = ends_of(turns)
        self.turns_at = np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1]])
        parts: list[Found] = []
        words = 0
        for some in portions(ends, SMALL):
            parts.append(_found(turns[some], self.turns_at[some], vocabulary, some.start, words))
            words = parts[-1].words
        place, start, end, sought, self._words_at = (
            np.concatenate([part[column] for part in parts]) for column in range(5)
        )
        few = vocabulary.size <= np.iinfo(np.int16).max  # small numbers are sorted in one go
        order = np.argsort(sought.astype(np.int16 if few else np.int64), kind="stable")
        self._bounds = np.searchsorted(sought[order], np.arange(vocabulary.size + 1)).tolist()
        place = place[order]
        self._found = Spans(place, place, start[order], end[order])

    def words(self, sought: int) -> Spans:
        """Return where a sought word stands."""
        low, high = self._bounds[sought], self._bounds[sought + 1]
        return self._found.at(slice(low, high)) if low < high else NOTHING

    def turn_of(self, places: Integers) -> Integers:
        """Return the numbers of the turns in which these code points are."""
        return np.searchsorted(self.turns_at, places, side="right") - 1

    def turns_with(self, sought: Sequence[int]) -> list[int]:
        """Return the turns that hold each of some sought words; all turns where none is sought."""
        found = set(range(len(self.turns))) if not sought else None
        for one in sought:
            turns = self.turn_of(self.words(one).start)
            here = set(turns[np.flatnonzero(np.diff(turns, prepend=-1))].tolist())
            found = here if found is None else found & here
            if not found:
                break
        return sorted(found or ())

    def numbered(self, turn: int, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the first and the last word of each passage of a turn."""
        spans = [match.span() for match in WORD.finditer(self.turns[turn])]
        starts, ends = [start for start, _ in spans], [end for _, end in spans]
        first = int(self._words_at[turn])
        return [
            (first + bisect_right(ends, start), first + bisect_left(starts, end) - 1)
            for start, end in places
        ]


def _found(
    turns: Sequence[str], turns_at: Integers, vocabulary: Vocabulary, first: int, words: int
) -> Found:
    """Find the sought words in some turns.

    `turns_at` says where they begin in all the text, `first` is the number of the first of them,
    and `words` how many words stand before it.
    """
    offset = turns_at[:1]
    turns_at = turns_at - offset
    data = encoded("\n".join(turns))
    characters = Characters(data)
    pieces = cut(data)
    kind = vocabulary.kinds_of(pieces)
    kinds = vocabulary.kinds
    special = np.flatnonzero(kind)
    kind = kind[special]
    # Nearly every piece is one word: only the others have to be counted.
    extra = np.concatenate([np.zeros(1, dtype=np.int64), (kinds.words[kind] - 1).cumsum()])
    count = kinds.marked[kind]
    row = np.repeat(np.arange(len(special)), count)
    within = np.arange(len(row)) - np.repeat(count.cumsum() - count, count)
    word, start, length, sought = kinds.marks[:, kinds.first[kind[row]] + within]
    start = characters.of(pieces.start[special[row]] + start)
    turn = np.searchsorted(turns_at, start, side="right") - 1 + first
    before = np.searchsorted(pieces.start, characters.bytes_of(turns_at))
    words_at = words + before + extra[np.searchsorted(special, before)]
    return Found(
        place=words + special[row] + extra[row] + word + GAP * turn,
        start=start + offset,
        end=start + length + offset,
        sought=sought,
        words_at=words_at + GAP * np.arange(first, first + len(turns)),
        words=words + len(pieces.start) + int(extra[-1]),
    )
