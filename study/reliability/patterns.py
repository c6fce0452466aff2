"""Decisions collapsed to distinct patterns and how often each occurs: by transcript and code.

A pattern is what every coder decided about one unit.  There are few, whatever the number of units:
with two coders nine at most.  So every coefficient is computed on a handful of rows, whether the
units are turns, ratings or the characters of a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from study.reliability.bootstrap import weights
from study.reliability.coefficients import Floats
from study.reliability.decisions import Decisions
from study.reliability.measures import Measure


class Tally(NamedTuple):
    """Per code (codes,): the units that two or more coders judged, and decisions on those.

    `found` counts the units to which anybody applied the code (characters: the passages of the
    coder who marked most), `sources` the transcripts (or whatever is resampled) with any.
    """

    units: Floats
    coders: NDArray[np.int64]
    decisions: Floats
    applied: Floats
    found: Floats
    sources: NDArray[np.int64]

    @property
    def prevalence(self) -> Floats:
        """Share of the decisions that are not the first category; nan where there are none."""
        return self.applied / np.where(self.decisions > 0, self.decisions, np.nan)


@dataclass(frozen=True, slots=True)
class Patterns:
    """What coders decided.

    `marks` is (patterns, coders, categories), `times` (sources, codes, patterns) how many units
    of a source show each pattern for a code.  Sources are what is resampled.  `passages`
    (sources, codes, coders) is there where units are characters: they are many, passages few.
    """

    codes: tuple[str, ...]
    coders: tuple[str, ...]
    marks: Floats
    times: Floats
    passages: Floats | None = None

    @property
    def things(self) -> int:
        """Return how many things there are to resample."""
        return len(self.times)

    @property
    def what(self) -> str:
        """Return what is resampled."""
        return "transcript"

    def sums(self, measure: Measure) -> Floats:
        """Return what the measure adds up, (sources, codes, *)."""
        each = measure.sums(self.marks[:, np.newaxis])
        return np.asarray(np.tensordot(self.times, each, axes=1))

    def total(self, sums: Floats) -> Floats:
        """Add `sums` up over all there is: (codes, *)."""
        return np.asarray(sums.sum(axis=0))

    def draws(self, sums: Floats, resamples: int, seed: int) -> tuple[Floats, Floats]:
        """Return sums and how often each is in each resample (resamples, things)."""
        return sums, weights(np.ones(self.things), resamples, seed)

    def among(self, coders: Sequence[int]) -> Patterns:
        """Return the decisions of some of the coders, by their places."""
        names, chosen = tuple(self.coders[place] for place in coders), list(coders)
        made = None if self.passages is None else self.passages[..., chosen]
        return replace(self, coders=names, marks=self.marks[:, chosen], passages=made)

    def tally(self) -> Tally:
        """Count, code by code, the units and decisions on which the coefficients rest."""
        judged = self.marks.sum(axis=-1)
        shared = judged * (judged.sum(axis=-1, keepdims=True) > 1)
        applied = shared * self.marks[..., 1:].sum(axis=-1)
        often = self.times.sum(axis=0)
        units = (self.times @ applied.any(axis=-1))[..., np.newaxis]
        found = units if self.passages is None else self.passages
        return Tally(
            units=often @ shared.any(axis=-1),
            coders=((often @ shared) > 0).sum(axis=-1),
            decisions=often @ shared.sum(axis=-1),
            applied=often @ applied.sum(axis=-1),
            found=found.sum(axis=0).max(axis=-1, initial=0),
            sources=found.any(axis=-1).sum(axis=0),
        )


@dataclass(frozen=True, slots=True)
class Ratings(Patterns):
    """Patterns whose units are themselves resampled: ratings that stand in no transcript.

    `times` is (1, 1, patterns).
    """

    @property
    def things(self) -> int:
        """Return how many units there are."""
        return round(float(self.times.sum()))

    @property
    def what(self) -> str:
        """Return what is resampled."""
        return "unit"

    def sums(self, measure: Measure) -> Floats:
        """Return what the measure adds up, (patterns, 1, *)."""
        return measure.sums(self.marks[:, np.newaxis])[:, np.newaxis]

    def total(self, sums: Floats) -> Floats:
        """Add `sums` up over all units."""
        return np.asarray(np.tensordot(self.times[0, 0], sums, axes=1))

    def draws(self, sums: Floats, resamples: int, seed: int) -> tuple[Floats, Floats]:
        """Return distinct sums, and how often each is in each resample of units."""
        flat = sums.reshape(len(sums), -1)
        _, first, place = np.unique(flat, axis=0, return_index=True, return_inverse=True)
        often = np.bincount(place.ravel(), weights=self.times[0, 0])
        return sums[first], weights(often, resamples, seed)


def merged(found: Decisions, labels: Sequence[str]) -> Decisions:
    """Take codes of the same label (one a code) as one code, applied where any of them was."""
    names = tuple(dict.fromkeys(labels))
    member = np.array([[label == name for label in labels] for name in names], dtype=bool)
    marks = [
        np.stack([_any_of(mark[each]) for each in member.reshape(len(names), -1)])
        if names
        else mark[:0]
        for mark in found.marks
    ]
    return Decisions(names, found.coders, tuple(marks), found.places)


def _any_of(mark: Floats) -> Floats:
    """Merge marks (codes, units, coders, 2) of several codes to (units, coders, 2)."""
    applied = mark[..., 1].any(axis=0)
    judged = mark.any(axis=(0, -1))
    return np.stack([judged & ~applied, applied], axis=-1).astype(float)


def collapse(found: Decisions) -> Patterns:
    """Collapse the decisions of every transcript to patterns."""
    categories = np.arange(1, found.marks[0].shape[-1] + 1)
    chosen = [(mark @ categories).astype(np.int64) for mark in found.marks]
    states = np.concatenate(chosen, axis=1)  # (codes, units, coders), 0 where not judged
    codes, units, coders = states.shape
    source = np.repeat(np.arange(len(chosen)), [each.shape[1] for each in chosen])
    group = (source * codes + np.arange(codes)[:, np.newaxis]).ravel()
    rows, size = states.reshape(codes * units, coders), None
    if found.places is not None:
        size = np.tile(np.concatenate(found.sizes), codes)
    patterns, times = count_patterns(rows, group, (len(chosen), codes), size)
    marks = (patterns[..., np.newaxis] == categories).astype(float)
    return Patterns(found.codes, found.coders, marks, times, _passages(found))


def _passages(found: Decisions) -> Floats | None:
    """Count stretches that each coder marked (sources, codes, coders); neighbours are one."""
    if found.places is None:
        return None
    counted = []
    for mark, place in zip(found.marks, found.places, strict=True):
        marked = mark[..., 1] > 0
        goes_on = (place[1:, 0] == place[:-1, 1])[:, np.newaxis] & marked[:, :-1]
        counted.append(marked.sum(axis=1) - (marked[:, 1:] & goes_on).sum(axis=1))
    return np.stack(counted).astype(float)


def count_patterns(
    states: NDArray[np.int64],
    group: NDArray[np.int64],
    shape: tuple[int, int],
    size: NDArray[Any] | None = None,
) -> tuple[NDArray[np.int64], Floats]:
    """Return the distinct rows of states and how often each occurs, by source and code.

    `states` is (rows, coders), `group` (rows,) numbers sources x codes, `shape` is how many of
    each there are, `size` (rows,) for how much each row stands: 1 where it is not given.  The
    results are (patterns, coders) and (sources, codes, patterns).
    """
    _, first, pattern = np.unique(numbers(states), return_index=True, return_inverse=True)
    cells = group * len(first) + pattern.ravel()
    times = np.bincount(cells, weights=size, minlength=shape[0] * shape[1] * len(first))
    return states[first], times.reshape(*shape, len(first)).astype(float)


def numbers(states: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each row of states (rows, columns) a number, alike rows the same; 0 for zeros."""
    number, base = np.zeros(len(states), dtype=np.int64), int(states.max(initial=0)) + 1
    for column in states.T:
        if number.max(initial=0) > np.iinfo(np.int64).max // base - 1:
            number = np.unique(number, return_inverse=True)[1].astype(np.int64)
        number = number * base + column
    return number
