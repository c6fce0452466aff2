"""Transcripts: whatever a transcription service delivers, read into the canonical form.

One reader a format stands behind one registry, `FORMATS`, keyed by suffix.  A reader gets a file's
path and bytes and returns its `Content`; everything after that (merging, who interviews, the
canonical text) is the same for all.
"""

from __future__ import annotations

from study.transcripts.canonical import (
    RawNote,
    RawTurn,
    parse,
    problems,
    read,
    version,
    write,
)
from study.transcripts.receiving import FORMATS, Received, read_transcript, receive
from study.transcripts.twins import Twins, duplicates

__all__ = [
    "FORMATS",
    "RawNote",
    "RawTurn",
    "Received",
    "Twins",
    "duplicates",
    "parse",
    "problems",
    "read",
    "read_transcript",
    "receive",
    "version",
    "write",
]
