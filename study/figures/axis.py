"""Number lines: where a value stands, and the ticks below a column."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

from study.figures import lettering
from study.figures.sheet import Box, Sheet
from study.figures.style import FAINT, LEADING, QUIET, SMALL


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high`, drawn from `left` to `right` (points)."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """Return where a value stands; values beyond the ends stand at the ends."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)


def ticks(low: float, high: float, most: int, whole: bool = True) -> list[float]:
    """Return at most `most` round values between two values; whole numbers if asked for."""
    span = max(high - low, 1e-9)
    power = floor(log10(span / max(most - 1, 1))) - 1
    steps = [n * 10.0**p for p in range(power, power + 5) for n in (1, 2, 5)]
    allowed = [step for step in steps if not whole or step >= 1]
    for step in allowed:
        first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
        if last - first + 1 <= max(most, 2):
            return [round(i * step, 10) for i in range(first, last + 1)]
    return [low]


def label(value: float) -> str:
    """Write a tick's value, with a true minus."""
    return f"{value:g}".replace("-", "\u2212")


def below(sheet: Sheet, box: Box, scale: Scale, title: str = "", whole: bool = True) -> float:
    """Draw ticks under a column and faint lines up through it; return the height they take."""
    most = max(2, int((scale.right - scale.left) / 24))
    for value in ticks(scale.low, scale.high, most, whole):
        x = scale.at(value)
        sheet.line([(x, box.y), (x, box.bottom)], colour=FAINT, above=0.1)
        sheet.line([(x, box.bottom), (x, box.bottom + 2)], colour=QUIET)
        sheet.text(x, box.bottom + 3, label(value), size=SMALL, align="center", colour=QUIET)
    height = 3 + SMALL * LEADING
    if not title:
        return height
    lines = lettering.wrap(title, box.width, SMALL, 2)
    middle = (scale.left + scale.right) / 2
    top = box.bottom + height
    return sheet.lines(middle, top, lines, size=SMALL, align="center", colour=QUIET) - box.bottom
