"""Gamma, an extra: what is said without it, and with it the example of its authors' package."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest
from test_reliability_family import EXAMPLE, laid
from test_reliability_passages import texts

from study import reliability
from study.errors import MissingExtraError, NotPossibleError

THERE = importlib.util.find_spec("pygamma_agreement") is not None
needed = pytest.mark.skipif(
    not THERE, reason="GAMMA NOT TRIED: pygamma-agreement is no part of the usual installation"
)
warns = pytest.mark.filterwarnings("default")  # numba and pygamma-agreement warn


def test_without_the_extra_the_command_to_get_it_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygamma_agreement", None)
    with pytest.raises(MissingExtraError, match=r"gamma needs .*: uv sync --extra gamma "):
        reliability.gamma(laid(EXAMPLE, 60))


@needed
@warns
def test_the_example_of_the_package():
    """The package's own tests find .43 to .47 with weights 3 and 1; here they are 1 and 1."""
    table = reliability.gamma(laid(EXAMPLE, 60), seed=1)
    assert tuple(table.columns) == ("transcript", *reliability.COLUMNS)
    value = table.set_index("coefficient")["value"]
    assert value["gamma"] == pytest.approx(0.51, abs=0.03)
    assert value["gamma-cat"] == pytest.approx(0.39, abs=0.03)
    assert set(table["n"]) == {16}
    assert set(table["coders"]) == {3}


@needed
@warns
def test_the_same_seed_the_same_value_and_numpy_is_as_before():
    before = np.random.get_state()[1].tolist()
    one, two = (reliability.gamma(laid(EXAMPLE, 60), seed=3)["value"] for _ in range(2))
    assert one.tolist() == pytest.approx(two.tolist(), abs=0.02)
    assert np.random.get_state()[1].tolist() == before


@needed
@warns
def test_what_cannot_be_known_has_its_reason():
    marked = {"a": [("t", "x", 0, 9)], "b": [("t", "x", 1, 9)]}
    study = texts(marked, {"t": 50, "u": 50, "v": 50}, {"a": {"t", "u", "v"}, "b": {"t", "v"}})
    table = reliability.gamma(study).set_index(["transcript", "coefficient"])
    assert table.loc[("u", "gamma"), "reason"] == "fewer than two coders worked on it"
    assert table.loc[("v", "gamma"), "reason"] == "nobody marked a passage"
    assert table.loc[("t", "gamma"), "value"] > 0
    with pytest.raises(NotPossibleError, match="no coder zoe"):
        reliability.gamma(study, coders=["a", "zoe"])
