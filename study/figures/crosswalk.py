"""Topics heard by machine against codes applied by people: where they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.figures import legend, style
from study.figures.grid import Column, Grid, Row, sections
from study.figures.reading import (
    Record,
    count,
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

COLUMNS = ("topic", "label", "code", "name", "branch", "units", "of_topic", "lift")
TESTED = "p"
KEPT_BACK = "[c]"
"""Stands in a cell of too few participants (`publication.smallest_cell`), as in all figures."""
LEVEL = 0.05
BOUNDS = (1.0, 1.5, 2.0, 3.0, float("inf"))
NAMES = ("up to 1 (no more than expected)", "1\u20131.5", "1.5\u20132", "2\u20133", "over 3")


@style.styled
def crosswalk(
    table: pd.DataFrame,
    *,
    titles: Mapping[str, str] | None = None,
    least: int = 1,
    width: float = style.WIDE,
) -> Figure:
    """Draw codes (rows) x topics (columns): the number of shared units, shaded by lift.

    Lift is the number of units that bear both, divided by the number to expect if topic and code
    had nothing to do with one another (Brin et al. 1997, doi:10.1145/253260.253325).  A frame and
    bold figures mark cells that a test corrected for all cells calls more than chance.

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row per topic and code; frames need the column `p`.
    titles
        Titles of the branches.
    least
        Cells of fewer units are not shaded: their lift is mostly chance.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty.
    """
    rows = records(table, "crosswalk", COLUMNS, "it needs both codings and a topic model.")
    return _Crosswalk(
        Sheet(width),
        rows,
        {(text(row["code"]), text(row["topic"])): row for row in rows},
        titles,
        least,
    ).draw()


@dataclass(frozen=True, slots=True)
class _Crosswalk:
    sheet: Sheet
    rows: Sequence[Record]
    cells: Mapping[tuple[str, str], Record]
    titles: Mapping[str, str] | None
    least: int

    def draw(self) -> Figure:
        heads = {text(row["topic"]): row for row in self.rows}
        columns = [
            Column(topic, topic_title(row), f"{count(row['of_topic'])} units")
            for topic, row in heads.items()
        ]
        branches = ordered(row["branch"] for row in self.rows)
        grid = Grid(
            columns,
            sections(branches, self.titles, self._codes),
            self._cell,
            least=20,
            most=92,
            row_height=11,
            label_share=0.3,
            legend=self._legend,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    def _legend(self, top: float) -> float:
        keys = [
            legend.swatch(self.sheet, words, shade)
            for words, shade in zip(NAMES, style.SHADES, strict=True)
        ]
        keys.append(legend.stroke(self.sheet, "none shared", 0.8, style.RULE, wide=4))
        top = legend.row(self.sheet, top + 6, "Lift", keys)
        if self._tested:
            words = "more than chance: p \u2264 .05, corrected for all cells"
            top = legend.row(self.sheet, top, "Frame", [legend.Key(words, 11, self._sample, 8)])
        words = "Number in a cell: units that bear both topic and code."
        if self.least > 1:
            words += f" Not shaded: fewer than {self.least} units."
        if not self._tested:
            words += " No cell is tested."
        return legend.note(self.sheet, top, words)

    @property
    def _tested(self) -> bool:
        return any(not undefined(row.get(TESTED)) for row in self.rows)

    def _sample(self, at: tuple[float, float]) -> None:
        self._frame(Box(at[0] - 5, at[1] - 3.5, 10, 7))

    def _frame(self, box: Box) -> None:
        left, right, low, high = box.x, box.right, box.bottom, box.y
        corners = [(left, high), (right, high), (right, low), (left, low), (left, high)]
        self.sheet.line(corners, colour=style.INK, thick=1.3, above=4)

    def _codes(self, branch: str) -> tuple[Row, ...]:
        names = {text(r["code"]): text(r["name"]) for r in self.rows if text(r["branch"]) == branch}
        return tuple(Row(code, name) for code, name in names.items())

    def _cell(self, box: Box, code: str, topic: str) -> None:
        row = self.cells.get((code, topic), {})
        units, (x, y) = count(row.get("units")), box.middle
        gid = mark_id("crosswalk", code=code, topic=topic)
        if row and undefined(row["units"]):
            return self._text(x, y, KEPT_BACK, style.QUIET)
        if not units:
            ends = [(x - 2, y), (x + 2, y)]
            return self.sheet.line(ends, colour=style.RULE, thick=0.8, gid=gid)
        lift = row.get("lift")
        plain = undefined(lift) or units < self.least
        fill = style.PAPER if plain else style.shade(float(str(lift)), BOUNDS)
        firm = not undefined(row.get(TESTED)) and float(row[TESTED]) <= LEVEL
        if firm:
            self._frame(_within(box, 1))
        self.sheet.block(_within(box, 2.4 if firm else 0.5), fill, gid=gid)
        return self._text(x, y, str(units), style.ink_on(fill), bold=firm)

    def _text(self, x: float, y: float, words: str, ink: str, bold: bool = False) -> None:
        top = y - style.SMALL * style.LEADING / 2
        self.sheet.text(x, top, words, size=style.SMALL, align="center", colour=ink, bold=bold)


def _within(box: Box, edge: float) -> Box:
    """Return a box without an edge of so many points."""
    return Box(box.x + edge, box.y + edge, box.width - 2 * edge, box.height - 2 * edge)
