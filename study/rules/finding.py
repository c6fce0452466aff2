"""Where the patterns of a codebook fire, and which passages that codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from study import patterns
from study.errors import NotPossibleError
from study.files import suggest
from study.model import Project, Selection, Source, Turn
from study.patterns import EndlessError, Hit, Matcher, Pattern, Speaker
from study.text import sentences, spoken

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A passage, its code, and the patterns that fired there."""

    selection: Selection
    code: str
    fired: str


class _Rule(NamedTuple):
    code: str
    pattern: Pattern
    passage: str


def find(project: Project, codes: Collection[str] | None = None) -> dict[str, list[Found]]:
    """Find what the codebook's patterns say, in every transcript.

    What a transcriber added ("[pause]", "(laughs)") is not looked at: nobody said it.

    Parameters
    ----------
    project
        A study.
    codes
        Paths of codes; None takes all that have patterns.

    Returns
    -------
    dict of str to list of Found
        By transcript, every one of them, in the order of their passages.  Passages of one code
        that overlap are one.

    Raises
    ------
    NotPossibleError
        The study's language has no stems and a pattern asks for one, or a regular expression does
        not come to an end.
    """
    chosen = _rules(project, codes)
    found: dict[str, list[Found]] = {source.name: [] for source in project.sources}
    for speakers, turns in _groups(project.sources).items():
        meant = [rule for rule in chosen if rule.pattern.speaker in speakers]
        for source, passages in _in_turns(turns, meant, project.settings.language):
            found[source.name] += passages
    return {name: sorted(passages) for name, passages in found.items()}


def with_patterns(project: Project) -> list[str]:
    """Return the paths of the codes that have patterns, in the codebook's order."""
    return [code.path for code in project.codebook if code.patterns]


def known(project: Project, given: Iterable[str]) -> list[str]:
    """Return the paths of codes, each given in full or by its last part.

    Raises
    ------
    NotPossibleError
        There is no such code, or it has no patterns.
    """
    paths, able = [code.path for code in project.codebook], with_patterns(project)
    found: list[str] = []
    for name in given:
        fitting = [path for path in paths if path == name or path.endswith(f".{name}")]
        if len(fitting) != 1:
            raise NotPossibleError(f"code {name!r} is not in the codebook{suggest(name, paths)}")
        if fitting[0] not in able:
            raise NotPossibleError(f"code {fitting[0]!r} has no patterns in codebook.yaml")
        found += fitting
    return list(dict.fromkeys(found))


def _rules(project: Project, codes: Collection[str] | None) -> list[_Rule]:
    usual = project.settings.passage
    return [
        _Rule(code.path, pattern, pattern.passage or usual)
        for code in project.codebook
        if codes is None or code.path in codes
        for pattern in map(patterns.parse, code.patterns)
    ]


def _groups(sources: Iterable[Source]) -> dict[tuple[Speaker, ...], list[tuple[Source, Turn]]]:
    """Return the turns in which patterns about certain speakers are looked for."""
    heard: list[tuple[Source, Turn]] = []
    asked: list[tuple[Source, Turn]] = []
    other: list[tuple[Source, Turn]] = []
    for source in sources:
        lists = {source.heard_role: heard, "interviewer": asked}
        for turn in source.turns:
            lists.get(turn.role, other).append((source, turn))
    return {("participant", "anyone"): heard, ("interviewer", "anyone"): asked, ("anyone",): other}


def _in_turns(
    turns: Sequence[tuple[Source, Turn]], rules: Sequence[_Rule], language: str
) -> Iterator[tuple[Source, list[Found]]]:
    """Yield what rules find in some turns, turn by turn."""
    if not rules:
        return
    try:
        matcher = Matcher([rule.pattern for rule in rules], language)
    except ValueError as error:
        message = f"study.toml says that the language is {language!r}: {error}"
        raise NotPossibleError(message) from None
    texts = [spoken(source.quote(turn.selection)) for source, turn in turns]
    try:
        found = matcher.find(texts)
    except EndlessError as error:
        source, turn = turns[error.turn]
        where = f"{source.name}, line {source.line_of(turn.selection.start)}"
        raise EndlessError(error.pattern, error.turn, where) from None
    for number, hits in groupby(found, key=attrgetter("turn")):
        source, turn = turns[number]
        yield source, _Spoken(source, turn).coded(hits, rules)


class _Spoken:
    """One turn, and the passages of it that hits code."""

    def __init__(self, source: Source, turn: Turn) -> None:
        self._whole = turn.selection
        self._text = source.quote(turn.selection)

    @cached_property
    def _sentences(self) -> list[Span]:
        return sentences(self._text)

    def coded(self, hits: Iterable[Hit], rules: Sequence[_Rule]) -> list[Found]:
        """Return the passages that hits code, those of one code joined where they overlap."""
        by_code: dict[str, list[tuple[Span, int]]] = {}
        for hit in hits:
            rule = rules[hit.pattern]
            span = self._passage(rule.passage, hit.start, hit.end)
            by_code.setdefault(rule.code, []).append((span, hit.pattern))
        found = []
        for code, spans in by_code.items():
            for (start, end), fired in _joined(spans):
                texts = dict.fromkeys(rules[number].pattern.text for number in sorted(fired))
                found.append(Found(self._selection(start, end), code, "; ".join(texts)))
        return found

    def _passage(self, kind: str, start: int, end: int) -> Span:
        """Return what is coded for a hit; a hit that reaches into two sentences codes both."""
        if kind == "turn":
            return 0, len(self._text)
        touched = [one for one in self._sentences if one[0] < end and start < one[1]]
        if kind == "words" or not touched:
            return start, end
        return touched[0][0], touched[-1][1]

    def _selection(self, start: int, end: int) -> Selection:
        return Selection(self._whole.source, self._whole.start + start, self._whole.start + end)


def _joined(spans: Iterable[tuple[Span, int]]) -> list[tuple[Span, set[int]]]:
    """Join passages that overlap; keep which patterns fired in each."""
    joined: list[tuple[Span, set[int]]] = []
    for (start, end), number in sorted(spans):
        if joined and start < joined[-1][0][1]:
            (begin, reach), fired = joined[-1]
            joined[-1] = ((begin, max(reach, end)), fired | {number})
        else:
            joined.append(((start, end), {number}))
    return joined
