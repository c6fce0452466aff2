"""Rows x columns: the shape that most figures of this package share.

Row labels stand at the left, wrapped; column heads stand level where they fit and upright where
they don't; columns that don't fit beside one another continue in a further block below.  Rows that
don't fit on a page go on on a further one, below the heads again and above the legend.
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

INDENT = 9.0
"""Room of one level of a tree."""

NARROW_SHEET = 300.0
"""Width in points below which labels get a larger share."""

BETWEEN_SECTIONS = 3.0
BELOW = 14.0
"""Room between two blocks of columns."""

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

    guides: tuple[str, ...] = ()
    """Lines of a tree left of the label, one a level: "" (none), "past", "branch" or "last"."""

    bold: bool = False


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

    legend: Callable[[float], float] | None = None
    """Draws the legend from a given upper edge and returns the lower; on every page."""

    pad: float = 3.0
    """Room between the lines of two rows' labels."""

    def draw(self, sheet: Sheet, top: float) -> float:
        """Draw the grid, its legend below it, and return the lower edge."""
        label = self._label_width(sheet, self.label_share)
        count = self._count(sheet, label)
        if sheet.width < NARROW_SHEET:  # words first: they break less, where no column is lost
            wider = self._label_width(sheet, self.label_share + 0.1)
            label = wider if self._count(sheet, wider) == count else label
        room = sheet.room - label - sum(self.texts.values())
        wide = min(self.most, (room - (count - 1) * self.between) / count)
        blocks = [
            _Block(self, sheet, self.columns[start : start + count], label, wide)
            for start in range(0, len(self.columns), count)
        ]
        sheet.soft = _even(sheet, blocks, top)
        for block in blocks:
            top = block.draw(top)
        sheet.soft = sheet.tallest
        return self._legend(top)

    def _count(self, sheet: Sheet, label: float) -> int:
        """Return how many columns stand beside one another."""
        room = sheet.room - label - sum(self.texts.values()) + self.between
        blocks = ceil(len(self.columns) * (self.least + self.between) / room)
        return ceil(len(self.columns) / max(blocks, 1))

    def _legend(self, top: float) -> float:
        return self.legend(top) if self.legend else top

    def _label_width(self, sheet: Sheet, share: float) -> float:
        labels = [
            lettering.width(lettering.clean(row.label), BODY, row.bold) + len(row.guides) * INDENT
            for section in self.sections
            for row in section.rows
        ]
        widest = max(labels, default=0.0)
        return min(widest + GAP, sheet.room * share)


def _even(sheet: Sheet, blocks: Sequence[_Block], top: float) -> float:
    """Return the height up to which pages are filled so that all are about as full."""
    sizes = [block.sizes for block in blocks]
    heads, tails, rows, largest = ([size[part] for size in sizes] for part in range(4))
    every = sum(heads) + sum(rows)
    if top + every + max(tails) + BELOW * (len(blocks) - 1) + MARGIN <= sheet.tallest:
        return sheet.tallest
    beside = max(heads) + max(tails) + MARGIN
    pages = ceil(every / max(sheet.tallest - beside - max(largest), 1))
    return min(sheet.tallest, beside + every / pages + max(largest))


@dataclass(frozen=True, slots=True)
class _Block:
    """Columns that stand side by side, with all rows."""

    grid: Grid
    sheet: Sheet
    columns: Sequence[Column]
    label: float
    wide: float

    def draw(self, top: float) -> float:
        first = next((section for section in self.grid.sections if section.rows), None)
        if top > MARGIN and first is not None:
            least = self.sheet.measure(self._heads) + self._title_height(first)
            top = self._room(top, least + self._height(first.rows[0]))
        begin = top = self._heads(top)
        for number, section in enumerate(self.grid.sections):
            begin, top = self._section(section, begin, top + (BETWEEN_SECTIONS if number else 0))
        return self._foot(begin, top)

    @property
    def sizes(self) -> tuple[float, float, float, float]:
        """Heights of the heads, of what stands below the rows, of all rows, and of the largest."""
        titles = [self._title_height(section) for section in self.grid.sections]
        rows = [self._height(row) for section in self.grid.sections for row in section.rows]
        between = BETWEEN_SECTIONS * (len(titles) - 1)
        largest = max(rows, default=0.0) + 2 * max(titles, default=0.0)
        return self.sheet.measure(self._heads), self._tail, sum(titles + rows) + between, largest

    def _room(self, top: float, height: float) -> float:
        """Return where a further block goes: below the one above, or on a further page."""
        if self.sheet.fits(top + BELOW + height + self._tail):
            return top + BELOW
        return self.sheet.turn(self.grid._legend(top))

    @property
    def _tail(self) -> float:
        """Height of what stands below the last row of a page: axes and legend."""
        return self.sheet.measure(lambda top: self.grid._legend(self._foot(top, top)))

    def _foot(self, begin: float, top: float) -> float:
        """Draw what stands below each column, which reaches from `begin` to `top`."""
        if self.grid.foot is None:
            return top
        boxes = [self._box(i, begin, top - begin) for i in range(len(self.columns))]
        pairs = zip(boxes, self.columns, strict=True)
        return top + max(self.grid.foot(box, column.key) for box, column in pairs)

    def _turned(self, begin: float, top: float) -> float:
        """End the page below a row and begin another with the heads; return its upper edge."""
        return self._heads(self.sheet.turn(self.grid._legend(self._foot(begin, top))))

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
            and lettering.width(lettering.clean(column.below), SMALL) <= room
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

    def _section(self, section: Section, begin: float, top: float) -> tuple[float, float]:
        """Draw a panel; return where its page's rows begin, and its lower edge."""
        edge, tail = MARGIN + self.sheet.room, self._tail
        heights = [self._height(row) for row in section.rows]
        first = self._title_height(section) + sum(heights[:1])
        if top > begin + BETWEEN_SECTIONS and not self.sheet.fits(top + first + tail):
            begin = top = self._turned(begin, top - BETWEEN_SECTIONS)
        top = self._title(section, top)
        for number, (row, height) in enumerate(zip(section.rows, heights, strict=True)):
            if number and not self.sheet.fits(top + height + tail):
                begin = top = self._turned(begin, top)
                top = self._title(section, top, " (continued)")
            top = self._row(row, top, height)
            if self.grid.lined:
                self.sheet.line([(MARGIN, top), (edge, top)], colour=FAINT, above=0.2)
        self.sheet.line([(MARGIN, top), (edge, top)], colour=RULE, above=0.3)
        return begin, top

    def _title_lines(self, section: Section, more: str = "") -> list[str]:
        words = section.title + more if section.title else ""
        return lettering.wrap(words, self.sheet.room - 8, HEAD, 2, bold=True) if words else []

    def _title_height(self, section: Section) -> float:
        lines = self._title_lines(section)
        return len(lines) * HEAD * LEADING + 2 if lines else 0.0

    def _title(self, section: Section, top: float, more: str = "") -> float:
        """Draw the title of a panel, or the line that a panel without title begins with."""
        lines = self._title_lines(section, more)
        if not lines:
            self.sheet.line([(MARGIN, top), (MARGIN + self.sheet.room, top)])
            return top
        height = len(lines) * HEAD * LEADING + 1.5
        self.sheet.block(Box(MARGIN, top, self.sheet.room, height), FAINT)
        self.sheet.block(Box(MARGIN, top, 2.5, height), section.colour)
        self.sheet.lines(MARGIN + 6, top + 1, lines, size=HEAD, bold=True)
        return top + height + 0.5

    def _label(self, row: Row) -> list[str]:
        room = self.label - GAP - len(row.guides) * INDENT
        return lettering.wrap(row.label, room, BODY, self.grid.label_lines, row.bold)

    def _texts(self, row: Row) -> list[tuple[float, list[str]]]:
        return [
            (x, lettering.wrap(text, room, SMALL))
            for (_, x, room), text in zip(self._text_boxes(), row.texts, strict=False)
        ]

    def _height(self, row: Row) -> float:
        texts = [len(lines) * SMALL for _, lines in self._texts(row)]
        tallest = max([len(self._label(row)) * BODY, *texts]) * LEADING
        return max(self.grid.row_height, row.least, tallest + self.grid.pad)

    def _row(self, row: Row, top: float, height: float) -> float:
        lines = self._label(row)
        y = top + (height - len(lines) * BODY * LEADING) / 2
        self._guides(row, top, height)
        self.sheet.lines(MARGIN + len(row.guides) * INDENT, y, lines, bold=row.bold)
        for x, found in self._texts(row):
            y = top + (height - len(found) * SMALL * LEADING) / 2
            self.sheet.lines(x, y, found, size=SMALL, colour=QUIET)
        for place, column in enumerate(self.columns):
            self.grid.cell(self._box(place, top, height), row.key, column.key)
        return top + height

    def _guides(self, row: Row, top: float, height: float) -> None:
        """Draw the lines that tie a row to the one above it in a tree."""
        middle = top + height / 2
        for level, guide in enumerate(row.guides):
            x = MARGIN + level * INDENT + 2.5
            if guide:
                end = middle if guide == "last" else top + height
                self.sheet.line([(x, top), (x, end)], colour=RULE, thick=0.6)
            if guide in {"last", "branch"}:
                ends = [(x, middle), (x + INDENT - 4, middle)]
                self.sheet.line(ends, colour=RULE, thick=0.6)
