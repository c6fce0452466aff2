"""How far coders agree on each code: a forest plot with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.figures import axis, legend, lettering, style
from study.figures.axis import Scale
from study.figures.grid import Column, Grid, Row, sections
from study.figures.reading import Record, count, mark_id, ordered, records, text, undefined
from study.figures.sheet import MARGIN, Box, Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = (
    "code",
    "name",
    "branch",
    "coefficient",
    "value",
    "low",
    "high",
    "n",
    "coders",
    "unit",
    "prevalence",
    "reason",
    "warning",
)
LIMITS = (0.667, 0.8)
"""Limits for tentative and for firm conclusions (Krippendorff, doi:10.4135/9781071878781).

They are meant for his alpha, and are drawn for no other coefficient.
"""

LIMITS_WORDS = "0.667 and 0.8, Krippendorff's limits for tentative and firm conclusions"
RING = "alpha whose interval goes below 0.667, or without interval"
LIMITED = "Krippendorff's alpha"
PLAIN = "percent agreement"

NUMBER = 34.0
LEAST, BETWEEN, LABEL = 70.0, 8.0, 0.25
TEXTS = {"Units": 28.0, "Applied": 28.0, "Note": 20.0}
REASON_LINES = 3


@style.styled
def reliability(
    table: pd.DataFrame,
    *,
    titles: Mapping[str, str] | None = None,
    width: float = style.WIDE,
) -> Figure:
    """Draw each code's coefficients with their intervals, one panel a coefficient.

    Whatever coefficients the table holds are drawn.  Beside them stand the number of units, how
    often the code was applied, and whether it is rare.  A coefficient that is not defined is said
    to be so, with the reason; it is never drawn as 0 or 1.

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row per code and coefficient; values up to 1, `prevalence` as
        a share.
    titles
        Titles of the branches.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty.
    """
    empty = "reliability needs two coders who worked on the same transcripts."
    rows = records(table, "reliability", COLUMNS, empty)
    cells = {(_key(row), text(row["coefficient"])): row for row in rows}
    values = [row[key] for row in rows for key in ("value", "low") if not undefined(row[key])]
    low = max(-1.0, min([0.0, *(float(value) for value in values)]))
    coefficients = ordered(row["coefficient"] for row in rows)
    # The number of units has no column where it is the same for every code: the note gives it.
    same = len({count(row["n"]) for row in rows}) == 1
    texts = {head: wide for head, wide in TEXTS.items() if not (same and head == "Units")}
    return _Forest(Sheet(width), rows, cells, titles, low, coefficients, texts).draw()


def _key(row: Record) -> str:
    """Return what tells the rows of one line: the code, or the name of what holds several."""
    return text(row["code"]) or text(row["name"])


@dataclass(frozen=True, slots=True)
class _Forest:
    sheet: Sheet
    rows: Sequence[Record]
    cells: Mapping[tuple[str, str], Record]
    titles: Mapping[str, str] | None
    low: float
    coefficients: Sequence[str]
    texts: Mapping[str, float]

    def draw(self) -> Figure:
        columns = [Column(name, name[:1].upper() + name[1:]) for name in self.coefficients]
        branches = ordered(row["branch"] for row in self.rows)
        grid = Grid(
            columns,
            sections(branches, self.titles, self._codes),
            self._cell,
            least=LEAST,
            most=200,
            row_height=9.8,
            label_share=LABEL,
            texts=self.texts,
            foot=self._foot,
            between=BETWEEN,
            legend=self._legend,
            pad=1.0,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    def _codes(self, branch: str) -> tuple[Row, ...]:
        found: dict[str, Row] = {}
        for row in self.rows:
            if text(row["branch"]) != branch:
                continue
            code, share = _key(row), row["prevalence"]
            applied = "" if undefined(share) else f"{100 * float(share):.1f} %"
            told = {
                "Units": f"{count(row['n'])}",
                "Applied": applied,
                "Note": text(row["warning"]).partition(":")[0],
            }
            texts = tuple(told[head] for head in self.texts)
            found[code] = Row(code, text(row["name"]), texts, least=self._height(code))
        return tuple(found.values())

    def _height(self, code: str) -> float:
        """Return the height that the longest reason of a code needs."""
        rows = [self.cells.get((code, name)) for name in self.coefficients]
        room = self._narrowest
        reasons = [
            self._why(text(row["reason"]), room) for row in rows if row and undefined(row["value"])
        ]
        lines = max(map(len, reasons), default=0)
        return lines * style.SMALL * style.LEADING + 3 if lines else 0.0

    def _scale(self, box: Box) -> Scale:
        return Scale(self.low, 1.0, box.x + 3, box.right - NUMBER)

    def _why(self, reason: str, room: float) -> Sequence[str]:
        words = f"undefined: {reason}" if reason else "undefined"
        return lettering.wrap(words, room - 4, style.SMALL, REASON_LINES)

    @property
    def _narrowest(self) -> float:
        """Width that a column has at least."""
        room = self.sheet.room * (0.9 - LABEL) - sum(self.texts.values())
        return max(LEAST, room / len(self.coefficients) - BETWEEN)

    def _cell(self, box: Box, code: str, coefficient: str) -> None:
        row, y = self.cells.get((code, coefficient)), box.middle[1]
        if row is None:
            return
        if undefined(row["value"]):
            lines = self._why(text(row["reason"]), box.width)
            high = len(lines) * style.SMALL * style.LEADING
            top = y - high / 2
            self.sheet.block(Box(box.x, top, box.width, high), style.PAPER)
            self.sheet.lines(box.x + 1, top, lines, size=style.SMALL, colour=style.QUIET)
            return
        value, scale = float(row["value"]), self._scale(box)
        if not undefined(row["low"]) and not undefined(row["high"]):
            ends = [(scale.at(float(row[end])), y) for end in ("low", "high")]
            self.sheet.line(ends, colour=style.INK, thick=0.9, above=2)
        low = coefficient == LIMITED and self._lower(row) < LIMITS[0]
        shape, fill = ("ring", style.PAPER) if low else ("circle", style.SHADES[3])
        gid = mark_id("reliability", code=code, coefficient=coefficient)
        self.sheet.mark(shape, (scale.at(value), y), 2.4, fill, gid=gid)
        top = y - style.SMALL * style.LEADING / 2
        words = f"{100 * value:.1f} %" if coefficient == PLAIN else f"{value:.2f}"
        words = words.replace("-0.00", "0.00").replace("-", "\u2212")
        self.sheet.text(box.right - 2, top, words, size=style.SMALL, align="right")

    def _lower(self, row: Record) -> float:
        """Return the lower end of an interval; below everything where there is none."""
        return float("-inf") if undefined(row["low"]) else float(row["low"])

    def _foot(self, box: Box, coefficient: str) -> float:
        scale = self._scale(box)
        for limit in LIMITS if coefficient == LIMITED else ():
            x = scale.at(limit)
            self.sheet.line([(x, box.y), (x, box.bottom)], dashes=(2, 2), above=0.4)
        return axis.below(self.sheet, box, scale, whole=False)

    def _legend(self, top: float) -> float:
        keys = [
            legend.mark(self.sheet, "value", "circle", 2.4, style.SHADES[3]),
            legend.mark(self.sheet, RING, "ring", 2.4),
            legend.stroke(self.sheet, "interval", 0.9),
            legend.stroke(self.sheet, LIMITS_WORDS, 0.5, style.RULE, (2, 2)),
        ]
        top = legend.row(self.sheet, top + 4, "Key", keys)
        units = ", ".join(ordered(row["unit"] for row in self.rows))
        coders = sorted({count(row["coders"]) for row in self.rows})
        who = "\u2013".join(str(n) for n in dict.fromkeys((coders[0], coders[-1])))
        numbers = {count(row["n"]) for row in self.rows}
        many = f", n = {numbers.pop()} for every code" if len(numbers) == 1 else ""
        words = (
            f"{who} coders; unit: {units}{many}. Applied: share of decisions that apply the code. "
            "Rare: one decision changes much. No line: no interval; the table says why."
        )
        return legend.note(self.sheet, top, words)
