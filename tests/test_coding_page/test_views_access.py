"""The panels for everybody: by keyboard, to screen readers, light, dark and in little room."""

from __future__ import annotations

import shutil

import pytest
from logs import folder, give
from served import until

pytestmark = pytest.mark.slow

NARROW = {"width": 400, "height": 720}
UNMARKED = """() => [...document.querySelectorAll('.study-coding :is(a, button, input, select, '
    + 'textarea, summary, [tabindex])')].filter(one => one.dataset.lmSuppressShortcuts !== 'true')
    .map(one => one.outerHTML.slice(0, 120))"""
# Where the focus is, and whether it can be seen: a ring, and not behind something.
RING = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const ring = style.outlineStyle !== 'none' && style.outlineWidth !== '0px';
  return [one.outerHTML.slice(0, 100), ring];
}"""


@pytest.fixture
def full(tiny):
    """Return the tiny study with something in every panel."""
    shutil.rmtree(folder(tiny) / "consensus")
    give(tiny, "rules", "T1", "worked", "learning.staff", memo="work*")
    for coder in ("ana", "ben"):
        give(tiny, coder, "T1", "They bring the cases", "making", "positive", "by hand")
    return tiny


def states(screen):
    """Go through the panels and what they can show; yield a name for each."""
    page = screen.page
    if page.locator(".drawer-button[data-side=right]").is_visible():
        page.locator(".drawer-button[data-side=right]").click()
    page.get_by_role("tab", name="Compare").click()
    page.wait_for_selector(".view-gate")
    yield "gate"
    page.locator(".view-gate .primary").click()
    page.wait_for_selector("[data-panel=compare] .view-figures")
    page.locator("[data-panel=compare] summary").click()
    screen.press(".")
    yield "compare"
    page.get_by_label("Agreement of").select_option("all")
    yield "all transcripts"
    page.get_by_role("tab", name="Consensus").click()
    page.wait_for_selector("[data-panel=consensus] .view-row")
    yield "consensus"
    screen.press("v", "e")
    yield "edit"
    page.get_by_role("button", name="Cancel").click()
    screen.press("v", "a")
    until(lambda: "1 of 5" in screen.text("[data-panel=consensus] .view-place"))
    screen.press(",")
    page.locator("[data-panel=consensus] .view-row").first.click()
    yield "decided"
    page.get_by_role("tab", name="Proposals").click()
    page.wait_for_selector("[data-panel=proposals] .view-row")
    yield "proposals"
    screen.press("v", "e")
    yield "other ends"
    page.get_by_role("button", name="Its own ends").click()
    page.get_by_role("tab", name="Memos").click()
    field = page.locator("[data-panel=memos]").get_by_role("textbox", name="Memo on T1")
    field.fill("A calm talk.")
    until(lambda: screen.text("[data-panel=memos] .view-state") == "Saved")
    yield "memos"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_hinders_a_screen_reader(coding, full, scheme):
    from axe_playwright_python.sync_playwright import Axe

    screen = coding(full, "ana", color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    for state in states(screen):
        screen.page.wait_for_timeout(200)  # what fades has faded
        found = Axe().run(screen.page, context=".study-coding").response["violations"]
        told = [(one["id"], one["nodes"][0]["target"], one["nodes"][0]["html"]) for one in found]
        assert not told, f"{state}: {told}"
        assert screen.page.evaluate(UNMARKED) == [], state


@pytest.mark.parametrize("size", [NARROW, {"width": 640, "height": 400}], ids=["narrow", "200 %"])
def test_everything_fits_in_little_room(coding, full, size):
    screen = coding(full, "ana", viewport=size)
    for state in states(screen):
        panel = screen.page.locator(".panel:not([hidden])")
        wide = panel.evaluate("one => [one.scrollWidth, one.clientWidth]")
        assert wide[0] <= wide[1], state
        page = screen.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert page[0] <= page[1], state


def test_tab_reaches_each_thing_and_the_focus_is_seen(coding, full):
    screen = coding(full, "ana")
    for state in states(screen):
        screen.page.locator(".tab[aria-selected=true]").focus()
        seen = []
        for _ in range(60):
            screen.press("Tab")
            html, ring = screen.page.evaluate(RING)
            if not screen.page.evaluate("!!document.activeElement.closest('.panel')"):
                break
            assert ring, (state, html)
            seen.append(html)
        assert len(seen) == len(set(seen)), (state, seen)  # never caught
        assert len(seen) >= 2, state
        screen.page.locator(".tab[aria-selected=true]").focus()  # it may have left the page
