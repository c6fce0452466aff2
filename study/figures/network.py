"""Where the nodes of a network stand, and their labels: the same place on every run.

The layout is computed in points and rounded, so that the last digits of a machine's arithmetic
do not move a label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from study.figures import lettering
from study.figures.sheet import Box
from study.figures.style import BODY, LEADING

Point = tuple[float, float]
WIDEST, LINES = 84.0, 4
"""Room of a label: width in points and number of lines."""

AWAY = (1.5, 7.0, 14.0, 22.0, 32.0)
"""Distances in points between a node and its label that are tried, from the nearest."""

SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
TIE, KIN = 0.01, 0.03
"""Weak bonds between any two nodes, and two of one branch, that keep the picture together."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label's box, its lines, and whether a line must lead to it."""

    box: Box
    lines: tuple[str, ...]
    led: bool


def layout(branches: Mapping[str, str], bonds: Mapping[tuple[str, str], float]) -> dict[str, Point]:
    """Place nodes in a square from 0 to 1: strong bonds draw together.

    Forces after Fruchterman & Reingold (1991, doi:10.1002/spe.4380211102), from a circle on.
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    names = list(branches)
    graph.add_nodes_from(names)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            weak = KIN if branches[one] == branches[other] else TIE
            bond = bonds.get((one, other), 0.0) or bonds.get((other, one), 0.0)
            graph.add_edge(one, other, weight=weak + bond)
    start = nx.circular_layout(graph)
    places = nx.spring_layout(graph, pos=start, iterations=120, seed=1) if len(names) > 1 else start
    return _squared({name: (float(x), float(y)) for name, (x, y) in places.items()})


def _squared(places: Mapping[str, Point]) -> dict[str, Point]:
    left, low = (min(point[axis] for point in places.values()) for axis in (0, 1))
    wide, high = (max(p[a] for p in places.values()) - (left, low)[a] or 1.0 for a in (0, 1))
    return {
        name: (round((x - left) / wide, 3), round((y - low) / high, 3))
        for name, (x, y) in places.items()
    }


def spread(
    places: Mapping[str, Point], area: Box, radii: Mapping[str, float], gap: float = 9.0
) -> dict[str, Point]:
    """Scale a layout to an area and push apart nodes that would touch."""
    at = {n: (area.x + x * area.width, area.y + y * area.height) for n, (x, y) in places.items()}
    names = list(at)
    for _ in range(60):
        moved = False
        for i, one in enumerate(names):
            for other in names[i + 1 :]:
                least = radii[one] + radii[other] + gap
                moved = _part(at, one, other, least) or moved
        at = {name: _within(point, area) for name, point in at.items()}
        if not moved:
            break
    return {name: (round(x, 1), round(y, 1)) for name, (x, y) in at.items()}


def _part(at: dict[str, Point], one: str, other: str, least: float) -> bool:
    (ax, ay), (bx, by) = at[one], at[other]
    dx, dy = bx - ax, by - ay
    apart = hypot(dx, dy)
    if apart >= least:
        return False
    if apart < 1e-6:
        dx, dy, apart = 1.0, 0.37, hypot(1.0, 0.37)
    push = (least - apart) / 2 + 0.1
    x, y = dx / apart * push, dy / apart * push
    at[one], at[other] = (ax - x, ay - y), (bx + x, by + y)
    return True


def _within(point: Point, area: Box) -> Point:
    x = min(max(point[0], area.x), area.right)
    return x, min(max(point[1], area.y), area.bottom)


def place_labels(
    texts: Mapping[str, str],
    at: Mapping[str, Point],
    radii: Mapping[str, float],
    edges: Sequence[tuple[str, str]],
    sheet: Box,
    dots: Sequence[Point] = (),
) -> dict[str, Label] | None:
    """Place a label near each node so that none meets a label or a node; None if impossible.

    Of the free places it takes the one that lies nearest and on the fewest edges and dots; the
    largest nodes choose first.
    """
    nodes = {
        name: Box(x - radii[name], y - radii[name], 2 * radii[name], 2 * radii[name])
        for name, (x, y) in at.items()
    }
    lines = [(at[one], at[other]) for one, other in edges]
    labels: dict[str, Label] = {}
    for name in sorted(at, key=lambda name: (-radii[name], name)):
        taken = [*nodes.values(), *(label.box for label in labels.values())]
        best = _best(texts[name], at[name], radii[name], taken, lines, sheet, dots)
        if best is None:
            return None
        labels[name] = best
    return labels


def _best(
    text: str,
    at: Point,
    radius: float,
    taken: Sequence[Box],
    edges: Sequence[tuple[Point, Point]],
    sheet: Box,
    dots: Sequence[Point],
) -> Label | None:
    lines = tuple(lettering.wrap(text, WIDEST, BODY, LINES))
    wide = max(lettering.width(line) for line in lines) + 2
    high = len(lines) * BODY * LEADING + 1
    free: list[tuple[float, Label]] = []
    for away in AWAY:
        for order, side in enumerate(SIDES):
            box = _beside(at, radius + away, side, wide, high)
            if _inside(box, sheet) and not any(box.meets(other) for other in taken):
                crossed = sum(crosses(edge, box) for edge in edges)
                covered = sum(box.x < x < box.right and box.y < y < box.bottom for x, y in dots)
                cost = away + 3 * crossed + 2 * covered + order * 0.3
                free.append((cost, Label(box, lines, away > 8)))
    return min(free, key=lambda found: found[0])[1] if free else None


def _beside(at: Point, away: float, side: tuple[int, int], wide: float, high: float) -> Box:
    reach = away * (0.75 if all(side) else 1.0)
    x = at[0] + side[0] * reach - (wide / 2 if side[0] == 0 else wide if side[0] < 0 else 0)
    y = at[1] + side[1] * reach - (high / 2 if side[1] == 0 else high if side[1] < 0 else 0)
    return Box(x, y, wide, high)


def _inside(box: Box, sheet: Box) -> bool:
    across = sheet.x <= box.x and box.right <= sheet.right
    return across and sheet.y <= box.y and box.bottom <= sheet.bottom


def crosses(edge: tuple[Point, Point], box: Box) -> bool:
    """Tell whether a line meets a box (Liang & Barsky 1984, doi:10.1145/357332.357333)."""
    (x, y), (to_x, to_y) = edge
    first, last = 0.0, 1.0
    steps = (
        (x - to_x, x - box.x),
        (to_x - x, box.right - x),
        (y - to_y, y - box.y),
        (to_y - y, box.bottom - y),
    )
    for step, room in steps:
        if step == 0:
            if room < 0:
                return False
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    return first <= last
