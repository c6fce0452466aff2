"""propositions.yaml: the claims of a study and the codings that bear on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, get_args

from study.files import line_in, read_yaml, suggest
from study.model import STANCES, Evidence, Place, Problem, Proposition, Verdict, under

FILE = "propositions.yaml"
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def read(path: Path) -> tuple[tuple[Proposition, ...], list[Problem]]:
    """Read the propositions; a study need not have any."""
    if not path.exists():
        return (), []
    data, problems = read_yaml(path)
    if problems:
        return (), problems
    items = data.get("propositions") if isinstance(data, Mapping) else None
    if not isinstance(items, list):
        return (), [Problem(path, 1, "must hold a list `propositions:`")]
    found: dict[str, Proposition] = {}
    for number, item in enumerate(items):
        place = Place(path, line_in(items, number))
        proposition, more = _proposition(item, place)
        problems += more
        if proposition is None:
            continue
        if proposition.id in found:
            message = f"proposition {proposition.id!r} stands here a second time"
            problems.append(Problem(path, place.line, message))
        found.setdefault(proposition.id, proposition)
    return tuple(found.values()), problems


def _proposition(item: Any, place: Place) -> tuple[Proposition | None, list[Problem]]:
    if not isinstance(item, Mapping) or not item.get("id") or not item.get("claim"):
        message = "a proposition needs at least `id:` and `claim:`"
        return None, [Problem(place.path, place.line, message)]
    problems: list[Problem] = []
    evidence: dict[str, tuple[Evidence, ...]] = {}
    for verdict in VERDICTS:
        evidence[verdict], more = _evidence(item, verdict, place)
        problems += more
    claim, section, source = (
        str(item.get(key) or "").strip() for key in ("claim", "section", "source")
    )
    name = str(item["id"])
    return Proposition(name, claim, section, source, **evidence, place=place), problems


def _evidence(
    item: Mapping[str, Any], verdict: str, place: Place
) -> tuple[tuple[Evidence, ...], list[Problem]]:
    conditions = item.get(verdict) or []
    line = line_in(item, verdict) or place.line
    shape = f"`{verdict}:` must be a list of {{code: path, stance: [...]}}"
    if not isinstance(conditions, list):
        return (), [Problem(place.path, line, shape)]
    found: list[Evidence] = []
    problems: list[Problem] = []
    for number, condition in enumerate(conditions):
        here = Place(place.path, line_in(conditions, number) or line)
        if not isinstance(condition, Mapping) or not isinstance(condition.get("code"), str):
            problems.append(Problem(here.path, here.line, shape))
            continue
        given = condition.get("stance") or []
        stances = [str(one) for one in (given if isinstance(given, list) else [given])]
        problems += [
            Problem(here.path, here.line, f"unknown stance {stance!r}{suggest(stance, STANCES)}")
            for stance in stances
            if stance not in STANCES
        ]
        known = tuple(stance for stance in STANCES if stance in stances)
        found.append(Evidence(condition["code"], known, here))
    return tuple(found), problems


def conflicts(sides: Sequence[Sequence[Evidence]]) -> Iterator[Evidence]:
    """Yield the conditions that a coding could meet together with one of another verdict.

    Parameters
    ----------
    sides
        The conditions of one proposition, by verdict.
    """
    for index, side in enumerate(sides):
        for later in chain.from_iterable(sides[index + 1 :]):
            if any(_overlap(later, earlier) for earlier in side):
                yield later


def _overlap(one: Evidence, other: Evidence) -> bool:
    """Tell whether one coding could meet both conditions."""
    nested = under(one.code, other.code) or under(other.code, one.code)
    stances = set(one.stances) & set(other.stances)
    return nested and (not one.stances or not other.stances or bool(stances))
