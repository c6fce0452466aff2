"""From the table of units to arrays of decisions, one transcript at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from study.errors import NotPossibleError
from study.model import DERIVED
from study.reliability.coefficients import Floats

if TYPE_CHECKING:
    import pandas as pd

EXCLUDED = DERIVED
"""Coders left out unless they are asked for: made from the others, or machines."""

CATEGORIES = ("neutral", "positive", "mixed", "negative")

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What each coder decided, transcript by transcript.

    `marks` has one array (codes, units, coders, 2) for every transcript that at least two coders
    judged; the last axis is did not apply / applied, both zero where the coder did not judge.
    `places` is there where units are stretches of characters, in order, that count by their
    length: one array (units, 2) a transcript, where each begins and ends.
    """

    codes: tuple[str, ...]
    coders: tuple[str, ...]
    marks: tuple[Floats, ...]
    places: tuple[Indices, ...] | None = None

    @property
    def sizes(self) -> tuple[Floats, ...]:
        """For how many units each unit counts: one array (units,) a transcript."""
        if self.places is None:
            return tuple(np.ones(mark.shape[1]) for mark in self.marks)
        return tuple((place[:, 1] - place[:, 0]).astype(float) for place in self.places)

    def pooled(self) -> Decisions:
        """Take every unit-and-code as one unit of a single nameless code.

        Codes that nobody used are left out: agreeing on what is never there proves nothing.
        """
        used = np.any([mark[..., 1].any(axis=(1, 2)) for mark in self.marks], axis=0)
        kept = [mark[used] if used.any() else mark for mark in self.marks]
        shapes = [(1, mark.shape[0] * mark.shape[1], *mark.shape[2:]) for mark in kept]
        flat = [mark.reshape(shape) for mark, shape in zip(kept, shapes, strict=True)]
        if self.places is None:
            return Decisions(("",), self.coders, tuple(flat))
        pairs = zip(self.places, kept, strict=True)
        places = tuple(np.tile(place, (len(mark), 1)) for place, mark in pairs)
        return Decisions(("",), self.coders, tuple(flat), places)


def decisions(
    units: pd.DataFrame, codes: Collection[str] | None, coders: Collection[str] | None
) -> Decisions:
    """Arrange the rows of `units` by transcript, code, unit and coder.

    Raises
    ------
    NotPossibleError
        A coder was asked for who has no rows.
    ValueError
        Two rows for one unit, code and coder, or values that are neither 0 nor 1.
    """
    names = _coders(units, coders)
    labels = tuple(dict.fromkeys(units["code"].unique() if codes is None else codes))
    code, coder = _positions(units["code"], labels), _positions(units["coder"], names)
    rows = (code >= 0) & (coder >= 0) & units["value"].notna().to_numpy()
    source, unit = _number_units(units.loc[rows, ["source", "unit"]])
    marks = np.zeros((len(labels), len(source), len(names), 2), dtype=np.int8)
    marks[code[rows], unit, coder[rows], _values(units["value"][rows])] = 1
    if marks.sum(dtype=np.int64) != rows.sum() or marks.all(axis=-1).any():
        raise ValueError("units: more than one row for the same unit, code and coder")
    if "length" not in units:
        return Decisions(labels, names, *_by_source(source, marks))
    places = _places(units.loc[rows, ["start", "length"]], unit)
    order = np.lexsort((places[:, 0], source))
    return Decisions(labels, names, *_by_source(source, marks[:, order], places[order]))


def shared(units: pd.DataFrame) -> pd.DataFrame:
    """Return the units of transcripts that at least two coders have taken on."""
    coders = units[["source", "coder"]].drop_duplicates()["source"].value_counts()
    return units[units["source"].isin(coders.index[coders > 1])]


def stance_decisions(stances: pd.DataFrame, coders: Collection[str] | None) -> Decisions:
    """Arrange stances (unit, source, code, coder, stance) as decisions between four categories.

    A unit is one code on one stretch of text; `neutral`, which judges nothing, comes first.
    """
    names = _coders(stances, coders)
    rows = stances[stances["coder"].isin(names) & stances["stance"].isin(CATEGORIES)]
    keys = rows.assign(unit=rows["unit"] + " " + rows["code"])[["source", "unit"]]
    source, unit = _number_units(keys)
    marks = np.zeros((1, len(source), len(names), len(CATEGORIES)), dtype=np.int8)
    stance, coder = _positions(rows["stance"], CATEGORIES), _positions(rows["coder"], names)
    marks[0, unit, coder, stance] = 1
    return Decisions(("",), names, *_by_source(source, marks))


def _coders(units: pd.DataFrame, wanted: Collection[str] | None) -> tuple[str, ...]:
    """Return the coders to compare, in alphabetical order."""
    present = set(units["coder"].dropna().unique())
    if wanted is None:
        return tuple(sorted(present - set(EXCLUDED)))
    if unknown := sorted(set(wanted) - present):
        there = ", ".join(sorted(present)) or "none"
        raise NotPossibleError(f"no decisions by {', '.join(unknown)}; coders with some: {there}")
    return tuple(sorted(set(wanted)))


def _number_units(rows: pd.DataFrame) -> tuple[Indices, Indices]:
    """Return the source of each distinct unit (units,) and the unit of each row (rows,).

    Sources and units are numbered in sorted order, so results don't depend on the order of rows.
    """
    import pandas as pd

    source, _ = pd.factorize(rows["source"], sort=True)
    unit, labels = pd.factorize(rows["unit"], sort=True)
    number, keys = pd.factorize(source * max(len(labels), 1) + unit, sort=True)
    return np.asarray(keys) // max(len(labels), 1), number


def _positions(column: pd.Series[Any], labels: tuple[str, ...]) -> Indices:
    """Return where each row's label stands among `labels`, -1 where it is none of them."""
    import pandas as pd

    number, present = pd.factorize(column)
    place = {label: position for position, label in enumerate(labels)}
    return np.array([*(place.get(label, -1) for label in present), -1], dtype=np.intp)[number]


def _values(column: pd.Series[Any]) -> Indices:
    """Return the decisions as positions on the last axis of marks."""
    values = column.to_numpy(dtype=float)
    if not np.isin(values, (0, 1)).all():
        raise ValueError("units: a value that is neither 0 nor 1")
    return values.astype(np.intp)


def _places(rows: pd.DataFrame, unit: Indices) -> Indices:
    """Return where each unit begins and ends (units, 2), given the unit of each row."""
    _, first = np.unique(unit, return_index=True)
    start, length = (rows[name].to_numpy(dtype=np.intp)[first] for name in ("start", "length"))
    return np.stack([start, start + length], axis=-1)


def _by_source(
    source: Indices, marks: NDArray[np.int8], places: Indices | None = None
) -> tuple[tuple[Floats, ...], tuple[Indices, ...] | None]:
    """Cut marks, and places, into transcripts and keep those that two or more coders judged."""
    ends = np.searchsorted(source, np.arange(source.max(initial=-1) + 2))
    parts = [slice(a, b) for a, b in pairwise(ends)]
    kept = [part for part in parts if (marks[:, part].sum(axis=(2, 3)) > 1).any()]
    kept = kept or [slice(0, 0)]
    cut = tuple(marks[:, part].astype(float) for part in kept)
    return cut, None if places is None else tuple(places[part] for part in kept)
