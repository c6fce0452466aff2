"""Tables are written and figures drawn, each stage's while the next is being made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from study import figures, publication
from study.errors import NotPossibleError
from study.exhibits import STAGES, Exhibit, Results
from study.press import Press

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    Make = Callable[[pd.DataFrame], Figure]

Drawn = tuple[str, frozenset[str]]


class Work:
    """The exhibits made so far; their figures are drawn beside the making of the next."""

    def __init__(self, folder: Path, stamp: str, press: Press) -> None:
        self.folder, self.stamp, self._press = folder, stamp, press
        self.exhibits: list[Exhibit] = []
        self._skipped: list[tuple[str, str | Future[Drawn]]] = []

    def do(self, stage: str, results: Results) -> None:
        """Make what belongs to a stage, or keep the reason why it cannot be made."""
        try:
            for exhibit in STAGES[stage](results):
                self.exhibits.append(exhibit)
                self._write(exhibit)
        except NotPossibleError as error:
            self._skipped.append((stage, str(error)))

    def _write(self, one: Exhibit) -> None:
        """Write a table as CSV, and have its figure drawn."""
        stamp = self.stamp
        table = one.table.assign(provenance=stamp) if stamp else one.table
        publication.write_csv(table, self.folder / f"{one.name}.csv")
        if one.draw is not None:
            words = {"title": one.title, "caption": one.caption, "alt": one.alt, "note": stamp}
            drawn = self._press.call(draw, one.draw, one.table, self.folder / one.name, words)
            self._skipped.append((f"figure {one.name}", drawn))

    def finish(self, undrawn: set[str]) -> list[tuple[str, str]]:
        """Wait until all is drawn; return what could not be made, in the order of the stages."""
        found: list[tuple[str, str]] = []
        for name, reason in self._skipped:
            if isinstance(reason, Future):
                reason, missing = reason.result()
                undrawn |= missing
            if reason:
                found.append((name, reason))
        return found


def draw(
    make: Callable[[pd.DataFrame], Figure],
    table: pd.DataFrame,
    stem: Path,
    words: Mapping[str, str],
) -> Drawn:
    """Draw a figure and save it; return why it cannot be drawn, and characters no font has."""
    try:
        figure = make(table)
    except NotPossibleError as error:
        return str(error), frozenset()
    title, caption, alt, note = (words[name] for name in ("title", "caption", "alt", "note"))
    figures.save(figure, stem, title=title, caption=caption, alt=alt, note=note)
    return "", frozenset(getattr(figure, "undrawn", ()))
