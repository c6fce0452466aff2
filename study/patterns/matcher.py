"""Where patterns are found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple, overload

from study.errors import NotPossibleError
from study.patterns.tree import Pattern, Stem, walk
from study.patterns.words import stemmer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from study.patterns.scanning import Scanner

    Integers = NDArray[np.int64]


class EndlessError(NotPossibleError):
    """A regular expression that tries without end; `turn` numbers the turn it got lost in."""

    def __init__(self, pattern: Pattern, turn: int, where: str = "") -> None:
        self.pattern, self.turn = pattern, turn
        message = (
            f"pattern {pattern.text!r} does not come to an end in {where or f'turn {turn + 1}'}"
        )
        remedy = "it repeats what repeats already, as (a+)+ does; write it simpler"
        super().__init__(f"{message}: {remedy}")


class Hit(NamedTuple):
    """One find: the numbers of the turn and of the pattern, and code points within the turn."""

    turn: int
    start: int
    end: int
    pattern: int


class Hits(Sequence[Hit]):
    """Finds in the order of their places, kept as columns: a million are no burden.

    Parameters
    ----------
    turn, start, end, pattern
        The columns, as in `Hit`, each (finds,).
    """

    def __init__(self, turn: Integers, start: Integers, end: Integers, pattern: Integers) -> None:
        self.turn, self.start, self.end, self.pattern = turn, start, end, pattern

    def __len__(self) -> int:
        return len(self.turn)

    @overload
    def __getitem__(self, place: int) -> Hit: ...
    @overload
    def __getitem__(self, place: slice) -> Hits: ...
    def __getitem__(self, place: int | slice) -> Hit | Hits:
        row = [column[place] for column in (self.turn, self.start, self.end, self.pattern)]
        return Hits(*row) if isinstance(place, slice) else Hit(*map(int, row))

    def __iter__(self) -> Iterator[Hit]:
        columns = (self.turn, self.start, self.end, self.pattern)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return map(tuple.__new__, repeat(Hit), rows)  # what Hit._make does, in half the time

    def __repr__(self) -> str:
        return f"Hits({list(self[:10])}{' ...' if len(self) > 10 else ''})"


class Matcher:
    """Finds all of some patterns in one pass over a text.

    Parameters
    ----------
    patterns
        What `parse` returns.
    language
        Whose stems are meant.

    Raises
    ------
    ValueError
        A pattern asks for a stem, and there are none for the language.
    """

    def __init__(self, patterns: Sequence[Pattern], language: str = "english") -> None:
        self.patterns = tuple(patterns)
        self.language = language
        if any(isinstance(node, Stem) for one in self.patterns for node in walk(one.tree)):
            stemmer(language)
        self._scanner: Scanner | None = None

    def find(self, turns: Sequence[str] | str) -> Hits:
        """Return every find of every pattern, in the order of their places.

        A pattern may be found in places that overlap; it is never found across two turns.

        Parameters
        ----------
        turns
            What was said, turn by turn; a single text is one turn.

        Raises
        ------
        EndlessError
            A regular expression tries too long.
        """
        from study.patterns.scanning import Scanner

        if self._scanner is None:
            self._scanner = Scanner(self.patterns, self.language)
        return self._scanner.find([turns] if isinstance(turns, str) else turns)
