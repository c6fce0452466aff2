"""What may be missing: how many codes there are, and how much of what is said they cover.

Codes stand for species and interviews for samples.  Chao (1987), doi 10.2307/2531532; Chao & Jost
(2012), doi 10.1890/11-1952.1.

Intervals of coverage and of interviews needed come from studies drawn from an estimated world:
codes as frequent as they seem to be, codes not yet met included (Chao et al. 2014, doi
10.1890/13-0133.1, appendix G).  By how much the estimate of coverage was wrong in those worlds is
taken for how wrong it may be here: tests/benchmarks/bench_saturation.py says how often that holds
the true coverage.
"""

from __future__ import annotations

from math import ceil, exp, log, nan, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from study.saturation.orders import Found

TARGET = 0.95
DRAWS = 1000
Floats = NDArray[np.float64]


class Range(NamedTuple):
    """An interval; nan where there is none."""

    low: float = nan
    high: float = nan


def chao2(found: Found) -> float:
    """Return a lower bound for the number of codes, those not yet found included.

    `found` is (interviews, codes); nan for fewer than two interviews or where no code was found.
    Bias-corrected where no code was found exactly twice.  Chao (1987), doi 10.2307/2531532.
    """
    if len(found) < 2 or not found.any():
        return nan
    return float(found.any(axis=0).sum() + _unseen(found))


def chao2_interval(found: Found, level: float = 0.95) -> Range:
    """Return the interval of `chao2`: log-normal, so that it lies above the codes found.

    nan where every code was found twice, or where nothing can be estimated.  Chao (1987), doi
    10.2307/2531532.
    """
    from scipy.special import ndtri

    unseen = _unseen(found) if len(found) > 1 else 0.0
    if not unseen:
        return Range()
    seen = int(found.any(axis=0).sum())
    spread = sqrt(log(1 + _variance(found) / unseen**2))
    factor = exp(float(ndtri((1 + level) / 2)) * spread)
    return Range(seen + unseen / factor, seen + unseen * factor)


def sample_coverage(found: Found) -> float:
    """Return the estimated share of code occurrences, unseen ones included, of codes found.

    `found` is (interviews, codes); nan for fewer than two interviews or where no code was found.
    Chao & Jost (2012), doi 10.1890/11-1952.1.
    """
    return float(_coverage(found.sum(axis=0)[np.newaxis], len(found))[0])


def interviews_needed(found: Found, target: float = TARGET) -> float:
    """Return how many more interviews would bring sample coverage to the target; 0 if it is there.

    `found` is (interviews, codes); nan for fewer than two interviews or where no code was found.
    Chao & Jost (2012), doi 10.1890/11-1952.1: each further interview multiplies what is missing by
    the same share.
    """
    return float(_needed(found.sum(axis=0)[np.newaxis], len(found), target)[0])


def intervals(
    found: Found, target: float = TARGET, level: float = 0.95, seed: int = 1
) -> tuple[Range, Range]:
    """Return the intervals of sample coverage and of the interviews needed."""
    if np.isnan(sample_coverage(found)):
        return Range(), Range()
    interviews, world = len(found), assemblage(found)
    rng = np.random.default_rng(seed)
    often = rng.binomial(interviews, world, size=(DRAWS, len(world)))
    often = often[often.any(axis=1)]
    truth = ((often > 0) * world).sum(axis=1) / world.sum()
    tails = [(1 + level) / 2, (1 - level) / 2]
    missed = np.quantile(_coverage(often, interviews) - truth, tails)
    covered = np.clip(sample_coverage(found) - missed, 0, 1)
    more = np.quantile(_needed(often, interviews, target), tails[::-1])
    return Range(*covered.tolist()), Range(*more.tolist())


def assemblage(found: Found) -> Floats:
    """Return how likely an interview has each code, codes not yet found included (codes,).

    Chao et al. (2014), doi 10.1890/13-0133.1, appendix G.
    """
    interviews, often = len(found), found.sum(axis=0)
    share, unseen = often[often > 0] / interviews, ceil(_unseen(found) - 1e-9)
    if not unseen:
        return np.asarray(share)
    once = float(_rare(often)[0])
    each, absent = once / (interviews * unseen + once), (1 - share) ** interviews
    weight = each * unseen / float((share * absent).sum())
    return np.concatenate([np.clip(share * (1 - weight * absent), 0, 1), np.full(unseen, each)])


def _unseen(found: Found) -> float:
    """Return how many codes, at least, were not found."""
    once, twice, _ = (float(count) for count in _rare(found.sum(axis=0)))
    pairs = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    return (len(found) - 1) / max(len(found), 1) * pairs


def _variance(found: Found) -> float:
    """Return the variance of `chao2`."""
    once, twice, _ = (float(count) for count in _rare(found.sum(axis=0)))
    share = (len(found) - 1) / len(found)
    if twice:
        odds = once / twice
        return twice * (share * odds**2 / 2 + share**2 * (odds**3 + odds**4 / 4))
    return (
        share * once * (once - 1) / 2
        + share**2 * once * (2 * once - 1) ** 2 / 4
        - share**2 * once**4 / (4 * chao2(found))
    )


def _coverage(often: NDArray[np.int64], interviews: int) -> Floats:
    """Return sample coverage of each row of frequencies (studies, codes), nan where undefined."""
    once, _, incidences = _rare(often)
    if interviews < 2:
        return np.full(len(often), np.nan)
    share = once / np.where(incidences > 0, incidences, np.nan)
    return np.asarray(1 - share * _left(often, interviews))


def _needed(often: NDArray[np.int64], interviews: int, target: float) -> Floats:
    """Return how many more interviews each row of frequencies (studies, codes) asks for."""
    missing = 1 - _coverage(often, interviews)
    short = missing > 1 - target
    left = np.where(short, _left(often, interviews), 0.5)
    steps = np.log((1 - target) / np.where(short, missing, 1)) / np.log(left)
    return np.where(np.isnan(missing), np.nan, np.where(short, np.ceil(steps - 1e-9), 0))


def _left(often: NDArray[np.int64], interviews: int) -> Floats:
    """Return the share of what is missing that one more interview would leave missing."""
    once, twice, _ = _rare(often)
    weight = (interviews - 1) * np.where(twice > 0, once, np.maximum(once - 1, 0))
    return np.asarray(weight / (weight + 2 * np.maximum(twice, 1)))


def _rare(often: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Count codes found in one interview, in two, and incidences in all, over the last axis."""
    counts = (often == 1).sum(axis=-1), (often == 2).sum(axis=-1), often.sum(axis=-1)
    return counts[0].astype(float), counts[1].astype(float), counts[2].astype(float)
