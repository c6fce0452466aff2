"""What a study publishes: which tables and figures, with which titles and captions.

Each stage is a function from the results so far to exhibits; a stage that the study's state does
not allow raises `NotPossibleError` with the reason, and the others are made all the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from study.exhibits import along, coding, machine, trust
from study.exhibits.results import Exhibit, Results, Stage

__all__ = ["STAGES", "Exhibit", "Results", "Stage"]

STAGES: Mapping[str, Stage] = {
    "participants": coding.participants,
    "codebook": coding.codebook,
    "code frequencies": coding.frequencies,
    "code tree": along.code_tree,
    "map of current practice": coding.practice_map,
    "spectrum of definitions": coding.spectrum,
    "code co-occurrence": coding.cooccurrence,
    "codes along the interviews": along.timelines,
    "topics": machine.topics,
    "topics and codes": machine.crosswalk,
    "propositions": coding.evidence,
    "reliability": trust.reliability,
    "saturation": trust.saturation,
    "words": machine.words,
}
