r"""The canonical transcript: a plain text whose offsets every coding counts in.

    [Composed for demonstration, not data.]

    Interviewer [00:00:03]: So, how did you come to this work?

    Dana Whitlock [00:00:11]: Um, by accident, mostly.
    A second paragraph of the same turn stands on its own line.

Blocks are separated by one blank line.  A block in square brackets is a note, any other is one
turn.  Only ``\n`` ends a line: other characters that Unicode calls line ends are part of the words.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from study.model import Problem, Role, Selection, Source, Turn
from study.transcripts.roles import UNKNOWN, role

_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_LABEL = re.compile(
    r"(?P<speaker>[^:\[\]\n]*[^:\[\]\s])(?:[ ]\[(?P<stamp>\d{2,}:[0-5]\d:[0-5]\d)\])?:[ \t\n]*"
)
_LOOSE_STAMP = re.compile(r"[^:\[\]\n]*\[[^\]\n]*\]:")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BREAKS_LABEL = str.maketrans({":": "-", "[": "(", "]": ")", "\ufeff": None})


@dataclass(frozen=True, slots=True)
class RawTurn:
    """One turn as a reader found it: no speaker means unlabelled, times are seconds."""

    speaker: str
    text: str
    start_time: float | None = None
    end_time: float | None = None


@dataclass(frozen=True, slots=True)
class RawNote:
    """A remark between turns that nobody said, such as a pause of the recording."""

    text: str


Block = RawTurn | RawNote


def write(turns: Sequence[Block], notes: Sequence[str] = ()) -> str:
    """Return the canonical text of notes and turns.

    `notes` stand at the top; a `RawNote` among the turns stays where it is.  Turns and notes
    without a word are left out.
    """
    blocks: list[Block] = [*map(RawNote, notes), *turns]
    written = [_write_block(block) for block in blocks if words(block.text)]
    return "\n\n".join(written) + "\n" if written else ""


def words(text: str) -> str:
    """Return the text of a turn as it is written: one paragraph a line, no empty lines."""
    if text.isascii() and "\n" not in text and "\r" not in text:
        return text.strip()
    text = _SURROGATES.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


@lru_cache(maxsize=512)
def label(speaker: str) -> str:
    """Return a speaker's name as a label, without the characters that end one."""
    plain = _SURROGATES.sub("\ufffd", speaker).translate(_BREAKS_LABEL)
    return " ".join(plain.split()) or UNKNOWN


def stamp(seconds: float | None) -> str:
    """Return a time as `hh:mm:ss`, rounded down; empty where there is none."""
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return ""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def version(text: str) -> str:
    """Return the version of a text: 12 hexadecimal digits of the SHA-256 of its UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def parse(name: str, text: str, interviewers: Collection[str] = frozenset()) -> Source:
    """Read a canonical text; whatever is no turn (`problems` lists it) is passed over.

    Parameters
    ----------
    name
        The source's name, without suffix.
    text
        The file's text, exactly as on disk.
    interviewers
        Names of those who ask, besides the labels that say so themselves.
    """
    turns = tuple(_turns(name, text, interviewers))
    return Source(name=name, text=text, turns=turns, version=version(text))


def notes(text: str) -> list[str]:
    """Return the notes of a canonical text, without their brackets, in order."""
    blocks = (match.group() for match in _BLOCK.finditer(text))
    return [block[1:-1] for block in blocks if _is_note(block)]


def source(
    name: str, turns: Sequence[Block], notes: Sequence[str], interviewers: Collection[str]
) -> Source:
    """Return turns as a source whose times are kept to the millisecond."""
    parsed = parse(name, write(turns, notes), interviewers)
    raw = [turn for turn in turns if isinstance(turn, RawTurn) and words(turn.text)]
    if all(turn.start_time is None and turn.end_time is None for turn in raw):
        return parsed
    timed = tuple(_with_times(turn, was) for turn, was in zip(parsed.turns, raw, strict=True))
    return replace(parsed, turns=timed)


def read(
    path: Path, interviewers: Collection[str] = frozenset()
) -> tuple[Source | None, list[Problem]]:
    """Read a canonical file; the source is None where the file can't be read as text."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except OSError as error:
        return None, [Problem(path, 0, f"cannot be read: {error.strerror or error}")]
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [Problem(path, line, "is not UTF-8; import the transcript again")]
    return parse(path.stem, text, interviewers), problems(path, text)


def problems(path: Path, text: str) -> list[Problem]:
    """Return whatever keeps a text from being canonical, by line."""
    found = [*_file_problems(text)]
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found += [*_line_problems(plain), *_block_problems(plain)]
    return [Problem(path, line, message) for line, message in sorted(set(found))]


def _write_block(block: Block) -> str:
    text = words(block.text)
    if isinstance(block, RawNote):
        return text if _is_note(text) else f"[{text}]"
    time = stamp(block.start_time)
    return f"{label(block.speaker)}{f' [{time}]' if time else ''}: {text}"


def _turns(name: str, text: str, interviewers: Collection[str]) -> Iterator[Turn]:
    roles: dict[str, Role] = {}
    for block in _BLOCK.finditer(text):
        match = _LABEL.match(text, block.start(), block.end())
        if match and match.end() < block.end():
            speaker = match["speaker"].strip()
            if speaker not in roles:
                roles[speaker] = role(speaker, interviewers)
            place = Selection(name, match.end(), block.end())
            yield Turn(place, speaker, roles[speaker], _seconds(match["stamp"]))


def _seconds(time: str | None) -> float | None:
    if time is None:
        return None
    hours, minutes, seconds = map(int, time.split(":"))
    return float(hours * 3600 + minutes * 60 + seconds)


def _with_times(turn: Turn, raw: RawTurn) -> Turn:
    start, end = _milliseconds(raw.start_time), _milliseconds(raw.end_time)
    return Turn(turn.selection, turn.speaker, turn.role, start, end)


def _milliseconds(seconds: float | None) -> float | None:
    return round(seconds, 3) if seconds is not None and stamp(seconds) else None


def _is_note(block: str) -> bool:
    return len(block) > 1 and block[0] == "[" and block[-1] == "]"


def _file_problems(text: str) -> Iterator[tuple[int, str]]:
    if not text.strip():
        yield 0, "is empty"
        return
    if text.startswith("\ufeff"):
        yield 1, "begins with a byte order mark; save as UTF-8 without it"
    if "\r" in text:
        yield text.count("\n", 0, text.index("\r")) + 1, "line ends in CR; offsets count on LF only"
    if not text.endswith(("\n", "\r")):
        yield text.count("\n") + 1, "last line has no line end"


def _line_problems(text: str) -> Iterator[tuple[int, str]]:
    lines = text.removesuffix("\n").split("\n")
    if not text.strip():
        return
    for number, line in enumerate(lines, start=1):
        if line and not line.strip():
            yield number, "line holds nothing but white space"
        elif not line and number == 1:
            yield 1, "text begins with a blank line"
        elif not line and number == len(lines):
            yield number, "text ends in a blank line"
        elif not line and not lines[number - 2]:
            yield number, "two blank lines where one separates turns"


def _block_problems(text: str) -> Iterator[tuple[int, str]]:
    line, last = 1, 0
    for match in _BLOCK.finditer(text):
        line += text.count("\n", last, match.start())
        last = match.start()
        message = _block_problem(match.group())
        if message and match.group().strip():
            yield line, message


def _block_problem(block: str) -> str:
    found = _LABEL.match(block)
    if found:
        return "" if found.end() < len(block) else "label without words"
    if block.startswith("["):
        return "" if _is_note(block) else "note isn't closed by ']'"
    if _LOOSE_STAMP.match(block):
        return "time isn't written 'Speaker [hh:mm:ss]:'"
    return "block begins without a label ('Speaker: ...')"
