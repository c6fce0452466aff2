"""Patterns of words, and where they are found: plain texts in, offsets out.

>>> from study.patterns import Matcher, parse
>>> rules = [parse("partner*"), parse("universit* NOT (university press)")]
>>> [(hit.pattern, hit.start, hit.end) for hit in Matcher(rules).find(["our partners' university"])]
[(0, 4, 12), (1, 14, 24)]

docs/rules.md says what a pattern may be.
"""

from __future__ import annotations

from study.patterns.grammar import OPTIONS, PatternError, parse
from study.patterns.matcher import EndlessError, Hit, Hits, Matcher
from study.patterns.tree import Passage, Pattern, Speaker

__all__ = [
    "OPTIONS",
    "EndlessError",
    "Hit",
    "Hits",
    "Matcher",
    "Passage",
    "Pattern",
    "PatternError",
    "Speaker",
    "parse",
]
