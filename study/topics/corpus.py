"""Units with the words that count, as counts: what vectors and scores are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from study.text import words
from study.topics.units import Unit, telling
from study.words.language import fold, stop_words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from study.topics.clusters import Labels

EVERYWHERE = 0.6
"""Where there is no list of stop words, words of more of the units than this count as such."""


@dataclass(frozen=True)
class Corpus:
    """Units, the words of each that may say something, and the questions before them."""

    units: Sequence[Unit]
    tokens: Sequence[list[str]]
    """Words of each unit, one form for each stem; none that only one unit or person uses."""
    heard: Sequence[list[str]]
    """... with those."""
    questions: Sequence[str]
    """Every question once."""
    asked: Labels
    """For each unit the place of its question in `questions`; -1 where there is none."""
    asking: Sequence[list[str]]
    """Words that may say something of each question."""
    spoken: Sequence[list[str]]
    """All words of each question."""
    language: str

    @cached_property
    def sources(self) -> Labels:
        """For each unit a number of its transcript."""
        names: dict[str, int] = {}
        return np.array([names.setdefault(u.source, len(names)) for u in self.units], np.intp)

    @property
    def is_talk(self) -> bool:
        """Whether most units have a neighbour in their transcript, or a question."""
        together = np.bincount(self.sources)[self.sources] > 1
        return bool(np.mean(together | (self.asked >= 0)) > 0.5)

    def part(self, kept: Sequence[int]) -> Corpus:
        """Return the corpus of some of the units."""
        return Corpus(
            [self.units[p] for p in kept],
            [self.tokens[p] for p in kept],
            [self.heard[p] for p in kept],
            self.questions,
            self.asked[np.asarray(kept, dtype=np.intp)],
            self.asking,
            self.spoken,
            self.language,
        )


def corpus(units: Sequence[Unit], language: str) -> Corpus:
    """Find the words that count in units and in the questions before them."""
    places: dict[str, int] = {}
    for unit in units:
        if unit.question:
            places.setdefault(unit.question, len(places))
    questions = list(places)
    spoken = [words(question) for question in questions]
    every: list[Sequence[str]] = [*(unit.said for unit in units), *spoken]
    told = fold([telling(said, language) for said in every], language)
    heard, asking = told[: len(units)], told[len(units) :]
    asked = np.array([places.get(unit.question, -1) for unit in units], dtype=np.intp)
    tokens = _shared(units, heard, language)
    return Corpus(units, tokens, heard, questions, asked, asking, spoken, language)


def _shared(units: Sequence[Unit], heard: Sequence[list[str]], language: str) -> list[list[str]]:
    """Keep words of at least two units and, among three participants or more, two participants.

    A name or a hobby-horse of one person cannot name a topic of the study.  In languages without a
    list of stop words, words of most units go too.
    """
    users: dict[str, set[str]] = {}
    for unit, own in zip(units, heard, strict=True):
        for word in own:
            users.setdefault(word, set()).add(unit.participant)
    counts = Counter(word for own in heard for word in set(own))
    people = 2 if len({unit.participant for unit in units}) > 2 else 1
    most = len(units) if stop_words(language) else max(EVERYWHERE * len(units), 2)
    kept = {w for w, count in counts.items() if 1 < count <= most and len(users[w]) >= people}
    return [[word for word in own if word in kept] for own in heard]


def counted(passages: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> csr_matrix:
    """Return how often each passage has each word, shape (passages, words)."""
    from scipy.sparse import csr_matrix

    places, ends = [], [0]
    for own in passages:
        places += [vocabulary[word] for word in own if word in vocabulary]
        ends.append(len(places))
    shape = (len(passages), len(vocabulary))
    found = csr_matrix((np.ones(len(places)), places, ends), shape=shape)
    found.sum_duplicates()
    return found


def vocabulary(passages: Sequence[Sequence[str]], least: int = 1) -> dict[str, int]:
    """Return a number for each word, in alphabetical order, that so many passages have."""
    counts = Counter(word for own in passages for word in set(own))
    return {word: n for n, word in enumerate(sorted(w for w, c in counts.items() if c >= least))}
