"""The coding page's server, as a coder's browser meets it."""

from __future__ import annotations

import asyncio
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar

import httpx
import pytest
from served import Command, Page, signed_in, standing, ticket_page, until

from study.cli import main
from study.coding import listening, server
from study.coding.desks import Desks
from study.coding.signin import TOKEN_LASTS, Ticket
from study.errors import NotPossibleError


@pytest.fixture
def running(tiny):
    with server.start(tiny, "ana") as started:
        yield started


@pytest.fixture
def page(running):
    with Page(running.url) as opened:
        yield opened


# --- the way in


def test_the_address_opens_the_page_once_and_leaves_no_token_behind(running):
    with Page(running.url) as page:
        assert page.opened.status_code == 200
        assert str(page.opened.url) == running.address
        assert page.opened.history[0].status_code == 303
        cookie = page.opened.history[0].headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert "Secure" not in cookie  # a browser would not keep it without TLS
        assert int(re.search(r"Max-Age=(\d+)", cookie)[1]) >= 30 * 86_400
        again = page.client.get(running.url)  # the same browser is let in, by its cookie
        assert (again.status_code, again.headers["location"]) == (303, "/")
    with Page(running.url) as other:
        assert other.opened.status_code == 403
        assert "This address has been used" in other.opened.text
        assert other.ask("study").status_code == 401


def test_what_only_looks_at_an_address_does_not_use_it_up(running):
    assert httpx.head(running.url).status_code == 204
    assert httpx.get(running.url, headers={"Sec-Purpose": "prefetch"}).status_code == 204
    with Page(running.url) as page:
        assert page.ask("study").json()["coder"] == "ana"


def test_a_token_is_good_for_minutes():
    now = [1000.0]
    ticket = Ticket("ana", clock=lambda: now[0])
    now[0] += TOKEN_LASTS + 1
    assert ticket.redeem(ticket.value) == "late"
    assert ticket.redeem("x" * len(ticket.value)) == "unknown"
    now[0] -= 2
    assert ticket.redeem(ticket.value) == "good"
    assert ticket.redeem(ticket.value) == "used"


def test_a_token_is_used_by_one_of_many_who_try_at_once():
    ticket, found = Ticket("ana"), []
    barrier = threading.Barrier(20)

    def redeem():
        barrier.wait()
        found.append(ticket.redeem(ticket.value))

    threads = [threading.Thread(target=redeem) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["good"] + ["used"] * 19


def test_without_a_sign_in_there_is_a_sentence_and_nothing_else(running):
    answer = httpx.get(running.address)
    assert answer.status_code == 401
    assert "Open the address that <code>study code</code> printed" in answer.text
    answer = httpx.get(running.address, headers={"Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"})  # fmt: skip
    assert answer.status_code == 200  # a browser keeps a Strict cookie back at first
    assert 'http-equiv="refresh" content="0; url=/"' in answer.text
    with Page(address=running.address) as stranger:
        answer = stranger.ask("transcript", source="T1")
        assert answer.status_code == 401
        assert answer.json()["kind"] == "signin"
        assert stranger.get("api/events").status_code == 401


def test_a_sign_in_outlasts_the_server(tiny):
    with server.start(tiny, "ana") as first, Page(first.url) as page:
        cookies, port = page.cookies, first.port
    with (
        server.start(tiny, "ana", port=port) as second,
        Page(address=second.address, cookies=cookies) as page,
    ):
        assert page.ask("study").json()["coder"] == "ana"
        assert page.get("").status_code == 200


def test_a_sign_in_of_one_coder_is_none_of_anothers(tiny):
    with server.start(tiny, "ana") as first, Page(first.url) as page:
        cookies = page.cookies
    with server.start(tiny, "ben") as second:
        with Page(address=second.address, cookies=cookies) as page:
            assert page.ask("study").status_code == 401
        ours = next(iter(cookies.values()))
        with Page(second.url) as page:
            (name,) = page.cookies
        assert name not in cookies  # the same browser keeps both
        with Page(address=second.address, cookies={name: ours}) as page:
            assert page.ask("study").status_code == 401


# --- where it listens


def test_each_study_has_its_own_port_the_same_each_time(tmp_path):
    ports = [listening.port_of(tmp_path / str(n)) for n in range(200)]
    assert all(20_000 <= port < 30_000 for port in ports)
    assert len(set(ports)) > 190
    assert ports[0] == listening.port_of(tmp_path / "x" / ".." / "0")


def test_a_port_that_is_taken_is_passed_over_and_said_so(tiny):
    with server.start(tiny, "ana", port=None) as first:
        with server.start(tiny, "ben", port=None) as second:
            assert second.port != first.port
            assert f"port {first.port}, this study's own, is taken" in second.note
            assert str(second.port) in second.note
        with pytest.raises(NotPossibleError, match=f"cannot listen on port {first.port}"):
            server.start(tiny, "ben", port=first.port)


# --- the page's files


def test_the_pages_files_are_served_and_nothing_else(page):
    answer = page.get("page/main.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    tag = answer.headers["etag"]
    again = page.get("page/main.js", **{"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("nothing.js", "..%2fapp.py", "%2e%2e/app.py", "../app.py", "", "main.js/", "."):
        assert page.get(f"page/{name}").status_code == 404, name
    assert page.get("docs").status_code == 404
    assert page.get("openapi.json").status_code == 404


def test_whatever_else_lies_in_the_folder_stays_there(page, tmp_path, monkeypatch):
    monkeypatch.setattr("study.coding.app._page", lambda: tmp_path)
    (tmp_path / "folder.js").mkdir()
    for name in ("notes.txt", "script.js~", "noext", "own.js"):
        (tmp_path / name).write_text("x")
    found = {one.name: page.get(f"page/{one.name}").status_code for one in tmp_path.iterdir()}
    assert [name for name, status in found.items() if status != 404] == ["own.js"]
    assert found["own.js"] == 200


# --- messages


def test_a_coding_is_on_disk_when_it_is_acknowledged(page, tiny):
    before = standing(tiny, "ana", "T1")
    answer = page.code("T1", 116, 140, "making.co-design", memo="ä\n🏦")
    assert answer.status_code == 200, answer.text
    (new,) = [one for one in standing(tiny, "ana", "T1") if one not in before]
    assert (new.code, new.memo) == ("making.co-design", "ä\n🏦")
    assert new.id in [row["id"] for row in answer.json()["codings"]]


def test_answers_are_not_held_back(page):
    """Sent in two pieces over a socket that collects them, each would wait 40 ms."""
    spent = []
    for _ in range(31):
        begun = time.perf_counter()
        assert page.ask("codebook").status_code == 200
        spent.append(time.perf_counter() - begun)
    assert statistics.median(spent) < 0.03


STARTING = """
import sys
from study.coding import server
from served import Page, addition
with server.start(sys.argv[1], "ana") as running, Page(running.url) as page:
    assert page.code("T1", 116, 140, "idea").status_code == 200
    assert page.ask("study").status_code == 200
print(*sys.modules)
"""


def test_coding_loads_no_tables(tiny):
    """Analysis takes seconds to load; the page is to be there in one."""
    run = subprocess.run(
        [sys.executable, "-c", STARTING, str(tiny)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert "starlette" in loaded
    assert not loaded & {"pandas", "numpy", "scipy", "sklearn", "nltk", "matplotlib", "jinja2"}


def test_answers_say_what_kind_of_no_they_are(page):
    assert page.ask("nonsense").status_code == 404
    assert page.ask("nonsense").json()["kind"] == "unknown"
    assert page.ask("transcript", source="T9").status_code == 409
    assert page.ask("transcript", source="T9").json()["kind"] == "refused"
    assert page.ask("transcript", sauce="T1").status_code == 422
    answer = page.get("api/study")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_who_codes_is_known_from_the_sign_in_alone(page, tiny):
    answer = page.ask("taken", source="T3", coder="ben")
    assert answer.status_code == 422
    assert "the request must not name a coder" in answer.json()["error"]


class SlowDesk:
    """Answers when it is let, and keeps what it was asked."""

    def __init__(self, coder):
        self.coder, self.asked, self.let = coder, [], threading.Event()

    def answer(self, name, parameters):
        if name == "agreement":
            self.let.wait(10)
        self.asked.append(name)
        return {"coder": self.coder}


@pytest.fixture
def slow(tiny, monkeypatch):
    """Serve ana and ben with desks that wait to be let."""
    made = {}
    monkeypatch.setattr(
        server.desk, "Desk", lambda _, coder, **__: made.setdefault(coder, SlowDesk(coder))
    )
    pages = [ticket_page(tiny, name) for name in ("ana", "ben")]
    with server.start(tiny, names=("localhost",)) as running:
        yield [signed_in(running, *one) for one in pages], made
        for one in made.values():
            one.let.set()


def test_one_coders_long_question_keeps_nobody_waiting(slow):
    (ana, ben), desks = slow
    assert ana.ask("study").status_code == 200
    waiting = [threading.Thread(target=ana.ask, args=("agreement",)) for _ in range(6)]
    for thread in waiting:
        thread.start()
    begun = time.monotonic()
    assert ben.ask("study").json() == {"coder": "ben", "sign_out": "/signout"}
    assert time.monotonic() - begun < 2
    assert "agreement" not in desks["ana"].asked
    desks["ana"].let.set()
    for thread in waiting:
        thread.join(10)
    assert desks["ana"].asked.count("agreement") == 6


def test_what_a_coder_writes_is_done_in_the_order_it_came():
    class Hasty:
        asked: ClassVar = []

        def answer(self, name, parameters):
            time.sleep(0.02 if parameters["n"] == 0 else 0)
            self.asked.append(parameters["n"])
            return {}

    async def ask():
        desks = Desks(lambda coder: Hasty())
        await asyncio.gather(*(desks.answer("ana", "code", {"n": n}, {}) for n in range(50)))
        desks.close()

    thread = threading.Thread(target=lambda: asyncio.run(ask()))
    thread.start()
    thread.join(20)
    assert Hasty.asked == list(range(50))


@pytest.fixture
def secrets(tiny):
    return dict(ticket_page(tiny, name) for name in ("ana", "ben"))


# --- the command


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "say who codes, with --coder and your name; ana, ben have codings here"),
        (("--coder", "consensus"), "'consensus' is no reader"),
        (("--coder", "Rules"), "'Rules' is no reader"),
        (("--coder", "../x"), "must be letters, digits"),
        (("--coder", "Ana"), "there is a coder 'ana' already"),
        (("--invite", "rules"), "'rules' is no reader"),
        (("--coder", "ana", "--port", "70000"), "there is no port 70000"),
        (("--coder", "ana", "--name", "x"), "--name is for a server that others reach"),
        (("--host", "192.0.2.1"), "nobody could sign in, so the page is not opened to others"),
        (("--host", "0.0.0.0"), "say by which name people reach the page"),
        (("--host", "0.0.0.0", "--coder", "ana"), "leave --coder out"),
        (("--behind-proxy",), "say by which name people reach the page"),
        (("--behind-proxy", "--name", "https://x"), "must be a host name like"),
    ],
)
def test_the_command_refuses_with_a_sentence(tiny, capsys, arguments, sentence):
    assert main(["code", "-C", str(tiny), "--no-browser", *arguments]) == 1
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert printed.err.count("\n") == 1
    assert not printed.out


def test_one_coder_is_proposed_but_never_assumed(tiny, capsys):
    from shutil import rmtree

    rmtree(tiny / "codebooks/tiny/codings/ben")
    assert main(["code", "-C", str(tiny)]) == 1
    assert "`study code --coder ana` if you are ana" in capsys.readouterr().err
    rmtree(tiny / "codebooks/tiny/codings")
    assert main(["code", "-C", str(tiny)]) == 1
    assert "say who codes, with --coder and your name\n" in capsys.readouterr().err


def test_an_invitation_is_printed_once_and_renewed(tiny, capsys):
    invite = ["code", "-C", str(tiny), "--invite", "ben"]
    assert main(invite) == 0
    first = capsys.readouterr().out
    secret = re.search(r"^  (\S+)$", first, re.MULTILINE)[1]
    assert len(secret.replace("-", "")) == 25
    assert main(invite) == 0
    second = capsys.readouterr().out
    assert secret not in second
    assert "the earlier one opens nothing any more" in second


def test_a_session_at_the_command_line(tiny):
    with Command(tiny, "--coder", "anna") as command:
        assert "anna has coded nothing here yet; did you mean 'ana'?" in command.printed
        assert command.printed.count("http") == 1
        assert f":{listening.port_of(tiny)}/?token=" in command.url
        with Page(command.url) as page, page.events() as events:
            assert next(events)[0] == "hello"
            assert page.ask("study").json()["coder"] == "anna"
            status, out, errors = command.interrupt()  # an open page keeps nobody waiting
        assert (status, errors) == (0, "")
        assert out.strip() == "ended; whatever the page showed as saved is in the logs"


def test_a_coder_who_is_not_blind_is_not_asked(tiny):
    for arguments, blind in ((), True), (("--not-blind",), False):
        with Command(tiny, "--coder", "ana", *arguments) as command, Page(command.url) as page:
            assert page.ask("study").json()["blind"] is blind


def test_a_shared_session_at_the_command_line(tiny, secrets):
    arguments = ("--host", "0.0.0.0", "--name", "study.test")
    with Command(tiny, *arguments) as command:
        assert command.url == f"http://study.test:{listening.port_of(tiny)}/"
        assert "TLS belongs in\n      front" in command.printed
        inside = command.url.replace("study.test", "127.0.0.1")
        signed = httpx.get(
            inside + "signin", headers={"Host": httpx.URL(command.url).netloc.decode()}
        )
        assert "Your secret" in signed.text
        assert httpx.get(inside, headers={"Host": "other.test"}).status_code == 421
        assert command.interrupt()[0] == 0
    with Command(tiny, "--behind-proxy", "--name", "study.example.edu") as command:
        assert command.url == "https://study.example.edu/"
        assert f"passes on to 127.0.0.1, port {listening.port_of(tiny)}" in command.printed


def test_the_browser_is_opened_with_the_address(tiny, monkeypatch, capsys):
    opened, ended = [], []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or False)
    monkeypatch.setattr(server.Running, "serve", lambda self: serve_for_a_moment(self, opened))
    # In a thread: where Playwright runs, the first one has an event loop already.
    command = threading.Thread(
        target=lambda: ended.append(main(["code", "-C", str(tiny), "--coder", "ana"]))
    )
    command.start()
    command.join(60)
    assert ended == [0]
    printed = capsys.readouterr().out
    assert opened
    assert opened[0] in printed
    until(lambda: "no browser could be opened" in printed + capsys.readouterr().out)


serve = server.Running.serve


def serve_for_a_moment(running, opened):
    ending = threading.Thread(
        target=lambda: (until(lambda: opened), time.sleep(0.2), running.stop())
    )
    ending.start()
    serve(running)
    ending.join(20)


# --- in a real browser


@pytest.mark.slow
def test_a_browser_signs_in_by_form_and_by_address_also_from_another_site(chromium, tiny, secrets):
    with server.start(tiny, names=("localhost",)) as running:
        context = chromium.new_context()
        tab = context.new_page()
        tab.goto(running.address)
        tab.get_by_label("Your name").fill("ana")
        tab.get_by_label("Your secret").fill("wrong")
        tab.get_by_role("button", name="Sign in").click()
        assert "do not belong together" in tab.get_by_role("alert").inner_text()
        assert tab.get_by_label("Your name").input_value() == "ana"
        tab.get_by_label("Your secret").fill(secrets["ana"])
        tab.get_by_role("button", name="Sign in").click()
        tab.wait_for_url(running.address)
        tab.goto(f"{running.address}signout")
        tab.get_by_role("button", name="Sign out").click()
        tab.wait_for_url("**/signin")
        context.close()
    with server.start(tiny, "ana") as running:
        context = chromium.new_context()
        tab = context.new_page()
        tab.route("http://elsewhere.test/", lambda route: route.fulfill(
            body=f'<a href="{running.url}">open</a>', content_type="text/html"))  # fmt: skip
        tab.goto("http://elsewhere.test/")
        tab.get_by_role("link").click()
        tab.wait_for_url(running.address)
        tab.wait_for_selector("main#coding", state="attached")
        asked = "fetch('/api/study', {method: 'POST', body: '{}', headers: {'X-Study-Coding': '1',"
        asked += "'Content-Type': 'application/json'}}).then(answer => answer.json())"
        assert tab.evaluate(asked)["coder"] == "ana"
        assert not tab.evaluate("document.cookie")
        context.close()
