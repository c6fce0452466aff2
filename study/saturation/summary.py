"""Whether saturation was reached, what came after it, and what may still be missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from study.saturation.estimates import (
    Range,
    chao2,
    chao2_interval,
    intervals,
    interviews_needed,
    sample_coverage,
)
from study.saturation.orders import (
    Found,
    Integers,
    accumulate,
    arrivals,
    drawn_orders,
    incidence,
    new_codes,
)

if TYPE_CHECKING:
    import pandas as pd

SUMMARY_COLUMNS = (
    "measure", "value", "low", "high", "detail", "reason", "definition", "source",
)  # fmt: skip

GUEST = "Guest, Namey & Chen 2020, doi 10.1371/journal.pone.0232076"
CHAO = "Chao 1987, doi 10.2307/2531532"
COVERAGE = "Chao & Jost 2012, doi 10.1890/11-1952.1; Chao et al. 2014, doi 10.1890/13-0133.1"
FEWEST = 5
"""Interviews without which coverage has no interval."""


class Rule(NamedTuple):
    """The stopping rule of Guest, Namey & Chen (2020), and the orders it is tried in."""

    base: int
    run: int
    threshold: float
    orders: int
    seed: int
    level: float


class Row(NamedTuple):
    """One line of the summary."""

    measure: str
    value: float
    low: float = nan
    high: float = nan
    detail: str = ""
    reason: str = ""
    definition: str = ""
    source: str = ""


def summary(
    codings: pd.DataFrame,
    order: Sequence[str],
    codes: pd.DataFrame | None = None,
    *,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    orders: int = 1000,
    seed: int = 1,
    level: float = 0.95,
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
    orders, seed, level
        Number of random orders, as for `curve`; seed; share that intervals are to hold.

    Returns
    -------
    One row per measure (interviews; codes found; last new code; saturation; new codes after
    saturation; codes estimated; sample coverage; more interviews to 95 % coverage).  `low` and
    `high` say how far the value would be another one in other orders of the interviews
    (saturation and what came after it), or with other interviews (estimates).  `detail` names
    interviews and codes; `reason` says why a value, or else its interval, is nan; `source` is
    whom to cite.
    """
    import pandas as pd

    found, names = incidence(codings, order, codes)
    rule = Rule(base, run, threshold, orders, seed, level)
    brought = arrivals(found, order, names)
    rows = [
        _interviews(found),
        _found(found),
        _last_new(new_codes(found), brought),
        *_saturation(found, order, brought, rule),
        _estimate(found, level),
        *_coverage(found, rule),
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
    orders: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Say the same of each stakeholder group by itself: the study may be saturated, a group not.

    Parameters
    ----------
    codings, order, codes, base, run, threshold, orders, seed, level
        As for `summary`.
    groups
        Group of each interview, in the order in which groups are listed (`tables.groups`).

    Returns
    -------
    The rows of `summary` for each group that has interviews, `group` in front.
    """
    import pandas as pd

    rule = Rule(base, run, threshold, orders, seed, level)._asdict()
    tables = []
    for group in dict.fromkeys(groups.values()):
        if own := [source for source in order if groups.get(source) == group]:
            tables.append(summary(codings, own, codes, **rule).assign(group=group))
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
        held = "1 interview" if len(new) == 1 else f"{len(new)} interviews"
        return nan, f"{held}, the rule needs at least {base + run}"
    if not ground:
        return nan, f"no code was found in the first {base} interviews"
    shares = np.convolve(new[base:], np.ones(run), "valid") / ground
    enough = np.flatnonzero(shares <= threshold)
    if not enough.size:
        return nan, f"not reached: new codes in the last {run} interviews are {shares[-1]:.0%}"
    return float(base + run + enough[0]), ""


def _interviews(found: Found) -> Row:
    return Row("interviews", len(found), definition="interviews in the order given")


def _found(found: Found) -> Row:
    applied, codes = int(found.any(axis=0).sum()), found.shape[1]
    what = "codes applied at least once"
    return Row("codes found", applied, detail=f"of {codes}", definition=what)


def _last_new(new: Integers, brought: list[str]) -> Row:
    """Tell which interview was the last to bring a new code, and which."""
    what = "number of the last interview with a code not found before"
    last = np.flatnonzero(new)
    if not last.size:
        return Row("last new code", nan, reason="no code was found", definition=what)
    return Row("last new code", last[-1] + 1, detail=brought[last[-1]], definition=what)


def _saturation(found: Found, order: Sequence[str], brought: list[str], rule: Rule) -> list[Row]:
    """Tell whether and when saturation was reached, which codes came after it, and if by luck."""
    base, run, threshold, _, _, level = rule
    new = new_codes(found)
    reached, why_not = guest(new, base, run, threshold)
    definitions = (
        f"interviews after which the last {run} brought at most {threshold:.0%} new codes, "
        f"relative to those of the first {base}; low and high: {level:.0%} of the random orders "
        "that reach it",
        "codes first found after the interview at which saturation was reached; low and high: "
        f"{level:.0%} of the random orders that reach it",
    )
    names = ("saturation", "new codes after saturation")
    when, after, often = _in_other_orders(found, rule)
    if np.isnan(reached):
        return [
            Row(names[0], nan, *when, often, why_not, definitions[0], GUEST),
            Row(names[1], nan, *after, "", "saturation was not reached", definitions[1], GUEST),
        ]
    later = [index for index in np.flatnonzero(new) if index >= reached]
    first = f"{int(reached) - run}+{run} ({order[int(reached) - 1]}); {often}"
    came = "; ".join(brought[index] for index in later)
    return [
        Row(names[0], reached, *when, first, "", definitions[0], GUEST),
        Row(names[1], sum(new[later]), *after, came, "", definitions[1], GUEST),
    ]


def _in_other_orders(found: Found, rule: Rule) -> tuple[Range, Range, str]:
    """Return when saturation is reached in random orders, what comes after, and how often."""
    if len(found) < rule.base + rule.run:
        return Range(), Range(), ""
    chosen = drawn_orders(len(found), rule.orders, rule.seed)
    so_far = accumulate(found[chosen])
    tried = [
        guest(new, rule.base, rule.run, rule.threshold)[0]
        for new in np.diff(so_far, axis=1, prepend=0)
    ]
    reached = np.array(tried)
    done = ~np.isnan(reached)
    at = reached[done].astype(np.int64)
    after = so_far[done, -1] - so_far[done, at - 1]
    tails = [(1 - rule.level) / 2, (1 + rule.level) / 2]
    kind = "possible" if len(chosen) < rule.orders else "random"
    often = f"reached in {done.mean():.0%} of {len(chosen):,} {kind} orders"
    return _range(at, tails), _range(after, tails), often


def _range(values: NDArray[np.int64], tails: Sequence[float]) -> Range:
    """Return the values at both ends; whole interviews and codes, no fractions."""
    if not len(values):
        return Range()
    low, high = np.quantile(values, tails, method="inverted_cdf")
    return Range(float(low), float(high))


def _estimate(found: Found, level: float) -> Row:
    what = "Chao2: lower bound for the number of codes that ever more such interviews would show"
    often = found.sum(axis=0)
    once, twice = (often == 1).sum(), (often == 2).sum()
    detail = f"{once} code{'' if once == 1 else 's'} in one interview only, {twice} in two"
    reason, ends = _too_little(found), chao2_interval(found, level)
    if not reason and np.isnan(ends.low):
        reason = "no interval: nothing seems to be missing"
    name, value = "codes estimated", chao2(found)
    return Row(name, value, *ends, detail=detail, reason=reason, definition=what, source=CHAO)


def _coverage(found: Found, rule: Rule) -> list[Row]:
    """Estimate sample coverage, and how many interviews are missing."""
    reason, ends, more = _too_little(found), Range(), Range()
    if not reason and len(found) < FEWEST:
        reason = f"no interval: {len(found)} interviews, at least {FEWEST} are needed"
    elif not reason:
        ends, more = intervals(found, level=rule.level, seed=rule.seed)
    what = "estimated share of all occurrences of codes in interviews that are of codes found"
    covered = Row(
        *("sample coverage", sample_coverage(found), *ends),
        reason=reason,
        definition=what,
        source=COVERAGE,
    )
    needed = interviews_needed(found)
    beyond = "beyond twice the interviews held: a rough guess" if needed > len(found) else ""
    return [
        covered,
        Row(
            *("interviews to 95 % coverage", needed, *more),
            detail=beyond,
            reason=reason,
            definition="more such interviews until sample coverage would be 95 %, by extrapolation",
            source=COVERAGE,
        ),
    ]


def _too_little(found: Found) -> str:
    """Say why nothing can be estimated; empty where it can."""
    if len(found) < 2:
        return "fewer than two interviews"
    return "" if found.any() else "no code was found"
