"""The addresses of what can be opened on the page: `#practice=co-design&group=broker`.

The script writes the same ones (page/address.js).  Without a script they lead to the plain lists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote_plus


def address(**parts: object) -> str:
    """Return an address without its #: names and values in the order given, empty ones left out.

    Letters that JavaScript's `encodeURIComponent` keeps are kept; a space becomes a plus.
    """
    given = ((name, str(value)) for name, value in parts.items() if value != "")
    return "&".join(f"{name}={quote_plus(value, safe=KEPT)}" for name, value in given)


KEPT = "!*'()~"


def short_names(paths: Iterable[str]) -> dict[str, str]:
    """Return what a code is called in addresses: its own part of the path where that is enough."""
    listed = list(paths)
    lasts = Counter(path.rpartition(".")[2] for path in listed)
    return {path: _short(path, lasts) for path in listed}


def _short(path: str, lasts: Counter[str]) -> str:
    last = path.rpartition(".")[2]
    return last if lasts[last] == 1 else path
