"""Carry out one edit of a codebook: read afresh under a lock, checked, then written whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from study import codings, settings
from study.codebook import history, uses
from study.codebook.layout import UNUSUAL
from study.codebook.reading import FILE, parse, read
from study.codebook.rewriting import rewrite
from study.codebook.scheme import Codes
from study.errors import NotPossibleError
from study.files import locked, refuse, require_name, write_atomic
from study.model import Code


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit did; `before` and `after` are versions, equal where nothing was changed."""

    done: str
    who: str
    before: str
    after: str
    codes: tuple[Code, ...] = ()
    """The codes that it made or changed, as they are now."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """A codebook as it stands on disk while it is locked, and who uses its codes."""

    root: Path
    path: Path
    data: bytes
    codes: Codes
    uses: uses.Uses

    @property
    def taken(self) -> set[str]:
        """Paths that no new code may have."""
        return {*self.uses.mentioned, *uses.owners(self.codes)}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an edit wants: the codes, in order, or the whole file; and what to say of it."""

    done: str
    codes: Codes
    about: tuple[str, ...] = ()
    heirs: Mapping[str, str] = field(default_factory=dict)
    data: bytes | None = None


def carry_out(folder: Path | str, coder: str, plan: Callable[[Fresh], Plan]) -> Edit:
    """Carry out one edit, whole or not at all."""
    root = Path(folder)
    require_name("coder", coder)
    path = path_in(root)
    with locked(path):
        fresh = _fresh(root, path)
        planned = plan(fresh)
        new = _checked(fresh, planned)
        if new != fresh.data:
            _write(fresh, new, coder, planned.done)
    after = {code.guid: code for code in planned.codes}
    touched = tuple(after[guid] for guid in planned.about if guid in after)
    before, made = history.version_of(fresh.data), history.version_of(new)
    done = planned.done if new != fresh.data else "Nothing was changed"
    return Edit(done, coder, before, made, touched)


@contextmanager
def steady(path: Path) -> Iterator[None]:
    """Keep a codebook as it is while codings are made with it; several may do so at once.

    Whoever may not write beside it does without: the codebook is then not theirs to wait for.
    """
    if os.access(path.parent, os.W_OK):
        with locked(path, shared=True):
            yield
    else:
        yield


def path_in(root: Path) -> Path:
    """Return the codebook of a study.

    Raises
    ------
    NotPossibleError
        The study has none.
    """
    options, problems = settings.read(root)
    refuse(problems)
    path = root / "codebooks" / options.codebook / FILE
    if not path.is_file():
        raise NotPossibleError(f"{path} is missing: the codebook of the study")
    return path


def _fresh(root: Path, path: Path) -> Fresh:
    book, problems = read(path)
    refuse(problems)
    return Fresh(root, path, path.read_bytes(), book.codes, uses.read(root))


def _checked(fresh: Fresh, planned: Plan) -> bytes:
    """Return what is to be written, having read it back."""
    new = planned.data
    if new is None:
        if planned.codes == fresh.codes:
            return fresh.data
        uses.require_kept(fresh.uses, fresh.codes, planned.codes, planned.heirs)
        new = rewrite(fresh.data, fresh.codes, planned.codes)
    else:
        uses.require_found(fresh.uses, fresh.codes, planned.codes, planned.heirs)
    book, problems = parse(fresh.path, new.decode())
    wrong = [problem.message for problem in problems if problem.severity == "error"]
    if wrong:
        raise NotPossibleError(f"the codebook would be wrong: {'; '.join(wrong[:3])}")
    if book.codes != planned.codes:
        raise NotPossibleError(UNUSUAL)
    return new


def _write(fresh: Fresh, new: bytes, coder: str, what: str) -> None:
    moment, home = codings.now(), fresh.path.parent
    for data in (fresh.data, new):
        history.keep(home, data, moment)
    versions = history.version_of(fresh.data), history.version_of(new)
    change = history.Change(moment.isoformat(), coder, what, *versions)
    with history.recorded(home, change):
        write_atomic(fresh.path, new)
