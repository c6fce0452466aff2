"""The main job on interviews that nobody here wrote; they stay where they are."""

from __future__ import annotations

import pytest

import study
from study.reproduce import reproduce

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sheffield(tmp_path_factory, shared):
    """Return a study begun from ten interviews of academics, received as .docx."""
    folder = tmp_path_factory.mktemp("real") / "sheffield"
    study.init(folder)
    received = [
        path
        for path in sorted((shared / "samples" / "sheffield").glob("*.docx"))
        if not path.name.startswith("Readme")
    ]
    results = list(study.import_transcripts(folder, received))
    assert [result.outcome for result in results if result.failed] == []
    return folder


def test_every_interview_has_a_researcher_and_one_participant(sheffield):
    project = study.load(sheffield)
    assert len(project.sources) == 10
    for source in project.sources:
        speakers = {turn.role: turn.speaker for turn in source.turns}
        assert speakers == {"interviewer": "Researcher 1", "participant": source.name}
        assert len(source.turns) > 50


def test_nothing_is_wrong_and_nobody_is_quoted_yet(sheffield):
    assert study.check(sheffield) == []
    assert {case.consent for case in study.load(sheffield).cases} == {"analyse only"}


def test_without_codings_it_makes_the_rest_and_says_what_is_missing(sheffield):
    report = reproduce(sheffield)
    skipped = dict(report.skipped)
    assert "no codings yet" in skipped["code frequencies"]
    assert "map of current practice" in skipped
    names = {path.name for path in report.written}
    assert {"participants.csv", "topics.csv", "topics.svg", "collocations.csv"} <= names
    assert report.note == ""
    topics = (report.folder / "topics.csv").read_text(encoding="utf-8")
    assert topics.count("\n") >= 4
    said = study.load(sheffield).source("Ana").turns[5].selection
    words = study.load(sheffield).source("Ana").quote(said)
    for path in report.written:
        if path.suffix in {".csv", ".html"}:
            assert words not in path.read_text(encoding="utf-8"), path.name
