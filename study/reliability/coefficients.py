"""Agreement coefficients: pure functions of counts, vectorised over leading axes.

Counts come in five shapes; "..." stands for any leading axes (codes, resamples, both):

marks         (..., units, coders, categories)  1 where the coder put the unit in the category,
                                                zeros only where the coder did not judge it
counts        (..., units, categories)          coders who put the unit in the category
judgements    (..., categories + 1, categories) pairs of judgements, and shares of categories
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

from study.reliability.distances import Distance
from study.reliability.distances import Floats as Floats


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
    few = np.int8 if len(values) < 128 else np.int64  # sums of bytes are several times faster
    found = [(values == category).sum(axis=0, dtype=few) for category in _categories(values)]
    return np.array(found, dtype=float).reshape(len(found), values.shape[1]).T


def percent_agreement(counts: ArrayLike) -> Floats:
    """Return the mean, over units, of the share of pairs of coders who agree.

    Units that fewer than two coders judged are left out; nan where none remains.
    Observed agreement of Fleiss (1971), doi 10.1037/h0031619.
    """
    return agreement_from(agreement_sums(counts))


def agreement_sums(counts: ArrayLike) -> Floats:
    """Sum over units what percent agreement needs: (..., 2), agreement and number of units."""
    count = np.asarray(counts, dtype=float)
    judged = _judged(count)
    agreeing = (count * (count - 1)).sum(axis=-1)
    share = agreeing / np.maximum(judged * (judged - 1), 1)
    return np.stack([share.sum(axis=-1), (judged >= 2).sum(axis=-1)], axis=-1)


def agreement_from(sums: Floats) -> Floats:
    """Divide the sums of `agreement_sums`: percent agreement as a share."""
    return ratio(sums[..., 0], sums[..., 1])


def krippendorff_alpha(counts: ArrayLike, distance: Distance | None = None) -> Floats:
    """Return Krippendorff's alpha; coders may leave units out.

    `distance` is (categories, categories), zero on its diagonal, or a function of the
    categories' frequencies; nominal where it is not given (see `distances`).
    Hayes & Krippendorff (2007), doi 10.1080/19312450709336664.
    """
    return alpha_from(coincidences(counts), distance)


def coincidences(counts: ArrayLike) -> Floats:
    """Tabulate the pairable values of all units: (..., categories, categories).

    Each unit judged by m > 1 coders gives its ordered pairs of values, weighted by 1 / (m - 1).
    """
    count = np.asarray(counts, dtype=float)
    judged = _judged(count)
    return _pairs(count, 1 / np.maximum(judged - 1, 1))


def alpha_from(coincidences: ArrayLike, distance: Distance | None = None) -> Floats:
    """Return Krippendorff's alpha of a table of coincidences."""
    table = np.asarray(coincidences, dtype=float)
    margin = table.sum(axis=-1)
    apart = _distance(distance, margin)
    observed, expected = _total(apart, table), _total(apart, _outer(margin, margin))
    return np.asarray(1 - (margin.sum(axis=-1) - 1) * ratio(observed, expected))


def judgements(counts: ArrayLike) -> Floats:
    """Sum over units what Fleiss' kappa and its kin need: (..., categories + 1, categories).

    Above, the pairs of judgements: each unit that two or more coders judged adds 1 in all.
    Below, the shares of the categories: each unit that anybody judged adds 1 in all.
    """
    count = np.asarray(counts, dtype=float)
    judged = _judged(count)
    shares = (1 / np.maximum(judged, 1))[..., np.newaxis, :] @ count
    pairs = _pairs(count, 1 / np.maximum(judged * (judged - 1), 1))
    return np.concatenate([pairs, shares], axis=-2)


def fleiss_kappa(judgements: ArrayLike, distance: Distance | None = None) -> Floats:
    """Return Fleiss' kappa: everybody guesses by the same shares, those found in the data.

    Units that a coder left out are dealt with as by Gwet (2014), Handbook of Inter-Rater
    Reliability, 4th ed.; nan where one category is all there is.  Fleiss (1971), doi
    10.1037/h0031619.
    """
    pairs, share = _read(judgements)
    apart = _distance(distance, share)
    return np.asarray(1 - ratio(_observed(pairs, apart), _total(apart, _outer(share, share))))


def gwet_ac(judgements: ArrayLike, distance: Distance | None = None) -> Floats:
    """Return Gwet's AC1, or AC2 where disagreements are weighted by `distance`.

    Chance agreement counts only what is hard to judge: it is small where nearly everything is in
    one category, and the value then close to percent agreement.  It is 1, not nan, where all
    is in one of two or more possible categories; nan where there is only one.  Gwet (2008), doi
    10.1348/000711006X126600.
    """
    pairs, share = _read(judgements)
    apart = _scaled(distance, share)
    categories = share.shape[-1]
    alike = (1 - apart).sum(axis=(-2, -1)) / max(categories * (categories - 1), 1)
    chance = alike * (share * (1 - share)).sum(axis=-1)
    room = np.where(categories > 1, 1 - chance, 0)
    return np.asarray(1 - ratio(_observed(pairs, apart), room))


def brennan_prediger(judgements: ArrayLike, distance: Distance | None = None) -> Floats:
    """Return Brennan & Prediger's coefficient: chance takes all categories to be as likely.

    Also known as S (Bennett, Alpert & Goldstein 1954) and Randolph's free-marginal kappa; nan
    where there is one category only.  Brennan & Prediger (1981), doi 10.1177/001316448104100307.
    """
    pairs, share = _read(judgements)
    apart = _scaled(distance, share)
    room = apart.sum(axis=(-2, -1)) / max(share.shape[-1] ** 2, 1)
    return np.asarray(1 - ratio(_observed(pairs, apart), room))


def by_coder(marks: ArrayLike) -> Floats:
    """Sum over units what Conger's kappa needs: (..., categories + coders, categories).

    Above, the pairs of judgements as in `judgements`; below, how often each coder chose each.
    """
    mark = np.asarray(marks, dtype=float)
    pairs = judgements(mark.sum(axis=-2))[..., :-1, :]
    return np.concatenate([pairs, mark.sum(axis=-3)], axis=-2)


def conger_kappa(by_coder: ArrayLike, distance: Distance | None = None) -> Floats:
    """Return Conger's kappa: Cohen's kappa of any number of coders, by what `by_coder` sums.

    Chance: two different coders, each guessing by their own shares.  With two coders who judged
    everything it is Cohen's kappa; units left out as by Gwet (2014).  Conger (1980), doi
    10.1037/0033-2909.88.2.322.
    """
    sums = np.asarray(by_coder, dtype=float)
    categories = sums.shape[-1]
    pairs, chosen = sums[..., :categories, :], sums[..., categories:, :]
    total = chosen.sum(axis=-1, keepdims=True)
    share = chosen / np.maximum(total, 1)
    both = _outer(share.sum(axis=-2), share.sum(axis=-2)) - np.swapaxes(share, -1, -2) @ share
    judging = (total > 0).sum(axis=(-2, -1))
    apart = _distance(distance, chosen.sum(axis=-2))
    expected = ratio(_total(apart, both), judging * (judging - 1))
    return np.asarray(1 - ratio(_observed(pairs, apart), expected))


def cohen_kappa(table: ArrayLike, distance: Distance | None = None) -> Floats:
    """Return Cohen's kappa of two coders' cross-tabulation.

    `distance` weights disagreements (Cohen 1968, doi 10.1037/h0026256): all alike where it is not
    given.  Cohen (1960), doi 10.1177/001316446002000104.
    """
    cells = np.asarray(table, dtype=float)
    rows, columns = cells.sum(axis=-1), cells.sum(axis=-2)
    apart = _distance(distance, rows + columns)
    observed, expected = _total(apart, cells), _total(apart, _outer(rows, columns))
    return np.asarray(1 - rows.sum(axis=-1) * ratio(observed, expected))


def scott_pi(table: ArrayLike, distance: Distance | None = None) -> Floats:
    """Return Scott's pi of two coders' cross-tabulation: both guess by their common shares.

    Scott (1955), doi 10.1086/266577.
    """
    cells = np.asarray(table, dtype=float)
    margin = (cells.sum(axis=-1) + cells.sum(axis=-2)) / 2
    apart = _distance(distance, margin)
    observed, expected = _total(apart, cells), _total(apart, _outer(margin, margin))
    return np.asarray(1 - margin.sum(axis=-1) * ratio(observed, expected))


def holsti_sums(marks: ArrayLike) -> Floats:
    """Count for every pair of coders (..., pairs, 2): agreements, and the mean of their decisions.

    A decision is a unit judged, shared or not.
    """
    mark = np.asarray(marks, dtype=float)
    first, second = np.triu_indices(mark.shape[-2], 1)
    made = mark.sum(axis=(-3, -1))
    agreed = np.trace(pair_tables(mark), axis1=-2, axis2=-1)
    return np.stack([agreed, (made[..., first] + made[..., second]) / 2], axis=-1)


def holsti(sums: ArrayLike) -> Floats:
    """Return Holsti's coefficient 2M / (N1 + N2) of `holsti_sums`, the mean over pairs of coders.

    Units that one of the two left out count against agreement; it is percent agreement where
    there are none.  Holsti (1969), Content Analysis for the Social Sciences and Humanities.
    """
    agreed, made = np.moveaxis(np.asarray(sums, dtype=float), -1, 0)
    return _mean(ratio(agreed, made))


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


def mean_kappa(tables: ArrayLike, distance: Distance | None = None) -> Floats:
    """Return the mean of Cohen's kappa over the pairs of coders for whom it is defined.

    `tables` is (..., pairs, categories, categories).  Light (1971), doi 10.1037/h0031643.
    """
    return _mean(cohen_kappa(tables, distance))


def mean_pi(tables: ArrayLike, distance: Distance | None = None) -> Floats:
    """Return the mean of Scott's pi over the pairs of coders for whom it is defined."""
    return _mean(scott_pi(tables, distance))


def _categories(values: NDArray[Any]) -> NDArray[Any]:
    """Return the distinct ratings, sorted, without nan."""
    found = np.unique(values)
    return np.asarray(found[found == found])  # nan alone differs from itself


def _judged(count: Floats) -> Floats:
    """Return how many coders judged each unit (..., units)."""
    return np.asarray(count @ np.ones(count.shape[-1]))


def _pairs(count: Floats, weight: Floats) -> Floats:
    """Tabulate ordered pairs of different coders' choices, units (..., units) by their weight.

    A unit that one coder judged adds a pair with itself, which is taken out again.
    """
    table = np.swapaxes(count, -1, -2) @ (count * weight[..., np.newaxis])
    alone = (weight[..., np.newaxis, :] @ count)[..., 0, :]  # nobody is paired with oneself
    diagonal = np.arange(count.shape[-1])
    table[..., diagonal, diagonal] -= alone
    return np.asarray(table)


def _read(judgements: ArrayLike) -> tuple[Floats, Floats]:
    """Split `judgements` into the table of pairs and the shares of the categories."""
    sums = np.asarray(judgements, dtype=float)
    below = sums[..., -1, :]
    return sums[..., :-1, :], ratio(below, below.sum(axis=-1, keepdims=True))


def _observed(pairs: Floats, apart: Floats) -> Floats:
    """Return the mean distance of a pair of judgements."""
    return ratio(_total(apart, pairs), pairs.sum(axis=(-2, -1)))


def _distance(distance: Distance | None, margin: Floats) -> Floats:
    """Return the distances between categories, 1 between any two where none are given."""
    if distance is None:
        return 1 - np.eye(margin.shape[-1])
    return np.asarray(distance(margin) if callable(distance) else distance, dtype=float)


def _scaled(distance: Distance | None, margin: Floats) -> Floats:
    """Return the distances with 1 for the largest."""
    apart = _distance(distance, margin)
    largest = apart.max(axis=(-2, -1), keepdims=True, initial=1e-300)
    return np.asarray(apart / largest)


def _outer(first: Floats, second: Floats) -> Floats:
    return np.asarray(first[..., :, np.newaxis] * second[..., np.newaxis, :])


def _total(apart: Floats, table: Floats) -> Floats:
    """Add up a table's cells, each weighted by the distance of its categories."""
    return np.asarray(np.einsum("...ij,...ij->...", apart, table))


def _mean(values: Floats) -> Floats:
    """Return the mean over the last axis of the values that are defined, nan where none is."""
    defined = ~np.isnan(values)
    return ratio(np.where(defined, values, 0).sum(axis=-1), defined.sum(axis=-1))


def ratio(above: ArrayLike, below: ArrayLike) -> Floats:
    """Divide, with nan where the denominator is zero."""
    divisor = np.asarray(below, dtype=float)
    undefined = np.full(np.broadcast_shapes(np.shape(above), divisor.shape), np.nan)
    quotient = np.divide(above, divisor, out=undefined, where=divisor > 0)
    return np.asarray(quotient, dtype=float)
