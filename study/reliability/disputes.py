"""Passages to talk about: where coders decided differently, worst first."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from study.reliability.coefficients import Floats
from study.reliability.decisions import EXCLUDED
from study.reliability.report import by_code

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "source", "line", "start", "end", "unit", "code", "name", "split", "alpha", "disputed",
    "applied", "not_applied", "before", "text",
)  # fmt: skip
CHANGES = (
    "source", "line", "unit", "code", "name", "coder", "coder_applied", "consensus_applied", "text",
)  # fmt: skip


def disagreements(
    units: pd.DataFrame,
    turns: pd.DataFrame | None = None,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
) -> pd.DataFrame:
    """List every unit and code on which coders decided differently, worst first.

    Parameters
    ----------
    units, codes, coders
        As for `by_code`; `units` with start and end where `turns` is given.
    turns
        Table of turns (`tables.turns`: source, line, start, end, quotable, text), for line, text
        and context.  Words are shown only where the participant consented to be quoted.

    Returns
    -------
    Rows sorted by `split`, the share of pairs of coders who differ; then `disputed`, how many
    codes are in dispute on that unit; then `alpha` of the code, lowest first.  `applied` and
    `not_applied` name the coders; `before` is the turn before, mostly the question.  Line is
    missing, text and what came before are empty, where `turns` has none.
    """
    import pandas as pd

    alphas = by_code(
        units, codes, coders=coders, coefficients=["Krippendorff's alpha"], resamples=1
    ).set_index("code")
    named = alphas.index if codes is not None else None
    judged = _judged(units, coders, named)
    yes, no = (_names(judged[judged["value"] == value]) for value in (1, 0))
    found = pd.concat([yes.rename("applied"), no.rename("not_applied")], axis=1, join="inner")
    many = [found[name].str.len().to_numpy(dtype=float) for name in ("applied", "not_applied")]
    found = found.assign(split=_split(many[0], many[1])).reset_index()
    found["alpha"] = found["code"].map(alphas["value"])
    found["name"] = found["code"].map(alphas["name"])
    found["disputed"] = found.groupby("unit")["code"].transform("size")
    for name in ("applied", "not_applied"):
        found[name] = found[name].str.join(", ")
    found = _located(found, units, turns)
    order = ["split", "disputed", "alpha", "source", "start", "unit", "code"]
    rising = [False, False, True, True, True, True, True]
    return found.sort_values(order, ascending=rising, ignore_index=True)[list(COLUMNS)]


def changed_by_consensus(
    units: pd.DataFrame,
    codes: pd.DataFrame | None = None,
    *,
    turns: pd.DataFrame | None = None,
    consensus: str = "consensus",
    coders: Collection[str] | None = None,
) -> pd.DataFrame:
    """List where the agreed coding differs from what a coder had decided alone.

    `units` must hold the decisions of `consensus` too (`tables.units(project, coders=[...])`).
    One row a unit, code and coder overruled; 1 applied, 0 not; line and text as in
    `disagreements`.
    """
    import pandas as pd

    known = None if codes is None else codes["code"]
    judged = _judged(units, None if coders is None else [*coders, consensus], known, consensus)
    keys = ["source", "unit", "code"]
    agreed = judged[judged["coder"] == consensus].set_index(keys)["value"]
    alone = judged[judged["coder"] != consensus]
    both = alone.join(agreed.rename("consensus_applied"), on=keys, how="inner")
    both = both.rename(columns={"value": "coder_applied"})
    both = both[both["coder_applied"] != both["consensus_applied"]]
    names = {} if codes is None else dict(zip(codes["code"], codes["name"], strict=True))
    both = both.assign(name=[names.get(code, code) for code in both["code"]])
    table = pd.DataFrame(_located(both, units, turns)[list(CHANGES)])
    return table.sort_values(["code", "source", "unit", "coder"], ignore_index=True)


def _judged(
    units: pd.DataFrame,
    coders: Collection[str] | None,
    codes: Collection[str] | None,
    also: str = "",
) -> pd.DataFrame:
    """Return the decisions of these coders on these codes, labels as plain text."""
    who = set(units["coder"].unique()) - (set(EXCLUDED) - {also}) if coders is None else set(coders)
    kept = units["coder"].isin(who) & units["value"].notna()
    if codes is not None:
        kept &= units["code"].isin(codes)
    columns = ["source", "unit", "code", "coder", "value"]
    labels = dict.fromkeys(columns[:-1], "object")
    return units.loc[kept, columns].astype(labels)


def _names(judged: pd.DataFrame) -> pd.Series[Any]:
    """Return the coders of each unit and code, in alphabetical order."""
    ordered = judged.sort_values("coder")
    return ordered.groupby(["source", "unit", "code"])["coder"].agg(list)


def _split(applied: NDArray[Any], not_applied: NDArray[Any]) -> Floats:
    """Return the share of pairs of coders who differ."""
    judging = applied + not_applied
    pairs = np.maximum(judging * (judging - 1) / 2, 1)
    return np.asarray(applied * not_applied / pairs)


def _located(found: pd.DataFrame, units: pd.DataFrame, turns: pd.DataFrame | None) -> pd.DataFrame:
    """Add start, end, line, text and the turn before to each row, as far as they are known."""
    if "start" not in units:
        return found.assign(start=np.nan, end=np.nan, line=np.nan, before="", text="")
    places = units[["source", "unit", "start", "end"]].drop_duplicates(["source", "unit"])
    places = places.astype({"source": "object", "unit": "object"})
    found = found.merge(places, on=["source", "unit"], how="left")
    if turns is None:
        return found.assign(line=np.nan, before="", text="")
    rows = _in_turns(found, turns)
    pairs = zip(rows["start"], rows["end"], rows["turn"], rows["words"], strict=True)
    text = [words[int(a - turn) : int(b - turn)] if words else "" for a, b, turn, words in pairs]
    return rows.assign(text=text)


def _in_turns(found: pd.DataFrame, turns: pd.DataFrame) -> pd.DataFrame:
    """Add where the turn of each row begins, its line and words, and the words of the one before.

    Words only of whom one may quote.
    """
    import pandas as pd

    ordered = turns.sort_values(["source", "start"], kind="stable")
    words = ordered["text"].where(ordered["quotable"].astype(bool), "")
    before = words.groupby(ordered["source"], observed=True).shift(fill_value="")
    context = ordered[["source", "start", "line"]].assign(
        turn=ordered["start"], words=words, before=before
    )
    kinds = {"source": "object", "start": "int64"}
    left, right = (
        each.astype(kinds).sort_values("start", kind="stable") for each in (found, context)
    )
    rows = pd.merge_asof(left, right, on="start", by="source")
    return rows.assign(words=rows["words"].fillna(""), before=rows["before"].fillna(""))
