"""Intervals from large-sample formulas, to compare with the bootstrap.

They take units as independent, so for turns of interviews they are too narrow; the cluster
bootstrap is what the tables report.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from study.reliability.bootstrap import Interval
from study.reliability.coefficients import Floats, cohen_kappa, gwet_ac, judgements


def kappa_error(table: ArrayLike) -> float:
    """Return the standard error of Cohen's kappa of two coders' cross-tabulation.

    nan where kappa is.  Fleiss, Cohen & Everitt (1969), doi 10.1037/h0028106.
    """
    cells = np.asarray(table, dtype=float)
    total = cells.sum()
    kappa = float(cohen_kappa(cells))
    if not total or np.isnan(kappa):
        return np.nan
    share = cells / total
    row, column = share.sum(axis=1), share.sum(axis=0)
    chance = float(row @ column)
    alike = np.diag(share) @ (1 - (row + column) * (1 - kappa)) ** 2
    crossed = share * (column[:, np.newaxis] + row) ** 2
    apart = (1 - kappa) ** 2 * (crossed.sum() - np.trace(crossed))
    variance = (alike + apart - (kappa - chance * (1 - kappa)) ** 2) / total
    return sqrt(max(variance, 0)) / (1 - chance)


def kappa_zero_error(table: ArrayLike) -> float:
    """Return the standard error of Cohen's kappa if it were 0: for a test, not for an interval.

    Fleiss, Cohen & Everitt (1969), doi 10.1037/h0028106.
    """
    cells = np.asarray(table, dtype=float)
    total = cells.sum()
    if not total or np.isnan(float(cohen_kappa(cells))):
        return np.nan
    row, column = cells.sum(axis=1) / total, cells.sum(axis=0) / total
    chance = float(row @ column)
    third = float((row * column * (row + column)).sum())
    return sqrt(max(chance + chance**2 - third, 0) / total) / (1 - chance)


def kappa_interval(table: ArrayLike, level: float = 0.95) -> Interval:
    """Return kappa's interval by its standard error and a normal quantile."""
    from scipy.special import ndtri

    error = kappa_error(table)
    return _around(float(cohen_kappa(table)), float(ndtri((1 + level) / 2)) * error)


def ac1_error(counts: ArrayLike) -> float:
    """Return the standard error of Gwet's AC1 of counts (units, categories).

    Units by linearisation, coders fixed, no finite population.  nan where AC1 is, and for fewer
    than two units.  Gwet (2008), doi 10.1348/000711006X126600.
    """
    count = np.asarray(counts, dtype=float)
    count = count[count.sum(axis=1) > 0]
    units, categories = count.shape
    sums = judgements(count)
    value = float(gwet_ac(sums))
    if units < 2 or np.isnan(value):
        return np.nan
    share = sums[-1] / units
    chance = float((share * (1 - share)).sum()) / (categories - 1)
    judged = count.sum(axis=1)
    pairs = np.where(judged > 1, judged * (judged - 1), np.inf)
    scale = units / max((judged > 1).sum(), 1)
    agreed = scale * (count * (count - 1)).sum(axis=1) / pairs
    own = scale * (judged > 1) * chance
    guess = (count / judged[:, np.newaxis]) @ (1 - share) / (categories - 1)
    each = (agreed - own) / (1 - chance) - 2 * (1 - value) * (guess - chance) / (1 - chance)
    return sqrt(float(((each - value) ** 2).sum()) / units / (units - 1))


def ac1_interval(counts: ArrayLike, level: float = 0.95) -> Interval:
    """Return AC1's interval by its standard error and a Student quantile, at most 1."""
    from scipy.special import stdtrit

    count = np.asarray(counts, dtype=float)
    units = int((count.sum(axis=1) > 0).sum())
    out = float(stdtrit(max(units - 1, 1), (1 + level) / 2))
    return _around(float(gwet_ac(judgements(count))), out * ac1_error(count))


def _around(value: float, out: float) -> Interval:
    """Return the interval around one value, no higher than 1."""
    low: Floats = np.array([value - out])
    high: Floats = np.minimum(np.array([value + out]), 1)
    return Interval(low, high, ["" if out == out else "no interval: the value is undefined"])
