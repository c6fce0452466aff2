"""A coder's memos on transcripts and codes; nobody else's are ever sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from study import codings, memos
from study.errors import NotPossibleError
from study.files import suggest
from study.model import Memo, Subject

if TYPE_CHECKING:
    from study.coding.desk import Desk

Json = dict[str, Any]


def memo(desk: Desk, given: Json) -> Json:
    """Save the coder's memo on a transcript or a code; an empty text deletes it."""
    kind, name = _known(desk, given["about"], given["name"])
    path = memos.path_of(desk.shelf.folder, desk.coder, kind, name)
    found, revision = memos.save(path, given["text"], given["revision"], codings.now())
    return {"text": found.text if found else "", "revision": revision}


def _known(desk: Desk, kind: Subject, name: str) -> tuple[Subject, str]:
    """Refuse a memo on what there is not; return what it is about as files name it."""
    if kind == "transcript":
        return kind, desk.source(name).name
    guids = {code.guid.lower() for code in desk.shelf.scheme().book}
    if name.lower() not in guids and not _there(desk, kind, name.lower()):
        raise NotPossibleError(f"there is no code {name!r} (any more){suggest(name, guids)}")
    return kind, name.lower()


def _there(desk: Desk, kind: Subject, name: str) -> bool:
    """Tell whether the coder has a memo on a code that is gone: it can be read and deleted."""
    return memos.path_of(desk.shelf.folder, desk.coder, kind, name).exists()


def all_memos(desk: Desk, given: Json) -> Json:
    """Return all memos of the coder, those on transcripts first."""
    found = memos.by(desk.shelf.folder, desk.coder, desk.shelf.withdrawn())
    rows = [_row(desk, one) for one in found]
    order = {"transcript": 0, "code": 1}
    return {"memos": sorted(rows, key=lambda row: (order[row["about"]], row["label"]))}


def _row(desk: Desk, memo: Memo) -> Json:
    names = {code.guid.lower(): code.path for code in desk.shelf.scheme().book}
    known = memo.name if memo.kind == "transcript" else names.get(memo.name.lower())
    return {
        "about": memo.kind,
        "name": memo.name,
        "label": known or "a code that is no longer in the codebook",
        "text": memo.text,
        "created": memo.created.isoformat(),
        "changed": memo.changed.isoformat(),
        "author": memo.author,
        "revision": memos.revision_of(memo.place.path) if memo.place else "",
    }


def on_transcript(desk: Desk, source: str) -> Json:
    """Return the coder's memo on a transcript; an empty one where there is none."""
    path = memos.path_of(desk.shelf.folder, desk.coder, "transcript", source)
    found, _ = memos.read_file(path) if path.exists() else (None, [])
    return {"text": found.text if found else "", "revision": memos.revision_of(path)}
