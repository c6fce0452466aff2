"""How often intervals of sample coverage, and of interviews needed, hold what is true.

The figures of docs/decisions/5-intervals.md.  Run it by hand:
`uv run python tests/benchmarks/bench_saturation.py`.
"""

from __future__ import annotations

import numpy as np

from study.saturation import estimates

STUDIES = 600
CASES = [(8, 45, 0.7, 3), (12, 45, 0.5, 2), (12, 45, 1, 2), (20, 45, 0.5, 4), (30, 100, 0.4, 4)]


def held(interviews: int, codes: int, first: float, second: float) -> list[float]:
    """Return how often the interval of coverage, plain percentiles, and that of needed held."""
    rng, hits = np.random.default_rng(3), []
    for _ in range(STUDIES):
        chance = rng.beta(first, second, size=codes)
        found = rng.random((interviews, codes)) < chance
        truth = chance[found.any(axis=0)].sum() / chance.sum()
        missing = [(chance * (1 - chance) ** (interviews + n)).sum() for n in range(400)]
        enough = int(np.argmax(np.array(missing) <= 0.05 * chance.sum()))
        covered, more = estimates.intervals(found)
        world = estimates.assemblage(found)
        often = rng.binomial(interviews, world, size=(estimates.DRAWS, len(world)))
        plain = np.nanquantile(estimates._coverage(often, interviews), [0.025, 0.975])
        hits.append(
            (
                covered.low <= truth <= covered.high,
                plain[0] <= truth <= plain[1],
                more.low <= enough <= more.high,
            )
        )
    return [float(share) for share in np.mean(hits, axis=0)]


def main() -> None:
    """Print the table."""
    print("interviews, codes, shape of frequencies: coverage, its percentiles, interviews needed")
    for case in CASES:
        print(*case, *(f"{share:.3f}" for share in held(*case)))


if __name__ == "__main__":
    main()
