"""How the number of topics was chosen: what each number would have given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.figures import axis, legend, lettering, style
from study.figures.axis import Scale
from study.figures.reading import Record, count, mark_id, records, undefined
from study.figures.sheet import MARGIN, Box, Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = ("topics", "stability", "low", "high", "coherence")
PANELS = {
    "stability": "Stability: agreement of fits on parts of the units",
    "coherence": "Coherence: are a topic's words said together?",
    "separation": "Separation: are units nearer to their own topic than to the next?",
}
"""What is drawn from the top down; the last only where the table has it."""
TALL, GAP = 76.0, 20.0
"""Height in points of a panel, and of the room between two."""
RADIUS = 2.4


@style.styled
def topic_selection(table: pd.DataFrame, *, chosen: int = 0, width: float = style.MIDDLE) -> Figure:
    """Draw what was measured for each number of topics that was tried.

    Parameters
    ----------
    table
        Columns of `COLUMNS`, and `separation` if there is one; one row for each number of topics.
    chosen
        The number that was chosen; 0 marks none.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty: the number was given and not chosen.
    """
    empty = "the number of topics was given, so none was chosen."
    rows = records(table, "topic_selection", COLUMNS, empty)
    rows.sort(key=lambda row: count(row["topics"]))
    return _Selection(Sheet(width), rows, chosen).draw()


@dataclass(frozen=True, slots=True)
class _Selection:
    sheet: Sheet
    rows: Sequence[Record]
    chosen: int

    def draw(self) -> Figure:
        top, bottom = MARGIN + 12, MARGIN
        box = Box(MARGIN + 24, top, self.sheet.room - 30, TALL)
        for column in (name for name in PANELS if name in self.rows[0]):
            box = Box(box.x, top, box.width, TALL)
            self._panel(box, column)
            top = box.bottom + GAP
        bottom = axis.below(self.sheet, box, self._across(box), "Number of topics") + box.bottom
        return self.sheet.finish(self._legend(bottom + 4))

    @property
    def _marked(self) -> bool:
        return any(count(row["topics"]) == self.chosen for row in self.rows)

    def _panel(self, box: Box, column: str) -> None:
        self._title(box, PANELS[column])
        wide = ("low", "high") if column == "stability" else ()
        scale = self._upright(box, [0.0, *self._values(column, *wide)])
        if wide:
            self._band(scale, box)
        self._curve(scale, box, column)
        if self._marked:
            ends = [(self._across(box).at(self.chosen), y) for y in (box.y, box.bottom)]
            self.sheet.line(ends, colour=style.INK, thick=0.7, dashes=(3, 2), above=0.6)

    def _title(self, box: Box, words: str) -> None:
        lines = lettering.wrap(words, self.sheet.room, style.BODY, 1, bold=True)
        self.sheet.lines(MARGIN, box.y - 12, lines, bold=True)

    def _values(self, *columns: str) -> list[float]:
        found = [row[column] for column in columns for row in self.rows]
        return [float(value) for value in found if not undefined(value)]

    def _across(self, box: Box) -> Scale:
        numbers = [count(row["topics"]) for row in self.rows]
        low, high = min(numbers), max(numbers)
        return Scale(low, max(high, low + 1), box.x + 6, box.right - 6)

    def _upright(self, box: Box, values: Sequence[float]) -> Scale:
        """Draw the axis at the left of a panel and return its scale, which runs upwards."""
        low, high = min(values), max(values)
        high = max(high, low + 0.05)
        scale = Scale(low, low + (high - low) * 1.06, box.bottom, box.y)
        for value in axis.ticks(low, high, int(box.height / 16), whole=False):
            y = scale.at(value)
            self.sheet.line([(box.x, y), (box.right, y)], colour=style.FAINT, above=0.1)
            top, words = y - style.SMALL * style.LEADING / 2, axis.label(value)
            self.sheet.text(
                box.x - 4, top, words, size=style.SMALL, align="right", colour=style.QUIET
            )
        self.sheet.line([(box.x, box.bottom), (box.right, box.bottom)], colour=style.QUIET)
        return scale

    def _band(self, scale: Scale, box: Box) -> None:
        across = self._across(box)
        known = [row for row in self.rows if not undefined(row["low"])]
        if len(known) > 1:
            upper = [(across.at(row["topics"]), scale.at(float(row["high"]))) for row in known]
            lower = [(across.at(row["topics"]), scale.at(float(row["low"]))) for row in known]
            self.sheet.band([*upper, *reversed(lower)], style.SHADES[0])
        for row in known if len(known) == 1 else []:
            x = across.at(row["topics"])
            ends = [(x, scale.at(float(row["low"]))), (x, scale.at(float(row["high"])))]
            self.sheet.line(ends, colour=style.SHADES[1], thick=2)

    def _curve(self, scale: Scale, box: Box, column: str) -> None:
        across = self._across(box)
        known = [row for row in self.rows if not undefined(row[column])]
        points = [(across.at(row["topics"]), scale.at(float(row[column]))) for row in known]
        if len(points) > 1:
            self.sheet.line(points, colour=style.SHADES[4], thick=1.2, above=2)
        for row, point in zip(known, points, strict=True):
            mine = count(row["topics"]) == self.chosen
            gid = mark_id("topic_selection", topics=str(count(row["topics"])), part=column)
            shape, radius = ("diamond", RADIUS * 1.5) if mine else ("circle", RADIUS)
            self.sheet.mark(shape, point, radius, style.SHADES[4], edge=style.PAPER, gid=gid)

    def _legend(self, top: float) -> float:
        keys = []
        if self._marked:
            words = f"chosen: {self.chosen}"
            keys.append(legend.mark(self.sheet, words, "diamond", RADIUS * 1.5, style.SHADES[4]))
        keys.append(legend.swatch(self.sheet, "middle 90 % of pairs of fits", style.SHADES[0]))
        top = legend.row(self.sheet, top, "Topics", keys)
        words = (
            "Stability: adjusted Rand index of pairs of fits on parts of the units; 1 is the "
            "same each time, 0 is chance, as it is below. The number chosen is the middle one of "
            "those that do best, or nearly, in all together; the caption says which these are."
        )
        return legend.note(self.sheet, top, words)
