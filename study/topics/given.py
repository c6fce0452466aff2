"""What a topic model can be fitted to: a study, its table of turns, or texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study import tables
from study.errors import NotPossibleError
from study.model import Project
from study.topics import units
from study.topics.units import Unit

if TYPE_CHECKING:
    import pandas as pd

    Talk = Project | pd.DataFrame | Sequence[str]


@dataclass(frozen=True, slots=True)
class Given:
    """Units, and of how many rows they were cut."""

    units: list[Unit]
    aside: int
    rows: int
    heard: list[int]
    """Numbers of the rows that are participants' turns."""


def read(talk: Talk, language: str) -> Given:
    """Cut what was given into units.

    Raises
    ------
    NotPossibleError
        Where it is no talk: one string, a table without text.
    """
    import pandas as pd

    if isinstance(talk, Project):
        talk = tables.turns(talk)
    if isinstance(talk, pd.DataFrame):
        turns = _complete(talk)
        found, aside = units.of_turns(turns, language)
        return Given(found, aside, len(turns), turns.index[turns["heard"].astype(bool)].tolist())
    if isinstance(talk, str) or not hasattr(talk, "__iter__"):
        raise NotPossibleError(
            f"topics were asked for of {type(talk).__name__}; give a study, its table of turns or "
            "a list of texts"
        )
    texts = list(talk)
    found, aside = units.of_texts(texts, language)
    return Given(found, aside, len(texts), list(range(len(texts))))


def _complete(turns: pd.DataFrame) -> pd.DataFrame:
    """Fill in what a table of somebody's own may lack: all but the text."""
    if "text" not in turns.columns:
        raise NotPossibleError(
            f"the table of turns has no column 'text', only {', '.join(map(str, turns.columns))}; "
            "study.tables.turns makes one"
        )
    turns = turns.reset_index(drop=True)
    wrong = [n for n, text in enumerate(turns["text"]) if not isinstance(text, str)]
    if wrong:
        raise NotPossibleError(
            f"row {wrong[0] + 1} of the table of turns has no text (of {len(wrong)} such rows); "
            "leave them out"
        )
    numbers = turns.index.to_series()
    source = turns["source"] if "source" in turns else numbers.map(lambda _: "talk")
    missing = {
        "source": source,
        "line": numbers + 1,
        "start": numbers,
        "participant": source,
        "group": source.map(lambda _: ""),
        "heard": turns["role"] != "interviewer" if "role" in turns else numbers.map(lambda _: True),
    }
    return turns.assign(**{name: made for name, made in missing.items() if name not in turns})
