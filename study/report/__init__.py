"""A skeleton of methods and results, filled with a study's own numbers; it interprets nothing.

What the toolkit knows stands in sentences; what only the authors know stands in square brackets,
to be replaced.  Every number is taken from the tables that `study reproduce` writes.
"""

from __future__ import annotations

from study.report.composing import compose
from study.report.making import Made, report, tables, write_all
from study.report.parts import Part
from study.report.writing import write_report

__all__ = ["Made", "Part", "compose", "report", "tables", "write_all", "write_report"]
