"""Turns in a table: .xlsx, .csv, .tsv."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from study.errors import UnreadableTranscriptError
from study.transcripts import archive, encodings, rows
from study.transcripts.records import Content, guarded
from study.transcripts.roles import UNKNOWN

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_WIDEST = 60
_TOP_ROWS = 10
_EMPTY_ROWS = 500
_SEPARATORS = ",;\t|"


def read_workbook(path: Path, data: bytes) -> Content:
    """Read an .xlsx: the first sheet with a text column; other sheets are reported as dropped."""
    archive.check(path, data, "xl/workbook.xml")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl names features that hold no words
            sheets = _sheets(data)
    except Exception as error:  # openpyxl raises whatever a broken file makes it
        raise guarded(path, "a workbook", error) from error
    for title, cells in sheets.items():
        columns = rows.by_header(cells)
        if columns is not None:
            others = [f"sheet: {other}" for other in sheets if other != title and sheets[other]]
            content = _content(cells, columns)
            return replace(content, dropped=(*content.dropped, *others))
    raise _no_columns(path, [cells for cells in sheets.values() if cells])


def read_separated(path: Path, data: bytes) -> Content:
    """Read .csv or .tsv; the separator is the one that makes the header readable."""
    decoded = encodings.decode(path, data)
    tables = [_separated(path, decoded.text, mark) for mark in _separators(path, decoded.text)]
    for cells in tables:
        columns = rows.by_header(cells)
        if columns is not None:
            content = _content(cells, columns)
            said = (decoded.warning,) if decoded.warning else ()
            found = (*said, *content.warnings)
            return replace(content, encoding=decoded.encoding, warnings=found)
    raise _no_columns(path, tables[:1])


def _sheets(data: bytes) -> dict[str, list[rows.Row]]:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    try:
        return {sheet.title: list(_rows(sheet)) for sheet in book.worksheets}
    finally:
        book.close()


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[rows.Row]:
    """Yield rows that hold something; a sheet may claim a million empty ones below."""
    sheet.reset_dimensions()
    read: Callable[..., Iterator[rows.Row]] = getattr(sheet, "iter_rows")  # noqa: B009 (stubs)
    empty = 0
    for cells in read(values_only=True, max_col=_WIDEST):
        if any(rows.text(cell) for cell in cells):
            empty = 0
            yield cells
        else:
            empty += 1
        if empty > _EMPTY_ROWS:
            return


def _separators(path: Path, text: str) -> list[str]:
    top = text[:4096]
    first = "\t" if path.suffix.lower() == ".tsv" else ""
    return sorted(_SEPARATORS, key=lambda mark: (mark == first, top.count(mark)), reverse=True)


def _separated(path: Path, text: str, mark: str) -> list[rows.Row]:
    try:
        read = csv.reader(StringIO(text, newline=""), delimiter=mark)
        return [row for row in read if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise guarded(path, "a table", error) from error


def _content(cells: Sequence[rows.Row], columns: rows.Columns) -> Content:
    turns = rows.joined(rows.turns(cells, columns))
    notes = ("\n".join(filter(None, map(_note, cells[: columns.header]))),)
    used = set(columns.index.values())
    unread = [name for i, name in enumerate(columns.names) if name and i not in used]
    dropped = tuple(f"column: {name}" for name in unread)
    return Content(tuple(turns), notes, "", _warnings(cells, columns), dropped)


def _note(row: rows.Row) -> str:
    return " ".join(filter(None, map(rows.text, row)))


def _warnings(cells: Sequence[rows.Row], columns: rows.Columns) -> tuple[str, ...]:
    found = []
    if "speaker" not in columns.index:
        found.append(f"no speaker column: all is one turn of '{UNKNOWN}'")
    for name in ("transcript_id", "transcript", "interview", "interview_id", "file", "source"):
        where = [i for i, header in enumerate(columns.names) if header.casefold() == name]
        for i in set(where) - set(columns.index.values()):
            values = {rows.text(row[i]) for row in cells[columns.header + 1 :] if i < len(row)}
            if len(values) > 1:
                found.append(f"holds {len(values)} transcripts (column {name}); split it first")
    return tuple(found)


def _no_columns(path: Path, tables: Sequence[Sequence[rows.Row]]) -> UnreadableTranscriptError:
    top = [[rows.text(cell) for cell in row] for table in tables for row in table[:_TOP_ROWS]]
    header = max(top, key=lambda row: sum(map(bool, row)), default=[])
    names = [name[:40] for name in header if name][:12]
    shown = ", ".join(names) or "none"
    reason = f"has no columns for speaker and text; the headers found are: {shown}"
    remedy = "Name the columns 'speaker' and 'text' (and 'start', 'end' if you have times)."
    return UnreadableTranscriptError(path, reason, remedy)
