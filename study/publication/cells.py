"""One cell of a table, as every publication format writes it."""

from __future__ import annotations

import datetime as dt
import math
import numbers
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

Value: TypeAlias = bool | int | float | str | None
"""What a cell holds once it is plain; None is an empty cell."""

DECIMALS = 4


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table to publish: `name` is short (a sheet, a file), `note` says n and how to read it."""

    name: str
    title: str
    note: str
    frame: pd.DataFrame


def plain(value: Any) -> Value:
    """Return a cell as a plain Python value; numbers rounded by `rounded`, nothing as None."""
    if value is None or _absent(value):
        return None
    if isinstance(value, bool) or type(value).__name__ == "bool":  # numpy's bool is no bool
        return bool(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return rounded(float(value))
    if isinstance(value, dt.date):  # a date and time too
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return ", ".join(text(plain(item)) for item in value)
    return str(value)


def _absent(value: Any) -> bool:
    # NaN, NaT and pandas.NA: the values that don't equal themselves, or won't say.
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"


def rounded(number: float) -> float | str:
    """Round to four decimals, halves to even, after the noise beyond ten decimals is gone.

    The first step makes 0.12345 and 0.12345000000000002 the same number on every machine.
    Infinity, which no spreadsheet knows, becomes a word.
    """
    if math.isinf(number):
        return "infinite" if number > 0 else "-infinite"
    quiet = Decimal(f"{number:.10f}")
    return float(quiet.quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_EVEN)) + 0.0


def text(value: Value) -> str:
    """Return a plain value in writing: no needless zeros, no minus before a zero."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return str(value)


def rows(frame: pd.DataFrame) -> list[list[Value]]:
    """Return a table's rows in their order; the index is no part of a table."""
    columns = [[plain(value) for value in frame.iloc[:, i]] for i in range(frame.shape[1])]
    return [list(row) for row in zip(*columns, strict=True)]


def heading(column: object) -> str:
    """Return a column's name in words."""
    words = str(column).replace("_", " ").strip()
    return words[:1].upper() + words[1:]
