"""Passages of words as columns of numbers, and how sets of them combine.

Words are numbered through a text, with a gap from one turn to the next that is wider than any
distance that can be asked for: so nothing ever reaches across turns.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from study.patterns.pieces import Integers

GAP = 1_000


class Spans(NamedTuple):
    """Passages, each from a first to a last word and from a character to the one after it.

    What lies between two words has the next word as its first and the one before as its last.
    """

    first: Integers
    last: Integers
    start: Integers
    end: Integers

    def __bool__(self) -> bool:
        return len(self.start) > 0

    def at(self, places: Integers | slice) -> Spans:
        """Return the passages at these places."""
        return Spans(*(column[places] for column in self))


NOTHING = Spans(*(np.zeros(0, dtype=np.int64) for _ in range(4)))


def distinct(found: Spans) -> Spans:
    """Return each passage once, in the order of their places."""
    order = np.lexsort((found.end, found.start))
    found = found.at(order)
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(found.start) != 0) | (np.diff(found.end) != 0)
    return found.at(np.flatnonzero(new))


def either(parts: list[Spans]) -> Spans:
    """Return the passages of all parts."""
    kept = [part for part in parts if part]
    if len(kept) < 2:
        return kept[0] if kept else NOTHING
    return distinct(Spans(*map(np.concatenate, zip(*kept, strict=True))))


def following(parts: list[Spans]) -> Spans:
    """Return passages made of one of each part, without a word between.

    The rarest part is looked at first, for its neighbours decide.
    """
    if not all(parts):
        return NOTHING
    rarest = min(range(len(parts)), key=lambda place: len(parts[place].start))
    found = parts[rarest]
    for part in parts[rarest + 1 :]:
        order = np.argsort(part.first, kind="stable")
        rows, places = _equal(part.first[order], found.last + 1)
        found, part = found.at(rows), part.at(order[places])
        found = _covers(found, part).at(np.flatnonzero(part.start >= found.end))
    for part in reversed(parts[:rarest]):
        order = np.argsort(part.last, kind="stable")
        rows, places = _equal(part.last[order], found.first - 1)
        found, part = found.at(rows), part.at(order[places])
        found = _covers(found, part).at(np.flatnonzero(part.end <= found.start))
    return distinct(found)


def _equal(places: Integers, wanted: Integers) -> tuple[Integers, Integers]:
    """Return all pairs of a wanted number and one of the sorted places that is the same."""
    low = np.searchsorted(places, wanted, side="left")
    return _pairs(low, np.searchsorted(places, wanted, side="right"))


def _pairs(low: Integers, high: Integers) -> tuple[Integers, Integers]:
    """Return all pairs of a row and a number from its low up to below its high."""
    count = np.maximum(high - low, 0)
    rows = np.repeat(np.arange(len(count)), count)
    within = np.arange(len(rows)) - np.repeat(count.cumsum() - count, count)
    return rows, low[rows] + within


def _covers(one: Spans, other: Spans) -> Spans:
    """Return the passage from the first to the last of each pair."""
    return Spans(
        np.minimum(one.first, other.first),
        np.maximum(one.last, other.last),
        np.minimum(one.start, other.start),
        np.maximum(one.end, other.end),
    )


def near(one: Spans, other: Spans, distance: int, *, inside: bool) -> Spans:
    """Return the passages from one to the other of each pair with few words between.

    Parameters
    ----------
    one, other
        Passages; two of them that overlap are no pair, unless they may stand `inside` each other.
    distance
        How many words may stand between.
    inside
        Whether a part may stand among the words that another covers.
    """
    if not one or not other:
        return NOTHING
    few, many = (one, other) if len(one.start) <= len(other.start) else (other, one)
    many = many.at(np.argsort(many.first, kind="stable"))
    longest = int((many.last - many.first).max())
    low = np.searchsorted(many.first, few.first - distance - 1 - longest, side="left")
    high = np.searchsorted(many.first, few.last + distance + 1, side="right")
    rows, places = _pairs(low, high)
    few, many = few.at(rows), many.at(places)
    between = np.maximum(many.first - few.last, few.first - many.last) - 1
    apart = (many.start >= few.end) | (few.start >= many.end)
    kept = np.flatnonzero((between <= distance) & (apart | inside))
    return distinct(_covers(few.at(kept), many.at(kept)))


def without(kept: Spans, taken: Spans, distance: int | None) -> Spans:
    """Return the passages that share nothing with any taken one, or are not so near one.

    Passages that overlap are near each other, too.
    """
    if not kept or not taken:
        return kept
    if distance is None:
        hit = _meeting(kept.start, kept.end, taken.start, taken.end)
    else:
        low, high = taken.first - distance - 1, taken.last + distance + 2
        hit = _meeting(kept.first, kept.last + 1, low, high)
    return kept.at(np.flatnonzero(~hit))


def _meeting(
    start: Integers, end: Integers, taken_start: Integers, taken_end: Integers
) -> NDArray[np.bool_]:
    """Tell which stretches share something with any of the taken ones."""
    order = np.argsort(taken_start, kind="stable")
    reach = np.maximum.accumulate(taken_end[order])
    before = np.searchsorted(taken_start[order], end, side="left")
    met: NDArray[np.bool_] = (before > 0) & (reach[np.maximum(before, 1) - 1] > start)
    return met
