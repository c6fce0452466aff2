"""Settling differences one key each: what is decided, by whom and why, is on disk."""

from __future__ import annotations

import shutil

import pytest
from logs import entries, folder, give, standing
from served import until

pytestmark = pytest.mark.slow

AGREES = "Nobody here agrees on that."
TEST = "It is a short course with a test at the end."
BANK = "We sit down with the bank 🏦 and write it together. They bring the cases, "
BANK += "we bring the exam."
YEAR = "\nIt took a year, but it worked."
WHO = "ana/ben: accepted {} (decided by ana, item "


@pytest.fixture
def undecided(tiny):
    """Return the tiny study before its consensus."""
    shutil.rmtree(folder(tiny) / "consensus")
    return tiny


def opened(coding, root, coder="ana", **options):
    screen = coding(root, coder, **options)
    screen.page.get_by_role("tab", name="Consensus").click()
    screen.page.locator(".view-gate .primary").click()
    screen.page.wait_for_selector("[data-panel=consensus] .view-row")
    return screen


def card(screen):
    """What is open: its label without the number."""
    label = screen.page.locator("[data-panel=consensus] .view-card").get_attribute("aria-label")
    return label.partition(", ")[2]


def focused(screen):
    return screen.page.evaluate("document.activeElement.className")


def progress(screen):
    return screen.text("[data-panel=consensus] .view-bar .view-place")


def decided(root):
    """Return what stands in the consensus, with the beginning of the memo that matters."""
    return [(code, words, stance) for code, words, stance, _ in standing(root, "consensus", "T1")]


def test_one_key_each_and_the_next_one_is_there(coding, undecided):
    screen = opened(coding, undecided)
    assert focused(screen) == "view-card"
    assert progress(screen) == "0 of 4 decided"
    assert card(screen) == "only ana, Assessed, line 5"
    screen.press("a")
    until(lambda: card(screen) == "only ben, Meaning, line 5")
    assert focused(screen) == "view-card"
    screen.press("a")  # ana did not give it
    assert "ana did not give this code here" in screen.said
    screen.press("b")
    until(lambda: card(screen) == "only ana, Meaning, line 5")
    screen.press("x")
    until(lambda: card(screen) == "other boundary and stance, Co-design, line 9")
    screen.page.get_by_role("button", name="Take both").click()
    until(lambda: progress(screen) == "4 of 4 decided")
    assert focused(screen) == "view-card"
    rows = entries(undecided, "consensus", "T1")
    assert [row[:4] for row in rows] == [
        ("add", "idea.assessed", TEST, "positive"),
        ("add", "idea.meaning", TEST, "positive"),
        ("decline", "idea.meaning", AGREES, ""),
        ("add", "making.co-design", BANK + YEAR, "positive"),
        ("add", "making.co-design", BANK, "mixed"),
    ]
    words = ["ana", "ben", "neither", "both", "both"]
    assert all(row[4].startswith(WHO.format(word)) for row, word in zip(rows, words, strict=True))
    assert screen.said == "All 4 are decided."


def test_both_coders_are_side_by_side_with_stances_and_memos(coding, undecided):
    screen = opened(coding, undecided)
    screen.press(".", ".", ".")
    sides = screen.page.locator("[data-panel=consensus] .view-side")
    ana, ben = sides.nth(0).inner_text(), sides.nth(1).inner_text()
    assert "It took a year" in ana
    assert "+ positive" in ana
    assert "clear case" in ana
    assert "It took a year" not in ben
    assert "± mixed" in ben
    assert "It took a year" in screen.text(".view-side.is-a .view-alone")
    assert sides.nth(0).bounding_box()["y"] == sides.nth(1).bounding_box()["y"]
    until(lambda: screen.page.locator(".turn .words").last.is_visible())
    until(lambda: screen.page.locator(".pair-stripe.lit").count() == 2)


def test_why_is_written_and_a_decision_can_be_made_again(coding, undecided):
    screen = opened(coding, undecided, coder="ben")
    screen.press("w")
    screen.page.keyboard.type("the test is named")
    screen.press("Enter", "b")  # for ben, who looks, ana is the other one
    until(lambda: progress(screen) == "1 of 4 decided")
    (row,) = entries(undecided, "consensus", "T1")
    assert row[:4] == ("add", "idea.assessed", TEST, "positive")
    assert row[4].startswith("ben/ana: accepted ana (decided by ben, item ")
    assert row[4].endswith("): the test is named")
    screen.page.locator("[data-panel=consensus] .view-row").first.click()
    shown = screen.text("[data-panel=consensus] .view-decided")
    assert "Accepted ana\u2019s, by ben" in shown
    assert "the test is named" in shown
    screen.press("v", "x")
    until(lambda: decided(undecided) == [])
    assert [row[0] for row in entries(undecided, "consensus", "T1")] == ["add", "remove", "decline"]
    screen.press("Control+z")
    until(lambda: decided(undecided) == [("idea.assessed", TEST, "positive")])
    screen.press("Control+z")
    until(lambda: decided(undecided) == [])
    until(lambda: progress(screen) == "0 of 4 decided")
    screen.press("Control+Shift+z")
    until(lambda: decided(undecided) == [("idea.assessed", TEST, "positive")])


def test_other_ends_code_and_stance(coding, undecided):
    screen = opened(coding, undecided)
    page = screen.page
    screen.drag("It took a year")
    screen.choose("own st")  # takes the number 1
    screen.press("Control+z", "v", "e")
    screen.drag("a test at the end")
    until(lambda: "a test at the end" in screen.text(".view-editor .view-quote"))
    screen.press("1", "c")  # the selection is not for coding now
    assert "save or cancel that first" in screen.said
    screen.saved()
    assert len(screen.log("T1")) == 3
    page.locator(".view-editor [data-key=code]").click()
    page.keyboard.type("own st")
    screen.press("Enter")
    until(lambda: "Own staff" in screen.text(".view-editor"))
    page.locator(".view-editor").get_by_label("Stance").select_option("neutral")
    screen.press("Control+Enter")
    until(lambda: decided(undecided) == [("learning.staff", "a test at the end", "neutral")])
    assert "ana/ben: edited (decided by ana" in entries(undecided, "consensus", "T1")[0][4]
    until(lambda: focused(screen) == "view-card")
    until(lambda: not page.locator(".handle:visible").count())
    screen.press("e", "Escape")
    assert focused(screen) == "view-card"
    assert len(entries(undecided, "consensus", "T1")) == 1


def test_ends_by_keyboard_alone(coding, undecided):
    screen = opened(coding, undecided)
    screen.press("e")
    screen.page.locator(".turn.current").focus()
    screen.press("Shift+ArrowLeft", "Shift+ArrowLeft", "Enter")
    assert screen.page.evaluate("document.activeElement.textContent").startswith("Save")
    screen.press("Enter")
    shorter = "It is a short course with a test at"
    until(lambda: decided(undecided) == [("idea.assessed", shorter, "positive")])


def test_exact_agreements_in_one_go_and_back(coding, undecided):
    for words in ("It is a short course", "They bring the cases", "we bring the exam"):
        for coder in ("ana", "ben"):
            give(undecided, coder, "T1", words, "making", "positive")
    screen = opened(coding, undecided)
    screen.page.get_by_role("button", name="Accept all 3 exact agreements").click()
    until(lambda: len(decided(undecided)) == 3)
    until(lambda: progress(screen) == "3 of 7 decided")
    memo = entries(undecided, "consensus", "T1")[0][4]
    assert memo.startswith(WHO.format("both"))
    assert memo.endswith("): exact agreement")
    until(lambda: focused(screen) == "view-card")
    until(lambda: not screen.page.get_by_role("button", name="Accept all").count())
    screen.press("Control+z")
    until(lambda: decided(undecided) == [])
    until(lambda: progress(screen) == "0 of 7 decided")


def test_a_decision_whose_answer_is_lost_is_made_once(coding, undecided):
    screen = opened(coding, undecided)
    lost = []

    def lose(route):
        if len(lost) < 2:
            lost.append(route.request.post_data_json["request"])
            route.fetch()  # it reaches the disk
            route.abort()
        else:
            route.continue_()

    screen.page.route("**/api/decide", lose)
    screen.press("a")
    until(
        lambda: "The decision is kept here" in screen.text("[data-panel=consensus] .view-problem")
    )
    until(lambda: card(screen) == "only ben, Meaning, line 5")
    assert len(set(lost)) == 1
    assert [row[:2] for row in entries(undecided, "consensus", "T1")] == [("add", "idea.assessed")]
    assert not screen.page.locator("[data-panel=consensus] .view-problem").is_visible()


def test_what_changed_meanwhile_is_refused_and_shown(coding, undecided):
    screen = opened(coding, undecided, told=False)
    screen.press(".", ".", ".")
    give(undecided, "ben", "T1", "It took a year", "making.co-design", "mixed")
    screen.press("a")
    until(lambda: "have changed since" in screen.text("[data-panel=consensus] .view-problem"))
    assert entries(undecided, "consensus", "T1") == []
