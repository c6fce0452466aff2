"""What other programs report of two coders, as far as their makers say how it is computed.

Every number is a reconstruction from public documentation, not the program's own output, and its
definition says so.  They serve to compare with an earlier report; none is what to report anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from study.errors import NotPossibleError
from study.reliability import coefficients, measures
from study.reliability.boundaries import f_measure, matched
from study.reliability.coefficients import Floats, ratio
from study.reliability.report import COLUMNS, Labels, labels_of
from study.reliability.spans import Line, Passages, Texts, characters, line, meetings

if TYPE_CHECKING:
    import pandas as pd

Program = Literal["nvivo", "maxqda", "atlas.ti", "dedoose", "qualcoder"]
SAME_SEGMENT = 0.95
"""How far two segments must agree: in MAXQDA it is up to the user, so say what yours was."""


class Reported(NamedTuple):
    """One number of a program: `value` takes a line to (codes,); `pooled` to one number."""

    name: str
    definition: str
    source: str
    value: Callable[[Line], Floats] | None = None
    pooled: Callable[[Line], float] | None = None


def compat(
    texts: Texts,
    program: Program,
    codes: pd.DataFrame | None = None,
    *,
    coders: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return what a program would report of two coders, by public accounts of its formulas.

    Parameters
    ----------
    texts, codes
        As for `unitizing`.
    program
        NVivo: percent agreement and kappa of characters, by file, here the mean over files.
        MAXQDA: agreement on segments that overlap by 95 %, and Brennan & Prediger's kappa.
        ATLAS.ti: percent agreement, Holsti and alpha binary of characters.  Dedoose: kappa of the
        first coder's excerpts, and pooled kappa.  QualCoder: agreement of characters and its own
        kappa, all files together.
    coders
        Two names, the second compared with the first; the two people there are where it is not
        given.

    Returns
    -------
    The columns of `by_code`, without intervals; rows with an empty `code` are of all codes.

    Raises
    ------
    NotPossibleError
        No such program, or not exactly two coders.
    """
    if program not in PROGRAMS:
        raise NotPossibleError(f"no program called {program}; there are: {', '.join(PROGRAMS)}")
    names = texts.people(coders)
    if len(names) != 2:
        raise NotPossibleError(f"{program} compares two coders; name two of: {', '.join(names)}")
    known = None if codes is None else codes["code"].tolist()
    laid = line(_shared(texts, names), known, names)
    return _table(laid, PROGRAMS[program], labels_of(laid.codes, codes))


def _shared(texts: Texts, names: Sequence[str]) -> Texts:
    """Keep the texts that both coders worked on."""
    made = texts.codings
    worked = [
        set(texts.assigned.get(name, ())) | set(made.loc[made["coder"] == name, "source"])
        for name in names
    ]
    kept = {name: size for name, size in texts.lengths.items() if all(name in w for w in worked)}
    return replace(texts, codings=made[made["source"].isin(kept)], lengths=kept)


def _table(found: Line, reported: Sequence[Reported], labels: Labels) -> pd.DataFrame:
    """Put the numbers of a program into rows, codes first."""
    import pandas as pd

    prevalence = characters(found).tally().prevalence
    rows = [
        _row(each, label, float(value), share)
        for each in reported
        if each.value is not None
        for label, value, share in zip(labels, each.value(found), prevalence, strict=True)
    ]
    whole = ("", "all codes", "")
    rows += [_row(each, whole, each.pooled(found)) for each in reported if each.pooled is not None]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.assign(coders=len(found.coders), unit="character", n=int(found.size.sum()))


def _row(
    each: Reported, label: tuple[str, str, str], value: float, prevalence: float = np.nan
) -> dict[str, object]:
    """Return one row, without what is the same in all."""
    return {
        **dict(zip(("code", "name", "branch"), label, strict=True)),
        "coefficient": each.name,
        "value": value,
        "low": np.nan,
        "high": np.nan,
        "prevalence": prevalence,
        "reason": UNDEFINED if np.isnan(value) else NO_INTERVAL,
        "warning": "",
        "definition": f"reconstruction: {each.definition}",
        "source": each.source,
    }


# -- characters, file by file ---------------------------------------------------------------------


def _crossed(found: Line) -> Floats:
    """Cross-tabulate characters marked by the two coders: (sources, codes, 2, 2)."""
    return characters(found).sums(measures.KAPPA)[..., 0, :, :]


def _mean(values: Floats) -> Floats:
    """Return the mean over files (first axis) of what is defined."""
    defined = ~np.isnan(values)
    return ratio(np.where(defined, values, 0).sum(axis=0), defined.sum(axis=0))


def _percent(found: Line) -> Floats:
    table = _crossed(found)
    return ratio(np.trace(table, axis1=-2, axis2=-1), table.sum(axis=(-2, -1)))


def _percent_of_all(found: Line) -> Floats:
    table = _crossed(found).sum(axis=0)
    return ratio(np.trace(table, axis1=-2, axis2=-1), table.sum(axis=(-2, -1)))


def _nvivo_kappa(found: Line) -> Floats:
    """Return kappa by file, 1 where the two agree completely."""
    table = _crossed(found)
    apart = table[..., 0, 1] + table[..., 1, 0]
    return np.where(apart == 0, 1.0, coefficients.cohen_kappa(table))


def _qualcoder_kappa(found: Line) -> Floats:
    """Return QualCoder's kappa: of coded characters of all files, chance a product."""
    table = _crossed(found).sum(axis=0)
    both, first, second = table[..., 1, 1], table[..., 1, :].sum(-1), table[..., :, 1].sum(-1)
    either = first + second - both
    yes = ratio(first, either) * ratio(second, either)
    no = ratio(either - first, either) * ratio(either - second, either)
    return ratio(ratio(both, either) - yes * no, 1 - yes * no)


def _alpha(found: Line) -> Floats:
    return coefficients.alpha_from(characters(found).sums(measures.ALPHA).sum(axis=0))


def _holsti(found: Line) -> Floats:
    table = _crossed(found).sum(axis=0)
    marked = table[..., 1, :].sum(axis=-1) + table[..., :, 1].sum(axis=-1)
    return ratio(2 * table[..., 1, 1], marked)


# -- passages -------------------------------------------------------------------------------------


def _segments(found: Line) -> Floats:
    return f_measure(matched(found, SAME_SEGMENT).sum(axis=0))


def _all_segments(found: Line) -> float:
    return float(f_measure(matched(found, SAME_SEGMENT).sum(axis=(0, 1))))


def _maxqda_kappa(found: Line) -> float:
    """Return Brennan & Prediger's kappa of segments, chance one over the number of codes."""
    chance = 1 / max(len(found.codes), 1)
    return float(ratio(_all_segments(found) - chance, 1 - chance))


def _excerpts(found: Line) -> Floats:
    """Cross-tabulate the first coder's excerpts by who gave them each code: (codes, 2, 2)."""
    codes, stride = max(len(found.codes), 1), found.stride
    first, second = found.passages
    group = first.start // stride
    back = (group - group // codes) * stride
    _, excerpt = np.unique(
        np.stack([first.start - back, first.end - back]), axis=1, return_inverse=True
    )
    place = np.unique(excerpt.ravel(), return_index=True)[1]
    given = np.zeros((2, codes, len(place)), dtype=np.intp)
    given[0, group % codes, excerpt.ravel()] = 1
    base, end = (first.start - back)[place], (first.end - back)[place]
    text = base // stride
    for code in range(codes):
        shift = (text * codes + code - text) * stride
        met = meetings(Passages(base + shift, end + shift), second)
        given[1, code, met.first] = 1
    cell = (np.arange(codes)[:, np.newaxis] * 2 + given[0]) * 2 + given[1]
    return np.bincount(cell.ravel(), minlength=codes * 4).reshape(codes, 2, 2).astype(float)


def _dedoose_kappa(found: Line) -> Floats:
    return coefficients.cohen_kappa(_excerpts(found))


def _pooled_kappa(found: Line) -> float:
    """Return pooled kappa: of the codes' mean observed and mean chance agreement."""
    share = _excerpts(found)
    share = share / np.maximum(share.sum(axis=(-2, -1), keepdims=True), 1)
    observed = np.trace(share, axis1=-2, axis2=-1).mean()
    chance = (share.sum(axis=-1) * share.sum(axis=-2)).sum(axis=-1).mean()
    return float(ratio(observed - chance, 1 - chance))


UNDEFINED = "the program's formula divides by zero here"
NO_INTERVAL = "no interval: the program gives none"
NVIVO = "NVivo 12 help, Coding comparison query, help-nv.qsrinternational.com"
MAXQDA = "MAXQDA help, Intercoder agreement, maxqda.com/help; Brennan & Prediger 1981"
ATLAS = "ATLAS.ti manual, Methods for testing ICA, doc.atlasti.com"
DEDOOSE = "Dedoose blog and help, Training center; De Vries et al. 2008, 10.1177/1525822X08317166"
QUALCODER = "QualCoder source, reports.py (coder comparison), 2022, github.com/ccbogel/QualCoder"
PROGRAMS: dict[str, tuple[Reported, ...]] = {
    "nvivo": (
        Reported(
            "percent agreement (NVivo)",
            "characters that both or neither coded, by file; mean over files",
            NVIVO,
            lambda found: _mean(_percent(found)),
        ),
        Reported(
            "kappa (NVivo)",
            "Cohen's kappa of characters, by file, 1 for complete agreement; mean over files",
            NVIVO,
            lambda found: _mean(_nvivo_kappa(found)),
        ),
    ),
    "maxqda": (
        Reported(
            "agreement on segments (MAXQDA)",
            f"segments of both with a counterpart that shares {SAME_SEGMENT:.0%} of the characters "
            "of either (MAXQDA lets the user set the share)",
            MAXQDA,
            _segments,
            _all_segments,
        ),
        Reported(
            "kappa (MAXQDA)",
            "Brennan & Prediger's kappa of that agreement, chance 1 / number of codes",
            MAXQDA,
            pooled=_maxqda_kappa,
        ),
    ),
    "atlas.ti": (
        Reported(
            "percent agreement (ATLAS.ti)",
            "characters that both or neither coded, all documents together",
            ATLAS,
            _percent_of_all,
        ),
        Reported(
            "Holsti (ATLAS.ti)",
            "2 x characters both coded / characters that each coded, added up",
            ATLAS,
            _holsti,
        ),
        Reported(
            "alpha binary (ATLAS.ti)",
            "Krippendorff's alpha of characters, coded or not, all documents together",
            ATLAS,
            _alpha,
        ),
    ),
    "dedoose": (
        Reported(
            "kappa (Dedoose)",
            "Cohen's kappa of the first coder's excerpts; the second gave a code where a passage "
            "of theirs with it meets the excerpt",
            DEDOOSE,
            _dedoose_kappa,
        ),
        Reported(
            "pooled kappa (Dedoose)",
            "of the codes' mean observed and mean chance agreement on the first coder's excerpts",
            DEDOOSE,
            pooled=_pooled_kappa,
        ),
    ),
    "qualcoder": (
        Reported(
            "agreement (QualCoder)",
            "characters that both or neither coded, all files together",
            QUALCODER,
            _percent_of_all,
        ),
        Reported(
            "kappa (QualCoder)",
            "of characters that either coded, chance the product of both-yes and both-no (a "
            "mistake: it is their sum in Cohen's kappa), all files together; passages of one coder "
            "that overlap, which it counts twice, count once here",
            QUALCODER,
            _qualcoder_kappa,
        ),
    ),
}
