"""What became of a file, for people to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from study.files import write_atomic
from study.model import Problem
from study.refi import Exchange


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file, in sentences; `notes` are for a person to look at.

    `report` holds all notes, and in full what has no place in a study.
    """

    path: Path
    done: tuple[str, ...]
    notes: tuple[str, ...] = ()
    report: Path | None = None


def shown(problems: Iterable[Problem]) -> list[str]:
    """Return problems of a file in words, with the line of its XML where there is one."""
    return [f"line {one.line}: {one.message}" if one.line else one.message for one in problems]


def write_report(path: Path, found: Exchange, notes: Sequence[str], done: Sequence[str]) -> None:
    """Write down all that was noted, and in full what has no place in a study."""
    parts = [f"Taken in from a file of {found.origin or 'an unnamed program'}.", *done]
    parts += ["", "To look at:", *(f"- {note}" for note in notes)] if notes else []
    if found.remains:
        parts += ["", "No place in a study:", ""]
        parts.append("\n\n----\n\n".join(found.remains))
    write_atomic(path, "\n".join(parts) + "\n")
