"""A study as a REFI-QDA project: elements in the schema's order, the same bytes each time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from study.errors import NotPossibleError
from study.model import Codebook, Coding, Memo, Project, Selection, Source
from study.refi import archive, codes, guids, kept, labelled, names, people, recordings, xml
from study.refi.recordings import Recording
from study.refi.xml import Element, Maker
from study.transcripts.roles import role

LABELS = ("Stance", "Id")
"""What stands below a coding's memo in the description of its selection."""

SHOWN = 100
"""Characters of a passage that its selection is named by."""

LOG = "The log's history (who changed what, when) is not part of REFI-QDA and stays in the study."


def write(
    project: Project,
    path: Path | str,
    *,
    received: Mapping[str, Path] | None = None,
    media: Mapping[str, Path] | None = None,
) -> None:
    """Write a study as a REFI-QDA project (.qdpx) that `read` turns into an equal one.

    Withdrawn participants are left out, with all that is about them.  Writing the same study again
    gives the same bytes, and GUIDs never change.

    Parameters
    ----------
    project
        The study, as `study.load` returns it.
    path
        The archive to write.
    received
        Files as received, by transcript, to be put into the archive as `richTextPath`.
    media
        Recordings, by transcript, to be put in together with the times of turns.

    Raises
    ------
    NotPossibleError
        A text is not canonical, or a code stands under none.
    """
    whole = without(project, withdrawn(project))
    writer = _Writer(whole, dict(received or {}), dict(media or {}))
    data = xml.written(writer.project(), kept.of_project(whole))
    archive.write(Path(path), data, writer.members)


def write_codebook(book: Codebook, path: Path | str) -> None:
    """Write a codebook in the exchange format for codebooks (.qdc).

    Raises
    ------
    NotPossibleError
        It has no code, or one that stands under none.
    """
    from study.files import write_atomic

    if not book.codes:
        raise NotPossibleError("the codebook has no codes, and the format wants at least one")
    maker = Maker(xml.CODEBOOK)
    root = maker.root("CodeBook", origin=origin())
    codes.add_codes(maker, root, book, {})
    _add_branches(maker, root, book, "MemberCode", "guid")
    write_atomic(Path(path), xml.written(root, kept.of_book(book)))


def origin() -> str:
    """Return the name and version of this program."""
    from importlib.metadata import version

    return f"study {version('study')}"


def withdrawn(project: Project) -> set[str]:
    """Return the transcripts of participants who withdrew."""
    return {case.source for case in project.cases if case.consent == "withdrawn"} - {""}


def without(project: Project, sources: set[str]) -> Project:
    """Return a study as if some of its transcripts, and the people in them, were not there."""
    from dataclasses import replace

    return replace(
        project,
        sources=tuple(one for one in project.sources if one.name not in sources),
        cases=tuple(
            one for one in project.cases if one.source not in sources and one.consent != "withdrawn"
        ),
        codings=tuple(one for one in project.codings if one.selection.source not in sources),
        memos=tuple(
            one for one in project.memos if one.kind != "transcript" or one.name not in sources
        ),
        assigned={coder: names - sources for coder, names in project.assigned.items()},
    )


def code_guid(book: Codebook, path: str) -> str:
    """Return the GUID under which a code stands in the file."""
    guid = book[path].guid
    return guids.plain(guid) or guids.of("code", guid)


class _Writer:
    """One study on its way into XML; `members` gathers the files of the archive."""

    def __init__(
        self, project: Project, received: Mapping[str, Path], media: Mapping[str, Path]
    ) -> None:
        self._project = project
        self._received, self._media = received, media
        self._make = Maker(xml.PROJECT)
        scope = own(project)
        self._sources = {one.name: guids.of("source", *scope, one.name) for one in project.sources}
        self._notes = {memo: memo_guid(memo, scope) for memo in project.memos}
        self._codes = {
            code.path: code_guid(project.codebook, code.path) for code in project.codebook
        }
        self._users = {name: guids.of("coder", name) for name in people.coders(project)}
        self._asked = {one.name: told(one) for one in project.sources}
        self._once = guids.Once()
        self._by_source: dict[str, list[Coding]] = defaultdict(list)
        for coding in project.codings:
            self._by_source[coding.selection.source].append(coding)
        self.members: dict[str, bytes | Path] = {}

    def project(self) -> Element:
        """Return the root element."""
        study, make = self._project, self._make
        title = study.settings.title or "Untitled study"
        root = make.root("Project", name=title, origin=origin())
        people.add_users(make, root, list(self._users))
        self._add_book(root)
        people.add_variables(make, root, study, any(self._asked.values()))
        people.add_cases(make, root, study, self._sources, own(study))
        self._add_sources(root)
        self._add_notes(root)
        self._add_sets(root)
        said = " ".join(filter(None, (study.settings.stamp, study.settings.note, LOG)))
        make.add(root, "Description", said)
        if study.propositions:
            make.add(root, "NoteRef", targetGUID=guids.of("propositions", *own(self._project)))
        return root

    def _add_book(self, root: Element) -> None:
        book = self._project.codebook
        if not book.codes:
            return
        about: dict[str, list[str]] = defaultdict(list)
        paths = {code.guid.lower(): code.path for code in book}
        for memo in self._project.memos:
            if memo.kind == "code" and memo.name.lower() in paths:
                about[paths[memo.name.lower()]].append(self._notes[memo])
        element = self._make.add(root, "CodeBook")
        codes.add_codes(self._make, element, book, about)
        used = {coding.stance for coding in self._project.codings} - {""}
        if used:
            codes.add_stances(self._make, element[0], used, book)

    def _add_sources(self, root: Element) -> None:
        if not self._project.sources:
            return
        sources = self._make.add(root, "Sources")
        for source in self._project.sources:
            self._add_source(sources, source)
            if source.name in self._media:
                recording = Recording(source, self._media[source.name])
                self.members |= recordings.add(self._make, sources, recording, self._text(source))

    def _text(self, source: Source) -> str:
        return f"{self._sources[source.name]}.txt"

    def _add_source(self, sources: Element, source: Source) -> None:
        self.members[self._text(source)] = plain_text(source)
        memos = [one for one in self._project.memos if _is_about(one, source)]
        element = self._make.add(
            sources,
            "TextSource",
            guid=self._sources[source.name],
            name=source.name,
            richTextPath=self._rich(source),
            plainTextPath=f"internal://{self._text(source)}",
        )
        if memos:
            self._make.add(element, "Description", described(memos))
        given: set[tuple[object, ...]] = set()
        for coding in self._by_source[source.name]:
            self._add_selection(element, source, coding, given)
        for memo in memos:
            self._make.add(element, "NoteRef", targetGUID=self._notes[memo])
        if self._asked[source.name]:
            labels = "; ".join(self._asked[source.name])
            people.add_value(self._make, element, people.asked_guid(), labels)

    def _rich(self, source: Source) -> str:
        file = self._received.get(source.name)
        if file is None:
            return ""
        name = f"{guids.of('received', self._sources[source.name])}{file.suffix.lower()}"
        self.members[name] = file
        return f"internal://{name}"

    def _add_selection(
        self, parent: Element, source: Source, coding: Coding, given: set[tuple[object, ...]]
    ) -> None:
        """Add the selection of one coding; its stance stands in words, and as a code once."""
        where = coding.selection
        if not 0 <= where.start < where.end <= len(source.text):
            raise NotPossibleError(f"coding {coding.id} is not inside {source.name}")
        guid = self._once.take(coding.id, "coding", coding.coder, source.name)
        user, moment = self._users[coding.coder], names.stamp(coding.created)
        make = self._make
        selection = make.add(
            parent,
            "PlainTextSelection",
            guid=guids.of("selection", guid),
            name=shown(source, where),
            startPosition=str(where.start),
            endPosition=str(where.end),
            creatingUser=user,
            creationDateTime=moment,
        )
        text = noted(coding, guid)
        if text:
            make.add(selection, "Description", text)
        targets = [(guid, self._target(coding))]
        stance = (coding.coder, where, coding.stance)
        if coding.stance and stance not in given:
            given.add(stance)
            targets.append((guids.of("stance of", guid), codes.stance_guid(coding.stance)))
        for one, target in targets:
            made = make.add(
                selection, "Coding", guid=one, creatingUser=user, creationDateTime=moment
            )
            make.add(made, "CodeRef", targetGUID=target)

    def _target(self, coding: Coding) -> str:
        if coding.code not in self._codes:
            raise NotPossibleError(f"code {coding.code!r} is not in the codebook")
        return self._codes[coding.code]

    def _add_notes(self, root: Element) -> None:
        memos = [one for one in self._project.memos if self._subject(one)]
        said = kept.readable(self._project)
        if not memos and not said:
            return
        notes = self._make.add(root, "Notes")
        for memo in memos:
            self._add_note(
                notes,
                self._notes[memo],
                f"Memo on {self._subject(memo)} ({memo.author})",
                memo.text,
                creatingUser=self._users[memo.author],
                creationDateTime=names.stamp(memo.created),
                modifiedDateTime=names.stamp(memo.changed),
            )
        if said:
            moment = names.stamp(latest(self._project))
            guid = guids.of("propositions", *own(self._project))
            self._add_note(notes, guid, "Propositions", said, creationDateTime=moment)

    def _subject(self, memo: Memo) -> str:
        """Return in words what a memo is about; empty where that is not in the study."""
        if memo.kind == "transcript":
            return f"transcript {memo.name}" if memo.name in self._sources else ""
        found = (code for code in self._project.codebook if code.guid.lower() == memo.name.lower())
        return next((f"code {code.path}" for code in found), "")

    def _add_note(self, notes: Element, guid: str, name: str, text: str, **more: str) -> None:
        path = f"{guid}.txt"
        self.members[path] = xml.legal(text).encode("utf-8", "replace")
        where = f"internal://{path}"
        self._make.add(notes, "Note", guid=guid, name=name, plainTextPath=where, **more)

    def _add_sets(self, root: Element) -> None:
        sets = _add_branches(self._make, root, self._project.codebook, "MemberCode", "targetGUID")
        if sets is None and self._project.assigned:
            sets = self._make.add(root, "Sets")
        for coder, worked in sorted(self._project.assigned.items()):
            made = self._make.add(
                sets, "Set", guid=worked_guid(coder), name=f"Worked on by {coder}"
            )
            self._make.add(made, "Description", WORKED)
            for name in sorted(worked & self._sources.keys()):
                self._make.add(made, "MemberSource", targetGUID=self._sources[name])


WORKED = "Transcripts that this coder has gone through, whether or not anything in them was coded."


def worked_guid(coder: str) -> str:
    """Return the GUID of the set of transcripts that a coder has worked on."""
    return guids.of("worked", coder)


def branch_guid(guid: str) -> str:
    """Return the GUID of the set of a branch's codes."""
    return guids.of("branch", guid)


def own(project: Project) -> tuple[str, ...]:
    """Return what makes GUIDs that follow from names a study's own; older studies have no id."""
    return (project.settings.id,) if project.settings.id else ()


def memo_guid(memo: Memo, scope: tuple[str, ...] = ()) -> str:
    """Return the GUID of a memo's note."""
    return guids.of("memo", *scope, memo.author, memo.kind, memo.name)


def _add_branches(
    maker: Maker, root: Element, book: Codebook, tag: str, attribute: str
) -> Element | None:
    """Add <Sets> with one set for each branch that has codes below it, if there is one."""
    branches = {code.path: code for code in book if not code.parent}
    inside: dict[str, list[str]] = {path: [] for path in branches}
    for code in book:
        inside.get(code.branch, []).append(code_guid(book, code.path))
    large = [path for path in branches if len(inside[path]) > 1]
    if not large:
        return None
    sets = maker.add(root, "Sets")
    for path in large:
        guid = branch_guid(branches[path].guid)
        made = maker.add(sets, "Set", guid=guid, name=branches[path].name or path)
        for member in inside[path]:
            maker.add(made, tag, **{attribute: member})
    return sets


def told(source: Source) -> tuple[str, ...]:
    """Return the labels of those who ask, as far as the labels themselves do not say so."""
    asking = {turn.speaker for turn in source.turns if turn.role == "interviewer"}
    return tuple(sorted(label for label in asking if role(label) != "interviewer"))


def plain_text(source: Source) -> bytes:
    """Return a transcript's text as the archive holds it: UTF-8, LF, no byte-order mark."""
    if "\r" in source.text or source.text.startswith("\ufeff"):
        message = f"transcript {source.name} has CR line ends or a byte-order mark"
        raise NotPossibleError(f"{message}; offsets would shift, so import it again first")
    try:
        return source.text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotPossibleError(f"transcript {source.name} holds what is no text") from None


def shown(source: Source, where: Selection) -> str:
    """Return the first words of a passage, on one line: its name in other programs."""
    words = " ".join(source.text[where.start : min(where.end, where.start + 4 * SHOWN)].split())
    whole = " ".join(words[:SHOWN].split())
    return whole if len(words) <= SHOWN else f"{whole}\u2026"


def noted(coding: Coding, guid: str) -> str:
    """Return a coding's memo with its stance, and its id where the GUID is another."""
    parts = [("Stance", coding.stance), ("Id", coding.id if coding.id != guid else "")]
    return labelled.compose(coding.memo, parts, LABELS)


def described(memos: Sequence[Memo]) -> str:
    """Return memos on one transcript as its description, which more programs keep than notes."""
    return "\n\n".join(f"Memo ({memo.author}): {memo.text}" for memo in memos)


def _is_about(memo: Memo, source: Source) -> bool:
    return memo.kind == "transcript" and memo.name == source.name


def latest(project: Project) -> dt.datetime:
    """Return the last moment at which something in a study was made."""
    made: Iterable[dt.datetime] = (
        *(coding.created for coding in project.codings),
        *(memo.changed for memo in project.memos),
    )
    return max(made, default=dt.datetime(*archive.EPOCH[:3], tzinfo=dt.UTC))
