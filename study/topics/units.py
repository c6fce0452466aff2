"""What is sorted into topics: participants' turns, long ones cut at ends of sentences."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from study.words.counting import heard
from study.words.language import content_words, words

if TYPE_CHECKING:
    import pandas as pd
    from nltk.tokenize.punkt import PunktSentenceTokenizer

LONGEST = 90
"""Turns of more words than this are cut."""
WANTED = 60
"""Words that a piece of a long turn should have, about."""
SHORTEST = 5
"""Passages of fewer words, or without one that says something, are set aside."""

_ABBREVIATIONS = """
a.m p.m e.g i.e etc vs cf al no nos approx dept dr mr mrs ms prof rev hon sr jr st ave govt inc ltd
pty co corp univ ph.d b.a m.a b.sc m.sc u.k u.s u.s.a jan feb mar apr jun jul aug sep sept oct nov
dec
""".split()


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
    text: str


@cache
def _tokenizer() -> PunktSentenceTokenizer:
    """Return Punkt (Kiss & Strunk 2006, 10.1162/coli.2006.32.4.485) with a list, not a download.

    It isn't trained on the interviews: in a few thousand words of talk it takes "um." for an
    abbreviation.
    """
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences of a turn; a new line ends a sentence too."""
    found: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        spans = _tokenizer().span_tokenize(line)
        found += [(offset + start, offset + end) for start, end in spans if end > start]
        offset += len(line) + 1
    return found


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
        The table of turns; columns source, line, start, end, role, participant, group, text.
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
        text=text[start:end],
    )
