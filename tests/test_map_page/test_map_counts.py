"""The page's arithmetic: each number opens onto as many quotations, and filters count as pandas."""

from __future__ import annotations

import re
from dataclasses import replace

import mapped
import pandas as pd
import pytest
from places import ROOT

from study import propositions, reliability, tables, topics
from study.map.addresses import short_names
from study.map.cells import NONE

pytestmark = pytest.mark.slow
FILTERS = {
    "": {},
    "#only=employer": {"only": "employer"},
    "#stance=negative": {"stance": "negative"},
    "#sense=partnership-in-learning": {"sense": "partnership-in-learning"},
    "#coder=ruth": {"coder": "ruth"},
    "#only=broker&versus=private+provider&stance=positive&coder=imani": {
        "only": "broker",
        "versus": "private provider",
        "stance": "positive",
        "coder": "imani",
    },
}


def filtered(project, only="", versus="", stance="", sense="", coder="consensus"):
    """Return a study of which only this is left, so that every table counts nothing else."""
    groups = tables.groups(project)
    kept = {name for name, group in groups.items() if not only or group in (only, versus)}
    return replace(
        project,
        sources=tuple(one for one in project.sources if one.name in kept),
        cases=tuple(one for one in project.cases if one.source in kept),
        codings=tuple(
            one
            for one in project.codings
            if one.coder == coder
            and one.selection.source in kept
            and stance in ("", one.stance)
            and f"{one.code}.".startswith(f"{sense}." if sense else "")
        ),
        assigned={coder: project.assigned[coder] & kept},
        settings=replace(project.settings, report_coder=coder),
    )


@pytest.fixture(scope="module", params=FILTERS)
def seen(request, chromium, pilot_path, pilot_project):
    """Return the pilot's page under a filter, and the study filtered as pandas would."""
    with mapped.Map(chromium, pilot_path, request.param) as page:
        yield page, filtered(pilot_project, **FILTERS[request.param]), FILTERS[request.param]


def refs(project):
    return short_names([code.path for code in project.codebook])


def sense_of(code, chosen):
    return not chosen or f"{code}.".startswith(f"{chosen}.")


def test_practices_are_counted_as_the_table_counts_them(seen):
    page, project, chosen = seen
    table, names = tables.frequencies(project), refs(project)
    counts = "passages participants of_participants".split()
    expected = {
        (("practice", names[code]), ("group", group)): tuple(numbers)
        for code, group, *numbers in table[["code", "group", *counts]].to_numpy().tolist()
        if sense_of(code, chosen.get("sense", ""))
    }
    found = page.numbers("dot")
    assert {key: found[key] for key in expected} == expected
    assert all(numbers[:2] == (0, 0) for key, numbers in found.items() if key not in expected)
    assert sum(numbers[0] for numbers in found.values()) == table["passages"].sum() > 0


def test_definitions_are_counted_as_the_table_counts_them(seen):
    page, project, chosen = seen
    names = refs(project)
    table = tables.spectrum(project).groupby(["code", "participant"])["passages"].sum()
    expected = {
        (("definition", names[code]), ("participant", who)): (int(n), int(n > 0), 0)
        for (code, who), n in table.items()
        if not chosen.get("sense")
    }
    assert page.numbers("stance") == expected


def test_evidence_is_counted_as_the_table_counts_it(seen):
    page, project, _ = seen
    table = propositions.table(project)
    columns = "proposition verdict group passages participants of_participants".split()
    expected = {
        (("proposition", claim), ("verdict", verdict), ("group", group)): tuple(numbers)
        for claim, verdict, group, *numbers in table[columns].to_numpy().tolist()
    }
    assert page.numbers("bar") == expected


def test_topics_are_crossed_with_codes_as_the_table_does_it(seen):
    page, project, _ = seen
    assigned, names = mapped.units(project_of(seen)), refs(project)
    kept = [source.name for source in project.sources]
    made = tables.codings(project)
    table = topics.crosswalk(assigned, made, mapped.labels(assigned), sources=kept)
    expected = {
        (("topic", str(topic)), ("code", names[code])): int(units)
        for topic, code, units in table[["topic", "code", "units"]].to_numpy().tolist()
    }
    found = {key: numbers[0] for key, numbers in page.numbers("unit").items() if len(key) == 2}
    assert {key: n for key, n in found.items() if n} == {k: n for k, n in expected.items() if n}
    sizes = {
        key[0][1]: numbers[0] for key, numbers in page.numbers("unit").items() if len(key) == 1
    }
    some = assigned[topics_coded(assigned, made)]
    assert sizes == {str(n): int((some["topic"] == n).sum()) for n in range(mapped.TOPICS)}


def topics_coded(assigned, made):
    """Tell which units bear any code."""
    spans = {}
    for source, start, end in made[["source", "start", "end"]].to_numpy().tolist():
        spans.setdefault(source, []).append((start, end))
    rows = assigned[["source", "start", "end"]].to_numpy().tolist()
    return [any(a < end and start < b for a, b in spans.get(name, ())) for name, start, end in rows]


def project_of(seen):
    """Return the whole pilot again: units are dealt out to topics before anything is filtered."""
    import study

    return study.load(ROOT)


def test_pairs_are_counted_as_the_table_counts_them(seen):
    page, project, _ = seen
    names = refs(project)
    table = tables.cooccurrence(project)
    table = table[table["participants"] >= 2]
    rows = table[["code_a", "code_b", "turns", "participants", "jaccard"]].to_numpy().tolist()
    known = {(("pair", names[a]), ("with", names[b])): (n, who) for a, b, n, who, _ in rows}
    found = {
        key: n[:2] for key, n in page.numbers("count:not(.fixed)").items() if key[0][0] == "pair"
    }
    assert len(found) == min(60, len(known))
    assert found.items() <= known.items()
    written = page.page.evaluate(
        "[...document.querySelectorAll('#pairs tr')].map(row => row.lastElementChild.textContent)"
    )
    strongest = sorted((row[-1] for row in rows), reverse=True)[:60]
    assert [float(value) for value in written] == pytest.approx(strongest, abs=0.00051)


def test_the_page_says_what_the_published_tables_say(pilot):
    """The committed tables of the pilot, number by number."""
    table = pd.read_csv(ROOT / "figures" / "propositions.csv")
    found = pilot.numbers("bar")
    columns = "proposition verdict group passages participants of_participants".split()
    for claim, verdict, group, *numbers in table[columns].to_numpy().tolist():
        key = (("proposition", claim), ("verdict", verdict), ("group", group))
        assert found[key] == tuple(numbers)
    table = pd.read_csv(ROOT / "figures" / "practice-map.csv")
    found = pilot.numbers("dot")
    columns = "code group passages participants of_participants".split()
    for code, group, *numbers in table[columns].to_numpy().tolist():
        assert found[("practice", code.rpartition(".")[2]), ("group", group)] == tuple(numbers)


def test_every_number_opens_onto_as_many_quotations(pilot):
    """Each cell, node, edge and bar is clicked; the panel says and shows what the number says."""
    found = pilot.page.evaluate(mapped.CLICK_ALL, "a.cell, a.edge, a.node")
    assert len(found) > 1000
    assert_as_many(found)


def test_every_filtered_number_opens_onto_as_many_quotations(chromium, tiny_path):
    with mapped.Map(chromium, tiny_path, "#only=broker&coder=ana") as page:
        found = page.page.evaluate(mapped.CLICK_ALL, "a.cell, a.edge, a.node")
    assert len(found) > 30
    assert_as_many(found)


def assert_as_many(found):
    for one in found:
        about = one["href"], one["label"]
        number = int(re.search(r": ([\d,]+) \w+", one["label"])[1].replace(",", ""))
        assert one["quotes"] + one["silent"] == number, about
        assert one["empty"] == 0, about
        if one["written"] and "definition=" not in one["href"]:
            assert one["written"].replace(NONE, "0") == str(number), about
        people = re.search(r", (\d+) (?:of \d+ )?participants?", one["sum"])
        assert one["sum"].startswith(f"{number:,} "), about
        assert one["people"] <= int(people[1]) <= one["people"] + (one["silent"] > 0), about
        if "participant" in one["label"]:
            assert one["label"].endswith(one["sum"].removesuffix(".")), about


def test_bars_of_saturation_open_the_codes_they_count(pilot):
    found = pilot.page.evaluate(mapped.CLICK_ALL, ".curve a, .cell.fixed[href^='#new']")
    assert len(found) == 24
    for one in found:
        number = int(re.search(r": (\d+) ", one["label"])[1])
        assert one["quotes"] + one["silent"] == number


def test_turns_in_dispute_are_those_on_which_coders_differ(pilot, pilot_project):
    units = reliability.shared(tables.units(pilot_project))
    given = units.groupby(["code", "unit"], observed=True)["value"].agg(["sum", "size"])
    apart = given[(given["sum"] > 0) & (given["sum"] < given["size"])]
    expected = apart.groupby("code", observed=True).size()
    names = refs(pilot_project)
    found = pilot.page.evaluate(mapped.CLICK_ALL, ".cell.fixed[href^='#disputed']")
    numbers = {mapped.parts(one["href"])[0][1]: one["quotes"] + one["silent"] for one in found}
    assert len(numbers) > 40
    for code, number in expected.items():
        assert numbers[names[code]] == number
    assert sum(numbers.values()) == expected.sum()


def test_search_finds_the_passages_that_hold_all_the_words(pilot, pilot_project):
    made = tables.codings(pilot_project)
    wanted = ("co-design", "the")
    said = made[made["quotable"]]["quotation"].str.lower()
    hits = made.loc[said.index][[all(word in text for word in wanted) for text in said]]
    number = len(hits.drop_duplicates(["source", "start", "end"]))
    assert number > 0
    pilot.go("#search=Co-Design+the")
    assert pilot.page.locator("#panel .sum").inner_text().startswith(f"{number} passage")
    assert pilot.page.locator("#panel li.quote").count() == number
    assert pilot.page.locator("#search").input_value() == "Co-Design the"
    pilot.go("#search=nobody+said+xyzzy")
    assert pilot.page.locator("#panel .sum").inner_text().startswith("0 passages")
