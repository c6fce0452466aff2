"""The bootstrap against a plain slow loop, and how often its intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from study import reliability
from study.reliability import bootstrap, coefficients
from study.reliability.measures import ALPHA, MEASURES

RESAMPLES = 60


def composed(codes, sources, turns, coders=3, prevalence=0.3, error=0.1, seed=3):
    """Compose marks (codes, sources, turns, coders, 2): transcripts differ in how often."""
    rng = np.random.default_rng(seed)
    often = rng.beta(2, 2 / prevalence - 2, size=(codes, sources, 1))
    truth = rng.random((codes, sources, turns)) < often
    value = truth[..., None] ^ (rng.random((codes, sources, turns, coders)) < error)
    return np.stack([~value, value], axis=-1).astype(float)


def slow_alpha(units):
    """Compute alpha for lists of values by looping over all pairs, as its definition reads."""
    pairable = [values for values in units if len(values) > 1]
    everyone = [value for values in pairable for value in values]
    n = len(everyone)
    observed = sum(
        sum(a != b for i, a in enumerate(values) for j, b in enumerate(values) if i != j)
        / (len(values) - 1)
        for values in pairable
    )
    expected = sum(everyone.count(a) * everyone.count(b) for a in (0, 1) for b in (0, 1) if a != b)
    return 1 - (n - 1) * observed / expected if expected else np.nan


def test_matrix_product_is_the_plain_loop_over_the_same_resamples():
    (mark,) = composed(codes=1, sources=5, turns=6)
    weights = bootstrap.weights(np.ones(5), RESAMPLES, seed=1)
    transcripts = [[[int(coder[1]) for coder in turn] for turn in each] for each in mark]
    expected = [
        slow_alpha([turn for times, each in zip(drawn, transcripts, strict=True)
                    for _ in range(int(times)) for turn in each])
        for drawn in weights
    ]  # fmt: skip
    sums = np.stack([ALPHA.sums(each[np.newaxis]) for each in mark])
    found = bootstrap.replicate(ALPHA.value, sums, weights)[:, 0]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_the_table_holds_the_percentiles_of_those_resamples():
    (mark,) = composed(codes=1, sources=5, turns=6, coders=2)
    rows = [
        (f"{source}-{turn}", f"P{source}", "c", f"coder{coder}", int(mark[source, turn, coder, 1]))
        for source, turn, coder in np.ndindex(5, 6, 2)
    ]
    units = pd.DataFrame(rows, columns=["unit", "source", "code", "coder", "value"])
    table = reliability.by_code(units, resamples=RESAMPLES, seed=1, level=0.9)
    weights = bootstrap.weights(np.ones(5), RESAMPLES, seed=1)
    chosen = [np.repeat(np.arange(5), drawn.astype(int)) for drawn in weights]
    for number, measure in enumerate(MEASURES):
        draws = [measure.value(measure.sums(mark[five].reshape(-1, 2, 2))) for five in chosen]
        tail = bootstrap.tail_of(0.9, 5)
        bounds = np.quantile(draws, [tail, 1 - tail])
        np.testing.assert_allclose(table.loc[number, ["low", "high"]].astype(float), bounds)


def test_every_resample_draws_as_many_transcripts_as_there_are():
    weights = bootstrap.weights(np.ones(12), 500, seed=1)
    assert set(weights.sum(axis=1)) == {12}
    np.testing.assert_allclose(weights.mean(axis=0), 1, atol=0.2)
    assert (weights == bootstrap.weights(np.ones(12), 500, seed=1)).all()


def test_blocks_of_codes_make_no_difference(monkeypatch):
    marks = composed(codes=7, sources=4, turns=5)
    sums = np.stack([ALPHA.sums(marks[:, source]) for source in range(4)])
    weights = bootstrap.weights(np.ones(4), RESAMPLES, seed=1)
    at_once = bootstrap.replicate(ALPHA.value, sums, weights)
    monkeypatch.setattr(bootstrap, "BLOCK", 1)
    np.testing.assert_allclose(bootstrap.replicate(ALPHA.value, sums, weights), at_once)


def test_patterns_stand_for_all_units():
    rng = np.random.default_rng(1)
    counts = coefficients.counts(rng.integers(3, size=(4, 300)).astype(float))
    distinct, times = bootstrap.patterns(counts)
    assert len(distinct) < 20
    assert times.sum() == 300
    sums = coefficients.coincidences(distinct[:, np.newaxis, np.newaxis, :])
    together = bootstrap.replicate(coefficients.alpha_from, sums, times[np.newaxis])
    assert together[0, 0] == pytest.approx(float(coefficients.krippendorff_alpha(counts)))


def test_no_interval_where_too_many_resamples_are_undefined_or_all_are_alike():
    draws = np.stack([np.linspace(0, 1, 100), np.linspace(0, 1, 100), np.ones(100)], axis=1)
    draws[:4, 0] = np.nan
    draws[:6, 1] = np.nan
    found = bootstrap.interval(draws)
    assert np.isnan(found.low).tolist() == np.isnan(found.high).tolist() == [False, True, True]
    assert [bool(reason) for reason in found.reason] == [False, True, True]
    assert "6% of resamples" in found.reason[1]


@pytest.mark.parametrize(("sources", "least"), [(6, 0.90), (12, 0.92), (30, 0.92)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(sources, least):
    """300 composed studies with a known alpha; with few transcripts plain percentiles fail."""
    prevalence, error = 0.3, 0.1
    marks = composed(300, sources, turns=30, coders=2, prevalence=prevalence, error=error)
    applied = prevalence * (1 - error) + (1 - prevalence) * error
    truth = 1 - error * (1 - error) / (applied * (1 - applied))
    sums = np.stack([ALPHA.sums(marks[:, source]) for source in range(sources)])
    weights = bootstrap.weights(np.ones(sources), 1000, seed=1)
    found = bootstrap.interval(bootstrap.replicate(ALPHA.value, sums, weights), 0.95, sources)
    covered = ((found.low <= truth) & (truth <= found.high)).mean()
    assert least <= covered <= 0.98


def test_percentiles_lie_further_out_the_fewer_things_were_resampled():
    """Hesterberg (2015), table 4: an 'expanded' 95 % interval of n = 10 cuts off 0.9 %."""
    assert bootstrap.tail_of(0.95, np.inf) == pytest.approx(0.025)
    tails = [bootstrap.tail_of(0.95, n) for n in (3, 6, 12, 30, 1000)]
    assert tails == sorted(tails)
    assert bootstrap.tail_of(0.95, 12) == pytest.approx(0.0108, abs=5e-4)
    assert bootstrap.tail_of(0.95, 1000) == pytest.approx(0.025, abs=1e-3)
