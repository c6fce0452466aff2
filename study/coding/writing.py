"""What a coder does to a transcript: every change is on disk before it is answered, and once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from study import codings
from study.coding import parameters as p
from study.coding import reading
from study.codings import Entry
from study.errors import NotPossibleError
from study.files import suggest
from study.model import STANCES, Coding, Selection, Source

if TYPE_CHECKING:
    from study.coding.desk import Desk

Json = dict[str, Any]
PASSAGE: Mapping[str, p.Check] = {
    "id": p.guid, "start": p.number, "end": p.number, "words": p.text, "code": p.name,
}  # fmt: skip
SAID: Mapping[str, p.Check] = {"stance": p.one_of("", *STANCES), "memo": p.text}
ENDING = {"id": p.name}


def _of_change(value: Any) -> Json:
    return p.record("as", value, PASSAGE, SAID)


CHANGES: Mapping[str, tuple[Mapping[str, p.Check], Mapping[str, p.Check]]] = {
    "add": (PASSAGE, {**SAID, "accepts": p.name}),
    "remove": (ENDING, {"memo": p.text}),
    "change": ({**ENDING, "as": _of_change}, {}),
    "decline": ({**PASSAGE, "of": p.name}, {"memo": p.text}),
    "undecline": (ENDING, {}),
}


def change(value: Any) -> Json:
    """Check one change: what it does, and what it needs for that."""
    p.require(isinstance(value, Mapping), "must be an object")
    action = p.one_of(*CHANGES)(value.get("action"))
    needs, may = CHANGES[action]
    rest = {key: item for key, item in value.items() if key != "action"}
    return {"action": action, **p.record(action, rest, needs, may)}


def code(desk: Desk, given: Json) -> Json:
    """Add, remove, change or decline codings: all that a message holds, or nothing.

    A message may be sent again; what is done already is acknowledged.  A `brief` answer holds only
    what the message is about, and how much there is in all: a transcript may have thousands.
    """
    source = desk.source(given["source"])
    with desk.shelf.steady():
        work = _Work(desk, source)
        rows = [entry for item in given["changes"] for entry in work.rows(item)]
        if not work.delivered:
            require_version(source, given["version"])
            _require_present(desk, source)
            for entry, words in work.new:
                require_passage(source, entry.coding.selection, words)
                require_code(desk, entry.coding.code)
        if rows:
            work.log.append(rows, work.renamed)
    told = [one for item in given["changes"] for one in (item["id"], item.get("as", item)["id"])]
    brief = given.get("brief", False)
    stand = reading.touched(desk, source, told) if brief else reading.standing(desk, source)
    return {"version": source.version, **stand, "time": work.moment.isoformat()}


def taken(desk: Desk, given: Json) -> Json:
    """Note that the coder has gone through a transcript, with or without result."""
    source = desk.source(given["source"])
    desk.shelf.log(desk.coder, source.name).append(())
    return {"taken": True}


class _Work:
    """Turns the changes of one message into rows of the log.

    `new` holds what the message brings in, with the words it should be about.  `delivered` is true
    while everything has been in the log before: it is a message sent again, and whatever has
    happened to the transcript since, its answer is yes.
    """

    def __init__(self, desk: Desk, source: Source) -> None:
        self.desk, self.source = desk, source
        self.log = desk.shelf.log(desk.coder, source.name)
        self.renamed = desk.shelf.scheme().renamed
        self.moment = codings.now()
        self.new: list[tuple[Entry, str]] = []
        self.delivered = True
        self._gone: set[str] = set()

    def rows(self, change: Json) -> list[Entry]:
        """Return the rows of one change."""
        action = change["action"]
        if action == "add":
            entry, known = self._brought("add", change)
            return [entry, *(() if known else self._replaced(entry, change.get("accepts", "")))]
        if action == "decline":
            return self._declined(change)
        if action == "change":
            return self._changed(change)
        return self._ended(change)

    def _brought(self, action: codings.Action, given: Json) -> tuple[Entry, bool]:
        """Return the row of a coding or decline, and whether the log has it already."""
        coding = Coding(
            id=given["id"],
            selection=Selection(self.source.name, given["start"], given["end"]),
            code=self.renamed(given["code"]),
            coder=self.desk.coder,
            created=self.moment,
            source_version=self.source.version,
            stance=given.get("stance", ""),
            memo=given.get("memo", ""),
        )
        entry = Entry(action, coding)
        before = self.log.find(coding.id)
        known = before is not None and codings.same(before, entry, self.renamed)
        if not known:
            self.new.append((entry, given["words"]))
            self.delivered = False
        return entry, known

    def _replaced(self, entry: Entry, identity: str) -> list[Entry]:
        """Settle a proposal that was accepted in another form than it was made."""
        proposed = [
            one
            for one in reading.proposals(self.desk, self.source)
            if one["id"] == identity and not _covers(entry.coding, one)
        ]
        return [self._settled(entry.coding, one) for one in proposed]

    def _settled(self, coding: Coding, proposal: Json) -> Entry:
        place = Selection(self.source.name, proposal["start"], proposal["end"])
        settled = replace(
            coding,
            id=_partner(coding.id),
            selection=place,
            code=proposal["code"],
            stance="",
            memo=f"accepted as {coding.id}",
        )
        return Entry("decline", settled)

    def _declined(self, change: Json) -> list[Entry]:
        entry, known = self._brought("decline", change)
        coding = entry.coding
        for other in () if known else self._alike(coding):
            where = f"{other.selection.start}-{other.selection.end}"
            message = f"you have given {where} the code {coding.code!r}; take that back first"
            raise NotPossibleError(message)
        return [entry]

    def _changed(self, change: Json) -> list[Entry]:
        """End a coding and bring in what takes its place."""
        entry, known = self._brought("add", change["as"])
        if known:
            return [entry]
        if not self._stands(change["id"]):
            message = "this coding has been changed or taken back elsewhere in the meantime"
            raise NotPossibleError(f"{message}; reload the transcript")
        return [*self._ended({"action": "remove", "id": change["id"]}), entry]

    def _ended(self, change: Json) -> list[Entry]:
        """Take back a coding or decline, and what the coder cannot see beside it."""
        self.delivered = False
        identity, wanted = change["id"], {"remove": "add"}.get(change["action"], "decline")
        entry = self._found(identity)
        if entry is None or entry.action != wanted:
            what = "coding" if wanted == "add" else "declined proposal"
            raise NotPossibleError(f"you have no {what} {identity!r} in {self.source.name}")
        ending = [entry.coding]
        if wanted == "add" and self._stands(identity):
            partner = self._found(_partner(identity))
            twins = [one for one in self._alike(entry.coding) if one.id != identity]
            ending += twins + ([partner.coding] if partner else [])
        self._gone.update(one.id for one in ending)
        memo = change.get("memo", "")
        ended = [replace(one, created=self.moment, memo=memo, place=None) for one in ending]
        return [Entry("remove", one) for one in ended]

    def _alike(self, coding: Coding) -> list[Coding]:
        return self.log.alike(coding.selection, coding.code, self.renamed)

    def _found(self, identity: str) -> Entry | None:
        here = (entry for entry, _ in self.new if entry.coding.id == identity)
        return next(here, None) or self.log.find(identity)

    def _stands(self, identity: str) -> bool:
        here = any(entry.coding.id == identity for entry, _ in self.new)
        return identity not in self._gone and (here or self.log.stands(identity))


def _partner(identity: str) -> str:
    """Return the id of the decline that was made together with a coding."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"accepts {identity}"))


def _covers(coding: Coding, proposal: Json) -> bool:
    """Tell whether a coding settles a proposal by what it is."""
    place = coding.selection
    inside = place.start <= proposal["start"] and proposal["end"] <= place.end
    return bool(inside and coding.code == proposal["code"])


def require_version(source: Source, version: str) -> None:
    """Refuse offsets that count in another text."""
    if version != source.version:
        message = f"{source.name} has been corrected since this page showed it"
        raise NotPossibleError(f"{message}; reload it, and code the passage again")


def _require_present(desk: Desk, source: Source) -> None:
    """Refuse to code where earlier codings wait to be brought along."""
    hindered = reading.hindrance(desk, source)
    if hindered:
        raise NotPossibleError(hindered)


def require_passage(source: Source, passage: Selection, words: str) -> None:
    """Refuse a passage that is empty, nobody's words, or not the words that the coder saw."""
    where = f"passage {passage.start}-{passage.end} of {source.name}"
    if not passage.start < passage.end <= len(source.text):
        raise NotPossibleError(f"{where} is empty, or outside of it (0-{len(source.text)})")
    if source.quote(passage) != words:
        message = f"{where} is not what the page sent; reload the transcript"
        raise NotPossibleError(f"{message}, and code the passage again")
    if not words.strip() or not source.is_said(passage):
        raise NotPossibleError(f"{where} is not in anybody's words; select what somebody says")


def require_code(desk: Desk, path: str) -> None:
    """Refuse a code that the codebook does not have, or no longer."""
    scheme = desk.shelf.scheme()
    if not scheme.known and scheme.problems:
        raise NotPossibleError(f"the codebook cannot be read: {scheme.problems[0]}")
    if path not in scheme.known:
        hint = suggest(path, scheme.known)
        raise NotPossibleError(f"code {path!r} is not in the codebook (any more){hint}")
