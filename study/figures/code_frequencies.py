"""How often each code was applied, and by how many participants it was met, by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.figures import axis, legend, style
from study.figures.axis import Scale
from study.figures.cells import COLUMNS, Cells
from study.figures.grid import Column, Grid, Row, Section, sections
from study.figures.reading import headline, mark_id, ordered, records, text
from study.figures.sheet import MARGIN, Box, Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

PARTS = ("passages", "participants")
BAR = 6.5
ROOM = 20.0
"""Room in points for the number at the end of a bar."""


@style.styled
def code_frequencies(
    table: pd.DataFrame,
    *,
    titles: Mapping[str, str] | None = None,
    groups: Sequence[str] = (),
    width: float = style.WIDE,
) -> Figure:
    """Draw passages and participants of every code, two aligned panels, bars split by group.

    Where there are more groups than colours, the smallest groups are drawn as one.

    Parameters
    ----------
    table
        Columns of `cells.COLUMNS`, one row per code and group.
    titles
        Titles of the branches.
    groups
        Stakeholder groups in the order of the bars' parts.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty.
    """
    rows = records(table, "code_frequencies", COLUMNS, "no code is counted; add codings first.")
    cells = Cells.of(rows, groups)
    branches = ordered(row["branch"] for row in rows)
    panels = sections(branches, titles, lambda name: _rows(cells, name))
    return _Bars(Sheet(width), cells, panels, _parts(cells), _most(cells, panels)).draw()


def _most(cells: Cells, panels: Sequence[Section]) -> dict[str, int]:
    """Return the end of each panel's axis."""
    counts = [cells.of_code(row.key) for panel in panels for row in panel.rows]
    passages, people = (max(1, *found, 1) for found in zip(*counts, strict=True))
    return {"passages": passages, "participants": max(cells.everyone, people)}


def _rows(cells: Cells, branch: str) -> tuple[Row, ...]:
    names = {text(r["code"]): text(r["name"]) for r in cells.rows if text(r["branch"]) == branch}
    falling = sorted(names, key=lambda code: tuple(-n for n in reversed(cells.of_code(code))))
    return tuple(Row(code, names[code]) for code in falling)


def _parts(cells: Cells) -> dict[str, list[str]]:
    """Return the parts of a bar: a title and the groups it stands for."""
    groups, most = list(cells.groups), len(style.CATEGORIES)
    if len(groups) <= most:
        return {_titled(cells, group): [group] for group in groups}
    large = sorted(groups, key=lambda group: -cells.sizes[group])[: most - 1]
    rest = [group for group in groups if group not in large]
    people = sum(cells.sizes[group] for group in rest)
    kept = {_titled(cells, group): [group] for group in groups if group in large}
    return kept | {f"{len(rest)} smaller groups together (n = {people})": rest}


def _titled(cells: Cells, group: str) -> str:
    return f"{headline(group)} (n = {cells.sizes[group]})"


@dataclass(frozen=True, slots=True)
class _Bars:
    sheet: Sheet
    cells: Cells
    sections: Sequence[Section]
    parts: Mapping[str, Sequence[str]]
    most: Mapping[str, int]

    def draw(self) -> Figure:
        columns = [Column("passages", "Passages"), Column("participants", "Participants")]
        grid = Grid(
            columns,
            self.sections,
            self._cell,
            least=60,
            row_height=10,
            label_share=0.36,
            foot=self._foot,
            between=10,
            pad=1.2,
            lined=False,
            legend=self._legend,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    def _legend(self, top: float) -> float:
        keys = [
            legend.swatch(self.sheet, title, colour)
            for title, colour in zip(self.parts, style.CATEGORIES, strict=False)
        ]
        return legend.row(self.sheet, top + 6, "Stakeholder group", keys)

    def _scale(self, box: Box, part: str) -> Scale:
        return Scale(0, self.most[part], box.x, box.right - (ROOM + 8 * PARTS.index(part)))

    def _cell(self, box: Box, code: str, part: str) -> None:
        place, scale, done = PARTS.index(part), self._scale(box, part), 0
        for groups, colour in zip(self.parts.values(), style.CATEGORIES, strict=False):
            more = sum(self.cells.counts.get((code, group), (0, 0))[place] for group in groups)
            left, right = scale.at(done), scale.at(done + more)
            if more:
                bar = Box(left, box.middle[1] - BAR / 2, right - left, BAR)
                gid = mark_id("code_frequencies", code=code, part=part, group="|".join(groups))
                self.sheet.block(bar, colour, edge=style.PAPER, gid=gid)
            done += more
        words = f"{done}/{self.cells.everyone}" if place else f"{done}"
        y = box.middle[1] - style.SMALL * style.LEADING / 2
        self.sheet.text(scale.at(done) + 3, y, words, size=style.SMALL, colour=style.QUIET)

    def _foot(self, box: Box, part: str) -> float:
        return axis.below(self.sheet, box, self._scale(box, part))
