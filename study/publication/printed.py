"""A table as it is printed: heads, lines and a note, every cell in words.

Word, LaTeX and HTML write the same `PrintedTable`; `forms` makes one from a tidy table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

NARROW = 95.0
"""Widths of columns, in characters, that fit on an upright page."""
MOST = 1000
"""Lines that Word and LaTeX are given of one table; .csv and .xlsx have all."""

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Characters that no document of Word, and no XML, may hold."""
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
"""Marks that would turn the writing of the cells that follow."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, the head above it (shared with neighbours), its width in characters."""

    head: str
    width: float = 12.0
    number: bool = False
    above: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its cells, or a heading over all columns; `level` indents the first cell."""

    cells: tuple[str, ...]
    level: int = 0
    heading: bool = False


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table to print; `note` stands below it."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def wide(self) -> bool:
        """Whether the table needs a page turned on its side."""
        return sum(column.width for column in self.columns) > NARROW

    @property
    def shares(self) -> list[float]:
        """Each column's part of the width; they add up to 1."""
        whole = sum(column.width for column in self.columns) or 1.0
        return [column.width / whole for column in self.columns]

    @property
    def spans(self) -> list[tuple[str, int]]:
        """Heads above the heads, with the number of columns each stands over; empty if none do."""
        if not any(column.above for column in self.columns):
            return []
        found: list[tuple[str, int]] = []
        for column in self.columns:
            if found and found[-1][0] == column.above:
                found[-1] = (column.above, found[-1][1] + 1)
            else:
                found.append((column.above, 1))
        return found


def clean(text: str) -> str:
    """Return text without what no document may hold, and line ends as one kind."""
    text = UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return DIRECTIONS.sub("", text)


def shortened(table: PrintedTable, most: int = MOST) -> PrintedTable:
    """Return the table with at most so many lines, the same number under each heading at first.

    The note says how many there are; the tables as .csv and .xlsx hold them all.
    """
    total = sum(not line.heading for line in table.lines)
    if total <= most:
        return table
    parts = _parts(table.lines)
    each = max(1, _each([len(lines) for _, lines in parts], most))
    kept: list[Line] = []
    for heading, lines in parts:
        kept += [*([heading] if heading else []), *lines[:each]]
    shown = sum(not line.heading for line in kept)
    note = f"{table.note} {shown:,} of {total:,} lines are shown: the first {each} of each part; "
    note += f"{table.name}.csv has all."
    return replace(table, lines=tuple(kept), note=note.strip())


def _parts(lines: Sequence[Line]) -> list[tuple[Line | None, list[Line]]]:
    parts: list[tuple[Line | None, list[Line]]] = []
    for line in lines:
        if line.heading:
            parts.append((line, []))
        elif parts:
            parts[-1][1].append(line)
        else:
            parts.append((None, [line]))
    return parts


def _each(sizes: Sequence[int], most: int) -> int:
    """Return the largest number of lines of each part that keeps all within the limit."""
    low, high = 0, max(sizes)
    while low < high:
        middle = (low + high + 1) // 2
        fits = sum(min(size, middle) for size in sizes) <= most
        low, high = (middle, high) if fits else (low, middle - 1)
    return low
