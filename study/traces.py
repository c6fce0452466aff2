"""Where else a participant's words stand: in memos, examples, notes, files received."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from study.files import read_text
from study.model import Case

RUN = 6
"""Words in a row that no other participant says: fewer are anybody's."""
LARGEST = 100_000_000
"""Bytes of a file that is looked into."""
SKIPPED = {"figures", ".git", ".venv", "__pycache__", "node_modules"}
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_TAG = re.compile(r"<[^>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Trace:
    """A line that uses a participant's words, or names them; line 0 is the file as a whole."""

    path: Path
    line: int
    why: str

    def shown(self, root: Path) -> str:
        """Return the place and the reason: `codebooks/pilot/codebook.yaml:12 (their words)`."""
        where = self.path.relative_to(root).as_posix()
        return f"{where}{f':{self.line}' if self.line else ''} ({self.why})"


def traces(root: Path, case: Case, others: Collection[str], own: Collection[Path]) -> list[Trace]:
    """Return the places in a study that use a participant's words, or name them.

    Parameters
    ----------
    root
        The study's folder.
    case
        The participant.
    others
        Names of the other transcripts: what these say too is not the participant's alone.
    own
        Files that belong to the participant, which are not looked into.
    """
    interviews = root / "interviews"
    said = runs(read_text(interviews / f"{case.source}.txt")[0] or "") if case.source else set()
    for name in others:
        said -= runs(read_text(interviews / f"{name}.txt")[0] or "")
    transcripts = {interviews / f"{name}.txt" for name in others}
    skipped = {*own, *transcripts, interviews / "participants.csv", interviews / "imports.csv"}
    skipped |= {interviews / "withdrawn.csv"}
    names = re.compile(rf"(?<![\w-]){re.escape(case.name)}(?![\w-])")
    found: list[Trace] = []
    for path in _looked_into(root):
        if path not in skipped:
            found += _in_file(path, said, names)
    return found


def runs(text: str) -> set[str]:
    """Return every run of words of a text, case and apostrophes apart."""
    words = [word.lower().replace("\u2019", "'") for word in _WORD.findall(text)]
    return {" ".join(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


def _looked_into(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if path.name.startswith(".") or path.name in SKIPPED or path.is_symlink():
            continue
        if path.is_dir():
            yield from _looked_into(path)
        elif path.is_file() and path.stat().st_size <= LARGEST:
            yield path


def _in_file(path: Path, said: set[str], names: re.Pattern[str]) -> list[Trace]:
    if zipfile.is_zipfile(path):
        text = _unzipped(path)
        lines = [_TAG.sub(" ", text)]
    else:
        lines = path.read_bytes().decode("utf-8", "ignore").split("\n")
    used = _using(lines, said)
    found = []
    for number, line in enumerate(lines, start=1):
        reasons = {"their words": number in used, "names them": bool(names.search(line))}
        why = ", ".join(reason for reason, here in reasons.items() if here)
        if why:
            found.append(Trace(path, 0 if len(lines) == 1 else number, why))
    return found


def _using(lines: list[str], said: set[str]) -> set[int]:
    """Return the numbers of lines on which a run of the participant's words begins."""
    words, at = [], []
    for number, line in enumerate(lines, start=1):
        for word in _WORD.findall(line):
            words.append(word.lower().replace("\u2019", "'"))
            at.append(number)
    return {at[n] for n in range(len(words) - RUN + 1) if " ".join(words[n : n + RUN]) in said}


def _unzipped(path: Path) -> str:
    """Return the text of an archive's parts, as far as they are text."""
    parts = []
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.file_size <= LARGEST:
                    parts.append(archive.read(member).decode("utf-8", "ignore"))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return ""
    return "\n".join(parts)
