"""The .qdpx archive: inspected before anything is unpacked, and written the same each time."""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from study.errors import NotPossibleError
from study.files import write_atomic
from study.refi.xml import LARGEST

PROJECT = "project.qde"
FOLDER = "sources/"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The only moment that a member is ever dated to: two exports of one study are one file."""

_LARGEST_MEMBER = 64 * 1024 * 1024
_LARGEST_TOTAL = 1024 * 1024 * 1024
_MOST_MEMBERS = 50_000
_LARGEST_RATIO = 200
_HARMLESS = 4 * 1024 * 1024
_DRIVE = re.compile(r"[A-Za-z]:")
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z]+):/*")


class Package:
    """A .qdpx archive (or a bare .qde) that has passed inspection; members are read when asked for.

    Raises
    ------
    NotPossibleError
        It is no archive, is damaged or sealed, names a file outside itself, has links or two
        members of one name, would unpack to something monstrous, or holds not exactly one project.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read = 0
        self._zip: zipfile.ZipFile | None = None
        self._members: dict[str, zipfile.ZipInfo] = {}
        self.dated = ""
        if path.suffix.lower() == ".qde":
            return
        try:
            self._zip = zipfile.ZipFile(path)
            self._members = _inspected(path, self._zip)
            self._project = _project(path, self._members)
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            self.close()
            raise NotPossibleError(f"{path}: is no whole .qdpx archive ({error})") from None
        except BaseException:
            self.close()
            raise
        moment = self._members[self._project].date_time
        self.dated = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*moment)

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._zip is not None:
            self._zip.close()

    def project(self) -> bytes:
        """Return the project's XML."""
        return loaded(self.path) if self._zip is None else self._content(self._project, LARGEST)

    def document(self, reference: str) -> bytes | str:
        """Return a document beside a text; it may be too large to be kept, which the phrase says.

        Pictures make documents large without making them suspicious.
        """
        before = self._read
        try:
            return self.source(reference)
        except NotPossibleError as error:
            return f"was left out: {str(error).removeprefix(f'{self.path}: ')}"
        finally:
            self._read = min(self._read, before)

    def source(self, reference: str) -> bytes | str:
        """Return the file that a path attribute refers to, or a phrase that says why not.

        `internal://` may be missing or have one slash, and the folder may be in either case; a
        place outside the archive is never opened.
        """
        name = reference.strip().replace("\\", "/")
        found = _SCHEME.match(name)
        scheme = found["scheme"].lower() if found else ""
        if scheme not in ("", "internal"):
            return f"is outside the archive ({reference}) and was not opened"
        name = name[found.end() :] if found else name.lstrip("/")
        if ".." in name.split("/"):
            return f"is outside the archive ({reference}) and was not opened"
        folder = self._project.rpartition("/")[0] if self._zip else ""
        inside = f"{folder}/" if folder else ""
        for candidate in (f"{inside}{FOLDER}{name}", f"{inside}{name}"):
            if candidate.lower() in self._members:
                return self._content(candidate.lower(), _LARGEST_MEMBER)
        return f"is not in the archive ({reference})"

    def _content(self, key: str, largest: int) -> bytes:
        info = self._members[key]
        _require_modest(self.path, info, largest)
        self._read += info.file_size
        if self._read > _LARGEST_TOTAL or self._zip is None:
            raise NotPossibleError(f"{self.path}: unpacks to more than {_LARGEST_TOTAL >> 30} GB")
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            message = f"{self.path}: {info.filename} is damaged ({error})"
            raise NotPossibleError(f"{message}; copy or export it again") from None
        except (NotImplementedError, RuntimeError) as error:
            raise NotPossibleError(f"{self.path}: cannot be unpacked: {error}") from None


def _inspected(path: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the members by name in lower case; refuse what no honest program packs."""
    members: dict[str, zipfile.ZipInfo] = {}
    entries = archive.infolist()
    if len(entries) > _MOST_MEMBERS:
        raise NotPossibleError(f"{path}: holds {len(entries):,} files, too many for a project")
    for info in entries:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
            message = f"{path}: holds {info.filename!r}, which points outside the archive"
            raise NotPossibleError(f"{message}; it was not opened")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise NotPossibleError(f"{path}: holds a link, {info.filename!r}; it was not opened")
        if info.flag_bits & 1:
            raise NotPossibleError(f"{path}: is encrypted; export it without a password")
        if info.is_dir() or name.endswith("/"):
            continue
        if name.lower() in members:
            message = f"{path}: holds {info.filename!r} twice, and only one can be meant"
            raise NotPossibleError(f"{message}; export it again")
        members[name.lower()] = info
    return members


def _project(path: Path, members: Mapping[str, zipfile.ZipInfo]) -> str:
    found = [name for name in members if name.endswith(".qde")]
    top = [name for name in found if "/" not in name] or found
    if not top:
        raise NotPossibleError(f"{path}: holds no {PROJECT}, so it is no REFI-QDA project")
    if len(top) > 1:
        listed = ", ".join(sorted(members[name].filename for name in top)[:4])
        raise NotPossibleError(f"{path}: holds {len(top)} projects ({listed}), one is wanted")
    return top[0]


def _require_modest(path: Path, info: zipfile.ZipInfo, largest: int) -> None:
    ratio = info.file_size / max(1, info.compress_size)
    if info.file_size > largest or (info.file_size > _HARMLESS and ratio > _LARGEST_RATIO):
        size = f"{info.file_size / 2**20:.0f} MB"
        message = f"{path}: {info.filename} would unpack to {size}, which no text of a study has"
        raise NotPossibleError(f"{message}; it was not unpacked")


def loaded(path: Path) -> bytes:
    """Return a file of XML, unless it is larger than anybody's."""
    if path.stat().st_size > LARGEST:
        raise NotPossibleError(f"{path}: has {path.stat().st_size >> 20} MB, too much to be read")
    return path.read_bytes()


def write(path: Path, project: bytes, members: Mapping[str, bytes | Path]) -> None:
    """Write an archive: the project first, then the sources in the order of their names."""

    def fill(file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            _add(archive, PROJECT, project)
            for name in sorted(members):
                _add(archive, FOLDER + name, members[name])

    write_atomic(path, fill)


def _add(archive: zipfile.ZipFile, name: str, data: bytes | Path) -> None:
    info = zipfile.ZipInfo(name, EPOCH)
    info.create_system = 3  # else the system that writes would show
    info.external_attr = 0o644 << 16
    if isinstance(data, bytes):
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, data, compresslevel=6)
        return
    info.file_size = data.stat().st_size
    with data.open("rb") as source, archive.open(info, "w") as target:
        shutil.copyfileobj(source, target, 1 << 20)
