"""What a researcher reads off the figures of topics is what stands in their tables."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from study import figures
from study.figures import style


def words(figure):
    pages = [figure, *figure.further]
    return [text.get_text() for page in pages for text in page.axes[0].texts]


def marks(figure, kind, start):
    pages = [figure, *figure.further]
    found = (a for page in pages for a in page.findobj(kind))
    return {a.get_gid(): a for a in found if str(a.get_gid()).startswith(start)}


def frames(figure):
    """Return the thick frames around cells, the legend's sample not counted."""
    lines = [line for line in figure.findobj(Line2D) if line.get_linewidth() == 1.3]
    return [line for line in lines if len(line.get_xdata()) == 5][:-1]


def test_an_unstable_topic_is_an_open_circle_and_said_to_be_so(composed):
    table = composed.usual["topics"].assign(stability=[0.49, 0.5, 0.76, 0.9, float("nan"), 1.0])
    figure = figures.topics(table)
    found = marks(figure, Circle, "topics?")
    paper = [float(int(style.PAPER[i : i + 2], 16)) / 255 for i in (1, 3, 5)]
    opened = [gid for gid, mark in found.items() if list(mark.get_facecolor()[:3]) == paper]
    assert opened == ["topics?topic=0&part=stability"]
    assert {"0.49", "0.50", "0.76", "\u2013"} <= set(words(figure))
    assert "unstable" in " ".join(words(figure))
    places = [found[f"topics?topic={i}&part=stability"].center[0] for i in (0, 1, 2, 3, 5)]
    assert places == sorted(places)


def test_cells_that_pass_the_corrected_test_are_framed_and_bold(composed):
    table = composed.usual["crosswalk"].assign(p=1.0)
    table.loc[[3, 40], "p"] = [0.05, 0.051]
    table.loc[[3, 40], "units"] = [77, 78]
    figure = figures.crosswalk(table)
    assert len(frames(figure)) == 1
    weight = {text.get_text(): text.get_fontweight() for text in figure.axes[0].texts}
    assert (weight["77"], weight["78"]) == ("bold", "normal")
    assert "corrected for all cells" in " ".join(words(figure))


def test_without_a_test_nothing_is_framed_and_that_is_said(composed):
    table = composed.usual["crosswalk"]
    for untested in (table.drop(columns="p"), table.assign(p=float("nan"))):
        said = " ".join(words(figures.crosswalk(untested)))
        assert "No cell is tested." in said
        assert "corrected" not in said


def test_a_cell_of_too_few_people_is_shown_as_kept_back(composed):
    table = composed.usual["crosswalk"].astype({"units": "float64"})
    table.loc[5, ["units", "lift", "p"]] = float("nan")
    assert "[c]" in words(figures.crosswalk(table))


def test_the_number_chosen_is_marked_in_every_curve(composed):
    table = composed.usual["topic_selection"]
    figure = figures.topic_selection(table, chosen=4)
    assert "chosen: 4" in words(figure)
    dashed = [a for a in figure.findobj(Line2D) if a.get_linestyle() == "--"]
    assert len(dashed) == 3
    fewer = figures.topic_selection(table.drop(columns="separation"))
    assert "Separation" not in " ".join(words(fewer))
    assert not [word for word in words(figures.topic_selection(table)) if "chosen: " in word]


def test_one_number_tried_is_drawn_too(composed):
    figure = figures.topic_selection(composed.usual["topic_selection"].head(1), chosen=2)
    assert "chosen: 2" in words(figure)


def test_where_people_are_too_few_there_is_no_interval_and_the_circle_is_open(composed):
    figure = figures.topics_by_group(composed.usual["topics_by_group"])
    found = marks(figure, Circle, "topics_by_group?")
    width = {gid: mark.get_linewidth() for gid, mark in found.items()}
    assert width["topics_by_group?topic=0&group=broker"] < 0.5
    assert width["topics_by_group?topic=0&group=employer"] > 0.5
    lines = [a for a in figure.findobj(Line2D) if a.get_linewidth() == 2.2]
    assert len(lines) == 6 + 1, "one for each topic of the brokers, and the legend's"
    assert {"n = 6", "n = 2"} <= set(words(figure))


def test_every_passage_is_on_the_map_and_a_weak_one_is_open(composed):
    table = composed.usual["topic_map"]
    figure = figures.topic_map(table)
    found = [a for a in figure.findobj(lambda a: "topic_map?source" in str(a.get_gid()))]
    assert len(found) == len(table)
    paper = tuple(int(style.PAPER[i : i + 2], 16) / 255 for i in (1, 3, 5))
    weak = [a for a in found if a.get_facecolor()[:3] == paper]
    assert len(weak) == int(table["weak"].sum())
    assert "topic 0 (unstable)" in " ".join(words(figure))
    assert f"n = {len(table)} units" in " ".join(words(figure))


def test_near_on_the_map_is_near_in_the_table(composed):
    table = composed.usual["topic_map"]
    figure = figures.topic_map(table)
    discs = marks(figure, Circle, "topic_map?topic=")
    middle = table.groupby("topic")["x"].mean()
    drawn = {int(gid.rpartition("=")[2]): disc.center[0] for gid, disc in discs.items()}
    left, right = int(middle.idxmin()), int(middle.idxmax())
    assert drawn[left] < drawn[right]


@pytest.mark.parametrize("count", [1, 2, 40, 70])
def test_labels_of_the_map_never_lie_on_one_another_however_many(composed, count):
    from test_figures_layout import assert_legible

    table = composed.make(topic_count=count, label="a long label of topic {i}")["topic_map"]
    figure = figures.topic_map(table)
    assert_legible(figure)
    assert all(str(topic) in words(figure) for topic in table["topic"].unique())


def test_a_hundred_thousand_passages_are_drawn_as_some_of_them():
    size = 100_000
    table = pd.DataFrame(
        {
            "topic": [i % 20 for i in range(size)],
            "label": "x",
            "source": "P01",
            "line": 1,
            "x": [float(i % 997) for i in range(size)],
            "y": [float(i % 613) for i in range(size)],
            "weak": False,
        }
    )
    figure = figures.topic_map(table)
    drawn = figure.findobj(lambda a: "topic_map?source" in str(a.get_gid()))
    assert len(drawn) <= 3100
    assert "n = 100000 units, of which one in 34 is drawn" in " ".join(words(figure))
