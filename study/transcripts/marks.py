"""Turns that no label tells: marked by dashes or chevrons, or by type."""

from __future__ import annotations

import re
from collections.abc import Sequence

from study.transcripts.canonical import RawTurn
from study.transcripts.records import Line
from study.transcripts.roles import UNKNOWN

CHEVRON = re.compile(r">{2,3}\s*(?=\S)")
_DASH = re.compile(r"[-\u2013\u2014]\s+(?=\S)")
_QUESTION = re.compile(r"[?\uff1f\u061f][\"'\u201d\u2019)\]]*$")
BOLD, PLAIN = "Speaker (bold)", "Speaker (plain)"


def unmarked(line: str) -> str | None:
    """Return a line without the dash or chevron before it, None where there is neither."""
    match = CHEVRON.match(line) or _DASH.match(line)
    return line[match.end() :] if match else None


def warning(count: int) -> str:
    """Return what to tell of turns that are marked and unnamed."""
    return f"{count} turns are marked by a dash or '>>', without names: all of '{UNKNOWN}'"


def dashed(lines: Sequence[Line]) -> list[RawTurn]:
    """Return the turns of a dialogue in which a dash or chevron begins each; else nothing.

    A list looks the same: a dialogue has questions among its lines, and lines that are none.
    """
    texts = [line.text for line in lines if not line.wrapped]
    said = [text for line in texts if (text := unmarked(line)) is not None]
    asked = sum(_QUESTION.search(text) is not None for text in said)
    if len(said) < 4 or len(said) < 0.9 * len(texts) or not 0.2 <= asked / len(said) <= 0.8:
        return []
    return [RawTurn(UNKNOWN, text) for text in _turns(lines)]


def _turns(lines: Sequence[Line]) -> list[str]:
    turns: list[str] = []
    for line in lines:
        text = unmarked(line.text)
        if turns and (line.wrapped or text is None):
            turns[-1] += ("" if turns[-1].endswith("\n") else " ") + line.text
        else:
            turns.append(line.text if text is None else text)
    return turns


def by_type(lines: Sequence[Line]) -> list[RawTurn]:
    """Return the turns of an interview whose questions alone are bold; else nothing.

    Nothing, too, unless it is unmistakable: every paragraph wholly bold or not at all, at least
    three of each, nearly every bold one a question and hardly any of the others.
    """
    bold = [line.bold >= len(line.text) or line.heading for line in lines]
    mixed = any(0 < line.bold < len(line.text) for line in lines)
    asked = [_QUESTION.search(line.text) is not None for line in lines]
    questions = sum(asks and strong for asks, strong in zip(asked, bold, strict=True))
    strays = sum(asked) - questions
    plain = len(lines) - sum(bold)
    if mixed or not bold or not bold[0] or min(sum(bold), plain) < 3:
        return []
    if questions < 0.8 * sum(bold) or strays > 0.2 * plain:
        return []
    marked = zip(lines, bold, strict=True)
    return [RawTurn(BOLD if strong else PLAIN, line.text) for line, strong in marked]
