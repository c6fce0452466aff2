"""The topic model of a study: what is fitted, and what comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from study.errors import NotPossibleError
from study.text import words
from study.topics import clusters, describing, stability, units
from study.topics.embedding import Recipe, smoothed, vectors
from study.topics.units import Unit
from study.words.language import content_words, fold

if TYPE_CHECKING:
    import pandas as pd
    from bertopic import BERTopic

    from study.topics.clusters import Labels, Vectors

FEWEST = 8
"""Units that a topic model needs at the least."""
QUOTABLE_WORDS = 15
"""A representative passage should have at least this many words ..."""
NEAREST = 10
"""... and be one of so many that are nearest to the topic's centre."""

ASSIGNMENTS = "source line start end participant group topic strength".split()
TOPICS = (
    "topic label words units share of_units participants of_participants source line quotation"
    " stability"
).split()
SELECTION = "topics stability low high coherence".split()


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Topics heard by machine in participants' turns.

    `assignments` has one row a unit (a turn, or a piece of a long one) and `strength`, its cosine
    similarity to the centre of its topic; `topics` one row a topic, the largest first; `selection`
    one row for each number of topics that was tried, none where the number was given.
    """

    assignments: pd.DataFrame
    topics: pd.DataFrame
    selection: pd.DataFrame
    set_aside: int
    """Passages too short to have a subject ("Yeah.")."""
    settings: Mapping[str, str | int | float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Corpus:
    """Units with the words that count; what every step of a fit looks at."""

    units: list[Unit]
    tokens: list[list[str]]
    plain: Vectors
    """One row a unit, before smoothing."""
    rows: Vectors
    """... and after."""


def fit(
    turns: pd.DataFrame,
    *,
    topics: int = 0,
    seed: int = 1,
    language: str = "english",
    recipe: Recipe | None = None,
) -> TopicModel:
    """Find topics in what participants say.

    Parameters
    ----------
    turns
        The table of turns: `heard` says which are used, `quotable` which may be quoted (without
        that column, none).
    topics
        How many topics; 0 chooses by stability under resampling together with coherence.
    seed
        Decides which units are left out when stability is measured.
    language
        Stop words and word vectors are English; in other languages the use of words in these
        interviews has to do, and stems if NLTK's Snowball knows the language.
    recipe
        How units become vectors.

    Returns
    -------
    TopicModel
        The same, byte for byte, for the same input on the same machine.

    Raises
    ------
    NotPossibleError
        Where there is too little to sort, or more topics are asked for than there are units.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped, unused-ignore]

    recipe = recipe or Recipe()
    found, aside = units.of_turns(turns, language)
    with describing.contained():
        import sklearn.cluster  # noqa: F401  (BLAS must be loaded before its threads are limited)

        with threadpool_limits(limits=1):
            return _fitted(found, aside, topics, seed, language, recipe)


def _fitted(
    found: list[Unit],
    aside: int,
    topics: int,
    seed: int,
    language: str,
    recipe: Recipe,
) -> TopicModel:
    corpus, further = _corpus(found, language, recipe)
    _check(corpus, topics, aside + further)
    numbers = [topics] if topics else stability.candidates(len(corpus.units))
    refits = stability.resamples(corpus.plain, numbers, seed, recipe)
    scores = _scores(corpus, refits, seed, given=bool(topics))
    number = topics or stability.chosen(scores)
    model = describing.describe(corpus.tokens, corpus.rows, clusters.Partition(number, seed))
    labels = np.asarray(model.topics_, dtype=np.intp)
    strength = _strength(corpus.rows, labels)
    table = _topics(corpus, model, labels, strength)
    return TopicModel(
        assignments=_assignments(corpus.units, labels, strength),
        topics=table.assign(stability=stability.by_topic(labels, refits, number)),
        selection=scores,
        set_aside=aside + further,
        settings=_settings(len(corpus.units), len(table), bool(topics), seed, language, recipe),
        versions=_versions(),
    )


def _corpus(found: list[Unit], language: str, recipe: Recipe) -> tuple[_Corpus, int]:
    """Turn units into words and vectors; count those whose words nobody else uses."""
    tokens = _shared(found, fold((content_words(u.text, language) for u in found), language))
    kept = [place for place, own in enumerate(tokens) if own]
    some_units, some = [found[place] for place in kept], [tokens[place] for place in kept]
    plain = np.zeros((0, 0))
    if len(some) < FEWEST:
        return _Corpus(some_units, some, plain, plain), len(found) - len(kept)
    plain = vectors(some_units, some, language, recipe)
    return _Corpus(some_units, some, plain, smoothed(plain, recipe)), len(found) - len(kept)


def _shared(found: Sequence[Unit], tokens: Sequence[list[str]]) -> list[list[str]]:
    """Keep words of at least two units and, among three participants or more, two participants.

    A name or a hobby-horse of one person cannot be a topic of the study.  In languages without a
    list of stop words, words of over a third of the units go too.
    """
    users: dict[str, set[str]] = {}
    for unit, own in zip(found, tokens, strict=True):
        for word in own:
            users.setdefault(word, set()).add(unit.participant)
    heard = Counter(word for own in tokens for word in set(own))
    people = 2 if len({unit.participant for unit in found}) > 2 else 1
    kept = {word for word, count in heard.items() if count > 1 and len(users[word]) >= people}
    return [[word for word in own if word in kept] for own in tokens]


def _check(corpus: _Corpus, topics: int, aside: int) -> None:
    """Say clearly what is missing."""
    count = len(corpus.units)
    if topics < 0:
        raise NotPossibleError(f"the number of topics is {topics}; give 1 or more, or 0 to choose")
    if count < FEWEST:
        raise NotPossibleError(
            f"topics need at least {FEWEST} passages of participants with words that others use "
            f"too; there are {count} ({aside} set aside as too short). "
            "Import more interviews, or check who is marked as interviewer."
        )
    if topics > count:
        raise NotPossibleError(
            f"{topics} topics were asked for, and there are {count} passages. Ask for fewer."
        )


def _scores(
    corpus: _Corpus, refits: list[stability.Resample], seed: int, given: bool
) -> pd.DataFrame:
    import pandas as pd
    from sklearn.feature_extraction.text import CountVectorizer

    if given:
        return pd.DataFrame(columns=SELECTION).astype(dict.fromkeys(SELECTION, "float64"))
    counts = CountVectorizer(analyzer=list).fit_transform(corpus.tokens)
    return stability.selection(corpus.rows, counts, refits, seed)


def _strength(rows: Vectors, labels: Labels) -> Vectors:
    """Return each unit's cosine similarity to the centre of its topic, to four places."""
    if not rows.any():
        return np.ones(len(rows))  # all units say the same
    middle = clusters.centres(rows, labels)
    return np.asarray(np.round((rows * middle[labels]).sum(axis=1), 4))


def _assignments(found: Sequence[Unit], labels: Labels, strength: Vectors) -> pd.DataFrame:
    import pandas as pd

    rows = [
        [u.source, u.line, u.start, u.end, u.participant, u.group, int(label), float(value)]
        for u, label, value in zip(found, labels, strength, strict=True)
    ]
    return pd.DataFrame(rows, columns=ASSIGNMENTS)


def _topics(
    corpus: _Corpus,
    model: BERTopic,
    labels: Labels,
    strength: Vectors,
) -> pd.DataFrame:
    import pandas as pd

    people = len({unit.participant for unit in corpus.units})
    rows = []
    for topic in range(int(labels.max()) + 1):
        places = np.flatnonzero(labels == topic)
        telling = describing.words_of(model, topic)
        who = {corpus.units[place].participant for place in places}
        rows.append(
            [
                *(topic, " / ".join(telling[:3]), ", ".join(telling)),
                *(len(places), round(len(places) / len(labels), 4), len(labels)),
                *(len(who), people),
                *_quotation(corpus, places, strength, telling),
            ]
        )
    return pd.DataFrame(rows, columns=TOPICS[:-1])


def _quotation(
    corpus: _Corpus,
    places: Labels,
    strength: Vectors,
    telling: Collection[str],
) -> tuple[str, int, str]:
    """Return source, line and words of a passage that shows a topic; empty where none may.

    Of the passages nearest to the topic's centre, the one with most of the topic's words.
    """
    units = corpus.units
    allowed = [p for p in places if units[p].quotable]
    long = [p for p in allowed if len(words(units[p].text)) >= QUOTABLE_WORDS] or allowed
    near = sorted(long, key=lambda p: (-strength[p], p))[:NEAREST]
    if not near:
        return "", 0, ""
    best = max(near, key=lambda p: (len(set(telling) & set(corpus.tokens[p])), strength[p], -p))
    return units[best].source, units[best].line, units[best].text.strip()


def _settings(
    count: int, number: int, given: bool, seed: int, language: str, recipe: Recipe
) -> Mapping[str, str | int | float]:
    about: dict[str, str | int | float] = {
        "units": count,
        "topics": number,
        "chosen": "given" if given else "by stability and coherence",
        "seed": seed,
        "language": language,
        "resamples": stability.RESAMPLES,
    }
    return MappingProxyType(about | asdict(recipe))


def _versions() -> Mapping[str, str]:
    from importlib.metadata import version

    packages = ["bertopic", "nltk", "numpy", "scikit-learn", "scipy", "wordllama"]
    return MappingProxyType({package: version(package) for package in packages})
