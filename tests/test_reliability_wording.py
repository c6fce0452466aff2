"""The sentences for a method section."""

from __future__ import annotations

import pandas as pd
import pytest
from places import ROOT
from test_reliability import TWO, composed, row, units

import study
from study import reliability, tables
from study.errors import NotPossibleError

ALPHA = "Krippendorff's alpha"


def test_sentence_holds_the_numbers_of_the_tables():
    study = composed(sources=12, coders="abc", codes=4)
    study.attrs["unit"] = "turn"
    text = reliability.sentence(study)
    assert text.startswith("Three coders independently coded 240 turns of 12 transcripts.")
    pooled = row(reliability.overall(study), ALPHA)
    assert f"over all codes was {pooled['value']:.2f} (95% interval {pooled['low']:.2f}" in text
    value = reliability.by_code(study, coefficients=[ALPHA])["value"]
    assert "For the 4 codes applied often enough" in text
    assert f"from {value.min():.2f} to {value.max():.2f}" in text
    assert "too rare" not in text


def test_rare_and_unused_codes_are_told_apart_from_the_others():
    study = composed(sources=12, codes=2)
    unused = study[study["code"] == "branch.code0"].assign(code="branch.never", value=0)
    text = reliability.sentence(pd.concat([study, unused]))
    assert text.endswith("1 of 3 codes were too rare, or unused, to be judged one by one.")
    few = reliability.sentence(units(TWO))
    assert few.endswith("1 of 1 codes were too rare, or unused, to be judged one by one.")


def test_consensus_is_no_coder_and_one_coder_is_not_enough():
    agreed = {"consensus": {"risk.fad": "110000"}}
    study = units({"P01": TWO["P01"] | agreed, "P02": TWO["P02"]})
    assert reliability.sentence(study) == reliability.sentence(units(TWO))
    with pytest.raises(NotPossibleError, match="two coders"):
        reliability.sentence(units({"P01": {"ana": {"risk.fad": "01"}, **agreed}}))


def test_an_undefined_value_gives_its_reason():
    none = {coder: {"risk.fad": "000"} for coder in ("ana", "ben")}
    text = reliability.sentence(units({"P01": none, "P02": none}))
    assert "is undefined: nobody used the code." in text


@pytest.mark.parametrize(
    ("unit", "coded"),
    [
        ("sentence", "7 sentences of 2 transcripts"),
        ("source", "2 transcripts"),
        ("character", "700 characters of 2 transcripts"),
    ],
)
def test_the_unit_is_named(unit, coded):
    study = units({"P01": TWO["P01"], "P02": {c: {"risk.fad": "1"} for c in ("ana", "ben")}}, unit)
    if unit == "character":
        place = study["unit"].str.rpartition(":")[2].astype(int) * 100
        study = study.assign(start=place, end=place + 100, length=100)
        study.attrs["unit"] = unit
    text = reliability.sentence(study)
    assert text.startswith(f"Two coders independently coded {coded}. Krippendorff's alpha")


def test_the_sentence_in_the_docs_is_the_pilots():
    project = study.load(ROOT)
    units, codes = tables.units(project), tables.codebook(project)
    text = reliability.sentence(units, codes, seed=project.settings.seed)
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    quoted = [line.removeprefix("> ") for line in page.split("\n") if line.startswith("> ")]
    assert " ".join(quoted) == text
