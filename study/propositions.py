"""Evidence for and against a study's propositions: counts, and the quotations behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from study.model import Project, Proposition
from study.tables import codings, groups, scope
from study.tables.masking import Mask
from study.text import words

VERDICTS = ("supports", "mixed", "contradicts")
PASSAGE = ["source", "start", "end"]
QUOTATIONS = (
    "proposition verdict group participant source line start end code stance coding quotation"
).split()


def evidence(project: Project, made: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return every coding that bears on a proposition.

    Returns
    -------
    DataFrame
        The columns of `tables.codings` behind proposition and verdict; one row a proposition and
        coding.  A coding bears on a proposition where it meets one of its conditions (code, or
        one below it, and stance).
    """
    made = codings(project) if made is None else made
    keys = list(_keys(made))
    parts = [
        made[[says[key] == verdict for key in keys]].assign(proposition=claim.id, verdict=verdict)
        for claim in project.propositions
        for says in ({key: claim_verdict(claim, *key) for key in set(keys)},)
        for verdict in VERDICTS
    ]
    columns = ["proposition", "verdict", *made.columns]
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _keys(made: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(made["code"], made["stance"], strict=True)


def claim_verdict(claim: Proposition, code: str, stance: str) -> str:
    """Return what one coding says of a proposition: supports, mixed, contradicts or nothing."""
    for verdict in VERDICTS:
        if any(condition.holds(code, stance) for condition in getattr(claim, verdict)):
            return verdict
    return ""


def table(project: Project, found: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count the evidence for each proposition by stakeholder group and verdict, zeros included.

    Returns
    -------
    DataFrame
        proposition, claim, section, source, group, verdict, passages (a passage with two codes
        that say the same counts once), participants, of_participants (in the group, of those
        whose transcript was coded).  A participant may stand under several verdicts: people
        contradict themselves.
    """
    found = evidence(project) if found is None else found
    coders = set(found["coder"]) if len(found) else None
    sizes = Counter(groups(scope(project, coders)).values())
    keys = ["proposition", "verdict", "group"]
    passages = found.drop_duplicates([*keys, *PASSAGE]).groupby(keys).size()
    people = found.groupby(keys)["participant"].nunique()
    rows = [
        {
            "proposition": claim.id,
            "claim": claim.claim,
            "section": claim.section,
            "source": claim.source,
            "group": group,
            "verdict": verdict,
            "passages": int(passages.get((claim.id, verdict, group), 0)),
            "participants": int(people.get((claim.id, verdict, group), 0)),
            "of_participants": size,
        }
        for claim in project.propositions
        for group, size in sizes.items()
        for verdict in VERDICTS
    ]
    columns = "proposition claim section source group verdict passages participants of_participants"
    return pd.DataFrame(rows, columns=columns.split())


def masked(
    table: pd.DataFrame, found: pd.DataFrame, mask: Mask
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mask the evidence of few participants, and what rests on counts that are masked elsewhere.

    Parameters
    ----------
    table
        What `table` returns.
    found
        What `evidence` returns.
    mask
        The plan of the study.

    Returns
    -------
    The table, with masked numbers missing and a column `masked`; the evidence without its rows,
    nor those of cells not shown by stance: a code's verdict is one of its stances.
    """
    keys = ["proposition", "verdict", "group"]
    hidden = {
        key
        for *key_parts, code in found[[*keys, "code"]].drop_duplicates().itertuples(index=False)
        for key in (tuple(key_parts),)
        if mask.hides(code, key_parts[2])
    }
    small = table[table["participants"].map(mask.few).astype(bool)]
    hidden |= set(small[keys].itertuples(index=False, name=None))
    rows = [key in hidden for key in table[keys].itertuples(index=False, name=None)]
    shown = table.assign(masked=rows)
    for name in ("passages", "participants"):
        shown[name] = table[name].astype("Int64").where(~np.array(rows, dtype=bool))
    cells = zip(found["code"], found["group"], strict=True)
    kept = [
        key not in hidden and cell not in mask.fine and not mask.hides(*cell)
        for key, cell in zip(found[keys].itertuples(index=False, name=None), cells, strict=True)
    ]
    return shown, found[np.array(kept, dtype=bool)].reset_index(drop=True)


def quotations(project: Project, found: pd.DataFrame | None = None, each: int = 2) -> pd.DataFrame:
    """Choose quotations for each proposition, stakeholder group and verdict.

    Only participants whose consent allows it are quoted.  The choice is fixed by rule: another
    participant before a second passage of the same one, then the length nearest to 40 words.

    Returns
    -------
    DataFrame
        proposition, verdict, group, participant, source, line, start, end, code, stance,
        coding (its id), quotation.
    """
    found = evidence(project) if found is None else found
    allowed = found[found["quotable"].astype(bool)].drop_duplicates(
        ["proposition", "verdict", *PASSAGE]
    )
    distance = (allowed["quotation"].map(lambda said: len(words(said))) - 40).abs()
    ranked = allowed.assign(distance=distance).sort_values(
        ["proposition", "verdict", "distance", "source", "start"], kind="stable"
    )
    ranked["turn"] = ranked.groupby(["proposition", "verdict", "group", "participant"]).cumcount()
    ranked = ranked.sort_values("turn", kind="stable")
    chosen = ranked.groupby(["proposition", "verdict", "group"], sort=False).head(each)
    return _in_order(project, chosen)


def _in_order(project: Project, chosen: pd.DataFrame) -> pd.DataFrame:
    ranks = {
        "proposition": {claim.id: rank for rank, claim in enumerate(project.propositions)},
        "verdict": {name: rank for rank, name in enumerate(VERDICTS)},
        "group": {name: rank for rank, name in enumerate(dict.fromkeys(groups(project).values()))},
    }
    ordered = chosen.sort_values(
        ["proposition", "verdict", "group", "turn", "source", "start"],
        key=lambda column: column.map(ranks[str(column.name)]) if column.name in ranks else column,
        kind="stable",
        ignore_index=True,
    )
    return ordered.rename(columns={"id": "coding"})[QUOTATIONS]
