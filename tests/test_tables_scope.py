"""What nobody has read is in no denominator; machines are no people; talk is defined once."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pandas as pd
import pytest

import study
from study import propositions, reliability, tables, words
from study.errors import NotPossibleError
from study.model import DERIVED, Selection, Turn, under
from study.topics.units import of_turns


@pytest.fixture
def partly(tiny):
    """Return the tiny study of which the reporting coder has taken on T1 and T3 only."""
    (tiny / "codebooks/tiny/codings/consensus/T2.csv").unlink()
    return study.load(tiny)


def machine(folder, name, like="ana"):
    """Add a machine that coded what a person coded."""
    codings = folder / "codebooks/tiny/codings"
    shutil.copytree(codings / like, codings / name)
    for path in (codings / name).iterdir():
        text = path.read_text(encoding="utf-8").replace(f",{like},", f",{name},")
        path.write_text(text, encoding="utf-8")


def silence(folder, *coders):
    for coder in coders:
        shutil.rmtree(folder / "codebooks/tiny/codings" / coder)


# -- scope -----------------------------------------------------------------------------------------


def test_scope_keeps_what_the_reporting_coder_has_taken_on(partly):
    scoped = tables.scope(partly)
    assert [source.name for source in scoped.sources] == ["T1", "T3"]
    assert [case.name for case in scoped.cases] == ["T1", "T3"]
    assert {coding.selection.source for coding in scoped.codings} == {"T1", "T3"}
    assert scoped.assigned["ana"] == {"T1", "T3"}
    assert tables.scope(scoped) == scoped
    assert len(tables.scope(partly, ["ana"]).sources) == 3
    assert tables.scope(partly, ["ana", "consensus"]) == tables.scope(partly, ["ana"])


def test_a_transcript_that_was_read_without_result_stays(tiny):
    path = tiny / "codebooks/tiny/codings/consensus/T2.csv"
    path.write_text(path.read_text().split("\n")[0] + "\n")
    assert len(tables.scope(study.load(tiny)).sources) == 3


def test_uncoded_transcripts_are_in_no_denominator(partly):
    counted = tables.frequencies(partly)
    assert dict(zip(counted["group"], counted["of_participants"], strict=True)) == {
        "broker": 1,
        "employer": 1,
    }
    assert set(tables.spectrum(partly)["participant"]) == {"T1", "T3"}
    evidence = propositions.table(partly)
    assert set(evidence["of_participants"]) == {1}


def test_a_group_that_nobody_has_read_has_no_zeros(tiny):
    (tiny / "codebooks/tiny/codings/consensus/T3.csv").unlink()
    project = study.load(tiny)
    assert set(tables.frequencies(project)["group"]) == {"broker"}
    assert set(propositions.table(project)["group"]) == {"broker"}


def test_the_denominator_goes_with_the_coder_who_is_counted(partly):
    made = tables.codings(partly, "ana")
    counted = tables.frequencies(partly, made)
    assert counted.loc[counted["group"] == "broker", "of_participants"].unique() == [2]
    assert "T2" in set(tables.spectrum(partly, made)["participant"])


# -- machines --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DERIVED)
def test_machines_are_no_independent_coders(tiny, name):
    silence(tiny, "consensus")
    machine(tiny, name)
    project = study.load(tiny)
    units, stances = tables.units(project), tables.stances(project)
    assert set(units["coder"]) == {"ana", "ben"}
    assert set(stances["coder"]) <= {"ana", "ben"}
    every = tables.units(project, coders=["ana", name])
    assert set(every["coder"]) == {"ana", name}
    alone = reliability.overall(every, resamples=10)
    assert alone["reason"].str.contains("only one coder: ana").all()


def test_a_machine_never_stands_in_for_the_reporting_coder(tiny):
    silence(tiny, "consensus", "ana")
    machine(tiny, "rules", like="ben")
    assert tables.reporting_coder(study.load(tiny)) == "ben", "not the first by name and machine"
    silence(tiny, "ben")
    project = study.load(tiny)
    assert tables.reporting_coder(project) == ""
    assert tables.codings(project).empty
    asked = replace(project, settings=replace(project.settings, report_coder="rules"))
    assert tables.reporting_coder(asked) == "rules"


# -- talk ------------------------------------------------------------------------------------------


def with_roles(project, name, roles):
    """Give the turns of one source these roles."""
    source = project.source(name)
    turns: tuple[Turn, ...] = tuple(
        replace(turn, role=role) for turn, role in zip(source.turns, roles, strict=True)
    )
    changed = replace(source, turns=turns)
    return replace(
        project, sources=tuple(changed if one.name == name else one for one in project.sources)
    )


def test_unknown_speakers_are_heard_only_where_nobody_is_marked_as_participant(project):
    roles = ["interviewer", "unknown", "interviewer", "unknown"]
    nobody = with_roles(project, "T1", roles)
    mixed = with_roles(project, "T1", [*roles[:3], "participant"])
    for changed, lines in ((nobody, [5, 9]), (mixed, [9])):
        turns = tables.turns(changed)
        heard = turns[turns["heard"]]
        assert list(heard.loc[heard["source"] == "T1", "line"]) == lines
        own = tables.cases(changed).set_index("participant")["words"].to_dict()
        assert own == heard.groupby("participant")["words"].sum().to_dict()
        assert words.heard(turns).equals(heard.sort_values(["source", "start"]))
        assert {(unit.source, unit.line) for unit in of_turns(turns)[0]} <= {
            (row.source, row.line) for row in heard.itertuples()
        }
        units = tables.units(changed)
        assert set(units["unit"]) == {f"{row.source}:{row.start}" for row in heard.itertuples()}


def test_only_who_consented_is_quotable(project):
    turns = tables.turns(project).groupby("participant")["quotable"].unique()
    assert {who: list(values) for who, values in turns.items()} == {
        "T1": [True],
        "T2": [False],
        "T3": [True],
    }
    nobody = replace(project, cases=())
    assert not tables.turns(nobody)["quotable"].any(), "no row in participants.csv, no consent"


def test_stand_ins_are_not_counted_as_words(tiny):
    path = tiny / "interviews/T3.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("My own staff.", "My own staff at [University A]."))
    turns = tables.turns(study.project.read(tiny)[0])
    assert list(turns.loc[turns["source"] == "T3", "words"])[-1] == 3 + 1 + 9


# -- units -----------------------------------------------------------------------------------------


def test_units_are_categories_and_the_same_as_counted_one_by_one(project):
    units = tables.units(project)
    texts = "unit source participant group code coder".split()
    assert all(isinstance(units[name].dtype, pd.CategoricalDtype) for name in texts)
    expected = [
        (
            f"{source.name}:{turn.selection.start}",
            code.path,
            coder,
            int(
                any(
                    coding.coder == coder
                    and coding.code == code.path
                    and coding.selection.overlaps(turn.selection)
                    for coding in project.codings
                )
            ),
        )
        for source in project.sources
        for coder in ("ana", "ben")
        for turn in source.turns
        if turn.role == "participant"
        for code in project.codebook
    ]
    found = units[["unit", "code", "coder", "value"]].astype({"value": int})
    assert list(found.itertuples(index=False, name=None)) == expected


def test_sentences_of_participants_are_units_that_a_passage_touches(project):
    units = tables.units(project, "sentence")
    assert units.attrs["unit"] == "sentence"
    assert "length" not in units
    places = units[["source", "start", "end"]].drop_duplicates().itertuples(index=False, name=None)
    said = {
        project.source(source).text[start:end]: Selection(source, start, end)
        for source, start, end in places
    }
    assert "Nobody here agrees on that." in said
    assert not any("?" in words and words.startswith("What") for words in said)
    for (source, start, code, coder), value in decided(units).items():
        end = units.loc[(units["source"] == source) & (units["start"] == start), "end"].iloc[0]
        assert value == touched(project, Selection(source, start, end), code, coder)


def test_characters_are_counted_by_stretches_on_which_nothing_changes(project):
    """Every character of every heard turn, one by one, says what its stretch says."""
    units = tables.units(project, "character")
    assert units.attrs["unit"] == "character"
    values, size = {}, 0
    for row in units.itertuples():
        assert row.length == row.end - row.start
        size += row.length
        for at in range(row.start, row.end):
            values[row.source, at, row.code, row.coder] = row.value
    assert len(values) == size
    heard = [turn.selection for source in project.sources for turn in source.heard]
    assert size == sum(one.end - one.start for one in heard) * 2 * len(list(project.codebook))
    assert len(units) < size / 5
    for (source, at, code, coder), value in values.items():
        assert value == touched(project, Selection(source, at, at + 1), code, coder)


def test_agreement_on_characters_is_the_same_from_stretches_and_from_boundaries(project):
    names = ["percent agreement", "Cohen's kappa", "Krippendorff's alpha", "Gwet's AC1"]
    codes = tables.codebook(project)
    stretches = reliability.by_code(tables.units(project, "character"), codes, coefficients=names)
    spans = reliability.unitizing(reliability.Texts.of(project), codes, coefficients=names)
    pd.testing.assert_frame_equal(stretches, spans)


def decided(units):
    rows = units[["source", "start", "code", "coder", "value"]].itertuples(index=False, name=None)
    return {tuple(key): value for *key, value in rows}


def touched(project, place, code, coder):
    return any(
        made.coder == coder and made.code == code and made.selection.overlaps(place)
        for made in project.codings
    )


def test_stances_stand_on_the_units_that_the_passage_touches(project):
    units, stances = tables.units(project), tables.stances(project)
    assert len(stances)
    hits = units[units["value"] == 1]
    keys = set(hits[["unit", "code", "coder"]].itertuples(index=False, name=None))
    assert set(stances[["unit", "code", "coder"]].itertuples(index=False, name=None)) <= keys
    # A passage wholly in a question is on no participant's turn.
    question = project.source("T1").turns[0].selection
    odd = tuple(replace(coding, selection=question) for coding in project.codings)
    assert tables.stances(replace(project, codings=odd)).empty


def test_only_transcripts_that_two_have_taken_on_are_shared(tiny):
    (tiny / "codebooks/tiny/codings/ben/T3.csv").unlink()
    shared = reliability.shared(tables.units(study.load(tiny)))
    assert set(shared["source"]) == {"T1", "T2"}
    assert shared.attrs["unit"] == "turn"


# -- practices -------------------------------------------------------------------------------------


def test_under_means_the_code_itself_or_below():
    assert under("a.b", "a")
    assert under("a", "a")
    assert not under("ab", "a")


def test_practices_are_those_below_any_path_in_the_order_of_the_settings(project):
    settings = replace(project.settings, practices=("learning", "making.co-design"))
    counted = tables.frequencies(project)
    found = tables.practices(replace(project, settings=settings), counted)
    assert list(dict.fromkeys(found["code"])) == ["learning.staff", "making.co-design"]
    assert list(found.columns) == list(counted.columns)


def test_the_codebook_without_branches(project):
    assert list(tables.codebook(project, leaves=True)["code"]) == [
        "idea.meaning",
        "idea.assessed",
        "making.co-design",
        "learning.staff",
    ]


def test_an_unknown_coder_is_said(project):
    with pytest.raises(NotPossibleError, match="there are: ana, ben, consensus"):
        tables.codings(project, "rules")
