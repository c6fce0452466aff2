"""What changes a study's files: begin one, take in transcripts, add a coding.

Each action writes whole files or whole rows, and says what it did in what it returns.
"""

from __future__ import annotations

import glob
import importlib.resources
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from study import cases, codings, imports, project, settings, transcripts
from study.codings import Entry
from study.errors import NotPossibleError, StudyError, UnreadableTranscriptError
from study.files import restore_csv, sha256, suggest, write_atomic
from study.model import STANCES, Coding, Project, Selection, Source, Stance
from study.transcripts import Received
from study.transcripts.pseudonyms import relabel

# Consent that import writes for a new participant: counted, never quoted, until somebody says so.
CAUTIOUS = "analyse only"


def init(folder: Path | str) -> list[Path]:
    """Make the folder of a new study; return the files made, none of which was there before.

    Raises
    ------
    NotPossibleError
        The folder already holds a study.
    """
    root = Path(folder)
    if (root / "study.toml").exists():
        raise NotPossibleError(f"{root} already holds a study: it has a study.toml")
    template = importlib.resources.files("study") / "template"
    made = []
    with importlib.resources.as_file(template) as source:
        for path in sorted(source.rglob("*")):
            # Hidden files are stored as dot.name, so that packaging tools do not obey or skip them.
            name = re.sub(r"^dot(?=\.)", "", path.name)
            target = (root / path.relative_to(source)).with_name(name)
            if path.is_file() and not target.exists():
                write_atomic(target, path.read_bytes())
                made.append(target)
    return made


def mend(folder: Path | str = ".") -> list[Path]:
    """Restore CSV files that a spreadsheet program has rewritten; return those that changed."""
    root = project.require_study(Path(folder))
    files = [*root.glob("interviews/*.csv"), *root.glob("codebooks/*/codings/*/*.csv")]
    return [path for path in sorted(files) if restore_csv(path)]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one received file: `received` is None where it could not be read."""

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
    found: dict[Path, None] = {}
    for given in map(Path, paths):
        if given.is_dir():
            inside: Iterable[Path] = sorted(path for path in given.iterdir() if path.is_file())
            inside = (path for path in inside if not path.name.startswith("."))
        elif not given.exists() and glob.has_magic(str(given)):
            inside = map(Path, sorted(glob.glob(str(given)))) or [given]
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
) -> Iterator[Imported]:
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
    """
    root = project.require_study(Path(folder))
    files = expand(paths)
    if name and len(files) != 1:
        raise NotPossibleError(f"--as names one transcript, but {len(files)} files were given")
    for path in files:
        target = name or _name_of(path)
        try:
            received = _received(root, path, target, interviewers)
            if pseudonymise:
                received = relabel(received, target)
            outcome = _place(root, path, received, replace=replace, dry_run=dry_run)
            yield Imported(path, target, outcome, received)
        except UnreadableTranscriptError as error:
            yield Imported(path, target, f"{error.reason}. {error.remedy}")
        except StudyError as error:
            yield Imported(path, target, str(error))


def _received(root: Path, path: Path, name: str, interviewers: Sequence[str]) -> Received:
    """Read one file; a guess gives way to who was named before, in study.toml or at an import."""
    received = transcripts.receive(path, name=name, interviewers=interviewers)
    if interviewers or received.decided == "label":
        return received
    before = imports.read(root / "interviews" / imports.FILE)[0].get(name)
    named = imports.interviewers(before) if before and before.decided == "given" else ()
    speakers = {turn.speaker for turn in received.source.turns}
    known = [one for one in (*named, *settings.read(root)[0].interviewers) if one in speakers]
    return transcripts.receive(path, name=name, interviewers=known) if known else received


def _name_of(path: Path) -> str:
    """Return a file's name without suffix, as a name that files and tables can carry."""
    return re.sub(r"[^\w.-]+", "-", path.stem.strip()).strip("-.") or "transcript"


def _place(root: Path, path: Path, received: Received, *, replace: bool, dry_run: bool) -> str:
    """Write one transcript, its origin and its participant; say what was done."""
    source = received.source
    target = root / "interviews" / f"{source.name}.txt"
    before = target.read_bytes() if target.exists() else None
    if before is not None and before != source.text.encode():
        _require_replaceable(root, source.name, replace=replace)
    if dry_run:
        return "would be unchanged" if before == source.text.encode() else "would be imported"
    data = path.read_bytes()
    kept = root / "interviews" / "received" / path.name
    if kept.resolve() != path.resolve():
        write_atomic(kept, data)
    write_atomic(target, source.text)
    _record(root, kept.name, sha256(data), received)
    added = _enrol(root, source.name)
    done = "unchanged" if before == source.text.encode() else "imported"
    return f"{done}; participant {source.name} added, consent {CAUTIOUS!r}" if added else done


def _require_replaceable(root: Path, name: str, *, replace: bool) -> None:
    logs = sorted(root.glob(f"codebooks/*/codings/*/{name}.csv"))
    if logs:
        coders = ", ".join(sorted({log.parent.name for log in logs}))
        message = f"interviews/{name}.txt has other words and has been coded by {coders}"
        raise NotPossibleError(f"{message}; give this file another name with --as")
    if not replace:
        message = f"interviews/{name}.txt is there with other words"
        raise NotPossibleError(f"{message}; use --replace, or another name with --as")


def _record(root: Path, kept: str, digest: str, received: Received) -> None:
    path = root / "interviews" / imports.FILE
    records, _ = imports.read(path)
    records[received.source.name] = imports.Import(
        source=received.source.name,
        received=kept,
        sha256=digest,
        format=received.format,
        encoding=received.encoding,
        interviewer="; ".join(received.interviewer),
        decided=received.decided,
    )
    imports.write(path, records)


def _enrol(root: Path, name: str) -> bool:
    path = root / "interviews" / cases.FILE
    if not path.exists():
        write_atomic(path, ",".join((*cases.REQUIRED[:1], "group", *cases.REQUIRED[1:])) + "\n")
    known, _ = cases.read(path)
    if any(case.source == name for case in known):
        return False
    cases.add(path, {"id": name, "transcript": f"{name}.txt", "consent": CAUTIOUS})
    return True


def add(
    folder: Path | str,
    source: str,
    code: str,
    *,
    coder: str,
    quote: str = "",
    line: int = 0,
    stance: Stance = "",
    memo: str = "",
) -> Coding:
    """Add one coding; it is on disk when this returns.

    Parameters
    ----------
    folder
        The study.
    source
        Name of the transcript.
    code
        Dotted path of the code, or its last part where that is enough.
    coder
        Who decides; their log is written.
    quote
        The passage's words, as they stand in the transcript (quotation marks, dashes and spacing
        may differ); `first words ... last words` will do for a long one.
    line
        Line of the transcript: the passage is its whole turn, or is looked for there only.
    stance
        positive, mixed, negative or neutral; empty where none is given.
    memo
        The coder's note.

    Raises
    ------
    NotPossibleError
        No such transcript, code, stance or passage, the passage is ambiguous, or the coder has
        already given it this code.
    """
    study, _ = project.read(Path(folder))
    where = _known_source(study, source)
    path = _known_code(study, code)
    if stance and stance not in STANCES:
        raise NotPossibleError(f"stance {stance!r} is none of {', '.join(STANCES)}")
    selection = passage(where, quote, line)
    _require_new(study, coder, selection, path)
    coding = Coding(
        id=codings.new_id(),
        selection=selection,
        code=path,
        coder=coder,
        created=codings.now(),
        source_version=where.version,
        stance=stance,
        memo=memo,
    )
    folder = project.codebook_folder(study.root, study.settings) / "codings"
    codings.append(codings.path_of(folder, coder, source), [Entry("add", coding)])
    return coding


def _known_source(study: Project, name: str) -> Source:
    names = [source.name for source in study.sources]
    if name not in names:
        hint = suggest(name, names) or f"; there are: {', '.join(names)}"
        raise NotPossibleError(f"there is no transcript {name!r}{hint}")
    return study.source(name)


def _known_code(study: Project, given: str) -> str:
    paths = [code.path for code in study.codebook]
    fitting = [path for path in paths if path == given or path.endswith("." + given)]
    if len(fitting) != 1:
        raise NotPossibleError(f"code {given!r} is not in the codebook{suggest(given, paths)}")
    return fitting[0]


def _require_new(study: Project, coder: str, selection: Selection, code: str) -> None:
    for other in study.codings:
        if (other.coder, other.selection, other.code) == (coder, selection, code):
            where = other.place.line if other.place else 0
            raise NotPossibleError(f"{coder} has given this passage {code!r} before (line {where})")


# Typographic variants that a copied quotation often changes; one character for one, so that
# offsets in the plain text are offsets in the transcript.
PLAIN = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u2011\u00a0", "''\"\"--- ")
ELISION = re.compile(r"\s+(?:\.\.\.|\u2026|>>)\s+")


def passage(source: Source, quote: str = "", line: int = 0) -> Selection:
    """Find a passage of a transcript by its words, its line, or both.

    Raises
    ------
    NotPossibleError
        Nothing, or more than one passage, fits.
    """
    begin, end = _span_of_line(source, line) if line else (0, len(source.text))
    if not quote.strip():
        if not line:
            raise NotPossibleError("a coding needs a passage: give its words, its line or both")
        return Selection(source.name, begin, end)
    found = [
        Selection(source.name, begin + match.start(), begin + match.end())
        for pattern in _patterns(quote)
        for match in pattern.finditer(source.text[begin:end].translate(PLAIN))
    ]
    found = list(dict.fromkeys(found))
    where = f"line {line} of {source.name}" if line else source.name
    if not found:
        raise NotPossibleError(f"{where} does not hold the words {_short(quote)!r}")
    if len(found) > 1:
        lines = ", ".join(str(source.line_of(one.start)) for one in found[:5])
        message = f"{where} holds {_short(quote)!r} {len(found)} times (lines {lines})"
        raise NotPossibleError(f"{message}; name one line, or give more words")
    return found[0]


def _patterns(quote: str) -> list[re.Pattern[str]]:
    """Return how a quotation may stand in the text: as given, else with its middle left out."""
    first, *rest = ELISION.split(quote.strip().translate(PLAIN))
    if not rest:
        return [_words(first)]
    middle = r"(?:(?!\n\n)[\s\S])*?"  # never beyond the turn
    elided = middle.join(_words(part).pattern for part in (first, *rest))
    return [re.compile(elided)]


def _words(text: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(re.escape(word) for word in text.split()))


def _span_of_line(source: Source, line: int) -> tuple[int, int]:
    """Return the words of the turn that stands on a line."""
    lines = source.text.split("\n")
    if not 1 <= line <= len(lines):
        raise NotPossibleError(f"{source.name} has {len(lines) - 1} lines, none has number {line}")
    begin = sum(len(text) + 1 for text in lines[: line - 1])
    for turn in source.turns:
        if turn.selection.start < begin + len(lines[line - 1]) and begin < turn.selection.end:
            return turn.selection.start, turn.selection.end
    raise NotPossibleError(f"line {line} of {source.name} holds no one's words")


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
