"""The numbers of a report, each looked up in a table of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from study import tables
from study.exhibits import Exhibit, Results
from study.report import saturating
from study.report.parts import listed
from study.wording import many

if TYPE_CHECKING:
    import pandas as pd

    from study.model import Codebook

ALPHA = "Krippendorff's alpha"


class Facts:
    """What the tables say; whatever has no table is an empty sentence."""

    def __init__(
        self, results: Results, exhibits: Sequence[Exhibit], left_out: Mapping[str, str]
    ) -> None:
        self.results, self.study = results, results.study
        self.exhibits = {one.name: one for one in exhibits}
        self.left_out = left_out

    def table(self, name: str) -> pd.DataFrame | None:
        """Return a table of the study, None where it could not be made."""
        found = self.exhibits.get(name)
        return None if found is None or found.table.empty else found.table

    @cached_property
    def people(self) -> list[str]:
        """Coders who read for themselves."""
        return tables.people(self.study)

    @property
    def participants(self) -> str:
        """Who was interviewed: number, words, groups."""
        table = self.table("participants")
        if table is None:
            return ""
        words = f"{int(table['words'].sum()):,} words of their own"
        sizes = table.groupby("group", sort=False).size()
        groups = listed([f"{group} (n = {size})" for group, size in sizes.items()])
        return f"{many(len(table), 'participant')} gave interviews: {groups}. They said {words}."

    @property
    def talk(self) -> str:
        """How much was said in each interview, and for how long as far as transcripts tell."""
        turns = self.results.turns
        if turns.empty:
            return ""
        own = turns[turns["heard"]].groupby("source")["words"].sum()
        words = f"{many(len(own), 'transcript')}, with a median of {own.median():,.0f} words"
        words += f" of the participant ({own.min():,} to {own.max():,})"
        ends = turns.groupby("source")["end_time"].max().dropna() / 60
        timed = ""
        if len(ends):
            timed = f" By the times in {len(ends)} of them, interviews took {ends.min():.0f} to "
            timed += f"{ends.max():.0f} minutes."
        return f"The data are {words}.{timed}"

    @property
    def consent(self) -> str:
        """How many may be quoted."""
        may = {case.source for case in self.study.cases if case.consent == "quote"}
        rest = len(self.study.cases) - len(may)
        said = f"{many(len(may), 'participant')} consented to be quoted"
        more = f"; {many(rest, 'other is', 'others are')} counted and not quoted"
        return f"{said}{more if rest else ', which is all'}."

    @property
    def scheme(self) -> str:
        """With what codebook was coded."""
        book = self.study.codebook
        if not book.codes:
            return ""
        return f"The codebook (version {book.version}; appendix) has {_scheme(book)}."

    @property
    def coders(self) -> str:
        """Who coded how much."""
        if not self.people:
            return ""
        made = {name: 0 for name in self.people}
        for coding in self.study.codings:
            if coding.coder in made:
                made[coding.coder] += 1
        each = listed(
            [
                f"{name} ({many(made[name], 'coding')} in "
                f"{many(len(self.study.assigned[name]), 'transcript')})"
                for name in self.people
            ]
        )
        head = many(len(made), "person coded", "people coded")
        return f"{head}: {each}."

    @property
    def reported(self) -> str:
        """Whose codings the results count."""
        table = self.table("code-frequencies")
        if table is None:
            return ""
        total, base = len(self.results.codings), self.results.coded
        return f"Results count {total:,} coded passages; {base}."

    @property
    def agreement(self) -> str:
        """How far coders agreed."""
        table = self.table("reliability")
        if table is None:
            return f"Not measured: {self._why('reliability')}."
        rows = table[table["coefficient"] == ALPHA]
        whole = rows[rows["name"] == "all codes"]
        single = rows[(rows["code"] != "") & rows["value"].notna()]
        parts = []
        if len(whole) and whole["value"].notna().any():
            parts.append(f"{ALPHA} over all codes was {_estimate(whole.iloc[0])}")
        if len(single):
            low, high = single["value"].min(), single["value"].max()
            few = int((single["value"] < 0.667).sum())
            parts.append(f"that of single codes ranged from {_two(low)} to {_two(high)}")
            whose = "either coder" if int(single["coders"].max()) == 2 else "any coder"
            what = many(len(single), "code that was", "codes that were")
            judged = f"{what} applied by {whose} and could be judged, branches included"
            parts.append(f"{few} of the {judged}, stayed below .667")
        units = f"units: {rows['unit'].iloc[-1]}" if len(rows) else ""
        return f"{'; '.join(parts)} ({units}; intervals of 95 % by bootstrap over transcripts)."

    @property
    def saturation(self) -> str:
        """Whether more interviews would bring more codes."""
        table = self.table("saturation-summary")
        if table is None:
            return f"Not measured: {self._why('saturation')}."
        return saturating.sentences(table)

    @property
    def topics(self) -> str:
        """What the topic model was, and how stable."""
        table = self.table("topics")
        if table is None:
            return f"No topics: {self._why('topics')}."
        exhibit = self.exhibits["topics"]
        settings = "; ".join(f"{key} {_plain(value)}" for key, value in exhibit.settings.items())
        stable = list(table["stability"].dropna()) if "stability" in table else []
        spread = ""
        if len(stable):
            counted = many(len(table), "topic")
            spread = f" Stability of {counted}: {min(stable):.2f} to {max(stable):.2f}."
        return f"{exhibit.caption}{spread} Settings: {settings}."

    @property
    def has_topics(self) -> bool:
        """Whether there is a topic model."""
        return self.table("topics") is not None

    def _why(self, stage: str) -> str:
        return self.left_out.get(stage, "there is no such table").rstrip(".")


def _scheme(book: Codebook) -> str:
    """Return `7 branches with 44 codes below them`; a branch is a top code with codes below it."""
    parents = {code.parent for code in book if code.parent}
    branches = {path.partition(".")[0] for path in parents}
    below = sum(code.branch in branches and code.path != code.branch for code in book)
    alone = len([code for code in book if not code.parent and code.path not in branches])
    if not branches:
        return f"{many(alone, 'code')}, without branches"
    inner = len([code for code in book if code.parent and code.path in parents])
    them = "it" if len(branches) == 1 else "them"
    head = many(len(branches), "branch", "branches")
    said = f"{head} with {many(below, 'code')} below {them}"
    if inner:
        said += f", {inner} of which {'has' if inner == 1 else 'have'} codes below in turn"
        said += f" ({len(book.leaves)} codes without any below)" if not alone else ""
    return said + (f", and {many(alone, 'code')} outside branches" if alone else "")


def _estimate(row: Any) -> str:
    value = _two(row["value"])
    if row["low"] != row["low"]:
        return value
    return f"{value} (95 % interval {_two(row['low'])} to {_two(row['high'])})"


def _two(value: float) -> str:
    """Return two decimals, no minus before a zero."""
    return f"{round(value, 2) + 0.0:.2f}"


def _plain(value: Any) -> str:
    from study.publication import cells

    return cells.text(cells.plain(value))
