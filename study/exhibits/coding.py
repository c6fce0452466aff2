"""People, codes and what coders made of the talk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from study import propositions, tables
from study.cases import PRIVATE
from study.errors import NotPossibleError
from study.exhibits.results import WHY, Exhibit, Results, with_reason
from study.model import under
from study.publication import forms
from study.wording import many

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    Draw = Callable[[pd.DataFrame], Figure]

PAIRS = 40
FEW = 3
POOLED = ("participant", "group", "words", "consent")
"""What the table of participants holds where small groups are counted together."""


def participants(results: Results) -> Iterator[Exhibit]:
    """Who was interviewed."""
    table = tables.cases(results.study).drop(columns="transcript")
    if table.empty:
        raise NotPossibleError("no participants yet; `study import` takes in transcripts")
    private = [name for name in table.columns if PRIVATE.fullmatch(name)]
    caption = f"{results.people}, {int(table['words'].sum()):,} words of their own."
    if private:
        caption += f" Not published, for what their names promise: {', '.join(private)}."
    table = table.drop(columns=private)
    if results.joined:  # else an employer's role would tell the group of one in "other groups"
        told = [name for name in table.columns if name not in POOLED]
        table = table.drop(columns=told)
        caption = results.masked(caption)
        caption += f" Not published, for they may tell a group: {', '.join(told)}." if told else ""
    yield Exhibit("participants", "Participants", table, caption, form=forms.participants)


def codebook(results: Results) -> Iterator[Exhibit]:
    """With what scheme it was coded."""
    book = results.study.codebook
    if not book.codes:
        raise NotPossibleError("the codebook has no codes yet")
    above = {code.branch for code in book if code.parent}
    caption = (
        f"{many(len(book.codes), 'code')}, {len(above)} of them branches; version {book.version}."
    )
    yield Exhibit("codebook", "Codebook", results.codebook, caption, form=forms.codebook)


def frequencies(results: Results) -> Iterator[Exhibit]:
    """How often each code was applied, and by how many participants it was heard."""
    from study import figures

    made = results.codings
    caption = (
        f"Passages, and participants with at least one, by stakeholder group; {results.coded}, "
        f"{many(len(made), 'passage')}. A passage with two codes counts for each."
    )
    alt = "Bars for each code: number of passages and number of participants, split by group."
    draw = partial(figures.code_frequencies, titles=results.branches, groups=results.groups)
    title = "Code frequencies by stakeholder group"
    caption = results.masked(caption) + _not_drawn(results.frequencies)
    shown = _unmasked(results, draw)
    yield Exhibit("code-frequencies", title, results.frequencies, caption, shown, alt)
    yield from _in_print(results)
    caption = f"Every passage behind the counts, by transcript and line; {results.coder}. {WHY}"
    listing = with_reason(results.listed.drop(columns="coder"))
    yield Exhibit("codings", "Codings", listing, _listed(results, caption))


def _in_print(results: Results) -> Iterator[Exhibit]:
    """Codes by groups as print shows them: with branches and totals, and with quotations."""
    table = tables.totals(results.study, results.codings, results.mask)
    caption = (
        "Participants who speak of a code, and in brackets passages, by stakeholder group and in "
        f"all; {results.coded}. A branch counts the codes below it too, so a participant who "
        "speaks of two of them counts once there."
    )
    title = "Codes by stakeholder group"
    yield Exhibit("code-totals", title, table, results.masked(caption), form=forms.totals)
    table = tables.joint(results.frequencies, results.listed)
    caption = (
        "Participants of each stakeholder group who speak of a code, and the words of one of them, "
        f"by a fixed rule: the length nearest to {tables.showing.WORDS} words. Only who consented "
        f"is quoted. {results.coded}."
    )
    title = "Joint display: codes, groups and quotations"
    yield Exhibit("joint-display", title, table, results.masked(caption), form=forms.joint)
    table = tables.bank(results.listed, list(results.codebook["code"]))
    caption = (
        "All coded passages of participants who consented to be quoted, by code; within a code, "
        f"different participants first. {results.coded}."
    )
    yield Exhibit("quotation-bank", "Quotation bank", table, _listed(results, caption),
                  form=forms.bank)  # fmt: skip


def _unmasked(results: Results, draw: Draw) -> Draw:
    """Draw only the codes of which every count is shown: a bar or a dot would tell a masked one."""
    if not results.mask.smallest:
        return draw

    def drawn(table: pd.DataFrame) -> Figure:
        partly = set(table.loc[table["masked"], "code"])
        kept = table[~table["code"].isin(partly)].drop(columns="masked")
        if kept.empty:
            raise NotPossibleError("every code has a masked count (`publication.smallest_cell`)")
        return draw(kept.reset_index(drop=True))

    return drawn


def _not_drawn(table: pd.DataFrame) -> str:
    """Say how many codes a figure leaves out because counts of theirs are masked."""
    partly = table.loc[table["masked"], "code"].nunique() if "masked" in table else 0
    return f" {partly} codes with masked counts are not drawn." if partly else ""


def _listed(results: Results, caption: str) -> str:
    """Say of a list that it leaves out what would tell masked counts."""
    return (
        f"{caption} Passages of masked counts are left out." if results.mask.smallest else caption
    )


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
    caption = results.masked(caption) + _not_drawn(table)
    yield Exhibit(
        "practice-map", "Map of current practice", table, caption, _unmasked(results, draw), alt
    )


def _below(path: str, code: str) -> bool:
    return under(code, path)


def _leading(table: pd.DataFrame, path: str) -> str:
    """Name the codes of a practice that most participants speak of, ties included, with k of n."""
    rows = table[table["code"].map(partial(_below, path)).astype(bool)]
    if "masked" in rows:
        rows = rows[~rows["code"].isin(rows.loc[rows["masked"], "code"])]
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
    if not results.mask.smallest:
        yield Exhibit("definitions", "Spectrum of definitions", table, caption, draw, alt)
    made = results.listed
    said = made[made["code"].map(partial(_below, top)).astype(bool)]
    columns = "participant group source line start end code stance quotation quotable".split()
    listing = with_reason(said[columns].sort_values(["participant", "start"], ignore_index=True))
    caption = f"What each participant says of {name!r}, passage by passage. {WHY}"
    title = "Definitions in their own words"
    yield Exhibit("definitions-in-words", title, listing, _listed(results, caption))
    if results.mask.smallest:
        reason = "it shows each participant, and small counts are masked; the list is made"
        raise NotPossibleError(f"{reason} (`publication.smallest_cell`)")


def cooccurrence(results: Results, association: str = "jaccard") -> Iterator[Exhibit]:
    """What is talked about together."""
    from study import figures
    from study.figures.cooccurrence import measure_of

    table = results.mask.people(tables.cooccurrence(results.study, results.codings))
    hides = results.mask.hides
    hidden = table["code_a"].map(hides).astype(bool) | table["code_b"].map(hides).astype(bool)
    table = table[~hidden].reset_index(drop=True)
    enough = min(2, len(results.scope.sources))
    overlapping, few = int((table["overlaps"] > 0).sum()), int((table["turns"] <= FEW).sum())
    caption = (
        "Codes applied within the same turn of a participant (the same turn, not always the same "
        f"words: {overlapping} of {len(table)} pairs have overlapping passages). "
        f"Line width: {measure_of(association).words}; node size: "
        f"passages; pairs heard from fewer than {enough} participants are not drawn; {few} of "
        f"{len(table)} pairs rest on at most {FEW} turns (column turns). {results.coded}."
    )
    caption = results.masked(caption)
    alt = "Network of codes; lines join codes that were applied within the same turns."
    draw = partial(
        figures.cooccurrence,
        minimum_participants=enough,
        pairs=PAIRS,
        titles=results.branches,
        association=association,
    )
    yield Exhibit("cooccurrence", "Codes that occur together", table, caption, draw, alt)


def evidence(results: Results) -> Iterator[Exhibit]:
    """What the coded passages say of each proposition."""
    from study import figures

    if not results.study.propositions:
        raise NotPossibleError("the codebook has no propositions.yaml")
    found = propositions.evidence(results.study, results.codings)
    table = propositions.table(results.study, found)
    if results.mask.smallest:
        table, found = propositions.masked(table, found, results.mask)
    caption = (
        "Passages that support, qualify (mixed) or contradict each proposition, and participants "
        f"behind them, by stakeholder group; {results.coded}. Sorted by rule "
        "from code and stance, not judged one by one: read the passages. One passage may count for "
        "several propositions, and a participant may stand on both sides. How far coders agree on "
        f"stance is in the reliability table. Propositions: {_authors(results)}."
    )
    alt = "Diverging bars for each proposition and group: contradicting, mixed, supporting."
    draw = _whole(results, partial(figures.propositions, groups=results.groups))
    title = "Evidence for each proposition"
    yield Exhibit(
        "propositions", title, table, results.masked(caption), draw, alt, form=forms.propositions
    )
    chosen = propositions.quotations(results.study, found)
    caption = (
        "Up to two quotations a proposition, group and verdict, by a fixed rule (different "
        "participants first, then length nearest 40 words); only who consented is quoted."
    )
    caption = _sorted_out(results, caption)
    yield Exhibit("quotations", "Quotations for each proposition", chosen, caption)
    listing = found.rename(columns={"id": "coding"})[[*propositions.QUOTATIONS, "quotable"]]
    caption = "Every passage behind the counts of evidence, by transcript, line and coding. " + WHY
    caption = _sorted_out(results, caption)
    yield Exhibit("evidence", "Passages for each proposition", with_reason(listing), caption)


def _sorted_out(results: Results, caption: str) -> str:
    """Say of a list of evidence that it holds fewer passages than the table counts."""
    if not results.mask.smallest:
        return caption
    return (
        f"{caption} Passages of masked counts are left out, and those of codes that are not shown "
        "by stance in a group (a verdict would tell the stance), so the list holds fewer passages "
        "than the table counts."
    )


def _whole(results: Results, draw: Draw) -> Draw:
    """Refuse to draw where masked counts would leave gaps that look like zeros."""
    if not results.mask.smallest:
        return draw

    def drawn(table: pd.DataFrame) -> Figure:
        if table["masked"].any():
            reason = "counts are masked (`publication.smallest_cell`), and a gap would look like 0"
            raise NotPossibleError(f"{reason}; the table is made")
        return draw(table.drop(columns="masked"))

    return drawn


def _authors(results: Results) -> str:
    """Return whom the propositions come from."""
    sources = dict.fromkeys(claim.source for claim in results.study.propositions if claim.source)
    return "; ".join(sources) or "source not given in propositions.yaml"
