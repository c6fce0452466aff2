"""What the tests of the map page share: the pilot's page, made once and open in a browser."""

from __future__ import annotations

import mapped
import pytest
from places import ROOT, STUDIES

import study


@pytest.fixture(scope="session")
def pilot_project():
    """Return the pilot, loaded."""
    return study.load(ROOT)


@pytest.fixture(scope="session")
def tiny_project():
    """Return the tiny study, loaded where it lies."""
    return study.load(STUDIES / "tiny")


@pytest.fixture(scope="session")
def pilot_path(pilot_project, tmp_path_factory):
    """Return the page of the pilot."""
    path = tmp_path_factory.mktemp("map") / "map.html"
    path.write_text(mapped.html(pilot_project), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny_path(tiny_project, tmp_path_factory):
    """Return the page of the tiny study."""
    path = tmp_path_factory.mktemp("map") / "tiny map.html"
    path.write_text(mapped.html(tiny_project), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def pilot(chromium, pilot_path):
    """Return the pilot's page, open."""
    with mapped.Map(chromium, pilot_path) as page:
        yield page


@pytest.fixture
def tiny_page(chromium, tiny_path):
    """Return the tiny study's page, freshly opened."""
    with mapped.Map(chromium, tiny_path) as page:
        yield page
