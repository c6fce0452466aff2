"""What rules propose and a coder has still to decide."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence

from study.model import Coding


def undecided(
    proposed: Sequence[Coding], made: Iterable[Coding], declined: Iterable[Coding]
) -> list[Coding]:
    """Return the proposals that a coder has neither taken over nor declined.

    Parameters
    ----------
    proposed
        Standing codings of `rules` on one transcript.
    made
        The coder's own standing codings of it.  A proposal inside a passage with the same code is
        settled, whoever thought of it first.
    declined
        What the coder decided against: the same passage and code.
    """
    denied = {(one.selection, one.code) for one in declined}
    coded = _Coded(made)
    return [
        one for one in proposed if (one.selection, one.code) not in denied and not coded.holds(one)
    ]


class _Coded:
    """Tells whether a passage lies inside one that has the same code."""

    def __init__(self, made: Iterable[Coding]) -> None:
        self._starts: dict[str, list[int]] = {}
        self._reach: dict[str, list[int]] = {}
        for one in sorted(made, key=lambda one: one.selection):
            starts = self._starts.setdefault(one.code, [])
            reach = self._reach.setdefault(one.code, [])
            starts.append(one.selection.start)
            reach.append(max(one.selection.end, reach[-1] if reach else 0))

    def holds(self, other: Coding) -> bool:
        starts = self._starts.get(other.code, [])
        before = bisect.bisect_right(starts, other.selection.start)
        return before > 0 and self._reach[other.code][before - 1] >= other.selection.end
