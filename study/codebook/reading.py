"""Read codebook.yaml, with line numbers for whatever is wrong in it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study.files import line_in, parse_yaml, read_text, suggest
from study.model import STANCES, Code, Codebook, Place, Problem

FILE = "codebook.yaml"
TEXTS = ("definition", "include", "exclude", "example", "near_miss")
KEYS = ("code", "name", "parent", "guid", "colour", *TEXTS, "patterns", "formerly")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class _Entry:
    slug: str
    parent: str
    values: Mapping[str, Any]
    place: Place


def read(path: Path) -> tuple[Codebook, list[Problem]]:
    """Read a codebook; codes that are wrong are left out and reported."""
    text, problems = read_text(path)
    return (Codebook(path.parent.name, "0"), problems) if text is None else parse(path, text)


def parse(path: Path, text: str) -> tuple[Codebook, list[Problem]]:
    """Read a codebook from a text that stands, or will stand, in a file; see `read`."""
    name = path.parent.name
    data, problems = parse_yaml(path, text)
    if problems:
        return Codebook(name, "0"), problems
    if not isinstance(data, Mapping) or not isinstance(data.get("codes"), list):
        message = "must hold `name:`, `version:` and a list `codes:`"
        return Codebook(name, "0"), [Problem(path, 1, message)]
    entries, problems = _entries(path, data["codes"])
    codes = []
    for entry in entries.values():
        full, problem = _path(entry, entries)
        problems += problem or _wrong(entry)
        if not problem:
            codes.append(_code(entry, full))
    problems += _twice(codes) + _taken(codes)
    named, version = str(data.get("name", name)), str(data.get("version", "0"))
    return Codebook(named, version, tuple(codes), _stances(data)), problems


def _stances(data: Mapping[str, Any]) -> dict[str, str]:
    """Return when to give which stance, as far as the codebook says so."""
    given = data.get("stances")
    said = given.items() if isinstance(given, Mapping) else ()
    return {str(stance): str(text).strip() for stance, text in said if stance in STANCES}


def _entries(path: Path, items: list[Any]) -> tuple[dict[str, _Entry], list[Problem]]:
    entries: dict[str, _Entry] = {}
    problems = []
    for number, item in enumerate(items):
        line = line_in(items, number)
        if not isinstance(item, Mapping) or not isinstance(item.get("code"), str):
            problems.append(Problem(path, line, "a code needs at least `code: its-name`"))
            continue
        slug = item["code"]
        if slug in entries:
            other = entries[slug].place.line
            message = f"code {slug!r} is already on line {other}; give one of them another name"
            problems.append(Problem(path, line, message))
        else:
            parent = str(item.get("parent") or "")
            entries[slug] = _Entry(slug, parent, item, Place(path, line))
    return entries, problems


def _path(entry: _Entry, entries: Mapping[str, _Entry]) -> tuple[str, list[Problem]]:
    """Return the dotted path of an entry, or the problem that keeps it from having one."""
    trail = [entry.slug]
    here = entry
    while here.parent:
        line = line_in(here.values, "parent") or here.place.line
        if here.parent not in entries:
            hint = suggest(here.parent, entries)
            message = f"code {here.slug!r} has the unknown parent {here.parent!r}{hint}"
            return "", [Problem(here.place.path, line, message)] if here is entry else []
        if here.parent in trail:
            cycle = " -> ".join([*reversed(trail), here.parent])
            message = f"the hierarchy runs in a circle: {cycle}; remove one `parent:`"
            return "", [Problem(here.place.path, line, message)]
        here = entries[here.parent]
        trail.append(here.slug)
    return ".".join(reversed(trail)), []


def _wrong(entry: _Entry) -> list[Problem]:
    """Return what is wrong with the values of one code."""
    path, values = entry.place.path, entry.values

    def problem(key: str, message: str) -> Problem:
        return Problem(path, line_in(values, key) or entry.place.line, message)

    found = [
        problem(key, f"code {entry.slug!r} has the unknown key {key!r}{suggest(str(key), KEYS)}")
        for key in values
        if key not in KEYS
    ]
    if not SLUG.fullmatch(entry.slug):
        message = (
            f"code {entry.slug!r} may hold only a-z, 0-9 and hyphens; `name:` is what is shown"
        )
        found.append(problem("code", message))
    if values.get("colour") and not COLOUR.fullmatch(str(values["colour"])):
        message = f"colour {values['colour']!r} is not like '#1b6ca8' (keep the quotes)"
        found.append(problem("colour", message))
    if not _is_guid(values.get("guid")):
        message = f"code {entry.slug!r} needs a `guid:`; a fresh one is {uuid.uuid4()}"
        found.append(problem("guid", message))
    return found + _malformed(entry)


def _malformed(entry: _Entry) -> list[Problem]:
    """Return what is wrong with the patterns of one code, by line."""
    path, problems = entry.place.path, []
    for line, pattern in _patterns(entry):
        if not isinstance(pattern, str):
            message = f"code {entry.slug!r}: a pattern is text; put quotes around it"
            problems.append(Problem(path, line, message))
            continue
        from study import patterns

        try:
            patterns.parse(pattern)
        except ValueError as error:
            message = f"code {entry.slug!r}: pattern {pattern!r} cannot be read: {error}"
            problems.append(Problem(path, line, message))
    return problems


def _patterns(entry: _Entry) -> list[tuple[int, Any]]:
    """Return the patterns of one code, each with its line; one alone needs no list."""
    given = entry.values.get("patterns")
    line = line_in(entry.values, "patterns") or entry.place.line
    if not isinstance(given, list):
        return [] if given is None or given == "" else [(line, given)]
    return [(line_in(given, number) or line, one) for number, one in enumerate(given)]


def _is_guid(value: object) -> bool:
    try:
        return bool(uuid.UUID(str(value)))
    except ValueError:
        return False


def _code(entry: _Entry, full: str) -> Code:
    values = entry.values
    former = values.get("formerly") or []
    patterns = [(line, str(one)) for line, one in _patterns(entry)]
    return Code(
        guid=str(values.get("guid", "")),
        path=full,
        name=str(values.get("name") or entry.slug),
        **{key: str(values.get(key) or "").strip() for key in TEXTS},
        colour=str(values.get("colour") or ""),
        formerly=tuple(str(item) for item in (former if isinstance(former, list) else [former])),
        patterns=tuple(one for _, one in patterns),
        place=entry.place,
        pattern_lines=tuple(line for line, _ in patterns),
    )


def _twice(codes: list[Code]) -> list[Problem]:
    """Report names and GUIDs that two codes share: an export could not tell them apart."""
    problems = []
    seen: dict[tuple[str, str], Code] = {}
    for code in codes:
        place = code.place or Place(Path(FILE))
        former = [("former path", old) for old in code.formerly]
        for kind, value in (
            ("guid", code.guid.lower()),
            ("name", f"{code.parent}/{code.name}"),
            *former,
        ):
            other = seen.setdefault((kind, value), code)
            if other is not code and value:
                shown = code.name if kind == "name" else value
                message = f"codes {other.path!r} and {code.path!r} share the {kind} {shown!r}"
                problems.append(Problem(place.path, place.line, message))
    return problems


def _taken(codes: list[Code]) -> list[Problem]:
    """Report a former path that is now another code's: old codings would count as that one's."""
    present = {code.path: code for code in codes}
    problems = []
    for code in codes:
        for old in code.formerly:
            if present.get(old, code) is not code:
                place = present[old].place or Place(Path(FILE))
                message = (
                    f"{old!r} was the path of {code.path!r} before, and codings made then would "
                    "count as another code's; give this code another name in `code:`"
                )
                problems.append(Problem(place.path, place.line, message))
    return problems
