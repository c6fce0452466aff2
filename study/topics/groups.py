"""Topics by stakeholder group and by interview: how much of the talk, of how many people.

Turns come from few people and resemble each other, so people are drawn anew and not turns
(cluster bootstrap: Field & Welsh 2007, 10.1111/j.1467-9868.2007.00593.x), and the percentiles are
widened for their small number (Hesterberg 2015, 10.1080/00031305.2015.1089789).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from study.intervals import tail_of
from study.topics.crosswalk import label_of
from study.wording import many

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RESAMPLES = 2000
PEOPLE = 5
"""Participants below which no interval holds what it says (see docs/decisions/5-intervals.md)."""
EVERYONE = "all participants"
COLUMNS = (
    "topic label group units of_units share low high participants of_participants reason"
).split()
BY_INTERVIEW = "source participant group topic label units of_units share".split()


def by_group(
    assignments: pd.DataFrame,
    topics: pd.DataFrame | None = None,
    *,
    groups: Sequence[str] = (),
    resamples: int = RESAMPLES,
    level: float = 0.95,
    seed: int = 1,
) -> pd.DataFrame:
    """Say how much of each group's talk is about each topic, with intervals over people.

    Groups are described, not compared by a test: they are a few people each, and chosen.

    Parameters
    ----------
    assignments
        The units of a topic model.
    topics
        The topics of the model, for their labels.
    groups
        The groups in the order wanted; others follow.
    resamples, level, seed
        Of the bootstrap over participants.

    Returns
    -------
    DataFrame
        One row a topic and group, all participants together first: topic, label, group, units (of
        the group in the topic), of_units (of the group), share (their quotient), low and high (nan
        where `reason` says why), participants (with any unit in the topic), of_participants.
    """
    import pandas as pd

    numbers = sorted(set(assignments["topic"].tolist()))
    counts, group = _by_person(assignments, numbers)
    order = list(dict.fromkeys([*(g for g in groups if g in set(group)), *sorted(set(group))]))
    rows = []
    for name in [EVERYONE, *(one for one in order if one != EVERYONE)]:
        members = counts if name == EVERYONE else counts[group == name]
        low, high, reasons = _interval(members, resamples, level, seed)
        totals, all_units = members.sum(axis=0), int(members.sum())
        for place, topic in enumerate(numbers):
            share = round(float(totals[place] / all_units), 4)
            bounds = [round(float(low[place]), 4), round(float(high[place]), 4)]
            people = [int((members[:, place] > 0).sum()), len(members)]
            label, units = label_of(topics, topic), int(totals[place])
            rows.append(
                [topic, label, name, units, all_units, share, *bounds, *people, reasons[place]]
            )
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values("topic", kind="stable", ignore_index=True)


def by_interview(assignments: pd.DataFrame, topics: pd.DataFrame | None = None) -> pd.DataFrame:
    """Say how much of each interview is about each topic.

    Returns
    -------
    DataFrame
        source, participant, group, topic, label, units, of_units (of the interview), share; zeros
        too.  One interview is one person, so no share has an interval.
    """
    import pandas as pd

    numbers = sorted(set(assignments["topic"].tolist()))
    keys = ["source", "participant", "group"]
    table = pd.crosstab([assignments[key] for key in keys], assignments["topic"])
    found = table.reset_index().melt(keys, numbers, "topic", "units")
    found = found.sort_values(["source", "topic"], kind="stable", ignore_index=True)
    found["of_units"] = found.groupby("source")["units"].transform("sum")
    found["share"] = (found["units"] / found["of_units"]).round(4)
    found["label"] = [label_of(topics, int(topic)) for topic in found["topic"]]
    return found[BY_INTERVIEW]


def _by_person(
    assignments: pd.DataFrame, numbers: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.str_]]:
    """Return units by participant and topic, and each participant's group."""
    who, whose = np.unique(assignments["participant"].to_numpy(dtype=str), return_inverse=True)
    topic = np.searchsorted(np.asarray(numbers), assignments["topic"].to_numpy())
    counts = np.bincount(whose * len(numbers) + topic, minlength=len(who) * len(numbers))
    first = np.unique(whose, return_index=True)[1]
    group = assignments["group"].to_numpy(dtype=str)[first]
    return counts.reshape(len(who), len(numbers)), group


def _interval(
    members: NDArray[np.int64], resamples: int, level: float, seed: int
) -> tuple[Floats, Floats, list[str]]:
    """Return bounds of the share of each topic, and why there are none."""
    people, topics = members.shape
    nothing = np.full(topics, np.nan)
    if people < PEOPLE:
        few = many(people, "participant")
        return nothing, nothing, [f"no interval: {few}, and {PEOPLE} are needed"] * topics
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(people, np.full(people, 1 / people), size=resamples)
    sums = drawn @ members
    shares = sums / sums.sum(axis=1, keepdims=True)
    tail = tail_of(level, people)
    low, high = np.quantile(shares, [tail, 1 - tail], axis=0)
    flat = high - low < 1e-12
    low[flat] = high[flat] = np.nan
    why = "no interval: the same value in every resample"
    return low, high, [why if one else "" for one in flat]
