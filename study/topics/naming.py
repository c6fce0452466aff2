"""Names of topics that people gave, found again in another fit.

A fit on one more interview numbers its topics anew.  A name goes to the topic that is most like the
one it was given to, by its words and, where these passages are still there, by its passages; all
names at once, so that no topic gets two (Kuhn 1955, 10.1002/nav.3800020109).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from study import topicnames
from study.errors import InvalidStudyError, NotPossibleError
from study.files import locked, parse_yaml, read_text, write_atomic
from study.model import Project
from study.project import codebook_folder
from study.topicnames import TopicName

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from study.topics.model import TopicModel

WORDS, PASSAGES = 12, 24
"""What is kept of a topic to know it again."""
ALIKE, SURE = 0.4, 0.55
"""Likeness, 0 to 1, from which a topic is taken for the one that was named, and beyond doubt.

On composed interviews, fits without every second one and then with it (5, 8 and 12 topics): of 120
topics that were still there by their passages (Jaccard .4 or more), 116 kept their name, 2 lost it
and 2 got another's; of unlike topics, nineteen in twenty were alike by .1 at most.
"""
PRESENT = 5
"""Passages that must still be there to count."""

HEAD = """\
# Names of topics, kept by hand.  Write a name between the quotes of `name:`, and a `note:` if you
# like; `study topics` and `study reproduce` then use it, and find the topic again by its words and
# passages when it is fitted anew.  An entry without a name is only a reminder and may be deleted.
topics:
"""


@dataclass(frozen=True)
class Naming:
    """A model whose topics bear the names that people gave."""

    model: TopicModel
    given: Mapping[int, TopicName]
    """By topic: the name it was given, and what that was given to."""
    likeness: Mapping[int, float]
    """By topic: how like it is to what was named, 0 to 1."""
    unmatched: tuple[TopicName, ...]
    """Names whose topic is not in this model; the file keeps them."""


def path_of(study: Project) -> Path:
    """Return where a study's names of topics stand."""
    return codebook_folder(study.root, study.settings) / topicnames.FILE


def names(study: Project) -> tuple[TopicName, ...]:
    """Read a study's names of topics.

    Raises
    ------
    InvalidStudyError
        The file is not as it should be; file and line are named.
    """
    found, problems = topicnames.read(path_of(study))
    if problems:
        raise InvalidStudyError(problems)
    return found


def named(model: TopicModel, entries: Sequence[TopicName]) -> Naming:
    """Give topics the names that people gave to the like of them.

    Parameters
    ----------
    model
        A fitted model.
    entries
        What `names` returned; those without a name and a note are passed over.

    Returns
    -------
    Naming
        The model's `topics.label` holds the names; topics without one keep their automatic label.
    """
    wanted = [entry for entry in entries if entry.name or entry.note]
    like = likeness(model, wanted)
    pairs = _matched(like)
    table = model.topics.copy()
    numbers = [int(topic) for topic in table["topic"]]
    given = {numbers[place]: wanted[which] for which, place in pairs}
    alike = {numbers[place]: round(float(like[which, place]), 4) for which, place in pairs}
    table["label"] = [
        given[topic].name or label if topic in given else label
        for topic, label in zip(numbers, table["label"], strict=True)
    ]
    matched = {which for which, _ in pairs}
    left = tuple(entry for which, entry in enumerate(wanted) if which not in matched)
    return Naming(replace(model, topics=table), given, alike, left)


def _matched(like: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pair entries with topics so that they are most alike altogether; none that are too unlike."""
    from scipy.optimize import linear_sum_assignment

    good = np.where(like >= ALIKE, like, 0.0)
    rows, columns = linear_sum_assignment(-good)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return [(row, column) for row, column in pairs if good[row, column] > 0]


def likeness(model: TopicModel, entries: Sequence[TopicName]) -> NDArray[np.float64]:
    """Return how like each topic is to what each name was given to, shape (entries, topics).

    The cosine of the words' weights and the share of the passages that are in the topic; the mean
    of both where at least `PRESENT` of the passages are still there.
    """
    numbers = [int(topic) for topic in model.topics["topic"]]
    spoken = [_weights(_telling(model, topic)) for topic in numbers]
    by_words = np.array(
        [[_cosine(_weights(entry.words), other) for other in spoken] for entry in entries]
    ).reshape(len(entries), len(numbers))
    where = _at(model.assignments, numbers)
    found = by_words.copy()
    for row, entry in enumerate(entries):
        there = [where[passage] for passage in entry.passages if passage in where]
        if len(there) >= PRESENT or (there and not entry.words):
            share = np.mean(there, axis=0)
            found[row] = (by_words[row] + share) / 2 if entry.words else share
    return found


def _at(assignments: pd.DataFrame, numbers: Sequence[int]) -> dict[tuple[str, int], list[float]]:
    """Return, for each line of each transcript, the share of its units in each topic."""
    column = {topic: place for place, topic in enumerate(numbers)}
    found: dict[tuple[str, int], list[float]] = {}
    for source, line, topic in assignments[["source", "line", "topic"]].to_numpy():
        found.setdefault((str(source), int(line)), [0.0] * len(numbers))[column[int(topic)]] += 1
    return {key: [one / sum(share) for one in share] for key, share in found.items()}


def _telling(model: TopicModel, topic: int) -> list[str]:
    """Return a topic's words, the most telling first."""
    table = model.words
    return [str(word).casefold() for word in table.loc[table["topic"] == topic, "word"]][:WORDS]


def _weights(listed: Sequence[str]) -> dict[str, float]:
    """Weigh words by their rank: the file keeps no numbers that nobody can check."""
    weight = {word: 1 / log2(rank + 2) for rank, word in enumerate(dict.fromkeys(listed[:WORDS]))}
    length = sum(value**2 for value in weight.values()) ** 0.5 or 1.0
    return {word: value / length for word, value in weight.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(value * other.get(word, 0.0) for word, value in one.items())


def entries_of(model: TopicModel) -> list[TopicName]:
    """Return what each topic of a model is to be known by, with no names yet."""
    found = []
    for topic in model.topics["topic"]:
        units = model.assignments[model.assignments["topic"] == topic]
        near = units.sort_values(["strength", "source", "start"], ascending=[False, True, True])
        where = list(dict.fromkeys(zip(near["source"], near["line"].astype(int), strict=True)))
        found.append(TopicName("", tuple(_telling(model, int(topic))), tuple(where[:PASSAGES])))
    return found


def write(study: Project, naming: Naming) -> tuple[Path, int]:
    """Write an entry, still without a name, for each topic that nobody has named.

    What people have written stays as it is, to the byte; entries without a name are made anew.

    Returns
    -------
    tuple of Path and int
        The file, and how many entries wait for a name.

    Raises
    ------
    InvalidStudyError
        The file is not as it should be: writing it anew would bury that.
    NotPossibleError
        The file is laid out so that nothing can be added.
    """
    path = path_of(study)
    with locked(path):
        fresh = named(naming.model, names(study))  # somebody may have named one since
        text, dash = _before(path)
        listed = zip(fresh.model.topics["topic"], fresh.model.topics["label"], strict=True)
        waiting = [
            _lines(entry, str(label), dash)
            for entry, (topic, label) in zip(entries_of(fresh.model), listed, strict=True)
            if int(topic) not in fresh.given
        ]
        text += "".join(waiting)
        if parse_yaml(path, text)[1]:
            message = f"{path} is laid out in a way that cannot be added to; begin each topic "
            raise NotPossibleError(message + "with `- name:` on a line of its own below `topics:`")
        write_atomic(path, text)
    return path, len(waiting)


def _before(path: Path) -> tuple[str, str]:
    """Return the text that entries are put after, and what stands before their dashes."""
    if not path.exists():
        return HEAD, "  "
    text = _without_nameless(path)
    entries, _ = topicnames.read(path)
    first = next((entry.place.line for entry in entries if entry.place), 0)
    lines = (read_text(path)[0] or "").splitlines()
    dash = lines[first - 1].partition("-")[0] if first else "  "
    if not re.search(r"^topics:", text, re.MULTILINE):
        text += "\ntopics:\n" if text and not text.endswith("\n") else "topics:\n"
    text = re.sub(r"^topics:[ \t]*\[\s*\][ \t]*$", "topics:", text, flags=re.MULTILINE)
    return text if text.endswith("\n") else text + "\n", dash if not dash.strip() else "  "


def _without_nameless(path: Path) -> str:
    """Return the file's text without its entries that have no name."""
    text, _ = read_text(path)
    entries, _ = topicnames.read(path)
    lines = (text or "").splitlines(keepends=True)
    end = len(lines)
    for entry in reversed(entries):
        begin = entry.place.line - 1 if entry.place else end
        if not entry.name and not entry.note:
            last = _end(lines, begin, end)
            while begin and not lines[begin - 1].strip():
                begin -= 1
            del lines[begin:last]
        end = begin
    return "".join(lines)


def _end(lines: Sequence[str], begin: int, end: int) -> int:
    """Leave comments and empty lines that stand before the next entry to that entry."""
    while end > begin + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip()[0] == "#"):
        end -= 1
    return end


def _lines(entry: TopicName, label: str, dash: str) -> str:
    """Write an entry as the file has them; texts are quoted where YAML asks for it."""
    passages = [f"{source}:{line}" for source, line in entry.passages]
    listed = [*_list("words", entry.words), *_list("passages", passages)]
    head = f'- name: ""  # {" ".join(label.split())}'
    return "\n".join(["", dash + head, *(f"{dash}  {line}" for line in listed)]) + "\n"


def _list(key: str, values: Collection[str]) -> list[str]:
    """Write a list of texts in brackets, a few to a line."""
    lines, line = [], f"{key}: ["
    for number, value in enumerate(values):
        plain = value.replace("-", "").replace(":", "").isalnum() and not value[:1].isdigit()
        shown = value if plain and value not in _SPECIAL else json.dumps(value, ensure_ascii=False)
        piece = shown + ("," if number < len(values) - 1 else "]")
        if len(line) + len(piece) > 92:
            lines.append(line.rstrip())
            line = "  "
        line += piece + " "
    return [*lines, line.rstrip()] if values else []


_SPECIAL = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
