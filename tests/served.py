"""A coder's page without a browser: what the page sends, sent by a test."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid

import httpx

from study import codings
from study.coding import planning


class Page:
    """A signed-in page at a server; `tab` is what it calls itself."""

    def __init__(self, url="", *, address="", cookies=None, tab=""):
        self.address = address or url.partition("?")[0]
        self.client = httpx.Client(cookies=cookies, timeout=20)
        self.origin = self.address.rstrip("/")
        self.headers = {"X-Study-Coding": "1", "Origin": self.origin}
        if tab:
            self.headers["X-Study-Tab"] = tab
        self.opened = self.client.get(url, follow_redirects=True) if url else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()

    def __del__(self):
        self.client.close()

    @property
    def cookies(self):
        return dict(self.client.cookies)

    def ask(self, operation, /, **parameters):
        """Send one message; return its response."""
        return self.client.post(
            f"{self.address}api/{operation}", json=parameters, headers=self.headers
        )

    def get(self, path, **headers):
        return self.client.get(f"{self.address}{path}", headers=headers)

    def code(self, source, start, end, code, *, identity="", **more):
        """Give a passage a code, as the page does after a selection."""
        text = self.ask("transcript", source=source).json()
        change = addition(text, start, end, code, identity, **more)
        return self.ask("code", source=source, version=text["version"], changes=[change])

    @contextlib.contextmanager
    def events(self, query="", **headers):
        """Open the stream of events; yield an iterator of (name, data, id)."""
        address = f"{self.address}api/events{query}"
        with self.client.stream("GET", address, headers=headers) as response:
            assert response.status_code == 200, response.read()
            yield read_events(response)


def addition(transcript, start, end, code, identity="", **more):
    words = transcript["text"][start:end]
    place = {"start": start, "end": end, "words": words, "code": code}
    return {"action": "add", "id": identity or str(uuid.uuid4()), **place, **more}


def read_events(response):
    fields = {}
    for line in response.iter_lines():
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
        elif fields:
            if "event" in fields:
                yield fields["event"], json.loads(fields["data"]), fields.get("id", "")
            fields = {}


class Command:
    """`study code` as a process of its own, as a coder starts it."""

    def __init__(self, folder, *arguments, environment=None, program=("-m", "study"), **options):
        self.process = subprocess.Popen(
            [sys.executable, *program, "code", "-C", str(folder), "--no-browser", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
            **options,
        )
        self.printed = ""
        for line in self.process.stdout:
            self.printed += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"https?://\S+", self.printed)
        if not found:
            errors = self.process.communicate(timeout=20)[1]
            raise AssertionError(f"it did not start: {self.printed}{errors}")
        self.url = found[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def interrupt(self):
        """Press Ctrl-C; return exit status, what was printed since, and errors."""
        self.process.send_signal(signal.SIGINT)
        out, errors = self.process.communicate(timeout=20)
        return self.process.returncode, out, errors

    def kill(self):
        """Kill the process, as a crash or the system would."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=20)
        self.process.stdout.close()
        self.process.stderr.close()


def until(true, seconds=30.0):
    """Wait until something is so; fail where it never is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about in time")


def ticket_page(folder, name):
    return name, planning.invite(folder, name)[0]


def form_of(client, address):
    return re.search(r'name="form" value="([^"]+)"', client.get(f"{address}signin").text)[1]


def sign_in(page, name, secret, form="", **headers):
    form = form or form_of(page.client, page.address)
    data = {"form": form, "coder": name, "secret": secret}
    address = f"{page.address}signin"
    return page.client.post(address, data=data, headers={"Origin": page.origin, **headers})


def signed_in(running, name, secret):
    page = Page(address=running.address)
    answer = sign_in(page, name, secret)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    return page


def standing(folder, coder, source):
    found, problems = codings.read(folder / "codebooks/tiny/codings" / coder / f"{source}.csv")
    assert not problems
    return found
