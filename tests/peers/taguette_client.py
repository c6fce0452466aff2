"""A Taguette server for a test, spoken to as a browser would."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx

HERE = Path(__file__).parent

PATIENCE = 60


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Taguette:
    """A server with an empty database; use as a context."""

    def __init__(self, python, folder):
        self._python, self._folder = python, folder
        self._port = free_port()
        self._log = folder / "taguette.log"
        home = f"http://127.0.0.1:{self._port}"
        self._web = httpx.Client(base_url=home, follow_redirects=True, timeout=PATIENCE)

    def __enter__(self):
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    self._python,
                    HERE / "in_taguette.py",
                    str(self._port),
                    self._folder / "taguette.sqlite3",
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={"HOME": str(self._folder), "PATH": "/usr/bin:/bin"},
            )
        try:
            return self._ready()
        except BaseException:
            self.__exit__()
            raise

    def _ready(self):
        """Wait for the server to say how it is entered."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            said = self._log.read_text(encoding="utf-8", errors="replace")
            found = re.search(r"http://\S*\?token=\w+", said)
            if found:
                entry = urlsplit(found[0])
                try:
                    self._web.get(f"/?{entry.query}").raise_for_status()
                    return self
                except httpx.ConnectError:
                    pass
            time.sleep(0.1)
        raise AssertionError(f"Taguette did not start: {self._log.read_text()[-2000:]}")

    def __exit__(self, *_):
        self._web.close()
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(PATIENCE)

    def _post(self, where, **more):
        form = {"_xsrf": self._web.cookies.get("_xsrf"), **more.pop("data", {})}
        answer = self._web.post(where, data=form, **more)
        answer.raise_for_status()
        return answer

    def project(self, name):
        """Make a project; return its number."""
        self._web.get("/project/new")
        answer = self._post("/project/new", data={"name": name, "description": ""})
        return int(re.search(r"/project/(\d+)", str(answer.url))[1])

    def import_codebook(self, project, data):
        """Import a codebook .csv as a person does, who then agrees to everything shown."""
        where = f"/project/{project}/import_codebook"
        shown = self._post(where, files={"file": ("codebook.csv", data, "text/csv")}).text
        fields = {}
        for tag in re.findall(r"<(?:input|textarea)[^>]*>", shown):
            name = re.search(r'name="(tag\d+-[a-z]+)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            if name:
                fields[name[1]] = unescape(value[1]) if value else "1"
        self._post(where, data=fields)
        return fields

    def add_document(self, project, name, text, filename="a.txt", kind="text/plain"):
        """Add a document; return its number."""
        answer = self._post(
            f"/api/project/{project}/document/new",
            data={"name": name, "description": ""},
            files={"file": (filename, text.encode(), kind)},
        )
        return answer.json()["created"]

    def tags(self, project):
        """Return the paths of tags by their numbers, as the page of the project has them."""
        page = self._web.get(f"/project/{project}").raise_for_status().text
        found = re.search(r"var tags = (\{.*?\}|\[.*?\]);", page, re.DOTALL)
        return {one["id"]: one["path"] for one in json.loads(found[1]).values()}

    def words(self, project, document):
        """Return what a browser would show of a document: all text between tags."""
        return unescape(re.sub(r"<[^>]*>", "", self.contents(project, document)))

    def highlight(self, project, document, start, end, tags):
        """Highlight bytes of a document with the numbers of tags."""
        answer = self._web.post(
            f"/api/project/{project}/document/{document}/highlight/new",
            json={"start_offset": start, "end_offset": end, "tags": tags},
            headers={"X-XSRFToken": self._web.cookies.get("_xsrf")},
        )
        answer.raise_for_status()

    def contents(self, project, document):
        """Return a document as Taguette keeps it, in HTML."""
        where = f"/api/project/{project}/document/{document}/contents"
        parts = self._web.get(where).raise_for_status().json()["contents"]
        return "".join(one["contents"] for one in parts)

    def get(self, where):
        """Return the bytes at an address."""
        return self._web.get(where).raise_for_status().content
