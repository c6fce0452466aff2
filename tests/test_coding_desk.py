"""The desk: what a coder asks for and does, whatever the page is that sends it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT, STUDIES

import study
from study import codings
from study.coding import Desk
from study.coding.desk import OPERATIONS, MalformedRequest, UnknownOperation, failure
from study.codings import Entry
from study.errors import NotPossibleError
from study.model import Coding, Selection

BANK = "the bank \U0001f3e6 and write it together"


def new_id():
    return str(uuid.uuid4())


def ask(desk, name, /, **parameters):
    """Ask as a page does: everything passes through JSON, there and back."""
    answer = desk.answer(name, json.loads(json.dumps(parameters)))
    return json.loads(json.dumps(answer, allow_nan=False))


def passage(desk, words, source="T1"):
    """Return a passage as a page sends it: offsets and the words it shows there."""
    text = ask(desk, "transcript", source=source)["text"]
    start = text.index(words)
    return {"start": start, "end": start + len(words), "words": words}


def send(desk, *changes, source="T1", version=""):
    version = version or ask(desk, "transcript", source=source)["version"]
    return ask(desk, "code", source=source, version=version, changes=list(changes))


def added(desk, words, code, source="T1", **more):
    where = passage(desk, words, source)
    return {"action": "add", "id": new_id(), "code": code, **where, **more}


def shown(answer):
    return [(one["code"], one["start"], one["end"]) for one in answer["codings"]]


def log_of(tiny, coder="ana", source="T1"):
    return tiny / f"codebooks/tiny/codings/{coder}/{source}.csv"


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


def test_what_was_delivered_stays_delivered_when_the_transcript_is_corrected(desk, tiny, tmp_path):
    change = added(desk, BANK, "idea.meaning")
    version = ask(desk, "transcript", source="T1")["version"]
    send(desk, change, version=version)
    corrected = tmp_path / "corrected.txt"
    text = (tiny / "interviews/T1.txt").read_text(encoding="utf-8")
    corrected.write_text(text.replace("a year", "two years"), encoding="utf-8")
    study.revise(tiny, "T1", corrected)
    again = send(desk, change, version=version)
    assert again["version"] != version
    assert len(again["codings"]) == 4
    with pytest.raises(NotPossibleError, match="has been corrected since this page showed it"):
        send(desk, {**change, "id": new_id()}, version=version)
    with pytest.raises(NotPossibleError, match="has been corrected since"):
        send(desk, {"action": "remove", "id": change["id"]}, version=version)


# Others at the same study


def test_a_brief_answer_tells_of_what_the_message_is_about(desk):
    before = len(ask(desk, "transcript", source="T1")["codings"])
    first = added(desk, "a short course", "idea")
    send(desk, first)
    second = added(desk, "a year", "idea")
    where = {"source": "T1", "version": ask(desk, "transcript", source="T1")["version"]}
    changes = [second, {"action": "remove", "id": first["id"]}]
    answer = ask(desk, "code", **where, changes=changes, brief=True)
    assert [one["id"] for one in answer["codings"]] == [second["id"]]
    assert answer["count"] == before + 1
    assert answer["open"] == []
    assert "proposals" not in answer


def test_two_pages_of_one_coder_see_each_others_codings(desk, tiny):
    other = Desk(tiny, "ana")
    change = added(desk, BANK, "idea.meaning")
    send(desk, change)
    assert len(ask(other, "transcript", source="T1")["codings"]) == 4
    send(other, {"action": "remove", "id": change["id"]})
    later = {**added(desk, "the bank", "idea.meaning")}
    del later["action"]
    with pytest.raises(NotPossibleError, match="changed or taken back elsewhere"):
        send(desk, {"action": "change", "id": change["id"], "as": later})
    assert len(send(desk, {"action": "remove", "id": change["id"]})["codings"]) == 3


def test_two_processes_of_one_coder_lose_nothing(tiny):
    script = textwrap.dedent(
        """
        import sys, uuid
        from study.coding import Desk
        desk = Desk(sys.argv[1], "cleo")
        shown = desk.answer("transcript", {"source": "T2"})
        first = shown["turns"][1]["start"] + int(sys.argv[2])
        for number in range(25):
            start, end = first + 2 * number, first + 2 * number + 20
            words = shown["text"][start:end]
            change = dict(action="add", id=str(uuid.uuid4()), start=start, end=end, words=words)
            change["code"] = "idea.meaning"
            message = {"source": "T2", "version": shown["version"], "changes": [change]}
            desk.answer("code", message)
        """
    )
    both = [subprocess.Popen([sys.executable, "-c", script, tiny, n]) for n in "01"]
    assert [one.wait(60) for one in both] == [0, 0]
    assert len(ask(Desk(tiny, "cleo"), "transcript", source="T2")["codings"]) == 50
    assert study.check(tiny) == []


def test_what_others_do_is_never_sent(tiny):
    ben = Desk(tiny, "ben")
    send(ben, added(ben, BANK, "idea.meaning", memo="XYZZY thinks ben"))
    ask(ben, "memo", about="transcript", name="T1", text="XYZZY on it all", revision="")
    guid = ask(ben, "codebook")["codes"][0]["guid"]
    ask(ben, "memo", about="code", name=guid, text="XYZZY on a code", revision="")
    ana = Desk(tiny, "ana")
    known = {one["id"] for one in ask(ana, "transcript", source="T1")["codings"]}
    told = [
        ask(ana, "study"),
        ask(ana, "codebook"),
        ask(ana, "transcript", source="T1"),
        ask(ana, "find", text="xyzzy"),
        ask(ana, "memos"),
        send(ana, added(ana, "We sit", "idea.meaning")),
    ]
    text = json.dumps(told)
    assert "XYZZY" not in text
    others = {one.id for one in study.load(tiny).codings if one.coder != "ana"}
    assert others
    assert not [one for one in others if one in text]
    assert known
    assert not (tiny / "codebooks/tiny/compared.csv").exists()
    with pytest.raises(NotPossibleError, match="you have no coding"):
        send(ana, {"action": "remove", "id": sorted(others)[0]})


def test_who_has_withdrawn_is_nowhere(tiny, desk):
    ask(desk, "memo", about="transcript", name="T2", text="nobody came", revision="")
    people = tiny / "interviews/participants.csv"
    people.write_text(people.read_text().replace("analyse only", "withdrawn"))
    assert [one["name"] for one in ask(desk, "study")["transcripts"]] == ["T1", "T3"]
    assert ask(desk, "find", text="council")["hits"] == []
    assert ask(desk, "memos")["memos"] == []
    counts = {one["path"]: one["count"] for one in ask(desk, "codebook")["codes"]}
    assert counts["making.co-design"] == 1
    for name, more in [
        ("transcript", {}),
        ("taken", {}),
        ("find", {"text": "a"}),
        ("code", {"version": "607d6df118d5", "changes": []}),
        ("compare", {"a": "ana", "b": "ben"}),
        ("agreement", {"a": "ana", "b": "ben"}),
        ("consensus", {"a": "ana", "b": "ben"}),
    ]:
        with pytest.raises(NotPossibleError, match="there is no transcript 'T2'"):
            ask(desk, name, source="T2", **more)
    with pytest.raises(NotPossibleError, match="there is no transcript 'T2'"):
        ask(desk, "memo", about="transcript", name="T2", text="", revision="")


# Files that change


def test_files_that_change_on_disk_are_read_again(desk, tiny):
    ask(desk, "study")
    book = tiny / "codebooks/tiny/codebook.yaml"
    before = ask(desk, "codebook")["revision"]
    book.write_text(book.read_text().replace("name: Idea\n", "name: Notion\n"))
    after = ask(desk, "codebook")
    assert after["codes"][0]["name"] == "Notion"
    assert after["revision"] != before
    (tiny / "interviews/T4.txt").write_text("T4: Hello there.\n")
    assert [one["name"] for one in ask(desk, "study")["transcripts"]][-1] == "T4"
    settings = tiny / "study.toml"
    settings.write_text(settings.read_text().replace('"Tiny"', '"Small"'))
    assert ask(desk, "study")["title"] == "Small"


def test_one_transcript_is_not_reread_for_another(desk, monkeypatch):
    from study import transcripts

    ask(desk, "study")
    read = []
    real = transcripts.read
    monkeypatch.setattr(
        transcripts, "read", lambda path, *more: read.append(path.stem) or real(path, *more)
    )
    path = desk.root / "interviews/T3.txt"
    path.write_text(path.read_text().replace("badge", "button"))
    send(desk, added(desk, BANK, "idea.meaning"))
    assert read == []
    ask(desk, "study")
    ask(desk, "study")
    assert read == ["T3"]


def test_a_transcript_that_was_changed_by_hand_is_not_coded_until_its_codings_follow(desk, tiny):
    change = added(desk, BANK, "idea.meaning")
    path = tiny / "interviews/T1.txt"
    old = path.read_text(encoding="utf-8")
    path.write_text(old.replace("a year", "two years"), encoding="utf-8")
    told = ask(desk, "transcript", source="T1")
    assert told["codings"] == []
    assert "3 of your codings were made on another version of T1" in told["problem"]
    assert "`study revise T1`" in told["problem"]
    with pytest.raises(NotPossibleError, match="study revise T1"):
        send(desk, change)
    listed = ask(desk, "study")
    assert listed["problems"] == 1
    assert [bool(one["problem"]) for one in listed["transcripts"]] == [True, False, False]
    send(Desk(tiny, "cleo"), change)


def test_a_code_that_was_renamed_or_merged_keeps_its_codings(desk, tiny):
    whole = passage(desk, BANK)
    send(desk, {"action": "add", "id": new_id(), "code": "making.designing", **whole})
    assert study.load(tiny).codings[3].code == "making.co-design"
    twin = {"action": "add", "id": new_id(), "code": "idea.assessed", **whole}
    first = {"action": "add", "id": new_id(), "code": "idea.meaning", **whole}
    send(desk, first, twin)
    book = tiny / "codebooks/tiny/codebook.yaml"
    head, rest = book.read_text().split("  - code: assessed\n")
    rest = rest[rest.index("  - code: making") :]
    merged = head.rstrip("\n") + "\n    formerly: [idea.assessed]\n" + rest
    book.write_text(merged)
    assert study.check(tiny) == []
    answer = send(desk)
    ids = [one["id"] for one in answer["codings"]]
    assert first["id"] in ids
    assert twin["id"] not in ids
    assert {one["code"] for one in answer["codings"]} == {"idea.meaning", "making.co-design"}
    with pytest.raises(NotPossibleError, match="before"):
        send(desk, {**twin, "id": new_id()})
    send(desk, first, twin)
    answer = send(desk, {"action": "remove", "id": first["id"]})
    assert not {first["id"], twin["id"]} & {one["id"] for one in answer["codings"]}
    assert len(study.load(tiny).codings) == 7 + 5 + 8 + 1


def test_a_code_deleted_by_one_while_another_applies_it_is_refused_by_name(desk, tiny):
    change = added(desk, BANK, "learning")
    book = tiny / "codebooks/tiny/codebook.yaml"
    text = book.read_text()
    book.write_text(
        text.replace("code: learning\n", "code: growing\n").replace(
            "parent: learning", "parent: growing"
        )
    )
    with pytest.raises(NotPossibleError, match="code 'learning' is not in the codebook"):
        send(desk, change)
    told = ask(desk, "study")
    assert told["problems"] == 2
    book.write_text("codes: [\n")
    with pytest.raises(NotPossibleError, match="the codebook cannot be read"):
        send(desk, change)
    assert ask(desk, "codebook")["codes"] == []


def test_a_log_that_a_spreadsheet_rewrote_is_not_written_to(desk, tiny):
    log = log_of(tiny)
    log.write_bytes(log.read_bytes().replace(b"\n", b"\r\n"))
    assert len(ask(desk, "transcript", source="T1")["codings"]) == 3
    with pytest.raises(NotPossibleError, match="study check --fix"):
        send(desk, added(desk, BANK, "idea.meaning"))
    assert ask(desk, "study")["problems"] == 1


def test_a_spoilt_row_is_told_where_it_hides_codings(desk, tiny):
    log = log_of(tiny)
    log.write_text(log.read_text().replace(",256,378,", ",256,"))
    told = ask(desk, "transcript", source="T1")
    assert len(told["codings"]) == 2
    assert "T1.csv:4: has 10 cells where a coding has 11" in told["problem"]
    assert ask(desk, "study")["transcripts"][0]["problem"] == told["problem"]


def test_a_transcript_whose_name_no_log_can_have_is_a_problem(desk, tiny):
    (tiny / "interviews/T1.txt").rename(tiny / "interviews/T 1.txt")
    told = ask(desk, "study")
    assert [one["name"] for one in told["transcripts"]] == ["T2", "T3"]
    assert told["problems"] == 1
    assert ask(desk, "find", text="bank")["hits"] == []


def test_one_desk_serves_many_threads(desk, tiny):
    from concurrent.futures import ThreadPoolExecutor

    changes = [added(desk, BANK[:size], "idea.meaning") for size in range(3, 30)]

    def one(change):
        ask(desk, "study")
        return send(desk, change)["codings"]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, changes))
    for change, answer in zip(changes, answers, strict=True):
        assert change["id"] in {row["id"] for row in answer}
    assert len(ask(desk, "transcript", source="T1")["codings"]) == 30
    assert study.check(tiny) == []


def test_a_transcript_that_cannot_be_read_is_counted_as_a_problem(desk, tiny):
    (tiny / "interviews/T2.txt").write_bytes(b"T2: caf\xe9\n")
    told = ask(desk, "study")
    assert [one["name"] for one in told["transcripts"]] == ["T1", "T3"]
    assert told["problems"] == 1


# Proposals of rules


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


def test_every_operation_is_tried_here_or_with_the_others():
    mine = {"study", "codebook", "transcript", "find", "code", "taken", "memo", "memos"}
    compared = {"compare", "agreement", "consensus", "decide"}
    assert mine | compared <= set(OPERATIONS)
