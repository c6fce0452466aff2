"""Passages: published values, plain slow definitions, and what must hold for any passages."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from test_reliability_coefficients import alpha

from study import reliability
from study.errors import NotPossibleError
from study.reliability import Texts, spans

NAMES = {
    "percent": "percent agreement",
    "kappa": "Cohen's kappa",
    "alpha": "Krippendorff's alpha",
    "u": "|u alpha",
    "2004": "alpha for unitizing (2004)",
    "F": "segment overlap (F)",
    "precision": "segment overlap (precision)",
    "recall": "segment overlap (recall)",
}


def texts(marked, lengths, everybody=None):
    """Write {coder: [(source, code, start, end)]} as `Texts`; all worked on all texts."""
    rows = [(s, a, b, code, coder) for coder, found in marked.items() for s, code, a, b in found]
    codings = pd.DataFrame(rows, columns=["source", "start", "end", "code", "coder"])
    return Texts(codings, lengths, everybody or {coder: set(lengths) for coder in marked})


def value(table, name, code=""):
    (found,) = table[(table["coefficient"] == NAMES[name]) & (table["code"] == code)]["value"]
    return found


# Krippendorff (2004), Content Analysis, 2nd ed., p. 254 (as in DKPro's Krippendorff2004Test): two
# observers, a continuum of 300 from 150 on, categories c and k.
PUBLISHED = texts(
    {
        "i": [("t", "c", 75, 145), ("t", "c", 220, 250), ("t", "k", 30, 90), ("t", "k", 150, 200)],
        "j": [("t", "c", 70, 150), ("t", "c", 205, 225), ("t", "c", 250, 270),
              ("t", "k", 30, 90), ("t", "k", 150, 200)],
    },
    {"t": 300},
)  # fmt: skip


def test_krippendorff_2004():
    each = reliability.unitizing(PUBLISHED)
    assert value(each, "2004", "c") == pytest.approx(0.7286, abs=1e-4)
    assert value(each, "2004", "k") == 1
    pooled = reliability.unitizing_overall(PUBLISHED)
    assert value(pooled, "2004") == pytest.approx(0.8591, abs=5e-4)


def test_segment_overlap_by_hand():
    """Of c: 70 of 80 characters shared, 5 of 45, none: two of five passages have a counterpart."""
    each = reliability.unitizing(PUBLISHED)
    assert value(each, "F", "c") == pytest.approx(2 / 5)
    assert value(reliability.unitizing(PUBLISHED, threshold=0.1), "F", "c") == pytest.approx(4 / 5)
    assert value(reliability.unitizing(PUBLISHED, threshold=0.9), "F", "c") == 0
    assert value(reliability.unitizing_overall(PUBLISHED), "F") == pytest.approx(6 / 9)


def test_precision_and_recall_take_the_first_coder_as_the_reference():
    """Of c: i has two passages, j three, one pair of them matches."""
    each = reliability.unitizing(PUBLISHED, coders=["i", "j"])
    other = reliability.unitizing(PUBLISHED, coders=["j", "i"])
    assert value(each, "precision", "c") == value(other, "recall", "c") == pytest.approx(1 / 3)
    assert value(each, "recall", "c") == value(other, "precision", "c") == pytest.approx(1 / 2)
    assert value(each, "F", "c") == value(other, "F", "c")


def test_rows_have_the_shape_of_by_code():
    codes = pd.DataFrame({"code": ["k", "c", "z"], "name": ["K", "C", "Z"], "branch": ["b"] * 3})
    table = reliability.unitizing(PUBLISHED, codes)
    assert tuple(table.columns) == reliability.COLUMNS
    assert list(dict.fromkeys(table["name"])) == ["K", "C", "Z"]
    assert set(table["unit"]) == {"character"}
    assert set(table["n"]) == {300}
    assert set(table.loc[table["code"] == "z", "reason"]) == {"nobody used the code"}
    assert table[["low", "high"]].isna().all(axis=None)
    assert table.loc[table["code"] == "c", "warning"].str.startswith("rare: 3 passages").all()


# -- plain, slow definitions ----------------------------------------------------------------------


def characters(found, coder, source, code, length):
    """Return a coder's characters as 0 and 1: what the package never builds."""
    made = found.codings
    rows = made[(made["coder"] == coder) & (made["source"] == source) & (made["code"] == code)]
    marked = np.zeros(length)
    for start, end in zip(rows["start"], rows["end"], strict=True):
        marked[start:end] = 1
    return marked


def runs(marked):
    """Return (start, end) of the marked stretches."""
    edge = np.flatnonzero(np.diff(np.concatenate([[0], marked, [0]])))
    return list(zip(edge[::2].tolist(), edge[1::2].tolist(), strict=True))


def slow_u_alpha(coders, length):
    """Compute |u alpha by Krippendorff (2019), equations 32, 33 and 35, for one text."""
    m = len(coders)
    observed = np.zeros((2, 2))
    for i in range(m):
        for j in range(m):
            if i != j:
                for a, b in zip(coders[i], coders[j], strict=True):
                    observed[int(a), int(b)] += 1 / (m - 1)
    own = [sum(length - c.sum() for c in coders),
           sum((b - a) ** 2 for c in coders for a, b in runs(c))]  # fmt: skip
    total, margin = observed.sum(), observed.sum(axis=0)
    products = np.outer(margin, margin) - np.diag(own)
    expected = total * products / (total**2 - sum(own))
    return 1 - (total - np.trace(observed)) / (expected.sum() - np.trace(expected))


def slow_2004(coders, length):
    """Compute alpha of 2004 of one code in one text as its formulas read."""
    m, L = len(coders), length
    units = [runs(c) for c in coders]
    gaps = [runs(1 - c) for c in coders]
    seen = 0.0
    for i in range(m):
        for j in range(m):
            if i == j:
                continue
            for a, b in units[i]:
                seen += sum((a - c) ** 2 + (b - d) ** 2 for c, d in units[j] if a < d and c < b)
                seen += sum((b - a) ** 2 for c, d in gaps[j] if c <= a and b <= d)
            for c, d in gaps[i]:
                seen += sum((b - a) ** 2 for a, b in units[j] if c <= a and b <= d)
    long = [b - a for found in units for a, b in found]
    holes = [d - c for found in gaps for c, d in found]
    chance = sum(
        (len(long) - 1) / 3 * (2 * n**3 - 3 * n**2 + n)
        + n**2 * sum(h - n + 1 for h in holes if h >= n)
        for n in long
    )
    expected = 2 / L * chance / (m * L * (m * L - 1) - sum(n * (n - 1) for n in long))
    return 1 - seen / (m * (m - 1) * L**2) / expected


LENGTH = 40
passage = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, 12)).map(
    lambda p: (p[0], min(p[0] + p[1], LENGTH))
)
marked = st.fixed_dictionaries({coder: st.lists(passage, max_size=4) for coder in "abc"})


def apart(found):
    """Keep passages that neither overlap nor touch: the slow definitions cannot tell touching."""
    kept, last = [], -2
    for a, b in sorted(found):
        if a > last:
            kept.append(("t", "x", a, b))
            last = b
    return kept


@given(marked)
@settings(max_examples=60, deadline=None)
def test_every_measure_of_one_text_is_its_slow_definition(found):
    kept = {coder: apart(each) for coder, each in found.items()}
    laid = texts(kept, {"t": LENGTH})
    table = reliability.unitizing(laid, pd.DataFrame({"code": ["x"], "name": "x", "branch": "x"}))
    coders = [characters(laid, coder, "t", "x", LENGTH) for coder in "abc"]
    if not any(c.any() for c in coders) or all(c.all() for c in coders):
        return
    assert value(table, "alpha", "x") == pytest.approx(alpha(coders))
    assert value(table, "u", "x") == pytest.approx(slow_u_alpha(coders, LENGTH))
    assert value(table, "2004", "x") == pytest.approx(slow_2004(coders, LENGTH))


@given(marked)
@settings(max_examples=40, deadline=None)
def test_kappa_is_that_of_all_characters(found):
    laid = texts(
        {c: [("t", "x", a, b) for a, b in found[c]] for c in "ab"} | {"b": [("t", "x", 3, 9)]},
        {"t": LENGTH},
    )
    a, b = (characters(laid, coder, "t", "x", LENGTH) for coder in "ab")
    table = reliability.unitizing(laid, coefficients=["percent agreement", "Cohen's kappa"])
    assert value(table, "percent", "x") == pytest.approx((a == b).mean())
    assert value(table, "kappa", "x") == pytest.approx(cohen_kappa_score(a, b))


# -- several texts, several coders ----------------------------------------------------------------


def many(seed=1, sources=6, coders="abc", length=400, shift=6):
    """Compose passages that coders mark with boundaries of their own."""
    rng = np.random.default_rng(seed)
    found = {coder: [] for coder in coders}
    for source in range(sources):
        for start in range(10, length - 60, 60):
            code = "xy"[int(rng.integers(2))]
            for coder in coders:
                if rng.random() < 0.8:
                    a, b = rng.integers(-shift, shift + 1, size=2)
                    found[coder].append((f"P{source}", code, start + int(a), start + 30 + int(b)))
    return texts(found, {f"P{n}": length for n in range(sources)})


def test_intervals_hold_their_values():
    table = pd.concat([reliability.unitizing(many()), reliability.unitizing_overall(many())])
    assert table["value"].notna().all()
    alike = table["coefficient"].str.contains("cu alpha|\\(k\\)u")  # no text has different codes
    assert set(table.loc[alike, "value"]) == {1}
    table = table[~alike]
    inside = (table["low"] <= table["value"]) & (table["value"] <= table["high"])
    assert inside.all()
    assert set(table["reason"]) == {""}


@pytest.mark.parametrize("seed", range(3))
def test_alike_passages_agree_perfectly(seed):
    """But for alpha of 2004 and |u alpha of a text marked throughout, all are 1."""
    one = many(seed, coders="a")
    made = pd.concat([one.codings, one.codings.assign(coder="b")])
    same = Texts(made, one.lengths, {c: set(one.lengths) for c in "ab"})
    for table in (reliability.unitizing(same), reliability.unitizing_overall(same)):
        np.testing.assert_allclose(table["value"], 1)


def test_a_text_that_one_coder_worked_on_tells_nothing():
    three = many(sources=3)
    lengths = three.lengths | {"alone": 500}
    more = pd.concat(
        [three.codings, pd.DataFrame([("alone", 0, 90, "x", "a")], columns=list(three.codings))]
    )
    alone = Texts(
        more, lengths, {"a": set(lengths), "b": set(three.lengths), "c": set(three.lengths)}
    )
    for ours in (reliability.unitizing, reliability.unitizing_overall):
        before, after = ours(three), ours(alone)
        np.testing.assert_allclose(after["value"], before["value"])
        np.testing.assert_allclose(after["prevalence"], before["prevalence"])


def test_working_on_a_text_without_a_passage_is_a_decision():
    found = {"a": [("t", "x", 0, 10)], "b": []}
    decided = reliability.unitizing(texts(found, {"t": 100}))
    assert value(decided, "percent", "x") == 0.9
    absent = reliability.unitizing(texts(found, {"t": 100}, {"a": {"t"}, "b": set()}))
    assert absent["value"].isna().all()
    assert set(absent["reason"]) == {"no unit was judged by two coders"}


@given(marked, st.permutations("abc"))
@settings(max_examples=25, deadline=None)
def test_names_of_coders_do_not_matter(found, names):
    rows = {c: [("t", "x", a, b) for a, b in each] for c, each in found.items()}
    renamed = {names["abc".index(c)]: each for c, each in rows.items()}
    codes = pd.DataFrame({"code": ["x"], "name": "x", "branch": "x"})
    one, two = (
        reliability.unitizing(texts(each, {"t": LENGTH}), codes, resamples=2)
        for each in (rows, renamed)
    )
    directed = one["coefficient"].str.contains("precision|recall")
    np.testing.assert_allclose(one["value"][~directed], two["value"][~directed], atol=1e-9)


def test_passages_that_make_no_sense_are_refused():
    for bad in (("t", "x", 5, 5), ("t", "x", -1, 4), ("t", "x", 90, 101)):
        with pytest.raises(ValueError, match="empty or lies outside"):
            reliability.unitizing(texts({"a": [bad], "b": []}, {"t": 100}))
    with pytest.raises(ValueError, match="length is not known"):
        reliability.unitizing(texts({"a": [("u", "x", 1, 4)], "b": []}, {"t": 100}))
    with pytest.raises(NotPossibleError, match="no coder zoe; there are: i, j"):
        reliability.unitizing(PUBLISHED, coders=["i", "zoe"])
    with pytest.raises(ValueError, match="threshold"):
        reliability.unitizing(PUBLISHED, threshold=0)


def test_machines_and_consensus_are_left_out():
    made = pd.concat([PUBLISHED.codings, PUBLISHED.codings.head(2).assign(coder="consensus")])
    more = Texts(made, PUBLISHED.lengths, {**PUBLISHED.assigned, "consensus": {"t"}})
    pd.testing.assert_frame_equal(reliability.unitizing(more), reliability.unitizing(PUBLISHED))


def test_only_what_is_heard_counts():
    """Participants speak from 10 to 30 and from 50 to 60: places 0 to 20 and 20 to 30 of 30."""
    marked = {
        "a": [("t", "x", 5, 20), ("t", "x", 25, 55), ("t", "y", 31, 49)],
        "b": [("t", "x", 10, 20), ("t", "y", 0, 60)],
    }
    heard = {"t": [(10, 30), (50, 60)]}
    whole = texts(marked, {"t": 70})
    found = reliability.unitizing(Texts(whole.codings, whole.lengths, whole.assigned, heard))
    same = texts({"a": [("t", "x", 0, 10), ("t", "x", 15, 25)],
                  "b": [("t", "x", 0, 10), ("t", "y", 0, 30)]}, {"t": 30})  # fmt: skip
    pd.testing.assert_frame_equal(found, reliability.unitizing(same))
    assert set(found["n"]) == {30}
    outside = texts({"a": [("t", "x", 5, 80)], "b": []}, {"t": 70})
    with pytest.raises(ValueError, match="lies outside"):
        reliability.unitizing(Texts(outside.codings, outside.lengths, outside.assigned, heard))


spans_of_two = st.tuples(*[st.lists(passage, max_size=6)] * 2)


@given(spans_of_two, st.sampled_from([0.05, 0.25, 0.5, 1.0]))
def test_a_passage_matches_one_other_at_most_and_as_many_as_can_do(found, threshold):
    rows = {c: apart(each) for c, each in zip("ab", found, strict=True)}
    graph = nx.Graph()
    for i, (_, _, a, b) in enumerate(rows["a"]):
        for j, (_, _, c, d) in enumerate(rows["b"]):
            shared = min(b, d) - max(a, c)
            if shared > 0 and shared >= threshold * (b - a + d - c - shared):
                graph.add_edge(("a", i), ("b", j))
    expected = len(nx.max_weight_matching(graph, maxcardinality=True))
    total = len(rows["a"]) + len(rows["b"])
    if total:
        table = reliability.unitizing(texts(rows, {"t": LENGTH}), threshold=threshold)
        assert value(table, "F", "x") == pytest.approx(2 * expected / total)


def test_overlapping_passages_of_one_coder_are_one_and_touching_ones_stay_two():
    found = spans.line(
        texts({"a": [("t", "x", 0, 5), ("t", "x", 3, 9), ("t", "x", 9, 12)], "b": []}, {"t": 20})
    )
    assert found.passages[0].start.tolist() == [0, 9]
    assert found.passages[0].end.tolist() == [9, 12]
