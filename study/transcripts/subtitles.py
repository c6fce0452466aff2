"""Subtitles: .vtt (Zoom, Teams) and .srt.

Cues are read here and not by pysubs2 or webvtt-py: pysubs2 1.8 loses the voice tag's name, takes
cue identifiers for words and drops words in angle brackets.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from study.errors import UnreadableTranscriptError
from study.transcripts import encodings, marks, speakers
from study.transcripts.canonical import RawTurn
from study.transcripts.encodings import Decoded
from study.transcripts.flow import is_remark
from study.transcripts.records import Content, Line
from study.transcripts.roles import UNKNOWN, key

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}|(?:\d{1,3}:)?\d{1,2}:\d{2}"
_TIMES = re.compile(rf"\s*(?P<start>{_CLOCK})\s*-{{1,2}}>\s*(?P<end>{_CLOCK})(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)*\s+(?P<name>[^>]*)>|</v>")
_TAG = re.compile(r"</?(?:c|i|b|u|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<\d[\d:.]*>", re.IGNORECASE)
_SRT_STYLE = re.compile(r"\{\\[^{}]*\}")


_HEADER = re.compile(r"WEBVTT(?:[ \t]+-?\s*(?P<title>.*))?")
_MACHINERY = re.compile(
    r"(?:Kind|Language|X-TIMESTAMP-MAP)\s*[:=].*|NOTE\s*(?:(?:Confidence|recogni[sz]ability|duration"
    r"|language)\b.*)?|(?:STYLE|REGION)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_DASH = re.compile(r"(?:-|\u2013|\u2014|>>+)\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: what it says as lines, who says it if a tag tells, times in seconds."""

    lines: tuple[str, ...]
    start: float | None = None
    end: float | None = None
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The cues of a file, and the paragraphs that stand outside cues."""

    cues: tuple[Cue, ...]
    strays: tuple[str, ...]
    identifiers: int


def read_vtt(path: Path, data: bytes) -> Content:
    """Read WebVTT: voice tags, or names before a colon that hold until the next one."""
    decoded = encodings.decode(path, data)
    parsed = parse(decoded.text)
    cues = [voiced for cue in parsed.cues for voiced in _voiced(cue)]
    return _content(path, parsed, cues, decoded)


def read_srt(path: Path, data: bytes) -> Content:
    """Read SubRip: names before a colon hold until the next one."""
    decoded = encodings.decode(path, data)
    parsed = parse(decoded.text)
    cues = [replace(cue, lines=tuple(map(_plain_srt, cue.lines))) for cue in parsed.cues]
    return _content(path, parsed, cues, decoded)


def parse(text: str) -> Parsed:
    """Split a file at its lines of times; the line above one may be a number or identifier."""
    lines = text.split("\n")
    times = [(i, match) for i, line in enumerate(lines) if (match := _TIMES.fullmatch(line))]
    named = _identifiers(lines, [i for i, _ in times])
    starts = [i - 1 if i - 1 in named else i for i, _ in times] + [len(lines)]
    strays = _paragraphs(lines[: starts[0]])
    cues: list[Cue] = []
    for number, (at, match) in enumerate(times):
        said, *others = _paragraphs(lines[at + 1 : starts[number + 1]]) or [""]
        outside = [one for one in others if _is_block(one)]
        said = "\n".join([said, *(one for one in others if one not in outside)])
        strays += outside
        begin, end = speakers.seconds(match["start"]), speakers.seconds(match["end"])
        cues.append(Cue(tuple(said.split("\n")), begin, end))
    return Parsed(tuple(cues), tuple(strays), len(named))


def _identifiers(lines: Sequence[str], times: Sequence[int]) -> set[int]:
    """Return the lines that number or name the cue below them."""
    found, last = set(), 0
    for at in times:
        above = lines[at - 1].strip() if at else ""
        alone = at < 2 or not lines[at - 2].strip()
        next_number = above.isascii() and above.isdigit() and int(above[:9]) == last + 1
        if above and (alone or next_number) and not _HEADER.fullmatch(above):
            found.add(at - 1)
            last = int(above[:9]) if above.isascii() and above.isdigit() else last
    return found


def _paragraphs(lines: Sequence[str]) -> list[str]:
    text = "\n".join(line.strip() for line in lines)
    return [one.strip("\n") for one in re.split(r"\n\n+", text) if one.strip("\n")]


def _is_block(paragraph: str) -> bool:
    return re.match(r"(?:NOTE|STYLE|REGION)(?:\s|$)", paragraph) is not None


def _voiced(cue: Cue) -> Iterator[Cue]:
    """Split a cue at its voice tags and take out all tags."""
    text, voice, position = "\n".join(cue.lines), "", 0
    for tag in _VOICE.finditer(text):
        yield from _untagged(cue, text[position : tag.start()], voice)
        voice, position = (tag["name"] or "").strip(), tag.end()
    yield from _untagged(cue, text[position:], voice)


def _untagged(cue: Cue, text: str, voice: str) -> Iterator[Cue]:
    plain = html.unescape(_TAG.sub("", text)).replace("\u200e", "").replace("\u200f", "")
    if plain.strip():
        yield replace(cue, lines=tuple(plain.split("\n")), voice=html.unescape(voice))


def _plain_srt(line: str) -> str:
    return _TAG.sub("", _SRT_STYLE.sub("", line))


def _content(path: Path, parsed: Parsed, cues: Sequence[Cue], decoded: Decoded) -> Content:
    if not parsed.cues:
        remedy = "Export them again; each needs a line such as 00:00:01.000 --> 00:00:03.000."
        raise UnreadableTranscriptError(path, "holds no subtitles", remedy)
    notes, dropped = _outside(parsed)
    lead = next((i for i, cue in enumerate(cues) if not _is_remark(cue)), 0)
    notes += tuple(" ".join(cue.lines).strip("[] ") for cue in cues[:lead])
    turns = _turns(cues[lead:])
    said = [decoded.warning] if decoded.warning else []
    unnamed = sum(turn.speaker == UNKNOWN for turn in turns)
    if unnamed > 1:
        said.append(marks.warning(unnamed))
    if not any(turn.speaker for turn in turns):
        said.append(f"no speaker labels found: all is one turn of '{UNKNOWN}'")
    return Content(tuple(turns), notes, decoded.encoding, tuple(said), dropped)


def _is_remark(cue: Cue) -> bool:
    """Tell whether a cue says something about the recording, such as a title in brackets."""
    return not cue.voice and is_remark(Line(" ".join(cue.lines).strip()))


def _outside(parsed: Parsed) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort what stands outside cues into notes and machinery."""
    notes, dropped = [], []
    for stray in parsed.strays:
        lines = stray.split("\n")
        title = _HEADER.fullmatch(lines[0])
        if title:
            dropped.append("WEBVTT")
            lines = [title["title"] or "", *lines[1:]]
        machinery = [line for line in lines if _MACHINERY.fullmatch(line)]
        if _MACHINERY.fullmatch("\n".join(lines)):
            machinery = lines
        rest = "\n".join(line for line in lines if line not in machinery)
        notes.append(re.sub(r"^NOTE\s+", "", rest).strip())
        dropped += filter(None, machinery)
    if parsed.identifiers:
        dropped.append(f"{parsed.identifiers} cue numbers or identifiers")
    return tuple(filter(None, notes)), tuple(dropped)


def _turns(cues: Sequence[Cue]) -> list[RawTurn]:
    """Join cues to turns: a name holds until the next one, a voice tag for its own cue."""
    tagged = any(cue.voice for cue in cues)
    lines = [[_labelled(line) for line in cue.lines if line.strip()] for cue in cues]
    found = [None if tagged else one for cue in lines for _, one in cue]
    labels = speakers.accept(found)
    marked = _are_marked([text for cue in lines for text, _ in cue], bool(labels))
    joined = _Joined()
    for cue, texts in zip(cues, lines, strict=True):
        for text, one in texts:
            bare = marks.unmarked(text) if marked else None
            if tagged:
                joined.add(cue.voice, text, cue)
            elif one and key(one.label) in labels:
                joined.add(one.label, one.text, cue)
            elif bare is not None and (not labels or marks.CHEVRON.match(text)):
                joined.add(UNKNOWN, bare, cue)
            else:
                joined.carry(text, cue)
    return joined.turns()


def _are_marked(lines: Sequence[str], labelled: bool) -> bool:
    """Tell whether dashes or chevrons mark turns, rather than a few broken sentences."""
    chevrons = sum(marks.CHEVRON.match(line) is not None for line in lines)
    dashes = sum(marks.unmarked(line) is not None for line in lines)
    return chevrons > 1 or (not labelled and dashes > 3 and dashes >= 0.1 * len(lines))


def _labelled(line: str) -> tuple[str, speakers.Found | None]:
    text = line.strip()
    dash = _DASH.match(text)
    found = speakers.find(Line(text[dash.end() :] if dash else text))
    return text, found if found and found.kind == "colon" else None


class _Joined:
    """Turns in the making: cues of one speaker in a row, joined by spaces."""

    def __init__(self) -> None:
        self.speaker = ""
        self._found: list[tuple[str, list[str], float | None, float | None]] = []

    def add(self, speaker: str, text: str, cue: Cue) -> None:
        """Add what a speaker says in a cue."""
        if self._found and key(speaker) == key(self.speaker) and speaker != UNKNOWN:
            who, said, start, _ = self._found[-1]
            said.append(text)
            self._found[-1] = (who, said, start, cue.end)
        else:
            self._found.append((speaker, [text], cue.start, cue.end))
        self.speaker = speaker

    def carry(self, text: str, cue: Cue) -> None:
        """Add what whoever spoke last goes on to say."""
        if not self._found:
            self.add("", text, cue)
            return
        who, said, start, _ = self._found[-1]
        said.append(text)
        self._found[-1] = (who, said, start, cue.end)

    def turns(self) -> list[RawTurn]:
        """Return the turns added so far."""
        return [
            RawTurn(who, " ".join(filter(None, said)), start, end)
            for who, said, start, end in self._found
        ]
