r"""Codings as an append-only log: one file a coder and source.

`codebooks/<name>/codings/<coder>/<source>.csv` holds rows that only ever get more: `add`, `decline`
(the coder looked at a proposed passage and code and decided against it) and `remove`, which takes
one of the others back.  A change is a remove and an add.  Replaying the rows up to a date gives the
coding as it stood then.  A row is one line whatever the memo holds (line breaks are written `\n`),
so that a torn last line is easy to tell, and it is on disk before `append` returns.  The file's
presence says that the coder has worked on the source, with or without result.
"""

from __future__ import annotations

from study.codings.log import Log, append, path_of, restore, same, start
from study.codings.rows import (
    COLUMNS,
    HEADER,
    LONGEST,
    Action,
    Entry,
    format_entry,
    new_id,
    now,
    parse_entry,
    read_entries,
)
from study.codings.standing import Standing, declined, read, replay, stand

__all__ = [
    "COLUMNS",
    "HEADER",
    "LONGEST",
    "Action",
    "Entry",
    "Log",
    "Standing",
    "append",
    "declined",
    "format_entry",
    "new_id",
    "now",
    "parse_entry",
    "path_of",
    "read",
    "read_entries",
    "replay",
    "restore",
    "same",
    "stand",
    "start",
]
