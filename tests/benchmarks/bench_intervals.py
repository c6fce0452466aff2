"""How often 95 % intervals of alpha hold the truth: percentiles, widened percentiles, BCa.

The figures of docs/decisions/5-intervals.md.  Run it by hand:
`uv run python tests/benchmarks/bench_intervals.py`.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from study.reliability import bootstrap
from study.reliability.measures import ALPHA

STUDIES, RESAMPLES = 1500, 1000
CASES = [(2, 30, 0.3, 0.1), (3, 30, 0.3, 0.1), (4, 30, 0.3, 0.1), (5, 30, 0.3, 0.1),
         (6, 30, 0.3, 0.1), (12, 30, 0.3, 0.1), (12, 40, 0.3, 0.03), (12, 40, 0.08, 0.02),
         (30, 30, 0.3, 0.1)]  # fmt: skip


def sums(sources: int, turns: int, share: float, error: float) -> np.ndarray:
    """Compose what alpha sums (sources, studies, 2, 2); transcripts differ in how often."""
    rng = np.random.default_rng(5)
    often = rng.beta(2, 2 / share - 2, size=(STUDIES, sources, 1))
    truth = rng.random((STUDIES, sources, turns)) < often
    value = truth[..., None] ^ (rng.random((STUDIES, sources, turns, 2)) < error)
    marks = np.stack([~value, value], axis=-1).astype(float)
    return np.stack([ALPHA.sums(marks[:, source]) for source in range(sources)])


def cut(draws: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return quantiles of each column of sorted draws, one pair of shares a column."""
    last = len(draws) - 1
    columns = range(draws.shape[1])
    ends = [np.clip(share * last, 0, last) for share in (low, high)]
    found = [[np.interp(e[c], range(last + 1), draws[:, c]) for c in columns] for e in ends]
    return np.array(found[0]), np.array(found[1])


def coverage(sources: int, turns: int, share: float, error: float) -> list[float]:
    """Return the shares of studies whose interval holds alpha, by kind of interval."""
    applied = share * (1 - error) + (1 - share) * error
    truth = 1 - error * (1 - error) / (applied * (1 - applied))
    each = sums(sources, turns, share, error)
    weights = bootstrap.weights(np.ones(sources), RESAMPLES, seed=1)
    draws = np.sort(bootstrap.replicate(ALPHA.value, each, weights), axis=0)
    total = each.sum(axis=0)
    value, without = ALPHA.value(total), ALPHA.value(total - each)
    lean = without.mean(axis=0) - without
    skew = (lean**3).sum(axis=0) / (6 * (lean**2).sum(axis=0) ** 1.5)
    below = ndtri(np.clip((draws < value).mean(axis=0), 1e-9, 1 - 1e-9))
    wide = float(stdtrit(sources - 1, 0.025)) * sqrt(sources / (sources - 1))
    found = []
    for out, corrected in ((ndtri(0.025), 0), (wide, 0), (ndtri(0.025), 1), (wide, 1)):
        shift, bend = corrected * below, corrected * skew
        ends = [ndtr(shift + (shift + z) / (1 - bend * (shift + z))) for z in (out, -out)]
        low, high = cut(draws, ends[0] + 0 * value, ends[1] + 0 * value)
        found.append(float(((low <= truth) & (truth <= high)).mean()))
    spread = np.sqrt((sources - 1) / sources * (lean**2).sum(axis=0))
    away = -stdtrit(sources - 1, 0.025) * spread
    return [*found, float((abs(value - truth) <= away).mean())]


def main() -> None:
    """Print the table."""
    print("transcripts, turns, share, error: percentiles, widened, BCa, BCa widened, jackknife t")
    for case in CASES:
        print(*case, *(f"{share:.3f}" for share in coverage(*case)))


if __name__ == "__main__":
    main()
