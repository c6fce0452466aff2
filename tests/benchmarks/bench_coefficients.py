"""How fast passages, pairs of coders and ratings are, against the speeds that were set.

Run it by hand: `uv run python tests/benchmarks/bench_coefficients.py`.  The packages compared are
test oracles, nothing else of the project uses them.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.metrics import cohen_kappa_score

from study import reliability
from study.reliability import Texts
from study.reliability.measures import ALL
from study.reliability.passages import MEASURES

CODES, STUDY, RESAMPLES = 45, (100, 200), 10_000


def best(call: Callable[[], object], repeats: int = 3) -> float:
    """Return the shortest of a few timings, in seconds."""
    timings = []
    for _ in range(repeats):
        begun = time.perf_counter()
        call()
        timings.append(time.perf_counter() - begun)
    return min(timings)


def passages(codings: int, sources: int, length: int, coders: str, seed: int = 1) -> Texts:
    """Compose passages at random places."""
    rng = np.random.default_rng(seed)
    start = rng.integers(0, length - 800, codings)
    table = pd.DataFrame(
        {
            "source": rng.integers(0, sources, codings).astype(str),
            "start": start,
            "end": start + rng.integers(20, 800, codings),
            "code": rng.integers(0, CODES, codings).astype(str),
            "coder": rng.choice(list(coders), codings),
        }
    )
    names = [str(number) for number in range(sources)]
    return Texts(table, dict.fromkeys(names, length), dict.fromkeys(coders, names))


def by_characters(texts: Texts) -> list[float]:
    """Compute kappa of every code with an array of characters for each, as others do."""
    (length,) = texts.lengths.values()
    values = []
    for _, made in texts.codings.groupby("code"):
        marks = np.zeros((2, length), dtype=np.int8)
        for row in made.itertuples():
            marks["ab".index(row.coder), row.start : row.end] = 1
        values.append(float(cohen_kappa_score(*marks)))
    return values


def units(coders: str) -> pd.DataFrame:
    """Compose a table of units in which each coder errs in one decision in twenty."""
    rng, (sources, turns) = np.random.default_rng(1), STUDY
    unit, code, coder = np.indices((sources * turns, CODES, len(coders))).reshape(3, -1)
    truth = rng.random((sources * turns, CODES)) < 0.1
    value = (truth[unit, code] ^ (rng.random(len(unit)) < 0.05)).astype(int)
    label = {"unit": unit, "source": unit // turns, "code": code, "coder": coder}
    table = {name: pd.Categorical(number) for name, number in label.items()}
    frame = pd.DataFrame({**table, "value": value})
    named = {"unit": unit.max() + 1, "source": sources, "code": CODES}
    for name, count in named.items():
        texts = [str(number) for number in range(count)]
        frame[name] = pd.Categorical.from_codes(label[name], texts)
    frame["coder"] = pd.Categorical.from_codes(coder, list(coders))
    return frame


def ratings(count: int = 10_000, coders: int = 5) -> pd.DataFrame:
    """Compose ratings in five categories, a tenth of them missing."""
    rng = np.random.default_rng(1)
    truth = rng.integers(5, size=(count, 1))
    noise = rng.integers(5, size=(count, coders))
    values = np.where(rng.random(noise.shape) < 0.7, truth, noise).astype(float)
    values[rng.random(values.shape) < 0.1] = np.nan
    return pd.DataFrame(values, columns=list("abcdefgh")[:coders])


def main() -> None:
    """Print the figures."""
    one = passages(5_000, 1, 1_000_000, "ab")
    ours = best(lambda: reliability.unitizing(one, coefficients=["Cohen's kappa"]))
    every = best(lambda: reliability.unitizing(one))
    theirs = best(lambda: by_characters(one), repeats=1)
    print("1 MB of text, 5,000 codings, 45 codes, two coders")
    print(f"  kappa of characters {ours:.3f} s; arrays of characters {theirs:.1f} s")
    print(f"  all measures of passages {every:.3f} s")
    pooled = best(lambda: reliability.unitizing_overall(one))
    print(f"  all measures of passages, all codes together {pooled:.3f} s")
    study = passages(40_000, 100, 60_000, "abcde")
    print("100 texts of 60,000 characters, 40,000 codings, 45 codes, five coders, 2,000 resamples")
    for measure in MEASURES:
        if measure.each is not None:
            chosen = [measure.name]
            taken = best(lambda c=chosen: reliability.unitizing(study, coefficients=c), 1)
            print(f"  {measure.name:30} {taken:.2f} s")
    table = units("abcde")
    print("100 interviews x 200 turns, 45 codes, five coders (4.5 million decisions)")
    alpha = ["Krippendorff's alpha"]
    for names in (alpha, None):
        taken = best(lambda n=names: reliability.by_pair(table, coefficients=n))
        label = "alpha" if names else "three coefficients"
        print(f"  by_pair, all codes x 10 pairs, 2,000 resamples, {label}: {taken:.2f} s")
        assert taken < 2
    rated = ratings()
    print(f"10,000 ratings by five coders, {RESAMPLES:,} resamples of units")
    for each in ALL:
        taken = best(lambda n=each.name: reliability.of_ratings(rated, coefficients=[n]), 1)
        print(f"  {each.name:30} {taken:.2f} s")


if __name__ == "__main__":
    main()
