"""One style for all figures: sizes, colours, shapes.

Colours are those of Okabe and Ito (2008, https://jfly.uni-koeln.de/color/) or darkened and
lightened relatives; every shade scale falls steadily in lightness, so that it survives a grey
copier, and wherever colour tells categories apart, shape, place or a written word tells it too.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

NARROW, MIDDLE, WIDE = 90.0, 140.0, 190.0
"""Widths of one column, one and a half and two columns of a journal, in millimetres."""

NARROWEST, WIDEST = 60.0, 420.0
"""Limits of a figure's width in millimetres."""

TALLEST = 240.0
"""Height of a journal's page in millimetres: what is taller continues on a further sheet."""

POINTS_PER_MM = 72 / 25.4
FONT = "DejaVu Sans"
SMALL, BODY, HEAD = 6.0, 7.0, 7.5
"""Sizes of text in points; nothing is smaller than `SMALL`."""

LEADING = 1.25
"""Distance of two lines of text in units of the text's size."""

INK, QUIET, RULE, FAINT, PAPER = "#1f2328", "#57606a", "#c4cad1", "#eceff2", "#ffffff"

SHADES = ("#dceaf6", "#a6cbe6", "#5e9fd0", "#2a6bac", "#0b3a75")
"""Few to many: one hue, lightness falls in even steps."""

CATEGORIES = (
    "#1a2a4f",
    "#8c3512",
    "#0072b2",
    "#009e73",
    "#d58fb8",
    "#e8a72a",
    "#8fd0f5",
    "#f5ec8a",
)
"""Groups in a stacked bar, dark to light: neighbours differ in grey as well as in hue."""

BRANCHES = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#4d4d4d",
    "#f0e442",
)
SHAPES = ("circle", "square", "diamond", "triangle", "pentagon", "hexagon", "inverted", "octagon")

STANCE_MARKS: dict[str, tuple[str, str, str]] = {
    "positive": ("triangle", "#009e73", "positive"),
    "mixed": ("diamond", "#e69f00", "mixed"),
    "negative": ("inverted", "#b3420a", "negative"),
    "neutral": ("circle", "#6b7280", "neutral"),
    "": ("ring", "#1f2328", "no stance given"),
}
"""Shape, colour and words of each stance; shapes alone are enough."""

VERDICT_COLOURS = {"contradicts": "#d55e00", "mixed": "#c9ced6", "supports": "#0b5c94"}

RC: dict[str, Any] = {
    "font.family": [FONT],
    "pdf.fonttype": 42,
    "pdf.compression": 0,
    "svg.fonttype": "path",
    "svg.hashsalt": "study",
    "axes.unicode_minus": True,
    "path.simplify": False,
    "text.hinting": "no_hinting",
}
"""Matplotlib settings.

SVG letters are drawn as outlines, so that labels measured not to overlap do not overlap on a
machine without the font; the PDF keeps real, searchable text in an embedded TrueType font.
PDF streams are stored, not deflated: zlib builds differ between machines.  Letters are not fitted
to the dots of a PNG, which would make lines longer or shorter than measured.
"""

P = ParamSpec("P")
T = TypeVar("T")


def _worth_saying(record: logging.LogRecord) -> bool:
    """Keep quiet that a font for rare characters has no bold."""
    return "Failed to find font weight" not in record.getMessage()


def styled(draw: Callable[P, T]) -> Callable[P, T]:
    """Make a function draw in this style, whatever matplotlibrc or the caller has set."""

    @functools.wraps(draw)
    def within(*args: P.args, **kwargs: P.kwargs) -> T:
        import matplotlib.style

        fonts = logging.getLogger("matplotlib.font_manager")
        fonts.addFilter(_worth_saying)
        try:
            with matplotlib.style.context(["default", RC]):
                return draw(*args, **kwargs)
        finally:
            fonts.removeFilter(_worth_saying)

    return within


def classes(largest: int) -> list[int]:
    """Return the upper bounds of at most five classes of counts from 1 to `largest`."""
    if largest <= len(SHADES):
        return list(range(1, max(largest, 1) + 1))
    nice = [step * 10**power for power in range(12) for step in (1, 2, 5)]
    return [*[bound for bound in nice if bound < largest][1 - len(SHADES) :], largest]


def class_labels(bounds: Sequence[int]) -> list[str]:
    """Name the classes of `classes`: 1-2, 3-5 and so on."""
    lowest = [1, *[bound + 1 for bound in bounds[:-1]]]
    return [
        f"{low}" if low == high else f"{low}\u2013{high}"
        for low, high in zip(lowest, bounds, strict=True)
    ]


def shade(count: float, bounds: Sequence[float]) -> str:
    """Return the shade of a count: the darkest for the highest class."""
    place = next((i for i, bound in enumerate(bounds) if count <= bound), len(bounds) - 1)
    return SHADES[len(SHADES) - len(bounds) + place]


def luminance(colour: str) -> float:
    """Relative luminance of a colour, 0 to 1 (WCAG 2.2, https://www.w3.org/TR/WCAG22/)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: str) -> str:
    """Return black or white, whichever is easier to read on this colour."""
    return PAPER if luminance(colour) < 0.22 else INK


def cycle(values: Sequence[str], place: int) -> str:
    """Return a value by its place, beginning again after the last."""
    return values[place % len(values)]


def branch_places(branches: Iterable[str], titles: Mapping[str, str] | None) -> dict[str, int]:
    """Return the place of each branch in the palette.

    Given the titles of all branches, a branch looks the same in every figure.
    """
    return {name: place for place, name in enumerate(dict.fromkeys([*(titles or {}), *branches]))}


def branch_colours(branches: Iterable[str], titles: Mapping[str, str] | None) -> dict[str, str]:
    """Return the colour of each branch."""
    places = branch_places(branches, titles)
    return {name: cycle(BRANCHES, place) for name, place in places.items()}
