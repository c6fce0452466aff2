"""Agreement on where passages begin and end: per character, per passage, and by Krippendorff.

Units of turns hide the boundaries of passages; here they are what is compared.  Every measure
works on a `spans.Line` and is one of `MEASURES`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from study.reliability import boundaries, distances, measures, partitions
from study.reliability.coefficients import Floats
from study.reliability.measures import Coefficient, Measure, named
from study.reliability.report import Resampling, arrange, labels_of, rows
from study.reliability.spans import Line, Texts, characters, line

if TYPE_CHECKING:
    import pandas as pd

KRIPPENDORFF_2004 = "Krippendorff 2004, doi 10.1007/s11135-004-8107-7"
KRIPPENDORFF_2016 = "Krippendorff, Mathet, Bouvry & Widlöcher 2016, doi 10.1007/s11135-015-0266-1"
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans(Coefficient):
    """A measure of passages: `each` sums a line (sources, codes, *), `pooled` (sources, 1, *)."""

    each: Callable[[Line], Floats] | None = None
    pooled: Callable[[Line], Floats] | None = None

    def over_all(self, found: Line) -> tuple[Coefficient, Floats] | None:
        """Return the coefficient of all codes at once and its sums, None where there is none."""
        return None if self.pooled is None else (self, self.pooled(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class OverSets(Spans):
    """A measure of the sets of codes that text was given, with a distance between sets."""

    sums: Callable[[Line, list[partitions.Units], Floats], Floats]
    distance: Callable[[NDArray[np.bool_]], Floats]

    def over_all(self, found: Line) -> tuple[Coefficient, Floats]:
        """Return the coefficient with the distances of the sets that were met, and its sums."""
        sets, units = partitions.partition(found)
        apart = self.distance(sets)
        fitted = replace(self, value=partial(self.value, apart=apart))
        return fitted, self.sums(found, units, apart)


def unitizing(
    texts: Texts,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    coefficients: Collection[str] | None = None,
    threshold: float = THRESHOLD,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure how far coders agree on the passages of each code, boundaries included.

    Parameters
    ----------
    texts
        Passages, lengths of texts, and who worked on which (`Texts.of(project)`).  Only what is
        heard counts: not the interviewer's words, speakers' labels, blank lines.
    codes, coders, resamples, seed, level
        As for `by_code`.
    coefficients
        Names of `passages.MEASURES`; all but Gwet's AC1 where it is not given.
    threshold
        Two passages are the same for `segment overlap` where the characters they share are at
        least this share of the characters of either (Jaccard).

    Returns
    -------
    The columns of `by_code`; `n` counts characters, `prevalence` is their share that is marked.

    Raises
    ------
    NotPossibleError
        There is no such coder or coefficient.
    ValueError
        A passage outside its text; contradictory arguments.
    """
    laid = line(texts.spoken(), None if codes is None else codes["code"].tolist(), coders)
    how, found = Resampling(resamples, seed, level), characters(laid)
    chosen = _chosen(coefficients, threshold)
    sums = [(each, each.each(laid)) for each in chosen if each.each is not None]
    tables = [rows(each, found, total, how) for each, total in sums]
    return arrange(tables, labels_of(laid.codes, codes), "character")


def unitizing_overall(
    texts: Texts,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    coefficients: Collection[str] | None = None,
    threshold: float = THRESHOLD,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measure agreement on the passages of all codes at once.

    Arguments and columns are those of `unitizing`.  Characters x codes are the decisions of the
    coefficients on characters; `|u alpha` is of text marked with any code against text marked
    with none, `u alpha` of which codes text was given, none included, and `cu alpha` of the codes
    given to text that both marked.  Where a coder gave text several codes, their set is compared.
    """
    laid = line(texts.spoken(), None if codes is None else codes["code"].tolist(), coders)
    how, found = Resampling(resamples, seed, level), characters(laid.any_code())
    pooled = [each.over_all(laid) for each in _chosen(coefficients, threshold)]
    tables = [rows(each[0], found, each[1], how) for each in pooled if each is not None]
    return arrange(tables, [("", "all codes", "")], "character")


def on_characters(measure: Measure) -> Spans:
    """Return a coefficient of decisions with every character as a unit."""
    plain = {field.name: getattr(measure, field.name) for field in fields(Coefficient)}

    def each(found: Line) -> Floats:
        return characters(found).sums(measure)

    return Spans(**plain, each=each, pooled=lambda found: each(found).sum(axis=1, keepdims=True))


def _of_2004(found: Line) -> Floats:
    """Return the sums of 2004 with the codes where its value adds them up."""
    return boundaries.unit_sums(found)[:, np.newaxis, :, 0]


def _overlap(threshold: float) -> tuple[Spans, ...]:
    """Return segment overlap at a threshold: F, precision and recall."""
    each = partial(boundaries.matched, threshold=threshold)
    rule = (
        f"a match shares {threshold:.0%} or more of the characters of either (Jaccard), each "
        "passage has one at most; more coders: all pairs together; not corrected for chance"
    )
    meaning = {
        "F": (boundaries.f_measure, "harmonic mean of precision and recall"),
        "precision": (
            boundaries.precision,
            "share of passages that match one of the first coder's, who is the reference",
        ),
        "recall": (boundaries.recall, "share of the first coder's passages that are matched"),
    }
    return tuple(
        Spans(
            name=f"segment overlap ({name})",
            definition=f"{what}; {rule}",
            source="Hripcsak & Rothschild 2005, doi 10.1197/jamia.M1733",
            value=value,
            undefined="nobody marked a passage in a text that two coders worked on",
            each=each,
            pooled=lambda found: each(found).sum(axis=1, keepdims=True),
        )
        for name, (value, what) in meaning.items()
    )


def _chosen(names: Collection[str] | None, threshold: float) -> list[Spans]:
    """Return the measures of these names with this threshold."""
    if not 0 < threshold <= 1:
        raise ValueError("threshold must be above 0 and at most 1")
    wanted = [each.name for each in MEASURES if each is not AC1] if names is None else names
    same = {each.name: each for each in _overlap(threshold)}
    return [same.get(each.name, each) for each in named(wanted, MEASURES)]


def _nominal(sets: NDArray[np.bool_]) -> Floats:
    """Return distances of sets of codes: 1 between any two that are not the same."""
    return 1 - np.eye(len(sets))


AC1 = on_characters(measures.GWET)
BINARY = Spans(
    name="|u alpha",
    definition=(
        "Krippendorff's alpha for unitizing (2016), marked against not marked: boundaries of one "
        "code's passages; over all codes: of text marked with any"
    ),
    source=KRIPPENDORFF_2016,
    value=boundaries.u_alpha,
    undefined="no variation: everything was marked, or a single passage",
    each=boundaries.coincident,
    pooled=lambda found: boundaries.coincident(found.any_code()),
)
U_ALPHA = OverSets(
    name="u alpha",
    definition=(
        "Krippendorff's alpha for unitizing (2016), boundaries and codes together: what text was "
        "given, none included"
    ),
    source=KRIPPENDORFF_2016,
    value=partitions.alpha,
    undefined="no variation: everything was given the same codes",
    sums=partitions.unitized,
    distance=_nominal,
)
CU_ALPHA = OverSets(
    name="cu alpha",
    definition=(
        "Krippendorff's alpha of the codes given to what two coders marked (2016), whatever its "
        "boundaries; several codes on one text: are they the same set?"
    ),
    source=KRIPPENDORFF_2016,
    value=partitions.alpha,
    undefined="all that two coders marked was given the same codes, or nothing was by two",
    sums=partitions.coded,
    distance=_nominal,
)
CU_MASI = replace(
    CU_ALPHA,
    name="cu alpha (MASI)",
    definition=(
        "cu alpha with sets of codes that share some disagreeing in part: distance 1 - J x M "
        "(Passonneau 2006); the same as cu alpha where no text has two codes"
    ),
    source=f"{KRIPPENDORFF_2016}; Passonneau 2006, aclanthology.org/L06-1392",
    distance=distances.masi,
)
KU_ALPHA = Spans(
    name="(k)u alpha",
    definition=(
        "Krippendorff's alpha of one code in text that two coders marked with any (2016): this "
        "code or others, whatever the boundaries"
    ),
    source=KRIPPENDORFF_2016,
    value=boundaries.value_alpha,
    undefined="no text with this code was marked by another coder, or all that two marked has it",
    each=boundaries.value_sums,
)
ALPHA_2004 = Spans(
    name="alpha for unitizing (2004)",
    definition=(
        "Krippendorff's alpha for unitizing in its first form: squared distances between the "
        "ends of passages that meet, squared lengths of passages that meet none"
    ),
    source=KRIPPENDORFF_2004,
    value=boundaries.alpha_2004,
    undefined="no passage in a text that two coders worked on",
    each=boundaries.unit_sums,
    pooled=_of_2004,
)
MEASURES: tuple[Spans, ...] = (
    on_characters(measures.PERCENT),
    on_characters(measures.KAPPA),
    on_characters(measures.ALPHA),
    AC1,
    BINARY,
    U_ALPHA,
    CU_ALPHA,
    CU_MASI,
    KU_ALPHA,
    ALPHA_2004,
    *_overlap(THRESHOLD),
)
