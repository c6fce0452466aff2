"""What import must never do to a study's lists."""

from __future__ import annotations

import unicodedata

import pytest

import study
from study.errors import InvalidStudyError, NotPossibleError

TALK = "Interviewer: Who are you?\n\nJo: A broker.\n"


@pytest.fixture
def fresh(tmp_path):
    study.init(tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture
def call(tmp_path):
    path = tmp_path / "call.txt"
    path.write_text(TALK, encoding="utf-8")
    return path


def test_a_participant_who_was_entered_first_keeps_the_row_and_consent(fresh, call):
    people = fresh / "interviews/participants.csv"
    people.write_text(people.read_text() + "P07,broker,manager,2021-09-01,quote,\n")
    study.import_transcripts(fresh, [call], name="P07")
    assert study.check(fresh) == []
    (case,) = study.load(fresh).cases
    assert (case.name, case.source, case.consent) == ("P07", "P07", "quote")


@pytest.mark.parametrize("spoilt", ["participants.csv", "imports.csv"])
def test_a_list_that_cannot_be_read_stops_the_import_before_it_begins(fresh, call, spoilt):
    study.import_transcripts(fresh, [call], name="P01")
    path = fresh / "interviews" / spoilt
    path.write_bytes(path.read_bytes() + b"P02,caf\xe9\n")
    before = {one: one.read_bytes() for one in fresh.rglob("*") if one.is_file()}
    with pytest.raises(InvalidStudyError, match="is not UTF-8"):
        study.import_transcripts(fresh, [call], name="P02")
    assert {one: one.read_bytes() for one in fresh.rglob("*") if one.is_file()} == before


@pytest.mark.parametrize("name", ["../../evil", "a b/c", ".x", "nul"])
def test_a_name_that_leaves_the_study_is_refused(fresh, call, name):
    before = sorted(fresh.parent.rglob("*"))
    with pytest.raises(NotPossibleError, match="must be letters"):
        study.import_transcripts(fresh, [call], name=name)
    assert sorted(fresh.parent.rglob("*")) == before


def test_an_accent_written_apart_does_not_tear_a_name(fresh, call):
    path = call.rename(call.with_name(unicodedata.normalize("NFD", "Renée.txt")))
    (result,) = study.import_transcripts(fresh, [path])
    assert result.name == "Renée"


def test_two_received_files_of_one_name_are_both_kept(fresh, call):
    other = call.parent / "other" / "call.txt"
    other.parent.mkdir()
    other.write_text(TALK.replace("broker", "teacher"), encoding="utf-8")
    study.import_transcripts(fresh, [call], name="P01")
    study.import_transcripts(fresh, [other], name="P02")
    kept = {one.read_text() for one in (fresh / "interviews/received").glob("*.txt")}
    assert kept == {call.read_text(), other.read_text()}


def test_a_dry_run_sees_two_files_that_want_one_name(fresh, call):
    other = call.parent / "other" / "call.txt"
    other.parent.mkdir()
    other.write_text(TALK.replace("broker", "teacher"), encoding="utf-8")
    dry = study.import_transcripts(fresh, [call, other], dry_run=True)
    assert [one.failed for one in dry] == [False, True]
    wet = study.import_transcripts(fresh, [call, other])
    assert [one.failed for one in wet] == [False, True]


def test_several_processes_read_the_same(fresh, call, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(6):
        (inbox / f"c{number}.txt").write_text(TALK.replace("broker", f"broker {number}"))
    (inbox / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    results = study.import_transcripts(fresh, [inbox], jobs=2)
    assert [one.name for one in results if one.failed] == ["bad"]
    assert len(study.load(fresh).sources) == 6


def test_codes_that_became_one_leave_one_coding(tiny):
    book = tiny / "codebooks/tiny/codebook.yaml"
    text = book.read_text()
    start = text.index("  - code: assessed")
    end = text.index("  - code: making")
    merged = text[:start] + text[end:]
    merged = merged.replace(
        "definition: What a speaker", "formerly: [idea.assessed]\n    definition: What a speaker"
    )
    passage = "It is a short course with a test at the end."
    study.add(tiny, "T1", "meaning", coder="ana", quote=passage)
    book.write_text(merged)
    assert study.check(tiny) == []
    project = study.load(tiny)
    ana = [one for one in project.codings if one.coder == "ana" and one.selection.source == "T1"]
    assert sorted(one.code for one in ana) == ["idea.meaning", "idea.meaning", "making.co-design"]


def test_a_renamed_code_keeps_propositions_and_settings_working(tiny):
    book = tiny / "codebooks/tiny/codebook.yaml"
    text = book.read_text().replace("- code: making\n", "- code: building\n")
    text = text.replace("parent: making", "parent: building")
    text = text.replace("formerly: [making.designing]", "formerly: [making.co-design]")
    text = text.replace("definition: Industry as partner in development.", "formerly: [making]")
    book.write_text(text)
    assert study.check(tiny) == []
    project = study.load(tiny)
    assert project.settings.practices == ("building", "learning")
    assert project.propositions[1].supports[0].code == "building"
    assert "building.co-design" in {coding.code for coding in project.codings}


def test_a_manifest_that_names_other_folders_deletes_nothing_there(tiny):
    from study.reproduce import _outputs

    figures = tiny / "figures"
    figures.mkdir(exist_ok=True)
    (figures / "manifest.json").write_text('{"outputs": {"../study.toml": "", "a.csv": ""}}')
    assert set(_outputs(figures)) == {"a.csv"}
    (figures / "manifest.json").write_text('{"outputs": ["../study.toml"]}')
    assert _outputs(figures) == {}
