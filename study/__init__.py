"""Qualitative research toolkit: transcripts, coding, topics and the map of current practice.

>>> import study
>>> project = study.load(".")                                          # doctest: +SKIP
>>> study.check(".")                                                   # doctest: +SKIP
[]

What is derived from a project stands in modules of its own: `study.tables`, `study.reliability`,
`study.saturation`, `study.propositions`, `study.topics`, `study.words`, `study.figures`,
`study.publication`.  `study.refi` and `study.exchange` take studies to other programs and back.
Importing `study` loads none of them.
"""

from __future__ import annotations

from study.actions import add, init, remove
from study.errors import (
    InvalidStudyError,
    MissingExtraError,
    NotPossibleError,
    StudyError,
    UnreadableTranscriptError,
)
from study.intake import Imported, Moved, Revision, import_transcripts, revise
from study.model import (
    Case,
    Code,
    Codebook,
    Coding,
    Evidence,
    Place,
    Problem,
    Project,
    Proposition,
    Selection,
    Settings,
    Source,
    Turn,
)
from study.project import check, load
from study.transcripts import read_transcript

__all__ = [
    "Case",
    "Code",
    "Codebook",
    "Coding",
    "Evidence",
    "Imported",
    "InvalidStudyError",
    "MissingExtraError",
    "Moved",
    "NotPossibleError",
    "Place",
    "Problem",
    "Project",
    "Proposition",
    "Revision",
    "Selection",
    "Settings",
    "Source",
    "StudyError",
    "Turn",
    "UnreadableTranscriptError",
    "add",
    "check",
    "import_transcripts",
    "init",
    "load",
    "read_transcript",
    "remove",
    "revise",
]
