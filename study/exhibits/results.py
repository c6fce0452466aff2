"""What exhibits are made of: a study's tables, each made once, and the phrases of captions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from study import tables
from study.errors import NotPossibleError
from study.model import Project
from study.tables import masking
from study.wording import many

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from study.publication.forms import Form
    from study.tables.masking import Mask
    from study.topics import Naming, TopicModel

WHY = "A passage whose participant did not consent to quotation has neither words nor memo."


@dataclass(frozen=True)
class Exhibit:
    """One table, with the figure drawn from it where there is one.

    `caption` says what was counted, of how many, and how; `alt` describes the figure to those who
    cannot see it.
    """

    name: str
    title: str
    table: pd.DataFrame
    caption: str
    draw: Callable[[pd.DataFrame], Figure] | None = None
    alt: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    form: Form | None = None
    """How the table stands in print (Word, LaTeX, HTML); None: it is no table for print."""
    note: str = ""
    """What stands below the printed table, where it is not the caption."""


class Results:
    """A study's tables, each made once, when first asked for."""

    def __init__(self, study: Project) -> None:
        self.study = masking.grouped(study)
        self.joined = masking.joined(study, self.study)

    @cached_property
    def scope(self) -> Project:
        """The study as far as the reporting coder has taken it on: the base of every code count."""
        return tables.scope(self.study)

    @cached_property
    def turns(self) -> pd.DataFrame:
        """Turns of all transcripts."""
        return tables.turns(self.study)

    @cached_property
    def codebook(self) -> pd.DataFrame:
        """The codebook."""
        return tables.codebook(self.study)

    @cached_property
    def codings(self) -> pd.DataFrame:
        """The codings that the results count; NotPossibleError where there are none."""
        made = tables.codings(self.study)
        if made.empty and self.study.codings:
            wanted = self.study.settings.report_coder
            raise NotPossibleError(f"no codings of {wanted!r} (`coding.report`), nor of a person")
        if made.empty:
            raise NotPossibleError("no codings yet; `study add` makes one")
        return made

    @cached_property
    def mask(self) -> Mask:
        """Which counts are too small to be shown (`publication.smallest_cell`)."""
        return masking.plan(self.study)

    @cached_property
    def listed(self) -> pd.DataFrame:
        """The codings that may be listed one by one: those of masked counts would tell these."""
        return self.mask.passages(self.codings)

    @cached_property
    def frequencies(self) -> pd.DataFrame:
        """Passages and participants by code and group; small counts masked."""
        return self.mask.counts(tables.frequencies(self.study, self.codings))

    def masked(self, caption: str) -> str:
        """Add to a caption what is masked, where something may be."""
        return " ".join(filter(None, (caption, self.mask.note, self.joined)))

    @cached_property
    def naming(self) -> Naming:
        """The topic model of the participants' turns, with the names that people gave."""
        from study import topics

        settings = self.study.settings
        names = topics.names(self.study)
        number = settings.topics or None
        fitted = topics.fit(
            self.study, topics=number, embedding=settings.embedding, seed=settings.seed
        )
        return topics.named(fitted, names)

    @cached_property
    def model(self) -> TopicModel:
        """The topic model; its labels are the names that people gave, where they gave any."""
        return self.naming.model

    @property
    def coder(self) -> str:
        """Whose codings the results count, as a caption says it."""
        return f"codings: {tables.reporting_coder(self.study)}"

    @property
    def groups(self) -> list[str]:
        """Stakeholder groups in order."""
        return list(dict.fromkeys(tables.groups(self.study).values()))

    @property
    def branches(self) -> dict[str, str]:
        """Names of the branches, by name: figures title their panels with them."""
        return {code.name: code.name for code in self.study.codebook if not code.parent}

    @property
    def people(self) -> str:
        """`n = 12 participants`: everybody who was interviewed."""
        return _people(len(self.study.sources))

    @property
    def coded(self) -> str:
        """`n = 7 participants (codings: ana; 7 of 12 transcripts coded)`: the base of counts."""
        read, every = len(self.scope.sources), len(self.study.sources)
        note = f"; {read} of {every} transcripts coded" if read < every else ""
        return f"{_people(read)} ({self.coder}{note})"


def _people(count: int) -> str:
    return f"n = {many(count, 'participant')}"


Stage = Callable[[Results], Iterator[Exhibit]]


def with_reason(listing: pd.DataFrame) -> pd.DataFrame:
    """Say beside each empty quotation why it is empty."""
    reason = listing["quotable"].map({True: "", False: "not quoted: consent is for analysis only"})
    return listing.drop(columns="quotable").assign(reason=reason)
