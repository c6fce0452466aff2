"""A figure that notebooks show by themselves."""

from __future__ import annotations

from matplotlib.figure import Figure

SCREEN = 144
"""Dots per inch on a screen."""


class Drawing(Figure):
    """A matplotlib figure that is its own picture in a notebook, without pyplot or a magic."""

    def _repr_png_(self) -> bytes:
        from study.figures import saving

        return saving.picture(self, SCREEN)
