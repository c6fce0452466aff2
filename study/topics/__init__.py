"""Topics: what participants talk about, as a machine hears it, and how far to trust that.

BERTopic gives words, sizes and order; vectors, groups and their number come from modules here that
need no network, no neural network library and no luck.  Heavy packages load when `fit` is called.

>>> from study import topics
>>> model = topics.fit(turns)                                          # doctest: +SKIP
>>> topics.crosswalk(model.assignments, codings, model.topics)         # doctest: +SKIP
"""

from __future__ import annotations

from study.topics.crosswalk import crosswalk, mutual_information, uncoded
from study.topics.embedding import Recipe
from study.topics.model import TopicModel, fit

__all__ = ["Recipe", "TopicModel", "crosswalk", "fit", "mutual_information", "uncoded"]
