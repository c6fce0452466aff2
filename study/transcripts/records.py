"""What readers hand on: lines as laid out, and the content found in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from study.errors import UnreadableTranscriptError
from study.transcripts.canonical import Block


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document, as far as its look helps to tell labels from talk.

    `bold` is the length of the bold text it begins with; `wrapped` says that it goes on with the
    sentence of the line above, `gap` that a blank line stands above it.  `speaker` and `time` are
    set where a table's columns tell them.
    """

    text: str
    bold: int = 0
    heading: bool = False
    wrapped: bool = False
    gap: bool = False
    speaker: str = ""
    time: float | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What one file holds: blocks in order, notes that stand at the top, what wasn't kept.

    `named` are interviewers whom the transcript's own header names.
    """

    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    encoding: str = ""
    warnings: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


Reader = Callable[[Path, bytes], Content]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, the function that reads it."""

    name: str
    reader: Reader


def guarded(path: Path, kind: str, error: Exception) -> UnreadableTranscriptError:
    """Return the error to raise where a parser gave up on a file."""
    reason = f"cannot be read as {kind} ({str(error).strip() or type(error).__name__})"
    short = reason.splitlines()[0][:300]
    return UnreadableTranscriptError(path, short, "Open it, save it again and import that.")
