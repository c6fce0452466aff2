"""What the machine hears and nobody coded, and the reverse: passages to open and read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import numpy as np

from study.topics.crosswalk import LEVEL, coded, label_of, taken

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from study.topics.model import TopicModel

LISTED = 8
TELLING = 5
"""Units that a code needs before anything can be said about the topics it is in."""

HEARD, NOT_HEARD = "in a topic more than chance", "in no topic more than chance"
PERHAPS = "in a topic more than chance, were it the only code"
RARE, UNTESTED = f"fewer than {TELLING} units: too few to tell", "no test"
OUTSIDE = "touches no unit: too short, or not the participant's words"

NOT_CODED = ("topic label source line start end participant group strength weak quotation").split()
MAPPED = "topic label source line start end participant x y weak stability".split()
CODES_NOT_HEARD = (
    "code name branch source line start end participant group why topic label quotation"
).split()


def mapped(model: TopicModel) -> pd.DataFrame:
    """Say where each unit lies on the map of topics.

    Returns
    -------
    DataFrame
        Columns of `MAPPED`, one row a unit; x and y have no unit, stability is the topic's.
    """
    place, topics = model.place, model.topics.set_index("topic")
    found = model.assignments.assign(x=place[:, 0], y=place[:, 1])
    for column in ("label", "stability"):
        found[column] = found["topic"].map(topics[column])
    return found[MAPPED].round({"x": 4, "y": 4})


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

    units = taken(assignments, sources)
    bare = _bare(units, codings)
    rows = []
    for topic, members in units.groupby("topic", sort=True):
        left = members[bare[members.index]].sort_values("strength", ascending=False, kind="stable")
        lines = ", ".join(_where(left.head(LISTED)))
        share = round(len(left) / len(members), 4)
        label = label_of(topics, int(str(topic)))
        rows.append([topic, label, len(members), len(left), share, lines])
    return pd.DataFrame(rows, columns="topic label units uncoded share lines".split())


def not_coded(
    assignments: pd.DataFrame,
    codings: pd.DataFrame,
    topics: pd.DataFrame | None = None,
    *,
    sources: Collection[str] | None = None,
    turns: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List every passage that the machine sorted into a topic and nobody coded.

    Parameters
    ----------
    assignments, codings, topics, sources
        As for `crosswalk`.
    turns
        The table of turns, for quotations of those who consented; without it none is quoted.

    Returns
    -------
    DataFrame
        Columns of `NOT_CODED`, the passages nearest to a topic's centre first.
    """
    units = taken(assignments, sources)
    left = units[_bare(units, codings)].sort_values(
        ["topic", "strength", "source", "start"], ascending=[True, False, True, True]
    )
    left = left.reset_index(drop=True)
    labels = [label_of(topics, int(topic)) for topic in left["topic"]]
    return left.assign(label=labels, quotation=_quoted(left, turns))[NOT_CODED]


def codes_of_topics(crossed: pd.DataFrame) -> pd.DataFrame:
    """Say for each topic which codes it has more of than chance gives.

    Parameters
    ----------
    crossed
        What `crosswalk` returned, with its test.

    Returns
    -------
    DataFrame
        topic, label, units, codes (their number), which: names with units and lift, the firmest
        first.
    """
    import pandas as pd

    rows = []
    for (topic, label), cells in crossed.groupby(["topic", "label"], sort=False):
        above = _above(cells)
        which = _listed(above["name"], above)
        rows.append([topic, label, int(cells["of_topic"].iloc[0]), len(above), which])
    return pd.DataFrame(rows, columns="topic label units codes which".split())


def topics_of_codes(crossed: pd.DataFrame) -> pd.DataFrame:
    """Say for each code which topics have more of it than chance gives, and whether any does.

    Parameters
    ----------
    crossed
        What `crosswalk` returned, with its test.

    Returns
    -------
    DataFrame
        code, name, branch, units, topics (their number), which: labels with units and lift, the
        firmest first, verdict: `HEARD`, `PERHAPS` (only if no other code had been asked about),
        `NOT_HEARD`, `RARE` or `UNTESTED`.
    """
    import pandas as pd

    rows = []
    for (code, name, branch), cells in crossed.groupby(["code", "name", "branch"], sort=False):
        above = _above(cells)
        perhaps = above if len(above) else _above(cells, "p_code")
        which = _listed(perhaps["label"], perhaps)
        units = cells["of_code"].iloc[0]  # missing where it is masked
        rows.append([code, name, branch, units, len(above), which, _verdict(cells)])
    found = pd.DataFrame(rows, columns="code name branch units topics which verdict".split())
    return found.astype({"units": "Int64"})


def _verdict(cells: pd.DataFrame) -> str:
    """Say of the cells of one code whether the machine hears it."""
    if cells["p"].le(LEVEL).any():
        return HEARD
    if cells["p_code"].le(LEVEL).any():
        return PERHAPS
    if cells["of_code"].iloc[0] < TELLING:
        return RARE
    return UNTESTED if cells["p"].isna().all() else NOT_HEARD


def not_heard(
    assignments: pd.DataFrame,
    codings: pd.DataFrame,
    crossed: pd.DataFrame,
    *,
    sources: Collection[str] | None = None,
) -> pd.DataFrame:
    """List every passage that people coded and the machine does not hear.

    Either its code is in no topic more often than chance gives, or it touches no unit of the model.
    Codes of fewer than `TELLING` units are listed only where a passage touches none.

    Parameters
    ----------
    assignments, codings, sources
        As for `crosswalk`.
    crossed
        What `crosswalk` returned for them.

    Returns
    -------
    DataFrame
        Columns of `CODES_NOT_HEARD`; topic and label are those of the first unit that the passage
        touches, missing where it touches none.
    """
    import pandas as pd

    table = topics_of_codes(crossed)
    missed = set(table.loc[table["verdict"] == NOT_HEARD, "code"])
    made = codings if sources is None else codings[codings["source"].isin(sources)]
    units = taken(assignments, sources)
    first = _first_unit(made, units)
    why = np.where(first < 0, OUTSIDE, np.where(made["code"].isin(missed), NOT_HEARD, ""))
    labels = crossed.drop_duplicates("topic").set_index("topic")["label"]
    topic = pd.array(
        [int(units["topic"].iloc[place]) if place >= 0 else pd.NA for place in first],
        dtype="Int64",
    )
    made = made.assign(why=why, topic=topic)
    made["label"] = made["topic"].map(labels).fillna("")
    order = {code: place for place, code in enumerate(table["code"])}
    found = made[made["why"] != ""].sort_values(
        ["why", "code", "source", "start"],
        key=lambda column: column.map(order) if column.name == "code" else column,
        kind="stable",
        ignore_index=True,
    )
    return found[CODES_NOT_HEARD]


def _first_unit(made: pd.DataFrame, units: pd.DataFrame) -> NDArray[np.intp]:
    """Return the place of the first unit that each passage touches; -1 where it touches none."""
    first = np.full(len(made), -1, dtype=np.intp)
    where = units.groupby("source", sort=False).indices
    start, end = units["start"].to_numpy(), units["end"].to_numpy()
    for source, some in made.groupby("source", sort=False).indices.items():
        places = where.get(source)
        if places is None:
            continue
        begin = np.searchsorted(end[places], made["start"].to_numpy()[some], "right")
        inside = np.minimum(begin, len(places) - 1)
        touches = (begin < len(places)) & (
            start[places[inside]] < made["end"].to_numpy()[some]
        )  # fmt: skip
        first[some] = np.where(touches, places[inside], -1)
    return first


def _bare(units: pd.DataFrame, codings: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which units have no code at all."""
    any_code = codings.assign(code="")
    return np.asarray(~coded(units, any_code, [""]).any(axis=1))


def _where(units: pd.DataFrame) -> Iterable[str]:
    return (f"{source}:{line}" for source, line in units[["source", "line"]].to_numpy())


def _above(cells: pd.DataFrame, by: str = "p") -> pd.DataFrame:
    """Return the cells that chance does not explain, the firmest first."""
    firm = cells[cells[by].le(LEVEL)]
    return firm.sort_values([by, "lift"], ascending=[True, False], kind="stable")


def _listed(names: pd.Series[str], cells: pd.DataFrame) -> str:
    return "; ".join(
        f"{name} ({units} units, lift {lift:.1f})"
        for name, units, lift in zip(names, cells["units"], cells["lift"], strict=True)
    )


def _quoted(units: pd.DataFrame, turns: pd.DataFrame | None) -> list[str]:
    """Return the words of each unit whose participant consented to quotation, else nothing."""
    if turns is None or "quotable" not in turns.columns:
        return [""] * len(units)
    spoken = {
        source: (some["start"].to_numpy(), some["text"].tolist(), some["quotable"].tolist())
        for source, some in turns.sort_values("start").groupby("source", sort=False)
    }
    found = []
    for source, start, end in units[["source", "start", "end"]].to_numpy():
        starts, texts, allowed = spoken.get(source, ((), (), ()))
        turn = int(np.searchsorted(starts, start, "right")) - 1
        if turn < 0 or not allowed[turn]:
            found.append("")
            continue
        found.append(texts[turn][start - starts[turn] : end - starts[turn]].strip())
    return found
