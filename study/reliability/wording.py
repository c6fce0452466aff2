"""The sentences for a method section, filled in with the study's own numbers."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING, Any

from study.errors import NotPossibleError
from study.reliability.decisions import EXCLUDED, shared
from study.reliability.report import by_code, overall, unit_of

if TYPE_CHECKING:
    import pandas as pd

ALPHA = "Krippendorff's alpha"
FIRM, TENTATIVE = 0.8, 0.667
COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def sentence(
    units: pd.DataFrame,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> str:
    """Write what a method section should say of reliability.

    Arguments are those of `by_code`.  Says who coded what, alpha over all codes with its
    interval, its range over codes, how many codes fall short, and how many are too rare to tell.

    Raises
    ------
    NotPossibleError
        Fewer than two coders share a transcript.
    """
    names = set(EXCLUDED) if coders is None else set(units["coder"]) - set(coders)
    own = shared(units[~units["coder"].isin(names)])
    own.attrs = dict(units.attrs)
    people = own["coder"].nunique()
    if people < 2:
        raise NotPossibleError("reliability needs two coders who worked on the same transcripts")
    measures = [
        partial(
            each,
            own,
            codes,
            coders=coders,
            coefficients=[ALPHA],
            seed=seed,
            resamples=resamples,
            level=level,
        )
        for each in (overall, by_code)
    ]
    pooled, single = (measure() for measure in measures)
    parts = [_who(own, people), _value(pooled.iloc[0], resamples, seed, level), _range(single)]
    return " ".join(part for part in parts if part)


def _who(units: pd.DataFrame, people: int) -> str:
    """Say who coded what."""
    count = COUNTS[people] if people < len(COUNTS) else str(people)
    transcripts = f"{units['source'].nunique()} transcripts"
    if unit_of(units) == "source":
        return f"{count} coders independently coded {transcripts}."
    each = units.drop_duplicates(["source", "unit"])
    many = int(each["length"].sum()) if "length" in each else len(each)
    return f"{count} coders independently coded {many:,} {unit_of(units)}s of {transcripts}."


def _value(row: pd.Series[Any], resamples: int, seed: int, level: float) -> str:
    """Give alpha over all codes, or the reason why there is none."""
    if row["value"] != row["value"]:
        return f"Krippendorff's alpha over all codes is undefined: {row['reason']}."
    interval = (
        f"{level:.0%} interval {row['low']:.2f} to {row['high']:.2f}; cluster bootstrap of "
        f"transcripts, {resamples:,} resamples, seed {seed}"
        if row["low"] == row["low"]
        else str(row["reason"])
    )
    return (
        f"Krippendorff's alpha (nominal; Hayes & Krippendorff, 2007) over all codes was "
        f"{row['value']:.2f} ({interval}), with codes applied in {row['prevalence']:.1%} of "
        f"decisions."
    )


def _range(table: pd.DataFrame) -> str:
    """Give the range of alpha over codes, and how many fall short or are rare."""
    known = table[table["value"].notna()]
    steady = known[known["warning"] == ""]
    rare = len(table) - len(steady)
    few = f" {rare} of {len(table)} codes were too rare, or unused, to be judged one by one."
    if steady.empty:
        return few.strip() if rare else ""
    value = steady["value"]
    short, weak = int((value < FIRM).sum()), int((value < TENTATIVE).sum())
    return (
        f"For the {len(steady)} codes applied often enough to be judged one by one it ranged from "
        f"{value.min():.2f} to {value.max():.2f} (median {value.median():.2f}); {short} were below "
        f"{FIRM} and {weak} of them below {TENTATIVE} (Krippendorff, 2019)." + (few if rare else "")
    )
