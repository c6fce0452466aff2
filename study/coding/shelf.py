"""A study's files as the coding page needs them: each read when asked for, and again when changed.

Nothing here reads all of a study: an hour of coding touches one transcript and two logs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from study import cases, codebook, codings, imports, project, settings, transcripts
from study.errors import NotPossibleError
from study.files import read_csv, require_name, sha256
from study.model import Case, Code, Codebook, Coding, Problem, Settings, Source
from study.text import WORD, spoken

T = TypeVar("T")
Stamp = tuple[int, ...] | None
COMPARED = "compared.csv"


def stamp(path: Path) -> Stamp:
    """Return what changes whenever a file does, None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


class Cabinet:
    """Keeps what was made of files until these change."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Path], tuple[object, Any]] = {}

    def get(self, kind: str, path: Path, make: Callable[[Path], T], also: object = None) -> T:
        """Return what `make` makes of a file, made anew when the file or `also` is another."""
        state = (stamp(path), also)  # before it is read: a change meanwhile is seen next time
        known = self._kept.get((kind, path))
        if known and known[0] == state:
            found: T = known[1]
            return found
        made = make(path)
        self._kept[kind, path] = state, made
        return made


@dataclass(frozen=True, slots=True)
class Scheme:
    """The codebook with what is looked up in it often; `revision` changes whenever it does."""

    book: Codebook
    revision: str
    known: Mapping[str, Code]
    renamed: Callable[[str], str]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript with what the list of transcripts says of it."""

    source: Source
    words: int
    problems: tuple[Problem, ...] = ()


class Shelf:
    """A study's files, by what they are."""

    def __init__(self, root: Path) -> None:
        self.root = project.require_study(root)
        self._cabinet = Cabinet()
        self._logs: dict[tuple[Path, str, str], codings.Log] = {}

    def settings(self) -> tuple[Settings, list[Problem]]:
        """Return what study.toml says."""
        read = self._cabinet.get(
            "settings", self.root / settings.FILE, lambda path: settings.read(path.parent)
        )
        return read

    @property
    def folder(self) -> Path:
        """The folder of the codebook."""
        return project.codebook_folder(self.root, self.settings()[0])

    def cases(self) -> tuple[tuple[Case, ...], list[Problem]]:
        """Return the participants, those who withdrew among them."""
        return self._cabinet.get("cases", self.root / "interviews" / cases.FILE, cases.read)

    def withdrawn(self) -> frozenset[str]:
        """Return the transcripts of participants who withdrew: for a coder there are none."""
        people, _ = self.cases()
        return frozenset(one.source for one in people if one.consent == "withdrawn")

    def listed(self) -> list[str]:
        """Return the names of all transcripts that are there, withdrawn ones left out."""
        withdrawn = self.withdrawn()
        try:
            entries = [entry.name for entry in os.scandir(self.root / "interviews")]
        except OSError:
            return []
        named = sorted(entry for entry in entries if entry.endswith(".txt") and entry[0] != ".")
        return [name for name in (entry[:-4] for entry in named) if name not in withdrawn]

    def names(self) -> list[str]:
        """Return the names of the transcripts that may be coded: logs can be named like them."""
        return [name for name in self.listed() if _is_name(name)]

    def transcript(self, name: str) -> Transcript | None:
        """Return a transcript; None where there is none that can be read."""
        return self._transcript(name) if name in self.names() else None

    def transcripts(self) -> list[Transcript]:
        """Return all transcripts that may be coded, and can be read."""
        found = map(self._transcript, self.names())
        return [one for one in found if one is not None]

    def _transcript(self, name: str) -> Transcript | None:
        path = self.root / "interviews" / f"{name}.txt"
        askers = self._askers(name)
        return self._cabinet.get("source", path, lambda path: _transcript(path, askers), askers)

    def _askers(self, name: str) -> frozenset[str]:
        options, _ = self.settings()
        records, _ = self._cabinet.get(
            "imports", self.root / "interviews" / imports.FILE, imports.read
        )
        return frozenset({*options.interviewers, *imports.interviewers(records.get(name))})

    def scheme(self) -> Scheme:
        """Return the codebook."""
        return self._cabinet.get("codebook", self.folder / codebook.FILE, _scheme)

    def steady(self) -> AbstractContextManager[None]:
        """Keep the codebook from being edited while codings are made with it."""
        return codebook.steady(self.folder / codebook.FILE)

    def log(self, coder: str, source: str) -> codings.Log:
        """Return a coder's log of a transcript, taken on or not."""
        key = self.folder, coder, source
        if key not in self._logs:
            self._logs[key] = codings.Log(codings.path_of(key[0] / "codings", coder, source))
        return self._logs[key]

    def coders(self) -> list[str]:
        """Return everybody who has a log: people, consensus and machines."""
        try:
            entries = list(os.scandir(self.folder / "codings"))
        except OSError:
            return []
        return sorted(one.name for one in entries if one.is_dir() and one.name[0] != ".")

    def compared(self, coder: str) -> frozenset[str]:
        """Return the transcripts that a coder has compared with others."""
        rows = self._cabinet.get("compared", self.folder / COMPARED, _compared)
        return frozenset(source for who, source in rows if who == coder)

    def of_log(self, kind: str, coder: str, source: str, make: Callable[[], T], also: object) -> T:
        """Return what `make` makes of a log, made anew when the log or `also` is another."""
        return self._cabinet.get(kind, self.log(coder, source).path, lambda _: make(), also)

    def made(self, coder: str, source: str) -> list[Coding]:
        """Return a coder's codings of a transcript, under the present paths of their codes."""
        return project.renamed(self.log(coder, source).codings(), self.scheme().renamed)


def _is_name(name: str) -> bool:
    try:
        require_name("transcript", name)
    except NotPossibleError:
        return False
    return True


def _transcript(path: Path, askers: Collection[str]) -> Transcript | None:
    source, problems = transcripts.read(path, askers)
    if source is None:
        return None
    said = sum(len(WORD.findall(spoken(source.quote(turn.selection)))) for turn in source.turns)
    return Transcript(source, said, tuple(problems))


def _compared(path: Path) -> frozenset[tuple[str, str]]:
    if not path.exists():
        return frozenset()
    sheet, _ = read_csv(path, ("coder", "source", "created"))
    return frozenset((row.cells["coder"], row.cells["source"]) for row in sheet.rows)


def _scheme(path: Path) -> Scheme:
    try:
        revision = sha256(path.read_bytes())[:12]
    except OSError:
        missing = Problem(path, 0, "is missing: the codebook of the study")
        return Scheme(Codebook(path.parent.name, "0"), "", {}, str, (missing,))
    book, problems = codebook.read(path)
    known = {code.path: code for code in book}
    return Scheme(book, revision, known, project.renaming(book), tuple(problems))
