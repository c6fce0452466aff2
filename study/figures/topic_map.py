"""Where passages and topics lie: near means alike, as far as a plane can show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from study.figures import legend, network, style
from study.figures.network import Label, Point
from study.figures.reading import Record, mark_id, records, text
from study.figures.sheet import MARGIN, Box, Sheet
from study.figures.topics import unstable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = ("topic", "label", "source", "line", "x", "y", "weak")
MOST = 3000
"""Passages drawn: of more, every second, third or so on."""
FEELERS = 800
"""Passages that labels avoid covering: of more, every second, third or so on."""
PAD, DOT = 40.0, 1.4
SMALLEST, LARGEST = 4.6, 7.5
"""Radii in points of the discs of topics."""


@style.styled
def topic_map(table: pd.DataFrame, *, width: float = style.WIDE) -> Figure:
    """Draw each passage as a small mark and each topic as a numbered disc with its label.

    A topic is told by its number, and by shape and colour of its passages' marks; a weak passage
    is an open mark.

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row a unit; with `stability`, that of its topic, unstable topics
        are said to be so.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty.
    """
    rows = records(table, "topic_map", COLUMNS, "the topic model found no topic.")
    members: dict[str, list[Record]] = {}
    for row in rows:
        members.setdefault(text(row["topic"]), []).append(row)
    order = sorted(members, key=lambda topic: (-len(members[topic]), topic))
    return _Map(Sheet(width), rows, {topic: members[topic] for topic in order}).draw()


@dataclass(frozen=True, slots=True)
class _Map:
    sheet: Sheet
    rows: Sequence[Record]
    members: Mapping[str, Sequence[Record]]

    def draw(self) -> Figure:
        sheet = Box(MARGIN, MARGIN, self.sheet.room, self.sheet.room * self._shape)
        area = Box(sheet.x + PAD, sheet.y + PAD / 2, sheet.width - 2 * PAD, sheet.height - PAD)
        self.sheet.block(sheet, style.PAPER, edge=style.RULE)
        places = self._places(area)
        self._passages(places)
        radii, centres = self._radii(), {}
        for topic, some in self.members.items():
            spots = [places[id(row)] for row in some]
            middle = [sum(axis) / len(spots) for axis in zip(*spots, strict=True)]
            centres[topic] = ((middle[0] - area.x) / area.width, (middle[1] - area.y) / area.height)
        at = network.spread(centres, area, radii, gap=4)
        texts = {topic: self._title(topic) for topic in self.members}
        dots = list(places.values())[:: 1 + len(places) // FEELERS]
        labels = network.place_labels(texts, at, radii, [], sheet, dots)
        for topic, point in at.items():
            self._disc(topic, point, radii[topic])
        if labels is not None:
            self._labels(labels, at)
            return self.sheet.finish(self._legend(sheet.bottom + 4))
        listed = [f"{topic} \u00b7 {self._title(topic)}" for topic in self.members]
        top = legend.listed(self.sheet, sheet.bottom + 6, listed)
        return self.sheet.finish(self._legend(top))

    @property
    def _shape(self) -> float:
        """Height of the map for a width of 1."""
        return 0.62 if len(self.members) > 2 else 0.45

    def _title(self, topic: str) -> str:
        row = self.members[topic][0]
        return text(row["label"]) + (" (unstable)" if unstable(row) else "")

    def _places(self, area: Box) -> dict[int, Point]:
        """Return where each row lies: both directions to one scale, in the middle of the area."""
        xs, ys = ([float(row[key]) for row in self.rows] for key in ("x", "y"))
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        scale = min(area.width / (wide or 1e-9), area.height / (high or 1e-9), 1e6)
        across, down = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        x, y = area.middle
        return {
            id(row): (round(x + (one - across) * scale, 1), round(y - (two - down) * scale, 1))
            for row, one, two in zip(self.rows, xs, ys, strict=True)
        }

    def _radii(self) -> dict[str, float]:
        most = max(map(len, self.members.values()))
        return {
            topic: round(max(SMALLEST, LARGEST * sqrt(len(some) / most)), 1)
            for topic, some in self.members.items()
        }

    def _passages(self, places: Mapping[int, Point]) -> None:
        step = 1 + (len(self.rows) - 1) // MOST
        for place, some in enumerate(self.members.values()):
            colour = style.cycle(style.BRANCHES, place)
            shape = style.cycle(style.SHAPES, place + place // len(style.BRANCHES))  # no pair twice
            for row in some[::step]:
                gid = mark_id("topic_map", source=text(row["source"]), line=text(row["line"]))
                fill = style.PAPER if row["weak"] else colour
                self.sheet.mark(shape, places[id(row)], DOT, fill, edge=colour, gid=gid)

    def _disc(self, topic: str, at: Point, radius: float) -> None:
        gid = mark_id("topic_map", topic=topic)
        self.sheet.mark("circle", at, radius, style.PAPER, edge=style.INK, gid=gid)
        top = at[1] - style.SMALL * style.LEADING / 2
        self.sheet.text(at[0], top, topic, size=style.SMALL, align="center", bold=True)

    def _labels(self, labels: Mapping[str, Label], at: Mapping[str, Point]) -> None:
        for topic, label in labels.items():
            x, y = label.box.middle
            if label.led:
                self.sheet.line([at[topic], (x, y)], colour=style.QUIET, above=1.5)
            self.sheet.block(label.box, style.PAPER, clear=0.2)
            self.sheet.axes.patches[-1].set_zorder(4)  # marks shine through, letters stay clear
            self.sheet.lines(x, label.box.y + 0.5, label.lines, align="center")

    def _legend(self, top: float) -> float:
        step = 1 + (len(self.rows) - 1) // MOST
        words = (
            f"n = {len(self.rows)} units"
            + (f", of which one in {step} is drawn" if step > 1 else "")
            + ". Size of a disc: units of the topic. Shape and colour of a mark: its topic; open "
            "marks are weak, hardly nearer to their topic than to others. Near means alike, but a "
            "plane cannot keep all distances: read it as a sketch."
        )
        return legend.note(self.sheet, top, words)
