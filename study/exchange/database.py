"""SQLite files of other programs, read without trust: only plain tables, only read, bounded."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from study.errors import NotPossibleError

MAGIC = b"SQLite format 3\x00"
LARGEST = 1024 * 1024 * 1024
"""Bytes of a database beyond which nobody has coded by hand."""

LONGEST = 64 * 1024 * 1024
"""Bytes of the longest value: the same as of a text in an archive."""

MOST_ROWS = 2_000_000
_STEPS, _MOST_STEPS = 1_000_000, 5_000
"""Steps of SQLite's machine between two looks, and looks after which a query is given up."""

Row = dict[str, Any]


def is_database(path: Path) -> bool:
    """Tell whether a file is an SQLite database, by its first bytes."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """Open a database to be read; nothing in it can run, and nothing beside it is opened.

    Raises
    ------
    NotPossibleError
        It is no database, is damaged or busy, or asks for more than reading it may take.
    """
    if path.stat().st_size > LARGEST:
        raise NotPossibleError(f"{path}: has {path.stat().st_size >> 20} MB, too much to be read")
    link = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        yield Database(path, link)
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        # Of a damaged file even the message about it may be no text.
        raise _refused(path, error) from None
    finally:
        link.close()


def _refused(path: Path, error: Exception) -> NotPossibleError:
    said = " ".join(str(error).split()) if isinstance(error, sqlite3.Error) else "no text"
    if "locked" in said or "busy" in said:
        return NotPossibleError(f"{path}: is open in another program; close the project there")
    if "interrupted" in said:
        return NotPossibleError(f"{path}: takes longer to read than any project; it was given up")
    if "prohibited" in said or "not authorized" in said:
        return NotPossibleError(f"{path}: wants to do more than be read; it was not read")
    return NotPossibleError(f"{path}: is damaged ({said}); copy it or export it again")


class Database:
    """A database as `opened` gives it: rows of plain tables, as plain values."""

    def __init__(self, path: Path, link: sqlite3.Connection) -> None:
        self.path = path
        self._link = link
        link.text_factory = lambda data: data.decode("utf-8", "replace")
        link.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        link.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "mmap_size=0"):
            link.execute(f"PRAGMA {pragma}")
        looks = iter(range(_MOST_STEPS))
        link.set_progress_handler(lambda: next(looks, None) is None, _STEPS)
        master = "select name, type, sql from sqlite_master"
        self.tables = {
            str(name): str(sql)
            for name, kind, sql in link.execute(master)
            if kind == "table" and not str(sql).upper().startswith("CREATE VIRTUAL")
        }
        self._columns = {name: self._columns_of(name) for name in self.tables}
        link.set_authorizer(_only_reading)

    def _columns_of(self, table: str) -> set[str]:
        """Return the columns that hold what was written; one that is reckoned is none."""
        said = self._link.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
        return {str(row[1]).lower() for row in said if row[6] == 0}

    def has(self, *tables: str) -> bool:
        """Tell whether all of these tables are there."""
        return set(tables) <= self.tables.keys()

    def rows(self, table: str, columns: Sequence[str], order: str = "") -> Iterator[Row]:
        """Yield the rows of a table; a column that this version does not have is None.

        Parameters
        ----------
        table
            Its name; a table that is not there has no rows.
        columns
            What is wanted.
        order
            The column by which they are ordered; else as they were written.
        """
        there = [one for one in columns if one in self._columns.get(table, ())]
        if not there:
            return
        listed = ", ".join(map(_quoted, there))
        known = order in self._columns[table]
        order = f" order by {_quoted(order)}" if known else ""
        found = self._link.execute(f"select {listed} from {_quoted(table)}{order}")
        for number, row in enumerate(found):
            if number >= MOST_ROWS:
                message = f"{self.path}: has more than {MOST_ROWS:,} rows in {table!r}"
                raise NotPossibleError(f"{message}, too many for a project")
            yield dict.fromkeys(columns) | dict(zip(there, row, strict=True))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _only_reading(action: int, *_: str | None) -> int:
    """Allow what reading a table needs; no function, no change, no other file."""
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    return sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY


def text(value: object) -> str:
    """Return a value as text, empty where there is none."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def whole(value: object) -> int | None:
    """Return a value as a whole number, None where it is none."""
    try:
        return int(text(value))
    except ValueError:
        return None
