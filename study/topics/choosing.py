"""How many topics these interviews carry.

A number of topics is good if leaving out some of the passages gives the same topics again
(stability: Lange et al. 2004, 10.1162/089976604773717621), if the words of a topic are said
together (coherence by normalised pointwise mutual information: Lau, Newman & Baldwin 2014,
10.3115/v1/E14-1056), and if passages are nearer to their own topic than to the next (separation,
the silhouette with centres: Rousseeuw 1987, 10.1016/0377-0427(87)90125-7; Hruschka et al. 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from study.topics import stability
from study.topics.clusters import centres

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

    from study.topics.clusters import Labels, Vectors
    from study.topics.stability import Resample

CANDIDATES = 14
MOST = 100
"""Topics that are tried at the most; more, nobody reads."""
TOP_WORDS = 10
FEW_UNITS = 5
"""Words of fewer units don't count for coherence."""
LOOKED_AT = 4
"""Refits whose coherence and separation are measured."""
WEIGHTS = {"stability": 4.0, "coherence": 2.0, "separation": 1.0}
NEXT = (1.0, 2.0, 3.0, 2.0, 1.0)
"""Weights of a number and of its neighbours, over which a score is averaged: no lucky one wins."""
NEARLY = 0.02
"""Numbers that score as much as the best, less this, do as well."""
COLUMNS = "topics stability low high coherence separation".split()


def candidates(units: int) -> list[int]:
    """Return the numbers of topics to try, from a quarter of the root of the units upwards.

    At the upper end a topic has twenty units on average, in a large corpus more, in one of fewer
    than two hundred units fewer.
    """
    root = units**0.5
    low = max(2 if units < 40 else 3, round(root / 4))
    high = min(max(low, round(min(max(units / 20, 0.7 * root), 2 * root, MOST))), units)
    low = min(low, high, MOST // 4)
    return [int(number) for number in np.unique(np.round(np.geomspace(low, high, CANDIDATES)))]


def remark(tried: pd.DataFrame) -> str:
    """Say which other numbers would do as well, and where the range decided, too."""
    good = as_good(tried)
    said = [f"{good[0]} to {good[-1]} do about as well"] if len(good) > 1 else []
    if good[-1] == tried["topics"].max():
        said.append("so might more than were tried, each of fewer passages")
    return "; ".join(said)


def selection(counts: csr_matrix, refits: Sequence[Resample], seed: int) -> pd.DataFrame:
    """Score every number of topics.

    Parameters
    ----------
    counts
        How often each unit has each word, shape (units, words).
    refits
        What `stability.resamples` returned.
    seed
        Decides how units are dealt out by chance.

    Returns
    -------
    DataFrame
        topics; stability (mean adjusted Rand index of pairs of refits over the units they share),
        low and high (the middle nine tenths of the pairs); coherence and separation (0 is chance),
        means over some refits.
    """
    import pandas as pd

    def look_at(refit: Resample) -> list[tuple[float, float]]:
        said, every = Said.of(counts[refit.units]), refit.labels.values()
        return [(coherence(said, own, seed), separation(refit.rows, own)) for own in every]

    with ThreadPoolExecutor(stability.WORKERS) as pool:
        looked = np.mean(list(pool.map(look_at, refits[:LOOKED_AT])), axis=0)
    table = []
    for (number, pairs), others in zip(stability.agreement(refits).items(), looked, strict=True):
        scores = [np.mean(pairs), *np.quantile(pairs, [0.05, 0.95]), *others]
        table.append([number, *(round(float(score), 4) for score in scores)])
    return pd.DataFrame(table, columns=COLUMNS)


def chosen(scores: pd.DataFrame) -> int:
    """Return the middle one of the numbers of topics that do as well as the best.

    Where the score is flat, which is the best is a matter of chance; the middle is not.
    """
    good = as_good(scores)
    return good[len(good) // 2]


def as_good(scores: pd.DataFrame) -> list[int]:
    """Return the numbers of topics that do as well as the best, or nearly.

    By the weighted mean of all three scores (each 0 by chance and 1 at the most), averaged over
    neighbouring numbers.
    """
    weights = np.array(list(WEIGHTS.values()))
    merit = (scores[list(WEIGHTS)] @ weights / weights.sum()).to_numpy()
    smooth = np.convolve(merit, NEXT) / np.convolve(np.ones(len(merit)), NEXT)
    smooth = smooth[len(NEXT) // 2 :][: len(merit)].round(6)
    return [int(number) for number in scores["topics"][smooth >= smooth.max() - NEARLY]]


def separation(rows: Vectors, labels: Labels) -> float:
    """Return how much nearer units are to the centre of their group than to the next, on average.

    In cosines; 0 where there is one group.
    """
    if labels.max(initial=0) < 1:
        return 0.0
    like = rows @ centres(rows, labels).T
    every = np.arange(len(rows))
    own = like[every, labels].copy()
    like[every, labels] = -np.inf
    return float((own - like.max(axis=1)).mean())


@dataclass(frozen=True, slots=True)
class Said:
    """Which words a refit's units have, and how far any two words go together."""

    present: csr_matrix
    """Whether a unit has a word, shape (units, words); words of few units are left out."""
    together: Vectors
    """Normalised pointwise mutual information of two words, shape (words, words); 0 of a word with
    itself."""

    @classmethod
    def of(cls, counts: csr_matrix) -> Said:
        """Take them from how often each unit has each word."""
        present = (counts > 0).astype(np.float64).tocsc()
        present = present[:, np.asarray(present.sum(axis=0)).ravel() >= FEW_UNITS]
        return cls(present, _npmi(present))


def coherence(said: Said, labels: Labels, seed: int) -> float:
    """Return how much more the words of one topic go together than words of different topics.

    The mean normalised pointwise mutual information (by unit) of pairs of top words of one topic,
    less that of pairs from different ones, less the same for units dealt out at random: without
    that, the figure rises with the number of topics whatever they are.  0 is chance.
    """
    if said.present.shape[1] < 2 or labels.max(initial=0) < 1:
        return 0.0
    dealt_out = np.random.default_rng(seed).permutation(labels)
    return _within(said, labels) - _within(said, dealt_out)


def _within(said: Said, labels: Labels) -> float:
    """Return by how much top words of one topic go together more than those of two."""
    tops = _top_words(said.present, labels)
    words, places = np.unique(np.concatenate(tops), return_inverse=True)
    member = np.zeros((len(words), len(tops)))
    member[places, np.repeat(np.arange(len(tops)), [len(top) for top in tops])] = 1.0
    value = said.together[np.ix_(words, words)]
    same = member @ member.T > 0
    alike = np.count_nonzero(same) - len(words)
    unlike = same.size - np.count_nonzero(same)
    if not alike or not unlike:
        return 0.0
    within = np.sum(value, where=same)
    return float(within / alike - (value.sum() - within) / unlike)


def _top_words(present: csr_matrix, labels: Labels) -> list[Labels]:
    """Return the words that each topic has most above the others, by c-TF-IDF."""
    member = np.equal.outer(np.arange(labels.max() + 1), labels).astype(np.float64)
    within = np.asarray((present.T @ member.T).T)
    weight = np.log1p(within.sum() / len(within) / within.sum(axis=0))
    score = np.round(within / np.maximum(within.sum(axis=1, keepdims=True), 1.0) * weight, 9)
    # Of words that score the same the first in the alphabet comes first.
    last = max(score.shape[1] - TOP_WORDS, 0)
    ranked = np.argpartition(score - 1e-13 * np.arange(score.shape[1]), last, axis=1)[:, last:]
    return [row[score[topic, row] > 0] for topic, row in enumerate(ranked)]


def _npmi(present: csr_matrix) -> Vectors:
    """Return the normalised pointwise mutual information of any two words.

    Never in one unit is -1; both in every unit says nothing, 0.
    """
    joint = np.asarray((present.T @ present).todense()) / present.shape[0]
    expected = np.outer(np.diag(joint), np.diag(joint))
    value = np.where(joint > 0, 0.0, -1.0)
    some = (joint > 0) & (joint < 1)
    value[some] = np.log(joint[some] / expected[some]) / -np.log(joint[some])
    np.fill_diagonal(value, 0.0)
    return value
