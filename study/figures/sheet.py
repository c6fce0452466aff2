"""A sheet to draw on: points from the top left corner, y downwards.

Figures are laid out by measuring, as a compositor does, and not by a solver: every label's room
is known before it is drawn.  The sheet gets its height when all is placed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING, Literal

from study.errors import NotPossibleError
from study.figures import lettering
from study.figures.style import (
    BODY,
    INK,
    LEADING,
    NARROWEST,
    PAPER,
    POINTS_PER_MM,
    RULE,
    TALLEST,
    WIDEST,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    from study.figures.drawing import Drawing

Align = Literal["left", "center", "right"]
MARGIN = 5.0
"""Empty border of a sheet in points."""

NOTE = 20.0
"""Room in points that a page keeps for the provenance sentence at its foot."""

_CORNERS = {
    "square": (4, pi / 4),
    "diamond": (4, 0.0),
    "triangle": (3, pi / 2),
    "inverted": (3, -pi / 2),
    "pentagon": (5, pi / 2),
    "hexagon": (6, 0.0),
    "octagon": (8, pi / 8),
}


_asked: ContextVar[float] = ContextVar("asked", default=0.0)


@contextmanager
def column(width: float) -> Iterator[None]:
    """Draw all figures within this context at one width in millimetres, whatever they ask for."""
    before = _asked.set(width)
    try:
        yield
    finally:
        _asked.reset(before)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the sheet in points."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        """Centre of the rectangle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles overlap."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom


class Sheet:
    """A figure being laid out; `width` is in millimetres on paper, all else in points.

    What is taller than a page goes on where `turn` begins a further one; `soft` is where a page
    may end earlier.

    Raises
    ------
    NotPossibleError
        If the width is none that letters of six points could fill.
    """

    def __init__(self, width: float, tallest: float = TALLEST) -> None:
        width = _asked.get() or width
        if not NARROWEST <= width <= WIDEST:
            raise NotPossibleError(
                f"A figure cannot be {width:g} mm wide; journals take 90, 140 or 190 mm "
                f"(from {NARROWEST:g} to {WIDEST:g} are possible)."
            )
        self.width = width * POINTS_PER_MM
        self.tallest = tallest * POINTS_PER_MM - NOTE
        self.soft = self.tallest
        self.measuring = False
        self._pages: list[Drawing] = []
        self._undrawn: set[str] = set()
        self._begin()

    def _begin(self) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        from study.figures.drawing import Drawing

        self.figure = Drawing(figsize=(self.width / 72, 1), facecolor=PAPER)
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, self.width)
        self._pages.append(self.figure)

    @property
    def room(self) -> float:
        """Width between the margins."""
        return self.width - 2 * MARGIN

    def fits(self, bottom: float) -> bool:
        """Tell whether what ends at `bottom` still stands on this page."""
        return bottom + MARGIN <= min(self.tallest, self.soft)

    def measure(self, draw: Callable[[float], float]) -> float:
        """Return the height of what `draw` would draw from a given upper edge, drawing nothing."""
        before, self.measuring = self.measuring, True
        try:
            return draw(0.0)
        finally:
            self.measuring = before

    def turn(self, bottom: float) -> float:
        """End the page at `bottom` and begin another; return its upper edge."""
        if not self.measuring:
            self._end(bottom)
            self._begin()
        return MARGIN

    def placed(self, top: float, height: float) -> float:
        """Return where something of this height goes: `top`, or the head of a further page."""
        return top if self.measuring or self.fits(top + height) else self.turn(top)

    def _end(self, bottom: float) -> None:
        height = bottom + MARGIN
        self.figure.set_size_inches(self.width / 72, height / 72)
        self.axes.set_ylim(height, 0)

    def finish(self, bottom: float) -> Figure:
        """Give the last page its height; return the first, which knows the further ones."""
        self._end(bottom)
        first = self._pages[0]
        first.further, first.undrawn = tuple(self._pages[1:]), frozenset(self._undrawn)
        return first

    def text(
        self,
        x: float,
        y: float,
        text: object,
        *,
        size: float = BODY,
        align: Align = "left",
        bold: bool = False,
        colour: str = INK,
        upward: bool = False,
    ) -> None:
        """Write one line whose upper edge is `y`; with `upward`, one whose left edge is `x`.

        Text that runs upward begins at `y`.
        """
        words = lettering.drawable(text)
        if self.measuring or not words:
            return
        if not words.isascii():
            self._undrawn |= lettering.undrawn(text)
        shift = 0.95 * size
        self.axes.text(
            x + shift if upward else x,
            y if upward else y + shift,
            words,
            fontsize=size,
            fontfamily=list(lettering.families(words)),
            fontweight="bold" if bold else "normal",
            ha=align,
            va="baseline",
            color=colour,
            rotation=90 if upward else 0,
            rotation_mode="anchor",
            parse_math=False,
            zorder=5,
        )

    def lines(
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        *,
        size: float = BODY,
        align: Align = "left",
        bold: bool = False,
        colour: str = INK,
    ) -> float:
        """Write lines below one another and return the lower edge of the last."""
        for number, line in enumerate(lines):
            top = y + number * size * LEADING
            self.text(x, top, line, size=size, align=align, bold=bold, colour=colour)
        return y + len(lines) * size * LEADING

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        colour: str = RULE,
        thick: float = 0.5,
        dashes: tuple[float, ...] = (),
        above: float = 1,
        gid: str = "",
    ) -> None:
        """Draw a line through points."""
        if self.measuring:
            return
        from matplotlib.lines import Line2D

        style = (0, dashes) if dashes else "-"
        xs, ys = zip(*points, strict=True)
        line = Line2D(xs, ys, color=colour, lw=thick, ls=style, zorder=above)
        line.set_solid_capstyle("butt")
        self._add(line, gid)

    def block(
        self,
        box: Box,
        fill: str,
        *,
        edge: str = "none",
        thick: float = 0.5,
        clear: float = 0.0,
        gid: str = "",
    ) -> None:
        """Draw a filled rectangle; `clear` is how much shines through, 0 to 1."""
        if self.measuring:
            return
        from matplotlib.patches import Rectangle

        patch = Rectangle((box.x, box.y), box.width, box.height, fc=fill, ec=edge, lw=thick)
        patch.set_zorder(2)
        patch.set_alpha(1 - clear)
        self._add(patch, gid)

    def blocks(self, boxes: Sequence[Box], fill: str, *, gid: str = "") -> None:
        """Draw filled rectangles of one colour as one thing, quick for many."""
        if self.measuring or not boxes:
            return
        from matplotlib.collections import PolyCollection

        corners = [
            [(b.x, b.y), (b.right, b.y), (b.right, b.bottom), (b.x, b.bottom)] for b in boxes
        ]
        self._add(PolyCollection(corners, facecolors=fill, edgecolors="none", zorder=2), gid)

    def band(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        """Draw a filled area."""
        if self.measuring:
            return
        from matplotlib.patches import Polygon

        self._add(Polygon(points, closed=True, fc=fill, ec="none", zorder=0.5), "")

    def mark(
        self,
        shape: str,
        at: tuple[float, float],
        radius: float,
        fill: str,
        *,
        edge: str = INK,
        gid: str = "",
    ) -> None:
        """Draw a shape as large, in area, as a circle of this radius; "ring" is an open circle."""
        if self.measuring:
            return
        from matplotlib.patches import Circle, Polygon

        open_shape = shape == "ring"
        look = {"fc": PAPER if open_shape else fill, "ec": edge, "lw": 0.9 if open_shape else 0.4}
        if shape in _CORNERS:
            self._add(Polygon(corners(shape, at, radius), closed=True, zorder=3, **look), gid)
        else:
            self._add(Circle(at, radius, zorder=3, **look), gid)

    def _add(self, artist: Artist, gid: str) -> None:
        if gid:
            artist.set_gid(gid)
        self.axes.add_artist(artist)


def reach(shape: str, radius: float) -> float:
    """Return how far a shape reaches from its place, at most, along an axis."""
    points = corners(shape, (0.0, 0.0), radius) if shape in _CORNERS else [(radius, 0.0)]
    return max(abs(number) for point in points for number in point)


def corners(shape: str, at: tuple[float, float], radius: float) -> list[tuple[float, float]]:
    """Return the corners of a regular polygon with the area of a circle of this radius."""
    count, turn = _CORNERS[shape]
    reach = radius * sqrt(pi / (count / 2 * sin(2 * pi / count)))
    angles = [turn + 2 * pi * i / count for i in range(count)]
    # A triangle's middle of height lies above its centre of mass.
    drop = {"triangle": reach / 6, "inverted": -reach / 6}.get(shape, 0.0)
    return [(at[0] + reach * cos(a), at[1] - reach * sin(a) + drop) for a in angles]
