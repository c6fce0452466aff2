"""Rows x columns: the shape that most figures of this package share.

Row labels stand at the left, wrapped; column heads stand level where they fit and upright where
they don't; columns that don't fit beside one another continue in a further block below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from study.figures import lettering
from study.figures.reading import plain
from study.figures.sheet import MARGIN, Box, Sheet
from study.figures.style import (
    BODY,
    FAINT,
    HEAD,
    INK,
    LEADING,
    QUIET,
    RULE,
    SMALL,
    branch_colours,
)

GAP = 4.0
"""Room between a label and what it labels, in points."""

HEAD_LINES = 4
UPRIGHT_LENGTHS = (60.0, 85.0, 110.0, 140.0, 170.0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its head and a second, quieter line below the head."""

    key: str
    head: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its key, its label and texts for the columns of text at the right."""

    key: str
    label: str
    texts: tuple[str, ...] = ()
    least: float = 0.0
    """Height in points that the row's cells need."""


@dataclass(frozen=True, slots=True)
class Section:
    """A titled panel of rows."""

    title: str
    rows: tuple[Row, ...]
    colour: str = INK


def sections(
    names: Iterable[str],
    titles: Mapping[str, str] | None,
    rows: Callable[[str], tuple[Row, ...]],
) -> list[Section]:
    """Return a section for each branch, titled and coloured alike in every figure.

    `rows` makes the rows of a branch from its name.
    """
    listed = list(names)
    colours = branch_colours(listed, titles)
    return [Section(plain(name, titles), rows(name), colours[name]) for name in listed]


Cell = Callable[[Box, str, str], None]
"""Draws one cell, given its box, row key and column key."""

Foot = Callable[[Box, str], float]
"""Draws what stands below a column (an axis), given the column's box; returns its height."""


@dataclass(frozen=True, slots=True)
class Grid:
    """What to draw and how much room it needs, in points."""

    columns: Sequence[Column]
    sections: Sequence[Section]
    cell: Cell
    least: float
    """Width below which columns go into a further block."""

    most: float = 1000.0
    row_height: float = 12.0
    label_share: float = 0.34
    label_lines: int = 3
    texts: Mapping[str, float] = field(default_factory=dict)
    """Heads of the columns of text at the right, with the width of each."""

    foot: Foot | None = None
    between: float = 0.0
    """Room between two columns."""

    lined: bool = True

    def draw(self, sheet: Sheet, top: float) -> float:
        """Draw the grid and return its lower edge."""
        label = self._label_width(sheet)
        texts = sum(self.texts.values())
        room = sheet.room - label - texts
        blocks = ceil(len(self.columns) * (self.least + self.between) / (room + self.between))
        count = ceil(len(self.columns) / max(blocks, 1))
        wide = min(self.most, (room - (count - 1) * self.between) / count)
        for start in range(0, len(self.columns), count):
            if start:
                top += 14
            columns = self.columns[start : start + count]
            top = _Block(self, sheet, columns, label, wide).draw(top)
        return top

    def _label_width(self, sheet: Sheet) -> float:
        labels = [row.label for section in self.sections for row in section.rows]
        widest = max((lettering.width(lettering.drawable(label)) for label in labels), default=0.0)
        return min(widest + GAP, sheet.room * self.label_share)


@dataclass(frozen=True, slots=True)
class _Block:
    """Columns that stand side by side, with all rows."""

    grid: Grid
    sheet: Sheet
    columns: Sequence[Column]
    label: float
    wide: float

    def draw(self, top: float) -> float:
        top = self._heads(top)
        begin = top
        for number, section in enumerate(self.grid.sections):
            top = self._section(section, top + (5 if number else 0))
        if self.grid.foot is None:
            return top
        boxes = [self._box(i, begin, top - begin) for i in range(len(self.columns))]
        pairs = zip(boxes, self.columns, strict=True)
        return top + max(self.grid.foot(box, column.key) for box, column in pairs)

    def _box(self, place: int, y: float, height: float) -> Box:
        x = MARGIN + self.label + place * (self.wide + self.grid.between)
        return Box(x, y, self.wide, height)

    def _text_boxes(self) -> list[tuple[str, float, float]]:
        x = MARGIN + self.label + len(self.columns) * (self.wide + self.grid.between)
        x += GAP - self.grid.between
        boxes = []
        for head, room in self.grid.texts.items():
            boxes.append((head, x, room - GAP))
            x += room
        return boxes

    def _heads(self, top: float) -> float:
        room = self.wide - 8
        level = all(
            lettering.whole(column.head, room, BODY, HEAD_LINES, bold=True)
            and lettering.width(lettering.drawable(column.below), SMALL) <= room
            for column in self.columns
        )
        texts = [lettering.wrap(head, room, SMALL) for head, _, room in self._text_boxes()]
        tall = max((len(lines) * SMALL * LEADING for lines in texts), default=0.0)
        place = self._level_heads if level else self._upright_heads
        bottom = place(top, tall)
        for (_, x, _), lines in zip(self._text_boxes(), texts, strict=True):
            y = bottom - len(lines) * SMALL * LEADING
            self.sheet.lines(x, y, lines, size=SMALL, colour=QUIET)
        return bottom + 3

    def _level_heads(self, top: float, least: float) -> float:
        heads = [
            lettering.wrap(c.head, self.wide - 8, BODY, HEAD_LINES, True) for c in self.columns
        ]
        below = SMALL * LEADING if any(column.below for column in self.columns) else 0.0
        bottom = top + max(least, max(map(len, heads)) * BODY * LEADING + below)
        for place, (lines, column) in enumerate(zip(heads, self.columns, strict=True)):
            x = self._box(place, 0, 0).middle[0]
            y = bottom - below - len(lines) * BODY * LEADING
            y = self.sheet.lines(x, y, lines, align="center", bold=True)
            self.sheet.text(x, y, column.below, size=SMALL, align="center", colour=QUIET)
        return bottom

    def _upright_heads(self, top: float, least: float) -> float:
        level = all(lettering.width(c.below, SMALL) <= self.wide - 2 for c in self.columns)
        below = SMALL * LEADING if level and any(column.below for column in self.columns) else 0.0
        heads = self._upright_lines(below > 0)
        longest = max(lettering.width(line) for lines in heads for line in lines)
        bottom = top + max(least, longest + 2 + below)
        for place, (lines, column) in enumerate(zip(heads, self.columns, strict=True)):
            middle = self._box(place, 0, 0).middle[0]
            for number, line in enumerate(lines):
                x = middle + (number - len(lines) / 2) * BODY * LEADING
                self.sheet.text(x, bottom - below - 1, line, upward=True)
            if below:
                y = bottom - below
                words = column.below
                self.sheet.text(middle, y, words, size=SMALL, align="center", colour=QUIET)
        return bottom

    def _upright_lines(self, level: bool) -> list[list[str]]:
        """Break heads that run upward, as short as leaves them whole."""
        most = max(1, min(3, int((self.wide - 1) / (BODY * LEADING))))
        heads = [
            f"{column.head} ({column.below})" if column.below and not level else column.head
            for column in self.columns
        ]
        for room in UPRIGHT_LENGTHS:
            if all(lettering.whole(head, room, BODY, most) for head in heads):
                break
        return [lettering.wrap(head, room, BODY, most) for head in heads]

    def _section(self, section: Section, top: float) -> float:
        edge = MARGIN + self.sheet.room
        if section.title:
            lines = lettering.wrap(section.title, self.sheet.room - 8, HEAD, 2, bold=True)
            height = len(lines) * HEAD * LEADING + 3
            self.sheet.block(Box(MARGIN, top, self.sheet.room, height), FAINT)
            self.sheet.block(Box(MARGIN, top, 2.5, height), section.colour)
            self.sheet.lines(MARGIN + 6, top + 2, lines, size=HEAD, bold=True)
            top += height + 1
        else:
            self.sheet.line([(MARGIN, top), (edge, top)])
        for row in section.rows:
            top = self._row(row, top)
            if self.grid.lined:
                self.sheet.line([(MARGIN, top), (edge, top)], colour=FAINT, above=0.2)
        self.sheet.line([(MARGIN, top), (edge, top)], colour=RULE, above=0.3)
        return top

    def _row(self, row: Row, top: float) -> float:
        lines = lettering.wrap(row.label, self.label - GAP, BODY, self.grid.label_lines)
        texts = [
            (x, lettering.wrap(text, room, SMALL))
            for (_, x, room), text in zip(self._text_boxes(), row.texts, strict=False)
        ]
        tallest = max([len(lines) * BODY, *(len(found) * SMALL for _, found in texts)]) * LEADING
        height = max(self.grid.row_height, row.least, tallest + 3)
        y = top + (height - len(lines) * BODY * LEADING) / 2
        self.sheet.lines(MARGIN, y, lines)
        for x, found in texts:
            y = top + (height - len(found) * SMALL * LEADING) / 2
            self.sheet.lines(x, y, found, size=SMALL, colour=QUIET)
        for place, column in enumerate(self.columns):
            self.grid.cell(self._box(place, top, height), row.key, column.key)
        return top + height
