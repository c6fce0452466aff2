"""What tables in print show: branches with their codes, and the quotations that stand for them.

Quotations are chosen by a fixed rule, and only of participants who consented to be quoted: another
participant before a second passage of the same one, then the length nearest to a number of words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from study.model import Project
from study.tables.basic import codings, groups
from study.tables.masking import ALL, Counting, Mask
from study.tables.scope import scope
from study.text import words

WORDS = 30
"""The length, in words, that a quotation in a cell should have."""
TOTALS = "code name level with_below group passages participants of_participants".split()
JOINT = (
    "code name branch group passages participants of_participants participant source line quotation"
).split()
BANK = "code name branch participant group source line stance quotation".split()


def totals(
    project: Project, made: pd.DataFrame | None = None, mask: Mask | None = None
) -> pd.DataFrame:
    """Count passages and participants of each code and branch, by group and all together.

    Parameters
    ----------
    project
        A loaded study.
    made
        The codings that are counted (`tables.codings`); None: those of the reporting coder.
    mask
        What is masked; nothing if not given.

    Returns
    -------
    DataFrame
        code, name, level (1 at the top), with_below (a row of a branch counts the codes below it
        too), group (empty: all groups together), passages, participants (with at least one),
        of_participants; with a mask also masked, and its numbers missing.  A branch stands above
        its codes, and has a second row where passages bear the branch itself.
    """
    made = codings(project) if made is None else made
    read = scope(project, set(made["coder"]) if len(made) else None)
    sizes = Counter(groups(read).values())
    count = Counting(project.codebook, made, sizes, 0)
    every = {**sizes, ALL: sum(sizes.values())}
    names = {code.path: code.name for code in project.codebook}
    rows = [
        (code, names[code], code.count(".") + 1, below, group, *count.of(code, group, below), size)
        for code, below in count.rows
        for group, size in every.items()
    ]
    frame = pd.DataFrame(rows, columns=TOTALS)
    if mask is None or not mask.smallest:
        return frame
    keys = zip(frame["code"], frame["group"], frame["with_below"], strict=True)
    hidden = pd.Series(
        [mask.hides(code, group, below=below) for code, group, below in keys], dtype=bool
    )
    for name in ("passages", "participants"):
        frame[name] = frame[name].astype("Int64").where(~hidden)
    return frame.assign(masked=hidden)


def ranked(made: pd.DataFrame, by: Sequence[str], length: int = WORDS) -> pd.DataFrame:
    """Return the passages that may be quoted, the first choice within `by` first.

    Another participant comes before a second passage of the same one; then the length nearest to
    `length` words, then the order of the transcripts.
    """
    allowed = made[made["quotable"].astype(bool)]
    allowed = allowed.drop_duplicates([*by, "source", "start", "end"])
    distance = (allowed["quotation"].map(lambda said: len(words(said))) - length).abs()
    near = allowed.assign(distance=distance).sort_values(
        [*by, "distance", "source", "start"], kind="stable"
    )
    turn = near.groupby([*by, "participant"], sort=False).cumcount()
    ordered = near.assign(turn=turn).sort_values(
        [*by, "turn", "distance", "source", "start"], kind="stable", ignore_index=True
    )
    return ordered.drop(columns=["distance", "turn"])


def joint(counted: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Set beside each count of a code in a group the words of one who said it.

    Parameters
    ----------
    counted
        What `tables.frequencies` returns, masked or not.
    listed
        The codings that may be listed.

    Returns
    -------
    DataFrame
        code, name, branch, group, passages, participants, of_participants, then participant,
        source, line and quotation: empty where nobody is heard, or nobody may be quoted.
    """
    first = ranked(listed, ["code", "group"]).drop_duplicates(["code", "group"])
    chosen = first[["code", "group", "participant", "source", "line", "quotation"]]
    used = counted[counted["code"].isin(set(listed["code"]))]
    shown = used.merge(chosen, on=["code", "group"], how="left")
    shown["line"] = shown["line"].astype("Int64")
    for name in ("participant", "source", "quotation"):
        shown[name] = shown[name].fillna("")
    return shown[[*JOINT, *(name for name in shown if name == "masked")]]


def bank(listed: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return every coded passage that may be quoted, code by code.

    Parameters
    ----------
    listed
        The codings that may be listed, in any order.
    codes
        Paths of the codes in the order of the codebook.

    Returns
    -------
    DataFrame
        code, name, branch, participant, group, source, line, stance, quotation; within a code
        as `ranked` orders them.
    """
    places = {code: place for place, code in enumerate(codes)}
    ordered = ranked(listed, ["code"])
    return ordered.sort_values(
        "code", key=lambda code: code.map(places), kind="stable", ignore_index=True
    )[BANK]
