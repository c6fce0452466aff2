"""What a fitted model says, as tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from study.topics import clusters, describing, labels
from study.topics.units import Unit

if TYPE_CHECKING:
    import pandas as pd
    from bertopic import BERTopic

    from study.topics.clusters import Labels, Vectors

QUOTABLE_WORDS = 15
"""A representative passage should have at least this many words ..."""
NEAREST = 10
"""... and be one of so many that are nearest to the topic's centre."""
PASSAGES = 5
"""Representative passages of a topic."""
LISTED = 30
"""Words kept of each topic, enough to know it again in another fit."""
NAMED = 10
"""Words shown of each topic."""
OUTSIDE = 0.98
"""A passage is weak if this share of other topics' passages lie farther from its topic, no more."""

ASSIGNMENTS = (
    "source line start end participant group quotable topic strength distance weak".split()
)
TOPICS = (
    "topic label words units share of_units participants of_participants source line quotation"
    " weak stability"
).split()
WORDS = "topic word weight".split()
PASSAGE_COLUMNS = "topic rank source line start end strength text".split()


@dataclass(frozen=True, slots=True)
class Sorted:
    """Units with their words, vectors and topics: what every table is made of."""

    units: Sequence[Unit]
    tokens: Sequence[list[str]]
    rows: Vectors
    """Vectors before smoothing: how near a passage lies is its own affair, not its neighbours'."""
    labels: Labels

    @property
    def number(self) -> int:
        """How many topics there are."""
        return int(self.labels.max()) + 1

    def strength(self) -> Vectors:
        """Return each unit's cosine similarity to the centre of its topic, to four places."""
        if not self.rows.any():
            return np.ones(len(self.rows))  # all units say the same
        middle = clusters.centres(self.rows, self.labels)
        return np.asarray(np.round((self.rows * middle[self.labels]).sum(axis=1), 4))

    def weak(self) -> Labels:
        """Tell which units are hardly nearer to their topic than other topics' units are."""
        found = np.zeros(len(self.rows), dtype=bool)
        middle = clusters.centres(self.rows, self.labels)
        strength = self.strength()
        for topic in range(self.number):
            inside = self.labels == topic
            if inside.all():
                break
            edge = np.quantile(self.rows[~inside] @ middle[topic], OUTSIDE)
            found[inside] = strength[inside] < np.round(edge, 4)
        return found


def assignments(of: Sorted) -> pd.DataFrame:
    """Return one row a unit: where it is, whose, its topic and how near it lies to it."""
    import pandas as pd

    rows = [
        [u.source, u.line, u.start, u.end, u.participant, u.group, u.quotable] for u in of.units
    ]
    strength = of.strength()
    return pd.DataFrame(rows, columns=ASSIGNMENTS[:7]).assign(
        topic=of.labels.astype(np.int64),
        strength=strength,
        distance=np.round(1 - strength, 4),
        weak=of.weak(),
    )


def telling(model: BERTopic, topic: int) -> list[tuple[str, float]]:
    """Return a topic's words and weights, the most telling first; `model` knows how many."""
    return describing.weighted(model, topic)[:LISTED]


def listed(model: BERTopic, number: int) -> pd.DataFrame:
    """Return the words of every topic with their weights."""
    import pandas as pd

    rows = [
        [topic, word, round(weight, 6)]
        for topic in range(number)
        for word, weight in telling(model, topic)
    ]
    return pd.DataFrame(rows, columns=WORDS)


def topics(of: Sorted, model: BERTopic, stability: Sequence[float]) -> pd.DataFrame:
    """Return one row a topic, the largest first."""
    import pandas as pd

    people = len({unit.participant for unit in of.units})
    strength, weak = of.strength(), of.weak()
    rows = []
    for topic in range(of.number):
        places = np.flatnonzero(of.labels == topic)
        named = [word for word, _ in telling(model, topic)[:NAMED]]
        said = [of.units[int(place)].said for place in places]
        who = {of.units[int(place)].participant for place in places}
        near = representative(of, places, strength, named)
        best = of.units[near[0]] if near else None
        rows.append(
            [
                *(topic, labels.automatic(named, said), ", ".join(named)),
                *(len(places), round(len(places) / len(of.labels), 4), len(of.labels)),
                *(len(who), people),
                *((best.source, best.line, best.text.strip()) if best else ("", 0, "")),
                *(int(weak[places].sum()), stability[topic]),
            ]
        )
    return pd.DataFrame(rows, columns=TOPICS)


def passages(of: Sorted, model: BERTopic) -> pd.DataFrame:
    """Return a few passages of each topic that may be quoted, the best first."""
    import pandas as pd

    strength = of.strength()
    rows = []
    for topic in range(of.number):
        places = np.flatnonzero(of.labels == topic)
        named = [word for word, _ in telling(model, topic)[:NAMED]]
        near = representative(of, places, strength, named)[:PASSAGES]
        for rank, place in enumerate(near, 1):
            u = of.units[int(place)]
            where = [u.source, u.line, u.start, u.end]
            rows.append([topic, rank, *where, float(strength[place]), u.text.strip()])
    return pd.DataFrame(rows, columns=PASSAGE_COLUMNS)


def representative(
    of: Sorted, places: Labels, strength: Vectors, named: Collection[str]
) -> list[int]:
    """Return places of units that show a topic, the best first; none that may not be quoted.

    Of the passages nearest to the topic's centre, those with most of the topic's words come first.
    """
    allowed = [int(p) for p in places if of.units[p].quotable]
    long = [p for p in allowed if len(of.units[p].said) >= QUOTABLE_WORDS] or allowed
    near = sorted(long, key=lambda p: (-strength[p], p))[:NEAREST]
    shared = {p: len(set(named) & set(of.tokens[p])) for p in near}
    return sorted(near, key=lambda p: (-shared[p], -strength[p], p))
