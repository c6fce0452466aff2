"""Code saturation: how many codes each further interview adds, and whether that has stopped.

Which codings count is the caller's choice: pass those of one coder or of the consensus; codings of
several coders together count a code as found where any of them applied it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from math import ceil, factorial, log, nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "interviews", "source", "new_codes", "cumulative", "mean", "low", "high", "orders", "of_codes",
)  # fmt: skip
SUMMARY_COLUMNS = ("measure", "value", "detail", "reason", "definition", "source")

GUEST = "Guest, Namey & Chen 2020, doi 10.1371/journal.pone.0232076"
CHAO = "Chao 1987, doi 10.2307/2531532"
COVERAGE = "Chao & Jost 2012, doi 10.1890/11-1952.1"
TARGET = 0.95

Found = NDArray[np.bool_]
"""Which code (column) was applied in which interview (row)."""


class Row(NamedTuple):
    """One line of the summary."""

    measure: str
    value: float
    detail: str
    reason: str
    definition: str
    source: str


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

    found, _ = _incidence(codings, order, codes)
    cumulative = _accumulate(found[np.newaxis])[0]
    shuffled = _accumulate(found[_orders(len(found), orders, seed)])
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


def summary(
    codings: pd.DataFrame,
    order: Sequence[str],
    codes: pd.DataFrame | None = None,
    *,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
) -> pd.DataFrame:
    """Say whether saturation was reached, what came after it, and what may still be missing.

    Parameters
    ----------
    codings, order, codes
        As for `curve`.
    base, run, threshold
        Guest, Namey & Chen (2020): saturation is reached with the first run of `run` interviews
        in a row, after the first `base`, in which the number of new codes is at most `threshold`
        of the number of codes in the base.  Runs overlap: each starts one interview later.

    Returns
    -------
    One row per measure (interviews; codes found; last new code; saturation; new codes after
    saturation; codes estimated; sample coverage; more interviews to 95 % coverage).  `detail`
    names interviews and codes; `value` is nan where `reason` says why; `source` is whom to cite.
    """
    import pandas as pd

    found, names = _incidence(codings, order, codes)
    new = _new(found)
    reached, why_not = guest(new, base, run, threshold)
    arrivals = _arrivals(found, order, names)
    rows = [
        _interviews(found),
        _found(found),
        _last_new(new, arrivals),
        _saturation(reached, why_not, order, (base, run, threshold)),
        _afterwards(new, reached, arrivals),
        _estimate(found),
        _coverage(found),
        _needed(found),
    ]
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def by_group(
    codings: pd.DataFrame,
    order: Sequence[str],
    groups: Mapping[str, str],
    codes: pd.DataFrame | None = None,
    *,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
) -> pd.DataFrame:
    """Say the same of each stakeholder group by itself: the study may be saturated, a group not.

    Parameters
    ----------
    codings, order, codes, base, run, threshold
        As for `summary`.
    groups
        Group of each interview, in the order in which groups are listed (`tables.groups`).

    Returns
    -------
    The rows of `summary` for each group that has interviews, `group` in front.
    """
    import pandas as pd

    tables = []
    for group in dict.fromkeys(groups.values()):
        if own := [source for source in order if groups.get(source) == group]:
            table = summary(codings, own, codes, base=base, run=run, threshold=threshold)
            tables.append(table.assign(group=group))
    empty = pd.DataFrame(columns=["group", *SUMMARY_COLUMNS])
    return (pd.concat(tables, ignore_index=True) if tables else empty)[["group", *SUMMARY_COLUMNS]]


def guest(
    new: Sequence[int] | NDArray[np.int64], base: int = 4, run: int = 2, threshold: float = 0.05
) -> tuple[float, str]:
    """Return after how many interviews saturation is reached, or nan and the reason.

    `new` (interviews,) counts new codes; the last interview of the run is counted, so "4 + 2" is
    6.  Guest, Namey & Chen (2020), doi 10.1371/journal.pone.0232076.
    """
    ground = int(np.sum(new[:base]))
    if len(new) < base + run:
        return nan, f"{len(new)} interviews, the rule needs at least {base + run}"
    if not ground:
        return nan, f"no code was found in the first {base} interviews"
    shares = np.convolve(new[base:], np.ones(run), "valid") / ground
    enough = np.flatnonzero(shares <= threshold)
    if not enough.size:
        return nan, f"not reached: new codes in the last {run} interviews are {shares[-1]:.0%}"
    return float(base + run + enough[0]), ""


def chao2(found: Found) -> float:
    """Return a lower bound for the number of codes, those not yet found included.

    `found` is (interviews, codes); nan for fewer than two interviews or where no code was found.
    Bias-corrected where no code was found exactly twice.  Chao (1987), doi 10.2307/2531532.
    """
    interviews, (once, twice, _) = len(found), _rare(found)
    if interviews < 2 or not found.any():
        return nan
    unseen = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    return float(found.any(axis=0).sum() + (interviews - 1) / interviews * unseen)


def sample_coverage(found: Found) -> float:
    """Return the estimated share of code occurrences, unseen ones included, of codes found.

    `found` is (interviews, codes); nan for fewer than two interviews or where no code was found.
    Chao & Jost (2012), doi 10.1890/11-1952.1.
    """
    once, _, incidences = _rare(found)
    if len(found) < 2 or not incidences:
        return nan
    return 1 - once / incidences * _unseen(found)


def interviews_needed(found: Found, target: float = TARGET) -> float:
    """Return how many more interviews would bring sample coverage to the target; 0 if it is there.

    `found` is (interviews, codes); nan for fewer than two interviews or where no code was found.
    Chao & Jost (2012), doi 10.1890/11-1952.1:
    each further interview multiplies what is missing by the same share.
    """
    coverage = sample_coverage(found)
    if np.isnan(coverage) or coverage >= target:
        return nan if np.isnan(coverage) else 0.0
    return float(ceil(log((1 - target) / (1 - coverage)) / log(_unseen(found)) - 1e-9))


def _unseen(found: Found) -> float:
    """Return the share of what is missing that one more interview would leave missing."""
    once, twice, _ = _rare(found)
    weight = (len(found) - 1) * (once if twice else max(once - 1, 0))
    return weight / (weight + 2 * max(twice, 1))


def _rare(found: Found) -> tuple[int, int, int]:
    """Count codes found in one interview, in two, and incidences in all."""
    often = found.sum(axis=0)
    return int((often == 1).sum()), int((often == 2).sum()), int(often.sum())


def _incidence(
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


def _accumulate(found: Found) -> NDArray[np.int64]:
    """Count the codes found so far: (orders, interviews, codes) to (orders, interviews)."""
    return np.asarray(np.logical_or.accumulate(found, axis=1).sum(axis=2), dtype=np.int64)


def _new(found: Found) -> NDArray[np.int64]:
    """Count the codes that each interview was the first to bring (interviews,)."""
    return np.asarray(np.diff(_accumulate(found[np.newaxis])[0], prepend=0), dtype=np.int64)


def _orders(interviews: int, orders: int, seed: int) -> NDArray[np.intp]:
    """Return orders of interviews (orders, interviews): all, or as many random ones."""
    if interviews < 20 and factorial(interviews) <= orders:
        return np.array(list(permutations(range(interviews))), dtype=np.intp)
    each = np.tile(np.arange(interviews), (orders, 1))
    return np.random.default_rng(seed).permuted(each, axis=1)


def _arrivals(found: Found, order: Sequence[str], names: Sequence[str]) -> list[str]:
    """Name, interview by interview, the codes it was the first to bring: "P03: Fad, Agility"."""
    before = np.logical_or.accumulate(found, axis=0)
    fresh = found & ~np.vstack([np.zeros_like(found[:1]), before[:-1]])
    lists = [", ".join(names[int(code)] for code in np.flatnonzero(each)) for each in fresh]
    return [f"{source}: {codes}" for source, codes in zip(order, lists, strict=True)]


def _interviews(found: Found) -> Row:
    return Row("interviews", len(found), "", "", "interviews in the order given", "")


def _found(found: Found) -> Row:
    applied, codes = int(found.any(axis=0).sum()), found.shape[1]
    return Row("codes found", applied, f"of {codes}", "", "codes applied at least once", "")


def _last_new(new: NDArray[np.int64], arrivals: list[str]) -> Row:
    """Tell which interview was the last to bring a new code, and which."""
    what = "number of the last interview with a code not found before"
    last = np.flatnonzero(new)
    if not last.size:
        return Row("last new code", nan, "", "no code was found", what, "")
    return Row("last new code", last[-1] + 1, arrivals[last[-1]], "", what, "")


def _saturation(
    reached: float, why_not: str, order: Sequence[str], rule: tuple[int, int, float]
) -> Row:
    """Tell whether and when saturation was reached, in the notation of its authors."""
    base, run, threshold = rule
    what = (
        f"interviews after which the last {run} brought at most {threshold:.0%} new codes, "
        f"relative to those of the first {base}"
    )
    if np.isnan(reached):
        return Row("saturation", nan, "", why_not, what, GUEST)
    detail = f"{int(reached) - run}+{run} ({order[int(reached) - 1]})"
    return Row("saturation", reached, detail, "", what, GUEST)


def _afterwards(new: NDArray[np.int64], reached: float, arrivals: list[str]) -> Row:
    """Tell which codes came although saturation had been reached."""
    what = "codes first found after the interview at which saturation was reached"
    if np.isnan(reached):
        return Row("new codes after saturation", nan, "", "saturation was not reached", what, GUEST)
    later = [index for index in np.flatnonzero(new) if index >= reached]
    detail = "; ".join(arrivals[index] for index in later)
    return Row("new codes after saturation", sum(new[later]), detail, "", what, GUEST)


def _estimate(found: Found) -> Row:
    what = "Chao2: lower bound for the number of codes that ever more such interviews would show"
    once, twice, _ = _rare(found)
    detail = f"{once} codes in one interview only, {twice} in two"
    return Row("codes estimated", chao2(found), detail, _too_little(found), what, CHAO)


def _coverage(found: Found) -> Row:
    what = "estimated share of all occurrences of codes in interviews that are of codes found"
    reason = _too_little(found)
    return Row("sample coverage", sample_coverage(found), "", reason, what, COVERAGE)


def _needed(found: Found) -> Row:
    what = "more such interviews until sample coverage would be 95 %, by extrapolation"
    more = interviews_needed(found)
    detail = "beyond twice the interviews held: a rough guess" if more > len(found) else ""
    name = "interviews to 95 % coverage"
    return Row(name, more, detail, _too_little(found), what, COVERAGE)


def _too_little(found: Found) -> str:
    """Say why nothing can be estimated; empty where it can."""
    if len(found) < 2:
        return "fewer than two interviews"
    return "" if found.any() else "no code was found"
