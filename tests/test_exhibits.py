"""What a study publishes: captions say what was counted, of how many, and what was left out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import study
from study import exhibits, topics
from study.errors import NotPossibleError
from study.exhibits import STAGES, Results

CODED = ("code frequencies", "map of current practice", "spectrum of definitions", "propositions")


def made(project, stage):
    """Return the exhibits of one stage, by name."""
    return {one.name: one for one in STAGES[stage](Results(project))}


@pytest.fixture
def partly(tiny):
    """Return the tiny study of which the reporting coder has taken on T1 and T3 only."""
    (tiny / "codebooks/tiny/codings/consensus/T2.csv").unlink()
    return study.load(tiny)


@pytest.mark.parametrize("stage", [*CODED, "code co-occurrence", "saturation"])
def test_captions_count_only_what_was_coded(project, partly, stage):
    first = next(iter(made(partly, stage).values()))
    assert "n = 2 participants (codings: consensus; 2 of 3 transcripts coded)" in first.caption
    whole = next(iter(made(project, stage).values()))
    assert "n = 3 participants" in whole.caption
    assert "transcripts coded" not in whole.caption


def test_saturation_leaves_out_interviews_that_nobody_has_read(partly):
    found = made(partly, "saturation")
    assert list(found["saturation"].table["source"]) == ["T1", "T3"]
    summary = found["saturation-summary"].table.set_index("measure")
    assert summary.loc["interviews", "value"] == 2
    assert "; 2 of 3 transcripts coded)" in found["saturation-summary"].caption


def test_topics_are_crossed_with_codes_only_where_somebody_coded(partly):
    from heard import modelled

    rows = [(name, 1, 0, 400, name, "a", True, 0, 0.9, 0.1, False) for name in ("T1", "T2", "T3")]
    results = Results(partly)
    results.naming = topics.named(modelled(rows, [["talk"]]), ())
    found = {one.name: one for one in STAGES["topics and codes"](results)}
    assert set(found["topics-by-code"].table["of_units"]) == {2}
    assert list(found["topics-uncoded"].table["units"]) == [2]
    assert (
        "2 units; n = 2 participants (codings: consensus; 2 of 3" in found["topics-by-code"].caption
    )


def test_reliability_rests_on_transcripts_that_two_share(tiny):
    (tiny / "codebooks/tiny/codings/ben/T3.csv").unlink()
    caption = made(study.load(tiny), "reliability")["reliability"].caption
    assert "in the 2 of 3 transcripts that they share (n = 4 turns;" in caption


def test_a_machine_alone_is_reported_only_when_asked_for(tiny):
    project = study.load(tiny)
    rules = tuple(replace(coding, coder="rules") for coding in project.codings)
    project = replace(project, codings=rules, assigned={"rules": frozenset({"T1", "T2", "T3"})})
    with pytest.raises(NotPossibleError, match="no codings of 'consensus'"):
        made(project, "code frequencies")


# -- participants ----------------------------------------------------------------------------------


def test_private_columns_are_not_published(tiny):
    path = tiny / "interviews/participants.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    more = ["E-mail,phone,years", "a@b.example,123,4", "c@d.example,456,5", "e@f.example,789,6"]
    text = "\n".join(f"{line},{extra}" for line, extra in zip(lines, more, strict=True)) + "\n"
    path.write_text(text, encoding="utf-8")
    found = made(study.load(tiny), "participants")["participants"]
    assert "years" in found.table.columns
    assert not {"E-mail", "phone"} & set(found.table.columns)
    assert "E-mail, phone" in found.caption
    assert "@" not in found.table.to_csv()


def test_words_of_their_own_are_the_denominator_of_word_rates(project):
    people = made(project, "participants")["participants"]
    results = Results(project)
    frequent = next(STAGES["words"](results))
    total = int(people.table["words"].sum())
    assert f"n = {total:,} words, 3 people" in frequent.caption
    assert f"{total:,} words" in people.caption
    row = frequent.table.iloc[0]
    assert row["per_1000"] == round(1000 * row["count"] / total, 4)


# -- the map ---------------------------------------------------------------------------------------


def nested(project):
    """Move everything below one top code, as a codebook with two levels of branches."""
    top = study.Code("top", "partnership", "Partnership")

    def moved(path):
        return f"partnership.{path}" if not path.startswith("idea") else path

    codes = tuple(replace(code, path=moved(code.path)) for code in project.codebook)
    return replace(
        project,
        codebook=replace(project.codebook, codes=(top, *codes)),
        codings=tuple(replace(one, code=moved(one.code)) for one in project.codings),
        settings=replace(
            project.settings, practices=("partnership.learning", "partnership.making")
        ),
    )


def test_the_map_takes_any_code_that_has_codes_below_it(project):
    found = made(nested(project), "map of current practice")["practice-map"]
    assert list(dict.fromkeys(found.table["code"])) == [
        "partnership.learning.staff",
        "partnership.making.co-design",
    ]
    assert "Kept apart: Learning at work; Making together." in found.caption
    assert "Learning at work, most spoken of: Own staff (3 of 3)." in found.alt
    figure = found.draw(found.table)
    said = [text.get_text() for text in figure.axes[0].texts]
    heads = [words for words in said if words in {"Learning at work", "Making together"}]
    assert heads == ["Learning at work", "Making together"], "in the order of study.toml"


def test_a_branch_has_the_same_colour_on_the_map_as_elsewhere(project):
    from study.figures import style

    branches = Results(project).branches
    colours = style.branch_colours(branches, branches)
    found = made(project, "map of current practice")["practice-map"]
    shown = style.branch_colours(found.draw.keywords["practices"], found.draw.keywords["titles"])
    assert shown["making"] == colours["Making together"]
    assert shown["learning"] == colours["Learning at work"]


# -- language --------------------------------------------------------------------------------------


def test_words_are_counted_in_the_language_of_the_study(project):
    english = next(STAGES["words"](Results(project)))
    assert "the" not in set(english.table["word"])
    assert "without stop words" in english.caption
    settings = replace(project.settings, language="finnish")
    other = {}
    try:
        for one in STAGES["words"](Results(replace(project, settings=settings))):
            other[one.name] = one
    except NotPossibleError:
        pass
    assert "they" in set(other["word-frequencies"].table["word"])
    for one in other.values():
        assert "function words too (no list for finnish)" in one.caption
        assert "without stop words" not in one.caption


def test_every_stage_names_whose_codings_it_counts(project):
    for stage in (*CODED, "code co-occurrence", "saturation"):
        caption = next(iter(made(project, stage).values())).caption
        assert "(codings: consensus)" in caption, stage


def test_each_module_of_the_package_is_a_subject():
    assert set(exhibits.__all__) == {"STAGES", "Exhibit", "Results", "Stage"}
    modules = {stage.__module__.rpartition(".")[2] for stage in STAGES.values()}
    assert modules == {"along", "coding", "machine", "trust"}


def test_no_caption_has_an_unfilled_blank(project):
    for stage in STAGES:
        try:
            found = made(project, stage)
        except NotPossibleError:
            continue
        for one in found.values():
            assert not re.search(r"[{}]|\bnan\b", one.caption), one.name
