"""What tables in print show of a study: branches, denominators, quotations, masked counts."""

# ruff: noqa: E501 - golden lines stand whole
from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

import study
from study import publication, tables
from study.errors import NotPossibleError
from study.exhibits import STAGES, Results
from study.publication import forms
from study.tables import masking

MADE = ("participants", "codebook", "code frequencies", "map of current practice", "propositions",
        "reliability", "saturation")  # fmt: skip


def results(project, smallest=0):
    settings = replace(project.settings, smallest_cell=smallest)
    return Results(replace(project, settings=settings))


def made(results, stages=MADE):
    return {one.name: one for stage in stages for one in STAGES[stage](results)}


def lines(exhibit):
    table = forms.printed(exhibit.name, exhibit.title, "", exhibit.table, exhibit.form)
    return [
        ("*" if one.heading else "  " * one.level) + " | ".join(one.cells) for one in table.lines
    ]


GOLDEN = {
    "participants": [
        "T1 | broker | 41 | manager | 2021-08-01",
        "T2 | broker | 34 | coordinator | 2021-08-02",
        "T3 | employer | 26 | learning lead | 2021-08-03",
    ],
    "code-totals": [
        "Idea | 1 (2) | 1 (1) | 2 (3)",
        "  Meaning | 1 (1) | 1 (1) | 2 (2)",
        "  Assessed | 1 (1) | 0 | 1 (1)",
        "Making together | 2 (2) | 0 | 2 (2)",
        "  Co-design | 2 (2) | 0 | 2 (2)",
        "Learning at work | 2 (2) | 1 (1) | 3 (3)",
        "  Own staff | 2 (2) | 1 (1) | 3 (3)",
    ],
    "joint-display": [
        "*Idea",
        "Meaning | 1 of 2. \u201cNobody here agrees on that.\u201d (T1, line 5) | "
        "1 of 1. \u201cA badge, a certificate, a short course. I no longer know which is which.\u201d "
        "(T3, line 5)",
        "Assessed | 1 of 2. \u201cIt is a short course with a test at the end.\u201d (T1, line 5) | "
        "\u2014",
        "*Making together",
        "Co-design | 2 of 2. \u201cWe sit down with the bank \U0001f3e6 and write it together. They "
        "bring the cases, we bring the exam. It took a year, but it worked.\u201d (T1, line 9) | "
        "\u2014",
        "*Learning at work",
        "Own staff | 2 of 2. \u201cThey bring the cases\u201d (T1, line 9) | "
        "1 of 1. \u201cMy own staff. They learn on Tuesday and use it on Wednesday.\u201d (T3, line 9)",
    ],
    "propositions": [
        "*one. There is no shared idea.",
        "  Broker | 2 | 1 (1) | 0 | 0",
        "  Employer | 1 | 1 (1) | 0 | 0",
        "*two. Making it together works.",
        "  Broker | 2 | 1 (1) | 0 | 1 (1)",
        "  Employer | 1 | 0 | 0 | 0",
    ],
    "quotation-bank": [
        "*Idea: Meaning (2)",
        "  A badge, a certificate, a short course. I no longer know which is which. | T3 | employer |"
        " 5 | negative",
        "  Nobody here agrees on that. | T1 | broker | 5 | negative",
        "*Idea: Assessed (1)",
        "  It is a short course with a test at the end. | T1 | broker | 5 | positive",
        "*Making together: Co-design (1)",
        "  We sit down with the bank \U0001f3e6 and write it together. They bring the cases, we bring "
        "the exam. It took a year, but it worked. | T1 | broker | 9 | positive",
        "*Learning at work: Own staff (2)",
        "  My own staff. They learn on Tuesday and use it on Wednesday. | T3 | employer | 9 | positive",
        "  They bring the cases | T1 | broker | 9 | neutral",
    ],
}


@pytest.fixture
def exhibits(project):
    return made(results(project))


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_tables(exhibits, name):
    assert lines(exhibits[name]) == GOLDEN[name]


def test_heads_give_the_size_of_each_group(exhibits):
    one = exhibits["code-totals"]
    columns, _ = one.form(one.table)
    assert [column.head for column in columns] == [
        "Code", "Broker\n(n = 2)", "Employer\n(n = 1)", "All\n(n = 3)",
    ]  # fmt: skip


def test_totals_agree_with_frequencies_and_count_a_person_once(project):
    counted = tables.totals(project)
    plain = tables.frequencies(project).set_index(["code", "group"])
    own = counted[~counted["with_below"] & (counted["group"] != "")]
    for row in own.to_dict("records"):
        found = plain.loc[(row["code"], row["group"])]
        assert (row["passages"], row["participants"]) == (found["passages"], found["participants"])
    idea = counted[(counted["code"] == "idea") & (counted["group"] == "broker")].iloc[0]
    assert (idea["passages"], idea["participants"], idea["of_participants"]) == (2, 1, 2)


def test_a_branch_with_passages_of_its_own_has_two_rows(tiny):
    path = tiny / "codebooks/tiny/codings/consensus/T3.csv"
    path.write_text(path.read_text().replace("idea.meaning", "idea"))
    one = made(results(study.load(tiny)), ["code frequencies"])["code-totals"]
    assert lines(one)[:3] == [
        "Idea | 1 (2) | 1 (1) | 2 (3)",
        "  Idea itself | 0 | 1 (1) | 1 (1)",
        "  Meaning | 1 (1) | 0 | 1 (1)",
    ]


def test_only_who_consented_is_quoted(exhibits):
    for name in ("joint-display", "quotation-bank"):
        table = exhibits[name].table
        assert "T2" not in set(table["participant"])
        assert not table["quotation"].str.contains("council").any()


def test_ranking_takes_another_participant_first_then_the_length():
    words = "word " * 30
    made = pd.DataFrame(
        [
            ("a", "P1", 0, words * 2), ("a", "P1", 9, words), ("a", "P2", 0, "short one"),
            ("a", "P2", 5, words + "and more"), ("a", "P3", 0, words), ("b", "P1", 0, "x"),
        ],
        columns=["code", "participant", "start", "quotation"],
    )  # fmt: skip
    made = made.assign(source=made["participant"], end=made["start"] + 4, quotable=True)
    made.loc[made["participant"] == "P3", "quotable"] = False
    found = tables.showing.ranked(made, ["code"])
    order = list(zip(found["code"], found["participant"], found["start"], strict=True))
    assert order == [("a", "P1", 9), ("a", "P2", 5), ("a", "P2", 0), ("a", "P1", 0), ("b", "P1", 0)]


# -- masked ----------------------------------------------------------------------------------------


def test_without_a_threshold_nothing_changes(project):
    plain, off = made(Results(project)), made(results(project, 0))
    assert not masking.plan(project).cells
    for name, one in plain.items():
        pd.testing.assert_frame_equal(one.table, off[name].table)
        assert "masked" not in one.table


def test_small_groups_are_counted_together_and_that_is_said(project):
    one = results(project, 2)
    assert one.groups == ["all participants"]
    assert (
        one.joined == "Groups of few participants are counted together: broker (2), employer (1)."
    )
    assert one.joined in made(one)["code-totals"].caption


@pytest.fixture
def pilot():
    """Return the pilot with masked counts: 12 participants, most groups of one or two."""
    from places import ROOT

    return results(study.load(ROOT), 3)


def test_no_table_shows_a_masked_count_or_lists_its_passages(pilot):
    found = made(pilot)
    mask = pilot.mask
    assert mask.cells
    assert pilot.groups == ["broker", "other groups"]
    for name in ("code-frequencies", "code-totals", "joint-display", "practice-map"):
        table = found[name].table
        hidden = table[table["masked"]]
        assert len(hidden), name
        assert hidden[["passages", "participants"]].isna().all(axis=None), name
        assert not table["participants"].dropna().between(1, 2).any(), name
    for name in ("codings", "quotation-bank", "joint-display"):
        table = found[name].table
        if "quotation" in table:
            table = table[table["quotation"] != ""]
        assert not [1 for key in zip(table["code"], table["group"], strict=True)
                    if mask.hides(*key)], name  # fmt: skip
    evidence = found["propositions"].table
    assert not evidence["participants"].dropna().between(1, 2).any()
    assert evidence.loc[evidence["masked"], "participants"].isna().all()


def test_no_column_of_participants_holds_a_small_number(pilot):
    found = made(pilot, [*MADE, "code co-occurrence", "code tree"])
    stage = STAGES["words"](pilot)
    found |= {one.name: one for one in (next(stage), next(stage))}
    with pytest.raises(NotPossibleError, match="key words would tell"):
        next(stage)
    assert {"word-frequencies", "collocations", "cooccurrence", "code-tree"} <= set(found)
    for name, one in found.items():
        for column in {"participants", "only_negative"} & set(one.table.columns):
            few = pd.to_numeric(one.table[column]).between(1, 2)
            assert not few.fillna(False).any(), (name, column)
    assert not found["saturation-summary"].table["detail"].str.contains("P0|P1").any()


def test_what_shows_single_participants_is_not_made(pilot):
    for stage in ("spectrum of definitions", "codes along the interviews"):
        with pytest.raises(NotPossibleError, match="smallest_cell"):
            list(STAGES[stage](pilot))


def test_a_list_counts_out_to_what_the_tables_show(pilot):
    """Who counts the list gets the shown numbers, and none for what is masked."""
    found = made(pilot)
    listed = found["codings"].table.groupby(["code", "group"])["participant"].nunique()
    for row in found["code-frequencies"].table.to_dict("records"):
        counted = listed.get((row["code"], row["group"]), 0)
        assert counted == (0 if row["masked"] else row["participants"])


def test_stances_that_would_tell_of_few_are_left_empty(pilot):
    found = made(pilot)
    shown = found["codings"].table
    shown = shown[shown["stance"] != ""]
    people = shown.groupby(["code", "group", "stance"])["participant"].nunique()
    assert (people >= 3).all()


def test_reliability_does_not_give_masked_counts_away(pilot):
    """Prevalence, percent agreement, a warning, or alpha of a rare code would tell them."""
    one = made(pilot, ["reliability"])["reliability"]
    mask, table = pilot.mask, one.table
    partly = {code for code, _, _ in mask.cells}
    single = table[table["code"] != ""]
    assert not single["code"].map(mask.hides).any()
    some = single[single["code"].isin(partly)]
    assert len(some)
    assert some["prevalence"].isna().all()
    assert "percent agreement" not in set(some["coefficient"])
    assert single["value"].notna().any()
    assert set(table["warning"]) <= {"", "rare: one decision changes much"}
    assert "left out because their count of participants is masked" in one.caption
    open_ = made(results(pilot.study), ["reliability"])["reliability"]
    whole = set(open_.table["code"]) - set(table["code"])
    assert f" {len(whole)} codes are left out because" in one.caption
    assert "masked" not in open_.caption
    assert open_.table["warning"].str.contains("units in").any()


def test_participants_of_pooled_groups_cannot_be_told_by_their_roles(pilot, project):
    one = made(pilot)["participants"]
    assert list(one.table) == ["participant", "group", "words", "consent"]
    assert "role" in one.caption
    assert set(one.table["group"]) == {"broker", "other groups"}
    alone = made(results(project, 1))["participants"].table
    assert "role" in alone  # no group is too small


def test_listed_evidence_does_not_tell_a_masked_stance(pilot):
    """Each of code and verdict has one stance: who reads the proposition knows it."""
    found = made(pilot)
    for name in ("evidence", "quotations"):
        keys = set(found[name].table[["code", "group"]].itertuples(index=False, name=None))
        assert not keys & pilot.mask.fine, name
        assert not [key for key in keys if pilot.mask.hides(*key)], name
        assert "fewer passages than the table counts" in found[name].caption
    assert len(found["evidence"].table)
    plain = made(results(pilot.study))
    assert len(plain["evidence"].table) > len(found["evidence"].table)
    assert "fewer passages" not in plain["evidence"].caption


def test_tables_warn_of_files_of_a_run_that_did_not_mask(tiny, tmp_path, capsys):
    from study.cli import main
    from study.files import sha256

    out, about = tmp_path / "made", tiny / "study.toml"
    out.mkdir()
    for name in ("map.html", "codings.csv"):
        (out / name).write_text("unmasked")
    listed = {
        "inputs": {"study.toml": sha256(about.read_bytes())},
        "outputs": {"map.html": "", "codings.csv": "", "gone.csv": "", "../x": ""},
    }
    (out / "manifest.json").write_text(json.dumps(listed))

    def said():
        assert main(["tables", "-C", str(tiny), "--out", str(out)]) == 0
        return capsys.readouterr().out

    assert "warning" not in said()
    text = about.read_text()
    about.write_text(text + "\n[publication]\nsmallest_cell = 2\n")
    assert (
        "warning: made/ still holds 1 file of an earlier run, which may not be masked: "
        "run `study reproduce`"
    ) in said()
    listed["inputs"]["study.toml"] = sha256(about.read_bytes())  # that run masked as well
    (out / "manifest.json").write_text(json.dumps(listed))
    assert "warning" not in said()


def test_print_says_masked_and_why(pilot, tmp_path):
    one = made(pilot)["code-totals"]
    table = forms.printed(one.name, one.title, one.caption, one.table, one.form)
    assert any("[c]" in line.cells for line in table.lines)
    assert "fewer than 3 participants" in table.note
    text = publication.write_html([table], tmp_path / "t.html", "t").read_text("utf-8")
    assert text.count("[c]") == sum(line.cells.count("[c]") for line in table.lines) + 1


def test_figures_leave_out_what_is_masked(pilot):
    found = made(pilot)
    for name in ("code-frequencies", "practice-map"):
        one = found[name]
        figure = one.draw(one.table)
        partly = set(one.table.loc[one.table["masked"], "name"]) - set(one.table["branch"])
        whole = set(one.table["name"]) - partly
        drawn = {
            text.get_text().strip() for text in figure.findobj(lambda a: hasattr(a, "get_text"))
        }
        assert not partly & drawn, name
        assert whole & drawn, name
        assert "codes with masked counts are not drawn" in one.caption


def test_one_participant_and_a_code_nobody_used(tiny):
    people = tiny / "interviews/participants.csv"
    people.write_text("".join(people.read_text().splitlines(keepends=True)[:2]))
    for name in ("T2", "T3"):
        (tiny / f"interviews/{name}.txt").unlink()
        for log in tiny.glob(f"codebooks/tiny/codings/*/{name}.csv"):
            log.unlink()
    found = made(results(study.load(tiny)), MADE[:5])
    assert lines(found["participants"]) == GOLDEN["participants"][:1]
    assert "Own staff" in " ".join(lines(found["code-totals"]))
    masked = made(results(study.load(tiny), 3), MADE[:3])
    assert set(masked["code-totals"].table["masked"]) == {True}
