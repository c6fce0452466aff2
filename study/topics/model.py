"""The topic model of a study: what is fitted, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from study.errors import NotPossibleError
from study.model import Project
from study.topics import (
    cache,
    choosing,
    context,
    describing,
    given,
    mapping,
    models,
    reporting,
    stability,
)
from study.topics.consensus import Consensus
from study.topics.corpus import Corpus, corpus, counted, vocabulary
from study.topics.embedding import Recipe
from study.topics.reporting import Sorted

if TYPE_CHECKING:
    import pandas as pd
    from bertopic import BERTopic

    from study.topics.clusters import Vectors
    from study.topics.given import Talk
    from study.topics.models import Embedding

FEWEST = 8
"""Units that a topic model needs at the least."""
SELECTION = choosing.COLUMNS
PACKAGES = "bertopic nltk numpy pystemmer scikit-learn scipy wordllama".split()


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Topics heard by machine in participants' turns.

    `assignments` has one row a unit (a turn, or a piece of a long one): its topic, `strength` (its
    cosine similarity to the topic's centre), `distance` (1 - strength) and `weak` (hardly nearer to
    its topic than passages of other topics are); `topics` one row a topic, the largest first;
    `selection` one row for each number of topics that was tried, none where the number was given.
    """

    assignments: pd.DataFrame
    topics: pd.DataFrame
    selection: pd.DataFrame
    set_aside: int
    """Passages too short to have a subject ("Yeah.")."""
    words: pd.DataFrame
    """topic, word, weight (c-TF-IDF): at most 30 words a topic, the most telling first."""
    passages: pd.DataFrame
    """A few passages of each topic, the best first, of participants who may be quoted."""
    vectors: Vectors = field(repr=False)
    """What was sorted: one row of length 1 a unit, in the order of `assignments`."""
    bertopic: BERTopic = field(repr=False)
    """The library's fitted model, for its hierarchy, its plots and its other methods."""
    embedding: str = "hybrid"
    settings: Mapping[str, str | int | float] = field(default_factory=dict)

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """Versions of the packages that made it."""
        from importlib.metadata import version

        return MappingProxyType({package: version(package) for package in PACKAGES})

    @cached_property
    def place(self) -> Vectors:
        """Where each unit lies on a map, shape (units, 2): near means alike, roughly."""
        return mapping.place(self.vectors, self.assignments["topic"].to_numpy())


def fit(
    talk: Talk,
    *,
    topics: int | None = None,
    embedding: Embedding = "hybrid",
    seed: int = 1,
    language: str = "",
    recipe: Recipe | None = None,
    keep: bool = True,
) -> TopicModel:
    """Find topics in what participants say.

    Parameters
    ----------
    talk
        A study; or its table of turns, where `heard` says which are used and `quotable` which may
        be quoted (without that column, none); or texts that each stand alone.
    topics
        How many topics; None chooses by stability under resampling together with coherence and
        separation.
    embedding
        What turns passages into vectors.  `hybrid` (offline, no neural network library),
        `wordllama`, `lsa`; `minilm` (offline, extra of the same name); `model2vec:NAME`,
        `fastembed:NAME`, `sentence-transformers:NAME` (a folder, or a name that the package may
        download); a function from a list of texts to an array; or an array with one row for each
        row of the table (or each participant's turn, or each text).
    seed
        Decides which units are left out when stability is measured.
    language
        "" is the study's, or English.  Stop words and word vectors are English; in other languages
        the use of words in these interviews has to do, and stems if there is a Snowball stemmer
        of the language.
    recipe
        How units become vectors.
    keep
        Whether vectors of models that take long are kept in the user's cache folder
        (`study.topics.cache`); they are as confidential as the text.

    Returns
    -------
    TopicModel
        The same, byte for byte, for the same input on the same machine.

    Raises
    ------
    NotPossibleError
        Where there is too little to sort, more topics are asked for than there are units, or an
        embedding is unknown or doesn't fit.
    MissingExtraError
        Where an embedding needs a package that isn't installed; the message names it.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped, unused-ignore]

    recipe = recipe or Recipe()
    if not isinstance(embedding, str) and not callable(embedding):
        embedding = models.table_of(embedding)
    name = models.name_of(embedding)
    language = language or (talk.settings.language if isinstance(talk, Project) else "english")
    read = given.read(talk, language)
    with describing.contained():
        import sklearn.cluster  # noqa: F401  (BLAS must be loaded before its threads are limited)

        with threadpool_limits(limits=1):
            of, aside = _corpus(read, name, language)
            _check(of, topics, aside)
            home = cache.folder() if keep else None
            plain = _vectors(of, read, embedding, recipe, home)
            return _fitted(of, plain, aside, topics, seed, recipe, name)


def _corpus(read: given.Given, name: str, language: str) -> tuple[Corpus, int]:
    """Find the words that count; set units aside that have nothing to be sorted by."""
    of = corpus(read.units, language)
    by_words = name == "lsa" or (name == "hybrid" and language != "english")
    kept = [place for place, own in enumerate(of.tokens) if own or not by_words]
    return of.part(kept), read.aside + len(read.units) - len(kept)


def _vectors(
    of: Corpus, read: given.Given, embedding: Embedding, recipe: Recipe, home: Path | None
) -> Vectors:
    """Return one row a unit, before smoothing."""
    brought = None
    if isinstance(embedding, np.ndarray):
        brought = models.of_units(embedding, of, read.rows, read.heard)
    rows = models.vectors(of, embedding, recipe, home, brought)
    rows = context.without_voice(rows, [unit.participant for unit in of.units], recipe)
    return context.beside(rows, of.sources, recipe.answers)


def _check(of: Corpus, topics: int | None, aside: int) -> None:
    """Say clearly what is missing."""
    count = sum(map(bool, of.tokens))
    if topics is not None and (topics < 0 or topics != int(topics)):
        raise NotPossibleError(f"the number of topics is {topics}; give 1 or more, or 0 to choose")
    if count < FEWEST:
        raise NotPossibleError(
            f"topics need at least {FEWEST} passages of participants with words that others use "
            f"too; there are {count} ({aside} set aside as too short). "
            "Import more interviews, or check who is marked as interviewer."
        )
    if len({word for own in of.tokens for word in own}) < 2:
        raise NotPossibleError(
            f"topics need words that differ; the {count} passages have one between them"
        )
    if topics and topics > len(of.units):
        raise NotPossibleError(
            f"{topics} topics were asked for, and there are {len(of.units)} passages. "
            "Ask for fewer."
        )


def _fitted(
    of: Corpus,
    plain: Vectors,
    aside: int,
    topics: int | None,
    seed: int,
    recipe: Recipe,
    name: str,
) -> TopicModel:
    rows = context.smoothed(plain, recipe)
    numbers = [topics] if topics else choosing.candidates(len(rows))
    refits = stability.resamples(plain, numbers, seed, recipe)
    scores = _scores(of, refits, seed, given=bool(topics))
    number = topics or choosing.chosen(scores)
    groups = Consensus(number, refits, seed)
    model = describing.describe(of.tokens, rows, groups)
    found = Sorted(of.units, of.tokens, plain, np.asarray(model.topics_, dtype=np.intp))
    table = reporting.topics(found, model, stability.by_topic(found.labels, refits, number))
    return TopicModel(
        assignments=reporting.assignments(found),
        topics=table,
        selection=scores,
        set_aside=aside,
        words=reporting.listed(model, found.number),
        passages=reporting.passages(found, model),
        vectors=rows,
        bertopic=model,
        embedding=name,
        settings=_settings(of, name, found.number, bool(topics), seed, refits, recipe),
    )


def _scores(
    of: Corpus, refits: Sequence[stability.Resample], seed: int, given: bool
) -> pd.DataFrame:
    import pandas as pd

    if given:
        return pd.DataFrame(columns=SELECTION).astype(dict.fromkeys(SELECTION, "float64"))
    return choosing.selection(counted(of.tokens, vocabulary(of.tokens)), refits, seed)


def _settings(
    of: Corpus,
    name: str,
    number: int,
    given: bool,
    seed: int,
    refits: Sequence[stability.Resample],
    recipe: Recipe,
) -> Mapping[str, str | int | float]:
    about: dict[str, str | int | float] = {
        "units": len(of.units),
        "topics": number,
        "chosen": "given" if given else "by stability, coherence and separation",
        "embedding": name,
        "seed": seed,
        "language": of.language,
        "resamples": len(refits),
        "resampled": len(refits[0].units),
    }
    return MappingProxyType(about | asdict(recipe))
