"""The coefficients that are reported: what each adds up, how it is defined, whom to cite.

Another coefficient is another row of `ALL`: a function that sums marks over units, and one that
turns such sums into values.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np

from study.errors import NotPossibleError
from study.reliability import coefficients
from study.reliability.coefficients import Floats
from study.reliability.distances import Distance


def no_caveat(sums: Floats) -> list[str]:
    """Say nothing about any of the codes (first axis)."""
    return [""] * len(sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """How one coefficient is called, defined and computed from sums, and whom to cite.

    `value` takes sums (codes, *) to coefficients (codes,); `undefined` says when it is nan
    although the code was used; `caveat` tells, code by code, what a defined value leaves out.
    """

    name: str
    definition: str
    source: str
    value: Callable[..., Floats]
    undefined: str = ""
    caveat: Callable[[Floats], Sequence[str]] = no_caveat


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Coefficient):
    """A coefficient of decisions on units.

    `sums` takes marks (..., units, coders, categories) to whatever adds up over units; `value`
    takes a distance too where it `weighs`.
    """

    sums: Callable[[Floats], Floats]
    weighs: bool = True


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


def counted(sums: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
    """Let a sum over counts take marks."""
    return lambda marks: sums(marks.sum(axis=-2))


PERCENT = Measure(
    name="percent agreement",
    definition="share of pairs of coders who agree, mean over units; not corrected for chance",
    source="Fleiss 1971, doi 10.1037/h0031619",
    sums=counted(coefficients.agreement_sums),
    value=coefficients.agreement_from,
    weighs=False,
)
HOLSTI = Measure(
    name="Holsti's coefficient",
    definition=(
        "2 x agreements / decisions of both coders, mean over pairs of coders; units that one of "
        "them left out count against it; not corrected for chance"
    ),
    source="Holsti 1969, Content Analysis for the Social Sciences and Humanities",
    sums=coefficients.holsti_sums,
    value=coefficients.holsti,
    weighs=False,
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
CONGER = Measure(
    name="Conger's kappa",
    definition=(
        "Cohen's kappa of any number of coders at once: chance is two different coders, each "
        "guessing by their own prevalence"
    ),
    source="Conger 1980, doi 10.1037/0033-2909.88.2.322",
    sums=coefficients.by_coder,
    value=coefficients.conger_kappa,
    undefined="no variation: every coder made the same decision everywhere",
)
PI = Measure(
    name="Scott's pi",
    definition=(
        "two coders: agreement beyond what their common prevalence lets expect by chance; more "
        "coders: mean over pairs"
    ),
    source="Scott 1955, doi 10.1086/266577",
    sums=coefficients.pair_tables,
    value=coefficients.mean_pi,
    undefined="no variation in the units that any two coders share",
    caveat=pairs_left_out,
)
FLEISS = Measure(
    name="Fleiss' kappa",
    definition="Scott's pi of any number of coders at once: everybody guesses by the same shares",
    source="Fleiss 1971, doi 10.1037/h0031619",
    sums=counted(coefficients.judgements),
    value=coefficients.fleiss_kappa,
    undefined="no variation: every coder made the same decision everywhere",
)
ALPHA = Measure(
    name="Krippendorff's alpha",
    definition=(
        "1 - observed / expected disagreement, nominal, any number of coders, "
        "units that a coder did not judge allowed"
    ),
    source="Hayes & Krippendorff 2007, doi 10.1080/19312450709336664",
    sums=counted(coefficients.coincidences),
    value=coefficients.alpha_from,
    undefined="no variation: every coder applied the code to every unit",
)
GWET = Measure(
    name="Gwet's AC1",
    definition=(
        "agreement beyond chance, chance limited to what is hard to judge; close to percent "
        "agreement for rare codes, 1 where nobody ever disagrees"
    ),
    source="Gwet 2008, doi 10.1348/000711006X126600",
    sums=counted(coefficients.judgements),
    value=coefficients.gwet_ac,
)
BRENNAN = Measure(
    name="Brennan-Prediger",
    definition="agreement beyond chance, chance taking all categories to be equally likely (S)",
    source="Brennan & Prediger 1981, doi 10.1177/001316448104100307",
    sums=counted(coefficients.judgements),
    value=coefficients.brennan_prediger,
)
ALL = (PERCENT, HOLSTI, KAPPA, CONGER, PI, FLEISS, ALPHA, GWET, BRENNAN)
MEASURES = (PERCENT, KAPPA, ALPHA)
"""Those reported where nothing else is asked for."""
USUAL = tuple(measure.name for measure in MEASURES)


C = TypeVar("C", bound=Coefficient)


def reported(names: Collection[str] | None) -> tuple[Measure, ...]:
    """Return the measures of these names, in their order; None: `MEASURES`."""
    return MEASURES if names is None else named(names, ALL)


def named(names: Collection[str], known: Sequence[C]) -> tuple[C, ...]:
    """Return the measures of these names, in their order.

    Raises
    ------
    NotPossibleError
        There is none of that name.
    """
    found = {measure.name: measure for measure in known}
    if unknown := [name for name in names if name not in found]:
        there = ", ".join(found)
        raise NotPossibleError(f"no coefficient called {', '.join(unknown)}; there are: {there}")
    return tuple(found[name] for name in names)


def weighted(measure: Measure, distance: Distance, label: str) -> Measure:
    """Return the measure with disagreements weighted; `label` says how, in name and definition."""
    name = measure.name.replace("AC1", "AC2")
    return replace(
        measure,
        name=f"{name} ({label})",
        definition=f"{measure.definition.replace(', nominal', '')}; disagreements: {label}",
        value=partial(measure.value, distance=distance),
    )
