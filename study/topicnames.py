"""topics.yaml: names that people gave to topics, each with what it was given to.

    topics:
      - name: Recognition of prior learning
        note: mostly what registrars say
        words: [credit, prior, recognition, degree]
        passages: [P03:41, P07:12]

A number would not do: a topic has another one in the next fit.  `words` and `passages` are what a
topic is known by again; the file stands in the codebook's folder and is edited by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from study.files import line_in, read_yaml, suggest
from study.model import Place, Problem

FILE = "topics.yaml"
KEYS = ("name", "note", "words", "passages")
LONGEST = 120
"""Characters of a name: it must fit beside a bar."""
_WHERE = re.compile(r"(?P<source>.+):(?P<line>[1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class TopicName:
    """A name and what it was given to; an empty name is a topic that nobody has named yet."""

    name: str
    words: tuple[str, ...] = ()
    """The topic's words at that time, the most telling first."""
    passages: tuple[tuple[str, int], ...] = ()
    """Transcript and line of the passages nearest to its centre."""
    note: str = ""
    place: Place | None = None


def read(path: Path) -> tuple[tuple[TopicName, ...], list[Problem]]:
    """Read the names of topics; a study need not have any."""
    if not path.exists():
        return (), []
    data, problems = read_yaml(path)
    if problems or data is None:
        return (), problems
    items = data.get("topics") if isinstance(data, Mapping) else None
    if items is None and isinstance(data, Mapping) and "topics" in data:
        return (), []
    if not isinstance(items, list):
        return (), [Problem(path, 1, "must hold a list `topics:`")]
    problems = [
        Problem(path, line_in(data, key), f"has an unknown key {str(key)!r} beside `topics:`")
        for key in data
        if key != "topics"
    ]
    found: list[TopicName] = []
    for number, item in enumerate(items):
        place = Place(path, line_in(items, number))
        entry, more = _entry(item, place)
        problems += more
        if entry is not None:
            found.append(entry)
    return tuple(found), problems + _twice(found)


def _twice(found: list[TopicName]) -> list[Problem]:
    """Two topics of one name could not be told apart in a table."""
    first: dict[str, TopicName] = {}
    problems = []
    for entry in found:
        before = first.setdefault(entry.name.casefold(), entry)
        if entry.name and before is not entry and entry.place and before.place:
            message = f"the name {entry.name!r} stands in line {before.place.line} already"
            problems.append(Problem(entry.place.path, entry.place.line, message))
    return problems


def _entry(item: Any, place: Place) -> tuple[TopicName | None, list[Problem]]:
    if not isinstance(item, Mapping):
        message = "each topic begins with `- name:` and has `words:` or `passages:`"
        return None, [Problem(place.path, place.line, message)]
    problems = [
        Problem(place.path, line_in(item, key) or place.line, message)
        for key, message in _wrong(item)
    ]
    if problems:
        return None, problems
    entry = TopicName(
        name=" ".join(str(item.get("name") or "").split()),
        words=tuple(word.casefold() for word in item.get("words") or ()),
        passages=tuple(_passage(text) for text in item.get("passages") or ()),
        note=str(item.get("note") or "").strip(),
    )
    return replace(entry, place=place), []


def _wrong(item: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong with an entry, each with the key it is about."""
    found = [
        (str(key), f"has an unknown key {str(key)!r}{suggest(str(key), KEYS)}")
        for key in item
        if key not in KEYS
    ]
    for key in ("name", "note"):
        if not isinstance(item.get(key), str | None):
            found.append((key, f"{key} must be text; put it in quotes"))
    if len(str(item.get("name") or "")) > LONGEST:
        found.append(
            ("name", f"the name is longer than {LONGEST} characters; use `note:` for more")
        )
    for key in ("words", "passages"):
        value = item.get(key)
        texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if value is not None and not texts:
            found.append((key, f"{key} must be a list of texts, such as {_EXAMPLES[key]}"))
    if found:
        return found
    odd = [text for text in item.get("passages") or () if not _WHERE.fullmatch(text)]
    if odd:
        found.append(("passages", f"{odd[0]!r} is no passage; write transcript:line, as P03:41"))
    if not (item.get("words") or item.get("passages")):
        found.append(("name", "has neither words nor passages to know the topic by again"))
    return found


_EXAMPLES = {"words": "[credit, degree]", "passages": "[P03:41, P07:12]"}


def _passage(text: str) -> tuple[str, int]:
    found = _WHERE.fullmatch(text)
    assert found is not None  # `_wrong` has looked
    return found["source"], int(found["line"])
