"""Agreement on where passages begin and end: per character, per passage, and by Krippendorff.

Units of turns hide the boundaries of passages; here they are what is compared.  Every measure
works on a `spans.Line` and is one of `MEASURES`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from study.reliability import boundaries, measures
from study.reliability.coefficients import Floats
from study.reliability.measures import Measure, named
from study.reliability.report import Resampling, arrange, labels_of, rare, rows
from study.reliability.spans import Line, Texts, characters, line

if TYPE_CHECKING:
    import pandas as pd

KRIPPENDORFF_2004 = "Krippendorff 2004, doi 10.1007/s11135-004-8107-7"
KRIPPENDORFF_2016 = "Krippendorff, Mathet, Bouvry & Widlöcher 2016, doi 10.1007/s11135-015-0266-1"
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Spans(Measure):
    """A measure of passages: `each` sums a line (sources, codes, *), `pooled` (sources, 1, *)."""

    each: Callable[[Line], Floats] | None = None
    pooled: Callable[[Line], Floats] | None = None


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
        Passages, lengths of texts, and who worked on which (`Texts.of(project)`).
    codes, coders, resamples, seed, level
        As for `by_code`.
    coefficients
        Names of `passages.MEASURES`; all but Gwet's AC1 where it is not given.
    threshold
        Two passages are the same for `segment overlap (F)` where the characters they share are
        at least this share of the characters of either (Jaccard).

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
    laid = line(texts, None if codes is None else codes["code"].tolist(), coders)
    how, found = Resampling(resamples, seed, level), characters(laid)
    chosen = _chosen(coefficients, threshold)
    sums = [(each, each.each(laid)) for each in chosen if each.each is not None]
    tables = [rows(each, found, total, how) for each, total in sums]
    table = arrange(tables, labels_of(laid.codes, codes), "character")
    warnings = dict(zip(laid.codes, _warnings(laid), strict=True))
    return table.assign(warning=table["code"].map(warnings))


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
    with none; `cu alpha` is of the codes given to text that both marked, and needs coders who
    give each character one code at most.
    """
    laid = line(texts, None if codes is None else codes["code"].tolist(), coders)
    how, found = Resampling(resamples, seed, level), characters(laid.any_code())
    chosen = _chosen(coefficients, threshold)
    sums = [(each, each.pooled(laid)) for each in chosen if each.pooled is not None]
    tables = [rows(each, found, total, how) for each, total in sums]
    table = arrange(tables, [("", "all codes", "")], "character")
    return table.assign(warning=_warnings(laid.any_code())[0])


def on_characters(measure: Measure) -> Spans:
    """Return a coefficient of decisions with every character as a unit."""
    fields = {name: getattr(measure, name) for name in Measure.__slots__}

    def each(found: Line) -> Floats:
        return characters(found).sums(measure)

    return Spans(**fields, each=each, pooled=lambda found: each(found).sum(axis=1, keepdims=True))


def _of_2004(found: Line) -> Floats:
    """Return the sums of 2004 with the codes where its value adds them up."""
    return boundaries.unit_sums(found)[:, np.newaxis, :, 0]


def _overlap(threshold: float) -> Spans:
    """Return segment overlap at a threshold."""
    each = partial(boundaries.matched, threshold=threshold)
    return Spans(
        name="segment overlap (F)",
        definition=(
            "share of all passages, both coders', to which the other coder has one that shares "
            f"{threshold:.0%} or more of the characters of either (Jaccard): harmonic mean of "
            "precision and recall; more coders: all pairs together; not corrected for chance"
        ),
        source="Hripcsak & Rothschild 2005, doi 10.1197/jamia.M1733",
        sums=measures.ALPHA.sums,
        value=boundaries.share,
        undefined="nobody marked a passage in a text that two coders worked on",
        each=each,
        pooled=lambda found: each(found).sum(axis=1, keepdims=True),
    )


def _chosen(names: Collection[str] | None, threshold: float) -> list[Spans]:
    """Return the measures of these names with this threshold."""
    if not 0 < threshold <= 1:
        raise ValueError("threshold must be above 0 and at most 1")
    wanted = [each.name for each in MEASURES if each is not AC1] if names is None else names
    chosen = named(wanted, MEASURES)
    return [_overlap(threshold) if each is OVERLAP else each for each in chosen]


def _warnings(found: Line) -> list[str]:
    """Warn, code by code, where there are few passages or few texts with any."""
    made = sum(found.add_up(each.start, each.length * 0 + 1) for each in found.passages)
    often = np.zeros(found.shape) + made
    return [rare(each.sum(), int((each > 0).sum()), "passages") for each in often.T]


AC1 = on_characters(measures.GWET)
U_ALPHA = Spans(
    name="|u alpha",
    definition=(
        "Krippendorff's alpha for unitizing (2016), marked against not marked: boundaries of one "
        "code's passages; over all codes: of text marked with any"
    ),
    source=KRIPPENDORFF_2016,
    sums=measures.ALPHA.sums,
    value=boundaries.u_alpha,
    undefined="no variation: everything was marked, or a single passage",
    each=boundaries.coincident,
    pooled=lambda found: boundaries.coincident(found.any_code()),
)
CU_ALPHA = Spans(
    name="cu alpha",
    definition=(
        "Krippendorff's alpha for coding what two coders marked (2016), whatever its boundaries; "
        "a reconstruction for more than two coders"
    ),
    source=KRIPPENDORFF_2016,
    sums=measures.ALPHA.sums,
    value=boundaries.cu_alpha,
    undefined="a coder gave a character two codes, or all that two coders marked has one code",
    pooled=boundaries.cu_sums,
)
ALPHA_2004 = Spans(
    name="alpha for unitizing (2004)",
    definition=(
        "Krippendorff's alpha for unitizing in its first form: squared distances between the "
        "ends of passages that meet, squared lengths of passages that meet none"
    ),
    source=KRIPPENDORFF_2004,
    sums=measures.ALPHA.sums,
    value=boundaries.alpha_2004,
    undefined="no passage in a text that two coders worked on",
    each=boundaries.unit_sums,
    pooled=_of_2004,
)
OVERLAP = _overlap(THRESHOLD)
MEASURES = (
    on_characters(measures.PERCENT),
    on_characters(measures.KAPPA),
    on_characters(measures.ALPHA),
    AC1,
    U_ALPHA,
    CU_ALPHA,
    ALPHA_2004,
    OVERLAP,
)
