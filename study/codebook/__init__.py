"""codebook.yaml: the coding scheme, read with line numbers, edited with layout and history kept.

A code names its parent by slug; the dotted path that codings carry is derived from that.
The form of an entry follows MacQueen et al. (1998), doi 10.1177/1525822X980100020301.
"""

from __future__ import annotations

from study.codebook.carrying import Edit, steady
from study.codebook.editing import (
    add,
    change,
    changes,
    delete,
    merge,
    move,
    rename,
    restore,
    split,
)
from study.codebook.history import Change, version_of
from study.codebook.reading import COLOUR, FILE, KEYS, SLUG, TEXTS, parse, read
from study.codebook.writing import write

__all__ = [
    "COLOUR",
    "FILE",
    "KEYS",
    "SLUG",
    "TEXTS",
    "Change",
    "Edit",
    "add",
    "change",
    "changes",
    "delete",
    "merge",
    "move",
    "parse",
    "read",
    "rename",
    "restore",
    "split",
    "steady",
    "version_of",
    "write",
]
