"""Requests that nobody's page would send: each is refused, and nothing is written."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import socket
import sys
import time
import uuid

import httpx
import pytest
from hostile import BASES, WRITING, messages
from places import STUDIES
from served import Command, Page, addition

from study.coding import desk, listening, server, state, strict
from study.coding.security import HEADERS
from study.coding.signin import DAY, LASTS, Cookies, Patience, cookie_name


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return shutil.copytree(STUDIES / "tiny", tmp_path_factory.mktemp("hostile") / "tiny")


@pytest.fixture(scope="module")
def running(folder):
    """Serve one study to all tests here: none of their requests may change anything."""
    with server.start(folder, "ana") as started:
        yield started


@pytest.fixture(scope="module")
def page(running):
    with Page(running.url) as opened:
        yield opened


@pytest.fixture
def untouched(folder):
    """Assert that a test has left each file of the study as it was."""

    def content():
        files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = content()
    yield
    assert content() == before


def test_there_is_a_valid_message_to_spoil_for_each_operation():
    assert set(desk.OPERATIONS) <= set(BASES)
    assert len(list(messages())) > 500


def test_wrong_messages_are_refused_and_write_nothing(page, untouched):
    for operation, parameters in messages():
        answer = page.ask(operation, **parameters)
        said = f"{operation} {parameters}: {answer.status_code} {answer.text[:200]}"
        assert answer.status_code < 500, said
        if operation in WRITING:
            assert answer.status_code >= 400 or parameters["changes"] == [], said
        if answer.status_code >= 400:
            assert set(answer.json()) >= {"error", "kind"}, said
            assert "\n" not in answer.json()["error"], said


BODIES = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 422),
    (b"null", 422),
    (b'"text"', 422),
    (b"12", 422),
    (b"{} {}", 400),
    (b"\xef\xbb\xbf{}", 400),
    (b'{"text": "\xff"}', 400),
    (b'{"text": "\xc3"}', 400),
    (b'{"text": "\xed\xa0\x80"}', 400),
    ("{}".encode("utf-16"), 400),
    (b'{"text": "\\ud83d"}', 400),
    (b'{"\\udc00": "x"}', 400),
    (b'{"text": NaN}', 400),
    (b'{"text": Infinity}', 400),
    (b'{"text": -Infinity}', 400),
    (b'{"text": 1e999}', 400),
    (b'{"text": ' + b"9" * 5000 + b"}", 400),
    (b'{"text": 9007199254740993}', 422),
    (b'{"text": "a", "text": "b"}', 400),
    (b'{"text": {"a": 1, "a": 2}}', 400),
    (b'{"text": ' + b"[" * 100 + b"]" * 100 + b"}", 400),
    (b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
    (b'{"text": "a\\u0000b"}', 422),
    (b'{"text": "a\nb"}', 400),
    (b"{'text': 'x'}", 400),
    (b'{"text": "x",}', 400),
    (b'{"text": 0x10}', 400),
    (b"x" * (strict.LARGEST + 1), 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=range(len(BODIES)))
def test_bodies_that_are_no_message(page, untouched, body, status):
    headers = {**page.headers, "Content-Type": "application/json"}
    answer = page.client.post(f"{page.address}api/find", content=body, headers=headers)
    assert (answer.status_code, answer.json()["kind"]) == (status, "malformed")
    assert page.ask("study").status_code == 200


@pytest.mark.parametrize(
    "kind",
    [
        "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/json; charset=utf-16", "application/json, text/plain", "application/jsonx",
    ],
)  # fmt: skip
def test_only_json_that_says_so_is_read(page, untouched, kind):
    headers = {**page.headers, "Content-Type": kind}
    answer = page.client.post(f"{page.address}api/taken", content=b"{}", headers=headers)
    assert answer.status_code == 415
    headers = {**page.headers, "Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = page.client.post(f"{page.address}api/taken", content=b"{}", headers=headers)
    assert answer.status_code == 415


FOREIGN = [
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://evil.test"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "https://{host}"},
    {"Origin": "http://{host}.evil.test"},
    {"Origin": "http://{host}/"},
    {"Origin": "http://{host} http://{host}"},
    {"Origin": None},
    {"X-Study-Coding": None},
    {"X-Study-Coding": ""},
    {"X-Study-Coding": "2"},
    {"Host": "evil.test"},
    {"Host": "evil.test:{port}"},
    {"Host": "127.0.0.1"},
    {"Host": "127.0.0.1:1"},
    {"Host": "127.0.0.1.evil.test:{port}"},
    {"Host": "{host}@evil.test"},
    {"Host": "{host}:80"},
    {"Host": "0.0.0.0:{port}"},
    {"Host": ""},
]


@pytest.mark.parametrize("change", FOREIGN, ids=str)
def test_messages_of_other_sites_are_refused(running, page, untouched, change):
    headers = {**page.headers, "Content-Type": "application/json"}
    for name, value in change.items():
        headers.pop(name, None)
        if value is not None:
            headers[name] = value.format(host=f"127.0.0.1:{running.port}", port=running.port)
    answer = page.client.post(
        f"{page.address}api/taken", content=b'{"source":"T1"}', headers=headers
    )
    assert answer.status_code in (400, 403, 421)
    assert "access-control-allow-origin" not in answer.headers
    assert page.ask("study").status_code == 200


@pytest.mark.parametrize("path", ["", "api/events", "page/main.js"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_may_link_to_the_page_but_not_embed_or_fetch(page, path, site):
    fetched = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
    assert page.get(path, **fetched).status_code == 403
    framed = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    assert page.get(path, **framed).status_code == 403
    assert page.get(path, Origin="http://evil.test").status_code == 403
    assert page.get(path, Host="evil.test").status_code == 421


@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"]
)
@pytest.mark.parametrize("path", ["", "api/code", "api/events", "page/main.js", "favicon.ico"])
def test_other_methods_are_refused(page, untouched, method, path):
    headers = {**page.headers, "Content-Type": "application/json"}
    if method in ("GET", "HEAD") and path != "api/code":
        return
    answer = page.client.request(method, f"{page.address}{path}", content=b"{}", headers=headers)
    assert answer.status_code == 405
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    "path",
    [
        "api", "api/", "api/study/", "api//study", "api/../api/study", "api/%2e%2e/study",
        "api/..%2f..%2fetc%2fpasswd", "api/study%00", "api/%ff", "api/" + "x" * 3000, "page",
        "page/..%2fdesk.py", "page/%2e%2e%2fdesk.py", "page/....//desk.py", "page/.hidden.js",
        "page/main.js%00.css", "page//etc/passwd", "page/C:%5Cx", "__init__.py", ".git/config",
        "interviews/T1.txt", "api/__class__", "api/answer", "docs", "redoc", "metrics",
        "signin", "signout",
    ],
)  # fmt: skip
def test_other_addresses_are_nothing(page, untouched, path):
    for method in ("GET", "POST"):
        headers = {**page.headers, "Content-Type": "application/json"}
        address = f"{page.address}{path}"
        answer = page.client.request(method, address, content=b"{}", headers=headers)
        if path == "api/../api/study":  # the client itself makes api/study of it
            continue
        assert answer.status_code in (404, 405), (method, answer.status_code)


# --- cookies


def cookies_for(folder, coder="ana", *, study=None, key=None, clock=None):
    private = state.Private(state.folder_of(folder))
    study = study or state.study_key(folder)
    clock = {"clock": clock} if clock else {}
    name = cookie_name(state.study_key(folder), "ana")
    return Cookies(key or private.key(), study, lambda: {coder: ""}, name=name, **clock)


def forged(folder, page):
    ((_, good),), now = page.cookies.items(), time.time()
    payload, _, signature = good.partition(".")
    content = json.loads(base64.urlsafe_b64decode(payload + "=="))
    content[0] = "ben"
    other = base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
    late = cookies_for(folder, clock=lambda: now - LASTS - 1)
    early = cookies_for(folder, clock=lambda: now + 2 * DAY)
    yield "nothing", ""
    yield "noise", "x.y"
    yield "no signature", payload
    yield "empty signature", f"{payload}."
    yield "another's name", f"{other}.{signature}"
    yield "cut short", good[:-1]
    yield "padded", f"{good}="
    yield "another key", cookies_for(folder, key=b"x" * 32).issue("ana")
    yield "another study", cookies_for(folder, study="0" * 16).issue("ana")
    yield "another coder", cookies_for(folder, "ben").issue("ben")
    yield "too old", late.issue("ana")
    yield "not yet made", early.issue("ana")
    yield "a form's proof", f"{payload}.{cookies_for(folder).sign('form', payload)}"
    yield "very long", "x" * 8000
    yield "not ASCII", "\xe4.\xfc"


def test_cookies_that_were_not_given_open_nothing(running, page, folder, untouched):
    (name,) = page.cookies
    for why, value in forged(folder, page):
        for path, method in (("api/study", "POST"), ("api/events", "GET"), ("", "GET")):
            answer = httpx.request(
                method,
                f"{running.address}{path}",
                content=b"{}" if method == "POST" else None,
                headers={
                    **page.headers,
                    "Content-Type": "application/json",
                    "Cookie": f"{name}={value}".encode("latin-1"),
                },
            )
            assert answer.status_code == 401, (why, path)


def test_among_several_cookies_of_the_name_the_good_one_counts(running, page):
    ((name, good),) = page.cookies.items()
    headers = {**page.headers, "Cookie": f"{name}=x; other=1; {name}={good}; {name}="}
    answer = httpx.post(f"{running.address}api/study", json={}, headers=headers)
    assert answer.json()["coder"] == "ana"


def test_tokens_that_were_not_given_open_nothing(tiny):
    with server.start(tiny, "ana") as running:
        try_tokens(running, running.ticket.value)
        with Page(running.url) as page:
            assert page.ask("study").status_code == 200


def try_tokens(running, token):
    tries = ["", "x", token[:-1], token + "x", token.swapcase(), "ä", "%00", "x" * 5000]
    for value in tries:
        answer = httpx.get(f"{running.address}?token={value}")
        assert answer.status_code == 403, value
        assert "set-cookie" not in answer.headers


def test_waiting_grows_with_failures_and_ends():
    now = [0.0]
    patience, waits = Patience(clock=lambda: now[0]), []
    for _ in range(14):
        waits.append(patience.wait("here", "ana"))
        now[0] += waits[-1]
        assert patience.begin("here", "ana")
        assert not patience.begin("here", "ana")  # one try at a time
        patience.end("here", "ana", right=False)
    assert waits == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert patience.wait("elsewhere", "ana") == 0
    assert patience.begin("here", "ana")
    patience.end("here", "ana", right=True)
    assert patience.wait("here", "ana") == 0


# --- what every answer carries


def test_every_answer_is_sealed(running, page):
    answers = [
        page.get(""), page.get("page/main.js"), page.get("nothing"), page.get("api/study"),
        page.ask("study"), page.ask("nonsense"), page.get("", Host="evil.test"),
        page.client.get(running.url), httpx.get(running.address), page.get("favicon.ico"),
    ]  # fmt: skip
    with page.client.stream("GET", f"{page.address}api/events") as events:
        answers.append(events)
    for answer in answers:
        for name, value in HEADERS.items():
            if name != "cache-control":
                assert answer.headers[name] == value, (answer.url, name)
        assert answer.headers["cache-control"] in ("no-store", "no-cache")
        assert "server" not in answer.headers
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert page.ask("study").headers["cache-control"] == "no-store"


def test_the_policy_lets_only_the_servers_own_scripts_run():
    policy = dict(
        part.strip().split(" ", 1) for part in HEADERS["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["style-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in HEADERS["content-security-policy"]


# --- connections


def raw(running, *parts, wait=5.0):
    """Send bytes as they are; return all that comes back until the server closes or is silent."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=wait) as connection:
        for part in parts:
            connection.sendall(part)
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except (TimeoutError, ConnectionResetError):
            pass
    return received


def head(running, page, *lines, path="/api/study"):
    ((name, value),) = page.cookies.items()
    own = f"127.0.0.1:{running.port}"
    fixed = [
        f"POST {path} HTTP/1.1", f"Host: {own}", f"Origin: http://{own}", "X-Study-Coding: 1",
        "Content-Type: application/json", f"Cookie: {name}={value}",
    ]  # fmt: skip
    return "\r\n".join([*fixed, *lines, "", ""]).encode()


def test_connections_that_are_no_http_are_turned_away(running, page, untouched):
    big = b"9" * 20
    for sent in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 40_000 + b"\r\n\r\n",
        head(running, page, "Content-Length: -1") + b"{}",
        head(running, page, "Content-Length: 2", "Content-Length: 3") + b"{}",
        head(running, page, "Content-Length: 2", "Transfer-Encoding: chunked") + b"{}",
        head(running, page, "Transfer-Encoding: gzip") + b"{}",
        head(running, page, "Transfer-Encoding: chunked") + b"zz\r\n",
        head(running, page, "Transfer-Encoding: chunked") + b"-2\r\n{}\r\n",
        head(running, page, "Content-Length: " + big.decode()) + b"{}",
    ):
        answer = raw(running, sent, wait=0.5)
        # What is malformed only after a sound head may be hung up on instead.
        assert re.match(rb"HTTP/1.1 4\d\d ", answer) or answer == b"", (sent[:60], answer[:80])
    assert page.ask("study").status_code == 200


def test_a_body_in_endless_pieces_is_cut_off(running, page):
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = head(running, page, "Transfer-Encoding: chunked")
    answer = raw(running, sent, piece * (strict.LARGEST // 0x10000 + 2), wait=1)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_requests_that_dawdle_are_given_up(running, page, monkeypatch):
    monkeypatch.setattr(listening, "HEADER_SECONDS", 0.3)
    monkeypatch.setattr(strict, "PATIENCE", 0.3)
    begun = time.monotonic()
    assert raw(running, wait=30) == b""  # nothing at all
    assert raw(running, b"GET / HTTP/1.1\r\nHost: x", wait=30) == b""  # half a head
    assert time.monotonic() - begun < 15  # it was the server that hung up
    half = raw(running, head(running, page, "Content-Length: 100"), b'{"a"')
    assert half.startswith(b"HTTP/1.1 408 ")
    assert b"did not arrive whole within 0.3 seconds" in half
    assert page.ask("study").status_code == 200


def test_a_page_that_hangs_up_is_no_bug(running, page, capfd):
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", running.port)) as connection:
            connection.sendall(head(running, page, "Content-Length: 100") + b'{"a"')
    with page.client.stream("GET", f"{page.address}api/events"):
        pass
    assert page.ask("study").status_code == 200
    assert capfd.readouterr().err == ""


def test_a_bug_is_told_without_anybodys_words(running, page, capfd, monkeypatch):
    def broken(*_):
        raise KeyError("what the participant said")

    monkeypatch.setattr(desk.Desk, "answer", broken)
    answer = page.ask("study")
    assert answer.status_code == 500
    assert "participant" not in answer.text
    printed = capfd.readouterr().err
    assert "KeyError" in printed
    assert "test_coding_security.py" in printed
    assert "what the participant said" not in printed.replace(
        'raise KeyError("what the participant said")', ""
    )


# --- nothing leaves the machine

LISTENING_IN = """
import sys
def hear(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request",
                 "subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "webbrowser.open"):
        print(event, arguments, file=open(sys.argv[1], "a"))
sys.addaudithook(hear)
from study.cli import main
sys.exit(main(sys.argv[2:]))
"""


def test_the_server_asks_nobody_anything(tiny, tmp_path):
    heard = tmp_path / "heard"
    program = ("-c", LISTENING_IN, str(heard))
    with Command(tiny, "--coder", "ana", program=program) as command, Page(command.url) as page:
        for operation, parameters in BASES.items():
            page.ask(operation, **parameters)
        words = page.ask("transcript", source="T1").json()
        change = addition(words, 116, 121, "idea", str(uuid.uuid4()))
        answer = page.ask("code", source="T1", version=words["version"], changes=[change])
        assert answer.status_code == 200
        with page.events() as events:
            next(events)
        for path in ("", "page/main.js", "page/signin.css", "signin"):
            page.get(path)
        command.interrupt()
    assert not heard.exists(), heard.read_text()


def test_the_audit_would_hear_a_request(tmp_path):
    """The ear of the test before this one works."""
    heard = tmp_path / "heard"
    code = LISTENING_IN.replace("from study.cli import main", "import socket").replace(
        "sys.exit(main(sys.argv[2:]))", "socket.getaddrinfo('127.0.0.1', 1)"
    )
    os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code, str(heard)])
    assert "socket.getaddrinfo" in heard.read_text()
