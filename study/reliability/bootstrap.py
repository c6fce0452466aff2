"""Bootstrap intervals from sums: resamples are weights, and weighting is a matrix product.

Turns of one interview resemble each other, so whole transcripts are drawn with replacement
(cluster bootstrap: Field & Welsh 2007, doi 10.1111/j.1467-9868.2007.00593.x).  Plain percentiles
(Efron & Tibshirani 1993) are too narrow where there are few transcripts; they are widened as by
Hesterberg (2015, doi 10.1080/00031305.2015.1089789).  In 1,500 simulated studies (alpha about .6)
95 % intervals of the three kinds held the true value in this share of cases:

transcripts   percentiles   BCa    widened percentiles (used here)
6             .86           .86    .94
12            .92           .92    .96
30            .94           .94    .95

BCa corrects skewness, which is not what is wrong here, and is not offered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from study.intervals import tail_of as tail_of
from study.reliability.coefficients import Floats

BLOCK = 4_000_000
"""Numbers held at a time: many codes and coders are worked through in blocks of codes."""


class Interval(NamedTuple):
    """Bounds, each (codes,), nan where `reason` says why."""

    low: Floats
    high: Floats
    reason: list[str]


def patterns(counts: ArrayLike) -> tuple[Floats, Floats]:
    """Collapse units (units, categories) to distinct patterns and how often each occurs.

    A bootstrap over units needs no more: pass the second as `times` to `weights`.
    """
    distinct, times = np.unique(np.asarray(counts, dtype=float), axis=0, return_counts=True)
    return distinct, times.astype(float)


def weights(times: ArrayLike, resamples: int, seed: int) -> Floats:
    """Draw how often each thing is in each resample: (resamples, things).

    Parameters
    ----------
    times
        (things,) how often each occurs in the data: ones for transcripts, counts for patterns.
    resamples, seed
        Number of resamples; seed of NumPy's default generator.
    """
    often = np.asarray(times, dtype=float)
    chances = often / often.sum()
    drawn = np.random.default_rng(seed).multinomial(round(often.sum()), chances, size=resamples)
    return drawn.astype(float)


def replicate(value: Callable[[Floats], Floats], sums: Floats, weights: Floats) -> Floats:
    """Compute a coefficient in every resample: (resamples, codes).

    Parameters
    ----------
    value
        Turns sums (..., *) into coefficients (...).
    sums
        (things, codes, *), what the coefficient adds up, thing by thing.
    weights
        (resamples, things), see `weights`.
    """
    draws = np.empty((len(weights), sums.shape[1]))
    size = max(1, BLOCK // max(1, len(weights) * sums[0, :1].size))
    for first in range(0, sums.shape[1], size):
        block = slice(first, first + size)
        draws[:, block] = value(np.tensordot(weights, sums[:, block], axes=1))
    return draws


def interval(draws: Floats, level: float = 0.95, things: float = np.inf) -> Interval:
    """Return the percentile interval of each code's resampled values (resamples, codes).

    `things` is how many transcripts, or units, were resampled: the fewer, the further out the
    percentiles lie.  There is no interval where more than 1 - level of the resamples are
    undefined (the bounds would depend on what is not known) nor where all are alike (a width of
    zero is no certainty).
    """
    undefined = np.isnan(draws).mean(axis=0)
    usable = undefined <= 1 - level
    bounds = np.full((2, draws.shape[1]), np.nan)
    if usable.any():
        tail = tail_of(level, things)
        bounds[:, usable] = np.nanquantile(draws[:, usable], [tail, 1 - tail], axis=0)
    flat = np.ptp(bounds, axis=0) < 1e-12
    bounds[:, flat] = np.nan
    reasons = [_reason(*code) for code in zip(undefined, usable, flat, strict=True)]
    return Interval(bounds[0], bounds[1], reasons)


def _reason(undefined: float, usable: bool, flat: bool) -> str:
    """Say why there is no interval; empty where there is one."""
    if not usable:
        return f"no interval: undefined in {undefined:.0%} of resamples (too few transcripts)"
    return "no interval: the same value in every resample" if flat else ""
