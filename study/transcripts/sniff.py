"""Whether a file is what its suffix says, told from its first bytes before any parser sees it."""

from __future__ import annotations

import re
from pathlib import Path

from study.errors import UnreadableTranscriptError

LARGEST = 512 * 1024 * 1024
"""Bytes beyond which a file is no transcript but a recording or a mistake."""

LARGEST_TEXT = 64 * 1024 * 1024
"""The same for a file that is text and nothing else: a thousand hours of talk."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE
)
_KIND_OF = {".docx": "zip", ".odt": "zip", ".xlsx": "zip", ".pdf": "pdf", ".rtf": "rtf"}
_NAMES = {
    "zip": "a packed document (.docx, .odt, .xlsx) or an archive",
    "ole": "a file of an older Office version (.doc, .xls)",
    "pdf": "a PDF",
    "rtf": "an RTF document",
    "html": "a web page",
    "text": "plain text",
}
_REMEDY = {
    "zip": "Give it its proper suffix or unpack it.",
    "ole": "Open it in a word processor and save it as .docx.",
    "pdf": "Give it the suffix .pdf.",
    "rtf": "Give it the suffix .rtf.",
    "html": "Open it in a browser or word processor and save it as .docx or .txt.",
    "text": "Give it the suffix .txt, or ask for the transcript again.",
}


def load(path: Path) -> bytes:
    """Return a file's bytes; raise `UnreadableTranscriptError` where there are none."""
    try:
        return _load(path)
    except OSError as error:
        reason = f"cannot be opened ({error.strerror or error})"
        remedy = "Close it elsewhere and check that you may read it."
        raise UnreadableTranscriptError(path, reason, remedy) from error
    except ValueError as error:  # a null character in the name
        raise UnreadableTranscriptError(path, "is no file name", "Check the name.") from error


def check(path: Path, data: bytes) -> None:
    """Raise `UnreadableTranscriptError` where the content contradicts the suffix."""
    suffix = path.suffix.lower()
    kind, wanted = _kind(data), _KIND_OF.get(suffix, "text")
    if kind == wanted:
        _check_size(path, data, kind)
        return
    if kind == "ole" and _is_encrypted(data):
        remedy = "Open it with its password and save it without one."
        raise UnreadableTranscriptError(path, "is protected by a password", remedy)
    reason = f"is not what its suffix {suffix} says but {_NAMES[kind]}"
    raise UnreadableTranscriptError(path, reason, _REMEDY[kind])


def _check_size(path: Path, data: bytes, kind: str) -> None:
    if kind in ("text", "rtf") and len(data) > LARGEST_TEXT:
        reason = f"holds {len(data) // 2**20} MB of text, more than a thousand hours of talk"
        raise UnreadableTranscriptError(path, reason, "Import the transcript itself.")


def _load(path: Path) -> bytes:
    if path.is_dir():
        raise UnreadableTranscriptError(path, "is a folder", "Name the files in it.")
    if not path.exists():
        raise UnreadableTranscriptError(path, "does not exist", "Check the name.")
    if not path.is_file():
        raise UnreadableTranscriptError(path, "is no ordinary file", "Name a transcript.")
    if path.name.startswith("~$"):
        remedy = f"Import {path.name[2:]} (or the file with that ending) instead."
        raise UnreadableTranscriptError(path, "only marks a document that is open", remedy)
    if path.stat().st_size > LARGEST:
        raise UnreadableTranscriptError(path, "is larger than 512 MB", "Import the transcript.")
    data = path.read_bytes()
    if not data:
        raise UnreadableTranscriptError(path, "is empty", "Ask for the transcript again.")
    return data


def _kind(data: bytes) -> str:
    if data.startswith(_OLE):
        return "ole"
    if data.startswith(_ZIP):
        return "zip"
    start = data[:1024]
    if b"%PDF-" in start:
        return "pdf"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return "rtf"
    return "html" if _HTML.match(start) else "text"


def _is_encrypted(data: bytes) -> bool:
    """Office keeps a document with a password as an OLE file with a stream of this name."""
    return "EncryptedPackage".encode("utf-16-le") in data
