"""Units: every coder's decision, yes or no, for each code on each unit they have worked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.errors import NotPossibleError
from study.model import Coding, Project, Selection, Source
from study.tables.basic import groups, participant_of
from study.tables.scope import people
from study.text import sentences

UNITS = ("turn", "sentence", "source", "character")
COLUMNS = "unit source participant group start end code coder value".split()

Integers = NDArray[np.int64]


def units(
    project: Project, unit: str = "turn", coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return one row a unit, code and coder who has worked on the unit's transcript.

    Parameters
    ----------
    project
        A loaded study.
    unit
        `turn` (turns of the participants: those that `tables.turns` says are heard), `sentence`
        (their sentences), `source` (whole transcripts) or `character` (of their turns).
    coders
        Names; None takes all but those of `model.DERIVED` (consensus, machines), which are no
        independent readings.

    Returns
    -------
    DataFrame
        unit, source, participant, group, start, end, code, coder, value; texts are categorical.  A
        value of 1 says that a coding of this code by this coder shares at least one character
        with the unit; 0 that the coder worked on the transcript and did not apply the code here.
        Characters on which nothing changes, between two boundaries of turns or passages, stand in
        one row; it counts for as many as the column `length` says, which only these units have.

    Raises
    ------
    NotPossibleError
        The unit or a coder is unknown.
    """
    if unit not in UNITS:
        raise NotPossibleError(f"unit {unit!r} is none of: {', '.join(UNITS)}")
    chosen = people(project) if coders is None else list(coders)
    for name in chosen:
        if name not in project.assigned:
            known = ", ".join(project.assigned)
            raise NotPossibleError(f"no coder {name!r} in this study; there are: {known}")
    made = _by_coder_and_source(project, chosen)
    table = _table(project, _passages(project, unit, made), chosen, made)
    if unit == "character":
        table["length"] = (table["end"] - table["start"]).astype(np.int64)
    table.attrs["unit"] = unit
    return table


def stances(project: Project, coders: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the stance that each coder gave each code on each turn, where it is one stance.

    Turns on which a coder gave a code with two stances, or none, are left out.

    Returns
    -------
    DataFrame
        unit (as in `units`), source, code, coder, stance.
    """
    chosen = people(project) if coders is None else coders
    made = _by_coder_and_source(project, chosen)
    rows: dict[tuple[str, str, str, str], set[str]] = {}
    for source in project.sources:
        passages = _selections(source, "turn")
        for coder in chosen:
            judged = [one for one in made.get((coder, source.name), ()) if one.stance]
            for coding, first, last in zip(judged, *_touched(passages, judged), strict=True):
                for passage in passages[first:last]:
                    key = (_name(passage), source.name, coding.code, coder)
                    rows.setdefault(key, set()).add(coding.stance)
    found = [(*key, *said) for key, said in sorted(rows.items()) if len(said) == 1]
    table = pd.DataFrame(found, columns="unit source code coder stance".split())
    table.attrs["unit"] = "turn"
    return table


def _passages(
    project: Project, unit: str, made: Mapping[tuple[str, str], list[Coding]]
) -> list[list[Selection]]:
    """Return the units of each source."""
    if unit != "character":
        return [_selections(source, unit) for source in project.sources]
    found: dict[str, list[Selection]] = {}
    for (_, name), codings in made.items():
        found.setdefault(name, []).extend(coding.selection for coding in codings)
    return [_stretches(source, found.get(source.name, [])) for source in project.sources]


def _selections(source: Source, unit: str) -> list[Selection]:
    """Return turns, sentences, or the whole of a source."""
    if unit == "source":
        return [Selection(source.name, 0, len(source.text))]
    heard = [turn.selection for turn in source.heard]
    if unit == "turn":
        return heard
    return [
        Selection(source.name, turn.start + start, turn.start + end)
        for turn in heard
        for start, end in sentences(source.quote(turn))
    ]


def _stretches(source: Source, passages: Sequence[Selection]) -> list[Selection]:
    """Cut the turns that are heard wherever a passage begins or ends."""
    turns = [turn.selection for turn in source.heard]
    edges = {edge for one in (*turns, *passages) for edge in (one.start, one.end)}
    cuts = np.array(sorted(edges), dtype=np.int64)
    begins, ends = (np.array([getattr(turn, end) for turn in turns]) for end in ("start", "end"))
    turn = np.searchsorted(begins, cuts[:-1], side="right") - 1
    inside = (turn >= 0) & (cuts[:-1] < ends[turn]) if turns else np.zeros(len(turn), dtype=bool)
    kept = np.flatnonzero(inside)
    return [Selection(source.name, int(cuts[at]), int(cuts[at + 1])) for at in kept]


def _name(passage: Selection) -> str:
    return f"{passage.source}:{passage.start}"


def _by_coder_and_source(
    project: Project, coders: Sequence[str]
) -> Mapping[tuple[str, str], list[Coding]]:
    """Return the codings of these coders, by coder and source."""
    found: dict[tuple[str, str], list[Coding]] = {}
    for coding in project.codings:
        if coding.coder in coders:
            found.setdefault((coding.coder, coding.selection.source), []).append(coding)
    return found


def _touched(passages: Sequence[Selection], made: Sequence[Coding]) -> tuple[Integers, Integers]:
    """Return the first unit that each coding touches, and the one after the last."""
    starts, ends = (
        np.array([getattr(passage, end) for passage in passages], dtype=np.int64)
        for end in ("start", "end")
    )
    first = np.searchsorted(ends, [coding.selection.start for coding in made], side="right")
    last = np.searchsorted(starts, [coding.selection.end for coding in made], side="left")
    return first, last


def _applied(
    passages: Sequence[Selection], made: Sequence[Coding], column: Mapping[str, int]
) -> NDArray[np.int8]:
    """Return which codes touch which units (units, codes)."""
    first, last = _touched(passages, made)
    code = np.array([column[coding.code] for coding in made], dtype=np.int64)
    steps = np.zeros((len(passages) + 1, len(column)), dtype=np.int32)
    np.add.at(steps, (first, code), 1)
    np.add.at(steps, (last, code), -1)
    return (steps.cumsum(axis=0)[:-1] > 0).astype(np.int8)


def _table(
    project: Project,
    passages: Sequence[Sequence[Selection]],
    coders: Sequence[str],
    made: Mapping[tuple[str, str], list[Coding]],
) -> pd.DataFrame:
    """Put together the decisions of each coder on each source: passages (sources, units)."""
    codes = [code.path for code in project.codebook]
    column = {code: number for number, code in enumerate(codes)}
    begins = [0, *accumulate(len(found) for found in passages)]
    unit, coder, values = [], [], []
    for place, source in enumerate(project.sources):
        for number, name in enumerate(coders):
            if source.name in project.assigned[name]:
                size = begins[place + 1] - begins[place]
                unit.append(np.arange(begins[place], begins[place + 1]))
                coder.append(np.full(size, number))
                values.append(_applied(passages[place], made.get((name, source.name), ()), column))
    if not codes or not sum(map(len, unit)):
        return pd.DataFrame(columns=COLUMNS)
    at = np.repeat(np.concatenate(unit), len(codes))
    every = [passage for found in passages for passage in found]
    names = [passage.source for passage in every]
    person, group = participant_of(project), groups(project)
    return pd.DataFrame(
        {
            "unit": _texts([_name(passage) for passage in every], at),
            "source": _texts(names, at),
            "participant": _texts([person[name] for name in names], at),
            "group": _texts([group[name] for name in names], at),
            "start": np.array([passage.start for passage in every])[at],
            "end": np.array([passage.end for passage in every])[at],
            "code": _texts(codes, np.tile(np.arange(len(codes)), len(at) // len(codes))),
            "coder": _texts(coders, np.repeat(np.concatenate(coder), len(codes))),
            "value": np.concatenate(values).ravel(),
        }
    )


def _texts(labels: Sequence[str], at: Integers) -> pd.Categorical[str]:
    """Return the label of each row, given its place among the labels; some may be the same."""
    numbers, distinct = pd.factorize(np.array(labels, dtype=object))
    return pd.Categorical.from_codes(np.asarray(numbers)[at], pd.Index(distinct))
