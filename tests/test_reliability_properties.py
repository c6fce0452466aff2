"""The coefficients: what is undefined, and what must hold for any data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from ratings import alpha, judged, kappa, percent

from study.reliability import coefficients, distances

nan = np.nan

# -- undefined -------------------------------------------------------------------------------------


@pytest.mark.parametrize("ratings", [[[1, 1, 1]] * 2, [[0, 1, nan], [nan, nan, 1]], [[0, 1, 1]]])
def test_alpha_without_variation_or_pairs_is_nan(ratings):
    assert np.isnan(alpha(ratings))


def test_kappa_of_two_constant_coders_is_nan_and_of_one_constant_coder_zero():
    assert np.isnan(kappa([0, 0, 0, 1], [0, 0, 0, nan]))
    assert kappa([0, 0, 0, 0], [0, 0, 0, 1]) == 0


def test_mean_kappa_leaves_undefined_pairs_out():
    ratings = [[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 1]]
    tables = coefficients.pair_tables(coefficients.marks(ratings))
    assert np.isnan(coefficients.cohen_kappa(tables)).tolist() == [True, False, False]
    assert float(coefficients.mean_kappa(tables)) == 0
    assert np.isnan(coefficients.mean_kappa(tables[:1]))


def test_percent_agreement_without_a_shared_unit_is_nan():
    assert np.isnan(percent([[0, nan], [nan, 1]]))


# -- properties ------------------------------------------------------------------------------------

CATEGORIES = 3
matrices = hnp.arrays(
    float,
    st.tuples(st.integers(2, 5), st.integers(1, 25)),
    elements=st.sampled_from([0.0, 1.0, 2.0, nan]),
)


def everything(ratings):
    """Return all coefficients of a matrix (coders, units); alpha comes last."""
    marks = coefficients.marks(ratings)
    tables, sums = coefficients.pair_tables(marks), judged(ratings)
    found = [
        percent(ratings),
        coefficients.mean_kappa(tables),
        coefficients.mean_pi(tables),
        coefficients.holsti(coefficients.holsti_sums(marks)),
        coefficients.fleiss_kappa(sums),
        coefficients.gwet_ac(sums),
        coefficients.brennan_prediger(sums),
        coefficients.conger_kappa(coefficients.by_coder(marks)),
        alpha(ratings),
    ]
    return np.array([float(value) for value in found])


@given(matrices, st.randoms(use_true_random=False))
def test_the_names_of_coders_categories_and_units_do_not_matter(ratings, random):
    coders = random.sample(range(len(ratings)), len(ratings))
    units = random.sample(range(ratings.shape[1]), ratings.shape[1])
    renamed = (2 - ratings)[coders][:, units]
    np.testing.assert_allclose(everything(renamed), everything(ratings), atol=1e-12)


@given(hnp.arrays(float, st.integers(2, 30), elements=st.sampled_from([0.0, 1.0, 2.0])))
def test_perfect_agreement_with_variation_is_one(column):
    assume(len(set(column)) > 1)
    np.testing.assert_allclose(everything(np.array([column] * 3)), 1, atol=1e-12)


@given(matrices, st.integers(2, 4))
def test_every_unit_several_times_leaves_all_but_alpha(ratings, times):
    repeated = np.tile(ratings, times)
    np.testing.assert_allclose(everything(repeated)[:-1], everything(ratings)[:-1], atol=1e-12)


@given(matrices, st.sampled_from([distances.linear, distances.quadratic]), st.floats(0.1, 9))
def test_the_scale_of_a_distance_does_not_matter(ratings, weights, times):
    apart, sums = weights(3), coefficients.judgements(coefficients.marks(ratings).sum(axis=-2))
    assume(sums.shape[-1] == 3)
    for value in (coefficients.fleiss_kappa, coefficients.gwet_ac, coefficients.brennan_prediger):
        np.testing.assert_allclose(value(sums, times * apart), value(sums, apart), atol=1e-9)


@given(matrices, st.integers(2, 4))
def test_every_unit_several_times_changes_alpha_by_its_small_sample_correction_only(ratings, times):
    """Alpha draws its chance pairs without replacement: n - 1, not n, of n pairable values."""
    judged = (~np.isnan(ratings)).sum(axis=0)
    n = judged[judged > 1].sum()
    once, repeated = alpha(ratings), alpha(np.tile(ratings, times))
    assume(not np.isnan(once))
    assert 1 - repeated == pytest.approx((1 - once) * (times * n - 1) / (times * (n - 1)))


@given(matrices)
def test_coefficients_do_not_exceed_one_and_percent_not_its_bounds(ratings):
    values = everything(ratings)
    assert not (values > 1 + 1e-12).any()
    assert np.isnan(values[0]) or 0 <= values[0] <= 1


@pytest.mark.parametrize("seed", range(3))
def test_independent_random_coding_is_about_zero(seed):
    rng = np.random.default_rng(seed)
    ratings = (rng.random((3, 20_000)) < 0.2).astype(float)
    share, *corrected = everything(ratings)
    chance = 0.2**2 + 0.8**2
    assert share == pytest.approx(chance, abs=0.01)
    kappa, pi, holsti, fleiss, ac1, s, conger, alpha = corrected
    np.testing.assert_allclose([kappa, pi, fleiss, conger, alpha], 0, atol=0.02)
    assert holsti == pytest.approx(share)
    assert s == pytest.approx(2 * chance - 1, abs=0.02)  # its chance is even odds, not prevalence
    assert ac1 == pytest.approx((chance - 0.32) / (1 - 0.32), abs=0.02)  # chance 2 x .2 x .8


@given(
    st.lists(
        hnp.arrays(float, (2, 12), elements=st.sampled_from([0.0, 1.0])), min_size=2, max_size=5
    )
)
def test_many_codes_at_once_are_the_codes_one_by_one(codes):
    both = np.array([0.0, 1.0])
    marks = np.stack([(code.T[..., None] == both).astype(float) for code in codes])
    at_once = coefficients.krippendorff_alpha(marks.sum(axis=-2))
    np.testing.assert_allclose(at_once, [alpha(code) for code in codes], atol=1e-12)
    kappas = coefficients.mean_kappa(coefficients.pair_tables(marks))
    np.testing.assert_allclose(kappas, [kappa(*code) for code in codes], atol=1e-12)
