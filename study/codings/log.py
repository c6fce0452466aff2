"""Writing a log: whole rows or none, on disk before anybody hears of them, each of them once."""

from __future__ import annotations

import csv
import errno
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from io import FileIO
from pathlib import Path

from study.codings.rows import COLUMNS, HEADER, Entry, format_entry, parse, split
from study.codings.standing import Standing, stand
from study.errors import NotPossibleError
from study.files import (
    format_row,
    locked,
    read_text,
    require_name,
    sync_folder,
    unmangle,
    write_atomic,
)
from study.model import Coding, Place, Problem, Selection

Renamed = Callable[[str], str]


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


def append(path: Path, entries: Sequence[Entry], renamed: Renamed = str) -> None:
    """Add rows to a log; they are on disk when this returns.

    Rows may be sent again: one that is in the log already, or takes back what was taken back
    already, is acknowledged without a second row.

    Parameters
    ----------
    path
        The log; it is created with its header, in its folder, if it is not there.
    entries
        Rows, in order: all of them are written, or none.
    renamed
        A function from a code's path, present or former, to its present one: codings of a code
        that has been renamed or merged since are compared under it.

    Raises
    ------
    NotPossibleError
        A coding stands already, an id was used for another, there is nothing to take back, or a
        spreadsheet program has rewritten the log: rows in its manner would be lost to others.
    OSError
        The rows could not be written; none of them counts.
    """
    _log(path).append(entries, renamed)


class Log:
    """One coder's log of one source, read again only when it has changed on disk.

    Safe to use from several threads, and beside other processes that write the same log.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._stamp: tuple[int, ...] | None = None
        self._forget()

    def _forget(self) -> None:
        self._stamp = None
        self._standing, self._problems = Standing(), list[Problem]()
        self._rows, self._whole = 0, False

    @property
    def taken(self) -> bool:
        """Whether the coder has taken on the source, with or without result."""
        with self._lock:
            self._look()
            return self._stamp is not None and self._stamp[2] > 0

    def codings(self) -> list[Coding]:
        """Return the codings that stand."""
        with self._lock:
            self._look()
            return list(self._standing.codings.values())

    def declined(self) -> list[Coding]:
        """Return the passages and codes that the coder decided against."""
        with self._lock:
            self._look()
            return list(self._standing.declined.values())

    def problems(self) -> list[Problem]:
        """Return what is wrong with the rows."""
        with self._lock:
            self._look()
            return list(self._problems)

    def find(self, identity: str) -> Entry | None:
        """Return the row that brought an id in, whether or not it still stands."""
        with self._lock:
            self._look()
            return self._standing.find(identity)

    def stands(self, identity: str) -> bool:
        """Tell whether what has this id has not been taken back."""
        with self._lock:
            self._look()
            return identity in self._standing.codings or identity in self._standing.declined

    def alike(self, selection: Selection, code: str, renamed: Renamed = str) -> list[Coding]:
        """Return the codings that stand on a passage with one code, under any of its paths.

        There are several where codes have been merged; a study shows one of them.
        """
        key = selection, renamed(code)
        return [one for one in self.codings() if (one.selection, renamed(one.code)) == key]

    def _look(self) -> None:
        """Read the log if it is another than it was."""
        try:
            found = _stamp(os.stat(self.path))
        except OSError:
            self._forget()
            return
        if found != self._stamp:
            self._forget()
            text, self._problems = read_text(self.path)
            self._take(text or "")
            self._stamp = found  # as it was before reading: a change meanwhile is seen next time

    def _take(self, text: str) -> None:
        """Know what a text says, and whether rows may be added to it as it is."""
        entries, problems = parse(self.path, text)
        self._standing, more = stand(entries)
        self._problems += problems + more
        self._rows = text.count("\n")
        self._whole = text.startswith(HEADER + "\n") and text.endswith("\n") and "\r" not in text

    def append(self, entries: Sequence[Entry], renamed: Renamed = str) -> None:
        """Add rows; see `append`."""
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            known = self._stamp is not None
            try:
                while not self._append(entries, renamed):
                    pass  # the file was replaced (git, a sync folder) while this waited for it
            except BaseException:
                self._stamp = None
                raise
            if not known:  # the name may be as new as the rows, and the coder's folder too
                sync_folder(self.path.parent)
                sync_folder(self.path.parent.parent)

    def _append(self, entries: Sequence[Entry], renamed: Renamed) -> bool:
        """Write rows under a lock; False where another file has taken this one's place."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        with os.fdopen(handle, "r+b", buffering=0) as file, _alone(self.path, file):
            if not _still_there(self.path, file):
                return False
            try:
                end = self._catch_up(file)
                new = fresh(self._standing, entries, renamed)
                text = "".join(format_entry(entry) + "\n" for entry in new)
                data = text.encode("utf-8") if end else f"{HEADER}\n{text}".encode()
                _write_at(self.path, file, end, data)
            except BaseException:
                if not os.fstat(file.fileno()).st_size:
                    self.path.unlink(missing_ok=True)  # it would say that the coder found nothing
                raise
            self._remember(file, new, end + len(data), int(not end))
            return _still_there(self.path, file)

    def _catch_up(self, file: FileIO) -> int:
        """Know what the file says now; return where its whole rows end."""
        found = os.fstat(file.fileno())
        if self._whole and self._stamp == _stamp(found):
            return found.st_size
        content = file.read()
        _require_plain(self.path, content)
        end = _end_of_rows(self.path, content)
        try:
            text = content[:end].decode("utf-8")
        except UnicodeDecodeError:
            message = f"{self.path} is not UTF-8 text; `study check` says where"
            raise NotPossibleError(message) from None
        self._problems = []
        self._take(text)
        return end

    def _remember(self, file: FileIO, new: Sequence[Entry], size: int, header: int) -> None:
        """Take in the rows that were written, unless another hand has written as well."""
        self._rows += header
        for entry in new:
            self._rows += 1
            place = Place(self.path, self._rows)
            self._standing.take(Entry(entry.action, replace(entry.coding, place=place)))
        found = os.fstat(file.fileno())
        self._stamp, self._whole = _stamp(found) if found.st_size == size else None, True


_log = lru_cache(maxsize=32)(Log)


def fresh(standing: Standing, entries: Sequence[Entry], renamed: Renamed) -> list[Entry]:
    """Return the rows that a log has not yet; refuse those that contradict what stands.

    Raises
    ------
    NotPossibleError
        A coding stands already, an id was used for another, or there is nothing to take back.
    """
    leaving = {entry.coding.id for entry in entries if entry.action == "remove"}
    new: dict[tuple[str, bool], Entry] = {}
    beside: dict[tuple[int, int], list[Entry]] = {}
    for entry in entries:
        identity, removing = entry.coding.id, entry.action == "remove"
        before = new.get((identity, False)) or standing.find(identity)
        if removing and before is None:
            raise NotPossibleError(f"there is no coding {identity!r} to take back")
        if removing and identity not in standing.ended:
            new.setdefault((identity, removing), entry)
        elif not removing and before is None and identity not in standing:
            others = [*standing.at(*_span(entry)), *beside.get(_span(entry), ())]
            _require_new(entry, [one for one in others if one.coding.id not in leaving], renamed)
            new[identity, removing] = entry
            beside.setdefault(_span(entry), []).append(entry)
        elif not removing and (before is None or _said(before, renamed) != _said(entry, renamed)):
            raise NotPossibleError(f"the id {identity!r} was used before, for another coding")
    return list(new.values())


def _span(entry: Entry) -> tuple[int, int]:
    return entry.coding.selection.start, entry.coding.selection.end


def same(one: Entry, other: Entry, renamed: Renamed = str) -> bool:
    """Tell whether two rows say the same: one of them may have been sent a second time."""
    return _said(one, renamed) == _said(other, renamed)


def _said(entry: Entry, renamed: Renamed) -> tuple[object, ...]:
    coding = entry.coding
    return (
        entry.action, coding.id, coding.selection, renamed(coding.code), coding.stance,
        coding.memo, coding.coder,
    )  # fmt: skip


def _require_new(entry: Entry, others: Sequence[Entry], renamed: Renamed) -> None:
    """Refuse what stands already: another process may have been quicker by a moment."""
    coding = entry.coding
    for other in others:
        found = other.coding
        same_place = (found.selection, renamed(found.code)) == (
            coding.selection,
            renamed(coding.code),
        )
        if other.action == entry.action and same_place:
            line = f" (line {found.place.line})" if found.place else ""
            done = "given" if entry.action == "add" else "denied"
            message = f"{coding.coder} has {done} this passage {coding.code!r} before{line}"
            raise NotPossibleError(message)


def _stamp(found: os.stat_result) -> tuple[int, ...]:
    """Return what changes whenever a file does."""
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


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
    """Write rows at the end of the whole ones; if that fails, take a part written back.

    Without new rows it makes sure that what is there, by whichever hand, is on disk.
    """
    try:
        if os.fstat(file.fileno()).st_size > end:
            file.truncate(end)
        file.seek(end)
        if data and file.write(data) != len(data):
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
    lines, torn = split(text)
    try:
        rows = [next(csv.reader([row], delimiter=delimiter, strict=True)) for row in lines if row]
    except csv.Error:
        return False
    if not odd or torn or any(len(row) != len(COLUMNS) for row in rows):
        return False
    with locked(path):
        write_atomic(path, "".join(format_row(row) + "\n" for row in rows))
    return True
