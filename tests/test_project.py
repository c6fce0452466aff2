"""A study as it stood: the log of codings can be replayed to any moment."""

from __future__ import annotations

import datetime as dt

import pytest

import study
from study import codings, project, tables
from study.coding import Desk
from study.errors import InvalidStudyError

AFTER_ANA = dt.datetime(2021, 9, 5, tzinfo=dt.UTC)
AFTER_BEN = dt.datetime(2021, 9, 10, tzinfo=dt.UTC)


def by_coder(found):
    return {name: sum(one.coder == name for one in found.codings) for name in found.assigned}


def test_the_coding_can_be_seen_as_it_stood(tiny):
    assert by_coder(study.load(tiny)) == {"ana": 7, "ben": 5, "consensus": 8}
    assert by_coder(study.load(tiny, AFTER_BEN)) == {"ana": 7, "ben": 5, "consensus": 0}
    early = study.load(tiny, until=AFTER_ANA)
    assert by_coder(early) == {"ana": 7, "ben": 0, "consensus": 0}
    assert {name: len(taken) for name, taken in early.assigned.items()} == {
        "ana": 3,
        "ben": 0,
        "consensus": 0,
    }
    assert tables.units(early)["coder"].unique().tolist() == ["ana"]
    assert by_coder(study.load(tiny, dt.datetime(2021, 9, 1, 9, 2))) == {
        "ana": 3,
        "ben": 0,
        "consensus": 0,
    }


def test_what_was_taken_back_later_stood_then(tiny):
    first = study.load(tiny).codings[0]
    study.remove(tiny, first.id, coder="ana")
    assert first not in study.load(tiny).codings
    assert first in study.load(tiny, AFTER_ANA).codings


def test_a_transcript_that_was_corrected_since_is_shown_as_it_was_coded(tiny, tmp_path):
    before = study.load(tiny, AFTER_BEN)
    old = before.source("T1")
    corrected = tmp_path / "corrected.txt"
    corrected.write_text(old.text.replace("a short course", "a long course"), encoding="utf-8")
    study.revise(tiny, "T1", corrected)
    assert "a long course" in study.load(tiny).source("T1").text
    then = study.load(tiny, AFTER_BEN)
    assert then.source("T1") == old
    assert then.codings == before.codings
    assert [then.source("T1").quote(one.selection) for one in then.codings[:1]] == [
        "Nobody here agrees on that."
    ]
    (tiny / "interviews/revisions").rename(tmp_path / "lost")
    with pytest.raises(InvalidStudyError, match="which has changed since"):
        study.load(tiny, AFTER_BEN)


def test_who_took_on_a_transcript_without_result_is_left_out_of_the_past(tiny):
    codings.start(codings.path_of(tiny / "codebooks/tiny/codings", "cleo", "T1"))
    assert study.load(tiny).assigned["cleo"] == {"T1"}
    assert study.load(tiny, AFTER_BEN).assigned["cleo"] == frozenset()


def test_memos_have_no_past(tiny):
    memo = {"about": "transcript", "name": "T1", "text": "one", "revision": ""}
    Desk(tiny, "ana").answer("memo", memo)
    assert len(study.load(tiny).memos) == 1
    assert study.load(tiny, AFTER_BEN).memos == ()
    assert project.read(tiny, AFTER_BEN)[1] == []
