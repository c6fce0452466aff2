"""Changes to a coding scheme, as functions from its codes to its codes.

Whatever gives a code another path leaves the former one in `formerly`, for it and for all codes
below it, so that codings made under it keep their code.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from study.codebook.reading import COLOUR, SLUG, TEXTS
from study.codebook.scalars import clean
from study.errors import NotPossibleError
from study.files import suggest
from study.model import Code, under

Codes = tuple[Code, ...]
FIELDS = ("name", "colour", *TEXTS, "patterns")
LONGEST = {"name": 200, "slug": 60, "pattern": 2_000}
LONGEST_TEXT = 20_000
MOST_PATTERNS = 1_000


def find(codes: Codes, given: str) -> Code:
    """Return the code of this path, former path, `guid`, or last part of a path where that will do.

    Raises
    ------
    NotPossibleError
        There is no such code.
    """
    for known in (
        [code for code in codes if code.path == given],
        [code for code in codes if given in code.formerly],
        [code for code in codes if given and code.guid.lower() == given.lower()],
        [code for code in codes if given and code.path.endswith(f".{given}")],
    ):
        if len(known) == 1:
            return known[0]
    hint = suggest(given, [code.path for code in codes])
    raise NotPossibleError(f"code {given!r} is not in the codebook{hint}")


def slug_of(code: Code) -> str:
    """Return the short name of a code: the last part of its path."""
    return code.path.rpartition(".")[2]


def joined(parent: str, slug: str) -> str:
    """Return the path of a code of this short name below a parent."""
    return f"{parent}.{slug}" if parent else slug


def below(codes: Codes, path: str) -> Codes:
    """Return a code and all codes below it, in order."""
    return tuple(code for code in codes if under(code.path, path))


def new_code(codes: Codes, parent: str, values: Mapping[str, Any], used: Iterable[str]) -> Code:
    """Return a code that is not in the codebook yet.

    Parameters
    ----------
    codes
        The codebook so far.
    parent
        Path of the code above, empty for a top code.
    values
        Its `name`, its `slug` if that is not to follow from the name, and any of FIELDS.
    used
        Paths that no new code may have, for codings have been made under them.
    """
    given = fields({key: value for key, value in values.items() if key != "slug"})
    name = given.get("name")
    if not name:
        raise NotPossibleError("a code needs a name")
    if values.get("slug"):
        slug = free_slug(codes, values["slug"])
    else:
        slug = _slug_from(name, parent, {slug_of(code) for code in codes}, set(used))
    return Code(guid=str(uuid.uuid4()), path=joined(parent, slug), **given)


def fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields of a code as a codebook keeps them.

    Raises
    ------
    NotPossibleError
        One of them is no field, or cannot be kept; the message says which and why.
    """
    kept: dict[str, Any] = {}
    for key, value in values.items():
        if key not in FIELDS:
            raise NotPossibleError(f"a code has no {key!r}{suggest(key, FIELDS)}")
        if key == "patterns":
            kept[key] = _patterns(value)
            continue
        if not isinstance(value, str):
            raise NotPossibleError(f"{key} must be text")
        kept[key] = _one_line(key, value) if key in ("name", "colour") else clean(value)
        if len(kept[key]) > LONGEST.get(key, LONGEST_TEXT):
            most = LONGEST.get(key, LONGEST_TEXT)
            raise NotPossibleError(f"{key} may have {most:,} characters, this has more")
    if kept.get("name") == "":
        raise NotPossibleError("a code needs a name")
    if kept.get("colour") and not COLOUR.fullmatch(kept["colour"]):
        raise NotPossibleError(f"colour {kept['colour']!r} is not like '#1b6ca8'")
    return kept


def _one_line(key: str, value: str) -> str:
    text = " ".join(clean(value).split())
    if not text.isprintable():
        raise NotPossibleError(f"{key} holds signs that cannot be shown; type it again")
    return text


def _patterns(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(one, str) for one in value):
        raise NotPossibleError("patterns must be a list of texts")
    kept = tuple(
        dict.fromkeys(text for text in (_one_line("pattern", one) for one in value) if text)
    )
    if len(kept) > MOST_PATTERNS or any(len(one) > LONGEST["pattern"] for one in kept):
        most = f"{MOST_PATTERNS:,} patterns of {LONGEST['pattern']:,} characters"
        raise NotPossibleError(f"a code may have {most}, this has more")
    return kept


def free_slug(codes: Codes, given: Any, but: str = "") -> str:
    """Return a short name if a code may have it; the code with `guid` `but` may keep its own."""
    slug = given.strip() if isinstance(given, str) else ""
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST["slug"]:
        shape = f"a-z, 0-9 and hyphens between them, at most {LONGEST['slug']}"
        raise NotPossibleError(f"the short name {slug!r} may hold only {shape}, as in 'co-design'")
    other = next((code for code in codes if slug_of(code) == slug and code.guid != but), None)
    if other is not None:
        message = f"there is a code {other.path!r} already; give one of them another short name"
        raise NotPossibleError(message)
    return slug


def _slug_from(name: str, parent: str, slugs: set[str], used: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))[:50].strip("-") or "code"
    slug, number = stem, 1
    while slug in slugs or joined(parent, slug) in used:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def relocated(codes: Codes, old: str, new: str) -> Codes:
    """Give a code, and with it all codes below it, another path."""
    return tuple(
        _at(code, new + code.path[len(old) :]) if under(code.path, old) else code for code in codes
    )


def _at(code: Code, path: str) -> Code:
    former = dict.fromkeys((*code.formerly, code.path))
    former.pop(path, None)
    return replace(code, path=path, formerly=tuple(former))


def ordered(codes: Codes, path: str, *, before: str = "", after: str = "") -> Codes:
    """Put a code, with those below it, before or after another, or last among its siblings."""
    group = below(codes, path)
    rest = [code for code in codes if code not in group]
    paths = [code.path for code in rest]
    if before:
        place = paths.index(before)
    else:
        anchor = after or path.rpartition(".")[0]
        ends = [n for n, one in enumerate(paths, start=1) if not anchor or under(one, anchor)]
        place = max(ends, default=len(rest))
    return (*rest[:place], *group, *rest[place:])


def moved(codes: Codes, code: Code, parent: str, *, before: str = "", after: str = "") -> Codes:
    """Put a code, with those below it, under another parent and in another place.

    Raises
    ------
    NotPossibleError
        The parent is the code itself or stands below it.
    """
    if under(parent, code.path):
        raise NotPossibleError(f"{code.path!r} cannot stand below itself; choose another parent")
    path = joined(parent, slug_of(code))
    return ordered(relocated(codes, code.path, path), path, before=before, after=after)


def merged(codes: Codes, code: Code, into: Code) -> Codes:
    """Make two codes one: codes below the first come below the second, and patterns are united.

    Raises
    ------
    NotPossibleError
        The second is the first, or stands below it.
    """
    if under(into.path, code.path):
        message = f"{into.path!r} stands below {code.path!r}; move it out first, or merge the other"
        raise NotPossibleError(
            f"{message} way round"
            if into != code
            else f"{code.path!r} cannot be merged into itself"
        )
    for child in [one for one in codes if one.parent == code.path]:
        codes = moved(codes, find(codes, child.guid), into.path)
    former = dict.fromkeys((*into.formerly, *code.formerly, code.path))
    united = tuple(dict.fromkeys((*into.patterns, *code.patterns)))
    whole = replace(into, formerly=tuple(former), patterns=united)
    return tuple(whole if one.guid == into.guid else one for one in codes if one.guid != code.guid)
