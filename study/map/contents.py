"""What the page is made from: a study, its codings as counted, and tables that take long to make.

Where a study masks small counts (`publication.smallest_cell`), a page from which each count opens
onto who said what would undo it.  So it is made of a study without stakeholder groups and names
of participants, with nothing of which the published tables mask a count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from study import propositions, tables
from study.exhibits import Exhibit
from study.model import (
    MACHINES,
    Case,
    Coding,
    Project,
    Proposition,
    Selection,
    Source,
)
from study.tables import masking

if TYPE_CHECKING:
    import pandas as pd

STAGES_SHOWN = ("topics", "reliability", "saturation")
"""Stages of exhibits that the page shows and does not make itself."""
ALPHA = "Krippendorff's alpha"


@dataclass(frozen=True)
class Contents:
    """What the page shows.

    `given` are tables of exhibits by name (`reliability`, `saturation`, `saturation-summary`,
    `topics`, `topic-assignments`, none of them needed); `missing` says by stage why something
    could not be made.
    """

    study: Project
    given: Mapping[str, pd.DataFrame]
    missing: Mapping[str, str]
    hidden: frozenset[str] = frozenset()
    """Codes that are left out, because a count of theirs is masked."""

    @classmethod
    def of(
        cls, study: Project, exhibits: Iterable[Exhibit], skipped: Iterable[tuple[str, str]]
    ) -> Contents:
        """Take from what a study publishes what belongs on the page."""
        given = {one.name: one.table for one in exhibits if one.name in NEEDED}
        if not study.settings.smallest_cell:
            return cls(study, given, dict(skipped))
        veiled, names, hidden = _veiled(study)
        given = {name: _renamed(table, names) for name, table in given.items()}
        return cls(veiled, given, dict(skipped), hidden)

    @cached_property
    def made(self) -> pd.DataFrame:
        """The codings that the results count; no rows where there are none."""
        return tables.codings(self.study)

    @cached_property
    def scope(self) -> Project:
        """The study as far as the reporting coder has taken it on."""
        return tables.scope(self.study)

    @cached_property
    def frequencies(self) -> pd.DataFrame:
        """Passages and participants by code and group."""
        return tables.frequencies(self.study, self.made)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Codes within the same turn."""
        return tables.cooccurrence(self.study, self.made)

    @cached_property
    def bearing(self) -> pd.DataFrame:
        """The codings that bear on a proposition; `number` is their place in `made`."""
        return propositions.evidence(self.study, self.made.assign(number=range(len(self.made))))

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """Counts of evidence by proposition, group and verdict."""
        return propositions.table(self.study, self.bearing)

    @cached_property
    def spectrum(self) -> pd.DataFrame:
        """Stances by participant and feature of the concept; no rows where none is named."""
        top = self.study.settings.spectrum
        known = bool(top) and top in self.study.codebook and not self.masked
        table = tables.spectrum(self.study, self.made)
        return table if known else table.iloc[:0]

    @property
    def masked(self) -> int:
        """Counts of fewer participants than this are not shown; 0: all are."""
        return self.study.settings.smallest_cell

    @property
    def reporter(self) -> str:
        """Whose codings the results count; empty where nobody has coded."""
        return tables.reporting_coder(self.study)

    @cached_property
    def coders(self) -> tuple[str, ...]:
        """Whose codings the page holds, the reporting coder first; no machine that is not it."""
        busy = {coding.coder for coding in self.study.codings}
        others = sorted(busy - set(MACHINES) - {self.reporter})
        return (self.reporter, *others) if self.reporter else ()

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Coders who read for themselves, of those whose codings the page holds."""
        own = set(tables.people(self.study))
        return tuple(name for name in self.coders if name in own)

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table that was given, None where it was not made or is empty."""
        found = self.given.get(name)
        return None if found is None or found.empty else found

    def why(self, stage: str) -> str:
        """Say why a part could not be made."""
        return self.missing.get(stage, "")


NEEDED = ("reliability", "saturation", "saturation-summary", "topics", "topic-assignments")
VEIL = "\u2013"


def _veiled(study: Project) -> tuple[Project, dict[str, str], frozenset[str]]:
    """Return a study without names and groups, what is called how, and what codes are left out.

    It holds only what the published tables count in full: codes and propositions of which any
    count is masked are left out, other coders too, and stances where they are masked.  The order
    is that of the texts' fingerprints, which only who has the texts can tell.
    """
    ranked = sorted(study.sources, key=lambda source: source.version)
    names = {source.name: f"{VEIL}{place:03}" for place, source in enumerate(ranked, 1)}
    made, claims, hidden = _shown_in_full(masking.grouped(study))
    cases = [
        Case(names[case.source], {"transcript": names[case.source], "consent": case.consent})
        for case in study.cases
        if case.source in names
    ]
    reporter = tables.reporting_coder(study)
    taken = study.assigned.get(reporter, frozenset())
    veiled = replace(
        study,
        sources=tuple(_renamed_source(source, names) for source in ranked),
        cases=tuple(sorted(cases, key=lambda case: case.name)),
        codings=tuple(replace(one, selection=_moved(one.selection, names)) for one in made),
        assigned={reporter: frozenset(names[name] for name in taken if name in names)},
        propositions=claims,
        settings=replace(study.settings, group_order=()),
    )
    return veiled, names, hidden


def _shown_in_full(
    study: Project,
) -> tuple[list[Coding], tuple[Proposition, ...], frozenset[str]]:
    """Return the codings of codes, and the propositions, of which no published count is masked.

    And the codes that are left out.
    """
    counted = tables.codings(study)
    mask = masking.plan(study, counted)
    hidden = frozenset(code for code, _, _ in mask.cells)
    fine = {code for code, _ in mask.fine}
    reporter = tables.reporting_coder(study)
    made = [
        replace(one, stance="") if one.code in fine else one
        for one in study.codings
        if one.coder == reporter and one.code not in hidden
    ]
    found = propositions.evidence(study, counted)
    if found.empty:
        return made, study.propositions, hidden
    table, _ = propositions.masked(propositions.table(study, found), found, mask)
    masked = set(table.loc[table["masked"], "proposition"]) if "masked" in table else set()
    claims = tuple(claim for claim in study.propositions if claim.id not in masked)
    return made, claims, hidden


def _renamed_source(source: Source, names: Mapping[str, str]) -> Source:
    turns = (replace(turn, selection=_moved(turn.selection, names)) for turn in source.turns)
    return replace(source, name=names[source.name], turns=tuple(turns))


def _moved(selection: Selection, names: Mapping[str, str]) -> Selection:
    return replace(selection, source=names[selection.source])


def _renamed(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Call sources and participants in a table by what the veiled study calls them."""
    columns = [column for column in ("source", "participant") if column in table]
    changed = {name: table[name].map(lambda old: names.get(old, "")) for name in columns}
    text = {name: "" for name in ("detail", "quotation") if name in table}
    return table.assign(**changed, **text)
