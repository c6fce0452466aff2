"""What rules propose: one key to accept, one to reject, one to skip; undone like anything else."""

from __future__ import annotations

import pytest
from logs import entries, give, standing
from served import until

pytestmark = pytest.mark.slow


@pytest.fixture
def proposed(tiny):
    """Return the tiny study after rules have run over it."""
    for words, code, pattern in (
        ("a test at the end", "idea.assessed", "test*"),
        ("write it together", "making.co-design", "write NEAR/5 together"),
        ("worked", "learning.staff", "work*"),
    ):
        give(tiny, "rules", "T1", words, code, memo=pattern)
    give(tiny, "rules", "T3", "certificate", "idea.assessed", memo="certificat*")
    return tiny


@pytest.fixture
def screen(coding, proposed):
    """Return the page at Proposals, for somebody who has coded nothing."""
    screen = coding(proposed, "cyd")
    screen.page.get_by_role("tab", name="Proposals").click()
    screen.press("v")
    return screen


def card(screen):
    return screen.page.locator("[data-panel=proposals] .view-card").inner_text()


def label(screen):
    return screen.page.locator("[data-panel=proposals] .view-card").get_attribute("aria-label")


def counts(screen):
    found = screen.page.locator(".view-counts button")
    return found.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")


def focused(screen):
    return screen.page.evaluate("document.activeElement.className")


def test_accept_reject_skip_and_on_to_the_next_transcript(screen, proposed):
    assert label(screen) == "Proposal 1 of 3: Assessed, line 5. a test at the end"
    assert "Found by test*" in card(screen)
    assert "a short course with a test at the end. Nobody here" in card(screen)
    assert counts(screen) == ["T1, 3 proposals", "T3, 1 proposal"]
    screen.press("-", "a")
    assert "Co-design" in label(screen)
    assert "write NEAR/5 together" in card(screen)
    screen.press("x")
    assert "Own staff" in label(screen)
    screen.press("s")
    assert "Only what you skipped is left in T1." in card(screen)
    assert screen.coded("T1") == [("idea.assessed", "a test at the end", "negative", "")]
    assert [row[:4] for row in entries(proposed, "cyd", "T1")] == [
        ("add", "idea.assessed", "a test at the end", "negative"),
        ("decline", "making.co-design", "write it together", ""),
    ]
    assert counts(screen) == ["T1, 1 proposal", "T3, 1 proposal"]
    screen.press(".")
    screen.page.wait_for_selector("h1:has-text('T3')")
    until(lambda: "certificate" in card(screen))
    assert focused(screen) == "view-card"
    screen.press("a")
    until(lambda: len(standing(proposed, "cyd", "T3")) == 1)
    until(lambda: counts(screen) == ["T1, 1 proposal"])


def test_undo_brings_a_proposal_back(screen, proposed):
    screen.press("a", "x")
    screen.saved()
    assert "Own staff" in label(screen)
    screen.press("Control+z", "Control+z")
    until(lambda: counts(screen)[0] == "T1, 3 proposals")
    assert screen.coded("T1") == []
    screen.reload()
    screen.page.get_by_role("tab", name="Proposals").click()
    until(lambda: counts(screen)[0] == "T1, 3 proposals")
    screen.press("Control+Shift+z")
    assert screen.coded("T1") == [("idea.assessed", "a test at the end", "", "")]


def test_other_ends_by_mouse_before_accepting(screen, proposed):
    screen.press("e")
    screen.drag("It is a short course with a test at the end")
    until(lambda: "It is a short course with a test at the end" in screen.text(".view-card mark"))
    screen.press("v", "+", "a")
    whole = ("idea.assessed", "It is a short course with a test at the end", "positive", "")
    assert screen.coded("T1") == [whole]
    until(lambda: counts(screen)[0] == "T1, 2 proposals")
    until(lambda: not screen.page.locator(".handle:visible").count())


def test_other_ends_by_keyboard_settle_the_proposal_also_where_they_are_narrower(screen):
    screen.press("e")
    screen.page.locator(".turn.current").focus()
    screen.press("Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "Enter")
    assert focused(screen) == "view-card"
    screen.press("a")
    assert screen.coded("T1") == [("idea.assessed", "a test", "", "")]
    until(lambda: counts(screen)[0] == "T1, 2 proposals")
    screen.press("Control+z")
    assert screen.coded("T1") == []
    until(lambda: counts(screen)[0] == "T1, 3 proposals")


def test_filter_by_code_and_choose_from_the_list(screen, proposed):
    panel = screen.page.locator("[data-panel=proposals]")
    panel.get_by_label("Code").select_option("learning.staff")
    until(lambda: panel.locator(".view-row").count() == 1)
    assert "Own staff" in label(screen)
    panel.get_by_label("Code").select_option("")
    panel.locator(".view-row").first.focus()
    screen.press("ArrowDown")
    assert "Co-design" in label(screen)
    screen.press("x")
    until(lambda: [row[1] for row in entries(proposed, "cyd", "T1")] == ["making.co-design"])


def test_proposals_look_unlike_codings(screen):
    screen.press("a")
    screen.saved()
    first = screen.page.locator("button.stripe:not(.proposal)")
    later = screen.page.locator("button.stripe.proposal")
    assert (first.count(), later.count()) == (1, 2)
    border = "one => getComputedStyle(one, '::before').borderTopStyle"
    assert (first.evaluate(border), later.first.evaluate(border)) == ("none", "dashed")
    assert later.first.get_attribute("aria-label").startswith("Proposed")


def test_keys_of_the_page_do_not_code_from_this_panel(screen):
    screen.drag("They bring the cases")
    screen.choose("own st")
    screen.press("v", "1", "c", "i", "r", "Delete")
    until(lambda: not screen.page.locator("dialog[open]").count())
    assert screen.coded("T1") == [("learning.staff", "They bring the cases", "", "")]
