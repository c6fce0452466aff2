"""What happens when things go wrong: nothing that was coded is lost, and the coder is told."""

from __future__ import annotations

import errno
import json
import os

import pytest
from places import STUDIES
from served import Command, until

from study import codings
from study.coding.server import start

pytestmark = pytest.mark.slow

TOGETHER = "write it together"


def give(screen, words, code="co-d"):
    screen.drag(words)
    screen.choose(code)
    screen.press("Escape", "Escape")


def test_a_coding_waits_for_the_server_and_is_delivered_once(screen):
    screen.running.stop()
    give(screen, TOGETHER)
    give(screen, "a year")
    until(lambda: screen.state == "2 waiting: the server does not answer")
    until(lambda: screen.page.locator("button.stripe.pending").count() == 2)
    assert screen.log("T1") == []
    with start(
        screen.root,
        "cyd",
        port=screen.running.port,
        private=screen.root.parent / "private",
    ):
        screen.saved()
        until(lambda: screen.state == "Saved")
        assert [code for code, *_ in screen.coded("T1")] == ["making.co-design"] * 2
        until(lambda: screen.page.locator("button.stripe.pending").count() == 0)


def test_what_waits_survives_closing_the_tab(screen, coding):
    screen.running.stop()
    give(screen, TOGETHER)
    until(lambda: "1 waiting" in screen.state)
    screen.page.close()
    with start(
        screen.root,
        "cyd",
        port=screen.running.port,
        private=screen.root.parent / "private",
    ) as running:
        screen.page = screen.context.new_page()
        screen.page.goto(running.address)
        screen.ready()
        assert screen.coded("T1") == [("making.co-design", TOGETHER, "", "")]


def test_an_answer_that_got_lost_does_not_code_twice(screen):
    lost = []

    def lose(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    screen.page.route("**/api/code", lose)
    give(screen, TOGETHER)
    assert screen.coded("T1") == [("making.co-design", TOGETHER, "", "")]
    path = next(screen.root.glob("codebooks/*/codings/cyd/T1.csv"))
    assert len(lost) == 1
    assert len(codings.read_entries(path)[0]) == 1


def test_a_killed_server_loses_nothing_and_the_page_finds_it_again(chromium, tiny, tmp_path):
    from screen import Screen

    with Command(tiny, "--coder", "cyd", "--port", "0") as first:
        port = first.url.split(":")[2].split("/")[0]
        with Screen(chromium, None, tiny, "cyd", address=first.url) as screen:
            give(screen, TOGETHER)
            screen.saved()
            first.kill()
            give(screen, "a year")
            until(lambda: "1 waiting" in screen.state)
            with Command(tiny, "--coder", "cyd", "--port", port):
                screen.saved()
                assert [words for _, words, *_ in screen.coded("T1")] == [TOGETHER, "a year"]


def test_a_full_disk_is_told_at_once_and_what_was_coded_stays_pending(screen, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(codings.log.os, "fsync", full)
    give(screen, TOGETHER)
    until(lambda: "The disk is full" in screen.state)
    until(lambda: screen.page.locator("button.stripe.pending").count() == 1)
    monkeypatch.undo()
    assert screen.coded("T1") == [("making.co-design", TOGETHER, "", "")]


def test_a_code_that_somebody_deleted_is_refused_with_the_reason(screen):
    book = next(screen.root.glob("codebooks/*/codebook.yaml"))
    text = book.read_text(encoding="utf-8")
    screen.page.route("**/api/codebook", lambda route: route.abort())
    book.write_text(text.replace("code: assessed", "code: examined"), encoding="utf-8")
    give(screen, TOGETHER, "asses")
    notice = screen.page.locator(".notice")
    notice.wait_for()
    assert "Not kept: Assessed at line 9" in notice.inner_text()
    assert TOGETHER in notice.inner_text()
    assert "idea.assessed" in notice.inner_text()
    until(lambda: screen.page.locator("button.stripe").count() == 0)
    screen.page.unroute("**/api/codebook")
    screen.reload()
    notice.wait_for()
    notice.get_by_role("button", name="Dismiss").click()
    screen.reload()
    until(lambda: notice.count() == 0)
    assert screen.coded("T1") == []


def test_a_transcript_revised_while_open(screen):
    screen.drag(TOGETHER)
    path = screen.root / "interviews" / "T1.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Nobody here agrees", "Nobody at all agrees"), encoding="utf-8")
    screen.page.locator(".notice", has_text="has been corrected on disk").wait_for()
    screen.page.locator(".words", has_text="Nobody at all").wait_for()
    assert screen.selected == TOGETHER
    screen.choose("co-d")
    assert screen.coded("T1") == [("making.co-design", TOGETHER, "", "")]


def test_what_was_on_its_way_to_a_revised_transcript_is_listed_for_doing_again(screen):
    screen.running.stop()
    give(screen, TOGETHER)
    path = screen.root / "interviews" / "T1.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Nobody here agrees", "Nobody at all agrees"), encoding="utf-8")
    with start(
        screen.root, "cyd", port=screen.running.port, private=screen.root.parent / "private"
    ):
        refused = screen.page.locator(".notice", has_text="Not kept: Co-design at line 9")
        refused.wait_for()
        assert TOGETHER in refused.inner_text()
        screen.page.locator(".words", has_text="Nobody at all").wait_for()
        refused.get_by_role("button", name="Find these words").click()
        until(lambda: screen.selected == TOGETHER)
        screen.choose("co-d")
        assert screen.coded("T1") == [("making.co-design", TOGETHER, "", "")]


def test_files_changed_on_disk_appear_without_losing_place_or_selection(coding, pilot):
    screen = coding(pilot, "ruth")
    screen.page.evaluate("document.querySelector('.scroll').scrollTop = 900")
    screen.drag("Four modules")
    before = screen.page.evaluate("document.querySelector('.scroll').scrollTop")
    source = codings.read(pilot / "codebooks/pilot/codings/ruth/P01.csv")[0]
    path = pilot / "codebooks/pilot/codings/ruth/P01.csv"
    codings.append(path, [codings.Entry("remove", one) for one in source])
    until(lambda: screen.text(".talk-progress").startswith("0 of"))
    assert screen.page.evaluate("document.querySelector('.scroll').scrollTop") == before
    assert screen.selected == "Four modules"


def test_two_tabs_of_a_coder_stay_in_step(screen):
    from screen import Screen

    with Screen(
        screen.browser,
        screen.running,
        screen.root,
        "cyd",
        context=screen.context,
        address=screen.running.address,
    ) as other:
        give(screen, TOGETHER)
        screen.saved()
        other.page.wait_for_selector("button.stripe")
        other.press("Control+z")
        assert other.coded("T1") == []
        until(lambda: screen.page.locator("button.stripe").count() == 0)
        screen.press("Control+Shift+z")
        assert screen.coded("T1") == [("making.co-design", TOGETHER, "", "")]
        screen.context.close = lambda: None


def test_two_tabs_that_both_wait_deliver_each_coding_once(screen):
    other = screen.context.new_page()
    other.goto(screen.running.address)
    other.wait_for_selector("[data-ready=true]")
    sent = []
    screen.context.on(
        "request", lambda one: sent.append(one.post_data) if "/api/code" in one.url else None
    )
    screen.context.set_offline(True)
    give(screen, TOGETHER)
    give(screen, "a year")
    until(lambda: "2 waiting" in screen.state)
    until(lambda: "2 waiting" in other.inner_text(".bar .state"))
    sent.clear()
    screen.context.set_offline(False)
    screen.saved()
    assert len(screen.coded("T1")) == 2
    ids = [json.loads(one)["changes"][0]["id"] for one in sent if "changes" in one]
    assert len(ids) == len(set(ids))


def test_an_empty_study_says_what_to_do(coding, tmp_path):
    folder = tmp_path / "new"
    (folder / "interviews").mkdir(parents=True)
    (folder / "codebooks" / "tiny").mkdir(parents=True)
    (folder / "study.toml").write_text('codebook = "tiny"\n', encoding="utf-8")
    book = folder / "codebooks" / "tiny" / "codebook.yaml"
    book.write_text('name: tiny\nversion: "1"\ncodes: []\n', encoding="utf-8")
    screen = coding(folder)
    assert "study import" in screen.text(".scroll .empty")
    source = STUDIES / "tiny" / "interviews" / "T1.txt"
    (folder / "interviews" / "T1.txt").write_bytes(source.read_bytes())
    screen.page.wait_for_selector("h1:has-text('T1')")
    screen.drag(TOGETHER)
    screen.press("c")
    assert "There is no code yet" in screen.text(".palette-about")
