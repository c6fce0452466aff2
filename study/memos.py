"""Memos: what a coder thinks about a transcript or a code, one Markdown file each.

`codebooks/<name>/memos/<coder>/transcript-<source>.md` and `code-<guid>.md` begin with who wrote
about what, and when; the text follows:

    ---
    about: transcript P07
    author: ana
    created: 2021-09-14T10:30:00+00:00
    changed: 2021-09-15T08:12:40+00:00
    ---

    She speaks of the partner before the course, every time.

Memos are their author's: they stand in no table, figure or page that a study publishes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from study.errors import NotPossibleError
from study.files import locked, read_text, require_name, sha256, suggest, sync_folder, write_atomic
from study.model import Memo, Place, Problem, Subject

FOLDER = "memos"
KEYS = ("about", "author", "created", "changed")
SUBJECTS: tuple[Subject, ...] = ("transcript", "code")
LONGEST = 100_000  # characters
MARK = "---"
_NAME = re.compile(r"(transcript|code)-(.+)\.md")
_LINE = re.compile(r"([a-z]+):\s*(.*?)\s*")


class OutdatedMemoError(NotPossibleError):
    """A memo has been changed by another hand since it was read; `details` has the present one."""

    def __init__(self, current: Memo | None, revision: str) -> None:
        text = current.text if current else ""
        self.details = {"current": {"text": text, "revision": revision}}
        done = "changed" if current else "deleted"
        message = f"this memo has been {done} elsewhere in the meantime"
        super().__init__(f"{message}; put the two together and save again")


def path_of(folder: Path, author: str, kind: Subject, name: str) -> Path:
    """Return the file of a memo; `folder` is the codebook's.

    Raises
    ------
    NotPossibleError
        The author or the name can be no part of a file's name.
    """
    file = require_name(kind, f"{kind}-{name}")
    return folder / FOLDER / require_name("coder", author) / f"{file}.md"


def revision_of(path: Path) -> str:
    """Return 12 hexadecimal digits that change with the file; nothing where there is none."""
    try:
        return sha256(path.read_bytes())[:12]
    except FileNotFoundError:
        return ""


def save(path: Path, text: str, revision: str, now: dt.datetime) -> tuple[Memo | None, str]:
    """Write a memo, or delete it where the text is empty; it is on disk when this returns.

    Parameters
    ----------
    path
        As `path_of` returns it: it says who writes about what.
    text
        What the memo is to say; spaces around it are left out.
    revision
        That of the file which the writer has seen (`revision_of`).  What is there already may be
        saved again whatever the revision: an answer may have been lost.
    now
        The moment that the file is to name.

    Returns
    -------
    The memo, and its revision; None and nothing if it is deleted.

    Raises
    ------
    OutdatedMemoError
        The file is another than the writer has seen.
    NotPossibleError
        The text is too long, or the file there is no memo.
    OSError
        It could not be written; the former text stays.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST:
        raise NotPossibleError(f"a memo may have {LONGEST:,} characters, this has more")
    with locked(path):
        before, found = _read_one(path), revision_of(path)
        if (before.text if before else "") == text:
            return before, found
        if found != revision:
            raise OutdatedMemoError(before, found)
        if not text:
            path.unlink()
            sync_folder(path.parent)
            return None, ""
        kind, name = _subject(path)
        created = before.created if before else now
        memo = Memo(kind, name, path.parent.name, created, now, text, Place(path))
        write_atomic(path, form(memo))
        return memo, revision_of(path)


def _read_one(path: Path) -> Memo | None:
    """Read the memo that is there; refuse to overwrite what cannot be read as one."""
    if not path.exists():
        return None
    memo, problems = read_file(path)
    if memo is None:
        raise NotPossibleError(f"{problems[0]}; mend the file, then save again")
    return memo


def _subject(path: Path) -> tuple[Subject, str]:
    """Return what a file is about, by its name."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        raise NotPossibleError(f"{path.name} is no memo's file: transcript-NAME.md or code-GUID.md")
    return ("transcript" if match[1] == "transcript" else "code"), match[2]


def form(memo: Memo) -> str:
    """Return a memo as its file says it."""
    head = (memo.about, memo.author, memo.created.isoformat(), memo.changed.isoformat())
    lines = [f"{key}: {value}" for key, value in zip(KEYS, head, strict=True)]
    return "\n".join([MARK, *lines, MARK, "", memo.text, ""])


def read_file(path: Path) -> tuple[Memo | None, list[Problem]]:
    """Read one memo; None and what is wrong where it is not one."""
    text, problems = read_text(path)
    if text is None:
        return None, [Problem(one.path, one.line, one.message, "warning") for one in problems]
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    marks = [number for number, line in enumerate(lines) if line.rstrip() == MARK]
    if len(marks) < 2 or marks[0]:
        message = f"must begin with {MARK}, lines for {', '.join(KEYS)}, and {MARK} again"
        return None, [Problem(path, 1, message, "warning")]
    head, wrong = _head(path, lines[1 : marks[1]])
    if wrong:
        return None, wrong
    kind, name = _subject(path)
    created, changed = _moment(head["created"]), _moment(head["changed"])
    said = "\n".join(lines[marks[1] + 1 :]).strip()
    return Memo(kind, name, path.parent.name, created, changed, said, Place(path)), []


def _head(path: Path, lines: list[str]) -> tuple[dict[str, str], list[Problem]]:
    """Read the lines that say who wrote about what, and when; each must fit the file's place."""
    head: dict[str, str] = {}
    wrong = []
    for number, line in enumerate(lines, start=2):
        match = _LINE.fullmatch(line)
        message = "is not like `author: ana`"
        if match and match[1] in KEYS:
            head[match[1]] = match[2].strip("\"'")
            message = _unfit(path, match[1], head[match[1]])
        elif match:
            message = f"has the unknown key {match[1]!r}{suggest(match[1], KEYS)}"
        if message and line.strip():
            wrong.append(Problem(path, number, message, "warning"))
    missing = [key for key in KEYS if key not in head]
    if missing:
        wrong.append(Problem(path, 1, f"does not say: {', '.join(missing)}", "warning"))
    return head, wrong


def _unfit(path: Path, key: str, value: str) -> str:
    """Say what is wrong with one line of the head."""
    kind, name = _subject(path)
    if key == "about" and value != f"{kind} {name}":
        return f"is about {value!r}; by its name the file is about '{kind} {name}'"
    if key == "author" and value != path.parent.name:
        return f"is by {value!r}, and lies in the folder of {path.parent.name!r}"
    try:
        _moment(value if key in ("created", "changed") else "2000-01-01")
    except ValueError:
        return f"{key} {value!r} is not a time like 2021-09-14T10:30:00+00:00"
    return ""


def _moment(value: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def read(folder: Path, withdrawn: Collection[str] = ()) -> tuple[list[Memo], list[Problem]]:
    """Read all coders' memos; `folder` is the codebook's.

    Those about transcripts of participants who withdrew are left out.
    """
    found: list[Memo] = []
    problems: list[Problem] = []
    for path in _files(folder / FOLDER):
        match = _NAME.fullmatch(path.name)
        if match is None or path.parent.parent != folder / FOLDER:
            message = "is no memo: a coder's folder has transcript-NAME.md and code-GUID.md"
            problems.append(Problem(path, 0, message, "warning"))
        elif match[1] == "code" or match[2] not in withdrawn:
            memo, wrong = read_file(path)
            found += [memo] if memo else []
            problems += wrong
    return found, problems


def by(folder: Path, author: str, withdrawn: Collection[str] = ()) -> list[Memo]:
    """Return one coder's memos, as far as they can be read."""
    paths = _files(folder / FOLDER / author)
    named = [(path, _NAME.fullmatch(path.name)) for path in paths]
    fitting = [path for path, match in named if match and not _is_about(match, withdrawn)]
    return [memo for memo, _ in map(read_file, fitting) if memo]


def _is_about(match: re.Match[str], withdrawn: Collection[str]) -> bool:
    return match[1] == "transcript" and match[2] in withdrawn


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and the folders in it, but for hidden ones."""
    for path in sorted(folder.glob("*")):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path
