"""Figures: each is a function of one tidy table and returns a matplotlib figure; `save` prints it.

    from study import figures
    figure = figures.practice_map(table)
    figures.save(figure, "figures/practice-map", title=..., caption=..., alt=...)

Matplotlib is loaded by the first figure drawn, not by this import.
"""

from __future__ import annotations

from study.figures.code_frequencies import code_frequencies
from study.figures.code_tree import code_tree
from study.figures.cooccurrence import cooccurrence
from study.figures.crosswalk import crosswalk
from study.figures.keyness import keyness
from study.figures.practice_map import practice_map
from study.figures.propositions import propositions
from study.figures.reliability import reliability
from study.figures.saturation import saturation
from study.figures.saving import save
from study.figures.spectrum import spectrum
from study.figures.timeline import timeline, timelines
from study.figures.topic_groups import topics_by_group
from study.figures.topic_map import topic_map
from study.figures.topic_selection import topic_selection
from study.figures.topics import topics

__all__ = [
    "code_frequencies",
    "code_tree",
    "cooccurrence",
    "crosswalk",
    "keyness",
    "practice_map",
    "propositions",
    "reliability",
    "saturation",
    "save",
    "spectrum",
    "timeline",
    "timelines",
    "topic_map",
    "topic_selection",
    "topics",
    "topics_by_group",
]
