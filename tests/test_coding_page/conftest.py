"""What the tests of the page share: a study served to a browser, and hands to use it with."""

from __future__ import annotations

import contextlib
import shutil

import pytest
from places import ROOT
from screen import Screen

from study.coding.server import start

pytestmark = pytest.mark.slow

NEVER = 3600.0  # seconds between two looks at the files: no test takes that long


@pytest.fixture
def pilot(tmp_path):
    """Return the folder of a fresh copy of the pilot: twelve interviews, two coders."""
    folder = tmp_path / "pilot"
    folder.mkdir()
    for name in ("interviews", "codebooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "study.toml", folder)
    return folder


@pytest.fixture
def coding(chromium, tmp_path):
    """Return what opens the page for a coder of a study; everything is closed at the end.

    With `told=False` the page does not hear what changes on disk: what others do meets what the
    coder does, however long either takes.
    """
    with contextlib.ExitStack() as stack:

        def open_page(root, coder="cyd", *, told=True, **options):
            looks = {} if told else {"every": NEVER}
            running = start(root, coder, private=tmp_path / "private", **looks)
            stack.enter_context(running)
            return stack.enter_context(Screen(chromium, running, root, coder, **options))

        yield open_page


@pytest.fixture
def screen(coding, tiny):
    """Return the tiny study, open in a browser for a coder who has coded nothing yet."""
    return coding(tiny)
