"""Other programs, each in an environment of its own, which never is the toolkit's.

Taguette comes from PyPI; QualCoder is on no package index, so `STUDY_QUALCODER` names the folder
`src` of a copy of it.  `STUDY_PEERS` names a folder where environments are kept from one run to the
next; otherwise they are made anew.  What cannot be had is skipped, and says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TAGUETTE = ("taguette==1.5.2", "setuptools<81")  # it asks for pkg_resources
QUALCODER = ("PyQt6>=6.5",)
PATIENCE = 150
"""Seconds that an installation may take."""


def skip(request, message: str) -> None:
    """Skip the tests, and say so where nobody can overlook it."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n{message}", file=sys.stderr, flush=True)
    pytest.skip(message)


def environment(request, folder: Path, packages) -> Path:
    """Return the Python of an environment with some packages; make it if it is not there."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (folder / "whole").is_file():
        return python
    uv = shutil.which("uv")
    if not uv:
        skip(request, f"{folder.name.upper()} NOT TRIED: there is no uv to install it with")
    steps = (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder],
        [uv, "pip", "install", "--quiet", "--python", python, *packages],
    )
    for step in steps:
        try:
            subprocess.run(step, check=True, capture_output=True, timeout=PATIENCE, text=True)
        except (subprocess.SubprocessError, OSError) as error:
            said = str(getattr(error, "stderr", "") or error).strip().splitlines()[-1:]
            skip(request, f"{folder.name.upper()} NOT TRIED: it could not be installed: {said}")
    (folder / "whole").touch()
    return python


@pytest.fixture(scope="session")
def peers(tmp_path_factory) -> Path:
    """Return the folder of environments."""
    named = os.environ.get("STUDY_PEERS")
    return Path(named) if named else tmp_path_factory.mktemp("peers")


@pytest.fixture(scope="session")
def taguette_python(request, peers) -> Path:
    """Return the Python that has Taguette."""
    return environment(request, peers / "taguette", TAGUETTE)


@pytest.fixture(scope="session")
def qualcoder(request, peers, tmp_path_factory):
    """Return a function that lets QualCoder import or export, and returns what it said."""
    source = os.environ.get("STUDY_QUALCODER", "")
    if not (Path(source) / "qualcoder" / "refi.py").is_file():
        skip(request, "QUALCODER NOT TRIED: STUDY_QUALCODER names no folder with a copy of it")
    python = environment(request, peers / "qualcoder", QUALCODER)
    home = tmp_path_factory.mktemp("home")
    script = Path(__file__).parent / "in_qualcoder.py"

    def run(*arguments: object) -> str:
        done = subprocess.run(
            [python, script, source, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=240,
            env={"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        )
        if "cannot open shared object file" in done.stderr:
            missing = done.stderr.strip().splitlines()[-1]
            skip(request, f"QUALCODER NOT TRIED: its windows lack a library: {missing}")
        assert done.stdout.endswith("done\n"), done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    return run
