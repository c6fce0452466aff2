"""Regular expressions: which are allowed, and which letters any find of one must hold.

They are read by the package `regex` (Barnett), which knows every script's letters and can be
stopped: an expression that tries without end would otherwise keep a study waiting for ever.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import regex

from study.patterns.words import plain

LONGEST = 10_000
"""Counted repeats are unrolled: of a longer expression than this they make minutes of reading."""
SECONDS = 2.0
"""Processor time that one expression may take for one turn; a thousandth is usual."""
MOST_ALTERNATIVES = 20

Group = tuple[str, ...]
Groups = tuple[Group, ...]

_PARTS = re.compile(
    r"(?P<recursion>\(\?(?:R|[0-9]+|&\w+|P>\w+)\))"
    r"|(?P<open>\()|(?P<close>\))"
    r"|\{(?P<least>\d+)(?:,(?P<most>\d*))?\}|\{,(?P<upto>\d+)\}|(?P<odd>\{)"
    r"|\\(?:[pPNgL]\{[^}]*\}|.)|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|.",
    re.DOTALL,
)
_LETTERS = regex.compile(r"[\p{L}\p{M}\p{N}]+")


@lru_cache(maxsize=2_000)
def compiled(source: str) -> regex.Pattern[str]:
    """Return an expression ready for use, capitals not mattering.

    Raises
    ------
    ValueError
        It is none, or not one that can be used here; a plain sentence says where and why.
    """
    _require_bounded(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = regex.compile(source, regex.IGNORECASE)
    except regex.error as error:
        message, _, place = str(error).partition(" at position ")
        where = f" at its character {int(place.split()[0]) + 1}" if place else ""
        raise ValueError(f"cannot be read: {message}{where}") from None
    except RecursionError:
        raise ValueError("has too many brackets inside brackets") from None
    if found.fullmatch("", timeout=SECONDS):
        raise ValueError("would find nothing at all, everywhere; one of its parts must be there")
    return found


def _require_bounded(source: str) -> None:
    """Refuse what this package would take for ever to read, or reads unlike others."""
    outer: list[int] = []
    size = last = 0  # of the group so far, and of its last part, counted repeats unrolled
    for part in _PARTS.finditer(source):
        at = f"at its character {part.start() + 1}"
        if part["recursion"]:
            raise ValueError(f"calls itself {at}; that is not possible here")
        if part["odd"]:
            raise ValueError(f"has a {{ {at} that counts nothing; write \\{{ for the sign itself")
        count = part["most"] or part["upto"] or part["least"]
        if part["open"]:
            outer.append(size)
            size = last = 0
        elif part["close"] and outer:
            last, size = size, outer.pop() + size
        elif count:
            size, last = size + last * (int(count) - 1), last * int(count)
        else:
            size, last = size + 1, 1
        if size > LONGEST:
            raise ValueError(f"repeats too much {at}: unrolled, it has more than {LONGEST:,} parts")


@lru_cache(maxsize=2_000)
def required(source: str) -> Groups:
    """Return what letters must stand, each run within a word, around whatever is found.

    Of every group at least one run, as `plain` writes it; no groups where nothing can be said.
    """
    if "[[:" in source:  # means something else to the parser below
        return ()
    try:
        # The parser of the standard library: without it expressions are looked for everywhere.
        parse = importlib.import_module("re._parser").parse
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = sorted(_needed(list(parse(source))), key=_worth, reverse=True)
    except (ImportError, re.error, RecursionError, OverflowError):
        return ()
    first, *more = dict.fromkeys(found) or [()]
    return tuple(one for one in (first, *(one for one in more if _worth(one)[0] > 4)) if one)[:3]


def _needed(parts: Sequence[Any]) -> list[Group]:
    """Return the groups of letters that a sequence of parts needs."""
    groups = [*_runs(parts), *(group for part in parts for group in _inside(*part))]
    # Too many alternatives, or runs too short to tell words apart, are no help.
    return [one for one in groups if 0 < len(one) <= MOST_ALTERNATIVES and _worth(one)[0] > 1]


def _worth(group: Group) -> tuple[int, int]:
    return min(map(len, group), default=0), -len(group)


def _runs(parts: Iterable[Any]) -> Iterator[Group]:
    """Yield the longest run of letters of each stretch of plain characters."""
    stretch = ""
    for name, value in [*parts, (None, None)]:
        if str(name) == "LITERAL":
            stretch += chr(value)
        elif stretch:
            runs = (plain(run) for run in _LETTERS.findall(stretch))
            yield (max(runs, key=len, default=""),)
            stretch = ""


def _inside(kind: object, value: Any) -> list[Group]:
    """Return the groups that one part needs."""
    match str(kind):
        case "SUBPATTERN":
            return _needed(list(value[-1]))
        case "ATOMIC_GROUP":
            return _needed(list(value))
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _needed(list(value[2])) if value[0] else []
        case "BRANCH":
            each = [max(_needed(list(one)), key=_worth, default=()) for one in value[1]]
            return [tuple(run for group in each for run in group)] if all(each) else []
    return []
