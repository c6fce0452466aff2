"""Legends: keys in rows that break where the sheet ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from study.figures import lettering
from study.figures.sheet import MARGIN, Box, Sheet
from study.figures.style import FAINT, INK, LEADING, QUIET, RULE, SHADES, SMALL, class_labels

LINE = SMALL * LEADING


@dataclass(frozen=True, slots=True)
class Key:
    """One entry: what it means, the room its sign takes, and how to draw the sign."""

    words: str
    wide: float
    draw: Callable[[tuple[float, float]], None]
    """Draws the sign around its centre."""

    high: float = 6.0


def row(sheet: Sheet, top: float, title: str, keys: Sequence[Key]) -> float:
    """Draw a title and its keys from the left margin on; return the lower edge."""
    high = max([LINE, *(key.high for key in keys)]) + 2
    lines = lettering.wrap(title, sheet.room, SMALL, 2)
    x, y = MARGIN, sheet.placed(top, high)
    sheet.lines(x, y + (high - LINE) / 2, lines, size=SMALL, colour=QUIET)
    y += (len(lines) - 1) * LINE
    x += lettering.width(lines[-1], SMALL) + 8
    for key in keys:
        words = lettering.shorten(lettering.clean(key.words), sheet.room - key.wide - 4, SMALL)
        wide = key.wide + 3 + lettering.width(words, SMALL)
        if x + wide > MARGIN + sheet.room and x > MARGIN:
            x, y = MARGIN, y + high
        key.draw((x + key.wide / 2, y + high / 2))
        sheet.text(x + key.wide + 3, y + (high - SMALL * LEADING) / 2, words, size=SMALL)
        x += wide + 9
    return y + high


def note(sheet: Sheet, top: float, words: str) -> float:
    """Write a sentence under a figure, over the whole width; return the lower edge."""
    lines = lettering.wrap(words, sheet.room, SMALL, 8)
    top = sheet.placed(top, 2 + len(lines) * LINE)
    return sheet.lines(MARGIN, top + 2, lines, size=SMALL, colour=QUIET)


def listed(sheet: Sheet, top: float, entries: Sequence[str], wide: float = 118.0) -> float:
    """Write entries below one another in columns at least this wide; return the lower edge.

    Where a page is full the list goes on on a further one.
    """
    across = max(1, int(sheet.room / wide))
    wide = sheet.room / across
    wrapped = [lettering.wrap(entry, wide - 14, SMALL) for entry in entries]
    heights = [len(lines) * LINE + 1 for lines in wrapped]
    while wrapped:
        fitting = max(across, int((sheet.tallest - MARGIN - top) / max(heights)) * across)
        page, wrapped = wrapped[:fitting], wrapped[fitting:]
        top = _columns(sheet, top, page, across, wide)
        top = sheet.turn(top) if wrapped else top + 4
    return top


def _columns(
    sheet: Sheet, top: float, entries: Sequence[Sequence[str]], across: int, wide: float
) -> float:
    tall = ceil(len(entries) / across)
    bottoms = [top]
    for column in range(across):
        y = top
        for lines in entries[column * tall : (column + 1) * tall]:
            y = sheet.lines(MARGIN + column * wide, y, lines, size=SMALL) + 1
        bottoms.append(y)
    return max(bottoms)


def shades(sheet: Sheet, bounds: Sequence[int]) -> list[Key]:
    """Make the keys of classes of counts."""
    colours = SHADES[len(SHADES) - len(bounds) :]
    return [
        swatch(sheet, words, colour)
        for words, colour in zip(class_labels(bounds), colours, strict=True)
    ]


def swatch(sheet: Sheet, words: str, colour: str) -> Key:
    """Make the key of a colour."""

    def draw(at: tuple[float, float]) -> None:
        sheet.block(Box(at[0] - 5, at[1] - 3, 10, 6), colour, edge=RULE)

    return Key(words, 10, draw)


def mark(
    sheet: Sheet, words: str, shape: str, radius: float, fill: str = FAINT, edge: str = INK
) -> Key:
    """Make the key of a shape."""
    size = 2 * radius + 1

    def draw(at: tuple[float, float]) -> None:
        sheet.mark(shape, at, radius, fill, edge=edge)

    return Key(words, size, draw, size)


def stroke(
    sheet: Sheet,
    words: str,
    thick: float,
    colour: str = INK,
    dashes: tuple[float, ...] = (),
    wide: float = 14.0,
) -> Key:
    """Make the key of a line."""

    def draw(at: tuple[float, float]) -> None:
        ends = [(at[0] - wide / 2, at[1]), (at[0] + wide / 2, at[1])]
        sheet.line(ends, colour=colour, thick=thick, dashes=dashes)

    return Key(words, wide, draw)
