"""Published ratings, and coefficients of small ones in a word."""

from __future__ import annotations

import numpy as np

from study.reliability import coefficients

nan = np.nan

# Cohen (1960), Educational and Psychological Measurement 20, 37-46: 200 cases, three categories.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, examples A, B and C.
A = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
B = [list("aabbdcccedda"), list("babbbccceddd")]
C = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
    [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
]
NUMBERS = np.arange(1, 6)
INTERVAL = (NUMBERS[:, None] - NUMBERS) ** 2.0
RATIO = INTERVAL / (NUMBERS[:, None] + NUMBERS) ** 2


def alpha(ratings, distance=None):
    return float(coefficients.krippendorff_alpha(coefficients.counts(ratings), distance))


def kappa(first, second):
    (table,) = coefficients.pair_tables(coefficients.marks([first, second]))
    return float(coefficients.cohen_kappa(table))


def judged(ratings):
    return coefficients.judgements(coefficients.counts(ratings))


def percent(ratings):
    return float(coefficients.percent_agreement(coefficients.counts(ratings)))
