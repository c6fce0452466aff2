"""What surrounds a passage: who says it, the answers beside it, and passages like it anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from study.topics.clusters import sums
from study.topics.embedding import Recipe, unit_length

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from study.topics.clusters import Vectors

TOGETHER = 4000
"""Units among which neighbours are looked for directly; more are first split."""
AT_ONCE = 500
"""Units whose neighbours are sought in one step; bounds the memory."""


def beside(rows: Vectors, sources: NDArray[np.intp], weight: float) -> Vectors:
    """Add the units just before and after in the same transcript."""
    if not weight or len(rows) < 2:
        return rows
    found = rows.copy()
    same = (sources[1:] == sources[:-1])[:, None]
    found[1:] += weight * same * rows[:-1]
    found[:-1] += weight * same * rows[1:]
    return unit_length(found)


def without_voice(rows: Vectors, participants: Sequence[str], recipe: Recipe) -> Vectors:
    """Take away a share of each participant's mean vector: how somebody talks is no topic.

    The mean of a few units is mostly what they are about, so that less of it goes.
    """
    people, whose, counts = np.unique(participants, return_inverse=True, return_counts=True)
    if not recipe.voice or len(people) < 2 or len(people) == len(rows):
        return rows
    share = recipe.voice / (counts + recipe.voice_units)
    return unit_length(rows - (sums(rows, whose) * share[:, None])[whose])


def smoothed(rows: Vectors, recipe: Recipe) -> Vectors:
    """Move every unit towards those most like it; to nine places, the same on every run."""
    for turn in range(recipe.rounds):
        near = min(recipe.neighbours, (len(rows) - 1) // 2)
        if near < 1:
            break
        mean = np.empty_like(rows)
        for part in _parts(rows, turn):
            mean[part] = _mean_of_nearest(rows[part], near)
        rows = unit_length((1 - recipe.smoothing) * rows + recipe.smoothing * mean)
    return np.asarray(np.round(rows, 9))


def _mean_of_nearest(rows: Vectors, near: int) -> Vectors:
    found = np.empty_like(rows)
    for start in range(0, len(rows), AT_ONCE):
        like = rows[start : start + AT_ONCE] @ rows.T
        own = np.arange(len(like))
        like[own, start + own] = -np.inf
        places = np.argpartition(like, -near, axis=1)[:, -near:]
        found[start + own] = rows[places].mean(axis=1)
    return found


def _parts(rows: Vectors, turn: int) -> list[NDArray[np.intp]]:
    """Split many units into groups of like ones, by halves along chosen directions.

    A tree of random projections (Dasgupta & Freund 2008, 10.1145/1374376.1374452): units log units
    steps instead of units squared; another tree each turn, so that no border stays.
    """
    waiting = [np.arange(len(rows), dtype=np.intp)]
    done = []
    generator = np.random.default_rng([17, turn])
    while waiting:
        part = waiting.pop()
        if len(part) <= TOGETHER:
            done.append(part)
            continue
        ends = rows[generator.choice(part, 2, replace=False)]
        order = np.argsort(rows[part] @ (ends[0] - ends[1]), kind="stable")
        half = len(part) // 2
        waiting += [np.sort(part[order[:half]]), np.sort(part[order[half:]])]
    return done
