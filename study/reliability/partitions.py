"""Texts cut into units by what each coder gave them: the alphas of 2016 that compare all codes.

Krippendorff, Mathet, Bouvry & Widlöcher (2016), doi 10.1007/s11135-015-0266-1, and Krippendorff
(2019), Content Analysis, 4th ed., section 12.6, let a coder give each character one value at most.
Here the value is the set of codes that the coder gave it, so that passages may overlap; where they
don't, the coefficients are the published ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from study.reliability.boundaries import spread
from study.reliability.coefficients import Floats, ratio
from study.reliability.patterns import numbers
from study.reliability.spans import Integers, Line, Passages, meetings


class Units(NamedTuple):
    """One coder's units on the line of texts, and which set of codes each was given; 0 is none."""

    passages: Passages
    given: Integers

    def marked(self) -> Units:
        """Return the units that were given any code."""
        kept = self.given > 0
        return Units(Passages(*(edge[kept] for edge in self.passages)), self.given[kept])


def partition(found: Line) -> tuple[NDArray[np.bool_], list[Units]]:
    """Return the sets of codes met (sets, codes), the empty one first, and each coder's units."""
    cut = [_cut(found, coder) for coder in range(len(found.coders))]
    rows = np.concatenate(
        [np.zeros((1, len(found.codes)), dtype=bool), *(given for _, given in cut)]
    )
    _, first, given = np.unique(
        numbers(rows.astype(np.int64)), return_index=True, return_inverse=True
    )
    ends = np.cumsum([1, *(len(each) for _, each in cut)])
    labels = np.split(given.ravel(), ends)[1:]
    pairs = zip(cut, labels, strict=False)
    return rows[first], [Units(passages, label) for (passages, _), label in pairs]


def _cut(found: Line, coder: int) -> tuple[Passages, NDArray[np.bool_]]:
    """Cut texts wherever a passage of a coder begins or ends; with codes given (units, codes)."""
    made, code = found.by_text(coder)
    begins = np.flatnonzero(found.present[:, coder]) * found.stride
    stops = begins + found.size[begins // found.stride]
    points = np.unique(np.concatenate([begins, stops, made.start, made.end]))
    steps = np.zeros((len(points), len(found.codes)), dtype=np.int32)
    np.add.at(steps, (np.searchsorted(points, made.start), code), 1)
    np.add.at(steps, (np.searchsorted(points, made.end), code), -1)
    inside = points % found.stride < found.size[points // found.stride]
    at = np.flatnonzero(inside)
    return Passages(points[at], points[at + 1]), steps.cumsum(axis=0)[at] > 0


def coded(found: Line, units: Sequence[Units], apart: Floats) -> Floats:
    """Sum what cu alpha needs (sources, 1, 2 + sets), of text that two coders marked.

    Disagreement; squared lengths of the parts of units where another coder marked anything, mean
    over the others; and how much text was given each set.
    """
    marked = [each.marked() for each in units]
    sums = _met(found, marked, apart)
    for one, other in permutations(marked, 2):
        met = meetings(one.passages, other.passages)
        shared = np.bincount(met.first, met.shared, len(one.given))
        text = one.passages.start // found.stride
        share = 1 / np.maximum(found.others(), 1)[text]
        sums[:, 0, 1] += spread(found.shape[:1], (text,), shared**2 * share)
    return sums


def unitized(found: Line, units: Sequence[Units], apart: Floats) -> Floats:
    """Sum what u alpha needs (sources, 1, 2 + sets), of all text: gaps have the empty set."""
    sums = _met(found, units, apart)
    for each in units:
        text, long = each.passages.start // found.stride, each.passages.length.astype(float)
        alone = np.where(each.given > 0, long**2, long) * (found.others() > 0)[text]
        sums[:, 0, 1] += spread(found.shape[:1], (text,), alone)
    return sums


def _met(found: Line, units: Sequence[Units], apart: Floats) -> Floats:
    """Sum disagreement and how much text has each set, over ordered pairs of coders."""
    sources, sets = len(found.sources), len(apart)
    sums = np.zeros((sources, 1, 2 + sets))
    for one, other in permutations(units, 2):
        met = meetings(one.passages, other.passages)
        mine, theirs = one.given[met.first], other.given[met.second]
        text = one.passages.start[met.first] // found.stride
        weight = met.shared / np.maximum(found.others(), 1)[text]
        sums[:, 0, 0] += spread((sources,), (text,), weight * apart[mine, theirs])
        sums[:, 0, 2:] += spread((sources, sets), (text, mine), weight)
    return sums


def alpha(sums: Floats, apart: Floats) -> Floats:
    """Return 1 - observed / expected disagreement; a unit does not meet itself by chance."""
    observed, squares, margin = sums[..., 0], sums[..., 1], sums[..., 2:]
    total = margin.sum(axis=-1)
    expected = ((margin @ apart) * margin).sum(axis=-1)
    return np.asarray(1 - ratio(observed * (total**2 - squares), total * expected))
