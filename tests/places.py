"""Where things lie that tests read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STUDIES = Path(__file__).parent / "studies"
SHARED = ROOT.parent / "shared"
# Debian's Chromium (`.ci/run` installs it): Playwright's own download is not to be had everywhere.
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def needed(there: object, otherwise: str) -> None:
    """Go on where something is there that not every machine has; else skip, and say so."""
    if not there:
        pytest.skip(otherwise)
