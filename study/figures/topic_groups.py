"""Topics by stakeholder group: shares of the talk, with intervals over people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.figures import axis, legend, style
from study.figures.axis import Scale
from study.figures.grid import Column, Grid, Row, Section
from study.figures.reading import (
    Record,
    count,
    headline,
    mark_id,
    ordered,
    records,
    text,
    topic_title,
    undefined,
)
from study.figures.sheet import MARGIN, Box, Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = (
    "topic",
    "label",
    "group",
    "units",
    "of_units",
    "share",
    "low",
    "high",
    "participants",
    "of_participants",
)
RADIUS = 2.6
LINE = style.SMALL * style.LEADING


@style.styled
def topics_by_group(
    table: pd.DataFrame, *, groups: Sequence[str] = (), width: float = style.WIDE
) -> Figure:
    """Draw the share of each group's talk (columns) that is about each topic (rows).

    A line is the interval over participants; where there are too few of them there is none, and
    the circle is open.

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row a topic and group.
    groups
        Groups from left to right; others follow.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty.
    """
    rows = records(table, "topics_by_group", COLUMNS, "the topic model found no topic.")
    cells = {(text(row["topic"]), text(row["group"])): row for row in rows}
    return _Groups(Sheet(width), rows, cells, groups).draw()


@dataclass(frozen=True, slots=True)
class _Groups:
    sheet: Sheet
    rows: Sequence[Record]
    cells: Mapping[tuple[str, str], Record]
    groups: Sequence[str]

    def draw(self) -> Figure:
        sizes = {text(r["group"]): count(r["of_participants"]) for r in self.rows}
        columns = [
            Column(group, headline(group), f"n = {sizes[group]}")
            for group in ordered((row["group"] for row in self.rows), self.groups)
        ]
        titles = {text(row["topic"]): topic_title(row) for row in self.rows}
        grid = Grid(
            columns,
            [Section("", tuple(Row(key, title) for key, title in titles.items()))],
            self._cell,
            least=58,
            most=120,
            row_height=LINE + 2 * RADIUS + 9,
            label_share=0.24,
            foot=self._foot,
            between=6,
            legend=self._legend,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    @property
    def _highest(self) -> float:
        values = [row[key] for row in self.rows for key in ("share", "high")]
        return max([1.0, *(100 * float(value) for value in values if not undefined(value))])

    def _scale(self, box: Box) -> Scale:
        return Scale(0, self._highest, box.x + RADIUS, box.right - RADIUS)

    def _cell(self, box: Box, topic: str, group: str) -> None:
        row = self.cells.get((topic, group))
        if row is None or undefined(row["share"]):
            return
        scale, y = self._scale(box), box.y + 4 + RADIUS
        self.sheet.line([(scale.at(0), y), (scale.right, y)], colour=style.FAINT, above=0.5)
        known = not undefined(row["low"]) and not undefined(row["high"])
        if known:
            ends = [(scale.at(100 * float(row[key])), y) for key in ("low", "high")]
            self.sheet.line(ends, colour=style.SHADES[2], thick=2.2, above=1)
        at = (scale.at(100 * float(row["share"])), y)
        gid = mark_id("topics_by_group", topic=topic, group=group)
        self.sheet.mark("circle" if known else "ring", at, RADIUS, style.SHADES[4], gid=gid)
        people = f"{count(row['participants'])}/{count(row['of_participants'])}"
        words = f"{100 * float(row['share']):.0f} % \u00b7 {people}"
        top = y + RADIUS + 2
        middle = box.middle[0]
        self.sheet.text(middle, top, words, size=style.SMALL, align="center", colour=style.QUIET)

    def _foot(self, box: Box, _: str) -> float:
        return axis.below(self.sheet, box, self._scale(box), "% of units")

    def _legend(self, top: float) -> float:
        keys = [
            legend.mark(self.sheet, "share, with interval", "circle", RADIUS, style.SHADES[4]),
            legend.mark(self.sheet, "share; too few people for an interval", "ring", RADIUS),
            legend.stroke(self.sheet, "95 % interval over participants", 2.2, style.SHADES[2]),
        ]
        top = legend.row(self.sheet, top + 4, "Marks", keys)
        words = (
            "Share: the group's units in the topic, of all its units. Below it: participants with "
            "at least one such unit, of those in the group. n: participants."
        )
        return legend.note(self.sheet, top, words)
