"""The rows of a log: what one says, how it is written on one line and read again."""

from __future__ import annotations

import csv
import datetime as dt
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from study.errors import NotPossibleError
from study.files import format_row, read_text, suggest, unmangle
from study.model import STANCES, Coding, Place, Problem, Selection

COLUMNS = (
    "action", "id", "source", "source_version", "start", "end",
    "code", "stance", "coder", "created", "memo",
)  # fmt: skip
HEADER = ",".join(COLUMNS)
LONGEST = 100_000  # characters of a memo; the csv module reads cells of 131,072

Action = Literal["add", "remove", "decline"]
ACTIONS = ("add", "remove", "decline")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log."""

    action: Action
    coding: Coding


def new_id() -> str:
    """Return a fresh identifier for a coding."""
    return str(uuid.uuid4())


def now() -> dt.datetime:
    """Return the present moment in UTC, to the second, as the log writes it."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def format_entry(entry: Entry) -> str:
    """Return one row of the log, without the line end."""
    coding = entry.coding
    selection = coding.selection
    if len(coding.memo) > LONGEST:
        raise NotPossibleError(f"a memo may have {LONGEST:,} characters, this has more")
    if any("\ud800" <= letter <= "\udfff" for letter in coding.memo):
        raise NotPossibleError("the memo holds characters that are not text; type it again")
    memo = coding.memo.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return format_row(
        (
            entry.action, coding.id, selection.source, coding.source_version,
            str(selection.start), str(selection.end), coding.code, coding.stance,
            coding.coder, coding.created.isoformat(), memo,
        )
    )  # fmt: skip


ESCAPED = re.compile(r"\\[\\nr]")
ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}


def parse_entry(line: str, place: Place, delimiter: str = ",") -> Entry:
    """Read one row of the log; ValueError with a plain sentence where it is not one."""
    cells = _cells(line, delimiter)
    if len(cells) != len(COLUMNS):
        raise ValueError(f"has {len(cells)} cells where a coding has {len(COLUMNS)}")
    action, identity, source, version, begin, end, code, stance, coder, created, memo = cells
    if action not in ACTIONS:
        raise ValueError(f"action {action!r} is neither add, remove nor decline")
    if stance and stance not in STANCES:
        raise ValueError(f"unknown stance {stance!r}{suggest(stance, STANCES)}")
    coding = Coding(
        id=identity,
        selection=Selection(source, _offset(begin, "start"), _offset(end, "end")),
        code=code,
        coder=coder,
        created=_moment(created),
        source_version=version,
        stance=stance,
        memo=ESCAPED.sub(lambda found: ESCAPES[found[0]], memo) if "\\" in memo else memo,
        place=place,
    )
    return Entry(action, coding)  # type: ignore[arg-type]


def _cells(line: str, delimiter: str) -> list[str]:
    if '"' not in line:  # a plain row, which most are, in a tenth of the time
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ValueError(f"is not a CSV row: {error}") from None


def _offset(cell: str, name: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 12):
        raise ValueError(f"{name} {cell!r} is not a character offset")
    return int(cell)


def _moment(cell: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(cell)
    except ValueError:
        message = f"created {cell!r} is not a time like 2021-09-14T10:30:00+00:00"
        raise ValueError(f"{message}; a spreadsheet may have changed it") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def read_entries(path: Path) -> tuple[list[Entry], list[Problem]]:
    """Read a log's rows; malformed ones are reported and left out, a torn last one is a warning."""
    text, problems = read_text(path)
    return ([], problems) if text is None else parse(path, text)


def parse(path: Path, text: str) -> tuple[list[Entry], list[Problem]]:
    """Read the rows of a log from its text."""
    if not text:
        return [], []
    text, delimiter, problems = unmangle(path, text)
    (head, *rows), torn = split(text)
    if torn:
        message = "the last line was not finished and is ignored; if it is whole, end it with Enter"
        problems.append(Problem(path, text.count("\n") + 1, message, "warning"))
    if head.replace(delimiter, ",") != HEADER:
        wrong = Problem(path, 1, f"the first line must be: {HEADER}")
        return [], [*problems, wrong] if head else problems
    entries = []
    for number, row in enumerate(rows, start=2):
        try:
            entries += [parse_entry(row, Place(path, number), delimiter)] if row.strip() else []
        except ValueError as error:
            problems.append(Problem(path, number, str(error)))
    return entries, problems


def split(text: str) -> tuple[list[str], bool]:
    """Return the whole lines of a text, at least one, and whether a torn one follows."""
    *lines, torn = text.split("\n")
    return lines or [""], bool(torn.strip())
