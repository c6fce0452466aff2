"""Taking transcripts in: first as received, later as corrected."""

from __future__ import annotations

from study.intake.importing import Imported, expand, import_transcripts
from study.intake.preview import lines, preview
from study.intake.revising import Moved, Revision, revise

__all__ = [
    "Imported",
    "Moved",
    "Revision",
    "expand",
    "import_transcripts",
    "lines",
    "preview",
    "revise",
]
