"""Printed tables in LaTeX: booktabs, longtable where long, everything escaped.

A table's file is a fragment to be input; ``tables.tex`` is a document that takes all of them in.
Packages needed: array, booktabs, longtable, caption, pdflscape.  It compiles with pdfLaTeX,
XeLaTeX and LuaLaTeX; letters that pdfLaTeX's fonts lack are written as their number there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from study.files import write_atomic
from study.publication.printed import Column, Line, PrintedTable, clean, shortened

LONG = 18
"""A table of more lines than this may break over pages."""

_COMMANDS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}", "`": r"\textasciigrave{}", "-": "{-}", "[": "{[}", "]": "{]}",
    "*": "{*}",
    "\u2018": "`", "\u2019": "'{}", "\u201c": "``", "\u201d": "''{}", "\u2013": r"\textendash{}",
    "\u2014": r"\textemdash{}", "\u2026": r"\ldots{}", "\u2022": r"\textbullet{}",
    "\u00a0": "~", "\u2212": "$-$", "\u00d7": r"$\times$", "\u2264": r"$\leq$",
    "\u2265": r"$\geq$", "\u2192": r"$\rightarrow$", "\u20ac": r"\texteuro{}",
    "\u2020": r"\textdagger{}", "\u2021": r"\textdaggerdbl{}", "\u2122": r"\texttrademark{}",
    "\u03b1": r"$\alpha$", "\u03ba": r"$\kappa$", "\u00b7": r"$\cdot$", "\u2011": "{-}",
    "\n": r"\newline ", "\t": " ",
}  # fmt: skip
_LETTER = (
    r"\providecommand{\studychar}[1]{\ifdefined\directlua\char"
    "#1 "
    r"\else\ifdefined\XeTeXversion\char"
    r"#1 \else[U+#1]\fi\fi}"
).replace('""', '"')


def escaped(text: str) -> str:
    """Return words that LaTeX prints as they are, none of them a command."""
    return "".join(_COMMANDS.get(c) or _plain(c) for c in unicodedata.normalize("NFC", clean(text)))


def _plain(letter: str) -> str:
    known = letter.isascii() or (letter.isalpha() and 0xC0 <= ord(letter) < 0x180)
    if known and ord(letter) not in (0x149, 0x17F, 0x138):
        return letter
    return rf"\studychar{{{ord(letter):04X}}}"


def fragment(table: PrintedTable) -> str:
    """Return one table as LaTeX, to be taken in by a document."""
    table = shortened(table)
    lines = [f"% {table.name}: made by `study reproduce`; changes made here would be lost", _LETTER]
    body = _long(table) if len(table.lines) > LONG else _floating(table)
    if table.wide:
        body = [r"\begin{landscape}", *body, r"\end{landscape}"]
    return "\n".join([*lines, *body, ""])


def document(tables: Sequence[PrintedTable], title: str, note: str = "") -> str:
    """Return a document that takes in the fragments of these tables, which lie beside it."""
    lines = [
        r"\documentclass[a4paper,11pt]{article}",
        r"\usepackage{iftex}",
        r"\ifPDFTeX\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\usepackage{lmodern}\fi",
        r"\usepackage{textcomp,array,booktabs,longtable,pdflscape}",
        r"\usepackage[margin=25mm]{geometry}",
        r"\usepackage[labelfont=bf,textfont=it,labelsep=newline,singlelinecheck=false,"
        r"justification=raggedright,skip=6pt]{caption}",
        r"\setlength{\LTleft}{0pt}\setlength{\LTright}{0pt}",
        _LETTER,
        rf"\title{{{escaped(title)}: tables}}",
        r"\date{}",
        r"\begin{document}",
        r"\maketitle",
        escaped(note),
        *(rf"\input{{{file_name(table)}}}" for table in tables),
        r"\end{document}",
        "",
    ]
    return "\n".join(lines)


def file_name(table: PrintedTable) -> str:
    """Return the name of a table's file."""
    return f"table-{table.name}.tex"


def write_latex(
    tables: Sequence[PrintedTable], folder: Path | str, title: str, note: str = ""
) -> list[Path]:
    """Write a fragment for each table, and `tables.tex`, which takes them all in."""
    folder = Path(folder)
    texts = {file_name(table): fragment(table) for table in tables}
    texts["tables.tex"] = document(tables, title, note)
    for name, text in texts.items():
        write_atomic(folder / name, text)
    return [folder / name for name in texts]


def _widths(table: PrintedTable) -> str:
    """Return the columns' declarations: their share of the line, less the space between."""
    room = r"\dimexpr {share:.4f}\linewidth-2\tabcolsep\relax"

    def one(column: Column, share: float) -> str:
        side = r"\centering" if column.number else r"\raggedright"
        return rf">{{{side}\arraybackslash}}p{{{room.format(share=share)}}}"

    return "@{}" + "".join(map(one, table.columns, table.shares)) + "@{}"


def _heads(table: PrintedTable) -> list[str]:
    rows = []
    if table.spans:
        cells, rules, at = [], [], 1
        for words, count in table.spans:
            cells.append(rf"\multicolumn{{{count}}}{{c}}{{{escaped(words)}}}")
            rules += [rf"\cmidrule(lr){{{at}-{at + count - 1}}}"] if words else []
            at += count
        rows = [" & ".join(cells) + r" \\", "".join(rules)]
    return [*rows, " & ".join(escaped(column.head) for column in table.columns) + r" \\"]


def _body(table: PrintedTable) -> list[str]:
    if not table.lines:
        return [rf"\multicolumn{{{len(table.columns)}}}{{l}}{{None.}} \\"]
    return [_line(line, table) for line in table.lines]


def _line(line: Line, table: PrintedTable) -> str:
    if line.heading:
        width = r"p{\dimexpr\linewidth-2\tabcolsep\relax}@{}"
        words = rf"\textit{{{escaped(line.cells[0])}}}"
        return rf"\multicolumn{{{len(table.columns)}}}{{@{{}}{width}}}{{{words}}} \\*"
    cells = [escaped(cell) for cell in line.cells]
    cells[0] = r"\quad " * line.level + cells[0]
    return " & ".join(cells) + r" \\"


def _caption(table: PrintedTable) -> str:
    title = escaped(" ".join(table.title.split()))
    return rf"\caption{{{title}}}\label{{tab:{table.name}}}"


def _note(table: PrintedTable) -> list[str]:
    words = escaped(" ".join(table.note.split()))
    return [rf"\par\smallskip\noindent{{\footnotesize\textit{{Note.}} {words}\par}}"]


def _floating(table: PrintedTable) -> list[str]:
    return [
        r"\begin{table}[htbp]\footnotesize",
        _caption(table),
        rf"\begin{{tabular}}{{{_widths(table)}}}",
        r"\toprule", *_heads(table), r"\midrule", *_body(table), r"\bottomrule",
        r"\end{tabular}",
        *_note(table),
        r"\end{table}",
    ]  # fmt: skip


def _long(table: PrintedTable) -> list[str]:
    again = rf"\multicolumn{{{len(table.columns)}}}{{@{{}}l}}{{\textit{{continued}}}} \\"
    heads = [r"\toprule", *_heads(table), r"\midrule"]
    return [
        r"{\footnotesize",
        rf"\begin{{longtable}}{{{_widths(table)}}}",
        _caption(table) + r" \\",
        *heads, r"\endfirsthead",
        again, *heads, r"\endhead",
        r"\bottomrule", r"\endfoot", r"\bottomrule", r"\endlastfoot",
        *_body(table),
        r"\end{longtable}}",
        *_note(table),
    ]  # fmt: skip
