"""What a pattern consists of: words at the leaves, and how they must stand to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

Speaker = Literal["participant", "interviewer", "anyone"]
Passage = Literal["sentence", "turn", "words"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word; `*` stands for any letters or none, `?` for one."""

    text: str

    @property
    def wild(self) -> bool:
        """Tell whether the word holds a wildcard."""
        return "*" in self.text or "?" in self.text


@dataclass(frozen=True, slots=True)
class Stem:
    """Any word with the same stem as this one."""

    text: str


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression."""

    source: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Parts that follow each other without a word between."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Alternatives."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Two things in either order, with at most so many words between."""

    left: Node
    right: Node
    distance: int


@dataclass(frozen=True, slots=True)
class Without:
    """One thing where it shares no word with another or, given a distance, is not so near one."""

    kept: Node
    taken: Node
    distance: int | None = None


Node: TypeAlias = Word | Stem | Expression | Phrase | Either | Near | Without
Leaf: TypeAlias = Word | Stem | Expression


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, as written and as understood.

    `speaker` is whose words it is looked for in; `passage` what is coded for a hit, empty where
    the study decides; `accents` says that they matter.
    """

    text: str
    tree: Node
    speaker: Speaker = "participant"
    passage: Passage | Literal[""] = ""
    accents: bool = False


def below(node: Node) -> tuple[Node, ...]:
    """Return the parts that a part consists of."""
    match node:
        case Phrase(parts) | Either(parts):
            return parts
        case Near(left, right) | Without(left, right):
            return (left, right)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a part and everything below it."""
    yield node
    for part in below(node):
        yield from walk(part)
