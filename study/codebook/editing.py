"""Edit a study's codebook without losing a coding, its layout or what stood there before.

Each function takes the study's folder and who edits, changes codebook.yaml on disk, and returns
what was done.  The file is read afresh under a lock, only lines concerned are changed, the result
is read back before it is written, and the version before stays in `history/`.  What would lose a
coding, or give it to another code, is refused with a `NotPossibleError`.  A code is named by its
path (a former one will do), its `guid`, or the last part of its path.

>>> from study import codebook
>>> codebook.rename(".", "risk.fad", "fashion", coder="ana").done       # doctest: +SKIP
'Renamed risk.fad to risk.fashion'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from study.codebook import history, scheme, uses
from study.codebook.carrying import Edit, Fresh, Plan, carry_out, path_in
from study.codebook.reading import parse
from study.codebook.rewriting import rewrite
from study.codebook.scheme import Codes
from study.errors import NotPossibleError
from study.files import refuse
from study.model import Code


def add(
    folder: Path | str,
    name: str,
    *,
    coder: str,
    parent: str = "",
    after: str = "",
    before: str = "",
    slug: str = "",
    **values: Any,
) -> Edit:
    """Add a code, last among the codes below its parent unless a place is given.

    Parameters
    ----------
    folder
        The study.
    name
        What is shown.
    coder
        Who edits.
    parent
        The code above; empty for a top code.
    after, before
        The code that it shall stand beside; the parent is that one's.
    slug
        The last part of its path; made from the name if it is not given.
    **values
        definition, include, exclude, example, near_miss, colour (`#1b6ca8`), patterns (a list).

    Raises
    ------
    NotPossibleError
        There is such a code already, its path belonged to another code, or a field cannot be kept.
    """

    def plan(fresh: Fresh) -> Plan:
        given = {"name": name, "slug": slug, **values}
        codes, code = _with_new(
            fresh, fresh.codes, given, _place(fresh.codes, parent, before, after)
        )
        return Plan(f"Added {code.path}", codes, (code.guid,))

    return carry_out(folder, coder, plan)


@dataclass(frozen=True, slots=True)
class _Where:
    parent: str
    before: str = ""
    after: str = ""


def _place(codes: Codes, parent: str, before: str, after: str) -> _Where:
    """Return a place among the codes, given in one of three ways."""
    if before and after:
        raise NotPossibleError("a code stands before one or after one, not both")
    if not before and not after:
        return _Where(scheme.find(codes, parent).path if parent else "")
    beside = scheme.find(codes, before or after)
    return _Where(beside.parent, beside.path if before else "", beside.path if after else "")


def _with_new(
    fresh: Fresh, codes: Codes, given: Mapping[str, Any], where: _Where
) -> tuple[Codes, Code]:
    code = scheme.new_code(codes, where.parent, given, fresh.taken)
    codes = scheme.ordered((*codes, code), code.path, before=where.before, after=where.after)
    return codes, code


def change(
    folder: Path | str,
    code: str,
    *,
    coder: str,
    was: Mapping[str, Any] | None = None,
    slug: str = "",
    **values: Any,
) -> Edit:
    """Change what a code's entry says.

    Parameters
    ----------
    folder
        The study.
    code
        Which code.
    coder
        Who edits.
    was
        What the fields held when the one who edits saw them: if another has changed one of them
        meanwhile, nothing is written.
    slug
        Another short name for it, as in `rename`.
    **values
        name, definition, include, exclude, example, near_miss, colour, patterns (a list).

    Raises
    ------
    NotPossibleError
        There is no such code, a field cannot be kept, or another has changed it meanwhile.
    """

    def plan(fresh: Fresh) -> Plan:
        found = scheme.find(fresh.codes, code)
        given = scheme.fields(values)
        _require_unchanged(found, given, was or {})
        fields = [key for key in given if getattr(found, key) != given[key]]
        changed = replace(found, **given)
        codes = tuple(changed if one is found else one for one in fresh.codes)
        said = [key.replace("_", " ") for key in fields]
        done = [f"Changed {', '.join(said)} of {found.path}"] if fields else []
        if slug and slug != scheme.slug_of(found):
            path = scheme.joined(found.parent, scheme.free_slug(codes, slug, found.guid))
            codes = scheme.relocated(codes, found.path, path)
            done.append(f"Renamed {found.path} to {path}")
        return Plan("; ".join(done), codes, (found.guid,))

    return carry_out(folder, coder, plan)


def _require_unchanged(code: Code, given: Mapping[str, Any], was: Mapping[str, Any]) -> None:
    """Refuse to write over what another has written since the one who edits looked."""
    for key, content in was.items():
        seen = tuple(content) if key == "patterns" else content
        if key in given and getattr(code, key) not in (seen, given[key]):
            message = f"{key.replace('_', ' ')} of {code.path!r} has been changed by someone else"
            raise NotPossibleError(f"{message} meanwhile; look at it and change it again")


def rename(folder: Path | str, code: str, slug: str, *, coder: str) -> Edit:
    """Give a code another short name, the last part of its path; codings follow.

    Parameters
    ----------
    folder
        The study.
    code
        Which code.
    slug
        The short name: a-z, 0-9 and hyphens.
    coder
        Who edits.

    Raises
    ------
    NotPossibleError
        Another code has this short name, or had the path and keeps codings under it.
    """

    def plan(fresh: Fresh) -> Plan:
        found = scheme.find(fresh.codes, code)
        path = scheme.joined(found.parent, scheme.free_slug(fresh.codes, slug, found.guid))
        codes = scheme.relocated(fresh.codes, found.path, path)
        return Plan(f"Renamed {found.path} to {path}", codes, (found.guid,))

    return carry_out(folder, coder, plan)


def move(
    folder: Path | str,
    code: str,
    *,
    coder: str,
    parent: str | None = None,
    before: str = "",
    after: str = "",
) -> Edit:
    """Put a code, with all codes below it, elsewhere in the codebook; codings follow.

    Parameters
    ----------
    folder
        The study.
    code
        Which code.
    coder
        Who edits.
    parent
        The code above, empty for the top: it becomes the last one there.
    before, after
        The code that it shall stand beside; the parent is that one's.

    Raises
    ------
    NotPossibleError
        The code would stand below itself, or another code keeps codings under its new path.
    """

    def plan(fresh: Fresh) -> Plan:
        found = scheme.find(fresh.codes, code)
        if parent is None and not before and not after:
            raise NotPossibleError("say where to: give a parent, or the code before or after it")
        where = _place(fresh.codes, parent or "", before, after)
        if found.path in (where.before, where.after):
            raise NotPossibleError(f"{found.path!r} cannot stand beside itself")
        codes = scheme.moved(
            fresh.codes, found, where.parent, before=where.before, after=where.after
        )
        if where.parent == found.parent:
            beside = f"before {where.before}" if where.before else f"after {where.after}"
            done = f"Moved {found.path} {beside if where.before or where.after else 'to the end'}"
        else:
            done = (
                f"Moved {found.path} below {where.parent}"
                if where.parent
                else (f"Moved {found.path} to the top")
            )
        return Plan(done, codes, (found.guid,))

    return carry_out(folder, coder, plan)


def merge(folder: Path | str, code: str, into: str, *, coder: str) -> Edit:
    """Merge one code into another, which takes over its codings, its patterns and codes below it.

    What the entry said stays in the history only.

    Parameters
    ----------
    folder
        The study.
    code
        The code that ends.
    into
        The code that stays.
    coder
        Who edits.

    Raises
    ------
    NotPossibleError
        The second stands below the first, or a proposition would contradict itself.
    """

    def plan(fresh: Fresh) -> Plan:
        found, heir = scheme.find(fresh.codes, code), scheme.find(fresh.codes, into)
        codes = scheme.merged(fresh.codes, found, heir)
        done = f"Merged {found.path} into {heir.path}"
        return Plan(done, codes, (heir.guid,), {found.guid: heir.guid})

    return carry_out(folder, coder, plan)


def split(
    folder: Path | str,
    code: str,
    into: Sequence[Mapping[str, Any]],
    *,
    coder: str,
    below: bool = True,
) -> Edit:
    """Make new codes from one, which stays and keeps its codings until they are recoded.

    Parameters
    ----------
    folder
        The study.
    code
        Which code.
    into
        The new codes: mappings with `name` and whatever else `add` takes.
    coder
        Who edits.
    below
        Whether they stand below the code, or beside it.

    Raises
    ------
    NotPossibleError
        No new code is given, or one cannot be made (see `add`).
    """

    def plan(fresh: Fresh) -> Plan:
        found = scheme.find(fresh.codes, code)
        if not into:
            raise NotPossibleError("a code is split into at least one new code; name it")
        codes, made = fresh.codes, list[Code]()
        for given in into:
            last = made[-1].path if made else found.path
            where = _Where(found.path) if below else _Where(found.parent, after=last)
            codes, new = _with_new(fresh, codes, {"name": "", **given}, where)
            made.append(new)
        named = ", ".join(new.path for new in made)
        done = f"Split {found.path}: {named}"
        return Plan(done, codes, tuple(new.guid for new in made))

    return carry_out(folder, coder, plan)


def delete(folder: Path | str, code: str, *, coder: str) -> Edit:
    """Delete a code, and all codes below it, that nobody uses.

    Parameters
    ----------
    folder
        The study.
    code
        Which code.
    coder
        Who edits.

    Raises
    ------
    NotPossibleError
        Somebody has codings or declined proposals of one of them, or study.toml or
        propositions.yaml names one; merging loses nothing.
    """

    def plan(fresh: Fresh) -> Plan:
        found = scheme.find(fresh.codes, code)
        doomed = scheme.below(fresh.codes, found.path)
        uses.require_unused(fresh.uses, fresh.codes, doomed)
        codes = tuple(one for one in fresh.codes if one not in doomed)
        more = f" with {len(doomed) - 1} below it" if len(doomed) > 1 else ""
        return Plan(f"Deleted {found.path}{more}", codes)

    return carry_out(folder, coder, plan)


def restore(folder: Path | str, version: str, *, coder: str, undoing: str = "") -> Edit:
    """Bring back an earlier version of the codebook, or take one change back.

    Codings made since keep their code: a path that it had meanwhile becomes a former one.

    Parameters
    ----------
    folder
        The study.
    version
        The version, as history.csv and `Edit.before` name it.
    coder
        Who edits.
    undoing
        The version that the change made (`Edit.after`): what was changed later stays.

    Raises
    ------
    NotPossibleError
        There is no such version, a coding would be lost, or lines were changed again since.
    """

    def plan(fresh: Fresh) -> Plan:
        home = fresh.path.parent
        data = history.content(home, version)
        if undoing and not history.version_of(fresh.data).startswith(undoing):
            data = history.without(fresh.data, data, history.content(home, undoing))
        book, problems = parse(fresh.path, data.decode())
        refuse(problems)
        heirs = _heirs(fresh.codes, book.codes)
        codes = _reachable(fresh, book.codes, heirs)
        if codes != book.codes:
            data = rewrite(data, book.codes, codes)
        listed = [one.what for one in history.changes(home) if undoing and one.after == undoing]
        done = f"Took back: {listed[-1]}" if listed else f"Restored version {version}"
        return Plan(done, codes, (), heirs, data)

    return carry_out(folder, coder, plan)


def _heirs(before: Codes, after: Codes) -> dict[str, str]:
    """Return which code takes over from each that a restored version does not have."""
    left = {code.guid for code in after}
    leads = uses.owners(after)
    return {
        code.guid: leads[path]
        for code in before
        if code.guid not in left
        for path in (*code.formerly, code.path)
        if path in leads
    }


def _reachable(fresh: Fresh, codes: Codes, heirs: Mapping[str, str]) -> Codes:
    """Leave to restored codes the paths under which codings were made since."""
    was, will = uses.owners(fresh.codes), uses.owners(codes)
    more: dict[str, list[str]] = {}
    for path in sorted(fresh.uses.mentioned | set(fresh.uses.named)):
        owner = heirs.get(was.get(path, ""), was.get(path, ""))
        if owner and path not in will:
            more.setdefault(owner, []).append(path)
    return tuple(
        replace(code, formerly=(*code.formerly, *more.get(code.guid, ()))) for code in codes
    )


def changes(folder: Path | str) -> list[history.Change]:
    """Return what has been done to a study's codebook, the latest last."""
    return history.changes(path_in(Path(folder)).parent)
