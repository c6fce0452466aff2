"""Whatever the table, text is legible: none overlaps, none is cut, none is under six points."""

from __future__ import annotations

import pytest
from legible import FIGURES, assert_legible, boxes
from matplotlib.backends.backend_agg import FigureCanvasAgg

from study import figures
from study.errors import NotPossibleError

LONG = "An organisation with a name of eighty letters {i} that goes on until it's there"
EMOJI = (
    "\U0001f44d\U0001f469\u200d\U0001f52c {i} \u0634\u0631\u0627\u0643\u0629 "
    "\u05e9\u05d5\u05ea\u05e4\u05d5\u05ea $x_1$ \u4e2d\u6587 \u202egnirts"
)


@pytest.mark.parametrize("name", FIGURES)
def test_usual_table_is_legible(name, composed):
    assert_legible(getattr(figures, name)(composed.usual[name]))


@pytest.mark.parametrize("width", [90, 140, 190])
@pytest.mark.parametrize("name", FIGURES)
def test_every_journal_width_is_kept_and_legible(name, width, composed):
    figure = getattr(figures, name)(composed.usual[name], width=width)
    assert figure.get_size_inches()[0] * 25.4 == pytest.approx(width)
    assert_legible(figure)


@pytest.mark.parametrize("name", FIGURES)
def test_many_codes_and_groups_with_long_names_are_legible(name, composed):
    groups = {LONG.format(i=i): 1 + i % 7 for i in range(15)}
    tables = composed.make(
        codes=60,
        name=LONG,
        groups=groups if name != "spectrum" else {g: 1 for g in list(groups)[:15]},
        label=LONG,
        word="honorificabilitudinitatibus" * 3 + "{i}",
        claims=[LONG.format(i=i) for i in range(20)],
        sources=60,
        topic_count=12,
    )
    assert_legible(getattr(figures, name)(tables[name]))


@pytest.mark.parametrize("name", FIGURES)
def test_emoji_right_to_left_and_dollar_signs_are_drawn_without_warning(name, composed):
    tables = composed.make(
        codes=8,
        name=EMOJI,
        groups={EMOJI.format(i=1): 2, EMOJI.format(i=2): 1, "": 1},
        label=EMOJI,
        word=EMOJI,
        claims=[EMOJI.format(i=i) for i in range(3)],
        topic_count=3,
    )
    figure = getattr(figures, name)(tables[name])
    FigureCanvasAgg(figure).draw()
    assert_legible(figure)


@pytest.mark.parametrize("name", FIGURES)
def test_one_group_one_participant_one_code(name, composed):
    tables = composed.make(codes=2, groups={"broker": 1}, sources=1, topic_count=1)
    table = tables[name]
    if name == "cooccurrence":
        table = composed.usual[name].head(1).assign(participants=2)
    assert_legible(getattr(figures, name)(table))


@pytest.mark.parametrize("name", FIGURES)
def test_empty_table_says_what_to_do(name, composed):
    with pytest.raises(NotPossibleError, match=f"'{name}' has nothing to show: .+[.]"):
        getattr(figures, name)(composed.usual[name].iloc[:0])


@pytest.mark.parametrize("name", FIGURES)
def test_missing_column_is_named(name, composed):
    table = composed.usual[name]
    column = "participants" if "participants" in table else table.columns[0]
    with pytest.raises(NotPossibleError, match=f"missing: {column}"):
        getattr(figures, name)(table.drop(columns=column))


@pytest.mark.parametrize("name", FIGURES)
def test_the_table_itself_is_left_alone(name, composed):
    before = composed.usual[name].copy()
    getattr(figures, name)(composed.usual[name])
    assert before.equals(composed.usual[name])


@pytest.mark.parametrize("name", FIGURES)
def test_matplotlibrc_of_the_reader_changes_nothing(name, composed):
    import matplotlib as mpl

    usual = [t.get_text() for t in boxes(getattr(figures, name)(composed.usual[name]))[0]]
    with mpl.rc_context({"font.size": 30, "font.family": ["serif"], "text.color": "red"}):
        texts = boxes(getattr(figures, name)(composed.usual[name]))[0]
    assert [t.get_text() for t in texts] == usual
    assert {t.get_fontname() for t in texts} == {"DejaVu Sans"}
    assert "red" not in {t.get_color() for t in texts}
