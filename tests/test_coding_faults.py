"""What goes wrong in weeks of coding: crashes, full disks, files that change meanwhile."""

from __future__ import annotations

import collections
import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time

import httpx
import pytest
from places import needed
from served import Command, Page, addition, until

from study import codings
from study.cli import main
from study.coding import planning, server

LOG = "codebooks/tiny/codings/ana/T1.csv"


def standing(folder, log=LOG):
    found, problems = codings.read(folder / log)
    assert not problems
    return found


@pytest.fixture
def page(tiny):
    with server.start(tiny, "ana", every=0.05) as running, Page(running.url) as opened:
        yield opened


# --- killed


def passages(text):
    """Return 200 changes, each of which gives another passage a code."""
    return [
        addition(text, start, start + 20, code)
        for start in range(256, 356)
        for code in ("learning.staff", "idea.meaning")
    ]


class Stubborn(threading.Thread):
    """A page's outbox: sends changes one after the other, each until it is acknowledged."""

    def __init__(self, page, version, changes):
        super().__init__(daemon=True)
        self.page, self.version, self.changes = page, version, changes
        self.acknowledged, self.tries, self.wrong = [], 0, []

    def run(self):
        for change in self.changes:
            while not self.delivered(change) and not self.wrong:
                time.sleep(0.02)

    def delivered(self, change):
        self.tries += 1
        try:
            answer = self.page.ask("code", source="T1", version=self.version, changes=[change])
        except httpx.TransportError:
            return False
        if answer.status_code != 200:
            self.wrong.append(answer.text)
            return False
        shown = {row["id"] for row in answer.json()["codings"]}
        missing = [one for one in (*self.acknowledged, change["id"]) if one not in shown]
        if missing:
            self.wrong.append(f"not shown: {missing}")
        self.acknowledged.append(change["id"])
        return True


@pytest.mark.slow
def test_killed_in_the_middle_of_200_codings_it_loses_none_and_doubles_none(tiny):
    before = {one.id for one in standing(tiny)}
    with Command(tiny, "--coder", "ana") as first, Page(first.url) as page:
        port = ("--coder", "ana", "--port", first.url.split(":")[2].split("/")[0])
        with page.events() as told:
            _, hello, mark = next(told)
        text = page.ask("transcript", source="T1").json()
        sender = Stubborn(page, text["version"], passages(text))
        sender.start()
        for count in (40, 90, 140):
            until(lambda count=count: len(sender.acknowledged) >= count or sender.wrong, 30)
            first.process.send_signal(signal.SIGKILL)
            first.process.wait(20)
            on_disk = {one.id for one in standing(tiny)}
            assert set(sender.acknowledged[:count]) <= on_disk
            first.kill()
            first = Command(tiny, *port)
        sender.join(60)
        assert not sender.wrong
        assert len(sender.acknowledged) == 200
        assert sender.tries > 200  # the kills were felt
        # The page goes on by its cookie, without a new token, and is told to look at everything.
        with page.events(**{"Last-Event-ID": mark}) as told:
            assert next(told)[1] != hello
            assert "codings" in next(told)[1]["what"]
        shown = [row["id"] for row in page.ask("transcript", source="T1").json()["codings"]]
        first.kill()
    rows = (tiny / LOG).read_text("utf-8").splitlines()[1:]
    added = collections.Counter(row.split(",")[1] for row in rows if row.startswith("add"))
    assert all(added[one] == 1 for one in sender.acknowledged)
    after = {one.id for one in standing(tiny)}
    assert after == before | set(sender.acknowledged)
    assert collections.Counter(shown) == collections.Counter(after)


# --- disk full, disk read-only

LIMITED = """
import resource, signal, sys
limit = int(sys.argv[1])
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
signal.signal(signal.SIGUSR1, lambda *_: resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard)))
from study.cli import main
sys.exit(main(sys.argv[2:]))
"""
SENTENCE = "this was not saved; nothing that was saved before is lost"


def fill_up(page, folder):
    """Code until the disk says no; return what was acknowledged, and the change that was not."""
    text, given = page.ask("transcript", source="T1").json(), []
    for change in passages(text):
        change["memo"] = "why " * 500
        answer = page.ask("code", source="T1", version=text["version"], changes=[change])
        if answer.status_code != 200:
            break
        given.append(change["id"])
    assert answer.status_code == 507, answer.text
    assert answer.json()["kind"] == "disk"
    assert SENTENCE in answer.json()["error"]
    assert set(given) < {one.id for one in standing(folder)}
    return given, change, text["version"], answer.json()["error"]


def goes_on(page, folder, given, change, version):
    """Send again what was refused; everything stands, once."""
    for _ in range(2):
        answer = page.ask("code", source="T1", version=version, changes=[change])
        assert answer.status_code == 200, answer.text
    wanted = [*given, change["id"]]
    shown = [row["id"] for row in answer.json()["codings"]]
    assert all(shown.count(one) == 1 for one in wanted)
    assert set(wanted) < {one.id for one in standing(folder)}


def test_a_full_disk_is_told_at_once_and_loses_nothing(tiny):
    arguments = ("--coder", "ana")
    limit = str((tiny / "codebooks/tiny/codebook.yaml").stat().st_size + 9000)
    with (
        Command(tiny, *arguments, program=("-c", LIMITED, limit)) as command,
        Page(command.url) as page,
    ):
        given, change, version, _ = fill_up(page, tiny)
        assert given
        assert page.ask("study").status_code == 200  # what needs no space goes on
        assert page.ask("code", source="T1", version=version, changes=[change]).status_code == 507
        command.process.send_signal(signal.SIGUSR1)
        goes_on(page, tiny, given, change, version)


@pytest.fixture
def small_disk(tiny, tmp_path):
    """Put the study on a disk of its own, of 400 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k,mode=700", "tmpfs", str(disk)]
    mounted = shutil.which("mount") and not subprocess.run(mount, capture_output=True).returncode
    needed(mounted, "SMALL DISK NOT TRIED: this user cannot mount one")
    try:
        yield shutil.copytree(tiny, disk / "tiny")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_small_disk_fills_up_and_is_cleared(small_disk):
    with Command(small_disk, "--coder", "ana") as command, Page(command.url) as page:
        filler = small_disk.parent / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        given, change, version, error = fill_up(page, small_disk)
        assert error.startswith("The disk is full: ")
        new = page.ask("taken", source="T3")  # a log that would be new is not left empty
        assert new.status_code in (200, 507)
        filler.unlink()
        goes_on(page, small_disk, given, change, version)


def test_a_disk_that_becomes_read_only_is_told_and_bears_going_on(small_disk):
    remount = ["mount", "-o", "remount,{}", str(small_disk.parent)]
    with Command(small_disk, "--coder", "ana") as command, Page(command.url) as page:
        subprocess.run([one.format("ro") for one in remount], check=True)
        given, change, version, error = fill_up(page, small_disk)
        assert (given, error.partition(":")[0]) == ([], "The disk is read-only")
        assert page.ask("transcript", source="T1").status_code == 200
        memo = {"about": "transcript", "name": "T1", "text": "x", "revision": ""}
        assert page.ask("memo", **memo).status_code in (409, 507)
        subprocess.run([one.format("rw") for one in remount], check=True)
        goes_on(page, small_disk, given, change, version)


DENIED = """
import os, sys
given, mark = os.open, sys.argv[1]
def guarded(path, flags, *more, **named):
    if os.path.exists(mark) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise PermissionError(13, "Permission denied", str(path))
    return given(path, flags, *more, **named)
os.open = guarded
from study.cli import main
sys.exit(main(sys.argv[2:]))
"""


def test_a_folder_that_may_not_be_written_is_told(tiny, tmp_path):
    mark = tmp_path / "denied"  # permissions stop nobody who tests as root, so they are played
    program = ("-c", DENIED, str(mark))
    with Command(tiny, "--coder", "ana", program=program) as command, Page(command.url) as page:
        mark.touch()
        given, change, version, error = fill_up(page, tiny)
        assert not given
        assert error.startswith("The study's files may not be written by you: ")
        mark.unlink()
        goes_on(page, tiny, given, change, version)


# --- files that change meanwhile


def test_a_log_that_git_replaces_is_the_one_that_counts(tiny, page):
    log = tiny / LOG
    earlier = log.read_bytes()
    with page.events() as told:
        next(told)
        text = page.ask("transcript", source="T1").json()
        first, second, third = passages(text)[:3]
        send = {"source": "T1", "version": text["version"]}
        assert page.ask("code", **send, changes=[first]).status_code == 200
        until(lambda: next(told)[1]["what"] == ["codings"])
        pulled = log.with_name("pulled")  # git writes another file, then puts it in place
        pulled.write_bytes(earlier)
        os.replace(pulled, log)
        assert page.ask("code", **send, changes=[second]).status_code == 200
        until(lambda: next(told)[1]["sources"] == ["T1"])
    stands = {one.id for one in standing(tiny)}
    assert second["id"] in stands
    assert first["id"] not in stands
    assert log.read_bytes().startswith(earlier)
    log.unlink()  # a checkout in the middle of things
    answer = page.ask("code", **send, changes=[third])
    assert [row["id"] for row in answer.json()["codings"]] == [third["id"]]
    assert [one.id for one in standing(tiny)] == [third["id"]]


def pages_of_two(running):
    for name in ("ana", "ben"):
        cookies = {running.cookies.name: running.cookies.issue(name)}
        yield Page(address=running.address, cookies=cookies)


@pytest.fixture
def two(tiny):
    for name in ("ana", "ben"):
        planning.invite(tiny, name)
    with server.start(tiny, names=("localhost",), every=0.05) as running:
        yield pages_of_two(running)


def test_a_code_that_one_deletes_while_the_other_applies_it_is_refused(two, tiny):
    ana, ben = two
    book = tiny / "codebooks/tiny/codebook.yaml"
    text = ana.ask("transcript", source="T1").json()
    before = (tiny / LOG).read_bytes()
    whole = book.read_text("utf-8")
    book.write_text(whole.partition("  - code: staff\n")[0], "utf-8")  # as ben's editor does
    assert "learning.staff" not in [one["path"] for one in ben.ask("codebook").json()["codes"]]
    change = passages(text)[0]
    assert change["code"] == "learning.staff"
    send = {"source": "T1", "version": text["version"], "changes": [change]}
    answer = ana.ask("code", **send)
    assert answer.status_code == 409
    assert "'learning.staff' is not in the codebook" in answer.json()["error"]
    assert (tiny / LOG).read_bytes() == before
    merged = "    formerly: [learning.staff]\n"
    book.write_text(book.read_text("utf-8") + merged, "utf-8")  # merged into learning instead
    answer = ana.ask("code", **send)
    assert answer.status_code == 200, answer.text
    (row,) = [row for row in answer.json()["codings"] if row["id"] == change["id"]]
    assert row["code"] == "learning"


def test_codes_are_applied_while_the_codebook_is_being_rewritten(two, tiny):
    ana, _ = two
    book = tiny / "codebooks/tiny/codebook.yaml"
    whole, stop = book.read_text("utf-8"), threading.Event()

    def rewrite():
        for number in range(1000):
            if stop.is_set():
                return
            other = book.with_name(f".book{number}")
            other.write_text(whole + f"# {number}\n", "utf-8")
            os.replace(other, book)

    writer = threading.Thread(target=rewrite)
    text = ana.ask("transcript", source="T1").json()
    writer.start()
    try:
        for change in passages(text)[:20]:
            answer = ana.ask("code", source="T1", version=text["version"], changes=[change])
            assert answer.status_code == 200, answer.text
    finally:
        stop.set()
        writer.join()


def test_a_transcript_that_is_revised_while_open_refuses_what_was_meant_for_the_old(
    tiny, page, tmp_path
):
    with page.events() as told:
        next(told)
        old = page.ask("transcript", source="T1").json()
        change = passages(old)[0]
        corrected = tmp_path / "corrected.txt"
        text = (tiny / "interviews/T1.txt").read_text("utf-8")
        corrected.write_text(text.replace("Nobody here agrees", "Hardly anybody here agrees"))
        assert main(["revise", "-C", str(tiny), "T1", str(corrected)]) == 0
        heard = set()
        until(lambda: heard.update(next(told)[1]["what"]) or heard >= {"transcripts", "codings"})
    answer = page.ask("code", source="T1", version=old["version"], changes=[change])
    assert answer.status_code == 409
    assert "has been corrected since this page showed it; reload it" in answer.json()["error"]
    assert change["id"] not in {one.id for one in standing(tiny)}
    new = page.ask("transcript", source="T1").json()
    assert len(new["codings"]) == len(old["codings"])
    moved = addition(new, change["start"] + 8, change["end"] + 8, change["code"])
    assert moved["words"] == change["words"]
    answer = page.ask("code", source="T1", version=new["version"], changes=[moved])
    assert answer.status_code == 200, answer.text


def test_a_participant_who_withdraws_is_gone_from_the_open_page(tiny, page):
    people = tiny / "interviews/participants.csv"
    people.write_text(people.read_text("utf-8").replace("quote,T1.txt", "withdrawn,T1.txt"))
    assert page.ask("transcript", source="T1").status_code == 409
    assert "T1" not in [one["name"] for one in page.ask("study").json()["transcripts"]]
    assert page.ask("find", text="bank").json()["hits"] == []
