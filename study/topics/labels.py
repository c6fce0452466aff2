"""Automatic names of topics: words, and phrases where two words stand side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

SHOWN = 3
"""Words or phrases of a name."""
TOGETHER = 0.5
"""Two words are a phrase if the rarer one stands beside the other so often, ..."""
FEWEST = 3
"""... and at least so many times."""


def automatic(telling: Sequence[str], passages: Sequence[Sequence[str]]) -> str:
    """Name a topic by its words; two that stand side by side in its passages make a phrase.

    Parameters
    ----------
    telling
        The topic's words, the most telling first.
    passages
        All words of each passage in it, in lower case.

    Returns
    -------
    str
        Three words or phrases, as in `prior learning / credit / degree`.
    """
    wanted = set(telling)
    often: Counter[str] = Counter()
    beside: Counter[tuple[str, str]] = Counter()
    for said in passages:
        often.update(word for word in said if word in wanted)
        near = (pair for pair in pairwise(said) if wanted.issuperset(pair))
        beside.update(pair for pair in near if pair[0] != pair[1])
    parts: list[str] = []
    for word in telling:
        if any(word in part.split() for part in parts):
            continue
        parts.append(_phrase(word, often, beside))
        if len(parts) == SHOWN:
            break
    return " / ".join(parts)


def _phrase(word: str, often: Mapping[str, int], beside: Mapping[tuple[str, str], int]) -> str:
    """Return a word with the one that most often stands beside it, if that is a phrase."""
    found = [
        (count, " ".join(pair))
        for pair, count in beside.items()
        if word in pair and count >= max(FEWEST, TOGETHER * min(often[one] for one in pair))
    ]
    return max(found, key=lambda pair: (pair[0], pair[1]))[1] if found else word
