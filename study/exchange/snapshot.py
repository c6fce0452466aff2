"""A study as plain tables for R, Stata or SQL: one .csv or .parquet of codings, or all in SQLite.

Values are whole numbers, decimals and texts in UTF-8; yes and no are 1 and 0; moments are ISO 8601
in UTC; nothing is a factor, a list or a date of one program's own.  `contents` says what each
column holds.
"""

from __future__ import annotations

import bisect
import csv
import datetime as dt
import io
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study import tables
from study.errors import MissingExtraError
from study.files import write_atomic
from study.model import DERIVED, MACHINES, Project
from study.tables.basic import group_of, participant_of
from study.text import words

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, each with its kind and what it holds, and its rows."""

    name: str
    about: str
    columns: Mapping[str, tuple[str, str]]
    rows: tuple[tuple[Value, ...], ...]


_TEXT, _WHOLE, _REAL = "TEXT", "INTEGER", "REAL"
_PLACES = {
    "start": (_WHOLE, "first character of the passage in the transcript's text, counted from 0"),
    "end": (_WHOLE, "where the passage ends; in R: substr(text, start + 1, end)"),
    "line": (_WHOLE, "line of the transcript on which it begins, from 1"),
}
_QUOTABLE = (_WHOLE, "1 if the participant agreed to be quoted, else 0: do not publish these words")
_WHOSE = {
    "transcript": (_TEXT, "name of the transcript"),
    "participant": (_TEXT, "the participant's id"),
    "group": (_TEXT, "the participant's group"),
}
_CODINGS = {
    "id": (_TEXT, "the coding's id, which never changes"),
    **_WHOSE,
    "turn": (_WHOLE, "number of the turn in which it begins, from 1; empty outside of turns"),
    **_PLACES,
    "code": (_TEXT, "dotted path of the code"),
    "name": (_TEXT, "the code's name"),
    "branch": (_TEXT, "path of the top code above it"),
    "stance": (_TEXT, "positive, mixed, negative, neutral, or empty"),
    "coder": (_TEXT, "who coded"),
    "kind": (_TEXT, "person, consensus or machine"),
    "created": (_TEXT, "when, ISO 8601, UTC"),
    "memo": (_TEXT, "the coder's note"),
    "quotation": (_TEXT, "the words of the passage"),
    "quotable": _QUOTABLE,
}
_TURNS = {
    "transcript": _WHOSE["transcript"],
    "turn": (_WHOLE, "number of the turn in its transcript, from 1"),
    **_PLACES,
    "speaker": (_TEXT, "the speaker's label"),
    "role": (_TEXT, "interviewer, participant or unknown"),
    "heard": (_WHOLE, "1 if it counts as the participants' talk"),
    "start_time": (_REAL, "seconds from the start of the recording"),
    "end_time": (_REAL, "seconds from the start of the recording"),
    "words": (_WHOLE, "number of words"),
    "text": (_TEXT, "what was said"),
    "quotable": _QUOTABLE,
}
_TRANSCRIPTS = {
    **_WHOSE,
    "version": (_TEXT, "first 12 digits of the SHA-256 of the text"),
    "characters": (_WHOLE, "length of the text"),
    "turns": (_WHOLE, "number of turns"),
    "words": (_WHOLE, "number of words in turns"),
    "text": (_TEXT, "the whole text, in which start and end count"),
    "quotable": _QUOTABLE,
}
_CODES = {
    "code": (_TEXT, "dotted path of the code"),
    "name": (_TEXT, "the code's name"),
    "parent": (_TEXT, "path of the code above it, empty at the top"),
    "branch": (_TEXT, "path of the top code above it"),
    "level": (_WHOLE, "1 at the top"),
    "leaf": (_WHOLE, "1 if no code stands below it"),
    "definition": (_TEXT, "what it means"),
    "include": (_TEXT, "when to use it"),
    "exclude": (_TEXT, "when not to"),
    "example": (_TEXT, "a passage that has it"),
    "near_miss": (_TEXT, "a passage that nearly has it"),
    "colour": (_TEXT, "its colour, #rrggbb"),
    "guid": (_TEXT, "its identity, which never changes"),
}
_WORKED = {
    "coder": (_TEXT, "who coded"),
    "transcript": (_TEXT, "a transcript that they went through, with codings or without"),
}


def codings(project: Project, *, memos: bool = True) -> Table:
    """Return one row a coding, of all coders, in the order of transcripts; notes if wanted."""
    named, quotable = participant_of(project), tables.quotable(project)
    groups = tables.groups(project)
    names = {code.path: code.name for code in project.codebook}
    sources = {one.name: one for one in project.sources}
    at = {name: _places(source) for name, source in sources.items()}

    def row(one: Any) -> tuple[Value, ...]:
        where = one.selection
        turn, line = at[where.source](where.start)
        moment = one.created.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        derived = "machine" if one.coder in MACHINES else "consensus"
        kind = derived if one.coder in DERIVED else "person"
        words, note = sources[where.source].quote(where), one.memo if memos else ""
        return (
            one.id, where.source, named[where.source], groups[where.source], turn, where.start,
            where.end, line, one.code, names[one.code], one.code.partition(".")[0], one.stance,
            one.coder, kind, moment, note, words, int(where.source in quotable),
        )  # fmt: skip

    made = sorted(project.codings, key=lambda one: (one.selection, one.coder, one.code, one.id))
    return Table("codings", "one row a coding, of all coders", _CODINGS, tuple(map(row, made)))


def _places(source: Any) -> Callable[[int], tuple[int | None, int]]:
    """Return a function from a place to its turn and its line, quick for many places."""
    starts = [turn.selection.start for turn in source.turns]
    ends = [found.start() for found in re.finditer("\n", source.text)]

    def place(offset: int) -> tuple[int | None, int]:
        number = bisect.bisect_right(starts, offset)
        inside = number and offset < source.turns[number - 1].selection.end
        return (number if inside else None), bisect.bisect_left(ends, offset) + 1

    return place


def _turns(project: Project) -> Iterator[tuple[Value, ...]]:
    quotable = tables.quotable(project)
    for source in project.sources:
        place, told = _places(source), source.heard_role
        for number, turn in enumerate(source.turns, start=1):
            where, said = turn.selection, source.quote(turn.selection)
            yield (
                source.name, number, where.start, where.end, place(where.start)[1], turn.speaker,
                turn.role, int(turn.role == told), turn.start_time, turn.end_time,
                len(words(said)), said, int(source.name in quotable),
            )  # fmt: skip


def _transcripts(project: Project) -> Iterator[tuple[Value, ...]]:
    named, quotable = participant_of(project), tables.quotable(project)
    groups = tables.groups(project)
    for source in project.sources:
        count = sum(len(words(source.quote(turn.selection))) for turn in source.turns)
        yield (
            source.name, named[source.name], groups[source.name], source.version,
            len(source.text), len(source.turns), count, source.text, int(source.name in quotable),
        )  # fmt: skip


def _participants(project: Project) -> Table:
    """Return one row a participant, with the variables of participants.csv as text."""
    own = {
        "participant": _WHOSE["participant"],
        "transcript": _WHOSE["transcript"],
        "group": _WHOSE["group"],
    }
    given = dict.fromkeys(key for case in project.cases for key in case.values)
    variables: dict[str, str] = {}
    taken = set(own)
    for key in (one for one in given if one not in ("id", "transcript")):
        name, count = key, 1
        while name.casefold() in taken:
            count += 1
            name = f"{key}_{count}"
        taken.add(name.casefold())
        variables[key] = name
    about = {name: (_TEXT, "a column of participants.csv") for name in variables.values()}
    rows = tuple(
        (
            case.name,
            case.source,
            group_of(project, case),
            *(case.values.get(k, "") for k in variables),
        )
        for case in project.cases
    )
    return Table("participants", "one row a participant", own | about, rows)


def _codes(project: Project) -> Iterator[tuple[Value, ...]]:
    leaves = {code.path for code in project.codebook.leaves}
    for code in project.codebook:
        yield (
            code.path, code.name, code.parent, code.branch, code.path.count(".") + 1,
            int(code.path in leaves), code.definition, code.include, code.exclude, code.example,
            code.near_miss, code.colour, code.guid,
        )  # fmt: skip


def all_tables(project: Project, *, memos: bool = True) -> list[Table]:
    """Return all tables of the snapshot; the last one, `contents`, explains the others."""
    worked = sorted((coder, one) for coder, names in project.assigned.items() for one in names)
    found = [
        codings(project, memos=memos),
        Table("turns", "one row a turn of talk", _TURNS, tuple(_turns(project))),
        _participants(project),
        Table("codes", "the codebook, one row a code", _CODES, tuple(_codes(project))),
        Table("transcripts", "one row a transcript", _TRANSCRIPTS, tuple(_transcripts(project))),
        Table("worked", "who went through which transcript", _WORKED, tuple(worked)),
    ]
    return [*found, _contents(project, found)]


def _contents(project: Project, found: Sequence[Table]) -> Table:
    """Return the table that explains the others, and says what the study asks of its readers."""
    options = project.settings
    said = {
        "title": options.title,
        "note": " ".join(filter(None, (options.stamp, options.note))),
        "codebook": f"{project.codebook.name}, version {project.codebook.version}",
        "consent": "quotable = 0: for analysis, never to be quoted; who withdrew is nowhere",
    }
    rows: list[tuple[Value, ...]] = [("", key, "", value) for key, value in said.items() if value]
    for table in found:
        rows.append((table.name, "", "", table.about))
        rows += [(table.name, name, kind, what) for name, (kind, what) in table.columns.items()]
    columns = {
        "table": (_TEXT, "name of a table; empty for the study as a whole"),
        "column": (_TEXT, "name of a column; empty for the table as a whole"),
        "kind": (_TEXT, "INTEGER, REAL or TEXT"),
        "about": (_TEXT, "what it holds"),
    }
    return Table("contents", "what the tables and columns hold", columns, tuple(rows))


def write_csv(table: Table, path: Path) -> None:
    """Write one table as .csv: UTF-8, commas, LF, and nothing for what is missing."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    write_atomic(path, buffer.getvalue().encode("utf-8", "replace"))


def write_sqlite(found: Sequence[Table], path: Path) -> None:
    """Write tables as an SQLite database; the same tables give the same bytes."""
    link = sqlite3.connect(":memory:")
    try:
        for table in found:
            named = [f"{_quoted(name)} {kind}" for name, (kind, _) in table.columns.items()]
            link.execute(f"create table {_quoted(table.name)} ({', '.join(named)})")
            marks = ", ".join("?" * len(table.columns))
            rows = (tuple(map(_storable, row)) for row in table.rows)
            link.executemany(f"insert into {_quoted(table.name)} values ({marks})", rows)
        link.commit()
        data = link.serialize()
    finally:
        link.close()
    write_atomic(path, bytes(data))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _storable(value: Value) -> Value:
    """Return a text that a database can hold."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def write_parquet(table: Table, path: Path) -> None:
    """Write one table as .parquet.

    Raises
    ------
    MissingExtraError
        The package that writes it is not installed.
    """
    try:
        import fastparquet
    except ImportError:
        raise MissingExtraError("Writing .parquet", "parquet") from None
    import pandas as pd

    kinds = {_TEXT: "object", _WHOLE: "Int64", _REAL: "float64"}
    columns = zip(*table.rows, strict=True) if table.rows else ([] for _ in table.columns)
    frame = pd.DataFrame(
        {
            name: pd.Series(list(map(_storable, values)), dtype=kinds[kind])
            for (name, (kind, _)), values in zip(table.columns.items(), columns, strict=True)
        }
    )
    texts = [name for name, (kind, _) in table.columns.items() if kind == _TEXT]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "table.parquet"
        encodings = dict.fromkeys(texts, "utf8")
        fastparquet.write(str(made), frame, compression="GZIP", object_encoding=encodings)
        write_atomic(path, made.read_bytes())
