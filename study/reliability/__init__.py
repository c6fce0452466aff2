"""How far a coding can be trusted: agreement between coders, per code and over all codes.

`by_code` and `overall` work on the table of units; `coefficients` holds the same coefficients as
pure functions of plain arrays, `bootstrap` the intervals, `measures` the definitions.

>>> from study.reliability import coefficients
>>> round(float(coefficients.cohen_kappa([[20, 5], [10, 15]])), 3)
0.4
"""

from __future__ import annotations

from study.reliability import bootstrap, coefficients
from study.reliability.decisions import EXCLUDED
from study.reliability.report import COLUMNS, by_code, overall

__all__ = ["COLUMNS", "EXCLUDED", "bootstrap", "by_code", "coefficients", "overall"]
