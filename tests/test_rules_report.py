"""Proposals to decide on, and how well rules do beside people."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from places import ROOT
from ruled import LOGS, without_people, write_patterns

import study
from study import codings, reproduce, rules, tables
from study.cli import main
from study.coding import Desk
from study.errors import NotPossibleError
from study.model import Coding, Selection
from study.reliability import by_code

# What a coder has still to decide.


def proposal(start, end, code="idea", source="T1", number=0):
    return Coding(
        str(number), Selection(source, start, end), code, "rules", dt.datetime.now(dt.UTC), "v"
    )


def test_a_proposal_is_decided_by_a_coding_around_it_or_a_decline():
    one, two, three = proposal(0, 10), proposal(20, 30), proposal(40, 50)
    made = [proposal(35, 60), proposal(0, 9), proposal(15, 35, "other")]
    declined = [proposal(20, 30)]
    assert rules.undecided([one, two, three], made, declined) == [one]
    assert rules.undecided([one, two, three], [], []) == [one, two, three]
    assert rules.undecided([two], [], [proposal(20, 30, "other"), proposal(20, 31)]) == [two]


def test_the_page_shows_proposals_until_they_are_decided(tiny):
    write_patterns(tiny, staff=["staff"], co_design=["cases", "exam*"])
    rules.apply(tiny)
    desk = Desk(tiny, "dora")
    [shown] = desk.answer("transcript", {"source": "T1"})["proposals"]
    assert shown["pattern"] == "cases; exam*"
    text = desk.answer("transcript", {"source": "T1"})["text"]
    where = {"start": shown["start"], "end": shown["end"], "code": shown["code"]}
    change = {
        "action": "decline",
        "id": codings.new_id(),
        **where,
        "words": text[shown["start"] : shown["end"]],
        "of": shown["id"],
    }
    version = study.load(tiny).source("T1").version
    desk.answer("code", {"source": "T1", "version": version, "changes": [change]})
    assert desk.answer("transcript", {"source": "T1"})["proposals"] == []
    # Declined stays declined, though the coding of rules has another id and another pattern now.
    write_patterns(tiny, co_design=["cases", "~bring"])
    rules.apply(tiny)
    assert desk.answer("transcript", {"source": "T1"})["proposals"] == []


# How well rules do.


def cell(table, code, measure, against="ana", column="value"):
    rows = table[(table["code"] == code) & (table["against"] == against)]
    return rows.set_index("coefficient")[column][measure]


def test_precision_and_recall_are_those_counted_by_hand(tiny):
    write_patterns(
        tiny, co_design=["we NEAR/3 wrote", "write", "short course"], assessed=["nothing"]
    )
    table = rules.report(rules.apply(tiny, dry_run=True).study)
    # Rules find turns in T1 (two of them), T2, T3; ana gave the code to one turn of T1 and of T2.
    assert list(dict.fromkeys(table["against"])) == ["consensus", "ana", "ben"]
    code = "making.co-design"
    assert (
        cell(table, code, "precision", column="found"),
        cell(table, code, "precision", column="coded"),
        cell(table, code, "precision", column="both"),
    ) == (4, 2, 2)
    assert cell(table, code, "precision") == 0.5
    assert cell(table, code, "recall") == 1.0
    assert cell(table, code, "F1") == pytest.approx(2 / 3)
    assert cell(table, code, "precision", column="n") == 6
    assert "only 4 turns found by rules" in cell(table, code, "precision", column="reason")
    assert "only 2 turns coded by ana" in cell(table, code, "recall", column="reason")
    assert "3 transcripts, at least" in cell(table, code, "recall", column="reason")
    assert cell(table, "idea.assessed", "precision", column="reason") == (
        "rules found nothing in these transcripts"
    )
    assert cell(table, "idea.assessed", "recall") == 0
    reasons = table.loc[table["code"] == "learning.staff", ["value", "reason"]]
    assert reasons["value"].isna().all()
    assert set(reasons["reason"]) == {"the code has no patterns"}


def test_alpha_is_that_of_reliability(tiny):
    write_patterns(tiny, co_design=["we NEAR/3 wrote", "write", "short course"])
    project = rules.apply(tiny, dry_run=True).study
    units = tables.units(project, coders=["rules", "ben"])
    alpha = by_code(units, coders=["rules", "ben"], coefficients=["Krippendorff's alpha"])
    expected = alpha.set_index("code")["value"]["making.co-design"]
    found = cell(rules.report(project), "making.co-design", "Krippendorff's alpha", "ben")
    assert found == pytest.approx(expected)


def test_a_report_needs_rules_that_were_applied_and_somebody_to_compare_with(tiny):
    with pytest.raises(NotPossibleError, match="rules have not been applied here; `study apply`"):
        rules.report(study.load(tiny))
    write_patterns(tiny, assessed=["~test"])
    without_people(tiny)
    rules.apply(tiny)
    with pytest.raises(NotPossibleError, match="nobody has coded by hand yet"):
        rules.report(study.load(tiny))


def test_only_transcripts_that_both_have_gone_through_are_compared(tiny):
    write_patterns(tiny, staff=["staff"])
    (tiny / LOGS / "ana/T3.csv").unlink()
    table = rules.report(rules.apply(tiny, dry_run=True).study, coders=["ana"])
    assert set(table["n"]) == {4}
    assert cell(table, "learning.staff", "precision", column="found") == 1


@pytest.fixture
def pilot(tmp_path):
    """Return a copy of the pilot, which has patterns."""
    for name in ("interviews", "codebooks"):
        shutil.copytree(ROOT / name, tmp_path / "pilot" / name)
    shutil.copy(ROOT / "study.toml", tmp_path / "pilot")
    return tmp_path / "pilot"


def test_the_pilot_s_rules_and_their_report(pilot):
    done = rules.apply(pilot, dry_run=True)
    assert len(done.codes) >= 6
    table = rules.report(done.study, codes=done.codes, resamples=500)
    known = table[table["low"].notna()]
    assert len(known) > 40
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()
    project = done.study
    heard = {
        (source.name, turn.selection.start): turn.selection
        for source in project.sources
        for turn in source.heard
    }

    def turns_of(coder, code):
        made = [one for one in project.codings if (one.coder, one.code) == (coder, code)]
        return {
            key for key, turn in heard.items() if any(turn.overlaps(one.selection) for one in made)
        }

    for code in done.codes:
        found, coded = turns_of("rules", code), turns_of("consensus", code)
        assert cell(table, code, "precision", "consensus") == pytest.approx(
            len(found & coded) / len(found)
        )
        assert cell(table, code, "recall", "consensus") == pytest.approx(
            len(found & coded) / len(coded)
        )


def test_results_do_not_depend_on_what_rules_propose(tiny):
    write_patterns(tiny, staff=["staff"], assessed=["~test"])
    before = study.load(tiny)
    counted, units = tables.frequencies(before), tables.units(before)
    inputs = reproduce.inputs(before)
    rules.apply(tiny)
    after = study.load(tiny)
    assert tables.reporting_coder(after) == "consensus"
    assert tables.frequencies(after).equals(counted)
    assert tables.units(after).equals(units)
    assert reproduce.inputs(after) == inputs
    shutil.rmtree(tiny / LOGS / "consensus")
    assert tables.reporting_coder(study.load(tiny)) == "ana"


# The command.


def test_the_command_applies_and_reports(tiny, capsys):
    write_patterns(tiny, co_design=["write | wrote"], staff=["staff"])
    assert main(["apply", "-C", str(tiny), "--dry-run", "--report"]) == 0
    said = capsys.readouterr().out
    assert "making.co-design: 2 passages (2 new, 0 no longer found)" in said
    assert "4 codings would be added, 0 removed, 0 kept, in 3 transcripts" in said
    assert "rules against consensus, 6 turns" in said
    assert "Composed for demonstration, not data." in said
    assert not (tiny / LOGS / "rules").exists()
    assert main(["apply", "-C", str(tiny), "--codes", "staff"]) == 0
    assert "2 codings were added" in capsys.readouterr().out
    assert main(["apply", "-C", str(tiny), "--codes", "stuff"]) == 1
    assert "did you mean 'learning.staff'?" in capsys.readouterr().err
