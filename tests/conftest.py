"""What all tests share: miniature studies copied to a place where they may be changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from places import SHARED, STUDIES

import study

# A shared machine may stall for seconds: no example fails for being slow.
settings.register_profile(
    "study", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("study")


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
    if not SHARED.is_dir():
        pytest.skip(f"REAL SAMPLES NOT TRIED: there is no {SHARED.name}/ beside the project")
    return SHARED
