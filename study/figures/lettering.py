"""Text as it will be drawn: cleaned, measured, wrapped.

Everything is in points.  A character that the font lacks becomes a box, so that no reader takes
it for a blank and matplotlib has nothing to warn about.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator

from study.figures.style import BODY, FONT

MISSING = "\u25a1"
_KEPT_FORMATS = {"\u200c"}


@functools.cache
def _drawn() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    files = [findfont(FontProperties(family=FONT, weight=weight)) for weight in ("normal", "bold")]
    regular, bold = (set(get_font(file).get_charmap()) for file in files)
    return frozenset(regular & bold)


def drawable(text: object) -> str:
    """Return one line of text that the font can draw."""
    joined = " ".join(unicodedata.normalize("NFC", str(text)).split())
    return "".join(_character(character) for character in joined)


def _character(character: str) -> str:
    category = unicodedata.category(character)
    if ord(character) in _drawn() and (category != "Cf" or character in _KEPT_FORMATS):
        return character
    return "" if category in {"Cf", "Cc", "Cs", "Mn", "Me"} else MISSING


@functools.lru_cache(maxsize=50_000)
def width(text: str, size: float = BODY, bold: bool = False) -> float:
    """Return the width of one line in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    if not text:
        return 0.0
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, False)[0])


def wrap(
    text: object, room: float, size: float = BODY, lines: int = 3, bold: bool = False
) -> list[str]:
    """Break text into at most `lines` lines of at most `room` points.

    A word that is too long is broken; what is left after the last line is cut, and shown as cut.
    """
    broken: list[str] = []
    for word in _pieces(drawable(text), room, size, bold):
        longer = f"{broken[-1]} {word}" if broken else word
        if broken and width(longer, size, bold) <= room:
            broken[-1] = longer
        else:
            broken.append(word)
    if len(broken) <= lines:
        return broken or [""]
    return [*broken[: lines - 1], shorten(" ".join(broken[lines - 1 :]), room, size, bold)]


def shorten(text: str, room: float, size: float = BODY, bold: bool = False) -> str:
    """Cut text to `room` points; an ellipsis marks the cut."""
    if width(text, size, bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = width(text[:middle].rstrip() + "\u2026", size, bold) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip() + "\u2026"


def whole(text: object, room: float, size: float, lines: int, bold: bool = False) -> bool:
    """Tell whether text fits into this many lines without a broken or cut word."""
    words = drawable(text).split()
    fits = all(width(word, size, bold) <= room for word in words)
    return fits and len(wrap(text, room, size, lines + 1, bold)) <= lines


def _pieces(text: str, room: float, size: float, bold: bool) -> Iterator[str]:
    for word in text.split():
        rest = word
        while width(rest, size, bold) > room and len(rest) > 1:
            count = _fitting(rest, room, size, bold)
            yield rest[:count]
            rest = rest[count:]
        yield rest


def _fitting(word: str, room: float, size: float, bold: bool) -> int:
    count = max(1, int(len(word) * room / width(word, size, bold)))
    while count > 1 and width(word[:count], size, bold) > room:
        count -= 1
    return count
