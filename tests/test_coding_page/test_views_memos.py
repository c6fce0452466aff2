"""Memos: saved by themselves, never lost, found again."""

from __future__ import annotations

import pytest
from served import until

from study import codings, memos

pytestmark = pytest.mark.slow

MEANING = "11111111-1111-4111-8111-111111111102"
# What is said of a memo, and how long after the last letter it is written: on the page's own clock.
WATCH = """() => {
  const said = document.querySelector('[data-panel=memos] .view-state');
  globalThis.states = [];
  new MutationObserver(() => states.push(said.textContent)).observe(said, {childList: true});
  document.addEventListener('input', (event) => { globalThis.typed = event.timeStamp; }, true);
}"""
PAUSE = """performance.getEntriesByType('resource')
  .find(one => one.name.endsWith('/api/memo')).startTime - typed"""


def opened(coding, root, **options):
    screen = coding(root, "ana", **options)
    screen.page.get_by_role("tab", name="Memos").click()
    screen.page.wait_for_selector("[data-panel=memos] .view-memos .empty, [data-panel=memos] h3")
    return screen


@pytest.fixture
def screen(coding, tiny):
    return opened(coding, tiny)


def field(screen, name="T1"):
    return screen.page.locator("[data-panel=memos]").get_by_role("textbox", name=f"Memo on {name}")


def path(root, name="transcript-T1", author="ana"):
    return root / "codebooks" / "tiny" / "memos" / author / f"{name}.md"


def kept(root, name="transcript-T1"):
    """Return the text of a memo on disk; nothing where there is none."""
    there = path(root, name)
    return there.read_text("utf-8").partition("---\n\n")[2].strip() if there.exists() else ""


def state(screen):
    return screen.text("[data-panel=memos] .view-state")


def test_a_memo_is_saved_after_a_pause_and_says_so(screen, tiny):
    field(screen).click()
    screen.page.evaluate(WATCH)
    screen.page.keyboard.insert_text("She begins with the partner.")
    until(lambda: kept(tiny) == "She begins with the partner.")
    until(lambda: state(screen) == "Saved")
    assert screen.page.evaluate("states") == ["Not saved yet …", "Saving …", "Saved"]
    assert screen.page.evaluate(PAUSE) > 890  # milliseconds
    screen.page.keyboard.type("\nAgain in T2.")
    screen.press("Escape")  # back to the transcript: at once
    until(lambda: kept(tiny) == "She begins with the partner.\nAgain in T2.")
    screen.press("Control+z")
    until(lambda: kept(tiny) == "")  # written in one go, undone in one go
    until(lambda: field(screen).input_value() == "")
    until(lambda: screen.page.get_by_role("button", name="Undo: nothing").count() == 1)
    screen.press("Control+Shift+z")
    until(lambda: kept(tiny) == "She begins with the partner.\nAgain in T2.")


def test_what_was_typed_survives_closing_the_tab(screen, tiny):
    wall = tiny / "codebooks" / "tiny" / "memos"
    wall.write_text("no folder can be made here", "utf-8")
    page = screen.page
    field(screen).click()
    page.keyboard.type("Ask Imani about the badge.")
    until(lambda: "kept in this browser" in state(screen))
    screen.page = screen.context.new_page()
    page.close()
    screen.page.wait_for_timeout(500)  # what the closing tab still sent has failed
    wall.unlink()
    screen.page.goto(screen.running.address)
    screen.ready()
    screen.page.get_by_role("tab", name="Memos").click()
    until(lambda: field(screen).input_value() == "Ask Imani about the badge.")
    until(lambda: kept(tiny) == "Ask Imani about the badge.")
    until(lambda: state(screen) == "Saved")


def test_what_an_earlier_tab_left_is_delivered_without_opening_the_panel(screen, tiny):
    left = """() => {
      const key = Object.keys(localStorage).find(name => name.endsWith(':last')).slice(0, -4);
      const draft = {text: 'Left on Friday.', revision: '', label: 'T2', at: 0};
      localStorage.setItem(`${key}draft:transcript:T2`, JSON.stringify(draft));
    }"""
    screen.page.evaluate(left)
    screen.reload()
    until(lambda: kept(tiny, "transcript-T2") == "Left on Friday.")
    until(lambda: "draft:" not in screen.page.evaluate("Object.keys(localStorage).join()"))


def test_two_hands_on_one_memo_lose_neither_text(coding, tiny):
    screen = opened(coding, tiny, told=False)
    field(screen).click()
    screen.page.keyboard.type("Hers.")
    until(lambda: kept(tiny) == "Hers.")
    until(lambda: state(screen) == "Saved")
    path(tiny).write_text(path(tiny).read_text("utf-8") + "\nFrom the other laptop.\n", "utf-8")
    screen.page.keyboard.type(" And more.")
    until(lambda: state(screen) == "Changed elsewhere: not saved.")
    assert field(screen).input_value() == "Hers. And more."
    assert "From the other laptop." in screen.text(".view-theirs")
    assert kept(tiny) == "Hers.\n\nFrom the other laptop."
    screen.page.keyboard.type(" Still more.")
    screen.reload()  # it is not settled yet, and nothing is gone
    screen.page.get_by_role("tab", name="Memos").click()
    until(lambda: field(screen).input_value() == "Hers. And more. Still more.")
    assert "From the other laptop." in screen.text(".view-theirs")
    screen.page.get_by_role("button", name="Take the other").click()
    until(lambda: field(screen).input_value() == "Hers.\n\nFrom the other laptop.")
    screen.page.get_by_role("button", name="Put what was left out below").click()
    both = "Hers.\n\nFrom the other laptop.\n\nHers. And more. Still more."
    until(lambda: kept(tiny) == both)


def test_both_texts_are_put_together_without_what_they_share(coding, tiny):
    screen = opened(coding, tiny, told=False)
    field(screen).click()
    screen.page.keyboard.type("Hers.")
    until(lambda: state(screen) == "Saved" and kept(tiny) == "Hers.")
    path(tiny).write_text(path(tiny).read_text("utf-8") + "\nTheirs.\n", "utf-8")
    screen.page.keyboard.type(" Mine.")
    screen.page.get_by_role("button", name="Keep both").click()
    until(lambda: kept(tiny) == "Hers.\n\nTheirs.\n\nMine.")


def test_a_change_on_disk_appears_by_itself_while_nothing_is_being_written(screen, tiny):
    field(screen).click()
    screen.page.keyboard.type("Hers.")
    until(lambda: state(screen) == "Saved" and kept(tiny) == "Hers.")
    path(tiny).write_text(path(tiny).read_text("utf-8") + "\nTheirs.\n", "utf-8")
    until(lambda: field(screen).input_value() == "Hers.\n\nTheirs.")


def test_memos_on_codes_are_listed_searched_and_jumped_to(screen, tiny):
    page = screen.page
    page.get_by_role("button", name="Memo on a code").click()
    page.keyboard.type("meaning")
    screen.press("Enter")
    until(lambda: page.evaluate("document.activeElement.tagName") == "TEXTAREA")
    page.keyboard.type("Is a lack of meaning a meaning?")
    until(lambda: kept(tiny, f"code-{MEANING}") == "Is a lack of meaning a meaning?")
    page.get_by_role("button", name="Memo on T1").click()
    page.keyboard.type("A calm talk.")
    until(lambda: kept(tiny) == "A calm talk.")
    rows = page.locator("[data-panel=memos] .view-memos .view-row")
    until(lambda: rows.count() == 3)  # with the one on a coding
    page.get_by_label("Search your memos").fill("LACK")
    until(lambda: rows.count() == 1)
    rows.first.click()
    assert field(screen, "Meaning").input_value() == "Is a lack of meaning a meaning?"
    page.get_by_role("button", name="In the codebook").click()
    until(lambda: page.locator("[data-panel=codebook]").is_visible())
    page.get_by_role("tab", name="Memos").click()
    page.get_by_label("Search your memos").fill("clear case")
    rows.first.click()
    assert "Co-design" in screen.text(".inspector h2")


def test_the_list_of_memos_takes_no_focus_away_when_it_comes_late(coding, tiny):
    memos.save(path(tiny, "transcript-T2"), "Earlier.", "", codings.now())
    screen, asked = coding(tiny, "ana", told=False), []  # so that each is asked for once
    screen.page.route("**/api/memos", lambda route: asked.append(route))
    screen.reload()  # what a page asked for before that might still pass by
    screen.drag("write it together")
    screen.choose("own st")
    before = screen.coded("T1")
    screen.press("Shift+m", "Escape")  # back in the transcript before the list is here
    until(lambda: screen.settle() or len(asked) == 2)  # the panel is set up, and turned to
    asked[0].continue_()
    screen.page.locator("[data-panel=memos] .view-row", has_text="Earlier.").wait_for()
    screen.press("Control+z")  # in a field it would be the field's
    assert len(screen.coded("T1")) == len(before) - 1
    asked[1].continue_()


def test_nobody_elses_memo_is_seen(screen, coding, tiny):
    field(screen).click()
    screen.page.keyboard.type("Between me and me.")
    until(lambda: kept(tiny) == "Between me and me.")
    other = coding(tiny, "ben")
    other.page.get_by_role("tab", name="Memos").click()
    until(lambda: field(other).is_visible())
    assert field(other).input_value() == ""
    assert "Between me" not in other.page.locator("body").inner_text()
