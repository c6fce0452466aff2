"""Notes, sets, links and graphs: memos where they are about a code or a transcript."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from study.model import Memo, Subject
from study.refi import guids, names, writing, xml
from study.refi.codes import Tree
from study.refi.selections import Context, Remark
from study.refi.sources import Sources
from study.refi.xml import Element

_WORKED = "Worked on by "
_NAMED = re.compile(r"Memo on (transcript|code) (\S.*) \((\S.*)\)")
"""How our own notes are named: some programs keep the name and lose what refers to the note."""
_REPEATED = re.compile(r"(?:\A|\n\n)Memo \(([^()\n]+)\): ")
"""How our descriptions of transcripts repeat the notes on them."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note as the file has it."""

    key: str
    name: str
    author: str
    created: dt.datetime
    changed: dt.datetime
    text: str
    line: int


def _file(memo: Memo) -> tuple[str, str]:
    return memo.author, f"{memo.kind}-{memo.name}.md"


@dataclass(slots=True)
class Notes:
    """What was noted in a file, and what of it has no place in a study.

    `propositions` is the key of the note that repeats what is kept elsewhere in the file.
    """

    context: Context
    sources: Sources
    propositions: str = ""
    memos: dict[tuple[str, Subject, str], Memo] = field(default_factory=dict)
    remains: list[str] = field(default_factory=list)

    def read(self, root: Element) -> list[Memo]:
        """Read <Notes> and what sources say of themselves; return memos in the order of files."""
        found = [self._note(element) for element in xml.children(xml.child(root, "Notes"), "Note")]
        targets = _references(root)
        for note in found:
            if note is not None and note.key != self.propositions:
                self._apply(note, targets.get(note.key, []))
        for element, name, said in self.sources.said:
            self._described(element, name, said)
        for remark in self.context.bare.values():
            self._remark(remark)
        return sorted(self.memos.values(), key=_file)

    def _note(self, element: Element) -> Note | None:
        text = self._text(element)
        name = " ".join((element.get("name") or "").split())
        about = xml.text(element, "Description").strip()
        text = "\n\n".join(filter(None, (about, text)))
        line = element.sourceline or 0
        if not text.strip():
            self.context.warn(line, f"note {name!r} has no words and is left out")
            return None
        created = names.moment(element.get("creationDateTime"), element.get("modifiedDateTime"))
        changed = names.moment(element.get("modifiedDateTime"))
        author = self.context.user(element.get("creatingUser"), element.get("modifyingUser"))
        first = created or self.context.dated
        key = guids.key(element.get("guid"))
        return Note(key, name, author, first, changed or first, text, line)

    def _text(self, element: Element) -> str:
        content = xml.text(element, "PlainTextContent")
        path = element.get("plainTextPath") or ""
        if content.strip() or not path or self.sources.package is None:
            return content
        data = self.sources.package.source(path)
        if isinstance(data, str):
            self.context.warn(element.sourceline or 0, f"note {element.get('name')!r}: {data}")
            return ""
        return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")

    def _apply(self, note: Note, targets: Sequence[str]) -> None:
        """Give a note to what it is about: code, transcript, passage; or keep it in the report."""
        placed = not targets and self._by_name(note)
        for target in dict.fromkeys(targets):
            placed |= self._about(note, target)
        if not placed:
            self.remains.append(f"Note {note.name!r} ({note.author}):\n\n{note.text}")
            message = f"note {note.name!r} is about no code or transcript; it is kept in the report"
            self.context.warn(note.line, message)

    def _by_name(self, note: Note) -> bool:
        """Give one of our own notes back to what its name says it is about."""
        named = _NAMED.fullmatch(note.name)
        kind, subject, author = named.groups() if named else ("", "", "")
        codes = {code.path: code.guid for code in self.context.tree.codes}
        if kind == "code" and subject in codes:
            self._memo(replace(note, author=names.plain(author, "coder")), "code", codes[subject])
        elif kind == "transcript" and subject in {one.name for one in self.sources.found}:
            self._memo(replace(note, author=names.plain(author, "coder")), "transcript", subject)
        else:
            return False
        return True

    def _about(self, note: Note, target: str) -> bool:
        context = self.context
        if target in context.tree.paths:
            path = context.tree.paths[target]
            guid = next(code.guid for code in context.tree.codes if code.path == path)
            self._memo(note, "code", guid)
        elif target in self.sources.by_key:
            self._memo(note, "transcript", self.sources.by_key[target])
        elif target in context.made:
            for number in context.made[target]:
                before = context.codings[number]
                memo = "\n\n".join(filter(None, (before.memo, note.text)))
                context.codings[number] = replace(before, memo=memo)
        elif target in context.bare:
            before_text = context.bare[target].text
            said = "\n\n".join(filter(None, (before_text, note.text)))
            context.bare[target] = replace(context.bare[target], text=said)
        else:
            return False
        return True

    def _memo(self, note: Note, kind: Subject, name: str) -> None:
        ours = note.name.startswith("Memo on ")
        text = note.text if ours or not note.name else f"{note.name}\n\n{note.text}"
        self._write(kind, name, note.author, note.created, note.changed, text)

    def _write(
        self,
        kind: Subject,
        name: str,
        author: str,
        created: dt.datetime,
        changed: dt.datetime,
        text: str,
    ) -> None:
        """Add a memo; one author has one on each thing, so another goes on with it."""
        before = self.memos.get((author, kind, name))
        if before is not None:
            created, changed = min(before.created, created), max(before.changed, changed)
            text = f"{before.text}\n\n{text}"
        self.memos[author, kind, name] = Memo(kind, name, author, created, changed, text.strip())

    def _described(self, element: Element, name: str, said: str) -> None:
        """Make a memo of what a source's description says, unless its notes say that already."""
        about = [one for one in self.memos.values() if (one.kind, one.name) == ("transcript", name)]
        about.sort(key=lambda one: one.author)
        if not said or said == writing.described(about).strip():
            return
        author = self.context.user(element.get("modifyingUser"), element.get("creatingUser"))
        moment = names.moment(element.get("modifiedDateTime"), element.get("creationDateTime"))
        at = moment or self.context.dated
        for writer, text in self._parted(said) or [(author, said)]:
            there = self.memos.get((writer, "transcript", name))
            if there is None or there.text != text:
                self._write("transcript", name, writer, at, at, text)

    def _parted(self, said: str) -> list[tuple[str, str]]:
        """Part a description that repeats memos, as `writing.described` makes it."""
        head, *rest = _REPEATED.split(said)
        parts = list(zip(rest[::2], map(str.strip, rest[1::2]), strict=True))
        known = all(names.plain(author, "coder") == author for author, _ in parts)
        return parts if known and not head else []

    def _remark(self, remark: Remark) -> None:
        if not remark.text:
            message = "selections have neither a code nor a comment and were left out"
            self.context.counts[message] += 1
            return
        at = remark.moment
        self._write("transcript", remark.source, remark.author, at, at, str(remark))


def _references(root: Element) -> dict[str, list[str]]:
    """Return the keys of all that refers to each note, or that a link joins it with."""
    targets: dict[str, list[str]] = {}
    for reference in root.iter("NoteRef"):
        owner = guids.key(reference.getparent().get("guid"))
        targets.setdefault(guids.key(reference.get("targetGUID")), []).append(owner)
    for link in xml.children(xml.child(root, "Links"), "Link"):
        ends = guids.key(link.get("originGUID")), guids.key(link.get("targetGUID"))
        for one, other in (ends, ends[::-1]):
            targets.setdefault(one, []).append(other)
    return targets


def worked(
    root: Element, sources: Sources, users: Mapping[str, str], coded: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Return which coder has worked on which transcript, by sets of sources and by codings."""
    found = dict(coded)
    guids_of = {guids.key(writing.worked_guid(name)): name for name in users.values()}
    for one in xml.children(xml.child(root, "Sets"), "Set"):
        coder = guids_of.get(guids.key(one.get("guid"))) or _worked_by(one, users)
        if coder:
            keys = [guids.key(x.get("targetGUID")) for x in xml.children(one, "MemberSource")]
            inside = {sources.by_key[key] for key in keys if key in sources.by_key}
            found[coder] = found.get(coder, frozenset()) | inside
    return dict(sorted(found.items()))


def taken_on(sources: Sources) -> dict[str, frozenset[str]]:
    """Take the values that a program made of our sets of sources out of those of participants."""
    found: dict[str, set[str]] = {}
    for source, values in sources.values.items():
        for column in [one for one in values if one.startswith(_WORKED) and values[one] == one]:
            coder = names.plain(column.removeprefix(_WORKED), "coder")
            found.setdefault(coder, set()).add(source)
            del values[column]
    return {coder: frozenset(inside) for coder, inside in found.items()}


def _worked_by(one: Element, users: Mapping[str, str]) -> str:
    name = (one.get("name") or "").removeprefix(_WORKED)
    named = (one.get("name") or "").startswith(_WORKED)
    return name if named and name in users.values() else ""


def left(root: Element, context: Context, sources: Sources) -> Iterator[str]:
    """Yield in words what has no place in a study: sets, links and graphs."""
    if all(xml.child(root, tag) is None for tag in ("Sets", "Links", "Graphs")):
        return
    labels = _labels(root, context.tree, sources)
    own = {guids.key(writing.branch_guid(code.guid)) for code in context.tree.codes}
    own |= {guids.key(writing.worked_guid(name)) for name in context.users.values()}
    for one in xml.children(xml.child(root, "Sets"), "Set"):
        keys = [guids.key(member.get("targetGUID")) for member in one if member.get("targetGUID")]
        members = [labels.get(key, "?") for key in keys]
        known = guids.key(one.get("guid")) in own or bool(_worked_by(one, context.users))
        if not known and not _is_branch(one, context, members):
            yield f"Set {one.get('name')!r}: {', '.join(members) or 'empty'}"
    for link in xml.children(xml.child(root, "Links"), "Link"):
        ends = [labels.get(guids.key(link.get(end)), "?") for end in ("originGUID", "targetGUID")]
        yield f"Link {link.get('name') or ''!r}: {ends[0]} -> {ends[1]}"
    for graph in xml.children(xml.child(root, "Graphs"), "Graph"):
        yield f"Graph {graph.get('name') or ''!r} with {len(xml.children(graph, 'Vertex'))} shapes"


def grouped(root: Element, sources: Sources) -> None:
    """Take sets of sources named `variable: value`, as ATLAS.ti writes them, for values."""
    for one in xml.children(xml.child(root, "Sets"), "Set"):
        variable, sign, value = (one.get("name") or "").partition(": ")
        for member in xml.children(one, "MemberSource") if sign else ():
            name = sources.by_key.get(guids.key(member.get("targetGUID")))
            if name:
                values = sources.values.setdefault(name, {})
                values.setdefault(variable.strip(), " ".join(value.split()))


def _is_branch(one: Element, context: Context, members: Sequence[str]) -> bool:
    """Tell whether a set repeats a branch of the tree, whatever GUID it has by now."""
    for code in context.tree.codes:
        if not code.parent and code.name == one.get("name"):
            inside = {f"code {x.path}" for x in context.tree.codes if x.branch == code.path}
            return inside == set(members)
    return False


def _labels(root: Element, tree: Tree, sources: Sources) -> dict[str, str]:
    """Return words for everything that a GUID may stand for."""
    found: dict[str, Any] = {
        guids.key(one.get("guid")): f"{one.tag} {one.get('name') or ''!r}"
        for one in root.iter()
        if isinstance(one.tag, str) and one.get("guid")
    }
    found |= {key: f"code {path}" for key, path in tree.paths.items()}
    found |= {key: f"transcript {name}" for key, name in sources.by_key.items()}
    return found
