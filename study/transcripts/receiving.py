"""From a file as received to a source: pick the reader, merge turns, decide who interviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from study.errors import UnreadableTranscriptError
from study.model import Source
from study.transcripts import (
    canonical,
    opendocument,
    pdf,
    plain,
    recognised,
    richtext,
    sniff,
    speakers,
    spreadsheet,
    subtitles,
    word,
)
from study.transcripts.canonical import Block, RawTurn
from study.transcripts.records import Content, Format
from study.transcripts.roles import decide, is_unknown, key, short_forms

FORMATS: dict[str, Format] = {
    ".docx": Format("Word document", word.read),
    ".odt": Format("OpenDocument text", opendocument.read),
    ".rtf": Format("rich text", richtext.read),
    ".pdf": Format("PDF", pdf.read),
    ".txt": Format("plain text", plain.read_text),
    ".md": Format("Markdown", plain.read_markdown),
    ".vtt": Format("WebVTT subtitles", subtitles.read_vtt),
    ".srt": Format("SubRip subtitles", subtitles.read_srt),
    ".xlsx": Format("workbook", spreadsheet.read_workbook),
    ".csv": Format("comma-separated table", spreadsheet.read_separated),
    ".tsv": Format("tab-separated table", spreadsheet.read_separated),
    ".json": Format("JSON of a recognition service", recognised.read),
}
_MANY = 50
"""Speakers beyond which nobody compares names."""


@dataclass(frozen=True, slots=True)
class Received:
    """One transcript as read: the source, and what the researcher should know about the reading.

    `decided` says how the interviewer was found: from a label or the transcript's header, as
    given, by a guess, or not at all.  `dropped` lists what was not kept because nobody said it.
    """

    source: Source
    format: str
    encoding: str
    interviewer: tuple[str, ...]
    decided: Literal["label", "given", "guess", ""]
    warnings: tuple[str, ...]
    dropped: tuple[str, ...]


def receive(
    path: Path | str, *, name: str | None = None, interviewers: Collection[str] = ()
) -> Received:
    """Read a transcript of any known format.

    Parameters
    ----------
    path
        The file as received.
    name
        Name of the source; the file's name without suffix where none is given.
    interviewers
        Names of those who interview, as the transcript's labels write them.

    Raises
    ------
    UnreadableTranscriptError
        Where the file can't be read as a transcript, whatever the cause.
    """
    path = Path(path)
    form, content = _content(path)
    blocks = merged(content.blocks)
    talk = [(canonical.label(b.speaker), b.text) for b in blocks if isinstance(b, RawTurn)]
    decision = decide(talk, interviewers, content.named)
    source = canonical.source(name or path.stem, blocks, content.notes, decision.interviewers)
    return Received(
        source=source,
        format=form.name,
        encoding=content.encoding,
        interviewer=decision.interviewers,
        decided=decision.decided,
        warnings=(*content.warnings, *decision.warnings, *_alike(talk)),
        dropped=content.dropped,
    )


def read_transcript(
    path: Path | str, *, name: str | None = None, interviewers: Collection[str] = ()
) -> Source:
    """Read a transcript of any known format; like `receive`, but return the source only."""
    return receive(path, name=name, interviewers=interviewers).source


def merged(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with neighbouring turns of one speaker as one turn.

    Labels that differ in case or spacing only are written in their commonest form.
    """
    spelling = _spelling(blocks)
    result: list[Block] = []
    texts: list[str] = []
    for block in blocks:
        if not canonical.words(block.text):
            continue
        if isinstance(block, RawTurn) and block.speaker != spelling[key(block.speaker)]:
            block = replace(block, speaker=spelling[key(block.speaker)])
        last = result[-1] if result else None
        if _go_together(last, block):
            texts.append(block.text)
            result[-1] = _ending_as(result[-1], block)
            continue
        _settle(result, texts)
        result.append(block)
        texts = [block.text]
    _settle(result, texts)
    return result


def _go_together(above: Block | None, below: Block) -> bool:
    """Tell whether two turns are one; those of unknown speakers may be of different people."""
    if not isinstance(above, RawTurn) or not isinstance(below, RawTurn):
        return False
    named = not below.speaker or not is_unknown(below.speaker)
    return above.speaker == below.speaker and named


def _ending_as(above: Block, below: Block) -> Block:
    if isinstance(above, RawTurn) and isinstance(below, RawTurn) and below.end_time is not None:
        return replace(above, end_time=below.end_time)
    return above


def _alike(talk: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Warn of labels that may be two names of one person; nobody is renamed."""
    names = [name for name in dict.fromkeys(who for who, _ in talk) if not speakers.is_role(name)]
    pairs = [
        f"{short} and {long}"
        for short in names
        for long in names
        if len(names) < _MANY and short != long and key(short) in short_forms(key(long))
    ]
    said = f"may be one person each, and are left as two: {', '.join(pairs)}"
    return (said,) if pairs else ()


def _settle(result: list[Block], texts: Sequence[str]) -> None:
    if len(texts) > 1:
        result[-1] = replace(result[-1], text="\n".join(texts))


def _spelling(blocks: Sequence[Block]) -> dict[str, str]:
    labels = Counter(block.speaker for block in blocks if isinstance(block, RawTurn))
    spelling: dict[str, str] = {}
    for speaker, _ in labels.most_common():
        spelling.setdefault(key(speaker), speaker)
    return spelling


def _content(path: Path) -> tuple[Format, Content]:
    suffix = path.suffix.lower()
    form = FORMATS.get(suffix)
    data = sniff.load(path)
    if form is None:
        known = ", ".join(FORMATS)
        reason = f"is of a kind that cannot be read ({suffix or 'no suffix'})"
        raise UnreadableTranscriptError(path, reason, f"Save it as one of {known}.")
    sniff.check(path, data)
    content = form.reader(path, data)
    if not any(isinstance(b, RawTurn) and canonical.words(b.text) for b in content.blocks):
        remedy = "Ask for the transcript again."
        raise UnreadableTranscriptError(path, "holds no talk", remedy)
    return form, content
