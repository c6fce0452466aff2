"""The desk: what a coder asks for and does, whatever the page is that sends it."""

from __future__ import annotations

import os

import pytest
from deskwork import BANK, added, ask, log_of, new_id, passage, send
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT, STUDIES

import study
from study.coding import Desk
from study.coding.desk import OPERATIONS, MalformedRequest, UnknownOperation, failure
from study.errors import NotPossibleError


@pytest.fixture
def desk(tiny):
    return Desk(tiny, "ana")


# What is shown


def test_a_study_tells_how_far_the_coder_is(desk):
    told = ask(desk, "study")
    assert (told["title"], told["coder"], told["coders"]) == ("Tiny", "ana", ["ben"])
    assert told["stances"] == ["positive", "mixed", "negative", "neutral"]
    assert (told["problems"], told["blind"], told["language"]) == (0, True, "english")
    first = told["transcripts"][0]
    expected = {"name": "T1", "participant": "T1", "group": "broker", "consent": "quote"}
    expected |= {"turns": 4, "heard_turns": 2, "coded_turns": 2, "codings": 3, "taken": True}
    assert {key: first[key] for key in expected} == expected
    cleo = ask(Desk(desk.root, "cleo"), "study")
    assert [one["coded_turns"] for one in cleo["transcripts"]] == [0, 0, 0]
    assert not any(one["taken"] for one in cleo["transcripts"])
    assert cleo["study_id"] == told["study_id"] != ask(Desk(ROOT, "cleo"), "study")["study_id"]


def test_the_pilot_can_be_coded(tmp_path):
    desk = Desk(ROOT, "somebody")
    told = ask(desk, "study")
    project = study.load(ROOT)
    assert len(told["transcripts"]) == len(project.sources) == 12
    assert told["stamp"] == project.settings.stamp
    assert set(told["stance_help"]) == {"positive", "mixed", "negative", "neutral"}
    assert {one["consent"] for one in told["transcripts"]} == {"quote", "analyse only"}
    book = ask(desk, "codebook")
    assert [one["path"] for one in book["codes"]] == [one.path for one in project.codebook]
    assert [one["path"] for one in book["codes"] if one["leaf"]] == [
        one.path for one in project.codebook.leaves
    ]
    assert ask(desk, "transcript", source="P01")["text"] == project.source("P01").text
    assert not (ROOT / "codebooks/pilot/codings/somebody").exists()


def test_every_code_has_a_colour(desk):
    colours = {one["path"]: one["colour"] for one in ask(desk, "codebook")["codes"]}
    assert colours["idea.meaning"] == "#8a4b9f"
    assert len(set(colours.values())) == len(colours)
    assert all(len(one) == 7 and int(one[1:], 16) >= 0 for one in colours.values())


def test_a_transcript_is_shown_with_its_turns_and_own_codings(desk, project):
    told = ask(desk, "transcript", source="T1")
    source = project.source("T1")
    assert told["text"] == source.text
    assert [(one["line"], one["speaker"], one["role"], one["time"]) for one in told["turns"]] == [
        (3, "Interviewer", "interviewer", 1.0),
        (5, "T1", "participant", 5.0),
        (7, "Interviewer", "interviewer", 15.0),
        (9, "T1", "participant", 18.0),
    ]
    assert [one["memo"] for one in told["codings"]] == ["", "", "clear case"]
    assert told["proposals"] == told["declined"] == []
    assert told["memo"] == {"text": "", "revision": ""}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("NOBODY here", ["Nobody here"]),
        ("it took  a", ["It took a"]),
        ("exam. It", ["exam.\nIt"]),
        ("micro", []),
        ("Interviewer", []),
        ("", []),
        ("test.*", []),
    ],
)
def test_words_are_found_in_what_participants_say(desk, text, words):
    hits = ask(desk, "find", text=text)["hits"]
    assert [one["words"] for one in hits if one["line"] != 3] == words


def test_words_are_found_without_their_accents_at_the_right_place(tiny):
    path = tiny / "interviews/T3.txt"
    path.write_text(
        path.read_text().replace(
            "A badge", "Ein Ausweis, cafe\u0301 fu\u0308r \ufb01ne Stra\u00dfe, na\u00efve; a badge"
        )
    )
    desk = Desk(tiny, "ana")
    for text, words in [
        ("CAFÉ", "cafe\u0301"),
        ("fur", "fu\u0308r"),
        ("strasse", "Straße"),
        ("naive", "naïve"),
        ("badge", "badge"),
    ]:
        (hit,) = ask(desk, "find", text=text, source="T3")["hits"]
        assert hit["words"] == words
        text = ask(desk, "transcript", source="T3")["text"]
        assert text[hit["start"] : hit["end"]] == words


def test_many_hits_are_cut_off_and_said_to_be_more(tiny):
    path = tiny / "interviews/T3.txt"
    path.write_text(path.read_text() + "\nT3: " + "word " * 700 + "end\n")
    found = ask(Desk(tiny, "ana"), "find", text="word")
    assert (len(found["hits"]), found["more"]) == (500, True)
    assert found["hits"][0]["after"].startswith(" word word")


# Coding


def test_a_coding_is_in_the_log_when_it_is_answered(desk, tiny):
    answer = send(desk, added(desk, BANK, "making.co-design", stance="mixed"))
    (made,) = [one for one in study.load(tiny).codings if one.id == answer["codings"][-1]["id"]]
    assert study.load(tiny).source("T1").quote(made.selection) == BANK
    assert (made.stance, made.code) == ("mixed", "making.co-design")
    assert len(answer["codings"]) == 4
    assert study.check(tiny) == []


def test_nothing_is_acknowledged_that_is_not_on_disk(desk, tiny, monkeypatch):
    before = log_of(tiny).read_bytes()
    change = added(desk, BANK, "idea.meaning")
    real = os.fsync

    def fails(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="No space left") as caught:
        send(desk, change)
    assert failure(caught.value)["kind"] == "disk"
    assert log_of(tiny).read_bytes() == before
    monkeypatch.setattr(os, "fsync", real)
    assert len(send(desk, change)["codings"]) == 4
    assert len(send(desk, change)["codings"]) == 4


def test_a_coding_can_be_changed_removed_and_brought_back(desk, tiny):
    first = added(desk, BANK, "idea.meaning", memo="first\nthought")
    send(desk, first)
    second = {**added(desk, "the bank", "idea.assessed", stance="neutral", memo="")}
    del second["action"]
    answer = send(desk, {"action": "change", "id": first["id"], "as": second})
    assert [one["id"] for one in answer["codings"]][-1] == second["id"]
    assert len(answer["codings"]) == 4
    answer = send(desk, {"action": "remove", "id": second["id"], "memo": "no"})
    assert len(answer["codings"]) == 3
    answer = send(desk, {**first, "id": new_id()})
    assert answer["codings"][-1]["memo"] == "first\nthought"
    assert study.check(tiny) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"words": "the bunk"}, "is not what the page sent; reload"),
        ({"end": 280}, "is not what the page sent"),
        ({"end": 256, "words": ""}, "is empty, or outside"),
        ({"end": 9_999}, "is empty, or outside"),
        ({"start": 0, "end": 5, "words": "[Comp"}, "not in anybody's words"),
        ({"start": 60, "end": 70, "words": None}, "not in anybody's words"),
        ({"start": 255, "end": 256, "words": " "}, "not in anybody's words"),
        ({"code": "making.codesign"}, "did you mean 'making.co-design'"),
        ({"memo": "x" * 150_000}, "a memo may have 100,000 characters"),
    ],
)
def test_what_does_not_fit_the_transcript_is_refused_and_nothing_is_written(
    desk, tiny, change, message
):
    good = added(desk, "They bring", "idea.meaning")
    wrong = {**added(desk, "We sit", "idea.meaning"), **change}
    if wrong["words"] is None:
        text = ask(desk, "transcript", source="T1")["text"]
        wrong["words"] = text[wrong["start"] : wrong["end"]]
    before = log_of(tiny).read_bytes()
    with pytest.raises(NotPossibleError, match=message):
        send(desk, good, wrong)
    assert log_of(tiny).read_bytes() == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"action": "add"}, "needs 'id'"),
        ({"action": "delete", "id": "x"}, "must be one of: add, remove"),
        ({"id": "x"}, "must be one of"),
        ("add", "must be an object"),
        ({"action": "remove", "id": 7}, "'id' must be text"),
        ({"action": "remove", "id": "a", "coder": "ben"}, "there is no parameter 'coder'"),
    ],
)
def test_a_change_that_makes_no_sense_is_malformed(desk, change, message):
    with pytest.raises(MalformedRequest, match=message):
        send(desk, change)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "a"},
        {"start": -1},
        {"start": 1.5},
        {"start": True},
        {"end": 10**20},
        {"words": 5},
        {"words": "\ud83c"},
        {"stance": "angry"},
        {"code": "a\nb"},
        {"memo": None},
        {"coder": "ben"},
    ],
)
def test_values_of_the_wrong_kind_are_malformed(desk, wrong):
    change = {**added(desk, BANK, "idea.meaning"), **wrong}
    with pytest.raises(MalformedRequest, match=r"code: 'changes' \[0\] add: "):
        send(desk, change)


def test_unknown_operations_and_parameters_are_told_apart(desk):
    with pytest.raises(UnknownOperation, match="did you mean 'codebook'"):
        desk.answer("codebok", {})
    with pytest.raises(MalformedRequest, match="needs 'source'"):
        desk.answer("transcript", {})
    with pytest.raises(MalformedRequest, match="must be an object"):
        desk.answer("study", ["T1"])
    with pytest.raises(NotPossibleError, match="did you mean 'T1'"):
        desk.answer("transcript", {"source": "TT1"})
    for error, kind in [
        (UnknownOperation("?"), "unknown"),
        (MalformedRequest("?"), "malformed"),
        (NotPossibleError("?"), "refused"),
        (OSError(30, "Read-only file system", "x.csv"), "disk"),
    ]:
        assert failure(error)["kind"] == kind
    with pytest.raises(ZeroDivisionError):
        failure(ZeroDivisionError())


@pytest.mark.parametrize("name", ["../T1", "T1/../T2", "/etc/passwd", ".", "", "T1.txt", "CON"])
def test_no_path_leads_out_of_the_study(desk, name):
    for operation in ("transcript", "taken"):
        with pytest.raises(NotPossibleError, match="there is no transcript"):
            ask(desk, operation, source=name)


@pytest.mark.parametrize("coder", ["consensus", "rules", "Ana", "../ana", "", "an a"])
def test_a_name_that_can_be_no_coders_is_refused(tiny, coder):
    with pytest.raises(NotPossibleError):
        Desk(tiny, coder)


def test_going_through_a_transcript_without_result_is_remembered(desk, tiny):
    cleo = Desk(tiny, "cleo")
    assert ask(cleo, "taken", source="T2") == {"taken": True}
    assert ask(cleo, "taken", source="T2") == {"taken": True}
    assert study.load(tiny).assigned["cleo"] == {"T2"}
    assert [one["taken"] for one in ask(cleo, "study")["transcripts"]] == [False, True, False]
    before = log_of(tiny).read_bytes()
    ask(desk, "taken", source="T1")
    assert log_of(tiny).read_bytes() == before


def test_a_message_without_changes_takes_nothing_on(tiny):
    cleo = Desk(tiny, "cleo")
    assert send(cleo)["codings"] == []
    assert not log_of(tiny, "cleo").exists()


def test_a_passage_gets_a_code_once(desk):
    send(desk, added(desk, BANK, "idea.meaning"))
    with pytest.raises(NotPossibleError, match="ana has given this passage"):
        send(desk, added(desk, BANK, "idea.meaning"))
    send(desk, added(desk, BANK, "idea.assessed"))


# Sent again


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "change", "decline", "undecline"]),
        st.sampled_from(["We sit down", "the bank", "They bring the cases"]),
        st.sampled_from(["idea.meaning", "making.designing", "making.co-design"]),
        st.integers(0, 20),
    ),
    max_size=12,
)


def messages(desk, wishes):
    """Turn wishes into what a page sends: new ids for what is new, known ones for the rest."""
    ids = {"add": [new_id()], "decline": [new_id()]}
    for action, words, code, which in wishes:
        made = {"code": code, "id": new_id(), **passage(desk, words)}
        if action in ("remove", "change"):
            old = ids["add"][which % len(ids["add"])]
            yield {"action": action, "id": old, **({"as": made} if action == "change" else {})}
        elif action == "undecline":
            yield {"action": action, "id": ids["decline"][which % len(ids["decline"])]}
        else:
            yield {"action": action, **made, **({"of": "p"} if action == "decline" else {})}
        if action in ("add", "change", "decline"):
            ids["decline" if action == "decline" else "add"].append(made["id"])


@settings(max_examples=40)
@given(wishes=CHANGES, data=st.data())
def test_any_beginning_may_be_sent_again_and_nothing_changes(tmp_path_factory, wishes, data):
    import shutil

    root = tmp_path_factory.mktemp("study") / "tiny"
    shutil.copytree(STUDIES / "tiny", root)
    desk = Desk(root, "cleo")
    acknowledged, answer = [], None
    for message in messages(desk, wishes):
        try:
            answer = send(desk, message)
        except NotPossibleError:
            continue
        acknowledged.append(message)
        before = log_of(root, "cleo").read_bytes()
        desk = data.draw(st.sampled_from([desk, Desk(root, "cleo")]))
        for sent in acknowledged[: data.draw(st.integers(0, len(acknowledged)))]:
            again = send(desk, sent)
            assert {**again, "time": ""} == {**answer, "time": ""}
        assert log_of(root, "cleo").read_bytes() == before
    assert study.check(root) == []
    if answer:
        loaded = [one.id for one in study.load(root).codings if one.coder == "cleo"]
        assert loaded == [one["id"] for one in answer["codings"]]


def test_every_operation_is_tried_here_or_with_the_others():
    mine = {"study", "codebook", "transcript", "find", "code", "taken", "memo", "memos"}
    compared = {"compare", "agreement", "consensus", "decide"}
    assert mine | compared <= set(OPERATIONS)
