"""Codes of another program's file in the codebook of a study."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from study import codebook
from study.codebook.carrying import Fresh, Plan, carry_out
from study.codebook.scalars import clean
from study.exchange.discussed import Changes
from study.exchange.grids import Line
from study.model import Code, Codebook
from study.wording import happened, many

WHO = "import"
"""Who is named in the codebook's history for what came from a file."""

_MANY = 5
"""Codes of another colour beyond which they are counted: QualCoder has colours of its own."""

FIELDS = (*codebook.TEXTS, "name", "colour", "patterns")


@dataclass(slots=True)
class Meeting:
    """Two codebooks, and which code of the one is which of the other.

    `paths` and `guids` lead from codes of the file to those of the study.
    """

    here: tuple[Code, ...]
    paths: dict[str, str] = field(default_factory=dict)
    guids: dict[str, str] = field(default_factory=dict)
    added: list[Code] = field(default_factory=list)
    changed: list[Code] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)

    def said(self, verb: str) -> str:
        """Say how many codes are new, changed or here already."""
        known = len(self.paths) - len(self.added)
        parts = [happened(len(self.added), "code", verb, "added")]
        parts += [f"{known} {'is' if known == 1 else 'are'} here already"]
        parts += [f"the texts of {len(self.changed)} {verb} replaced"] if self.changed else []
        return "codebook: " + ", ".join(parts)

    def notes(self) -> list[str]:
        """Say which codes the file describes otherwise."""
        said = []
        colours = [one for one in self.differing if one.endswith("(colour)")]
        if len(colours) > _MANY:
            said.append(f"{len(colours)} codes have other colours in the file; ours stay")
        others = [one for one in self.differing if one not in colours or len(colours) <= _MANY]
        if others:
            listed = "; ".join(others)
            said.append(f"these codes say something else in the file, and stay here: {listed}")
        return said

    def add(self, theirs: Code, ours: Code) -> None:
        """Remember that a code of the file is one of the study."""
        self.paths[theirs.path] = ours.path
        self.guids[theirs.guid.lower()] = ours.guid


def meet(
    here: Sequence[Code],
    theirs: Codebook,
    taken: Container[str] = (),
    *,
    take: bool = False,
    by_path: bool = False,
) -> Meeting:
    """Find the codes of a file in a codebook: by GUID, else by the names from the top down.

    Parameters
    ----------
    here
        The study's codes.
    theirs
        The file's.
    taken
        Paths that no new code may have.
    take
        Give codes that both have the texts of the file.
    by_path
        The file knows codes by their paths: these, present or former, tell a code, too.
    """
    theirs = cleaned(theirs)
    met = Meeting(tuple(here))
    by_guid = {code.guid.lower(): code for code in here}
    ours_named, theirs_named = _names(here), _names(theirs.codes)
    by_names = {ours_named[code.path]: code for code in here}
    paths = {path: code for code in here for path in code.formerly} if by_path else {}
    paths |= {code.path: code for code in here} if by_path else {}
    for code in sorted(theirs, key=lambda one: one.path.count(".")):
        ours = by_guid.get(code.guid.lower()) or by_names.get(theirs_named[code.path])
        if by_path and code.guid.lower() not in by_guid:
            ours = paths.get(code.path, ours)
            code = _like(code, ours) if ours else code
        if ours is None:
            ours = _new(met, code, taken)
            met.added.append(ours)
            met.here = (*met.here, ours)
        elif any(getattr(ours, key) != getattr(code, key) for key in FIELDS):
            ours = _differs(met, ours, code, take=take)
        met.add(code, ours)
    return met


def _like(code: Code, ours: Code) -> Code:
    """Return a code known by its path as the file means it: what it cannot say is as it is here."""
    more: dict[str, Any] = {"name": ours.name, "colour": code.colour or ours.colour}
    if not code.patterns and not any(getattr(code, key) for key in codebook.TEXTS):
        more |= {key: getattr(ours, key) for key in (*codebook.TEXTS, "patterns")}
    return replace(code, **more)


def cleaned(book: Codebook) -> Codebook:
    """Return a codebook with its texts as a codebook.yaml keeps them."""
    return replace(book, codes=tuple(map(_cleaned, book.codes)))


def _cleaned(code: Code) -> Code:
    texts: dict[str, Any] = {key: clean(getattr(code, key)) for key in codebook.TEXTS}
    name = "".join(letter if letter.isprintable() else " " for letter in code.name)
    return replace(code, name=" ".join(name.split()) or code.path, **texts)


def _names(codes: Sequence[Code]) -> dict[str, tuple[str, ...]]:
    """Return the names of each code and those above it, from the top down, by path."""
    known = {one.path: one.name.casefold().strip() for one in codes}
    found = {}
    for path in known:
        parts = path.split(".")
        above = (".".join(parts[: n + 1]) for n in range(len(parts)))
        found[path] = tuple(known.get(one, "") for one in above)
    return found


def _new(met: Meeting, code: Code, taken: Container[str]) -> Code:
    """Return a code of the file as it can stand in the study."""
    parent = met.paths.get(code.parent, "")
    slugs = {one.path.rpartition(".")[2] for one in met.here}
    names = {one.name for one in met.here if one.parent == parent}
    stem = code.path.rpartition(".")[2]
    slug, count = stem, 1
    while slug in slugs or _joined(parent, slug) in taken:
        count += 1
        slug = f"{stem}-{count}"
    name, count = code.name, 1
    while name in names:
        count += 1
        name = f"{code.name} ({count})"
    present = {one.path for one in met.here}
    former = tuple(path for path in code.formerly if path not in present and path not in taken)
    return replace(code, path=_joined(parent, slug), name=name, formerly=former)


def _joined(parent: str, slug: str) -> str:
    return f"{parent}.{slug}" if parent else slug


def _differs(met: Meeting, ours: Code, theirs: Code, *, take: bool) -> Code:
    """Note that a code says something else in the file, or take that over."""
    keys = [key for key in FIELDS if getattr(ours, key) != getattr(theirs, key)]
    named = ", ".join(key.replace("_", " ") for key in keys)
    if not take:
        met.differing.append(f"{ours.path} ({named})")
        return ours
    names = {one.name for one in met.here if one.parent == ours.parent and one is not ours}
    keys = [key for key in keys if key != "name" or theirs.name not in names]
    changed = replace(ours, **{key: getattr(theirs, key) for key in keys})
    met.here = tuple(changed if one is ours else one for one in met.here)
    met.changed.append(changed)
    return changed


def found(book: Codebook, path: Path) -> None:
    """Write the codebook of a new study."""
    codebook.write(book, path)


def take(
    root: Path, theirs: Codebook, name: str, *, replace: bool = False, by_path: bool = False
) -> Meeting:
    """Add the codes of a file to a study's codebook; comments and layout of the file stay.

    Parameters
    ----------
    root
        The study.
    theirs
        The codes.
    name
        The file's name, for the history.
    replace
        Give codes that both have the texts of the file.
    by_path
        As in `meet`.
    """
    met: list[Meeting] = []

    def plan(fresh: Fresh) -> Plan:
        one = meet(fresh.codes, theirs, fresh.taken, take=replace, by_path=by_path)
        met.append(one)
        about = [code.guid for code in (*one.added, *one.changed)]
        done = f"Took {many(len(one.added), 'code')} from {name}"
        done += f" and the texts of {len(one.changed)}" if one.changed else ""
        return Plan(done, one.here, tuple(about))

    carry_out(root, WHO, plan)
    return met[-1]


def changes_in(
    codes: Sequence[Code], lines: Sequence[Line], taken: Collection[str] = (), *, take: bool = False
) -> Changes:
    """Return what a table that a team has discussed makes of a codebook; see `discussed`."""
    changes = Changes(tuple(codes), taken, take)
    changes.take(lines)
    return changes


class _Shown(Exception):
    """A plan that is only to be looked at."""


def take_changes(
    root: Path, lines: Sequence[Line], name: str, *, replace: bool = False, dry_run: bool = False
) -> Changes:
    """Make a team's changes in a study's codebook, all of them or none.

    Parameters
    ----------
    root
        The study.
    lines
        The rows of their table.
    name
        The file's name, for the history.
    replace
        Take the table's text also where ours has been changed since the table was made.
    dry_run
        Find the changes; write nothing.
    """
    found: list[Changes] = []

    def plan(fresh: Fresh) -> Plan:
        one = changes_in(fresh.codes, lines, fresh.taken, take=replace)
        found.append(one)
        if dry_run:
            raise _Shown
        done = f"Took {many(len(one.shown), 'change')} from {name}"
        return Plan(done, one.codes, tuple(dict.fromkeys(one.about)))

    with contextlib.suppress(_Shown):
        carry_out(root, WHO, plan)
    return found[-1]
