"""What is sorted into topics: participants' turns, long ones cut at ends of sentences."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import inf
from operator import itemgetter
from sys import intern
from typing import TYPE_CHECKING, Any

from study.errors import NotPossibleError
from study.text import sentences, words
from study.words.counting import heard
from study.words.language import bare, stop_words

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 90
"""Turns of more words than this are cut."""
WANTED = 60
"""Words that a piece of a long turn should have, about."""
SHORTEST = 5
"""Turns of fewer words, or without one that says something, are set aside."""
NEEDED = "source line start end participant group turn quotable text".split()


@dataclass(frozen=True, slots=True)
class Unit:
    """One passage: offsets and line in the transcript, its words, and what was asked before it."""

    source: str
    line: int
    start: int
    end: int
    participant: str
    group: str
    turn: int
    """Row of the table of turns, or number of the text, from 0."""
    quotable: bool
    text: str
    said: tuple[str, ...] = ()
    """All its words, in lower case."""
    question: str = ""
    """The interviewer's last turn before it that says something."""
    asked: int = -1
    """Row of that turn; -1 where there is none."""


def pieces(text: str, longest: int = LONGEST, wanted: int = WANTED) -> list[tuple[int, int]]:
    """Cut a long turn at ends of sentences into pieces of about equal length.

    Returns
    -------
    list of (int, int)
        Offsets in `text`; a turn that is short enough, or is one sentence, is one piece.
    """
    if text.count(" ") < longest // 2:
        return [(0, len(text))]
    total = len(words(text))
    spans = sentences(text) if total > longest else []
    if len(spans) < 2:
        return [(0, len(text))]
    share = total / round(total / wanted)
    sizes = [len(words(text[start:end])) for start, end in spans]
    cut: list[tuple[int, int]] = []
    begin, done = spans[0][0], 0
    for place, (_, end) in enumerate(spans):
        done += sizes[place]
        ahead = sizes[place + 1] if place + 1 < len(spans) else inf
        if done + ahead / 2 > share * (len(cut) + 1):
            cut.append((begin, end))
            begin = spans[place + 1][0] if place + 1 < len(spans) else end
    return cut


def telling(said: Iterable[str], language: str) -> list[str]:
    """Return those of the words of a passage that may say something about its subject."""
    stops = stop_words(language)
    kept = (bare(word) for word in said if word not in stops)
    return [word for word in kept if len(word) > 1 and word not in stops]


def of_turns(turns: pd.DataFrame, language: str = "english") -> tuple[list[Unit], int]:
    """Cut participants' turns into units.

    Parameters
    ----------
    turns
        The table of turns; columns source, line, start, end, participant, group, text, heard and
        quotable (without it, nobody may be quoted).
    language
        Decides which words say something.

    Returns
    -------
    tuple of list of Unit and int
        Units in the order of the transcripts, and how many passages were too short.
    """
    asked = _questions(turns)
    units: list[Unit] = []
    aside = 0
    for row in _rows(heard(turns.assign(turn=range(len(turns))))):
        for start, end in pieces(row["text"]):
            unit = _unit(row, start, end, asked)
            if len(unit.said) >= SHORTEST and telling(unit.said, language):
                units.append(unit)
            else:
                aside += 1
    return units, aside


def _rows(turns: pd.DataFrame) -> Iterator[dict[Hashable, Any]]:
    """Yield rows as dictionaries, of the columns that units need: a table may have many others."""
    columns = {name: turns[name].tolist() for name in NEEDED if name in turns}
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(columns, values, strict=True))


def of_texts(texts: Sequence[str], language: str = "english") -> tuple[list[Unit], int]:
    """Make units of texts that are no transcript: each stands for itself, nobody is quoted less.

    Returns
    -------
    tuple of list of Unit and int
        Units in order, `turn` their text's number; and how many had no word that says something.
    """
    units: list[Unit] = []
    aside = 0
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise NotPossibleError(
                f"text {number + 1} is {type(text).__name__}, not text; leave out what is missing"
            )
        name = f"text {number + 1}"
        row: dict[Hashable, Any] = {"source": name, "participant": name, "group": "", "text": text}
        row |= {"line": 1, "start": 0, "turn": number, "quotable": True}
        for start, end in pieces(text):
            unit = _unit(row, start, end, {})
            if telling(unit.said, language):
                units.append(unit)
            else:
                aside += 1
    return units, aside


def _questions(turns: pd.DataFrame) -> dict[int, tuple[str, int]]:
    """Return, for each row that is heard, the question before it and that question's row."""
    # As text: a transcript without a name can neither be sorted nor compared.
    named = turns.assign(turn=range(len(turns)), source=turns["source"].astype(str))
    columns = named.sort_values(["source", "start"], kind="stable")
    if "speaker" not in columns:
        columns["speaker"] = ""
    rows = columns[["heard", "speaker", "text", "turn"]].itertuples(index=False, name=None)
    found: dict[int, tuple[str, int]] = {}
    for _, own in groupby(zip(columns["source"], rows, strict=True), key=itemgetter(0)):
        told = [row for _, row in own]
        found |= _said_before(told) if all(row[0] for row in told) else _asked(told)
    return found


def _asked(turns: Sequence[tuple[bool, str, str, int]]) -> dict[int, tuple[str, int]]:
    """Return the interviewer's last turn; "Mhm" is none, and several people may answer one."""
    found, question = {}, ("", -1)
    for told, _, text, row in turns:
        if told:
            found[row] = question
        elif len(text.split()) >= SHORTEST:
            question = (text, row)
    return found


def _said_before(turns: Sequence[tuple[bool, str, str, int]]) -> dict[int, tuple[str, int]]:
    """Return, where nobody asks, as in a group, what somebody else said last."""
    found, last, other, who = {}, ("", -1), ("", -1), ""
    for _, speaker, text, row in turns:
        found[row] = other if speaker == who else last
        if len(text.split()) >= SHORTEST:
            other = found[row]
            last, who = (text, row), speaker
    return found


def _unit(
    row: Mapping[Hashable, Any], start: int, end: int, asked: Mapping[int, tuple[str, int]]
) -> Unit:
    text = str(row["text"])
    question, at = asked.get(int(row["turn"]), ("", -1))
    return Unit(
        source=str(row["source"]),
        line=int(row["line"]) + text.count("\n", 0, start),
        start=int(row["start"]) + start,
        end=int(row["start"]) + end,
        participant=str(row["participant"]),
        group=str(row["group"]),
        turn=int(row["turn"]),
        quotable=bool(row.get("quotable", False)),
        text=text[start:end],
        said=tuple(map(intern, words(text[start:end]))),  # a word is kept once, not a million times
        question=question,
        asked=at,
    )
