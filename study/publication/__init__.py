"""Tables in print: CSV, a formatted workbook, and one page with every figure and table.

openpyxl and Jinja2 are loaded by the call that needs them, not by this import.
"""

from __future__ import annotations

from study.publication.cells import PublishedTable
from study.publication.csvfile import write_csv
from study.publication.page import PublishedFigure, write_page
from study.publication.workbook import write_workbook

__all__ = ["PublishedFigure", "PublishedTable", "write_csv", "write_page", "write_workbook"]
