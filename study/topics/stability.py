"""How many topics these interviews carry, and how far each of them can be trusted.

A number of topics is good if leaving out some of the passages gives the same topics again (Lange et
al. 2004, 10.1162/089976604773717621) and if the words of a topic are said together (coherence by
normalised pointwise mutual information: Lau, Newman & Baldwin 2014, 10.3115/v1/E14-1056).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from study.topics.clusters import partitions
from study.topics.embedding import Recipe, smoothed

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from study.topics.clusters import Labels, Vectors

RESAMPLES = 12
SHARE = 0.8
LARGEST = 2500
"""Units in a refit at the most."""
CANDIDATES = 16
TOP_WORDS = 10
FEW_UNITS = 5
"""Words of fewer units don't count for coherence."""
DEALS = 5


@dataclass(frozen=True, slots=True)
class Resample:
    """One refit: which units were in it, and their groups for each number of topics."""

    units: Labels
    labels: dict[int, Labels]


def candidates(units: int) -> list[int]:
    """Return the numbers of topics to try, from a quarter of the root of the units upwards.

    The upper end, the root of half of them, is a rule of thumb (Mardia, Kent & Bibby 1979, p. 365).
    """
    low = max(2 if units < 40 else 3, round(units**0.5 / 4))
    high = min(max(low, round((units / 2) ** 0.5)), units)
    return [int(number) for number in np.unique(np.round(np.geomspace(low, high, CANDIDATES)))]


def resamples(rows: Vectors, numbers: Sequence[int], seed: int, recipe: Recipe) -> list[Resample]:
    """Refit on four fifths of the units (of many, on a fixed number), a dozen times.

    `rows` are vectors before smoothing: done once for all, it would make groups of its own that
    come back in every refit.
    """
    size = min(max(2, round(SHARE * len(rows))), LARGEST)
    found = []
    for number in range(RESAMPLES):
        generator = np.random.default_rng([seed, number])
        units = np.sort(generator.choice(len(rows), size, replace=False))
        found.append(Resample(units, partitions(smoothed(rows[units], recipe), numbers, seed)))
    return found


def selection(
    rows: Vectors, counts: csr_matrix, refits: Sequence[Resample], seed: int
) -> pd.DataFrame:
    """Score every number of topics.

    Parameters
    ----------
    rows
        Vectors of the units.
    counts
        How often each unit has each word, shape (units, words).
    refits
        What `resamples` returned.
    seed
        As in `partitions`.

    Returns
    -------
    DataFrame
        topics; stability (mean adjusted Rand index of pairs of refits over the units they share),
        low and high (the middle nine tenths of the pairs); coherence (0 is chance).
    """
    import pandas as pd

    numbers = list(refits[0].labels)
    whole = partitions(rows, numbers, seed)
    table = []
    for number in numbers:
        pairs = [_agreement(one, other, number) for one, other in combinations(refits, 2)]
        low, high = np.quantile(pairs, [0.05, 0.95])
        scores = [np.mean(pairs), low, high, coherence(counts, whole[number], seed)]
        table.append([number, *(round(float(score), 4) for score in scores)])
    return pd.DataFrame(table, columns=["topics", "stability", "low", "high", "coherence"])


def chosen(scores: pd.DataFrame) -> int:
    """Return the number of topics that does best in stability and coherence taken together.

    Both are brought to one scale (0 for the worst number tried, 1 for the best) and averaged, over
    the number and its two neighbours, so that no lucky number wins; of equals the smaller.
    """
    scaled = scores[["stability", "coherence"]]
    spread = (scaled.max() - scaled.min()).replace(0.0, 1.0)
    merit = ((scaled - scaled.min()) / spread).mean(axis=1)
    smooth = merit.rolling(3, center=True, min_periods=1).mean().round(6)
    return int(scores["topics"].iloc[int(smooth.to_numpy().argmax())])


def by_topic(labels: Labels, refits: Sequence[Resample], number: int) -> list[float]:
    """Return each topic's stability: mean of its best Jaccard overlap with a topic of each refit.

    Hennig (2007), 10.1016/j.csda.2006.11.025; below .5 a topic dissolves, above .75 it is firm.
    """
    found = []
    for refit in refits:
        table = _crossed(labels[refit.units], refit.labels[number], int(labels.max()) + 1)
        union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
        found.append((table / np.maximum(union, 1)).max(axis=1))
    return [round(float(value), 4) for value in np.mean(found, axis=0)]


def coherence(counts: csr_matrix, labels: Labels, seed: int) -> float:
    """Return how much more the words of one topic go together than words of different topics.

    The mean normalised pointwise mutual information (by unit) of pairs of top words of one topic,
    less that of pairs from different ones, less the same for units dealt out at random: without
    that, the figure rises with the number of topics whatever they are.  0 is chance.
    """
    present = (counts > 0).astype(np.float64).tocsc()
    present = present[:, np.asarray(present.sum(axis=0)).ravel() >= FEW_UNITS]
    if present.shape[1] < 2 or labels.max(initial=0) < 1:
        return 0.0
    generator = np.random.default_rng(seed)
    chance = [_togetherness(present, generator.permutation(labels)) for _ in range(DEALS)]
    return _togetherness(present, labels) - float(np.mean(chance))


def _togetherness(present: csr_matrix, labels: Labels) -> float:
    tops = _top_words(present, labels)
    words, places = np.unique(np.concatenate(tops), return_inverse=True)
    topic = np.repeat(np.arange(len(tops)), [len(top) for top in tops])
    member = np.zeros((len(words), len(tops)))
    member[places, topic] = 1.0
    same = (member @ member.T > 0)[np.triu_indices(len(words), 1)]
    value = _npmi(present[:, words])
    if same.all() or not same.any():
        return 0.0
    return float(value[same].mean() - value[~same].mean())


def _top_words(present: csr_matrix, labels: Labels) -> list[Labels]:
    """Return the words that each topic has most above the others, by c-TF-IDF."""
    member = np.equal.outer(np.arange(labels.max() + 1), labels).astype(np.float64)
    within = np.asarray((present.T @ member.T).T)
    weight = np.log1p(within.sum() / len(within) / within.sum(axis=0))
    score = np.round(within / np.maximum(within.sum(axis=1, keepdims=True), 1.0) * weight, 12)
    ranked = np.argsort(-score, axis=1, kind="stable")[:, :TOP_WORDS]
    return [row[score[topic, row] > 0] for topic, row in enumerate(ranked)]


def _npmi(present: csr_matrix) -> Vectors:
    """Return the normalised pointwise mutual information of each pair of words.

    Never in one unit is -1; both in every unit says nothing, 0.
    """
    together = np.asarray((present.T @ present).todense()) / present.shape[0]
    above = np.triu_indices(len(together), 1)
    joint, expected = together[above], np.outer(np.diag(together), np.diag(together))[above]
    value = np.where(joint > 0, 0.0, -1.0)
    some = (joint > 0) & (joint < 1)
    value[some] = np.log(joint[some] / expected[some]) / -np.log(joint[some])
    return value


def _agreement(one: Resample, other: Resample, number: int) -> float:
    """Return the adjusted Rand index (Hubert & Arabie 1985, 10.1007/BF01908075)."""
    _, left, right = np.intersect1d(one.units, other.units, return_indices=True)
    return rand(one.labels[number][left], other.labels[number][right])


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
