"""Counts of passages and of the participants behind them."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pandas as pd

from study.model import Codebook, Project
from study.tables.basic import codings, groups, participant_of
from study.tables.units import units


def frequencies(project: Project, made: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count passages and participants for each code and stakeholder group, zeros included.

    A code's passages are those given the code itself; codes below it are counted on their own.
    Branches that no passage was given are left out.

    Returns
    -------
    DataFrame
        code, name, branch, group, passages, participants, of_participants (in the group).
    """
    made = codings(project) if made is None else made
    people = _people(project)
    used = set(made["code"])
    leaves = {code.path for code in project.codebook.leaves}
    names = _names(project.codebook)
    tally = made.groupby(["code", "group"]).agg(
        passages=("id", "size"), participants=("participant", "nunique")
    )
    rows = [
        {
            "code": code.path,
            "name": code.name,
            "branch": names[code.branch],
            "group": group,
            "passages": int(tally["passages"].get((code.path, group), 0)),
            "participants": int(tally["participants"].get((code.path, group), 0)),
            "of_participants": size,
        }
        for code in project.codebook
        if code.path in leaves | used
        for group, size in people.items()
    ]
    columns = "code name branch group passages participants of_participants".split()
    return pd.DataFrame(rows, columns=columns)


def _names(book: Codebook) -> dict[str, str]:
    return {code.path: code.name for code in book}


def _people(project: Project) -> dict[str, int]:
    """Return the number of participants with a transcript in each group, groups in order."""
    return {
        str(group): int(count)
        for group, count in pd.Series(list(groups(project).values()))
        .value_counts(sort=False)
        .items()
    }


def spectrum(project: Project, made: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return how each participant characterises the concept (the branch `map.spectrum`).

    Returns
    -------
    DataFrame
        participant, group, code, name, stance, passages: one row for each stance in which a
        participant speaks of a feature; stance "" and 0 passages where they do not.
    """
    made = codings(project) if made is None else made
    top = project.settings.spectrum
    features = [code for code in project.codebook.leaves if code.path.startswith(top + ".")]
    people = participant_of(project)
    tally: dict[tuple[str, str], dict[str, int]] = {}
    for who, path, stance in made[["participant", "code", "stance"]].itertuples(index=False):
        said = tally.setdefault((who, path), {})
        said[stance] = said.get(stance, 0) + 1
    rows = []
    for source, group in groups(project).items():
        for code in features if source in people else ():
            said = tally.get((people[source], code.path), {"": 0})
            rows += [
                (people[source], group, code.path, code.name, stance, count)
                for stance, count in said.items()
            ]
    return pd.DataFrame(rows, columns="participant group code name stance passages".split())


def cooccurrence(project: Project, made: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count which codes are applied within the same turn of a participant.

    Passages are coded short, so what is talked about together mostly stands side by side in a
    turn; `overlaps` counts the passages that truly overlap.

    Returns
    -------
    DataFrame
        code_a, name_a, code_b, name_b, branch_a, branch_b (pairs in codebook order, only those
        that meet), turns (with both codes), turns_a, turns_b, participants (with such a turn),
        overlaps (pairs of overlapping passages), passages_a, passages_b, and jaccard: turns with
        both over turns with either, between 0 and 1.
    """
    made = codings(project) if made is None else made
    turns = _turns_by_code(project, made)
    overlaps = _overlapping(made)
    totals = made["code"].value_counts()
    names = _names(project.codebook)
    rows = []
    for one, other in combinations([code for code in project.codebook if turns.get(code.path)], 2):
        a, b = turns[one.path], turns[other.path]
        if a & b:
            rows.append(
                {
                    "code_a": one.path,
                    "name_a": one.name,
                    "code_b": other.path,
                    "name_b": other.name,
                    "branch_a": names[one.branch],
                    "branch_b": names[other.branch],
                    "turns": len(a & b),
                    "turns_a": len(a),
                    "turns_b": len(b),
                    "participants": len({who for who, _ in a & b}),
                    "overlaps": overlaps.get(frozenset((one.path, other.path)), 0),
                    "passages_a": int(totals[one.path]),
                    "passages_b": int(totals[other.path]),
                    "jaccard": len(a & b) / len(a | b),
                }
            )
    return pd.DataFrame(rows, columns=COOCCURRENCE)


COOCCURRENCE = (
    "code_a name_a code_b name_b branch_a branch_b turns turns_a turns_b participants overlaps "
    "passages_a passages_b jaccard"
).split()


def _overlapping(made: pd.DataFrame) -> Counter[frozenset[str]]:
    """Count the overlapping passages of each pair of codes."""
    pairs: Counter[frozenset[str]] = Counter()
    for _, passages in made.groupby("source", sort=True):
        running: list[tuple[int, str]] = []
        for start, end, code in sorted(
            zip(*(passages[column] for column in ("start", "end", "code")), strict=True)
        ):
            running = [one for one in running if one[0] > start]
            pairs.update(frozenset((code, other)) for _, other in running if other != code)
            running.append((end, code))
    return pairs


def _turns_by_code(project: Project, made: pd.DataFrame) -> dict[str, set[tuple[str, str]]]:
    """Return the turns, with their participants, in which each code was applied."""
    coder = next(iter(made["coder"]), None)
    if coder is None:
        return {}
    table = units(project, "turn", [coder])
    found: dict[str, set[tuple[str, str]]] = {}
    for code, who, unit in table.loc[table["value"] == 1, ["code", "participant", "unit"]].values:
        found.setdefault(code, set()).add((who, unit))
    return found
