"""What rules propose, and what a coder makes of it; neither changes a number of the study."""

from __future__ import annotations

import pytest
from deskwork import added, ask, log_of, new_id, passage, send

import study
from study import codings
from study.coding import Desk
from study.codings import Entry
from study.errors import NotPossibleError
from study.model import Coding, Selection


@pytest.fixture
def desk(tiny):
    return Desk(tiny, "ana")


# What is shown


@pytest.fixture
def ruled(tiny):
    """Return the tiny study with two proposals by rule for T1, and one on an older text."""
    source = study.load(tiny).source("T1")
    log = codings.path_of(tiny / "codebooks/tiny/codings", "rules", "T1")
    for number, (words, code, version) in enumerate(
        [
            ("We sit down", "learning.staff", source.version),
            ("the bank", "making.co-design", source.version),
            ("the exam", "idea.assessed", source.version),
            ("a year", "learning.staff", "000000000000"),
        ]
    ):
        start = source.text.index(words)
        place = Selection("T1", start, start + len(words))
        made = Coding(f"rule-{number}", place, code, "rules", codings.now(), version)
        codings.append(log, [Entry("add", made)])
    return tiny


def proposed(answer):
    return [one["id"] for one in answer["proposals"]]


def test_proposals_are_open_until_they_are_accepted_or_declined(ruled):
    ana = Desk(ruled, "ana")
    told = ask(ana, "transcript", source="T1")
    assert proposed(told) == ["rule-0", "rule-2"]  # the second lies in a passage coded so
    assert ask(ana, "study")["transcripts"][0]["proposals"] == 2
    assert proposed(ask(Desk(ruled, "cleo"), "transcript", source="T1")) == [
        "rule-0",
        "rule-1",
        "rule-2",
    ]
    exam = {key: told["proposals"][1][key] for key in ("start", "end", "code")} | {
        "words": "the exam"
    }
    denied = {"action": "decline", "id": new_id(), "of": "rule-2", "memo": "no test", **exam}
    answer = send(ana, denied)
    assert proposed(answer) == ["rule-0"]
    assert answer["declined"] == [denied["id"]]
    accepted = added(ana, "We sit down", "learning.staff", accepts="rule-0", stance="neutral")
    answer = send(ana, accepted)
    assert proposed(answer) == []
    assert proposed(send(ana, {"action": "undecline", "id": denied["id"]})) == ["rule-2"]
    assert proposed(send(ana, {"action": "remove", "id": accepted["id"]})) == ["rule-0", "rule-2"]


def test_a_proposal_accepted_in_another_form_is_settled_and_opens_again_when_undone(ruled):
    ana = Desk(ruled, "ana")
    change = added(ana, "bring the exam", "learning.staff", accepts="rule-2")
    answer = send(ana, change)
    assert proposed(answer) == ["rule-0"]
    assert proposed(send(ana, change)) == ["rule-0"]
    assert proposed(send(ana, {"action": "remove", "id": change["id"]})) == ["rule-0", "rule-2"]
    assert codings.read(log_of(ruled))[1] == []


def test_what_the_coder_has_given_is_not_declined(ruled):
    ana = Desk(ruled, "ana")
    denied = {"action": "decline", "id": new_id(), "of": "x", "code": "idea.assessed"}
    denied |= passage(ana, "It is a short course with a test at the end.")
    with pytest.raises(NotPossibleError, match="take that back first"):
        send(ana, denied)
    with pytest.raises(NotPossibleError, match="no declined proposal"):
        send(ana, {"action": "undecline", "id": new_id()})
    given = ask(ana, "transcript", source="T1")["codings"][0]["id"]
    with pytest.raises(NotPossibleError, match="no declined proposal"):
        send(ana, {"action": "undecline", "id": given})


def test_rules_and_declines_change_no_number_of_the_study(ruled):
    from study import reliability, tables

    log = log_of(ruled, "rules")
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(line for line in lines if "000000000000" not in line))
    ana = Desk(ruled, "ana")
    before = study.load(ruled)
    units = tables.units(before)
    send(
        ana,
        {
            "action": "decline",
            "id": new_id(),
            "of": "rule-2",
            "code": "idea.assessed",
            **passage(ana, "the exam"),
        },
    )
    after = study.load(ruled)
    assert after.codings == before.codings
    assert study.check(ruled) == []
    assert set(tables.units(after)["coder"]) == {"ana", "ben"}
    assert reliability.sentence(tables.units(after)) == reliability.sentence(units)
    assert tables.status(after)["rules"].to_list()[0] == 3


@pytest.mark.slow
def test_rules_and_declines_change_no_figure(ruled):
    from study.reproduce import reproduce

    log = log_of(ruled, "rules")
    rows = [line for line in log.read_text().splitlines(keepends=True) if "0000000000" not in line]
    log.unlink()

    def made():
        written = reproduce(ruled).written
        return {one.name: one.read_bytes() for one in written if one.name != "manifest.json"}

    before = made()
    log.write_text("".join(rows))
    ana = Desk(ruled, "ana")
    denied = {"action": "decline", "id": new_id(), "of": "rule-2", "code": "idea.assessed"}
    send(ana, denied | passage(ana, "the exam"))
    assert len(before) > 20
    assert made() == before
