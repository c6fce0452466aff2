"""The tables of the page, as its template wants them: practices, definitions, topics, claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Any

from study import propositions, tables
from study.figures import style
from study.map.addresses import short_names
from study.map.cells import Cell, cell
from study.map.contents import ALPHA, Contents
from study.map.data import STANCE_ORDER, Numbering
from study.model import under

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 13.0
"""Radius of the largest dot, in pixels."""
BAR = 64.0
"""Length of the longest bar, in pixels."""
NOTABLE = 3
"""Units below which a lift is mostly chance, so that it is not shaded."""
LIFTS = (1.25, 2.0, 4.0)
MANY_MARKS = 5_000
"""Participants by features above which only marks that can ever be there are links."""


@dataclass(frozen=True, slots=True)
class Alpha:
    """How far coders agree on one code: alpha with its interval, or why there is none."""

    value: float
    low: float
    high: float
    n: int
    note: str = ""

    @property
    def text(self) -> str:
        """The value as it is written."""
        return written(self.value) if isfinite(self.value) else "none"

    @property
    def interval(self) -> str:
        """The interval as it is written."""
        ends = isfinite(self.low) and isfinite(self.high)
        return f"[{written(self.low)}, {written(self.high)}]" if ends else ""

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Where the interval stands on a scale from -0.2 to 1, as shares of it."""
        if not self.interval:
            return None
        return _place(self.low), _place(self.high)

    @property
    def at(self) -> float | None:
        """Where the value stands on that scale."""
        return _place(self.value) if isfinite(self.value) else None


def written(value: float) -> str:
    """Return a value with two decimals, a true minus and no minus before a zero."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\u2212")


def _place(value: float) -> float:
    return round(min(max((value + 0.2) / 1.2, 0.0), 1.0), 3)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of counts: what it is about, its cells, and how far to trust it."""

    name: str
    code: int
    about: str
    cells: Sequence[Cell]
    total: Cell | None = None
    alpha: Alpha | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows under one heading; `place` is the number of the sense of partnership, -1: none."""

    title: str
    rows: Sequence[Row]
    place: int = -1


class Sections:
    """The tables of a page."""

    def __init__(self, contents: Contents, numbering: Numbering, columns: dict[str, Any]) -> None:
        self.contents, self.numbering, self.columns = contents, numbering, columns
        self.lean = False
        self.refs = short_names(numbering.codes)
        self.book = {code.path: code for code in contents.study.codebook}
        self.alphas = alphas(contents.table("reliability"))
        self.bounds = style.classes(max([*contents.frequencies["passages"].tolist(), 1]))
        self.most = max([*contents.frequencies["participants"].tolist(), 1])

    @property
    def sizes(self) -> dict[str, int]:
        """Participants in each group, of those whose transcript was coded."""
        inside = {source.name for source in self.contents.scope.sources}
        sizes = dict.fromkeys(self.numbering.groups, 0)
        for name, group in self.numbering.group_of.items():
            sizes[group] += name in inside
        return sizes

    # ---- practices ----

    def practices(self) -> list[Panel]:
        """Return the map: a panel for each sense of partnership, or all codes where none is set."""
        rows = self._code_rows()
        panels = [
            Panel(self._name(top), self._falling(rows, top), place)
            for place, top in enumerate(self.contents.study.settings.practices)
        ]
        return [panel for panel in panels if panel.rows] or self._branches(rows)

    def others(self) -> list[Panel]:
        """Return the codes that are not on the map, by branch; none where all of them are."""
        tops = self.contents.study.settings.practices
        rows = {
            path: row
            for path, row in self._code_rows().items()
            if not any(under(path, top) for top in tops)
        }
        return self._branches(rows) if tops else []

    def _branches(self, rows: Mapping[str, Row]) -> list[Panel]:
        tops = dict.fromkeys(path.partition(".")[0] for path in rows)
        return [Panel(self._name(top), self._falling(rows, top)) for top in tops]

    def _falling(self, rows: Mapping[str, Row], top: str) -> list[Row]:
        """Return the rows under a code: what most participants speak of stands first."""
        inside = [row for path, row in rows.items() if under(path, top)]
        return sorted(inside, key=lambda row: (-_people(row), -_passages(row)))

    def _name(self, path: str) -> str:
        return self.book[path].name if path in self.book else path

    def _code_rows(self) -> dict[str, Row]:
        table = self.contents.frequencies
        names = "code group passages participants only_negative".split()
        counts = {
            (code, group): (int(passages), int(people), int(negative))
            for code, group, passages, people, negative in _tuples(table, names)
        }
        used = {one.code for one in self.numbering.codings}
        listed = [
            path
            for path in self.book
            if path not in self.contents.hidden and (path in used or self._is_leaf(path))
        ]
        return {path: self._code_row(path, counts) for path in listed}

    def _is_leaf(self, path: str) -> bool:
        return not any(code.parent == path for code in self.book.values())

    def _code_row(self, path: str, counts: Mapping[tuple[str, str], Sequence[int]]) -> Row:
        name, ref, sizes = self.book[path].name, self.refs[path], self.sizes
        cells = []
        for group, size in sizes.items():
            passages, people, negative = counts.get((path, group), (0, 0, 0))
            found = cell(
                {"practice": ref, "group": group},
                f"{name}, {group}",
                passages,
                people,
                self.contents.masked,
                of=size,
                negative=negative,
            )
            cells.append(replace(found, shade=self._shade(passages), size=self._radius(people)))
        total = cell(
            {"practice": ref},
            f"{name}, all groups",
            sum(one.passages for one in cells),
            sum(one.people for one in cells),
            self.contents.masked,
            of=sum(sizes.values()),
            negative=sum(one.negative for one in cells),
        )
        about = self.book[path].definition
        number = self.numbering.codes[path]
        return Row(name, number, about, cells, total, self.alphas.get(path), path)

    def _shade(self, passages: int) -> int:
        """Return the class of a count, 0 (few) to 4 (many)."""
        if not passages:
            return -1
        shade = style.shade(passages, self.bounds)
        return style.SHADES.index(shade)

    def _radius(self, people: int) -> float:
        return round(LARGEST * sqrt(people / self.most), 2)

    # ---- definitions ----

    @cached_property
    def ever(self) -> set[tuple[str, str]]:
        """Participants and codes where any coder, whom a filter may ask for, has a passage."""
        named = tables.basic.participant_of(self.contents.study)
        return {(named[one.selection.source], one.code) for one in self.numbering.codings}

    def definitions(self) -> dict[str, Any]:
        """Return who names which feature of the concept, participant by participant."""
        table = self.contents.spectrum
        tally: dict[tuple[str, str], dict[str, int]] = {}
        for who, code, stance, passages in _tuples(table, "participant code stance passages"):
            if passages:
                tally.setdefault((who, code), {})[stance] = int(passages)
        features = self._features(table, tally)
        people = [(who, group) for who, group in _tuples(table, "participant group")]
        by_group: dict[str, list[dict[str, Any]]] = {}
        self.lean = len(dict.fromkeys(people)) * len(features) > MANY_MARKS
        for who, group in dict.fromkeys(people):
            marks = [self._mark(who, code, tally.get((who, code), {})) for code in features]
            by_group.setdefault(group, []).append({"who": who, "marks": marks})
        heads = [self._feature(code, tally) for code in features]
        return {"features": heads, "groups": by_group, "people": len(dict.fromkeys(people))}

    def _features(
        self, table: pd.DataFrame, tally: Mapping[tuple[str, str], Mapping[str, int]]
    ) -> list[str]:
        """Return the features, those that most participants name first."""
        named = [code for _, code in tally]
        listed = list(dict.fromkeys(table["code"].tolist()))
        return sorted(listed, key=lambda code: -named.count(code)) if len(listed) < 400 else listed

    def _feature(self, code: str, tally: Mapping[tuple[str, str], Mapping[str, int]]) -> Row:
        found = [(who, sum(said.values())) for (who, path), said in tally.items() if path == code]
        total = Cell(
            {"definition": self.refs[code]},
            f"{self.book[code].name}, all participants",
            sum(passages for _, passages in found),
            len(found),
            sum(self.sizes.values()),
        )
        name, number = self.book[code].name, self.numbering.codes[code]
        return Row(name, number, self.book[code].definition, (), total, self.alphas.get(code), code)

    def _mark(self, who: str, code: str, said: Mapping[str, int]) -> dict[str, Any]:
        passages = sum(said.values())
        if self.lean and (who, code) not in self.ever:
            return {"cell": None, "stances": []}
        about = f"{who}, {self.book[code].name}"
        parts: dict[str, object] = {"definition": self.refs[code], "participant": who}
        found = Cell(parts, about, passages, int(passages > 0))
        order = [stance for stance in STANCE_ORDER if stance in said]
        return {"cell": found, "stances": [(stance, said[stance]) for stance in order]}

    # ---- topics ----

    def topics(self) -> dict[str, Any] | None:
        """Return topics by codes: units with both, shaded by how much more than chance."""
        labels = self.contents.table("topics")
        if labels is None or self.contents.made.empty or not self.columns["units"]["who"]:
            return None
        behind = self._behind()
        heads = [self._topic(row, behind) for row in labels.to_dict("records")]
        return {"heads": heads, "rows": self._crossed([head["number"] for head in heads], behind)}

    def _behind(self) -> dict[tuple[int, int], set[int]]:
        """Return the units that bear a code, by topic and code; code -1 is any code at all."""
        codings, units = self.columns["codings"], self.columns["units"]
        found: dict[tuple[int, int], set[int]] = {}
        for coder, code, passage in zip(
            codings["coder"], codings["code"], codings["passage"], strict=True
        ):
            touched = (
                range(units["first"][passage], units["last"][passage] + 1) if not coder else ()
            )
            for unit in touched:
                for key in (code, -1):
                    found.setdefault((units["topic"][unit], key), set()).add(unit)
        return found

    def _units(self, units: set[int], parts: dict[str, object], about: str) -> Cell:
        people = len({self.columns["units"]["who"][unit] for unit in units})
        found = cell(parts, about, len(units), people, self.contents.masked)
        return replace(found, unit="unit")

    def _topic(
        self, row: Mapping[Any, Any], behind: Mapping[tuple[int, int], set[int]]
    ) -> dict[str, Any]:
        number, stable = int(row["topic"]), row.get("stability")
        about = f"Topic {number}, {row['label']}: units with a code"
        return {
            "number": number,
            "label": row["label"],
            "words": row["words"],
            "units": int(row["units"]),
            "stability": f"{stable:.2f}" if stable is not None and stable == stable else "unknown",
            "cell": self._units(behind.get((number, -1), set()), {"topic": number}, about),
        }

    def _crossed(
        self, topics: Sequence[int], behind: Mapping[tuple[int, int], set[int]]
    ) -> list[Row]:
        """Return a row for each code in use, a cell for each topic, shaded by lift."""
        labels = dict(self.columns["topics"])
        read = set(self.columns["coders"][0]["taken"])
        units = self.columns["units"]
        scope = [t for who, t in zip(units["who"], units["topic"], strict=True) if who in read]
        rows = []
        used = {one.code for one in self.numbering.codings}  # by any coder: filters may ask
        for path in sorted(used, key=self.numbering.codes.__getitem__):
            number, name = self.numbering.codes[path], self.book[path].name
            both = {topic: behind.get((topic, number), set()) for topic in topics}
            of_code = sum(map(len, both.values()))
            cells = []
            for topic in topics:
                parts: dict[str, object] = {"topic": topic, "code": self.refs[path]}
                found = self._units(
                    both[topic], parts, f"Topic {topic} ({labels[topic]}) and {name}"
                )
                chance = scope.count(topic) * of_code / len(scope) if scope else 0
                lift = found.passages / chance if chance else 0.0
                cells.append(replace(found, shade=lifted(found.passages, lift)))
            about = self.book[path].definition
            rows.append(Row(name, number, about, cells, alpha=self.alphas.get(path), path=path))
        return rows

    # ---- propositions ----

    def claims(self) -> list[dict[str, Any]]:
        """Return the propositions with their counts by group and verdict."""
        table = self.contents.evidence
        names = "proposition group verdict passages participants of_participants".split()
        counts = {
            (claim, group, verdict): (int(passages), int(people), int(of))
            for claim, group, verdict, passages, people, of in _tuples(table, names)
        }
        longest = max([*table["passages"].tolist(), 1])
        found = []
        for claim in self.contents.study.propositions:
            rows = [
                (group, [self._verdict(claim.id, group, v, counts, longest) for v in VERDICTS])
                for group in self.numbering.groups
            ]
            totals = [self._total(claim.id, n, [cells[n] for _, cells in rows]) for n in range(3)]
            codes = dict.fromkeys(
                one.code for v in propositions.VERDICTS for one in getattr(claim, v)
            )
            trust = [(self.book[c].name, self.alphas.get(c)) for c in codes if c in self.book]
            found.append({"claim": claim, "rows": rows, "totals": totals, "trust": trust})
        return found

    def _verdict(
        self,
        claim: str,
        group: str,
        verdict: str,
        counts: Mapping[tuple[str, str, str], Sequence[int]],
        longest: int,
    ) -> Cell:
        passages, people, size = counts.get((claim, group, verdict), (0, 0, 0))
        parts: dict[str, object] = {"proposition": claim, "verdict": verdict, "group": group}
        about = f"{claim} {WORDS[verdict]}, {group}"
        found = cell(parts, about, passages, people, self.contents.masked, of=size)
        return replace(found, size=round(BAR * passages / longest, 1))

    def _total(self, claim: str, place: int, cells: Sequence[Cell]) -> Cell:
        verdict = VERDICTS[place]
        parts: dict[str, object] = {"proposition": claim, "verdict": verdict}
        return cell(
            parts,
            f"{claim} {WORDS[verdict]}, all groups",
            sum(one.passages for one in cells),
            sum(one.people for one in cells),
            self.contents.masked,
            of=sum(self.sizes.values()),
        )


VERDICTS = ("contradicts", "mixed", "supports")
"""Verdicts from left to right."""
WORDS = {"contradicts": "contradicted", "mixed": "qualified", "supports": "supported"}


def lifted(units: int, lift: float) -> int:
    """Return the shade of a pair of topic and code: 0 (no more than chance) to 3."""
    if units < NOTABLE:
        return -1
    return sum(lift >= bound for bound in LIFTS)


def alphas(table: pd.DataFrame | None) -> dict[str, Alpha]:
    """Return Krippendorff's alpha by code; of all codes together under "", of stance as well."""
    if table is None:
        return {}
    rows = table[table["coefficient"] == ALPHA].to_dict("records")
    found = {}
    for row in rows:
        key = row["code"] or {"stance": "(stance)"}.get(row["name"], "")
        note = row["warning"] or (row["reason"] if not isfinite(row["low"]) else "")
        value, low, high = (float(row[name]) for name in ("value", "low", "high"))
        found[str(key)] = Alpha(value, low, high, int(row["n"]), str(note or ""))
    return found


def _tuples(table: pd.DataFrame, names: str | Sequence[str]) -> Iterator[tuple[Any, ...]]:
    listed = names.split() if isinstance(names, str) else names
    columns: Iterable[list[Any]] = (table[name].tolist() for name in listed)
    return zip(*columns, strict=True)


def _people(row: Row) -> int:
    return sum(one.people for one in row.cells)


def _passages(row: Row) -> int:
    return sum(one.passages for one in row.cells)
