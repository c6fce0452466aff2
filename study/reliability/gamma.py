"""Gamma: one number for where passages stand and which code they have, by the best alignment.

An extra, for the only package that computes it brings about 700 MB (and cvxopt, which is GPL-3).
It searches alignments with a solver and estimates chance from composed annotations: seconds to
minutes a text.  Mathet, Widlöcher & Métivier (2015), doi 10.1162/COLI_a_00227.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from study.errors import MissingExtraError
from study.reliability.report import COLUMNS
from study.reliability.spans import Texts

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "Mathet, Widlöcher & Métivier 2015, doi 10.1162/COLI_a_00227"
MEANING = {
    "gamma": "1 - observed / expected disorder of the best alignment of passages, places and codes",
    "gamma-cat": "the same of the codes of aligned passages only",
}


def gamma(
    texts: Texts,
    codes: pd.DataFrame | None = None,
    *,
    coders: Collection[str] | None = None,
    precision: float = 0.05,
    seed: int = 1,
) -> pd.DataFrame:
    """Measure agreement on passages by gamma, text by text.

    Parameters
    ----------
    texts, codes, coders
        As for `unitizing`; passages of one coder may overlap.
    precision
        Share by which chance may be misjudged, with 95 % confidence: decides how many composed
        annotations are aligned.
    seed
        Of those.

    Returns
    -------
    The columns of `by_code`, `transcript` in front, without intervals; two rows a text, gamma and
    gamma-cat (places and codes, codes alone; weights 1 and 1).  `n` counts passages.

    Raises
    ------
    MissingExtraError
        pygamma-agreement is not installed.
    NotPossibleError
        There is no such coder.
    """
    import pandas as pd

    package, heard = _package(), texts.spoken()
    names, made = heard.people(coders), heard.codings
    known = made["coder"].isin(names)
    made = made[known if codes is None else known & made["code"].isin(codes["code"])]
    rows: list[dict[str, object]] = []
    with _repeatable(seed):
        for text in heard.lengths:
            worked = [name for name in names if text in heard.assigned.get(name, ())]
            own = made[(made["source"] == text) & made["coder"].isin(worked)]
            values, reason = _values(package, own, worked, precision)
            rows += [_row(text, name, values[name], reason, own, len(worked)) for name in MEANING]
    return pd.DataFrame(rows, columns=["transcript", *COLUMNS])


def _package() -> Any:
    """Return the package, or say how to get it."""
    try:
        import pygamma_agreement
    except ImportError as error:
        raise MissingExtraError("gamma", "gamma") from error
    return pygamma_agreement


def _values(
    package: Any, made: pd.DataFrame, coders: list[str], precision: float
) -> tuple[dict[str, float], str]:
    """Return gamma and gamma-cat of one text, or nan and why."""
    nothing = dict.fromkeys(MEANING, np.nan)
    if len(coders) < 2:
        return nothing, "fewer than two coders worked on it"
    if made.empty:
        return nothing, "nobody marked a passage"
    continuum = package.Continuum()
    for coder in coders:
        continuum.add_annotator(coder)
    segment = package.continuum.Segment
    for row in made.itertuples():
        continuum.add(row.coder, segment(row.start, row.end), row.code)
    weights = package.CombinedCategoricalDissimilarity(alpha=1, beta=1, delta_empty=1)
    found = continuum.compute_gamma(weights, precision_level=precision)
    return {"gamma": float(found.gamma), "gamma-cat": float(found.gamma_cat)}, ""


def _row(
    text: str, name: str, value: float, reason: str, made: pd.DataFrame, coders: int
) -> dict[str, object]:
    return {
        "transcript": text,
        "code": "",
        "name": "all codes",
        "branch": "",
        "coefficient": name,
        "value": value,
        "low": np.nan,
        "high": np.nan,
        "n": len(made),
        "coders": coders,
        "unit": "passage",
        "prevalence": np.nan,
        "reason": reason or "no interval: one text",
        "warning": "",
        "definition": MEANING[name],
        "source": SOURCE,
    }


@contextmanager
def _repeatable(seed: int) -> Iterator[None]:
    """Seed NumPy's global generator, which the package uses, put it back, and hush its solver."""
    before, level = np.random.get_state(), logging.root.manager.disable
    np.random.seed(seed)
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        np.random.set_state(before)
        logging.disable(level)
