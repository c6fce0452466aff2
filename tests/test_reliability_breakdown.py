"""Reliability by parts of a study, and the passages that coders should talk about."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from test_reliability import CODEBOOK, TWO, composed, units

from study import reliability
from study.errors import NotPossibleError
from study.reliability import Texts

ALPHA = "Krippendorff's alpha"
THREE = composed(coders="abc", codes=4)


def plain(table, *without):
    return table.drop(columns=list(without)).reset_index(drop=True)


def test_a_branch_is_any_of_its_codes():
    """Ana and ben choose different codes of one branch: at odds on codes, at one on the branch."""
    decided = {
        "ana": {"risk.fad": "1010", "risk.loss": "0100", "driver.skills": "1000"},
        "ben": {"risk.fad": "0100", "risk.loss": "1010", "driver.skills": "0001"},
    }
    study = units({"P01": decided, "P02": decided})
    table = reliability.by_branch(study, CODEBOOK, coefficients=[ALPHA, "percent agreement"])
    assert tuple(table.columns) == reliability.COLUMNS
    found = table.set_index(["branch", "coefficient"])["value"]
    assert found["risk", ALPHA] == 1
    assert found["driver", "percent agreement"] == 0.5
    assert set(table["code"]) == {""}
    assert set(table["n"]) == {8}


def test_a_branch_of_one_code_is_that_code():
    one = composed(codes=1)
    both = [reliability.by_code(one), reliability.by_branch(one)]
    ours, theirs = (plain(table, "code", "name", "branch") for table in both)
    pd.testing.assert_frame_equal(theirs, ours)


def test_each_transcript_is_the_study_of_that_transcript():
    table = reliability.by_source(THREE, coefficients=[ALPHA])
    assert table.columns[0] == "transcript"
    assert table["transcript"].tolist() == sorted(THREE["source"].unique())
    part = THREE[THREE["source"] == "P03"]
    alone = reliability.overall(part, coefficients=[ALPHA])
    ours = plain(table[table["transcript"] == "P03"], "transcript")
    pd.testing.assert_frame_equal(ours, alone)
    assert set(table["reason"]) == {"no interval: only one transcript, at least 5 are needed"}


def test_each_pair_is_the_study_of_those_two():
    table = reliability.by_pair(THREE, resamples=50)
    assert list(dict.fromkeys(table["pair"])) == ["a, b", "a, c", "b, c"]
    alone = reliability.by_code(THREE, coders=["a", "c"], resamples=50)
    ours = plain(table[table["pair"] == "a, c"], "pair")
    pd.testing.assert_frame_equal(ours, alone)


def test_a_single_coder_makes_no_pair():
    table = reliability.by_pair(units({"P01": {"ana": {"risk.fad": "01"}}}))
    assert table.empty
    assert tuple(table.columns) == ("pair", *reliability.COLUMNS)


def test_halves_by_when_transcripts_were_coded():
    when = {f"P{n:02}": dt.date(2021, 1, 20 - n) for n in range(8)}  # the last was coded first
    table = reliability.by_time(THREE, when, resamples=50)
    assert list(dict.fromkeys(table["period"])) == ["first half", "second half"]
    first = THREE[THREE["source"].isin(["P04", "P05", "P06", "P07"])]
    ours = table[table["period"] == "first half"]
    pooled, single = ours[ours["code"] == ""], ours[ours["code"] != ""]
    pd.testing.assert_frame_equal(plain(pooled, "period"), reliability.overall(first, resamples=50))
    pd.testing.assert_frame_equal(plain(single, "period"), reliability.by_code(first, resamples=50))
    with pytest.raises(NotPossibleError, match="at least two transcripts"):
        reliability.by_time(THREE, {"P01": dt.date(2021, 1, 1)})


def test_a_transcript_was_coded_when_half_of_its_codings_were():
    days = [dt.datetime(2021, 1, day, tzinfo=dt.UTC) for day in (1, 2, 9, 5)]
    made = pd.DataFrame(
        {
            "source": ["P01", "P01", "P01", "P02"],
            "start": 0,
            "end": 5,
            "code": "x",
            "coder": ["ana", "ben", "ana", "consensus"],
            "created": days,
        }
    )
    coded = Texts(made, {"P01": 9, "P02": 9}, {"ana": {"P01"}, "ben": {"P01"}})
    assert reliability.coded_when(coded) == {"P01": days[1]}


# -- disagreements --------------------------------------------------------------------------------

DISPUTED = {
    "P01": {
        "ana": {"risk.fad": "1100", "risk.loss": "1000"},
        "ben": {"risk.fad": "0100", "risk.loss": "0000"},
        "cai": {"risk.fad": "0101", "risk.loss": "1000"},
    },
}


def placed(table):
    number = table["unit"].str.rpartition(":")[2].astype(int)
    return table.assign(start=number * 100, end=number * 100 + 90)


TURNS = pd.DataFrame(
    {
        "source": "P01",
        "line": [1, 3, 5, 7],
        "start": [0, 100, 200, 300],
        "end": [90, 190, 290, 390],
        "quotable": [True, True, True, False],
        "text": ["I fear a fad.", "Yes.", "No.", "Do not quote me."],
    }
)


def test_passages_in_dispute_worst_first_with_who_said_what():
    table = reliability.disagreements(placed(units(DISPUTED)), TURNS, CODEBOOK)
    assert table["unit"].tolist() == ["P01:0", "P01:0", "P01:3"]
    assert table["disputed"].tolist() == [2, 2, 1]
    first = table.set_index(["unit", "code"]).loc[("P01:0", "risk.fad")]
    assert (first["applied"], first["not_applied"]) == ("ana", "ben, cai")
    assert (first["line"], first["text"], first["name"]) == (1, "I fear a fad.", "Fad")
    assert table["before"].tolist() == ["", "", "No."]
    assert first["split"] == pytest.approx(2 / 3)
    assert table["alpha"].iloc[0] < table["alpha"].iloc[1]


def test_words_of_who_may_not_be_quoted_are_not_shown():
    table = reliability.disagreements(placed(units(DISPUTED)), TURNS)
    assert table.loc[table["unit"] == "P01:3", "text"].tolist() == [""]
    assert table.loc[table["unit"] == "P01:3", "line"].tolist() == [7]
    kept = TURNS.assign(quotable=[True, True, False, True])
    table = reliability.disagreements(placed(units(DISPUTED)), kept)
    assert table.loc[table["unit"] == "P01:3", ["before", "text"]].values.tolist() == (
        [["", "Do not quote me."]]
    )


def test_of_a_sentence_its_own_words_are_shown():
    """The third turn says "No.", from 200; the unit is its second half."""
    study = placed(units(DISPUTED)).assign(start=201, end=203)
    table = reliability.disagreements(study[study["unit"] == "P01:3"], TURNS)
    assert table[["line", "before", "text"]].values.tolist() == [[5, "Yes.", "o."]]


def test_places_are_missing_where_nobody_told_them():
    table = reliability.disagreements(units(DISPUTED))
    assert table[["line", "start", "end"]].isna().all(axis=None)
    assert set(table["text"]) == {""}
    alone = reliability.disagreements(units(DISPUTED), coders=["ana", "cai"])
    assert alone["unit"].tolist() == ["P01:0", "P01:3"]
    assert set(alone["split"]) == {1}


def test_nothing_in_dispute_is_an_empty_table():
    same = {coder: {"risk.fad": "01"} for coder in ("ana", "ben")}
    for table in (
        reliability.disagreements(placed(units({"P01": same})), TURNS),
        reliability.disagreements(units({})),
    ):
        assert table.empty
    assert "applied" in table.columns


def test_categorical_columns_make_no_difference():
    study = placed(units(DISPUTED))
    labels = dict.fromkeys(["unit", "source", "code", "coder"], "category")
    pd.testing.assert_frame_equal(
        reliability.disagreements(study.astype(labels), TURNS, CODEBOOK),
        reliability.disagreements(study, TURNS, CODEBOOK),
    )


def test_what_consensus_changed():
    agreed = {"consensus": {"risk.fad": "100000"}}
    study = units({"P01": TWO["P01"] | agreed})
    table = reliability.changed_by_consensus(study, CODEBOOK)
    (only,) = table.to_dict("records")
    assert (only["unit"], only["coder"], only["name"]) == ("P01:1", "ana", "Fad")
    assert (only["coder_applied"], only["consensus_applied"]) == (1, 0)
    assert np.isnan(only["line"])
    placed_table = reliability.changed_by_consensus(placed(study), CODEBOOK, turns=TURNS)
    assert placed_table[["line", "text"]].values.tolist() == [[3, "Yes."]]
    assert reliability.changed_by_consensus(units(TWO)).empty
    assert np.isin(["unit", "code", "coder"], table.columns).all()


# -- units that count for several -----------------------------------------------------------------


def test_a_stretch_counts_as_all_its_characters():
    """Whatever is computed from stretches is what it would be from their characters."""
    rng = np.random.default_rng(4)
    stretches = composed(sources=5, turns=6, codes=3, coders="abc", prevalence=0.4)
    number = stretches["unit"].str.removeprefix("u").astype(int)
    length = rng.integers(1, 9, size=30)
    start = np.concatenate([[0], length.cumsum()])[number]
    stretches = stretches.assign(start=start, length=length[number])
    each = stretches.loc[stretches.index.repeat(stretches["length"])]
    within = each.groupby(level=0).cumcount().astype(str)
    characters = each.assign(unit=each["unit"] + "." + within).drop(columns=["start", "length"])
    when = {f"P0{n}": n for n in range(5)}
    for measure in (
        reliability.by_code,
        reliability.overall,
        reliability.by_branch,
        reliability.by_pair,
        reliability.by_source,
        lambda units: reliability.by_time(units, when, resamples=20),
        reliability.of_sets,
    ):
        shuffled = stretches.sample(frac=1, random_state=1)
        both = measure(shuffled), measure(characters.reset_index(drop=True))
        labels = [*both[0].columns[:1], "code", "branch", "coefficient"]
        ours, theirs = (each.sort_values(list(dict.fromkeys(labels))) for each in both)
        numbers = ["value", "low", "high", "n", "coders", "prevalence"]
        np.testing.assert_allclose(
            ours[numbers].astype(float), theirs[numbers].astype(float), atol=1e-12
        )


def test_stretches_next_to_each_other_are_one_passage():
    """Ten stretches, cut by another code, are two passages; so the code is rare."""
    applied = {c: {"risk.fad": "1111100000", "risk.loss": "1010101010"} for c in ("ana", "ben")}
    study = units({f"P{n}": applied for n in range(3)}, "character")
    number = study["unit"].str.rpartition(":")[2].astype(int)
    study = study.assign(start=number * 5, length=5)
    warning = reliability.by_code(study).set_index("code")["warning"]
    assert set(warning["risk.fad"]) == {
        "rare: 3 passages in 3 transcripts; one decision changes much"
    }
    assert set(warning["risk.loss"]) == {""}
    broken = study.assign(start=number * 5 + (number > 2) * 10)
    warning = reliability.by_code(broken).set_index("code")["warning"]
    assert set(warning["risk.fad"]) == {
        "rare: 6 passages in 3 transcripts; one decision changes much"
    }
