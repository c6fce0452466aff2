"""A corrected transcript takes its codings along, and says which it could not place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import study
from study import codings
from study.errors import NotPossibleError
from study.intake import revising
from study.intake.revising import Anchor


def corrected(tiny, tmp_path, *swaps):
    text = (tiny / "interviews/T1.txt").read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "corrected.txt"
    path.write_text(text, encoding="utf-8")
    return path


def quotes(tiny, coder):
    project = study.load(tiny)
    return {
        coding.code: project.source("T1").quote(coding.selection)
        for coding in project.codings
        if coding.coder == coder and coding.selection.source == "T1"
    }


def test_codings_follow_their_words(tiny, tmp_path):
    path = corrected(
        tiny,
        tmp_path,
        ("It is a short course", "Um, well, it is a really short course"),
        ("a year", "two years"),
    )
    before = quotes(tiny, "ana")
    done = study.revise(tiny, "T1", path)
    assert done.lost == ()
    assert study.check(tiny) == []
    after = quotes(tiny, "ana")
    assert after["idea.meaning"] == before["idea.meaning"]
    assert after["idea.assessed"] == "is a really short course with a test at the end."
    assert after["making.co-design"].startswith("We sit down with the bank \U0001f3e6")
    assert after["making.co-design"].endswith("It took two years, but it worked.")


def test_a_passage_that_is_gone_is_listed_and_the_log_remembers_it(tiny, tmp_path):
    path = corrected(tiny, tmp_path, (" Nobody here agrees on that.", ""))
    done = study.revise(tiny, "T1", path)
    assert [(one.before.coder, one.words) for one in done.lost] == [
        ("ana", "Nobody here agrees on that."),
        ("consensus", "Nobody here agrees on that."),
    ]
    assert study.check(tiny) == []
    assert "idea.meaning" not in quotes(tiny, "ana")
    log = (tiny / "codebooks/tiny/codings/ana/T1.csv").read_text()
    assert "the passage is no longer in it" in log
    kept = list((tiny / "interviews/revisions").iterdir())
    assert [one.name for one in kept] == [f"T1.{done.old_version}.txt"]
    assert "Nobody here agrees" in kept[0].read_text(encoding="utf-8")


def test_a_dry_run_writes_nothing(tiny, tmp_path):
    path = corrected(tiny, tmp_path, ("a year", "two years"))
    before = {file: file.read_bytes() for file in tiny.rglob("*") if file.is_file()}
    assert len(study.revise(tiny, "T1", path, dry_run=True).moved) == 9
    assert {file: file.read_bytes() for file in tiny.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("calls", range(1, 6))
def test_interrupted_anywhere_the_same_command_finishes(tiny, tmp_path, monkeypatch, calls):
    path = corrected(tiny, tmp_path, ("It is a short", "It is a long"))
    written = []

    def limited(function):
        def write(*arguments):
            written.append(1)
            if len(written) == calls:
                raise KeyboardInterrupt
            return function(*arguments)

        return write

    monkeypatch.setattr(revising, "write_atomic", limited(revising.write_atomic))
    monkeypatch.setattr(codings, "append", limited(codings.append))
    with pytest.raises(KeyboardInterrupt):
        study.revise(tiny, "T1", path)
    study.revise(tiny, "T1", path)
    assert study.check(tiny) == []
    assert len(quotes(tiny, "ana")) == 3
    assert quotes(tiny, "ana")["idea.assessed"].endswith("with a test at the end.")


def test_a_log_cut_anywhere_loses_no_coding(tiny, tmp_path):
    path = corrected(tiny, tmp_path, ("It is a short", "It is a long"))
    log = tiny / "codebooks/tiny/codings/ana/T1.csv"
    before, old = log.read_bytes(), (tiny / "interviews/T1.txt").read_bytes()
    study.revise(tiny, "T1", path)
    whole, new = log.read_bytes(), (tiny / "interviews/T1.txt").read_bytes()
    for cut in range(len(before), len(whole), 17):
        log.write_bytes(whole[:cut])
        (tiny / "interviews/T1.txt").write_bytes(old)
        study.revise(tiny, "T1", path)
        assert (tiny / "interviews/T1.txt").read_bytes() == new
        assert study.check(tiny) == []
        assert len(quotes(tiny, "ana")) == 3


def test_codings_that_arrive_after_a_revision_are_brought_along(tiny, tmp_path):
    late = tiny / "codebooks/tiny/codings/ben/T1.csv"
    before = late.read_bytes()
    study.revise(tiny, "T1", corrected(tiny, tmp_path, ("a year", "two years")))
    late.write_bytes(before)  # as when another coder's branch is merged
    assert all("which has changed since" in str(one) for one in study.check(tiny))
    done = study.revise(tiny, "T1")
    assert [one.before.coder for one in done.moved] == ["ben", "ben"]
    assert study.check(tiny) == []
    with pytest.raises(NotPossibleError, match="nothing to do"):
        study.revise(tiny, "T1")


def decline(tiny, coder, quote):
    """Decline a proposal for the first participant's second answer, as the page does."""
    from study.coding import Desk

    desk = Desk(tiny, coder)
    shown = desk.answer("transcript", {"source": "T1"})
    start = shown["text"].index(quote)
    denied = {"action": "decline", "id": codings.new_id(), "of": "a-proposal", "words": quote}
    denied |= {"start": start, "end": start + len(quote), "code": "learning.staff"}
    desk.answer("code", {"source": "T1", "version": shown["version"], "changes": [denied]})


def test_declined_proposals_follow_their_words_too(tiny, tmp_path):
    decline(tiny, "ana", "They bring the cases")
    decline(tiny, "cleo", "a year")
    done = study.revise(tiny, "T1", corrected(tiny, tmp_path, ("a year", "long")))
    assert [(one.words, one.after is None) for one in done.declined] == [
        ("They bring the cases", False),
        ("a year", True),
    ]
    assert "learning.staff" not in {
        one.before.code for one in done.moved if one.before.coder == "ana"
    }
    entries, _ = codings.read_entries(tiny / "codebooks/tiny/codings/ana/T1.csv")
    (kept,) = codings.declined(entries)
    text = (tiny / "interviews/T1.txt").read_text(encoding="utf-8")
    assert text[kept.selection.start : kept.selection.end] == "They bring the cases"
    assert kept.source_version == done.new_version
    entries, _ = codings.read_entries(tiny / "codebooks/tiny/codings/cleo/T1.csv")
    assert codings.declined(entries) == []
    with pytest.raises(NotPossibleError, match="nothing to do"):
        study.revise(tiny, "T1")


def test_two_passages_that_fall_together_become_one(tiny, tmp_path):
    study.add(tiny, "T1", "assessed", coder="cleo", quote="short course with a test")
    study.add(tiny, "T1", "assessed", coder="cleo", quote="a short course with a test")
    study.revise(tiny, "T1", corrected(tiny, tmp_path, ("is a short course", "is short course")))
    assert study.check(tiny) == []
    assert quotes(tiny, "cleo") == {"idea.assessed": "short course with a test"}


def test_the_coding_as_it_stood_before_can_be_replayed(tiny, tmp_path):
    log = tiny / "codebooks/tiny/codings/ana/T1.csv"
    before, _ = codings.read(log)
    study.revise(tiny, "T1", corrected(tiny, tmp_path, ("a year", "two years")))
    last = max(coding.created for coding in before)
    assert codings.read(log, until=last)[0] == before


def test_what_cannot_be_revised_is_refused(tiny, tmp_path):
    same = corrected(tiny, tmp_path)
    with pytest.raises(NotPossibleError, match="nothing to do"):
        study.revise(tiny, "T1", same)
    with pytest.raises(NotPossibleError, match="no transcript 'T9'"):
        study.revise(tiny, "T9", same)


words = st.lists(st.sampled_from("ab cd. e\u0301f \U0001f600 x-y gh,".split(" ")), min_size=1)


@given(words, words, words, st.data())
def test_words_that_are_left_alone_are_found_again(head, middle, tail, data):
    old = " ".join([*head, *middle, *tail])
    start = len(" ".join(head)) + 1
    end = start + len(" ".join(middle))
    more = data.draw(words)
    new = " ".join([*head, *middle, *tail, *more])
    place = Anchor(old, new).place(start, end)
    if place is not None:
        assert 0 <= place[0] < place[1] <= len(new)
    assert Anchor(old, old).place(start, end) == (start, end)
