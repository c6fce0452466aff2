"""What chance would do where topics meet codes, in interviews as they were held.

The topics of each interview are moved along by a random number of units, and what falls off the
end comes back at the beginning; codes stay where they are (random cyclic shifts: Lotwick &
Silverman 1982, 10.1111/j.2517-6161.1982.tb01221.x).  Every interview keeps its own topics, in
their own order, and its own codes.  Shuffling units freely would not do: subjects last for several
turns and passages reach over several units, so that by chance alone whole stretches meet.  In 300
simulated studies without any link (12 interviews of 36 units, 6 topics, 20 codes), free shuffling
within interviews found a "significant" cell in 31 %, shifts in 5 %, of which 5 % was allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Labels = NDArray[np.intp]
    Counts = NDArray[np.int64]
    Floats = NDArray[np.float64]

BLOCK = 4_000_000
"""Numbers held at a time."""
FEW = 3
"""A cell of fewer units is never called more than chance."""
ARRANGEMENTS = 100
"""With fewer different arrangements than this no test can say 1 in 20 with any confidence."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Which unit has which topic and which codes, in the order of the transcripts."""

    topics: Labels
    """One number from 0 a unit."""
    sources: Labels
    """The transcript of each unit: units of one stand together, in order."""
    has: NDArray[np.bool_]
    """Shape (units, codes)."""
    number: int
    """How many topics there are."""

    @property
    def counts(self) -> Counts:
        """Units with both, shape (topics, codes)."""
        found = _moved(self.topics, self.has, np.zeros(1, dtype=np.int64), self.number)
        return found.reshape(self.number, -1)

    @property
    def expected(self) -> Floats:
        """Mean of `counts` over all shifts: what sharing the same interviews alone would give."""
        found = np.zeros((self.number, self.has.shape[1]))
        first, sizes = self._interviews()
        for start, size in zip(first, sizes, strict=True):
            here = slice(start, start + size)
            share = np.bincount(self.topics[here], minlength=self.number) / size
            found += np.outer(share, self.has[here].sum(axis=0))
        return found

    @property
    def arrangements(self) -> float:
        """How many different ways there are to shift all interviews."""
        return float(np.exp(np.minimum(np.log(self._interviews()[1]).sum(), 700)))

    def shifted(self, permutations: int, seed: int) -> Iterator[Counts]:
        """Yield counts under random shifts, in blocks of shape (block, topics, codes).

        An interview has only as many shifts as units: each is counted once, and looked up.
        """
        first, sizes = self._interviews()
        generator = np.random.default_rng(seed)
        shifts = generator.integers(0, sizes, size=(permutations, len(sizes)))
        step = max(1, BLOCK // max(self._cells, 1))
        for start in range(0, permutations, step):
            block = shifts[start : start + step]
            found = np.zeros((len(block), self._cells), dtype=np.int64)
            for interview, (begin, size) in enumerate(zip(first, sizes, strict=True)):
                here = slice(begin, begin + size)
                different, which = np.unique(block[:, interview], return_inverse=True)
                found += _moved(self.topics[here], self.has[here], different, self.number)[which]
            yield found.reshape(len(block), self.number, self.has.shape[1])

    @property
    def _cells(self) -> int:
        return self.number * int(self.has.shape[1])

    def _interviews(self) -> tuple[Labels, Labels]:
        """Return where the units of each transcript begin, and how many they are."""
        _, first, sizes = np.unique(self.sources, return_index=True, return_counts=True)
        order = np.argsort(first)
        return first[order], sizes[order]


def _moved(
    topics: Labels, has: NDArray[np.bool_], shifts: NDArray[np.int64], number: int
) -> Counts:
    """Count units with both after topics were moved along, shape (shifts, topics times codes)."""
    units, codes = np.nonzero(has)
    cells = number * has.shape[1]
    found = np.zeros((len(shifts), cells), dtype=np.int64)
    step = max(1, BLOCK // max(len(units), cells, 1))
    for start in range(0, len(shifts) if len(units) else 0, step):
        some = shifts[start : start + step]
        keys = topics[(units + some[:, None]) % len(topics)] * has.shape[1] + codes
        keys += (np.arange(len(some)) * cells)[:, None]
        counted = np.bincount(keys.ravel(), minlength=len(some) * cells)
        found[start : start + step] = counted.reshape(len(some), cells)
    return found


def corrected(
    meeting: Meeting, permutations: int, seed: int, few: int = FEW
) -> tuple[Floats, Floats]:
    """Return, for each cell, how often chance alone makes any cell at all stand out as much.

    The cell's count is set against its mean and spread under the shifts; the largest such value
    of a whole arrangement decides (single-step maxT: Westfall & Young 1993, Resampling-Based
    Multiple Testing).  So of studies without any link 5 % have a cell under .05, however many
    cells there are.  It looks only for more than chance, not for less.

    Parameters
    ----------
    meeting
        Topics and codes of the units.
    permutations, seed
        How many arrangements are drawn; seed of NumPy's default generator.
    few
        Cells of fewer units get 1.

    Returns
    -------
    tuple of array of float
        Corrected for all cells, and only for the topics of one code, as if no other code had been
        asked about; shape (topics, codes), between 1 / (permutations + 1) and 1; nan where
        interviews are too few and short for a test.
    """
    if meeting.arrangements < ARRANGEMENTS or not meeting.has.any() or permutations < 1:
        nothing = np.full((meeting.number, meeting.has.shape[1]), np.nan)
        return nothing, nothing
    middle, spread = _moments(meeting, permutations, seed)
    own = _standing(meeting.counts, middle, spread, few)
    blocks = meeting.shifted(permutations, seed)
    highest = np.concatenate(
        [_standing(block, middle, spread, few).max(axis=1) for block in blocks]
    )
    every = _exceeded(own, highest.max(axis=1))
    alone = [_exceeded(own[:, code], highest[:, code]) for code in range(own.shape[1])]
    return every, np.stack(alone, axis=1)


def _exceeded(own: Floats, highest: Floats) -> Floats:
    """Return the share of arrangements, what was seen among them, that reach each value."""
    below = np.searchsorted(np.sort(highest), own - 1e-9, side="left")
    value = (1 + len(highest) - below) / (1 + len(highest))
    return np.asarray(np.where(np.isneginf(own), 1.0, value))


def _moments(meeting: Meeting, permutations: int, seed: int) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of each cell over the shifts and what was seen."""
    seen = meeting.counts
    total, squares = seen.astype(float), seen.astype(float) ** 2
    for block in meeting.shifted(permutations, seed):
        total += block.sum(axis=0)
        squares += (block.astype(float) ** 2).sum(axis=0)
    middle = total / (permutations + 1)
    return middle, np.sqrt(np.maximum(squares / (permutations + 1) - middle**2, 0))


def _standing(counts: Counts, middle: Floats, spread: Floats, few: int) -> Floats:
    """Return how far counts lie above chance, in standard deviations; -inf where too few."""
    safe = np.where(spread > 0, spread, 1.0)
    return np.where((counts >= few) & (spread > 0), (counts - middle) / safe, -np.inf)


def information(counts: Counts) -> Floats:
    """Return the normalised mutual information of tables of counts, shape (..., topics, codes).

    With the mean of both entropies (Strehl & Ghosh 2002, https://jmlr.org/papers/v3/strehl02a.html),
    over pairs of a unit and one of its codes; nan where fewer than two topics or codes have any.
    """
    total = counts.sum(axis=(-2, -1), keepdims=True)
    joint = counts / np.maximum(total, 1)
    topics, codes = _entropy(joint.sum(axis=-1)), _entropy(joint.sum(axis=-2))
    cells = _entropy(joint.reshape(*joint.shape[:-2], -1))
    both = topics + codes
    defined = (np.round(topics, 12) > 0) & (np.round(codes, 12) > 0)
    shared = 2 * (both - cells) / np.where(defined, both, 1.0)
    return np.asarray(np.where(defined, shared, np.nan))


def _entropy(shares: Floats) -> Floats:
    return np.asarray(-(shares * np.log(np.where(shares > 0, shares, 1.0))).sum(axis=-1))
