"""Evidence for and against each proposition, by stakeholder group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.figures import axis, legend, lettering, style
from study.figures.axis import Scale
from study.figures.grid import Column, Grid, Row, Section
from study.figures.reading import Record, count, headline, mark_id, ordered, records, text
from study.figures.sheet import MARGIN, Box, Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = (
    "proposition",
    "claim",
    "group",
    "verdict",
    "passages",
    "participants",
    "of_participants",
)
VERDICTS = ("contradicts", "mixed", "supports")
WORDS = {"contradicts": "contradicts", "mixed": "qualifies (mixed)", "supports": "supports"}
BAR = 7.0
LINE = style.SMALL * style.LEADING
REACH = 20.0
"""Distance in points of the numbers below a bar from its middle, at most."""


@style.styled
def propositions(
    table: pd.DataFrame,
    *,
    groups: Sequence[str] = (),
    width: float = style.WIDE,
) -> Figure:
    """Draw, for each proposition and group, passages that contradict, qualify and support it.

    Bars run from the middle: what contradicts to the left, what supports to the right, mixed
    passages half and half.  Below each bar stand the participants, in the same order.  The
    figure weighs nothing: it gives no verdict.

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row per proposition, group and verdict.
    groups
        Stakeholder groups from left to right.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty.
    """
    empty = "there are no propositions, or no codings that bear on them."
    rows = records(table, "propositions", COLUMNS, empty)
    cells = {(text(r["proposition"]), text(r["group"]), text(r["verdict"])): r for r in rows}
    return _Propositions(Sheet(width), rows, cells, groups).draw()


@dataclass(frozen=True, slots=True)
class _Propositions:
    sheet: Sheet
    rows: Sequence[Record]
    cells: Mapping[tuple[str, str, str], Record]
    groups: Sequence[str]

    def draw(self) -> Figure:
        sizes: dict[str, int] = {}
        for row in self.rows:
            group = text(row["group"])
            sizes[group] = max(sizes.get(group, 0), count(row["of_participants"]))
        order = ordered((row["group"] for row in self.rows), self.groups)
        columns = [Column(group, headline(group), f"n = {sizes[group]}") for group in order]
        claims = {text(row["proposition"]): text(row["claim"]) for row in self.rows}
        rows = [
            Row(key, f"{key}  {claim}", (self._all(key, order),)) for key, claim in claims.items()
        ]
        grid = Grid(
            columns,
            [Section("", tuple(rows))],
            self._cell,
            least=34,
            most=110,
            row_height=BAR + LINE + 6,
            texts={f"All (n = {sum(sizes.values())})": 42},
            foot=self._foot,
            between=5,
            label_share=0.37,
            label_lines=9,
            legend=self._legend,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    def _count(self, key: str, group: str, verdict: str, column: str) -> int:
        return count(self.cells.get((key, group, verdict), {}).get(column))

    def _all(self, key: str, groups: Sequence[str]) -> str:
        totals = [sum(self._count(key, g, v, "participants") for g in groups) for v in VERDICTS]
        return " \u00b7 ".join(str(total) for total in totals)

    @property
    def _reach(self) -> float:
        """Longest arm of any bar, in passages."""
        arms = [1.0]
        for key, group in {(key, group) for key, group, _ in self.cells}:
            against, mixed, support = (self._count(key, group, v, "passages") for v in VERDICTS)
            arms += [against + mixed / 2, support + mixed / 2]
        return max(arms)

    def _scale(self, box: Box) -> Scale:
        return Scale(-self._reach, self._reach, box.x + 2, box.right - 2)

    def _cell(self, box: Box, key: str, group: str) -> None:
        scale = self._scale(box)
        passages = {verdict: self._count(key, group, verdict, "passages") for verdict in VERDICTS}
        top = box.middle[1] - (BAR + LINE + 1) / 2
        at = -passages["contradicts"] - passages["mixed"] / 2
        for verdict, number in passages.items():
            bar = Box(scale.at(at), top, scale.at(at + number) - scale.at(at), BAR)
            gid = mark_id("propositions", proposition=key, group=group, verdict=verdict)
            if number:
                fill = style.VERDICT_COLOURS[verdict]
                self.sheet.block(bar, fill, edge=style.PAPER, gid=gid)
            at += number
        middle = scale.at(0)
        self.sheet.line([(middle, top - 1), (middle, top + BAR + 1)], colour=style.INK, above=4)
        self._people(box, key, group, top + BAR + 1)

    def _people(self, box: Box, key: str, group: str, top: float) -> None:
        reach = min(box.width * 0.3, REACH)
        for place, verdict in enumerate(VERDICTS, -1):
            x = box.middle[0] + place * reach
            number = self._count(key, group, verdict, "participants")
            colour = style.INK if number else style.QUIET
            words = str(number) if number else "\u2013"
            self.sheet.text(x, top, words, size=style.SMALL, align="center", colour=colour)

    def _foot(self, box: Box, _: str) -> float:
        scale, height = self._scale(box), 3 + LINE
        wide = lettering.width(axis.label(self._reach), style.SMALL)
        most = max(1, int((scale.right - scale.left) / 2 / (wide + 8)))
        marks = [value for value in axis.ticks(0, self._reach, most + 1) if value]
        for value in {0.0, *marks[-1:], *(-value for value in marks[-1:])}:
            x = scale.at(value)
            self.sheet.line([(x, box.bottom), (x, box.bottom + 2)], colour=style.QUIET)
            words = axis.label(abs(value))
            colour = style.QUIET
            top = box.bottom + 3
            self.sheet.text(x, top, words, size=style.SMALL, align="center", colour=colour)
        return height

    def _legend(self, top: float) -> float:
        keys = [
            legend.swatch(self.sheet, WORDS[verdict], style.VERDICT_COLOURS[verdict])
            for verdict in VERDICTS
        ]
        top = legend.row(self.sheet, top + 4, "Bars and axis: passages", keys)
        words = (
            "Numbers below a bar and at the right: participants whose talk contradicts, qualifies "
            "and supports the proposition, in this order. A participant may be in more than one."
        )
        return legend.note(self.sheet, top, words)
