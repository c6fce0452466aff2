"""Office files are zip archives: the same bytes on every run and machine."""

from __future__ import annotations

import io
from zipfile import ZIP_STORED, ZipFile, ZipInfo


def stored(data: bytes) -> bytes:
    """Return an archive anew, its parts stored under one date.

    They are not compressed, for builds of zlib differ between machines.
    """
    target = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(target, "w", ZIP_STORED) as archive:
        for name in source.namelist():
            member = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o644 << 16
            archive.writestr(member, source.read(name))
    return target.getvalue()
