"""What REFI-QDA has no element for, kept beside it: settings, propositions, order and version.

It stands in the file as one processing instruction, which other programs pass over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from study.errors import NotPossibleError
from study.files import require_name
from study.model import STANCES, Codebook, Evidence, Project, Proposition, Settings
from study.refi import codes

_SIDES = ("supports", "mixed", "contradicts")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read: None or empty where the file does not say."""

    settings: Settings | None = None
    propositions: tuple[Proposition, ...] = ()
    name: str = ""
    version: str = ""
    order: tuple[str, ...] = ()
    stances: Mapping[str, str] = field(default_factory=dict)

    def book(self, book: Codebook) -> Codebook:
        """Return a codebook with name, version and order as they were."""
        return replace(
            book,
            name=self.name or book.name,
            version=self.version or book.version,
            codes=codes.in_order(book.codes, self.order),
            stances=self.stances or book.stances,
        )


def of_book(book: Codebook) -> str:
    """Return what is to be kept of a codebook."""
    return _dumped({"codebook": _book(book)})


def of_project(project: Project) -> str:
    """Return what is to be kept of a study."""
    return _dumped(
        {
            "codebook": _book(project.codebook),
            "settings": asdict(project.settings),
            "propositions": [_proposition(one) for one in project.propositions],
        }
    )


def _dumped(values: Mapping[str, Any]) -> str:
    # An instruction ends at `?>`, wherever that stands.
    return json.dumps(values, sort_keys=True).replace(">", "\\u003e")


def _book(book: Codebook) -> dict[str, Any]:
    order = [] if codes.is_in_tree_order(book) else [code.guid for code in book]
    stances = dict(book.stances)
    return {"name": book.name, "version": book.version, "order": order, "stances": stances}


def _proposition(one: Proposition) -> dict[str, Any]:
    plain = {key: getattr(one, key) for key in ("id", "claim", "section", "source")}
    sides = {
        side: [[evidence.code, list(evidence.stances)] for evidence in getattr(one, side)]
        for side in _SIDES
    }
    return plain | sides


def read(text: str) -> Kept:
    """Read what was kept; whatever another hand has made of it counts as nothing."""
    try:
        data = json.loads(text) if text else {}
        book = data.get("codebook", {})
        given = data.get("settings")
        return Kept(
            settings=_settings(given) if given is not None else None,
            propositions=tuple(map(_read_proposition, data.get("propositions", []))),
            name=str(book.get("name", "")),
            version=str(book.get("version", "")),
            order=tuple(map(str, book.get("order", []))),
            stances={str(key): str(said) for key, said in book.get("stances", {}).items()},
        )
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return Kept()


def _settings(given: Mapping[str, Any]) -> Settings:
    default = asdict(Settings())
    known = {one.name for one in fields(Settings)} & given.keys()
    values: dict[str, Any] = {}
    for key in known:
        value = tuple(map(str, given[key])) if isinstance(default[key], tuple) else given[key]
        if type(value) is not type(default[key]):
            raise TypeError(key)
        values[key] = value
    return _inside(Settings(**values))


def _inside(options: Settings) -> Settings:
    """Return settings whose codebook is a folder in the study, wherever the file would have it."""
    try:
        require_name("codebook", options.codebook)
    except NotPossibleError:
        return replace(options, codebook=Settings().codebook)
    return options


def _read_proposition(given: Mapping[str, Any]) -> Proposition:
    values: dict[str, Any] = {key: str(given[key]) for key in ("id", "claim", "section", "source")}
    values |= {side: tuple(_evidence(*one) for one in given[side]) for side in _SIDES}
    return Proposition(**values)


def _evidence(code: str, stances: list[str]) -> Evidence:
    return Evidence(str(code), tuple(one for one in STANCES if one in stances))


def readable(project: Project) -> str:
    """Return the propositions as a note that colleagues can read in any program."""
    return "\n\n".join(map(_said, project.propositions)) + "\n" if project.propositions else ""


def _said(one: Proposition) -> str:
    section = f" ({one.section})" if one.section else ""
    lines = [f"{one.id}{section}: {one.claim}"]
    for side, word in zip(_SIDES, ("Supported", "Mixed", "Contradicted"), strict=True):
        conditions = [
            evidence.code + (f" ({', '.join(evidence.stances)})" if evidence.stances else "")
            for evidence in getattr(one, side)
        ]
        lines += [f"{word} by: {'; '.join(conditions)}"] if conditions else []
    return "\n".join([*lines, *([f"Source: {one.source}"] if one.source else [])])
