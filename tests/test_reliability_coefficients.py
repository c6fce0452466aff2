"""The coefficients: published values, and independent packages."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from nltk.metrics.agreement import AnnotationTask
from places import needed
from ratings import COHEN, INTERVAL, NUMBERS, RATIO, A, B, C, alpha, judged, kappa, percent
from sklearn.metrics import cohen_kappa_score

from study.reliability import analytic, coefficients, distances

SHARED = Path(__file__).resolve().parents[2] / "shared" / "reliability"
nan = np.nan


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


def test_krippendorff_2011_ordinal():
    assert alpha(C, distances.ordinal) == pytest.approx(0.815, abs=5e-4)


# Fleiss (1971), table 1: 30 patients, 6 psychiatrists, 5 diagnoses.
FLEISS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
""".split()
FLEISS = [[int(n) for n in row] for row in FLEISS]


def test_fleiss_1971():
    found = coefficients.fleiss_kappa(coefficients.judgements(FLEISS))
    assert float(found) == pytest.approx(0.430, abs=5e-4)


def test_gwet_2014_four_raters_twelve_units():
    """Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed.; irrCAC's data raw.4raters."""
    sums, by_coder = judged(C), coefficients.by_coder(coefficients.marks(C))
    assert float(coefficients.gwet_ac(sums)) == pytest.approx(0.775, abs=6e-4)
    assert float(coefficients.fleiss_kappa(sums)) == pytest.approx(0.761, abs=6e-4)
    assert float(coefficients.brennan_prediger(sums)) == pytest.approx(0.773, abs=6e-4)
    assert float(coefficients.conger_kappa(by_coder)) == pytest.approx(0.762, abs=6e-4)


# -- reference values to ten digits, where the folder is at hand -----------------------------------


def reference(example, coefficient, package):
    """Return one value of the shared table; skip loudly where the table is not there."""
    path = SHARED / "values.csv"
    needed(
        path.exists(),
        f"NO REFERENCE VALUES: {path} is missing, published values checked above only",
    )
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row[:4] for row in csv.reader(file)]
    (value,) = (r[3] for r in rows if r[:3] == [example, coefficient, package])
    return float(value)


def fixture(name):
    path = SHARED / "fixtures" / name
    needed(path.exists(), f"NO REFERENCE INPUT: {path} is missing")
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


RANKS = distances.interval(NUMBERS)


def of_table(table):
    """Return every coefficient of two coders' cross-tabulation, by its name in values.csv."""
    pairs = [(i, j) for (i, j), n in np.ndenumerate(np.asarray(table)) for _ in range(int(n))]
    ratings = np.array(pairs, dtype=float).T
    tables = coefficients.pair_tables(coefficients.marks(ratings))[0]
    steps = len(table)
    sums, counts = judged(ratings), coefficients.counts(ratings)
    return {
        "cohen": coefficients.cohen_kappa(tables),
        "cohen_se": analytic.kappa_error(tables),
        "cohen_se0": analytic.kappa_zero_error(tables),
        "wkappa_linear": coefficients.cohen_kappa(tables, distances.linear(steps)),
        "wkappa_quadratic": coefficients.cohen_kappa(tables, distances.quadratic(steps)),
        "scott_pi": coefficients.scott_pi(tables),
        "kappa": coefficients.cohen_kappa(tables),
        "S": coefficients.brennan_prediger(sums),
        "alpha": coefficients.krippendorff_alpha(counts),
        "alpha_nominal": coefficients.krippendorff_alpha(counts),
        "gwet/identity": coefficients.gwet_ac(sums),
        "gwet/identity se": analytic.ac1_error(counts),
        "fleiss/identity": coefficients.fleiss_kappa(sums),
        "krippendorff/identity": coefficients.krippendorff_alpha(counts),
        "conger/identity": coefficients.conger_kappa(
            coefficients.by_coder(coefficients.marks(ratings))
        ),
        "bp/identity": coefficients.brennan_prediger(sums),
    }


def of_counts(counts):
    """Return the coefficients that need counts only."""
    sums = coefficients.judgements(counts)
    return {
        "fleiss": coefficients.fleiss_kappa(sums),
        "randolph": coefficients.brennan_prediger(sums),
        "alpha_nominal": coefficients.krippendorff_alpha(counts),
        "alpha": coefficients.krippendorff_alpha(counts),
        "gwet/identity": coefficients.gwet_ac(sums),
        "gwet/identity se": analytic.ac1_error(counts),
        "fleiss/identity": coefficients.fleiss_kappa(sums),
        "krippendorff/identity": coefficients.krippendorff_alpha(counts),
        "bp/identity": coefficients.brennan_prediger(sums),
        "pi(=Siegel-Castellan/Fleiss)": coefficients.fleiss_kappa(sums),
    }


def of_kripp_c():
    """Return the coefficients of Krippendorff's example C, on all scales."""
    counts, sums = coefficients.counts(C), judged(C)
    weighted = {
        "ordinal": distances.ordinal_weights(5),
        "quadratic": distances.quadratic(5),
        "ratio": distances.ratio(NUMBERS),
    }
    return {
        **of_counts(counts),
        "conger/identity": coefficients.conger_kappa(coefficients.by_coder(coefficients.marks(C))),
        "alpha_ordinal": alpha(C, distances.ordinal),
        "alpha_interval": alpha(C, distances.interval(NUMBERS)),
        "alpha interval": alpha(C, distances.interval(NUMBERS)),
        "alpha_ratio": alpha(C, distances.ratio(NUMBERS)),
        **{f"gwet/{name}": coefficients.gwet_ac(sums, d) for name, d in weighted.items()},
        **{f"krippendorff/{name}": alpha(C, d) for name, d in weighted.items()},
    }


NOT_OURS = {
    ("fleiss1971", "conger/identity"),  # these two need who judged what; the paper has counts
    ("fleiss1971", "multi_kappa(D&F)"),
}
DEGENERATE = "degenerate_"


def all_reference_values():
    """Return (example, coefficient, package, value, standard error) of every row that applies."""
    path = SHARED / "values.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    kept = [r for r in rows if not r[0].startswith((DEGENERATE, "masi_"))]
    return [(r[0], r[1], r[2], float(r[3]), r[-1]) for r in kept if (r[0], r[1]) not in NOT_OURS]


def every_value_of_ours():
    tables = {
        "wiki_cohen_50": "wiki_cohen_50.csv",
        "cohen1960_tab": "cohen1960_tab.csv",
        "byrt_paradox_hi_po": "high_prevalence_125.csv",
        "gwet2008_A": "high_prevalence_125.csv",
    }
    return {
        **{example: of_table(fixture(file)) for example, file in tables.items()},
        "fleiss1971": of_counts(fixture("fleiss1971_counts.csv")),
        "wiki_fleiss": of_counts(fixture("wiki_fleiss_counts.csv")),
        "kripp2011_A_binary": of_counts(coefficients.counts(A)),
        "kripp2011_B_nominal": of_counts(coefficients.counts(B)),
        "kripp2011_C": of_kripp_c(),
    }


def test_every_reference_value_that_applies():
    """All rows of values.csv but those of sets (see test_reliability_ratings) and degenerate."""
    rows = all_reference_values()
    needed(rows, f"NO REFERENCE VALUES: {SHARED} is missing, published values checked only")
    ours, wrong = every_value_of_ours(), []
    for example, name, package, value, extra in rows:
        if float(ours[example][name]) != pytest.approx(value, **DIGITS):
            wrong.append((example, name, package, value, float(ours[example][name])))
        if name == "gwet/identity":
            error = float(extra.split()[0].removeprefix("se="))
            assert ours[example]["gwet/identity se"] == pytest.approx(error, abs=1e-9)
    assert not wrong
    assert len(rows) > 90


@pytest.mark.parametrize(
    ("ratings", "percent_agreement", "ac1"),
    [([[1, 1, 1, 1], [1, 1, 1, 1]], 1, nan), ([[1, nan], [nan, 1]], nan, nan)],
)
def test_degenerate_data_where_packages_give_1_nan_or_an_exception(ratings, percent_agreement, ac1):
    """Ours: nan for whatever corrects for chance.  values.csv has all three for the same data."""
    sums = judged(ratings)
    tables = coefficients.pair_tables(coefficients.marks(ratings))
    for value in (
        coefficients.fleiss_kappa(sums),
        coefficients.gwet_ac(sums),
        coefficients.brennan_prediger(sums),
        coefficients.conger_kappa(coefficients.by_coder(coefficients.marks(ratings))),
        coefficients.mean_pi(tables),
        coefficients.mean_kappa(tables),
        alpha(ratings),
    ):
        assert np.isnan(float(value))
    assert percent(ratings) == pytest.approx(percent_agreement, nan_ok=True)


def test_ac1_of_one_of_two_possible_categories_is_1():
    """Its chance term is zero there, not its denominator: the value is Gwet's own."""
    assert float(coefficients.gwet_ac(coefficients.judgements([[0, 2], [0, 2]]))) == 1


# -- other packages --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("level", ["ordinal", "interval", "ratio"])
def test_alpha_of_every_scale_is_that_of_the_krippendorff_package(seed, level):
    ratings = composed(seed, categories=5)
    values = np.unique(ratings[~np.isnan(ratings)])
    theirs = krippendorff.alpha(ratings, level_of_measurement=level)
    assert alpha(ratings, distances.of_level(level, values)) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_weighted_kappa_is_that_of_sklearn(seed, weights):
    ratings = composed(seed, coders=2, categories=4, missing=0)
    (table,) = coefficients.pair_tables(coefficients.marks(ratings))
    ours = coefficients.cohen_kappa(table, getattr(distances, weights)(4))
    assert float(ours) == pytest.approx(cohen_kappa_score(*ratings, weights=weights), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_fleiss_conger_scott_and_s_are_those_of_nltk(seed):
    ratings = composed(seed, missing=0)
    triples = [(f"c{c}", str(u), str(v)) for (c, u), v in np.ndenumerate(ratings)]
    task, sums = AnnotationTask(data=triples), judged(ratings)
    assert float(coefficients.fleiss_kappa(sums)) == pytest.approx(task.pi(), abs=1e-12)
    assert float(coefficients.brennan_prediger(sums)) == pytest.approx(task.S(), abs=1e-12)
    by_coder = coefficients.by_coder(coefficients.marks(ratings))
    assert float(coefficients.conger_kappa(by_coder)) == pytest.approx(
        task.multi_kappa(), abs=1e-12
    )
    two = AnnotationTask(data=[t for t in triples if t[0] in ("c0", "c1")])
    table = coefficients.pair_tables(coefficients.marks(ratings[:2]))[0]
    assert float(coefficients.scott_pi(table)) == pytest.approx(two.pi(), abs=1e-12)


def test_holsti_counts_units_that_one_coder_left_out():
    ratings = [[1, 1, 0, 0, nan], [1, 0, 0, nan, 1]]
    found = coefficients.holsti(coefficients.holsti_sums(coefficients.marks(ratings)))
    assert float(found) == 2 * 2 / (4 + 4)
    complete = [[1, 1, 0, 0], [1, 0, 0, 1]]
    found = coefficients.holsti(coefficients.holsti_sums(coefficients.marks(complete)))
    assert float(found) == percent(complete) == 0.5


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
