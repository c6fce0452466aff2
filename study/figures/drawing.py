"""A figure that notebooks show by themselves."""

from __future__ import annotations

from matplotlib.figure import Figure

SCREEN = 144
"""Dots per inch on a screen."""


class Drawing(Figure):
    """A matplotlib figure that is its own picture in a notebook, without pyplot or a magic.

    `further` holds the sheets on which a figure taller than a page continues, and `undrawn` the
    characters in all of them that no font of this machine has.
    """

    further: tuple[Figure, ...] = ()
    undrawn: frozenset[str] = frozenset()

    def _repr_png_(self) -> bytes:
        from study.figures import saving

        return saving.picture(self, SCREEN)
