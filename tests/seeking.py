"""What a pattern finds in a few turns."""

from __future__ import annotations

from study.patterns import Matcher, PatternError, parse


def found(pattern, *turns, language="english"):
    """Return the words that a pattern finds, turn by turn in one list."""
    hits = Matcher([parse(pattern)], language).find(turns)
    return [turns[hit.turn][hit.start : hit.end] for hit in hits]


def parsed(text):
    """Return a pattern and None, or None and what is wrong with it."""
    try:
        return parse(text), None
    except PatternError as error:
        return None, error
