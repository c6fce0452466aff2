"""Printed tables as HTML: one page without script, to be read, or copied from into a manuscript."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from study.files import write_atomic
from study.publication.printed import Line, PrintedTable, clean, shortened

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 4rem;
  font: 1rem/1.45 "Times New Roman", "Liberation Serif", serif; }
table { border-collapse: collapse; width: 100%; font-size: .9rem;
  border-top: 1.5px solid; border-bottom: 1.5px solid; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; font-weight: normal;
  overflow-wrap: break-word; white-space: pre-line; }
thead th { vertical-align: bottom; }
thead tr:last-child th, thead th[scope=colgroup]:not(:empty) { border-bottom: 1px solid; }
.number { text-align: center; font-variant-numeric: tabular-nums; }
tbody th[colspan] { font-style: italic; padding-top: .6rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 3px solid #0b5c94; outline-offset: 2px; }
h2 { font-size: 1rem; margin: 2.5rem 0 0; }
h2 + p { font-style: italic; margin: 0 0 .4rem; }
.note { font-size: .85rem; max-width: 60rem; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_html(
    tables: Sequence[PrintedTable], path: Path | str, title: str, note: str = ""
) -> Path:
    """Write tables as one page that asks nothing of any other machine; all of it is escaped."""
    words = _words(f"{title}: tables")
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{words}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{words}</h1>\n"
    )
    parts = [head, f"<p>{_words(note)}</p>\n" if note else "", "<main>\n"]
    parts += [html(table, number) for number, table in enumerate(tables, 1)]
    path = Path(path)
    write_atomic(path, "".join([*parts, "</main>\n</body>\n</html>\n"]))
    return path


def html(table: PrintedTable, number: int) -> str:
    """Return one table as it stands in a page: number, title, table, note."""
    table = shortened(table)
    anchor = f"table-{number}"
    return "".join(
        [
            f'<section>\n<h2 id="{anchor}">Table {number}</h2>\n<p>{_words(table.title)}</p>\n',
            f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{anchor}">\n<table>',
            f"<thead>{''.join(_heads(table))}</thead>\n<tbody>\n{''.join(_body(table))}</tbody>",
            f'</table>\n</div>\n<p class="note"><em>Note.</em> {_words(table.note)}</p>\n',
            "</section>\n",
        ]
    )


def _words(text: str) -> str:
    return escape(clean(text), quote=True)


def _heads(table: PrintedTable) -> Iterator[str]:
    if table.spans:
        cells = (
            f'<th scope="colgroup" colspan="{count}" class="number">{_words(words)}</th>'
            if words
            else f'<td colspan="{count}"></td>'
            for words, count in table.spans
        )
        yield f"<tr>{''.join(cells)}</tr>\n"
    cells = (
        f'<th scope="col"{_kind(column.number)}>{_words(column.head)}</th>'
        for column in table.columns
    )
    yield f"<tr>{''.join(cells)}</tr>"


def _body(table: PrintedTable) -> Iterator[str]:
    if not table.lines:
        yield f'<tr><td colspan="{len(table.columns)}">None.</td></tr>\n'
    for line in table.lines:
        yield _line(line, table)


def _line(line: Line, table: PrintedTable) -> str:
    if line.heading:
        words = _words(line.cells[0])
        span = len(table.columns)
        return f'<tr><th scope="rowgroup" colspan="{span}" dir="auto">{words}</th></tr>\n'
    indent = f' style="padding-left:{0.5 + 1.2 * line.level:.1f}rem"' if line.level else ""
    first = f'<th scope="row" dir="auto"{indent}>{_words(line.cells[0])}</th>'
    rest = (
        f'<td dir="auto"{_kind(column.number)}>{_words(cell)}</td>'
        for cell, column in zip(line.cells[1:], table.columns[1:], strict=True)
    )
    return f"<tr>{first}{''.join(rest)}</tr>\n"


def _kind(number: bool) -> str:
    return ' class="number"' if number else ""
