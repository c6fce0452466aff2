"""From bytes to text: which encoding a text file is in, and whether that was a guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from study.errors import UnreadableTranscriptError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CONTROLS = bytes(sorted({*range(9), 11, *range(14, 26), 27, 28, 29, 30, 31, 127}))
_STRANGE = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f]")
_WESTERN = re.compile(
    r"(?:cp125[0247]|latin_1|iso8859_(?:1|2|3|4|9|10|13|14|15|16)|hp_roman8|"
    r"mac_\w+|cp(?:437|850|852|858|865|775|1140|037|500)|kz1048|ptcp154|koi8_\w+)"
)
_SAMPLE = 256 * 1024
MOST_LINES = 2_000_000
"""Lines beyond which a text is no transcript: a thousand hours of talk have fewer."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text with line ends as LF; `warning` is empty unless the encoding is a guess."""

    text: str
    encoding: str
    warning: str = ""


def decode(path: Path, data: bytes) -> Decoded:
    """Return a file's text; raise `UnreadableTranscriptError` where it holds none."""
    found = _marked(path, data) or _plain_utf8(data) or _unmarked_utf16(data)
    found = found or _guessed(path, data)
    if _noise(found.text):
        raise _not_text(path)
    text = found.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MOST_LINES:
        reason = f"has more than {MOST_LINES:,} lines, so it is no transcript"
        raise UnreadableTranscriptError(path, reason, "Import the transcript itself.")
    return Decoded(text, found.encoding, found.warning)


def _marked(path: Path, data: bytes) -> Decoded | None:
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(codec), name)
            except UnicodeDecodeError:
                return _broken(data, codec, name) if len(data) > 64 else None
    return None


def _broken(data: bytes, codec: str, name: str) -> Decoded:
    text = data.decode(codec, "replace")
    warning = f"{text.count(chr(0xFFFD))} characters are damaged ({name}); they show as \ufffd"
    return Decoded(text, name, warning)


def _plain_utf8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode("utf-8"), "UTF-8") if b"\x00" not in data else None
    except UnicodeDecodeError:
        return None


def _unmarked_utf16(data: bytes) -> Decoded | None:
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if len(data) % 2 or max(even, odd) < 0.4 * half or min(even, odd) > 0.05 * half:
        return None
    try:
        return Decoded(data.decode("utf-16-le" if odd > even else "utf-16-be"), "UTF-16")
    except UnicodeDecodeError:
        return None


def _guessed(path: Path, data: bytes) -> Decoded:
    """Let charset-normalizer guess; among Western code pages take cp1252, the commonest."""
    sample = data[:_SAMPLE]
    if len(sample.translate(None, _CONTROLS)) < 0.98 * len(sample):
        raise _not_text(path)
    codec = _detected(sample)
    if codec is None or (_WESTERN.fullmatch(codec) and _is_cp1252(data)):
        codec = "cp1252"
    try:
        text = data.decode(codec, "strict" if codec != "cp1252" else "replace")
    except (UnicodeDecodeError, LookupError):
        raise _not_text(path) from None
    shown = codec.replace("_", "-")
    return Decoded(text, shown, f"encoding guessed: {shown}; look at the accented letters")


def _detected(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return None if best is None else str(best.encoding)


def _is_cp1252(data: bytes) -> bool:
    try:
        return not _STRANGE.search(data.decode("cp1252"))
    except UnicodeDecodeError:
        return False


def _noise(text: str) -> bool:
    """Tell whether so many characters are control codes that nobody typed this."""
    sample = text[:_SAMPLE]
    return len(_STRANGE.findall(sample)) > 0.02 * len(sample)


def _not_text(path: Path) -> UnreadableTranscriptError:
    return UnreadableTranscriptError(
        path, "holds no text that can be read", "Ask for the transcript again as .docx or .txt."
    )
