"""Which further cells must be hidden so that no hidden one can be worked out again.

A published table states equations: a total is the sum of its parts, a branch has at least as many
participants as each of its codes and at most as many as all of them together.  Whoever reads it
can solve them.  `protect` hides cells until linear programming finds no interval of a hidden cell
that is too narrow: complementary cell suppression with an audit (Cox 1980,
https://doi.org/10.1080/01621459.1980.10477481; Willenborg & de Waal 2001, chapters 4 and 5,
https://doi.org/10.1007/978-1-4613-0121-9).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Numbers: TypeAlias = "NDArray[np.float64]"
Marks: TypeAlias = "NDArray[np.bool_]"
Known: TypeAlias = "dict[tuple[int, ...], tuple[Numbers, Numbers]]"
TOLERANCE = 1e-6
MIXTURES = 24
"""Directions in which corners are looked for before single numbers are asked for."""


PUBLIC = -1
"""The block of numbers that are known whatever is hidden."""


@dataclass
class Cells:
    """The numbers of a table, what they can be, and how they hang together.

    `values` are the true ones; a reader knows of each that it lies between 0 and `most`, and it
    must not be told closer than `need`: its interval, in whole numbers, has to be that wide.
    `rules` say that the sum of coefficient times value is 0 (`exact`) or at most 0.  Numbers of
    one `block` are hidden together: the passages with the participants who said them; `behind`
    says which number of participants stands behind a number of passages.
    """

    values: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    need: list[float] = field(default_factory=list)
    block: list[int] = field(default_factory=list)
    rules: list[tuple[dict[int, float], bool]] = field(default_factory=list)
    behind: dict[int, int] = field(default_factory=dict)

    def add(self, value: float, most: float, need: float, block: int) -> int:
        """Add one number; return its place."""
        self.values.append(float(value))
        self.most.append(float(most))
        self.need.append(float(need))
        self.block.append(block)
        return len(self.values) - 1

    def equal(self, whole: int, parts: Sequence[int]) -> None:
        """State that a number is the sum of others."""
        self.rules.append(({**dict.fromkeys(parts, 1.0), whole: -1.0}, True))

    def within(self, less: int, more: Sequence[int]) -> None:
        """State that a number is at most the sum of others."""
        self.rules.append(({**dict.fromkeys(more, -1.0), less: 1.0}, False))

    def say(self, passages: int, people: int) -> None:
        """State that these passages were said by so many people: at most one a passage."""
        self.within(people, [passages])
        self.behind[passages] = people


def protect(cells: Cells, first: set[int]) -> set[int]:
    """Return the blocks to hide: `first`, and as many more as it takes.

    Where every block that hangs together with a too narrow one is hidden already, its interval
    is as wide as what is known anyway (the size of a group) lets it be.
    """
    hidden, touching, cost = set(first), _touching(cells), _cost(cells)
    settled: set[int] = set()

    def cheapest(free: set[int]) -> int:
        return min(free, key=lambda block: (cost[block], block))

    while alone := _alone(cells, hidden):
        hidden.add(cheapest(alone))
    known: Known = {}
    while narrow := [one for one in _narrow(cells, hidden, known) if one not in settled]:
        added: set[int] = set()
        for one in narrow:
            if touching.get(one, set()) & added:
                continue  # it may have become wide enough by now
            if free := _nearest(one, touching, hidden):
                added.add(cheapest(free))
            else:
                settled.add(one)
        hidden |= added
    return hidden


def _alone(cells: Cells, hidden: set[int]) -> set[int]:
    """Return the shown blocks of a sum in which only one is hidden: a subtraction would tell it."""
    for terms, exact in cells.rules:
        blocks = {cells.block[place] for place in terms}
        shown = blocks - hidden - {PUBLIC}
        if exact and len(blocks & hidden) == 1 and shown:
            return shown
    return set()


def _nearest(block: int, touching: dict[int, set[int]], hidden: set[int]) -> set[int]:
    """Return the shown blocks that share a rule with this one, or with hidden ones near it."""
    seen, edge = {block}, {block}
    while edge:
        around = set().union(*(touching.get(one, set()) for one in edge)) - seen
        if free := around - hidden - {PUBLIC}:
            return free
        seen |= around
        edge = around
    return set()


def _touching(cells: Cells) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for terms, _ in cells.rules:
        together = {cells.block[place] for place in terms}
        for block in together:
            found.setdefault(block, set()).update(together - {block})
    return found


def _cost(cells: Cells) -> dict[int, float]:
    """Return what it costs a reader to miss a block: its numbers; a zero costs a little more."""
    cost: dict[int, float] = {}
    for block, value in zip(cells.block, cells.values, strict=True):
        cost[block] = cost.get(block, 0.0) + (value if value else 1.5)
    return cost


def _narrow(cells: Cells, hidden: set[int], known: Known) -> list[int]:
    """Return the hidden blocks of which a number could be told too closely."""
    low, high = intervals(cells, hidden, known)
    wide = high - low >= np.minimum(cells.need, cells.most)
    return sorted({cells.block[place] for place in np.flatnonzero(~wide)} & hidden)


def intervals(
    cells: Cells, hidden: set[int], known: Known | None = None
) -> tuple[Numbers, Numbers]:
    """Return the least and the largest that each number can be, by what is shown.

    Whole numbers, rounded inwards from the bounds of the linear program; a shown number is
    both.  With `known`, which keeps what was found before, the search for a number ends when its
    interval is as wide as it must be.
    """
    values = np.asarray(cells.values)
    low, high = values.copy(), values.copy()
    free = np.array([block in hidden for block in cells.block], dtype=bool)
    for part in _separate(cells, free):
        if known is None:
            low[part], high[part] = _solve(cells, part, enough=False)
        else:
            if tuple(part) not in known:
                known[tuple(part)] = _solve(cells, part, enough=True)
            low[part], high[part] = known[tuple(part)]
    for passages, people in cells.behind.items():
        if free[people] and low[passages] >= 1:  # somebody must have said them
            low[people] = max(low[people], 1.0)
    return low, high


def _separate(cells: Cells, free: Marks) -> list[list[int]]:
    """Return the hidden numbers in parts that no rule joins."""
    leader = {place: place for place in np.flatnonzero(free).tolist()}

    def top(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for terms, _ in cells.rules:
        unknown = [place for place in terms if place in leader]
        for one, other in pairwise(unknown):
            leader[top(one)] = top(other)
    parts: dict[int, list[int]] = {}
    for place in leader:
        parts.setdefault(top(place), []).append(place)
    return list(parts.values())


def _solve(cells: Cells, part: Sequence[int], enough: bool) -> tuple[Numbers, Numbers]:
    """Find the intervals of numbers that rules join; any whole solution met on the way counts."""
    from scipy.optimize import linprog

    given = _program(cells, part)
    start = np.array([cells.values[place] for place in part])
    need = np.array([min(cells.need[place], cells.most[place]) for place in part])
    low, high = start.copy(), start.copy()
    for aim, n in _aims(len(part), enough):
        if enough and n is not None and _far(low[n], high[n], need[n]):
            continue
        found = linprog(aim, **given, method="highs")
        if found.status == 3 and n is not None:  # nothing holds it
            high[n] = np.inf
        if found.status != 0:
            continue
        if n is not None:
            low[n], high[n] = min(low[n], found.x[n]), max(high[n], found.x[n])
        whole = np.round(found.x)
        if np.all(np.abs(found.x - whole) < TOLERANCE):
            low, high = np.minimum(low, whole), np.maximum(high, whole)
    return np.ceil(low - TOLERANCE), np.floor(high + TOLERANCE)


def _aims(size: int, enough: bool) -> Iterator[tuple[Numbers, int | None]]:
    """Yield what to minimise: each number and its opposite, some mixtures of all before.

    Where it is enough to know that intervals are wide, a corner in a direction drawn at random
    shows that of many numbers at a time.
    """
    generator = np.random.default_rng(1)
    for _ in range(MIXTURES if enough and size > MIXTURES else 0):
        yield generator.choice([-1.0, 1.0], size), None
    for n in range(size):
        for sign in (1.0, -1.0):
            aim = np.zeros(size)
            aim[n] = sign
            yield aim, n


def _far(low: float, high: float, need: float) -> bool:
    """Tell whether an interval is wide enough, from 0 or from 1 on: see `Cells.behind`."""
    return bool(np.floor(high + TOLERANCE) - max(np.ceil(low - TOLERANCE), 1.0) >= need)


def _program(cells: Cells, part: Sequence[int]) -> dict[str, Any]:
    """Return the rules on some hidden numbers as matrices, the shown ones brought to the right."""
    from scipy.sparse import csr_matrix

    column = {place: n for n, place in enumerate(part)}
    sides: dict[bool, tuple[list[dict[int, float]], list[float]]] = {
        True: ([], []),
        False: ([], []),
    }
    for terms, exact in cells.rules:
        left = {column[place]: factor for place, factor in terms.items() if place in column}
        if left:
            known = sum(f * cells.values[p] for p, f in terms.items() if p not in column)
            sides[exact][0].append(left)
            sides[exact][1].append(-known)

    def matrix(rows: list[dict[int, float]]) -> Any:
        entries = [(f, r, c) for r, row in enumerate(rows) for c, f in row.items()]
        data, at, of = zip(*entries, strict=True)
        return csr_matrix((data, (at, of)), shape=(len(rows), len(part)))

    program: dict[str, Any] = {"bounds": [(0, cells.most[place]) for place in part]}
    if sides[True][0]:
        program |= {"A_eq": matrix(sides[True][0]), "b_eq": sides[True][1]}
    if sides[False][0]:
        program |= {"A_ub": matrix(sides[False][0]), "b_ub": sides[False][1]}
    return program
