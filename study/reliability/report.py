"""Reliability of a coding scheme: one row per code and coefficient, with interval and reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from study.reliability import bootstrap
from study.reliability.coefficients import Floats
from study.reliability.decisions import decisions, stance_decisions
from study.reliability.measures import Coefficient, Measure, reported
from study.reliability.patterns import Patterns, Tally, collapse
from study.wording import many

if TYPE_CHECKING:
    import pandas as pd

Labels = list[tuple[str, str, str]]
COLUMNS = (
    "code", "name", "branch", "coefficient", "value", "low", "high", "n", "coders", "unit",
    "prevalence", "reason", "warning", "definition", "source",
)  # fmt: skip
RARE = (10, 3)
"""A code applied to fewer units than the first, or in fewer transcripts than the second, is rare.

With ten such units one other decision moves kappa or alpha by about a tenth.  Where characters are
compared, passages count instead.
"""
FEWEST = 5
"""Transcripts (or units) without which no interval is given: resamples of fewer are too alike."""


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
    coefficients: Collection[str] | None = None,
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
        `units.attrs["unit"]` names the kind of unit for the column `unit`.  A row counts for as
        many units as its `length` says, where there is such a column (beside `start`).
    codes
        Codebook table (code, name, branch): only these codes, in this order.  A code without
        rows is listed with its reason.  Where it is not given: the codes of `units`.
    coders
        Coders to compare.  Where it is not given, all but those of `EXCLUDED`: the consensus,
        which is made from the others, and machines.  Name one to compare people with it.
    coefficients
        Names of `measures.ALL`, such as "Gwet's AC1" or "Fleiss' kappa".  Where it is not given:
        percent agreement, Cohen's kappa and Krippendorff's alpha.
    resamples, seed, level
        Of the bootstrap over transcripts.

    Returns
    -------
    Rows by code and coefficient.  `n` counts the units that at least two coders judged, `coders`
    the coders who judged them, `prevalence` is the share of their decisions that are 1.  `reason`
    says why the value, or else its interval, is nan, or which pairs of coders a mean kappa
    leaves out; a code nobody used has no reliability, whatever the percentage of agreement.
    `warning` tells where a code is too rare for its value to be steady (see `RARE`).

    Raises
    ------
    NotPossibleError
        A coder was asked for who has no rows, or a coefficient that there is not.
    ValueError
        Contradictory rows, no resamples, or a level outside 0 to 1.
    """
    found = decisions(units, None if codes is None else codes["code"].tolist(), coders)
    labels = labels_of(found.codes, codes)
    how = Resampling(resamples, seed, level)
    return report(collapse(found), labels, unit_of(units), how, reported(coefficients))


def overall(
    units: pd.DataFrame,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    coefficients: Collection[str] | None = None,
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
    unit, how = f"{unit_of(units)} x code", Resampling(resamples, seed, level)
    return report(collapse(found), [("", "all codes", "")], unit, how, reported(coefficients))


def of_stances(
    stances: pd.DataFrame,
    *,
    coders: Collection[str] | None = None,
    coefficients: Collection[str] | None = None,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure how far coders agree on the stance of what they gave the same code.

    Parameters
    ----------
    stances
        Table of stances (`tables.stances`): unit, source, code, coder, stance.
    coders, coefficients, resamples, seed, level
        As for `by_code`.

    Returns
    -------
    The columns of `by_code`, one row a coefficient; `n` counts units x codes on which at least
    two coders gave the code with one stance each, `prevalence` is the share of their stances
    that judge (are not neutral).
    """
    found = stance_decisions(stances, coders)
    unit, how = f"{unit_of(stances)} with the same code", Resampling(resamples, seed, level)
    return report(collapse(found), [("", "stance", "")], unit, how, reported(coefficients))


def report(
    found: Patterns, labels: Labels, unit: str, how: Resampling, measures: Sequence[Measure]
) -> pd.DataFrame:
    """Make the table: every measure of every code."""
    tables = [rows(each, found, found.sums(each), how) for each in measures]
    return arrange(tables, labels, unit)


def arrange(tables: Sequence[pd.DataFrame], labels: Labels, unit: str) -> pd.DataFrame:
    """Put the rows of several measures together, code by code, with names and unit."""
    import pandas as pd

    names = pd.DataFrame(labels, columns=["code", "name", "branch"])
    table = pd.concat([names.join(each) for each in tables]).sort_index(kind="stable")
    return table.reset_index(drop=True).assign(unit=unit)[list(COLUMNS)]


def rows(measure: Coefficient, found: Patterns, sums: Floats, how: Resampling) -> pd.DataFrame:
    """Compute one measure for all codes, its interval, and the reason for what is missing."""
    import pandas as pd

    if how.resamples < 1 or not 0 < how.level < 1:
        raise ValueError("resamples must be at least 1 and level between 0 and 1")
    counted, total = found.tally(), found.total(sums)
    value = np.where(counted.applied > 0, measure.value(total), np.nan)
    bounds = _bounds(measure, found, sums, how)
    defined = ~np.isnan(value)
    notes = [_and(*both) for both in zip(measure.caveat(total), bounds.reason, strict=True)]
    return pd.DataFrame(
        {
            "coefficient": measure.name,
            "value": value,
            "low": np.where(defined, bounds.low, np.nan),
            "high": np.where(defined, bounds.high, np.nan),
            "n": counted.units.round().astype(np.int64),
            "coders": counted.coders,
            "prevalence": counted.prevalence,
            "reason": np.where(defined, notes, _undefined(measure, found, counted)),
            "warning": _warnings(found, counted),
            "definition": measure.definition,
            "source": measure.source,
        }
    )


def _bounds(
    measure: Coefficient, found: Patterns, sums: Floats, how: Resampling
) -> bootstrap.Interval:
    """Return the bootstrap interval of every code."""
    if found.things < FEWEST:
        nothing = np.full(sums.shape[1], np.nan)
        return bootstrap.Interval(nothing, nothing, [_too_few(found)] * len(nothing))
    things, drawn = found.draws(sums, how.resamples, how.seed)
    draws = bootstrap.replicate(measure.value, things, drawn)
    return bootstrap.interval(draws, how.level, found.things)


def _too_few(found: Patterns) -> str:
    """Say why nothing can be resampled."""
    few = f"only one {found.what}" if found.things == 1 else f"{found.things} {found.what}s"
    return f"no interval: {few}, at least {FEWEST} are needed"


def _warnings(found: Patterns, counted: Tally) -> list[str]:
    """Warn of rare codes; a part of a study with fewer transcripts is not held against a code."""
    enough = min(RARE[1], found.things)
    what = "units" if found.passages is None else "passages"
    codes = zip(counted.found, counted.sources, strict=True)
    return [_rare(units, sources, what, enough) for units, sources in codes]


def _rare(units: float, sources: int, what: str, enough: int) -> str:
    """Warn of a code on which too little rests."""
    if not units or (units >= RARE[0] and sources >= enough):
        return ""
    what = what.removesuffix("s") if round(units) == 1 else what
    return f"rare: {units:.0f} {what} in {many(sources, 'transcript')}; one decision changes much"


def _undefined(measure: Coefficient, found: Patterns, counted: Tally) -> list[str]:
    """Say, code by code, why a value would be nan."""
    if not found.coders:
        return ["nobody has coded"] * len(found.codes)
    if len(found.coders) == 1:
        return [f"only one coder: {found.coders[0]}"] * len(found.codes)
    pairs = zip(counted.units, counted.applied, strict=True)
    return [_reason(measure, units, applied) for units, applied in pairs]


def _reason(measure: Coefficient, units: float, applied: float) -> str:
    """Say why the value of one code would be nan."""
    if not units:
        return "no unit was judged by two coders"
    return measure.undefined if applied else "nobody used the code"


def _and(caveat: str, interval: str) -> str:
    """Join what there is to say about a value and about its interval."""
    return "; ".join(note for note in (caveat, interval) if note)


def labels_of(found: Sequence[str], codes: pd.DataFrame | None) -> Labels:
    """Return code, name and branch; without a codebook a code is its own name."""
    if codes is None:
        return [(code, code, code.partition(".")[0]) for code in found]
    known = codes.drop_duplicates("code")
    return list(zip(known["code"], known["name"], known["branch"], strict=True))


def unit_of(units: pd.DataFrame) -> str:
    """Return what one unit is: turn, sentence, source..."""
    return str(units.attrs.get("unit", "unit"))
