"""The table of oracles: who else says what each coefficient is, and that none goes unchecked.

The packages are development dependencies and used nowhere else.  Values of irrCAC, which cannot be
installed beside numpy 2, are those it gave for Krippendorff's (2011) example C.
"""

from __future__ import annotations

import warnings
from itertools import combinations
from statistics import fmean

import krippendorff
import numpy as np
import pandas as pd
import pytest
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import accuracy_score, cohen_kappa_score
from test_reliability_coefficients import COHEN, FLEISS, C
from test_reliability_family import EXAMPLE, laid
from test_reliability_passages import PUBLISHED

from study import reliability
from study.reliability import measures, passages


def composed(coders, missing, seed):
    """Compose ratings (units, coders) in three categories."""
    rng = np.random.default_rng(seed)
    truth, noise = rng.integers(3, size=(80, 1)), rng.integers(3, size=(80, coders))
    values = np.where(rng.random(noise.shape) < 0.6, truth, noise).astype(float)
    values[rng.random(noise.shape) < missing] = np.nan
    return values


def task(values):
    """Write complete ratings as nltk wants them."""
    return AnnotationTask([(f"c{c}", str(u), str(v)) for (u, c), v in np.ndenumerate(values)])


def over_pairs(score):
    """Return the mean over pairs of coders of a score of two."""
    return lambda values: fmean(score(a, b) for a, b in combinations(values.T, 2))


def of_nltk_pairs(first, second):
    return task(np.stack([first, second], axis=1)).pi()


def ratings_of(table):
    """Write a cross-tabulation of two coders as ratings."""
    return np.array(
        [(i, j) for (i, j), n in np.ndenumerate(np.array(table)) for _ in range(int(n))]
    )


def of_counts(counts):
    """Write counts by category as ratings: who judged what does not matter here."""
    return np.array([[k for k, n in enumerate(row) for _ in range(n)] for row in counts])


# Coefficient of decisions on units, oracle, what it computes from complete ratings (units, coders).
PACKAGES = [
    ("percent agreement", "nltk", lambda v: task(v).avg_Ao()),
    ("Holsti's coefficient", "sklearn, pair by pair", over_pairs(accuracy_score)),
    ("Cohen's kappa", "sklearn, pair by pair", over_pairs(cohen_kappa_score)),
    ("Cohen's kappa", "nltk", lambda v: task(v).kappa()),
    ("Conger's kappa", "nltk (Davies & Fleiss)", lambda v: task(v).multi_kappa()),
    ("Scott's pi", "nltk, pair by pair", over_pairs(of_nltk_pairs)),
    ("Fleiss' kappa", "nltk (Siegel & Castellan)", lambda v: task(v).pi()),
    (
        "Krippendorff's alpha",
        "krippendorff",
        lambda v: krippendorff.alpha(v.T, level_of_measurement="nominal"),
    ),
    ("Krippendorff's alpha", "nltk", lambda v: task(v).alpha()),
    ("Brennan-Prediger", "nltk (S)", lambda v: task(v).S()),
]
# Coefficient, where it is published or who computed it, ratings, value, digits.
VALUES = [
    ("Cohen's kappa", "Cohen 1960", ratings_of(COHEN), 0.492, 3),
    ("Fleiss' kappa", "Fleiss 1971", of_counts(FLEISS), 0.430, 3),
    ("percent agreement", "Fleiss 1971", of_counts(FLEISS), 0.5556, 4),
    ("Krippendorff's alpha", "Krippendorff 2011, C", np.array(C).T, 0.743, 3),
    ("Gwet's AC1", "Gwet 2014", np.array(C).T, 0.775, 3),
    ("Gwet's AC1", "irrCAC", np.array(C).T, 0.7754440681, 10),
    ("Gwet's AC1", "irrCAC", of_counts(FLEISS), 0.4478845158, 10),
    ("Fleiss' kappa", "statsmodels", of_counts(FLEISS), 0.4302445201, 10),
    ("Conger's kappa", "irrCAC", np.array(C).T, 0.7620668937, 10),
    ("Brennan-Prediger", "irrCAC", np.array(C).T, 0.7727272727, 10),
    ("Scott's pi", "nltk", ratings_of(COHEN), 0.4871794872, 10),
]
# Coefficient of passages, oracle, passages, code (none: all of them), value, digits.
ON_PASSAGES = [
    ("|u alpha", "Krippendorff et al. 2016", laid(EXAMPLE, 60), "", 0.413, 3),
    ("u alpha", "Krippendorff et al. 2016", laid(EXAMPLE, 60), "", 0.510, 3),
    ("cu alpha", "Krippendorff et al. 2016", laid(EXAMPLE, 60), "", 0.724, 3),
    ("cu alpha (MASI)", "Krippendorff et al. 2016", laid(EXAMPLE, 60), "", 0.724, 3),
    ("(k)u alpha", "Krippendorff et al. 2016", laid(EXAMPLE, 60), "6", 1.0, 10),
    ("(k)u alpha", "Krippendorff et al. 2016", laid(EXAMPLE, 60), "2", 0.0, 10),
    ("alpha for unitizing (2004)", "Krippendorff 2004", PUBLISHED, "c", 0.7286, 4),
    # Published as .8591 = 1 - .0144 / (.0532 + .0490), from rounded disagreements.
    ("alpha for unitizing (2004)", "Krippendorff 2004", PUBLISHED, "", 0.8591, 3),
]
ELSEWHERE = {
    "segment overlap (F)": "networkx, test_reliability_passages",
    "segment overlap (precision)": "by hand, test_reliability_passages",
    "segment overlap (recall)": "by hand, test_reliability_passages",
    # Coefficients of decisions, every character a unit: test_reliability_passages.
    **dict.fromkeys([*measures.USUAL, "Gwet's AC1"], "sklearn and plain definitions"),
}


def ours(name, values):
    table = reliability.of_ratings(pd.DataFrame(values), coefficients=[name], resamples=1)
    return float(table["value"].iloc[0])


@pytest.mark.parametrize(("name", "oracle", "score"), PACKAGES, ids=lambda x: str(x)[:24])
@pytest.mark.parametrize("coders", [2, 4])
def test_what_a_package_says(name, oracle, score, coders):
    for seed in range(3):
        values = composed(coders, 0, seed)
        assert ours(name, values) == pytest.approx(score(values), abs=1e-12), oracle


def test_missing_judgements_as_the_krippendorff_package_takes_them():
    values = composed(5, 0.2, 1)
    theirs = krippendorff.alpha(values.T, level_of_measurement="nominal")
    assert ours("Krippendorff's alpha", values) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(("name", "oracle", "values", "expected", "digits"), VALUES)
def test_what_was_published(name, oracle, values, expected, digits):
    assert ours(name, values) == pytest.approx(expected, abs=0.51 * 10**-digits), oracle


@pytest.mark.parametrize(("name", "oracle", "texts", "code", "expected", "digits"), ON_PASSAGES)
def test_what_was_published_of_passages(name, oracle, texts, code, expected, digits):
    measure = reliability.unitizing if code else reliability.unitizing_overall
    table = measure(texts, coefficients=[name]).set_index("code")["value"]
    assert table[code] == pytest.approx(expected, abs=0.51 * 10**-digits), oracle


def test_without_variation_packages_disagree_and_ours_is_empty():
    """The table of docs/reliability.md: an exception, 1, nan."""
    same = np.ones((3, 2))
    with pytest.raises(ValueError, match="more than one value"):
        krippendorff.alpha(same.T, level_of_measurement="nominal")
    assert task(same).alpha() == 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(cohen_kappa_score(*same.T))
    for name in ("Krippendorff's alpha", "Cohen's kappa", "Fleiss' kappa", "Gwet's AC1"):
        assert np.isnan(ours(name, same))
    idle = np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 1]])
    assert task(idle).kappa() == pytest.approx((1 + 0 + 0) / 3)
    assert ours("Cohen's kappa", idle) == 0


def test_no_coefficient_goes_without_an_oracle():
    checked = {name for name, *_ in (*PACKAGES, *VALUES)}
    assert checked == {measure.name for measure in measures.ALL}
    on_passages = {name for name, *_ in ON_PASSAGES} | set(ELSEWHERE)
    assert on_passages == {measure.name for measure in passages.MEASURES}
