"""Agreement coefficients: pure functions of counts, vectorised over leading axes.

Counts come in four shapes; "..." stands for any leading axes (codes, resamples, both):

marks         (..., units, coders, categories)  1 where the coder put the unit in the category,
                                                zeros only where the coder did not judge it
counts        (..., units, categories)          coders who put the unit in the category
table         (..., categories, categories)     two coders' cross-tabulation of shared units
coincidences  (..., categories, categories)     Krippendorff's table of pairable values

Sums over units are all that a coefficient needs, so a transcript, a pattern of decisions or a
resample of either is one small table.  Every chance-corrected coefficient is written as
1 - observed / expected disagreement: the expected one is exactly zero where nothing varies, and
the coefficient is then nan, neither 0 nor 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def marks(ratings: Sequence[Sequence[object]] | NDArray[Any]) -> Floats:
    """Spread ratings over categories.

    Parameters
    ----------
    ratings
        (coders, units) of numbers, nan where a coder did not judge the unit, or of strings.

    Returns
    -------
    (units, coders, categories), categories in sorted order.
    """
    values = np.asarray(ratings)
    categories = _categories(values)
    return np.asarray(values.T[..., np.newaxis] == categories, dtype=float)


def counts(ratings: Sequence[Sequence[object]] | NDArray[Any]) -> Floats:
    """Count, for each unit, the coders who chose each category: (units, categories)."""
    values = np.asarray(ratings)
    categories = _categories(values)
    count = np.empty((values.shape[1], len(categories)))
    for column, category in enumerate(categories):
        count[:, column] = (values == category).sum(axis=0, dtype=np.int32)
    return count


def percent_agreement(counts: ArrayLike) -> Floats:
    """Return the mean, over units, of the share of pairs of coders who agree.

    Units that fewer than two coders judged are left out; nan where none remains.
    Observed agreement of Fleiss (1971), doi 10.1037/h0031619.
    """
    return agreement_from(agreement_sums(counts))


def agreement_sums(counts: ArrayLike) -> Floats:
    """Sum over units what percent agreement needs: (..., 2), agreement and number of units."""
    count = np.asarray(counts, dtype=float)
    judged = count.sum(axis=-1)
    agreeing = (count * (count - 1)).sum(axis=-1)
    share = agreeing / np.maximum(judged * (judged - 1), 1)
    return np.stack([share.sum(axis=-1), (judged >= 2).sum(axis=-1)], axis=-1)


def agreement_from(sums: Floats) -> Floats:
    """Divide the sums of `agreement_sums`: percent agreement as a share."""
    return _ratio(sums[..., 0], sums[..., 1])


def krippendorff_alpha(counts: ArrayLike, distance: ArrayLike | None = None) -> Floats:
    """Return Krippendorff's alpha; coders may leave units out.

    `distance` is (categories, categories), zero on its diagonal; nominal where it is not given.
    Hayes & Krippendorff (2007), doi 10.1080/19312450709336664.
    """
    return alpha_from(coincidences(counts), distance)


def coincidences(counts: ArrayLike) -> Floats:
    """Tabulate the pairable values of all units: (..., categories, categories).

    Each unit judged by m > 1 coders gives its ordered pairs of values, weighted by 1 / (m - 1).
    """
    count = np.asarray(counts, dtype=float)
    judged = count.sum(axis=-1, keepdims=True)
    weighted = np.where(judged > 1, count / np.maximum(judged - 1, 1), 0)
    table = np.swapaxes(weighted, -1, -2) @ count
    diagonal = np.arange(count.shape[-1])
    table[..., diagonal, diagonal] -= weighted.sum(axis=-2)  # nobody is paired with oneself
    return np.asarray(table)


def alpha_from(coincidences: ArrayLike, distance: ArrayLike | None = None) -> Floats:
    """Return Krippendorff's alpha of a table of coincidences."""
    table = np.asarray(coincidences, dtype=float)
    margin = table.sum(axis=-1)
    apart = _distance(distance, table.shape[-1])
    observed = _total(apart, table)
    expected = _total(apart, margin[..., :, np.newaxis] * margin[..., np.newaxis, :])
    return np.asarray(1 - (margin.sum(axis=-1) - 1) * _ratio(observed, expected))


def cohen_kappa(table: ArrayLike, distance: ArrayLike | None = None) -> Floats:
    """Return Cohen's kappa of two coders' cross-tabulation.

    `distance` weights disagreements (Cohen 1968, doi 10.1037/h0026256): all alike where it is not
    given.  Cohen (1960), doi 10.1177/001316446002000104.
    """
    cells = np.asarray(table, dtype=float)
    rows, columns = cells.sum(axis=-1), cells.sum(axis=-2)
    apart = _distance(distance, cells.shape[-1])
    observed = _total(apart, cells)
    expected = _total(apart, rows[..., :, np.newaxis] * columns[..., np.newaxis, :])
    return np.asarray(1 - rows.sum(axis=-1) * _ratio(observed, expected))


def pair_tables(marks: ArrayLike) -> Floats:
    """Cross-tabulate every pair of coders: (..., pairs, categories, categories).

    Pairs are in the order (0, 1), (0, 2), ... (1, 2), ...; a unit counts where both judged it.
    """
    mark = np.asarray(marks, dtype=float)
    *lead, units, coders, categories = mark.shape
    flat = mark.reshape(*lead, units, coders * categories)
    crossed = np.swapaxes(flat, -1, -2) @ flat  # all pairs at once
    crossed = crossed.reshape(*lead, coders, categories, coders, categories)
    first, second = np.triu_indices(coders, 1)
    return np.asarray(np.swapaxes(crossed, -3, -2)[..., first, second, :, :])


def mean_kappa(tables: ArrayLike) -> Floats:
    """Return the mean of Cohen's kappa over the pairs of coders for whom it is defined.

    `tables` is (..., pairs, categories, categories).  Light (1971), doi 10.1037/h0031643.
    """
    kappa = cohen_kappa(tables)
    defined = ~np.isnan(kappa)
    return _ratio(np.where(defined, kappa, 0).sum(axis=-1), defined.sum(axis=-1))


def _categories(values: NDArray[Any]) -> NDArray[Any]:
    """Return the distinct ratings, sorted, without nan."""
    return np.unique(values[values == values])  # nan alone differs from itself


def _distance(distance: ArrayLike | None, categories: int) -> Floats:
    """Return the distances between categories, 1 between any two where none are given."""
    return 1 - np.eye(categories) if distance is None else np.asarray(distance, dtype=float)


def _total(apart: Floats, table: Floats) -> Floats:
    """Add up a table's cells, each weighted by the distance of its categories."""
    return np.asarray(np.einsum("ij,...ij->...", apart, table))


def _ratio(above: ArrayLike, below: ArrayLike) -> Floats:
    """Divide, with nan where the denominator is zero."""
    divisor = np.asarray(below, dtype=float)
    undefined = np.full(np.broadcast_shapes(np.shape(above), divisor.shape), np.nan)
    quotient = np.divide(above, divisor, out=undefined, where=divisor > 0)
    return np.asarray(quotient, dtype=float)
