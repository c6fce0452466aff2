"""Sort vectors into a given number of groups, the same way every time.

Ward's tree (Ward 1963, 10.1080/01621459.1963.10500845) gives groups for every number at once and
has no random start; moving each unit to its nearest centre afterwards (spherical k-means: Dhillon &
Modha 2001, 10.1023/A:1007612920971) mends early mistakes of the tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float64]
    Labels = NDArray[np.intp]

LARGEST_TREE = 2000
"""Units in a tree; of more, a fixed sample makes the tree and the rest go to nearest centres."""
ROUNDS = 12


def partitions(rows: Vectors, numbers: Sequence[int], seed: int = 1) -> dict[int, Labels]:
    """Sort rows into groups, once for each number asked for.

    Parameters
    ----------
    rows
        Vectors of length 1, shape (units, dimensions).
    numbers
        How many groups; fewer come back where rows are identical.
    seed
        Which sample makes the tree where there are many rows.

    Returns
    -------
    dict of int to array of int
        For each number, the group of each row, from 0, the largest first.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(rows) < 2:
        return {number: np.zeros(len(rows), dtype=np.intp) for number in numbers}
    sample = _sample(rows, seed)
    tree = linkage(sample, "ward")
    found = {}
    for number in numbers:
        first = fcluster(tree, number, "maxclust") - 1
        found[number] = by_size(_settled(rows, centres(sample, by_size(first))))
    return found


def tree_groups(rows: Vectors, number: int) -> Labels:
    """Return the groups of Ward's tree, numbered from 0."""
    from scipy.cluster.hierarchy import fcluster, linkage

    return np.asarray(fcluster(linkage(rows, "ward"), number, "maxclust") - 1, dtype=np.intp)


def centres(rows: Vectors, labels: Labels) -> Vectors:
    """Return the mean direction of each group, shape (groups, dimensions)."""
    found = sums(rows, labels)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return found / np.where(lengths > 0, lengths, 1.0)


def sums(rows: Vectors, labels: Labels) -> Vectors:
    """Return the sum of the rows of each group, shape (groups, dimensions); no group is empty."""
    sizes = np.bincount(labels)
    # Numbers of few bits are sorted in one pass over them.
    order = np.argsort(labels.astype(np.min_scalar_type(len(sizes))), kind="stable")
    return np.asarray(np.add.reduceat(rows[order], np.cumsum(sizes) - sizes, axis=0))


def by_size(labels: Labels) -> Labels:
    """Give groups numbers from 0: the largest first, of equal ones the one that begins first."""
    _, first, places, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(sizes), dtype=np.intp)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return np.asarray(rank[places], dtype=np.intp)


def _sample(rows: Vectors, seed: int) -> Vectors:
    if len(rows) <= LARGEST_TREE:
        return rows
    chosen = np.random.default_rng(seed).choice(len(rows), LARGEST_TREE, replace=False)
    return rows[np.sort(chosen)]


def _settled(rows: Vectors, middle: Vectors) -> Labels:
    """Move rows to their nearest centre and centres to their rows until nothing moves."""
    labels = np.argmax(rows @ middle.T, axis=1)
    for _ in range(ROUNDS):
        # A group that has lost all its rows is dropped.
        there = np.bincount(labels) > 0
        middle = centres(rows, (np.cumsum(there) - 1)[labels])
        moved = np.argmax(rows @ middle.T, axis=1)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return np.asarray(labels, dtype=np.intp)
