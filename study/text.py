"""What a word and a sentence of an interview are: one definition for every count.

What stands in square brackets is the transcriber's: an aside ("[pause]") or a stand-in for a name
("[University A]"), no word that anybody said.  So are the usual remarks in round ones ("(laughs)").
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

WORD = re.compile("(?<![^\\W_])[^\\W\\d_]\\w*(?:['\u2019-]\\w+)*")
"""A word starts with a letter (so "21st" is none); apostrophes and hyphens inside belong to it."""

_ASIDE = re.compile(
    r"\[[^\[\]\n]*\]"
    r"|\((?:[^()\n]{0,20}\b)?(?:laugh\w*|chuckl\w*|pauses?|sigh\w*|inaudible|unclear|crosstalk|"
    r"overlapping|coughs?|silence|indistinct)\b[^()\n]{0,40}\)",
    re.IGNORECASE,
)

_ABBREVIATIONS = """
a.m p.m e.g i.e etc vs cf al no nos approx dept dr mr mrs ms prof rev hon sr jr st ave govt inc ltd
pty co corp univ ph.d b.a m.a b.sc m.sc u.k u.s u.s.a jan feb mar apr jun jul aug sep sept oct nov
dec
""".split()


def spoken(text: str) -> str:
    """Blank out what the transcriber added ("[pause]", "(laughs)"); length and offsets stay."""
    return _ASIDE.sub(lambda match: " " * len(match.group()), text)


def words(text: str) -> list[str]:
    """Split a passage into words in lower case, apostrophes straight, asides left out."""
    found = (match.group().lower().replace("\u2019", "'") for match in WORD.finditer(spoken(text)))
    return [_said_once(word) for word in found]


def _said_once(word: str) -> str:
    """Undo a stutter: "the-the" is "the", "i-it's" is "it's"."""
    *before, last = word.split("-")
    return last if before and all(last.startswith(part) for part in before) else word


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences of a turn; a new line ends a sentence too."""
    found: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        spans = _tokenizer().span_tokenize(line)
        found += [(offset + start, offset + end) for start, end in spans if end > start]
        offset += len(line) + 1
    return found


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
