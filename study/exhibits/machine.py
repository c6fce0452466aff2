"""What a machine hears: topics, and the words themselves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.exhibits.results import Exhibit, Results

if TYPE_CHECKING:
    from study.topics import TopicModel

SHARED = 2  # participants: a word of one person says who it is, not what the study is about
NOTABLE = 3.84  # log-likelihood that chance exceeds for one word in twenty
FEW = 3  # units below which a lift is mostly chance


def topics(results: Results) -> Iterator[Exhibit]:
    """What a machine hears in the participants' turns."""
    from study import figures

    model = results.model
    size = len(model.assignments)
    caption = (
        f"{len(model.topics)} topics (BERTopic on offline embeddings) over {size} units of "
        f"participants' talk (turns, long ones in pieces); {model.set_aside} too short to have a "
        f"subject set aside; {results.people}. {_chosen(model)} "
        "Stability of a topic: overlap with its match in refits on resamples, 1 = always the same."
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
        f"{model.selection['topics'].max()}; agreement of refits (adjusted Rand index, 0 = chance) "
        f"{value:.2f}, between {low:.2f} and {high:.2f} in 90 % of pairs."
    )


def crosswalk(results: Results) -> Iterator[Exhibit]:
    """Topics heard by machine against codes applied by people."""
    from study import figures, topics

    order = list(results.codebook["code"])
    made = results.codings.sort_values(
        "code", key=lambda code: code.map(order.index), kind="stable"
    )
    model, read = results.model, [source.name for source in results.scope.sources]
    table = topics.crosswalk(model.assignments, made, model.topics, sources=read)
    units = int(model.assignments["source"].isin(read).sum())
    caption = (
        "Units that bear both topic and code, and lift: how many times more than if the two had "
        f"nothing to do with one another. {units} units; {results.coded}. Cells of "
        f"fewer than {FEW} units are not shaded; lift is no test."
    )
    alt = "Matrix of codes by topics: number of shared units, shaded by lift."
    draw = partial(figures.crosswalk, titles=results.branches, least=FEW)
    yield Exhibit("topics-by-code", "Topics and codes", table, caption, draw, alt)
    table = topics.uncoded(model.assignments, made, model.topics, sources=read)
    caption = (
        "Units of each topic that nobody coded: what the machine hears and people passed over, to "
        "read. Many are asides; lines are those of units nearest to the topic's centre. "
        f"{units} units; {results.coded}."
    )
    yield Exhibit("topics-uncoded", "Heard by the machine, not coded", table, caption)


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
    shared = f"words that at least {SHARED} participants use; {base}"
    table = words.by_group(turns, results.groups, people=SHARED, language=language)
    kept = "Words" if listed else "Words without stop words and fillers"
    caption = f"{kept}, by stakeholder group: {shared}."
    yield Exhibit("word-frequencies", "Frequent words", table, caption)
    table = words.collocations(turns, people=SHARED, language=language)
    caption = f"Words that stand side by side at least three times; {shared}."
    yield Exhibit("collocations", "Collocations", table, caption)
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
