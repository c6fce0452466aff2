"""One count as the page shows it, and the only place that says how: passages, and people.

The script's counterpart is page/shown.js; where a study masks small counts, both keep silent
about fewer participants than it says.
"""

from __future__ import annotations

from dataclasses import dataclass

from study.map.addresses import address
from study.tables.masking import SIGN
from study.wording import many

NEGATIVE = "\u25bd"
NONE = "\u2013"


@dataclass(frozen=True, slots=True)
class Cell:
    """A count that opens: `of` is the number of participants it could be, 0 where that is moot."""

    parts: dict[str, object]
    about: str
    passages: int
    people: int
    of: int = 0
    negative: int = 0
    unit: str = "passage"
    shade: int = -1
    size: float = 0.0
    masked: bool = False

    @property
    def href(self) -> str:
        """Where it leads."""
        return f"#{address(**self.parts)}"

    @property
    def count(self) -> str:
        """The number of passages (turns, units) as it is written."""
        if self.masked:
            return SIGN
        return f"{self.passages:,}" if self.passages else NONE

    @property
    def share(self) -> str:
        """Participants, of how many."""
        if self.masked:
            return SIGN
        return f"{self.people}/{self.of}" if self.of else f"{self.people}"

    @property
    def remark(self) -> str:
        """How many speak of it only negatively, if anybody does."""
        return f"{NEGATIVE}{self.negative}" if self.negative and not self.masked else ""

    @property
    def label(self) -> str:
        """The cell in words."""
        if self.masked:
            return f"{self.about}: too few participants to show"
        people = many(self.people, "participant")
        if self.of:
            people = f"{self.people} of {many(self.of, 'participant')}"
        text = f"{self.about}: {many(self.passages, self.unit)}, {people}"
        return f"{text}, {self.negative} only negatively" if self.negative else text


def cell(
    parts: dict[str, object], about: str, passages: int, people: int, least: int = 0, **more: int
) -> Cell:
    """Return a count; masked if fewer than `least` participants are behind it, but some."""
    masked = 0 < people < least
    return Cell(parts, about, passages, people, masked=masked, **more)  # type: ignore[arg-type]
