"""How well rules do what people do: precision, recall, F and alpha of each code."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING, Any

from study.errors import NotPossibleError
from study.model import Project
from study.rules.applying import RULES
from study.rules.finding import with_patterns

if TYPE_CHECKING:
    import pandas as pd

FEW = re.compile(r"only \d+ turns ")
"""How a reason begins that says on how few turns a value rests."""


def report(
    project: Project,
    *,
    codes: Collection[str] | None = None,
    coders: Collection[str] | None = None,
    resamples: int = 2000,
    level: float = 0.95,
) -> pd.DataFrame:
    """Set the codings of `rules` against those of people, code by code and turn by turn.

    Parameters
    ----------
    project
        A study whose rules have been applied: loaded after `apply`, or `Applied.study`.
    codes
        Paths of codes; None takes the whole codebook.
    coders
        Whom to compare with; None: the coder whose codings the results count, and each person.
    resamples, level
        Of the bootstrap over transcripts; the seed is the study's.

    Returns
    -------
    DataFrame
        against, patterns, then the columns of `reliability.by_code`, and found, coded, both: the
        turns that rules, the other coder, and both gave the code.  Four rows a coder and code:
        precision, recall, F1 and Krippendorff's alpha.  `n` counts the participants' turns in
        transcripts that both have gone through.  `reason` says why there is no value or no
        interval, and where one rests on few turns.

    Raises
    ------
    NotPossibleError
        Rules have not been applied, or there is no coder to compare with.
    """
    import pandas as pd

    from study.rules import against

    if RULES not in project.assigned:
        raise NotPossibleError("rules have not been applied here; `study apply` does it")
    chosen = [code for code in project.codebook if codes is None or code.path in codes]
    able = set(with_patterns(project))
    counts = {code.path: len(code.patterns) for code in chosen}
    tables = [
        against.one(project, name, list(counts), able, resamples=resamples, level=level)
        for name in _others(project, coders)
    ]
    table = pd.concat(tables, ignore_index=True)
    return table.assign(patterns=table["code"].map(counts))[list(against.COLUMNS)]


def _others(project: Project, coders: Collection[str] | None) -> list[str]:
    """Return whom rules are compared with, the one whose codings count first."""
    from study.tables import people, reporting_coder

    names = [reporting_coder(project), *people(project)] if coders is None else coders
    found = [name for name in dict.fromkeys(names) if name and name != RULES]
    for name in found:
        if name not in project.assigned:
            known = ", ".join(one for one in project.assigned if one != RULES)
            raise NotPossibleError(f"no coder {name!r} in this study; there are: {known}")
    if not found:
        raise NotPossibleError("nobody has coded by hand yet, so there is nothing to compare with")
    return found


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Return the report on one coder as it reads best: a row a code, each value with its interval.

    Columns: code (its last part), patterns, found, coded, both, precision, recall, F1, alpha; `*`
    marks a value that rests on fewer than ten turns.
    """
    import pandas as pd

    rows: list[dict[str, object]] = []
    for code, part in table.groupby("code", sort=False):
        first = part.iloc[0]
        row: dict[str, object] = {"code": str(code).rpartition(".")[2]}
        row |= {name: first[name] for name in ("patterns", "found", "coded", "both")}
        for one in part.to_dict("records"):
            row[str(one["coefficient"]).rpartition(" ")[2]] = _written(one)
        rows.append(row)
    return pd.DataFrame(rows)


def _written(row: dict[Hashable, Any]) -> str:
    value, low, high = row["value"], row["low"], row["high"]
    if value != value:
        return "-"
    mark = "*" if FEW.search(str(row["reason"])) else ""
    return f"{value:.2f}{mark}" + (f" [{low:.2f}, {high:.2f}]" if low == low else "")


def notes(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Return, code by code, why a value or its interval is missing."""
    found = []
    for code, part in table.groupby("code", sort=False):
        said: dict[str, list[str]] = {}
        for measure, reason in zip(part["coefficient"], part["reason"], strict=True):
            for each in str(reason).split("; "):
                if each and not FEW.match(each):
                    said.setdefault(each, []).append(str(measure).rpartition(" ")[2])
        text = "; ".join(
            reason if len(measures) == len(part) else f"{', '.join(measures)}: {reason}"
            for reason, measures in said.items()
        )
        found += [(str(code).rpartition(".")[2], text)] if text else []
    return found
