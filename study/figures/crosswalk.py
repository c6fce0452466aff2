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
    had nothing to do with one another (Brin et al. 1997, doi:10.1145/253260.253325).

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row per topic and code.
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
            most=64,
            row_height=11,
            label_share=0.3,
        )
        top = grid.draw(self.sheet, MARGIN) + 6
        keys = [
            legend.swatch(self.sheet, words, shade)
            for words, shade in zip(NAMES, style.SHADES, strict=True)
        ]
        keys.append(legend.stroke(self.sheet, "none shared", 0.8, style.RULE, wide=4))
        top = legend.row(self.sheet, top, "Lift", keys)
        words = "Number in a cell: units that bear both topic and code."
        if self.least > 1:
            words += f" Not shaded: fewer than {self.least} units."
        return self.sheet.finish(legend.note(self.sheet, top, words))

    def _codes(self, branch: str) -> tuple[Row, ...]:
        names = {text(r["code"]): text(r["name"]) for r in self.rows if text(r["branch"]) == branch}
        return tuple(Row(code, name) for code, name in names.items())

    def _cell(self, box: Box, code: str, topic: str) -> None:
        row = self.cells.get((code, topic), {})
        units, (x, y) = count(row.get("units")), box.middle
        gid = mark_id("crosswalk", code=code, topic=topic)
        if not units:
            ends = [(x - 2, y), (x + 2, y)]
            return self.sheet.line(ends, colour=style.RULE, thick=0.8, gid=gid)
        lift = row.get("lift")
        plain = undefined(lift) or units < self.least
        fill = style.PAPER if plain else style.shade(float(str(lift)), BOUNDS)
        self.sheet.block(
            Box(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1), fill, gid=gid
        )
        top = y - style.SMALL * style.LEADING / 2
        ink = style.ink_on(fill)
        self.sheet.text(x, top, str(units), size=style.SMALL, align="center", colour=ink)
        return None
