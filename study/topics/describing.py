"""BERTopic (Grootendorst 2022, 10.48550/arXiv.2203.05794), kept in one function.

Its words for each topic, its sizes and its order come from the library; the vectors and the
grouping are ours, given through the hooks that its documentation names.
"""

from __future__ import annotations

import gc
import logging
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bertopic import BERTopic

    from study.topics.clusters import Vectors
    from study.topics.consensus import Consensus


_ONE_AT_A_TIME = threading.RLock()
"""What is put aside and back belongs to the whole program: two threads would mix it up."""


@contextmanager
def contained() -> Iterator[None]:
    """Undo what imports do to the whole program's warnings and logging, and keep their warnings in.

    BERTopic ignores all UserWarnings from its import on and adds a handler; WordLlama sets up the
    root logger.  Garbage is not looked for meanwhile: imports make much, and none of that.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings(), _without_garbage(), _logging_kept():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _without_garbage() -> Iterator[None]:
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def _logging_kept() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        yield
    finally:
        root.setLevel(level)
        for handler in [handler for handler in root.handlers if handler not in handlers]:
            root.removeHandler(handler)


@contextmanager
def without(package: str) -> Iterator[None]:
    """Keep a package from being imported; what would like to have it does without."""
    there = {package: sys.modules[package]} if package in sys.modules else {}
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.modules.pop(package, None)
        sys.modules.update(there)


def describe(tokens: Sequence[list[str]], rows: Vectors, groups: Consensus) -> BERTopic:
    """Fit BERTopic on units that are already vectors and words.

    Parameters
    ----------
    tokens
        The words that count of each unit: no stop words, no fillers, one form for each stem.
    rows
        Vectors of the units.
    groups
        The cluster model, not yet fitted.

    Returns
    -------
    BERTopic
        Fitted; `topics_`, `get_topic` and `c_tf_idf_` are what it is used for.
    """
    # A client of the network, for models to be sent and fetched: nothing here is.
    with without("huggingface_hub"):
        from bertopic import BERTopic
    from bertopic.dimensionality import BaseDimensionalityReduction
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    model = BERTopic(
        # Not "english": that would strip hyphens, apostrophes and accents from words.
        language="multilingual",
        top_n_words=30,
        embedding_model=None,
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=groups,
        vectorizer_model=CountVectorizer(analyzer=str.split),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
    )
    model.fit([" ".join(words) for words in tokens], embeddings=rows)
    return model


def weighted(model: BERTopic, topic: int) -> list[tuple[str, float]]:
    """Return a topic's words, the most telling first; equal weights in alphabetical order."""
    found = [(word, float(weight)) for word, weight in model.get_topic(topic) if word]
    return sorted(found, key=lambda pair: (-round(pair[1], 9), pair[0]))
