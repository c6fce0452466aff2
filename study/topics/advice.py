"""What `study topics` says at its end: what another embedding would find, by the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from study.topics.model import TopicModel

PAGE = "docs/topics.md"
EARS = "Topics are a second pair of ears, no evidence: read the passages before you use one"


def called(model: TopicModel) -> str:
    """Return what a model's embedding is called in print; of a model in a folder its last name."""
    kind, colon, rest = model.embedding.partition(":")
    return kind + colon + rest.replace("\\", "/").rstrip("/").rpartition("/")[2]


def closing(model: TopicModel) -> str:
    """Return the last line of the command, which says where more is to be found."""
    return f"{EARS} ({PAGE})."
