"""A file from another program, taken into a study: a new one, or one that is there already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from study import project, refi, settings
from study.errors import NotPossibleError
from study.exchange import codebooks, founding
from study.exchange.joining import Joining
from study.exchange.outcome import Taken, shown
from study.model import Settings

SUFFIXES = (".qdpx", ".qde", ".qdc")
"""What is taken in here; every other file is a transcript."""


def take_in(
    folder: Path | str,
    path: Path | str,
    *,
    interviewers: Sequence[str] = (),
    replace: bool = False,
    dry_run: bool = False,
) -> Taken:
    """Take a REFI-QDA project (.qdpx) or codebook (.qdc) in.

    In a folder that is not there, or is empty, a new study begins.  In a study, new codes, new
    transcripts and the codings and memos of all coders in the file are added to what is there;
    transcripts are told by their words.  Nothing there is taken away, what a coder has taken back
    stays so, and participants who withdrew stay out.

    Parameters
    ----------
    folder
        The study, or the folder of a new one.
    path
        The file.
    interviewers
        Labels of those who ask the questions, where the file does not say so.
    replace
        Give codes that both have the texts of the file; otherwise theirs are named only.
    dry_run
        Say what would happen; write nothing.

    Raises
    ------
    NotPossibleError
        The file cannot be read, or the folder holds something else.
    InvalidStudyError
        The study has problems that an import would bury.
    """
    root, file = Path(folder), Path(path)
    if file.suffix.lower() not in SUFFIXES:
        raise NotPossibleError(f"{file}: is none of {', '.join(SUFFIXES)}")
    if not file.is_file():
        raise NotPossibleError(f"{file}: there is no such file")
    there = (root / settings.FILE).is_file()
    if not there:
        founding.require_empty(root)
    if file.suffix.lower() == ".qdc":
        return _codebook(root, file, there, replace=replace, dry_run=dry_run)
    present = project.load(root) if there else None
    found = refi.receive(file, present.sources if present else (), interviewers)
    return Joining(root, file, found, present, replace=replace, dry_run=dry_run).join()


def _codebook(root: Path, file: Path, there: bool, *, replace: bool, dry_run: bool) -> Taken:
    """Take a codebook in."""
    book, problems = refi.read_codebook(file)
    if not book.codes:
        raise NotPossibleError(f"{file}: holds no codes")
    notes = shown(problems)
    verb = "would be" if dry_run else "were"
    if not there:
        if not dry_run:
            founding.found(root, Settings(), book)
        done = f"{len(book.codes)} codes {verb} taken from {file.name} into a new study in {root}"
        return Taken(file, (done,), tuple(notes))
    if dry_run:
        met = codebooks.meet(project.load(root).codebook.codes, book, take=replace)
    else:
        met = codebooks.take(root, book, file.name, replace=replace)
    return Taken(file, (met.said(verb),), (*notes, *met.notes()))
