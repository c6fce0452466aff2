"""Embeddings by name: which there are, what each needs, and what comes back of what was given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from study.errors import MissingExtraError, NotPossibleError
from study.files import suggest
from study.topics import cache, minilm
from study.topics.corpus import Corpus
from study.topics.embedding import Recipe, meaning, side_by_side, unit_length, usage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float64]
    Embed = Callable[[Sequence[str]], Any]
    Embedding = str | Embed | NDArray[Any]

NAMES = ("hybrid", "wordllama", "lsa", "minilm")
PREFIXES = ("model2vec", "sentence-transformers", "fastembed")
PACKAGES = {
    "model2vec": "model2vec",
    "sentence-transformers": "sentence_transformers",
    "fastembed": "fastembed",
}


@dataclass(frozen=True, slots=True)
class Model:
    """Something that turns texts into vectors, and what tells it from others."""

    name: str
    version: str
    embed: Embed


def name_of(embedding: Embedding) -> str:
    """Return what the settings of a model call an embedding.

    Raises
    ------
    NotPossibleError
        Where there is none of that name.
    """
    if isinstance(embedding, np.ndarray):
        return "precomputed"
    if callable(embedding):
        return f"callable:{getattr(embedding, '__qualname__', type(embedding).__name__)}"
    name = str(embedding)
    prefix, _, rest = name.partition(":")
    if name in NAMES or (prefix in PREFIXES and rest.strip()):
        return name
    if prefix in PREFIXES:
        raise NotPossibleError(
            f"the embedding {name!r} names no model; write {prefix}:NAME or {prefix}:FOLDER"
        )
    known = [*NAMES, *(f"{known}:NAME" for known in PREFIXES)]
    raise NotPossibleError(
        f"there is no embedding {name!r}{suggest(name, NAMES)}; there are {', '.join(known)}"
    )


def table_of(given: Any) -> NDArray[Any]:
    """Return vectors that were given in any form, nested lists or a table, as an array."""
    try:
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise NotPossibleError(
            f"the embedding is {type(given).__name__} that is no table of numbers; give a name "
            f"({', '.join(NAMES)}), a function, or an array with one row for each text"
        ) from error


def vectors(
    of: Corpus, embedding: Embedding, recipe: Recipe, home: Path | None, given: Vectors | None
) -> Vectors:
    """Return one vector of length 1 for each unit, shape (units, at most recipe.dimensions).

    Parameters
    ----------
    of
        The units.
    embedding
        Its name, or what turns texts into vectors.
    recipe
        How views are put together.
    home
        Folder of the cache.
    given
        Vectors of the units that the user brought; they are used alone.
    """
    if given is not None:
        return side_by_side([(1.0, _centred(given))], recipe.dimensions)
    name = name_of(embedding)
    elsewhere = []
    if name == "wordllama" or (
        isinstance(embedding, str) and name != "lsa" and of.language == "english"
    ):
        elsewhere.append(meaning(of, recipe))
    if name not in {"hybrid", "lsa", "wordllama"}:
        elsewhere.append(_of_model(of, model(embedding), recipe, home))
    # Models that know words from elsewhere share the weight 1, however many they are.
    parts = [(len(elsewhere) ** -0.5, view) for view in elsewhere]
    if name == "lsa" or (isinstance(embedding, str) and name != "wordllama"):
        weight = recipe.usage if of.is_talk else recipe.usage_alone
        parts.append((weight if parts else 1.0, usage(of, recipe)))
    return side_by_side(parts, recipe.dimensions)


def model(embedding: Embedding) -> Model:
    """Load what a name stands for."""
    if not isinstance(embedding, str):
        return Model(name_of(embedding), "", embedding)  # type: ignore[arg-type]
    if embedding == "minilm":
        return Model("minilm", minilm.SHA256["model.safetensors"], minilm.embed)
    prefix, _, name = embedding.partition(":")
    package = PACKAGES[prefix]
    if find_spec(package) is None:
        raise _missing(embedding, prefix)
    try:
        return Model(embedding, _version(package), _loaded(prefix, name))
    except Exception as error:
        first = str(error).strip().partition("\n")[0]
        raise NotPossibleError(
            f"the model {name!r} of {prefix} could not be loaded: {first}. Give the folder of a "
            f"model that is on this machine, {prefix}:FOLDER, or the name of one that the package "
            "can download; that needs a network, the interviews stay here"
        ) from error


def _missing(embedding: str, prefix: str) -> MissingExtraError | NotPossibleError:
    """Name the extra, or the package where it is too heavy, or at odds with others, to be one."""
    if prefix == "model2vec":
        return MissingExtraError(f"the embedding {embedding!r}", prefix)
    return NotPossibleError(
        f"the embedding {embedding!r} needs the package {prefix}: uv pip install {prefix} (with "
        f"plain pip: pip install {prefix}). The embedding 'minilm' gives the vectors of "
        "all-MiniLM-L6-v2 without it."
    )


def _loaded(prefix: str, name: str) -> Embed:
    if prefix == "model2vec":
        from model2vec import StaticModel

        return StaticModel.from_pretrained(name).encode  # type: ignore[no-any-return]
    if prefix == "fastembed":
        from fastembed import TextEmbedding

        fast = TextEmbedding(name)
        return lambda texts: np.array(list(fast.embed(list(texts))))
    from sentence_transformers import SentenceTransformer

    transformer = SentenceTransformer(name, device="cpu")
    return lambda texts: transformer.encode(list(texts), show_progress_bar=False)


def _version(package: str) -> str:
    try:
        return version(package.replace("_", "-"))
    except PackageNotFoundError:
        return "unknown"


def _of_model(of: Corpus, made: Model, recipe: Recipe, home: Path | None) -> Vectors:
    """Embed units and questions, and read each answer with its question.

    A long text counts for more than a short one, by the root of its length in words.
    """
    own = [unit.text for unit in of.units]
    texts = [*own, *of.questions]
    if made.version:
        identity = f"{made.name} {made.version}"
        found = cache.cached(texts, lambda new: _checked(made, new), identity, home)
        rows = unit_length(found.astype(np.float64))
    else:
        rows = unit_length(_checked(made, texts))
    lengths = np.sqrt([max(len(text.split()), 1) for text in texts])[:, None]
    rows = rows * lengths
    total, has = rows[: len(own)], of.asked >= 0
    total[has] += recipe.question * rows[len(own) :][of.asked[has]]
    return _centred(total)


def _checked(made: Model, texts: Sequence[str]) -> NDArray[Any]:
    return checked(made.embed(list(texts)), len(texts), made.name)


def checked(found: Any, wanted: int, name: str) -> Vectors:
    """Return vectors as an array of numbers, one row a text.

    Raises
    ------
    NotPossibleError
        Where they are not: another number of rows, no rows at all, nan or infinite numbers.
    """
    try:
        rows = np.asarray(found, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise NotPossibleError(f"the embedding {name!r} gave no table of numbers") from error
    if rows.ndim != 2 or not rows.shape[1:] or rows.shape[1] == 0:
        raise NotPossibleError(
            f"the embedding {name!r} has shape {rows.shape}; it must have one row of numbers for "
            "each text, shape (texts, dimensions)"
        )
    if len(rows) != wanted:
        raise NotPossibleError(
            f"the embedding {name!r} has {len(rows)} rows for {wanted} texts; it must have one "
            "row for each, in the same order"
        )
    bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
    if len(bad):
        raise NotPossibleError(
            f"the embedding {name!r} has numbers that are missing or infinite, first in row "
            f"{bad[0] + 1} of {len(rows)}"
        )
    return rows


def of_units(array: NDArray[Any], of: Corpus, rows: int, heard: Sequence[int]) -> Vectors:
    """Return the given vectors of units: pieces of a turn share its vector.

    Parameters
    ----------
    array
        One row for each row of the table of turns, or for each turn that is heard, or text.
    of
        The units.
    rows
        How many rows the table has.
    heard
        Numbers of those that are heard.
    """
    turns = [unit.turn for unit in of.units]
    if array.ndim != 2:
        return checked(array, rows, "precomputed")
    if len(array) == len(heard) != rows:
        place = {turn: n for n, turn in enumerate(heard)}
        return checked(array, len(heard), "precomputed")[[place[turn] for turn in turns]]
    if len(array) != rows and rows != len(heard):
        raise NotPossibleError(
            f"the precomputed embedding has {len(array)} rows; there are {rows} turns, of which "
            f"{len(heard)} are participants'. It must have one row for each of either."
        )
    return checked(array, rows, "precomputed")[turns]


def _centred(rows: Vectors) -> Vectors:
    rows = unit_length(np.asarray(rows, dtype=np.float64))
    return unit_length(rows - rows.mean(axis=0))
