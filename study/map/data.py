"""The codings as the script counts them: columns of numbers, and each turn's words once.

The page holds the passages that are coded, the turns they stand in and the turns beside those:
no whole transcript, and no word of a participant who may not be quoted.
"""

from __future__ import annotations

import bisect
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from study import propositions, tables
from study.map.addresses import short_names
from study.map.contents import Contents
from study.model import STANCES, Coding, Source, Turn, under

if TYPE_CHECKING:
    import pandas as pd

STANCE_ORDER = (*STANCES, "")
ASKS = "Interviewer"
Columns = dict[str, list[Any]]


@dataclass(frozen=True)
class Numbering:
    """Which number each participant, group, code, coder and passage has on the page."""

    contents: Contents

    @cached_property
    def group_of(self) -> dict[str, str]:
        """The stakeholder group of each source, in the order of the study."""
        return tables.groups(self.contents.study)

    @cached_property
    def groups(self) -> list[str]:
        """Groups in order."""
        return list(dict.fromkeys(self.group_of.values()))

    @cached_property
    def sources(self) -> dict[str, int]:
        """Number of each source."""
        return {name: number for number, name in enumerate(self.group_of)}

    @cached_property
    def codes(self) -> dict[str, int]:
        """Number of each code."""
        return {code.path: number for number, code in enumerate(self.contents.study.codebook)}

    @cached_property
    def codings(self) -> list[Coding]:
        """Codings of all coders on the page, in the order of the tables."""
        coders = {name: number for number, name in enumerate(self.contents.coders)}
        kept = [coding for coding in self.contents.study.codings if coding.coder in coders]
        return sorted(
            kept, key=lambda one: (coders[one.coder], one.selection, self.codes[one.code])
        )

    @cached_property
    def passages(self) -> dict[tuple[str, int, int], int]:
        """Number of each passage that was coded."""
        keys = {(c.selection.source, c.selection.start, c.selection.end) for c in self.codings}
        order = sorted(keys, key=lambda key: (self.sources[key[0]], *key[1:]))
        return {key: number for number, key in enumerate(order)}


def columns(contents: Contents, numbering: Numbering) -> dict[str, Any]:
    """Return all that the script needs, as plain lists and numbers.

    Places in words count UTF-16 units, as JavaScript does.
    """
    turns = _Turns(contents, numbering)
    passages, own = _passages(contents, numbering, turns)
    return {
        "groups": numbering.groups,
        "participants": _participants(contents, numbering),
        "codes": _codes(contents, numbering),
        "practices": _practices(contents, numbering),
        "stances": list(STANCE_ORDER),
        "coders": _coders(contents, numbering),
        "codings": _codings(contents, numbering),
        "passages": passages,
        "own": own,
        "turns": turns.columns(),
        "speakers": turns.speakers,
        "claims": _claims(contents, numbering),
        "units": _units(contents, numbering, turns),
        "topics": _topics(contents),
        "order": _order(contents, numbering),
        "masked": contents.masked,
    }


def as_json(found: Mapping[str, Any]) -> str:
    """Write data so that it can stand in a script element: no tag can begin in it."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _participants(contents: Contents, numbering: Numbering) -> list[list[Any]]:
    named = {case.source: case.name for case in contents.study.cases}
    allowed = tables.quotable(contents.study)
    return [
        [named.get(name, name), numbering.groups.index(group), int(name in allowed)]
        for name, group in numbering.group_of.items()
    ]


def _codes(contents: Contents, numbering: Numbering) -> list[dict[str, Any]]:
    book, practices = contents.study.codebook, contents.study.settings.practices
    names, short = {code.path: code.name for code in book}, short_names(numbering.codes)
    leaves = {code.path for code in book.leaves}
    return [
        {
            "path": code.path,
            "ref": short[code.path],
            "name": code.name,
            "branch": names.get(code.branch, code.branch),
            "about": code.definition,
            "leaf": int(code.path in leaves),
            "practice": next((n for n, top in enumerate(practices) if under(code.path, top)), -1),
        }
        for code in book
    ]


def _practices(contents: Contents, numbering: Numbering) -> list[list[str]]:
    """Return the senses of partnership: what each is called, and what in addresses."""
    book, short = contents.study.codebook, short_names(numbering.codes)
    return [
        [book[path].name, short[path]] if path in book else [path, path]
        for path in contents.study.settings.practices
    ]


def _coders(contents: Contents, numbering: Numbering) -> list[dict[str, Any]]:
    found = []
    for name in contents.coders:
        taken = tables.scope(contents.study, {name}).sources
        numbers = sorted(numbering.sources[source.name] for source in taken)
        found.append({"name": name, "taken": numbers, "person": int(name in contents.people)})
    return found


def _codings(contents: Contents, numbering: Numbering) -> Columns:
    coders = {name: number for number, name in enumerate(contents.coders)}
    stances = {name: number for number, name in enumerate(STANCE_ORDER)}
    found: Columns = {"passage": [], "code": [], "stance": [], "coder": []}
    for one in numbering.codings:
        where = one.selection
        found["passage"].append(numbering.passages[where.source, where.start, where.end])
        found["code"].append(numbering.codes[one.code])
        found["stance"].append(stances[one.stance])
        found["coder"].append(coders[one.coder])
    return found


class _Turns:
    """The turns that are on the page: those with a coded passage, and their neighbours."""

    def __init__(self, contents: Contents, numbering: Numbering) -> None:
        self.contents, self.numbering = contents, numbering
        self.allowed = tables.quotable(contents.study)
        self.speakers: list[str] = []
        self.kept: list[tuple[Source, int, int]] = []
        self.place: dict[tuple[str, int], int] = {}
        self.edges: dict[str, tuple[list[int], list[int]]] = {}
        sources = {source.name: source for source in contents.study.sources}
        near = self._near(sources)
        for name in numbering.sources:
            source, lines = sources[name], _lines(sources[name].text)
            for turn in near.get(name, ()):
                self.place[name, turn] = len(self.kept)
                line = lines(source.turns[turn].selection.start)
                self.kept.append((source, turn, line))

    def _near(self, sources: Mapping[str, Source]) -> dict[str, list[int]]:
        """Return which turns of each source are kept."""
        near: dict[str, set[int]] = {}
        for name, source in sources.items():
            selections = [turn.selection for turn in source.turns]
            self.edges[name] = [one.start for one in selections], [one.end for one in selections]
        for name, start, end in self.numbering.passages:
            first, last = self.touched(name, start, end)
            around = range(max(first - 1, 0), min(last + 2, len(sources[name].turns)))
            near.setdefault(name, set()).update(around)
        return {name: sorted(found) for name, found in near.items()}

    def touched(self, name: str, start: int, end: int) -> tuple[int, int]:
        """Return the first and the last turn that shares a character with a passage."""
        starts, ends = self.edges[name]
        first = bisect.bisect_right(ends, start)
        last = bisect.bisect_left(starts, end) - 1
        return (first, last) if first <= last else (first, first - 1)

    def inside(self, name: str, start: int, end: int) -> tuple[int, int, int] | None:
        """Return turn, start and end of a passage within one turn that is kept, if it is."""
        first, last = self.touched(name, start, end)
        if first != last or (name, first) not in self.place:
            return None
        begins, ends = (edge[first] for edge in self.edges[name])
        if start < begins or end > ends:
            return None
        place = self.place[name, first]
        words = self.kept[place][0].text[begins:ends]
        return place, _utf16(words, start - begins), _utf16(words, end - begins)

    def columns(self) -> Columns:
        """Return the turns as columns; words and speakers only where quoting is allowed."""
        found: Columns = {name: [] for name in "who seq line heard speaker words".split()}
        for source, turn, line in self.kept:
            spoken, allowed = source.turns[turn], source.name in self.allowed
            found["who"].append(self.numbering.sources[source.name])
            found["seq"].append(turn)
            found["line"].append(line)
            found["heard"].append(int(spoken.role == source.heard_role))
            found["speaker"].append(self._speaker(spoken) if allowed else -1)
            found["words"].append(source.quote(spoken.selection) if allowed else "")
        return found

    def _speaker(self, turn: Turn) -> int:
        """Return the number of a label; who asks is called so, and by no name."""
        name = ASKS if turn.role == "interviewer" else turn.speaker
        if self.contents.masked and name != ASKS:
            return -1
        if name not in self.speakers:
            self.speakers.append(name)
        return self.speakers.index(name)


def _utf16(text: str, place: int) -> int:
    """Return where a code point stands in UTF-16."""
    if text.isascii() or max(text, default="") <= "\uffff":
        return place
    return len(text[:place].encode("utf-16-le")) // 2


def _lines(text: str) -> Any:
    ends = [place for place, letter in enumerate(text) if letter == "\n"]
    return lambda offset: bisect.bisect_left(ends, offset) + 1


def _passages(
    contents: Contents, numbering: Numbering, turns: _Turns
) -> tuple[Columns, dict[str, str]]:
    """Return the passages as columns, and the words of those that lie in no single turn."""
    sources = {source.name: source for source in contents.study.sources}
    lines = {name: _lines(source.text) for name, source in sources.items()}
    found: Columns = {name: [] for name in "who start end line turn last from to".split()}
    own: dict[str, str] = {}
    for (name, start, end), number in numbering.passages.items():
        first, last = turns.touched(name, start, end)
        within = turns.inside(name, start, end)
        found["who"].append(numbering.sources[name])
        found["start"].append(start)
        found["end"].append(end)
        found["line"].append(lines[name](start))
        found["turn"].append(turns.place.get((name, first), -1) if first <= last else -1)
        found["last"].append(turns.place.get((name, last), -1) if first <= last else -1)
        found["from"].append(within[1] if within else -1)
        found["to"].append(within[2] if within else -1)
        if within is None and name in turns.allowed:
            own[str(number)] = sources[name].text[start:end]
    return found, own


def _claims(contents: Contents, numbering: Numbering) -> list[dict[str, Any]]:
    """Return the propositions, each with what every code and stance in use says of it."""
    used = sorted({(numbering.codes[one.code], one.code, one.stance) for one in numbering.codings})
    verdicts = {verdict: number for number, verdict in enumerate(propositions.VERDICTS)}
    found = []
    for claim in contents.study.propositions:
        says = [
            [number, STANCE_ORDER.index(stance), verdicts[verdict]]
            for number, code, stance in used
            if (verdict := propositions.claim_verdict(claim, code, stance))
        ]
        found.append({"id": claim.id, "claim": claim.claim, "says": says})
    return found


def _units(contents: Contents, numbering: Numbering, turns: _Turns) -> Columns:
    """Return the topic model's units, and for each passage the range of units that it touches."""
    found: Columns = {name: [] for name in "who topic line turn from to first last".split()}
    table = contents.table("topic-assignments")
    if table is None:
        return found
    rows = _sorted_units(table, numbering)
    for name, start, end, line, topic in rows:
        within = turns.inside(name, start, end)
        found["who"].append(numbering.sources[name])
        found["topic"].append(int(topic))
        found["line"].append(int(line))
        for column, value in zip(("turn", "from", "to"), within or (-1, -1, -1), strict=True):
            found[column].append(value)
    found["first"], found["last"] = _ranges(rows, numbering)
    return found


def _sorted_units(table: pd.DataFrame, numbering: Numbering) -> list[tuple[Any, ...]]:
    names = "source start end line topic".split()
    rows = zip(*(table[name].tolist() for name in names), strict=True)
    known = [row for row in rows if row[0] in numbering.sources]
    return sorted(known, key=lambda row: (numbering.sources[row[0]], *row[1:]))


def _ranges(rows: Sequence[tuple[Any, ...]], numbering: Numbering) -> tuple[list[int], list[int]]:
    """Return the first and the last unit that each passage touches; last before first: none.

    Units of one transcript do not overlap, so they stand in the order of their ends too.
    """
    by_source: dict[str, tuple[int, list[int], list[int]]] = {}
    for place, (name, start, end, *_) in enumerate(rows):
        _, starts, ends = by_source.setdefault(name, (place, [], []))
        starts.append(start)
        ends.append(end)
    first, last = [], []
    for name, start, end in numbering.passages:
        base, starts, ends = by_source.get(name, (0, [], []))
        first.append(base + bisect.bisect_right(ends, start))
        last.append(base + bisect.bisect_left(starts, end) - 1)
    return first, last


def _topics(contents: Contents) -> list[list[Any]]:
    table = contents.table("topics")
    if table is None:
        return []
    return [[int(n), str(label)] for n, label in zip(table["topic"], table["label"], strict=True)]


def _order(contents: Contents, numbering: Numbering) -> list[int]:
    """Return the interviews in the order in which saturation counts them."""
    table = contents.table("saturation")
    if table is None or "source" not in table:
        return []
    return [numbering.sources[name] for name in table["source"] if name in numbering.sources]


def disputed(contents: Contents) -> dict[str, tuple[int, int]]:
    """Return by code on how many turns coders disagree, and on how many at least one applied it.

    Only transcripts that at least two people have taken on.
    """
    from study import reliability

    if len(contents.people) < 2:
        return {}
    units = reliability.shared(tables.units(contents.study, "turn", list(contents.people)))
    if units.empty:
        return {}
    sums = units.groupby(["code", "unit"], observed=True)["value"].agg(["sum", "size"])
    given = (sums["sum"] > 0).groupby("code", observed=True).sum()
    apart = ((sums["sum"] > 0) & (sums["sum"] < sums["size"])).groupby("code", observed=True).sum()
    return {str(code): (int(apart[code]), int(given[code])) for code in np.asarray(given.index)}
