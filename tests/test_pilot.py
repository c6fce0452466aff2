"""The pilot's own data: what the README promises of it."""

from __future__ import annotations

import shutil

import pytest
from places import ROOT

import study
from study import propositions, tables, text

STAMP = "Composed for demonstration, not data"


@pytest.fixture(scope="module")
def pilot():
    return study.load(ROOT)


def test_nothing_is_wrong_with_it():
    assert study.check(ROOT) == []


def test_twelve_interviews_of_the_promised_length_say_that_they_are_composed(pilot):
    assert len(pilot.sources) == 12
    for source in pilot.sources:
        words = sum(len(text.words(source.quote(turn.selection))) for turn in source.turns)
        assert 1500 <= words <= 2500, (source.name, words)
        assert source.text.startswith(f"[{STAMP}")
        assert {turn.role for turn in source.turns} == {"interviewer", "participant"}


def test_two_coders_went_through_all_of_it_and_settled_it(pilot):
    assert set(pilot.assigned) == {"ruth", "imani", "consensus"}
    for coder, taken in pilot.assigned.items():
        assert len(taken) == 12
        made = [coding for coding in pilot.codings if coding.coder == coder]
        assert len(made) >= 300
        assert all(coding.stance for coding in made)


def test_every_proposition_is_supported_by_some_and_contradicted_by_others(pilot):
    table = propositions.table(pilot)
    people = table.groupby(["proposition", "verdict"])["participants"].sum()
    assert len(pilot.propositions) == 16
    for claim in pilot.propositions:
        assert people[claim.id, "supports"] >= 1
        assert people[claim.id, "contradicts"] >= 1


def test_both_senses_of_partnership_are_heard_in_every_interview(pilot):
    made = tables.codings(pilot)
    for branch in pilot.settings.practices:
        heard = set(made.loc[made["code"].str.startswith(branch + "."), "participant"])
        assert len(heard) == 12, branch


@pytest.mark.slow
def test_the_received_files_become_the_canonical_transcripts(tmp_path):
    folder = tmp_path / "pilot"
    for name in ("interviews", "codebooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "study.toml", folder)
    received = sorted((folder / "interviews/received").iterdir())
    results = study.import_transcripts(folder, received, pseudonymise=True, jobs=2)
    assert [result.outcome for result in results] == ["unchanged"] * 12
    formats = {path.suffix for path in received}
    assert formats == {".docx", ".vtt", ".srt", ".txt", ".odt", ".rtf", ".pdf", ".xlsx"}
