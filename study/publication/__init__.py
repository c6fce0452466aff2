"""Tables in print: CSV, a workbook, Word, LaTeX, HTML, and one page with every figure and table.

openpyxl, python-docx and Jinja2 are loaded by the call that needs them, not by this import.
"""

from __future__ import annotations

from study.publication.cells import PublishedTable
from study.publication.csvfile import write_csv
from study.publication.htmltable import write_html
from study.publication.latex import write_latex
from study.publication.page import PublishedFigure, write_page
from study.publication.printed import Column, Line, PrintedTable
from study.publication.word import Document, write_word
from study.publication.workbook import write_workbook

__all__ = [
    "Column",
    "Document",
    "Line",
    "PrintedTable",
    "PublishedFigure",
    "PublishedTable",
    "write_csv",
    "write_html",
    "write_latex",
    "write_page",
    "write_word",
    "write_workbook",
]
