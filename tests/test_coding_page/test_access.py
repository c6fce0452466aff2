"""The page for everybody: what axe-core finds, keyboard alone, narrow windows, 200 per cent."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.slow

PANELS = ("codebook", "proposals", "memos", "compare", "consensus")


def findings(screen):
    """Return what axe-core calls serious or critical, each with where."""
    found = Axe().run(screen.page).response["violations"]
    return [
        (one["id"], node["html"][:160], node.get("failureSummary", "")[:200])
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.fixture(params=["light", "dark"])
def themed(coding, tiny, request):
    """Return the page with some codings, in light and in dark."""
    screen = coding(tiny, "ana", color_scheme=request.param, reduced_motion="reduce")
    screen.drag("write it together")
    screen.choose("co-d +")
    return screen


@pytest.mark.parametrize("panel", PANELS)
def test_axe_finds_nothing_serious_on_any_panel(themed, panel):
    themed.page.locator(f"[role=tab][id$='-{panel}-tab']").click()
    themed.page.wait_for_timeout(150)
    assert findings(themed) == []


def test_axe_finds_nothing_serious_in_boxes_over_the_page(themed):
    themed.press("?")
    assert findings(themed) == []
    themed.press("Escape", "c")
    themed.page.keyboard.type("m")
    assert findings(themed) == []
    themed.press("Escape", "f")
    assert findings(themed) == []
    themed.press("Escape", "/")
    themed.page.keyboard.type("test")
    themed.press("Shift+Enter")
    themed.page.locator(".results .hit").first.wait_for()
    assert findings(themed) == []


@pytest.mark.parametrize("width", [400, 640, 820])
def test_a_narrow_window_shows_everything_in_reach(coding, tiny, width):
    screen = coding(tiny, viewport={"width": width, "height": 640})
    wide = screen.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    for side, part in (("left", ".list"), ("right", ".panels")):
        button = screen.page.locator(f".drawer-button[data-side={side}]")
        button.click()
        screen.page.locator(part).wait_for()
        box = screen.page.locator(part).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        button.click()
    screen.drag("a short course")
    screen.page.locator(".give").click()
    screen.page.keyboard.type("mean")
    screen.press("Enter", "Escape")
    assert screen.coded("T1") == [("idea.meaning", "a short course", "", "")]
    assert findings(screen) == []


def test_an_hour_without_a_mouse(coding, tiny):
    """Open a transcript, code, judge, note, undo, find: with keys alone."""
    screen = coding(tiny)
    screen.press("l", "ArrowDown", "Enter")
    screen.page.wait_for_selector("h1:has-text('T2')")
    screen.press("u", "Enter", "Shift+ArrowUp", "Enter")
    screen.page.keyboard.type("co-d -")
    screen.press("Enter", "Escape", "m")
    screen.page.keyboard.type("nobody came")
    screen.press("Control+Enter", "u", "Enter", "c")
    screen.page.keyboard.type("learn")
    screen.press("Enter", "Escape", "Control+z", "/")
    screen.page.keyboard.type("June")
    screen.press("Escape", "c")
    screen.page.keyboard.type("own")
    screen.press("Enter", "Escape")
    assert screen.coded("T2") == [
        (
            "making.co-design",
            "The council asked for one. We wrote it with them and nobody came.",
            "negative",
            "nobody came",
        ),
        ("learning.staff", "June", "", ""),
    ]


def test_the_focus_is_never_lost(screen):
    inside = "document.querySelector('.study-coding').contains(document.activeElement)"
    screen.drag("a short course")
    screen.choose("mean")
    assert screen.page.evaluate(inside)
    screen.page.locator("button.stripe").click()
    screen.press("Delete")
    screen.page.wait_for_selector("button.stripe", state="detached")
    assert screen.page.evaluate(inside)
    screen.press("j", "Enter")
    assert screen.selected


def test_stripes_are_reached_with_tab_and_say_what_they_are(screen):
    screen.drag("a short course")
    screen.choose("mean +")
    screen.saved()
    screen.page.wait_for_selector("button.stripe:not(.pending)")
    screen.press("Escape", "Escape", "Tab")
    name = screen.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert name == "Meaning, positive, line 5, “a short course”"
    screen.page.wait_for_selector("button.stripe.lit")
    screen.press("Enter")
    assert screen.text(".inspector h2") == "Meaning"


def test_results_of_actions_are_announced(screen):
    assert screen.page.locator(".status").get_attribute("aria-live") == "polite"
    screen.drag("a short course")
    screen.choose("mean")
    assert screen.said == "Meaning given to line 5."
    screen.press("Delete")
    assert screen.said.startswith("Removed: Meaning at line 5")
