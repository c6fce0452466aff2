"""What a word is to a pattern, and when two words are the same.

A word is a run of letters and digits, marks on them included, with apostrophes inside; a hyphen
parts words.  Capitals never matter; accents matter only where a pattern says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from nltk.stem.snowball import SnowballStemmer

JOINERS = "\u00ad\u200c\u200d\u2060"
"""What may stand inside a word and is not seen: soft hyphen, joiners."""
_RUN = rf"[\p{{L}}\p{{N}}](?:[\p{{L}}\p{{M}}\p{{N}}{JOINERS}]*[\p{{L}}\p{{M}}\p{{N}}])?"
WORD: regex.Pattern[str] = regex.compile(rf"{_RUN}(?:['\u2019]{_RUN})*")

_UNSEEN = dict.fromkeys(map(ord, JOINERS)) | {0x2019: "'"}
# Letters that Unicode does not take apart, though readers of other languages write them without.
_BARE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe"})
_TIED = regex.compile(r"'(?:s|re|ve|ll|d|m)$")
_MARKS = dict.fromkeys(range(0x300, 0x370))


def exact(word: str) -> str:
    """Return a word as it is compared where accents matter: without capitals, composed."""
    if word.isascii():
        return word.lower()
    word = unicodedata.normalize("NFD", word.translate(_UNSEEN)).casefold()
    return unicodedata.normalize("NFC", word)


def plain(word: str) -> str:
    """Return a word as it is compared otherwise: without accents, too."""
    if word.isascii():
        return word.lower()
    bare = unicodedata.normalize("NFKD", exact(word)).casefold()
    return unicodedata.normalize("NFKD", bare).translate(_MARKS).translate(_BARE)


def forms(word: str) -> tuple[str, ...]:
    """Return the forms under which a word is found: "partner's" and "partner'll" as "partner", too.

    What an apostrophe ties to a word is left off, but for n't, which makes another word of it;
    and so is an elided article ("l'\u00e9cole").

    Parameters
    ----------
    word
        A word as `exact` or `plain` returns it.
    """
    if "'" not in word:
        return (word,)
    found = [word, _TIED.sub("", word)]
    tail = word.partition("'")[2]
    if len(tail) > 2:  # shorter ones are "don't", "they'll"
        found += [tail, _TIED.sub("", tail)]
    return tuple(dict.fromkeys(found))


def beginnings(stems: Iterable[str], language: str) -> frozenset[str] | None:
    """Return the first two letters of all plain words with these stems; None if anything may be.

    Making a stem takes time, and most words of a text have none of those that are sought.  The
    English stemmer changes nothing before a word's third letter, but for three words.
    """
    heads = frozenset(stem[:2] for stem in stems)
    if language != "english" or any(len(head) < 2 for head in heads):
        return None
    return heads | {"dy", "ly", "ty"}  # "dying" has the stem "die"


@lru_cache
def stemmer(language: str) -> SnowballStemmer:
    """Return NLTK's Snowball stemmer (Porter 2001) of a language.

    Raises
    ------
    ValueError
        There is none.
    """
    from nltk.stem.snowball import SnowballStemmer

    if language not in SnowballStemmer.languages:
        known = ", ".join(one for one in SnowballStemmer.languages if one != "porter")
        raise ValueError(f"there are no stems for {language!r}, only for {known}")
    return SnowballStemmer(language)
