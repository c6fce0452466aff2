"""What a topic model heard: the words of each topic, its share and who speaks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.figures import axis, legend, lettering, style
from study.figures.axis import Scale
from study.figures.grid import Column, Grid, Row, Section
from study.figures.reading import Record, count, mark_id, records, text, topic_title
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
)
LINES = 4


@style.styled
def topics(table: pd.DataFrame, *, width: float = style.WIDE) -> Figure:
    """Draw each topic's words, its share of the units, and its participants.

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


@dataclass(frozen=True, slots=True)
class _Topics:
    sheet: Sheet
    rows: Mapping[str, Record]

    def draw(self) -> Figure:
        columns = [
            Column("words", "Words"),
            Column("share", "Share of units"),
            Column("participants", "Participants"),
        ]
        grid = Grid(
            columns,
            [Section("", self._rows(self.sheet.room * 0.24))],
            self._cell,
            least=self.sheet.room * 0.24,
            row_height=20,
            label_share=0.24,
            foot=self._foot,
            between=9,
        )
        top = grid.draw(self.sheet, MARGIN) + 4
        units = max(count(row["of_units"]) for row in self.rows.values())
        people = max(count(row["of_participants"]) for row in self.rows.values())
        words = (
            f"n = {units} units of {people} participants (a unit is a turn, or a piece of a long "
            "one); each belongs to one topic."
        )
        return self.sheet.finish(legend.note(self.sheet, top, words))

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
        if column == "participants":
            people = max(count(row["of_participants"]) for row in self.rows.values())
            return Scale(0, max(people, 1), box.x, box.right - 24)
        high = max(100 * float(row["share"]) for row in self.rows.values())
        return Scale(0, max(high, 1), box.x, box.right - 50)

    def _cell(self, box: Box, topic: str, column: str) -> None:
        row, y = self.rows[topic], box.middle[1]
        if column == "words":
            lines = self._words(row, box.width)
            top = y - len(lines) * style.SMALL * style.LEADING / 2
            self.sheet.lines(box.x, top, lines, size=style.SMALL, colour=style.QUIET)
            return
        scale = self._scale(box, column)
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

    def _foot(self, box: Box, column: str) -> float:
        if column == "words":
            return 0.0
        title = "% of units (units)" if column == "share" else "participants"
        return axis.below(self.sheet, box, self._scale(box, column), title)
