"""The code tree, the timelines and their tables, against the tiny study counted by hand."""

from __future__ import annotations

import pytest
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

import study
from study import figures, tables
from study.errors import NotPossibleError
from study.figures import style
from study.text import words as words_of

TITLES = {"Idea": "Idea", "Making together": "Making together", "Learning at work": "Learning"}


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def marks(figure, kind, start):
    return {a.get_gid(): a for a in figure.findobj(kind) if str(a.get_gid()).startswith(start)}


def test_tree_counts_codes_and_branches(project):
    table = tables.code_tree(project).set_index("code")
    counts = ["level", "parent", "passages", "passages_below", "participants", "of_participants"]
    assert list(table.loc["idea", counts]) == [1, "", 0, 3, 2, 3]
    assert list(table.loc["idea.meaning", counts]) == [2, "idea", 2, 2, 2, 3]
    assert list(table.loc["idea.assessed", counts]) == [2, "idea", 1, 1, 1, 3]
    assert list(table.loc["learning", counts]) == [1, "", 0, 3, 3, 3]
    assert table["branch"]["idea.meaning"] == "Idea"
    parents = [code.rpartition(".")[0] for code in table.index]
    seen = {""}
    for code, parent in zip(table.index, parents, strict=True):
        assert parent in seen  # a branch stands before its codes
        seen.add(code)


def test_tree_of_another_coder_has_that_coders_counts(project):
    table = tables.code_tree(project, tables.codings(project, "ana")).set_index("code")
    assert table.loc["idea", "passages_below"] == 3
    assert table["passages"].sum() == 7


def test_tree_says_own_and_all_passages_and_names_the_unused(project):
    said = words(figures.code_tree(tables.code_tree(project)))
    assert {"3 (own 0)", "2/3", "3/3"} <= set(said)
    assert any(word.endswith("with no passage.") for word in said)
    table = tables.code_tree(project)
    unused = int((table["passages_below"] == 0).sum())
    assert f"{len(table)} codes; {unused} of them" in " ".join(said)


def test_bars_of_the_tree_are_as_long_as_the_counts(project):
    bars = marks(figures.code_tree(tables.code_tree(project)), Rectangle, "code_tree")
    meaning = bars["code_tree?code=idea.meaning&part=own"].get_width()
    assessed = bars["code_tree?code=idea.assessed&part=own"].get_width()
    below = bars["code_tree?code=idea&part=below"].get_width()
    assert meaning == pytest.approx(2 * assessed)
    assert below == pytest.approx(3 * assessed)
    assert "code_tree?code=idea&part=own" not in bars


def test_masked_counts_of_the_tree_have_no_bar(project):
    table = tables.code_tree(project)
    table["passages"] = table["passages"].astype("Int64").mask(table["code"] == "idea.assessed")
    figure = figures.code_tree(table)
    assert "[c]" in words(figure)
    assert "code_tree?code=idea.assessed&part=own" not in marks(figure, Rectangle, "code_tree")


def test_timeline_counts_the_words_before_each_passage(project):
    table = tables.timeline(project, "T1")
    source = project.source("T1")
    said = [words_of(source.quote(turn.selection)) for turn in source.turns]
    turns = table[table["kind"] == "turn"]
    assert list(turns["to_word"] - turns["from_word"]) == [len(one) for one in said]
    assert set(table["of_words"]) == {sum(map(len, said))}
    row = table[table["code"] == "idea.meaning"].iloc[0]
    start = source.text.index("Nobody here agrees")
    before = [turn for turn in source.turns if turn.selection.end <= start]
    within = next(
        turn for turn in source.turns if turn.selection.start <= start < turn.selection.end
    )
    counted = sum(len(words_of(source.quote(turn.selection))) for turn in before)
    counted += len(words_of(source.text[within.selection.start : start]))
    assert (row["from_word"], row["to_word"]) == (counted, counted + 5)
    assert row["line"] == 5


def test_timeline_knows_participants_and_transcripts_and_helps_with_others(project):
    assert set(tables.timeline(project, "T2")["participant"]) == {"T2"}
    assert set(tables.timeline(project)["participant"]) == {"T1", "T2", "T3"}
    with pytest.raises(NotPossibleError, match="no interview 'T4'; there are: T1, T2, T3"):
        tables.timeline(project, "T4")


def test_timeline_of_an_interview_nobody_read_is_refused(tiny):
    for path in (tiny / "codebooks/tiny/codings").glob("*/T3.csv"):
        path.unlink()
    with pytest.raises(NotPossibleError, match="'T3' has not been coded yet"):
        tables.timeline(study.load(tiny), "T3")


def test_no_name_of_a_speaker_and_no_word_stands_in_the_timeline(project):
    table = tables.timeline(project)
    assert not {"speaker", "text", "quotation", "memo"} & set(table.columns)


def test_timeline_draws_a_bar_for_every_passage_and_says_the_line(project):
    table = tables.timeline(project, "T1")
    figure = figures.timeline(table, titles=TITLES)
    passages = table[table["kind"] == "passage"]
    bars = marks(figure, Rectangle, "timeline?coding=")
    assert len(bars) == len(passages) == 4
    left = {row["id"]: row["from_word"] for row in passages.to_dict("records")}
    at = {gid.rpartition("=")[2]: bar.get_x() for gid, bar in bars.items()}
    assert sorted(at, key=at.__getitem__) == sorted(left, key=left.__getitem__)
    assert "line 3" in words(figure)
    assert any("4 passages with 4 codes" in word for word in words(figure))


def test_timeline_is_of_one_interview_with_passages(project):
    with pytest.raises(NotPossibleError, match="one interview, and the table holds 3"):
        figures.timeline(tables.timeline(project))
    table = tables.timeline(project, "T1")
    with pytest.raises(NotPossibleError, match="T1 has no coded passage yet"):
        figures.timeline(table[table["kind"] == "turn"])
    with pytest.raises(NotPossibleError, match="no interview has a coded passage"):
        figures.timelines(table[table["kind"] == "turn"])


def test_timelines_keep_an_interview_without_codings(project):
    table = tables.timeline(project)
    silent = table[(table["participant"] != "T3") | (table["kind"] == "turn")]
    figure = figures.timelines(silent, titles=TITLES)
    assert {"T3", "0"} <= set(words(figure))
    assert any("n = 3 interviews, 6 passages" in word for word in words(figure))


def test_branches_have_the_same_lane_and_colour_in_every_interview(project):
    figure = figures.timelines(tables.timeline(project), titles=TITLES)
    lanes = marks(figure, PolyCollection, "timelines")
    colours = style.branch_colours((), TITLES)
    for gid, lane in lanes.items():
        branch = gid.rpartition("=")[2].replace("%20", " ")
        assert lane.get_facecolor()[0][:3] == pytest.approx(
            [int(colours[branch][i : i + 2], 16) / 255 for i in (1, 3, 5)], abs=1e-6
        )
    passages = tables.timeline(project).query("kind == 'passage'")
    assert sum(len(lane.get_paths()) for lane in lanes.values()) == len(passages)
