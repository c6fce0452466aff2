"""The drawn parts of the page: the network of codes, and the curve of saturation.

Places are computed here, by the functions that lay out the printed figure, and rounded; the page
only draws them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import cos, pi, sin, sqrt
from typing import TYPE_CHECKING, Any

from study.figures import network, style
from study.figures.network import Label, Point
from study.figures.sheet import Box
from study.map.addresses import address, short_names
from study.map.cells import Cell, cell
from study.map.contents import Contents
from study.map.data import Numbering
from study.wording import many

if TYPE_CHECKING:
    import pandas as pd

MOST_CODES, MOST_PAIRS = 60, 60
WIDTH, HEIGHTS = 640.0, (400.0, 480.0, 580.0, 700.0, 840.0)
"""Units of the network's drawing; the first height in which all labels find room is taken."""
SHORT = 24
"""Letters of a name, where whole names find no room."""
SMALLEST, BIGGEST = 2.5, 11.0
THIN, THICK = 0.6, 5.0
CORNERS = {
    "circle": (0, 0.0),
    "square": (4, pi / 4),
    "diamond": (4, 0.0),
    "triangle": (3, -pi / 2),
    "inverted": (3, pi / 2),
    "pentagon": (5, -pi / 2),
    "hexagon": (6, 0.0),
    "octagon": (8, pi / 8),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A code on the network; `radius` in units of the drawing, `corners` of a shape of size 1."""

    code: int
    href: str
    name: str
    label: str
    passages: int
    at: Point
    radius: float
    lines: Sequence[str]
    box: Box | None
    led: Point | None
    place: int
    corners: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A pair of codes: `thick` is the width of its line, by Jaccard index."""

    cell: Cell
    codes: tuple[int, int]
    names: tuple[str, str]
    jaccard: float
    ends: tuple[Point, Point]
    thick: float

    @property
    def written(self) -> str:
        """The index with three decimals, halves upwards as JavaScript's `toFixed` rounds them."""
        return str(Decimal(self.jaccard).quantize(Decimal("0.001"), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Network:
    """Codes, the pairs that are drawn, and how many there are in all."""

    nodes: Sequence[Node]
    edges: Sequence[Edge]
    pairs: int
    height: float
    least: int
    branches: Sequence[tuple[int, str, str]]
    highest: float
    most: int

    @property
    def heard(self) -> int:
        """Number of codes that the reported coder gave to any passage."""
        return sum(node.passages > 0 for node in self.nodes)


def draw_network(contents: Contents, numbering: Numbering) -> Network | None:
    """Lay out the codes that are heard most, and the strongest pairs between them."""
    table = contents.pairs
    if table.empty:
        return None
    least = min(2, len(contents.scope.sources))
    passages = _passages(contents, numbering)
    shown = sorted(passages, key=lambda code: (-passages[code], code))[:MOST_CODES]
    inside = table["code_a"].isin(shown) & table["code_b"].isin(shown)
    drawn = _strongest(table[inside & (table["participants"] >= least)])
    bonds = {
        (str(a), str(b)): float(j)
        for a, b, j in zip(drawn["code_a"], drawn["code_b"], drawn["jaccard"], strict=True)
    }
    branches = {code: code.partition(".")[0] for code in sorted(shown)}
    radii = {code: _radius(passages[code], max(passages.values())) for code in branches}
    at, labels, height = _arranged(contents, branches, bonds, radii)
    maker = _Maker(contents, numbering, at, float(drawn["jaccard"].max() if len(drawn) else 1))
    return Network(
        [maker.node(code, passages[code], radii[code], labels.get(code)) for code in branches],
        [maker.edge(row) for row in drawn.to_dict("records")],
        len(table),
        height,
        least,
        maker.branches(branches),
        maker.highest,
        max(passages.values()),
    )


def _passages(contents: Contents, numbering: Numbering) -> dict[str, int]:
    """Return passages by code; also codes that only others than the reporting coder used."""
    used = dict.fromkeys(coding.code for coding in numbering.codings)
    counts = contents.made["code"].value_counts()
    return {code: int(counts.get(code, 0)) for code in used}


def _strongest(table: pd.DataFrame) -> pd.DataFrame:
    order = table.sort_values(["jaccard", "turns"], ascending=False, kind="stable")
    return order.head(MOST_PAIRS)


def _radius(passages: int, most: int) -> float:
    return round(max(SMALLEST, BIGGEST * sqrt(passages / max(most, 1))), 2)


def _arranged(
    contents: Contents,
    branches: Mapping[str, str],
    bonds: Mapping[tuple[str, str], float],
    radii: Mapping[str, float],
) -> tuple[dict[str, Point], Mapping[str, Label], float]:
    """Place codes and their names; a drawing that is too small for its names gets higher."""
    places = network.layout(branches, bonds)
    names = {code: contents.study.codebook[code].name for code in branches}
    short = {code: _cut(name) for code, name in names.items()}
    for texts, heights in ((names, HEIGHTS[:3]), (short, HEIGHTS)):
        for height in heights:
            sheet = Box(2, 2, WIDTH - 4, height - 4)
            area = Box(50, 16, WIDTH - 100, height - 32)
            at = network.spread(places, area, radii)
            labels = network.place_labels(texts, at, radii, list(bonds), sheet)
            if labels is not None:
                return at, labels, height
    return at, {}, HEIGHTS[-1]


def _cut(name: str) -> str:
    """Shorten a name that is too long for the drawing; the table has the whole one."""
    if len(name) <= SHORT:
        return name
    head, tail = name[: SHORT * 2 // 3].rstrip(), name[-SHORT // 3 :].lstrip()
    return f"{head}\u2026{tail}"


class _Maker:
    """Turns places into nodes and edges."""

    def __init__(
        self,
        contents: Contents,
        numbering: Numbering,
        at: Mapping[str, Point],
        highest: float,
    ) -> None:
        self.contents, self.numbering, self.at, self.highest = contents, numbering, at, highest
        self.refs = short_names(numbering.codes)
        self.tops = [code.path for code in contents.study.codebook if not code.parent]

    def node(self, code: str, passages: int, radius: float, label: Label | None) -> Node:
        name = self.contents.study.codebook[code].name
        place = self.tops.index(code.partition(".")[0])
        shape = style.cycle(style.SHAPES, place)
        box = label.box if label else None
        led = _nearest(self.at[code], box) if box and label and label.led else None
        return Node(
            self.numbering.codes[code],
            f"#{address(code=self.refs[code])}",
            name,
            f"{name}: {many(passages, 'passage')}",
            passages,
            self.at[code],
            radius,
            label.lines if label else (),
            box,
            led,
            place % len(style.BRANCHES),
            corners(shape),
        )

    def edge(self, row: Mapping[Any, Any]) -> Edge:
        a, b = str(row["code_a"]), str(row["code_b"])
        parts: dict[str, object] = {"pair": self.refs[a], "with": self.refs[b]}
        about = f"{row['name_a']} with {row['name_b']}"
        turns, people = int(row["turns"]), int(row["participants"])
        found = cell(parts, about, turns, people, self.contents.masked)
        jaccard = float(row["jaccard"])
        return Edge(
            Cell(parts, about, turns, people, unit="turn", masked=found.masked),
            (self.numbering.codes[a], self.numbering.codes[b]),
            (str(row["name_a"]), str(row["name_b"])),
            jaccard,
            (self.at[a], self.at[b]),
            round(THIN + (THICK - THIN) * jaccard / self.highest, 2),
        )

    def branches(self, of: Mapping[str, str]) -> list[tuple[int, str, str]]:
        """Return the legend: colour, shape and name of each branch that is drawn."""
        used = set(of.values())
        book = self.contents.study.codebook
        return [
            (place % len(style.BRANCHES), corners(style.cycle(style.SHAPES, place)), book[top].name)
            for place, top in enumerate(self.tops)
            if top in used
        ]


def _nearest(point: Point, box: Box) -> Point:
    x = min(max(point[0], box.x), box.right)
    return x, min(max(point[1], box.y), box.bottom)


def corners(shape: str) -> str:
    """Return the corners of a shape with the area of a circle of radius 1; "" is the circle."""
    count, turn = CORNERS[shape]
    if not count:
        return ""
    reach = sqrt(2 * pi / (count * sin(2 * pi / count)))
    steps = (turn + 2 * pi * step / count for step in range(count))
    return " ".join(f"{reach * cos(a):.3f},{reach * sin(a):.3f}" for a in steps)


@dataclass(frozen=True, slots=True)
class Curve:
    """Saturation as it is drawn: points of a line, of its band, and a bar for each interview."""

    line: str
    band: str
    bars: Sequence[Mapping[str, Any]]
    ticks: Sequence[tuple[float, int]]
    width: float
    height: float


def draw_curve(contents: Contents, numbering: Numbering) -> Curve | None:
    """Draw codes met so far, interview by interview, with the band of other orders."""
    table = contents.table("saturation")
    if table is None:
        return None
    rows = table.to_dict("records")
    most = max(1, *(int(row["of_codes"]) for row in rows))
    width, height, left, foot = 640.0, 240.0, 34.0, 26.0
    step = (width - left - 8) / len(rows)
    xs = [round(left + step * (place + 0.5), 1) for place in range(len(rows))]

    def y(value: float) -> float:
        return round(8 + (height - foot - 8) * (1 - value / most), 1)

    upper = [f"{x},{y(row['high'])}" for x, row in zip(xs, rows, strict=True)]
    lower = [f"{x},{y(row['low'])}" for x, row in zip(xs, rows, strict=True)]
    people = {case.source: case.name for case in contents.study.cases}
    bars = [
        {
            "x": round(x - step * 0.3, 1),
            "middle": x,
            "width": round(step * 0.6, 1),
            "y": y(row["new_codes"]),
            "height": round(y(0) - y(row["new_codes"]), 1),
            "new": int(row["new_codes"]),
            "met": int(row["cumulative"]),
            "number": int(row["interviews"]),
            "who": people.get(row["source"], row["source"]),
            "href": f"#{address(new=people.get(row['source'], row['source']))}",
        }
        for x, row in zip(xs, rows, strict=True)
    ]
    ticks = [(y(value), value) for value in sorted({0, most // 2, most})]
    line = " ".join(f"{x},{y(row['cumulative'])}" for x, row in zip(xs, rows, strict=True))
    return Curve(line, " ".join([*upper, *reversed(lower)]), bars, ticks, width, height)
