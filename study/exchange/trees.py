"""What the readers of other programs' projects share: a tree of REFI-QDA, and codes by tags."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from study.refi import guids
from study.refi.xml import Element, Maker


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of REFI-QDA from another format, and what had to stay behind, in sentences."""

    root: Element
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of Taguette: `path` has a dot wherever one tag stands below another.

    `name`, `colour` and `guid` are what our own files say besides.
    """

    path: str
    description: str = ""
    name: str = ""
    colour: str = ""
    guid: str = ""


def parts(path: str) -> list[str]:
    """Return the steps of a tag's path; a path in which one is empty is a name with dots."""
    found = [one.strip() for one in path.split(".")]
    return found if all(found) else [path.strip()]


def tag_guid(path: str) -> str:
    """Return the GUID of a tag that has none."""
    return guids.of("taguette tag", ".".join(parts(path)))


def add_tags(maker: Maker, codes: Element, tags: Iterable[Tag]) -> list[str]:
    """Add tags as a tree of codes; a tag above others that is not listed is made.

    Returns
    -------
    paths
        Of the tags that were made.
    """
    listed = {".".join(parts(tag.path)): tag for tag in tags}
    elements: dict[str, Element] = {"": codes}
    made: list[str] = []
    for path in listed:
        steps = parts(path)
        for number in range(1, len(steps) + 1):
            here = ".".join(steps[:number])
            if here in elements:
                continue
            tag = listed.get(here) or Tag(here)
            made += [here] if here not in listed else []
            element = maker.add(
                elements[".".join(steps[: number - 1])],
                "Code",
                guid=tag.guid or tag_guid(here),
                name=tag.name or steps[number - 1],
                isCodable="true",
                color=tag.colour,
            )
            if tag.description.strip():
                maker.add(element, "Description", tag.description)
            elements[here] = element
    return made
