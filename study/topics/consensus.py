"""One answer from many refits, as a cluster model that BERTopic accepts: no outliers.

The centres that refits on resamples found are sorted into as many groups as there are to be topics,
and every unit goes to the nearest (bagged clustering: Leisch 1999, SFB 010, WU Vienna,
working paper 51).  It came out as good as a single partition, and more of it stays when passages
are left out (docs/decisions/15-topics.md has the figures).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from study.topics.clusters import by_size, centres, partitions, tree_groups

if TYPE_CHECKING:
    from study.topics.clusters import Labels, Vectors
    from study.topics.stability import Resample


class Consensus:
    """The groups as a cluster model (`hdbscan_model=`)."""

    def __init__(self, number: int, refits: Sequence[Resample], seed: int = 1) -> None:
        self.number, self.refits, self.seed = number, refits, seed
        self.labels_: Labels = np.zeros(0, dtype=np.intp)
        self.cluster_centers_: Vectors = np.zeros((0, 0))

    def fit(self, rows: Vectors, y: object = None) -> Consensus:
        """Sort rows into groups; `y` is BERTopic's and not used."""
        middle = agreed(self.refits, self.number)
        if middle is None:
            self.labels_ = partitions(rows, [self.number], self.seed)[self.number]
        else:
            self.labels_ = by_size(np.asarray(np.argmax(rows @ middle.T, axis=1)))
        self.cluster_centers_ = centres(rows, self.labels_)
        return self

    def predict(self, rows: Vectors) -> Labels:
        """Return the nearest group of each row."""
        return np.asarray(np.argmax(rows @ self.cluster_centers_.T, axis=1), dtype=np.intp)


def agreed(refits: Sequence[Resample], number: int) -> Vectors | None:
    """Return the centres that refits agree upon, shape (number, dimensions).

    None where there are too few units for refits to say anything: fewer than two for each group.
    """
    if min(len(refit.units) for refit in refits) < 2 * number:
        return None
    found = [(refit.rows, refit.labels[number]) for refit in refits]
    middle = np.vstack([centres(rows, labels) for rows, labels in found])
    sizes = np.concatenate([np.bincount(labels) for _, labels in found])
    if len(middle) <= number or not middle.any():
        return None
    groups = by_size(tree_groups(middle, number))
    return centres(middle * sizes[:, None], groups)
