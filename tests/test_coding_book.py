"""Editing the codebook through the desk: what the page sends, and what it gets."""

from __future__ import annotations

import json

import hostile
import pytest
from books import codes, file_of

import study
from study import codebook
from study.coding import Desk
from study.coding.book import ACTIONS, edit
from study.coding.desk import OPERATIONS, MalformedRequest, failure
from study.errors import NotPossibleError, StudyError


@pytest.fixture
def desk(tiny):
    """Return ana's desk at the tiny study."""
    return Desk(tiny, "ana")


def ask(desk, **parameters):
    return desk.answer("edit_code", parameters)


def test_an_edit_answers_the_new_codebook_what_was_done_and_what_takes_it_back(desk, tiny):
    before = file_of(tiny).read_bytes()
    answer = ask(desk, action="add", name="Trust", parent="idea", definition="Reliance.")
    assert answer["done"] == "Added idea.trust."
    assert answer["touched"] == ["idea.trust"]
    (made,) = [code for code in answer["codes"] if code["path"] == "idea.trust"]
    assert (made["name"], made["definition"], made["count"]) == ("Trust", "Reliance.", 0)
    assert answer["revision"] == desk.answer("codebook", {})["revision"]
    assert answer["can_undo"]
    undone = desk.answer("edit_code", answer["undo"])
    assert undone["done"] == "Took back: Added idea.trust."
    assert file_of(tiny).read_bytes() == before
    redone = desk.answer("edit_code", undone["undo"])
    assert redone["revision"] == answer["revision"]
    json.dumps([answer, undone, redone])


EDITS = [
    {"action": "change", "code": "idea", "definition": "x", "was": {"definition": "y"}},
    {"action": "change", "code": "staff", "name": "People", "slug": "people", "colour": "#000000"},
    {"action": "rename", "code": "idea", "slug": "concept"},
    {"action": "move", "code": "meaning", "parent": "making"},
    {"action": "move", "code": "meaning", "after": "staff"},
    {"action": "merge", "code": "meaning", "into": "assessed"},
    {"action": "split", "code": "idea", "into": [{"name": "A", "patterns": ["x"]}, {"name": "B"}]},
    {"action": "split", "code": "meaning", "into": [{"name": "A"}], "below": False},
]


@pytest.mark.parametrize("parameters", EDITS[1:])
def test_each_edit_can_be_taken_back_to_the_byte(desk, tiny, parameters):
    before = file_of(tiny).read_bytes()
    answer = ask(desk, **parameters)
    assert file_of(tiny).read_bytes() != before
    desk.answer("edit_code", answer["undo"])
    assert file_of(tiny).read_bytes() == before


def test_a_name_and_a_short_name_are_changed_in_one_step(desk, tiny):
    ask(desk, **EDITS[1])
    code = codes(tiny)["learning.people"]
    assert (code.name, code.colour, code.formerly) == ("People", "#000000", ("learning.staff",))
    assert len(codebook.changes(tiny)) == 1


def test_own_codings_are_counted_under_the_present_path_and_no_others(desk):
    answer = ask(desk, action="merge", code="meaning", into="assessed")
    counted = {code["path"]: code["count"] for code in answer["codes"] if code["count"]}
    assert counted == {"idea.assessed": 3, "making.co-design": 2, "learning.staff": 2}


def test_what_is_refused_is_told_in_a_sentence(desk, tiny):
    before = file_of(tiny).read_bytes()
    with pytest.raises(NotPossibleError, match=r"ben \(2\) and consensus \(2\) would lose") as told:
        ask(desk, action="delete", code="co-design")
    assert failure(told.value)["kind"] == "refused"
    with pytest.raises(NotPossibleError, match="changed by someone else"):
        ask(desk, **EDITS[0])
    assert file_of(tiny).read_bytes() == before


def test_nothing_is_undone_where_nothing_was_done(desk):
    answer = ask(desk, action="change", code="idea", name="Idea")
    assert (answer["done"], answer["undo"], answer["touched"]) == (
        "Nothing was changed.",
        None,
        ["idea"],
    )


def test_history_is_told_with_the_latest_first(desk, tiny):
    assert desk.answer("codebook_history", {}) == {"changes": []}
    codebook.rename(tiny, "meaning", "sense", coder="ben")
    first = ask(desk, action="delete", code=ask(desk, action="add", name="X")["touched"][0])
    told = desk.answer("codebook_history", {})["changes"]
    assert [(one["who"], one["what"]) for one in told] == [
        ("ana", "Deleted x"),
        ("ana", "Added x"),
        ("ben", "Renamed idea.meaning to idea.sense"),
    ]
    assert told[0]["after"] == first["revision"]


def test_the_same_call_without_a_desk(tiny):
    done = edit(tiny, "ana", {"action": "rename", "code": "idea", "slug": "concept"})
    assert done["done"] == "Renamed idea to concept."


MALFORMED = [
    {},
    {"action": "drop"},
    {"action": None},
    {"action": ["add"]},
    {"action": "add"},
    {"action": "add", "name": 3},
    {"action": "add", "name": None},
    {"action": "add", "name": "x", "coder": "ben"},
    {"action": "add", "name": "x", "guid": "y"},
    {"action": "add", "name": "x", "patterns": "y"},
    {"action": "add", "name": "x", "patterns": [1]},
    {"action": "add", "name": "x", "definition": ["y"]},
    {"action": "add", "name": "x", "definition": "y" * 300_000},
    {"action": "change", "name": "x"},
    {"action": "change", "code": "idea", "was": []},
    {"action": "change", "code": "idea", "was": {"guid": "x"}},
    {"action": "move", "code": {"a": 1}},
    {"action": "merge", "code": "idea"},
    {"action": "split", "code": "idea", "into": {}},
    {"action": "split", "code": "idea", "into": [{"slug": "x"}]},
    {"action": "split", "code": "idea", "into": [{"name": "x"}] * 3000},
    {"action": "split", "code": "idea", "into": [{"name": "x"}], "below": 1},
    {"action": "delete", "code": "idea", "force": True},
    {"action": "restore", "version": 3},
]


@pytest.mark.parametrize("parameters", MALFORMED)
def test_malformed_edits_write_nothing(desk, tiny, parameters):
    before = file_of(tiny).read_bytes()
    with pytest.raises(MalformedRequest):
        ask(desk, **parameters)
    assert file_of(tiny).read_bytes() == before


HOSTILE = [
    "../../etc/passwd", "..", "", " ", "\0", "a\nb: c", "{{x}}", "<script>", "*a", "&a", "!!python",
    "- x", "# x", "\u202ex", "\ufeff", "\u2028", "\U0001d54f" * 40, "%00", "'; --", '"',
    "null", "~", "@",
]  # fmt: skip


def kind_of(desk, parameters):
    try:
        ask(desk, **parameters)
    except StudyError as error:
        return failure(error)["kind"]
    return "done"


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_a_name_holds_the_codebook_stays_readable(desk, tiny, text):
    tries = [
        {"action": "add", "name": text},
        {"action": "add", "name": "ok", "slug": text},
        {"action": "add", "name": "fine", "parent": text},
        {"action": "change", "code": "idea", "definition": text, "include": text},
        {"action": "change", "code": text, "name": "x"},
        {"action": "rename", "code": "making", "slug": text},
        {"action": "restore", "version": text},
        {"action": "restore", "version": text, "undoing": text},
        {"action": "change", "code": "staff", "colour": text, "patterns": [text]},
    ]
    for parameters in tries:
        assert kind_of(desk, parameters) in ("done", "refused", "malformed")
        codes(tiny)
    made = {path.name for path in tiny.rglob("*") if path.is_file()}
    assert not [name for name in made if "passwd" in name]


def test_every_action_is_tried_here():
    tried = {one["action"] for one in EDITS} | {"add", "delete", "restore"}
    assert tried == set(ACTIONS)
    assert {"edit_code", "codebook_history"} <= set(OPERATIONS)


def test_there_is_a_hostile_message_for_each_action():
    assert set(hostile.EDITS) == set(ACTIONS)


def test_wrong_edits_are_refused_in_a_sentence_and_leave_a_codebook_that_reads(desk, tiny):
    before, sentences = codes(tiny), []
    for message in hostile.edits():
        try:
            ask(desk, **message)
        except StudyError as error:
            sentences.append(str(error))
        else:  # what was wrong had made it right: an `add` without its parent
            assert message["action"] == "add", message
    assert len(sentences) > 300
    assert not [one for one in sentences if "\n" in one]
    assert study.check(tiny) == []
    assert {path: codes(tiny)[path] for path in before} == before
