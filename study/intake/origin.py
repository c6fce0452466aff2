"""Where transcripts come from: the received file, who asks in it, and the record of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from study import cases, imports, settings, transcripts
from study.files import locked, read_csv, refuse, sha256, write_atomic
from study.imports import Import
from study.model import Settings
from study.transcripts import Received
from study.transcripts.pseudonyms import relabel

# Consent that import writes for a new participant: counted, never quoted, until somebody says so.
CAUTIOUS = "analyse only"


@dataclass(frozen=True, slots=True)
class Known:
    """What a study already says of who interviews: study.toml, and earlier imports."""

    options: Settings
    records: Mapping[str, Import]

    @classmethod
    def of(cls, root: Path) -> Known:
        """Read both files; what is wrong in them, `study check` reports."""
        return cls(settings.read(root)[0], imports.read(root / "interviews" / imports.FILE)[0])

    def interviewers(self, name: str) -> tuple[str, ...]:
        """Return the labels that somebody, not a guess, has said to be interviewers."""
        before = self.records.get(name)
        named = imports.interviewers(before) if before and before.decided != "guess" else ()
        return (*named, *self.options.interviewers)


@dataclass(frozen=True, slots=True)
class Request:
    """One file to read: picklable, so that another process can do it."""

    path: Path
    name: str
    interviewers: tuple[str, ...]
    known: tuple[str, ...]
    pseudonymise: bool

    def read(self) -> Received:
        """Read the file; a guess gives way to an interviewer who was named before."""
        received = transcripts.receive(self.path, name=self.name, interviewers=self.interviewers)
        if not self.interviewers and received.decided != "label":
            speakers = {turn.speaker for turn in received.source.turns}
            known = [one for one in self.known if one in speakers]
            if known:
                received = transcripts.receive(self.path, name=self.name, interviewers=known)
        return relabel(received, self.name) if self.pseudonymise else received


def keep(root: Path, path: Path, name: str) -> Import:
    """Keep a received file, byte for byte, under a name that no other file has."""
    data = path.read_bytes()
    folder = root / "interviews" / "received"
    target = folder / path.name
    if target.exists() and target.resolve() != path.resolve() and target.read_bytes() != data:
        target = folder / f"{name}-{sha256(data)[:8]}{path.suffix}"
    if target.resolve() != path.resolve():
        write_atomic(target, data)
    return Import(name, target.name, sha256(data), "", "", "", "")


def record(kept: Import, received: Received) -> Import:
    """Return the full record of an import."""
    return Import(
        kept.source,
        kept.received,
        kept.sha256,
        received.format,
        received.encoding,
        "; ".join(received.interviewer),
        received.decided,
    )


@dataclass(slots=True)
class Ledger:
    """Records and participants to be written together: once for a folder, not once a file."""

    root: Path
    records: dict[str, Import] = field(default_factory=dict)

    def require_sound(self) -> None:
        """Refuse to begin where the lists to be written cannot be read whole."""
        folder = self.root / "interviews"
        refuse(imports.read(folder / imports.FILE)[1])
        people = folder / cases.FILE
        refuse(read_csv(people, cases.REQUIRED)[1] if people.exists() else [])

    def write(self) -> None:
        """Add what was gathered to imports.csv and participants.csv as they now are."""
        folder = self.root / "interviews"
        if self.records:
            with locked(folder / imports.FILE):
                imports.update(folder / imports.FILE, self.records)
                cases.enrol(folder / cases.FILE, list(self.records), CAUTIOUS)


def enrolled(root: Path) -> set[str]:
    """Return the transcripts that participants.csv names, or has a row waiting for."""
    path = root / "interviews" / cases.FILE
    people = cases.read(path)[0] if path.exists() else ()
    return {case.source or case.name for case in people}
