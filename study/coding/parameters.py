"""What a message may hold: checks that turn away whatever an operation does not take."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from study.errors import StudyError

Check = Callable[[Any], Any]
Function = Callable[[Any, dict[str, Any]], dict[str, Any]]
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONGEST = 200_000  # characters of a text; a log's memo may have half of that
MANY = 2_000  # changes in one message


class MalformedRequest(StudyError):
    """A message does not hold what its operation takes."""


def require(fits: bool, message: str) -> None:
    """Raise `MalformedRequest` with a message unless something fits."""
    if not fits:
        raise MalformedRequest(message)


def text(value: Any) -> str:
    """Take any text, but for halves of characters, which cannot be written."""
    require(isinstance(value, str), "must be text")
    require(len(value) <= LONGEST, f"may have {LONGEST:,} characters")
    require(not re.search("[\ud800-\udfff]", value), "holds halves of characters")
    return str(value)


def name(value: Any) -> str:
    """Take a short text of one line."""
    found = text(value)
    require(len(found) <= 500 and found.isprintable(), "must be a short text of one line")
    return found


def number(value: Any) -> int:
    """Take an offset: a whole number from 0."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    require(whole and 0 <= value < 10**12, "must be a whole number from 0")
    return int(value)


def guid(value: Any) -> str:
    """Take an identifier such as 3f2a91c4-5d0e-4f6b-8a7c-9b1d2e3f4a5b."""
    good = isinstance(value, str) and GUID.fullmatch(value)
    require(bool(good), "must be an id like 3f2a91c4-5d0e-4f6b-8a7c-9b1d2e3f4a5b")
    return str(value)


def flag(value: Any) -> bool:
    """Take true or false."""
    require(isinstance(value, bool), "must be true or false")
    return bool(value)


def one_of(*values: str) -> Check:
    """Return a check for one of a few words."""

    def check(value: Any) -> str:
        known = isinstance(value, str) and value in values
        require(known, f"must be one of: {', '.join(value or 'nothing' for value in values)}")
        return str(value)

    return check


def items(of: Check) -> Check:
    """Return a check for a list of things."""

    def check(value: Any) -> list[Any]:
        require(isinstance(value, list), "must be a list")
        require(len(value) <= MANY, f"may have {MANY:,} items")
        found = []
        for place, item in enumerate(value):
            try:
                found.append(of(item))
            except MalformedRequest as error:
                raise MalformedRequest(f"[{place}] {error}") from None
        return found

    return check


def record(
    what: str, given: Any, needs: Mapping[str, Check], may: Mapping[str, Check] | None = None
) -> dict[str, Any]:
    """Take an object with these keys and no others; return it checked."""
    require(isinstance(given, Mapping), f"{what}: must be an object")
    checks = {**needs, **(may or {})}
    for key in given:
        require(key in checks, f"{what}: there is no parameter {str(key)[:40]!r}")
    for key in needs:
        require(key in given, f"{what}: needs {key!r}")
    checked = {}
    for key, value in given.items():
        try:
            checked[key] = checks[key](value)
        except MalformedRequest as error:
            raise MalformedRequest(f"{what}: {key!r} {error}") from None
    return checked


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a page can ask for: what does it, and which parameters it takes.

    `alone` says that nothing else is done at the desk meanwhile; what takes long sees to that
    itself, for as long as it must.
    """

    function: Function
    needs: Mapping[str, Check] = field(default_factory=dict)
    may: Mapping[str, Check] = field(default_factory=dict)
    alone: bool = True

    def check(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters, checked; MalformedRequest where they are not what is taken."""
        return record(name, given, self.needs, self.may)
