"""From a table to plain records, with a clear word when the table cannot be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from study.errors import NotPossibleError

if TYPE_CHECKING:
    import pandas as pd

Record: TypeAlias = dict[str, Any]


def records(table: pd.DataFrame, figure: str, columns: Sequence[str], empty: str) -> list[Record]:
    """Return the rows of a table; refuse one that is empty or lacks a column.

    `empty` completes the sentence that tells what to do about an empty table.
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise NotPossibleError(
            f"The figure '{figure}' needs a table with the columns {', '.join(columns)}; "
            f"missing: {', '.join(missing)}."
        )
    if table.empty:
        raise NotPossibleError(f"The figure '{figure}' has nothing to show: {empty}")
    rows = table.to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]


def count(value: Any) -> int:
    """Return a whole number, 0 for a cell without one."""
    return 0 if undefined(value) else round(float(value))


def undefined(value: Any) -> bool:
    """Tell whether a cell holds no number."""
    # pandas' own missing value can be compared with nothing.
    missing = value is None or type(value).__name__ == "NAType"
    return missing or value == "" or (isinstance(value, float) and isnan(value))


def text(value: Any) -> str:
    """Return a cell's words, empty for a cell without any."""
    return "" if undefined(value) else str(value)


def ordered(values: Iterable[Any], first: Sequence[str] = ()) -> list[str]:
    """Return the different values: those of `first`, then the rest as they come."""
    present = dict.fromkeys(text(value) for value in values)
    chosen = [value for value in first if value in present]
    return chosen + [value for value in present if value not in chosen]


def headline(name: str) -> str:
    """Return a group's name as it stands at the head of a column."""
    return name[:1].upper() + name[1:] if name else "(none)"


def plain(name: str, titles: Mapping[str, str] | None = None) -> str:
    """Return the title of a branch: the given one, or its path in plain words."""
    if titles and name in titles:
        return titles[name]
    words = name.rpartition(".")[2].replace("-", " ").replace("_", " ").strip()
    return headline(words)


def topic_title(row: Mapping[str, object]) -> str:
    """Return the number and the label of a topic, as figures write them."""
    return f"{text(row['topic'])} \u00b7 {text(row['label'])}"


def mark_id(figure: str, **parts: str) -> str:
    """Return the id of a mark, so that a page can open the quotations behind it."""
    return figure + "?" + "&".join(f"{key}={quote(str(part))}" for key, part in parts.items())
