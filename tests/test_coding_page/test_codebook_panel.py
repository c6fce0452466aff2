"""The codebook beside the text: found, read, given and edited with mouse and keys."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from served import until

from study import codebook, project

pytestmark = pytest.mark.slow

TOGETHER = "write it together"
NAMES = [
    "Idea",
    "Meaning",
    "Assessed",
    "Making together",
    "Co-design",
    "Learning at work",
    "Own staff",
]


class Book:
    """The panel, and hands to use it with."""

    def __init__(self, screen):
        self.screen, self.page = screen, screen.page
        self.panel = self.page.locator("[data-panel=codebook]")
        self.card = self.page.locator("[data-card=code]")

    def row(self, name):
        return self.page.get_by_role("treeitem", name=name).first

    def names(self):
        return self.panel.locator(".code-row .name").all_inner_texts()

    def counts(self):
        shown = self.panel.locator(".code-row").evaluate_all(
            """rows => rows.map(row => [row.querySelector(".name").innerText,
                                       row.querySelector(".count")?.innerText ?? ""])"""
        )
        return {name: number for name, number in shown if number}

    def focus(self, name):
        self.page.keyboard.press("b")
        self.page.keyboard.type(name)
        self.page.keyboard.press("ArrowDown")

    @property
    def focused(self):
        return self.page.evaluate(
            "document.activeElement.querySelector('.name')?.textContent ?? ''"
        )

    def menu(self, name, item):
        self.row(name).click(button="right")
        self.page.get_by_role("menuitem", name=item).click()

    def fill(self, **fields):
        for label, text in fields.items():
            self.panel.get_by_label(label.replace("_", " "), exact=True).fill(text)

    def press(self, name):
        self.panel.get_by_role("button", name=name, exact=True).click()

    @property
    def problem(self):
        self.panel.locator(".form-problem:not([hidden])").wait_for(timeout=20_000)
        return self.panel.locator(".form-problem").inner_text()

    def done(self):
        self.panel.locator("form").wait_for(state="detached", timeout=20_000)

    def codes(self):
        path = next(self.screen.root.glob("codebooks/*/codebook.yaml"))
        book, problems = codebook.read(path)
        assert not problems
        return {code.path: code for code in book}


@pytest.fixture
def book(screen):
    """Return the codebook panel of the tiny study."""
    return Book(screen)


@pytest.fixture
def ana(coding, tiny):
    """Return the codebook panel of a coder who has coded."""
    return Book(coding(tiny, "ana"))


# ---- reading ----


def test_the_tree_lists_all_codes_with_own_counts_only(ana):
    assert ana.names() == NAMES
    assert ana.counts() == {"Meaning": "2", "Assessed": "1", "Co-design": "2", "Own staff": "2"}
    levels = [row.get_attribute("aria-level") for row in ana.panel.locator(".code-row").all()]
    assert levels == ["1", "2", "2", "1", "2", "1", "2"]


def test_counts_follow_at_once_and_across_transcripts(ana):
    ana.screen.drag(TOGETHER)
    ana.row("Meaning").click()
    until(lambda: ana.counts()["Meaning"] == "3")
    ana.page.get_by_role("button", name="T2:").click()
    ana.page.wait_for_selector("h1:has-text('T2')")
    assert ana.counts()["Meaning"] == "3"
    ana.screen.press("Control+z")
    until(lambda: ana.counts()["Meaning"] == "2")


def test_hovering_shows_what_a_code_means_and_covers_no_word(book):
    book.row("Meaning").hover()
    book.card.wait_for(state="visible")
    said = book.card.inner_text()
    for words in ("What a speaker takes", "lack of one", "good for", "with a test", "useful"):
        assert words in said
    text, card = book.page.locator(".centre").bounding_box(), book.card.bounding_box()
    assert text["x"] + text["width"] <= card["x"]
    book.page.locator("h1").hover()
    book.card.wait_for(state="hidden")


def test_the_keyboard_focus_shows_it_too_and_escape_takes_it_away(book):
    book.focus("co-d")
    assert book.focused == "Co-design"
    assert "Writing a course together" in book.card.inner_text()
    described = book.page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert book.card.get_attribute("id") == described
    book.screen.press("Escape")
    until(lambda: book.card.is_hidden())
    assert book.focused == "Co-design"
    book.screen.press("Escape")
    assert book.page.evaluate("document.activeElement.classList.contains('turn')")


def test_a_long_entry_is_read_to_its_end_with_keys(coding, pilot):
    book = Book(coding(pilot))
    book.focus("industry voice")
    near = book.card.locator("dl > div").last
    assert "Stance" in near.inner_text()
    below = "one => one.getBoundingClientRect().bottom > innerHeight"
    assert near.evaluate(below)
    book.screen.press("Alt+PageDown", "Alt+PageDown")
    until(lambda: not near.evaluate(below))
    assert book.focused == "Industry voice"


def test_the_rule_for_stances_is_set_apart(coding, pilot):
    book = Book(coding(pilot))
    book.row("Definition").hover()
    book.card.wait_for(state="visible")
    terms = book.card.locator("dt").all_inner_texts()
    assert "Stance" in terms
    stance = book.card.locator("dl > div", has_text="Stance").last.inner_text()
    assert "positive if the definition" in stance
    book.row("Concept").hover()
    until(lambda: "Concept" in book.card.locator("h3").inner_text())
    assert "Stances, as for all codes" in book.card.inner_text()


# ---- keys ----


def test_arrow_keys_open_close_and_walk_the_tree(book):
    book.page.keyboard.press("b")
    book.page.keyboard.press("ArrowDown")
    press, walked = book.screen.press, []
    for key in ("ArrowDown", "ArrowLeft", "ArrowLeft", "ArrowDown", "End", "Home", "ArrowRight"):
        press(key)
        walked.append(book.focused)
    wanted = ["Meaning", "Idea", "Idea", "Making together", "Own staff", "Idea", "Idea"]
    assert walked == wanted
    assert book.names() == NAMES  # closed, then opened again
    stops = book.panel.locator(".code-row[tabindex='0']")
    until(lambda: stops.count() == 1)


def test_what_is_closed_stays_closed_across_a_reload(book):
    book.row("Idea").locator(".twist").click()
    assert "Meaning" not in book.names()
    book.screen.reload()
    assert book.names() == [name for name in NAMES if name not in ("Meaning", "Assessed")]
    book.focus("assess")
    assert book.focused == "Assessed"


def test_letters_find_a_code(book):
    book.page.keyboard.press("b")
    book.page.keyboard.press("ArrowDown")
    book.screen.press("m")
    assert book.focused == "Meaning"
    book.screen.press("m")
    assert book.focused == "Making together"
    book.page.wait_for_timeout(800)
    book.page.keyboard.type("own s")
    assert book.focused == "Own staff"


def test_enter_gives_the_code_and_the_number_key_is_shown(book):
    book.screen.drag(TOGETHER)
    book.focus("meaning")
    book.screen.press("Enter")
    assert book.screen.coded("T1") == [("idea.meaning", TOGETHER, "", "")]
    until(lambda: book.card.is_hidden())
    assert book.row("Meaning").locator("kbd").inner_text() == "1"
    book.menu("Meaning", "Keep on a number key")
    assert "pinned" in book.row("Meaning").locator("kbd").get_attribute("class")


def test_search_finds_names_first_then_what_is_said(book):
    search = book.panel.get_by_label("Search the codebook")
    search.fill("STAFF")
    assert book.names() == ["Learning at work", "Own staff"]
    search.fill("employer")
    assert book.names() == ["Learning at work", "Own staff"]
    assert "by what the entries say" in book.panel.locator(".code-note").inner_text()
    search.fill("zebra")
    assert book.names() == []
    assert "No code says this" in book.panel.locator(".code-note").inner_text()
    search.press("Escape")
    assert book.names() == NAMES


def test_the_keyboard_map_lists_the_keys_of_the_tree(book):
    book.screen.press("Shift+?")
    assert "edit the code" in book.page.locator("dialog.keymap").inner_text()


# ---- editing ----


def test_add_edit_and_undo(book):
    path = next(book.screen.root.glob("codebooks/*/codebook.yaml"))
    before = path.read_bytes()
    book.press("New code")
    book.fill(Name="Trust", Definition="Whether they rely on one another: always.")
    book.press("Add")
    book.done()
    assert book.focused == "Trust"
    assert book.codes()["trust"].definition == "Whether they rely on one another: always."
    book.screen.press("F2")
    book.fill(
        Near_miss="“We like them.”", Patterns="trust*\nrely NEAR/3 other", Name="Mutual trust"
    )
    book.press("Save")
    book.done()
    code = book.codes()["trust"]
    assert (code.name, code.near_miss) == ("Mutual trust", "“We like them.”")
    assert code.patterns == ("trust*", "rely NEAR/3 other")
    book.screen.press("Control+z", "Control+z")
    until(lambda: path.read_bytes() == before)
    until(lambda: book.names() == NAMES)
    book.screen.press("Control+y")
    until(lambda: "trust" in book.codes())


def test_undo_of_an_edit_survives_a_reload(book):
    book.menu("Meaning", "Edit")
    book.fill(Definition="Else.")
    book.press("Save")
    book.done()
    book.screen.reload()
    book.screen.press("Control+z")
    until(lambda: book.codes()["idea.meaning"].definition.startswith("What a speaker"))


def test_the_server_says_what_is_wrong_with_a_field(book):
    book.menu("Meaning", "Edit")
    book.fill(Patterns="course NEAR/ firm")
    book.press("Save")
    assert "NEAR needs how many words" in book.problem
    field = book.panel.locator("[name=patterns]")
    assert field.get_attribute("aria-invalid") == "true"
    book.fill(Patterns="", Name="Assessed")
    book.press("Save")
    until(lambda: "share the name" in book.problem)
    assert book.panel.locator("[name=name]").get_attribute("aria-invalid") == "true"
    assert field.get_attribute("aria-invalid") is None
    book.fill(Name="Sense")
    book.press("Save")
    book.done()
    assert book.codes()["idea.meaning"].name == "Sense"


def test_escape_does_not_throw_away_what_was_written(book):
    book.menu("Meaning", "Edit")
    book.fill(Definition="Half a thought")
    book.screen.press("Escape")
    assert "save it, or press Cancel" in book.problem
    book.press("Cancel")
    book.done()
    assert book.focused == "Meaning"
    assert book.codes()["idea.meaning"].definition.startswith("What a speaker")


def test_new_codes_below_and_beside(book):
    book.menu("Idea", "New code below")
    book.fill(Name="Size")
    book.press("Add")
    book.done()
    book.menu("Meaning", "New code beside")
    book.fill(Name="Word")
    book.press("Add")
    book.done()
    assert book.names()[:5] == ["Idea", "Meaning", "Word", "Assessed", "Size"]
    assert {"idea.size", "idea.word"} <= set(book.codes())


def test_a_moved_code_takes_its_codings_along(ana):
    ana.menu("Co-design", "Move")
    ana.panel.get_by_label("Below", exact=True).select_option(label="Learning at work")
    ana.panel.get_by_label("Place", exact=True).select_option(label="first")
    ana.press("Move")
    ana.done()
    assert ana.names() == [*NAMES[:4], "Learning at work", "Co-design", "Own staff"]
    assert ana.counts()["Co-design"] == "2"
    found, problems = project.read(ana.screen.root)
    assert not problems
    assert sum(one.code == "learning.co-design" for one in found.codings) == 6


def test_alt_and_arrows_move_a_code_among_its_siblings(book):
    book.focus("assess")
    book.screen.press("Escape")
    book.panel.get_by_label("Search the codebook").fill("")
    book.row("Assessed").focus()
    book.screen.press("Alt+ArrowUp")
    until(lambda: book.names()[:3] == ["Idea", "Assessed", "Meaning"])
    assert book.focused == "Assessed"
    assert list(book.codes())[1] == "idea.assessed"


def test_merging_says_how_many_codings_follow_and_they_do(ana):
    ana.menu("Meaning", "Merge")
    assert "2 codings of yours will follow" in ana.panel.inner_text()
    ana.press("Merge")
    assert "not in the codebook" in ana.problem
    ana.panel.get_by_label("Into", exact=True).select_option(label="\u2003Assessed")
    ana.press("Merge")
    ana.done()
    assert "Meaning" not in ana.names()
    until(lambda: ana.counts()["Assessed"] == "3")
    label = ana.page.locator("button.stripe[aria-label*=Assessed]")
    until(lambda: label.count() == 2)
    ana.screen.press("Control+z")
    until(lambda: ana.counts().get("Meaning") == "2")


def test_splitting_makes_codes_and_moves_no_coding(ana):
    ana.menu("Meaning", "Split")
    inputs = ana.panel.locator(".split-names input")
    inputs.nth(0).fill("Narrow meaning")
    inputs.nth(1).fill("Wide meaning")
    ana.press("Split")
    ana.done()
    wanted = ["Idea", "Meaning", "Narrow meaning", "Wide meaning", "Assessed"]
    assert ana.names()[:5] == wanted
    assert ana.counts()["Meaning"] == "2"


def test_a_used_code_is_not_deleted_and_it_is_said_who_uses_it(book):
    book.menu("Co-design", "Delete")
    book.press("Delete")
    assert "ana (2), ben (2) and consensus (2) would lose codings" in book.problem
    assert "merge it into another code" in book.problem
    book.press("Cancel")
    assert "making.co-design" in book.codes()


def test_an_unused_code_is_deleted_with_the_keyboard(book):
    codebook.add(book.screen.root, "Spare", coder="ben")
    until(lambda: "Spare" in book.names())  # another's edit appears by itself
    book.focus("spare")
    book.screen.press("Delete", "Enter")
    book.done()
    assert "spare" not in book.codes()
    assert "Deleted spare" in book.screen.said


def test_an_earlier_version_is_restored(book):
    codebook.change(book.screen.root, "idea", coder="ben", definition="Else.")
    codebook.rename(book.screen.root, "idea.meaning", "sense", coder="ben")
    book.panel.get_by_label("Earlier versions").click()
    versions = book.panel.locator("[name=version]")
    assert "ben: Renamed idea.meaning to idea.sense" in versions.inner_text()
    versions.select_option(index=1)
    book.press("Restore")
    book.done()
    assert book.codes()["idea"].definition == "What the thing is."
    assert "idea.meaning" in book.codes()


def test_another_coders_change_of_the_same_field_is_not_overwritten(book):
    book.menu("Meaning", "Edit")
    codebook.change(book.screen.root, "idea.meaning", coder="ben", definition="Ben's.")
    book.fill(Definition="Mine.")
    book.press("Save")
    assert "has been changed by someone else" in book.problem
    assert book.codes()["idea.meaning"].definition == "Ben's."


def test_a_code_that_another_deletes_meanwhile_is_not_given(coding, tiny):
    codebook.add(tiny, "Spare", coder="ben")
    book = Book(coding(tiny, told=False))
    book.screen.drag(TOGETHER)
    codebook.delete(tiny, "spare", coder="ben")
    book.row("Spare").click()
    notice = book.page.locator(".notice")
    notice.first.wait_for(timeout=20_000)
    assert "not in the codebook" in notice.first.inner_text()
    assert book.screen.log("T1") == []


def test_nothing_in_the_tree_or_its_forms_hinders_a_screen_reader(book):
    book.page.emulate_media(reduced_motion="reduce")  # nothing is half faded when it is looked at
    axe = Axe()
    results = [axe.run(book.page)]
    book.row("Meaning").focus()
    book.screen.press("Shift+F10")
    results.append(axe.run(book.page))
    book.screen.press("Escape", "F2")
    results.append(axe.run(book.page))
    serious = [
        (one["id"], [node["html"] for node in one["nodes"]][:3])
        for found in results
        for one in found.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert not serious


def test_every_stop_keeps_the_notebooks_shortcuts_away(book):
    book.menu("Meaning", "Edit")
    bare = book.page.evaluate(
        """() => [...document.querySelectorAll(
            '.study-coding :is(button, input, select, textarea, [tabindex])'
        )].filter(one => one.dataset.lmSuppressShortcuts !== 'true')
        .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert not bare


def test_texts_are_never_read_as_html(book):
    codebook.add(
        book.screen.root, "<img src=x onerror=alert(1)>", coder="ben", definition="<b>bold</b>"
    )
    until(lambda: "<img src=x onerror=alert(1)>" in book.names())
    book.row("<img").hover()
    book.card.wait_for(state="visible")
    assert "<b>bold</b>" in book.card.inner_text()
    until(lambda: book.page.locator(".study-coding img, .code-card b").count() == 0)
