"""Turns in rows: spreadsheets, and tables in documents."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from study.transcripts import speakers
from study.transcripts.canonical import RawTurn
from study.transcripts.roles import key

Cell = str | float | dt.time | dt.timedelta | dt.datetime | None
Row = Sequence[Cell]

_NAMES: dict[str, re.Pattern[str]] = {
    "speaker": re.compile(
        r"speakers?(?: (?:name|label|id))?|who|name|role|interlocutor|person|participant"
        r"|speaker ?names?|talker|voice|actor|said by"
    ),
    "text": re.compile(
        r"text|utterances?|(?:utterance|turn|segment|speech|transcript|spoken) ?texts?|transcripts?"
        r"|transcription|words|content|speech|talk|dialog(?:ue)?|sentences?|verbatim|what was said"
        r"|said|statements?|turn|caption|subtitle"
    ),
    "start": re.compile(
        r"(?:start|begin|begins|beginning|from|in)(?: ?(?:time|stamp|timestamp|at|s|ms|sec|seconds"
        r"|milliseconds|point))*|time|time ?stamps?|time ?code|timecode in|tc in|hh ?mm ?ss"
    ),
    "end": re.compile(
        r"(?:end|ends|stop|finish|to|until|out)(?: ?(?:time|stamp|timestamp|at|s|ms|sec|seconds"
        r"|milliseconds|point))*|timecode out|tc out"
    ),
}
_TOP_ROWS = 30
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a table's columns are: header row (-1 for none) and index by meaning."""

    header: int
    index: dict[str, int]
    names: tuple[str, ...] = ()


def by_header(rows: Sequence[Row]) -> Columns | None:
    """Find the row that names a text column (and a speaker or start column beside it)."""
    for number, row in enumerate(rows[:_TOP_ROWS]):
        names = [_plain(cell) for cell in row]
        index: dict[str, int] = {}
        for meaning, pattern in _NAMES.items():
            where = next((i for i, n in enumerate(names) if pattern.fullmatch(n)), None)
            if where is not None and where not in index.values():
                index[meaning] = where
        if "text" in index and len(index) > 1:
            return Columns(number, index, tuple(text(cell) for cell in row))
    return None


def by_content(rows: Sequence[Row]) -> Columns | None:
    """Find speaker and text columns of a table without a header from what the cells hold."""
    width = max((len(row) for row in rows), default=0)
    if width < 2 or len(rows) < 2:
        return None
    columns = [_column(rows, i) for i in range(width)]
    sizes = [sum(map(len, cells)) / max(1, len(cells)) for cells in columns]
    words = max(range(width), key=sizes.__getitem__)
    index = {"text": words}
    for i, cells in enumerate(columns):
        if i != words and "start" not in index and _mostly(cells, _is_stamp):
            index["start"] = i
        elif i != words and "speaker" not in index and _are_speakers(cells):
            index["speaker"] = i
    return Columns(-1, index) if "speaker" in index else None


def turns(rows: Sequence[Row], columns: Columns) -> list[RawTurn]:
    """Return one raw turn a row; a row without a speaker goes on with the one above."""
    body = rows[columns.header + 1 :]
    scale = _scale(body, columns)
    found: list[RawTurn] = []
    for row in body:
        said = text(_cell(row, columns, "text"))
        who = text(_cell(row, columns, "speaker"))
        if not said:
            continue
        start = _time(_cell(row, columns, "start"), scale)
        end = _time(_cell(row, columns, "end"), scale)
        carried = found[-1].speaker if found and not who else ""
        found.append(RawTurn(who.rstrip(":").strip() or carried, said, start, end))
    return found


def joined(turns: Sequence[RawTurn], mark: str = " ") -> list[RawTurn]:
    """Join turns of one speaker in a row, with a space: a row is often less than a sentence."""
    found: list[RawTurn] = []
    parts: list[str] = []
    for turn in turns:
        if not turn.text:
            continue
        if found and found[-1].speaker == turn.speaker:
            parts.append(turn.text)
            found[-1] = replace(found[-1], end_time=turn.end_time)
            continue
        found[-1:] = [replace(last, text=mark.join(parts)) for last in found[-1:]]
        found.append(turn)
        parts = [turn.text]
    return [*found[:-1], *(replace(last, text=mark.join(parts)) for last in found[-1:])]


def text(cell: Cell) -> str:
    """Return a cell's content as text."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _plain(cell: Cell) -> str:
    """Return a header without case, signs and units: `Start (ms)` becomes `start ms`."""
    return " ".join(re.sub(r"[\W_]+", " ", text(cell).casefold()[:_LONGEST_NAME]).split())


def _column(rows: Sequence[Row], index: int) -> list[str]:
    """Return what a column's cells hold, without the empty ones."""
    return [cell for cell in (text(row[index]) for row in rows if index < len(row)) if cell]


def _cell(row: Row, columns: Columns, meaning: str) -> Cell:
    index = columns.index.get(meaning)
    return row[index] if index is not None and index < len(row) else None


def _scale(body: Sequence[Row], columns: Columns) -> float:
    """Return seconds per unit of the time columns: 0.001 where they count milliseconds."""
    if "start" not in columns.index:
        return 1.0
    header = columns.names[columns.index["start"]] if columns.names else ""
    if re.search(r"\bm(?:illi)?s(?:ec\w*)?\b", header.casefold().replace("_", " ")):
        return 0.001
    starts = [_number(_cell(row, columns, "start")) for row in body]
    known = [start for start in starts if start is not None]
    if not known or any(start != int(start) for start in known):
        return 1.0
    steps = [after - before for before, after in pairwise(known)]
    return 0.001 if steps and median(steps) >= 300 else 1.0


def _time(cell: Cell, scale: float) -> float | None:
    if isinstance(cell, dt.timedelta):
        return cell.total_seconds()
    if isinstance(cell, (dt.time, dt.datetime)):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
    number = _number(cell)
    return number * scale if number is not None else speakers.seconds(text(cell))


def _number(cell: Cell) -> float | None:
    try:
        number = float(cell if isinstance(cell, (int, float)) else text(cell))
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 1e12 else None


def _mostly(cells: Sequence[str], test: Callable[[str], bool]) -> bool:
    return bool(cells) and sum(map(test, cells)) >= 0.6 * len(cells)


def _is_stamp(cell: str) -> bool:
    return speakers.seconds(cell) is not None


def _are_speakers(cells: Sequence[str]) -> bool:
    names = [cell.rstrip(":").strip() for cell in cells]
    few = len({key(name) for name in names}) <= max(2, len(names) / 2)
    shaped = [len(name) <= _LONGEST_NAME and speakers.is_name(name) for name in names]
    recurring = speakers.is_role(names[0]) or len(set(names)) < len(names) if names else False
    return few and recurring and sum(shaped) >= 0.9 * len(names)
