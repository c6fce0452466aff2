"""Code saturation: how many codes each further interview adds, and whether that has stopped.

Which codings count is the caller's choice: pass those of one coder or of the consensus; codings of
several coders together count a code as found where any of them applied it.
"""

from __future__ import annotations

from study.saturation.estimates import (
    chao2,
    chao2_interval,
    interviews_needed,
    sample_coverage,
)
from study.saturation.orders import COLUMNS, curve, interview_order
from study.saturation.summary import SUMMARY_COLUMNS, by_group, guest, summary

__all__ = [
    "COLUMNS",
    "SUMMARY_COLUMNS",
    "by_group",
    "chao2",
    "chao2_interval",
    "curve",
    "guest",
    "interview_order",
    "interviews_needed",
    "sample_coverage",
    "summary",
]
