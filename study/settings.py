"""study.toml: the few decisions that belong to a study, not to the toolkit."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from study.files import read_text, suggest
from study.model import Problem, Settings

FILE = "study.toml"
# Key in the file -> (field of Settings, kind).  Sections are only for the reader's eye.
KEYS: Mapping[str, tuple[str, type]] = {
    "title": ("title", str),
    "id": ("id", str),
    "provenance": ("provenance", str),
    "note": ("note", str),
    "citation": ("citation", str),
    "codebook": ("codebook", str),
    "language": ("language", str),
    "seed": ("seed", int),
    "coding.report": ("report_coder", str),
    "map.group": ("group", str),
    "map.order": ("group_order", list),
    "map.practices": ("practices", list),
    "map.spectrum": ("spectrum", str),
    "transcripts.interviewers": ("interviewers", list),
    "rules.passage": ("passage", str),
    "topics.number": ("topics", int),
    "topics.embedding": ("embedding", str),
    "publication.smallest_cell": ("smallest_cell", int),
}
PROVENANCES = ("collected", "composed")
PASSAGES = ("sentence", "turn", "words")
WANTED = {str: "text in quotes", int: "a whole number", list: 'a list like ["a", "b"]'}


def read(root: Path) -> tuple[Settings, list[Problem]]:
    """Read a study's settings; defaults stand in for whatever is missing or wrong."""
    path = root / FILE
    text, problems = read_text(path)
    if text is None:
        return Settings(), problems
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        return Settings(), [Problem(path, line, f"is not TOML: {error}")]
    values: dict[str, Any] = {}
    for key, value in _flat(data).items():
        problem = _wrong(key, value)
        if problem:
            problems.append(Problem(path, _line(text, key), problem))
        else:
            values[KEYS[key][0]] = tuple(value) if isinstance(value, list) else value
    return Settings(**values), problems


def _flat(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def _wrong(key: str, value: Any) -> str:
    """Say what is wrong with one setting, or nothing."""
    if key not in KEYS:
        return f"has an unknown setting {key!r}{suggest(key, KEYS)}"
    kind: type = KEYS[key][1]
    items = value if isinstance(value, list) else [""]
    fits = isinstance(value, kind) and not isinstance(value, bool)
    if not fits or not all(isinstance(item, str) for item in items):
        return f"{key} must be {WANTED[kind]}"
    if isinstance(value, int) and value < 0:
        return f"{key} must be 0 or more"
    if key == "provenance" and value not in PROVENANCES:
        return f'provenance must be "collected" or "composed"{suggest(str(value), PROVENANCES)}'
    if key == "rules.passage" and value not in PASSAGES:
        return f"{key} must be one of {', '.join(PASSAGES)}{suggest(str(value), PASSAGES)}"
    return ""


def _line(text: str, key: str) -> int:
    name = key.rpartition(".")[2]
    for number, line in enumerate(text.split("\n"), start=1):
        if re.match(rf"\s*\"?{re.escape(name)}\"?\s*=", line):
            return number
    return 0
