"""Two coders side by side: what they gave the same, and how far they agree.

Who compares has seen what others did with a transcript: that is written down, once, before
anything is shown.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from study import codings
from study.coding.reading import row
from study.coding.shelf import COMPARED
from study.coding.writing import require_code
from study.errors import NotPossibleError
from study.files import format_row, locked, restore_csv, suggest, sync_folder
from study.model import MACHINES, Coding, Project, Source, under

if TYPE_CHECKING:
    import pandas as pd

    from study.coding.desk import Desk

Json = dict[str, Any]
COLUMNS = ("coder", "source", "created")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A passage on which two coders meet, or one of them stands alone, with one code.

    `kind` is same, stance (same passage, another stance), boundary (the passages overlap), only-a
    or only-b.
    """

    code: str
    a: tuple[Coding, ...]
    b: tuple[Coding, ...]
    kind: str

    @property
    def start(self) -> int:
        """Where the first of the passages begins."""
        return min(one.selection.start for one in (*self.a, *self.b))

    @property
    def end(self) -> int:
        """Where the last of the passages ends."""
        return max(one.selection.end for one in (*self.a, *self.b))


def meet(a: Sequence[Coding], b: Sequence[Coding]) -> list[Meeting]:
    """Set two coders' codings of one transcript against each other, in order of place."""
    sides: dict[str, tuple[list[Coding], list[Coding]]] = {}
    for side, made in enumerate((a, b)):
        for one in made:
            sides.setdefault(one.code, ([], []))[side].append(one)
    found = [one for code in sorted(sides) for one in _of_code(code, *sides[code])]
    return sorted(found, key=lambda one: (one.start, one.end, one.code))


def _of_code(code: str, a: list[Coding], b: list[Coding]) -> Iterator[Meeting]:
    there = {one.selection: one for one in b}
    pairs = [(one, there[one.selection]) for one in a if one.selection in there]
    for one, other in pairs:
        kind = "same" if one.stance == other.stance else "stance"
        yield Meeting(code, (one,), (other,), kind)
    met = {one.selection for one, _ in pairs}
    left = [(one, number) for number, made in enumerate((a, b)) for one in made]
    for cluster in _clusters([pair for pair in left if pair[0].selection not in met]):
        first, second = ([one for one, side in cluster if side == number] for number in (0, 1))
        if first and second:
            yield Meeting(code, tuple(first), tuple(second), "boundary")
        else:
            yield from (Meeting(code, (one,), (), "only-a") for one in first)
            yield from (Meeting(code, (), (one,), "only-b") for one in second)


def _clusters(made: list[tuple[Coding, int]]) -> Iterator[list[tuple[Coding, int]]]:
    """Yield passages that hang together because each overlaps with the next."""
    cluster: list[tuple[Coding, int]] = []
    end = 0
    for pair in sorted(made, key=lambda pair: (pair[0].selection, pair[1])):
        if cluster and pair[0].selection.start >= end:
            yield cluster
            cluster, end = [], 0
        cluster.append(pair)
        end = max(end, pair[0].selection.end)
    if cluster:
        yield cluster


def compare(desk: Desk, given: Json) -> Json:
    """Return two coders' codings of a transcript, and where they meet."""
    source = desk.source(given["source"])
    a, b = both(desk, [source], given)
    return {
        "source": source.name,
        "version": source.version,
        "a": [row(one) for one in a],
        "b": [row(one) for one in b],
        "passages": [
            {
                "start": one.start,
                "end": one.end,
                "code": one.code,
                "a": [coding.id for coding in one.a],
                "b": [coding.id for coding in one.b],
                "kind": one.kind,
            }
            for one in meet(a, b)
        ],
    }


def both(desk: Desk, sources: Sequence[Source], given: Json) -> tuple[list[Coding], list[Coding]]:
    """Return what two coders made of transcripts, having noted who sees it.

    Raises
    ------
    NotPossibleError
        They are one, one is not known or has not taken a transcript on, or codings wait to be
        brought along to its present version.
    """
    a, b = given["a"], given["b"]
    if a == b:
        raise NotPossibleError(f"{a} and {b} are one coder: choose two to compare")
    for name in (a, b):
        _require_coder(desk, name)
    found = [[_made(desk, name, source) for source in sources] for name in (a, b)]
    note(desk, {a, b}, [source.name for source in sources])
    one, two = ([coding for made in each for coding in made] for each in found)
    return one, two


def _require_coder(desk: Desk, name: str) -> None:
    coders = desk.shelf.coders()
    if name not in coders:
        hint = suggest(name, coders) or f"; there are: {', '.join(coders) or 'none'}"
        raise NotPossibleError(f"there is no coder {name!r}{hint}")


def _made(desk: Desk, coder: str, source: Source) -> list[Coding]:
    """Return what one coder made of a transcript, codes that are gone left out."""
    if not desk.shelf.log(coder, source.name).taken:
        raise NotPossibleError(f"{coder} has not taken on {source.name} yet")
    made = desk.shelf.made(coder, source.name)
    if any(one.source_version != source.version for one in made):
        message = f"{coder} has codings on another version of {source.name}"
        raise NotPossibleError(f"{message}; `study revise {source.name}` brings them along")
    known = desk.shelf.scheme().known
    return [one for one in made if one.code in known]


def note(desk: Desk, shown: set[str], sources: Iterable[str]) -> None:
    """Write down, on disk before they are shown, whose transcripts are not coded blind any more."""
    new = sorted(set(sources) - desk.compared())
    if not new or shown <= {desk.coder, *MACHINES}:
        return
    moment = codings.now().isoformat()
    rows = "".join(format_row((desk.coder, name, moment)) + "\n" for name in new)
    path = desk.shelf.folder / COMPARED
    with locked(path):
        if path.exists():
            restore_csv(path)  # rows after those of a spreadsheet program would not be understood
        before = path.read_bytes() if path.exists() else b""
        head = b"" if before else format_row(COLUMNS).encode() + b"\n"
        torn = b"\n" if before and not before.endswith(b"\n") else b""
        with path.open("ab") as file:
            file.write(head + torn + rows.encode())
            file.flush()
            os.fsync(file.fileno())
    sync_folder(path.parent)


def agreement(desk: Desk, given: Json) -> Json:
    """Say how far two coders agree on the turns of a transcript, or of all that both have read.

    With a code, or several, only these and those below them are looked at.  `agreed` counts the
    turns to which both gave the same codes; `by_code` has each code that one of them used, with the
    turns to which both, or one, gave it.  What is undefined is null, with the reason.
    """
    from study import reliability, tables

    with desk.lock:
        sources = _chosen(desk, given)
        a, b = both(desk, sources, given)
        project = _study(desk, sources, {given["a"]: a, given["b"]: b})
        paths = _wanted(desk, [*given.get("codes", ()), given.get("code", "")])
    units = tables.units(project, coders=[given["a"], given["b"]])
    if units.empty:
        return {"n_turns": 0, "agreed": 0, "rows": [], "by_code": []}
    if paths:
        units = units[[any(under(one, path) for path in paths) for one in units["code"]]]
    units.attrs["unit"] = "turn"
    used = set(units.loc[units["value"] == 1, "code"])
    names = tables.codebook(project)
    how: Json = {"coders": [given["a"], given["b"]], "seed": project.settings.seed}
    each = reliability.by_code(units, names[names["code"].isin(used)], **how) if used else None
    counts = _counts(units, given["a"], given["b"])
    return {
        "n_turns": counts.turns,
        "agreed": counts.agreed,
        "rows": _rows(reliability.overall(units, **how)),
        "by_code": [] if each is None else [*_by_code(each, counts)],
    }


def _wanted(desk: Desk, codes: Iterable[str]) -> list[str]:
    """Return the present paths of the codes that are looked at; none for all."""
    paths = [desk.shelf.scheme().renamed(code) for code in codes if code]
    for path in paths:
        require_code(desk, path)
    return paths


def _chosen(desk: Desk, given: Json) -> list[Source]:
    """Return the transcript asked for, or all that both coders have taken on."""
    if given.get("source"):
        return [desk.source(given["source"])]
    for name in (given["a"], given["b"]):
        _require_coder(desk, name)
    names = [
        name
        for name in desk.shelf.names()
        if all(desk.shelf.log(coder, name).taken for coder in (given["a"], given["b"]))
    ]
    if not names:
        raise NotPossibleError(f"{given['a']} and {given['b']} have no transcript in common yet")
    return [desk.source(name) for name in names]


def _study(desk: Desk, sources: Sequence[Source], made: dict[str, list[Coding]]) -> Project:
    """Return the study as far as these transcripts and coders go."""
    people, _ = desk.shelf.cases()
    names = frozenset(source.name for source in sources)
    return Project(
        root=desk.root,
        settings=desk.shelf.settings()[0],
        sources=tuple(sources),
        cases=tuple(case for case in people if case.source in names),
        codebook=desk.shelf.scheme().book,
        codings=tuple(one for each in made.values() for one in each),
        assigned=dict.fromkeys(made, names),
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    turns: int
    agreed: int
    of: dict[str, dict[str, int]]


def _counts(units: pd.DataFrame, a: str, b: str) -> _Counts:
    """Count turns: all, those with the same codes from both, and those of each code."""
    keys = ["unit", "code"]
    plain = units.astype({"unit": "object", "code": "object", "coder": "object"})
    wide = plain.set_index([*keys, "coder"])["value"].unstack("coder")
    differ = (wide[a] != wide[b]).groupby(level="unit").any()
    met = {
        "both": (wide[a] == 1) & (wide[b] == 1),
        "only_a": (wide[a] == 1) & (wide[b] == 0),
        "only_b": (wide[a] == 0) & (wide[b] == 1),
        "neither": (wide[a] == 0) & (wide[b] == 0),
    }
    tally = {name: found.groupby(level="code").sum() for name, found in met.items()}
    codes = wide.index.get_level_values("code").unique()
    of = {code: {name: int(counted[code]) for name, counted in tally.items()} for code in codes}
    return _Counts(len(differ), int((~differ).sum()), of)


def _by_code(each: pd.DataFrame, counts: _Counts) -> Iterator[Json]:
    for path, part in each.groupby("code", sort=False):
        name = part["name"].iloc[0]
        yield {"code": str(path), "name": name, **counts.of[str(path)], "rows": _rows(part)}


def _rows(table: pd.DataFrame) -> list[Json]:
    """Return rows of a table of coefficients, with null and the reason for what is undefined."""
    return [
        {
            "coefficient": str(one["coefficient"]),
            "value": _number(one["value"]),
            "low": _number(one["low"]),
            "high": _number(one["high"]),
            "n": int(one["n"]),
            "reason": str(one["reason"]),
            "warning": str(one["warning"]),
        }
        for one in table.to_dict("records")
    ]


def _number(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None
