"""The desk: everything the coding page can ask for, as small named operations.

The page in the browser and the widget in a notebook send the same messages, `{"name": ...,
parameters}`, and get the same answers from the same object.  Whatever comes is checked here first;
what cannot be done is refused with one sentence, and a coder never sees another's codings unless
the operation is one that compares.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from study.coding import book, comparing, consensus, finding, noting, reading, writing
from study.coding import parameters as p
from study.coding.parameters import MalformedRequest, Operation
from study.coding.shelf import Shelf
from study.errors import NotPossibleError, StudyError
from study.files import suggest
from study.memos import SUBJECTS
from study.model import DERIVED, Coding, Source

__all__ = [
    "OPERATIONS",
    "Desk",
    "MalformedRequest",
    "Operation",
    "UnknownOperation",
    "failure",
]


class UnknownOperation(StudyError):
    """There is no operation of this name."""


class Desk:
    """One coder's place at a study.

    Parameters
    ----------
    root
        The study's folder.
    coder
        Who codes; their own logs and memos are written.
    blind
        Whether the page asks before it shows what other coders did.  In either case it is written
        down, once a transcript, that the coder has seen it.

    Raises
    ------
    NotPossibleError
        The folder is no study, or the coder's name cannot be one.
    """

    def __init__(self, root: Path | str, coder: str, *, blind: bool = True) -> None:
        self.root = Path(root).absolute()  # a notebook may change its folder
        self.shelf = Shelf(self.root)
        self.coder, self.blind = coder, blind
        if coder in DERIVED:
            message = f"{coder!r} is no reader of their own: it stands for what is made from others"
            raise NotPossibleError(f"{message}; give the name of a person")
        self.shelf.log(coder, "any")
        self.lock = threading.RLock()

    def answer(self, name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Do what a message asks for, and return the answer, ready for JSON.

        Parameters
        ----------
        name
            One of `OPERATIONS`.
        parameters
            What the operation needs, as it came.

        Raises
        ------
        UnknownOperation
            There is no such operation.
        MalformedRequest
            The parameters are not what the operation takes.
        NotPossibleError
            The study's present state does not allow it.
        OSError
            Something could not be written; nothing of it counts.
        """
        operation = OPERATIONS.get(name)
        if operation is None:
            raise UnknownOperation(f"there is no operation {name!r}{suggest(name, OPERATIONS)}")
        given = operation.check(name, parameters)
        if not operation.alone:
            return operation.function(self, given)
        with self.lock:
            return operation.function(self, given)

    @property
    def study_id(self) -> str:
        """What tells this study, in this place, from others: 12 hexadecimal digits."""
        place = os.fsencode(self.shelf.folder.resolve())
        return hashlib.sha256(place).hexdigest()[:12]

    def source(self, name: str) -> Source:
        """Return a transcript that may be coded.

        Raises
        ------
        NotPossibleError
            There is none of this name, or the participant has withdrawn.
        """
        found = self.shelf.transcript(name)
        if found is None:
            hint = suggest(name, self.shelf.names())
            raise NotPossibleError(f"there is no transcript {name!r}{hint}")
        return found.source

    def own(self, source: Source) -> list[Coding]:
        """Return the coder's codings of a transcript as it stands now."""
        return [
            one
            for one in self.shelf.made(self.coder, source.name)
            if one.source_version == source.version
        ]

    def compared(self) -> frozenset[str]:
        """Return the transcripts of which the coder has seen what others made of them."""
        return self.shelf.compared(self.coder)


def failure(error: Exception) -> dict[str, Any]:
    """Return what is answered to a message that could not be followed.

    `kind` is malformed, unknown, refused or disk; anything else is a bug, and raised again.
    """
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        message = f"this could not be written to disk{where}: {error.strerror or error}"
        return {"error": message, "kind": "disk"}
    if isinstance(error, MalformedRequest):
        return {"error": str(error), "kind": "malformed"}
    if isinstance(error, UnknownOperation):
        return {"error": str(error), "kind": "unknown"}
    if isinstance(error, StudyError):
        return {"error": str(error), "kind": "refused", **getattr(error, "details", {})}
    raise error


_PAIR = {"source": p.name, "a": p.name, "b": p.name}
OPERATIONS: Mapping[str, Operation] = {
    "study": Operation(reading.study),
    "codebook": Operation(reading.codebook),
    "transcript": Operation(reading.transcript, {"source": p.name}),
    "codebook_history": Operation(book.codebook_history),
    "edit_code": Operation(book.edit_code, {"action": p.one_of(*book.ACTIONS)}, book.PARAMETERS),
    "find": Operation(finding.find, {"text": p.text}, {"source": p.name}),
    "code": Operation(
        writing.code,
        {"source": p.name, "version": p.name, "changes": p.items(writing.change)},
        {"brief": p.flag},
    ),
    "taken": Operation(writing.taken, {"source": p.name}),
    "memo": Operation(
        noting.memo,
        {"about": p.one_of(*SUBJECTS), "name": p.name, "text": p.text, "revision": p.name},
    ),
    "memos": Operation(noting.all_memos),
    "compare": Operation(comparing.compare, _PAIR),
    "agreement": Operation(
        comparing.agreement, _PAIR, {"code": p.name, "codes": p.items(p.name)}, alone=False
    ),
    "consensus": Operation(consensus.consensus, _PAIR),
    "decide": Operation(
        consensus.decide,
        {
            **_PAIR,
            "version": p.name,
            "key": p.name,
            "decision": p.one_of(*consensus.DECISIONS),
            "why": p.text,
            "request": p.guid,
        },
        {"edit": consensus.edit},
    ),
}
"""What a page may ask for, by name."""
