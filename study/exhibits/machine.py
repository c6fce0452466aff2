"""What a machine hears: topics, and the words themselves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.exhibits.results import WHY, Exhibit, Results
from study.publication import forms
from study.wording import many

if TYPE_CHECKING:
    import pandas as pd

    from study.topics import TopicModel

LEVEL, UNSTABLE = 0.05, 0.5
SHARED = 2  # participants: a word of one person says who it is, not what the study is about
NOTABLE = 3.84  # log-likelihood that chance exceeds for one word in twenty
FEW = 3  # units below which a lift is mostly chance


def topics(results: Results) -> Iterator[Exhibit]:
    """What a machine hears in the participants' turns."""
    from study import figures
    from study import topics as heard
    from study.topics import choosing

    model = results.model
    size = len(model.assignments)
    caption = (
        f"{many(len(model.topics), 'topic')} (BERTopic on {heard.called(model)} vectors) over "
        f"{size:,} units of participants' talk (turns, long ones in pieces); {model.set_aside:,} "
        f"too short to have a subject set aside; {results.people}. {_chosen(model)} Stability of a "
        "topic is an estimate: overlap with its match in refits on resamples, 1 = always the same; "
        f"under 0.5 it is unstable ({_unstable(model)}).{_named(results)}"
    )
    alt = "For each topic its words, its share of the units, its participants and its stability."
    title = "Topics heard by machine"
    draw, options = figures.topics, {**model.settings, "embedding": heard.called(model)}
    table, caption = results.mask.people(model.topics), results.masked(caption)
    yield Exhibit("topics", title, table, caption, draw, alt, options, form=forms.topics)
    if not results.mask.smallest:  # else lists of units would tell how few speak of a topic
        yield from _units(results)
    if len(model.selection):
        caption = (
            f"Numbers of topics tried: agreement of {model.settings['resamples']} refits, each on "
            f"{model.settings['resampled']:,} of the {size:,} units, with the middle 90 % of "
            "pairs, coherence of words and separation of topics. All are estimates: "
            f"{choosing.remark(model.selection) or 'no other number does nearly as well'}."
        )
        alt = "Curves over the number of topics: stability with a band, coherence, separation."
        draw = partial(figures.topic_selection, chosen=choosing.chosen(model.selection))
        title = "How the number of topics was chosen"
        yield Exhibit("topic-selection", title, model.selection, caption, draw, alt)
    yield from _who(results)


def _units(results: Results) -> Iterator[Exhibit]:
    """The topic of each unit, as a list and on a plane."""
    from study import figures
    from study import topics as heard

    model = results.model
    size, weak = len(model.assignments), int(model.assignments["weak"].sum())
    caption = (
        f"The topic of each unit, and how near it lies to the topic's centre; n = {size}, of which "
        f"{weak} are weak: hardly nearer to their topic than other topics' units are."
    )
    yield Exhibit("topic-assignments", "Units and their topics", model.assignments, caption)
    caption = (
        f"Units (n = {size}) and topics on a plane: near means alike, roughly; {weak} weak units "
        "are open marks. A sketch for orientation, in which neither distances nor gaps are results."
    )
    alt = "Map of small marks, one a passage, with a numbered and named disc for each topic."
    title = "Map of topics"
    yield Exhibit("topic-map", title, heard.mapped(model), caption, figures.topic_map, alt)


def _who(results: Results) -> Iterator[Exhibit]:
    """Topics by stakeholder group and by interview."""
    from study import figures
    from study import topics as heard
    from study.topics.groups import EVERYONE, PEOPLE, RESAMPLES

    model, seed = results.model, results.study.settings.seed
    table = heard.by_group(model.assignments, model.topics, groups=results.groups, seed=seed)
    if table["participants"].map(results.mask.few).any():
        table = results.mask.people(table[table["group"] == EVERYONE])
    people = int(table["of_participants"].max())
    caption = (
        "Share of each group's units that are in each topic, with 95 % intervals from "
        f"{RESAMPLES:,} resamples of whole participants (percentiles, widened for their small "
        f"number; Hesterberg 2015); groups of fewer than {PEOPLE} participants have none. n = "
        f"{many(people, 'participant')}, {many(len(model.assignments), 'unit')}; participants "
        "with any unit in a topic are given of those in the group. Groups are described and not "
        "tested: they are few people, and chosen."
    )
    alt = "For each topic and stakeholder group a point, with an interval where there is one."
    draw = partial(figures.topics_by_group, groups=[EVERYONE, *results.groups])
    options = {"resamples": RESAMPLES, "seed": seed}
    title = "Topics by stakeholder group"
    yield Exhibit("topics-by-group", title, table, results.masked(caption), draw, alt, options)
    if not results.mask.smallest:  # else every row is a count of one
        table = heard.by_interview(model.assignments, model.topics)
        caption = (
            "Share of each interview's units that are in each topic; one interview is one person, "
            f"so there are no intervals. n = {table['source'].nunique()} interviews."
        )
        yield Exhibit("topics-by-interview", "Topics by interview", table, caption)


def _unstable(model: TopicModel) -> str:
    found = model.topics.loc[model.topics["stability"] < UNSTABLE, "topic"]
    return f"here: {', '.join(map(str, found))}" if len(found) else "here: none"


def _named(results: Results) -> str:
    """Say which topics bear names that people gave, and which names have lost their topic."""
    given, lost = results.naming.given, results.naming.unmatched
    said = ""
    if given:
        names = "a name" if len(given) == 1 else "names"
        listed = ", ".join(str(topic) for topic in sorted(given))
        said += f" People gave {names} to {listed}; the others bear their words."
    if lost:
        listed = ", ".join(entry.name for entry in lost)
        said += f" No topic of this fit is what people called: {listed}."
    return said


def _chosen(model: TopicModel) -> str:
    """Say how sure the number of topics is."""
    from study.topics import choosing

    tried = model.selection
    if tried.empty:
        return "The number of topics was given."
    row = tried.set_index("topics").loc[choosing.chosen(tried)]
    value, low, high = row[["stability", "low", "high"]]
    numbers, others = tried["topics"], choosing.remark(tried)
    return (
        f"Their number was chosen from {numbers.min()} to {numbers.max()}"
        f"{f' ({others})' if others else ''}; agreement of refits (adjusted Rand index, 0 = "
        f"chance) {value:.2f}, between {low:.2f} and {high:.2f} in 90 % of pairs."
    )


def crosswalk(results: Results) -> Iterator[Exhibit]:
    """Topics heard by machine against codes applied by people."""
    from study import figures, topics
    from study.topics.crosswalk import PERMUTATIONS

    order = {code: place for place, code in enumerate(results.codebook["code"])}
    made = results.codings.sort_values("code", key=lambda code: code.map(order), kind="stable")
    model, read = results.model, [source.name for source in results.scope.sources]
    seed = results.study.settings.seed
    crossed = topics.crosswalk(model.assignments, made, model.topics, sources=read, seed=seed)
    crossed = _shown(results, crossed)
    units = int(model.assignments["source"].isin(read).sum())
    base = f"{units} units; {results.coded}"
    test = topics.agreement(model.assignments, made, sources=read, seed=seed)
    caption = (
        "Units that bear both topic and code, and lift: how many times more than if the two had "
        f"nothing to do with one another. {base}. Cells of fewer than {FEW} units are not shaded. "
        f"{_tested(crossed)} {_agreed(test)}"
    )
    alt = "Matrix of codes by topics: number of shared units, shaded by lift, framed if tested so."
    draw = partial(figures.crosswalk, titles=results.branches, least=FEW)
    options = {"permutations": PERMUTATIONS, "seed": seed}
    title, caption = "Topics and codes", results.masked(caption)
    yield Exhibit("topics-by-code", title, crossed, caption, draw, alt, options)
    caption = f"How much topics and codes say about each other. {base}. {_agreed(test)}"
    yield Exhibit("topics-and-codes", "Topics and codes in one number", test, caption)
    table = topics.codes_of_topics(crossed)
    caption = (
        "Codes that a topic has more of than chance gives (test corrected for all cells), the "
        f"firmest first; a topic without any is worth reading. {base}."
    )
    yield Exhibit("codes-of-topics", "Codes of each topic", table, caption)
    table = topics.topics_of_codes(crossed)
    caption = (
        "Topics that have more of a code than chance gives, and whether any does. A code in no "
        f"topic is nothing wrong: machines hear words, people hear meanings. {base}."
    )
    yield Exhibit("topics-of-codes", "Topics of each code", table, caption)
    yield from _passages(results, made, crossed, base)


def _passages(
    results: Results, made: pd.DataFrame, crossed: pd.DataFrame, base: str
) -> Iterator[Exhibit]:
    """What only the machine, or only people, heard, as lists to read."""
    from study import topics

    model, read = results.model, [source.name for source in results.scope.sources]
    if not results.mask.smallest:
        yield from _not_coded(results, made, base)
    table = topics.not_heard(model.assignments, results.mask.passages(made), crossed, sources=read)
    caption = (
        "Passages whose code no topic has more of than chance gives, or that lie in no unit (too "
        "short, or not the participant's words), by transcript and line; "
        f"{len(table)} of {len(made)} codings; {results.coded}. {WHY}"
    )
    title = "Passages coded by people, not heard by the machine"
    yield Exhibit("passages-not-heard", title, table, results.masked(caption))


def _not_coded(results: Results, made: pd.DataFrame, base: str) -> Iterator[Exhibit]:
    """What only the machine heard."""
    from study import topics

    model, read = results.model, [source.name for source in results.scope.sources]
    table = topics.uncoded(model.assignments, made, model.topics, sources=read)
    caption = (
        "Units of each topic that nobody coded: what the machine hears and people passed over, to "
        "read. Many are asides; lines are those of units nearest to the topic's centre. "
        f"{base}."
    )
    yield Exhibit("topics-uncoded", "Heard by the machine, not coded", table, caption)
    table = topics.not_coded(
        model.assignments, made, model.topics, sources=read, turns=results.turns
    )
    caption = (
        f"Every unit that nobody coded, by transcript and line, nearest to its topic first; "
        f"{len(table)} of {base}. {WHY}"
    )
    title = "Passages heard by the machine, not coded"
    yield Exhibit("passages-not-coded", title, table, caption)


def _shown(results: Results, crossed: pd.DataFrame) -> pd.DataFrame:
    """Leave out codes whose counts are masked; empty cells of too few participants."""
    kept = [not results.mask.hides(code) for code in crossed["code"]]
    crossed = crossed[kept].reset_index(drop=True)
    few = crossed["participants"].map(results.mask.few).astype(bool)
    if not few.any():
        return crossed
    # With one cell of a code hidden, its total would tell it.
    some = crossed["code"].isin(crossed.loc[few, "code"])
    values = "units participants lift expected p p_code".split()
    crossed[values] = crossed[values].astype("float64").mask(few)
    crossed["of_code"] = crossed["of_code"].astype("float64").mask(some)
    return crossed


def _tested(crossed: pd.DataFrame) -> str:
    """Say how cells were tested, and of how many."""
    from study.topics.crosswalk import PERMUTATIONS

    if crossed["p"].isna().all():
        return "No cell is tested: interviews are too few and short."
    firm = int(crossed["p"].le(LEVEL).sum())
    return (
        f"Framed: {firm} of {len(crossed)} cells hold more than chance (p \u2264 .05, corrected "
        f"for all cells by the largest value in each of {PERMUTATIONS:,} random shifts of topics "
        "along each interview; it holds for these interviews, not for a population)."
    )


def _agreed(test: pd.DataFrame) -> str:
    """Say the agreement of topics and codes in a sentence."""
    row = test.iloc[0]
    if row["reason"]:
        return f"Mutual information: {row['reason']}."
    return (
        f"Normalised mutual information {row['value']:.2f}, where chance gives "
        f"{row['by_chance']:.2f}; adjusted for chance {row['adjusted']:.2f} (0 = chance, 1 = the "
        "same)."
    )


def _shared(results: Results) -> int:
    """Return how many participants must have said a word for it to be listed."""
    return max(SHARED, results.mask.smallest)


def words(results: Results) -> Iterator[Exhibit]:
    """The words themselves."""
    from study import figures, words

    turns, language = results.turns, results.study.settings.language
    told = words.heard(turns)
    listed = "" if words.stop_words(language) else f", function words too (no list for {language})"
    base = (
        f"participants' words only{listed} (n = {int(told['words'].sum()):,} words, "
        f"{told['participant'].nunique()} people)"
    )
    shared = f"words that at least {_shared(results)} participants use; {base}"
    groups = [] if results.mask.smallest else results.groups
    table = words.by_group(turns, groups, people=_shared(results), language=language)
    kept = "Words" if listed else "Words without stop words and fillers"
    caption = f"{kept}, by stakeholder group: {shared}."
    yield Exhibit("word-frequencies", "Frequent words", table, caption)
    table = words.collocations(turns, people=_shared(results), language=language)
    caption = f"Words that stand side by side at least three times; {shared}."
    yield Exhibit("collocations", "Collocations", table, caption)
    if results.mask.smallest:
        raise NotPossibleError(
            "key words would tell how few of a group use a word, and small counts are masked "
            "(`publication.smallest_cell`); the other tables are made"
        )
    if len(results.groups) < 2:
        raise NotPossibleError(
            "key words compare groups, and all participants are in one; the other tables are made"
        )
    table = words.keyness(turns, notable=NOTABLE, language=language)
    totals = words.totals(turns)
    sizes = ", ".join(f"{group} {totals.get(group, 0):,}" for group in results.groups)
    caption = (
        "Words that a group uses more often than all others: log-likelihood (Dunning 1993) of "
        f"{NOTABLE} or more, and log ratio. Only words said five times or more, by at least two "
        f"participants of the group, so a group of one has none. Words: {sizes}{listed}. Talk of a "
        "few people is no random sample: this ranks, it does not test."
    )
    alt = "For each stakeholder group the words most typical of it."
    draw = partial(figures.keyness, groups=results.groups)
    yield Exhibit("keyness", "Key words by stakeholder group", table, caption, draw, alt)
