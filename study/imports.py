"""imports.csv: where each transcript came from, and who asks the questions in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from study.files import format_row, read_csv, refuse, write_atomic
from study.model import Problem

FILE = "imports.csv"


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the received file with its SHA-256, and how it was read.

    `interviewer` holds the labels of those who ask, joined by `;`; `decided` says by what they
    were told: label, given (by the user) or guess.
    """

    source: str
    received: str
    sha256: str
    format: str
    encoding: str
    interviewer: str
    decided: str


COLUMNS = tuple(field.name for field in fields(Import))


def read(path: Path) -> tuple[dict[str, Import], list[Problem]]:
    """Read the record of imports by source; transcripts made by hand have none."""
    if not path.exists():
        return {}, []
    sheet, problems = read_csv(path, COLUMNS)
    rows = (Import(*(row.cells[name] for name in COLUMNS)) for row in sheet.rows)
    return {row.source: row for row in rows}, problems


def update(path: Path, new: Mapping[str, Import]) -> None:
    """Add or replace records, keeping the others.

    Raises
    ------
    InvalidStudyError
        The file is there and cannot be read whole: writing it would lose what it says.
    """
    records, problems = read(path)
    refuse(problems)
    write(path, records | dict(new))


def write(path: Path, imports: Mapping[str, Import]) -> None:
    """Write the record of imports, in the order of the sources' names."""
    rows = [COLUMNS, *(astuple(imports[name]) for name in sorted(imports))]
    write_atomic(path, "".join(format_row(row) + "\n" for row in rows))


def interviewers(record: Import | None) -> tuple[str, ...]:
    """Return the labels of those who ask, as recorded at import."""
    if record is None:
        return ()
    return tuple(name.strip() for name in record.interviewer.split(";") if name.strip())
