"""XML as other programs write it, read without trust; and as this one writes it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from study.errors import NotPossibleError

LARGEST = 128 * 1024 * 1024
"""Bytes of XML beyond which nobody has coded by hand."""

Element = Any
"""An lxml element: lxml has no types of its own."""

PROJECT, CODEBOOK = "urn:QDA-XML:project:", "urn:QDA-XML:codebook:"
VERSION = "1.0"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_PROLOG = 64 * 1024


def parse(path: Path, data: bytes, root: str, space: str) -> Element:
    """Return the root element of a REFI-QDA file, all names without their namespace.

    Definitions (DTD, entities) are refused before a parser sees them, nothing is ever fetched,
    and nesting and texts have the parser's bounds.

    Raises
    ------
    NotPossibleError
        It is no XML, defines entities, or its root is another element than `root`.
    """
    from lxml import etree

    if len(data) > LARGEST:
        raise NotPossibleError(f"{path}: its XML has {len(data) // 2**20} MB, too much to be read")
    if _DOCTYPE.search(data[:_PROLOG].replace(b"\x00", b"")):
        raise _defines(path)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        found = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else "it is empty"
        raise NotPossibleError(f"{path}: its XML cannot be read: {reason}") from None
    if found.getroottree().docinfo.internalDTD is not None:
        raise _defines(path)
    _without_namespaces(found, space)
    if found.tag != root:
        message = f"{path}: its XML begins with <{_local(found.tag)}>, not with <{root}>"
        raise NotPossibleError(f"{message} of REFI-QDA; export it once more as REFI-QDA")
    return found


def _defines(path: Path) -> NotPossibleError:
    message = f"{path}: its XML defines entities, which can exhaust the memory or read other files"
    return NotPossibleError(f"{message}; no program for qualitative data writes that")


def _without_namespaces(root: Element, space: str) -> None:
    """Take off the namespace, whatever version it names; foreign elements keep theirs."""
    for element in root.iter():
        tag = element.tag
        if isinstance(tag, str) and tag.startswith("{"):
            name, _, local = tag[1:].partition("}")
            if name.startswith(space) or not name:
                element.tag = local


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def children(parent: Element | None, *tags: str) -> list[Element]:
    """Return the children of these names; none of an element that is not there."""
    return [] if parent is None else [one for one in parent if one.tag in tags]


def child(parent: Element | None, tag: str) -> Element | None:
    """Return the first child of this name."""
    return None if parent is None else parent.find(tag)


def text(parent: Element | None, tag: str) -> str:
    """Return the text of a child; empty where there is none."""
    found = child(parent, tag)
    return "" if found is None else "".join(found.itertext())


def legal(content: str) -> str:
    """Return a text without the control characters that XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", content.replace("\x0b", "\n"))


class Maker:
    """Make elements of one namespace."""

    def __init__(self, space: str) -> None:
        from lxml import etree

        self._make, self._top = etree.SubElement, etree.Element
        self._space = f"{{{space}{VERSION}}}"
        self._map: dict[str | None, str] = {None: f"{space}{VERSION}"}

    def root(self, tag: str, **attributes: str) -> Element:
        """Return a new root element."""
        return self._top(self._space + tag, _clean(attributes), nsmap=self._map)

    def add(self, parent: Element, tag: str, content: str = "", **attributes: str) -> Element:
        """Add an element with a text; attributes without a value are left out."""
        made = self._make(parent, self._space + tag, _clean(attributes))
        if content:
            made.text = legal(content)
        return made


class Bare(Maker):
    """Make elements as `parse` returns them, without a namespace: from what is no XML."""

    def __init__(self) -> None:
        super().__init__("")
        self._space, self._map = "", {}


def _clean(attributes: dict[str, str]) -> dict[str, str]:
    return {name: legal(value) for name, value in attributes.items() if value}


def written(root: Element, remark: str = "") -> bytes:
    """Return a document as bytes, the same for the same content.

    `remark` stands before the root as a processing instruction, which only this program reads.
    """
    from lxml import etree

    if remark:
        root.addprevious(etree.ProcessingInstruction("study", legal(remark)))
    data: bytes = etree.tostring(root.getroottree(), encoding="utf-8", pretty_print=True)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + data


def remark(root: Element) -> str:
    """Return the processing instruction of this program that stands before a root, if any."""
    before = root.getprevious()
    while before is not None:
        if getattr(before, "target", "") == "study":
            return before.text or ""
        before = before.getprevious()
    return ""
