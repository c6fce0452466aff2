"""What other programs report: worked examples of their makers, and their formulas by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score
from test_reliability_passages import texts

from study import reliability
from study.errors import NotPossibleError

# NVivo's help: 1,000 characters, 50 coded by both, 150 by one of the two, 800 by neither: 85 %.
EXAMPLE = texts({"ana": [("t", "x", 0, 150)], "ben": [("t", "x", 100, 200)]}, {"t": 1000})
CODES = pd.DataFrame({"code": ["x", "y"], "name": ["X", "Y"], "branch": ["b", "b"]})


def value(table, coefficient, code="x"):
    chosen = table[(table["coefficient"] == coefficient) & (table["code"] == code)]
    (found,) = chosen["value"]
    return found


def test_nvivos_own_example():
    table = reliability.compat(EXAMPLE, "nvivo")
    assert tuple(table.columns) == reliability.COLUMNS
    assert value(table, "percent agreement (NVivo)") == pytest.approx(0.85)
    marks = np.zeros((2, 1000))
    marks[0, :150] = marks[1, 100:200] = 1
    assert value(table, "kappa (NVivo)") == pytest.approx(cohen_kappa_score(*marks))
    by_chance = 150 * 100 / 1000 + 850 * 900 / 1000  # the help's "expected frequency"
    assert value(table, "kappa (NVivo)") == pytest.approx((850 - by_chance) / (1000 - by_chance))


def test_nvivo_calls_complete_agreement_1_and_takes_the_mean_over_files():
    found = {"ana": [("t", "x", 0, 150)], "ben": [("t", "x", 100, 200)]}
    table = reliability.compat(texts(found, {"t": 1000, "u": 50}), "nvivo", CODES)
    one = value(reliability.compat(EXAMPLE, "nvivo"), "kappa (NVivo)")
    assert value(table, "kappa (NVivo)") == pytest.approx((one + 1) / 2)
    assert value(table, "kappa (NVivo)", "y") == 1


def test_qualcoders_kappa_by_hand():
    """Coded by both 50, by either 200; chance is a product where Cohen has a sum."""
    table = reliability.compat(EXAMPLE, "qualcoder")
    chance = (150 / 200 * 100 / 200) * (50 / 200 * 100 / 200)
    expected = (50 / 200 - chance) / (1 - chance)
    assert value(table, "kappa (QualCoder)") == pytest.approx(expected, abs=5e-5)
    assert value(table, "agreement (QualCoder)") == pytest.approx(0.85)


def test_qualcoder_adds_files_up():
    """Its coder comparison: 50 + 10 coded by both, 150 + 10 and 100 + 20 by each."""
    found = {
        "ana": [("t", "x", 0, 150), ("u", "x", 0, 10)],
        "ben": [("t", "x", 100, 200), ("u", "x", 0, 20)],
    }
    table = reliability.compat(texts(found, {"t": 1000, "u": 100}), "qualcoder")
    coded = 160 + 120 - 60
    chance = (160 / coded * 120 / coded) * ((coded - 160) / coded * (coded - 120) / coded)
    expected = (60 / coded - chance) / (1 - chance)
    assert value(table, "kappa (QualCoder)") == pytest.approx(expected)
    assert value(table, "agreement (QualCoder)") == pytest.approx((60 + 1100 - coded) / 1100)


def test_atlas_tis_own_example():
    """Its manual has Krippendorff's ten segments: they agree on 6 of 10, and alpha is .095."""
    found = {
        "one": [("t", "x", 0, 2)],
        "two": [("t", "x", 1, 3), ("t", "x", 5, 6), ("t", "x", 8, 9)],
    }
    table = reliability.compat(texts(found, {"t": 10}), "atlas.ti")
    assert value(table, "percent agreement (ATLAS.ti)") == pytest.approx(0.6)
    assert value(table, "alpha binary (ATLAS.ti)") == pytest.approx(0.095, abs=5e-4)
    assert value(table, "Holsti (ATLAS.ti)") == pytest.approx(2 * 1 / (2 + 4))


def test_atlas_ti_by_hand():
    table = reliability.compat(EXAMPLE, "atlas.ti")
    assert value(table, "Holsti (ATLAS.ti)") == pytest.approx(2 * 50 / 250)
    assert value(table, "percent agreement (ATLAS.ti)") == pytest.approx(0.85)
    alpha = 1 - 1999 * 150 / (250 * 1750)
    assert value(table, "alpha binary (ATLAS.ti)") == pytest.approx(alpha)


def test_maxqda_by_hand():
    found = {
        "ana": [("t", "x", 0, 100), ("t", "x", 200, 300), ("t", "y", 400, 440)],
        "ben": [("t", "x", 0, 98), ("t", "x", 200, 290)],
    }
    table = reliability.compat(texts(found, {"t": 1000}), "maxqda", CODES)
    assert value(table, "agreement on segments (MAXQDA)") == 2 / 4
    assert value(table, "agreement on segments (MAXQDA)", "y") == 0
    assert value(table, "agreement on segments (MAXQDA)", "") == 2 / 5
    assert value(table, "kappa (MAXQDA)", "") == pytest.approx((2 / 5 - 1 / 2) / (1 - 1 / 2))


def test_dedoose_by_hand():
    """Four excerpts of ana: x x y xy; ben meets them with x y y x."""
    found = {
        "ana": [("t", "x", 0, 10), ("t", "x", 20, 30), ("t", "y", 40, 50), ("t", "x", 60, 70),
                ("t", "y", 60, 70)],
        "ben": [("t", "x", 5, 12), ("t", "y", 22, 26), ("t", "y", 40, 50), ("t", "x", 60, 70),
                ("t", "x", 90, 95)],
    }  # fmt: skip
    table = reliability.compat(texts(found, {"t": 100}), "dedoose", CODES)
    x = [(1, 1), (1, 0), (0, 0), (1, 1)]
    y = [(0, 0), (0, 1), (1, 1), (1, 0)]
    assert value(table, "kappa (Dedoose)") == pytest.approx(
        cohen_kappa_score(*zip(*x, strict=True))
    )
    assert value(table, "kappa (Dedoose)", "y") == pytest.approx(
        cohen_kappa_score(*zip(*y, strict=True)), abs=1e-12
    )
    seen = (0.75 + 0.5) / 2
    chance = ((3 * 2 + 1 * 2) / 16 + (2 * 2 + 2 * 2) / 16) / 2
    pooled = value(table, "pooled kappa (Dedoose)", "")
    assert pooled == pytest.approx((seen - chance) / (1 - chance))


@pytest.mark.parametrize("program", ["nvivo", "maxqda", "atlas.ti", "dedoose", "qualcoder"])
def test_every_number_says_that_it_is_a_reconstruction(program):
    table = reliability.compat(EXAMPLE, program)
    assert table["definition"].str.startswith("reconstruction: ").all()
    assert table["source"].str.len().min() > 20
    assert set(table["reason"]) <= {
        "no interval: the program gives none",
        "the program's formula divides by zero here",
    }


def test_texts_that_one_coder_did_not_work_on_are_left_out():
    found = {"ana": [("t", "x", 0, 150), ("u", "x", 0, 9)], "ben": [("t", "x", 100, 200)]}
    part = texts(found, {"t": 1000, "u": 5000}, {"ana": {"t", "u"}, "ben": {"t"}})
    for program in ("nvivo", "maxqda", "atlas.ti", "dedoose", "qualcoder"):
        pd.testing.assert_frame_equal(
            reliability.compat(part, program), reliability.compat(EXAMPLE, program)
        )


def test_programs_count_the_whole_text_whoever_speaks():
    heard = {"t": [(0, 120)]}
    some = reliability.Texts(EXAMPLE.codings, EXAMPLE.lengths, EXAMPLE.assigned, heard)
    pd.testing.assert_frame_equal(
        reliability.compat(some, "nvivo"), reliability.compat(EXAMPLE, "nvivo")
    )


def test_two_coders_and_a_known_program():
    three = texts({c: [("t", "x", 0, 9)] for c in ("ana", "ben", "cai")}, {"t": 20})
    with pytest.raises(NotPossibleError, match="two coders; name two of: ana, ben, cai"):
        reliability.compat(three, "nvivo")
    assert len(reliability.compat(three, "nvivo", coders=["ana", "cai"])) == 2
    with pytest.raises(NotPossibleError, match="no program called taguette"):
        reliability.compat(three, "taguette")
