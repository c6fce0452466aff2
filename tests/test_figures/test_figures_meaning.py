"""What a researcher reads off a figure is what stands in the table."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from matplotlib.patches import Circle, Rectangle

from study import figures
from study.errors import NotPossibleError
from study.figures import lettering, network
from study.figures.axis import ticks
from study.figures.sheet import Box


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def marks(figure, kind, start):
    return {a.get_gid(): a for a in figure.findobj(kind) if str(a.get_gid()).startswith(start)}


def counts(*rows):
    names = ("code", "branch", "group", "passages", "participants", "of_participants")
    return pd.DataFrame([{**dict(zip(names, row, strict=True)), "name": row[0]} for row in rows])


SMALL = counts(
    ("dev.co-design", "dev", "broker", 12, 4, 6),
    ("dev.co-design", "dev", "employer", 1, 1, 2),
    ("dev.contract", "dev", "broker", 2, 1, 6),
    ("dev.contract", "dev", "employer", 0, 0, 2),
    ("learn.staff", "learn", "broker", 3, 2, 6),
    ("learn.staff", "learn", "employer", 5, 2, 2),
    ("risk.fad", "risk", "broker", 9, 5, 6),
)


def test_map_says_k_of_n_and_keeps_the_two_senses_of_partnership_apart():
    titles = {
        "dev": "Industry as partner in development",
        "learn": "Industry as partner in learning",
    }
    said = words(figures.practice_map(SMALL, practices=("dev", "learn"), titles=titles))
    assert {"4/6", "1/2", "n = 6", "n = 2", "5/8"} <= set(said)
    assert said.index(titles["dev"]) < said.index("dev.contract") < said.index(titles["learn"])
    assert "risk.fad" not in said


def test_area_of_a_dot_is_participants_and_shade_is_passages():
    dots = marks(figures.practice_map(SMALL, practices=("dev",)), Circle, "practice_map?")
    four = dots["practice_map?practice=dev.co-design&group=broker"]
    one = dots["practice_map?practice=dev.contract&group=broker"]
    assert four.radius**2 / one.radius**2 == pytest.approx(4)
    assert sum(four.get_facecolor()[:3]) < sum(one.get_facecolor()[:3])


def test_a_zero_is_drawn_as_a_stroke():
    figure = figures.practice_map(SMALL, practices=("dev",))
    gid = "practice_map?practice=dev.contract&group=employer"
    assert [a for a in figure.findobj(lambda a: a.get_gid() == gid)]
    assert gid not in marks(figure, Circle, "practice_map?")


def test_unknown_practice_is_refused_with_the_branches_there_are():
    with pytest.raises(
        NotPossibleError, match="under nothing; the table's branches are dev, learn"
    ):
        figures.practice_map(SMALL, practices=("nothing",))


def test_groups_stand_in_the_order_asked_for():
    said = words(figures.practice_map(SMALL, groups=("employer", "broker")))
    assert said.index("Employer") < said.index("Broker")


def test_bars_of_frequencies_add_up():
    figure = figures.code_frequencies(SMALL)
    bars = marks(figure, Rectangle, "code_frequencies?code=dev.co-design&part=passages")
    broker, employer = (bars[k].get_width() for k in sorted(bars))
    assert broker / employer == pytest.approx(12)
    assert {"13", "5/8"} <= set(words(figure))


def test_many_groups_are_drawn_as_large_ones_and_the_rest(composed):
    groups = {f"group {i}": 20 - i for i in range(12)}
    figure = figures.code_frequencies(composed.make(groups=groups)["code_frequencies"])
    rest = sum(range(9, 14))
    assert f"5 smaller groups together (n = {rest})" in words(figure)


def test_spectrum_marks_two_stances_of_one_participant_side_by_side(composed):
    figure = figures.spectrum(composed.usual["spectrum"])
    gid = "spectrum?participant=P00-0&code=development.code-0"
    found = [a.get_gid() for a in figure.findobj(lambda a: str(a.get_gid()).startswith(gid))]
    assert len(found) == 1  # 0 passages in the first row, 2 negative ones in the added row
    assert found[0].endswith("stance=negative")


def test_spectrum_without_codings_is_refused(composed):
    table = composed.usual["spectrum"].assign(passages=0)
    with pytest.raises(NotPossibleError, match="coded with a feature"):
        figures.spectrum(table)


def test_network_leaves_out_pairs_of_too_few_participants(composed):
    table = composed.usual["cooccurrence"]
    figure = figures.cooccurrence(table, minimum_participants=6, pairs=500)
    lines = [a.get_gid() for a in figure.findobj(lambda a: "&b=" in str(a.get_gid()))]
    assert len(lines) == (table.participants >= 6).sum()
    with pytest.raises(NotPossibleError, match="7 participants or more"):
        figures.cooccurrence(table, minimum_participants=7)


def test_network_draws_stronger_pairs_thicker(composed):
    table = composed.usual["cooccurrence"].sort_values("jaccard", ascending=False)
    figure = figures.cooccurrence(table)
    thick = {
        a.get_gid(): a.get_linewidth() for a in figure.findobj(lambda a: "&b=" in str(a.get_gid()))
    }
    keys = [f"cooccurrence?a={a}&b={b}" for a, b in zip(table.code_a, table.code_b, strict=True)]
    widths = [thick[key] for key in keys if key in thick]
    assert widths == sorted(widths, reverse=True)


def test_labels_of_a_network_cover_neither_nodes_nor_one_another(composed):
    names = {f"a.{i}": f"Code number {i}" for i in range(30)}
    branches = {code: "a" for code in names}
    radii = {code: 4.0 + i % 5 for i, code in enumerate(names)}
    places = network.layout(branches, {("a.0", "a.1"): 1.0})
    at = network.spread(places, Box(50, 20, 440, 300), radii)
    labels = network.place_labels(names, at, radii, [("a.0", "a.1")], Box(0, 0, 540, 340))
    assert labels is not None
    taken = [label.box for label in labels.values()]
    taken += [
        Box(x - radii[c], y - radii[c], 2 * radii[c], 2 * radii[c]) for c, (x, y) in at.items()
    ]
    assert not [
        1 for i, one in enumerate(taken[:30]) for other in taken[i + 1 :] if one.meets(other)
    ]


def test_crosses_knows_when_a_line_meets_a_box():
    box = Box(10, 10, 10, 10)
    assert network.crosses(((0, 15), (30, 15)), box)
    assert network.crosses(((12, 12), (13, 13)), box)
    assert not network.crosses(((0, 0), (30, 5)), box)
    assert not network.crosses(((0, 15), (5, 15)), box)


def test_crosswalk_is_darker_where_lift_is_higher():
    rows = [
        {
            "topic": i,
            "label": "t",
            "code": "a.b",
            "name": "B",
            "branch": "a",
            "units": 4,
            "of_topic": 9,
            "lift": lift,
        }
        for i, lift in enumerate((0.5, 1.2, 1.7, 2.5, 9.0, math.nan))
    ]
    cells = marks(figures.crosswalk(pd.DataFrame(rows)), Rectangle, "crosswalk?")
    lights = [sum(cell.get_facecolor()[:3]) for _, cell in sorted(cells.items())][:5]
    assert lights == sorted(lights, reverse=True)


def test_propositions_count_participants_over_groups():
    rows = [
        {
            "proposition": "prop-01",
            "claim": "C",
            "group": group,
            "verdict": verdict,
            "passages": passages,
            "participants": people,
            "of_participants": 3,
        }
        for group, verdict, passages, people in (
            ("broker", "supports", 5, 2),
            ("broker", "contradicts", 1, 1),
            ("employer", "mixed", 4, 3),
        )
    ]
    figure = figures.propositions(pd.DataFrame(rows))
    assert "1 \u00b7 3 \u00b7 2" in words(figure)
    bars = marks(figure, Rectangle, "propositions?")
    supports = bars["propositions?proposition=prop-01&group=broker&verdict=supports"]
    contradicts = bars["propositions?proposition=prop-01&group=broker&verdict=contradicts"]
    assert supports.get_width() / contradicts.get_width() == pytest.approx(5)
    assert contradicts.get_x() < supports.get_x()


def test_undefined_reliability_is_said_and_never_drawn(composed):
    table = composed.usual["reliability"]
    figure = figures.reliability(table)
    drawn = marks(figure, Circle, "reliability?")
    assert len(drawn) == table["value"].notna().sum()
    said = " ".join(words(figure))
    assert said.count("undefined:") == table["value"].isna().sum()


def test_rare_codes_are_marked_beside_any_coefficient(composed):
    table = composed.usual["reliability"]
    figure = figures.reliability(table)
    rare = table.loc[table["warning"] != "", "code"].nunique()
    assert 0 < rare < table["code"].nunique()
    assert words(figure).count("rare") == rare
    chosen = table[table["coefficient"] == table["coefficient"].iloc[0]]
    for name in ("Gwet's AC1", "(k)u alpha"):
        figure = figures.reliability(chosen.assign(coefficient=name))
        assert name[:1].upper() + name[1:] in words(figure)
        assert len(marks(figure, Circle, "reliability?")) == chosen["value"].notna().sum()


def test_rows_without_a_code_are_told_apart_by_name(composed):
    """Branches have names only."""
    table = composed.usual["reliability"]
    branches = table.drop_duplicates(["branch", "coefficient"])
    figure = figures.reliability(branches.assign(code="", name=branches["branch"]))
    assert len(marks(figure, Circle, "reliability?")) == branches["value"].notna().sum()


def test_saturation_without_random_orders_draws_no_band(composed):
    nothing = {"mean": math.nan, "low": math.nan, "high": math.nan, "orders": 0}
    figure = figures.saturation(composed.usual["saturation"].assign(**nothing))
    assert not [word for word in words(figure) if "random" in word]


def test_keyness_shows_only_words_that_the_group_uses_more(composed):
    figure = figures.keyness(composed.usual["keyness"], words=20)
    assert "word9" in words(figure)
    assert "word10" not in words(figure)
    with pytest.raises(NotPossibleError, match="no group uses a word more"):
        figures.keyness(composed.usual["keyness"].assign(log_ratio=-1.0))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 7), (0, 12), (-0.3, 1), (0, 40_000), (0, 0)])
def test_ticks_are_few_round_and_within(low, high):
    found = ticks(low, high, 5, whole=high > 1)
    assert 1 <= len(found) <= 5
    assert all(low - 1e-9 <= value <= high + 1e-9 for value in found)


@pytest.mark.parametrize(
    "text", ["", "word", "several short words", "x" * 300, "\u05e9\u05dc " * 90]
)
def test_wrapped_lines_fit_their_room(text):
    lines = lettering.wrap(text, 60, 7, 3)
    assert 1 <= len(lines) <= 3
    assert all(lettering.width(line, 7) <= 60 for line in lines)


def test_cut_text_is_seen_to_be_cut():
    assert lettering.wrap("word " * 50, 60, 7, 2)[-1].endswith("\u2026")
    assert not lettering.wrap("two words", 200, 7, 2)[-1].endswith("\u2026")


def test_characters_without_a_glyph_become_boxes():
    nobody = "\U000f0000"  # for private use: no font of the list has it
    assert lettering.drawable(f"a{nobody}\x07\u202e\nb") == "a\u25a1 b"
    assert lettering.undrawn(f"a{nobody}\x07\u202e\nb") == {nobody}


def test_the_map_says_who_speaks_of_a_practice_only_negatively(composed):
    table = composed.usual["practice_map"].assign(only_negative=0)
    assert not any("\u25be" in word for word in words(figures.practice_map(table)))
    first = table.index[table["participants"] > 1][0]
    table.loc[first, "only_negative"] = 1
    said = words(figures.practice_map(table))
    row = table.loc[first]
    assert f"{row['participants']}/{row['of_participants']} \u25be1" in said
    assert any("only negatively" in word for word in said)
