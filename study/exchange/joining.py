"""Transcripts, participants, codings and memos of a file, added to those of a study."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from study import cases, codings, imports, memos, project
from study.codings import Entry
from study.errors import NotPossibleError
from study.exchange import codebooks, founding, outcome, qualcoder
from study.exchange.codebooks import Meeting
from study.exchange.outcome import Taken
from study.files import Sheet, locked, read_csv, refuse, sha256, write_atomic
from study.imports import Import
from study.intake.revising import Anchor
from study.model import Case, Coding, Memo, Project, Selection, Settings, Source
from study.refi import Exchange, guids
from study.refi.names import Names
from study.refi.reading import with_rows
from study.refi.sources import Asked, squeezed
from study.refi.writing import without
from study.wording import happened

CAUTIOUS = "analyse only"
"""Consent of a participant of whom the file does not say any: counted, never quoted."""


@dataclass(slots=True)
class Joining:
    """One file on its way into a study."""

    root: Path
    file: Path
    found: Exchange
    present: Project | None
    replace: bool = False
    dry_run: bool = False
    kind: str = "REFI-QDA project"
    by_path: bool = False
    notes: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    @property
    def verb(self) -> str:
        """What is said of everything done."""
        return "would be" if self.dry_run else "were"

    def join(self) -> Taken:
        """Carry everything out: codes first, codings last, so that a stop in between can be mended.

        The same command again then adds what is missing.
        """
        study = self._without_withdrawn(self.found.project)
        self._settings(study)
        self.notes += outcome.shown(self.found.problems)
        met = self._codes(study)
        placed = self._transcripts(study)
        self._codings(study, met, placed)
        self._memos(study, met, placed)
        # Every project of QualCoder has a database of the same name: its folder tells them apart.
        named = self.file.parent.name if self.file.name == qualcoder.FILE else self.file.name
        report = self.root / "interviews" / "received" / f"{named}.report.txt"
        if self.dry_run:
            return Taken(self.file, tuple(self.done), tuple(self.notes))
        outcome.write_report(report, self.found, self.notes, self.done)
        return Taken(self.file, tuple(self.done), tuple(self.notes), report)

    def _without_withdrawn(self, study: Project) -> Project:
        """Leave out who has withdrawn from the study here, whatever the file still holds."""
        if self.present is None:
            return study
        people, _ = cases.read(self.root / "interviews" / cases.FILE)
        gone = [case for case in people if case.consent == "withdrawn"]
        names = {case.source for case in gone} | {case.name for case in gone}
        texts = set()
        for case in gone:
            path = self.root / "interviews" / f"{case.source}.txt"
            if case.source and path.is_file():
                texts.add(squeezed(path.read_text(encoding="utf-8", errors="replace")))
        out = {
            one.name for one in study.sources if one.name in names or squeezed(one.text) in texts
        }
        out |= {case.source for case in study.cases if case.name in names}
        out -= {""}
        if out:
            self.notes.append(f"withdrawn here, so left out: {', '.join(sorted(out))}")
        return without(study, out)

    def _settings(self, study: Project) -> None:
        """Refuse to call made-up interviews collected; say which other settings are not the file's.

        Raises
        ------
        NotPossibleError
            The file's interviews are composed, those of the study are said to be collected.
        """
        if self.present is None or not self.found.ours:
            return
        theirs, ours = study.settings, self.present.settings
        if study.sources and theirs.stamp and not ours.stamp:
            message = f'{self.file}: its interviews are composed; study.toml here says "collected"'
            raise NotPossibleError(f'{message}: set provenance = "composed", or import elsewhere')
        named = [one.name for one in fields(theirs) if one.name not in ("id", "title", "codebook")]
        other = [name for name in named if getattr(theirs, name) != getattr(ours, name)]
        if other:
            self.notes.append(
                f"study.toml stays as it is; the file says otherwise: {', '.join(other)}"
            )

    def _codes(self, study: Project) -> Meeting:
        """Bring the codes of the file into the study's codebook."""
        if self.present is None:
            if not self.dry_run:
                options = study.settings
                if not self.found.ours:
                    options = replace(options, id=self._identity())
                founding.found(self.root, options, study.codebook, study.propositions)
            met = codebooks.meet(study.codebook.codes, study.codebook)
            self.done.append(
                "codebook: " + happened(len(study.codebook.codes), "code", self.verb, "taken in")
            )
            return met
        if self.dry_run or not study.codebook.codes:
            met = codebooks.meet(
                self.present.codebook.codes, study.codebook, take=self.replace, by_path=self.by_path
            )
        else:
            name = self.file.name
            met = codebooks.take(
                self.root, study.codebook, name, replace=self.replace, by_path=self.by_path
            )
        self.notes += met.notes()
        if study.propositions and study.propositions != self.present.propositions:
            self.notes.append("the propositions of the file were not taken over; ours stay")
        self.done.append(met.said(self.verb))
        return met

    def _identity(self) -> str:
        """Return an id for the study that the file becomes: the same file makes the same one."""
        with self.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return guids.of("study", digest)

    def _transcripts(self, study: Project) -> dict[str, _Here]:
        """Bring new transcripts in, and say where each text of the file stands here."""
        here = {one.name: one for one in self.present.sources} if self.present else {}
        files = {path.stem for path in (self.root / "interviews").glob("*.txt")}
        taken = Names("transcript")
        for name in files:
            taken.take(name)
        placed: dict[str, _Here] = {}
        new: list[Source] = []
        for source in study.sources:
            if source.name in here and here[source.name].text == source.text:
                placed[source.name] = _Here(source)
            elif source.name in files:
                earlier = self._earlier(source, here.get(source.name))
                placed |= {source.name: earlier} if earlier else {}
            else:
                new.append(source)
                placed[source.name] = _Here(source)
        self.done.append(
            f"transcripts: {len(new)} {self.verb} added, {len(placed) - len(new)} are here already"
        )
        rows = self._rows(study, new)
        if new and not self.dry_run:
            self._write(new, rows, self.present.settings if self.present else study.settings)
        return placed

    def _earlier(self, source: Source, present: Source | None) -> _Here | None:
        """Find the text of a file among the kept versions of the transcript here."""
        folder = self.root / project.REVISIONS
        for path in sorted(folder.glob(f"{source.name}.*.txt")) if present else ():
            text = path.read_text(encoding="utf-8")
            if present and squeezed(text) == squeezed(source.text):
                self.notes.append(
                    f"{source.name}: its text has been corrected here since; codings were placed "
                    "where their words now stand"
                )
                return _Here(present, Anchor(source.text, present.text))
        self.notes.append(
            f"{source.name}: has other words here, so its codings and memos were left out; take "
            "the file into a new folder, and compare the two transcripts"
        )
        return None

    def _rows(self, study: Project, new: list[Source]) -> list[Case]:
        """Return rows of participants.csv for new transcripts; say which cases get none."""
        names = {one.name for one in new}
        known = {one.name for one in study.sources}
        mine = [case for case in study.cases if case.source in names]
        for case in study.cases:
            if case.source not in known:
                said = ", ".join(f"{key} = {value}" for key, value in case.values.items() if value)
                self.notes.append(f"participant {case.name!r} has no transcript here: {said}")
        if not self.found.ours or len(mine) < len(new):
            return list(with_rows(mine, new, CAUTIOUS))
        return mine

    def _write(self, new: list[Source], rows: list[Case], options: Settings) -> None:
        """Write new transcripts, where they come from, and who they are of.

        The file itself isn't kept: it holds everybody's words, and somebody may withdraw.
        """
        folder = self.root / "interviews"
        with self.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        records = {}
        for source in new:
            write_atomic(folder / f"{source.name}.txt", source.text)
            origin = self.file.name, digest, self.kind
            if source.name in self.found.received:
                document, content = self.found.received[source.name]
                kept = _keep(folder / "received", document, content)
                origin = kept, sha256(content), f"{self.kind} with document"
            asked = self.found.asked.get(source.name, Asked((), ""))
            labels = "; ".join(asked.labels)
            records[source.name] = Import(source.name, *origin, "UTF-8", labels, asked.decided)
        with locked(folder / imports.FILE):
            imports.update(folder / imports.FILE, records)
            _enrol(folder / cases.FILE, rows, self.present, options.group)

    def _codings(self, study: Project, met: Meeting, placed: Mapping[str, _Here]) -> None:
        """Add the codings of every coder to their logs, and who has worked on what."""
        options = self.present.settings if self.present else study.settings
        home = project.codebook_folder(self.root, options) / "codings"
        coders = _spelt(home)
        made: dict[tuple[str, str], list[Coding]] = {
            (coder, source): []
            for coder, worked in study.assigned.items()
            for source in sorted(worked)
            if source in placed
        }
        for coding in study.codings:
            if coding.selection.source in placed:
                made.setdefault((coding.coder, coding.selection.source), []).append(coding)
        for coder in study.assigned if not self.dry_run else ():
            (home / coders.get(coder.casefold(), coder)).mkdir(parents=True, exist_ok=True)
        counts: dict[str, Counter[str]] = {}
        added: Counter[str] = Counter()
        for (coder, source), theirs in made.items():
            coder = coders.get(coder.casefold(), coder)
            count = counts.setdefault(coder, Counter())
            log = codings.path_of(home, coder, source)
            entries = [
                Entry("add", replace(one, coder=coder, code=met.paths[one.code]))
                for one in self._moved(theirs, placed[source], count)
            ]
            added[coder] += self._append(log, entries, count)
        for coder, count in sorted(counts.items()):
            parts = [f"{number} {what}" for what, number in count.items() if number]
            if added[coder]:
                parts.append(happened(added[coder], "coding", self.verb, "added"))
            self.done.append(f"{coder}: {', '.join(parts) or 'no codings'}")

    def _moved(self, made: list[Coding], here: _Here, count: Counter[str]) -> Iterator[Coding]:
        """Yield codings where their words stand here; count those whose words are gone."""
        for coding in made:
            selection = here.place(coding.selection)
            if selection is None:
                count["no longer in the corrected text"] += 1
            else:
                yield replace(coding, selection=selection, source_version=here.source.version)

    def _append(self, log: Path, entries: list[Entry], count: Counter[str]) -> int:
        """Add what is new to a log; neither repeat a coding nor bring back one taken back."""
        rows, _ = codings.read_entries(log) if log.exists() else ([], [])
        standing, _ = codings.replay(rows)
        there = {(one.selection, one.code) for one in standing}
        used = {row.coding.id for row in rows}
        ended = {row.coding.id for row in rows if row.action == "remove"}
        fresh = []
        for entry in entries:
            coding = entry.coding
            if (coding.selection, coding.code) in there:
                count["here already"] += 1
            elif coding.id in ended:
                count["taken back here since"] += 1
            else:
                if coding.id in used:
                    identity = guids.of("coding", coding.id, log.parent.name, log.stem)
                    coding = replace(coding, id=identity)
                there.add((coding.selection, coding.code))
                used.add(coding.id)
                fresh.append(Entry("add", coding))
        if not self.dry_run and (fresh or not log.exists()):
            codings.append(log, fresh)
        return len(fresh)

    def _memos(self, study: Project, met: Meeting, placed: Mapping[str, _Here]) -> None:
        """Add memos; one that says something else here stays, and theirs goes to the report."""
        options = self.present.settings if self.present else study.settings
        home = project.codebook_folder(self.root, options)
        coders = _spelt(home / memos.FOLDER) | _spelt(home / "codings")
        added = 0
        for memo in study.memos:
            name = met.guids.get(memo.name.lower(), "") if memo.kind == "code" else memo.name
            if not name or (memo.kind == "transcript" and memo.name not in placed):
                continue
            author = coders.get(memo.author.casefold(), memo.author)
            added += self._memo(home, replace(memo, name=name, author=author))
        if study.memos:
            self.done.append(f"memos: {added} {self.verb} added")

    def _memo(self, home: Path, memo: Memo) -> bool:
        """Write one memo, if the author has none on this; tell whether it was written."""
        path = memos.path_of(home, memo.author, memo.kind, memo.name)
        if path.exists():
            before, _ = memos.read_file(path)
            if before is None or before.text != memo.text:
                self.notes.append(
                    f"{memo.author} has another memo on {memo.about} here, which stays; the file's "
                    f"says: {memo.text}"
                )
            return False
        if not self.dry_run:
            write_atomic(path, memos.form(memo))
        return True


@dataclass(frozen=True, slots=True)
class _Here:
    """A transcript of the study that a text of the file is, and how places lead from one to it."""

    source: Source
    anchor: Anchor | None = None

    def place(self, selection: Selection) -> Selection | None:
        """Return a passage as it stands here; None where its words are gone."""
        if self.anchor is None:
            return selection
        found = self.anchor.place(selection.start, selection.end)
        return Selection(self.source.name, *found) if found else None


def _spelt(folder: Path) -> dict[str, str]:
    """Return the names of coders here by how they are written in small letters."""
    return {path.name.casefold(): path.name for path in folder.glob("*") if path.is_dir()}


def _keep(folder: Path, name: str, data: bytes) -> str:
    """Keep a document as received, under a name that no other content has."""
    target = folder / name
    if target.exists() and target.read_bytes() != data:
        target = folder / f"{target.stem}-{sha256(data)[:8]}{target.suffix}"
    if not target.exists():
        write_atomic(target, data)
    return target.name


def _enrol(path: Path, rows: list[Case], present: Project | None, group: str) -> None:
    """Add rows to participants.csv, with the columns that they bring."""
    sheet, problems = read_csv(path, cases.REQUIRED) if present else (Sheet(), [])
    refuse(problems)
    there = [dict(row.cells) for row in sheet.rows]
    brought = dict.fromkeys(column for case in rows for column in case.values)
    new = ["id", *(one for one in brought if one != "transcript"), group, "transcript"]
    columns = [*sheet.columns, *brought] if present else new
    taken = {row["id"] for row in there}
    for case in rows:
        name, count = case.name, 1
        while name in taken:
            count += 1
            name = f"{case.name}-{count}"
        taken.add(name)
        there.append({**case.values, "id": name})
    cases.write(path, there, list(dict.fromkeys(columns)))
