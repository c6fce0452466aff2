"""What stands after the rows of a log: codings, declined proposals, and what was taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from study.codings.rows import Entry, read_entries
from study.model import Coding, Place, Problem


@dataclass(slots=True)
class Standing:
    """What a log says after the rows that were taken in, each by its id."""

    codings: dict[str, Coding] = field(default_factory=dict)
    declined: dict[str, Coding] = field(default_factory=dict)
    ended: dict[str, Entry] = field(default_factory=dict)
    """What was added or declined once and has been removed since."""
    _at: dict[tuple[int, int], dict[str, None]] = field(default_factory=dict)
    _unknown: set[str] = field(default_factory=set)

    def take(self, entry: Entry) -> str:
        """Take in one row; return what is wrong with it, or nothing."""
        identity = entry.coding.id
        if entry.action == "remove":
            return self._remove(identity)
        if identity in self:
            return f"adds {identity!r}, an id that was used before"
        stock = self.codings if entry.action == "add" else self.declined
        stock[identity] = entry.coding
        selection = entry.coding.selection
        self._at.setdefault((selection.start, selection.end), {})[identity] = None
        return ""

    def _remove(self, identity: str) -> str:
        entry = self.find(identity)
        if entry is None:
            known = identity in self._unknown
            self._unknown.add(identity)
            return "" if known else f"removes {identity!r}, which was never added"
        if identity not in self.ended:
            self.ended[identity] = entry
            stock = self.codings if entry.action == "add" else self.declined
            del stock[identity]
            selection = entry.coding.selection
            del self._at[selection.start, selection.end][identity]
        return ""

    def __contains__(self, identity: object) -> bool:
        here = identity in self.codings or identity in self.declined
        return here or identity in self.ended or identity in self._unknown

    def find(self, identity: str) -> Entry | None:
        """Return the row that brought this id in, whether it still stands or not."""
        if identity in self.codings:
            return Entry("add", self.codings[identity])
        if identity in self.declined:
            return Entry("decline", self.declined[identity])
        return self.ended.get(identity)

    def at(self, start: int, end: int) -> Iterator[Entry]:
        """Yield what stands at exactly this passage."""
        for identity in self._at.get((start, end), ()):
            entry = self.find(identity)
            if entry:
                yield entry


def stand(
    entries: Iterable[Entry], until: dt.datetime | None = None
) -> tuple[Standing, list[Problem]]:
    """Return what stands after all rows, or after those up to a moment, and what is wrong."""
    standing = Standing()
    problems = []
    for entry in entries:
        if until is None or entry.coding.created <= until:
            wrong = standing.take(entry)
            if wrong:
                place = entry.coding.place or Place(Path())
                problems.append(Problem(place.path, place.line, wrong))
    return standing, problems


def replay(
    entries: Iterable[Entry], until: dt.datetime | None = None
) -> tuple[list[Coding], list[Problem]]:
    """Return the codings that stand after all rows, or after those up to a moment."""
    standing, problems = stand(entries, until)
    return list(standing.codings.values()), problems


def declined(entries: Iterable[Entry], until: dt.datetime | None = None) -> list[Coding]:
    """Return the passages and codes that the coder decided against, and still does."""
    return list(stand(entries, until)[0].declined.values())


def read(path: Path, until: dt.datetime | None = None) -> tuple[list[Coding], list[Problem]]:
    """Read a log and return the codings that stand, with the problems of its rows."""
    entries, problems = read_entries(path)
    codings, more = replay(entries, until)
    return codings, problems + more
