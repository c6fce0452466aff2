"""The coefficients: published values, independent packages, and what must hold for any data."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score

from study.reliability import coefficients

SHARED = Path(__file__).resolve().parents[2] / "shared" / "reliability"
nan = np.nan

# Cohen (1960), Educational and Psychological Measurement 20, 37-46: 200 cases, three categories.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, examples A, B and C.
A = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
B = [list("aabbdcccedda"), list("babbbccceddd")]
C = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
    [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
]
NUMBERS = np.arange(1, 6)
INTERVAL = (NUMBERS[:, None] - NUMBERS) ** 2.0
RATIO = INTERVAL / (NUMBERS[:, None] + NUMBERS) ** 2


def alpha(ratings, distance=None):
    return float(coefficients.krippendorff_alpha(coefficients.counts(ratings), distance))


def kappa(first, second):
    (table,) = coefficients.pair_tables(coefficients.marks([first, second]))
    return float(coefficients.cohen_kappa(table))


def percent(ratings):
    return float(coefficients.percent_agreement(coefficients.counts(ratings)))


# -- published -------------------------------------------------------------------------------------


def test_cohen_1960():
    assert float(coefficients.cohen_kappa(COHEN)) == pytest.approx(0.492, abs=5e-4)


@pytest.mark.parametrize(
    ("ratings", "distance", "published"),
    [(A, None, 0.095), (B, None, 0.692), (C, None, 0.743), (C, INTERVAL, 0.849), (C, RATIO, 0.797)],
    ids=["A", "B", "C nominal", "C interval", "C ratio"],
)
def test_krippendorff_2011(ratings, distance, published):
    assert alpha(ratings, distance) == pytest.approx(published, abs=5e-4)


# -- reference values to ten digits, where the folder is at hand -----------------------------------


def reference(example, coefficient, package):
    """Return one value of the shared table; skip loudly where the table is not there."""
    path = SHARED / "values.csv"
    if not path.exists():
        pytest.skip(f"NO REFERENCE VALUES: {path} is missing, published values checked above only")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row[:4] for row in csv.reader(file)]
    (value,) = (r[3] for r in rows if r[:3] == [example, coefficient, package])
    return float(value)


def fixture(name):
    path = SHARED / "fixtures" / name
    if not path.exists():
        pytest.skip(f"NO REFERENCE INPUT: {path} is missing")
    return np.loadtxt(path, delimiter=",", ndmin=2)


DIGITS = {"abs": 1e-10, "rel": 0}


@pytest.mark.parametrize(
    ("example", "file"),
    [
        ("wiki_cohen_50", "wiki_cohen_50.csv"),
        ("cohen1960_tab", "cohen1960_tab.csv"),
        ("byrt_paradox_hi_po", "high_prevalence_125.csv"),
    ],
)
def test_two_coders_against_reference_values(example, file):
    table = fixture(file)
    steps = np.abs(np.subtract.outer(np.arange(len(table)), np.arange(len(table))))
    pairs = [(i, j) for (i, j), n in np.ndenumerate(table) for _ in range(int(n))]
    ratings = np.array(pairs, dtype=float).T
    found = {
        ("cohen", "sklearn"): coefficients.cohen_kappa(table),
        ("wkappa_linear", "sklearn"): coefficients.cohen_kappa(table, steps),
        ("wkappa_quadratic", "sklearn"): coefficients.cohen_kappa(table, steps**2),
        ("alpha_nominal", "krippendorff"): alpha(ratings),
        ("alpha", "nltk"): alpha(ratings),
    }
    for (name, package), value in found.items():
        assert float(value) == pytest.approx(reference(example, name, package), **DIGITS), name


@pytest.mark.parametrize(
    ("example", "name", "package", "value"),
    [
        ("kripp2011_A_binary", "alpha", "krippendorff", alpha(A)),
        ("kripp2011_B_nominal", "alpha", "krippendorff", alpha(B)),
        ("kripp2011_C", "alpha_nominal", "krippendorff", alpha(C)),
        ("kripp2011_C", "alpha_interval", "krippendorff", alpha(C, INTERVAL)),
        ("kripp2011_C", "alpha_ratio", "krippendorff", alpha(C, RATIO)),
    ],
)
def test_alpha_against_reference_values(example, name, package, value):
    assert value == pytest.approx(reference(example, name, package), **DIGITS)


def test_six_psychiatrists_of_fleiss_1971_as_counts():
    counts = fixture("fleiss1971_counts.csv")
    expected = reference("fleiss1971", "alpha_nominal", "krippendorff")
    assert float(coefficients.krippendorff_alpha(counts)) == pytest.approx(expected, **DIGITS)
    assert float(coefficients.percent_agreement(counts)) == pytest.approx(0.5556, abs=5e-5)


# -- other packages --------------------------------------------------------------------------------


def composed(seed, coders=4, units=60, categories=3, missing=0.15):
    """Compose ratings (coders, units) that agree more than by chance, some missing."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(categories, size=units)
    noise = rng.integers(categories, size=(coders, units))
    ratings = np.where(rng.random(noise.shape) < 0.6, truth, noise).astype(float)
    ratings[rng.random(noise.shape) < missing] = nan
    return ratings


@pytest.mark.parametrize("seed", range(8))
def test_alpha_is_that_of_the_krippendorff_package_and_of_nltk(seed):
    ratings = composed(seed)
    theirs = krippendorff.alpha(ratings, level_of_measurement="nominal")
    assert alpha(ratings) == pytest.approx(theirs, abs=1e-12)
    pairable = ratings[:, (~np.isnan(ratings)).sum(axis=0) > 1]  # nltk stumbles over single values
    triples = [
        (f"c{c}", str(u), str(v)) for (c, u), v in np.ndenumerate(pairable) if not np.isnan(v)
    ]
    assert alpha(ratings) == pytest.approx(AnnotationTask(data=triples).alpha(), abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_kappa_is_that_of_sklearn_and_nltk_pair_by_pair(seed):
    ratings = composed(seed, missing=0)
    tables = coefficients.pair_tables(coefficients.marks(ratings))
    ours = coefficients.cohen_kappa(tables)
    theirs = [cohen_kappa_score(a, b) for a, b in combinations(ratings, 2)]
    assert ours == pytest.approx(theirs, abs=1e-12)
    triples = [(f"c{c}", str(u), str(v)) for (c, u), v in np.ndenumerate(ratings)]
    mean = AnnotationTask(data=triples).kappa()
    assert float(coefficients.mean_kappa(tables)) == pytest.approx(mean, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_percent_agreement_of_complete_data_is_nltks_average(seed):
    ratings = composed(seed, missing=0)
    triples = [(f"c{c}", str(u), str(v)) for (c, u), v in np.ndenumerate(ratings)]
    assert percent(ratings) == pytest.approx(AnnotationTask(data=triples).avg_Ao(), abs=1e-12)


def test_a_pair_is_compared_only_where_both_judged():
    first, second = [1, 1, 0, 0, nan, 1], [1, 0, 0, nan, 1, 1]
    both = [(1, 1), (1, 0), (0, 0), (1, 1)]
    assert kappa(first, second) == pytest.approx(cohen_kappa_score(*zip(*both, strict=True)))
    assert percent([first, second]) == 0.75


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
    """Return all coefficients of a matrix (coders, units)."""
    tables = coefficients.pair_tables(coefficients.marks(ratings))
    return np.array([percent(ratings), float(coefficients.mean_kappa(tables)), alpha(ratings)])


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
def test_every_unit_several_times_leaves_percent_and_kappa(ratings, times):
    repeated = np.tile(ratings, times)
    np.testing.assert_allclose(everything(repeated)[:2], everything(ratings)[:2], atol=1e-12)


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
    share, mean, chance = everything(ratings)
    assert share == pytest.approx(0.2**2 + 0.8**2, abs=0.01)
    assert mean == pytest.approx(0, abs=0.02)
    assert chance == pytest.approx(0, abs=0.02)


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
