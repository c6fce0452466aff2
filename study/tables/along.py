"""Where codes stand: along each transcript, and in the tree of the codebook."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from study.errors import NotPossibleError
from study.files import suggest
from study.model import Project, Source
from study.tables.basic import codings, groups, participant_of
from study.tables.scope import scope
from study.text import WORD, spoken

TIMELINE = (
    "source participant group kind id role code name branch stance line from_word to_word of_words"
).split()
TREE = (
    "code name branch level parent passages passages_below participants of_participants"
).split()


def timeline(
    project: Project, interview: str = "", made: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return where each turn and each coded passage stands in its transcript, counted in words.

    Parameters
    ----------
    project
        A loaded study.
    interview
        Participant or transcript; empty for all transcripts that the coder has taken on.
    made
        Codings as `tables.codings` gives them; None for the reporting coder's.

    Returns
    -------
    DataFrame
        source, participant, group, kind (`turn` or `passage`), id (of the coding), role (of the
        turn's speaker), code, name, branch, stance, line, from_word, to_word (words said before
        the stretch begins and ends, by anybody), of_words (all words of the transcript).  Turns
        first, so that an interview without codings has its rows too.

    Raises
    ------
    NotPossibleError
        No such interview, or one that the coder has not taken on.
    """
    made = codings(project) if made is None else made
    read = scope(project, set(made["coder"])) if len(made) else scope(project)
    chosen = _chosen(project, read, interview)
    person, group = participant_of(project), groups(project)
    order = [name for name in group if name in {source.name for source in chosen}]
    sources = {source.name: source for source in chosen}
    passages = dict(iter(made.groupby("source", sort=False)))
    empty = made.iloc[:0]
    rows = [
        {"source": name, "participant": person[name], "group": group[name], **row}
        for name in order
        for row in _rows(sources[name], passages.get(name, empty))
    ]
    return pd.DataFrame(rows, columns=TIMELINE)


def _chosen(project: Project, read: Project, interview: str) -> list[Source]:
    """Return the transcripts asked for."""
    if not interview:
        return list(read.sources)
    person = participant_of(project)
    known = {name for pair in person.items() for name in pair}
    if interview not in known:
        named = sorted(set(person.values()))
        listed = ", ".join(named[:12]) + (", ..." if len(named) > 12 else "")
        close = suggest(interview, sorted(known))
        raise NotPossibleError(f"no interview {interview!r}{close}; there are: {listed}")
    found = [one for one in read.sources if interview in {one.name, person[one.name]}]
    if not found:
        raise NotPossibleError(
            f"{interview!r} has not been coded yet by the coder whose codings the results count"
        )
    return found


def _rows(source: Source, passages: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield the rows of one transcript: its turns, then its passages."""
    before, total = _counter(source)
    blank = dict.fromkeys(("id", "role", "code", "name", "branch", "stance"), "")
    for turn in source.turns:
        start, end = turn.selection.start, turn.selection.end
        yield {
            **blank,
            "kind": "turn",
            "role": turn.role,
            "line": source.line_of(start),
            "from_word": before(start),
            "to_word": before(end),
            "of_words": total,
        }
    columns = ["id", "code", "name", "branch", "stance", "line"]
    for row in passages[[*columns, "start", "end"]].to_dict("records"):
        yield {
            **blank,
            "kind": "passage",
            **{column: row[column] for column in columns},
            "from_word": before(row["start"]),
            "to_word": before(row["end"]),
            "of_words": total,
        }


def _counter(source: Source) -> tuple[Callable[[int], int], int]:
    """Return a function that counts the words said before an offset, and how many there are."""
    starts = [
        turn.selection.start + word.start()
        for turn in source.turns
        for word in WORD.finditer(spoken(source.quote(turn.selection)))
    ]
    return lambda offset: bisect.bisect_left(starts, offset), len(starts)


def code_tree(project: Project, made: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count passages and participants of every code and of all codes below it, zeros included.

    Returns
    -------
    DataFrame
        In the order of the codebook, branches before their codes: code, name, branch (its name),
        level (1 at the top), parent, passages (given the code itself), passages_below (given it
        or a code below it: a passage with two of them counts twice), participants (with any of
        these), of_participants.
    """
    made = codings(project) if made is None else made
    read = scope(project, set(made["coder"])) if len(made) else scope(project)
    names = {code.path: code.name for code in project.codebook}
    own, below, people = _tallies(made)
    rows = [
        {
            "code": path,
            "name": names[path],
            "branch": names.get(path.partition(".")[0], path),
            "level": path.count(".") + 1,
            "parent": path.rpartition(".")[0],
            "passages": own.get(path, 0),
            "passages_below": below.get(path, 0),
            "participants": len(people.get(path, ())),
            "of_participants": len(read.sources),
        }
        for path in _walked(list(names))
    ]
    return pd.DataFrame(rows, columns=TREE)


def _tallies(
    made: pd.DataFrame,
) -> tuple[Mapping[str, int], Mapping[str, int], Mapping[str, set[str]]]:
    """Return passages, passages with those of codes below, and participants, by code."""
    own: dict[str, int] = {}
    below: dict[str, int] = {}
    people: dict[str, set[str]] = {}
    for code, who in made[["code", "participant"]].itertuples(index=False, name=None):
        own[code] = own.get(code, 0) + 1
        parts = code.split(".")
        for depth in range(1, len(parts) + 1):
            path = ".".join(parts[:depth])
            below[path] = below.get(path, 0) + 1
            people.setdefault(path, set()).add(who)
    return own, below, people


def _walked(paths: list[str]) -> Iterator[str]:
    """Yield codes so that each stands below its parent, siblings in the codebook's order."""
    children: dict[str, list[str]] = {}
    for path in paths:
        children.setdefault(path.rpartition(".")[0], []).append(path)
    waiting = list(reversed(children.get("", [])))
    while waiting:
        path = waiting.pop()
        yield path
        waiting += reversed(children.get(path, []))
