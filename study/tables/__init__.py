"""Tidy tables: the one place where passages become units and counts.

Every table has fixed, documented columns and explicit zeros, so that "did not apply" is told from
"did not code".  Rows are in the order of the study: groups as study.toml orders them, codes as the
codebook lists them.
"""

from __future__ import annotations

from study.tables.along import code_tree, timeline
from study.tables.basic import (
    cases,
    codebook,
    codings,
    groups,
    quotable,
    status,
    turns,
)
from study.tables.counts import cooccurrence, frequencies, practices, spectrum
from study.tables.scope import people, reporting_coder, scope
from study.tables.showing import bank, joint, totals
from study.tables.units import stances, units

__all__ = [
    "bank",
    "cases",
    "code_tree",
    "codebook",
    "codings",
    "cooccurrence",
    "frequencies",
    "groups",
    "joint",
    "people",
    "practices",
    "quotable",
    "reporting_coder",
    "scope",
    "spectrum",
    "stances",
    "status",
    "timeline",
    "totals",
    "turns",
    "units",
]
