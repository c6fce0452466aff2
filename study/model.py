"""The records a study consists of, in the words of REFI-QDA.

All are frozen: text files are the truth, these are read from them.  Offsets are Unicode code
points, half-open (`text[start:end]`), and count in the canonical transcript as it is on disk.
`Place` says where on disk a record was written, so that every problem can name file and line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Role = Literal["interviewer", "participant", "unknown"]
Stance = Literal["positive", "mixed", "negative", "neutral", ""]
Verdict = Literal["supports", "mixed", "contradicts"]
Consent = Literal["quote", "analyse only", "withdrawn"]
Subject = Literal["transcript", "code"]
STANCES: tuple[Stance, ...] = ("positive", "mixed", "negative", "neutral")
CONSENTS: tuple[Consent, ...] = ("quote", "analyse only", "withdrawn")
MACHINES = ("rules", "topics", "suggestions")
"""Coders that are no people: their codings are proposals."""
DERIVED = ("consensus", *MACHINES)
"""Coders that are no independent readers: made from people's codings, or by a machine."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file; `line` counts from 1, 0 means the file as a whole."""

    path: Path
    line: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a study's files, and what to do about it.

    An `error` would make an analysis wrong, so `load` refuses; a `warning` is reported only.
    """

    path: Path
    line: int
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        mark = "warning: " if self.severity == "warning" else ""
        return f"{where}: {mark}{self.message}"


@dataclass(frozen=True, slots=True, order=True)
class Selection:
    """A passage of one source: code points, half-open."""

    source: str
    start: int
    end: int

    def overlaps(self, other: Selection) -> bool:
        """Tell whether the two passages share at least one character."""
        return self.source == other.source and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's stretch of talk; the selection covers the words, not the label.

    Times are seconds from the start of the recording, to the millisecond, None where unknown.
    """

    selection: Selection
    speaker: str
    role: Role
    start_time: float | None = None
    end_time: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One transcript: canonical text and its turns.

    `version` is the first 12 hexadecimal digits of the SHA-256 of the text in UTF-8.
    """

    name: str
    text: str
    turns: tuple[Turn, ...]
    version: str

    @property
    def heard_role(self) -> Role:
        """The role whose turns are the participants' talk: unknown where no one is marked."""
        marked = any(turn.role == "participant" for turn in self.turns)
        return "participant" if marked else "unknown"

    @property
    def heard(self) -> tuple[Turn, ...]:
        """The turns that count as the participants' talk."""
        role = self.heard_role
        return tuple(turn for turn in self.turns if turn.role == role)

    def quote(self, selection: Selection) -> str:
        """Return the words of a passage."""
        return self.text[selection.start : selection.end]

    def is_said(self, passage: Selection) -> bool:
        """Tell whether a passage begins and ends in somebody's words, not in a label or a note."""
        turns = [turn.selection for turn in self.turns]
        return any(one.start <= passage.start < one.end for one in turns) and any(
            one.start < passage.end <= one.end for one in turns
        )

    def line_of(self, offset: int) -> int:
        """Return the number, from 1, of the line that holds the character at `offset`."""
        return self.text.count("\n", 0, offset) + 1


@dataclass(frozen=True, slots=True)
class Code:
    """One code: `path` is dotted (`branch.leaf`), `guid` survives renames and moves.

    `patterns` say in which words the code is found by rule; `pattern_lines` on which line of the
    codebook each of them stands.
    """

    guid: str
    path: str
    name: str
    definition: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    near_miss: str = ""
    colour: str = ""
    formerly: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False)
    pattern_lines: tuple[int, ...] = field(default=(), compare=False)

    @property
    def parent(self) -> str:
        """Path of the code above, empty at the top."""
        return self.path.rpartition(".")[0]

    @property
    def branch(self) -> str:
        """Path of the top code this one stands under (its own path at the top)."""
        return self.path.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Codebook:
    """A coding scheme, codes in the order in which the file lists them.

    `stances` says when to give which stance, as far as the file does.
    """

    name: str
    version: str
    codes: tuple[Code, ...] = ()
    stances: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __contains__(self, path: object) -> bool:
        return any(code.path == path for code in self.codes)

    def __getitem__(self, path: str) -> Code:
        for code in self.codes:
            if code.path == path:
                return code
        raise KeyError(path)

    @property
    def leaves(self) -> tuple[Code, ...]:
        """Codes without codes below them: the ones that tables count."""
        parents = {code.parent for code in self.codes}
        return tuple(code for code in self.codes if code.path not in parents)


@dataclass(frozen=True, slots=True)
class Coding:
    """One coder's decision that one code applies to one passage."""

    id: str
    selection: Selection
    code: str
    coder: str
    created: dt.datetime
    source_version: str
    stance: Stance = ""
    memo: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Memo:
    """What a coder noted about a transcript (`name`: its name) or a code (`name`: its guid)."""

    kind: Subject
    name: str
    author: str
    created: dt.datetime
    changed: dt.datetime
    text: str
    place: Place | None = field(default=None, compare=False)

    @property
    def about(self) -> str:
        """What it is about, in words: `transcript P07`."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Case:
    """One participant: a row of participants.csv, `values` by variable (column)."""

    name: str
    values: Mapping[str, str]
    place: Place | None = field(default=None, compare=False)

    @property
    def source(self) -> str:
        """Name of the participant's transcript, empty where none is named."""
        return self.values.get("transcript", "").removesuffix(".txt")

    @property
    def consent(self) -> str:
        """What the participant allowed: quote, analyse only or withdrawn."""
        return self.values.get("consent", "")


def under(code: str, path: str) -> bool:
    """Tell whether a code is the one of this path or stands below it."""
    return f"{code}.".startswith(f"{path}.")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A condition on one coding: this code (or one below it), with one of these stances.

    An empty tuple of stances means any stance.
    """

    code: str
    stances: tuple[Stance, ...] = ()
    place: Place | None = field(default=None, compare=False)

    def holds(self, code: str, stance: str) -> bool:
        """Tell whether a coding with this code and stance meets the condition."""
        return under(code, self.code) and (not self.stances or stance in self.stances)


@dataclass(frozen=True, slots=True)
class Proposition:
    """A claim (Yin's sense) that coded passages can support, qualify or contradict."""

    id: str
    claim: str
    section: str = ""
    source: str = ""
    supports: tuple[Evidence, ...] = ()
    mixed: tuple[Evidence, ...] = ()
    contradicts: tuple[Evidence, ...] = ()
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """What study.toml says; every key has a default, so an empty file is a valid study."""

    title: str = "Untitled study"
    id: str = ""
    """Tells this study from others where transcripts are called alike, as in exchange files."""
    provenance: str = "collected"
    note: str = ""
    citation: str = ""
    codebook: str = "codebook"
    language: str = "english"
    seed: int = 1
    report_coder: str = "consensus"
    group: str = "group"
    group_order: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    spectrum: str = ""
    interviewers: tuple[str, ...] = ()
    passage: str = "sentence"
    topics: int = 0
    embedding: str = "hybrid"
    """What turns passages into vectors for topics: a name of `topics.fit`."""
    smallest_cell: int = 0
    """Counts of fewer participants than this are masked in all that is published; 0: none are."""

    @property
    def stamp(self) -> str:
        """The line that everything generated from composed material carries."""
        return "Composed for demonstration, not data." if self.provenance == "composed" else ""


@dataclass(frozen=True, slots=True)
class Project:
    """A whole study, loaded: what every table and figure is derived from."""

    root: Path
    settings: Settings
    sources: tuple[Source, ...] = ()
    cases: tuple[Case, ...] = ()
    codebook: Codebook = Codebook("codebook", "0")
    codings: tuple[Coding, ...] = ()
    propositions: tuple[Proposition, ...] = ()
    assigned: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Names of the sources that each coder has worked on, codings or not, by coder."""
    memos: tuple[Memo, ...] = ()
    """Coders' notes for themselves and each other; nothing that is published holds them."""

    def source(self, name: str) -> Source:
        """Return the source of this name; KeyError where there is none."""
        for source in self.sources:
            if source.name == name:
                return source
        raise KeyError(name)

    def case_of(self, source: str) -> Case | None:
        """Return the participant whose transcript this is."""
        return next((case for case in self.cases if case.source == source), None)
