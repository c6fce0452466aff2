r"""Codings as an append-only log: one file a coder and source.

`codebooks/<name>/codings/<coder>/<source>.csv` holds `add` and `remove` rows; a change is a remove
and an add.  Replaying the rows up to a date gives the coding as it stood then.  A row is one line
whatever the memo holds (line breaks are written `\n`), so that a torn last line is easy to tell,
and it is on disk before `append` returns.  The file's presence says that the coder has worked on
the source, with or without result.
"""

from __future__ import annotations

import csv
import datetime as dt
import errno
import os
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Literal

from study.errors import NotPossibleError
from study.files import (
    format_row,
    locked,
    read_text,
    require_name,
    suggest,
    sync_folder,
    unmangle,
    write_atomic,
)
from study.model import STANCES, Coding, Place, Problem, Selection

COLUMNS = (
    "action", "id", "source", "source_version", "start", "end",
    "code", "stance", "coder", "created", "memo",
)  # fmt: skip
HEADER = ",".join(COLUMNS)
LONGEST = 100_000  # characters of a memo; the csv module reads cells of 131,072

Action = Literal["add", "remove"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log."""

    action: Action
    coding: Coding


def new_id() -> str:
    """Return a fresh identifier for a coding."""
    return str(uuid.uuid4())


def now() -> dt.datetime:
    """Return the present moment in UTC, to the second, as the log writes it."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def path_of(folder: Path, coder: str, source: str) -> Path:
    """Return the log of one coder and source.

    Raises
    ------
    NotPossibleError
        One of them is no plain file name, or a coder of the same name is written otherwise.
    """
    require_name("transcript", source)
    require_name("coder", coder)
    others = (path.name for path in folder.glob("*") if path.is_dir())
    for other in others:
        if other != coder and other.casefold() == coder.casefold():
            raise NotPossibleError(f"there is a coder {other!r} already; did you mean that?")
    return folder / coder / f"{source}.csv"


def start(path: Path) -> None:
    """Create an empty log: the coder has taken on this source."""
    append(path, ())


def append(path: Path, entries: Sequence[Entry]) -> None:
    """Add rows to a log; they are on disk when this returns.

    Parameters
    ----------
    path
        The log; it is created with its header, in its folder, if it is not there.
    entries
        Rows, in order.

    Raises
    ------
    NotPossibleError
        A coding stands already, or a spreadsheet program has rewritten the log: rows in its manner
        would be lost to others.
    OSError
        The rows could not be written; none of them counts.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(format_entry(entry) + "\n" for entry in entries)
    while not _append(path, text, entries):
        pass  # the file was replaced (git, a sync folder) while this waited for it
    sync_folder(path.parent)


def _append(path: Path, text: str, entries: Sequence[Entry]) -> bool:
    """Write rows under a lock; False where another file has meanwhile taken this one's place."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    with os.fdopen(handle, "r+b", buffering=0) as file, _alone(path, file):
        if not _still_there(path, file):
            return False
        content = file.read()
        _require_plain(path, content)
        _require_new(path, entries)
        end = _end_of_rows(path, content)
        data = text.encode("utf-8") if end else f"{HEADER}\n{text}".encode()
        try:
            _write_at(path, file, end, data)
        except OSError:
            if not content:  # an empty log would say that the coder found nothing
                path.unlink(missing_ok=True)
            raise
        return _still_there(path, file)


@contextmanager
def _alone(path: Path, file: FileIO) -> Iterator[None]:
    """Keep a second writer of the same log waiting."""
    import portalocker

    try:
        portalocker.lock(file, portalocker.LOCK_EX)
    except portalocker.LockException as error:
        raise NotPossibleError(f"{path} cannot be locked for writing: {error}") from None
    try:
        yield
    finally:
        portalocker.unlock(file)


def _still_there(path: Path, file: FileIO) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _require_plain(path: Path, content: bytes) -> None:
    """Refuse a log that does not begin with the header as this module writes it."""
    head = content.partition(b"\n")[0]
    torn_header = b"\n" not in content and HEADER.encode().startswith(content)
    if b"\r" in content or (content and head != HEADER.encode() and not torn_header):
        message = "has been rewritten by another program"
        remedy = "`study check` says what is wrong and `study check --fix` restores what it can"
        raise NotPossibleError(f"{path} {message}; {remedy}, then try again")


def _require_new(path: Path, entries: Sequence[Entry]) -> None:
    """Refuse a coding that stands already: another process may have been quicker by a moment."""
    added = {(e.coding.selection, e.coding.code) for e in entries if e.action == "add"}
    gone = {entry.coding.id for entry in entries if entry.action == "remove"}
    for coding in read(path)[0] if added else ():
        if (coding.selection, coding.code) in added and coding.id not in gone:
            line = coding.place.line if coding.place else 0
            message = f"{coding.coder} has given this passage {coding.code!r} before (line {line})"
            raise NotPossibleError(message)


def _end_of_rows(path: Path, content: bytes) -> int:
    """Return where whole rows end; what is torn after that is kept in `<name>.csv.torn`."""
    end = content.rfind(b"\n") + 1
    torn = content[end:]
    if torn:
        with path.with_name(path.name + ".torn").open("ab") as aside:
            aside.write(torn + b"\n")
            aside.flush()
            os.fsync(aside.fileno())
    return end


def _write_at(path: Path, file: FileIO, end: int, data: bytes) -> None:
    """Write rows at the end of the whole ones; if that fails, take a part written back."""
    try:
        file.truncate(end)
        file.seek(end)
        written = file.write(data)
        if written != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            file.truncate(end)
        raise OSError(error.errno, error.strerror, str(path)) from None


def restore(path: Path) -> bool:
    """Rewrite a log that a spreadsheet program has changed, row by row; tell whether it did.

    A row that cannot be read as one, or a last row without line end, leaves the log as it is.
    """
    given, problems = read_text(path)
    if given is None or problems:
        return False
    text, delimiter, odd = unmangle(path, given)
    lines, torn = _split(text)
    try:
        rows = [next(csv.reader([row], delimiter=delimiter, strict=True)) for row in lines if row]
    except csv.Error:
        return False
    if not odd or torn or any(len(row) != len(COLUMNS) for row in rows):
        return False
    with locked(path):
        write_atomic(path, "".join(format_row(row) + "\n" for row in rows))
    return True


def format_entry(entry: Entry) -> str:
    """Return one row of the log, without the line end."""
    coding = entry.coding
    selection = coding.selection
    if len(coding.memo) > LONGEST:
        raise NotPossibleError(f"a memo may have {LONGEST:,} characters, this has more")
    if any("\ud800" <= letter <= "\udfff" for letter in coding.memo):
        raise NotPossibleError("the memo holds characters that are not text; type it again")
    memo = coding.memo.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return format_row(
        (
            entry.action, coding.id, selection.source, coding.source_version,
            str(selection.start), str(selection.end), coding.code, coding.stance,
            coding.coder, coding.created.isoformat(), memo,
        )
    )  # fmt: skip


ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}


def parse_entry(line: str, place: Place, delimiter: str = ",") -> Entry:
    """Read one row of the log; ValueError with a plain sentence where it is not one."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ValueError(f"is not a CSV row: {error}") from None
    if len(cells) != len(COLUMNS):
        raise ValueError(f"has {len(cells)} cells where a coding has {len(COLUMNS)}")
    action, identity, source, version, begin, end, code, stance, coder, created, memo = cells
    if action not in ("add", "remove"):
        raise ValueError(f"action {action!r} is neither add nor remove")
    if stance and stance not in STANCES:
        raise ValueError(f"unknown stance {stance!r}{suggest(stance, STANCES)}")
    coding = Coding(
        id=identity,
        selection=Selection(source, _offset(begin, "start"), _offset(end, "end")),
        code=code,
        coder=coder,
        created=_moment(created),
        source_version=version,
        stance=stance,
        memo=re.sub(r"\\[\\nr]", lambda found: ESCAPES[found[0]], memo),
        place=place,
    )
    return Entry(action, coding)  # type: ignore[arg-type]


def _offset(cell: str, name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", cell):
        raise ValueError(f"{name} {cell!r} is not a character offset")
    return int(cell)


def _moment(cell: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(cell)
    except ValueError:
        message = f"created {cell!r} is not a time like 2021-09-14T10:30:00+00:00"
        raise ValueError(f"{message}; a spreadsheet may have changed it") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def read_entries(path: Path) -> tuple[list[Entry], list[Problem]]:
    """Read a log's rows; malformed ones are reported and left out, a torn last one is a warning."""
    text, problems = read_text(path)
    if not text:
        return [], problems
    text, delimiter, odd = unmangle(path, text)
    problems += odd
    (head, *rows), torn = _split(text)
    if torn:
        message = "the last line was not finished and is ignored; if it is whole, end it with Enter"
        problems.append(Problem(path, text.count("\n") + 1, message, "warning"))
    if head.replace(delimiter, ",") != HEADER:
        wrong = Problem(path, 1, f"the first line must be: {HEADER}")
        return [], [*problems, wrong] if head else problems
    entries = []
    for number, row in enumerate(rows, start=2):
        try:
            entries += [parse_entry(row, Place(path, number), delimiter)] if row.strip() else []
        except ValueError as error:
            problems.append(Problem(path, number, str(error)))
    return entries, problems


def _split(text: str) -> tuple[list[str], bool]:
    """Return the whole lines of a text, at least one, and whether a torn one follows."""
    *lines, torn = text.split("\n")
    return lines or [""], bool(torn.strip())


def replay(
    entries: Iterable[Entry], until: dt.datetime | None = None
) -> tuple[list[Coding], list[Problem]]:
    """Return the codings that stand after all rows, or after those up to a moment."""
    standing: dict[str, Coding] = {}
    removed: set[str] = set()
    problems = []
    for entry in entries:
        coding = entry.coding
        if until is not None and coding.created > until:
            continue
        if entry.action == "remove":
            if standing.pop(coding.id, None) is None and coding.id not in removed:
                problems.append(_at(coding, f"removes {coding.id!r}, which was never added"))
            removed.add(coding.id)
        elif coding.id in standing or coding.id in removed:
            problems.append(_at(coding, f"adds {coding.id!r}, an id that was used before"))
        else:
            standing[coding.id] = coding
    return list(standing.values()), problems


def _at(coding: Coding, message: str) -> Problem:
    place = coding.place or Place(Path())
    return Problem(place.path, place.line, message)


def read(path: Path, until: dt.datetime | None = None) -> tuple[list[Coding], list[Problem]]:
    """Read a log and return the codings that stand, with the problems of its rows."""
    entries, problems = read_entries(path)
    codings, more = replay(entries, until)
    return codings, problems + more
