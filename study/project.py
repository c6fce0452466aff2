"""A study's folder, read as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from study import cases, checks, claims, codebook, codings, imports, settings, transcripts
from study.errors import InvalidStudyError, NotPossibleError
from study.files import names_in
from study.model import Codebook, Coding, Problem, Project, Settings, Source


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
    _, problems = read(root)
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
    project = Project(
        root=root,
        settings=options,
        sources=tuple(sources),
        cases=tuple(case for case in people if case.consent != "withdrawn"),
        codebook=book,
        codings=tuple(_renamed(made, book)),
        propositions=propositions,
        assigned=assigned,
    )
    return project, problems + checks.run(project)


def _sources(
    folder: Path, options: Settings, withdrawn: set[str]
) -> tuple[list[Source], list[Problem]]:
    records, problems = imports.read(folder / imports.FILE)
    sources = []
    for path in names_in(folder, ".txt"):
        if path.stem in withdrawn:
            continue
        askers = {*options.interviewers, *imports.interviewers(records.get(path.stem))}
        source, more = transcripts.read(path, askers)
        problems += more
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
    problems: list[Problem] = []
    coders = sorted(path for path in folder.glob("*") if path.is_dir()) if folder.is_dir() else []
    for coder in coders:
        files = [path for path in names_in(coder, ".csv") if path.stem not in withdrawn]
        assigned[coder.name] = frozenset(path.stem for path in files)
        for path in files:
            found, more = codings.read(path)
            made += found
            problems += more
    return made, assigned, problems


def _renamed(made: Sequence[Coding], book: Codebook) -> list[Coding]:
    """Give codings made under a former path their code's present one."""
    present = {former: code.path for code in book for former in code.formerly}
    current = {code.path for code in book}
    return [
        replace(coding, code=present[coding.code])
        if coding.code in present and coding.code not in current
        else coding
        for coding in made
    ]
