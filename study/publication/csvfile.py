"""Tables as CSV that any program, and any spreadsheet, opens safely."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from study.files import write_atomic
from study.publication import cells

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")


def write_csv(table: pd.DataFrame, path: Path | str) -> Path:
    """Write a table as UTF-8 with LF, in its own order, floats to four decimals.

    Text that a spreadsheet would run as a formula (it begins with ``= + - @`` or a tab) gets an
    apostrophe in front, as OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection);
    numbers never do.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_safe(str(column)) for column in table.columns])
    writer.writerows([_cell(value) for value in row] for row in cells.rows(table))
    path = Path(path)
    write_atomic(path, buffer.getvalue().encode("utf-8", "replace"))
    return path


def _cell(value: cells.Value) -> str:
    return _safe(value) if isinstance(value, str) else cells.text(value)


def _safe(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Apostrophes of its own before a formula get one more, so that it can be undone.
    return "'" + text if text.lstrip("'").startswith(FORMULA_STARTS) else text
