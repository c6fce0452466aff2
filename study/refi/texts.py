"""Texts of other programs as canonical transcripts: no character lost, selections taken along.

A transcript here is one turn a block, `Speaker: words`.  Other programs code any text.  Labels are
found as in every import; lines above the first one become notes; a text without speakers is one
turn a paragraph of an unknown speaker.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from study import transcripts
from study.transcripts import canonical, roles, speakers
from study.transcripts.records import Line
from study.transcripts.roles import UNKNOWN
from study.transcripts.speakers import Found

_LONGEST_LEAD = 200
"""Words above the first label beyond which a text is about something else than the talk in it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the old text and where it went; a label may have changed its length."""

    old: int
    old_end: int
    new: int
    new_end: int
    label: bool = False


@dataclass(slots=True)
class Moved:
    """A text, and how to find the places of another one in it.

    Without pieces both are the same text.  `asked` and `decided` say who interviews, and by what
    that was told; `notes` what a person should know.
    """

    text: str
    pieces: list[Piece] | None = None
    asked: tuple[str, ...] = ()
    decided: str = ""
    notes: list[str] = field(default_factory=list)

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a selection stands in the text; None where it held white space only.

        A selection that begins in a speaker's label and goes on begins with the words.
        """
        if self.pieces is None:
            return (start, end)
        first = bisect_right(self.pieces, start, key=lambda piece: piece.old_end)
        last = bisect_left(self.pieces, end, key=lambda piece: piece.old) - 1
        if first > last:
            return None
        here, there = self.pieces[first], self.pieces[last]
        if here.label and first < last:
            here = self.pieces[first + 1]
        begin = here.new + (0 if here.label else max(0, start - here.old))
        stop = there.new_end - (0 if there.label else max(0, there.old_end - end))
        return (begin, stop) if begin < stop else None


def same_words(received: str, text: str) -> Moved | None:
    """Match a received text with one that differs in white space only; None where it does not."""
    if received == text:
        return Moved(text)
    if "".join(received.split()) != "".join(text.split()):
        return None
    old, new = _runs(received), _runs(text)
    return Moved(text, list(_paired(old, new)))


def _runs(text: str) -> list[tuple[int, int]]:
    """Return start and end of each run of characters that are no white space."""
    runs: list[tuple[int, int]] = []
    here = 0
    for word in text.split():
        start = text.index(word, here)
        here = start + len(word)
        runs.append((start, here))
    return runs


def _paired(old: list[tuple[int, int]], new: list[tuple[int, int]]) -> Iterator[Piece]:
    """Yield the stretches that two texts share; white space may stand at other places."""
    i = j = a = b = 0
    while i < len(old) and j < len(new):
        start, other = old[i][0] + a, new[j][0] + b
        length = min(old[i][1] - start, new[j][1] - other)
        yield Piece(start, start + length, other, other + length)
        a, b = a + length, b + length
        if old[i][0] + a == old[i][1]:
            i, a = i + 1, 0
        if new[j][0] + b == new[j][1]:
            j, b = j + 1, 0


def canonise(text: str, times: Mapping[int, float], named: Sequence[str] = ()) -> Moved:
    """Make a text with LF line ends a canonical one, or keep it as it is if it is one already.

    Parameters
    ----------
    text
        The text as another program has it.
    times
        Seconds from the start of a recording, by position in the text.
    named
        Labels of those who ask, as a person gave them.
    """
    lines = list(_lines(text))
    found = _believed(lines)
    if _stands(text, lines, found):
        return _with_askers(Moved(text), _talk(text), named)
    built = _Builder(times)
    if any(found):
        _labelled(built, lines, found)
    else:
        _unlabelled(built, lines)
    return _with_askers(built.done(), built.talk, named)


def is_canonical(text: str) -> bool:
    """Tell whether a text can be a transcript as it is."""
    return not canonical.problems(Path(), text)


def _stands(text: str, lines: Sequence[_Line], found: Sequence[Found | None]) -> bool:
    """Tell whether a text is canonical and no speaker is hidden inside another's turn."""
    hidden = any(one and not line.above for line, one in zip(lines, found, strict=True))
    return not hidden and is_canonical(text)


def _talk(text: str) -> list[tuple[str, str]]:
    turns = transcripts.parse("", text).turns
    return [(turn.speaker, text[turn.selection.start : turn.selection.end]) for turn in turns]


def _with_askers(moved: Moved, talk: Sequence[tuple[str, str]], named: Sequence[str]) -> Moved:
    decision = roles.decide(talk, named)
    moved.asked, moved.decided = decision.interviewers, decision.decided
    moved.notes += decision.warnings
    return moved


@dataclass(frozen=True, slots=True)
class _Line:
    """One line with words: where these begin, and whether an empty line stands above or below."""

    at: int
    text: str
    above: bool
    below: bool


def _lines(text: str) -> Iterator[_Line]:
    rows = text.split("\n")
    here, above = 0, True
    for number, row in enumerate(rows):
        words = row.strip()
        if words:
            below = number + 1 == len(rows) or not rows[number + 1].strip()
            yield _Line(here + row.index(words), words, above, below)
        above = not words
        here += len(row) + 1


def _believed(lines: Sequence[_Line]) -> list[Found | None]:
    """Return the labels of speakers; keys of a list, and talk quoted in an article, have none."""
    found = speakers.believe([speakers.find(Line(one.text, gap=one.above)) for one in lines])
    labels = [roles.key(one.label) for one in found if one]
    told = any(one.time is not None or speakers.is_role(one.label) for one in found if one)
    first = next((number for number, one in enumerate(found) if one), 0)
    before = sum(len(line.text.split()) for line in lines[:first])
    talk = before <= _LONGEST_LEAD and (told or len(set(labels)) < len(labels))
    return found if talk else [None] * len(lines)


def _is_note(line: _Line) -> bool:
    """Tell whether a line in square brackets stands by itself."""
    bracketed = line.text[0] == "[" and line.text[-1] == "]" and len(line.text) > 2
    return bracketed and line.above and line.below


def _labelled(built: _Builder, lines: Sequence[_Line], found: Sequence[Found | None]) -> None:
    first = next(number for number, one in enumerate(found) if one)
    built.lead(lines[:first])
    for line, label in zip(lines[first:], found[first:], strict=True):
        if label is not None:
            built.turn(line, label)
        elif _is_note(line):
            built.note([line])
        else:
            built.more(line)


def _unlabelled(built: _Builder, lines: Sequence[_Line]) -> None:
    divided = any(line.above for line in lines[1:])
    for number, line in enumerate(lines):
        if _is_note(line):
            built.note([line])
        elif not number or line.above or not divided:
            built.paragraph(line)
        else:
            built.more(line)
    if lines:
        count = len(lines)
        built.notes.append(f"no speakers found: its {count} lines are of {UNKNOWN!r}")


class _Builder:
    """A canonical text in the making."""

    def __init__(self, times: Mapping[int, float]) -> None:
        self.notes: list[str] = []
        self._talk: list[tuple[str, list[str]]] = []
        self._times = sorted(times.items())
        self._parts: list[str] = []
        self._length = 0
        self._pieces: list[Piece] = []
        self._speaker = ""
        self._open = False
        self._pending: tuple[_Line, str] | None = None

    def _put(self, part: str) -> int:
        start = self._length
        self._parts.append(part)
        self._length += len(part)
        return start

    def _copy(self, at: int, words: str) -> None:
        start = self._put(words)
        self._pieces.append(Piece(at, at + len(words), start, start + len(words)))

    def _block(self) -> None:
        self._settle()
        if self._length:
            self._put("\n\n")

    def _settle(self) -> None:
        """Make a label that nobody's words follow a note: a turn needs words."""
        if self._pending is not None:
            line, _ = self._pending
            self._pending = None
            self._note([line])

    @property
    def talk(self) -> list[tuple[str, str]]:
        """Speaker and words of each turn."""
        return [(speaker, "\n".join(lines)) for speaker, lines in self._talk]

    def lead(self, lines: Sequence[_Line]) -> None:
        """Make notes of the lines above the first label, one of each run."""
        run: list[_Line] = []
        for line in lines:
            if line.above and run:
                self.note(run)
                run = []
            run.append(line)
        if run:
            self.note(run)
        count = sum(len(line.text.split()) for line in lines)
        if count > 40:
            self.notes.append(f"{count} words above the first speaker's label became notes")

    def note(self, lines: Sequence[_Line]) -> None:
        """Add a note that nobody said."""
        self._block()
        self._note(lines)

    def _note(self, lines: Sequence[_Line]) -> None:
        bare = len(lines) > 1 or not (lines[0].text[0] == "[" and lines[0].text[-1] == "]")
        if self._parts and not self._parts[-1].endswith("\n"):
            self._put("\n\n")
        self._put("[" if bare else "")
        for number, line in enumerate(lines):
            self._put("\n" if number else "")
            self._copy(line.at, line.text)
        self._put("]" if bare else "")
        self._open = False

    def turn(self, line: _Line, label: Found) -> None:
        """Begin the turn of a speaker whose label stands on a line."""
        self._block()
        self._speaker = canonical.label(label.label)
        words = label.text if line.text.endswith(label.text) else ""
        at = line.at + len(line.text) - len(words)
        stamp = canonical.stamp(label.time) or self._time(line.at, at)
        head = f"{self._speaker}{f' [{stamp}]' if stamp else ''}:"
        if not words:
            self._pending, self._open = (line, head), True
            return
        self._label(line, at, head)
        self._copy(at, words)
        self._talk.append((self._speaker, [words]))
        self._open = True

    def _label(self, line: _Line, at: int, head: str) -> None:
        start = self._put(head)
        stretch = line.text[: at - line.at].rstrip()
        if stretch == head:
            self._pieces.append(Piece(line.at, line.at + len(head), start, start + len(head), True))
        elif stretch:
            old_end = line.at + len(stretch)
            self._pieces.append(Piece(line.at, old_end, start, start + len(head), True))
        self._put(" ")

    def _time(self, start: int, end: int) -> str:
        """Return the stamp of a recording's moment that belongs to the beginning of a line."""
        place = bisect_left(self._times, (start, 0.0))
        near = place < len(self._times) and self._times[place][0] <= end
        return canonical.stamp(self._times[place][1]) if near else ""

    def paragraph(self, line: _Line) -> None:
        """Begin a turn of whoever speaks, unknown where no one was named."""
        self._block()
        stamp = self._time(line.at, line.at)
        self._put(f"{self._speaker or UNKNOWN}{f' [{stamp}]' if stamp else ''}: ")
        self._copy(line.at, line.text)
        self._talk.append((self._speaker or UNKNOWN, [line.text]))
        self._open = True

    def more(self, line: _Line) -> None:
        """Go on with the turn, or begin one of the same speaker after a note."""
        if not self._open:
            self.paragraph(line)
            return
        if self._pending is not None:
            label, head = self._pending
            self._pending = None
            self._label(label, label.at + len(label.text), head)
            self._talk.append((self._speaker, [line.text]))
        else:
            self._put("\n")
            self._talk[-1][1].append(line.text)
        self._copy(line.at, line.text)

    def done(self) -> Moved:
        """Return the text with its last line end."""
        self._settle()
        text = "".join(self._parts)
        return Moved(f"{text}\n" if text else "", self._pieces, notes=self.notes)
