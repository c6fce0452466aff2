"""What a study publishes: which tables and figures, with which titles and captions.

Each stage is a function from the results so far to exhibits; a stage that the study's state does
not allow raises `NotPossibleError` with the reason, and the others are made all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from study import propositions, tables
from study.errors import NotPossibleError
from study.model import Project

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from study.topics import TopicModel

RESAMPLES = 2000
ORDERS = 1000
PAIRS = 40


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


class Results:
    """A study's tables, each made once, when first asked for."""

    def __init__(self, study: Project) -> None:
        self.study = study

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
        if made.empty:
            raise NotPossibleError("no codings yet; `study add` makes one")
        return made

    @cached_property
    def frequencies(self) -> pd.DataFrame:
        """Passages and participants by code and group."""
        return tables.frequencies(self.study, self.codings)

    @cached_property
    def model(self) -> TopicModel:
        """The topic model of the participants' turns."""
        from study import topics

        settings = self.study.settings
        quotable = [case.source for case in self.study.cases if case.consent == "quote"]
        return topics.fit(
            self.turns,
            topics=settings.topics,
            seed=settings.seed,
            language=settings.language,
            quotable=quotable,
        )

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
        """`n = 12 participants`, the denominator of most captions."""
        return f"n = {len(self.study.sources)} participants"


Stage = Callable[[Results], Iterator[Exhibit]]


def participants(results: Results) -> Iterator[Exhibit]:
    """Who was interviewed."""
    table = tables.cases(results.study)
    if table.empty:
        raise NotPossibleError("no participants yet; `study import` takes in transcripts")
    caption = f"{results.people}, {int(table['words'].sum()):,} words of their own."
    yield Exhibit("participants", "Participants", table.drop(columns="transcript"), caption)


def codebook(results: Results) -> Iterator[Exhibit]:
    """With what scheme it was coded."""
    book = results.study.codebook
    if not book.codes:
        raise NotPossibleError("the codebook has no codes yet")
    branches = len({code.branch for code in book})
    caption = f"{len(book.codes)} codes in {branches} branches; version {book.version}."
    yield Exhibit("codebook", "Codebook", results.codebook, caption)


def frequencies(results: Results) -> Iterator[Exhibit]:
    """How often each code was applied, and by how many participants it was heard."""
    from study import figures

    made = results.codings
    caption = (
        f"Passages, and participants with at least one, by stakeholder group; {results.people}, "
        f"{len(made)} passages ({results.coder}). A passage with two codes counts for each."
    )
    alt = "Bars for each code: number of passages and number of participants, split by group."
    draw = partial(figures.code_frequencies, titles=results.branches, groups=results.groups)
    title = "Code frequencies by stakeholder group"
    yield Exhibit("code-frequencies", title, results.frequencies, caption, draw, alt)
    listing = made.drop(columns=["coder", "quotable"])
    caption = f"Every passage behind the counts, by transcript and line; {results.coder}."
    yield Exhibit("codings", "Codings", listing, caption)


def practice_map(results: Results) -> Iterator[Exhibit]:
    """The map of current practice."""
    from study import figures

    names = {code.path: code.name for code in results.study.codebook}
    shown = [names[path] for path in results.study.settings.practices]
    if not shown:
        raise NotPossibleError("study.toml names no branches in `map.practices`")
    table = results.frequencies
    table = table[table["branch"].isin(shown)].reset_index(drop=True)
    caption = (
        "Practices by stakeholder group. Dot size: participants who report the practice (k of n in "
        f"the group); shade: passages. {results.people} ({results.coder}). Both senses of "
        "partnership are kept apart."
        if len(shown) > 1
        else f"Practices by stakeholder group; {results.people} ({results.coder})."
    )
    best = table.groupby("name", sort=False)["participants"].sum().sort_values(ascending=False)
    alt = (
        f"Dot matrix of {table['code'].nunique()} practices by {table['group'].nunique()} groups. "
        f"Reported by most participants: {', '.join(best.index[:3])}."
    )
    draw = partial(
        figures.practice_map, titles=results.branches, practices=shown, groups=results.groups
    )
    yield Exhibit("practice-map", "Map of current practice", table, caption, draw, alt)


def spectrum(results: Results) -> Iterator[Exhibit]:
    """How each participant understands the concept."""
    from study import figures

    top = results.study.settings.spectrum
    if not top:
        raise NotPossibleError("study.toml names no branch in `map.spectrum`")
    table = tables.spectrum(results.study, results.codings)
    name = results.study.codebook[top].name
    caption = (
        f"Which features of the branch {name!r} each participant speaks of, and the stance of the "
        f"passage; {results.people} ({results.coder})."
    )
    alt = "Matrix of participants by features of the concept; shape and colour tell the stance."
    draw = partial(figures.spectrum, groups=results.groups)
    yield Exhibit("definitions", "Spectrum of definitions", table, caption, draw, alt)


def cooccurrence(results: Results) -> Iterator[Exhibit]:
    """What is talked about together."""
    from study import figures

    table = tables.cooccurrence(results.study, results.codings)
    caption = (
        "Codes applied within the same turn of a participant. Line width: Jaccard index (turns "
        "with both codes over turns with either); node size: passages; pairs heard from fewer "
        f"than 2 participants are not drawn. {results.people} ({results.coder})."
    )
    alt = "Network of codes; lines join codes that were applied within the same turns."
    enough = min(2, len(results.study.sources))
    draw = partial(
        figures.cooccurrence, minimum_participants=enough, pairs=PAIRS, titles=results.branches
    )
    yield Exhibit("cooccurrence", "Codes that occur together", table, caption, draw, alt)


def topics(results: Results) -> Iterator[Exhibit]:
    """What a machine hears in the participants' turns."""
    from study import figures

    model = results.model
    size = len(model.assignments)
    caption = (
        f"{len(model.topics)} topics (BERTopic on offline embeddings) over {size} units of "
        f"participants' talk (turns, long ones in pieces); {model.set_aside} too short to have a "
        f"subject set aside; {results.people}. {_chosen(model)} "
        "Stability: agreement with refits on resamples, 1 = always the same."
    )
    alt = "For each topic its words, its share of the units and its participants."
    yield Exhibit(
        "topics",
        "Topics heard by machine",
        model.topics,
        caption,
        figures.topics,
        alt,
        model.settings,
    )
    caption = f"The topic of each unit, and how near it lies to the topic's centre; n = {size}."
    yield Exhibit("topic-assignments", "Units and their topics", model.assignments, caption)
    if len(model.selection):
        caption = "Numbers of topics tried: stability over resamples with its range, coherence."
        yield Exhibit("topic-selection", "How the number was chosen", model.selection, caption)


def _chosen(model: TopicModel) -> str:
    """Say how sure the number of topics is."""
    tried = model.selection[model.selection["topics"] == len(model.topics)]
    if tried.empty:
        return "The number of topics was given."
    value, low, high = tried[["stability", "low", "high"]].iloc[0]
    return (
        f"Their number was chosen from {model.selection['topics'].min()} to "
        f"{model.selection['topics'].max()}; stability {value:.2f} (range {low:.2f} to {high:.2f})."
    )


def crosswalk(results: Results) -> Iterator[Exhibit]:
    """Topics heard by machine against codes applied by people."""
    from study import figures, topics

    table = topics.crosswalk(results.model.assignments, results.codings, results.model.topics)
    caption = (
        "Units that bear both topic and code, and lift: how many times more than if the two had "
        f"nothing to do with one another. {len(results.model.assignments)} units ({results.coder})."
    )
    alt = "Matrix of codes by topics: number of shared units, shaded by lift."
    draw = partial(figures.crosswalk, titles=results.branches)
    yield Exhibit("topics-by-code", "Topics and codes", table, caption, draw, alt)


def evidence(results: Results) -> Iterator[Exhibit]:
    """What the coded passages say of each proposition."""
    from study import figures

    if not results.study.propositions:
        raise NotPossibleError("the codebook has no propositions.yaml")
    found = propositions.evidence(results.study, results.codings)
    table = propositions.table(results.study, found)
    caption = (
        "Passages that support, qualify (mixed) or contradict each proposition, and participants "
        f"behind them, by stakeholder group; {results.people} ({results.coder}). A participant "
        "may stand on both sides. Counts are evidence to read, no verdict."
    )
    alt = "Diverging bars for each proposition and group: contradicting, mixed, supporting."
    draw = partial(figures.propositions, groups=results.groups)
    title = "Evidence for each proposition"
    yield Exhibit("propositions", title, table, caption, draw, alt)
    chosen = propositions.quotations(results.study, found)
    caption = (
        "Up to two quotations a proposition, group and verdict, by a fixed rule (different "
        "participants first, then length nearest 40 words); only who consented is quoted."
    )
    yield Exhibit("quotations", "Quotations for each proposition", chosen, caption)
    columns = "proposition verdict participant group source line code stance quotation".split()
    caption = "Every passage behind the counts of evidence, by transcript and line."
    yield Exhibit("evidence", "Passages for each proposition", found[columns], caption)


def reliability(results: Results) -> Iterator[Exhibit]:
    """How far coders agree."""
    import pandas as pd

    from study import figures, reliability

    units = tables.units(results.study)
    coders = sorted(set(units["coder"]))
    if len(coders) < 2:
        raise NotPossibleError("reliability needs at least two coders besides the consensus")
    seed = results.study.settings.seed
    used = results.codebook[results.codebook["code"].isin(units.loc[units["value"] == 1, "code"])]
    by_code = reliability.by_code(units, used, resamples=RESAMPLES, seed=seed)
    overall = reliability.overall(units, used, resamples=RESAMPLES, seed=seed)
    caption = (
        f"Agreement of {' and '.join(coders)} on participants' turns "
        f"(n = {units['unit'].nunique()} turns), with 95 % intervals from {RESAMPLES:,} resamples "
        "of whole transcripts (a percentile bootstrap, somewhat too narrow with few transcripts). "
        "Codes that nobody used are left out; what is undefined says so, with the reason."
    )
    alt = "Forest plot: percent agreement, Cohen's kappa and Krippendorff's alpha of each code."
    table = pd.concat([overall, by_code], ignore_index=True)
    draw = _only_codes(partial(figures.reliability, titles=results.branches))
    options = {"resamples": RESAMPLES, "seed": seed}
    yield Exhibit("reliability", "Inter-coder reliability", table, caption, draw, alt, options)


def _only_codes(draw: Callable[[pd.DataFrame], Figure]) -> Callable[[pd.DataFrame], Figure]:
    """Draw the rows of single codes; the table also holds those of all codes together."""
    return lambda table: draw(table[table["code"] != ""].reset_index(drop=True))


def saturation(results: Results) -> Iterator[Exhibit]:
    """Whether more interviews would bring more codes."""
    from study import figures, saturation

    order = saturation.interview_order(tables.cases(results.study))
    leaves = results.frequencies["code"].unique()
    codes = results.codebook[results.codebook["code"].isin(leaves)]
    seed = results.study.settings.seed
    table = saturation.curve(results.codings, order, codes, orders=ORDERS, seed=seed)
    caption = (
        f"Codes met so far, interview by interview in order of date, with the band of 95 % of "
        f"{int(table['orders'].iloc[0]):,} random orders; {results.people} ({results.coder})."
    )
    alt = "Line that rises with each interview to the number of codes met, with a band."
    title = "Code saturation"
    options = {"orders": ORDERS, "seed": seed}
    yield Exhibit("saturation", title, table, caption, figures.saturation, alt, options)
    table = saturation.summary(results.codings, order, codes)
    caption = "Whether saturation was reached, what came later, and what may still be missing."
    yield Exhibit("saturation-summary", "Saturation in numbers", table, caption)


def words(results: Results) -> Iterator[Exhibit]:
    """The words themselves."""
    from study import figures, words

    turns = results.turns
    total = int(turns.loc[turns["role"] != "interviewer", "words"].sum())
    base = f"participants' words only (n = {total:,} words, {len(results.study.sources)} people)"
    table = words.frequencies(turns)
    yield Exhibit("word-frequencies", "Frequent words", table, f"Words without stop words; {base}.")
    table = words.collocations(turns)
    yield Exhibit("collocations", "Collocations", table, f"Neighbouring words; {base}.")
    if len(results.groups) < 2:
        raise NotPossibleError("key words compare groups, and all participants are in one")
    table = words.keyness(turns)
    caption = (
        "Words that a group uses more than all others do: log-likelihood (Dunning 1993) and log "
        f"ratio; {base}. Turns come from few people: read the column of participants first."
    )
    alt = "For each stakeholder group the words most typical of it."
    draw = partial(figures.keyness, groups=results.groups)
    yield Exhibit("keyness", "Key words by stakeholder group", table, caption, draw, alt)


STAGES: Mapping[str, Stage] = {
    "participants": participants,
    "codebook": codebook,
    "code frequencies": frequencies,
    "map of current practice": practice_map,
    "spectrum of definitions": spectrum,
    "code co-occurrence": cooccurrence,
    "topics": topics,
    "topics and codes": crosswalk,
    "propositions": evidence,
    "reliability": reliability,
    "saturation": saturation,
    "words": words,
}
