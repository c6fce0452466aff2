"""Counts of passages and of the participants behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations
from math import log

import pandas as pd

from study.model import STANCES, Codebook, Project, under
from study.tables.basic import codings, groups, participant_of
from study.tables.scope import scope
from study.tables.units import units


def frequencies(project: Project, made: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count passages and participants for each code and stakeholder group, zeros included.

    Of the transcripts that the coder of `made` has taken on: others are in no denominator.  A
    code's passages are those given the code itself; codes below it are counted on their own.
    Branches that no passage was given are left out.

    Returns
    -------
    DataFrame
        code, name, branch, group, passages, participants, of_participants (in the group), then
        passages by stance (positive, mixed, negative, neutral) and only_negative: participants
        all of whose passages with this code are negative, who speak of it as absent or failing.
    """
    made, project = _in_scope(project, made)
    people = Counter(groups(project).values())
    used = set(made["code"])
    leaves = {code.path for code in project.codebook.leaves}
    names = _names(project.codebook)
    tally = made.groupby(["code", "group"]).agg(
        passages=("id", "size"), participants=("participant", "nunique")
    )
    stances = _stances(made)
    rows = [
        {
            "code": code.path,
            "name": code.name,
            "branch": names[code.branch],
            "group": group,
            "passages": int(tally["passages"].get((code.path, group), 0)),
            "participants": int(tally["participants"].get((code.path, group), 0)),
            "of_participants": size,
            **stances(code.path, group),
        }
        for code in project.codebook
        if code.path in leaves | used
        for group, size in people.items()
    ]
    columns = "code name branch group passages participants of_participants".split()
    return pd.DataFrame(rows, columns=[*columns, *STANCES, "only_negative"])


def _stances(made: pd.DataFrame) -> Callable[[str, str], dict[str, int]]:
    """Return a function that counts passages by stance, and people with negative ones only."""
    passages = Counter(made[["code", "group", "stance"]].itertuples(index=False, name=None))
    said: dict[tuple[str, str], dict[str, set[str]]] = {}
    for code, group, who, stance in made[["code", "group", "participant", "stance"]].itertuples(
        index=False, name=None
    ):
        said.setdefault((code, group), {}).setdefault(who, set()).add(stance)

    def of(code: str, group: str) -> dict[str, int]:
        people = said.get((code, group), {}).values()
        counts = {stance: passages[code, group, stance] for stance in STANCES}
        return counts | {"only_negative": sum(stances == {"negative"} for stances in people)}

    return of


def _names(book: Codebook) -> dict[str, str]:
    return {code.path: code.name for code in book}


def _in_scope(project: Project, made: pd.DataFrame | None) -> tuple[pd.DataFrame, Project]:
    """Return the codings to count (None: the reporting coder's) and the study as far as coded."""
    made = codings(project) if made is None else made
    return made, scope(project, set(made["coder"]) if len(made) else None)


def practices(project: Project, counted: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table of frequencies that belong on the map of current practice.

    Those of the codes that `map.practices` names and of all codes below them, practice after
    practice in the order of study.toml; the codes of one stand in the codebook's order.
    """
    named = project.settings.practices

    def place(code: str) -> int:
        return next((rank for rank, path in enumerate(named) if under(code, path)), len(named))

    places = counted["code"].map(place)
    kept = counted[places < len(named)].assign(place=places)
    return kept.sort_values("place", kind="stable", ignore_index=True).drop(columns="place")


def spectrum(project: Project, made: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return how each participant characterises the concept (the branch `map.spectrum`).

    Returns
    -------
    DataFrame
        participant, group, code, name, stance, passages: one row for each stance in which a
        participant speaks of a feature; stance "" and 0 passages where they do not.  Participants
        whose transcript the coder has not taken on are left out.
    """
    made, project = _in_scope(project, made)
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
    """Count which codes are applied within the same turn of a participant, of those coded.

    Passages are coded short, so what is talked about together mostly stands side by side in a
    turn; `overlaps` counts the passages that truly overlap.

    Returns
    -------
    DataFrame
        code_a, name_a, code_b, name_b, branch_a, branch_b (pairs in codebook order, only those
        that meet), turns (with both codes), turns_a, turns_b, participants (with such a turn),
        overlaps (pairs of overlapping passages), passages_a, passages_b, jaccard (turns with
        both over turns with either, between 0 and 1) and npmi: normalised pointwise mutual
        information over all turns of participants, -1 to 1, 0 where the codes have nothing to do
        with one another (Bouma 2009, Proceedings of GSCL, 31-40).
    """
    made = codings(project) if made is None else made
    turns = _turns_by_code(project, made)
    overlaps = _overlapping(made)
    totals = made["code"].value_counts()
    names = _names(project.codebook)
    every = sum(len(source.heard) for source in _in_scope(project, made)[1].sources)
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
                    "npmi": _npmi(len(a & b), len(a), len(b), every),
                }
            )
    return pd.DataFrame(rows, columns=COOCCURRENCE)


def _npmi(both: int, a: int, b: int, every: int) -> float:
    """Return how much oftener than by chance two codes meet, 1 where they always do."""
    return 1.0 if both == every else log(both * every / (a * b)) / log(every / both)


COOCCURRENCE = (
    "code_a name_a code_b name_b branch_a branch_b turns turns_a turns_b participants overlaps "
    "passages_a passages_b jaccard npmi"
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
    hits = table[table["value"] == 1]
    found: dict[str, set[tuple[str, str]]] = {}
    for code, who, unit in zip(hits["code"], hits["participant"], hits["unit"], strict=True):
        found.setdefault(code, set()).add((who, unit))
    return found
