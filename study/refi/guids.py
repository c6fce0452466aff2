"""GUIDs: those that a study has are kept, all others follow from a name and never change."""

from __future__ import annotations

import re
import uuid
from functools import lru_cache

SPACE = uuid.UUID("7c1b3f0e-5d0a-4b53-9d39-2f6e1a8c4b70")
_PLAIN = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def of(kind: str, *names: str) -> str:
    """Return the GUID of something that has only a name, such as a coder or a transcript."""
    return str(uuid.uuid5(SPACE, "\n".join((kind, *names))))


def is_plain(text: str) -> bool:
    """Tell whether a text is a GUID as the schema wants it, without braces."""
    return _PLAIN.fullmatch(text) is not None


def plain(text: str | None) -> str:
    """Return a GUID without braces or prefix; empty where the text is none."""
    bare = (text or "").strip().removeprefix("urn:uuid:").strip("{}")
    if is_plain(bare):
        return bare
    try:
        return str(uuid.UUID(bare))
    except ValueError:
        return ""


@lru_cache(maxsize=4096)  # a code is referred to by each of its codings
def key(text: str | None) -> str:
    """Return what two spellings of one GUID share; other identifiers are compared as they are."""
    return (plain(text) or (text or "").strip()).lower()


class Once:
    """Hand out each GUID once: a second owner of the same gets another, always the same one."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def take(self, wanted: str, kind: str, *names: str) -> str:
        """Return the GUID wanted if it is one and is free, or one that follows from the names."""
        guid = plain(wanted)
        while not guid or guid.lower() in self._given:
            count = self._given[guid.lower()] = self._given.get(guid.lower(), 0) + 1
            guid = of(kind, wanted, *names, str(count))
        self._given[guid.lower()] = 1
        return guid
