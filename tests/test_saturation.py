"""Saturation: counted by hand, against the definitions, and over random orders."""

from __future__ import annotations

from itertools import permutations
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from places import SHARED, needed

from study import saturation
from study.saturation import estimates

# Eight interviews, codes a to j; j comes only after two interviews without anything new.
INTERVIEWS = ["abcde", "abfg", "ach", "abdi", "abc", "adg", "aj", "ae"]
ORDER = [f"P{number:02}" for number in range(1, 9)]


def codings(interviews=INTERVIEWS, order=ORDER):
    rows = [(s, code) for s, codes in zip(order, interviews, strict=True) for code in codes + codes]
    return pd.DataFrame(rows, columns=["source", "code"])


def codebook(codes="abcdefghijk"):
    return pd.DataFrame({"code": list(codes), "name": [code.upper() for code in codes]})


def measure(name, table):
    (found,) = table[table["measure"] == name].to_dict("records")
    return found


def matrix(found):
    """Write a matrix (interviews, codes) as interviews."""
    return ["".join("abcdefghij"[code] for code in np.flatnonzero(row)) for row in found]


# -- the curve -------------------------------------------------------------------------------------


def test_new_codes_are_counted_in_interview_order():
    table = saturation.curve(codings(), ORDER, codebook())
    assert tuple(table.columns) == saturation.COLUMNS
    assert table["interviews"].tolist() == list(range(1, 9))
    assert table["source"].tolist() == ORDER
    assert table["new_codes"].tolist() == [5, 2, 1, 1, 0, 0, 1, 0]
    assert table["cumulative"].tolist() == [5, 7, 8, 9, 9, 9, 10, 10]
    assert set(table["orders"]) == {1000}
    assert set(table["of_codes"]) == {11}


def test_another_order_another_curve_the_same_end():
    table = saturation.curve(codings(), ORDER[::-1], codebook())
    assert table["new_codes"].tolist() == [2, 1, 2, 2, 1, 1, 1, 0]


def test_an_interview_without_codings_counts_and_other_sources_do_not():
    table = saturation.curve(codings(), ["P01", "P99", "P02"])
    assert table["new_codes"].tolist() == [5, 0, 2]


def test_few_interviews_are_taken_in_all_orders():
    table = saturation.curve(codings(), ORDER[:4])
    sets = [set(codes) for codes in INTERVIEWS[:4]]
    sizes = [[len(set().union(*order[: n + 1])) for n in range(4)] for order in permutations(sets)]
    assert set(table["orders"]) == {24}
    np.testing.assert_allclose(table["mean"], np.mean(sizes, axis=0))
    np.testing.assert_allclose(table["low"], np.quantile(sizes, 0.025, axis=0))
    np.testing.assert_allclose(table["high"], np.quantile(sizes, 0.975, axis=0))


def test_the_mean_over_random_orders_is_near_the_exact_expectation():
    """A code of q of n interviews is missed by t of them with probability C(n-q, t) / C(n, t).

    Colwell, Mao & Chang (2004), doi 10.1890/03-0557.
    """
    table = saturation.curve(codings(), ORDER, orders=5000)
    often = [sum(code in codes for codes in INTERVIEWS) for code in "abcdefghij"]
    exact = [sum(1 - comb(8 - q, t) / comb(8, t) for q in often) for t in range(1, 9)]
    np.testing.assert_allclose(table["mean"], exact, atol=0.06)


def test_the_seed_decides_the_band():
    one, again, other = (saturation.curve(codings(), ORDER, orders=50, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert (one["mean"] != other["mean"]).any()


matrices = hnp.arrays(bool, st.tuples(st.integers(1, 8), st.just(10)))


@given(matrices, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_curves_rise_and_end_at_all_codes(found, random):
    order = random.sample(ORDER[: len(found)], len(found))
    coded = codings(matrix(found), ORDER[: len(found)])
    table = saturation.curve(coded, order, codebook(), orders=50)
    assert (np.diff(table["mean"]) >= -1e-9).all()
    assert (table["low"] <= table["high"]).all()
    last = table[["cumulative", "mean", "low", "high"]].iloc[-1]
    np.testing.assert_allclose(last.astype(float), found.any(axis=0).sum())


def test_no_interviews_make_an_empty_curve():
    assert len(saturation.curve(codings(), [], codebook())) == 0
    assert tuple(saturation.curve(codings(), []).columns) == saturation.COLUMNS


# -- the order -------------------------------------------------------------------------------------


def test_interviews_are_ordered_by_date_then_name_undated_last():
    cases = pd.DataFrame(
        {
            "transcript": ["P04.txt", "P03", "P02", "P01", "", "P05"],
            "interview_date": ["", "2021-08-20", "2021-08-20", "2021-09-01", "2021-08-01", "soon"],
        }
    )
    assert saturation.interview_order(cases) == ["P02", "P03", "P01", "P04", "P05"]
    assert saturation.interview_order(cases, "no such column") == [
        "P01",
        "P02",
        "P03",
        "P04",
        "P05",
    ]


# -- the summary -----------------------------------------------------------------------------------


def test_a_code_after_saturation_is_told():
    table = saturation.summary(codings(), ORDER, codebook())
    assert tuple(table.columns) == saturation.SUMMARY_COLUMNS
    assert measure("saturation", table)["value"] == 6
    assert measure("saturation", table)["detail"].startswith("4+2 (P06); reached in ")
    assert "10.1371/journal.pone.0232076" in measure("saturation", table)["source"]
    assert measure("new codes after saturation", table)["value"] == 1
    assert measure("new codes after saturation", table)["detail"] == "P07: J"
    assert measure("last new code", table)["value"] == 7
    assert measure("codes found", table)["value"] == 10
    assert measure("codes found", table)["detail"] == "of 11"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ([10, 5, 3, 2, 1, 0, 0], 6),  # 1 of 20 is 5 %: reached with interviews 5 and 6
        ([10, 5, 3, 1, 1, 0, 0], 7),  # 1 of 19 is more: reached with interviews 6 and 7
        ([10, 5, 3, 2, 1, 1, 0, 0], 7),
    ],
)
def test_the_threshold_is_met_by_equality_and_runs_overlap(new, expected):
    assert saturation.guest(new) == (expected, "")


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ([9, 4, 3, 1, 0], "5 interviews, the rule needs at least 6"),
        ([0, 0, 0, 0, 3, 1], "no code was found in the first 4 interviews"),
        ([9, 4, 3, 4, 1, 1], "not reached: new codes in the last 2 interviews are 10%"),
    ],
)
def test_saturation_that_is_not_reached_is_nan_with_the_reason(new, reason):
    reached, why = saturation.guest(new)
    assert np.isnan(reached)
    assert why == reason


def test_the_summary_carries_the_reason_on():
    table = saturation.summary(codings(), ORDER[:5], codebook())
    assert measure("saturation", table)["reason"].startswith("5 interviews")
    assert measure("new codes after saturation", table)["reason"] == "saturation was not reached"


def test_other_orders_tell_a_lucky_one():
    """All 720 orders of six interviews, one by one."""
    interviews = INTERVIEWS[:6]
    reached, after = [], []
    for order in permutations([set(codes) for codes in interviews]):
        sizes = [len(set().union(*order[: n + 1])) for n in range(6)]
        when, _ = saturation.guest(np.diff(sizes, prepend=0), base=3, threshold=0.1)
        if not np.isnan(when):
            reached.append(when)
            after.append(sizes[-1] - sizes[int(when) - 1])
    table = saturation.summary(codings(), ORDER[:6], codebook(), base=3, threshold=0.1)
    found = measure("saturation", table)
    share = f"{len(reached) / 720:.0%}"
    assert found["detail"] == f"4+2 (P06); reached in {share} of 720 possible orders"
    assert 0.02 < len(reached) / 720 < 0.98
    assert (found["low"], found["high"]) == (min(reached), max(reached))
    later = measure("new codes after saturation", table)
    assert later["low"] == np.quantile(after, 0.025, method="inverted_cdf")
    assert later["high"] == np.quantile(after, 0.975, method="inverted_cdf")


def test_saturation_reached_in_other_orders_only_is_told():
    table = saturation.summary(codings(), ORDER[::-1], codebook(), threshold=0.0)
    found = measure("saturation", table)
    assert np.isnan(found["value"])
    assert found["reason"].startswith("not reached")
    assert found["detail"].startswith("reached in ")
    assert found["low"] >= 6


# Ants of Costa Rica at five heights (Longino & Colwell 2011), as iNEXT 3 reports them: samples,
# incidences, species, in one sample only, in two; sample coverage, Chao2, and at how many samples
# coverage would be 98.5 % (functions DataInfo, iNEXT and estimateD; Chao et al. 2014).
ANTS = {
    "h50m": (599, 5976, 227, 49, 23, 0.9918134, 279.108514, 327.1646),
    "h500m": (230, 2943, 241, 71, 34, 0.9759754, 314.810038, 342.8592),
    "h1070m": (150, 1730, 122, 28, 16, 0.9839382, 146.336667, 158.9508),
    "h1500m": (200, 1170, 56, 13, 4, 0.9889231, 77.019375, 125.9590),
    "h2000m": (200, 271, 14, 1, 2, 0.9963827, 14.248750, 104.6306),
}


def species(samples, incidences, kinds, once, twice):
    """Compose a matrix (samples, species) with these counts; others are met three times or more."""
    others = kinds - once - twice
    rest = incidences - once - 2 * twice
    often = [1] * once + [2] * twice + [rest // others + (n < rest % others) for n in range(others)]
    return np.arange(samples)[:, np.newaxis] < np.array(often)


@pytest.mark.parametrize("height", ANTS)
def test_estimates_are_those_of_inext(height):
    *counts, coverage, richness, enough = ANTS[height]
    found = species(*counts)
    assert (found.sum(), found.any(axis=0).sum()) == (counts[1], counts[2])
    assert saturation.sample_coverage(found) == pytest.approx(coverage, abs=5e-8)
    assert saturation.chao2(found) == pytest.approx(richness, abs=5e-7)
    more = max(0, int(np.ceil(enough - counts[0])))
    assert saturation.interviews_needed(found, target=0.985) == more


def test_interval_of_chao2_is_that_of_estimates():
    """EstimateS 9.1 of its seed bank: 34 kinds, an estimate of 34.99, s.d. 1.81, 34.09 to 44.61."""
    assert lognormal(34, 34.9917, 1.81) == pytest.approx((34.09, 44.61), abs=0.05)
    found = species(121, 400, 34, 3, 0)
    expected = lognormal(34, saturation.chao2(found), delta(found))
    assert saturation.chao2_interval(found) == pytest.approx(expected, rel=1e-6)


def lognormal(seen, estimate, deviation):
    factor = np.exp(1.959964 * np.sqrt(np.log(1 + (deviation / (estimate - seen)) ** 2)))
    return seen + (estimate - seen) / factor, seen + (estimate - seen) * factor


def delta(found):
    """Derive the standard deviation of Chao2 by the delta method, gradients by differences.

    The numbers of codes found 0, 1, 2... times are multinomial, out of all codes estimated.
    """
    samples, often = len(found), found.sum(axis=0)
    total = estimates.chao2(found)
    counts = np.array([(often == n).sum() for n in range(1, samples + 1)], dtype=float)
    twice = counts[1] > 0

    def estimate(counts):
        pairs = counts[0] ** 2 / (2 * counts[1]) if twice else counts[0] * (counts[0] - 1) / 2
        return counts.sum() + (samples - 1) / samples * pairs

    step = 1e-4 * np.eye(len(counts))
    slope = np.array([(estimate(counts + h) - estimate(counts - h)) / 2e-4 for h in step])
    covariance = np.diag(counts) - np.outer(counts, counts) / total
    return float(np.sqrt(slope @ covariance @ slope))


@pytest.mark.parametrize("height", ANTS)
def test_variance_of_chao2_is_that_of_the_delta_method(height):
    found = species(*ANTS[height][:5])
    expected = lognormal(ANTS[height][2], estimates.chao2(found), delta(found))
    assert saturation.chao2_interval(found) == pytest.approx(expected, rel=1e-4)


def test_no_interval_where_nothing_seems_to_be_missing():
    found = np.ones((6, 3), dtype=bool)
    assert np.isnan(saturation.chao2_interval(found)).all()
    assert np.isnan(saturation.chao2_interval(found[:1])).all()
    table = saturation.summary(codings(["ab"] * 8), ORDER)
    assert measure("codes estimated", table)["reason"].startswith("no interval: nothing seems")
    assert measure("codes estimated", table)["value"] == 2


def test_the_estimated_world_is_that_of_inext():
    """Chao et al. (2014), appendix G: coverage is the estimate, missing codes share the rest."""
    found = species(*ANTS["h1500m"][:5])
    world = estimates.assemblage(found)
    assert len(world) == 56 + np.ceil(77.019375 - 56)
    seen = found.any(axis=0).sum()
    assert world[:seen].sum() / world.sum() == pytest.approx(0.9889231, abs=3e-4)
    assert world.sum() == pytest.approx(1170 / 200, rel=2e-3)


@pytest.mark.parametrize("interviews", [8, 20])
def test_intervals_of_coverage_hold_the_truth_about_as_often_as_they_say(interviews):
    """120 composed studies of 45 codes of very different frequency."""
    rng, held, needed = np.random.default_rng(3), [], []
    for _ in range(120):
        chance = rng.beta(0.6, 3, size=45)
        found = rng.random((interviews, 45)) < chance
        truth = chance[found.any(axis=0)].sum() / chance.sum()
        covered, more = estimates.intervals(found)
        missing = [(chance * (1 - chance) ** (interviews + n)).sum() for n in range(300)]
        enough = int(np.argmax(np.array(missing) <= 0.05 * chance.sum()))
        held.append(covered.low <= truth <= covered.high)
        needed.append(more.low <= enough <= more.high)
    assert 0.86 <= np.mean(held) <= 0.99
    assert np.mean(needed) >= 0.93


def test_the_shared_example_by_vegans_formulas():
    """Eight interviews, twelve codes; vegan's specpool gives S + (n - 1) / n x a1^2 / (2 a2)."""
    path = SHARED / "reliability" / "fixtures" / "saturation_synthetic.csv"
    needed(path.exists(), f"NO REFERENCE INPUT: {path} is missing")
    found = np.loadtxt(path, delimiter=",").astype(bool)
    often = found.sum(axis=0)
    a1, a2 = (often == 1).sum(), (often == 2).sum()
    assert saturation.chao2(found) == pytest.approx(12 + 7 / 8 * a1**2 / (2 * a2))
    coded = codings(["".join("abcdefghijkl"[c] for c in np.flatnonzero(row)) for row in found])
    table = saturation.summary(coded, ORDER)
    assert measure("codes found", table)["value"] == 12
    assert measure("new codes after saturation", table)["reason"] in {
        "",
        "saturation was not reached",
    }


def test_few_interviews_have_estimates_without_intervals():
    table = saturation.summary(codings(), ORDER[:4], codebook())
    found = measure("sample coverage", table)
    assert found["reason"] == "no interval: 4 interviews, at least 5 are needed"
    assert np.isnan(found["low"])
    assert 0 < found["value"] < 1


def test_chao2_and_coverage_by_hand():
    """Eight interviews, 26 incidences: f, h, i, j in one interview, e and g in two."""
    often = [sum(code in codes for codes in INTERVIEWS) for code in "abcdefghij"]
    once, twice = often.count(1), often.count(2)
    assert (once, twice, sum(often)) == (4, 2, 26)
    table = saturation.summary(codings(), ORDER, codebook())
    assert measure("codes estimated", table)["value"] == pytest.approx(10 + 7 / 8 * 16 / 4)
    coverage = 1 - 4 / 26 * (7 * 4) / (7 * 4 + 2 * 2)
    assert measure("sample coverage", table)["value"] == pytest.approx(coverage)


def test_how_many_more_interviews_by_hand():
    """Four codes once, two twice, eight interviews: each more leaves 28 / 32 of what is missing."""
    table = saturation.summary(codings(), ORDER, codebook())
    missing, more = 4 / 26 * 28 / 32, 0
    while missing > 0.05:
        missing, more = missing * 28 / 32, more + 1
    found = measure("interviews to 95 % coverage", table)
    assert (found["value"], found["detail"], found["reason"]) == (more, "", "")
    assert more == 8
    few = saturation.summary(codings(), ORDER[:2], codebook())
    assert measure("interviews to 95 % coverage", few)["detail"].startswith("beyond twice")


def test_no_more_interviews_where_coverage_is_there():
    found = np.ones((4, 3), dtype=bool)
    assert saturation.interviews_needed(found) == 0
    assert np.isnan(saturation.interviews_needed(found[:1]))


def test_each_group_by_itself():
    """The first four interviews against the others, who brought one code of their own."""
    groups = dict(zip(ORDER, ["providers"] * 4 + ["employers"] * 4, strict=True))
    table = saturation.by_group(codings(), ORDER, groups, codebook())
    assert tuple(table.columns) == ("group", *saturation.SUMMARY_COLUMNS)
    assert list(dict.fromkeys(table["group"])) == ["providers", "employers"]
    own = table[table["group"] == "employers"].drop(columns="group").reset_index(drop=True)
    pd.testing.assert_frame_equal(own, saturation.summary(codings(), ORDER[4:], codebook()))
    assert measure("codes found", own)["value"] == 7
    assert saturation.by_group(codings(), [], groups).empty


def test_without_codes_found_twice_the_bias_corrected_forms_hold():
    found = np.array([[1, 1, 0, 1], [0, 0, 1, 1], [0, 0, 0, 1]], dtype=bool)
    assert saturation.chao2(found) == pytest.approx(4 + 2 / 3 * 3 * 2 / 2)
    assert saturation.sample_coverage(found) == pytest.approx(1 - 3 / 6 * 4 / (4 + 2))


@given(matrices)
def test_estimates_stay_in_their_bounds(found):
    estimate, coverage = saturation.chao2(found), saturation.sample_coverage(found)
    if len(found) < 2 or not found.any():
        assert np.isnan([estimate, coverage]).all()
    else:
        assert estimate >= found.any(axis=0).sum()
        assert 0 <= coverage <= 1


def test_nothing_coded_and_one_interview_say_so():
    nothing = saturation.summary(codings()[:0], ORDER, codebook())
    assert measure("codes found", nothing)["value"] == 0
    assert measure("last new code", nothing)["reason"] == "no code was found"
    assert measure("codes estimated", nothing)["reason"] == "no code was found"
    one = saturation.summary(codings(), ORDER[:1])
    assert np.isnan(measure("sample coverage", one)["value"])
    assert measure("sample coverage", one)["reason"] == "fewer than two interviews"
    assert not saturation.summary(codings(), []).empty
