"""Tables of the tiny study, against numbers counted by hand."""

from __future__ import annotations

import pytest

import study
from study import propositions, tables
from study.errors import NotPossibleError


def by(frame, *keys):
    """Return rows of a table as a dictionary by these columns."""
    return {tuple(row[key] for key in keys): row for row in frame.to_dict("records")}


def test_turns_name_line_speaker_and_words(project):
    turns = tables.turns(project)
    assert len(turns) == 12
    first = by(turns, "source", "line")["T1", 9]
    assert first["text"].startswith("We sit down with the bank \U0001f3e6")
    assert (first["role"], first["start_time"], first["group"]) == ("participant", 18.0, "broker")
    assert first["words"] == 25
    for turn in turns.to_dict("records"):
        source = project.source(turn["source"])
        assert source.text[turn["start"] : turn["end"]] == turn["text"]
        assert source.line_of(turn["start"]) == turn["line"]


def test_participants_carry_their_variables_and_own_words(project):
    cases = tables.cases(project)
    assert list(cases["participant"]) == ["T1", "T2", "T3"]
    assert list(cases["role"]) == ["manager", "coordinator", "learning lead"]
    assert list(cases["words"]) == [41, 34, 26]


def test_codings_quote_only_who_consented(project):
    made = tables.codings(project)
    assert set(made["coder"]) == {"consensus"}
    assert len(made) == 8
    quoted = made.groupby("participant")["quotation"].apply(lambda column: (column != "").all())
    assert quoted.to_dict() == {"T1": True, "T2": False, "T3": True}
    assert not made.loc[made["participant"] == "T2", "quotation"].any()
    row = by(made, "source", "code")["T1", "idea.meaning"]
    assert (row["line"], row["quotation"]) == (5, "Nobody here agrees on that.")
    assert (row["name"], row["branch"]) == ("Meaning", "Idea")


def test_another_coder_can_be_asked_for_but_must_exist(project):
    assert len(tables.codings(project, "ana")) == 7
    with pytest.raises(NotPossibleError, match="there are: ana, ben, consensus"):
        tables.codings(project, "carl")


def test_without_consensus_the_first_coder_is_counted(tiny):
    for path in (tiny / "codebooks/tiny/codings/consensus").iterdir():
        path.unlink()
    project = study.load(tiny)
    assert tables.reporting_coder(project) == "ana"


def test_units_hold_explicit_zeros_for_those_who_worked_on_the_source(tiny):
    (tiny / "codebooks/tiny/codings/ben/T3.csv").unlink()
    project = study.load(tiny)
    units = tables.units(project)
    assert set(units["coder"]) == {"ana", "ben"}
    assert len(units) == 7 * (2 + 2 + 2) + 7 * (2 + 2)
    assert not ((units["coder"] == "ben") & (units["source"] == "T3")).any()
    ones = units[units["value"] == 1]
    assert len(ones[ones["coder"] == "ana"]) == 7
    assert units.attrs["unit"] == "turn"


def test_a_coding_over_two_turns_counts_in_both(tiny):
    source = study.load(tiny).source("T2")
    first, second = (turn.selection for turn in source.turns if turn.role == "participant")
    from study import codings
    from study.model import Coding, Selection

    made = Coding(
        "x",
        Selection("T2", first.end - 3, second.start + 3),
        "idea.assessed",
        "ana",
        codings.now(),
        source.version,
    )
    log = tiny / "codebooks/tiny/codings/ana/T2.csv"
    codings.append(log, [codings.Entry("add", made)])
    units = tables.units(study.load(tiny))
    hit = units[
        (units["value"] == 1) & (units["code"] == "idea.assessed") & (units["source"] == "T2")
    ]
    assert list(hit["start"]) == [first.start, second.start]


def test_units_of_whole_sources_and_unknown_ones(project):
    assert len(tables.units(project, "source")) == 3 * 2 * 7
    with pytest.raises(NotPossibleError, match="is none of: turn, sentence, source, character"):
        tables.units(project, "page")
    with pytest.raises(NotPossibleError, match="no coder 'carl'"):
        tables.units(project, coders=["carl"])


def test_frequencies_count_passages_and_participants_with_zeros(project):
    table = by(tables.frequencies(project), "code", "group")
    assert {key[0] for key in table} == {
        "idea.meaning",
        "idea.assessed",
        "making.co-design",
        "learning.staff",
    }
    row = table["making.co-design", "broker"]
    assert (row["passages"], row["participants"], row["of_participants"]) == (2, 2, 2)
    row = table["making.co-design", "employer"]
    assert (row["passages"], row["participants"], row["of_participants"]) == (0, 0, 1)
    assert table["learning.staff", "broker"]["participants"] == 2


def test_spectrum_says_who_names_which_feature(project):
    table = by(tables.spectrum(project), "participant", "code")
    assert len(table) == 6
    assert table["T1", "idea.meaning"]["stance"] == "negative"
    assert (table["T2", "idea.meaning"]["stance"], table["T2", "idea.meaning"]["passages"]) == (
        "",
        0,
    )


def test_cooccurrence_counts_turns_participants_and_true_overlaps(project):
    table = by(tables.cooccurrence(project), "code_a", "code_b")
    assert list(table) == [
        ("idea.meaning", "idea.assessed"),
        ("making.co-design", "learning.staff"),
    ]
    row = table["making.co-design", "learning.staff"]
    assert (row["turns"], row["turns_a"], row["turns_b"]) == (1, 2, 3)
    assert row["jaccard"] == pytest.approx(1 / 4)
    assert (row["participants"], row["overlaps"]) == (1, 1)
    row = table["idea.meaning", "idea.assessed"]
    assert (row["turns"], row["overlaps"]) == (1, 0)


def test_status_tells_not_taken_on_from_nothing_found(tiny):
    (tiny / "codebooks/tiny/codings/ben/T3.csv").unlink()
    path = tiny / "codebooks/tiny/codings/ana/T3.csv"
    path.write_text(path.read_text().split("\n")[0] + "\n")
    table = tables.status(study.load(tiny)).set_index("source")
    assert table.loc["T3", "ana"] == 0
    assert table["ben"].isna().to_dict() == {"T1": False, "T2": False, "T3": True}
    assert table.loc["T1", "turns"] == 4


def test_propositions_are_counted_by_group_and_verdict(project):
    table = by(propositions.table(project), "proposition", "group", "verdict")
    assert len(table) == 2 * 2 * 3
    row = table["one", "broker", "supports"]
    assert (row["passages"], row["participants"], row["of_participants"]) == (1, 1, 2)
    assert table["one", "employer", "supports"]["passages"] == 1
    assert table["two", "broker", "supports"]["passages"] == 1
    assert table["two", "broker", "contradicts"]["participants"] == 1
    assert table["two", "employer", "mixed"]["passages"] == 0


def test_every_count_is_the_number_of_passages_behind_it(project):
    found = propositions.evidence(project)
    table = propositions.table(project, found)
    for row in table.to_dict("records"):
        behind = found[
            (found["proposition"] == row["proposition"])
            & (found["group"] == row["group"])
            & (found["verdict"] == row["verdict"])
        ]
        assert len(behind.drop_duplicates(["source", "start", "end"])) == row["passages"]
        assert behind["participant"].nunique() == row["participants"]


def test_quotations_leave_out_who_may_not_be_quoted(project):
    chosen = propositions.quotations(project)
    assert set(chosen["participant"]) == {"T1", "T3"}
    assert chosen["quotation"].str.len().min() > 0
    row = by(chosen, "proposition", "group")["two", "broker"]
    assert (row["verdict"], row["line"]) == ("supports", 9)


def test_a_study_without_codings_has_empty_tables_of_the_same_columns(tiny):
    for path in (tiny / "codebooks/tiny/codings").rglob("*.csv"):
        path.unlink()
    project = study.load(tiny)
    assert tables.reporting_coder(project) == ""
    assert len(tables.codings(project)) == 0
    assert tables.frequencies(project)["passages"].sum() == 0
    assert len(tables.cooccurrence(project)) == 0
    assert len(tables.units(project)) == 0
    assert propositions.table(project)["passages"].sum() == 0
    assert len(propositions.quotations(project)) == 0
    assert len(tables.spectrum(project)) == 0, "where nobody has read, there are no zeros"


def test_a_study_without_groups_counts_everyone_together(tiny):
    path = tiny / "interviews/participants.csv"
    path.write_text(path.read_text().replace(",broker,", ",,").replace(",employer,", ",,"))
    settings = tiny / "study.toml"
    settings.write_text(settings.read_text().replace('order = ["broker", "employer"]\n', ""))
    table = tables.frequencies(study.load(tiny))
    assert set(table["group"]) == {"all participants"}
    assert set(table["of_participants"]) == {3}
