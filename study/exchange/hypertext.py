"""Documents of Taguette, which are HTML: their words, and where its bytes of words stand in them.

Taguette counts bytes of UTF-8 over all text between tags.  The same text is gathered here, with a
line end where a paragraph, a row or a line ends.
"""

from __future__ import annotations

from bisect import bisect_right
from html.parser import HTMLParser

_LINES = frozenset(
    "address article aside blockquote br dd div dl dt figcaption footer h1 h2 h3 h4 h5 h6 header "
    "hr li main nav ol p pre section table td th tr ul".split()
)
_PIECE = 1024
"""Characters in which a place is looked for by counting."""

LARGEST = 16 * 1024 * 1024
"""Characters of a document: twenty times a day of talk."""


class Words(HTMLParser):
    """The words of a document; `text` has them, `place` finds bytes of Taguette's in it."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._length = self._bytes = 0
        self._pieces: list[tuple[int, int, str]] = []
        self._fresh, self._kept = False, 0
        plain = content[:LARGEST].replace("\r\n", "\n").replace("\r", "\n")
        # Taguette keeps no comments and declarations; unended ones would take a parser for ever.
        self.feed(plain.replace("<!", "&lt;!").replace("<?", "&lt;?"))
        self.close()
        self.text = "".join(self._parts)
        self._starts = [start for start, _, _ in self._pieces]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where a browser would."""
        if tag in _LINES:
            self._line()
        self._fresh = tag == "pre"
        self._kept += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        """End a line where a browser would."""
        if tag in _LINES:
            self._line()
        self._kept -= tag == "pre" and self._kept > 0

    def _line(self) -> None:
        if self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")
            self._length += 1

    def handle_data(self, data: str) -> None:
        """Take words in, and know at which byte they begin."""
        if self._fresh and data.startswith("\n"):
            data = data[1:]  # a browser drops it
        self._fresh = False
        if not self._bytes:
            data = data.lstrip("\t\n\f\r ")  # nothing counts before the first word
        if not data:
            return
        shown = data if self._kept else data.replace("\n", " ")
        if "\n" in data and data.isspace() and (not self._parts or self._parts[-1][-1] == "\n"):
            shown = ""  # between two paragraphs
        for at in range(0, len(data), _PIECE):
            part = shown[at : at + _PIECE]
            self._pieces.append((self._bytes, self._length, part))
            self._bytes += len(data[at : at + _PIECE].encode("utf-8", "replace"))
            self._length += len(part)
        self._parts += [shown] if shown else []

    def place(self, offset: int, *, end: bool = False) -> int:
        """Return the place in the text of a byte; inside a letter it is the next one's.

        Parameters
        ----------
        offset
            Bytes of words before it.
        end
            It ends a passage, and so belongs to the words before it.
        """
        number = max(0, bisect_right(self._starts, offset - bool(end)) - 1)
        if not self._pieces:
            return 0
        start, here, words = self._pieces[number]
        before = words.encode("utf-8", "replace")[: max(0, offset - start)]
        return here + len(before.decode("utf-8", "ignore"))
