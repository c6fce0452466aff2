"""The map of current practice: which practices which stakeholder groups report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.figures import legend, lettering, style
from study.figures.cells import COLUMNS, Cells
from study.figures.grid import Column, Grid, Row, Section, sections
from study.figures.reading import Record, headline, mark_id, ordered, records, text
from study.figures.sheet import MARGIN, Box, Sheet
from study.model import under

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NEGATIVE = "\u25be"
LARGEST = 8.0
"""Radius in points of the largest dot."""


@style.styled
def practice_map(
    table: pd.DataFrame,
    *,
    practices: Sequence[str] = (),
    titles: Mapping[str, str] | None = None,
    groups: Sequence[str] = (),
    width: float = style.WIDE,
) -> Figure:
    """Draw practices (rows, one panel a sense of partnership) x stakeholder groups (columns).

    A dot's area is the number of participants who speak of the practice, its shade the number
    of passages; beside it stands k/n, and after a triangle how many of them speak of it only
    negatively (column `only_negative`, where the table has it).  A short stroke is a zero that
    was looked for.  Within a panel, what most participants speak of stands first.

    Parameters
    ----------
    table
        Columns of `cells.COLUMNS`, one row per code and group.
    practices
        Paths of the codes to show with all codes below them, a panel for each, in this order;
        every branch if empty.
    titles
        Titles of the panels, by path (by branch where no practices are given).
    groups
        Stakeholder groups in the order of the columns.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table holds no practice.
    """
    rows = records(table, "practice_map", COLUMNS, "no code is counted; add codings first.")
    cells = Cells.of(rows, groups)
    names = practices or ordered(row["branch"] for row in rows)
    within = _below if practices else _of_branch
    panels = sections(
        names, titles, lambda name: _rows([row for row in rows if within(row, name)], cells)
    )
    shown = [panel for panel in panels if panel.rows]
    if not shown:
        raise NotPossibleError(
            f"The figure 'practice_map' has nothing to show: no code under {', '.join(practices)}; "
            f"the table's branches are {', '.join(ordered(row['branch'] for row in rows))}."
        )
    return _Map.of(Sheet(width), cells, shown).draw()


def _below(row: Record, path: str) -> bool:
    return under(text(row["code"]), path)


def _of_branch(row: Record, branch: str) -> bool:
    return text(row["branch"]) == branch


def _rows(rows: Sequence[Record], cells: Cells) -> tuple[Row, ...]:
    """Return a panel's rows, what most participants speak of first."""
    names = {text(row["code"]): text(row["name"]) for row in rows}
    totals = {code: cells.of_code(code) for code in names}
    falling = sorted(names, key=lambda code: (-totals[code][1], -totals[code][0]))
    return tuple(
        Row(code, names[code], (f"{totals[code][1]}/{cells.everyone}", f"{totals[code][0]}"))
        for code in falling
    )


def _kn(cells: Cells, code: str, group: str) -> str:
    """Return `k/n`, with how many of them speak of it only negatively."""
    people = cells.counts.get((code, group), (0, 0))[1]
    negative = cells.negative.get((code, group), 0)
    words = f"{people}/{cells.sizes[group]}" if people else ""
    return f"{words} {NEGATIVE}{negative}" if negative else words


@dataclass(frozen=True, slots=True)
class _Map:
    sheet: Sheet
    cells: Cells
    sections: Sequence[Section]
    bounds: Sequence[int]
    most: int
    words: float

    @classmethod
    def of(cls, sheet: Sheet, cells: Cells, panels: Sequence[Section]) -> _Map:
        """Measure what is shown: classes of passages, most participants, longest words."""
        shown = [
            cells.counts.get((row.key, group), (0, 0))
            for panel in panels
            for row in panel.rows
            for group in cells.groups
        ]
        bounds = style.classes(max(passages for passages, _ in shown))
        longest = max((_kn(cells, *cell) for cell in cells.counts), key=len, default="")
        words = lettering.width(longest, style.SMALL)
        return cls(sheet, cells, panels, bounds, max(1, *(who for _, who in shown), 1), words)

    def _radius(self, people: int) -> float:
        return LARGEST * sqrt(people / self.most)

    def draw(self) -> Figure:
        heads = [
            Column(group, headline(group), f"n = {self.cells.sizes[group]}")
            for group in self.cells.groups
        ]
        beside = 2 * LARGEST + self.words + 5
        room = self.sheet.room * 0.6 / len(heads)
        stacked = room < beside
        grid = Grid(
            heads,
            self.sections,
            self._below if stacked else self._beside,
            least=max(2 * LARGEST, self.words) + 3 if stacked else beside,
            most=100,
            row_height=2 * LARGEST + (11 if stacked else 3),
            label_share=0.27,
            texts={"All: partici- pants": 30, "All: pas- sages": 25},
            legend=self._legends,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    def _legends(self, top: float) -> float:
        top += 6
        sizes = sorted({1, round(self.most / 3) or 1, round(self.most * 2 / 3) or 1, self.most})
        people = [legend.mark(self.sheet, str(n), "circle", self._radius(n)) for n in sizes]
        top = legend.row(self.sheet, top, "Area: participants who speak of it (k/n)", people)
        none = legend.stroke(self.sheet, "none", 0.8, style.QUIET, wide=5)
        keys = [*legend.shades(self.sheet, self.bounds), none]
        top = legend.row(self.sheet, top, "Shade: passages", keys)
        if any(self.cells.negative.values()):
            words = (
                f"{NEGATIVE} of whom speak of it only negatively: as absent, failing, not worth it"
            )
            top = legend.note(self.sheet, top, words)
        return top

    def _beside(self, box: Box, code: str, group: str) -> None:
        x, y = box.middle
        left = x - (2 * LARGEST + 2 + self.words) / 2
        self._dot((left + LARGEST, y), code, group)
        if words := _kn(self.cells, code, group):
            middle = y - style.SMALL * style.LEADING / 2
            self.sheet.text(left + 2 * LARGEST + 2.5, middle, words, size=style.SMALL)

    def _below(self, box: Box, code: str, group: str) -> None:
        x, _ = box.middle
        self._dot((x, box.y + LARGEST + 1.5), code, group)
        y = box.y + 2 * LARGEST + 2
        self.sheet.text(x, y, _kn(self.cells, code, group), size=style.SMALL, align="center")

    def _dot(self, at: tuple[float, float], code: str, group: str) -> None:
        passages, people = self.cells.counts.get((code, group), (0, 0))
        gid = mark_id("practice_map", practice=code, group=group)
        if not people:
            ends = [(at[0] - 2.5, at[1]), (at[0] + 2.5, at[1])]
            return self.sheet.line(ends, colour=style.QUIET, thick=0.8, gid=gid)
        fill = style.shade(passages, self.bounds)
        return self.sheet.mark("circle", at, self._radius(people), fill, gid=gid)
