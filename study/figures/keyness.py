"""The words that mark each stakeholder group's talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.figures import legend, lettering, style
from study.figures.axis import Scale
from study.figures.reading import Record, count, headline, mark_id, ordered, records, text
from study.figures.sheet import MARGIN, Box, Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = (
    "group",
    "word",
    "count",
    "log_likelihood",
    "log_ratio",
    "participants",
    "of_participants",
)
LEAST, LINE, GAP = 150.0, 10.0, 14.0
"""Least width of a panel, height of a word's line and room between panels, in points."""

WORD_SHARE = 0.36


@style.styled
def keyness(
    table: pd.DataFrame,
    *,
    groups: Sequence[str] = (),
    words: int = 10,
    width: float = style.WIDE,
) -> Figure:
    """Draw the words that a group uses more than the others do, one panel a group.

    A bar's length is the log-likelihood (Dunning 1993, https://aclanthology.org/J93-1003/);
    beside it stand how often the group says the word, and how many of its participants do.

    Parameters
    ----------
    table
        Columns of `COLUMNS` (more may follow), one row per group and word.
    groups
        Stakeholder groups in the order of the panels.
    words
        Words a panel.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If no group uses any word more than the others.
    """
    rows = records(table, "keyness", COLUMNS, "there are too few words, or only one group.")
    panels = {
        group: _top(rows, group, words) for group in ordered((r["group"] for r in rows), groups)
    }
    if not any(panels.values()):
        raise NotPossibleError(
            "The figure 'keyness' has nothing to show: no group uses a word more than the others."
        )
    return _Keyness(Sheet(width), panels).draw()


def _top(rows: Sequence[Record], group: str, words: int) -> list[Record]:
    own = [row for row in rows if text(row["group"]) == group and float(row["log_ratio"]) > 0]
    return sorted(own, key=lambda row: -float(row["log_likelihood"]))[:words]


@dataclass(frozen=True, slots=True)
class _Keyness:
    sheet: Sheet
    panels: Mapping[str, Sequence[Record]]

    def draw(self) -> Figure:
        across = max(1, int((self.sheet.room + GAP) / (LEAST + GAP)))
        across = min(across, len(self.panels))
        wide = min((self.sheet.room - (across - 1) * GAP) / across, 260)
        top, groups = MARGIN, list(self.panels)
        for start in range(0, len(groups), across):
            top = self.sheet.placed(top, self._tallest(groups[start : start + across]))
            bottoms = [
                self._panel(Box(MARGIN + i * (wide + GAP), top, wide, 0), group)
                for i, group in enumerate(groups[start : start + across])
            ]
            top = max(bottoms) + GAP
        words = (
            f"Bar: log-likelihood, one scale for all panels, the longest is {self._highest:.1f}. "
            "Numbers: times said by the group, and participants of the group who say it (k/n)."
        )
        return self.sheet.finish(legend.note(self.sheet, top - GAP + 6, words))

    def _tallest(self, groups: Sequence[str]) -> float:
        words = max(max(1, len(self.panels[group])) for group in groups)
        return 2 * style.HEAD * style.LEADING + 4 + words * LINE

    @property
    def _highest(self) -> float:
        return max(float(row["log_likelihood"]) for rows in self.panels.values() for row in rows)

    def _panel(self, box: Box, group: str) -> float:
        title = lettering.wrap(headline(group), box.width, style.HEAD, 2, bold=True)
        y = self.sheet.lines(box.x, box.y, title, size=style.HEAD, bold=True) + 2
        self.sheet.line([(box.x, y), (box.right, y)], colour=style.QUIET)
        y += 2
        for row in self.panels[group]:
            self._word(Box(box.x, y, box.width, LINE), group, row)
            y += LINE
        if not self.panels[group]:
            self.sheet.text(box.x, y, "no such word", size=style.SMALL, colour=style.QUIET)
            y += LINE
        return y

    def _word(self, box: Box, group: str, row: Record) -> None:
        numbers = (
            f"{count(row['count'])}, {count(row['participants'])}/{count(row['of_participants'])}"
        )
        left = box.x + box.width * WORD_SHARE
        room = lettering.width("0000, 00/00", style.SMALL) + 3
        scale = Scale(0, self._highest, left, max(left + 10, box.right - room))
        word = lettering.shorten(lettering.clean(row["word"]), box.width * WORD_SHARE - 4)
        self.sheet.text(box.x, box.y + 0.5, word)
        end = scale.at(float(row["log_likelihood"]))
        gid = mark_id("keyness", group=group, word=text(row["word"]))
        self.sheet.block(Box(left, box.y + 2, end - left, LINE - 4), style.SHADES[3], gid=gid)
        self.sheet.text(end + 3, box.y + 1.2, numbers, size=style.SMALL, colour=style.QUIET)
