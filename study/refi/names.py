"""Names that other programs allow as names that files, folders and columns can have."""

from __future__ import annotations

import datetime as dt
import unicodedata

from study.errors import NotPossibleError
from study.files import in_name, require_name


class Names:
    """Hand out names, each once: a second one that a file system would take for the same differs.

    Parameters
    ----------
    kind
        What the names are of, such as `coder`; a name of signs alone becomes this.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        """Return a name as near as possible to the one wanted."""
        base = plain(wanted, self._kind)
        name, count = base, 1
        while name.casefold() in self._taken:
            count += 1
            name = f"{base[:95]}-{count}"
        self._taken.add(name.casefold())
        return name


def plain(wanted: str, kind: str) -> str:
    """Return a name of letters, digits and `-_.`; one that is plain already stays as it is."""
    composed = unicodedata.normalize("NFC", wanted.strip())
    letters = "".join(letter if in_name(letter) else " " for letter in composed)
    name = "-".join(letters.split()).lstrip("-.")[:100].rstrip("-.") or kind
    name = composed if _is_plain(kind, composed) else name
    return name if _is_plain(kind, name) else f"{kind}-{name}"[:100]


def _is_plain(kind: str, name: str) -> bool:
    try:
        return require_name(kind, name) == name
    except NotPossibleError:
        return False


def moment(*given: str | None) -> dt.datetime | None:
    """Return the first of several times that can be read; one without a zone is taken for UTC."""
    for text in given:
        try:
            found = dt.datetime.fromisoformat((text or "").strip())
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return None


def stamp(moment: dt.datetime) -> str:
    """Return a time as the schema wants it, in UTC."""
    utc = moment.astimezone(dt.UTC).replace(tzinfo=None)
    return f"{utc.isoformat()}Z"
