"""Names and words that try to break the page, and studies that are too small or too large."""

from __future__ import annotations

import mapped
import pytest
from playwright.sync_api import expect
from test_map import BAD, BREAKING, FACES, LONG, NASTY, RIGHT, hostile_study

from study.map import Contents
from study.map.making import whole

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hostile(chromium, tmp_path_factory):
    path = tmp_path_factory.mktemp("map") / "map #1 ?.html"
    path.write_text(mapped.html(hostile_study()), encoding="utf-8")
    with mapped.Map(chromium, path) as page:
        page.page.on("dialog", lambda dialog: page.errors.append(dialog.message))
        yield page


def test_every_number_opens_and_nothing_runs(hostile):
    found = hostile.page.evaluate(mapped.CLICK_ALL, "a.cell, a.node, a.edge, .curve a")
    assert len(found) > 10
    assert hostile.page.locator("img").count() == 0
    assert hostile.page.locator("script").count() == 2
    assert hostile.errors == []


def test_words_stand_there_as_they_were_said(hostile):
    hostile.go("#participant=P1")
    quotes = hostile.page.locator("#panel blockquote").all_text_contents()
    assert quotes == [f"say {NASTY}"] or set(quotes) == {NASTY, BREAKING, f"then {RIGHT}"}
    hostile.go("#search=" + "%F0%9F%98%80")
    expect(hostile.page.locator("#panel .sum")).to_have_text("0 passages, 0 participants.")
    hostile.go("#code=faces")
    hostile.page.get_by_role("button", name="Around it").first.click()
    expect(hostile.page.locator("#panel mark")).to_have_text(f"then {RIGHT}")
    expect(hostile.page.locator("#panel .context")).to_contain_text(FACES)
    assert hostile.page.locator("#panel blockquote").get_attribute("dir") == "auto"


def test_long_names_do_not_widen_the_page(hostile):
    expect(hostile.page.locator("th", has_text=LONG).first).to_be_visible()
    hostile.page.set_viewport_size({"width": 390, "height": 800})
    assert hostile.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", BAD)
def test_a_study_with_little_in_it_makes_a_page_that_works(chromium, tmp_path, name):
    path = tmp_path / "map.html"
    path.write_text(whole(Contents(BAD[name], mapped.given(BAD[name]), {})), encoding="utf-8")
    with mapped.Map(chromium, path) as page:
        found = page.page.evaluate(mapped.CLICK_ALL, "a.cell, a.node, .curve a")
        for one in found:
            assert one["sum"], one
        assert page.page.locator("h2").count() >= 5
