"""What is sorted into topics: participants' turns, long ones cut at ends of sentences."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from study.text import sentences, words
from study.words.counting import heard
from study.words.language import content_words

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 90
"""Turns of more words than this are cut."""
WANTED = 60
"""Words that a piece of a long turn should have, about."""
SHORTEST = 5
"""Passages of fewer words, or without one that says something, are set aside."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One passage: offsets and line in the transcript, and its words."""

    source: str
    line: int
    start: int
    end: int
    participant: str
    group: str
    turn: int
    quotable: bool
    text: str


def pieces(text: str, longest: int = LONGEST, wanted: int = WANTED) -> list[tuple[int, int]]:
    """Cut a long turn at ends of sentences into pieces of about equal length.

    Returns
    -------
    list of (int, int)
        Offsets in `text`; a turn that is short enough, or is one sentence, is one piece.
    """
    total = len(words(text))
    spans = sentences(text) if total > longest else []
    if len(spans) < 2:
        return [(0, len(text))]
    share = total / round(total / wanted)
    cut: list[tuple[int, int]] = []
    begin, done = spans[0][0], 0
    for (start, end), following in zip(spans, [*spans[1:], None], strict=True):
        done += len(words(text[start:end]))
        if following is None or done + len(words(text[slice(*following)])) / 2 > share * (
            len(cut) + 1
        ):
            cut.append((begin, end))
            begin = following[0] if following else end
    return cut


def says_something(text: str, language: str) -> bool:
    """Tell whether a passage is long enough, in words that count, to have a subject."""
    return len(words(text)) >= SHORTEST and bool(content_words(text, language))


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
    units: list[Unit] = []
    aside = 0
    for number, row in enumerate(heard(turns).to_dict("records")):
        for start, end in pieces(row["text"]):
            text = row["text"][start:end]
            if says_something(text, language):
                units.append(_unit(row, number, start, end))
            else:
                aside += 1
    return units, aside


def _unit(row: Mapping[Hashable, Any], number: int, start: int, end: int) -> Unit:
    text = str(row["text"])
    return Unit(
        source=str(row["source"]),
        line=int(row["line"]) + text.count("\n", 0, start),
        start=int(row["start"]) + start,
        end=int(row["start"]) + end,
        participant=str(row["participant"]),
        group=str(row["group"]),
        turn=number,
        quotable=bool(row.get("quotable", False)),
        text=text[start:end],
    )
