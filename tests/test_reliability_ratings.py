"""Ratings on any scale, sets of codes, and the intervals beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics import jaccard_distance, masi_distance
from nltk.metrics.agreement import AnnotationTask
from places import needed
from test_reliability import composed, row, units
from test_reliability_coefficients import NUMBERS, SHARED, C, alpha, reference

from study import reliability
from study.errors import NotPossibleError
from study.reliability import analytic, coefficients, distances
from study.reliability.measures import ALL

nan = np.nan
TABLE = pd.DataFrame(np.array(C).T, columns=list("ABCD"))
NAMES = [measure.name for measure in ALL]


# -- ratings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "published"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_of_krippendorffs_example_on_every_scale(scale, published):
    table = reliability.of_ratings(TABLE, scale=scale, coefficients=["Krippendorff's alpha"])
    (found,) = table.to_dict("records")
    assert found["value"] == pytest.approx(published, abs=5e-4)
    assert (scale == "nominal") == (found["coefficient"] == "Krippendorff's alpha")
    assert found["low"] < found["value"] < found["high"]
    assert (found["n"], found["coders"]) == (11, 4)


def test_weighted_coefficients_say_how_they_are_weighted():
    table = reliability.of_ratings(TABLE, scale="ordinal", coefficients=NAMES, resamples=20)
    names = table["coefficient"].tolist()
    assert "Gwet's AC2 (quadratic weights)" in names
    assert "Cohen's kappa (quadratic weights)" in names
    assert "percent agreement" in names
    sums = coefficients.judgements(coefficients.counts(C))
    ac2 = float(coefficients.gwet_ac(sums, distances.interval(NUMBERS)))
    assert row(table, "Gwet's AC2 (quadratic weights)")["value"] == pytest.approx(ac2)
    assert table["definition"].str.contains("quadratic weights").sum() == 6


def test_possible_categories_count_for_those_who_need_them():
    three = pd.DataFrame({"a": ["x", "y", "x", "x"], "b": ["x", "y", "y", "x"]})
    names = ["Brennan-Prediger", "Krippendorff's alpha"]
    two, more = (
        reliability.of_ratings(three, categories=each, coefficients=names, resamples=5)
        for each in (None, ["x", "y", "z"])
    )
    assert row(two, names[0])["value"] == pytest.approx(2 * 0.75 - 1)
    assert row(more, names[0])["value"] == pytest.approx((0.75 - 1 / 3) / (1 - 1 / 3))
    assert row(more, names[1])["value"] == row(two, names[1])["value"]
    with pytest.raises(NotPossibleError, match="none of the categories"):
        reliability.of_ratings(three, categories=["x"])


def test_what_was_never_judged_twice_has_no_value():
    alone = pd.DataFrame({"a": [1, 2, nan], "b": [nan, nan, 1]})
    table = reliability.of_ratings(alone, coefficients=NAMES, resamples=5)
    assert table["value"].isna().all()
    assert set(table["reason"]) == {"no unit was judged by two coders"}


def test_bootstrap_over_units_is_near_the_formulas_for_independent_units():
    rng = np.random.default_rng(1)
    truth = rng.random(400) < 0.3
    ratings = pd.DataFrame({c: truth ^ (rng.random(400) < 0.1) for c in "ab"}).astype(float)
    table = reliability.of_ratings(ratings, coefficients=["Cohen's kappa", "Gwet's AC1"])
    values = ratings.to_numpy().T
    (crossed,) = coefficients.pair_tables(coefficients.marks(values))
    for name, formula in (
        ("Cohen's kappa", analytic.kappa_interval(crossed)),
        ("Gwet's AC1", analytic.ac1_interval(coefficients.counts(values))),
    ):
        found = row(table, name)
        assert found["low"] == pytest.approx(formula.low[0], abs=0.02)
        assert found["high"] == pytest.approx(formula.high[0], abs=0.02)


def test_formulas_are_nan_where_the_value_is():
    assert np.isnan(analytic.kappa_error([[5, 0], [0, 0]]))
    assert np.isnan(analytic.kappa_zero_error([[0, 0], [0, 0]]))
    assert np.isnan(analytic.ac1_error([[2], [2]]))
    assert analytic.kappa_interval([[5, 0], [0, 0]]).reason == [
        "no interval: the value is undefined"
    ]


# -- coefficients asked for by name ---------------------------------------------------------------


def test_coefficients_are_chosen_by_name_in_the_order_asked():
    table = reliability.by_code(composed(codes=1), coefficients=NAMES[::-1], resamples=20)
    assert table["coefficient"].tolist() == NAMES[::-1]
    assert table["value"].notna().all()
    assert table["source"].str.contains("19|20").all()
    with pytest.raises(NotPossibleError, match=r"no coefficient called kapa; there are: percent"):
        reliability.by_code(composed(), coefficients=["kapa"])


def test_two_coders_who_judged_everything_make_many_coefficients_one():
    table = reliability.by_code(composed(codes=1), coefficients=NAMES, resamples=5)
    value = table.set_index("coefficient")["value"]
    assert value["Conger's kappa"] == pytest.approx(value["Cohen's kappa"])
    assert value["Fleiss' kappa"] == pytest.approx(value["Scott's pi"])
    assert value["Holsti's coefficient"] == pytest.approx(value["percent agreement"])
    assert value["Brennan-Prediger"] == pytest.approx(2 * value["percent agreement"] - 1)


def test_rare_codes_are_marked():
    rare = {c: {"risk.fad": "0110"} for c in ("ana", "ben")}
    table = reliability.by_code(units({f"P{n}": rare for n in range(4)}))
    assert set(table["warning"]) == {"rare: 8 units in 4 transcripts; one decision changes much"}
    often = reliability.by_code(units({f"P{n}": rare for n in range(5)}))
    assert set(often["warning"]) == {""}
    few = {c: {"risk.fad": "01" * 10} for c in ("ana", "ben")}
    unused = {c: {"risk.fad": "00"} for c in ("ana", "ben")}
    two = reliability.by_code(units({"P1": few, "P2": few, "P3": unused}))
    assert set(two["warning"]) == {"rare: 20 units in 2 transcripts; one decision changes much"}


# -- sets -----------------------------------------------------------------------------------------

FORMS = ("MASI", "MASI, product form", "Jaccard")
# DKPro Statistics, SetAnnotationsTest: nine items, two coders.
DKPRO = [("", ""), ("A", ""), ("A", "A"), ("A", "B"), ("AB", "A"), ("AB", "AC"), ("ABC", "ABC"),
         ("C", "AC"), ("C", "AC")]  # fmt: skip


def in_sets(items, codes="ABC"):
    """Write the table of units of items, one set of letters a coder; None is not judged."""
    rows = [
        (f"u{number}", "P01", code, f"coder{coder}", int(code in chosen))
        for number, item in enumerate(items)
        for coder, chosen in enumerate(item)
        if chosen is not None
        for code in codes
    ]
    return pd.DataFrame(rows, columns=["unit", "source", "code", "coder", "value"])


def by_form(items, codes="ABC"):
    table = reliability.of_sets(in_sets(items, codes), forms=FORMS, resamples=5)
    return dict(zip(FORMS, table["value"], strict=True))


def test_product_form_is_dkpros():
    found = by_form(DKPRO)
    assert found["MASI, product form"] == pytest.approx(0.252, abs=1e-3)


def test_sets_against_reference_values():
    path = SHARED / "fixtures" / "masi_synthetic.csv"
    needed(path.exists(), f"NO REFERENCE INPUT: {path} is missing")
    rows = [line.split(",") for line in Path(path).read_text().splitlines()]
    items = [[cell.replace("|", "") for cell in column] for column in zip(*rows, strict=True)]
    found = by_form(items, "abc")
    for form, name in (("MASI", "alpha_exact_masi"), ("Jaccard", "alpha_jaccard")):
        assert found[form] == pytest.approx(reference("masi_synth", name, "nltk"), abs=1e-10)
    full = [item for item in items if all(item)]
    for form, name in (("MASI", "alpha_nltk_masi"), ("Jaccard", "alpha_jaccard")):
        expected = reference("masi_synth_noempty", name, "nltk")
        assert by_form(full, "abc")[form] == pytest.approx(expected, abs=1e-10)


item = st.tuples(*[st.sampled_from(["A", "B", "C", "AB", "AC", "BC", "ABC"])] * 3)


@given(st.lists(item, min_size=2, max_size=12))
def test_alpha_of_sets_is_that_of_nltk(items):
    data = [
        (f"c{coder}", str(number), frozenset(chosen))
        for number, each in enumerate(items)
        for coder, chosen in enumerate(each)
    ]
    found = by_form(items)
    for form, distance in (("MASI", masi_distance), ("Jaccard", jaccard_distance)):
        if len({row[2] for row in data}) > 1:
            theirs = AnnotationTask(data=data, distance=distance).alpha()
            assert found[form] == pytest.approx(theirs, abs=1e-9)
        else:
            assert np.isnan(found[form])  # nltk says 1


def test_one_code_a_unit_makes_sets_nominal():
    items = [("A", "A"), ("B", "A"), ("C", "C"), ("B", "B"), ("A", "C")]
    nominal = alpha([list(coder) for coder in zip(*items, strict=True)])
    assert list(by_form(items).values()) == pytest.approx([nominal] * 3)


def test_coders_who_left_units_out_are_not_paired_there():
    items = [("AB", "A", None), ("A", "A", "A"), ("B", None, None), (None, "C", "BC")]
    assert by_form(items) == pytest.approx(by_form([*items[:2], items[3]]))


def test_distances_by_hand():
    sets = [[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 0], [0, 0, 1]]
    jaccard, masi, product = (
        f(sets) for f in (distances.jaccard, distances.masi, distances.masi_product)
    )
    assert jaccard[0, 1] == pytest.approx(1 / 2)
    assert masi[0, 1] == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert product[0, 1] == pytest.approx(1 / 2 * 1 / 3)
    assert masi[1, 2] == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert product[1, 2] == pytest.approx(2 / 3 * 2 / 3)
    assert (jaccard[0, 4], masi[0, 4], product[0, 4]) == (1, 1, 1)
    assert (jaccard[3, 3], masi[3, 3], product[3, 3]) == (0, 0, 0)
    assert (jaccard[3, 4], masi[3, 4]) == (1, 1)
    assert (product <= masi + 1e-12).all()
