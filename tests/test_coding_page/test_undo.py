"""Undo and redo, of everything, also after the page was loaded again."""

from __future__ import annotations

import contextlib

import pytest
from served import until

pytestmark = pytest.mark.slow

TOGETHER = "write it together"


def test_undo_and_redo_each_step(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d")
    screen.press("+", "r")
    screen.page.keyboard.type("meaning")
    screen.press("Enter", "Delete")
    assert screen.coded("T1") == []
    steps = [
        [("idea.meaning", TOGETHER, "positive", "")],
        [("making.co-design", TOGETHER, "positive", "")],
        [("making.co-design", TOGETHER, "", "")],
        [],
    ]
    for step in steps:
        screen.press("Control+z")
        assert screen.coded("T1") == step
    for step in [*reversed(steps[:-1]), []]:
        screen.press("Control+Shift+z")
        assert screen.coded("T1") == step


def test_undo_goes_on_after_a_reload_and_says_what_it_undoes(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d")
    screen.press("+")
    screen.saved()
    screen.reload()
    undo = screen.page.get_by_role("button", name="Undo: ")
    assert undo.get_attribute("aria-label") == "Undo: stance of Co-design at line 9"
    undo.click()
    assert screen.coded("T1") == [("making.co-design", TOGETHER, "", "")]
    undo.click()
    assert screen.coded("T1") == []
    screen.reload()
    screen.press("Control+y")
    assert screen.coded("T1") == [("making.co-design", TOGETHER, "", "")]


def test_undo_opens_the_transcript_where_it_happened(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d")
    screen.saved()
    screen.page.get_by_role("button", name="T2:").click()
    screen.page.wait_for_selector("h1:has-text('T2')")
    screen.press("Control+z")
    screen.page.wait_for_selector("h1:has-text('T1')")
    assert screen.coded("T1") == []


def test_a_new_code_is_undone_too(screen):
    screen.drag("a test at the end")
    screen.press("i")
    until(lambda: len(screen.coded("T1")) == 1)
    screen.press("Control+z")
    assert screen.coded("T1") == []
    screen.press("Control+z")
    book = next(screen.root.glob("codebooks/*/codebook.yaml"))
    until(lambda: "a-test-at-the-end" not in book.read_text(encoding="utf-8"))
    screen.press("Control+Shift+z")
    until(lambda: "a-test-at-the-end" in book.read_text(encoding="utf-8"))


def test_a_memo_on_the_transcript_is_kept_and_undone(screen):
    def kept():
        files = list(screen.root.glob("codebooks/*/memos/*/transcript-*.md"))
        with contextlib.suppress(FileNotFoundError):  # taken away between these two lines
            return any("A calm talk." in path.read_text("utf-8") for path in files)
        return False

    screen.press("Shift+m")
    screen.page.keyboard.type("A calm talk.")
    screen.press("Escape")
    until(kept)
    screen.press("Control+z")
    until(lambda: not kept())
    until(lambda: screen.said.startswith("Undone"))
    screen.press("Control+Shift+z")
    until(lambda: screen.said.startswith("Done again"))
    until(kept)


def test_in_a_field_undo_belongs_to_the_field(screen):
    screen.drag(TOGETHER)
    screen.choose("co-d")
    screen.press("/")
    screen.page.keyboard.type("bank")
    screen.press("Control+z")
    assert len(screen.coded("T1")) == 1
