"""The coding scheme applied by rule: patterns of the codebook become codings of the coder `rules`.

`find` says where the patterns fire, `apply` writes that to the log of `rules`, `undecided` tells
what of it a person has still to decide, and `report` sets it against what people coded.

>>> from study import rules
>>> done = rules.apply(".", dry_run=True)                                    # doctest: +SKIP
>>> rules.report(study.load("."))                                            # doctest: +SKIP
"""

from __future__ import annotations

from study.rules.applying import RULES, Applied, apply
from study.rules.finding import Found, find
from study.rules.proposals import undecided
from study.rules.reporting import notes, report, summary

__all__ = ["RULES", "Applied", "Found", "apply", "find", "notes", "report", "summary", "undecided"]
