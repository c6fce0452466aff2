"""Packed documents (.docx, .odt, .xlsx): looked at before any parser unpacks or expands them."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from study.errors import UnreadableTranscriptError

LARGEST_PART = 64 * 1024 * 1024
"""Bytes that one part may unpack to: a transcript of a thousand hours stays far below."""

_LARGEST_RATIO = 200
_HARMLESS = 4 * 1024 * 1024
_DOCTYPE = re.compile(b"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ELEMENT = re.compile(rb"<[A-Za-z_\x80-\xff]")
_PROLOG = 2048
_ODF_ENCRYPTED = b"encryption-data"


def check(path: Path, data: bytes, needed: str) -> None:
    """Raise `UnreadableTranscriptError` unless a package is whole, modest and plain.

    Parameters
    ----------
    path
        The file, for the message.
    data
        Its bytes.
    needed
        The part that makes it the kind of document that it should be.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            _check_kind(path, package, needed)
            _check_sizes(path, package)
            _check_entities(path, package)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise _damaged(path) from error
    except (NotImplementedError, RuntimeError) as error:
        reason = "is packed in a way that cannot be opened (password?)"
        remedy = "Open it and save it without a password."
        raise UnreadableTranscriptError(path, reason, remedy) from error


def part(path: Path, data: bytes, name: str) -> bytes:
    """Return one part of a package that `check` has passed."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return package.read(name)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise _damaged(path) from error


def _check_kind(path: Path, package: zipfile.ZipFile, needed: str) -> None:
    names = package.namelist()
    if needed not in names:
        reason = f"is a packed file without {needed}, so it is no {path.suffix.lower()} document"
        remedy = "Open it in a word processor and save it again."
        raise UnreadableTranscriptError(path, reason, remedy)
    manifest = "META-INF/manifest.xml"
    sealed = manifest in names and package.getinfo(manifest).file_size < _HARMLESS
    if sealed and _ODF_ENCRYPTED in package.read(manifest):
        remedy = "Open it with its password and save it without one."
        raise UnreadableTranscriptError(path, "is protected by a password", remedy)


def _check_sizes(path: Path, package: zipfile.ZipFile) -> None:
    for info in package.infolist():
        ratio = info.file_size / max(1, info.compress_size)
        bloated = info.file_size > _HARMLESS and ratio > _LARGEST_RATIO
        if _is_xml(info.filename) and (info.file_size > LARGEST_PART or bloated):
            raise _bomb(path, info)
    total = sum(info.file_size for info in package.infolist())
    if total > 512 * 1024 * 1024 or len(package.infolist()) > 20_000:
        raise UnreadableTranscriptError(
            path, f"would unpack to {total // 2**20} MB", "Remove pictures and recordings from it."
        )


def _check_entities(path: Path, package: zipfile.ZipFile) -> None:
    """Refuse documents that define entities: no word processor does, every bomb must."""
    for info in package.infolist():
        if not _is_xml(info.filename):
            continue
        if _DOCTYPE.search(_prolog(package, info)):
            reason = f"defines XML entities in {info.filename}, which can exhaust the memory"
            remedy = "Open it in a word processor and save it again."
            raise UnreadableTranscriptError(path, reason, remedy)


def _prolog(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return what stands before a part's first element: definitions can stand nowhere else."""
    with package.open(info) as stream:
        start = stream.read(_PROLOG).replace(b"\x00", b"")  # UTF-16 writes every other byte as 0
        if _ELEMENT.search(start):
            return start
        return start + stream.read().replace(b"\x00", b"")


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".rdf", ".vml"))


def _bomb(path: Path, info: zipfile.ZipInfo) -> UnreadableTranscriptError:
    reason = f"holds a part that would unpack to {info.file_size // 2**20} MB ({info.filename})"
    return UnreadableTranscriptError(path, reason, "Ask for the transcript again as .txt.")


def _damaged(path: Path) -> UnreadableTranscriptError:
    remedy = "Copy or download it again."
    return UnreadableTranscriptError(path, "is damaged or cut short", remedy)
