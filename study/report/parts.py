"""What a report is made of, before it is Word or Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from study.publication import PrintedTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a chapter."""

    words: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; words in square brackets are the authors' to replace."""

    words: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of a participant, and whose and where they are."""

    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure; `name` is that of its file, without suffix."""

    name: str
    title: str
    note: str
    alt: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table among the text."""

    table: PrintedTable
    own_page: bool = False


Part: TypeAlias = Heading | Paragraph | Quotation | Picture | Tabled


def listed(words: Sequence[str]) -> str:
    """Return words as one phrase: `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
