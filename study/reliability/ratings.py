"""Agreement beyond yes and no: ratings on any scale, and several codes on one unit as a set."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from study.errors import NotPossibleError
from study.reliability import distances
from study.reliability.coefficients import Floats, ratio
from study.reliability.decisions import Decisions, decisions
from study.reliability.measures import ALPHA, Coefficient, Measure, reported, weighted
from study.reliability.patterns import Ratings, collapse, count_patterns, merged
from study.reliability.report import Resampling, arrange, report, rows, unit_of

if TYPE_CHECKING:
    import pandas as pd

WEIGHTS: dict[str, Callable[[int], Floats]] = {
    "linear": distances.linear,
    "quadratic": distances.quadratic,
    "ordinal (Gwet)": distances.ordinal_weights,
}
SETS: dict[str, Callable[[NDArray[np.bool_]], Floats]] = {
    "MASI": distances.masi,
    "MASI, product form": distances.masi_product,
    "Jaccard": distances.jaccard,
}
MEANING = {
    "MASI": "1 - J x M (Passonneau 2006, nltk)",
    "MASI, product form": "(1 - J) x (1 - M)",
    "Jaccard": "1 - J",
}


def of_ratings(
    ratings: pd.DataFrame,
    *,
    scale: distances.Level = "nominal",
    weights: Literal["linear", "quadratic", "ordinal (Gwet)"] = "quadratic",
    categories: Sequence[object] | None = None,
    coefficients: Collection[str] | None = None,
    resamples: int = 10_000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure how far coders agree on one rating a unit, for data that stand in no transcript.

    Parameters
    ----------
    ratings
        One row a unit, one column a coder; missing where a coder did not judge the unit.
    scale
        Level of measurement.  But for nominal, disagreements are weighted: in Krippendorff's
        alpha by his metric of that scale, in the kappas and AC2 by `weights` of the ranks.
    weights
        How far ranks are apart.
    categories
        All that were possible, in their order; those met, sorted, where it is not given.  Gwet's
        and Brennan & Prediger's coefficients depend on how many were possible.
    coefficients
        As in `by_code`.
    resamples, seed, level
        Of the bootstrap over units, done on distinct patterns of judgements.

    Returns
    -------
    The columns of `by_code`, one row a coefficient.

    Raises
    ------
    NotPossibleError
        There is no such coefficient, or a rating is none of the categories.
    """
    values = ratings.to_numpy()
    possible = _categories(values, categories)
    found = _collapsed(values, possible, [str(name) for name in ratings.columns])
    chosen = [_on(each, scale, weights, possible) for each in reported(coefficients)]
    how = Resampling(resamples, seed, level)
    table = report(found, [("", "ratings", "")], unit_of(ratings), how, chosen)
    table["warning"] = ""
    return table if len(possible) == 2 else table.assign(prevalence=np.nan)


def of_sets(
    units: pd.DataFrame,
    *,
    coders: Collection[str] | None = None,
    forms: Collection[str] = ("MASI", "Jaccard"),
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure agreement on the set of codes that each unit was given, by Krippendorff's alpha.

    Two sets that share codes disagree in part: by `forms` of distance.  Agreement on the many
    units without any code counts as agreement.

    Parameters
    ----------
    units, coders, resamples, seed, level
        As for `by_code`.
    forms
        "MASI" (1 - J x M, as Passonneau 2006 and nltk), "MASI, product form" ((1 - J) x (1 - M)),
        "Jaccard" (1 - J).

    Returns
    -------
    The columns of `by_code`, one row a form; `prevalence` is the share of decisions in which a
    unit got any code.
    """
    found = decisions(units, None, coders)
    sets, number = _sets(found)
    patterns = collapse(merged(found, [""] * len(found.codes)))
    how = Resampling(resamples, seed, level)
    tables = []
    for form in forms:
        apart = SETS[form](sets)
        pairs = zip(number, found.sizes, strict=True)
        sums = np.stack([_set_sums(each, size, apart) for each, size in pairs])[:, np.newaxis]
        tables.append(rows(_of_form(form, apart), patterns, sums, how))
    return arrange(tables, [("", "sets of codes", "")], unit_of(units))


def _categories(values: NDArray[Any], wanted: Sequence[object] | None) -> list[object]:
    """Return the possible categories in their order."""
    present = {value for value in values.ravel().tolist() if value is not None and value == value}
    if wanted is None:
        return sorted(present)
    if strange := present - set(wanted):
        raise NotPossibleError(f"ratings that are none of the categories: {sorted(strange)}")
    return list(wanted)


def _collapsed(values: NDArray[Any], possible: list[object], coders: list[str]) -> Ratings:
    """Collapse ratings (units, coders) to patterns."""
    states = np.zeros(values.shape, dtype=np.int64)
    for place, category in enumerate(possible, start=1):
        states[values == category] = place
    patterns, times = count_patterns(states, np.zeros(len(values), dtype=np.int64), (1, 1))
    marks = patterns[..., np.newaxis] == np.arange(1, max(len(possible), 1) + 1)
    return Ratings(("",), tuple(coders), marks.astype(float), times)


def _on(measure: Measure, scale: distances.Level, weights: str, possible: list[object]) -> Measure:
    """Return the measure on a scale of measurement."""
    if scale == "nominal" or not measure.weighs:
        return measure
    if measure.name == ALPHA.name:
        ranks = range(len(possible))
        metric = distances.of_level(scale, np.array(ranks if scale == "ordinal" else possible))
        return weighted(measure, metric, scale) if metric is not None else measure
    return weighted(measure, WEIGHTS[weights](len(possible)), f"{weights} weights")


def _sets(found: Decisions) -> tuple[NDArray[np.bool_], list[NDArray[np.int64]]]:
    """Give every set of codes met a number.

    Returns
    -------
    The sets (sets, codes), and for every transcript which of them each coder gave each unit
    (units, coders), -1 where the coder did not judge it.
    """
    given = [np.moveaxis(mark[..., 1], 0, -1).astype(bool) for mark in found.marks]
    flat = np.concatenate([each.reshape(-1, len(found.codes)) for each in given])
    sets, place = np.unique(flat, axis=0, return_inverse=True)
    ends = np.cumsum([each.shape[0] * each.shape[1] for each in given])[:-1]
    parts = np.split(place.ravel(), ends)
    judged = [mark.any(axis=(0, -1)) for mark in found.marks]
    pairs = zip(parts, judged, strict=True)
    return sets, [np.where(each, part.reshape(each.shape), -1) for part, each in pairs]


def _set_sums(number: NDArray[np.int64], size: Floats, apart: Floats) -> Floats:
    """Sum over units the disagreement of their sets, and how often each set is paired."""
    judged = number >= 0
    coders = judged.sum(axis=1)
    share = size / np.maximum(coders - 1, 1)
    observed = 0.0
    for one, other in permutations(range(number.shape[1]), 2):
        both = judged[:, one] & judged[:, other]
        observed += float(share[both] @ apart[number[both, one], number[both, other]])
    paired = judged & (coders > 1)[:, np.newaxis]
    often = np.broadcast_to(size[:, np.newaxis], number.shape)[paired]
    return np.concatenate([[observed], np.bincount(number[paired], often, len(apart))])


def _set_alpha(sums: Floats, apart: Floats) -> Floats:
    """Return alpha of what `_set_sums` sums."""
    observed, margin = sums[..., 0], sums[..., 1:]
    expected = ((margin @ apart) * margin).sum(axis=-1)
    return np.asarray(1 - (margin.sum(axis=-1) - 1) * ratio(observed, expected))


def _of_form(form: str, apart: Floats) -> Coefficient:
    """Return alpha over sets with this distance; its sums are those of `_set_sums`."""
    return Coefficient(
        name=f"Krippendorff's alpha ({form})",
        definition=(
            f"1 - observed / expected disagreement of sets of codes, distance {MEANING[form]}"
        ),
        source="Passonneau 2006, aclanthology.org/L06-1392; Hayes & Krippendorff 2007, "
        "doi 10.1080/19312450709336664",
        value=partial(_set_alpha, apart=apart),
        undefined="no variation: every coder gave every unit the same codes",
    )
