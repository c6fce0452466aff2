"""The words themselves: how often, where, by whom and next to what.

Tables are made from the table of turns, whose column `heard` says what participants said: an
interviewer's words are not counted.  NLTK does the collocations and the stems; nothing is
downloaded.

>>> from study import words
>>> words.concordance(turns, "micro-credential*")                      # doctest: +SKIP
"""

from __future__ import annotations

from study.words.collocations import collocations
from study.words.concordance import concordance
from study.words.counting import (
    by_group,
    frequencies,
    heard,
    keyness,
    log_likelihood,
    log_ratio,
    totals,
)
from study.words.language import FILLERS, FUNCTION_WORDS, stop_words

__all__ = [
    "FILLERS",
    "FUNCTION_WORDS",
    "by_group",
    "collocations",
    "concordance",
    "frequencies",
    "heard",
    "keyness",
    "log_likelihood",
    "log_ratio",
    "stop_words",
    "totals",
]
