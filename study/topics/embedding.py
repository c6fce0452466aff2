"""Vectors for short passages of talk, without a network or a neural network library.

Two views stand side by side: what the words mean elsewhere (WordLlama's word vectors, which its
wheel carries) and what they are said together with here (latent semantic analysis: Deerwester et
al. 1990, 10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9).  And what a transcript has
and a pile of titles has not: an answer is read with its question, and words that are said a few
turns apart belong together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from study.errors import NotPossibleError
from study.topics.corpus import Corpus, counted, vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    Vectors = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How passages become vectors (docs/decisions/15-topics.md says how the figures were found)."""

    usage: float = 0.7
    """Weight of the words' use here against 1 for what they mean elsewhere (by however many
    models), in talk ..."""
    usage_alone: float = 0.25
    """... and in texts that stand alone, with neither questions nor neighbours."""
    usage_dimensions: int = 50
    reach: int = 3
    """Passages before and after within which words count as said together ..."""
    fade: float = 0.7
    """... each step away by so much less."""
    question: float = 1.0
    """Weight of a word of the question against 1 for a word of the answer."""
    answers: float = 0.0
    """Weight of the passages just before and after; 0: a passage is its question and its words."""
    voice: float = 0.5
    """Share of each participant's own mean vector that is taken away, so that topics can cross
    interviews ..."""
    voice_units: int = 20
    """... of a participant with so many units half of it, of one with more, more."""
    dimensions: int = 64
    """Dimensions that are left for finding topics."""
    neighbours: int = 10
    """Passages most like a passage, over all transcripts, that it is averaged with ..."""
    smoothing: float = 0.5
    """... with this weight against its own vector ..."""
    rounds: int = 2
    """... so many times over."""


LEARNT = 10_000
"""Windows from which the words' use is learnt; of more, a fixed sample."""
CHUNK = 20_000


def unit_length(rows: Vectors) -> Vectors:
    """Scale rows to length 1; rows of nothing stay nothing."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 1e-12, lengths, 1.0)


def to_unit_length(rows: Vectors) -> Vectors:
    """Scale rows to length 1 where they stand, a part at a time: large tables are not copied."""
    for start in range(0, len(rows), CHUNK):
        rows[start : start + CHUNK] = unit_length(rows[start : start + CHUNK])
    return rows


def with_questions(own: csr_matrix, asking: csr_matrix, asked: NDArray[np.intp]) -> csr_matrix:
    """Add to each row of `own` the row of its question."""
    from scipy.sparse import csr_matrix

    has = np.flatnonzero(asked >= 0)
    pick = csr_matrix((np.ones(len(has)), (has, asked[has])), (own.shape[0], asking.shape[0]))
    return (own + pick @ asking).tocsr()


def usage(of: Corpus, recipe: Recipe) -> Vectors:
    """Return units in a space of words that are said together here, rows of length 1.

    The space is learnt from windows of neighbouring passages with their questions; a unit's place
    in it comes from its own words and its question's alone.
    """
    known = vocabulary([*of.heard, *of.asking], least=2)
    asking = recipe.question * counted(of.asking, known)
    rows = with_questions(counted(of.heard, known), asking, of.asked)
    if not known:
        return np.zeros((len(of.units), 1))
    windows = _windows(rows, of.sources, recipe)
    rarity = np.log((1 + len(of.units)) / (1 + windows.getnnz(axis=0))) + 1
    fewer = min(recipe.usage_dimensions, min(windows.shape) - 1)
    weighted = _weighted(rows, rarity)
    if fewer < 1:
        return unit_length(weighted.toarray())
    learnt = _weighted(_sample(windows), rarity)
    return unit_length(np.asarray(weighted @ _directions(learnt, fewer)))


def _directions(rows: csr_matrix, number: int) -> Vectors:
    """Return the main directions of rows (right singular vectors), shape (columns, number)."""
    from sklearn.decomposition import TruncatedSVD

    if not rows.nnz:
        return np.zeros((rows.shape[1], number))
    # Not SciPy's svds: where rows repeat, ARPACK starts anew with numbers that no seed governs.
    return np.asarray(TruncatedSVD(number, random_state=0).fit(rows).components_.T)


def _windows(rows: csr_matrix, sources: NDArray[np.intp], recipe: Recipe) -> csr_matrix:
    """Add to each unit its neighbours in the same transcript, the farther the less."""
    from scipy.sparse import diags

    found, size = rows, len(sources)
    for step in range(1, min(recipe.reach, size - 1) + 1):
        weight = recipe.fade**step * (sources[step:] == sources[:-step])
        if weight.any():
            beside = diags([weight, weight], [step, -step], shape=(size, size)).tocsr()
            found = found + beside @ rows
    return found.tocsr()


def _sample(rows: csr_matrix) -> csr_matrix:
    if rows.shape[0] <= LEARNT:
        return rows
    chosen = np.random.default_rng(0).choice(rows.shape[0], LEARNT, replace=False)
    return rows[np.sort(chosen)]


def _weighted(rows: csr_matrix, rarity: Vectors) -> csr_matrix:
    """Weight counts by rarity (sublinear TF-IDF) and scale rows to length 1."""
    from scipy.sparse import diags

    rows = rows.copy()
    rows.data = np.log1p(rows.data)
    rows = rows @ diags(rarity)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (diags(1 / np.where(lengths > 0, lengths, 1.0)) @ rows).tocsr()


def meaning(of: Corpus, recipe: Recipe) -> Vectors:
    """Return the sum of WordLlama's vectors of all words of unit and question, shape (units, 256).

    Centred, rows of length 1.
    """
    own = [unit.said for unit in of.units]
    known = vocabulary([*own, *of.spoken])
    asked = recipe.question * counted(of.spoken, known)
    rows = with_questions(counted(own, known), asked, of.asked)
    found = to_unit_length(np.asarray(rows @ word_vectors(list(known))))
    found -= found.mean(axis=0)
    return to_unit_length(found)


def word_vectors(words: Sequence[str]) -> Vectors:
    """Return WordLlama's vector of each word: the sum over the pieces that it knows.

    Its two files are read out of its wheel; the package itself would load a client of the network.
    """
    from importlib.util import find_spec
    from pathlib import Path

    from safetensors import safe_open
    from scipy.sparse import csr_matrix
    from tokenizers import Tokenizer

    found = find_spec("wordllama")
    if found is None or found.origin is None:
        raise NotPossibleError("the package wordllama is missing; install the toolkit again")
    home = Path(found.origin).parent
    reader = Tokenizer.from_file(str(home / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    reader.no_padding()
    encoded = reader.encode_batch(list(words), add_special_tokens=False)
    with safe_open(str(home / "weights" / "l2_supercat_256.safetensors"), framework="np") as file:
        vectors = file.get_tensor("embedding.weight")
    ids = [encoding.ids for encoding in encoded]
    used, places = np.unique(np.concatenate([*ids, [0]]), return_inverse=True)
    ends = np.cumsum([0, *map(len, ids)])
    shape = (len(words), len(used))
    pieces = csr_matrix((np.ones(ends[-1]), places[:-1], ends), shape=shape)
    return np.asarray(pieces @ vectors[used.astype(np.intp)].astype(np.float64))


def side_by_side(parts: Sequence[tuple[float, Vectors]], dimensions: int) -> Vectors:
    """Put views beside each other and keep the directions in which units differ most."""
    used = [(weight, part) for weight, part in parts if weight]
    rows = np.hstack([part for _, part in used])
    rows *= np.repeat([weight for weight, _ in used], [part.shape[1] for _, part in used])
    return unit_length(reduced(to_unit_length(rows), dimensions))


def reduced(rows: Vectors, dimensions: int) -> Vectors:
    """Return principal components, each with the sign that makes its largest weight positive.

    `rows` are centred where they stand.
    """
    rows -= rows.mean(axis=0)
    cuts = range(0, len(rows), CHUNK)
    spread = sum((rows[c : c + CHUNK].T @ rows[c : c + CHUNK] for c in cuts), np.zeros(()))
    _, directions = np.linalg.eigh(spread)
    kept = directions[:, ::-1][:, : min(dimensions, len(rows))]
    largest = kept[np.abs(np.round(kept, 9)).argmax(axis=0), np.arange(kept.shape[1])]
    return np.asarray(rows @ (kept * np.where(largest < 0, -1.0, 1.0)))
