"""Passages of several coders on texts of known length, as intervals on one long line.

Every code of every text has a stretch of the line of its own, so that one sort and one cumulative
sum serve all of them at once; nothing is as long as the texts, only as long as the codings.
Passages of one coder, code and text that overlap are one; those that only touch stay two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from study.errors import NotPossibleError
from study.model import Project, Selection
from study.reliability.coefficients import Floats
from study.reliability.decisions import EXCLUDED
from study.reliability.patterns import Patterns, count_patterns

if TYPE_CHECKING:
    import pandas as pd

Integers = NDArray[np.int64]


class Passages(NamedTuple):
    """One coder's passages on the line, sorted and disjoint."""

    start: Integers
    end: Integers

    @property
    def length(self) -> Integers:
        """Number of characters of each passage."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Texts:
    """What coders marked in which texts.

    `codings` has the columns source, start, end, code, coder (code points, half-open), and
    created where drift over time is asked for; `lengths` is the number of characters of every
    text; `assigned` names the texts that each coder has worked on: a text without a passage tells
    something only there.  `heard` is where participants speak, (start, end) after (start, end), in
    each text; the whole text where it is not given.
    """

    codings: pd.DataFrame
    lengths: Mapping[str, int]
    assigned: Mapping[str, Collection[str]]
    heard: Mapping[str, Sequence[tuple[int, int]]] | None = None

    @classmethod
    def of(cls, project: Project) -> Texts:
        """Take the texts, codings, assignments and heard turns of a loaded study."""
        import pandas as pd

        rows = [
            (*_place(made.selection), made.code, made.coder, made.created)
            for made in project.codings
        ]
        columns = ["source", "start", "end", "code", "coder", "created"]
        lengths = {source.name: len(source.text) for source in project.sources}
        heard = {
            source.name: [(turn.selection.start, turn.selection.end) for turn in source.heard]
            for source in project.sources
        }
        return cls(pd.DataFrame(rows, columns=columns), lengths, project.assigned, heard)

    def spoken(self) -> Texts:
        """Return what is heard as if nothing stood between: no questions, labels or blank lines.

        Of a passage that part stays which is heard; one of which nothing is heard is left out.
        """
        if self.heard is None:
            return self
        names = tuple(self.lengths)
        sizes = np.array([self.lengths[name] for name in names], dtype=np.int64)
        source, *edges = _checked(self.codings, names, sizes)
        for number in np.unique(source):
            rows, parts = source == number, self.heard[names[number]]
            for edge in edges:
                edge[rows] = _heard_before(parts, edge[rows])
        made = self.codings.assign(start=edges[0], end=edges[1])
        lengths = {name: sum(end - start for start, end in self.heard[name]) for name in names}
        return replace(self, codings=made[edges[0] < edges[1]], lengths=lengths, heard=None)

    def people(self, coders: Collection[str] | None = None) -> tuple[str, ...]:
        """Return the coders to compare: those asked for, or all that are people."""
        known = set(self.assigned) | set(self.codings["coder"])
        if coders is None:
            return tuple(sorted(known - set(EXCLUDED)))
        if unknown := sorted(set(coders) - known):
            there = ", ".join(sorted(known)) or "none"
            raise NotPossibleError(f"no coder {', '.join(unknown)}; there are: {there}")
        return tuple(coders)


def _heard_before(parts: Sequence[tuple[int, int]], places: Integers) -> Integers:
    """Count the characters that are heard before each place of a text."""
    start, end = np.array([(0, 0), *parts], dtype=np.int64).T
    before = np.concatenate([[0], (end - start).cumsum()])
    part = np.searchsorted(start, places, side="right") - 1
    inside = np.minimum(places - start[part], (end - start)[part])
    return np.asarray(before[part] + inside, dtype=np.int64)


def _place(selection: Selection) -> tuple[str, int, int]:
    return selection.source, selection.start, selection.end


@dataclass(frozen=True)
class Line:
    """All passages on one line.

    `groups` = sources x codes stretches of `stride` places each; `size` is the length of each
    source's text, `present` (sources, coders) who worked on it.
    """

    codes: tuple[str, ...]
    coders: tuple[str, ...]
    sources: tuple[str, ...]
    size: Integers
    present: NDArray[np.bool_]
    passages: tuple[Passages, ...]

    @property
    def stride(self) -> int:
        """Places between the beginnings of two stretches, more than any text is long."""
        return int(self.size.max(initial=0)) + 1

    @property
    def shape(self) -> tuple[int, int]:
        """Sources and codes."""
        return len(self.sources), len(self.codes)

    @cached_property
    def begins(self) -> Integers:
        """Where each stretch begins (groups,), source by source."""
        return np.arange(len(self.sources) * len(self.codes), dtype=np.int64) * self.stride

    def worked(self, coder: int) -> NDArray[np.bool_]:
        """Return the stretches (groups,) that a coder worked on."""
        return np.repeat(self.present[:, coder], len(self.codes))

    def add_up(self, place: Integers, values: NDArray[Any]) -> Floats:
        """Sum values at places of the line, by source and code: (sources, codes)."""
        count = self.shape[0] * self.shape[1]
        found = np.bincount(place // self.stride, weights=values, minlength=count)
        return found.reshape(self.shape).astype(float)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs of coders."""
        return combinations(range(len(self.coders)), 2)

    def others(self) -> Integers:
        """Return, for each source, how many coders each coder can be compared with."""
        return np.asarray(np.maximum(self.present.sum(axis=1) - 1, 0), dtype=np.int64)

    def by_text(self, coder: int) -> tuple[Passages, Integers]:
        """Return a coder's passages on a line of texts, one stretch for all codes, and codes."""
        made, codes = self.passages[coder], max(len(self.codes), 1)
        group = made.start // self.stride
        back = (group - group // codes) * self.stride
        order = np.argsort(made.start - back, kind="stable")
        return Passages((made.start - back)[order], (made.end - back)[order]), (group % codes)[
            order
        ]

    def any_code(self) -> Line:
        """Return the same passages as those of one code: marked with anything or not."""
        size = len(self.codes)

        def moved(found: Passages) -> Passages:
            group, stride = found.start // self.stride, self.stride
            back = (group - group // max(size, 1)) * stride
            return _merge(found.start - back, found.end - back)

        return replace(self, codes=("",), passages=tuple(moved(each) for each in self.passages))


def line(
    texts: Texts, codes: Sequence[str] | None = None, coders: Collection[str] | None = None
) -> Line:
    """Lay all passages on one line.

    Raises
    ------
    NotPossibleError
        A coder was asked for whom there is not.
    ValueError
        A passage that is empty, lies outside its text, or in a text of unknown length.
    """
    names, made = texts.people(coders), texts.codings
    labels = tuple(dict.fromkeys(made["code"] if codes is None else codes))
    sources = tuple(texts.lengths)
    size = np.array([texts.lengths[name] for name in sources], dtype=np.int64)
    source, start, end = _checked(made, sources, size)
    code, coder = _places(made["code"], labels), _places(made["coder"], names)
    present = np.array([[s in texts.assigned.get(c, ()) for c in names] for s in sources], bool)
    present = present.reshape(len(sources), len(names))
    known = coder >= 0
    present[source[known], coder[known]] = True
    offset = (source * len(labels) + code) * (int(size.max(initial=0)) + 1)
    rows = [(coder == number) & (code >= 0) for number in range(len(names))]
    passages = tuple(_merge((start + offset)[row], (end + offset)[row]) for row in rows)
    return Line(labels, names, sources, size, present, passages)


def characters(found: Line) -> Patterns:
    """Take every character as a unit: which coders marked it, as patterns with their lengths."""
    begins, texts = found.begins, np.repeat(found.size, found.shape[1])
    bounds = [begins, begins + texts]
    points = np.unique(np.concatenate([*bounds, *(p for each in found.passages for p in each)]))
    at, stop = points[:-1], points[1:]
    group = at // found.stride
    inside = at - begins[group] < texts[group] if len(begins) else np.zeros(0, dtype=bool)
    states = np.stack([_state(found, coder, at) for coder in range(len(found.coders))], axis=-1)
    kept = states[inside] if len(found.coders) else np.zeros((int(inside.sum()), 0), np.int64)
    patterns, times = count_patterns(kept, group[inside], found.shape, (stop - at)[inside])
    marks = (patterns[..., np.newaxis] == np.array([1, 2])).astype(float)
    made = [found.add_up(each.start, np.ones(len(each.start))) for each in found.passages]
    passages = np.stack([np.zeros(found.shape), *made], axis=-1)[..., 1:]
    return Patterns(found.codes, found.coders, marks, times, passages)


class Meetings(NamedTuple):
    """Which passages of one coder share characters with which of another, and how many."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    shared: Integers


def meetings(first: Passages, second: Passages) -> Meetings:
    """Return every two passages, one a coder, that share at least one character."""
    low = np.searchsorted(second.end, first.start, side="right")
    high = np.searchsorted(second.start, first.end, side="left")
    count = np.maximum(high - low, 0)  # negative only where passages of one coder overlap
    one = np.repeat(np.arange(len(count)), count)
    other = np.repeat(low - count.cumsum() + count, count) + np.arange(count.sum())
    begun = np.maximum(first.start[one], second.start[other])
    return Meetings(one, other, np.minimum(first.end[one], second.end[other]) - begun)


def gaps(found: Line, coder: int) -> Passages:
    """Return the stretches between a coder's passages, in texts that the coder worked on."""
    worked = found.worked(coder)
    begins = found.begins[worked]
    ends = begins + np.repeat(found.size, found.shape[1])[worked]
    made = found.passages[coder]
    start = np.sort(np.concatenate([begins, made.end]))
    return Passages(start, np.sort(np.concatenate([ends, made.start])))


def _state(found: Line, coder: int, at: Integers) -> Integers:
    """Return for each place 0 (text not worked on), 1 (not marked) or 2 (marked)."""
    made = found.passages[coder]
    opened = np.searchsorted(made.start, at, side="right")
    marked = opened > np.searchsorted(made.end, at, side="right")
    return np.where(found.worked(coder)[at // found.stride], 1 + marked, 0).astype(np.int64)


def _merge(start: Integers, end: Integers) -> Passages:
    """Sort passages and merge those that overlap."""
    if not len(start):
        return Passages(start, end)
    order = np.lexsort((end, start))
    start, furthest = start[order], np.maximum.accumulate(end[order])
    new = np.concatenate([[True], start[1:] >= furthest[:-1]])
    last = np.concatenate([new[1:], [True]])
    return Passages(start[new], furthest[last])


def _checked(
    made: pd.DataFrame, sources: tuple[str, ...], size: Integers
) -> tuple[Integers, Integers, Integers]:
    """Return source, start and end of every passage; ValueError where they make no sense."""
    source = _places(made["source"], sources)
    start, end = (made[name].to_numpy(dtype=np.int64, copy=True) for name in ("start", "end"))
    if (source < 0).any():
        raise ValueError("codings: a passage in a text whose length is not known")
    if (start < 0).any() or (start >= end).any() or (end > size[source]).any():
        raise ValueError("codings: a passage that is empty or lies outside its text")
    return source, start, end


def _places(column: pd.Series[str], labels: Sequence[str]) -> Integers:
    """Return where each row's label stands among `labels`, -1 where it is none of them."""
    import pandas as pd

    return np.asarray(pd.Index(list(labels), dtype=object).get_indexer(pd.Index(column)), np.int64)
