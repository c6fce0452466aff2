"""What a word and a sentence of an interview are: one definition for every count.

What stands in square brackets is the transcriber's: an aside ("[pause]") or a stand-in for a name
("[University A]"), no word that anybody said.  So are the usual remarks in round ones ("(laughs)").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
a.m p.m e.g i.e etc vs cf al approx dept dr mr mrs ms prof rev hon sr jr st ave govt inc ltd pty co
corp univ ph.d b.a m.a b.sc m.sc u.k u.s u.s.a e.u jan feb mar apr jun jul aug sep sept oct nov dec
fig figs vol ed eds
""".split()
_BEFORE_NUMBERS = "no nos p pp para art ch sec".split()
"""Abbreviations before a number only: "No. 5", but "No. We didn't"."""
_STARTERS = """
a about after all also although always an and another any anyway as at because before both but by
do does don't even every everybody everyone except finally first for from he her here his how
however i i'd i'll i'm i've if in is it it's its just later let maybe most my next no nobody none
not nothing now of ok okay on once one or other our over people perhaps right she since so some
somebody someone sometimes somewhere still such than that that's the their them then there there's
these they they're this those though to unless until we we'd we'll we're we've well what when
where which while who whoever why with without yeah yes yet you you're your
""".split()
"""Words that, with a capital, begin a sentence even after an abbreviation: "etc. We went on"."""
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\u2026", "''\"\".")
_TRAILING_OFF = re.compile(
    r"(?:\.{2,}|\u2026)[\"'\u2019\u201d)\]]*\s+(?=[\"'\u2018\u201c(\[]?(?!I\b)[^\W\d_])"
)
_ENDS_QUOTED = re.compile(r"[?!.,][\"'\u2019\u201d]+$")


def spoken(text: str) -> str:
    """Blank out what the transcriber added ("[pause]", "(laughs)"); length and offsets stay."""
    return _ASIDE.sub(lambda match: " " * len(match.group()), text)


def words(text: str) -> list[str]:
    """Split a passage into words in lower case, apostrophes straight, asides left out."""
    found = "\n".join(WORD.findall(spoken(text))).lower().replace("\u2019", "'").split()
    return [_said_once(word) if "-" in word else word for word in found]


def _said_once(word: str) -> str:
    """Undo a stutter: "the-the" is "the", "i-it's" is "it's"."""
    *before, last = word.split("-")
    return last if before and all(last.startswith(part) for part in before) else word


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences of a turn; a new line ends a sentence too.

    Punkt decides, and three rules for talk: an ellipsis ends a sentence where a capital follows
    ("I don't know... We tried", not "it was... fine" nor "so... I went"); a quotation goes on to
    who said it ("Is it?" she asked); mere punctuation ("...") is no sentence of its own.
    """
    found: list[tuple[int, int]] = []
    offset = 0
    for line in text.split("\n"):
        found += [(offset + start, offset + end) for start, end in _of_line(line)]
        offset += len(line) + 1
    return found


def _of_line(line: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences of one line."""
    found: list[tuple[int, int]] = []
    spans = _tokenizer().span_tokenize(line.translate(_STRAIGHT))
    for start, end in (piece for span in spans for piece in _at_ellipses(line, *span)):
        start += len(line[start:end]) - len(line[start:end].lstrip())
        if found and _goes_on(line[slice(*found[-1])], line[start:end]):
            start = found.pop()[0]
        if end > start:
            found.append((start, end))
    return found


def _at_ellipses(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence where its speaker trails off and begins anew."""
    for gap in _TRAILING_OFF.finditer(line, start, end):
        if line[gap.end() :].lstrip("\"'\u2018\u201c([")[:1].isupper():
            yield start, start + len(line[start : gap.end()].rstrip())
            start = gap.end()
    yield start, end


def _goes_on(before: str, after: str) -> bool:
    """Tell whether two pieces are one sentence."""
    trails = before.rstrip("\"'\u2019\u201d)").endswith(("..", "\u2026"))
    small = after.lstrip("\"'\u2018\u201c([")[:1].islower() or re.match(r"I\b", after) is not None
    if trails and small:
        return True
    spoken_on = bool(_ENDS_QUOTED.search(before)) and after[:1].islower()
    bare = not any(map(str.isalnum, before)) or not any(map(str.isalnum, after))
    return spoken_on or bare


@cache
def _tokenizer() -> PunktSentenceTokenizer:
    """Return Punkt (Kiss & Strunk 2006, 10.1162/coli.2006.32.4.485) with lists, not a download.

    It isn't trained on the interviews: in a few thousand words of talk it takes "um." for an
    abbreviation.
    """
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    parameters.collocations = {(word, "##number##") for word in _BEFORE_NUMBERS}
    inside = 1 << 5  # as Punkt notes a word that it met in lower case inside a sentence
    parameters.ortho_context.update(dict.fromkeys(_STARTERS, inside))
    return PunktSentenceTokenizer(parameters)
