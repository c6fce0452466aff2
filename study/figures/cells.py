"""Passages and participants by code and stakeholder group: what two figures draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from study.figures.reading import Record, count, ordered, text

COLUMNS = ("code", "name", "branch", "group", "passages", "participants", "of_participants")


@dataclass(frozen=True, slots=True)
class Cells:
    """Passages and participants by code and group, and participants by group."""

    rows: Sequence[Record]
    groups: Sequence[str]
    counts: Mapping[tuple[str, str], tuple[int, int]]
    sizes: Mapping[str, int]
    negative: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, rows: Sequence[Record], groups: Sequence[str] = ()) -> Cells:
        """Collect the counts of a table of frequencies."""
        counts: dict[tuple[str, str], tuple[int, int]] = {}
        sizes: dict[str, int] = {}
        negative: dict[tuple[str, str], int] = {}
        for row in rows:
            group = text(row["group"])
            negative[text(row["code"]), group] = count(row.get("only_negative", 0))
            counts[text(row["code"]), group] = count(row["passages"]), count(row["participants"])
            sizes[group] = max(sizes.get(group, 0), count(row["of_participants"]))
        return cls(rows, ordered((row["group"] for row in rows), groups), counts, sizes, negative)

    def of_code(self, code: str) -> tuple[int, int]:
        """Return passages and participants of a code over all groups."""
        found = [self.counts.get((code, group), (0, 0)) for group in self.groups]
        return sum(passages for passages, _ in found), sum(people for _, people in found)

    @property
    def everyone(self) -> int:
        """Number of participants."""
        return sum(self.sizes.values())
