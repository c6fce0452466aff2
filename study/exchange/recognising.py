"""What kind of file this is, by what it holds: names of files are often wrong."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from study.errors import NotPossibleError
from study.exchange import database, qualcoder, taguette

Kind = Literal["", "project", "codes", "qualcoder", "taguette", "tags", "highlights", "codebook"]
"""REFI-QDA project and codebook; QualCoder's and Taguette's projects; Taguette's lists of tags and
of highlights; a codebook in a table.  Empty: none of these, so perhaps a transcript."""

SUFFIXES = (".qdpx", ".qde", ".qdc", ".qda", ".sqlite3", ".sqlite", ".db")
"""What is never a transcript."""

TABLES = (".csv", ".tsv", ".xlsx", ".docx")
"""What may be a transcript, or a table of another kind."""


def kind_of(path: Path) -> Kind:
    """Return what a file holds.

    Raises
    ------
    NotPossibleError
        It is a database of no program known here, or a damaged one.
    """
    suffix = path.suffix.lower()
    if path.is_dir():
        held = path / qualcoder.FILE
        return _of_database(held) if held.is_file() else ""
    if suffix == ".qdc":
        return "codes"
    if suffix in (".qdpx", ".qde"):
        return "project"
    if suffix in SUFFIXES or database.is_database(path):
        return _of_database(path)
    if suffix in TABLES and path.is_file():
        _refuse_codings(path)
        from study.exchange import grids

        return grids.kind_of(path)
    return ""


def _refuse_codings(path: Path) -> None:
    """Refuse what `study export --codings` wrote: as a transcript, each coding would be a turn."""
    with path.open("rb") as file:
        head = file.readline(2000).decode("utf-8", "replace").lstrip("\ufeff").strip()
    if {"id", "transcript", "code", "coder", "quotation"} <= set(head.split(",")):
        message = f"{path}: is a table of codings for analysis; it is not taken in again"
        raise NotPossibleError(f"{message}: exchange studies as .qdpx")


def _of_database(path: Path) -> Kind:
    if not path.is_file():
        raise NotPossibleError(f"{path}: there is no such file")
    if not database.is_database(path):
        raise NotPossibleError(
            f"{path}: is no database, though its suffix says so; export it again"
        )
    with database.opened(path) as found:
        if found.has(*qualcoder.TABLES):
            return "qualcoder"
        if found.has(*taguette.TABLES):
            return "taguette"
        if "contents" in found.tables and found.has("codings", "turns"):
            message = f"{path}: is a snapshot for analysis; it is not taken in again"
            raise NotPossibleError(f"{message}: exchange studies as .qdpx")
    message = f"{path}: is a database of neither QualCoder nor Taguette"
    raise NotPossibleError(f"{message}; export the project there as REFI-QDA (.qdpx)")


def is_exchange(paths: Iterable[str]) -> bool:
    """Tell whether one of several files is of another program rather than a transcript.

    Tables are opened only where one is named by itself: among many files they are transcripts.
    """
    listed = [Path(one) for one in paths]
    if any(one.suffix.lower() in SUFFIXES for one in listed):
        return True
    return len(listed) == 1 and kind_of(listed[0]) != ""
