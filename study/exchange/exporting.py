"""A study, or its codebook, for colleagues with another program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from study import imports, project, refi
from study.cases import PRIVATE
from study.errors import NotPossibleError
from study.exchange import sheets
from study.model import Case, Codebook, Project
from study.refi import recordings
from study.refi.writing import LOG, without
from study.wording import many


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, in sentences; `notes` are what the one who sends it should know."""

    path: Path
    done: tuple[str, ...]
    notes: tuple[str, ...] = ()


def export_project(
    folder: Path | str,
    path: Path | str,
    *,
    quotable: bool = False,
    private: bool = False,
    memos: bool = True,
    received: bool = False,
    media: Path | str | None = None,
) -> Exported:
    """Write a study as a REFI-QDA project (.qdpx), which most programs for such data read.

    Parameters
    ----------
    folder
        The study.
    path
        The file to write.
    quotable
        Leave out participants who do not allow to be quoted.
    private
        Put columns of participants.csv in that could identify people.
    memos
        Put in what coders noted on transcripts and codes.
    received
        Put the documents in as they were received, beside the plain texts.
    media
        A folder with recordings, each named like its transcript: they are put in with the times
        of turns.

    Raises
    ------
    InvalidStudyError
        The study has problems that an export would hand on.
    NotPossibleError
        The file's name does not end in .qdpx.
    """
    target = _target(path, ".qdpx")
    study = project.load(folder)
    notes = list(_said_of_consent(study, quotable))
    if quotable:
        study = without(study, _not_quotable(study))
    study, said = _without_private(study, private)
    notes += said
    if study.memos and memos:
        writers = ", ".join(sorted({memo.author for memo in study.memos}))
        notes.append(f"the memos of {writers} are in it; --no-memos leaves them out")
    study = study if memos else replace(study, memos=())
    documents, more = _received(study) if received else ({}, [])
    notes += more
    found, more = _recordings(study, media)
    notes += [*more, *_twins(study.codebook)]
    if documents:
        notes.append(_RICH)
    refi.write(study, target, received=documents, media=found)
    return Exported(target, _counts(study, target, len(documents), len(found)), (*notes, LOG))


_RICH = (
    "documents as received are in it: a program that shows them instead of the plain text may "
    "place codings wrongly, so look at one transcript there first"
)


def _target(path: Path | str, *suffixes: str) -> Path:
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        listed = " or ".join(filter(None, (", ".join(suffixes[:-1]), suffixes[-1])))
        raise NotPossibleError(f"{target}: the name of such a file ends in {listed}")
    return target


def _counts(study: Project, target: Path, documents: int, media: int) -> tuple[str, ...]:
    coders = {coding.coder for coding in study.codings} | set(study.assigned)
    parts = [
        many(len(study.sources), "transcript"),
        many(len(study.codebook.codes), "code"),
        f"{many(len(study.codings), 'coding')} of {many(len(coders), 'coder')}",
        many(len(study.memos), "memo"),
        *([many(documents, "document as received", "documents as received")] if documents else []),
        *([many(media, "recording")] if media else []),
    ]
    return (f"wrote {target}: {', '.join(parts)}",)


def _not_quotable(study: Project) -> set[str]:
    """Return the transcripts whose participants nobody may quote."""
    allowed = {case.source for case in study.cases if case.consent == "quote"}
    return {source.name for source in study.sources} - allowed


def _said_of_consent(study: Project, quotable: bool) -> Iterator[str]:
    closed = sorted(_not_quotable(study))
    if closed and quotable:
        yield f"left out, for they may not be quoted: {', '.join(closed)}"
    elif closed:
        who = many(len(closed), "participant")
        yield (
            f"the words of {who} who may not be quoted are in it, for "
            f"colleagues to analyse ({', '.join(closed)}); --quotable-only leaves them out"
        )


def _without_private(study: Project, private: bool) -> tuple[Project, list[str]]:
    columns = list(study.cases[0].values) if study.cases else []
    found = [column for column in columns if PRIVATE.fullmatch(column)]
    if not found:
        return study, []
    if private:
        return study, [f"columns that could identify people are in it: {', '.join(found)}"]
    said = f"columns that could identify people were left out: {', '.join(found)}"
    kept = tuple(_less(case, found) for case in study.cases)
    return replace(study, cases=kept), [f"{said} (--private puts them in)"]


def _less(case: Case, columns: Sequence[str]) -> Case:
    values = {key: value for key, value in case.values.items() if key not in columns}
    return replace(case, values=values)


def _received(study: Project) -> tuple[dict[str, Path], list[str]]:
    """Return the documents that transcripts were made of, as far as the standard takes them."""
    folder = study.root / "interviews"
    records, _ = imports.read(folder / imports.FILE)
    names = {source.name for source in study.sources} & records.keys()
    paths = {name: folder / "received" / records[name].received for name in sorted(names)}
    found = {name: path for name, path in paths.items() if path.is_file()}
    other = [path.name for path in found.values() if path.suffix.lower() != ".docx"]
    notes = [f"not put in, for REFI-QDA takes .docx only: {', '.join(other)}"] if other else []
    return {name: path for name, path in found.items() if path.name not in other}, notes


def _recordings(study: Project, media: Path | str | None) -> tuple[Mapping[str, Path], list[str]]:
    """Find each transcript's recording by its name; say which have none, or no times."""
    if media is None:
        return {}, []
    if not Path(media).is_dir():
        raise NotPossibleError(f"{media} is no folder; --recordings names the one that has them")
    kinds = (*recordings.AUDIO, *recordings.VIDEO)
    files = [path for path in sorted(Path(media).iterdir()) if path.suffix.lower() in kinds]
    by_name = {path.stem.casefold(): path for path in files}
    found = {
        source.name: by_name[source.name.casefold()]
        for source in study.sources
        if source.name.casefold() in by_name
    }
    timed = {s.name for s in study.sources if any(turn.start_time is not None for turn in s.turns)}
    untimed = sorted(found.keys() - timed)
    notes = [f"no recording in {media} is named like a transcript"] if not found else []
    notes += [f"these transcripts have no times: {', '.join(untimed)}"] if untimed else []
    return found, notes


def _twins(book: Codebook) -> Iterator[str]:
    counts = Counter(code.name.casefold() for code in book)
    twice = sorted({code.name for code in book if counts[code.name.casefold()] > 1})
    if twice:
        yield (
            f"several codes share the name {', '.join(map(repr, twice[:5]))}: QualCoder keeps only "
            "the first of a name; rename them if it is to read this file"
        )


def export_codebook(folder: Path | str, path: Path | str) -> Exported:
    """Write a study's codebook, in the form that the file's suffix names.

    .qdc is the exchange format for codebooks; .csv is Taguette's; .xlsx and .docx are tables for a
    team to discuss and change, which `take_in` reads back.

    Raises
    ------
    InvalidStudyError
        The study has problems.
    NotPossibleError
        The file's suffix is none of these, or the codebook has no codes.
    """
    target = _target(path, ".qdc", ".csv", ".xlsx", ".docx")
    study = project.load(folder)
    book, title = study.codebook, study.settings.title
    if not book.codes:
        raise NotPossibleError("the codebook has no codes, so there is nothing to write")
    notes: tuple[str, ...] = ()
    if target.suffix.lower() == ".qdc":
        refi.write_codebook(book, target)
    elif target.suffix.lower() == ".csv":
        sheets.write_tags(book, target)
    else:
        words = sheets.write_workbook if target.suffix.lower() == ".xlsx" else sheets.write_document
        words(book, target, title)
        notes = (_DISCUSSED,)
    return Exported(target, (f"wrote {target}: {many(len(book.codes), 'code')}",), notes)


_DISCUSSED = (
    "`study import` takes the changed table in again and shows each change; leave the last column "
    "as it is; patterns and colours are not in the table and stay"
)


def export_codings(
    folder: Path | str,
    path: Path | str,
    *,
    quotable: bool = False,
    private: bool = False,
    memos: bool = True,
) -> Exported:
    """Write a study's codings as a plain table, or all of the study as tables in one database.

    Parameters
    ----------
    folder
        The study.
    path
        The file: .csv or .parquet for the codings of all coders with their words, .sqlite for
        these with turns, participants, codes, transcripts, who worked on what, and `contents`.
    quotable
        Leave out participants who do not allow to be quoted.
    private
        Put columns of participants.csv in that could identify people.
    memos
        Put in what coders noted on their codings.

    Raises
    ------
    InvalidStudyError
        The study has problems that an export would hand on.
    NotPossibleError
        The file's suffix is none of these.
    MissingExtraError
        .parquet needs a package more.
    """
    from study.exchange import snapshot

    target = _target(path, ".csv", ".sqlite", ".parquet")
    study = project.load(folder)
    notes = list(_said_of_consent(study, quotable))
    if quotable:
        study = without(study, _not_quotable(study))
    if target.suffix.lower() == ".sqlite":
        study, said = _without_private(study, private)
        found = snapshot.all_tables(study, memos=memos)
        snapshot.write_sqlite(found, target)
        counts = ", ".join(f"{len(one.rows)} {one.name}" for one in found[:-1])
        return Exported(target, (f"wrote {target}: {counts}",), (*notes, *said))
    table = snapshot.codings(study, memos=memos)
    write = snapshot.write_csv if target.suffix.lower() == ".csv" else snapshot.write_parquet
    write(table, target)
    return Exported(target, (f"wrote {target}: {many(len(table.rows), 'coding')}",), tuple(notes))
