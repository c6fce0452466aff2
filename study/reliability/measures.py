"""The coefficients that are reported: what each adds up, how it is defined, whom to cite.

Another coefficient is another row of `MEASURES`: a function that sums marks over units, and one
that turns such sums into values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from study.reliability import coefficients
from study.reliability.coefficients import Floats


def no_caveat(sums: Floats) -> list[str]:
    """Say nothing about any of the codes (first axis)."""
    return [""] * len(sums)


@dataclass(frozen=True, slots=True)
class Measure:
    """One coefficient.

    `sums` takes marks (..., units, coders, categories) to whatever adds up over units; `value`
    takes sums to coefficients; `undefined` says when it is nan although the code was used;
    `caveat` tells, code by code, what a defined value leaves out.
    """

    name: str
    definition: str
    source: str
    sums: Callable[[Floats], Floats]
    value: Callable[[Floats], Floats]
    undefined: str = ""
    caveat: Callable[[Floats], Sequence[str]] = no_caveat


def pairs_left_out(tables: Floats) -> list[str]:
    """Say on how many pairs of coders the mean of kappa rests, where not on all."""
    defined = (~np.isnan(coefficients.cohen_kappa(tables))).sum(axis=-1)
    pairs = tables.shape[-3]
    return ["" if count == pairs else _left_out(int(count), pairs) for count in defined]


def _left_out(count: int, pairs: int) -> str:
    return (
        f"mean of {count} of {pairs} pairs of coders: "
        "the others share no unit or show no variation in those they share"
    )


PERCENT = Measure(
    name="percent agreement",
    definition="share of pairs of coders who agree, mean over units; not corrected for chance",
    source="Fleiss 1971, doi 10.1037/h0031619",
    sums=lambda marks: coefficients.agreement_sums(marks.sum(axis=-2)),
    value=coefficients.agreement_from,
)
KAPPA = Measure(
    name="Cohen's kappa",
    definition=(
        "two coders: agreement beyond what each coder's own prevalence lets expect by chance; "
        "more coders: mean over pairs (Light)"
    ),
    source="Cohen 1960, doi 10.1177/001316446002000104; Light 1971, doi 10.1037/h0031643",
    sums=coefficients.pair_tables,
    value=coefficients.mean_kappa,
    undefined="no variation in the units that any two coders share",
    caveat=pairs_left_out,
)
ALPHA = Measure(
    name="Krippendorff's alpha",
    definition=(
        "1 - observed / expected disagreement, nominal, any number of coders, "
        "units that a coder did not judge allowed"
    ),
    source="Hayes & Krippendorff 2007, doi 10.1080/19312450709336664",
    sums=lambda marks: coefficients.coincidences(marks.sum(axis=-2)),
    value=coefficients.alpha_from,
    undefined="no variation: every coder applied the code to every unit",
)
MEASURES = (PERCENT, KAPPA, ALPHA)
