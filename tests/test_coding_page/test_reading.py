"""Finding one's way: transcripts, find, filters, places in the address, keys, paper."""

from __future__ import annotations

import pytest
from served import until

pytestmark = pytest.mark.slow


def top_line(screen):
    return int(
        screen.page.evaluate(
            """() => {
              const view = document.querySelector('.scroll').getBoundingClientRect().top;
              const row = [...document.querySelectorAll('.turn')]
                .find(one => one.getBoundingClientRect().top >= view - 4);
              return row.querySelector('.line').textContent.replace('line ', '');
            }"""
        )
    )


def test_progress_follows_the_coding(screen):
    assert screen.text(".talk-progress") == "0 of 2 turns coded"
    screen.drag("a short course")
    screen.choose("mean")
    assert screen.text(".talk-progress") == "1 of 2 turns coded"
    assert "1/2" in screen.text(".list [aria-current]")
    screen.press("Control+z")
    assert screen.text(".talk-progress") == "0 of 2 turns coded"


def test_a_transcript_without_anything_to_code_is_marked_as_gone_through(screen):
    screen.press("Shift+d")
    until(lambda: "✓" in screen.text(".list [aria-current]"))
    path = next(screen.root.glob("codebooks/*/codings")) / "cyd" / "T1.csv"
    assert path.read_text(encoding="utf-8").count("\n") == 1


def test_next_uncoded_turn_skips_what_is_coded_and_who_asks(screen):
    screen.drag("a short course")
    screen.choose("mean")
    screen.press("Escape", "Escape", "u", "Enter")
    assert screen.selected.startswith("We sit down")


def test_moving_from_coding_to_coding(screen):
    for words, code in (("a short course", "mean"), ("a test", "asses"), ("a year", "mean")):
        screen.drag(words)
        screen.choose(code)
    screen.press("Escape", "Escape", "Home", "]")
    assert screen.text(".inspector blockquote") == "a short course"
    screen.press("}")
    assert screen.text(".inspector blockquote") == "a year"
    screen.press("[")
    assert screen.text(".inspector blockquote") == "a test"


def test_find_counts_and_steps_without_minding_case_and_accents(screen):
    screen.press("/")
    screen.page.keyboard.type("WÉ")
    until(lambda: screen.text(".find-count") == "1/2")
    screen.press("Enter")
    assert screen.text(".find-count") == "2/2"
    screen.press("Escape")
    assert screen.selected == "we"  # the words found are selected


def test_find_in_all_transcripts_and_jump(screen):
    screen.press("/")
    screen.page.keyboard.type("wednesday")
    until(lambda: screen.text(".find-count") == "none here")
    screen.press("Shift+Enter")
    screen.page.locator(".results .hit").first.wait_for()
    assert "T3" in screen.text(".results .hit-place")
    screen.press("Enter")
    screen.page.wait_for_selector("h1:has-text('T3')")
    until(lambda: screen.text(".find-count") == "1/1")


def test_filter_by_code_leaves_only_its_turns_and_stripes(screen):
    for words, code in (("a short course", "mean"), ("a year", "co-d")):
        screen.drag(words)
        screen.choose(code)
    screen.press("Escape", "Escape", "f")
    box = screen.page.locator(".filter-box")
    box.get_by_label("Making together").check()
    box.get_by_role("button", name="Done").click()
    until(lambda: screen.page.locator(".turn:visible").count() == 1)
    assert "1 of 4 turns" in screen.text(".filter-line")
    until(lambda: [one.split(",")[0] for one in screen.stripes()] == ["Co-design"])
    screen.page.get_by_role("button", name="Show everything").click()
    until(lambda: screen.page.locator(".turn:visible").count() == 4)


def test_filter_by_speaker(screen):
    screen.press("f")
    screen.page.locator(".filter-box").get_by_label("T1").check()
    screen.press("Escape")
    until(lambda: screen.page.locator(".turn:visible").count() == 2)
    screen.press("Home", "j", "Enter")
    assert screen.selected.startswith(("It is a short", "We sit down"))


def test_the_address_keeps_transcript_and_place_for_reload_and_back(coding, pilot):
    screen = coding(pilot, "ruth")
    screen.page.evaluate("document.querySelector('.scroll').scrollTop = 1500")
    line = top_line(screen)
    until(lambda: screen.page.evaluate("location.hash") == f"#P01/L{line}")
    depth = screen.page.evaluate("document.querySelector('.scroll').scrollTop")
    screen.reload()
    assert screen.page.evaluate("document.querySelector('.scroll').scrollTop") == depth
    screen.page.get_by_role("button", name="P05:").click()
    screen.page.wait_for_selector("h1:has-text('P05')")
    screen.page.go_back()
    screen.page.wait_for_selector("h1:has-text('P01')")
    until(lambda: top_line(screen) == line)
    screen.page.go_forward()
    screen.page.wait_for_selector("h1:has-text('P05')")


def test_a_link_to_a_line_opens_there(coding, pilot):
    screen = coding(pilot, "ruth")
    screen.page.goto(screen.running.address + "#P07/L35")
    screen.page.reload()
    screen.ready()
    screen.page.wait_for_selector("h1:has-text('P07')")
    assert top_line(screen) == 35


def test_jump_to_a_line(coding, pilot):
    screen = coding(pilot, "ruth")
    screen.press("g")
    screen.page.keyboard.type("61")
    screen.press("Enter", "Enter")
    line = screen.page.locator(".inspector h2").inner_text()
    assert line == "Selected, line 61"


def test_the_keyboard_map_lists_what_the_keys_do_and_keeps_the_focus(screen):
    screen.press("?")
    dialog = screen.page.locator("dialog.keymap")
    dialog.wait_for()
    assert "next uncoded turn" in dialog.inner_text()
    for _ in range(5):
        screen.press("Tab")
        assert screen.page.evaluate("Boolean(document.activeElement.closest('dialog.keymap'))")
    screen.press("Escape")
    until(lambda: dialog.count() == 0)
    screen.press("j", "Enter")
    assert screen.selected.startswith("It is a short course")


def test_letters_are_typed_in_fields_and_are_no_keys_there(screen):
    screen.press("/")
    screen.page.keyboard.type("jku?1")
    assert screen.page.locator(".find input").input_value() == "jku?1"
    until(lambda: screen.page.locator("dialog[open]").count() == 0)


def test_every_focusable_part_keeps_a_notebooks_shortcuts_away(screen):
    screen.drag("a short course")
    screen.choose("mean")
    loose = screen.page.evaluate(
        """() => [...document.querySelectorAll('.study-coding :is(button, input, select, textarea,'
          + ' a, summary, dialog, [tabindex])')]
          .filter(one => one.dataset.lmSuppressShortcuts !== 'true').map(one => one.outerHTML)"""
    )
    assert loose == []


def test_on_paper_the_codes_stand_beside_the_words(screen, tmp_path):
    screen.drag("We sit down with the bank 🏦 and write it together")
    screen.choose("co-d +")
    screen.press("m")
    screen.page.keyboard.type("who is we?")
    screen.press("Escape")
    screen.saved()
    screen.page.emulate_media(media="print", color_scheme="dark")
    sheet = screen.page.locator(".print")
    sheet.wait_for()
    note = sheet.locator(".print-codes li").inner_text()
    assert (
        note
        == "Co-design (positive) “We sit down with the bank 🏦 and write it together” who is we?"
    )
    until(lambda: sheet.locator(".print-words").count() == 4)
    until(lambda: not screen.page.locator(".centre").is_visible())
    ink, paper = screen.page.evaluate(
        "[getComputedStyle(document.querySelector('.print-words')).color,"
        " getComputedStyle(document.querySelector('.study-coding')).backgroundColor]"
    )
    assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    screen.page.emulate_media(media="screen")
    until(lambda: screen.page.locator(".print").count() == 0)


def test_hostile_words_stay_words(coding, tiny):
    path = tiny / "interviews" / "T1.txt"
    text = path.read_text(encoding="utf-8")
    nasty = "<img src=x onerror=alert(1)><b>bold</b>"
    path.write_text(text.replace("Nobody here", f"{nasty} here"), encoding="utf-8")
    screen = coding(tiny)
    screen.page.on("dialog", lambda dialog: screen.errors.append("a script ran"))
    screen.drag(nasty)
    screen.press("i")
    until(lambda: len(screen.coded("T1")) == 1)
    until(lambda: screen.page.locator(".study-coding img, .words b").count() == 0)
    assert nasty in screen.text(".turns")


def test_without_highlights_boxes_colour_the_words(coding, tiny, chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script("delete CSS.highlights; delete globalThis.Highlight")
    screen = coding(tiny, context=context)
    screen.drag("a short course")
    screen.choose("mean")
    screen.press("Escape", "Escape")
    words = screen.place("a short course")
    box = until(lambda: screen.page.locator(".tint.code").first.bounding_box())
    assert abs(box["x"] - words["x"]) < 1
    assert abs(box["x"] + box["width"] - words["X"]) < 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system(coding, tiny, scheme):
    screen = coding(tiny, color_scheme=scheme)
    assert screen.page.get_attribute(".study-coding", "data-theme") == scheme


def test_first_steps_are_shown_until_the_first_code_was_given(screen):
    screen.drag("a short course")
    assert "Click a code on the right" in screen.text(".bubble")
    screen.choose("mean")
    screen.drag("a test")
    until(lambda: screen.page.locator(".bubble").count() == 0)
