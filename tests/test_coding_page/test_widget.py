"""The page in a notebook: a real JupyterLab, a real kernel, and the same hands."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import urllib.request

import nbformat
import pytest
from screen import WIDE, Screen
from served import until

pytestmark = pytest.mark.slow

TOGETHER = "write it together"
CODE = """import study.coding
study.coding.CodingWidget(".", coder="cyd", height="520px")"""


class Lab:
    """JupyterLab on a free port, in a study's folder, with one notebook."""

    def __init__(self, folder, state):
        self.folder, self.token = folder, secrets.token_hex(16)
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(book, folder / "code.ipynb")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = (state / "lab.log").open("w+", encoding="utf-8")
        options = {
            "ServerApp.ip": "127.0.0.1", "ServerApp.port": self.port,
            "ServerApp.port_retries": 0, "ServerApp.open_browser": False,
            "ServerApp.allow_root": True, "ServerApp.root_dir": folder,
            "IdentityProvider.token": self.token, "LabApp.news_url": None,
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        }  # fmt: skip
        names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        own = {name: str(state / name.lower()) for name in names}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *(f"--{k}={v}" for k, v in options.items())],
            stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True,
            env={**os.environ, **own},
        )  # fmt: skip
        until(self.answers, 60)

    def answers(self):
        try:
            address = f"http://127.0.0.1:{self.port}/api/status?token={self.token}"
            return urllib.request.urlopen(address, timeout=2).status == 200
        except OSError:
            return False

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/lab/tree/code.ipynb?token={self.token}"

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=30)
        self.log.close()


class Notebook(Screen):
    """The page in a cell of a notebook."""

    def ready(self):
        page = self.page
        page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click(timeout=60_000)
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
        page.keyboard.press("Shift+Enter")
        page.wait_for_selector(".study-coding[data-ready=true]", timeout=60_000)

    def cells(self):
        return self.page.locator(".jp-Notebook .jp-Cell").count()


@pytest.fixture
def notebook(chromium, tiny, tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    lab = Lab(tiny, state)
    context = chromium.new_context(viewport={**WIDE, "height": 1000})
    yield Notebook(chromium, None, tiny, "cyd", address=lab.address, context=context)
    context.close()
    lab.stop()


def test_coding_in_jupyterlab(notebook, tiny):
    cells = notebook.cells()
    notebook.drag(TOGETHER)
    assert notebook.selected == TOGETHER
    notebook.choose("co-d")
    assert notebook.coded("T1") == [("making.co-design", TOGETHER, "", "")]

    # Keys that the notebook would take (delete a cell, insert one, copy, undo) are the page's here.
    for element in (".turn", ".stripe", ".panel [tabindex='0']", ".bar button"):
        found = notebook.page.locator(f".study-coding {element}:visible:not([disabled])").first
        found.focus()
        notebook.press("d", "d", "a", "b", "x", "z", "Escape", "Shift+M")
    assert notebook.cells() == cells
    notebook.page.locator(".study-coding .turn").first.focus()

    log = tiny / "codebooks" / "tiny" / "codings" / "cyd" / "T1.csv"
    before = log.read_text(encoding="utf-8")
    assert TOGETHER not in before  # a log holds no words

    # A change on disk appears without running the cell again.
    row = before.splitlines()[1].split(",")
    more = [*row[:1], "0b9f7a52-0f1c-4f3e-9a51-6d1f2f9e8a11", *row[2:6], "idea.meaning", *row[7:]]
    log.write_text(before + ",".join(more) + "\n", encoding="utf-8")
    until(lambda: any("Meaning" in one for one in notebook.stripes()), 15)
    assert not notebook.errors


def test_nothing_of_the_study_is_kept_in_the_notebook(notebook, tiny):
    notebook.drag(TOGETHER)
    notebook.choose("co-d")
    notebook.saved()
    notebook.page.locator(".jp-Notebook .cm-content").first.click()
    notebook.press("Control+s")
    path = tiny / "code.ipynb"
    until(lambda: 'execution_count": 1' in path.read_text(encoding="utf-8"), 20)
    kept = path.read_text(encoding="utf-8")
    transcript = (tiny / "interviews" / "T1.txt").read_text(encoding="utf-8")
    words = re.findall(r"\w+(?: \w+){4}", transcript)
    assert words
    assert not [run for run in words if run in kept]
    assert "making.co-design" not in json.dumps(kept)
