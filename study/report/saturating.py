"""Saturation in sentences: one for each measure that its table has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from study.wording import many

if TYPE_CHECKING:
    import pandas as pd

Rows = Mapping[str, Mapping[str, Any]]


def sentences(table: pd.DataFrame) -> str:
    """Say in words what `saturation.summary` found; a measure that is missing is passed over."""
    rows: Rows = {
        str(row["measure"]): {str(key): value for key, value in row.items()}
        for row in table.to_dict("records")
    }
    says = (_met, _reached, _estimated, _covered, _needed)
    return " ".join(filter(None, (say(rows) for say in says)))


def _met(rows: Rows) -> str:
    """Say how many codes were met, and when the last of them came."""
    held, found, last = (rows.get(key) for key in ("interviews", "codes found", "last new code"))
    if held is None or found is None:
        return ""
    every = str(found["detail"]).removeprefix("of ")  # `of 44`
    codes = f"{_whole(found)} of {every}" if every else _whole(found)
    noun = "code" if codes.split()[-1] == "1" else "codes"
    said = f"{many(int(held['value']), 'interview')} met {codes} {noun} (branches not counted)"
    if last is None or not _known(last["value"]):
        return f"{said}."
    return f"{said}; the last new one came in interview {_whole(last)}{_bracket(last['detail'])}."


def _reached(rows: Rows) -> str:
    """Say whether saturation was reached by the rule that the table's definition gives."""
    row, after = rows.get("saturation"), rows.get("new codes after saturation")
    if row is None:
        return ""
    rule = str(row["definition"]).partition(";")[0].removeprefix("interviews after which ")
    author, _, year = str(row["source"]).partition(", doi")[0].rpartition(" ")
    head = f"By the criterion of {author} ({year}), which is that {rule},"
    if not _known(row["value"]):
        why = str(row["reason"]).removeprefix("not reached: ")
        return f"{head} saturation was not reached{_bracket(why, row['detail'])}."
    run, semicolon, often = str(row["detail"]).partition(";")
    run = run.replace(" (", ", ").removesuffix(")")  # `4+2 (P06)`: no brackets in brackets
    when = f"after interview {_whole(row)}{_bracket(run + semicolon + often, _others(row))}"
    return f"{head} saturation was reached {when}{_later(after)}."


def _later(row: Mapping[str, Any] | None) -> str:
    if row is None or not _known(row["value"]):
        return ""
    number = int(row["value"])
    said = many(number, "code was", "codes were") if number else "no code was"
    return f"; {said} new after that{_bracket(row['detail'], _others(row))}"


def _others(row: Mapping[str, Any]) -> str:
    """Return how it would be in other orders of the interviews."""
    ends = _ends(row, _whole_number)
    return f"{ends} in 95 % of the orders that reach it" if ends else ""


def _estimated(rows: Rows) -> str:
    row = rows.get("codes estimated")
    if row is None:
        return ""
    what = "the number of codes that ever more such interviews would show"
    if not _known(row["value"]):
        return f"No lower bound for {what}{_because(row)}."
    value = f"{_short(row['value'])}{_interval(row, _short)}"
    why = "" if _known(row["low"]) else row["reason"]
    return f"A lower bound (Chao2) for {what} is {value}{_bracket(row['detail'], why)}."


def _covered(rows: Rows) -> str:
    row = rows.get("sample coverage")
    if row is None:
        return ""
    if not _known(row["value"]):
        return f"Sample coverage was not estimated{_because(row)}."
    why = "" if _known(row["low"]) else row["reason"]
    value = f"{_share(row['value'])}{_interval(row, _share)}"
    return f"Sample coverage was estimated at {value}{_bracket(why)}."


def _needed(rows: Rows) -> str:
    row = rows.get("interviews to 95 % coverage")
    if row is None or not _known(row["value"]):
        return ""
    interval = _interval(row, _whole_number)
    if not row["value"]:
        upper = interval if _known(row["high"]) and row["high"] else ""
        return f"No further interviews are needed for a coverage of 95 %{upper}."
    number = int(row["value"])
    more = many(number, "more such interview", "more such interviews")
    return f"It would take {more}{interval} for a coverage of 95 %{_bracket(row['detail'])}."


def _known(value: Any) -> bool:
    return bool(value == value and value is not None)


def _because(row: Mapping[str, Any]) -> str:
    return f": {row['reason']}" if row["reason"] else ""


def _bracket(*notes: str) -> str:
    """Return what there is to add, in brackets."""
    said = "; ".join(str(note) for note in notes if note)
    return f" ({said})" if said else ""


def _interval(row: Mapping[str, Any], write: Any) -> str:
    """Return ` [.99, 1.00]`: the interval of 95 %, where there is one."""
    if not (_known(row["low"]) and _known(row["high"])):
        return ""
    return f" [{write(row['low'])}, {write(row['high'])}]"


def _ends(row: Mapping[str, Any], write: Any) -> str:
    if not (_known(row["low"]) and _known(row["high"])):
        return ""
    low, high = write(row["low"]), write(row["high"])
    return low if low == high else f"{low} to {high}"


def _whole(row: Mapping[str, Any]) -> str:
    return _whole_number(row["value"])


def _whole_number(value: float) -> str:
    return f"{value:,.0f}"


def _short(value: float) -> str:
    """Return at most one decimal."""
    return f"{value:,.1f}".removesuffix(".0")


def _share(value: float) -> str:
    """Return a share as APA 7 has it: no zero before the point."""
    return f"{value:.2f}".removeprefix("0") if value < 1 else "1.00"
