"""One pass over a text for all patterns: words first, then how they stand to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import TypeAlias

import numpy as np

from study.patterns import expressions, spans
from study.patterns.blocks import LARGE, Block, ends_of, portions
from study.patterns.matcher import EndlessError, Hits
from study.patterns.pieces import Integers
from study.patterns.spans import NOTHING, Spans
from study.patterns.tree import (
    Either,
    Expression,
    Near,
    Node,
    Pattern,
    Phrase,
    Stem,
    Without,
    Word,
    walk,
)
from study.patterns.vocabulary import Sought, Vocabulary
from study.patterns.words import exact, plain

Find: TypeAlias = Callable[[Block], Spans]
"""Finds a part of a pattern in a block."""


class Scanner:
    """The machinery of a `Matcher`; it remembers the words it has met."""

    def __init__(self, patterns: Sequence[Pattern], language: str) -> None:
        self._sought: dict[Sought, int] = {}
        self._finds = [self._plan(one.tree, one) for one in patterns]
        self._vocabulary = Vocabulary(list(self._sought), language)

    def find(self, turns: Sequence[str]) -> Hits:
        """Return every find of every pattern, in order."""
        parts = portions(ends_of(turns), LARGE)
        found = [self._found(some.start, turns[some]) for some in parts]
        return Hits(*np.concatenate([np.zeros((4, 0), dtype=np.int64), *found], axis=1))

    def _found(self, first: int, turns: Sequence[str]) -> Integers:
        """Return the finds in some turns as rows: turn, start, end, pattern."""
        block = Block(turns, self._vocabulary, first)
        every = [NOTHING, *(find(block) for find in self._finds)]
        start, end = np.concatenate([(each.start, each.end) for each in every], axis=1)
        pattern = np.repeat(np.arange(len(every)) - 1, [len(each.start) for each in every])
        order = np.lexsort((pattern, end, start))
        turn = block.turn_of(start)
        begin = block.turns_at[turn]
        return np.array([turn + first, start - begin, end - begin, pattern])[:, order]

    def _number(self, what: Word | Stem | tuple[str, ...], accents: bool = False) -> int:
        """Return the number of a sought word, a new one if need be."""
        if isinstance(what, Word):
            what = Word(exact(what.text) if accents else plain(what.text))
        return self._sought.setdefault(Sought(what, accents), len(self._sought))

    def _plan(self, node: Node, pattern: Pattern, *, counted: bool = False) -> Find:
        """Return what finds a part of a pattern; `counted` if its words are to be counted."""
        match node:
            case Word() | Stem():
                number = self._number(node, pattern.accents)
                return lambda block: block.words(number)
            case Expression(source):
                groups = [self._number(group) for group in expressions.required(source)]
                return _Expression(source, groups, pattern, counted=counted).find
            case Phrase(parts):
                each = [self._plan(part, pattern, counted=True) for part in parts]
                return lambda block: spans.following([find(block) for find in each])
            case Either(parts):
                any_of = [self._plan(part, pattern, counted=counted) for part in parts]
                return lambda block: spans.either([find(block) for find in any_of])
            case Near(left, right, distance):
                one, other = (self._plan(side, pattern, counted=True) for side in (left, right))
                inside = any(
                    isinstance(part, Near) for side in (left, right) for part in walk(side)
                )
                return lambda block: spans.near(one(block), other(block), distance, inside=inside)
            case Without(kept, taken, apart):
                counted = counted or apart is not None
                find, but = (self._plan(side, pattern, counted=counted) for side in (kept, taken))
                return lambda block: spans.without(find(block), but(block), apart)


class _Expression:
    """Finds a regular expression in the turns that hold the letters it needs."""

    def __init__(
        self, source: str, groups: Sequence[int], pattern: Pattern, *, counted: bool
    ) -> None:
        self._expression = expressions.compiled(source)
        self._groups, self._pattern, self._counted = groups, pattern, counted

    def find(self, block: Block) -> Spans:
        """Return what is found in a block; the words are numbered only where they count."""
        rows: list[tuple[int, ...]] = []
        for turn in block.turns_with(self._groups):
            found = self._in_turn(block.turns[turn], block.first + turn)
            if found:
                begin = int(block.turns_at[turn])
                words = block.numbered(turn, found) if self._counted else repeat((0, 0))
                places = zip(words, found, strict=False)
                rows += [(*word, begin + start, begin + end) for word, (start, end) in places]
        return Spans(*np.array(rows, dtype=np.int64).T) if rows else NOTHING

    def _in_turn(self, text: str, turn: int) -> list[tuple[int, int]]:
        hits = self._expression.finditer(text, timeout=expressions.SECONDS)
        try:
            found = [hit.span() for hit in hits]
        except (TimeoutError, MemoryError):
            raise EndlessError(self._pattern, turn) from None
        return [span for span in found if span[1] > span[0]]
