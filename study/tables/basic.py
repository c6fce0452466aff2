"""The records of a study as tables: turns, participants, codes, codings, and who coded what."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Mapping

import pandas as pd

from study.errors import NotPossibleError
from study.model import Case, Coding, Project, Source
from study.tables.scope import reporting_coder
from study.text import words

EVERYONE = "all participants"


def groups(project: Project) -> dict[str, str]:
    """Return each source's stakeholder group, the groups in the order of study.toml.

    A participant whose group is empty, or a study without that column, is in `all participants`.
    """
    found = {case.source: group_of(project, case) for case in project.cases}
    for source in project.sources:
        found.setdefault(source.name, EVERYONE)
    order = [*project.settings.group_order, *sorted(set(found.values()))]
    return dict(sorted(found.items(), key=lambda item: (order.index(item[1]), item[0])))


def group_of(project: Project, case: Case) -> str:
    """Return the stakeholder group of one participant."""
    return case.values.get(project.settings.group, "") or EVERYONE


def participant_of(project: Project) -> dict[str, str]:
    """Return the participant's id of each source; the source's own name where there is none."""
    named = {case.source: case.name for case in project.cases}
    return {source.name: named.get(source.name, source.name) for source in project.sources}


def quotable(project: Project) -> frozenset[str]:
    """Return the sources whose participant consented to be quoted; nobody else is."""
    return frozenset(case.source for case in project.cases if case.consent == "quote")


def turns(project: Project) -> pd.DataFrame:
    """Return one row a turn.

    Columns: source, line, start, end, speaker, role, heard (whether it counts as participants'
    talk: that of participants, or of unknown speakers in a transcript where nobody is marked as
    participant), quotable (whether the participant consented to be quoted), participant, group,
    start_time, end_time (seconds, missing where the transcript has none), words, text.
    """
    named, group, allowed = participant_of(project), groups(project), quotable(project)
    rows = [
        {
            "source": source.name,
            "line": line(turn.selection.start),
            "start": turn.selection.start,
            "end": turn.selection.end,
            "speaker": turn.speaker,
            "role": turn.role,
            "heard": turn.role == told,
            "quotable": source.name in allowed,
            "participant": named[source.name],
            "group": group[source.name],
            "start_time": turn.start_time,
            "end_time": turn.end_time,
            "words": len(words(source.quote(turn.selection))),
            "text": source.quote(turn.selection),
        }
        for source in project.sources
        for line, told in ((_lines(source), source.heard_role),)
        for turn in source.turns
    ]
    columns = (
        "source line start end speaker role heard quotable participant group start_time end_time "
        "words text"
    )
    frame = pd.DataFrame(rows, columns=columns.split())
    return frame.astype(
        {"start_time": "float64", "end_time": "float64", "heard": bool, "quotable": bool}
    )


def _lines(source: Source) -> Callable[[int], int]:
    """Return a function from an offset of the source to its line, quick for many offsets."""
    ends = [match.start() for match in re.finditer("\n", source.text)]
    return lambda offset: bisect.bisect_left(ends, offset) + 1


def cases(project: Project) -> pd.DataFrame:
    """Return one row a participant: participant, transcript, group, words, then each variable.

    `words` counts the participant's own words: those of the turns that are heard.  The column
    that `map.group` names stands as `group`; a variable called like one of these is left out.
    """
    spoken = turns(project)
    own = spoken[spoken["heard"]].groupby("source")["words"].sum()
    taken = {"id", "participant", "transcript", "group", "words", project.settings.group}
    rows = [
        {
            "participant": case.name,
            "transcript": case.source,
            "group": group_of(project, case),
            "words": int(own.get(case.source, 0)),
            **{key: value for key, value in case.values.items() if key not in taken},
        }
        for case in project.cases
    ]
    frame = pd.DataFrame(rows, columns=None if rows else ["participant", "transcript", "group"])
    order = list(dict.fromkeys(groups(project).values()))
    return frame.sort_values(
        ["group", "participant"],
        key=lambda column: column.map(order.index) if column.name == "group" else column,
        kind="stable",
        ignore_index=True,
    )


def codebook(project: Project, *, leaves: bool = False) -> pd.DataFrame:
    """Return one row a code, in the codebook's order; only those without codes below if asked for.

    Columns: code, name, branch (its name), level (1 at the top), definition, include, exclude,
    example, near_miss, colour, guid.
    """
    names = {code.path: code.name for code in project.codebook}
    rows = [
        {
            "code": code.path,
            "name": code.name,
            "branch": names.get(code.branch, code.branch),
            "level": code.path.count(".") + 1,
            "definition": code.definition,
            "include": code.include,
            "exclude": code.exclude,
            "example": code.example,
            "near_miss": code.near_miss,
            "colour": code.colour,
            "guid": code.guid,
        }
        for code in (project.codebook.leaves if leaves else project.codebook)
    ]
    columns = "code name branch level definition include exclude example near_miss colour guid"
    return pd.DataFrame(rows, columns=columns.split())


def codings(project: Project, coder: str | None = None) -> pd.DataFrame:
    """Return one row a coding of one coder (None: the one whose codings the results count).

    Columns: id, source, participant, group, line, start, end, code, name, branch, stance, coder,
    created, memo, quotation, quotable.  Where the participant's consent forbids quoting, memo
    and quotation are empty: coders like to quote in memos.

    Raises
    ------
    NotPossibleError
        No such coder has coded in this study.
    """
    chosen = reporting_coder(project) if coder is None else coder
    if coder is not None and coder not in project.assigned:
        message = f"no coder {coder!r} in this study; there are: {', '.join(project.assigned)}"
        raise NotPossibleError(message)
    sources = {source.name: source for source in project.sources}
    order = {code.path: number for number, code in enumerate(project.codebook)}
    made = [coding for coding in project.codings if coding.coder == chosen]
    made.sort(key=lambda coding: (coding.selection, order.get(coding.code, -1)))
    lines = {name: _lines(source) for name, source in sources.items()}
    describe = _describer(project, sources, lines)
    columns = (
        "id source participant group line start end code name branch stance coder created memo "
        "quotation quotable"
    ).split()
    return pd.DataFrame([describe(coding) for coding in made], columns=columns)


def _describer(
    project: Project,
    sources: Mapping[str, Source],
    lines: Mapping[str, Callable[[int], int]],
) -> Callable[[Coding], dict[str, object]]:
    people, group = participant_of(project), groups(project)
    names = {code.path: code.name for code in project.codebook}
    may_quote = quotable(project)

    def describe(coding: Coding) -> dict[str, object]:
        selection = coding.selection
        branch = coding.code.partition(".")[0]
        allowed = selection.source in may_quote
        return {
            "id": coding.id,
            "source": selection.source,
            "participant": people[selection.source],
            "group": group[selection.source],
            "line": lines[selection.source](selection.start),
            "start": selection.start,
            "end": selection.end,
            "code": coding.code,
            "name": names[coding.code],
            "branch": names[branch],
            "stance": coding.stance,
            "coder": coding.coder,
            "created": coding.created,
            "memo": coding.memo if allowed else "",
            "quotation": sources[selection.source].quote(selection) if allowed else "",
            "quotable": allowed,
        }

    return describe


def status(project: Project) -> pd.DataFrame:
    """Return who has coded what: one row a transcript, one column a coder.

    Columns: source, participant, group, turns, words, then for each coder the number of codings
    (missing where the coder has not taken on the transcript).
    """
    spoken = turns(project)
    people, group = participant_of(project), groups(project)
    table = pd.DataFrame(
        {
            "source": [source.name for source in project.sources],
            "participant": [people[source.name] for source in project.sources],
            "group": [group[source.name] for source in project.sources],
        }
    )
    talk = spoken.groupby("source").agg(turns=("line", "size"), words=("words", "sum"))
    for column in talk.columns:
        table[column] = table["source"].map(talk[column]).fillna(0)
    made = pd.Series([(c.coder, c.selection.source) for c in project.codings], dtype=object)
    counts = made.value_counts()
    for coder, taken in project.assigned.items():
        table[coder] = pd.array(
            [counts.get((coder, name), 0) if name in taken else pd.NA for name in table["source"]],
            dtype="Int64",
        )
    return table.astype({"turns": "int64", "words": "int64"})
