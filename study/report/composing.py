"""What a report says, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.exhibits import Exhibit, Results
from study.propositions import VERDICTS
from study.publication import PrintedTable, forms
from study.report import checklists, software
from study.report.facts import Facts
from study.report.parts import Heading, Paragraph, Part, Picture, Quotation, Tabled
from study.wording import many

if TYPE_CHECKING:
    import pandas as pd

EACH = 2
"""Quotations for each proposition and verdict, of different groups first."""


def compose(
    results: Results, exhibits: Sequence[Exhibit], left_out: Mapping[str, str]
) -> list[Part]:
    """Put together methods, results and checklists from the tables of a study.

    Parameters
    ----------
    results
        The study's results.
    exhibits
        Its tables and figures, as far as they could be made.
    left_out
        Why others could not, by stage.
    """
    facts = Facts(results, exhibits, left_out)
    parts = [*_opening(facts), *_method(facts), *_map(facts), *_claims(facts)]
    parts += [Heading("References of the software")]
    parts += [Paragraph(one) for one in software.references(facts.has_topics)]
    parts += [Heading("Checklists")]
    return [*parts, *(Tabled(one(facts), True) for one in (checklists.coreq, checklists.srqr))]


def _opening(facts: Facts) -> Iterator[Part]:
    settings = facts.study.settings
    if settings.stamp:
        yield Paragraph(settings.stamp)
    if settings.citation:
        yield Paragraph(settings.citation)
    yield Paragraph(
        "A skeleton made by `study report`: numbers are the study's own, words in square brackets "
        "are for the authors to replace. Nothing here is interpreted."
    )


def _method(facts: Facts) -> Iterator[Part]:
    yield Heading("Method")
    yield Heading("Participants and data", 2)
    yield Paragraph("[How participants were found and approached, and who declined.]")
    yield Paragraph(" ".join(filter(None, (facts.participants, facts.talk, facts.consent))))
    yield from _table(facts, "participants")
    yield Heading("Coding", 2)
    yield Paragraph("[Where the codes came from, and how coders were trained.]")
    yield Paragraph(" ".join(filter(None, (facts.scheme, facts.coders, facts.reported))))
    yield Heading("Reliability", 2)
    yield Paragraph(facts.agreement)
    yield from _table(facts, "reliability")
    yield Heading("Saturation", 2)
    yield Paragraph(facts.saturation)
    yield Heading("Topics", 2)
    yield Paragraph(facts.topics)
    yield from _table(facts, "topics")
    yield Heading("Software", 2)
    yield Paragraph(software.sentence(facts.has_topics))
    masked = " ".join(filter(None, (facts.results.mask.note, facts.results.joined)))
    if masked:
        yield Heading("Small counts", 2)
        yield Paragraph(masked)


def _map(facts: Facts) -> Iterator[Part]:
    yield Heading("Results")
    yield Heading("Codes by stakeholder group", 2)
    if facts.table("code-totals") is None:
        why = facts.left_out.get("code frequencies", "there is no such table")
        yield Paragraph(f"No counts yet: {why}")
        return
    yield from _table(facts, "code-totals")
    shown = facts.exhibits.get("practice-map") or facts.exhibits["code-frequencies"]
    name = f"report-{shown.name}"
    yield from _picture(shown, shown.table, name, shown.title, shown.caption)
    yield Paragraph("[What the authors make of it.]")


def _table(facts: Facts, name: str) -> Iterator[Part]:
    exhibit = facts.exhibits.get(name)
    if exhibit is not None and exhibit.form is not None:
        note = exhibit.note or exhibit.caption
        yield Tabled(forms.printed(name, exhibit.title, note, exhibit.table, exhibit.form))


def _picture(
    exhibit: Exhibit, table: pd.DataFrame, name: str, title: str, note: str
) -> Iterator[Part]:
    if exhibit.draw is None:
        return
    try:
        figure = exhibit.draw(table)
    except NotPossibleError:
        return
    yield Picture(name, title, note, _alt(exhibit, title), figure)


def _alt(exhibit: Exhibit, title: str) -> str:
    """Return what a picture shows, for who cannot see it: the table beside it has the numbers."""
    return f"{title}. {exhibit.alt}" if title != exhibit.title else exhibit.alt


def _claims(facts: Facts) -> Iterator[Part]:
    exhibit = facts.exhibits.get("propositions")
    if exhibit is None:
        why = facts.left_out.get("propositions", "there is no such table")
        yield Heading("Propositions", 2)
        yield Paragraph(f"None reported: {why}")
        return
    for number, (claim, rows) in enumerate(exhibit.table.groupby("proposition", sort=False), 1):
        yield from _claim(facts, exhibit, number, str(claim), rows.reset_index(drop=True))


def _claim(
    facts: Facts, exhibit: Exhibit, number: int, claim: str, rows: pd.DataFrame
) -> Iterator[Part]:
    """Return one proposition: its claim, counts, figure and quotations."""
    words, source = str(rows["claim"].iloc[0]), str(rows["source"].iloc[0] or "")
    yield Heading(f"Proposition {number} ({claim})", 2)
    yield Paragraph(f"{words}{f' ({source})' if source else ''}")
    columns, lines = forms.propositions(rows)
    note = exhibit.caption if number == 1 else "Counted and sorted as for proposition 1."
    inner = tuple(line for line in lines if not line.heading)
    title = f"Evidence for proposition {number}"
    table = PrintedTable(f"propositions-{number}", title, note, tuple(columns), inner)
    yield Tabled(table)
    yield from _picture(exhibit, rows, f"report-proposition-{number}", title, note)
    yield from _quotations(facts, claim)
    yield Paragraph("[What the authors conclude.]")


def _quotations(facts: Facts, claim: str) -> Iterator[Part]:
    """Return some quotations for each verdict: those that the table of quotations has first."""
    table = facts.table("quotations")
    found = None if table is None else table[table["proposition"] == claim]
    if found is None or found.empty:
        yield Paragraph("No passage on it may be quoted.")
        return
    heads = {"supports": "Supporting", "mixed": "Qualifying", "contradicts": "Contradicting"}
    for verdict in VERDICTS:
        rows = found[found["verdict"] == verdict]
        turn = rows.groupby("group", sort=False).cumcount()
        chosen = rows.assign(turn=turn).sort_values("turn", kind="stable").head(EACH)
        if len(chosen):
            head = _head(facts, claim, verdict, len(chosen), len(rows))
            yield Heading(f"{heads[verdict]} ({head})", 3)
        for row in chosen.to_dict("records"):
            where = f"{row['participant']}, {row['group']}, line {row['line']}"
            yield Quotation(" ".join(str(row["quotation"]).split()), where)


def _head(facts: Facts, claim: str, verdict: str, shown: int, chosen: int) -> str:
    """Return `2 of 11 passages; more in ...`: passages are those that the table above counts."""
    table = facts.exhibits["propositions"].table
    rows = table[(table["proposition"] == claim) & (table["verdict"] == verdict)]
    found = int(rows["passages"].sum())
    hidden = "masked counts left out" if rows["passages"].isna().any() else ""
    lists = "quotations.csv and evidence.csv" if chosen > shown else "evidence.csv"
    rest = f"more in {lists}" if found > shown else ""
    return "; ".join(filter(None, (f"{shown} of {many(found, 'passage')}", hidden, rest)))
