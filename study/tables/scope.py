"""Whose codings the results count, and of which transcripts: the one place that says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from study.model import DERIVED, Project


def reporting_coder(project: Project) -> str:
    """Return whose codings the results count: `coding.report` of study.toml.

    Where that coder has coded nothing, the first person by name stands in (never a consensus or a
    machine that nobody asked for); empty where there is none.
    """
    busy = {coding.coder for coding in project.codings}
    wanted = project.settings.report_coder
    return wanted if wanted in busy else min(busy - set(DERIVED), default="")


def people(project: Project) -> list[str]:
    """Return the coders who read for themselves: no consensus, no machine."""
    return [name for name in project.assigned if name not in DERIVED]


def scope(project: Project, coders: Collection[str] | None = None) -> Project:
    """Return the study without the transcripts that these coders have not taken on.

    A transcript that nobody has read holds no zeros: it must stand in no denominator.

    Parameters
    ----------
    project
        A loaded study.
    coders
        Transcripts that any of them has taken on stay; None: those of the reporting coder.

    Returns
    -------
    Project
        Sources, participants, codings and assignments of these transcripts.
    """
    chosen = {reporting_coder(project)} if coders is None else set(coders)
    taken = {made.selection.source for made in project.codings if made.coder in chosen}
    taken = taken.union(*(project.assigned.get(name, ()) for name in chosen))
    return replace(
        project,
        sources=tuple(source for source in project.sources if source.name in taken),
        cases=tuple(case for case in project.cases if case.source in taken),
        codings=tuple(made for made in project.codings if made.selection.source in taken),
        assigned={coder: names & taken for coder, names in project.assigned.items()},
    )
