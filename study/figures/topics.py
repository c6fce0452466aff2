"""What a machine hears: the words of each topic, how much of it, how many people, how firm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.figures import axis, legend, lettering, style
from study.figures.axis import Scale
from study.figures.grid import Column, Grid, Row, Section
from study.figures.reading import (
    Record,
    count,
    mark_id,
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
    "words",
    "units",
    "share",
    "of_units",
    "participants",
    "of_participants",
    "stability",
)
LINES = 4
UNSTABLE, FIRM = 0.5, 0.75
"""Below the one a topic dissolves, above the other it is firm (Hennig 2007)."""
RADIUS = 2.6


@style.styled
def topics(table: pd.DataFrame, *, width: float = style.WIDE) -> Figure:
    """Draw each topic's words, its share of the units, its participants and its stability.

    Parameters
    ----------
    table
        Columns of `COLUMNS` (more may follow), one row a topic.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty.
    """
    rows = records(table, "topics", COLUMNS, "the topic model found no topic.")
    return _Topics(Sheet(width), {text(row["topic"]): row for row in rows}).draw()


def unstable(row: Mapping[str, object]) -> bool:
    """Tell whether a topic would hardly come back in another fit."""
    value = row.get("stability")
    return not undefined(value) and float(str(value)) < UNSTABLE


@dataclass(frozen=True, slots=True)
class _Topics:
    sheet: Sheet
    rows: Mapping[str, Record]

    def draw(self) -> Figure:
        columns = [
            Column("words", "Words"),
            Column("share", "Share of units"),
            Column("participants", "Participants"),
            Column("stability", "Stability"),
        ]
        least = max(66.0, min(self.sheet.room * 0.18, 96))
        grid = Grid(
            columns,
            [Section("", self._rows(least))],
            self._cell,
            least=least,
            row_height=20,
            label_share=0.22,
            foot=self._foot,
            between=8,
            legend=self._legend,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    def _legend(self, top: float) -> float:
        units = max(count(row["of_units"]) for row in self.rows.values())
        people = max(count(row["of_participants"]) for row in self.rows.values())
        words = (
            f"n = {units} units of {people} participants (a unit is a turn, or a piece of a long "
            "one); each belongs to one topic. Stability: overlap of a topic with its likeness in "
            "fits on parts of the units (1: the same each time); below 0.5, an open circle, it is "
            "unstable, and nothing should rest on it."
        )
        return legend.note(self.sheet, top + 4, words)

    def _rows(self, room: float) -> tuple[Row, ...]:
        rows = []
        for key, row in self.rows.items():
            lines = len(self._words(row, room))
            least = lines * style.SMALL * style.LEADING + 4
            rows.append(Row(key, topic_title(row), least=least))
        return tuple(rows)

    def _words(self, row: Record, room: float) -> Sequence[str]:
        return lettering.wrap(text(row["words"]), room, style.SMALL, LINES)

    def _scale(self, box: Box, column: str) -> Scale:
        if column == "stability":
            return Scale(0, 1, box.x + RADIUS, box.right - 18)
        if column == "participants":
            people = max(count(row["of_participants"]) for row in self.rows.values())
            return Scale(0, max(people, 1), box.x, box.right - 24)
        high = max(100 * float(row["share"]) for row in self.rows.values())
        return Scale(0, max(high, 1), box.x, box.right - 46)

    def _cell(self, box: Box, topic: str, column: str) -> None:
        row, y = self.rows[topic], box.middle[1]
        if column == "words":
            lines = self._words(row, box.width)
            top = y - len(lines) * style.SMALL * style.LEADING / 2
            self.sheet.lines(box.x, top, lines, size=style.SMALL, colour=style.QUIET)
        elif column == "stability":
            self._stability(box, topic, row)
        else:
            self._bar(box, topic, column, row)

    def _bar(self, box: Box, topic: str, column: str, row: Record) -> None:
        scale, y = self._scale(box, column), box.middle[1]
        share, people = 100 * float(row["share"]), count(row["participants"])
        value = share if column == "share" else float(people)
        words = f"{people}/{count(row['of_participants'])}"
        if column == "share":
            words = f"{share:.0f} % ({count(row['units'])})"
        bar = Box(box.x, y - 4, scale.at(value) - box.x, 8)
        fill = style.SHADES[3] if column == "share" else style.SHADES[1]
        self.sheet.block(bar, fill, gid=mark_id("topics", topic=topic, part=column))
        top = y - style.SMALL * style.LEADING / 2
        self.sheet.text(bar.right + 3, top, words, size=style.SMALL, colour=style.QUIET)

    def _stability(self, box: Box, topic: str, row: Record) -> None:
        scale, y = self._scale(box, "stability"), box.middle[1]
        for edge in (UNSTABLE, FIRM):
            x = scale.at(edge)
            self.sheet.line([(x, box.y), (x, box.bottom)], dashes=(2, 2), above=0.4)
        top = y - style.SMALL * style.LEADING / 2
        x = box.right
        if undefined(row["stability"]):
            self.sheet.text(x, top, "\u2013", size=style.SMALL, align="right", colour=style.QUIET)
            return
        value = float(row["stability"])
        at, gid = (scale.at(value), y), mark_id("topics", topic=topic, part="stability")
        shape = "ring" if unstable(row) else "circle"
        self.sheet.line([(scale.at(0), y), at], colour=style.SHADES[3], thick=0.8, above=1)
        self.sheet.mark(shape, at, RADIUS, style.SHADES[3], gid=gid)
        self.sheet.text(x, top, f"{value:.2f}", size=style.SMALL, align="right")

    def _foot(self, box: Box, column: str) -> float:
        if column == "words":
            return 0.0
        titles = {"share": "% of units (units)", "participants": "participants"}
        title = titles.get(column, "overlap of refits")
        return axis.below(self.sheet, box, self._scale(box, column), title, column != "stability")
