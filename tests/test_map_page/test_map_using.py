"""Using the page: keys, addresses, back, comparing, discussing, printing, small and dark."""

from __future__ import annotations

import re

import mapped
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from study.map.cells import NONE

pytestmark = pytest.mark.slow
CELL = "a.cell[href='#practice=co-design&group=broker']"


def findings(page):
    """Return what axe-core finds wrong, each with where."""
    found = Axe().run(page.page).response["violations"]
    return [(one["id"], node["html"][:200]) for one in found for node in one["nodes"]]


def panel(page):
    return page.page.locator("#panel")


def test_it_asks_nothing_of_any_machine(chromium, pilot_path):
    with mapped.Map(chromium, pilot_path) as page:
        page.page.locator(CELL).click()
        expect(panel(page).locator("h2")).to_have_text("Co-design · broker")
        assert page.requests == [page.url]


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_key_opens_a_number_and_escape_brings_one_back(pilot, key):
    pilot.go("#only=broker")
    pilot.go("#stance=positive")
    pilot.page.evaluate("location.hash = '#coder=consensus'")
    cell = pilot.page.locator("a.cell[href='#practice=co-design&group=broker']")
    cell.focus()
    pilot.page.keyboard.press(key)
    expect(panel(pilot)).to_be_visible()
    assert pilot.page.url.endswith("#practice=co-design&group=broker")
    assert pilot.page.evaluate("document.activeElement.id") == "panel-title"
    pilot.page.keyboard.press("Escape")
    expect(panel(pilot)).to_be_hidden()
    expect(cell).to_be_focused()


def test_arrow_keys_move_inside_a_table_and_tab_leaves_it(pilot):
    first = pilot.page.locator(CELL)
    first.focus()
    pilot.page.keyboard.press("ArrowRight")
    href = "document.activeElement.getAttribute('href')"
    assert pilot.page.evaluate(href) == "#practice=co-design&group=employer"
    pilot.page.keyboard.press("ArrowDown")
    pilot.page.keyboard.press("ArrowLeft")
    moved = pilot.page.evaluate(href)
    assert moved.endswith("&group=broker")
    assert moved != "#practice=co-design&group=broker"
    stops = "document.querySelectorAll('table.matrix a.cell[tabindex=\"0\"]').length"
    assert pilot.page.evaluate(stops) == pilot.page.evaluate(
        "document.querySelectorAll('table.matrix').length"
    )


def test_filters_leave_each_table_one_stop_that_is_seen(pilot):
    pilot.go("#only=employer")
    stops = """() => [...document.querySelectorAll('main table')]
      .filter(table => table.querySelector('a.cell') && table.checkVisibility())
      .map(table => [...table.querySelectorAll('a.cell')].filter(a => a.tabIndex === 0))
      .map(found => found.length === 1 && found[0].checkVisibility())"""
    found = pilot.page.evaluate(stops)
    assert len(found) > 15
    assert all(found)
    pilot.go("")
    assert all(pilot.page.evaluate(stops))


def test_nodes_of_the_network_are_reached_with_arrows(pilot):
    pilot.page.locator("a.node").first.focus()
    before = pilot.page.evaluate("document.activeElement.getAttribute('aria-label')")
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"):
        pilot.page.keyboard.press(key)
    pilot.page.keyboard.press("ArrowRight")
    after = pilot.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert after != before
    pilot.page.keyboard.press("Enter")
    expect(panel(pilot).locator("h2")).to_have_text(after.rpartition(":")[0])


ADDRESSES = {
    "#practice=co-design&group=broker": "Co-design · broker",
    "#definition=definition&participant=P02": "Definition · P02",
    "#pair=definition&with=terminology-confusion": "Definition with Terminology confusion",
    "#topic=2&code=co-design": "Topic 2, talk 2 · Co-design",
    "#proposition=prop-03&verdict=supports&group=employer": "workforce. · supports · employer",
    "#practice=partnership-in-development.co-design": "Co-design",
    "#disputed=co-design": "Co-design, not given by all coders",
    "#participant=P01": "P01",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_opens_what_it_names(pilot, address):
    pilot.go(address)
    expect(panel(pilot).locator("h2")).to_contain_text(ADDRESSES[address])
    assert panel(pilot).locator("li.quote").count() > 0


WRONG = {
    "#practice=nonsense": "There is no code “nonsense” on this page.",
    "#practice=co-design&group=bakers": "There is no group “bakers” on this page.",
    "#proposition=prop-99": "There is no proposition “prop-99” on this page.",
    "#topic=x": "There is no topic “x” on this page.",
    "#stance=furious": "There is no stance “furious” on this page.",
    "#coder=nobody": "There is no coder “nobody” on this page.",
    "#new=P99": "There is no participant “P99” on this page.",
    "#pair=co-design": "There is no code “” on this page.",
    "#practice=co-design&verdict=supports": "does not know what “verdict” beside “practice” in",
    "#proposition=prop-03&participant=P01": "“participant” beside “proposition” in its address",
    "#group=employer": "This page does not know what “group” by itself in its address means.",
    "#colour=red": "This page does not know what “colour” in its address means.",
    "#nowhere": "There is no part “nowhere” on this page.",
    "#practice=%E0%A4%A": "There is no code",
    "#practice=__proto__": "There is no code “__proto__” on this page.",
    "#practice=<img src=x onerror=alert(1)>": "There is no code “<img src=x onerror=alert(1)>”",
}


@pytest.mark.parametrize("address", WRONG)
def test_an_address_that_leads_nowhere_gets_a_sentence(pilot, address):
    pilot.go(address)
    expect(panel(pilot).get_by_role("alert")).to_contain_text(WRONG[address])


def test_back_leads_back(pilot):
    for address in ("#practice=co-design", "#only=employer", "#practice=co-delivery"):
        pilot.go(address)
    pilot.page.go_back()
    expect(panel(pilot)).to_be_hidden()
    expect(pilot.page.locator("#only")).to_have_value("employer")
    pilot.page.go_back()
    expect(panel(pilot).locator("h2")).to_have_text("Co-design")
    expect(pilot.page.locator("#only")).to_have_value("")


def test_a_quotation_says_who_where_and_by_whom_and_what_was_said_around_it(pilot, pilot_project):
    pilot.go("#practice=co-design&group=broker")
    first = panel(pilot).locator("li.quote").first
    said = first.locator("blockquote").inner_text()
    for part in ("P01", "broker", "line 55", "negative", "coded by consensus, ruth"):
        expect(first.locator(".meta")).to_contain_text(part)
    first.get_by_role("button", name="Around it").click()
    around = first.locator(".context")
    expect(around.locator("mark")).to_have_text(said)
    turns = pilot_project.source("P01").turns
    words = [pilot_project.source("P01").quote(turn.selection) for turn in turns]
    place = next(n for n, text in enumerate(words) if said in text)
    for turn, shown in zip(words[place - 1 : place + 2], around.locator("p").all(), strict=True):
        assert turn in shown.inner_text()
    expect(around).to_contain_text("Interviewer")


def test_silent_passages_are_said_and_have_no_context(pilot):
    pilot.go("#practice=co-design&group=private+provider")
    expect(panel(pilot)).to_contain_text("may not be quoted")
    assert panel(pilot).locator("li.quote").count() < 2
    pilot.go("#participant=P10")
    assert panel(pilot).locator("li.quote").count() == 0


def test_the_link_says_nothing_of_the_folder(pilot):
    pilot.go("#practice=co-design&only=private+provider")
    field = panel(pilot).locator(".link input")
    expect(field).to_have_value("map.html#practice=co-design&only=private+provider")
    panel(pilot).get_by_role("button", name="Copy link").click()
    expect(panel(pilot).locator(".copy")).to_have_text("Copied")


def test_two_groups_stand_side_by_side(pilot):
    pilot.go("")
    pilot.page.locator("#only").select_option("broker")
    pilot.page.locator("#versus").select_option("employer")
    expect(pilot.page.locator("#state")).to_contain_text("broker beside employer")
    assert pilot.page.url.endswith("#only=broker&versus=employer")
    heads = pilot.page.locator("table.matrix").first.locator("thead th:visible")
    assert heads.count() == 6
    row = pilot.page.locator("tr", has=pilot.page.locator("[href^='#practice=trust-and']")).first
    expect(row.locator("td.beside .points")).to_have_text("\u221283")  # 1 of 6, 2 of 2
    expect(row.locator("td.beside svg")).to_have_attribute(
        "aria-label", "broker 17 %, employer 100 %"
    )
    row.locator("td.all a").click()
    columns = panel(pilot).locator(".column")
    expect(columns.nth(0).locator(".sum")).to_have_text("1 passage, 1 of 6 participants")
    expect(columns.nth(1).locator(".sum")).to_contain_text("3 passages, 2 of 2 participants")
    pilot.page.get_by_role("button", name="Show everything").click()
    expect(pilot.page.locator("#state")).to_be_hidden()


def test_a_sense_leaves_out_what_does_not_belong_to_it(pilot):
    pilot.go("")
    pilot.page.locator("#sense").select_option("Partnership in learning")
    expect(pilot.page.locator("#definitions [data-empty]")).to_contain_text(
        "Partnership in learning"
    )
    assert pilot.page.locator("#practices table.matrix:visible").count() == 1
    pilot.go("")
    expect(pilot.page.locator("#definitions [data-empty]")).to_be_hidden()
    assert pilot.page.locator("#practices table.matrix:visible").count() >= 2


def test_searching_keeps_the_cursor_in_the_field(pilot):
    pilot.go("")
    pilot.page.locator("#search").click()
    pilot.page.keyboard.type("hospital")
    expect(panel(pilot).locator("h2")).to_have_text("“hospital”")
    expect(pilot.page.locator("#search")).to_be_focused()
    pilot.page.keyboard.press("Escape")
    expect(panel(pilot)).to_be_hidden()


def test_propositions_are_walked_through_with_arrow_keys(pilot):
    pilot.go("")
    pilot.page.locator("#discuss").click()
    talk = pilot.page.locator("#talk")
    expect(talk).to_be_visible()
    expect(talk.locator(".where")).to_have_text("prop-01 · 1 of 16")
    first = talk.locator(".supports blockquote").inner_text()
    pilot.page.keyboard.press("ArrowDown")
    expect(talk.locator(".supports blockquote")).not_to_have_text(first)
    pilot.page.keyboard.press("ArrowRight")
    expect(talk.locator(".where")).to_have_text("prop-02 · 2 of 16")
    assert pilot.page.url.endswith("#discuss=prop-02")
    size = "parseFloat(getComputedStyle(document.querySelector('#talk blockquote')).fontSize)"
    assert pilot.page.evaluate(size) >= 24
    pilot.page.keyboard.press("End")
    expect(talk.locator(".where")).to_have_text("prop-16 · 16 of 16")
    number = talk.locator(".supports .big").inner_text()
    cell = pilot.page.locator("a.cell[href='#proposition=prop-16&verdict=supports'] .n")
    assert number == cell.text_content()
    pilot.page.keyboard.press("Escape")
    expect(talk).to_be_hidden()
    expect(pilot.page.locator("#discuss")).to_be_focused()


def test_a_discussion_says_what_is_counted(chromium, pilot_path):
    with mapped.Map(chromium, pilot_path, "#discuss=prop-16&stance=positive") as page:
        talk = page.page.locator("#talk")
        expect(talk.locator(".state")).to_contain_text("Counted here: positive passages.")
        expect(talk.locator(".contradicts .sum")).to_contain_text("no passages, 0 of 12")
        talk.get_by_role("button", name="Show everything").click()
        expect(talk.locator(".state")).to_have_count(0)
        expect(talk.locator(".contradicts .sum")).not_to_contain_text("no passages")
        assert page.page.url.endswith("#discuss=prop-16")
        for place in range(1, 17):
            page.go(f"#discuss=prop-{place:02}")
            expect(talk.locator(".where")).to_contain_text(f"prop-{place:02}")
            for sum_ in talk.locator(".sum").all_inner_texts():
                number, words = sum_.split(maxsplit=1)
                noun = {"1": "passage,", NONE: "no passages,"}.get(number, "passages,")
                assert words.startswith(noun)


def test_only_negatively_is_not_said_of_a_chosen_stance(pilot):
    pilot.go("#stance=negative")
    row = pilot.page.locator("a.cell.total[href^='#practice=co-design&stance=negative']")
    expect(row).to_have_attribute("aria-label", re.compile("passages?, 9 of 12 participants$"))
    expect(row.locator(".m")).to_have_text("")
    pilot.go("")
    row = pilot.page.locator("a.cell.total[href='#practice=co-design']")
    expect(row.locator(".m")).to_have_text("▽3")


def test_the_network_counts_the_codes_that_bear_passages(pilot):
    drawn = pilot.page.locator("#drawn")
    for address in ("#coder=ruth", "#stance=negative", ""):
        pilot.go(address)
        heard = pilot.page.locator("#nodes a.node:not(.none)").count()
        assert 0 < heard < pilot.page.locator("#nodes a.node").count()
        expect(drawn).to_have_text(re.compile(f"^{heard} codes and the "))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_either_theme(chromium, tiny_path, scheme):
    with mapped.Map(chromium, tiny_path, color_scheme=scheme) as page:
        assert findings(page) == []
        page.go("#practice=co-design&only=broker&versus=employer")
        page.page.get_by_role("button", name="Around it").first.click()
        assert findings(page) == []
        page.go("#discuss=one")
        expect(page.page.locator("#talk")).to_be_visible()
        assert findings(page) == []


def test_a_phone_shows_all_without_moving_sideways(chromium, pilot_path):
    with mapped.Map(chromium, pilot_path, viewport={"width": 390, "height": 844}) as page:
        for address in ("", "#practice=co-design&only=broker&versus=employer", "#discuss=prop-03"):
            page.go(address)
            wide = page.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, address
        page.go("#practice=co-design")
        box = panel(page).bounding_box()
        assert box["x"] >= 0
        assert box["width"] < 391


def test_paper_has_what_is_open_and_no_buttons(chromium, tiny_path):
    with mapped.Map(chromium, tiny_path, "#practice=co-design", color_scheme="dark") as page:
        page.page.emulate_media(media="print")
        expect(page.page.locator("#tools")).to_be_hidden()
        expect(panel(page).locator("blockquote").first).to_be_visible()
        ink = "getComputedStyle(document.body).color"
        assert page.page.evaluate(ink) == "rgb(31, 35, 40)"
        assert page.page.pdf()[:5] == b"%PDF-"


def test_topics_by_codes_fit_on_paper(chromium, pilot_path):
    view = {"width": 686, "height": 1000}  # A4 upright without its margins, in CSS pixels
    with mapped.Map(chromium, pilot_path, viewport=view) as page:
        page.page.emulate_media(media="print")
        right = "document.querySelector('table.topics').getBoundingClientRect().right"
        assert page.page.evaluate(right) <= view["width"]


def test_without_a_script_the_page_is_a_document(chromium, pilot_path):
    address = "#practice=co-design&group=broker"
    with mapped.Map(chromium, pilot_path, address, java_script_enabled=False) as page:
        head = page.page.locator("[id='practice=co-design&group=broker']")
        expect(head).to_have_text("broker (16)")
        expect(head).to_be_in_viewport()
        expect(page.page.locator("#tools")).to_be_hidden()
        assert page.page.locator("noscript li q").count() > 300
        expect(page.page.locator("table.evidence").first).to_be_visible()


def test_the_theme_can_be_turned(tiny_page):
    button = tiny_page.page.locator("#theme")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = tiny_page.page.evaluate(paper)
    button.click()
    button.click()
    expect(button).to_have_attribute("aria-label", "Theme: dark")
    assert tiny_page.page.evaluate(paper) != light
