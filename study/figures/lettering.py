"""Text as it will be drawn: cleaned, measured, wrapped.

Everything is in points.  Letters come from the font of the style, which travels with matplotlib;
only a character that it lacks is looked for in other fonts of the machine (`FALLBACKS`), so that
a figure without such characters is the same on every machine.  A character that no font has
becomes a box, so that no reader takes it for a blank.  Scripts that run from right to left or
join their letters are shaped by matplotlib (3.11 and later, with libraqm).
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator

from study.figures.style import BODY, FONT

MISSING = "\u25a1"
_JOINERS = {"\u200c", "\u200d"}
_JOINING = ("ARABIC", "SYRIAC", "NKO", "MONGOLIAN", "DEVANAGARI", "BENGALI", "SINHALA", "MALAYALAM")
FALLBACKS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK TC", "Noto Sans SC",
    "Noto Sans JP", "Noto Sans KR", "Noto Sans TC", "Source Han Sans SC", "Droid Sans Fallback",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "PingFang SC", "Hiragino Sans GB", "Hiragino Sans",
    "Apple SD Gothic Neo", "Microsoft YaHei", "SimHei", "Yu Gothic", "MS Gothic", "Malgun Gothic",
    "Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari",
    "Noto Sans Bengali", "Noto Sans Tamil", "Noto Sans Telugu", "Noto Sans Thai",
    "Noto Sans Ethiopic", "Nirmala UI", "Leelawadee UI", "Ebrima", "Segoe UI", "Arial Unicode MS",
    "Noto Sans Symbols", "Noto Sans Symbols 2", "Noto Sans Symbols2", "Noto Emoji",
    "Segoe UI Symbol", "Segoe UI Emoji", "Symbola", "FreeSans", "Unifont",
)  # fmt: skip
"""Families in which characters that the style's font lacks are looked for, in this order."""


@functools.cache
def _charmap(file: str) -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(file).get_charmap())


@functools.cache
def _drawn() -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont

    files = [findfont(FontProperties(family=FONT, weight=weight)) for weight in ("normal", "bold")]
    regular, bold = map(_charmap, files)
    return regular & bold


@functools.cache
def _others() -> dict[str, frozenset[int]]:
    """Return the fallbacks that this machine has, with the characters each can draw."""
    from matplotlib.font_manager import FontProperties, findfont, fontManager

    here = {entry.name for entry in fontManager.ttflist}
    found = {}
    for name in FALLBACKS:
        if name in here:
            file = findfont(FontProperties(family=name), fallback_to_default=False)
            found[name] = _charmap(file)
    return found


@functools.lru_cache(maxsize=50_000)
def _font_of(character: str) -> str | None:
    """Return the family that draws a character; None where no font has it."""
    if ord(character) in _drawn():
        return FONT
    return next((name for name, has in _others().items() if ord(character) in has), None)


@functools.lru_cache(maxsize=50_000)
def families(text: str) -> tuple[str, ...]:
    """Return the fonts that draw a text, the style's own first."""
    if text.isascii():
        return (FONT,)
    used = {_font_of(character) for character in text} - {None, FONT}
    return (FONT, *(name for name in FALLBACKS if name in used))


@functools.lru_cache(maxsize=50_000, typed=True)
def clean(text: object) -> str:
    """Return text on one line, without control characters; what no font has stays in it."""
    said = str(text)
    if said.isascii() and said.isprintable():
        return " ".join(said.split())
    joined = " ".join(unicodedata.normalize("NFC", said).split())
    return "".join(_kept(joined))


def _kept(text: str) -> Iterator[str]:
    before = ""
    for character in text:
        category = unicodedata.category(character)
        if character in _JOINERS:  # they join letters, or the parts of one emoji
            if unicodedata.name(before or " ", "").startswith(_JOINING):
                yield character
        elif category not in {"Cf", "Cc", "Cs"} and not "\ufe00" <= character <= "\ufe0f":
            yield character
        before = character


@functools.lru_cache(maxsize=50_000, typed=True)
def drawable(text: object) -> str:
    """Return one line of text that fonts can draw; a box stands for what none has."""
    said = clean(text)
    return said if said.isascii() else "".join(map(_glyph, said))


def _glyph(character: str) -> str:
    if character in _JOINERS or _font_of(character):
        return character
    return "" if unicodedata.category(character) in {"Mn", "Me"} else MISSING


def undrawn(text: object) -> frozenset[str]:
    """Return the characters of a text that no font of this machine has."""
    said = clean(text)
    return frozenset(c for c in said if c not in _JOINERS and not _font_of(c))


def sentence(missing: Iterable[str]) -> str:
    """Say which characters cannot be drawn, and what to do; nothing where all can."""
    listed = sorted(missing)
    if not listed:
        return ""
    named = ", ".join(f"{c} (U+{ord(c):04X})" for c in listed[:8])
    more = f" and {len(listed) - 8} more" if len(listed) > 8 else ""
    return (
        f"No font of this machine draws {named}{more}: a box stands in their place; install a "
        "Noto Sans font that has them (https://fonts.google.com/noto)."
    )


@functools.lru_cache(maxsize=50_000)
def width(text: str, size: float = BODY, bold: bool = False) -> float:
    """Return the width of one line in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    words = drawable(text)
    if not words:
        return 0.0
    weight = "bold" if bold else "normal"
    font = FontProperties(family=list(families(words)), size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(words, font, False)[0])


def wrap(
    text: object, room: float, size: float = BODY, lines: int = 3, bold: bool = False
) -> list[str]:
    """Break text into at most `lines` lines of at most `room` points.

    A word that is too long is broken; what is left after the last line is cut, and shown as cut.
    """
    broken: list[str] = []
    for word in _pieces(clean(text), room, size, bold):
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
    words = clean(text).split()
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
