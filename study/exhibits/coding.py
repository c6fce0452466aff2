"""People, codes and what coders made of the talk."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from study import propositions, tables
from study.cases import PRIVATE
from study.errors import NotPossibleError
from study.exhibits.results import WHY, Exhibit, Results, with_reason
from study.model import under

if TYPE_CHECKING:
    import pandas as pd

PAIRS = 40
FEW = 3


def participants(results: Results) -> Iterator[Exhibit]:
    """Who was interviewed."""
    table = tables.cases(results.study).drop(columns="transcript")
    if table.empty:
        raise NotPossibleError("no participants yet; `study import` takes in transcripts")
    private = [name for name in table.columns if PRIVATE.fullmatch(name)]
    caption = f"{results.people}, {int(table['words'].sum()):,} words of their own."
    if private:
        caption += f" Not published, for what their names promise: {', '.join(private)}."
    yield Exhibit("participants", "Participants", table.drop(columns=private), caption)


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
        f"Passages, and participants with at least one, by stakeholder group; {results.coded}, "
        f"{len(made)} passages. A passage with two codes counts for each."
    )
    alt = "Bars for each code: number of passages and number of participants, split by group."
    draw = partial(figures.code_frequencies, titles=results.branches, groups=results.groups)
    title = "Code frequencies by stakeholder group"
    yield Exhibit("code-frequencies", title, results.frequencies, caption, draw, alt)
    caption = f"Every passage behind the counts, by transcript and line; {results.coder}. {WHY}"
    yield Exhibit("codings", "Codings", with_reason(made.drop(columns="coder")), caption)


def practice_map(results: Results) -> Iterator[Exhibit]:
    """The map of current practice."""
    from study import figures

    named = results.study.settings.practices
    if not named:
        raise NotPossibleError("study.toml names no codes in `map.practices`")
    names = {code.path: code.name for code in results.study.codebook}
    table = tables.practices(results.study, results.frequencies)
    caption = (
        "Who speaks of which practice. Dot size: participants who speak of it, favourably or not "
        "(k of n in the group); shade: passages; after a triangle, how many of them speak of it "
        f"only negatively, as absent or failing. {results.coded}. Kept apart: "
        f"{'; '.join(names[path] for path in named)}."
    )
    alt = f"Dot matrix of practices by {table['group'].nunique()} groups. " + " ".join(
        f"{names[path]}, most spoken of: {_leading(table, path)}." for path in named
    )
    # Branches first: each has the colour that it has in other figures.
    titles = {code.path: code.name for code in results.study.codebook if not code.parent}
    titles |= {path: names[path] for path in named}
    draw = partial(figures.practice_map, titles=titles, practices=named, groups=results.groups)
    yield Exhibit("practice-map", "Map of current practice", table, caption, draw, alt)


def _leading(table: pd.DataFrame, path: str) -> str:
    """Name the codes of a practice that most participants speak of, ties included, with k of n."""
    rows = table[[under(code, path) for code in table["code"]]]
    counts = ["participants", "of_participants"]
    people = rows.groupby(["code", "name"], sort=False)[counts].sum().reset_index()
    best = people[people["participants"] == max(people["participants"].max(), 1)]
    named = (f"{name} ({who} of {of})" for name, who, of in best[["name", *counts]].to_numpy())
    return ", ".join(named) or "none"


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
        f"passage; {results.coded}."
    )
    alt = "Matrix of participants by codes of the concept; shape and colour tell the stance."
    draw = partial(figures.spectrum, groups=results.groups)
    yield Exhibit("definitions", "Spectrum of definitions", table, caption, draw, alt)
    made = results.codings
    said = made[[under(code, top) for code in made["code"]]]
    columns = "participant group source line start end code stance quotation quotable".split()
    listing = with_reason(said[columns].sort_values(["participant", "start"], ignore_index=True))
    caption = f"What each participant says of {name!r}, passage by passage. {WHY}"
    yield Exhibit("definitions-in-words", "Definitions in their own words", listing, caption)


def cooccurrence(results: Results) -> Iterator[Exhibit]:
    """What is talked about together."""
    from study import figures

    table = tables.cooccurrence(results.study, results.codings)
    enough = min(2, len(results.scope.sources))
    overlapping, few = int((table["overlaps"] > 0).sum()), int((table["turns"] <= FEW).sum())
    caption = (
        "Codes applied within the same turn of a participant (the same turn, not always the same "
        f"words: {overlapping} of {len(table)} pairs have overlapping passages). "
        "Line width: Jaccard index (turns with both codes over turns with either); node size: "
        f"passages; pairs heard from fewer than {enough} participants are not drawn; {few} of "
        f"{len(table)} pairs rest on at most {FEW} turns (column turns). {results.coded}."
    )
    alt = "Network of codes; lines join codes that were applied within the same turns."
    draw = partial(
        figures.cooccurrence, minimum_participants=enough, pairs=PAIRS, titles=results.branches
    )
    yield Exhibit("cooccurrence", "Codes that occur together", table, caption, draw, alt)


def evidence(results: Results) -> Iterator[Exhibit]:
    """What the coded passages say of each proposition."""
    from study import figures

    if not results.study.propositions:
        raise NotPossibleError("the codebook has no propositions.yaml")
    found = propositions.evidence(results.study, results.codings)
    table = propositions.table(results.study, found)
    caption = (
        "Passages that support, qualify (mixed) or contradict each proposition, and participants "
        f"behind them, by stakeholder group; {results.coded}. Sorted by rule "
        "from code and stance, not judged one by one: read the passages. One passage may count for "
        "several propositions, and a participant may stand on both sides. How far coders agree on "
        f"stance is in the reliability table. Propositions: {_authors(results)}."
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
    listing = found.rename(columns={"id": "coding"})[[*propositions.QUOTATIONS, "quotable"]]
    caption = "Every passage behind the counts of evidence, by transcript, line and coding. " + WHY
    yield Exhibit("evidence", "Passages for each proposition", with_reason(listing), caption)


def _authors(results: Results) -> str:
    """Return whom the propositions come from."""
    sources = dict.fromkeys(claim.source for claim in results.study.propositions if claim.source)
    return "; ".join(sources) or "source not given in propositions.yaml"
