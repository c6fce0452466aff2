"""Vectors for short passages of talk, without a network or a neural network library.

Two views stand side by side: what the words mean elsewhere (WordLlama's word vectors, which its
wheel carries) and how they are used here (latent semantic analysis: Deerwester et al. 1990,
10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9).  Then what a transcript has and a
pile of titles has not: a passage leans on its neighbours, and everybody has a voice of their own
that is no topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from study.topics.clusters import sums
from study.topics.units import Unit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How passages become vectors; the defaults were picked on three corpora, none held out."""

    meaning: float = 2.0
    """Weight of WordLlama's vectors against 1 for the words' use in these interviews."""
    usage: int = 100
    """Dimensions of the latent semantic analysis."""
    voice: float = 0.5
    """Share of each participant's own mean vector that is taken away."""
    context: float = 0.7
    """Weight of the passage before and of the passage after, in the same transcript."""
    neighbours: int = 10
    """Passages most like a passage, over all transcripts, that it is averaged with ..."""
    smoothing: float = 0.5
    """... with this weight against its own vector ..."""
    rounds: int = 2
    """... so many times over."""
    dimensions: int = 64
    """Dimensions that are left for finding topics."""


def vectors(
    units: Sequence[Unit], tokens: Sequence[list[str]], language: str, recipe: Recipe
) -> Vectors:
    """Return one vector of length 1 for each unit, shape (units, at most recipe.dimensions)."""
    parts = [_usage(tokens, recipe.usage)]
    if language == "english":
        parts.append(recipe.meaning * _meaning(tokens))
    found = _reduced(_unit(np.hstack(parts)), recipe.dimensions)
    found = _without_voice(found, [unit.participant for unit in units], recipe.voice)
    return _in_context(found, [unit.source for unit in units], recipe.context)


def smoothed(rows: Vectors, recipe: Recipe) -> Vectors:
    """Move every unit towards those most like it; to nine places, the same on every run."""
    for _ in range(recipe.rounds):
        rows = _nearer(rows, recipe.neighbours, recipe.smoothing)
    return np.asarray(np.round(rows, 9))


def _unit(rows: Vectors) -> Vectors:
    """Scale rows to length 1; rows of nothing stay nothing."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)


def _meaning(tokens: Sequence[list[str]]) -> Vectors:
    """Embed the words that count of each unit with WordLlama, centred, shape (units, 256)."""
    from pathlib import Path

    import wordllama

    # Its loader looks into its own wheel only when it is told to; nothing is downloaded.
    home = Path(wordllama.__file__).parent
    model = wordllama.WordLlama.load(cache_dir=home, disable_download=True)
    found = _unit(np.asarray(model.embed([" ".join(words) for words in tokens]), dtype=np.float64))
    return _unit(found - found.mean(axis=0))


def _usage(tokens: Sequence[list[str]], dimensions: int) -> Vectors:
    """Return the units in the space of a latent semantic analysis, rows of length 1."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    weights = TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(tokens)
    fewer = min(dimensions, min(weights.shape) - 1)
    if fewer < 1:
        return _unit(weights.toarray())
    return _unit(TruncatedSVD(fewer, random_state=0).fit_transform(weights))


def _reduced(rows: Vectors, dimensions: int) -> Vectors:
    """Keep the directions in which the units differ most (principal components)."""
    from sklearn.decomposition import PCA

    fewer = min(dimensions, *rows.shape)
    return np.asarray(PCA(fewer, svd_solver="covariance_eigh").fit_transform(rows))


def _without_voice(rows: Vectors, participants: Sequence[str], share: float) -> Vectors:
    """Take away a share of each participant's mean, so that topics can cross interviews."""
    people, whose = np.unique(participants, return_inverse=True)
    if len(people) < 2:
        return _unit(rows)
    means = sums(rows, whose) / np.bincount(whose)[:, None]
    return _unit(rows - share * means[whose])


def _in_context(rows: Vectors, sources: Sequence[str], weight: float) -> Vectors:
    """Add the units just before and after in the same transcript."""
    found = rows.copy()
    same = np.array(sources[1:]) == np.array(sources[:-1])
    found[1:] += weight * same[:, None] * rows[:-1]
    found[:-1] += weight * same[:, None] * rows[1:]
    return _unit(found)


def _nearer(rows: Vectors, neighbours: int, weight: float) -> Vectors:
    """Move every unit towards the mean of those most like it."""
    from sklearn.neighbors import NearestNeighbors

    near = min(neighbours, (len(rows) - 1) // 2)
    if near < 1:
        return rows
    finder = NearestNeighbors(n_neighbors=near, algorithm="brute").fit(rows)
    found = finder.kneighbors(return_distance=False)
    return _unit((1 - weight) * rows + weight * rows[found].mean(axis=1))
