"""Notices files that change on disk: a sync folder, git, an editor, another command.

By looking at sizes and times once a second, in one thread for all coders: that works on every
system and on network folders, where being told by the system does not.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

Stamp = tuple[int, int, int]
"""A file's time in nanoseconds, its size, and its number on the disk."""
EVERY = 1.0
SHARE = 0.05  # of the time may be spent looking


@dataclass(frozen=True, slots=True)
class Change:
    """One file that is not as it was.

    `what` is study, participants, transcripts, codebook, propositions, memos, compared or
    codings; `source` names the transcript and `coder` the folder's owner where there is one;
    `tab` is the page that wrote it, if one of this server's did.
    """

    what: str
    source: str = ""
    coder: str = ""
    tab: str = ""


class Watcher:
    """Looks at a study's files and reports those that changed.

    Parameters
    ----------
    root
        The study's folder.
    report
        Called with what changed, from the watcher's own thread.
    every
        Seconds between two looks, more where a look takes long.
    """

    def __init__(
        self, root: Path, report: Callable[[list[Change]], None], *, every: float = EVERY
    ) -> None:
        self.root, self._report, self._every = root, report, every
        self._book = _Codebook(root)
        self._seen = self._look()
        self._ours: dict[str, tuple[Stamp, str]] = {}
        self._underway = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def wrote(self, paths: list[Path], tab: str) -> None:
        """Note that a page of this server wrote these files, as they are now."""
        for path in paths:
            stamp = _stamp(path)
            if stamp is not None:
                self._ours[path.relative_to(self.root).as_posix()] = (stamp, tab)

    @contextmanager
    def underway(self) -> Iterator[None]:
        """Say that a page writes meanwhile, and will say what: until then it isn't known whose."""
        self._underway += 1
        try:
            yield
        finally:
            self._underway -= 1

    def folder(self) -> Path:
        """Return the folder of the codebook in use."""
        return self.root / "codebooks" / self._book.name()

    def poll(self) -> list[Change]:
        """Look once; return what changed since the last look."""
        now, before = self._look(), self._seen
        changed = sorted(path for path in now.keys() | before.keys() if _differs(path, now, before))
        if self._underway:
            changed = self._settled(changed, now, before)
        self._seen = now
        return list(dict.fromkeys(self._change(path, now.get(path)) for path in changed))

    def _run(self) -> None:
        pause = self._every
        while not self._stop.wait(pause):
            begun = time.perf_counter()
            changes = self.poll()
            if changes:
                self._report(changes)
            pause = max(self._every, (time.perf_counter() - begun) / SHARE)

    def _settled(
        self, changed: list[str], now: dict[str, Stamp], before: dict[str, Stamp]
    ) -> list[str]:
        """Leave to the next look what a page may be writing and has not said yet."""
        for path in changed:
            if path not in self._ours or self._ours[path][0] != now.get(path):
                now.pop(path, None)
                now |= {path: before[path]} if path in before else {}
        return [path for path in changed if _differs(path, now, before)]

    def _change(self, path: str, stamp: Stamp | None) -> Change:
        ours = self._ours.pop(path, None)
        tab = ours[1] if ours and ours[0] == stamp else ""
        if path == "study.toml":
            return Change("study")
        top, *inner = path.split("/")
        if top == "interviews":
            return _interview(inner[-1])
        return _of_codebook(inner[1:], tab)

    def _look(self) -> dict[str, Stamp]:
        """Return the stamps of all files that matter, by path from the study's folder."""
        found: dict[str, Stamp] = {}
        root = os.fspath(self.root)
        book = f"codebooks/{self._book.name()}"
        _note(root, "", ("study.toml",), found)
        _note(root, "interviews", (".txt", ".csv"), found)
        _note(root, book, (".yaml", ".csv"), found)
        for part, kinds in (("codings", (".csv",)), ("memos", (".md",))):
            _note(root, f"{book}/{part}", kinds, found)
            for folder in _folders(f"{root}/{book}/{part}"):
                _note(root, f"{book}/{part}/{folder}", kinds, found)
                if part == "memos":
                    for inner in _folders(f"{root}/{book}/{part}/{folder}"):
                        _note(root, f"{book}/{part}/{folder}/{inner}", kinds, found)
        return found


class _Codebook:
    """The name of the codebook in use, read again when study.toml changes."""

    def __init__(self, root: Path) -> None:
        self._root, self._name = root, ""
        self._stamp: Stamp | None = None

    def name(self) -> str:
        from study import settings

        stamp = _stamp(self._root / settings.FILE)
        gone = stamp is None and self._name  # git takes a file away before it writes it anew
        if not gone and (stamp != self._stamp or not self._name):
            self._stamp, self._name = stamp, settings.read(self._root)[0].codebook
        return self._name


def _note(root: str, folder: str, kinds: tuple[str, ...], found: dict[str, Stamp]) -> None:
    prefix = f"{folder}/" if folder else ""
    for entry in _entries(f"{root}/{folder}"):
        if entry.name.endswith(kinds) and entry.name[0] != "." and _is_text(entry.name):
            try:
                status = entry.stat()
            except OSError:  # gone meanwhile
                continue
            found[prefix + entry.name] = (status.st_mtime_ns, status.st_size, status.st_ino)


def _is_text(name: str) -> bool:
    """Tell whether a file's name is text, and not bytes that no page can be told of."""
    return name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name)


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except OSError:  # not there, or not to be read
        return


def _folders(folder: str) -> list[str]:
    return [one.name for one in _entries(folder) if one.is_dir() and one.name[0] != "."]


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _differs(path: str, now: dict[str, Stamp], before: dict[str, Stamp]) -> bool:
    return now.get(path) != before.get(path)


def _interview(name: str) -> Change:
    if name == "participants.csv":
        return Change("participants")
    # imports.csv names who asks, which decides whose talk counts, in any transcript.
    source = name.removesuffix(".txt") if name.endswith(".txt") else ""
    return Change("transcripts", source)


def _of_codebook(parts: list[str], tab: str) -> Change:
    """Return the change that a file of the codebook's folder is, by its path from there."""
    name, kind = parts[-1].rpartition(".")[0], parts[0]
    if len(parts) == 1:
        known = {"codebook.yaml": "codebook", "propositions.yaml": "propositions"}
        what = known.get(kind, "compared" if kind == "compared.csv" else "codebook")
        return Change(what, tab=tab)
    coder = parts[1] if len(parts) > 2 else ""
    return Change(kind, name if kind == "codings" else "", coder, tab)
