"""Reliability by parts of a study: branches, transcripts, pairs of coders, earlier and later.

Each is the table of `by_code` or `overall` for a part, with a column that names it in front.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.reliability.decisions import decisions
from study.reliability.measures import reported
from study.reliability.patterns import collapse, merged
from study.reliability.report import (
    COLUMNS,
    Resampling,
    by_code,
    labels_of,
    overall,
    report,
    unit_of,
)
from study.reliability.spans import Texts

if TYPE_CHECKING:
    import pandas as pd


def by_branch(
    units: pd.DataFrame,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    coefficients: Collection[str] | None = None,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure how far coders agree on each branch: whether any of its codes applies to a unit.

    Coders who choose different codes of one branch agree here, so values tell whether a scheme
    holds at its coarser level.  Arguments and columns are those of `by_code`; `code` is empty.
    """
    found = decisions(units, None if codes is None else codes["code"].tolist(), coders)
    branches = [branch for _, _, branch in labels_of(found.codes, codes)]
    labels = [("", branch, branch) for branch in dict.fromkeys(branches)]
    how = Resampling(resamples, seed, level)
    patterns = collapse(merged(found, branches))
    return report(patterns, labels, unit_of(units), how, reported(coefficients))


def by_source(
    units: pd.DataFrame,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    coefficients: Collection[str] | None = None,
) -> pd.DataFrame:
    """Measure agreement on each transcript, over all codes at once.

    Arguments and columns are those of `overall`, `transcript` in front.  A single code is met too
    seldom in one transcript to be measured there, and one transcript gives no interval.
    """
    tables = {
        str(name): overall(part, codes, coefficients=coefficients, coders=coders, resamples=1)
        for name, part in _by(units, "source")
        if coders is None or set(coders) <= set(part["coder"])
    }
    return _together(tables, "transcript")


def by_pair(
    units: pd.DataFrame,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    coefficients: Collection[str] | None = None,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure how far each pair of coders agrees on each code.

    Arguments and columns are those of `by_code`, `pair` ("ana, ben") in front.
    """
    found = decisions(units, None if codes is None else codes["code"].tolist(), coders)
    patterns, labels = collapse(found), labels_of(found.codes, codes)
    how, chosen = Resampling(resamples, seed, level), reported(coefficients)
    tables = {
        ", ".join(found.coders[place] for place in pair): report(
            patterns.among(pair), labels, unit_of(units), how, chosen
        )
        for pair in combinations(range(len(found.coders)), 2)
    }
    return _together(tables, "pair")


def by_time(
    units: pd.DataFrame,
    when: Mapping[str, object],
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    coefficients: Collection[str] | None = None,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure agreement in the half of the transcripts coded first and in the half coded later.

    A difference hints at drift: coders who came to read a code differently, or learned it.

    Parameters
    ----------
    units, codes, coders, coefficients, resamples, seed, level
        As for `by_code`.
    when
        When each transcript was coded (`coded_when`); the middle one of an odd number counts
        with the first half.  Transcripts without a date are left out.

    Returns
    -------
    The columns of `by_code`, `period` ("first half", "second half") in front; rows of all codes
    together come first.

    Raises
    ------
    NotPossibleError
        Fewer than two transcripts have a date.
    """
    order = sorted((name for name in set(units["source"]) & set(when)), key=lambda n: (when[n], n))
    if len(order) < 2:
        raise NotPossibleError("drift needs at least two transcripts whose codings have dates")
    middle = (len(order) + 1) // 2
    halves = {"first half": order[:middle], "second half": order[middle:]}
    tables = {}
    for period, names in halves.items():
        part = _only(units, names)
        for measure in (overall, by_code):
            tables[period, measure.__name__] = measure(
                part,
                codes,
                coders=coders,
                coefficients=coefficients,
                resamples=resamples,
                seed=seed,
                level=level,
            )
    ordered = sorted(tables, key=lambda key: key[1] != "overall")
    return _join([(period, tables[period, kind]) for period, kind in ordered], "period")


def coded_when(texts: Texts, coders: Collection[str] | None = None) -> dict[str, object]:
    """Return the day and time at which half of each transcript's codings had been made.

    Codings of people only, where `coders` is not given.
    """
    made = texts.codings
    made = made[made["coder"].isin(texts.people(coders)) & made["created"].notna()]
    when = made.sort_values("created").groupby("source")["created"]
    return {str(name): part.iloc[(len(part) - 1) // 2] for name, part in when}


def _by(units: pd.DataFrame, column: str) -> list[tuple[object, pd.DataFrame]]:
    """Return the parts of a table, its attributes kept."""
    parts = units.groupby(column, sort=True, observed=True).indices
    return [(name, _kept(units, units.iloc[rows])) for name, rows in parts.items()]


def _only(units: pd.DataFrame, names: Collection[str]) -> pd.DataFrame:
    return _kept(units, units[units["source"].isin(names)])


def _kept(whole: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    part.attrs = dict(whole.attrs)
    return part


def _together(tables: Mapping[str, pd.DataFrame], column: str) -> pd.DataFrame:
    return _join(list(tables.items()), column)


def _join(tables: list[tuple[str, pd.DataFrame]], column: str) -> pd.DataFrame:
    """Put tables below each other, with a column in front that says which is which."""
    import pandas as pd

    parts = [table.assign(**{column: name}) for name, table in tables]
    empty = pd.DataFrame(columns=[*COLUMNS, column])
    return (pd.concat(parts, ignore_index=True) if parts else empty)[[column, *COLUMNS]]
