"""Repair of what a fixed line width did to the words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from study.transcripts.records import Line

_DIVIDED = re.compile(r"(?P<head>[^\W\d_]+)(?P<hyphen>[-\u00ad\u2010])$")
_COMPOUND = frozenset(
    "anti co ex inter long mid multi non post pre pro re self semi short so sub two three well "
    "twenty thirty forty fifty sixty seventy eighty ninety".split()
)
_SHOWN = 8
_NUMBER = re.compile(r"(?P<number>\d{1,4})[.)]?[ \t]+(?=\S)")


def undivided(lines: Sequence[Line]) -> tuple[list[Line], str]:
    """Make words whole that a line end divided; also return a warning that lists them.

    The hyphen stays if the transcript writes the word with a hyphen elsewhere, if its first part
    is one that mostly takes it (`co-design`), or if both parts are words of the transcript.
    """
    if not any(below.wrapped and _DIVIDED.search(line.text) for line, below in pairwise(lines)):
        return list(lines), ""
    known = {word.casefold() for line in lines for word in re.findall(r"[\w-]+", line.text)}
    whole: list[Line] = []
    made: list[str] = []
    for line in lines:
        match = _DIVIDED.search(whole[-1].text) if whole and line.wrapped else None
        if match and line.text[:1].islower():
            tail, _, rest = line.text.partition(" ")
            word = _whole(match["head"], match["hyphen"], tail, known)
            made.append(word)
            whole[-1] = replace(whole[-1], text=whole[-1].text[: match.start()] + word)
            line = replace(line, text=rest)
        if line.text or not line.wrapped:
            whole.append(line)
    return whole, _warning(made)


def unnumbered(
    lines: Sequence[Line], labelled: Callable[[Line], bool]
) -> tuple[list[Line], tuple[str, ...]]:
    """Take off the numbers of paragraphs that count from the first label on, if they do.

    A numbered list is left alone: the numbers stand before labels, one after the other.
    """
    numbers = {i: match for i, line in enumerate(lines) if (match := _NUMBER.match(line.text))}
    counted = [int(match["number"]) for match in numbers.values()]
    steps = sum(after == before + 1 for before, after in pairwise(counted))
    if len(counted) < 4 or len(counted) < 0.5 * len(lines) or steps < 0.9 * (len(counted) - 1):
        return list(lines), ()
    bare = [_bare(line, numbers.get(i)) for i, line in enumerate(lines)]
    if sum(labelled(bare[i]) for i in numbers) < 0.5 * len(numbers):
        return list(lines), ()
    return bare, (f"{len(numbers)} numbers before paragraphs: {counted[0]} to {counted[-1]}",)


def _bare(line: Line, number: re.Match[str] | None) -> Line:
    end = number.end() if number else 0
    return replace(line, text=line.text[end:], bold=max(0, line.bold - end))


def _whole(head: str, hyphen: str, tail: str, known: set[str]) -> str:
    bare = re.match(r"[\w-]*", tail)
    end = bare.group() if bare else tail
    hyphened, joined = f"{head}-{end}".casefold(), f"{head}{end}".casefold()
    if hyphen != "-" or (joined in known and hyphened not in known):
        return head + tail
    both = {head.casefold(), end.casefold()} <= known and min(len(head), len(end)) > 2
    keep = hyphened in known or head.casefold() in _COMPOUND or both
    return f"{head}-{tail}" if keep else head + tail


def _warning(made: Sequence[str]) -> str:
    if not made:
        return ""
    more = ", ..." if len(made) > _SHOWN else ""
    listed = ", ".join(word.strip(".,;:?!") for word in made[:_SHOWN])
    return f"words that line ends divided were made whole ({len(made)}): {listed}{more}"
