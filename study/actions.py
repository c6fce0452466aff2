"""What changes a study's files: begin one, mend its lists, add a coding.

Each action writes whole files or whole rows, and says what it did in what it returns.
"""

from __future__ import annotations

import importlib.resources
import re
import uuid
from dataclasses import replace
from pathlib import Path

from study import codebook, codings, project
from study.codings import Entry
from study.errors import NotPossibleError
from study.files import restore_csv, suggest, write_atomic
from study.model import STANCES, Coding, Project, Selection, Source, Stance


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
                write_atomic(target, _identified(path))
                made.append(target)
    return made


def _identified(path: Path) -> bytes:
    """Return a file of the template; study.toml with an id that no other study has."""
    data = path.read_bytes()
    if path.name == "study.toml":
        data = data.replace(b'id = ""', f'id = "{uuid.uuid4()}"'.encode(), 1)
    return data


def mend(folder: Path | str = ".") -> list[Path]:
    """Restore CSV files that a spreadsheet program has rewritten; return those that changed."""
    root = project.require_study(Path(folder))
    logs = sorted(root.glob("codebooks/*/codings/*/*.csv"))
    lists = sorted([*root.glob("interviews/*.csv"), *root.glob("codebooks/*/*.csv")])
    restored = [path for path in lists if restore_csv(path)]
    return restored + [path for path in logs if codings.restore(path)]


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
    home = project.codebook_folder(study.root, study.settings)
    log = codings.path_of(home / "codings", coder, source)
    with codebook.steady(home / codebook.FILE):
        book, _ = codebook.read(home / codebook.FILE)
        if path not in book:
            raise NotPossibleError(f"code {path!r} has been taken away meanwhile; try again")
        codings.append(log, [Entry("add", coding)], project.renaming(book))
    return coding


def remove(folder: Path | str, identity: str, *, coder: str, memo: str = "") -> Coding:
    """Take one coding back; the log keeps that it was made, and that it was taken back.

    Parameters
    ----------
    folder
        The study.
    identity
        The coding's id, as `add` returned it and codings.csv lists it; its beginning will do.
    coder
        Whose coding it is.
    memo
        Why.

    Raises
    ------
    NotPossibleError
        This coder has no such coding, or several whose ids begin so.
    """
    study, _ = project.read(Path(folder))
    fitting = [one for one in study.codings if one.coder == coder and one.id.startswith(identity)]
    if not identity or len(fitting) != 1:
        raise NotPossibleError(f"{coder} has {len(fitting)} codings whose id begins {identity!r}")
    (coding,) = fitting
    if coding.place is None:
        raise NotPossibleError(f"coding {coding.id} stands in no log")
    renamed = project.renaming(study.codebook)
    alike = codings.Log(coding.place.path).alike(coding.selection, coding.code, renamed)
    ended = (replace(one, created=codings.now(), memo=memo) for one in alike)
    codings.append(coding.place.path, [Entry("remove", one) for one in ended], renamed)
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
    found = [one for one in dict.fromkeys(found) if source.is_said(one)]
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
