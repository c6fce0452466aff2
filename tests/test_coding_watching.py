"""Files that change under an open page: git pull, a sync folder, an editor, another command."""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import threading
import time

import pytest
from served import Page, until

from study.cli import main
from study.coding import events, planning, server
from study.coding.events import EVERYTHING, Hub, own_or_shared, summary
from study.coding.watching import Change, Watcher


@pytest.fixture
def watcher(tiny):
    return Watcher(tiny, lambda changes: None)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


BOOK = "codebooks/tiny"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("study.toml", Change("study")),
        ("interviews/T1.txt", Change("transcripts", "T1")),
        ("interviews/T9.txt", Change("transcripts", "T9")),
        ("interviews/participants.csv", Change("participants")),
        ("interviews/imports.csv", Change("transcripts")),
        (f"{BOOK}/codebook.yaml", Change("codebook")),
        (f"{BOOK}/propositions.yaml", Change("propositions")),
        (f"{BOOK}/compared.csv", Change("compared")),
        (f"{BOOK}/codings/ana/T1.csv", Change("codings", "T1", "ana")),
        (f"{BOOK}/codings/new/T9.csv", Change("codings", "T9", "new")),
        (f"{BOOK}/memos/ana/transcript-T1.md", Change("memos", "", "ana")),
    ],
)
def test_each_kind_of_file_is_noticed_once_and_named(tiny, watcher, path, change):
    assert watcher.poll() == []
    file = tiny / path
    write(file, (file.read_text("utf-8") if file.exists() else "") + "\n")
    assert watcher.poll() == [change]
    assert watcher.poll() == []
    file.unlink()
    assert watcher.poll() == [change]


@pytest.mark.parametrize(
    "path",
    ["interviews/.imports.csv.lock", "interviews/received/x.txt", f"{BOOK}/codings/ana/T1.csv.torn",
     f"{BOOK}/codings/.ana/T1.csv", f"{BOOK}/.codebook.yaml.x.tmp", "figures/index.html",
     "codebooks/other/codebook.yaml"],
)  # fmt: skip
def test_files_that_no_page_shows_are_let_be(tiny, watcher, path):
    write(tiny / path, "x")
    assert watcher.poll() == []


def test_a_file_put_in_anothers_place_is_noticed_though_it_looks_the_same(tiny, watcher):
    file = tiny / BOOK / "codings/ana/T1.csv"
    other = file.with_name("other")
    other.write_bytes(file.read_bytes())
    times = file.stat()
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    os.replace(other, file)
    assert watcher.poll() == [Change("codings", "T1", "ana")]


def test_another_codebook_is_watched_once_the_study_names_it(tiny, watcher):
    shutil.copytree(tiny / BOOK, tiny / "codebooks/second")
    assert watcher.poll() == []
    settings = (tiny / "study.toml").read_text("utf-8")
    write(tiny / "study.toml", settings.replace('codebook = "tiny"', 'codebook = "second"'))
    assert Change("study") in watcher.poll()
    write(tiny / BOOK / "codebook.yaml", "")
    assert watcher.poll() == []
    write(tiny / "codebooks/second/codebook.yaml", "")
    assert watcher.poll() == [Change("codebook")]


def test_a_study_that_is_gone_for_a_while_does_not_stop_the_watching(tiny, watcher):
    tiny.rename(tiny.with_name("away"))
    assert Change("study") in watcher.poll()
    tiny.with_name("away").rename(tiny)
    assert Change("study") in watcher.poll()


def test_looking_at_a_thousand_files_is_cheap(tiny):
    for number in range(500):
        write(tiny / f"interviews/S{number}.txt", "x")
        write(tiny / BOOK / f"codings/ana/S{number}.csv", "x")
    watcher = Watcher(tiny, lambda changes: None)
    spent = []
    for _ in range(20):
        begun = time.perf_counter()
        assert watcher.poll() == []
        spent.append(time.perf_counter() - begun)
    # Some 4 ms on an idle machine; once a second, a twentieth of it would be 50.
    assert statistics.median(spent) < 0.05


def test_what_a_page_is_writing_waits_until_it_says_that_it_was_it(tiny):
    watcher = Watcher(tiny, lambda changes: None)
    own, others = tiny / BOOK / "codings/ana/T9.csv", tiny / "interviews/T3.txt"
    with watcher.underway():
        write(own, "x")
        write(others, others.read_text("utf-8") + "\n")
        assert watcher.poll() == [], "whose it is nobody knows yet"
        watcher.wrote([own], "one")
        assert watcher.poll() == [Change("codings", "T9", "ana", "one")]
        others.unlink()
        assert watcher.poll() == []
    assert watcher.poll() == [Change("transcripts", "T3")]
    assert watcher.poll() == []


# --- who is told


def test_a_coder_is_not_told_what_others_do_before_they_compare():
    opened = {"ana": {"T2"}, "ben": set()}
    told = [
        (change.coder, change.source)
        for change in (
            Change("codings", "T1", "ana"),
            Change("codings", "T1", "ben"),
            Change("codings", "T2", "ben"),
            Change("codings", "T1", "consensus"),
            Change("codings", "T1", "rules"),
        )
        if own_or_shared("ana", change, lambda coder: opened[coder])
    ]
    assert told == [("ana", "T1"), ("ben", "T2"), ("consensus", "T1"), ("rules", "T1")]
    assert not own_or_shared("ana", Change("memos", "", "ben"), lambda coder: {"T2"})
    assert not own_or_shared("ana", Change("compared"), lambda coder: {"T2"})
    assert own_or_shared("ana", Change("codebook"), lambda coder: set())


def test_a_summary_names_transcripts_unless_any_may_be_meant():
    found = [Change("codings", "T2", "ana"), Change("transcripts", "T1"), Change("codebook")]
    assert summary(found) == {
        "what": ["codings", "transcripts", "codebook"],
        "sources": ["T1", "T2"],
    }
    assert summary([*found, Change("transcripts")])["sources"] == []


@pytest.fixture
def running(tiny, monkeypatch):
    monkeypatch.setattr(events, "HEARTBEAT", 0.2)
    for name in ("ana", "ben"):
        planning.invite(tiny, name)
    with server.start(tiny, names=("localhost",), every=0.05) as started:
        yield started


def page_of(running, name, tab=""):
    """Sign a coder in, without the form: its own test has that."""
    cookies = {running.cookies.name: running.cookies.issue(name)}
    return Page(address=running.address, cookies=cookies, tab=tab)


def next_change(told):
    name, data, _ = next(told)
    assert name == "changed"
    return data


def test_another_command_and_a_pull_appear_in_the_open_page(running, tiny):
    with page_of(running, "ana") as page, page.events() as told:
        assert next(told)[0] == "hello"
        line = ["add", "-C", str(tiny), "T1", "idea", "--coder", "ana", "--line", "5"]
        assert main(line) == 0
        assert next_change(told) == {"what": ["codings"], "sources": ["T1"]}
        assert any(
            row["code"] == "idea" for row in page.ask("transcript", source="T1").json()["codings"]
        )
        book = tiny / BOOK / "codebook.yaml"
        write(book, book.read_text("utf-8").replace("name: Own staff", "name: Staff"))
        assert next_change(told) == {"what": ["codebook"], "sources": []}
        names = [code["name"] for code in page.ask("codebook").json()["codes"]]
        assert "Staff" in names


def test_a_page_is_not_told_of_its_own_writes_but_the_coders_other_tabs_are(running, tiny):
    with (
        page_of(running, "ana", "one") as first,
        page_of(running, "ana", "two") as second,
        page_of(running, "ben", "three") as ben,
        first.events("?tab=one") as to_first,
        second.events("?tab=two") as to_second,
        ben.events("?tab=three") as to_ben,
    ):
        for told in (to_first, to_second, to_ben):
            assert next(told)[0] == "hello"
        assert first.code("T1", 116, 130, "learning").status_code == 200
        assert next_change(to_second) == {"what": ["codings"], "sources": ["T1"]}
        write(tiny / "interviews/T3.txt", (tiny / "interviews/T3.txt").read_text("utf-8") + "\n")
        for told in (to_first, to_second, to_ben):  # the first that both others hear of
            assert next_change(told) == {"what": ["transcripts"], "sources": ["T3"]}


def test_a_page_that_was_away_is_told_what_it_missed(running, tiny):
    with page_of(running, "ana") as page:
        with page.events() as told:
            _, hello, mark = next(told)
        write(tiny / BOOK / "propositions.yaml", "propositions: []\n")
        until(lambda: running_count(running) > int(mark.partition("-")[2]))
        with page.events(**{"Last-Event-ID": mark}) as told:
            assert next(told)[1] == hello
            name, data, later = next(told)
            assert (name, data["what"]) == ("changed", ["propositions"])
        with page.events(f"?last={later}") as told:
            assert next(told)[0] == "hello"
            write(tiny / BOOK / "codebook.yaml", "")
            assert next_change(told)["what"] == ["codebook"]
        for elsewhere in ("00000000-3", "x", f"{hello['boot']}-x"):  # another start of the server
            with page.events(**{"Last-Event-ID": elsewhere}) as told:
                next(told)
                assert next_change(told) == {"what": list(EVERYTHING), "sources": []}


def running_count(running):
    return running._hub._count


def still_before(moment):
    assert time.monotonic() < moment, "it never ended"
    return True


def test_a_stream_shows_that_it_is_alive_and_ends_with_the_sign_in(running, tiny):
    with page_of(running, "ana") as page:
        with page.client.stream("GET", f"{page.address}api/events") as response:
            assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
            lines = response.iter_lines()
            until(lambda: next(lines) == ": still here")
            planning.invite(tiny, "ana")
            end = time.monotonic() + 10
            rest = [line for line in iter(lambda: next(lines, None), None) if still_before(end)]
            assert not [line for line in rest if line.startswith("event")]
        assert page.get("api/events").status_code == 401


def test_the_oldest_of_too_many_streams_makes_room(running):
    with page_of(running, "ana") as page, page_of(running, "ben") as ben, ben.events() as to_ben:
        assert next(to_ben)[0] == "hello"
        ended, opened = [], []

        def follow(number):
            with page_of(running, "ana") as tab, tab.events() as told:
                next(told)
                opened.append(number)
                for name, *_ in told:
                    ended.append((number, name))
                ended.append((number, "end"))

        threads = [threading.Thread(target=follow, args=(n,), daemon=True) for n in range(6)]
        for count, thread in enumerate(threads, start=1):
            thread.start()
            until(lambda count=count: len(opened) == count)
        until(lambda: len([one for one in ended if one[1] == "end"]) == 2)
        assert sorted({number for number, _ in ended}) == [0, 1]
        assert page.ask("study").status_code == 200
        begun = time.monotonic()
        running.stop()
        assert time.monotonic() - begun < 15  # open streams keep nobody waiting
        for thread in threads:
            thread.join(5)
        assert not any(thread.is_alive() for thread in threads)


def test_more_changes_than_are_remembered_mean_everything(monkeypatch):
    monkeypatch.setattr(events, "REMEMBERED", 3)

    async def listen():
        hub = Hub(lambda coder, change: True)
        told = hub.follow("ana", "", "", lambda: True)
        assert b"hello" in await anext(told)
        hub.report([Change("codings", f"T{n}", "ana") for n in range(4)])
        return await anext(told)

    found = {}
    thread = threading.Thread(target=lambda: found.update(got=asyncio.run(listen())))
    thread.start()
    thread.join(10)
    assert b'"memos"' in found["got"]
