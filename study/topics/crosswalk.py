"""Topics heard by machine against codes applied by people."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

LISTED = 8
COLUMNS = "topic label code name branch units of_topic of_code of_units lift".split()


def crosswalk(
    assignments: pd.DataFrame,
    codings: pd.DataFrame,
    topics: pd.DataFrame | None = None,
    *,
    sources: Collection[str] | None = None,
) -> pd.DataFrame:
    """Count for each topic and each code the units that have both.

    A unit has a code if a passage with that code overlaps it, by however little and whoever coded
    it; so pass the codings of one coder, or of the consensus.

    Parameters
    ----------
    assignments
        The units of a topic model.
    codings
        The table of codings.
    topics
        The topics of the model, for their labels; without it topics are called by their number.
    sources
        Transcripts that were coded: units of others, which nobody could have coded, are left
        out.  None takes all.

    Returns
    -------
    DataFrame
        topic, label, code, name, branch, units (with both), of_topic, of_code, of_units
        (in all), lift (units over what independence would give: 1 is chance, nan where no
        unit has the code); every topic with every code, zeros too.
    """
    import pandas as pd

    assignments = _read(assignments, sources)
    codes = codings[["code", "name", "branch"]].drop_duplicates("code")
    has = coded(assignments, codings, list(codes["code"]))
    whose = assignments["topic"].to_numpy()
    rows = []
    for topic in sorted(set(whose.tolist())):
        inside = whose == topic
        for place, code in enumerate(codes.itertuples(index=False)):
            both, size = int(has[inside, place].sum()), int(has[:, place].sum())
            lift = both * len(has) / (inside.sum() * size) if size else float("nan")
            rows.append(
                [
                    *(topic, _label(topics, topic), code.code, code.name, code.branch),
                    *(both, int(inside.sum()), size, len(has), round(float(lift), 4)),
                ]
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def _read(assignments: pd.DataFrame, sources: Collection[str] | None) -> pd.DataFrame:
    """Keep the units of transcripts that were coded."""
    kept = assignments if sources is None else assignments[assignments["source"].isin(sources)]
    return kept.reset_index(drop=True)


def uncoded(
    assignments: pd.DataFrame,
    codings: pd.DataFrame,
    topics: pd.DataFrame | None = None,
    *,
    sources: Collection[str] | None = None,
) -> pd.DataFrame:
    """Say how much of each topic nobody coded, and where to read it.

    Arguments are those of `crosswalk`.

    Returns
    -------
    DataFrame
        topic, label, units, uncoded, share (uncoded of units), lines: the uncoded units nearest
        to the topic's centre, as `P01:41`, at most `LISTED`.
    """
    import pandas as pd

    assignments = _read(assignments, sources)
    anything = list(codings["code"].unique())
    bare = np.asarray(~coded(assignments, codings, anything).any(axis=1))
    rows = []
    for topic, units in assignments.groupby("topic", sort=True):
        left = units[bare[units.index]].sort_values("strength", ascending=False, kind="stable")
        lines = (
            f"{source}:{line}" for source, line in left[["source", "line"]].to_numpy()[:LISTED]
        )
        share = round(len(left) / len(units), 4)
        label = _label(topics, int(str(topic)))
        rows.append([topic, label, len(units), len(left), share, ", ".join(lines)])
    return pd.DataFrame(rows, columns="topic label units uncoded share lines".split())


def coded(assignments: pd.DataFrame, codings: pd.DataFrame, codes: list[str]) -> NDArray[np.bool_]:
    """Tell which unit has which code, shape (units, codes)."""
    has = np.zeros((len(assignments), len(codes)), dtype=bool)
    column = {code: place for place, code in enumerate(codes)}
    where = assignments["source"].to_numpy()
    start, end = (assignments[name].to_numpy() for name in ("start", "end"))
    for coding in codings.itertuples(index=False):
        hit = (where == coding.source) & (start < coding.end) & (coding.start < end)
        has[hit, column[str(coding.code)]] = True
    return has


def mutual_information(crossed: pd.DataFrame) -> float:
    """Return how much topics and codes say about each other, 0 (nothing) to 1 (the same).

    Normalised mutual information with the mean of both entropies (Strehl & Ghosh 2002,
    https://jmlr.org/papers/v3/strehl02a.html) over pairs of a unit and one of its codes: a unit
    with two codes counts twice, one without codes doesn't.  It flatters many topics; 0 is not what
    chance gives.  nan where it is undefined: fewer than two topics or codes with units.
    """
    table = crossed.pivot(index="topic", columns="code", values="units").to_numpy(dtype=float)
    total = table.sum()
    if not total:
        return float("nan")
    joint = table / total
    topics, codes = joint.sum(axis=1), joint.sum(axis=0)
    if min((topics > 0).sum(), (codes > 0).sum()) < 2:
        return float("nan")
    shared = _entropy(topics) + _entropy(codes) - _entropy(joint.ravel())
    return round(float(2 * shared / (_entropy(topics) + _entropy(codes))), 4)


def _entropy(shares: NDArray[np.float64]) -> float:
    some = shares[shares > 0]
    return float(-(some * np.log(some)).sum())


def _label(topics: pd.DataFrame | None, topic: int) -> str:
    if topics is None:
        return f"Topic {topic}"
    return str(topics.loc[topics["topic"] == topic, "label"].iloc[0])
