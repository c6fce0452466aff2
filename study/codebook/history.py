"""Earlier versions of a codebook, kept whole, and a list of who changed what.

`codebooks/<name>/history/` holds each version as `<time>-<first 12 of its SHA-256>.yaml`, and
`history.csv`: when, who, what was done in words, and the version before and after.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from study.errors import NotPossibleError
from study.files import format_row, read_csv, sha256, write_atomic

FOLDER = "history"
LIST = "history.csv"
COLUMNS = ("time", "who", "what", "before", "after")


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the list; `before` and `after` are versions of the codebook."""

    time: str
    who: str
    what: str
    before: str
    after: str


def version_of(data: bytes) -> str:
    """Return what names a version of a codebook: the first 12 digits of its SHA-256."""
    return sha256(data)[:12]


def changes(folder: Path) -> list[Change]:
    """Return what was done to the codebook in a folder, the latest last."""
    path = folder / FOLDER / LIST
    if not path.exists():
        return []
    sheet, _ = read_csv(path, COLUMNS)
    return [Change(*(row.cells[column] for column in COLUMNS)) for row in sheet.rows]


def content(folder: Path, version: str) -> bytes:
    """Return an earlier version of the codebook in a folder.

    Parameters
    ----------
    folder
        The codebook's.
    version
        The version as the list names it; its beginning, at least four digits, will do.

    Raises
    ------
    NotPossibleError
        There is no such version, several begin so, or it is not what was kept.
    """
    given = version.strip().lower()
    known = re.fullmatch(r"[0-9a-f]{4,12}", given)
    found = sorted((folder / FOLDER).glob(f"*-{given}*.yaml")) if known else []
    if len(found) != 1:
        message = f"{len(found) or 'no'} earlier versions of the codebook begin with {version!r}"
        raise NotPossibleError(f"{message}; {FOLDER}/{LIST} lists them")
    data = found[0].read_bytes()
    if version_of(data) != found[0].stem.rpartition("-")[2]:
        raise NotPossibleError(f"{found[0]} has been changed since it was kept")
    return data


def keep(folder: Path, data: bytes, moment: dt.datetime) -> None:
    """Keep a version of the codebook, once."""
    version = version_of(data)
    if not any((folder / FOLDER).glob(f"*-{version}.yaml")):
        write_atomic(folder / FOLDER / f"{moment:%Y%m%dT%H%M%SZ}-{version}.yaml", data)


@contextmanager
def recorded(folder: Path, change: Change) -> Iterator[None]:
    """List a change while it is made; if it cannot be made, it was never listed."""
    path = folder / FOLDER / LIST
    before = path.read_bytes() if path.exists() else b""
    lead = before if before.endswith(b"\n") or not before else before + b"\n"
    rows = [] if before else [COLUMNS]
    rows.append((change.time, change.who, change.what, change.before, change.after))
    write_atomic(path, lead + "".join(format_row(row) + "\n" for row in rows).encode())
    try:
        yield
    except BaseException:
        path.unlink() if not before else write_atomic(path, before)
        raise


def without(current: bytes, before: bytes, after: bytes) -> bytes:
    """Take one change of a codebook back, and leave what was changed since as it is.

    Parameters
    ----------
    current
        The codebook as it now stands.
    before, after
        The codebook before and after the change that is to be taken back.

    Raises
    ------
    NotPossibleError
        Lines that the change made have been changed since.
    """
    mine, made, now = (_lines(data) for data in (before, after, current))
    since = difflib.SequenceMatcher(None, made, now, autojunk=False).get_matching_blocks()
    back = difflib.SequenceMatcher(None, made, mine, autojunk=False).get_opcodes()
    for kind, start, end, first, last in reversed(back):
        if kind == "equal":
            continue
        block = next((b for b in since if b.size and b.a <= start and end <= b.a + b.size), None)
        if block is None:
            message = "the same lines of the codebook have been changed since"
            raise NotPossibleError(f"{message}; what was done later must be taken back first")
        shift = block.b - block.a
        now[start + shift : end + shift] = mine[first:last]
    return b"".join(now)


def _lines(data: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", data)
