"""Small counts kept back: cells of fewer participants than a threshold, and what would tell them.

With `publication.smallest_cell = 3` in study.toml, stakeholder groups of one or two people are
counted together (`grouped`), and a count of one or two participants is masked, with the passages
behind it.  Because groups add up to totals, and codes make up branches, further cells are masked
until none that is can be worked out (`protection`).  One plan of what is masked holds for every
table, figure, page and list of a study: `plan` makes it, and `Mask` applies it.

What it does not do: two readers who know their own answers can still put their knowledge together,
and a count of all of a group (5 of 5) is shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from study.model import STANCES, Codebook, Project
from study.tables.basic import EVERYONE, codings, group_of, groups
from study.tables.protection import PUBLIC, Cells, protect
from study.tables.scope import scope

if TYPE_CHECKING:
    import pandas as pd

ALL = ""
"""The group that stands for all groups together."""
OTHERS = "other groups"
"""The group of all who are in groups of too few people."""
SIGN = "[c]"
"""What stands in print for a masked count: "confidential", as official statistics write it."""
COUNTS = ("passages", "participants")
FINE = (*STANCES, "only_negative")
Node = tuple[str, bool]  # a code, and whether with the codes below it


@dataclass(frozen=True, slots=True)
class Mask:
    """What is masked, by code, group (`""`: all together) and whether with the codes below.

    `fine` are cells that are shown, but not by stance; `branches` the codes with codes below them.
    """

    smallest: int = 0
    cells: frozenset[tuple[str, str, bool]] = frozenset()
    fine: frozenset[tuple[str, str]] = frozenset()
    branches: frozenset[str] = frozenset()

    def hides(self, code: str, group: str = ALL, *, below: bool = False) -> bool:
        """Tell whether the counts of a code in a group are masked."""
        return (code, group, below and code in self.branches) in self.cells

    def few(self, people: int) -> bool:
        """Tell whether this is a number of participants too small to be shown."""
        return 0 < people < self.smallest

    def counts(self, table: pd.DataFrame) -> pd.DataFrame:
        """Mask a table of one row a code and group, as `tables.frequencies` makes it.

        Masked numbers are missing, and a column `masked` says which rows have such; without a
        threshold, the table is returned as it is.
        """
        if not self.smallest:
            return table
        keys = list(zip(table["code"], table["group"], strict=True))
        whole = [self.hides(*key) for key in keys]
        fine = [hidden or key in self.fine for hidden, key in zip(whole, keys, strict=True)]
        shown = table.assign(masked=whole)
        for names, rows in ((COUNTS, whole), (FINE, fine)):
            for name in (name for name in names if name in table):
                shown[name] = table[name].astype("Int64").where(~np.array(rows, dtype=bool))
        return shown

    def passages(self, table: pd.DataFrame) -> pd.DataFrame:
        """Leave passages of masked cells out of a list that has code and group: it would count.

        The stance of passages in cells that are not shown by stance is left empty.
        """
        if not self.smallest:
            return table
        keys = list(zip(table["code"], table["group"], strict=True))
        kept = table[np.array([not self.hides(*key) for key in keys], dtype=bool)]
        if "stance" in kept:
            fine = np.array([key in self.fine for key in keys if not self.hides(*key)], dtype=bool)
            kept = kept.assign(stance=kept["stance"].where(~fine, ""))
        return kept.reset_index(drop=True)

    def people(self, table: pd.DataFrame, column: str = "participants") -> pd.DataFrame:
        """Leave out the rows of a table that rest on too few participants."""
        if not self.smallest:
            return table
        kept = ~table[column].between(1, self.smallest - 1)
        return table[kept].reset_index(drop=True)

    @property
    def note(self) -> str:
        """The sentence that a caption needs; empty without a threshold."""
        if not self.smallest:
            return ""
        return (
            f"Counts of fewer than {self.smallest} participants, and others from which they could "
            f"be worked out, are masked ({SIGN})."
        )


def grouped(project: Project) -> Project:
    """Count stakeholder groups of too few people together, as `other groups`.

    Of those whose transcripts the reporting coder has taken on.  Where the small ones together
    are still too few, the smallest of the others joins them.  Without a threshold, or without a
    small group, the study is returned as it is.
    """
    smallest = project.settings.smallest_cell
    read = scope(project) if project.codings else project
    sizes = Counter(groups(read).values())
    joined = [group for group, size in sizes.items() if size < smallest]
    others = sorted((size, group) for group, size in sizes.items() if size >= smallest)
    while joined and sum(sizes[group] for group in joined) < smallest and others:
        joined.append(others.pop(0)[1])
    if not joined:
        return project
    name = OTHERS if others else EVERYONE
    column = project.settings.group
    inside = {case.name for case in project.cases if group_of(project, case) in {*joined}}
    seldom = set(dict.fromkeys(groups(project).values())) - set(sizes)  # nobody of theirs is read
    inside |= {case.name for case in project.cases if group_of(project, case) in seldom}
    cases = (
        replace(case, values={**case.values, column: name}) if case.name in inside else case
        for case in project.cases
    )
    kept = [group for group in project.settings.group_order if group not in {*joined, *seldom}]
    settings = replace(project.settings, group_order=(*kept, name))
    return replace(project, cases=tuple(cases), settings=settings)


def joined(before: Project, after: Project) -> str:
    """Say which groups are counted together; empty where none are."""
    was = {case.name: group_of(before, case) for case in before.cases}
    now = {case.name: group_of(after, case) for case in after.cases}
    moved = Counter(was[name] for name in was if was[name] != now[name])
    if not moved:
        return ""
    names = ", ".join(f"{group} ({size})" for group, size in moved.items())
    return f"Groups of few participants are counted together: {names}."


def plan(project: Project, made: pd.DataFrame | None = None) -> Mask:
    """Decide which counts of codes by group are masked in everything that a study publishes.

    Parameters
    ----------
    project
        A loaded study; `settings.smallest_cell` is the threshold, 0 masks nothing.
    made
        The codings that are counted (`tables.codings`); None: those of the reporting coder.
    """
    smallest = project.settings.smallest_cell
    if not smallest:
        return Mask()
    made = codings(project) if made is None else made
    read = scope(project, set(made["coder"]) if len(made) else None)
    sizes = Counter(groups(read).values())
    count = Counting(project.codebook, made, sizes, smallest)
    hidden = protect(count.cells, count.small)
    chosen = frozenset(key for key, block in count.blocks.items() if block in hidden)
    branches = frozenset(code for code, below in count.rows if below)
    return Mask(smallest, chosen, _fine(made, smallest), branches)


def _fine(made: pd.DataFrame, smallest: int) -> frozenset[tuple[str, str]]:
    """Return the cells that would tell of few participants if they were split by stance."""
    said: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = made[["code", "group", "participant", "stance"]].itertuples(index=False, name=None)
    for code, group, who, stance in rows:
        said[code, group][who].add(stance)
    found = set()
    for key, people in said.items():
        each = Counter(stance for stances in people.values() for stance in stances)
        negative = sum(stances == {"negative"} for stances in people.values())
        if any(0 < number < smallest for number in (*each.values(), negative)):
            found.add(key)
    return frozenset(found)


class Counting:
    """Counts of participants and passages by code and group, with all that holds between them.

    Parameters
    ----------
    book
        The codes.
    made
        Codings with code, group and participant.
    sizes
        Participants of each group.
    smallest
        Counts of fewer participants are `small`.
    """

    def __init__(
        self, book: Codebook, made: pd.DataFrame, sizes: Mapping[str, int], smallest: int
    ) -> None:
        self.cells, self.small = Cells(), set[int]()
        self.blocks: dict[tuple[str, str, bool], int] = {}
        self._sizes, self._smallest = sizes, smallest
        self._places: dict[tuple[str, str, bool], tuple[int, int]] = {}
        self._total = len(made)
        self._people, self._passages = _tallied(made)
        parts = _parts(book, {code for code, _, below in self._people if not below})
        for node in parts:
            self._row(node)
        for node, inner in parts.items():
            for group in (*sizes, ALL) if inner else ():
                self._branch((*node[:1], group, True), [(c, group, b) for c, b in inner])
        self._all([node for node in parts if "." not in node[0] and self._outer(node, parts)])

    @property
    def rows(self) -> list[Node]:
        """The rows of a table in the codebook's order: a code, and whether with those below."""
        return list(dict.fromkeys((code, below) for code, _, below in self.blocks))

    def of(self, code: str, group: str, below: bool) -> tuple[int, int]:
        """Return passages and participants of a row in a group."""
        key = (code, group, below)
        return self._passages.get(key, 0), len(self._people.get(key, ()))

    @staticmethod
    def _outer(node: Node, parts: Mapping[Node, list[Node]]) -> bool:
        """Tell whether a node is not part of the branch of its own code."""
        return node[1] or (node[0], True) not in parts

    def _row(self, node: Node) -> None:
        """Add a code's counts in each group, and in all together."""
        code, below = node
        everyone = sum(self._sizes.values())
        for group, size in (*self._sizes.items(), (ALL, everyone)):
            key = (code, group, below)
            block = self.blocks[key] = len(self.blocks)
            people, passages = len(self._people.get(key, ())), self._passages.get(key, 0)
            need = self._smallest - 1
            k = self.cells.add(people, size, need, block)
            p = self.cells.add(passages, self._total, need, block)
            self.cells.say(p, k)
            self._places[key] = k, p
            spoken = bool(self._passages.get((code, ALL, below)))
            if 0 < people < self._smallest or (size < self._smallest and spoken):
                self.small.add(block)
        every = [self._places[code, group, below] for group in self._sizes]
        k, p = self._places[code, ALL, below]
        self.cells.equal(k, [one for one, _ in every])
        self.cells.equal(p, [one for _, one in every])

    def _branch(self, whole: tuple[str, str, bool], inner: list[tuple[str, str, bool]]) -> None:
        """State how a branch's counts hang together with those of its codes."""
        k, p = self._places[whole]
        parts = [self._places[key] for key in inner]
        self.cells.equal(p, [one for _, one in parts])
        self.cells.within(k, [one for one, _ in parts])
        for one, _ in parts:
            self.cells.within(one, [k])

    def _all(self, nodes: Iterable[Node]) -> None:
        """State that the number of all passages is known."""
        places = [self._places[code, ALL, below][1] for code, below in nodes]
        known = sum(self.cells.values[place] for place in places)
        whole = self.cells.add(known, known, 0, PUBLIC)
        self.cells.equal(whole, places)


Tally = dict[tuple[str, str, bool], set[str]]


def _tallied(made: pd.DataFrame) -> tuple[Tally, dict[tuple[str, str, bool], int]]:
    """Count who spoke of each code, and in how many passages, alone and with codes below."""
    people: Tally = {}
    passages: dict[tuple[str, str, bool], int] = {}
    rows = made[["code", "group", "participant"]].itertuples(index=False, name=None)
    for (code, group, who), number in Counter(rows).items():
        for node in ((code, False), *((path, True) for path in _upwards(code))):
            for key in ((node[0], group, node[1]), (node[0], ALL, node[1])):
                people.setdefault(key, set()).add(who)
                passages[key] = passages.get(key, 0) + number
    return people, passages


def _upwards(code: str) -> Iterator[str]:
    """Yield a code's path and those above it."""
    steps = code.split(".")
    for length in range(len(steps), 0, -1):
        yield ".".join(steps[:length])


def _parts(book: Codebook, used: set[str]) -> dict[Node, list[Node]]:
    """Return each row that a table can have, and of which others it is made up.

    A code without codes below it is a row; one with such is a row with them, and one of its own
    where passages bear the code itself.
    """
    children: dict[str, list[str]] = defaultdict(list)
    for code in book:
        children[code.parent].append(code.path)

    def row(path: str) -> Node:
        return path, path in children

    parts: dict[Node, list[Node]] = {}
    for code in book:
        inner = [row(path) for path in children.get(code.path, ())]
        if inner:
            own = [(code.path, False)] if code.path in used else []
            parts[code.path, True] = [*own, *inner]
        if not inner or code.path in used:
            parts[code.path, False] = []
    return parts
