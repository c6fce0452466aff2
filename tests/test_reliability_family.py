"""The alphas of 2016: their published example, plain slow definitions, and overlapping codes."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics import masi_distance
from places import SHARED, needed
from test_reliability_passages import many, texts

from study import reliability

# Krippendorff, Mathet, Bouvry & Widlöcher (2016), and Krippendorff (2019), figure 12.11: three
# observers, a continuum of 60, values 1 to 7.  Published: u .510, |u .413, cu .724; of the values
# 1, 5 and 6 agreement is 1, of 2, 3 and 4 it is 0, of 7 there is none.
EXAMPLE = {
    "Alex": [("1", 2, 9), ("2", 11, 17), ("5", 24, 30), ("6", 32, 36), ("6", 36, 44),
             ("7", 44, 60)],
    "Paul": [("1", 2, 9), ("3", 11, 17), ("5", 19, 25), ("6", 32, 44)],
    "Suzan": [("1", 2, 9), ("4", 11, 17), ("5", 21, 27), ("6", 32, 36), ("6", 36, 40),
              ("6", 40, 44)],
}  # fmt: skip


def laid(found, length):
    return texts({c: [("t", *one) for one in each] for c, each in found.items()}, {"t": length})


def over_all(found):
    return reliability.unitizing_overall(found).set_index("coefficient")["value"]


def per_value(found):
    table = reliability.unitizing(found, coefficients=["(k)u alpha"])
    return table.set_index("code")["value"]


def test_published_example():
    value = over_all(laid(EXAMPLE, 60))
    assert value["u alpha"] == pytest.approx(0.510, abs=5e-4)
    assert value["|u alpha"] == pytest.approx(0.413, abs=5e-4)
    assert value["cu alpha"] == pytest.approx(0.724, abs=5e-4)
    assert value["cu alpha (MASI)"] == pytest.approx(value["cu alpha"])


def test_published_example_value_by_value():
    value = per_value(laid(EXAMPLE, 60))
    assert value[["1", "5", "6"]].tolist() == pytest.approx([1, 1, 1])
    assert value[["2", "3", "4"]].tolist() == pytest.approx([0, 0, 0])
    assert np.isnan(value["7"])
    table = reliability.unitizing(laid(EXAMPLE, 60), coefficients=["(k)u alpha"])
    (reason,) = table.loc[table["code"] == "7", "reason"]
    assert reason.startswith("no text with this code was marked by another coder")


def test_the_example_is_that_of_the_shared_folder():
    path = SHARED / "reliability" / "fixtures" / "AlexPaulSuzan.csv"
    needed(path.exists(), f"NO REFERENCE INPUT: {path} is missing")
    rows = [line.split(",") for line in path.read_text().split()]
    expected = [(c, k, str(a), str(b)) for c, each in EXAMPLE.items() for k, a, b in each]
    assert [tuple(row) for row in rows] == expected


# -- plain, slow definitions ----------------------------------------------------------------------


class Slow:
    """The family computed from an array of sets of codes for each coder, as its formulas read.

    Coincidences and expected ones: Krippendorff (2019), equations 32 to 38.
    """

    def __init__(self, found, length):
        self.found, self.length, self.m = found, length, len(found)
        self.given = {c: [frozenset()] * length for c in found}
        for coder, each in found.items():
            for at in range(length):
                held = {code for code, a, b in each if a <= at < b}
                self.given[coder][at] = frozenset(held)
        self.units = {coder: self.cut(coder) for coder in found}

    def cut(self, coder):
        """Cut the text where a passage of the coder begins or ends: (set, start, end)."""
        edges = {e for code in "xyz" for e in self.ends(coder, code)}
        points = sorted({0, self.length, *edges})
        return [(self.given[coder][a], a, b) for a, b in pairwise(points)]

    def ends(self, coder, code):
        return [e for start, end in self.passages(coder, code) for e in (start, end)]

    def passages(self, coder, code):
        """Merge passages of a code that overlap; those that touch stay two."""
        merged = []
        for a, b in sorted((a, b) for k, a, b in self.found[coder] if k == code):
            if merged and a < merged[-1][1]:
                merged[-1][1] = max(b, merged[-1][1])
            else:
                merged.append([a, b])
        return merged

    def alpha(self, apart, gaps):
        """Compute u alpha (with gaps) or cu alpha (without)."""
        pairs = [
            (self.given[i][at], self.given[j][at])
            for i, j in permutations(self.found, 2)
            for at in range(self.length)
            if gaps or (self.given[i][at] and self.given[j][at])
        ]
        share = 1 / (self.m - 1)
        total = len(pairs) * share
        margin = {s: share * sum(a == s for a, _ in pairs) for s, _ in pairs}
        own = 0.0
        for coder in self.found:
            for given_set, a, b in self.units[coder]:
                if gaps:
                    own += (b - a) ** 2 if given_set else b - a
                elif given_set:
                    met = [
                        sum(bool(self.given[j][at]) for at in range(a, b))
                        for j in self.found
                        if j != coder
                    ]
                    own += share * sum(n**2 for n in met)
        seen = share * sum(apart(a, b) for a, b in pairs)
        chance = sum(p * q * apart(a, b) for a, p in margin.items() for b, q in margin.items())
        return 1 - seen * (total - own / total) / chance if chance else np.nan

    def value(self, code):
        """Compute (k)u alpha, equation 38 with expected coincidences of equation 36."""
        share, met = 1 / (self.m - 1), []
        for i, j in permutations(self.found, 2):
            both = zip(self.given[i], self.given[j], strict=True)
            met += [(code in a, code in b) for a, b in both if a and b]
        total, given_it = share * len(met), share * sum(a for a, _ in met)
        alike = share * sum(a and b for a, b in met)
        own = share * sum(
            sum(bool(self.given[j][at]) for at in range(a, b)) ** 2
            for i, j in permutations(self.found, 2)
            for a, b in self.passages(i, code)
        )
        if not given_it or total == given_it:
            return np.nan
        expected = given_it * total - own  # both up to the same denominator
        return 1 - expected / given_it * (given_it - alike) / (given_it * (total - given_it))


LENGTH = 24
one_passage = st.tuples(st.sampled_from("xyz"), st.integers(0, LENGTH - 1), st.integers(1, 10)).map(
    lambda p: (p[0], p[1], min(p[1] + p[2], LENGTH))
)
overlapping = st.fixed_dictionaries({c: st.lists(one_passage, max_size=4) for c in "abc"})


@given(overlapping)
@settings(max_examples=120)
def test_every_alpha_is_its_slow_definition_codes_overlapping_or_not(found):
    slow, value = Slow(found, LENGTH), over_all(laid(found, LENGTH))
    if not any(found.values()):
        assert value.isna().all()
        return
    assert value["u alpha"] == pytest.approx(slow.alpha(lambda a, b: a != b, True), nan_ok=True)
    nominal = slow.alpha(lambda a, b: a != b, False)
    assert value["cu alpha"] == pytest.approx(nominal, nan_ok=True, abs=1e-9)
    masi = slow.alpha(masi_distance, False)
    assert value["cu alpha (MASI)"] == pytest.approx(masi, nan_ok=True, abs=1e-9)
    each = per_value(laid(found, LENGTH))
    for code in each.index:
        assert each[code] == pytest.approx(slow.value(code), nan_ok=True, abs=1e-9)


# -- what must hold -------------------------------------------------------------------------------


def test_codes_that_overlap_are_a_set():
    """Ana gives the same words two codes, ben one of them: half right by MASI, wrong by name."""
    codes = {"a": [("x", 0, 10), ("y", 0, 10), ("z", 20, 30)], "b": [("x", 0, 10), ("z", 20, 30)]}
    value = over_all(laid(codes, 100))
    assert value["|u alpha"] == 1
    assert value["cu alpha"] < value["cu alpha (MASI)"] < 1
    assert per_value(laid(codes, 100))[["x", "z"]].tolist() == [1, 1]
    assert per_value(laid(codes, 100))["y"] == pytest.approx(0, abs=0.2)


def test_confusing_two_codes_lowers_coding_and_leaves_boundaries():
    study = many(coders="ab", shift=0)
    made = study.codings
    swapped = made["code"].map({"x": "y", "y": "x"}).where(made["coder"] == "b", made["code"])
    confused = reliability.Texts(made.assign(code=swapped), study.lengths, study.assigned)
    before, after = over_all(study), over_all(confused)
    assert after["|u alpha"] == before["|u alpha"]
    assert before["cu alpha"] == 1
    assert after["cu alpha"] < 0
    assert after["u alpha"] < before["u alpha"]


def test_names_of_codes_do_not_matter():
    study = many(coders="abc")
    renamed = study.codings.assign(code=study.codings["code"].map({"x": "b", "y": "a"}))
    other = reliability.Texts(renamed, study.lengths, study.assigned)
    pd.testing.assert_series_equal(over_all(other), over_all(study))


def test_passages_put_down_at_random_agree_about_as_much_as_chance():
    rng, found = np.random.default_rng(2), {"a": [], "b": []}
    for coder in found:
        start = (40 + rng.exponential(60, 2200)).cumsum().astype(int)
        codes = rng.choice(list("xyz"), 2200)
        placed = zip(start.tolist(), codes.tolist(), strict=True)
        found[coder] = [("t", code, a, a + 40) for a, code in placed if a < 200_000]
    study = texts(found, {"t": 200_100})
    value = over_all(study)
    assert value[["|u alpha", "u alpha", "cu alpha", "cu alpha (MASI)"]].abs().max() < 0.05
    assert per_value(study).abs().max() < 0.05
