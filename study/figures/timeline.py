"""Where codes stand along the talk: one interview code by code, or all of them side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.figures import axis, legend, style
from study.figures.axis import Scale
from study.figures.grid import Column, Grid, Row, Section, sections
from study.figures.reading import Record, count, headline, mark_id, ordered, plain, records, text
from study.figures.sheet import MARGIN, Box, Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = (
    "participant",
    "group",
    "kind",
    "id",
    "role",
    "code",
    "name",
    "branch",
    "line",
    "from_word",
    "to_word",
    "of_words",
)
ASKED = "interviewer"
STRIP = 5.0
"""Height in points of the strip that shows who speaks."""

TICK = 36.0
"""Least distance in points of two ticks."""

LANE, NARROWEST_LANE, APART = 3.0, 1.8, 0.6
"""Heights in points of a branch's lane, and the room between two."""


@style.styled
def timeline(
    table: pd.DataFrame,
    *,
    titles: Mapping[str, str] | None = None,
    width: float = style.WIDE,
) -> Figure:
    """Draw the codes of one interview along its transcript, counted in words.

    A bar is a passage, as long as it is in words; the strip at the foot shows when the interviewer
    speaks.  Below the words stand the lines of the transcript, by which quotations are cited.

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row a turn or passage of one interview.
    titles
        Titles of the branches.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty, holds several interviews, or no passage.
    """
    rows = records(table, "timeline", COLUMNS, "there is no transcript.")
    people = ordered(row["participant"] for row in rows)
    if len(people) > 1:
        raise NotPossibleError(
            f"The figure 'timeline' shows one interview, and the table holds {len(people)}; choose "
            "one, or draw 'timelines'."
        )
    passages = [row for row in rows if text(row["kind"]) == "passage"]
    if not passages:
        raise NotPossibleError(
            f"The figure 'timeline' has nothing to show: {people[0]} has no coded passage yet."
        )
    return _Timeline(Sheet(width), rows, passages, titles).draw()


@dataclass(frozen=True, slots=True)
class _Timeline:
    sheet: Sheet
    rows: Sequence[Record]
    passages: Sequence[Record]
    titles: Mapping[str, str] | None

    @property
    def _words(self) -> int:
        return max([1, *(count(row["of_words"]) for row in self.rows)])

    def draw(self) -> Figure:
        first = self.rows[0]
        who = f"{text(first['participant'])} \u00b7 {headline(text(first['group']))}"
        known = tuple(self.titles or ())
        branches = ordered((row["branch"] for row in self.passages), known)
        grid = Grid(
            [Column("talk", who, f"{self._words} words")],
            sections(branches, self.titles, self._codes),
            self._cell,
            least=100,
            row_height=10,
            label_share=0.27,
            texts={"Passages": 36},
            foot=self._foot,
            legend=self._legend,
            pad=1.5,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    def _codes(self, branch: str) -> tuple[Row, ...]:
        """Return the codes of a branch, those first that are met first."""
        met = sorted(
            (row for row in self.passages if text(row["branch"]) == branch),
            key=lambda row: count(row["from_word"]),
        )
        names = {text(row["code"]): text(row["name"]) for row in met}
        many = {code: sum(text(row["code"]) == code for row in met) for code in names}
        return tuple(Row(code, name, (str(many[code]),)) for code, name in names.items())

    def _scale(self, box: Box) -> Scale:
        return Scale(0, self._words, box.x + 4, box.right - 12)

    def _cell(self, box: Box, code: str, _: str) -> None:
        scale = self._scale(box)
        colours = style.branch_colours(ordered(r["branch"] for r in self.passages), self.titles)
        for row in self.passages:
            if text(row["code"]) == code:
                left, right = (scale.at(count(row[end])) for end in ("from_word", "to_word"))
                bar = Box(left, box.middle[1] - 3, max(right - left, 1.4), 6)
                gid = mark_id("timeline", coding=text(row["id"]))
                fill = colours[text(row["branch"])]
                self.sheet.block(bar, fill, edge=style.INK, thick=0.25, gid=gid)

    def _foot(self, box: Box, _: str) -> float:
        """Draw who speaks, the words and the lines of the transcript."""
        scale, top = self._scale(box), box.bottom + 3
        self.sheet.block(Box(scale.left, top, scale.right - scale.left, STRIP), style.FAINT)
        asked = [
            Box(scale.at(start), top, scale.at(end) - scale.at(start), STRIP)
            for start, end, role in self._turns
            if role == ASKED
        ]
        self.sheet.blocks(asked, style.QUIET)
        values = axis.ticks(0, self._words, max(2, int((scale.right - scale.left) / TICK)))
        y = top + STRIP
        for value in values:
            x = scale.at(value)
            self.sheet.line([(x, box.y), (x, box.bottom)], colour=style.FAINT, above=0.1)
            self.sheet.line([(x, y), (x, y + 2)], colour=style.QUIET)
            for number, words in enumerate((axis.label(value), f"line {self._line(value)}")):
                at = y + 3 + number * style.SMALL * style.LEADING
                self.sheet.text(x, at, words, size=style.SMALL, align="center", colour=style.QUIET)
        return y + 3 + 2 * style.SMALL * style.LEADING - box.bottom

    @property
    def _turns(self) -> list[tuple[int, int, str]]:
        return [
            (count(row["from_word"]), count(row["to_word"]), text(row["role"]))
            for row in self.rows
            if text(row["kind"]) == "turn"
        ]

    def _line(self, words: float) -> int:
        """Return the line of the transcript that is reached after so many words."""
        begun = [row for row in self.rows if count(row["from_word"]) <= words]
        return max([1, *(count(row["line"]) for row in begun)])

    def _legend(self, top: float) -> float:
        keys = [
            legend.swatch(self.sheet, "interviewer", style.QUIET),
            legend.swatch(self.sheet, "participant, or others", style.FAINT),
        ]
        top = legend.row(self.sheet, top + 4, "Who speaks", keys)
        codes = len({text(row["code"]) for row in self.passages})
        words = (
            f"{len(self.passages)} passages with {codes} codes. A bar is as long as its passage. "
            "Axis: words said so far, and the line of the transcript reached."
        )
        return legend.note(self.sheet, top, words)


@style.styled
def timelines(
    table: pd.DataFrame,
    *,
    titles: Mapping[str, str] | None = None,
    groups: Sequence[str] = (),
    width: float = style.WIDE,
) -> Figure:
    """Draw all interviews below one another, each with a lane for every branch of the codebook.

    Branches are told apart by their lane, in the same order everywhere, and by colour.

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row a turn or passage, of any number of interviews.
    titles
        Titles of the branches, in the order of the lanes.
    groups
        Stakeholder groups from top to bottom.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty or holds no passage.
    """
    rows = records(table, "timelines", COLUMNS, "there is no transcript that is coded.")
    if not any(text(row["kind"]) == "passage" for row in rows):
        raise NotPossibleError(
            "The figure 'timelines' has nothing to show: no interview has a coded passage yet."
        )
    lanes: dict[tuple[str, str], list[Record]] = {}
    for row in rows:
        if text(row["kind"]) == "passage":
            lanes.setdefault((text(row["participant"]), text(row["branch"])), []).append(row)
    return _Timelines(Sheet(width), rows, lanes, titles, groups).draw()


@dataclass(frozen=True, slots=True)
class _Timelines:
    sheet: Sheet
    rows: Sequence[Record]
    lanes: Mapping[tuple[str, str], Sequence[Record]]
    titles: Mapping[str, str] | None
    groups: Sequence[str]

    def draw(self) -> Figure:
        sizes: dict[str, int] = {}
        people: dict[str, str] = {}
        for row in self.rows:
            sizes[text(row["participant"])] = count(row["of_words"])
            people[text(row["participant"])] = text(row["group"])
        many = Counter(
            text(row["participant"]) for row in self.rows if text(row["kind"]) == "passage"
        )
        branches = ordered((branch for _, branch in self.lanes), tuple(self.titles or ()))
        panels = []
        for group in ordered(people.values(), self.groups):
            rows = tuple(
                Row(who, who, (str(many[who]),))
                for who, theirs in people.items()
                if theirs == group
            )
            panels.append(Section(f"{headline(group)} (n = {len(rows)})", rows))
        return _Lanes(self.sheet, sizes, self.lanes, branches, self.titles).draw(panels)


@dataclass(frozen=True, slots=True)
class _Lanes:
    sheet: Sheet
    sizes: Mapping[str, int]
    lanes: Mapping[tuple[str, str], Sequence[Record]]
    branches: Sequence[str]
    titles: Mapping[str, str] | None

    def draw(self, panels: Sequence[Section]) -> Figure:
        grid = Grid(
            [Column("talk", "Coded passages along each interview")],
            panels,
            self._cell,
            least=100,
            row_height=max(12.0, len(self.branches) * (self._lane + APART) + 5),
            label_share=0.2,
            texts={"Passages": 36},
            foot=self._foot,
            legend=self._legend,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    @property
    def _lane(self) -> float:
        return max(NARROWEST_LANE, min(LANE, 24 / len(self.branches)))

    @property
    def _colours(self) -> dict[str, str]:
        return style.branch_colours(self.branches, self.titles)

    def _scale(self, box: Box) -> Scale:
        return Scale(0, max([1, *self.sizes.values()]), box.x + 4, box.right - 10)

    def _cell(self, box: Box, who: str, _: str) -> None:
        scale, step = self._scale(box), self._lane + APART
        high = len(self.branches) * step
        top = box.middle[1] - high / 2
        end = scale.at(self.sizes[who])
        self.sheet.block(Box(scale.left, top - 1, end - scale.left, high + 2), style.FAINT)
        for place, branch in enumerate(self.branches):
            bars = [
                Box(
                    scale.at(count(row["from_word"])),
                    top + place * step + APART / 2,
                    max(scale.at(count(row["to_word"])) - scale.at(count(row["from_word"])), 1.0),
                    self._lane,
                )
                for row in self.lanes.get((who, branch), ())
            ]
            gid = mark_id("timelines", participant=who, branch=branch)
            self.sheet.blocks(bars, self._colours[branch], gid=gid)

    def _foot(self, box: Box, _: str) -> float:
        return axis.below(self.sheet, box, self._scale(box), "words said so far")

    def _legend(self, top: float) -> float:
        keys = [
            legend.swatch(self.sheet, plain(branch, self.titles), self._colours[branch])
            for branch in self.branches
        ]
        top = legend.row(self.sheet, top + 4, "Lanes from top to bottom", keys)
        passages = sum(map(len, self.lanes.values()))
        words = (
            f"n = {len(self.sizes)} interviews, {passages} passages. The grey ground is as long as "
            "the interview."
        )
        return legend.note(self.sheet, top, words)
