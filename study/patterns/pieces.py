"""A text cut at its spaces and signs into pieces, each with a key: arithmetic on whole columns.

Keys are 64-bit numbers.  Pieces of up to eight bytes have keys of their own; two longer ones of a
vocabulary of a hundred thousand share one with a chance of one in a billion.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Keys = NDArray[np.uint64]

# Letters and digits in lower case, apostrophes, and whatever is not ASCII; all else parts words.
_KEPT = b"0123456789abcdefghijklmnopqrstuvwxyz'" + bytes(range(128, 256))
_LOWER = bytes(byte if byte in _KEPT else 32 for byte in bytes(range(256)).lower())
# Signs beyond ASCII that most transcripts hold, by their last byte: dashes, quotation marks and
# spaces.  (Others part words, too, once a piece is looked up: these save looking up more pieces.)
_GENERAL = np.array([byte not in (0x8C, 0x8D, 0x99) for byte in range(256)])  # U+2000 to U+203F
_LATIN = np.array([byte in b"\xa0\xa1\xab\xb7\xbb\xbf" for byte in range(256)])  # U+0080 to U+00BF

_BYTES = np.array([(1 << 8 * count) - 1 for count in range(9)], dtype=np.uint64)
_ODD, _OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(29)


class Pieces(NamedTuple):
    """Pieces of a text: the text in lower case, where each begins, its length, its key."""

    text: bytes
    start: Integers
    length: Integers
    key: Keys


def encoded(text: str) -> bytes:
    """Return a text in UTF-8; halves of characters, which no file holds, are let pass."""
    return text.encode("utf-8", "surrogatepass")


def cut(data: bytes) -> Pieces:
    """Cut a text in UTF-8.

    Signs of several bytes are blanked by as many spaces, so that no place moves.
    """
    # A space in front, and at the end as many as keep a look at eight bytes inside.
    low = np.full(len(data) + 10, 32, dtype=np.uint8)
    low[1 : len(data) + 1] = np.frombuffer(data.translate(_LOWER), dtype=np.uint8)
    if not data.isascii():
        _blank(low)
    letters = low != 32
    edges = np.flatnonzero(letters[1:] != letters[:-1])
    start, length = edges[::2], edges[1::2] - edges[::2]
    return Pieces(low[1:].tobytes(), start, length, _keys(low, start, length))


def _blank(low: NDArray[np.uint8]) -> None:
    at = np.flatnonzero(low == 0xE2)
    at = at[(low[at + 1] == 0x80) & _GENERAL[low[at + 2]]]
    low[at] = low[at + 1] = low[at + 2] = 32
    at = np.flatnonzero(low == 0xC2)
    at = at[_LATIN[low[at + 1]]]
    low[at] = low[at + 1] = 32


def _keys(low: NDArray[np.uint8], start: Integers, length: Integers) -> Keys:
    """Return the key of each piece: eight of its bytes after the other, multiplied together."""
    eight: Keys = np.ndarray(len(low) - 8, dtype="<u8", buffer=low.data, strides=(1,), offset=1)
    keys: Keys = (eight[start] & _BYTES[np.minimum(length, 8)]) * _ODD
    done, long = 8, np.flatnonzero(length > 8)
    while len(long):
        more = eight[start[long] + done] & _BYTES[np.minimum(length[long] - done, 8)]
        mixed = keys[long]
        keys[long] = ((mixed ^ (mixed >> _HALF)) + more) * _OTHER
        done += 8
        long = long[length[long] > done]
    return keys


class Characters:
    """Where the characters of a text in UTF-8 are: bytes to code points, and back."""

    def __init__(self, data: bytes) -> None:
        self._ascii = data.isascii()
        if not self._ascii:
            self._later = np.flatnonzero((np.frombuffer(data, dtype=np.uint8) & 0xC0) == 0x80)
            self._owner = self._later - np.arange(len(self._later))

    def of(self, places: Integers) -> Integers:
        """Return the code points that begin at these bytes."""
        return places if self._ascii else places - np.searchsorted(self._later, places)

    def bytes_of(self, places: Integers) -> Integers:
        """Return the bytes at which these code points begin."""
        if self._ascii:
            return places
        return places + np.searchsorted(self._owner, places, side="right")
