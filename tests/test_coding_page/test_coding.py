"""Giving codes, and changing one's mind: on the screen and, a moment later, on disk."""

from __future__ import annotations

import pytest
from served import until

from study import codings

pytestmark = pytest.mark.slow

TOGETHER = "write it together"


def test_several_codes_in_a_row_on_one_passage(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d", "mean", "own st +")
    assert screen.coded("T1") == [
        ("making.co-design", TOGETHER, "", ""),
        ("idea.meaning", TOGETHER, "", ""),
        ("learning.staff", TOGETHER, "positive", ""),
    ]
    assert screen.selected == ""  # the last one is in focus
    assert "Own staff" in screen.text(".inspector h2")


def test_a_click_in_the_codebook_gives_the_code(screen):
    screen.drag(TOGETHER)
    screen.page.locator(".panels").get_by_text("Co-design", exact=True).first.click()
    assert screen.coded("T1") == [("making.co-design", TOGETHER, "", "")]


def test_number_keys_give_the_codes_used_last_and_keep_their_numbers(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d", "meaning")
    screen.drag("a year")
    screen.press("2", "1")
    assert [code for code, words, *_ in screen.coded("T1") if words == "a year"] == [
        "idea.meaning",
        "making.co-design",
    ]


def test_a_code_without_words_is_not_given(screen):
    screen.press("c")
    assert "Select words first" in screen.said
    assert screen.coded("T1") == []


def test_the_same_code_twice_on_a_passage_is_not_given(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d", "co-d")
    assert "has Co-design already" in screen.said
    assert len(screen.coded("T1")) == 1


def test_a_click_on_coded_words_shows_the_coding_and_the_next_click_the_next_one(screen):
    screen.drag("bring the cases")
    screen.choose("co-d")
    screen.drag("the cases")
    screen.choose("meaning")
    screen.press("Escape", "Escape")
    screen.click("cases")
    assert screen.text(".inspector h2") == "Meaning"
    screen.click("cases")
    assert screen.text(".inspector h2") == "Co-design"


def test_remove_recode_stance_and_memo(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d")
    screen.press("-")
    screen.press("m")
    screen.page.keyboard.type("who wrote it?")
    screen.press("Escape", "r")
    screen.page.keyboard.type("meaning")
    screen.press("Enter")
    assert screen.coded("T1") == [("idea.meaning", TOGETHER, "negative", "who wrote it?")]
    screen.press("Delete")
    assert screen.coded("T1") == []
    path = next(screen.root.glob("codebooks/*/codings/cyd/T1.csv"))
    actions = [entry.action for entry in codings.read_entries(path)[0]]
    assert actions.count("add") == actions.count("remove") == 4


def test_dragging_a_handle_moves_an_end(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d")
    screen.press("Escape")
    at, handle = screen.place("They bring"), screen.page.locator(".handle.end").bounding_box()
    mouse = screen.page.mouse
    mouse.move(handle["x"] + 8, handle["y"] + handle["height"] / 2)
    mouse.down()
    mouse.move(at["X"] - 8, at["Y"], steps=3)
    mouse.up()
    assert screen.coded("T1") == [("making.co-design", "write it together. They bring", "", "")]


def test_keys_move_the_ends_of_a_coding_and_enter_keeps_them(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d")
    screen.press("Escape", "Shift+ArrowRight", "o", "Shift+ArrowLeft")
    assert screen.coded("T1") == [("making.co-design", TOGETHER, "", "")]
    screen.press("Enter")
    assert screen.coded("T1") == [("making.co-design", "and write it together. They", "", "")]
    screen.press("Shift+ArrowRight", "Escape")
    assert len(screen.coded("T1")[0][1]) == len("and write it together. They")


def test_several_codings_at_once(screen):
    for words in ("a short course", "a test", "a year"):
        screen.drag(words)
        screen.choose("mean")
    screen.press("Escape", "Escape")
    stripes = screen.page.locator("button.stripe")
    stripes.nth(0).click()
    stripes.nth(1).click(modifiers=["Shift"])
    screen.press("*")
    assert [stance for _, _, stance, _ in screen.coded("T1")].count("mixed") == 2
    screen.press("Delete")
    assert [words for _, words, *_ in screen.coded("T1")] == ["a year"]


def test_in_vivo_the_words_become_a_code(screen):
    screen.drag("a test at the end")
    screen.press("i")
    until(lambda: len(screen.coded("T1")) == 1)
    [(code, words, *_)] = screen.coded("T1")
    assert words == "a test at the end"
    assert code == "a-test-at-the-end"
    book = next(screen.root.glob("codebooks/*/codebook.yaml")).read_text(encoding="utf-8")
    assert "a test at the end" in book


def test_the_margin_tells_overlapping_passages_of_one_code_apart(screen):
    screen.drag("the cases, we bring")
    screen.choose("co-d")
    screen.drag("we bring the exam")
    screen.choose("co-d")
    stripes = screen.page.locator("button.stripe")
    until(lambda: stripes.count() == 2)
    boxes = [stripes.nth(number).bounding_box() for number in range(2)]
    assert boxes[0]["x"] != boxes[1]["x"]
    assert [label.split(",")[0] for label in screen.stripes()] == ["Co-design", "Co-design"]


def test_nothing_in_the_text_moves_when_one_codes(screen):
    tops = "[...document.querySelectorAll('.words')].map(one => one.getBoundingClientRect().top)"
    before = screen.page.evaluate(tops)
    screen.drag(TOGETHER)
    screen.choose("co-d", "mean", "own st", "asses", "idea", "learn")
    assert len(screen.coded("T1")) == 6
    assert screen.page.evaluate(tops) == before


def test_hovering_over_a_passage_lights_its_stripe(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d")
    screen.press("Escape", "Escape")
    screen.page.wait_for_selector("button.stripe:not(.focused)")
    at = screen.place("it together")
    screen.page.mouse.move(at["x"], at["y"])
    screen.page.wait_for_selector("button.stripe.lit")
    screen.page.mouse.move(5, 5)
    screen.page.wait_for_selector("button.stripe:not(.lit)")


def test_a_pinned_code_keeps_its_number(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d")
    screen.press("Alt+1")
    assert screen.said == "Co-design stays on 1."
    for name in ("mean", "asses", "own st", "idea", "learning", "making"):
        screen.choose(name)
    screen.reload()
    screen.drag("a year")
    screen.press("1")
    assert ("making.co-design", "a year", "", "") in screen.coded("T1")
