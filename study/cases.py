"""participants.csv: one row a participant (REFI-QDA's Case), one column a variable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from study.errors import InvalidStudyError
from study.files import Row, format_row, read_csv, suggest, write_atomic
from study.model import CONSENTS, Case, Problem

FILE = "participants.csv"
REQUIRED = ("id", "transcript", "consent")
NEW = ("id", "group", "consent", "transcript")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read(path: Path) -> tuple[tuple[Case, ...], list[Problem]]:
    """Read the participants, and say what a spreadsheet or a hand has done to the file."""
    sheet, problems = read_csv(path, REQUIRED)
    cases: dict[str, Case] = {}
    for row in sheet.rows:
        name = row.cells["id"]
        problems += _wrong(row)
        if not name:
            problems.append(Problem(path, row.place.line, "has no participant id"))
        elif name in cases:
            message = f"participant {name!r} stands here a second time"
            problems.append(Problem(path, row.place.line, message))
        else:
            cases[name] = Case(name, dict(row.cells), row.place)
    return tuple(cases.values()), problems


def _wrong(row: Row) -> list[Problem]:
    path, line = row.place.path, row.place.line
    problems = []
    for column, value in row.cells.items():
        if column.endswith("date") and value and not ISO_DATE.fullmatch(value):
            message = f"{column} {value!r} is not a date like 2021-09-14"
            problems.append(Problem(path, line, f"{message}; a spreadsheet may have changed it"))
    consent = row.cells["consent"]
    if not consent:
        message = f"consent is empty; until it says one of {', '.join(CONSENTS)}, nothing is quoted"
        problems.append(Problem(path, line, message, "warning"))
    elif consent not in CONSENTS:
        message = f"consent {consent!r} is not one of {', '.join(CONSENTS)}"
        problems.append(Problem(path, line, message + suggest(consent, CONSENTS)))
    return problems


def write(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> None:
    """Write participants.csv whole; cells missing from a row are left empty."""
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    write_atomic(path, "".join(format_row(line) + "\n" for line in lines))


def add(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Append participants, keeping the columns and rows that the file has.

    Raises
    ------
    InvalidStudyError
        The file is there and cannot be read whole.
    """
    if not path.exists():
        write(path, rows, NEW)
        return
    sheet, problems = read_csv(path, REQUIRED)
    blocking = [problem for problem in problems if problem.severity == "error"]
    if blocking:
        raise InvalidStudyError(blocking)
    if rows:
        write(path, [*(old.cells for old in sheet.rows), *rows], sheet.columns)
