"""What can go wrong, as one small tree.

StudyError
├── InvalidStudyError            the files of a study contradict each other or the codebook
├── UnreadableTranscriptError    one transcript cannot be read
├── NotPossibleError             a command asks for something the study's state does not allow
└── MissingExtraError            an optional package is needed

Every message says what is wrong, where, and what to do.  The command line prints it and exits 1;
anything that is not a `StudyError` is a bug and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from study.wording import many

if TYPE_CHECKING:
    from study.model import Problem


class StudyError(Exception):
    """Base of all errors that the user can mend."""


class InvalidStudyError(StudyError):
    """The study's files have problems that would make any analysis wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        head = many(len(self.problems), "problem")
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{head} in the study's files (`study check` lists them):\n{lines}")


class UnreadableTranscriptError(StudyError):
    """A file that should be a transcript could not be read as one."""

    def __init__(self, path: Path | str, reason: str, remedy: str) -> None:
        self.path, self.reason, self.remedy = Path(path), reason, remedy
        super().__init__(f"{path}: {reason}. {remedy}")


class NotPossibleError(StudyError):
    """The study's present state does not allow what was asked."""


class MissingExtraError(StudyError):
    """An optional package is missing."""

    def __init__(self, purpose: str, extra: str) -> None:
        self.purpose, self.extra = purpose, extra
        super().__init__(
            f"{purpose} needs an extra package; in the toolkit's folder: uv sync --extra {extra} "
            f'(with plain pip: pip install ".[{extra}]")'
        )
