"""Selecting words, with the mouse and with keys."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def test_a_drag_selects_whole_words(screen):
    screen.drag("hort course with a te")
    assert screen.selected == "short course with a test"


def test_with_alt_a_drag_selects_to_the_character(screen):
    screen.drag("hort course with a te", hold=["Alt"], inset=1)
    assert screen.selected == "hort course with a te"


def test_an_emoji_is_selected_whole_and_counted_as_one_character(screen):
    screen.drag("bank 🏦 and")
    assert screen.selected == "bank 🏦 and"
    screen.choose("co-design")
    assert screen.coded("T1") == [("making.co-design", "bank 🏦 and", "", "")]


def test_a_double_click_selects_a_word_and_a_triple_click_the_turn(screen):
    at = screen.place("course with")
    screen.page.mouse.dblclick(at["x"] + 4, at["y"])
    assert screen.selected == "course"
    screen.page.mouse.click(at["x"] + 4, at["y"], click_count=3)
    assert screen.selected.startswith("It is a short course with a test at the end.")
    assert screen.selected.endswith("agrees on that.")


def test_a_passage_may_go_over_several_turns(screen):
    start, end = screen.place("Nobody here"), screen.place("We sit down")
    start = screen.place("Nobody here")
    mouse = screen.page.mouse
    mouse.move(start["x"] + 2, start["y"])
    mouse.down()
    mouse.move(end["X"] - 2, end["Y"], steps=4)
    mouse.up()
    screen.choose("assessed")
    [(code, words, *_)] = screen.coded("T1")
    assert code == "idea.assessed"
    assert words.startswith("Nobody here agrees")
    assert words.endswith("We sit down")


def test_the_selection_survives_a_click_elsewhere_in_the_page(screen):
    screen.drag("write it together")
    screen.page.locator(".bar .title").click()
    assert screen.selected == "write it together"


def test_keys_select_a_turn_and_move_both_ends(screen):
    screen.press("j", "Enter")
    assert screen.selected.startswith("It is a short course with a test at the end. Nobody")
    assert screen.selected.endswith("agrees on that.")
    screen.press("Shift+ArrowUp")
    assert screen.selected == "It is a short course with a test at the end."
    screen.press("Shift+ArrowLeft", "Shift+ArrowLeft")
    assert screen.selected == "It is a short course with a test at"
    screen.press("o", "Shift+ArrowRight", "Shift+ArrowRight")
    assert screen.selected == "a short course with a test at"
    screen.press("o", "s")
    assert screen.selected == "It is a short course with a test at the end."
    screen.press("Shift+PageDown", "Shift+PageDown")
    assert screen.selected.endswith("And how do you make them?")


def test_arrows_move_a_word_as_a_caret_from_turn_to_turn(screen):
    screen.press("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight")
    assert screen.selected == "a"
    screen.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert screen.selected == "you"
    screen.press("Shift+ArrowRight")
    assert screen.selected.startswith("you")
    assert screen.selected.endswith("It")


def test_escape_lets_go(screen):
    screen.drag("write it together")
    screen.press("Escape")
    assert screen.selected == ""


def test_shift_click_makes_the_selection_longer(screen):
    screen.drag("write it")
    screen.page.keyboard.down("Shift")
    screen.click("cases")
    screen.page.keyboard.up("Shift")
    assert screen.selected == "write it together. They bring the cases"


def test_copying_takes_the_selected_words(screen):
    screen.context.grant_permissions(["clipboard-read", "clipboard-write"])
    screen.drag("write it together")
    screen.press("Control+c")
    assert screen.page.evaluate("navigator.clipboard.readText()") == "write it together"
