"""From a tidy table to a table in print: one function for each of a study's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from study.publication import cells
from study.publication.printed import Column, Line, PrintedTable

if TYPE_CHECKING:
    import pandas as pd

Form = Callable[["pd.DataFrame"], tuple[Sequence[Column], Sequence[Line]]]
Record = dict[str, Any]
MASKED = "[c]"
NONE = "\u2014"
VERDICTS = ("supports", "mixed", "contradicts")


def printed(name: str, title: str, note: str, frame: pd.DataFrame, form: Form) -> PrintedTable:
    """Bring a tidy table into a form for print."""
    columns, lines = form(frame)
    return PrintedTable(name, title, note, tuple(columns), tuple(lines))


def participants(frame: pd.DataFrame) -> tuple[Sequence[Column], Sequence[Line]]:
    """One line a participant, every variable a column."""
    kept = frame.drop(columns=[name for name in ("consent",) if name in frame])
    rows = cells.rows(kept)
    numeric = [
        all(not isinstance(row[n], str) for row in rows) and bool(rows)
        for n in range(kept.shape[1])
    ]
    texts = [[_number(value) for value in row] for row in rows]
    columns = [
        Column(cells.heading(name), _width([row[n] for row in texts], name), numeric[n])
        for n, name in enumerate(map(str, kept.columns))
    ]
    return columns, [Line(tuple(row)) for row in texts]


def _number(value: cells.Value) -> str:
    return f"{value:,}" if type(value) is int and abs(value) >= 10_000 else cells.text(value)


def _width(values: Sequence[str], head: str) -> float:
    longest = max((len(value) for value in values), default=0)
    return float(min(max(longest, len(head) * 0.7, 7), 26))


def codebook(frame: pd.DataFrame) -> tuple[Sequence[Column], Sequence[Line]]:
    """Codes with their definitions and how to tell them: the appendix."""
    parts = [
        ("definition", "Definition", 14.0),
        ("include", "Include", 14.0),
        ("exclude", "Exclude", 14.0),
        ("example", "Example", 14.0),
    ]
    used = [
        (key, head, least + min(float(frame[key].str.len().mean()), 240.0) / 6)
        for key, head, least in parts
        if frame[key].astype(bool).any()
    ]
    columns = [Column("Code", 20.0), *(Column(head, width) for _, head, width in used)]
    lines = [
        Line((row["name"], *(str(row[key]) for key, _, _ in used)), level=row["level"] - 1)
        for row in _records(frame)
    ]
    return columns, lines


def totals(frame: pd.DataFrame) -> tuple[Sequence[Column], Sequence[Line]]:
    """Codes by groups: participants, and passages behind them in brackets."""
    groups = list(dict.fromkeys(frame["group"]))
    sizes = frame.drop_duplicates("group").set_index("group")["of_participants"]
    columns = [Column("Code", 26.0)]
    for group in groups:
        head = f"{_titled(group) if group else 'All'}\n(n = {sizes[group]})"
        columns.append(Column(head, 10.0, number=True))
    lines = []
    for (code, below), rows in frame.groupby(["code", "with_below"], sort=False):
        first, found = rows.iloc[0], {row["group"]: row for row in _records(rows)}
        alone = not below and ((frame["code"] == code) & frame["with_below"]).any()
        name = f"{first['name']} itself" if alone else str(first["name"])
        level = int(first["level"]) - (0 if alone else 1)
        lines.append(Line((name, *(_count(found[group]) for group in groups)), level))
    return columns, lines


def _count(row: Record) -> str:
    """Return `5 (12)`: participants, and passages."""
    if _masked(row):
        return MASKED
    return f"{row['participants']} ({row['passages']})" if row["passages"] else "0"


def _masked(row: Record) -> bool:
    return bool(row.get("masked", False))


def joint(frame: pd.DataFrame) -> tuple[Sequence[Column], Sequence[Line]]:
    """Codes by groups, with a quotation in each cell."""
    groups = list(dict.fromkeys(frame["group"]))
    sizes = frame.drop_duplicates("group").set_index("group")["of_participants"]
    columns = [Column("Code", 16.0)]
    columns += [Column(f"{_titled(group)} (n = {sizes[group]})", 26.0) for group in groups]
    lines: list[Line] = []
    for branch, inside in frame.groupby("branch", sort=False):
        lines.append(Line((str(branch),), heading=True))
        for _, rows in inside.groupby("code", sort=False):
            found = {row["group"]: _joint(row) for row in _records(rows)}
            lines.append(Line((str(rows["name"].iloc[0]), *(found[group] for group in groups))))
    return columns, lines


def _joint(row: Record) -> str:
    if _masked(row):
        return MASKED
    if not row["passages"]:
        return NONE
    count = f"{row['participants']} of {row['of_participants']}"
    if not row["quotation"]:
        return f"{count}; not quoted"
    where = f"{row['participant']}, {_place(row)}"
    return f"{count}. \u201c{_inline(row['quotation'])}\u201d ({where})"


def _place(row: Record) -> str:
    return f"line {row['line']}"


def _inline(words: object) -> str:
    """Return a passage as one line."""
    return " ".join(str(words).split())


def propositions(frame: pd.DataFrame) -> tuple[Sequence[Column], Sequence[Line]]:
    """Propositions, and under each the groups with what speaks for and against it."""
    columns = [
        Column("Group", 26.0),
        Column("n", 6.0, number=True),
        Column("Supports", 13.0, number=True, above="Participants (passages)"),
        Column("Qualifies", 13.0, number=True, above="Participants (passages)"),
        Column("Contradicts", 13.0, number=True, above="Participants (passages)"),
    ]
    lines: list[Line] = []
    for claim, rows in frame.groupby("proposition", sort=False):
        lines.append(Line((f"{claim}. {rows['claim'].iloc[0]}",), heading=True))
        for group, inside in rows.groupby("group", sort=False):
            found = {row["verdict"]: row for row in _records(inside)}
            counts = [_count(found[verdict]) for verdict in VERDICTS]
            size = str(inside["of_participants"].iloc[0])
            lines.append(Line((_titled(str(group)), size, *counts), level=1))
    return columns, lines


def reliability(frame: pd.DataFrame) -> tuple[Sequence[Column], Sequence[Line]]:
    """Codes by coefficients, with intervals."""
    kinds = list(dict.fromkeys(frame["coefficient"]))
    columns = [Column("Code", 24.0), Column("n", 9.0, number=True)]
    columns += [Column(f"{kind[:1].upper()}{kind[1:]}", 17.0, number=True) for kind in kinds]
    lines = []
    for (_, name), rows in frame.groupby(["code", "name"], sort=False):
        found = {row["coefficient"]: _estimate(row) for row in _records(rows)}
        values = [found.get(kind, "") for kind in kinds]
        lines.append(Line((_titled(str(name)), f"{int(rows['n'].max()):,}", *values)))
    return columns, lines


def _estimate(row: Record) -> str:
    """Return `.81 [.77, .84]`; a dash where there is no value."""
    value, low, high = (row[key] for key in ("value", "low", "high"))
    if value != value:
        return NONE
    if low != low:
        return _proportion(value)
    return f"{_proportion(value)} [{_proportion(low)}, {_proportion(high)}]"


def _proportion(value: float) -> str:
    """Return a number that cannot exceed 1 without the zero before the point, as APA 7 has it."""
    words = f"{value:.2f}"
    words = "0.00" if words == "-0.00" else words
    return words.replace("0.", ".", 1) if abs(value) < 1 and "1." not in words else words


def topics(frame: pd.DataFrame) -> tuple[Sequence[Column], Sequence[Line]]:
    """Topics with their words, size, spread and stability."""
    columns = [
        Column("Topic", 22.0),
        Column("Words", 44.0),
        Column("Units", 10.0, number=True),
        Column("Participants", 11.0, number=True),
        Column("Stability", 9.0, number=True),
    ]
    lines = [
        Line(
            (
                str(row["label"]),
                _inline(row["words"]),
                f"{row['units']} of {row['of_units']}",
                f"{row['participants']} of {row['of_participants']}",
                _proportion(row["stability"]) if row["stability"] == row["stability"] else NONE,
            )
        )
        for row in _records(frame)
    ]
    return columns, lines


def saturation(frame: pd.DataFrame) -> tuple[Sequence[Column], Sequence[Line]]:
    """Measures of saturation."""
    columns = [
        Column("Measure", 34.0),
        Column("Value", 10.0, number=True),
        Column("95 %", 14.0, number=True),
        Column("Detail", 22.0),
    ]
    lines = []
    for row in _records(frame):
        low, high = (cells.text(cells.plain(row[key])) for key in ("low", "high"))
        value = cells.text(cells.plain(row["value"])) or NONE
        detail = cells.text(cells.plain(row["detail"])) or cells.text(cells.plain(row["reason"]))
        lines.append(Line((row["measure"], value, f"{low}\u2013{high}" if low else "", detail)))
    return columns, lines


def bank(frame: pd.DataFrame) -> tuple[Sequence[Column], Sequence[Line]]:
    """Quotations by code."""
    columns = [
        Column("Quotation", 62.0),
        Column("Participant", 11.0),
        Column("Group", 15.0),
        Column("Line", 7.0, number=True),
        Column("Stance", 9.0),
    ]
    lines: list[Line] = []
    for (_, branch, name), rows in frame.groupby(["code", "branch", "name"], sort=False):
        head = f"{branch}: {name}" if branch != name else str(name)
        lines.append(Line((f"{head} ({len(rows)})",), heading=True))
        lines += [
            Line(
                (
                    _inline(row["quotation"]),
                    str(row["participant"]),
                    str(row["group"]),
                    str(row["line"]),
                    str(row["stance"]),
                ),
                level=1,
            )
            for row in _records(rows)
        ]
    return columns, lines


def _records(frame: pd.DataFrame) -> Iterator[Record]:
    for row in frame.to_dict("records"):
        yield {str(key): value for key, value in row.items()}


def _titled(words: str) -> str:
    return words[:1].upper() + words[1:]
