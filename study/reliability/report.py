"""Reliability of a coding scheme: one row per code and coefficient, with interval and reason."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from study.reliability import bootstrap
from study.reliability.coefficients import Floats
from study.reliability.decisions import Decisions, Tally, decisions, tally
from study.reliability.measures import MEASURES, Measure

if TYPE_CHECKING:
    import pandas as pd

Labels = list[tuple[str, str, str]]
COLUMNS = (
    "code", "name", "branch", "coefficient", "value", "low", "high", "n", "coders", "unit",
    "prevalence", "reason", "definition", "source",
)  # fmt: skip


class Resampling(NamedTuple):
    """How the bootstrap is done."""

    resamples: int
    seed: int
    level: float


def by_code(
    units: pd.DataFrame,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure how far coders agree on each code.

    Parameters
    ----------
    units
        Table of units, one row per unit, code and coder who worked on that transcript, value 1
        where the coder applied the code and 0 where not.  No row means not judged.
        `units.attrs["unit"]` names the kind of unit for the column `unit`.
    codes
        Codebook table (code, name, branch): only these codes, in this order.  A code without
        rows is listed with its reason.  Where it is not given: the codes of `units`.
    coders
        Coders to compare.  Where it is not given, all but "consensus", which is made from the
        others.  Rules and topic models are coders too and not independent people: leave them
        out of `coders` unless a comparison with a machine is what you want.
    resamples, seed, level
        Of the bootstrap over transcripts.

    Returns
    -------
    Rows by code and coefficient.  `n` counts the units that at least two coders judged, `coders`
    the coders who judged them, `prevalence` is the share of their decisions that are 1.  `reason`
    says why the value, or else its interval, is nan, or which pairs of coders a mean kappa
    leaves out; a code nobody used has no reliability, whatever the percentage of agreement.

    Raises
    ------
    NotPossibleError
        A coder was asked for who has no rows.
    ValueError
        Contradictory rows, no resamples, or a level outside 0 to 1.
    """
    found = decisions(units, None if codes is None else codes["code"].tolist(), coders)
    labels = _labels(found.codes, codes)
    return _report(found, labels, _unit(units), Resampling(resamples, seed, level))


def overall(
    units: pd.DataFrame,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure agreement over all codes at once: every unit-and-code is one decision.

    Arguments and columns are those of `by_code`; `code` is empty and `n` counts units x codes.
    Codes that nobody used are left out: they would raise agreement for nothing.  Pooled
    chance-corrected values also credit coders with knowing that some codes are commoner than
    others, so they usually lie above the values of single codes: report both.
    """
    found = decisions(units, None if codes is None else codes["code"].tolist(), coders).pooled()
    unit = f"{_unit(units)} x code"
    return _report(found, [("", "all codes", "")], unit, Resampling(resamples, seed, level))


def _report(found: Decisions, labels: Labels, unit: str, how: Resampling) -> pd.DataFrame:
    """Make the table: every measure of every code."""
    import pandas as pd

    if how.resamples < 1 or not 0 < how.level < 1:
        raise ValueError("resamples must be at least 1 and level between 0 and 1")
    counted = tally(found)
    weights = bootstrap.weights(np.ones(len(found.marks)), how.resamples, how.seed)
    names = pd.DataFrame(labels, columns=["code", "name", "branch"])
    tables = [names.join(_rows(each, found, counted, weights, how.level)) for each in MEASURES]
    table = pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)
    return table.assign(unit=unit)[list(COLUMNS)]


def _rows(
    measure: Measure, found: Decisions, counted: Tally, weights: Floats, level: float
) -> pd.DataFrame:
    """Compute one measure for all codes, its interval, and the reason for what is missing."""
    import pandas as pd

    sums = np.stack([measure.sums(mark) for mark in found.marks])
    total = sums.sum(axis=0)
    value = np.where(counted.applied > 0, measure.value(total), np.nan)
    bounds = bootstrap.interval(bootstrap.replicate(measure.value, sums, weights), level)
    defined = ~np.isnan(value)
    why_not = bounds.reason if len(sums) > 1 else ["no interval: only one transcript"] * len(value)
    notes = [_and(*both) for both in zip(measure.caveat(total), why_not, strict=True)]
    return pd.DataFrame(
        {
            "coefficient": measure.name,
            "value": value,
            "low": np.where(defined, bounds.low, np.nan),
            "high": np.where(defined, bounds.high, np.nan),
            "n": counted.units,
            "coders": counted.coders,
            "prevalence": counted.prevalence,
            "reason": np.where(defined, notes, _undefined(measure, found, counted)),
            "definition": measure.definition,
            "source": measure.source,
        }
    )


def _undefined(measure: Measure, found: Decisions, counted: Tally) -> list[str]:
    """Say, code by code, why a value would be nan."""
    if not found.coders:
        return ["nobody has coded"] * len(found.codes)
    if len(found.coders) == 1:
        return [f"only one coder: {found.coders[0]}"] * len(found.codes)
    pairs = zip(counted.units, counted.applied, strict=True)
    return [_reason(measure, units, applied) for units, applied in pairs]


def _reason(measure: Measure, units: int, applied: float) -> str:
    """Say why the value of one code would be nan."""
    if not units:
        return "no unit was judged by two coders"
    return measure.undefined if applied else "nobody used the code"


def _and(caveat: str, interval: str) -> str:
    """Join what there is to say about a value and about its interval."""
    return "; ".join(note for note in (caveat, interval) if note)


def _labels(found: tuple[str, ...], codes: pd.DataFrame | None) -> Labels:
    """Return code, name and branch; without a codebook a code is its own name."""
    if codes is None:
        return [(code, code, code.partition(".")[0]) for code in found]
    known = codes.drop_duplicates("code")
    return list(zip(known["code"], known["name"], known["branch"], strict=True))


def _unit(units: pd.DataFrame) -> str:
    """Return what one unit is: turn, sentence, source..."""
    return str(units.attrs.get("unit", "unit"))
