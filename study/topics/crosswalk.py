"""Topics heard by machine against codes applied by people: counts, lift, and what chance gives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from study.topics.chance import ARRANGEMENTS, Meeting, corrected, information

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

PERMUTATIONS = 1999
LEVEL = 0.05
COLUMNS = (
    "topic label code name branch units of_topic of_code of_units participants of_participants"
    " lift expected p p_code"
).split()
AGREEMENT = "measure value by_chance adjusted p pairs reason".split()


def crosswalk(
    assignments: pd.DataFrame,
    codings: pd.DataFrame,
    topics: pd.DataFrame | None = None,
    *,
    sources: Collection[str] | None = None,
    permutations: int = PERMUTATIONS,
    seed: int = 1,
) -> pd.DataFrame:
    """Count for each topic and each code the units that have both, and ask if that is chance.

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
    permutations
        Arrangements drawn for the test; 0 leaves it out.
    seed
        Of the arrangements.

    Returns
    -------
    DataFrame
        topic, label, code, name, branch, units (with both), of_topic, of_code, of_units (in all),
        participants (with both), of_participants, lift (units over what independence would give:
        1 is chance, nan where no unit has the code), expected (units to expect from topic and
        code sharing the same interviews), p (how often chance alone makes any cell at all stand
        out as much) and p_code (any cell of this code), see `chance.corrected`; nan where there
        is no test.  Every topic with every code, zeros too.
    """
    import pandas as pd

    units = taken(assignments, sources)
    codes = codings[["code", "name", "branch"]].drop_duplicates("code")
    numbers = sorted(set(units["topic"].tolist()))
    meeting = met(units, codings, list(codes["code"]), numbers)
    seen, shape = meeting.counts, (len(numbers), len(codes))
    sizes, found = np.bincount(meeting.topics, minlength=shape[0]), meeting.has.sum(axis=0)
    grid = np.outer(sizes, found) / max(len(units), 1)
    lift = np.where(grid > 0, seen / np.where(grid > 0, grid, 1.0), np.nan)
    p, alone = corrected(meeting, permutations, seed)
    columns = {
        "topic": np.repeat(numbers, shape[1]),
        "label": np.repeat([label_of(topics, topic) for topic in numbers], shape[1]),
        **{name: np.tile(codes[name].to_numpy(dtype=object), shape[0]) for name in codes.columns},
        "units": seen.ravel(),
        "of_topic": np.repeat(sizes, shape[1]),
        "of_code": np.tile(found, shape[0]),
        "of_units": len(units),
        "participants": _people(units, meeting).ravel(),
        "of_participants": units["participant"].nunique(),
        "lift": lift.ravel().round(4),
        "expected": meeting.expected.ravel().round(2),
        "p": p.ravel().round(4),
        "p_code": alone.ravel().round(4),
    }
    return pd.DataFrame(columns, columns=COLUMNS)


def taken(assignments: pd.DataFrame, sources: Collection[str] | None) -> pd.DataFrame:
    """Keep the units of transcripts that were coded, in the order of the transcripts."""
    kept = assignments if sources is None else assignments[assignments["source"].isin(sources)]
    return kept.sort_values(["source", "start"], kind="stable", ignore_index=True)


def met(
    units: pd.DataFrame, codings: pd.DataFrame, codes: list[str], numbers: Sequence[int]
) -> Meeting:
    """Return which of the units that `taken` returned has which topic and which codes."""
    place = np.searchsorted(np.asarray(numbers, dtype=np.int64), units["topic"].to_numpy())
    whose = np.unique(units["source"].to_numpy(dtype=str), return_inverse=True)[1]
    has = coded(units, codings, codes)
    return Meeting(place.astype(np.intp), whose.astype(np.intp), has, len(numbers))


def coded(assignments: pd.DataFrame, codings: pd.DataFrame, codes: list[str]) -> NDArray[np.bool_]:
    """Tell which unit has which code, shape (units, codes).

    A unit's passages with a code are those that begin before its end, less those that end at or
    before its start: two look-ups in sorted offsets for each transcript and code.
    """
    has = np.zeros((len(assignments), len(codes)), dtype=bool)
    column = {code: place for place, code in enumerate(codes)}
    starts, ends = (assignments[name].to_numpy() for name in ("start", "end"))
    where = assignments.groupby("source", sort=False).indices
    for (source, code), some in codings.groupby(["source", "code"], sort=False):
        units = where.get(source)
        if units is None or code not in column:
            continue
        begun = np.searchsorted(np.sort(some["start"].to_numpy()), ends[units], "left")
        over = np.searchsorted(np.sort(some["end"].to_numpy()), starts[units], "right")
        has[units, column[code]] = begun > over
    return has


def _people(units: pd.DataFrame, meeting: Meeting) -> NDArray[np.int64]:
    """Return how many participants have units with both, shape (topics, codes)."""
    who, whose = np.unique(units["participant"].to_numpy(dtype=str), return_inverse=True)
    codes = meeting.has.shape[1]
    row, code = np.nonzero(meeting.has)
    keys = np.unique((meeting.topics[row] * codes + code) * len(who) + whose[row])
    found = np.bincount(keys // max(len(who), 1), minlength=meeting.number * codes)
    return np.asarray(found.reshape(meeting.number, codes))


def mutual_information(crossed: pd.DataFrame) -> float:
    """Return how much topics and codes say about each other, 0 (nothing) to 1 (the same).

    Normalised mutual information (see `chance.information`): a unit with two codes counts twice,
    one without codes doesn't.  It flatters many topics; 0 is not what chance gives: `agreement`
    says what does.  nan where it is undefined: fewer than two topics or codes with units.
    """
    table = crossed.pivot(index="topic", columns="code", values="units").to_numpy(dtype=np.int64)
    return round(float(information(table)), 4) if table.size else float("nan")


def agreement(
    assignments: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    sources: Collection[str] | None = None,
    permutations: int = PERMUTATIONS,
    seed: int = 1,
) -> pd.DataFrame:
    """Say how much topics and codes tell about each other beyond chance.

    Arguments are those of `crosswalk`.

    Returns
    -------
    DataFrame
        One row: measure; value, the normalised mutual information; by_chance, its mean under the
        shifts of `chance.Meeting`; adjusted, (value - by_chance) / (1 - by_chance), 0 where it is
        chance; p, how often chance gives as much; pairs of a unit and a code; reason, where
        something is undefined.
    """
    import pandas as pd

    units = taken(assignments, sources)
    numbers = sorted(set(units["topic"].tolist()))
    meeting = met(units, codings, list(codings["code"].unique()), numbers)
    value, pairs = float(information(meeting.counts)), int(meeting.has.sum())
    name, none = "normalised mutual information", float("nan")
    if np.isnan(value):
        reason = "fewer than two topics or two codes have units"
        return pd.DataFrame([[name, none, none, none, none, pairs, reason]], columns=AGREEMENT)
    if meeting.arrangements < ARRANGEMENTS or permutations < 1:
        reason = "interviews are too few and short for a test"
        row = [name, round(value, 4), none, none, none, pairs, reason]
        return pd.DataFrame([row], columns=AGREEMENT)
    drawn = np.concatenate([information(b) for b in meeting.shifted(permutations, seed)])
    chance = float(np.nanmean(drawn))
    p = (1 + int((drawn >= value - 1e-12).sum())) / (1 + permutations)
    adjusted = (value - chance) / (1 - chance) if chance < 1 else none
    row = [name, *(round(x, 4) for x in (value, chance, adjusted, p)), pairs, ""]
    return pd.DataFrame([row], columns=AGREEMENT)


def label_of(topics: pd.DataFrame | None, topic: int) -> str:
    """Return the label of a topic; its number where there are no labels."""
    if topics is None:
        return f"Topic {topic}"
    return str(topics.loc[topics["topic"] == topic, "label"].iloc[0])
