"""How far topics can be trusted: what stays the same when some of the passages are left out.

Agreement of refits on resamples (Lange et al. 2004, 10.1162/089976604773717621), for a whole
model by the adjusted Rand index, for one topic by its overlap with its match.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from study.topics.clusters import partitions
from study.topics.context import smoothed
from study.topics.embedding import Recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from study.topics.clusters import Labels, Vectors

RESAMPLES = 10
SHARE = 0.8
WORKERS = 2
"""Refits at a time; each is its own affair, so that their number changes nothing."""
LARGEST = 800
"""Units in a refit at the most."""


@dataclass(frozen=True, slots=True)
class Resample:
    """One refit: which units were in it, and their groups for each number of topics."""

    units: Labels
    labels: dict[int, Labels]
    rows: Vectors


def resamples(rows: Vectors, numbers: Sequence[int], seed: int, recipe: Recipe) -> list[Resample]:
    """Refit on four fifths of the units (of many, on a fixed number), ten times.

    `rows` are vectors before smoothing: done once for all, it would make groups of its own that
    come back in every refit.
    """
    size = min(max(2, round(SHARE * len(rows))), LARGEST)

    def refit(number: int) -> Resample:
        generator = np.random.default_rng([seed, number])
        units = np.sort(generator.choice(len(rows), size, replace=False))
        own = smoothed(rows[units], recipe)
        return Resample(units, partitions(own, numbers, seed), own)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(refit, range(RESAMPLES)))


def agreement(refits: Sequence[Resample]) -> dict[int, list[float]]:
    """Return, for each number of topics, how far each pair of refits agrees.

    By the adjusted Rand index (Hubert & Arabie 1985, 10.1007/BF01908075) over the units that both
    refits have.
    """
    found: dict[int, list[float]] = {number: [] for number in refits[0].labels}
    for one, other in combinations(refits, 2):
        _, left, right = np.intersect1d(one.units, other.units, True, True)
        for number, values in found.items():
            values.append(rand(one.labels[number][left], other.labels[number][right]))
    return found


def by_topic(labels: Labels, refits: Sequence[Resample], number: int) -> list[float]:
    """Return each topic's stability: the mean Jaccard overlap with its match in each refit.

    Matches are one to one, so that the overlaps are largest in sum (Kuhn 1955,
    10.1002/nav.3800020109); a topic without a match counts 0.  By Hennig (2007,
    10.1016/j.csda.2006.11.025), below .5 a topic dissolves, above .75 it is firm.
    """
    from scipy.optimize import linear_sum_assignment

    size = int(labels.max()) + 1
    total = np.zeros(size)
    for refit in refits:
        table = _crossed(labels[refit.units], refit.labels[number], size)
        union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
        overlap = table / np.maximum(union, 1)
        here, there = linear_sum_assignment(-overlap)
        total[here] += overlap[here, there]
    return [round(float(value), 4) for value in total / len(refits)]


def rand(one: Labels, other: Labels) -> float:
    """Return the adjusted Rand index of two partitions of the same units; 1 where both are one."""
    table = _crossed(one, other, int(one.max(initial=0)) + 1)
    cells, rows, columns = (_pairs(part) for part in (table, table.sum(1), table.sum(0)))
    expected = rows * columns / max(_pairs(np.array([len(one)])), 1.0)
    most = (rows + columns) / 2
    return float((cells - expected) / (most - expected)) if most != expected else 1.0


def _pairs(counts: NDArray[np.int64]) -> float:
    return float((counts * (counts - 1)).sum() / 2)


def _crossed(one: Labels, other: Labels, rows: int) -> NDArray[np.int64]:
    """Return the table of two partitions, shape (rows, groups of the other)."""
    columns = int(other.max(initial=0)) + 1
    return np.bincount(one * columns + other, minlength=rows * columns).reshape(rows, columns)
