"""The codebook as a tree, with how often and by how many each code and branch was met."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.figures import axis, legend, style
from study.figures.axis import Scale
from study.figures.grid import Column, Grid, Row, Section
from study.figures.reading import Record, count, mark_id, records, text, undefined
from study.figures.sheet import MARGIN, Box, Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = (
    "code",
    "name",
    "level",
    "parent",
    "passages",
    "passages_below",
    "participants",
    "of_participants",
)
ROOM = {"passages": 42.0, "participants": 30.0}
"""Room in points for the numbers at the end of a bar."""

BAR = 6.0
MASKED = "[c]"


@style.styled
def code_tree(table: pd.DataFrame, *, width: float = style.MIDDLE) -> Figure:
    """Draw the tree of codes; beside each stand its passages and its participants.

    The dark part of a bar are passages given the code itself, the light part those given codes
    below it.  A code that nobody used stands there with its zero.  A count that is missing (masked)
    is shown as such and has no bar.

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row a code, each branch before the codes below it.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty.
    """
    rows = records(table, "code_tree", COLUMNS, "the codebook has no codes yet.")
    by_code = {text(row["code"]): row for row in rows}
    leaves = set(by_code) - {text(row["parent"]) for row in rows}
    return _Tree(Sheet(width), rows, by_code, leaves).draw()


@dataclass(frozen=True, slots=True)
class _Tree:
    sheet: Sheet
    rows: Sequence[Record]
    by_code: Mapping[str, Record]
    leaves: Collection[str]

    def draw(self) -> Figure:
        grid = Grid(
            [Column("passages", "Passages"), Column("participants", "Participants")],
            [Section("", self._lines())],
            self._cell,
            least=60,
            row_height=10,
            label_share=0.42,
            label_lines=3,
            foot=self._foot,
            between=6,
            lined=False,
            legend=self._legend,
            pad=1.5,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    def _lines(self) -> tuple[Row, ...]:
        last = {text(row["parent"]): text(row["code"]) for row in self.rows}
        return tuple(
            Row(
                text(row["code"]),
                text(row["name"]),
                guides=self._guides(text(row["code"]), last),
                bold=count(row["level"]) == 1,
            )
            for row in self.rows
        )

    def _guides(self, code: str, last: Mapping[str, str]) -> tuple[str, ...]:
        """Return the tree's lines before a code, from the outermost level."""
        guides: list[str] = []
        while (parent := text(self.by_code.get(code, {}).get("parent"))) in self.by_code:
            ends = last[parent] == code
            guides.append(("" if ends else "past") if guides else ("last" if ends else "branch"))
            code = parent
        return tuple(reversed(guides))

    def _most(self, part: str) -> int:
        column = "passages_below" if part == "passages" else "of_participants"
        return max([1, *(count(row[column]) for row in self.rows)])

    def _scale(self, box: Box, part: str) -> Scale:
        return Scale(0, self._most(part), box.x + 4, box.right - ROOM[part])

    def _cell(self, box: Box, code: str, part: str) -> None:
        row, scale = self.by_code[code], self._scale(box, part)
        words, end = self._words(row, part), scale.left
        for name, fill, values in self._bars(row, part):
            left, right = (scale.at(value) for value in values)
            bar = Box(left, box.middle[1] - BAR / 2, right - left, BAR)
            gid = mark_id("code_tree", code=code, part=name)
            self.sheet.block(bar, fill, gid=gid)
            end = right
        y = box.middle[1] - style.SMALL * style.LEADING / 2
        self.sheet.text(end + 3, y, words, size=style.SMALL, colour=style.QUIET)

    def _bars(self, row: Record, part: str) -> list[tuple[str, str, tuple[float, float]]]:
        if part == "participants":
            people = count(row["participants"])
            return [("participants", style.SHADES[2], (0, people))] if people else []
        own, every = count(row["passages"]), count(row["passages_below"])
        bars = [("own", style.SHADES[3], (0.0, own)), ("below", style.SHADES[1], (own, every))]
        return [bar for bar in bars if bar[2][1] > bar[2][0]]

    def _words(self, row: Record, part: str) -> str:
        if part == "participants":
            people = MASKED if undefined(row["participants"]) else count(row["participants"])
            return f"{people}/{count(row['of_participants'])}"
        own, every = (
            MASKED if undefined(row[column]) else str(count(row[column]))
            for column in ("passages", "passages_below")
        )
        return own if text(row["code"]) in self.leaves else f"{every} (own {own})"

    def _foot(self, box: Box, part: str) -> float:
        return axis.below(self.sheet, box, self._scale(box, part))

    def _legend(self, top: float) -> float:
        keys = [
            legend.swatch(self.sheet, "given the code itself (own)", style.SHADES[3]),
            legend.swatch(self.sheet, "given a code below it", style.SHADES[1]),
        ]
        top = legend.row(self.sheet, top + 4, "Passages", keys)
        counts = [row["passages_below"] for row in self.rows]
        unused = sum(not undefined(number) and count(number) == 0 for number in counts)
        words = (
            "Participants: who speak of the code or of one below it (k/n). "
            f"{len(self.rows)} codes; {unused} of them with no passage."
        )
        return legend.note(self.sheet, top, words)
