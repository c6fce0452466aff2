"""A study's folder, read as a whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from glob import escape
from pathlib import Path

from study import (
    cases,
    checks,
    claims,
    codebook,
    codings,
    imports,
    memos,
    settings,
    topicnames,
    transcripts,
)
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

REVISIONS = Path("interviews") / "revisions"
"""Where the texts of transcripts are kept that have been corrected since they were coded."""


def load(
    root: Path | str = ".", until: dt.datetime | None = None, *, codebook: str = ""
) -> Project:
    """Load a study; every table and figure is derived from what this returns.

    Parameters
    ----------
    root
        The study's folder: the one that holds study.toml.
    until
        The moment at which the codings are to stand (in UTC, if it names no time zone): how far
        was the coding in May?  A transcript that has been corrected since is shown as it was
        coded then, if its text was kept.  Codebook, participants and settings are the present
        ones, memos are left out, and so is who had taken on a transcript without coding anything
        in it: no file says when that was.
    codebook
        Another codebook of the study than study.toml names: its folder in codebooks/.

    Raises
    ------
    InvalidStudyError
        Something in the files would make an analysis wrong; `check` lists everything.
    NotPossibleError
        The folder is no study, or has no such codebook.
    """
    project, problems = read(Path(root), until, codebook)
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
    problems += topicnames.read(codebook_folder(root, found.settings) / topicnames.FILE)[1]
    return sorted({_relative(problem, root) for problem in problems})


def _relative(problem: Problem, root: Path) -> Problem:
    inside = problem.path.is_relative_to(root)
    return replace(problem, path=problem.path.relative_to(root)) if inside else problem


def codebook_folder(root: Path, options: Settings) -> Path:
    """Return the folder of the codebook that study.toml names."""
    return root / "codebooks" / options.codebook


def codebooks(root: Path) -> list[str]:
    """Return the names of the codebooks that a study has."""
    return sorted(path.parent.name for path in root.glob(f"codebooks/*/{codebook.FILE}"))


def _with_codebook(root: Path, options: Settings, name: str) -> Settings:
    """Return the settings for another codebook, which has not the codes that the map names."""
    if name == options.codebook:
        return options
    known = codebooks(root)
    if name not in known:
        message = f"no codebook {name!r} in codebooks/; there are: {', '.join(known) or 'none'}"
        raise NotPossibleError(message)
    return replace(options, codebook=name, practices=(), spectrum="")


def require_study(root: Path) -> Path:
    """Return the folder if it is a study's; say how to make one if not."""
    if not (root / settings.FILE).is_file():
        message = f"{root} is no study: it has no {settings.FILE}; `study init {root}` makes one"
        raise NotPossibleError(message)
    return root


def read(
    root: Path, until: dt.datetime | None = None, another: str = ""
) -> tuple[Project, list[Problem]]:
    """Read all of a study's files; return what could be read, and all problems.

    Withdrawn participants, their transcripts, codings and memos are left out of the project.
    """
    options, problems = settings.read(require_study(root))
    if another:
        options = _with_codebook(root, options, another)
    people, more = cases.read(root / "interviews" / cases.FILE)
    problems += more
    removed, more = _removed(root)
    problems += more
    people = tuple(
        replace(case, values={**case.values, "consent": "withdrawn"})
        if case.name in removed
        else case
        for case in people
    )
    withdrawn = {case.source for case in people if case.consent == "withdrawn"} | removed
    sources, more = _sources(root / "interviews", options, withdrawn)
    problems += more
    folder = codebook_folder(root, options)
    book, more = _codebook(folder)
    problems += more
    propositions, more = claims.read(folder / claims.FILE)
    problems += more
    made, assigned, more = _codings(folder / "codings", withdrawn, until)
    problems += more
    notes, more = memos.read(folder, withdrawn) if until is None else ([], [])
    problems += more
    present = renaming(book)
    project = Project(
        root=root,
        settings=_mapped(options, present),
        sources=tuple(sources if until is None else _as_coded(sources, made, root)),
        cases=tuple(case for case in people if case.consent != "withdrawn"),
        codebook=book,
        codings=tuple(renamed(made, present)),
        propositions=tuple(_conditions(claim, present) for claim in propositions),
        assigned=assigned,
        memos=tuple(notes),
    )
    wrong = {problem.path.name for problem in problems if problem.severity == "error"}
    empty = {cases.FILE: not people, codebook.FILE: not book.codes}
    failed = {name for name in wrong if empty.get(name)}
    return project, problems + checks.run(project, failed)


def _removed(root: Path) -> tuple[set[str], list[Problem]]:
    """Return who had all that is theirs removed, and what has come back since."""
    records, problems = cases.withdrawals(root / "interviews" / cases.WITHDRAWN)
    removed = {name for name, row in records.items() if row["how"] != cases.SEALED}
    message = (
        "belongs to a participant who withdrew (interviews/withdrawn.csv) and is not read; delete "
        "it, or give a new participant another id"
    )
    for name in sorted(removed):
        paths = [root / "interviews" / f"{name}.txt"]
        paths += sorted(root.glob(f"codebooks/*/codings/*/{escape(name)}.csv"))
        paths += sorted(root.glob(f"codebooks/*/memos/*/transcript-{escape(name)}.md"))
        problems += [Problem(path, 0, message, "warning") for path in paths if path.exists()]
    return removed, problems


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
    folder: Path, withdrawn: set[str], until: dt.datetime | None
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
        taken = set()
        for path in logs:
            found, begun, more = _log(path, until)
            made += found
            problems += more
            taken |= {path.stem} if begun else set()
        assigned[coder.name] = frozenset(taken)
    return made, assigned, problems


def _log(path: Path, until: dt.datetime | None) -> tuple[list[Coding], bool, list[Problem]]:
    """Return the codings of a log, and whether it had been begun."""
    if until is None:
        found, problems = codings.read(path)
        return found, path.stat().st_size > 0, problems
    moment = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    entries, problems = codings.read_entries(path)
    found, more = codings.replay(entries, moment)
    return found, any(one.coding.created <= moment for one in entries), problems + more


def _as_coded(sources: Sequence[Source], made: Sequence[Coding], root: Path) -> list[Source]:
    """Return the transcripts in the versions that codings of an earlier time were made on."""
    used: dict[str, set[str]] = {}
    for one in made:
        used.setdefault(one.selection.source, set()).add(one.source_version)
    return [_earlier(source, used.get(source.name, set()), root) for source in sources]


def _earlier(source: Source, used: set[str], root: Path) -> Source:
    """Return a transcript's kept text if all codings are on that one version."""
    (version,) = used if len(used) == 1 else ("",)
    path = root / REVISIONS / f"{source.name}.{version}.txt"
    if version in ("", source.version) or not path.exists():
        return source
    askers = {turn.speaker for turn in source.turns if turn.role == "interviewer"}
    kept, _ = transcripts.read(path, askers)
    return transcripts.parse(source.name, kept.text, askers) if kept else source


def _inside(folder: Path) -> tuple[list[Path], list[Problem]]:
    """Return what a folder holds, but for hidden files; a folder need not be there."""
    try:
        entries = sorted(folder.iterdir())
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [Problem(folder, 0, f"cannot be read: {error.strerror}")]
    return [path for path in entries if not path.name.startswith(".")], []


def renaming(book: Codebook) -> Callable[[str], str]:
    """Return a function from a code's path, present or former, to its present one."""
    current = {code.path for code in book}
    former = {old: code.path for code in book for old in code.formerly if old not in current}
    return lambda path: former.get(path, path)


def renamed(made: Sequence[Coding], present: Callable[[str], str]) -> list[Coding]:
    """Give codings made under a former path their code's present one.

    Where two codes became one, a passage that had both from the same coder has it once.
    """
    if all(present(one.code) == one.code for one in made):
        return list(made)
    seen = {(one.coder, one.selection, one.code) for one in made if present(one.code) == one.code}
    kept = []
    for coding in made:
        path = present(coding.code)
        key = (coding.coder, coding.selection, path)
        if path == coding.code or key not in seen:
            kept.append(coding if path == coding.code else replace(coding, code=path))
            seen.add(key)
    return kept


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
