"""A desk beside others: another page, another coder, and files that change under it."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest
from deskwork import BANK, added, ask, log_of, new_id, passage, send

import study
from study.coding import Desk
from study.errors import NotPossibleError


@pytest.fixture
def desk(tiny):
    return Desk(tiny, "ana")


# What is shown


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
