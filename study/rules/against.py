"""The codings of rules against those of one coder, as measures of reliability are made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from study import tables
from study.model import Project
from study.reliability.coefficients import Floats
from study.reliability.decisions import decisions
from study.reliability.measures import ALPHA, Measure
from study.reliability.patterns import Patterns, collapse
from study.reliability.report import COLUMNS as REPORTED
from study.reliability.report import RARE, Resampling, labels_of, report
from study.rules.applying import RULES

COUNTS = ("found", "coded", "both")
COLUMNS = ("against", "patterns", *REPORTED, *COUNTS)
NO_PATTERNS = "the code has no patterns"
SOURCE = "van Rijsbergen 1979, Information Retrieval, chapter 7"

Share = tuple[str, str, str, Callable[[Floats, Floats, Floats], Floats]]
# Name, definition, why it may be undefined, and the share from turns found, coded and both.
SHARES: tuple[Share, ...] = (
    (
        "precision",
        "share of the turns found by rules to which the coder gave the code",
        "rules found nothing in these transcripts",
        lambda found, coded, both: both / found,
    ),
    (
        "recall",
        "share of the turns to which the coder gave the code that rules found",
        "the coder did not give the code in these transcripts",
        lambda found, coded, both: both / coded,
    ),
    (
        "F1",
        "harmonic mean of precision and recall",
        "neither rules nor the coder gave the code in these transcripts",
        lambda found, coded, both: 2 * both / (found + coded),
    ),
)
RESTS = {"precision": ("found",), "recall": ("coded",)}
"""The turns on which a measure rests; others rest on both kinds."""


def one(
    project: Project,
    coder: str,
    codes: Sequence[str],
    able: Collection[str],
    *,
    resamples: int,
    level: float,
) -> pd.DataFrame:
    """Return the rows of one coder; `able` are the codes that have patterns."""
    units = tables.units(project, coders=[RULES, coder])
    book = tables.codebook(project)
    book = book[book["code"].isin(codes)]
    made = decisions(units, book["code"].tolist(), [RULES, coder] if len(units) else None)
    found = collapse(made)
    how = Resampling(resamples, project.settings.seed, level)
    table = report(found, labels_of(found.codes, book), "turn", how, _measures(made.coders, coder))
    counted = pd.DataFrame(_counts(found, made.coders), columns=list(COUNTS))
    counted = counted.astype(int).assign(code=list(found.codes))
    table = table.merge(counted, on="code", how="left").assign(against=coder)
    bare = ~table["code"].isin(able)
    table.loc[bare, ["value", "low", "high"]] = np.nan
    weak = [few(row) for row in table.to_dict("records")]
    said = zip(table["reason"], weak, strict=True)
    table["reason"] = ["; ".join(filter(None, each)) for each in said]
    table.loc[bare, "reason"] = NO_PATTERNS
    table.loc[bare, "warning"] = ""
    return table


def few(row: Mapping[Hashable, Any]) -> str:
    """Say on how few turns a value rests; nothing where there is none, or they are enough."""
    if row["value"] != row["value"]:
        return ""
    who = {"found": "found by rules", "coded": f"coded by {row['against']}"}
    return "; ".join(
        f"only {row[kind]} turns {who[kind]}"
        for kind in RESTS.get(row["coefficient"], ("found", "coded"))
        if row[kind] < RARE[0]
    )


def _measures(coders: Sequence[str], coder: str) -> tuple[Measure, ...]:
    """Return the measures, given in which order the two coders stand in the marks."""
    sums = partial(_sums, coders=coders)
    shares = (
        Measure(
            name=name,
            definition=definition,
            source=SOURCE,
            sums=sums,
            value=partial(_value, share=share),
            undefined=undefined.replace("the coder", coder),
            weighs=False,
        )
        for name, definition, undefined, share in SHARES
    )
    return (*shares, ALPHA)


def _sums(marks: Floats, coders: Sequence[str]) -> Floats:
    """Count turns found, coded and both: (..., 3).

    Marks are (..., units, coders, categories), the last did not apply / applied, of transcripts
    that both have gone through.
    """
    mine = list(coders).index(RULES)
    found, coded = marks[..., mine, 1], marks[..., 1 - mine, 1]
    return np.asarray(np.stack([found, coded, found * coded], axis=-1).sum(axis=-2))


def _value(sums: Floats, share: Callable[[Floats, Floats, Floats], Floats]) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return share(*np.moveaxis(sums, -1, 0))


def _counts(found: Patterns, coders: Sequence[str]) -> Floats:
    """Return the turns found, coded and both of each code (codes, 3)."""
    if len(coders) < 2:
        return np.zeros((len(found.codes), 3))
    each = _sums(found.marks[:, np.newaxis], coders)
    return np.asarray(np.tensordot(found.times, each, axes=1).sum(axis=0))
