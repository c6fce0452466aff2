"""What all tests share: miniature studies copied to a place where they may be changed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from places import CHROMIUM, CHROMIUM_ARGUMENTS, SHARED, STUDIES, needed

import study

# A shared machine may stall for seconds: no example fails for being slow.
settings.register_profile(
    "study", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("study")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items) -> None:
    """Keep the tests of a file in one process, and all that need a browser in one of their own."""
    for item in items:
        together = "browser" if "chromium" in item.fixturenames else str(item.path)
        item.add_marker(pytest.mark.xdist_group(together))


@pytest.fixture(scope="session", autouse=True)
def _own_state(tmp_path_factory) -> None:
    """Keep the user's own folder (signing keys, coders' secrets) out of the tests."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture
def tiny(tmp_path) -> Path:
    """Return the folder of a fresh copy of the tiny study."""
    return Path(shutil.copytree(STUDIES / "tiny", tmp_path / "tiny"))


@pytest.fixture
def project(tiny) -> study.Project:
    """Return the tiny study, loaded."""
    return study.load(tiny)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real transcripts and published values, which not every machine has."""
    needed(
        SHARED.is_dir(), f"REAL SAMPLES NOT TRIED: there is no {SHARED.name}/ beside the project"
    )
    return SHARED


@pytest.fixture(scope="session")
def chromium():
    """Return Chromium as Playwright drives it; a test makes its own context with it."""
    needed(CHROMIUM, "BROWSER NOT TRIED: there is no chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGUMENTS)
        )
        yield browser
        browser.close()
