"""A study's folder, read as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from study import cases, checks, claims, codebook, codings, imports, settings, transcripts
from study.errors import InvalidStudyError, NotPossibleError
from study.model import (
    Codebook,
    Coding,
    Evidence,
    Problem,
    Project,
    Proposition,
    Settings,
    Source,
)


def load(root: Path | str = ".") -> Project:
    """Load a study; every table and figure is derived from what this returns.

    Parameters
    ----------
    root
        The study's folder: the one that holds study.toml.

    Raises
    ------
    InvalidStudyError
        Something in the files would make an analysis wrong; `check` lists everything.
    NotPossibleError
        The folder is no study.
    """
    project, problems = read(Path(root))
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InvalidStudyError(errors)
    return project


def check(root: Path | str = ".") -> list[Problem]:
    """Return everything that is wrong in a study's files, by file and line; never half of it.

    Paths are relative to the study's folder.  NotPossibleError if the folder is no study.
    """
    root = Path(root)
    found, problems = read(root)
    problems += checks.transcripts_are_different(found)
    return sorted({_relative(problem, root) for problem in problems})


def _relative(problem: Problem, root: Path) -> Problem:
    inside = problem.path.is_relative_to(root)
    return replace(problem, path=problem.path.relative_to(root)) if inside else problem


def codebook_folder(root: Path, options: Settings) -> Path:
    """Return the folder of the codebook that study.toml names."""
    return root / "codebooks" / options.codebook


def require_study(root: Path) -> Path:
    """Return the folder if it is a study's; say how to make one if not."""
    if not (root / settings.FILE).is_file():
        message = f"{root} is no study: it has no {settings.FILE}; `study init {root}` makes one"
        raise NotPossibleError(message)
    return root


def read(root: Path) -> tuple[Project, list[Problem]]:
    """Read all of a study's files; return what could be read, and all problems.

    Withdrawn participants, their transcripts and codings are left out of the project.
    """
    options, problems = settings.read(require_study(root))
    people, more = cases.read(root / "interviews" / cases.FILE)
    problems += more
    withdrawn = {case.source for case in people if case.consent == "withdrawn"}
    sources, more = _sources(root / "interviews", options, withdrawn)
    problems += more
    folder = codebook_folder(root, options)
    book, more = _codebook(folder)
    problems += more
    propositions, more = claims.read(folder / claims.FILE)
    problems += more
    made, assigned, more = _codings(folder / "codings", withdrawn)
    problems += more
    present = _present(book)
    project = Project(
        root=root,
        settings=_mapped(options, present),
        sources=tuple(sources),
        cases=tuple(case for case in people if case.consent != "withdrawn"),
        codebook=book,
        codings=tuple(_renamed(made, present)),
        propositions=tuple(_conditions(claim, present) for claim in propositions),
        assigned=assigned,
    )
    wrong = {problem.path.name for problem in problems if problem.severity == "error"}
    empty = {cases.FILE: not people, codebook.FILE: not book.codes}
    failed = {name for name in wrong if empty.get(name)}
    return project, problems + checks.run(project, failed)


def _sources(
    folder: Path, options: Settings, withdrawn: set[str]
) -> tuple[list[Source], list[Problem]]:
    files, problems = _inside(folder)
    records, more = imports.read(folder / imports.FILE) if files else ({}, [])
    problems += more
    sources = []
    for path in (path for path in files if path.suffix.lower() == ".txt"):
        if path.suffix != ".txt":
            problems.append(Problem(path, 0, "is not read: its suffix must be .txt", "warning"))
            continue
        if path.stem in withdrawn:
            continue
        askers = {*options.interviewers, *imports.interviewers(records.get(path.stem))}
        source, wrong = transcripts.read(path, askers)
        problems += wrong
        if source is not None:
            sources.append(source)
    return sources, problems


def _codebook(folder: Path) -> tuple[Codebook, list[Problem]]:
    path = folder / codebook.FILE
    if not path.exists():
        return Codebook(folder.name, "0"), [
            Problem(path, 0, "is missing: the codebook of the study")
        ]
    return codebook.read(path)


def _codings(
    folder: Path, withdrawn: set[str]
) -> tuple[list[Coding], dict[str, frozenset[str]], list[Problem]]:
    made: list[Coding] = []
    assigned: dict[str, frozenset[str]] = {}
    coders, problems = _inside(folder)
    for coder in coders:
        if not coder.is_dir():
            message = "is in no coder's folder and is not read"
            problems.append(Problem(coder, 0, message, "warning"))
            continue
        files, more = _inside(coder)
        problems += more
        logs = [path for path in files if path.suffix == ".csv" and path.stem not in withdrawn]
        assigned[coder.name] = frozenset(path.stem for path in logs if path.stat().st_size)
        for path in logs:
            found, more = codings.read(path)
            made += found
            problems += more
    return made, assigned, problems


def _inside(folder: Path) -> tuple[list[Path], list[Problem]]:
    """Return what a folder holds, but for hidden files; a folder need not be there."""
    try:
        entries = sorted(folder.iterdir())
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [Problem(folder, 0, f"cannot be read: {error.strerror}")]
    return [path for path in entries if not path.name.startswith(".")], []


def _present(book: Codebook) -> Callable[[str], str]:
    """Return a function from a code's path, present or former, to its present one."""
    current = {code.path for code in book}
    former = {old: code.path for code in book for old in code.formerly if old not in current}
    return lambda path: former.get(path, path)


def _renamed(made: Sequence[Coding], present: Callable[[str], str]) -> list[Coding]:
    """Give codings made under a former path their code's present one.

    Where two codes became one, a passage that had both from the same coder has it once.
    """
    seen = {(one.coder, one.selection, one.code) for one in made if present(one.code) == one.code}
    renamed = []
    for coding in made:
        path = present(coding.code)
        key = (coding.coder, coding.selection, path)
        if path == coding.code or key not in seen:
            renamed.append(replace(coding, code=path))
            seen.add(key)
    return renamed


def _conditions(claim: Proposition, present: Callable[[str], str]) -> Proposition:
    """Give the conditions of a proposition the present paths of their codes."""

    def renamed(conditions: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(replace(one, code=present(one.code)) for one in conditions)

    return replace(
        claim,
        supports=renamed(claim.supports),
        mixed=renamed(claim.mixed),
        contradicts=renamed(claim.contradicts),
    )


def _mapped(options: Settings, present: Callable[[str], str]) -> Settings:
    """Give the codes that study.toml names their present paths."""
    practices = tuple(present(path) for path in options.practices)
    return replace(options, practices=practices, spectrum=present(options.spectrum))
