"""What is talked about together: the network of codes that share turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.figures import legend, network, style
from study.figures.network import Label, Point
from study.figures.reading import Record, count, mark_id, ordered, plain, records, text
from study.figures.sheet import MARGIN, Box, Sheet, reach

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = (
    "code_a",
    "name_a",
    "code_b",
    "name_b",
    "branch_a",
    "branch_b",
    "turns",
    "participants",
    "passages_a",
    "passages_b",
)
SMALLEST, LARGEST = 2.5, 9.0
"""Radii of nodes in points."""

THINNEST, THICKEST = 0.4, 4.0
HEIGHTS = (0.62, 0.8, 1.0, 1.25, 1.6)
"""Heights that are tried until all labels fit, in widths of the figure."""

LEGENDS = 90.0
"""Room in points that a page keeps for the legends below the network."""


@dataclass(frozen=True, slots=True)
class Association:
    """A measure of how closely two codes go together: its column, its name and what it is."""

    column: str
    name: str
    words: str


ASSOCIATIONS = {
    "jaccard": Association(
        "jaccard", "Jaccard index", "Jaccard index (turns with both codes over turns with either)"
    ),
    "npmi": Association(
        "npmi",
        "normalised PMI",
        "normalised pointwise mutual information (how much oftener than by chance two codes share "
        "a turn; 0 chance, 1 always together; pairs at or below 0 are not drawn)",
    ),
}


def measure_of(association: str) -> Association:
    """Return what a name in `ASSOCIATIONS` stands for; NotPossibleError if it is none."""
    if association not in ASSOCIATIONS:
        known = " or ".join(ASSOCIATIONS)
        raise NotPossibleError(f"The association {association!r} is not known; use {known}.")
    return ASSOCIATIONS[association]


@style.styled
def cooccurrence(
    table: pd.DataFrame,
    *,
    minimum_participants: int = 2,
    pairs: int = 60,
    titles: Mapping[str, str] | None = None,
    association: str = "jaccard",
    width: float = style.WIDE,
) -> Figure:
    """Draw the network of codes that occur in the same turns.

    A line's width is the association of the two codes: the Jaccard index of their turns (turns
    with both, divided by turns with either; Jaccard 1912,
    doi:10.1111/j.1469-8137.1912.tb05611.x), or normalised pointwise mutual information (Bouma
    2009, Proceedings of GSCL, 31-40), which favours rare codes; a node's area is the code's
    passages; colour and shape are its branch.  Labels never cover one another:
    where names don't fit, nodes are numbered and the names listed below.

    Parameters
    ----------
    table
        Columns of `COLUMNS`, one row per pair.
    minimum_participants
        Pairs found with fewer participants are left out.
    pairs
        At most this many pairs are drawn, the strongest; the figure says how many are not.
    titles
        Titles of the branches.
    association
        One of `ASSOCIATIONS`: "jaccard" or "npmi", a column of the table.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If no pair is left, or the association is unknown.
    """
    empty = "no two codes share a turn."
    measure = measure_of(association)
    rows = records(table, "cooccurrence", (*COLUMNS, measure.column), empty)
    enough = [row for row in rows if count(row["participants"]) >= minimum_participants]
    positive = [row for row in enough if float(row[measure.column]) > 0]
    key = measure.column
    strongest = sorted(positive, key=lambda row: (-float(row[key]), -count(row["turns"])))
    if not strongest:
        raise NotPossibleError(
            "The figure 'cooccurrence' has nothing to show: no two codes share a turn with "
            f"{minimum_participants} participants or more; ask for fewer."
        )
    kept = strongest[:pairs]
    words = (
        f"{len(kept)} of {len(rows)} pairs of codes are drawn: found with at least "
        f"{minimum_participants} participants, the {len(kept)} strongest. "
        "Distances on paper mean little."
    )
    return _Network.of(Sheet(width), kept, titles, words, measure).draw()


@dataclass(frozen=True, slots=True)
class _Network:
    sheet: Sheet
    pairs: Sequence[Record]
    names: Mapping[str, str]
    branches: Mapping[str, str]
    passages: Mapping[str, int]
    titles: Mapping[str, str] | None
    words: str
    measure: Association

    @classmethod
    def of(
        cls,
        sheet: Sheet,
        pairs: Sequence[Record],
        titles: Mapping[str, str] | None,
        words: str,
        measure: Association,
    ) -> _Network:
        fields = ("code", "name", "branch", "passages")
        ends = [[row[f"{field}_{end}"] for field in fields] for row in pairs for end in "ab"]
        ends.sort(key=lambda end: str(end[0]))
        return cls(
            sheet,
            pairs,
            {text(code): text(name) for code, name, _, _ in ends},
            {text(code): text(branch) for code, _, branch, _ in ends},
            {text(code): count(number) for code, _, _, number in ends},
            titles,
            words,
            measure,
        )

    def _strength(self, row: Record) -> float:
        return float(row[self.measure.column])

    def draw(self) -> Figure:
        at, labels, numbered, bottom = self._arranged()
        self._edges(at)
        self._nodes(at)
        for code, label in labels.items():
            self._label(at[code], label)
        top = bottom + 4
        if numbered:
            names = [f"{number}  {self.names[code]}" for code, number in numbered.items()]
            top = legend.listed(self.sheet, top, names)
        return self.sheet.finish(self._legend(top))

    def _arranged(
        self,
    ) -> tuple[Mapping[str, Point], Mapping[str, Label], Mapping[str, str], float]:
        """Find places for nodes and labels; names give way to numbers if they can't fit."""
        bonds = {
            (text(row["code_a"]), text(row["code_b"])): self._strength(row) for row in self.pairs
        }
        places = network.layout(self.branches, bonds)
        numbers = {code: str(i) for i, code in enumerate(self.names, 1)}
        for texts, numbered in ((self.names, {}), (numbers, numbers)):
            for share in HEIGHTS:
                tall = min(self.sheet.width * share, self.sheet.tallest - LEGENDS)
                sheet = Box(MARGIN, MARGIN, self.sheet.room, tall)
                edge = network.WIDEST / 2 if not numbered else LARGEST
                area = Box(sheet.x + edge, sheet.y + 12, sheet.width - 2 * edge, sheet.height - 24)
                at = network.spread(places, area, self._reaches)
                labels = network.place_labels(texts, at, self._reaches, list(bonds), sheet)
                if labels is not None:
                    return at, labels, numbered, self._lowest(at, labels)
        raise NotPossibleError(
            f"The figure 'cooccurrence' cannot label {len(self.names)} codes; ask for fewer pairs."
        )

    def _lowest(self, at: Mapping[str, Point], labels: Mapping[str, Label]) -> float:
        nodes = [at[code][1] + self._radii[code] for code in at]
        return max([*nodes, *(label.box.bottom for label in labels.values())])

    @property
    def _radii(self) -> dict[str, float]:
        return {code: self._radius(number) for code, number in self.passages.items()}

    @property
    def _reaches(self) -> dict[str, float]:
        """How far each node reaches: a triangle further than a circle of its area."""
        return {
            code: reach(self._look(self.branches[code])[0], radius)
            for code, radius in self._radii.items()
        }

    def _radius(self, passages: int) -> float:
        most = max(1, *self.passages.values(), 1)
        return max(SMALLEST, LARGEST * sqrt(passages / most))

    def _thick(self, strength: float) -> float:
        most = max(map(self._strength, self.pairs)) or 1.0
        return THINNEST + (THICKEST - THINNEST) * strength / most

    def _edges(self, at: Mapping[str, Point]) -> None:
        for row in reversed(self.pairs):
            ends = text(row["code_a"]), text(row["code_b"])
            gid = mark_id("cooccurrence", a=ends[0], b=ends[1])
            thick = self._thick(self._strength(row))
            self.sheet.line([at[end] for end in ends], thick=thick, above=0.5, gid=gid)

    def _look(self, branch: str) -> tuple[str, str]:
        place = style.branch_places(sorted(set(self.branches.values())), self.titles)[branch]
        return style.cycle(style.SHAPES, place), style.cycle(style.BRANCHES, place)

    def _nodes(self, at: Mapping[str, Point]) -> None:
        for code, point in at.items():
            shape, colour = self._look(self.branches[code])
            gid = mark_id("cooccurrence", code=code)
            self.sheet.mark(shape, point, self._radii[code], colour, gid=gid)

    def _label(self, at: Point, label: Label) -> None:
        box = label.box
        if label.led:
            x = min(max(at[0], box.x), box.right)
            y = min(max(at[1], box.y), box.bottom)
            self.sheet.line([at, (x, y)], colour=style.INK, thick=0.4, above=1)
        self.sheet.block(box, style.PAPER, clear=0.3)
        self.sheet.lines(box.middle[0], box.y + 0.5, label.lines, align="center")

    def _legend(self, top: float) -> float:
        branches = ordered(self.branches.values(), tuple(self.titles or ()))
        keys = []
        for branch in branches:
            shape, colour = self._look(branch)
            keys.append(legend.mark(self.sheet, plain(branch, self.titles), shape, 3.5, colour))
        top = legend.row(self.sheet, top, "Branch", keys)
        most = max(self.passages.values())
        sizes = sorted({max(1, most // 8), max(1, most // 3), most})
        circles = [legend.mark(self.sheet, str(n), "circle", self._radius(n)) for n in sizes]
        top = legend.row(self.sheet, top, "Area: passages", circles)
        strengths = list(map(self._strength, self.pairs))
        low, high = min(strengths), max(strengths)
        values = list(dict.fromkeys(f"{value:.2f}" for value in (low, (low + high) / 2, high)))
        strokes = [
            legend.stroke(self.sheet, value, self._thick(float(value)), style.RULE)
            for value in values
        ]
        top = legend.row(self.sheet, top, f"Width: {self.measure.name}", strokes)
        return legend.note(self.sheet, top, self.words)
