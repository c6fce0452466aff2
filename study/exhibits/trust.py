"""How far to trust the coding: agreement, and whether more interviews would bring more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from study import tables
from study.errors import NotPossibleError
from study.exhibits.results import Exhibit, Results
from study.publication import forms

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

RESAMPLES = 2000
ORDERS = 1000
RARE = "rare: one decision changes much"
"""The warning where counts are masked: without the count."""
NAMING = ("last new code", "saturation", "new codes after saturation")
"""Measures of saturation whose detail names participants and codes."""


def reliability(results: Results) -> Iterator[Exhibit]:
    """How far coders agree."""
    import pandas as pd

    from study import figures, reliability

    units = reliability.shared(tables.units(results.study))
    coders = sorted(set(units["coder"]))
    if len(coders) < 2:
        raise NotPossibleError(
            "reliability needs two people who have coded the same transcripts (a consensus and "
            "machines do not count)"
        )
    seed = results.study.settings.seed
    used = results.codebook[results.codebook["code"].isin(units.loc[units["value"] == 1, "code"])]
    by_code = reliability.by_code(units, used, resamples=RESAMPLES, seed=seed)
    overall = reliability.overall(units, used, resamples=RESAMPLES, seed=seed)
    stance = reliability.of_stances(tables.stances(results.study), resamples=RESAMPLES, seed=seed)
    read, every = units["source"].nunique(), len(results.study.sources)
    where = "" if read == every else f" in the {read} of {every} transcripts that they share"
    caption = (
        f"Agreement of {' and '.join(coders)} on participants' turns{where} "
        f"(n = {units['unit'].nunique()} turns; a code is applied to a turn if it is on any "
        "part of it, so other boundaries do not show), with 95 % intervals from "
        f"{RESAMPLES:,} resamples of whole transcripts (percentiles, widened for their small "
        "number; Hesterberg 2015). Codes that nobody used are left out; a value or an interval "
        "that is missing has its reason in the table, whose first rows are all codes together, and "
        "stance."
    )
    if results.mask.smallest:
        by_code = _masked(results, by_code, units)
        caption += (
            f" {len(used) - by_code['code'].nunique()} codes are left out because their count of "
            "participants is masked; where a count of a group is, percent agreement and prevalence "
            "are not given, for they would tell how often the code was applied."
        )
    alt = "Forest plot: percent agreement, Cohen's kappa and Krippendorff's alpha of each code."
    table = pd.concat([overall, stance, by_code], ignore_index=True)
    draw = partial(_only_codes, partial(figures.reliability, titles=results.branches))
    options = {"resamples": RESAMPLES, "seed": seed}
    title, form = "Inter-coder reliability", forms.reliability
    yield Exhibit("reliability", title, table, caption, draw, alt, options, form=form)


def _masked(results: Results, table: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Leave out of agreement, code by code, what would tell a masked count.

    A coefficient and n together tell how often a rare code was applied: codes heard from too few
    participants, by the reporting coder or by those compared, have no rows.
    """
    mask, spoken = results.mask, units[units["value"] == 1].groupby("code")["source"].nunique()
    partly = {code for code, _, _ in mask.cells}
    rare = {code for code, sources in spoken.items() if mask.few(int(sources))}
    whole = {code for code in partly if mask.hides(code) or mask.hides(code, below=True)} | rare
    table = table[~table["code"].isin(whole)]
    some = table["code"].isin(partly)
    table = table[~(some & (table["coefficient"] == "percent agreement"))]
    some = table["code"].isin(partly)
    warned = table["warning"].where(table["warning"] == "", RARE)
    return table.assign(prevalence=table["prevalence"].mask(some), warning=warned)


def _only_codes(draw: Callable[[pd.DataFrame], Figure], table: pd.DataFrame) -> Figure:
    """Draw the rows of single codes; the table also holds those of all codes together."""
    return draw(table[table["code"] != ""].reset_index(drop=True))


def saturation(results: Results) -> Iterator[Exhibit]:
    """Whether more interviews would bring more codes."""
    from study import figures, saturation

    order = saturation.interview_order(tables.cases(results.scope))
    codes = tables.codebook(results.study, leaves=True)
    seed = results.study.settings.seed
    table = saturation.curve(results.codings, order, codes, orders=ORDERS, seed=seed)
    caption = (
        "Codes of the codebook met so far (leaves, not branches), interview by interview in order "
        f"of date, with the band of 95 % of {int(table['orders'].iloc[0]):,} random orders; "
        f"{results.coded}. With a codebook made beforehand this is coverage of "
        "the codebook, which says little of themes that nobody foresaw."
    )
    alt = "Line that rises with each interview to the number of codes met, with a band."
    title = "Code saturation"
    options = {"orders": ORDERS, "seed": seed}
    yield Exhibit("saturation", title, table, caption, figures.saturation, alt, options)
    table = saturation.summary(results.codings, order, codes, orders=ORDERS, seed=seed)
    caption = (
        "Coverage of the codebook by the rule of Guest, Namey and Chen (2020), made for themes "
        "found on the way: whether it was reached, what came later, how both would be in other "
        "orders of the interviews (low and high: 95 % of them), and what may still be missing "
        f"(Chao2 and sample coverage, with 95 % intervals). {results.coded}."
    )
    if results.mask.smallest:  # who was the only one to speak of a code
        table = table.assign(detail=table["detail"].where(~table["measure"].isin(NAMING), ""))
    title = "Saturation in numbers"
    yield Exhibit("saturation-summary", title, table, caption, form=forms.saturation)
