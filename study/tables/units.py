"""Units: every coder's decision, yes or no, for each code on each unit they have worked on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from study.errors import NotPossibleError
from study.model import Project, Selection, Source
from study.tables.basic import groups, participant_of

UNITS = ("turn", "source")
CONSENSUS = "consensus"


def units(
    project: Project, unit: str = "turn", coders: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return one row a unit, code and coder who has worked on the unit's transcript.

    Parameters
    ----------
    project
        A loaded study.
    unit
        `turn` (turns of anyone but the interviewer) or `source` (whole transcripts).
    coders
        Names; None takes all but `consensus`, which is no independent reading.

    Returns
    -------
    DataFrame
        unit, source, participant, group, start, end, code, coder, value.  A value of 1 says that
        a coding of this code by this coder shares at least one character with the unit; 0 that
        the coder worked on the transcript and did not apply the code here.

    Raises
    ------
    NotPossibleError
        The unit or a coder is unknown.
    """
    if unit not in UNITS:
        raise NotPossibleError(f"unit {unit!r} is none of: {', '.join(UNITS)}")
    chosen = [name for name in project.assigned if name != CONSENSUS] if coders is None else coders
    for name in chosen:
        if name not in project.assigned:
            known = ", ".join(project.assigned)
            raise NotPossibleError(f"no coder {name!r} in this study; there are: {known}")
    codes = [code.path for code in project.codebook]
    frames = [
        _of_source(project, source, _selections(source, unit), codes, coder)
        for source in project.sources
        for coder in chosen
        if source.name in project.assigned[coder]
    ]
    columns = "unit source participant group start end code coder value".split()
    frames = [frame for frame in frames if len(frame)]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)
    table.attrs["unit"] = unit
    return table


def _selections(source: Source, unit: str) -> list[Selection]:
    if unit == "source":
        return [Selection(source.name, 0, len(source.text))]
    return [turn.selection for turn in source.turns if turn.role != "interviewer"]


def _of_source(
    project: Project, source: Source, selections: list[Selection], codes: list[str], coder: str
) -> pd.DataFrame:
    starts = np.array([selection.start for selection in selections], dtype=np.int64)
    ends = np.array([selection.end for selection in selections], dtype=np.int64)
    values = np.zeros((len(selections), len(codes)), dtype=np.int8)
    column = {code: number for number, code in enumerate(codes)}
    for coding in project.codings:
        if coding.coder == coder and coding.selection.source == source.name:
            first = np.searchsorted(ends, coding.selection.start, side="right")
            last = np.searchsorted(starts, coding.selection.end, side="left")
            values[first:last, column[coding.code]] = 1
    each, count = len(codes), len(selections)
    return pd.DataFrame(
        {
            "unit": np.repeat([f"{source.name}:{start}" for start in starts], each),
            "source": source.name,
            "participant": participant_of(project)[source.name],
            "group": groups(project)[source.name],
            "start": np.repeat(starts, each),
            "end": np.repeat(ends, each),
            "code": np.tile(np.array(codes, dtype=object), count),
            "coder": coder,
            "value": values.ravel(),
        }
    )
