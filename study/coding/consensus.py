"""Two coders settle their differences: what is decided, by whom and why, becomes the consensus.

The `consensus` log holds each decision as rows of its own: a coding for what applies, a decline for
what does not, each with a memo such as `ana/ben: accepted ana (decided by ben, item 3f2a91c45d0e):
she means the course`.  Deciding again ends those rows and adds others.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from study import codings
from study.coding import parameters as p
from study.coding.comparing import Meeting, both, meet
from study.coding.reading import row
from study.coding.shelf import stamp
from study.coding.writing import require_code, require_passage, require_version
from study.codings import Action, Entry, Log
from study.errors import NotPossibleError
from study.files import locked
from study.model import STANCES, Coding, Selection, Source

if TYPE_CHECKING:
    from study.coding.desk import Desk

Json = dict[str, Any]
CODER = "consensus"
DECISIONS = ("a", "b", "both", "neither", "edited", "undecided")
EDIT: Mapping[str, p.Check] = {
    "start": p.number, "end": p.number, "words": p.text, "code": p.name,
}  # fmt: skip
_MEMO = re.compile(
    r"(?P<a>[^/\s]+)/(?P<b>[^/\s:]+): (?:accepted (?P<accepted>\S+)|(?P<edited>edited)) "
    r"\(decided by (?P<by>[^,\s)]+)(?:, item (?P<key>[0-9a-f]+))?\)(?:: (?P<why>.*))?",
    re.DOTALL,
)


def edit(value: Any) -> Json:
    """Check what a passage is to be after editing."""
    return p.record("edit", value, EDIT, {"stance": p.one_of("", *STANCES)})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide, and the rows of the consensus that decide it."""

    key: str
    meeting: Meeting
    settled: tuple[Entry, ...] = ()


def key_of(meeting: Meeting) -> str:
    """Return what tells a difference from others as long as nobody changes their codings."""
    ids = sorted(one.id for one in (*meeting.a, *meeting.b))
    return hashlib.sha256(" ".join(ids).encode()).hexdigest()[:12]


def consensus(desk: Desk, given: Json) -> Json:
    """Return all that two coders did on a transcript, and what has been decided of it."""
    source = desk.source(given["source"])
    items = _items(desk, source, given)
    return {
        "source": source.name,
        "version": source.version,
        "items": [_view(one, given["a"]) for one in items],
        **_progress(items),
    }


def _progress(items: Sequence[Item]) -> Json:
    return {"decided": sum(bool(one.settled) for one in items), "total": len(items)}


def _items(desk: Desk, source: Source, given: Json) -> list[Item]:
    both(desk, [source], given)
    items = _met(desk, source, given)
    named: dict[str, list[Entry]] = {one.key: [] for one in items}
    for entry in _rows(desk, source):
        match = _MEMO.fullmatch(entry.coding.memo)
        key = match["key"] if match and match["key"] in named else _place(entry, items)
        named.setdefault(key, []).append(entry)
    return [Item(one.key, one.meeting, tuple(named[one.key])) for one in items]


def _met(desk: Desk, source: Source, given: Json) -> list[Item]:
    """Return what there is to decide, set out anew only when one of the coders has coded since."""
    other = stamp(desk.shelf.log(given["b"], source.name).path)
    state = (given["b"], other, desk.shelf.scheme().revision, source.version)

    def make() -> list[Item]:
        return [Item(key_of(one), one) for one in meet(*both(desk, [source], given))]

    return desk.shelf.of_log("met", given["a"], source.name, make, state)


def _rows(desk: Desk, source: Source) -> list[Entry]:
    """Return what the consensus holds on a transcript: codings, and what was decided against."""
    log, renamed = desk.shelf.log(CODER, source.name), desk.shelf.scheme().renamed
    rows = [Entry("add", one) for one in desk.shelf.made(CODER, source.name)]
    rows += [Entry("decline", replace(one, code=renamed(one.code))) for one in log.declined()]
    return [one for one in rows if one.coding.source_version == source.version]


def _place(entry: Entry, items: Sequence[Item]) -> str:
    """Return the item that a row of the consensus is about, by code and passage; or nothing.

    So it is where a decision was made otherwise, or where its codings have changed since.
    """
    coding = entry.coding

    def shared(item: Item) -> int:
        place = coding.selection
        return min(place.end, item.meeting.end) - max(place.start, item.meeting.start)

    near = [item for item in items if item.meeting.code == coding.code and shared(item) > 0]
    return max(near, key=shared).key if near else ""


def _view(item: Item, a: str) -> Json:
    meeting = item.meeting
    decision, by, why = _decision(item, a)
    return {
        "key": item.key,
        "start": meeting.start,
        "end": meeting.end,
        "code": meeting.code,
        "a": [row(one) for one in meeting.a],
        "b": [row(one) for one in meeting.b],
        "kind": meeting.kind,
        "decision": decision,
        "codings": [row(one.coding) for one in item.settled if one.action == "add"],
        "ids": [one.coding.id for one in item.settled],
        "by": by,
        "why": why,
    }


def _decision(item: Item, a: str) -> tuple[str | None, str, str]:
    """Return how an item was decided, by whom, and why."""
    if not item.settled:
        return None, "", ""
    memo = item.settled[0].coding.memo
    match = _MEMO.fullmatch(memo)
    if match is None:
        return _by_content(item), "", memo
    by, why = match["by"], match["why"] or ""
    if match["key"] != item.key:  # the codings have changed since
        return _by_content(item), by, why
    word = match["accepted"] or "edited"
    if word in ("both", "neither", "edited"):
        return word, by, why
    return ("a" if word == a else "b"), by, why


def _by_content(item: Item) -> str:
    """Say whose decision rows of the consensus are, where no memo says so."""
    a, b = _said(item.meeting.a), _said(item.meeting.b)
    agreed = _said([one.coding for one in item.settled if one.action == "add"])
    if not agreed:
        return "neither"
    if agreed == a | b:
        return "both" if a and b else ("a" if a else "b")
    return "a" if agreed == a else "b" if agreed == b else "edited"


def _said(made: Sequence[Coding]) -> set[tuple[Selection, str]]:
    return {(one.selection, one.stance) for one in made}


def decide(desk: Desk, given: Json) -> Json:
    """Write a decision on one item; what was decided of it before no longer counts.

    A message may be sent again: what is decided already stays.
    """
    source, log = desk.source(given["source"]), desk.shelf.log(CODER, given["source"])
    # Two who decide the same at once do so one after the other: the later decision counts.
    with desk.shelf.steady(), locked(desk.shelf.folder / "codings" / CODER):
        if log.find(_id(given["request"], 0)) is None:
            _decide(desk, source, log, given)
    items = _items(desk, source, given)
    item = _found(items, given["key"])
    return {"item": _view(item, given["a"]) if item else None, **_progress(items)}


def _decide(desk: Desk, source: Source, log: Log, given: Json) -> None:
    require_version(source, given["version"])
    if any(one.source_version != source.version for one in log.codings()):
        message = f"the consensus has codings on another version of {source.name}"
        raise NotPossibleError(f"{message}; `study revise {source.name}` brings them along")
    item = _found(_items(desk, source, given), given["key"])
    if item is None:
        message = "the codings have changed since this was shown"
        raise NotPossibleError(f"{message}; reload, and decide again")
    chosen = _chosen(desk, source, item.meeting, given)
    settled = Coding(
        id="",
        selection=Selection(source.name, 0, 0),
        code="",
        coder=CODER,
        created=codings.now(),
        source_version=source.version,
        memo=_memo(desk, item, given),
    )
    rows = [
        Entry(action, _settled(settled, action, one, _id(given["request"], number)))
        for number, (action, one) in enumerate(chosen)
    ]
    renamed = desk.shelf.scheme().renamed
    ended = {one.id: one for entry in item.settled for one in _with_twins(log, entry, renamed)}
    again = f"decided again by {desk.coder}"
    gone = [replace(one, created=settled.created, memo=again) for one in ended.values()]
    if gone or rows:  # an empty log would say that there was nothing to decide
        log.append([*(Entry("remove", one) for one in gone), *rows], renamed)


def _found(items: Sequence[Item], key: str) -> Item | None:
    return next((one for one in items if one.key == key), None)


def _settled(frame: Coding, action: Action, one: Coding, identity: str) -> Coding:
    stance = one.stance if action == "add" else ""
    return replace(frame, id=identity, selection=one.selection, code=one.code, stance=stance)


def _with_twins(log: Log, entry: Entry, renamed: Callable[[str], str]) -> list[Coding]:
    """Return what stands for a row: where codes have been merged, several may."""
    coding = entry.coding
    alike = log.alike(coding.selection, coding.code, renamed) if entry.action == "add" else []
    return [coding, *alike]


def _id(request: str, number: int) -> str:
    """Return the id of a row that a request brings about: the same if it is sent again."""
    return str(uuid.uuid5(uuid.UUID(request), str(number)))


def _memo(desk: Desk, item: Item, given: Json) -> str:
    decision = given["decision"]
    word = {"a": given["a"], "b": given["b"]}.get(decision, decision)
    done = "edited" if decision == "edited" else f"accepted {word}"
    head = f"{given['a']}/{given['b']}: {done} (decided by {desk.coder}, item {item.key})"
    return f"{head}: {given['why']}" if given["why"].strip() else head


def _chosen(
    desk: Desk, source: Source, meeting: Meeting, given: Json
) -> list[tuple[Action, Coding]]:
    """Return the rows that a decision means: codings that apply, or passages that do not."""
    if given["decision"] == "undecided":  # a decision is taken back
        return []
    if given["decision"] == "edited":
        return [("add", _edited(desk, source, meeting, given))]
    sides = {"a": meeting.a, "b": meeting.b, "both": (*meeting.a, *meeting.b), "neither": ()}
    wanted = {(one.selection, one.stance): one for one in sides[given["decision"]]}
    places = {one.selection for one in wanted.values()}
    if len(places) < len(wanted):
        message = "both gave this passage the code, with different stances"
        raise NotPossibleError(f"{message}: accept one of them, or edit")
    if wanted:
        return [("add", one) for one in wanted.values()]
    denied = {one.selection: one for one in (*meeting.a, *meeting.b)}
    return [("decline", one) for one in denied.values()]


def _edited(desk: Desk, source: Source, meeting: Meeting, given: Json) -> Coding:
    if "edit" not in given:
        raise NotPossibleError("to edit, say which passage, code and stance it is to be")
    wanted = given["edit"]
    place = Selection(source.name, wanted["start"], wanted["end"])
    code = desk.shelf.scheme().renamed(wanted["code"])
    require_passage(source, place, wanted["words"])
    require_code(desk, code)
    (first, *_) = (*meeting.a, *meeting.b)
    return replace(first, selection=place, code=code, stance=wanted.get("stance", ""))
