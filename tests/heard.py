"""Topic models written out by hand, for tests that need none fitted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from study.topics import TopicModel
from study.topics.model import SELECTION
from study.topics.reporting import ASSIGNMENTS, PASSAGE_COLUMNS, TOPICS, WORDS


def modelled(units, words, labels=None, selection=(), stability=None):
    """Return a model.

    Parameters
    ----------
    units
        One row a unit, in the columns of ASSIGNMENTS.
    words
        The words of each topic, the most telling first.
    labels, stability
        One a topic; labels are the first words if not given, and all topics firm.
    selection
        Rows of the table of numbers that were tried.
    """
    assignments = pd.DataFrame(units, columns=ASSIGNMENTS)
    people = assignments["participant"].nunique()
    rows = []
    for topic, own in enumerate(words):
        inside = assignments[assignments["topic"] == topic]
        share = round(len(inside) / len(assignments), 4)
        label = labels[topic] if labels else " / ".join(own[:3])
        row = [topic, label, ", ".join(own), len(inside), share, len(assignments)]
        row += [inside["participant"].nunique(), people, "", 0, "", int(inside["weak"].sum())]
        rows.append([*row, stability[topic] if stability else 0.8])
    listed = [
        [topic, word, 1 - rank / 100]
        for topic, own in enumerate(words)
        for rank, word in enumerate(own)
    ]
    vectors = np.eye(len(words) + 1)[assignments["topic"].to_numpy(dtype=int)]
    return TopicModel(
        assignments=assignments,
        topics=pd.DataFrame(rows, columns=TOPICS),
        selection=pd.DataFrame(selection, columns=SELECTION),
        set_aside=1,
        words=pd.DataFrame(listed, columns=WORDS),
        passages=pd.DataFrame([], columns=PASSAGE_COLUMNS),
        vectors=vectors,
        bertopic=None,
        settings={"resamples": 10, "resampled": round(0.8 * len(assignments))},
    )
