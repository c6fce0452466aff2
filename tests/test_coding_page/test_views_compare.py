"""Two coders side by side: asked for first, noted, listed by kind, measured."""

from __future__ import annotations

import csv

import pytest
from logs import give
from served import until

from study.coding.desk import Desk

pytestmark = pytest.mark.slow

MARKS = """() => Object.fromEntries([...CSS.highlights]
    .filter(([name]) => /-(a|b|both)$/.test(name))
    .map(([name, found]) => [name.split('-').pop(), [...found].map(range =>
        range.startContainer.data.slice(range.startOffset, range.endOffset)).join('|')]))"""


def seen(root):
    """Return who has seen others' codings of what."""
    path = root / "codebooks" / "tiny" / "compared.csv"
    if not path.exists():
        return []
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return [(row["coder"], row["source"]) for row in rows]


def opened(coding, root, coder="ana", **options):
    """Open the page, go to Compare, and agree to look."""
    screen = coding(root, coder, **options)
    screen.page.get_by_role("tab", name="Compare").click()
    screen.page.locator(".view-gate .primary").click()
    screen.page.wait_for_selector("[data-panel=compare] .view-row")
    return screen


def rows(screen):
    found = screen.page.locator("[data-panel=compare] .view-row")
    return found.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")


def current(screen):
    found = screen.page.locator("[data-panel=compare] .view-row[aria-current]")
    return found.get_attribute("aria-label")


def test_the_first_look_is_asked_for_and_noted(coding, tiny):
    screen = coding(tiny, "ana")
    page = screen.page
    page.get_by_role("tab", name="Compare").click()
    gate = screen.text("[data-panel=compare] .view-gate")
    assert "You will see ben\u2019s codings of T1" in gate
    assert "no longer blind" in gate
    assert not seen(tiny)
    page.get_by_role("button", name="Not now").click()
    assert not seen(tiny)
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("button", name="Show ben\u2019s codings").focus()
    screen.press("Enter")
    until(lambda: len(rows(screen)) == 4)
    assert seen(tiny) == [("ana", "T1")]
    assert page.evaluate("document.activeElement.textContent").startswith("Next disagreement")
    screen.reload()
    page.get_by_role("tab", name="Compare").click()
    until(lambda: len(rows(screen)) == 4)  # it was asked once
    page.get_by_role("button", name="T2:").click()
    page.wait_for_selector(".view-gate")
    assert seen(tiny) == [("ana", "T1")]


def test_each_passage_says_in_words_how_the_two_differ(coding, tiny):
    give(tiny, "ana", "T1", "They bring the cases", "making", "positive")
    give(tiny, "ben", "T1", "They bring the cases", "making", "positive")
    give(tiny, "ana", "T1", "It took a year", "learning.staff", "negative")
    give(tiny, "ben", "T1", "It took a year", "learning.staff", "mixed")
    screen = opened(coding, tiny)
    assert [row.partition(",")[0] for row in rows(screen)] == [
        "only ana", "only ben", "only ana", "other boundary and stance", "same", "other stance",
    ]  # fmt: skip
    assert "ana: + positive, ben: ± mixed" in rows(screen)[3]
    page = screen.page
    page.get_by_role("checkbox", name="same").uncheck()
    page.get_by_role("checkbox", name="only ben").uncheck()
    assert len(rows(screen)) == 4
    page.locator("[data-panel=compare]").get_by_label("Code", exact=True).select_option("making")
    assert [row.split(", ")[1] for row in rows(screen)] == ["Co-design"]


def test_a_key_goes_to_the_next_disagreement_and_lights_both_passages(coding, tiny):
    give(tiny, "ana", "T1", "It is a short course", "making", "positive")
    give(tiny, "ben", "T1", "It is a short course", "making", "positive")
    screen = opened(coding, tiny)
    for wanted in ["only ana, Assessed", "only ben, Meaning", "only ana, Meaning"]:
        screen.press(".")
        assert current(screen).startswith(wanted)  # the agreement between them is passed over
    screen.press(".")
    marks = screen.page.evaluate(MARKS)
    assert marks["both"].startswith("We sit down with the bank")
    assert marks["a"].strip() == "It took a year, but it worked."
    assert marks["b"] == ""
    until(lambda: screen.page.locator(".pair-stripe.lit").count() == 2)
    screen.press(",")
    assert current(screen).startswith("only ana, Meaning")
    assert screen.page.evaluate(MARKS)["a"] == "Nobody here agrees on that."
    screen.page.get_by_role("tab", name="Codebook").click()
    assert not any(screen.page.evaluate(MARKS).values())
    until(lambda: not screen.page.locator(".pair-stripe").count())


def test_two_margins_or_one(coding, tiny):
    screen = opened(coding, tiny)
    page = screen.page
    until(lambda: page.locator(".pair-stripe.is-a").count() == 3)

    def edge(stripes):
        """Where the first of them begins; None while they are being drawn anew."""
        return page.evaluate(
            "name => document.querySelector(name)?.getBoundingClientRect().left", stripes
        )

    left = until(lambda: edge(".pair-stripe.is-a"))
    assert until(lambda: edge(".pair-stripe.is-b")) - left > 60
    before = page.locator(".turn .words").first.bounding_box()
    page.get_by_label("Beside the text").select_option("layered")
    until(lambda: (edge(".pair-stripe.is-b") or 9999) < left + 60)
    until(lambda: page.locator(".pair-stripe").count() > 3)
    places = page.locator(".pair-stripe").evaluate_all(
        "all => all.map(one => `${one.parentNode.parentNode.dataset.turn} ${one.offsetLeft}`)"
    )
    assert len(places) == len(set(places))  # no stripe hides another
    page.get_by_label("Beside the text").select_option("off")
    until(lambda: not page.locator(".pair-stripe").count())
    until(lambda: page.locator("button.stripe").count() == 3)
    assert page.locator(".turn .words").first.bounding_box() == before  # nothing moves


def test_agreement_is_that_of_what_is_on_the_screen(coding, tiny):
    screen = opened(coding, tiny)
    page = screen.page

    def figures():
        return screen.text("[data-panel=compare] .view-agreement-body")

    until(lambda: "T1: 2 turns" in figures())
    asked = Desk(tiny, "ana").answer("agreement", {"source": "T1", "a": "ana", "b": "ben"})
    kappa = next(row for row in asked["rows"] if "kappa" in row["coefficient"])
    assert f"{kappa['value']:.2f}".replace("-", "\u2212") in figures()
    assert "no interval" in figures()
    page.locator("[data-panel=compare]").get_by_label("Code", exact=True).select_option(
        "making.co-design"
    )
    until(lambda: "T1, Co-design" in figures())
    page.get_by_label("Agreement of").select_option("all")
    assert "2 transcripts that you have not compared yet: T2 and T3" in figures()
    assert seen(tiny) == [("ana", "T1")]
    page.get_by_role("button", name="Show the figures of all").click()
    until(lambda: "All that both have coded, Co-design: 6 turns" in figures())
    assert seen(tiny) == [("ana", "T1"), ("ana", "T2"), ("ana", "T3")]


def test_what_is_not_defined_is_a_dash_with_the_reason(coding, tiny):
    screen = opened(coding, tiny)

    def figures():
        return screen.text("[data-panel=compare] .view-agreement-body")

    give(tiny, "ana", "T1", "We sit down with the bank", "learning.staff")
    give(tiny, "ben", "T1", "It is a short course", "learning.staff")
    give(tiny, "ana", "T1", "It is a short course", "learning.staff")
    give(tiny, "ben", "T1", "We sit down with the bank", "learning.staff")
    page = screen.page
    until(lambda: any("Own staff" in row for row in rows(screen)))  # seen without a reload
    page.locator("[data-panel=compare]").get_by_label("Code", exact=True).select_option(
        "learning.staff"
    )
    until(lambda: "T1, Own staff" in figures())
    lines = figures().splitlines()
    assert any(line.split("\t")[1:] == ["\u2013", "\u2013"] for line in lines if "kappa" in line)
    assert "Krippendorff's alpha: no variation: every coder applied the code" in figures()


def test_a_third_person_chooses_whom_to_compare(coding, tiny):
    screen = coding(tiny, "cyd")
    page = screen.page
    page.get_by_role("tab", name="Compare").click()
    page.get_by_label("Coder A").select_option("ben")
    assert "ben\u2019s and ana\u2019s" in screen.text(".view-gate")
    page.get_by_role("button", name="Show ben\u2019s and ana\u2019s codings").click()
    until(lambda: len(rows(screen)) == 4)
    assert rows(screen)[0].startswith("only ana")
    assert seen(tiny) == [("cyd", "T1")]
    give(tiny, "ben", "T1", "It took a year", "learning.staff")
    until(lambda: "only ben, Own staff, line 9" in " ".join(rows(screen)))  # without a reload
