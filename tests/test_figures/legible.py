"""How drawn text is measured: its boxes on the page, against one another and against marks."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Circle, Polygon
from matplotlib.text import Text

from study import figures
from study.figures import style
from study.figures.saving import footed

FIGURES = [name for name in figures.__all__ if name != "save"]
NOTE = "Composed for demonstration, not data."
SLACK = 0.3
"""Points by which boxes may touch: rounding of glyphs to pixels."""


def boxes(figure, note=NOTE):
    """Return the texts, their boxes in points (left, bottom, right, top) and the page."""
    canvas = FigureCanvasAgg(figure)
    with mpl.rc_context(style.RC), footed(figure, note) as area:
        texts = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
        scale = 72 / figure.dpi
        extents = [text.get_window_extent(canvas.get_renderer()).extents * scale for text in texts]
        page = np.array([area.x0, area.y0, area.x1, area.y1]) * 72
        return texts, np.array(extents), page


def overlapping(extents):
    left, low, right, high = extents.T
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    along = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
    both = (across > SLACK) & (along > SLACK)
    return [(i, j) for i, j in zip(*np.nonzero(np.triu(both, 1)), strict=True)]


def marks(figure):
    """Return the boxes in points of circles and polygons, but of those made to bear a number."""
    found = figure.findobj(lambda a: isinstance(a, Circle | Polygon) and a.get_zorder() > 1)
    found = [mark for mark in found if not str(mark.get_gid()).startswith("topic_map")]
    extents = [mark.get_window_extent().extents * 72 / figure.dpi for mark in found]
    return np.array(extents).reshape(-1, 4)


def assert_legible(figure):
    """Every sheet is legible, as wide as the first and no taller than a journal's page."""
    wide = figure.get_size_inches()[0]
    for sheet in (figure, *figure.further):
        assert sheet.get_size_inches()[0] == wide
        assert_sheet_is_legible(sheet)


def assert_sheet_is_legible(figure):
    texts, extents, page = boxes(figure)
    small = [t.get_text() for t in texts if t.get_fontsize() < 6]
    assert not small
    cut = [
        t.get_text()
        for t, (left, low, right, high) in zip(texts, extents, strict=True)
        if left < page[0] or low < page[1] or right > page[2] or high > page[3]
    ]
    assert not cut
    pairs = [(texts[i].get_text(), texts[j].get_text()) for i, j in overlapping(extents)]
    assert not pairs
    signs = marks(figure)
    across = np.minimum(extents[:, None, 2], signs[:, 2]) - np.maximum(
        extents[:, None, 0], signs[:, 0]
    )
    along = np.minimum(extents[:, None, 3], signs[:, 3]) - np.maximum(
        extents[:, None, 1], signs[:, 1]
    )
    on_marks = ((across > SLACK) & (along > SLACK)).any(axis=1)
    assert not [t.get_text() for t, on in zip(texts, on_marks, strict=True) if on]
    assert NOTE in {t.get_text() for t in texts} or figure.get_size_inches()[0] < 4
    assert (page[3] - page[1]) / style.POINTS_PER_MM <= style.TALLEST + 0.1
