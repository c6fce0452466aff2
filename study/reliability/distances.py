"""How far apart two categories are: 0 for the same, larger for worse disagreement.

A distance is a matrix (categories, categories), or a function of the categories' frequencies where
it depends on them (Krippendorff's ordinal metric).  Scale does not matter: the coefficients that
need weights between 0 and 1 divide by the largest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Distance = ArrayLike | Callable[[Floats], Floats]
Level = Literal["nominal", "ordinal", "interval", "ratio"]


def linear(categories: int) -> Floats:
    """Return the number of steps between ranks (Cicchetti & Allison 1971)."""
    return _apart(np.arange(categories, dtype=float))


def quadratic(categories: int) -> Floats:
    """Return the squared number of steps between ranks (Fleiss & Cohen 1973)."""
    return linear(categories) ** 2


def ordinal_weights(categories: int) -> Floats:
    """Return Gwet's ordinal distances: the pairs of ranks from one to the other (2014, ch. 3).

    They are not Krippendorff's, which `ordinal` gives.
    """
    steps = linear(categories)
    return np.asarray(steps * (steps + 1) / 2)


def ordinal(margin: ArrayLike) -> Floats:
    """Return Krippendorff's ordinal metric of ranks met `margin` (..., categories) times.

    The squared number of values met from one rank to the other, half of those at each end.
    Krippendorff (2011), Computing Krippendorff's alpha-reliability,
    repository.upenn.edu/asc_papers/43.
    """
    often = np.asarray(margin, dtype=float)
    return _apart(often.cumsum(axis=-1) - often / 2) ** 2


def interval(values: ArrayLike) -> Floats:
    """Return squared differences of the categories' values (Krippendorff 2011)."""
    return _apart(np.asarray(values, dtype=float)) ** 2


def ratio(values: ArrayLike) -> Floats:
    """Return squared differences relative to sums, 0 where both are 0 (Krippendorff 2011)."""
    value = np.asarray(values, dtype=float)
    total = value[:, np.newaxis] + value
    return np.asarray((_apart(value) / np.where(total == 0, 1, total)) ** 2)


def of_level(level: Level, values: ArrayLike) -> Distance | None:
    """Return Krippendorff's metric of a level of measurement; None, all alike, for nominal."""
    if level in ("interval", "ratio"):
        return interval(values) if level == "interval" else ratio(values)
    return ordinal if level == "ordinal" else None


def jaccard(sets: ArrayLike) -> Floats:
    """Return 1 - shared / all labels of every two sets: (sets, labels) of 0 and 1 to (sets, sets).

    Two empty sets are alike: 0 (nltk divides by zero).  Jaccard (1912), doi
    10.1111/j.1469-8137.1912.tb05611.x.
    """
    shared, either, _ = _overlap(sets)
    return np.asarray(1 - np.where(either > 0, shared / np.maximum(either, 1), 1))


def masi(sets: ArrayLike) -> Floats:
    """Return 1 - J x M, the MASI distance of Passonneau (2006), which nltk has too.

    J is Jaccard's similarity; M is 1 for equal sets, 2/3 where one holds the other, 1/3 where they
    overlap and 0 where they don't.  Passonneau (2006), Measuring agreement on set-valued items
    (MASI), LREC, aclanthology.org/L06-1392.
    """
    return np.asarray(1 - (1 - jaccard(sets)) * _monotonicity(sets))


def masi_product(sets: ArrayLike) -> Floats:
    """Return (1 - J) x (1 - M): another form met under the name MASI, never larger than `masi`.

    It is DKPro's.  It forgives much more where one set holds the other, the empty set included:
    say which of the two was used.
    """
    return np.asarray(jaccard(sets) * (1 - _monotonicity(sets)))


def _overlap(sets: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return for every two sets the labels shared, those in either, and those in the smaller."""
    member = np.asarray(sets, dtype=float)
    size = member.sum(axis=1)
    shared = member @ member.T
    return shared, size[:, np.newaxis] + size - shared, np.minimum(size[:, np.newaxis], size)


def _monotonicity(sets: ArrayLike) -> Floats:
    """Return M of MASI for every two sets."""
    shared, either, smaller = _overlap(sets)
    overlapping = np.where(shared > 0, 1 / 3, 0)
    return np.asarray(
        np.where(shared == either, 1, np.where(shared == smaller, 2 / 3, overlapping))
    )


def _apart(values: Floats) -> Floats:
    """Return absolute differences between all values (..., n) to (..., n, n)."""
    return np.asarray(np.abs(values[..., :, np.newaxis] - values[..., np.newaxis, :]))
