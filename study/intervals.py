"""What intervals of all kinds need: how far out the percentiles of a bootstrap lie."""

from __future__ import annotations

from math import inf, isinf, sqrt

__all__ = ["tail_of"]


def tail_of(level: float, things: float = inf) -> float:
    """Return the share to cut off at either end, smaller than (1 - level) / 2 for few things.

    Resamples vary as if n things were n - 1, and a normal quantile stands for Student's: both are
    put right.  Hesterberg (2015), doi 10.1080/00031305.2015.1089789.
    """
    if things < 2 or isinf(things):
        return (1 - level) / 2
    from scipy.special import ndtr, stdtrit

    out = stdtrit(things - 1, (1 - level) / 2) * sqrt(things / (things - 1))
    return float(ndtr(out))
