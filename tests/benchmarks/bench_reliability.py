"""How fast the reliability core is, as ratios against other packages in the same run.

Run it by hand, on a quiet machine: `uv run python tests/benchmarks/bench_reliability.py`.  The
packages compared are test oracles, nothing else of the project uses them.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
from nltk.metrics.agreement import AnnotationTask

from study import reliability, tables
from study.model import Case, Code, Codebook, Coding, Project, Selection, Settings, Source, Turn
from study.reliability import bootstrap, coefficients

CODERS, UNITS, CATEGORIES, RESAMPLES = 5, 10_000, 5, 10_000
SECONDS = 2.0
"""How long the table of units of a large study and its reliability may take together."""
WANTED = (5, 100, 50)
"""How many times faster each line of the first table is to be; its last in under a second."""


def best(call: Callable[[], object], repeats: int = 7) -> float:
    """Return the shortest of a few timings, in seconds."""
    timings = []
    for _ in range(repeats):
        begun = time.perf_counter()
        call()
        timings.append(time.perf_counter() - begun)
    return min(timings)


def ratings(seed: int = 1) -> np.ndarray:
    """Compose ratings (coders, units), a tenth of them missing."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(CATEGORIES, size=UNITS)
    noise = rng.integers(CATEGORIES, size=(CODERS, UNITS))
    values = np.where(rng.random((CODERS, UNITS)) < 0.7, truth, noise).astype(float)
    values[rng.random(values.shape) < 0.1] = np.nan
    return values


def with_interval(values: np.ndarray) -> bootstrap.Interval:
    """Compute alpha's interval by bootstrap over units, collapsed to patterns."""
    distinct, times = bootstrap.patterns(coefficients.counts(values))
    sums = coefficients.coincidences(distinct[:, np.newaxis, np.newaxis, :])
    drawn = bootstrap.weights(times, RESAMPLES, seed=1)
    return bootstrap.interval(bootstrap.replicate(coefficients.alpha_from, sums, drawn))


def units(sources: int, turns: int, codes: int, coders: str) -> pd.DataFrame:
    """Compose a table of units in which each coder errs in one decision in twenty."""
    rng = np.random.default_rng(1)
    unit, code, coder = np.indices((sources * turns, codes, len(coders))).reshape(3, -1)
    truth = rng.random((sources * turns, codes)) < 0.1
    wrong = rng.random(len(unit)) < 0.05
    label = {"unit": unit, "source": unit // turns, "code": code}
    table = {name: pd.Series(number).astype(str) for name, number in label.items()}
    value = (truth[unit, code] ^ wrong).astype(int)
    return pd.DataFrame({**table, "coder": np.array(list(coders))[coder], "value": value})


def project(sources: int, turns: int, codes: int, coders: str, each: int = 200) -> Project:
    """Compose a study in which each coder gives every transcript `each` passages."""
    rng = np.random.default_rng(1)
    said = "So we built the course with the bank and it went well enough. "
    names = [f"P{number:03}" for number in range(sources)]
    spans = [
        Selection("", number * len(said), (number + 1) * len(said) - 1) for number in range(turns)
    ]
    book = tuple(Code(str(n), f"branch{n % 5}.code{n}", f"Code {n}") for n in range(codes))
    begins = rng.integers(turns * len(said) - 30, size=(sources, len(coders), each))
    applied = rng.integers(codes, size=begins.shape)
    return Project(
        Path(),
        Settings(),
        tuple(
            Source(
                name,
                said * turns,
                tuple(
                    Turn(Selection(name, span.start, span.end), name, "participant")
                    for span in spans
                ),
                "0",
            )
            for name in names
        ),
        tuple(Case(name, {"transcript": f"{name}.txt", "group": name[-1]}) for name in names),
        Codebook("large", "1", book),
        tuple(
            Coding(
                f"{source}-{coder}-{number}",
                Selection(names[source], int(start), int(start) + 25),
                book[applied[source, coder, number]].path,
                coders[coder],
                dt.datetime(2021, 1, 1, tzinfo=dt.UTC),
                "0",
            )
            for (source, coder, number), start in np.ndenumerate(begins)
        ),
        (),
        dict.fromkeys(coders, frozenset(names)),
    )


def whole(study: Project) -> None:
    """Make the table of units and the reliability of each code."""
    reliability.by_code(tables.units(study), tables.codebook(study))


def alpha_table() -> list[tuple[str, float, float]]:
    """Compare alpha, and alpha with its interval: name, ours, theirs."""
    values = ratings()
    triples = [
        (f"c{coder}", str(unit), str(value))
        for (coder, unit), value in np.ndenumerate(values)
        if not np.isnan(value)
    ]
    ours = best(lambda: coefficients.krippendorff_alpha(coefficients.counts(values)))
    theirs = best(lambda: krippendorff.alpha(values, level_of_measurement="nominal"))
    nltk = best(lambda: AnnotationTask(data=triples).alpha(), repeats=1)
    interval = best(lambda: with_interval(values), repeats=5)
    return [
        ("alpha, krippendorff package", ours, theirs),
        ("alpha, nltk", ours, nltk),
        (
            f"alpha and {RESAMPLES:,} resamples, loop over krippendorff (extrapolated)",
            interval,
            RESAMPLES * theirs,
        ),
    ]


def main() -> None:
    """Print the tables."""
    print(f"{CODERS} coders x {UNITS:,} units, {CATEGORIES} categories, a tenth missing")
    print(f"{'':66}{'ours, s':>10}{'theirs, s':>12}{'ratio':>10}")
    for (name, ours, theirs), wanted in zip(alpha_table(), WANTED, strict=True):
        print(f"{name:66}{ours:10.4f}{theirs:12.4f}{theirs / ours:10.0f}, set {wanted}")
        assert theirs / ours >= wanted
        assert ours < 1
    for size in ((12, 40, 45, "ab"), (100, 200, 45, "abcde")):
        table = units(*size)
        plain = best(lambda table=table: reliability.by_code(table), repeats=3)
        labels = dict.fromkeys(["unit", "source", "code", "coder"], "category")
        categorical = table.astype(labels)
        fast = best(lambda table=categorical: reliability.by_code(table), repeats=3)
        print(
            f"by_code, {size[0]} sources x {size[1]} turns x {size[2]} codes x {len(size[3])} "
            f"coders, 2,000 resamples: {plain:.2f} s; {fast:.2f} s with categorical columns"
        )
    size = (100, 200, 45, "ab")
    study = project(*size)
    made, both = best(lambda: tables.units(study), 3), best(lambda: whole(study), 3)
    print(
        f"units and by_code, {size[0]} sources x {size[1]} turns x {size[2]} codes x "
        f"{len(size[3])} coders: {both:.2f} s ({made:.2f} s for units), allowed {SECONDS:.0f} s"
    )
    assert both < SECONDS
    characters()


def characters() -> None:
    """Compare characters of 1 MB of text with 5,000 codings: as a table of units, as intervals."""
    study = project(1, 16_000, 45, "ab", each=2_500)
    codes = tables.codebook(study)
    rows = len(tables.units(study, "character"))
    table = best(lambda: reliability.by_code(tables.units(study, "character"), codes), 3)
    spans = best(
        lambda: reliability.unitizing(
            reliability.Texts.of(study), codes, coefficients=reliability.USUAL
        ),
        3,
    )
    print(
        f"characters of {len(study.sources[0].text):,}, {len(study.codings):,} codings, 45 codes: "
        f"{table:.2f} s from {rows:,} rows of units, {spans:.2f} s from intervals"
    )


if __name__ == "__main__":
    main()
