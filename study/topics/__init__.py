"""Topics: what participants talk about, as a machine hears it, and how far to trust that.

BERTopic gives words, sizes and order; vectors, groups and their number come from modules here that
need no network, no neural network library and no luck.  Heavy packages load when `fit` is called.

>>> from study import topics
>>> model = topics.fit(turns)                                          # doctest: +SKIP
>>> topics.crosswalk(model.assignments, codings, model.topics)         # doctest: +SKIP
"""

from __future__ import annotations

from study.topics.advice import called, closing
from study.topics.crosswalk import agreement, crosswalk, mutual_information
from study.topics.embedding import Recipe
from study.topics.groups import by_group, by_interview
from study.topics.model import TopicModel, fit
from study.topics.naming import Naming, named, names
from study.topics.naming import write as write_names
from study.topics.passages import (
    codes_of_topics,
    mapped,
    not_coded,
    not_heard,
    topics_of_codes,
    uncoded,
)

__all__ = [
    "Naming",
    "Recipe",
    "TopicModel",
    "agreement",
    "by_group",
    "by_interview",
    "called",
    "closing",
    "codes_of_topics",
    "crosswalk",
    "fit",
    "mapped",
    "mutual_information",
    "named",
    "names",
    "not_coded",
    "not_heard",
    "topics_of_codes",
    "uncoded",
    "write_names",
]
