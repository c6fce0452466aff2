"""Large and odd studies at every width of a journal: legible, on sheets no taller than a page."""

from __future__ import annotations

import pytest
from legible import FIGURES, assert_legible

from study import figures

LONG = "An organisation with a name of eighty letters {i} that goes on until it's there"
MIXED = (
    "\U0001f44d\U0001f469\u200d\U0001f52c {i} \u0634\u0631\u0627\u0643\u0629 "
    "\u05e9\u05d5\u05ea\u05e4\u05d5\u05ea $x_1$ \u4e2d\u6587 \u202egnirts <script>"
)
GROUPS = {"broker": 60, "employer": 50, "private provider": 40, "careers service": 50}
STUDIES = {
    "300 codes": {"codes": 300, "topic_count": 9, "claims": [LONG.format(i=i) for i in range(40)]},
    "200 participants": {"groups": GROUPS, "sources": 200},
    "long names": {
        "codes": 20,
        "name": LONG,
        "groups": {LONG.format(i=i): 1 + i % 4 for i in range(9)},
        "label": LONG,
        "word": "honorificabilitudinitatibus" * 3 + "{i}",
    },
    "other scripts": {
        "codes": 9,
        "name": MIXED,
        "groups": {MIXED.format(i=1): 2, MIXED.format(i=2): 1},
        "label": MIXED,
        "word": MIXED,
        "claims": [MIXED.format(i=i) for i in range(4)],
    },
}


@pytest.fixture(scope="module")
def made(composed):
    """Return the tables of each study, made once."""
    return {study: composed.make(**about) for study, about in STUDIES.items()}


WIDTHS = {"300 codes": [90], "200 participants": [190]}
CASES = [(study, width) for study in STUDIES for width in WIDTHS.get(study, [90, 140, 190])]


@pytest.mark.slow
@pytest.mark.parametrize(("study", "width"), CASES)
@pytest.mark.parametrize("name", FIGURES)
def test_hostile_study_is_legible(name, study, width, made):
    figure = getattr(figures, name)(made[study][name], width=width)
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(width)
    assert_legible(figure)


def test_a_tall_figure_continues_with_heads_and_legend_on_every_sheet(made):
    figure = figures.code_frequencies(made["300 codes"]["code_frequencies"])
    sheets = [figure, *figure.further]
    assert len(sheets) > 3
    said = [{text.get_text() for text in sheet.axes[0].texts} for sheet in sheets]
    assert all({"Passages", "Participants", "Stakeholder group"} <= one for one in said)
    assert any("Development (continued)" in one for one in said)
    names = {f"Code number {i}" for i in range(300)}
    assert set.union(*said) & names == names
    heights = [sheet.get_size_inches()[1] for sheet in sheets]
    assert max(heights) - min(heights) < 1.5  # inches: no sheet has but a few rows


def test_bars_have_one_scale_on_all_sheets(made):
    figure = figures.code_frequencies(made["300 codes"]["code_frequencies"])
    ticks = []
    for sheet in (figure, *figure.further):
        numbers = [t for t in sheet.axes[0].texts if t.get_text() == "20"]
        ticks.append({round(t.get_position()[0], 3) for t in numbers if t.get_ha() == "center"})
    assert len(set(map(frozenset, ticks))) == 1


def test_a_script_in_a_name_is_text(made, tmp_path):
    figure = figures.code_tree(made["other scripts"]["code_tree"])
    paths = figures.save(figure, tmp_path / "x", title="<script>", caption="c", alt="<b>")
    svg = paths[1].read_text("utf-8")
    assert "<script" not in svg
    assert "<b>" not in svg
