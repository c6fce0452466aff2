"""participants.csv: one row a participant (REFI-QDA's Case), one column a variable."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from study.files import Row, Sheet, format_row, read_csv, refuse, suggest, write_atomic
from study.model import CONSENTS, Case, Problem

FILE = "participants.csv"
WITHDRAWN = "withdrawn.csv"
"""Who has withdrawn, beside participants.csv; `study withdraw` writes it."""
RECORD = ("participant", "date", "how", "kinds", "by")
SEALED = "sealed"
REQUIRED = ("id", "transcript", "consent")
NEW = ("id", "group", "consent", "transcript")
# Columns that are about finding a person, which no published table needs.
PRIVATE = re.compile(
    r".*(\bname|[_-]name|(user|full|first|last|sur) ?name|e[ _-]?mail|phone|mobile|address|birth"
    r"|\bdob\b|contact|post[ _-]?code|\bzip).*|name.*",
    re.IGNORECASE,
)


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
        if column.endswith("date") and value and not _is_date(value):
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


def _is_date(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def withdrawals(path: Path) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    """Read the record of withdrawals, by participant; a study need not have one."""
    if not path.exists():
        return {}, []
    sheet, problems = read_csv(path, RECORD)
    return {row.cells["participant"]: dict(row.cells) for row in sheet.rows}, problems


def write(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> None:
    """Write participants.csv whole; cells missing from a row are left empty."""
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    write_atomic(path, "".join(format_row(line) + "\n" for line in lines))


def enrol(path: Path, sources: Sequence[str], consent: str) -> None:
    """Give each transcript a participant, keeping the columns and rows that the file has.

    A row with the transcript's name as id and no transcript yet gets it, and keeps its consent;
    otherwise a row is added with the consent given.

    Raises
    ------
    InvalidStudyError
        The file is there and cannot be read whole.
    """
    sheet, problems = read_csv(path, REQUIRED) if path.exists() else (Sheet(NEW), [])
    refuse(problems)
    rows = [dict(row.cells) for row in sheet.rows]
    owned = {row["transcript"].removesuffix(".txt") for row in rows}
    by_id = {row["id"]: row for row in rows if not row["transcript"]}
    new = [name for name in dict.fromkeys(sources) if name not in owned]
    for name in new:
        if name in by_id:
            by_id[name]["transcript"] = f"{name}.txt"
        else:
            rows.append({"id": name, "transcript": f"{name}.txt", "consent": consent})
    if new:
        write(path, rows, sheet.columns)
