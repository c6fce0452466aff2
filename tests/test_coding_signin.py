"""Several coders at one server: each signs in, and codes in their own name."""

from __future__ import annotations

import re
import threading

import httpx
import pytest
from served import Page, form_of, sign_in, signed_in, standing, ticket_page

from study.coding import planning, server


@pytest.fixture
def secrets(tiny):
    return dict(ticket_page(tiny, name) for name in ("ana", "ben"))


@pytest.fixture
def shared(tiny, secrets):
    with server.start(tiny, names=("localhost",)) as started:
        yield started


def test_two_coders_sign_in_and_each_codes_in_their_own_name(shared, secrets, tiny):
    assert httpx.get(shared.address).headers["location"] == "/signin"
    ana, ben = (signed_in(shared, *one) for one in secrets.items())
    assert ana.ask("study").json()["coder"] == "ana"
    before = len(standing(tiny, "ana", "T2")), len(standing(tiny, "ben", "T2"))
    words = ben.ask("transcript", source="T2").json()
    turn = words["turns"][1]
    answer = ben.code("T2", turn["start"], turn["start"] + 7, "idea")
    assert answer.status_code == 200, answer.text
    after = len(standing(tiny, "ana", "T2")), len(standing(tiny, "ben", "T2"))
    assert after == (before[0], before[1] + 1)


def test_a_secret_is_typed_as_one_likes_but_must_be_right(shared, secrets):
    with Page(address=shared.address) as page:
        wrong = sign_in(page, "ana", secrets["ben"])
        assert wrong.status_code == 401
        assert "do not belong together" in wrong.text
        assert sign_in(page, "nobody", secrets["ana"]).text.count("do not belong together") == 1
        typed = " " + secrets["ana"].upper().replace("-", " ")
        assert sign_in(page, " ana ", typed).status_code == 303


def test_clicking_twice_signs_in(shared, secrets):
    with Page(address=shared.address) as page:
        form = form_of(page.client, page.address)
        found = []

        def attempt():
            found.append(sign_in(page, "ana", secrets["ana"], form).status_code)

        threads = [threading.Thread(target=attempt) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert found == [303] * 3


def test_failing_in_anothers_name_does_not_lock_them_out(shared, secrets, monkeypatch):
    monkeypatch.setattr("study.coding.entrance.SLOW_DOWN", 0.0)
    with Page(address=shared.address) as thief:
        tries = [sign_in(thief, "ana", f"guess{n}").status_code for n in range(7)]
        assert tries == [401] * 5 + [429] * 2
        refused = sign_in(thief, "ana", secrets["ana"])  # not even looked at
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 0
    signed_in(shared, "ben", secrets["ben"])


def test_a_form_of_elsewhere_signs_nobody_in(shared, secrets):
    with Page(address=shared.address) as page, Page(address=shared.address) as other:
        theirs = form_of(other.client, other.address)
        form_of(page.client, page.address)
        assert sign_in(page, "ana", secrets["ana"], form=theirs).status_code == 403
        assert sign_in(page, "ana", secrets["ana"], Origin="null").status_code == 403
        assert sign_in(page, "ana", secrets["ana"], Origin="http://evil.test").status_code == 403
        assert not [name for name in page.cookies if not name.endswith("-form")]


def test_signing_out_ends_a_copied_cookie_too(shared, secrets, tiny):
    page = signed_in(shared, "ana", secrets["ana"])
    copied = page.cookies
    form = re.search(r'name="form" value="([^"]+)"', page.get("signout").text)[1]
    address, origin = f"{page.address}signout", {"Origin": page.origin}
    assert page.client.post(address, data={"form": "x"}, headers=origin).status_code == 403
    assert page.ask("study").status_code == 200
    answer = page.client.post(address, data={"form": form}, headers=origin)
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
    assert page.ask("study").status_code == 401
    with Page(address=shared.address, cookies=copied) as thief:
        assert thief.ask("study").status_code == 401
    with (
        server.start(tiny, names=("localhost",)) as later,
        Page(address=later.address, cookies=copied) as thief,
    ):
        assert thief.ask("study").status_code == 401


def test_a_new_secret_ends_what_the_old_one_opened(shared, secrets, tiny):
    page = signed_in(shared, "ana", secrets["ana"])
    other = signed_in(shared, "ben", secrets["ben"])
    secret, renewed = planning.invite(tiny, "ana")
    assert renewed
    assert page.ask("study").status_code == 401
    assert other.ask("study").status_code == 200
    assert sign_in(page, "ana", secrets["ana"]).status_code == 401
    assert sign_in(page, "ana", secret).status_code == 303


def test_behind_a_proxy_the_cookie_is_for_tls_and_the_name_is_checked(tiny, secrets):
    names = ("study.example.edu",)
    with server.start(tiny, names=names, behind_proxy=True) as running:
        assert running.address == "https://study.example.edu/"
        inside = f"http://127.0.0.1:{running.port}/"
        proxied = {"Host": "study.example.edu", "Origin": "https://study.example.edu"}
        with httpx.Client(base_url=inside) as client:
            assert client.get("signin").status_code == 421
            shown = client.get("signin", headers=proxied)
            form = re.search(r'name="form" value="([^"]+)"', shown.text)[1]
            cookie = shown.headers["set-cookie"].partition(";")[0]
            data = {"form": form, "coder": "ana", "secret": secrets["ana"]}
            answer = client.post("signin", data=data, headers={**proxied, "Cookie": cookie})
            assert answer.status_code == 303
            assert answer.headers["set-cookie"].startswith("__Host-")
            assert "Secure" in answer.headers["set-cookie"]
            plain = {**proxied, "Cookie": cookie, "Origin": "http://study.example.edu"}
            assert client.post("signin", data=data, headers=plain).status_code == 403


def test_addresses_are_told_apart_behind_a_proxy(tiny, secrets, monkeypatch):
    monkeypatch.setattr("study.coding.entrance.SLOW_DOWN", 0.0)
    names = ("study.example.edu",)
    with server.start(tiny, names=names, behind_proxy=True) as running:
        proxied = {"Host": "study.example.edu", "Origin": "https://study.example.edu"}
        inside = f"http://127.0.0.1:{running.port}/signin"
        shown = httpx.get(inside, headers=proxied)
        form = re.search(r'name="form" value="([^"]+)"', shown.text)[1]
        proxied["Cookie"] = shown.headers["set-cookie"].partition(";")[0]

        def attempt(secret, seen):
            data = {"form": form, "coder": "ana", "secret": secret}
            headers = {**proxied, "X-Forwarded-For": seen}
            return httpx.post(inside, data=data, headers=headers).status_code

        # What a client writes before the proxy's own entry changes nothing.
        assert [attempt("x", f"10.0.0.{n}, 203.0.113.9") for n in range(6)] == [401] * 5 + [429]
        assert attempt(secrets["ana"], "203.0.113.9") == 429
        assert attempt(secrets["ana"], "198.51.100.7") == 303


def test_secrets_are_kept_hashed_and_out_of_the_study(tiny, secrets, monkeypatch):
    from study.coding import state

    folder = state.folder_of(tiny)
    assert not folder.is_relative_to(tiny)
    kept = (folder / "invited.json").read_text()
    assert all(secret not in kept for secret in secrets.values())
    with server.start(tiny, "ana"):
        pass
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o077 == 0 or file.name.startswith("."), file.name
    key = state.Private(folder).key()
    (folder / "signing.key").chmod(0o644)
    assert state.Private(folder).key() != key  # somebody may have read it
    study_files = [path.read_bytes() for path in tiny.rglob("*") if path.is_file()]
    assert not any(key.hex().encode() in content for content in study_files)
