"""What `study topics` says at its end: what another embedding would find, by the benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from study.topics.model import TopicModel

PAGE = "docs/topics.md"
EARS = "Topics are a second pair of ears, no evidence: read the passages before you use one"
FOUND = {
    "hybrid": {"talk": 0.31, "questions and answers": 0.58},
    "minilm": {"talk": 0.32, "questions and answers": 0.64},
}
"""Adjusted mutual information with labels, means of six sets each (docs/decisions/15)."""


def called(model: TopicModel) -> str:
    """Return what a model's embedding is called in print; of a model in a folder its last name."""
    kind, colon, rest = model.embedding.partition(":")
    return kind + colon + rest.replace("\\", "/").rstrip("/").rpartition("/")[2]


def closing(model: TopicModel) -> str:
    """Return the last lines of the command, which say where more is to be found.

    What was measured is the default, in English; of anything else nothing is said.
    """
    said = f"{EARS} ({PAGE})."
    if model.embedding != "hybrid" or model.settings.get("language", "english") != "english":
        return said
    found = [
        f"{'more' if FOUND['minilm'][kind] > own else 'no more'} in {kind} "
        f"({FOUND['minilm'][kind]:.2f} for {own:.2f})"
        for kind, own in FOUND["hybrid"].items()
    ]
    return (
        f"{said}\nWith --embedding minilm (an extra of 83 MB, offline) labelled sets gave "
        f"{', '.join(found)}; adjusted mutual information: 0 is chance, 1 is all."
    )
