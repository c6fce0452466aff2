"""Files as other programs write them, composed piece by piece."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterable
from pathlib import Path

from study.model import Problem, Project

USER = "11111111-1111-4111-8111-111111111111"
CODE = "22222222-2222-4222-8222-222222222222"
TEXT = "33333333-3333-4333-8333-333333333333"
WORDS = "Interviewer: So, how was it?\n\nDana: We wrote it with them, mostly. 😀 It worked.\n"
DATED = 'creationDateTime="2021-05-04T10:00:00Z"'


def users(*names: str) -> str:
    """Return <Users>; the first has the GUID `USER`."""
    listed = "".join(
        f'<User guid="{USER if not n else uuid.UUID(int=n)}" name="{name}"/>'
        for n, name in enumerate(names)
    )
    return f"<Users>{listed}</Users>"


def codes(*inside: str) -> str:
    """Return <CodeBook> with codes; without any, one called Partnership."""
    one = f'<Code guid="{CODE}" name="Partnership" isCodable="true"/>'
    return f"<CodeBook><Codes>{''.join(inside) or one}</Codes></CodeBook>"


def coding(code: str = CODE, **more: str) -> str:
    """Return a <Coding>."""
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    guid = more.get("guid") or uuid.uuid4()
    attributes = attributes if "guid" in more else f' guid="{guid}"{attributes}'
    return (
        f'<Coding{attributes} creatingUser="{USER}" {DATED}><CodeRef targetGUID="{code}"/></Coding>'
    )


def selection(start: object, end: object, inside: str = "", name: str = "", guid: str = "") -> str:
    """Return a <PlainTextSelection>, coded unless told otherwise."""
    return (
        f'<PlainTextSelection guid="{guid or uuid.uuid4()}" name="{name}" startPosition="{start}" '
        f'endPosition="{end}" creatingUser="{USER}" {DATED}>{inside or coding()}'
        "</PlainTextSelection>"
    )


def passage(words: str, text: str = WORDS, **more: str) -> str:
    """Return the selection of some words."""
    start = text.index(words)
    return selection(start, start + len(words), **more)


def source(
    *inside: str, name: str = "P01", path: str = "internal://t.txt", guid: str = TEXT
) -> str:
    """Return a <TextSource>."""
    head = f'<TextSource guid="{guid}" name="{name}" plainTextPath="{path}">'
    return f"{head}{''.join(inside)}</TextSource>"


def project(*parts: str, origin: str = "Test 1", space: str = "1.0", **more: str) -> str:
    """Return a project's XML."""
    attributes = "".join(f' {key}="{value}"' for key, value in more.items())
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:{space}" '
        f'name="Theirs" origin="{origin}"{attributes}>{"".join(parts)}</Project>'
    )


def simple(*inside: str, **more: str) -> str:
    """Return a project of one coder, one code and one text."""
    return project(users("Ana"), codes(), f"<Sources>{source(*inside)}</Sources>", **more)


def packed(
    path: Path,
    xml: str | bytes,
    sources: dict[str, str | bytes] | None = None,
    *,
    folder: str = "sources/",
    name: str = "project.qde",
) -> Path:
    """Write an archive."""
    given = {"t.txt": WORDS} if sources is None else sources
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, xml)
        for member, data in given.items():
            archive.writestr(folder + member, data)
    return path


def words_of(found: Project) -> list[str]:
    """Return the words of all codings of a study."""
    return [found.source(one.selection.source).quote(one.selection) for one in found.codings]


def said(problems: Iterable[Problem]) -> str:
    """Return everything that was reported."""
    return "\n".join(one.message for one in problems)
