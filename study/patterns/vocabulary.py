"""Which words of a text a pattern may mean, found out once for every distinct word.

A transcript says the same few thousand words again and again.  Stems, wildcards and accents are
looked at for each of these once; after that a piece of text is a row of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from study.patterns.pieces import Integers, Pieces, encoded
from study.patterns.tree import Stem, Word
from study.patterns.words import WORD, beginnings, exact, forms, plain, stemmer

MOST_KEPT = 1_000_000
"""Pieces and words remembered; natural talk of any length stays far below."""
_BITS = 18


@dataclass(frozen=True, slots=True)
class Sought:
    """What one word of a text may be: `what` compared with accents or without.

    Letters are sought inside words, for regular expressions.
    """

    what: Word | Stem | tuple[str, ...]
    accents: bool = False


class Mark(NamedTuple):
    """A sought word inside a piece: the how-manieth word, its byte, its letters, and which."""

    word: int
    start: int
    length: int
    sought: int


class Kinds(NamedTuple):
    """All kinds of pieces met so far.

    By kind: how many words it has, where its marks begin among all marks, and how many there are;
    by mark: the four numbers of `Mark`.
    """

    words: Integers
    first: Integers
    marked: Integers
    marks: Integers


class Vocabulary:
    """The kind of every piece of a text; what it has not met before it looks at.

    Kind 0 is a single word that nobody seeks: most are.  Keys lead to kinds through a table with
    a place for each beginning of a key; the few that find their place taken are looked up.
    """

    def __init__(self, sought: Sequence[Sought], language: str) -> None:
        self.size = len(sought)
        self._known = _Known(sought, language)
        self._kinds: dict[tuple[int, tuple[Mark, ...]], int] = {(1, ()): 0}
        self._columns: Kinds | None = None
        self._by_key: dict[int, int] = {}
        self._keys = np.zeros(1 << _BITS, dtype=np.uint64)
        self._kind_at = np.zeros(1 << _BITS, dtype=np.int32)

    def kinds_of(self, pieces: Pieces) -> NDArray[np.int32]:
        """Return the kind of each piece."""
        place = (pieces.key >> np.uint64(64 - _BITS)).astype(np.int64)
        kinds = self._kind_at[place]
        missed = np.flatnonzero(self._keys[place] != pieces.key)
        if len(missed):
            keys, first, again = np.unique(
                pieces.key[missed], return_index=True, return_inverse=True
            )
            at = missed[first]
            rows = zip(
                keys.tolist(), pieces.start[at].tolist(), pieces.length[at].tolist(), strict=True
            )
            found = np.array([self._kind(pieces.text, *row) for row in rows], dtype=np.int32)
            kinds[missed] = found[again]
            free = np.flatnonzero(self._keys[place[at]] == 0)
            self._keys[place[at[free]]], self._kind_at[place[at[free]]] = keys[free], found[free]
        return kinds

    def _kind(self, text: bytes, key: int, start: int, length: int) -> int:
        kind = self._by_key.get(key)
        if kind is None:
            kind = self._looked_at(text[start : start + length].decode("utf-8", "surrogatepass"))
            if len(self._by_key) < MOST_KEPT:
                self._by_key[key] = kind
        return kind

    def _looked_at(self, text: str) -> int:
        """Return the kind of a piece, a new one if there is none like it."""
        usual = text.isascii() and text.isalnum()
        words = [(0, len(text))] if usual else [one.span() for one in WORD.finditer(text)]
        marks: list[Mark] = []
        for number, (start, end) in enumerate(words):
            for sought in self._known.in_word(text[start:end]):
                marks.append(Mark(number, len(encoded(text[:start])), end - start, sought))
        return self._kinds.setdefault((len(words), tuple(marks)), len(self._kinds))

    @property
    def kinds(self) -> Kinds:
        """Return all kinds of pieces met so far."""
        if self._columns is None or len(self._columns.words) < len(self._kinds):
            count = np.array([len(marks) for _, marks in self._kinds], dtype=np.int64)
            every = [mark for _, marks in self._kinds for mark in marks]
            self._columns = Kinds(
                words=np.array([words for words, _ in self._kinds], dtype=np.int64),
                first=count.cumsum() - count,
                marked=count,
                marks=np.array(every, dtype=np.int64).reshape(-1, 4).T.copy(),
            )
        return self._columns


class _Known:
    """Which sought words a word is; asked once for each."""

    def __init__(self, sought: Sequence[Sought], language: str) -> None:
        numbered = list(enumerate(sought))
        self._alike = []
        for accents, fold in ((True, exact), (False, plain)):
            alike = [(n, one.what) for n, one in numbered if one.accents == accents]
            self._alike += [_Alike(alike, fold, language)] if alike else []
        self._letters = [(n, one.what) for n, one in numbered if isinstance(one.what, tuple)]
        runs = {re.escape(run) for _, some in self._letters for run in some}
        self._any = re.compile("|".join(sorted(runs)))
        self._found: dict[str, tuple[int, ...]] = {}

    def in_word(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the sought words that a word is."""
        found = self._found.get(word)
        if found is None:
            found = tuple(sorted(set(self._of(word))))
            if len(self._found) < MOST_KEPT:
                self._found[word] = found
        return found

    def _of(self, word: str) -> Iterator[int]:
        bare = plain(word)
        if self._letters and self._any.search(bare):  # most words hold none of them
            for number, runs in self._letters:
                if any(run in bare for run in runs):
                    yield number
        for form in forms(exact(word)):
            for alike in self._alike:
                yield from alike.of(form)


class _Alike:
    """Sought words that are compared alike: with their accents, or all without."""

    def __init__(
        self, sought: Sequence[tuple[int, object]], fold: Callable[[str], str], language: str
    ) -> None:
        self._fold, self._language = fold, language
        self._words: dict[str, list[int]] = {}
        self._stems: dict[str, list[int]] = {}
        self._wild: list[tuple[int, re.Pattern[str]]] = []
        for number, what in sought:
            match what:
                case Stem(text):
                    self._stems.setdefault(self._stem(exact(text)), []).append(number)
                case Word(text) if what.wild:
                    self._wild.append((number, re.compile(_glob(fold(text)), re.DOTALL)))
                case Word(text):
                    self._words.setdefault(fold(text), []).append(number)
        self._heads = beginnings(self._stems, language)
        # Most words fit none of the wildcards: one look says so.
        self._any = re.compile("|".join(one.pattern for _, one in self._wild), re.DOTALL)

    def _stem(self, word: str) -> str:
        return self._fold(stemmer(self._language).stem(word))

    def of(self, form: str) -> Iterator[int]:
        """Yield the numbers of the sought words that a word in this form is."""
        folded = self._fold(form)
        yield from self._words.get(folded, ())
        if self._stems and (self._heads is None or form[:2] in self._heads or not form.isascii()):
            yield from self._stems.get(self._stem(form), ())
        if self._wild and self._any.fullmatch(folded):
            yield from (number for number, wild in self._wild if wild.fullmatch(folded))


def _glob(word: str) -> str:
    """Return a word with wildcards as an expression that never tries back."""
    first, *rest = (re.escape(part).replace(r"\?", ".") for part in word.split("*"))
    if not rest:
        return first
    *middle, last = rest
    return first + "".join(f"(?>.*?{part})" for part in middle) + f".*{last}"
