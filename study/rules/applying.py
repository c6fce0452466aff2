"""Rules written to the log of the coder `rules`: only what changed since the last time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from study import codings, project
from study.codings import Entry
from study.errors import InvalidStudyError, NotPossibleError
from study.model import Coding, Project
from study.rules.finding import Found, find, known, with_patterns

RULES = "rules"
"""The coder in whose name rules code."""
ENDED = "no rule finds this any more"


@dataclass(frozen=True, slots=True)
class Applied:
    """What `apply` did, or would do.

    `study` is the study with the codings of `rules` as they now stand, `codes` the codes that
    were looked for; `added`, `removed` and `kept` are codings.
    """

    study: Project
    codes: tuple[str, ...]
    added: tuple[Coding, ...]
    removed: tuple[Coding, ...]
    kept: tuple[Coding, ...]

    def by_code(self) -> list[tuple[str, int, int, int]]:
        """Return, code by code, how many passages rules code now, and how many came and went."""
        now, new, gone = (
            Counter(one.code for one in some)
            for some in ((*self.kept, *self.added), self.added, self.removed)
        )
        others = sorted(gone.keys() - set(self.codes))
        return [(code, now[code], new[code], gone[code]) for code in (*self.codes, *others)]


def apply(folder: Path | str, codes: Collection[str] = (), *, dry_run: bool = False) -> Applied:
    """Apply the codebook's patterns to all transcripts.

    What the log of `rules` says already stays, with its id; what no rule says any more is taken
    back.  A transcript in which nothing is found gets an empty log: rules have gone through it.
    Withdrawn participants are left out, and their logs as they are.

    Parameters
    ----------
    folder
        The study.
    codes
        Only these codes, by path or its last part; none: all that have patterns.
    dry_run
        Say what would be done, and write nothing.

    Raises
    ------
    InvalidStudyError
        The study's files have errors, other than in the log of `rules`.
    NotPossibleError
        No code has patterns, or a code that was asked for has none.
    """
    root = Path(folder)
    study = _readable(root)
    chosen = known(study, codes) if codes else with_patterns(study)
    if not chosen and RULES not in study.assigned:
        message = "no code has patterns; write some under a code in codebook.yaml"
        raise NotPossibleError(f"{message}, such as\n    patterns:\n      - ~partner")
    changes = [*_changes(study, find(study, chosen), None if not codes else chosen)]
    if not dry_run:
        for change in changes:
            change.write(project.renaming(study.codebook))
    added, removed, kept = (
        tuple(one for change in changes for one in getattr(change, kind))
        for kind in ("added", "removed", "kept")
    )
    return Applied(_with(study, (*kept, *added)), tuple(chosen), added, removed, kept)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to become of one log."""

    path: Path
    added: tuple[Coding, ...]
    removed: tuple[Coding, ...]
    kept: tuple[Coding, ...]

    def write(self, renamed: Callable[[str], str]) -> None:
        """Write what changes; a log that nothing was found for is begun all the same."""
        ended = (replace(one, created=codings.now(), memo=ENDED) for one in self.removed)
        rows = [
            *(Entry("remove", one) for one in ended),
            *(Entry("add", one) for one in self.added),
        ]
        if rows or not self.path.exists():
            codings.append(self.path, rows, renamed)


def _changes(
    study: Project, found: Mapping[str, Sequence[Found]], only: Collection[str] | None
) -> Iterator[_Change]:
    """Yield what is to become of each log, where only some codes are looked for of these alone."""
    folder = project.codebook_folder(study.root, study.settings) / "codings"
    renamed = project.renaming(study.codebook)
    gone = {one.selection.source for one in study.codings if one.coder == RULES} - set(found)
    for source in [*found, *sorted(gone)]:
        path = codings.path_of(folder, RULES, source)
        wanted = {_key(one): one for one in _proposed(study, source, found.get(source, ()))}
        removed, kept = [], []
        for one in codings.read(path)[0] if path.exists() else ():
            present = replace(one, code=renamed(one.code))
            if wanted.pop(_key(present), None):
                kept.append(present)
            elif only is None or present.code in only:
                removed.append(one)
            else:
                kept.append(present)
        yield _Change(path, tuple(wanted.values()), tuple(removed), tuple(kept))


def _key(coding: Coding) -> tuple[object, ...]:
    """Return what makes two codings of rules the same."""
    return coding.selection, coding.code, coding.memo, coding.source_version


def _proposed(study: Project, source: str, found: Sequence[Found]) -> Iterator[Coding]:
    for one in found:
        yield Coding(
            id=codings.new_id(),
            selection=one.selection,
            code=one.code,
            coder=RULES,
            created=codings.now(),
            source_version=study.source(source).version,
            memo=one.fired,
        )


def _readable(root: Path) -> Project:
    """Read a study; what is wrong in the log of rules alone is put right, not complained about."""
    study, problems = project.read(root)
    own = project.codebook_folder(study.root, study.settings) / "codings" / RULES
    errors = [
        one for one in problems if one.severity == "error" and not one.path.is_relative_to(own)
    ]
    if errors:
        raise InvalidStudyError(errors)
    return study


def _with(study: Project, standing: Sequence[Coding]) -> Project:
    """Return the study with these codings as the work of rules."""
    others = tuple(one for one in study.codings if one.coder != RULES)
    names = frozenset(source.name for source in study.sources)
    here = tuple(one for one in standing if one.selection.source in names)
    assigned = {**study.assigned, RULES: names}
    return replace(study, codings=others + here, assigned=assigned)
