"""Which codes each interview was the first to bring: in the order held, and in random orders."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import factorial, nan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "interviews", "source", "new_codes", "cumulative", "mean", "low", "high", "orders", "of_codes",
)  # fmt: skip

Found = NDArray[np.bool_]
"""Which code (column) was applied in which interview (row)."""
Integers = NDArray[np.int64]


def interview_order(cases: pd.DataFrame, date: str = "interview_date") -> list[str]:
    """Return the names of the transcripts by interview date, then by name.

    Interviews without a readable ISO date, or all where the column is missing, stand last.
    """
    import pandas as pd

    names = cases["transcript"].fillna("").astype(str).str.removesuffix(".txt")
    dates = cases[date] if date in cases else pd.Series(nan, index=cases.index)
    when = pd.to_datetime(dates, format="ISO8601", errors="coerce")
    table = pd.DataFrame({"when": when, "name": names})
    ordered = table[names != ""].sort_values(["when", "name"], na_position="last")
    return list(dict.fromkeys(ordered["name"]))


def curve(
    codings: pd.DataFrame,
    order: Sequence[str],
    codes: pd.DataFrame | None = None,
    *,
    orders: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Count the codes that each interview adds, in interview order and over random orders.

    Parameters
    ----------
    codings
        Table with at least `source` and `code`; codings of other sources or codes don't count.
    order
        Names of the interviews in the order in which they were held (see `interview_order`).
        Interviews in which nothing was coded count as interviews; those that nobody has read
        must not be among them (`tables.scope`).
    codes
        Codebook table (code, name); where it is not given, the codes of `codings`.
    orders, seed
        Number of random orders; all orders where there are no more than that.
    level
        Share of the orders that the band `low` to `high` holds, at each number of interviews.

    Returns
    -------
    One row per interview; `mean`, `low` and `high` are of the cumulative number of codes.
    """
    import pandas as pd

    found, _ = incidence(codings, order, codes)
    cumulative = accumulate(found[np.newaxis])[0]
    shuffled = accumulate(found[drawn_orders(len(found), orders, seed)])
    low, high = np.quantile(shuffled, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return pd.DataFrame(
        {
            "interviews": np.arange(1, len(found) + 1),
            "source": pd.Series(list(order), dtype=str),
            "new_codes": np.diff(cumulative, prepend=0),
            "cumulative": cumulative,
            "mean": shuffled.mean(axis=0),
            "low": low,
            "high": high,
            "orders": len(shuffled),
            "of_codes": found.shape[1],
        },
        columns=list(COLUMNS),
    )


def incidence(
    codings: pd.DataFrame, order: Sequence[str], codes: pd.DataFrame | None
) -> tuple[Found, list[str]]:
    """Return which codes were found in which interviews, and the codes' names."""
    import pandas as pd

    if codes is None:
        labels = names = sorted(codings["code"].unique())
    else:
        known = codes.drop_duplicates("code")
        labels, names = known["code"].tolist(), known["name"].tolist()
    row = pd.Index(list(order)).get_indexer(pd.Index(codings["source"]))
    column = pd.Index(labels).get_indexer(pd.Index(codings["code"]))
    counts = (row >= 0) & (column >= 0)
    found = np.zeros((len(order), len(labels)), dtype=bool)
    found[row[counts], column[counts]] = True
    return found, names


def accumulate(found: Found) -> Integers:
    """Count the codes found so far: (orders, interviews, codes) to (orders, interviews)."""
    return np.asarray(np.logical_or.accumulate(found, axis=1).sum(axis=2), dtype=np.int64)


def new_codes(found: Found) -> Integers:
    """Count the codes that each interview was the first to bring (interviews,)."""
    return np.asarray(np.diff(accumulate(found[np.newaxis])[0], prepend=0), dtype=np.int64)


def drawn_orders(interviews: int, orders: int, seed: int) -> NDArray[np.intp]:
    """Return orders of interviews (orders, interviews): all, or as many random ones."""
    if interviews < 20 and factorial(interviews) <= orders:
        return np.array(list(permutations(range(interviews))), dtype=np.intp)
    each = np.tile(np.arange(interviews), (orders, 1))
    return np.random.default_rng(seed).permuted(each, axis=1)


def arrivals(found: Found, order: Sequence[str], names: Sequence[str]) -> list[str]:
    """Name, interview by interview, the codes it was the first to bring: "P03: Fad, Agility"."""
    before = np.logical_or.accumulate(found, axis=0)
    fresh = found & ~np.vstack([np.zeros_like(found[:1]), before[:-1]])
    lists = [", ".join(names[int(code)] for code in np.flatnonzero(each)) for each in fresh]
    return [f"{source}: {codes}" for source, codes in zip(order, lists, strict=True)]
