"""Received transcripts become canonical ones."""

from __future__ import annotations

import glob
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from study import codings, project
from study.errors import NotPossibleError, StudyError, UnreadableTranscriptError
from study.files import in_name, require_name, write_atomic
from study.intake.origin import CAUTIOUS, Known, Ledger, Request, enrolled, keep, record
from study.transcripts import Received


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one received file: `received` is None where it was left out."""

    path: Path
    name: str
    outcome: str
    received: Received | None = None

    @property
    def failed(self) -> bool:
        """Tell whether the file was left out."""
        return self.received is None


def expand(paths: Iterable[Path | str]) -> list[Path]:
    """Return the files that paths, folders and patterns stand for, each once, in order."""
    paths = list(paths)
    found: dict[Path, None] = {}
    if not all(map(str, paths)):
        raise NotPossibleError("an empty path was given; name a file, a folder or a pattern")
    for given in map(Path, paths):
        if given.is_dir():
            inside: Iterable[Path] = sorted(path for path in given.iterdir() if path.is_file())
            inside = (path for path in inside if not path.name.startswith((".", "~$")))
        elif not given.exists() and glob.has_magic(str(given)):
            inside = [Path(path) for path in sorted(glob.glob(str(given)))] or [given]
        else:
            inside = [given]
        found.update(dict.fromkeys(inside))
    return list(found)


def import_transcripts(
    folder: Path | str,
    paths: Sequence[Path | str],
    *,
    name: str = "",
    interviewers: Sequence[str] = (),
    pseudonymise: bool = False,
    replace: bool = False,
    dry_run: bool = False,
    jobs: int = 1,
    report: Callable[[Imported], None] | None = None,
) -> list[Imported]:
    """Read received files, one after the other, into canonical transcripts of a study.

    The received file is kept in `interviews/received/`, where the transcript came from is noted in
    imports.csv, and a participant row is added with the consent `analyse only`, which nobody is
    quoted under until it is changed.  A file that cannot be read stops none of the others.

    Parameters
    ----------
    folder
        The study.
    paths
        Files, folders or patterns such as `*.docx`.
    name
        Name of the transcript, for a single file; otherwise the file's name without suffix.
    interviewers
        Labels of those who ask the questions, where the transcript does not say so.
    pseudonymise
        Write the transcript's name for the participant's label; names within the words stay.
    replace
        Overwrite a transcript that has other words; only one without codings.
    dry_run
        Read and report only.
    jobs
        Processes that read at the same time.
    report
        Called with each file's result as soon as it is there.

    Returns
    -------
    list of Imported
        One for each file, in order.

    Raises
    ------
    NotPossibleError
        The folder is no study, or `name` was given for several files or is no plain name.
    InvalidStudyError
        participants.csv or imports.csv is there and cannot be read whole.
    """
    root = project.require_study(Path(folder))
    files = expand(paths)
    if name and len(files) != 1:
        raise NotPossibleError(f"--as names one transcript, but {len(files)} files were given")
    if name:
        require_name("transcript", name)
    known = Known.of(root)
    requests = [
        Request(path, one, tuple(interviewers), known.interviewers(one), pseudonymise)
        for path in files
        for one in (name or name_of(path),)
    ]
    place = _Place(root, Ledger(root), enrolled(root), {}, replace=replace, dry_run=dry_run)
    place.ledger.require_sound()
    done = []
    try:
        with _mapper(jobs) as read:
            for request, result in zip(requests, read(_attempt, requests), strict=True):
                done.append(place.put(request, result))
                if report:
                    report(done[-1])
    finally:
        place.ledger.write()
    return done


Result = Received | str
Map = Callable[[Callable[[Request], Result], list[Request]], Iterator[Result]]


@contextmanager
def _mapper(jobs: int) -> Iterator[Map]:
    """Give the built-in `map`, or one over several processes."""
    if jobs <= 1:
        yield map
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield lambda function, items: pool.map(function, items, chunksize=4)


def _attempt(request: Request) -> Result:
    """Read one file; return why not, where that is impossible."""
    try:
        return request.read()
    except UnreadableTranscriptError as error:
        return f"{error.reason}. {error.remedy}"
    except StudyError as error:
        return str(error)


def name_of(path: Path) -> str:
    """Return a file's name without suffix, as a name that files and tables can carry."""
    # macOS writes accents apart from their letters, which would tear words at them.
    stem = unicodedata.normalize("NFC", path.stem.strip())
    letters = (letter if in_name(letter) else " " for letter in stem)
    return "-".join("".join(letters).split()).strip("-.")[:100] or "transcript"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where transcripts go, and what may be overwritten."""

    root: Path
    ledger: Ledger
    enrolled: set[str]
    written: dict[str, bytes]
    replace: bool
    dry_run: bool

    def put(self, request: Request, result: Result) -> Imported:
        """Write one transcript, its origin and its participant; say what was done."""
        if isinstance(result, str):
            return Imported(request.path, request.name, result)
        try:
            return Imported(request.path, request.name, self._put(request, result), result)
        except NotPossibleError as error:
            return Imported(request.path, request.name, str(error))

    def _put(self, request: Request, received: Received) -> str:
        name, text = request.name, received.source.text
        target = self.root / "interviews" / f"{name}.txt"
        before = self.written.get(name, target.read_bytes() if target.exists() else None)
        same = before == text.encode()
        if before is not None and not same:
            self._require_replaceable(name, received.source.version)
        self.written[name] = text.encode()
        if self.dry_run:
            return "would be unchanged" if same else "would be imported"
        kept = keep(self.root, request.path, name)
        if not same:
            write_atomic(target, text)
        self.ledger.records[name] = record(kept, received)
        done = "unchanged" if same else "imported"
        if name in self.enrolled:
            return done
        self.enrolled.add(name)
        return f"{done}; participant {name} added, consent {CAUTIOUS!r}"

    def _require_replaceable(self, name: str, version: str) -> None:
        logs = sorted(self.root.glob(f"codebooks/*/codings/*/{glob.escape(name)}.csv"))
        made = [one for log in logs for one in codings.read(log)[0]]
        if made and all(one.source_version == version for one in made):
            return  # the very text that was coded: the one on disk has been damaged
        if logs:
            coders = ", ".join(sorted({log.parent.name for log in logs}))
            message = f"interviews/{name}.txt has other words and has been coded by {coders}"
            remedy = "`study revise` takes the codings along, --as gives this file another name"
            raise NotPossibleError(f"{message}; {remedy}")
        if not self.replace:
            message = f"interviews/{name}.txt is there with other words"
            raise NotPossibleError(f"{message}; use --replace, or another name with --as")
