"""`study reproduce`: everything, the same to the byte, and honest about what cannot be made."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from places import STUDIES

import study
from study.reproduce import MANIFEST, reproduce

STAMP = "Composed for demonstration, not data."
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the tiny study after `reproduce`, with its report."""
    folder = shutil.copytree(STUDIES / "tiny", tmp_path_factory.mktemp("made") / "tiny")
    return folder, reproduce(folder)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def run_again(folder, **environment):
    """Reproduce in a process of its own, as on another day."""
    command = [sys.executable, "-m", "study", "reproduce", "-C", str(folder)]
    env = os.environ | environment
    subprocess.run(command, check=True, env=env, capture_output=True)


def test_a_second_run_is_the_same_to_the_byte(made):
    folder, _ = made
    before = contents(folder / "figures")
    run_again(folder, PYTHONHASHSEED="7", OMP_NUM_THREADS="1", TZ="Asia/Tokyo")
    assert contents(folder / "figures") == before


def test_what_cannot_be_made_is_said_and_the_rest_is_made(made):
    report = made[1]
    skipped = dict(report.skipped)
    assert set(skipped) == {"topics", "topics and codes", "figure cooccurrence", "figure keyness"}
    assert all(len(reason) > 20 for reason in skipped.values())
    names = {path.name for path in report.written}
    for name in ("participants", "codebook", "code-frequencies", "codings", "reliability"):
        assert f"{name}.csv" in names
    for kind in ("csv", "pdf", "svg", "png", "caption.md"):
        assert f"practice-map.{kind}" in names
    assert {"tables.xlsx", "index.html", MANIFEST} <= names


def test_the_manifest_names_every_input_output_version_and_seed(made):
    folder, report = made
    manifest = json.loads((folder / "figures" / MANIFEST).read_text())
    assert set(manifest["outputs"]) == {path.name for path in report.written} - {MANIFEST}
    assert "interviews/T1.txt" in manifest["inputs"]
    assert "codebooks/tiny/codings/ana/T1.csv" in manifest["inputs"]
    assert manifest["seed"] == 7
    assert {"numpy", "matplotlib", "bertopic"} <= set(manifest["versions"])


def test_check_says_which_file_differs_and_writes_nothing(made):
    folder, _ = made
    assert reproduce(folder, check=True).differences == ()
    path = folder / "figures" / "codings.csv"
    kept = path.read_bytes()
    path.write_bytes(kept + b"x")
    (folder / "figures" / "codebook.csv").rename(folder / "aside.csv")
    before = contents(folder / "figures")
    found = reproduce(folder, check=True).differences
    assert contents(folder / "figures") == before
    path.write_bytes(kept)
    (folder / "aside.csv").rename(folder / "figures" / "codebook.csv")
    assert [line.partition(":")[0] for line in found] == ["codebook.csv", "codings.csv"]


def words_of(path):
    """Return the text of a generated file, as far as it can be searched."""
    data = path.read_bytes()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return "".join(archive.read(name).decode() for name in archive.namelist())
    return data.decode("latin-1")


def test_everything_generated_says_that_it_is_composed(made):
    report = made[1]
    pages = [path for path in report.written if path.suffix in {".xlsx", ".html", ".md", ".json"}]
    assert pages
    for path in pages:
        assert STAMP in words_of(path), path.name


def test_the_note_is_gone_from_everything_once_the_data_are_collected(tiny):
    settings = tiny / "study.toml"
    settings.write_text(settings.read_text().replace('"composed"', '"collected"'))
    report = reproduce(tiny)
    for path in report.written:
        assert STAMP not in words_of(path), path.name
    assert report.note == ""


def test_a_withdrawn_participant_is_in_no_byte_of_what_is_made(tiny):
    people = tiny / "interviews/participants.csv"
    people.write_text(people.read_text().replace("T2,broker,coordinator", "Zq9,broker,xylograph"))
    people.write_text(people.read_text().replace("analyse only", "withdrawn"))
    assert study.check(tiny) == []
    report = reproduce(tiny)
    for path in report.written:
        text = words_of(path)
        assert not re.search(r"Zq9|xylograph|T2\.|council", text), path.name


def test_who_may_not_be_quoted_is_not_quoted_anywhere(made):
    for path in made[1].written:
        assert not re.search(r"council asked|two days each June", words_of(path)), path.name


def test_files_of_an_earlier_run_that_are_no_longer_made_go_away(tiny):
    reproduce(tiny)
    settings = tiny / "study.toml"
    settings.write_text(re.sub(r"practices = .*", "practices = []", settings.read_text()))
    (tiny / "figures" / "mine.txt").write_text("keep")
    report = reproduce(tiny)
    assert "map of current practice" in dict(report.skipped)
    assert not (tiny / "figures" / "practice-map.csv").exists()
    assert (tiny / "figures" / "mine.txt").exists()


def test_an_empty_study_makes_what_it_can(tmp_path):
    study.init(tmp_path / "new")
    report = reproduce(tmp_path / "new")
    assert {"participants", "codebook", "code frequencies", "topics"} <= set(dict(report.skipped))
    assert (tmp_path / "new" / "figures" / MANIFEST).exists()
