"""Reading and writing plain files: whole or not at all, and with line numbers for problems."""

from __future__ import annotations

import contextlib
import csv
import difflib
import hashlib
import io
import os
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from study.errors import InvalidStudyError, NotPossibleError
from study.model import Place, Problem

# Windows keeps these for devices, whatever their suffix.
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}


def in_name(letter: str) -> bool:
    """Tell whether a name may hold this character: letters with marks, digits, - _ and dot."""
    return letter.isalnum() or letter in "-_." or unicodedata.category(letter).startswith("M")


def require_name(kind: str, name: str) -> str:
    """Return a name, accents composed, that is a plain file name on every system.

    Raises
    ------
    NotPossibleError
        The name is empty, leaves its folder, or is one that some system keeps for itself.
    """
    name = unicodedata.normalize("NFC", name)
    plain = 0 < len(name) <= 100 and all(map(in_name, name)) and name[0] not in ".-"
    if not plain or name.endswith(".") or name.partition(".")[0].lower() in DEVICES:
        message = f"{kind} {name!r} must be letters, digits, '-', '_' or '.', as in 'ana' or 'P07'"
        raise NotPossibleError(message)
    return name


def write_atomic(path: Path, data: str | bytes | Callable[[IO[bytes]], object]) -> None:
    """Write a file so that a reader, or a crash, meets the old content or the new, never a part.

    What is too large to be held in memory is written by a function that gets the open file.
    """
    path = path.resolve()  # a link stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            if callable(data):
                data(file)
            else:
                file.write(data.encode("utf-8") if isinstance(data, str) else data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


def _mode(path: Path) -> int:
    """Keep an existing file's permissions; a new file gets those of its folder, less execution."""
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mode & 0o777
    return path.parent.stat().st_mode & 0o666


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the system can do that."""
    # Windows cannot open a folder, and some network folders cannot be synced.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Keep other processes of the toolkit from changing a list at the same time.

    The lock is a file of its own, for the list itself is replaced by another when it is written.
    A shared lock keeps those waiting who would change the list, not those who rely on it.
    """
    import portalocker

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        how = portalocker.LOCK_NB | (portalocker.LOCK_SH if shared else portalocker.LOCK_EX)
        name = path.with_name(f".{path.name}.lock")
        lock = portalocker.Lock(name, "a", timeout=60, flags=how, check_interval=0.02)
        lock.acquire()
    except portalocker.LockException:
        message = f"{path} has been kept busy by another program for a minute; try again"
        raise NotPossibleError(message) from None
    try:
        yield
    finally:
        lock.release()


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the likeliest known word, or nothing."""
    names = list(known)
    leaves = {name.rpartition(".")[2]: name for name in reversed(names)}
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6) or [
        leaves[leaf] for leaf in difflib.get_close_matches(word, leaves, n=1, cutoff=0.6)
    ]
    return f"; did you mean {close[0]!r}?" if close else ""


def refuse(problems: Iterable[Problem]) -> None:
    """Raise where a file has problems that writing it anew would bury."""
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InvalidStudyError(errors)


def read_text(path: Path) -> tuple[str | None, list[Problem]]:
    """Read a UTF-8 file as it stands; None and a problem where that is impossible."""
    try:
        return path.read_bytes().decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        remedy = "save it again as UTF-8, or let `study check --fix` try"
        return None, [Problem(path, line, f"is not UTF-8 text; {remedy}")]
    except OSError as error:
        reason = error.strerror or str(error)
        return None, [Problem(path, 0, f"cannot be read: {reason}")]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a CSV file: its cells by column, and where it stands."""

    place: Place
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The columns and rows of a CSV file."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def read_csv(path: Path, required: Iterable[str]) -> tuple[Sheet, list[Problem]]:
    """Read a CSV file with a header; mend and report what spreadsheet programs do to one.

    A byte-order mark, CRLF line ends and semicolons or tabs for commas are read through and
    reported as warnings; a missing column or a row of the wrong length is an error.
    """
    text, problems = read_text(path)
    if text is None:
        return Sheet(), problems
    text, delimiter, found = unmangle(path, text)
    problems += found
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        numbered = [(lines.line_num, cells) for cells in lines if any(c.strip() for c in cells)]
    except csv.Error as error:
        return Sheet(), [*problems, Problem(path, lines.line_num, f"is not a CSV row: {error}")]
    if not numbered:
        message = f"is empty; its first line must name: {','.join(required)}"
        return Sheet(), [*problems, Problem(path, 1, message)]
    sheet, more = _sheet(path, numbered, list(required))
    return sheet, problems + more


def unmangle(path: Path, text: str) -> tuple[str, str, list[Problem]]:
    """Return CSV text without BOM and CR, its delimiter, and a warning for whatever was odd."""
    odd = []
    if text.startswith("\ufeff"):
        odd.append("begins with a byte-order mark")
        text = text.removeprefix("\ufeff")
    if "\r" in text:
        odd.append("has Windows line ends (CRLF)")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    if delimiter != ",":
        odd.append(f"is separated by {'tabs' if delimiter == chr(9) else 'semicolons'}")
    remedy = "a spreadsheet program did that; `study check --fix` restores it"
    return text, delimiter, [Problem(path, 1, f"{what}; {remedy}", "warning") for what in odd]


def _sheet(
    path: Path, numbered: list[tuple[int, list[str]]], required: list[str]
) -> tuple[Sheet, list[Problem]]:
    header = [name.strip() for name in numbered[0][1]]
    while header and not header[-1]:  # phantom columns at the right
        header.pop()
    problems = _header_problems(Place(path, numbered[0][0]), header, required)
    if problems:
        return Sheet(), problems
    rows = []
    for line, cells in numbered[1:]:
        extra = [cell for cell in cells[len(header) :] if cell.strip()]
        if extra or len(cells) < len(header):
            message = f"has {len(cells)} cells where the header names {len(header)}"
            problems.append(Problem(path, line, f"{message}; a comma in a cell needs quotes"))
            continue
        values = (cell.strip() for cell in cells)
        rows.append(Row(Place(path, line), dict(zip(header, values, strict=False))))
    return Sheet(tuple(header), tuple(rows)), problems


def _header_problems(place: Place, header: list[str], required: list[str]) -> list[Problem]:
    return [
        Problem(place.path, place.line, f"has no column {name!r}{suggest(name, header)}")
        for name in required
        if name not in header
    ] + [
        Problem(place.path, place.line, f"names the column {name!r} twice")
        for name in sorted({name for name in header if header.count(name) > 1})
    ]


def restore_csv(path: Path) -> bool:
    """Rewrite a CSV file as UTF-8, commas and LF; tell whether that changed anything.

    A file that is not UTF-8 is taken for Windows-1252.  One that is not sound CSV is left as it
    is: `study check` names the line.
    """
    data = path.read_bytes()
    try:
        text, foreign = data.decode("utf-8"), False
    except UnicodeDecodeError:  # what spreadsheet programs write where Windows is at home
        text, foreign = data.decode("cp1252", "replace"), True
    plain, delimiter, odd = unmangle(path, text)
    if "\ufffd" in plain or not (odd or foreign):
        return False
    try:
        rows = list(csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    write_atomic(path, "".join(format_row(row) + "\n" for row in rows if row))
    return True


def format_row(cells: Iterable[str]) -> str:
    """Return cells as one line of CSV, without the line end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(list(cells))
    return buffer.getvalue()


def read_yaml(path: Path) -> tuple[Any, list[Problem]]:
    """Read YAML 1.2 into ruamel's commented containers, which know their line numbers."""
    text, problems = read_text(path)
    return (None, problems) if text is None else parse_yaml(path, text)


def parse_yaml(path: Path, text: str) -> tuple[Any, list[Problem]]:
    """Read YAML from a text that stands, or will stand, in a file; see `read_yaml`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return YAML(typ="rt").load(text), []
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return None, [Problem(path, line, f"is not YAML: {error.problem or error.context}")]
    except (YAMLError, ValueError) as error:
        return None, [Problem(path, 0, f"is not YAML: {str(error).splitlines()[0]}")]
    except RecursionError:
        return None, [Problem(path, 0, "is nested too deeply to be read")]


def line_in(container: Any, key: Any) -> int:
    """Return the line, from 1, on which a key or item of a YAML container stands."""
    try:
        return int(container.lc.key(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        pass
    try:
        return int(container.lc.item(key)[0]) + 1
    except (AttributeError, KeyError, TypeError):
        return 0
