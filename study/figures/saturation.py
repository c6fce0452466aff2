"""Whether new interviews still bring new codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.figures import axis, legend, lettering, style
from study.figures.axis import Scale
from study.figures.reading import Record, count, mark_id, records, text, undefined
from study.figures.sheet import MARGIN, Box, Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = (
    "interviews",
    "source",
    "new_codes",
    "cumulative",
    "mean",
    "low",
    "high",
    "orders",
    "of_codes",
)
CURVE, BARS, GAP = 130.0, 60.0, 18.0
"""Heights in points of the upper and lower panel and of the room between them."""


@style.styled
def saturation(table: pd.DataFrame, *, width: float = style.MIDDLE) -> Figure:
    """Draw codes met so far over interviews, and below them the codes that each one added.

    The line with dots is the order in which the interviews were held; the band is the same count
    over random orders (Guest, Namey & Chen 2020, doi:10.1371/journal.pone.0232076).

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row per interview, in order.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty.
    """
    rows = records(table, "saturation", COLUMNS, "no interview is coded yet.")
    return _Saturation(Sheet(width), rows).draw()


@dataclass(frozen=True, slots=True)
class _Saturation:
    sheet: Sheet
    rows: Sequence[Record]

    def draw(self) -> Figure:
        top = MARGIN + 12
        curve = Box(MARGIN + 24, top, self.sheet.room - 24, CURVE)
        bars = Box(curve.x, curve.bottom + GAP, curve.width, BARS)
        self._title(curve, "Different codes met so far")
        self._title(bars, "New codes in this interview")
        highest = max(count(row["of_codes"]) for row in self.rows)
        values = [float(r[k]) for r in self.rows for k in ("cumulative", "high") if self._has(r, k)]
        self._curve(curve, self._upright(curve, max([highest, 1, *values])))
        most = max([1, *(count(row["new_codes"]) for row in self.rows)])
        self._bars(bars, self._upright(bars, most, 1.2))
        return self.sheet.finish(self._legend(self._below(bars) + 6, highest))

    def _title(self, box: Box, words: str) -> None:
        lines = lettering.wrap(words, self.sheet.room, style.BODY, 1, bold=True)
        self.sheet.lines(MARGIN, box.y - 12, lines, bold=True)

    def _has(self, row: Record, key: str) -> bool:
        return not undefined(row[key])

    def _upright(self, box: Box, high: float, above: float = 1.04) -> Scale:
        """Draw the axis at the left of a panel and return its scale, which runs upwards."""
        scale = Scale(0, high * above, box.bottom, box.y)
        for value in axis.ticks(0, high, max(2, int(box.height / 18))):
            y = scale.at(value)
            self.sheet.line([(box.x, y), (box.right, y)], colour=style.FAINT, above=0.1)
            top = y - style.SMALL * style.LEADING / 2
            words = axis.label(value)
            self.sheet.text(
                box.x - 4, top, words, size=style.SMALL, align="right", colour=style.QUIET
            )
        self.sheet.line([(box.x, box.bottom), (box.right, box.bottom)], colour=style.QUIET)
        return scale

    def _step(self, box: Box) -> float:
        return box.width / len(self.rows)

    def _x(self, box: Box, place: int) -> float:
        return box.x + (place + 0.5) * self._step(box)

    def _curve(self, box: Box, scale: Scale) -> None:
        known = [i for i, row in enumerate(self.rows) if self._has(row, "low")]
        if len(known) > 1:
            upper = [(self._x(box, i), scale.at(float(self.rows[i]["high"]))) for i in known]
            lower = [(self._x(box, i), scale.at(float(self.rows[i]["low"]))) for i in known]
            self.sheet.band([*upper, *reversed(lower)], style.SHADES[0])
            middle = [(self._x(box, i), scale.at(float(self.rows[i]["mean"]))) for i in known]
            self.sheet.line(middle, colour=style.SHADES[2], thick=1, dashes=(3, 2), above=1.5)
        held = [
            (self._x(box, i), scale.at(count(row["cumulative"]))) for i, row in enumerate(self.rows)
        ]
        self.sheet.line(held, colour=style.SHADES[4], thick=1.2, above=2)
        radius = min(2.2, self._step(box) / 3)
        for point, row in zip(held, self.rows, strict=True):
            gid = mark_id("saturation", source=text(row["source"]))
            self.sheet.mark("circle", point, radius, style.SHADES[4], edge=style.PAPER, gid=gid)

    def _bars(self, box: Box, scale: Scale) -> None:
        wide = min(self._step(box) * 0.7, 22)
        for place, row in enumerate(self.rows):
            new, x = count(row["new_codes"]), self._x(box, place)
            bar = Box(x - wide / 2, scale.at(new), wide, box.bottom - scale.at(new))
            self.sheet.block(
                bar, style.SHADES[3], gid=mark_id("saturation", new=text(row["source"]))
            )
            words = str(new)
            fits = lettering.width(words, style.SMALL) < self._step(box) - 1
            top = bar.y - style.SMALL * style.LEADING
            if fits and top > box.y - 2:
                self.sheet.text(x, top, words, size=style.SMALL, align="center")

    def _below(self, box: Box) -> float:
        """Write the interviews below the lower panel: number and name, as many as fit."""
        names = [lettering.clean(text(row["source"])) for row in self.rows]
        widest = max(lettering.width(name, style.SMALL) for name in names)
        named = widest < self._step(box) - 2
        every = 1 + int(max(widest if named else 14, 14) / self._step(box))
        y = box.bottom + 3
        for place, row in enumerate(self.rows):
            x = self._x(box, place)
            if place % every == 0:
                number = str(count(row["interviews"]))
                self.sheet.text(x, y, number, size=style.SMALL, align="center", colour=style.QUIET)
            if named:
                top, words = y + style.SMALL * style.LEADING, names[place]
                self.sheet.text(x, top, words, size=style.SMALL, align="center", colour=style.QUIET)
        y += style.SMALL * style.LEADING * (2 if named else 1)
        middle = box.middle[0]
        self.sheet.text(middle, y, "Interviews, in order", size=style.SMALL, align="center")
        return y + style.SMALL * style.LEADING

    def _legend(self, top: float, highest: int) -> float:
        orders = max(count(row["orders"]) for row in self.rows)
        keys = [legend.stroke(self.sheet, "in the order of the study", 1.2, style.SHADES[4])]
        if orders:
            mean = f"mean of {orders} random orders"
            keys.append(legend.stroke(self.sheet, mean, 1, style.SHADES[2], (3, 2)))
            keys.append(legend.swatch(self.sheet, "their 95 % interval", style.SHADES[0]))
        top = legend.row(self.sheet, top, "Codes", keys)
        met = max(count(row["cumulative"]) for row in self.rows)
        words = f"n = {len(self.rows)} interviews; {met} of {highest} codes were met in them."
        return legend.note(self.sheet, top, words)
