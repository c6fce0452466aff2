"""Real files of other programs: each is taken in, or refused with a sentence that says why."""

from __future__ import annotations

import pytest
from places import SHARED

import study
from study import exchange, refi

SAMPLES = SHARED / "samples" / "refi"
FILES = sorted(SAMPLES.glob("*.qdpx")) + sorted(SAMPLES.glob("*.qdc"))

pytestmark = pytest.mark.skipif(
    not FILES, reason="REAL REFI-QDA FILES NOT TRIED: there is no samples/refi beside the project"
)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_file_becomes_a_study_that_loads(file, tmp_path):
    taken = exchange.take_in(tmp_path / "new", file)
    assert taken.done
    errors = [str(one) for one in study.check(tmp_path / "new") if one.severity == "error"]
    assert not errors
    project = study.load(tmp_path / "new")
    refi.write(project, tmp_path / "back.qdpx")
    again, problems = refi.read(tmp_path / "back.qdpx")
    assert again.codings == project.codings
    assert again.codebook == project.codebook
    assert not problems


def sample(name):
    return refi.receive(SAMPLES / name)


def quotes(found):
    return [found.source(one.selection.source).quote(one.selection) for one in found.codings]


@pytest.mark.parametrize(
    "name", ["made_lf_codepoint.qdpx", "made_lf_utf16.qdpx", "made_crlf_codepoint.qdpx"]
)
def test_the_same_passages_in_three_ways_of_counting(name):
    found = sample(name)
    assert quotes(found.project) == ["TARGET0", "TARGET1"]
    assert [turn.speaker for turn in found.project.sources[0].turns] == ["Interviewer", "A", "B"]
    told = any("positions count UTF-16 units" in one.message for one in found.problems)
    assert told == ("utf16" in name)


def test_the_large_file_has_all_its_passages():
    found = sample("made_1MB_5000.qdpx").project
    assert set(quotes(found)) == {"TARGET0", "TARGET1"}
    assert len(found.codings) == 5000
    assert len({one.selection for one in found.codings}) == 5000


def test_qc_s_codings_are_whole_lines_of_its_text():
    found = sample("qc_demo.qdpx").project
    assert len(found.codings) == 205
    text = found.source("board_2017").text
    first = found.codings[0].selection
    assert text[first.start - 1] == "\n"
    assert found.source("board_2017").quote(first).startswith("This district goal is engage every")
    assert len(found.codebook.codes) == 262


def test_nvivo_s_codes_come_though_its_texts_are_empty():
    found = sample("nvivo_cproctor.qdpx")
    assert len(found.project.codebook.codes) == 262
    assert not found.project.sources
    assert sum("holds no words" in one.message for one in found.problems) == 2
    qc = sample("qc_demo.qdpx").project
    assert {one.guid: one.name for one in found.project.codebook} == {
        one.guid: one.name for one in qc.codebook
    }


def test_maxqda_s_articles_are_paragraphs_of_nobody():
    found = sample("maxqda_paper_themes.qdpx").project
    assert len(found.sources) == 10
    assert {turn.speaker for one in found.sources for turn in one.turns} == {"Unknown speaker"}
    assert len(found.codebook.codes) == 307
    assert all(code.definition for code in found.codebook)


def test_atlas_ti_s_project_without_texts_gives_its_codes_and_says_what_is_missing():
    found = sample("skyloom_TestProject.qdpx")
    assert [code.name for code in found.project.codebook][4] == "Coke::full-fat Coke"
    assert found.project.codebook["coke-full-fat-coke"].colour == "#966450"
    said = "\n".join(one.message for one in found.problems)
    assert "'Simon.docx': is not in the archive" in said
    assert "cornflakes-n-milk.jpg': is a picture" in said
    assert any(one.startswith("Note 'Research Plan'") for one in found.remains)
    assert any(one.startswith("Set 'negative feelings': code rushed") for one in found.remains)


def test_atlas_ti_s_empty_projects():
    assert not sample("atlas_blank_ponte.qdpx").project.codebook.codes
    book = sample("atlas_target_ponte.qdpx").project.codebook
    assert [code.parent for code in book] == ["", "commits", "commits"]
