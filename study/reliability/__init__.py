"""How far a coding can be trusted: agreement between coders, and where they disagree.

`by_code`, `overall`, `of_stances`, `of_sets` and the breakdowns work on the table of units,
`unitizing` and `gamma` on the passages themselves, `of_ratings` on any ratings; `compat` recomputes
what other programs report.  `coefficients` holds the coefficients as pure functions of arrays,
`distances` what weighs disagreements, `bootstrap` and `analytic` the intervals, `measures` the
definitions.

>>> from study.reliability import coefficients
>>> round(float(coefficients.cohen_kappa([[20, 5], [10, 15]])), 3)
0.4
"""

from __future__ import annotations

from study.reliability import analytic, bootstrap, coefficients, distances
from study.reliability.breakdown import by_branch, by_pair, by_source, by_time, coded_when
from study.reliability.decisions import EXCLUDED, shared
from study.reliability.disputes import changed_by_consensus, disagreements
from study.reliability.gamma import gamma
from study.reliability.measures import USUAL
from study.reliability.passages import unitizing, unitizing_overall
from study.reliability.programs import compat
from study.reliability.ratings import of_ratings, of_sets
from study.reliability.report import COLUMNS, by_code, of_stances, overall
from study.reliability.spans import Texts
from study.reliability.wording import sentence

__all__ = [
    "COLUMNS",
    "EXCLUDED",
    "USUAL",
    "Texts",
    "analytic",
    "bootstrap",
    "by_branch",
    "by_code",
    "by_pair",
    "by_source",
    "by_time",
    "changed_by_consensus",
    "coded_when",
    "coefficients",
    "compat",
    "disagreements",
    "distances",
    "gamma",
    "of_ratings",
    "of_sets",
    "of_stances",
    "overall",
    "sentence",
    "shared",
    "unitizing",
    "unitizing_overall",
]
