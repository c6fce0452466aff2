"""Two coders at one study: comparing them, how far they agree, and what they settle on."""

from __future__ import annotations

import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

import study
from study import codings, tables
from study.coding import Desk, consensus
from study.coding.comparing import meet
from study.errors import NotPossibleError
from study.model import Coding, Selection

PAIR = {"source": "T1", "a": "ana", "b": "ben"}


@pytest.fixture
def desk(tiny):
    return Desk(tiny, "ana")


@pytest.fixture
def alone(tiny):
    """Return a desk at a study without a consensus yet."""
    for log in (tiny / "codebooks/tiny/codings/consensus").iterdir():
        log.unlink()
    return Desk(tiny, "ana")


def ask(desk, name, /, **parameters):
    answer = desk.answer(name, json.loads(json.dumps(parameters)))
    return json.loads(json.dumps(answer, allow_nan=False))


def new_id():
    return str(uuid.uuid4())


def give(desk, words, code, source="T1", stance=""):
    shown = ask(desk, "transcript", source=source)
    start = shown["text"].index(words)
    made = {"action": "add", "id": new_id(), "start": start, "end": start + len(words)}
    made |= {"words": words, "code": code, "stance": stance}
    ask(desk, "code", source=source, version=shown["version"], changes=[made])
    return made["id"]


def decide(desk, item, decision, why="", **more):
    version = ask(desk, "transcript", source="T1")["version"]
    message = {**PAIR, "key": item["key"], "decision": decision, "why": why, "version": version}
    return ask(desk, "decide", **{**message, "request": new_id(), **more})


def items(desk):
    return ask(desk, "consensus", **PAIR)["items"]


def the_consensus(tiny):
    project = study.load(tiny)
    return {
        (one.code, project.source("T1").quote(one.selection), one.stance)
        for one in project.codings
        if one.coder == "consensus" and one.selection.source == "T1"
    }


# Comparing


def test_each_passage_says_how_the_two_differ(desk, tiny):
    give(Desk(tiny, "ben"), "Nobody here agrees on that.", "idea.meaning", stance="positive")
    answer = ask(desk, "compare", **PAIR)
    found = [(one["code"], one["kind"], len(one["a"]), len(one["b"])) for one in answer["passages"]]
    assert found == [
        ("idea.assessed", "only-a", 1, 0),
        ("idea.meaning", "only-b", 0, 1),
        ("idea.meaning", "stance", 1, 1),
        ("making.co-design", "boundary", 1, 1),
    ]
    assert [one["memo"] for one in answer["a"]] == ["", "", "clear case"]
    assert len(answer["b"]) == 3
    turned = ask(desk, "compare", source="T1", a="ben", b="ana")
    kinds = [one["kind"] for one in turned["passages"]]
    assert kinds == ["only-b", "only-a", "stance", "boundary"]
    assert ask(desk, "compare", source="T2", a="ana", b="ben")["passages"][0]["kind"] == "boundary"


def test_two_passages_that_only_touch_do_not_meet():
    def made(identity, start, end):
        place = Selection("T1", start, end)
        return Coding(identity, place, "idea", "x", codings.now(), "v")

    found = meet([made("a", 0, 5), made("b", 5, 9)], [made("c", 9, 12), made("d", 4, 5)])
    assert [(one.kind, one.start, one.end) for one in found] == [
        ("boundary", 0, 5),
        ("only-a", 5, 9),
        ("only-b", 9, 12),
    ]


PASSAGES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 6), st.sampled_from("xy")), max_size=8, unique=True
)


@given(a=PASSAGES, b=PASSAGES)
def test_every_coding_is_in_one_meeting_and_overlaps_decide_which(a, b):
    def made(side, passages):
        return [
            Coding(f"{side}{n}", Selection("T1", start, start + size), code, side, None, "v")
            for n, (start, size, code) in enumerate(passages)
        ]

    one, two = made("a", a), made("b", b)
    found = meet(one, two)
    met = [coding.id for each in found for coding in (*each.a, *each.b)]
    assert sorted(met) == sorted(coding.id for coding in (*one, *two))
    assert found == sorted(found, key=lambda each: (each.start, each.end, each.code))
    for each in found:
        assert {coding.code for coding in (*each.a, *each.b)} == {each.code}
        if each.kind in ("same", "stance"):
            assert each.a[0].selection == each.b[0].selection
        elif each.kind == "boundary":
            assert any(x.selection.overlaps(y.selection) for x in each.a for y in each.b)
        else:
            (alone,) = (*each.a, *each.b)
            others = two if each.kind == "only-a" else one
            free = [
                other
                for other in others
                if other.code == each.code
                and other.selection.overlaps(alone.selection)
                and not any(
                    pair.kind in ("same", "stance") and other in (*pair.a, *pair.b)
                    for pair in found
                )
            ]
            assert not free


def test_who_looks_at_others_is_written_down_once_a_transcript(desk, tiny):
    compared = tiny / "codebooks/tiny/compared.csv"
    assert not any(one["compared"] for one in ask(desk, "study")["transcripts"])
    ask(desk, "compare", source="T1", a="ana", b="ben")
    ask(desk, "compare", source="T1", a="ben", b="consensus")
    ask(Desk(tiny, "ana"), "agreement", source="T1", a="ana", b="ben")
    assert [line.rpartition(",")[0] for line in compared.read_text().splitlines()] == [
        "coder,source",
        "ana,T1",
    ]
    assert [one["compared"] for one in ask(desk, "study")["transcripts"]] == [True, False, False]
    cleo = Desk(tiny, "cleo")
    assert not any(one["compared"] for one in ask(cleo, "study")["transcripts"])
    ask(cleo, "agreement", source="", a="ana", b="ben")
    assert len(compared.read_text().splitlines()) == 5
    assert study.check(tiny) == []


def test_the_list_of_who_has_looked_survives_a_spreadsheet_and_a_crash(desk, tiny):
    compared = tiny / "codebooks/tiny/compared.csv"
    ask(desk, "compare", **PAIR)
    before = compared.read_text()
    mangled = before.replace(",", ";").replace("\n", "\r\n")
    compared.write_bytes(b"\xef\xbb\xbf" + mangled.encode())
    ask(Desk(tiny, "ana"), "compare", **PAIR)
    ask(Desk(tiny, "ben"), "compare", **PAIR)
    assert compared.read_text().startswith(before)
    assert compared.read_text().count("\n") == 3
    compared.write_text(before.rstrip("\n"))
    ask(Desk(tiny, "cleo"), "compare", **PAIR)
    assert compared.read_text().startswith(before + "cleo,T1,")


def test_nothing_is_shown_that_could_not_be_written_down(desk, tiny, monkeypatch):
    import os

    def fails(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="No space"):
        ask(desk, "compare", **PAIR)


def test_comparing_with_rules_alone_keeps_a_coder_blind(desk, tiny):
    log = codings.path_of(tiny / "codebooks/tiny/codings", "rules", "T1")
    codings.start(log)
    ask(desk, "compare", source="T1", a="ana", b="rules")
    assert not (tiny / "codebooks/tiny/compared.csv").exists()


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ({"b": "ana"}, "are one coder"),
        ({"b": "bem"}, "there is no coder 'bem'; did you mean 'ben'"),
        ({"b": "zoe"}, "there are: ana, ben, cleo, consensus"),
        ({"b": "cleo"}, "cleo has not taken on T1 yet"),
    ],
)
def test_who_cannot_be_compared_is_told_why(desk, tiny, pair, message):
    codings.start(codings.path_of(tiny / "codebooks/tiny/codings", "cleo", "T2"))
    for name in ("compare", "agreement", "consensus"):
        with pytest.raises(NotPossibleError, match=message):
            ask(desk, name, **{**PAIR, **pair})
    assert not (tiny / "codebooks/tiny/compared.csv").exists()


def test_codings_on_an_older_text_are_not_compared(desk, tiny):
    path = tiny / "interviews/T1.txt"
    path.write_text(path.read_text().replace("a year", "two years"))
    with pytest.raises(NotPossibleError, match="`study revise T1` brings them along"):
        ask(desk, "compare", **PAIR)


# Agreement


def test_agreement_is_that_of_the_study(tiny, desk):
    from study import reliability

    found = ask(desk, "agreement", source="", a="ana", b="ben")
    project = study.load(tiny)
    units = tables.units(project, coders=["ana", "ben"])
    expected = reliability.overall(units, seed=7).set_index("coefficient")
    assert [one["coefficient"] for one in found["rows"]] == list(expected.index)
    for one in found["rows"]:
        assert one["value"] == pytest.approx(expected.loc[one["coefficient"], "value"])
        assert one["n"] == expected.loc[one["coefficient"], "n"]
    assert found["n_turns"] == 6
    # T1: both turns differ (assessed; meaning), T2: none does, T3: the second does.
    wide = units.pivot_table(index=["unit", "code"], columns="coder", values="value", observed=True)
    same = (wide["ana"] == wide["ben"]).groupby("unit", observed=True).all()
    assert found["agreed"] == int(same.sum()) == 4
    of = {one["code"]: one for one in found["by_code"]}
    assert set(of) == {"idea.meaning", "idea.assessed", "making.co-design", "learning.staff"}
    assert [of["making.co-design"][key] for key in ("both", "only_a", "only_b", "neither")] == [
        2,
        0,
        0,
        4,
    ]
    assert of["idea.assessed"]["only_a"] == 1
    assert of["making.co-design"]["rows"][2]["value"] == pytest.approx(1.0)


def test_what_is_undefined_is_null_and_says_why(desk, tiny):
    for one in (desk, Desk(tiny, "ben")):
        give(one, "We sit down", "idea.meaning")
    found = ask(desk, "agreement", **PAIR)
    for one in (*found["rows"], *(row for code in found["by_code"] for row in code["rows"])):
        assert one["low"] is None
        assert one["high"] is None
        assert one["reason"]
    kappa = {one["code"]: one["rows"][1] for one in found["by_code"]}["idea.meaning"]
    assert kappa["coefficient"] == "Cohen's kappa"
    assert kappa["value"] is None
    assert "no interval" not in kappa["reason"]


def test_agreement_on_one_branch_looks_at_that_branch_only(desk):
    found = ask(desk, "agreement", source="", a="ana", b="ben", code="idea")
    assert [one["code"] for one in found["by_code"]] == ["idea.meaning", "idea.assessed"]
    assert (found["n_turns"], found["agreed"]) == (6, 5)
    several = ask(desk, "agreement", source="", a="ana", b="ben", codes=["idea", "making"])
    assert len(several["by_code"]) == 3
    with pytest.raises(NotPossibleError, match="code 'ideas' is not in the codebook"):
        ask(desk, "agreement", source="", a="ana", b="ben", code="ideas")


def test_agreement_on_several_codes_looks_at_these_only(desk):
    both = ask(desk, "agreement", **PAIR, codes=["idea.meaning", "making"])
    assert {one["code"] for one in both["by_code"]} == {"idea.meaning", "making.co-design"}
    assert both["rows"][0]["n"] == 2 * 2  # Meaning and Co-design, each on two turns
    with pytest.raises(NotPossibleError, match="is not in the codebook"):
        ask(desk, "agreement", **PAIR, codes=["idea.meaning", "nonsense"])


def test_two_who_have_nothing_in_common_do_not_agree(desk, tiny):
    codings.start(codings.path_of(tiny / "codebooks/tiny/codings", "cleo", "T2"))
    (tiny / "codebooks/tiny/codings/ben/T2.csv").unlink()
    with pytest.raises(NotPossibleError, match="no transcript in common"):
        ask(desk, "agreement", source="", a="cleo", b="ben")


def test_two_who_found_nothing_agree_on_nothing_measurable(desk, tiny):
    for coder in ("cleo", "dan"):
        codings.start(codings.path_of(tiny / "codebooks/tiny/codings", coder, "T2"))
    found = ask(desk, "agreement", source="T2", a="cleo", b="dan")
    assert (found["n_turns"], found["agreed"], found["by_code"]) == (2, 2, [])
    assert [one["value"] for one in found["rows"]] == [None, None, None]
    assert {one["reason"] for one in found["rows"]} == {"nobody used the code"}


# Consensus


def test_a_consensus_that_was_there_already_counts_as_decided(desk):
    told = ask(desk, "consensus", **PAIR)
    assert [(one["code"], one["kind"], one["decision"], one["why"]) for one in told["items"]] == [
        ("idea.assessed", "only-a", "a", ""),
        ("idea.meaning", "only-b", None, ""),
        ("idea.meaning", "only-a", "a", "ana and ben talked"),
        ("making.co-design", "boundary", "a", ""),
    ]
    assert (told["decided"], told["total"]) == (3, 4)


def test_decisions_become_the_consensus_with_who_and_why(alone, tiny):
    told = ask(alone, "consensus", **PAIR)
    assert (told["decided"], told["total"]) == (0, 4)
    assessed, meaning, other, making = told["items"]
    assert [one["kind"] for one in told["items"]] == ["only-a", "only-b", "only-a", "boundary"]
    done = decide(alone, assessed, "a", "there is a test")
    assert (done["decided"], done["item"]["decision"], done["item"]["by"]) == (1, "a", "ana")
    assert done["item"]["why"] == "there is a test"
    decide(alone, meaning, "neither")
    decide(alone, other, "b", "too vague:\nsee memo")
    done = decide(alone, making, "both")
    assert (done["decided"], done["total"]) == (4, 4)
    whole = "We sit down with the bank \U0001f3e6 and write it together. "
    whole += "They bring the cases, we bring the exam."
    assert the_consensus(tiny) == {
        ("idea.assessed", "It is a short course with a test at the end.", "positive"),
        ("making.co-design", whole, "mixed"),
        ("making.co-design", f"{whole}\nIt took a year, but it worked.", "positive"),
    }
    assert [one["decision"] for one in items(Desk(tiny, "ben"))] == ["a", "neither", "b", "both"]
    entries, problems = codings.read_entries(tiny / "codebooks/tiny/codings/consensus/T1.csv")
    assert not problems
    assert entries[0].coding.memo == (
        f"ana/ben: accepted ana (decided by ana, item {assessed['key']}): there is a test"
    )
    assert [one.action for one in entries] == ["add", "decline", "decline", "add", "add"]
    assert study.check(tiny) == []


def test_the_pair_may_be_named_in_either_order(alone):
    item = items(alone)[0]
    decide(alone, item, "a")
    turned = ask(alone, "consensus", source="T1", a="ben", b="ana")["items"][0]
    assert turned["key"] == item["key"]
    assert (turned["kind"], turned["decision"]) == ("only-b", "b")


def test_deciding_again_replaces_what_was_decided(alone, tiny):
    item = items(alone)[3]
    decide(alone, item, "b")
    decide(alone, item, "neither")
    assert the_consensus(tiny) == set()
    decide(Desk(tiny, "ben"), item, "a", "after all")
    (found,) = the_consensus(tiny)
    assert found[2] == "positive"
    again = items(alone)[3]
    assert (again["decision"], again["by"], again["why"]) == ("a", "ben", "after all")
    assert len(again["ids"]) == 1
    assert study.check(tiny) == []


def test_of_two_who_decide_the_same_at_once_the_later_counts(alone, tiny, monkeypatch):
    item, ready, chosen = items(alone)[3], threading.Barrier(2), consensus._chosen
    monkeypatch.setattr(consensus, "_chosen", lambda *it: time.sleep(0.05) or chosen(*it))
    desks = [Desk(tiny, name) for name in ("ana", "ben")]
    for _ in range(3):
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda one: (ready.wait(), decide(one, item, "a")), desks))
        assert len(items(alone)[3]["ids"]) == 1
    assert len(the_consensus(tiny)) == 1
    assert study.check(tiny) == []


def test_a_decision_can_be_taken_back(alone, tiny):
    item = items(alone)[3]
    log = tiny / "codebooks/tiny/codings/consensus/T1.csv"
    assert decide(alone, item, "undecided")["decided"] == 0
    assert not log.exists()  # an empty log would say that there was nothing to decide
    decide(alone, item, "b")
    request = new_id()
    for _ in range(2):
        answer = decide(alone, item, "undecided", request=request)
        assert (answer["item"]["decision"], answer["decided"]) == (None, 0)
    assert the_consensus(tiny) == set()
    assert len(log.read_text(encoding="utf-8").splitlines()) == 3  # header, add, remove
    assert study.check(tiny) == []


def test_a_decision_that_is_sent_again_stands_once_and_undoes_nothing(alone, tiny):
    item = items(alone)[3]
    request = new_id()
    decide(alone, item, "b", request=request)
    log = tiny / "codebooks/tiny/codings/consensus/T1.csv"
    before = log.read_bytes()
    decide(alone, item, "b", request=request)
    assert log.read_bytes() == before
    decide(alone, item, "a")
    later = log.read_bytes()
    done = decide(Desk(tiny, "ana"), item, "b", request=request)
    assert done["item"]["decision"] == "a"
    assert log.read_bytes() == later


def test_a_passage_can_be_settled_in_other_words(alone, tiny):
    item = items(alone)[3]
    text = ask(alone, "transcript", source="T1")["text"]
    words = "write it together"
    start = text.index(words)
    edit = {"start": start, "end": start + len(words), "words": words}
    edit |= {"code": "learning.staff", "stance": "neutral"}
    done = decide(alone, item, "edited", "a third way", edit=edit)["item"]
    assert (done["decision"], done["why"]) == ("edited", "a third way")
    assert [one["code"] for one in done["codings"]] == ["learning.staff"]
    assert the_consensus(tiny) == {("learning.staff", words, "neutral")}
    with pytest.raises(NotPossibleError, match="is not what the page sent"):
        decide(alone, item, "edited", edit={**edit, "start": start + 1})
    with pytest.raises(NotPossibleError, match="say which passage"):
        decide(alone, item, "edited")
    assert the_consensus(tiny) == {("learning.staff", words, "neutral")}


def test_two_stances_cannot_both_be_right(alone, tiny):
    give(Desk(tiny, "ben"), "Nobody here agrees on that.", "idea.meaning", stance="mixed")
    item = next(one for one in items(alone) if one["kind"] == "stance")
    with pytest.raises(NotPossibleError, match="with different stances: accept one of them"):
        decide(alone, item, "both")
    decide(alone, item, "b")
    assert ("idea.meaning", "Nobody here agrees on that.", "mixed") in the_consensus(tiny)


def test_what_both_gave_alike_is_settled_once(alone, tiny):
    ben = Desk(tiny, "ben")
    give(ben, "Nobody here agrees on that.", "idea.meaning", stance="negative")
    item = next(one for one in items(alone) if one["kind"] == "same")
    done = decide(alone, item, "both")["item"]
    assert done["decision"] == "both"
    assert len(done["ids"]) == 1


def test_a_decision_on_codings_that_changed_is_kept_and_asked_for_again(alone, tiny):
    item = items(alone)[0]
    decide(alone, item, "a", "why not")
    version = ask(alone, "transcript", source="T1")["version"]
    row = item["a"][0]
    changed = {key: row[key] for key in ("start", "end", "code", "memo")} | {"id": new_id()}
    text = ask(alone, "transcript", source="T1")["text"]
    changed |= {"end": row["end"] - 1, "words": text[row["start"] : row["end"] - 1]}
    change = {"action": "change", "id": row["id"], "as": changed}
    ask(alone, "code", source="T1", version=version, changes=[change])
    with pytest.raises(NotPossibleError, match="have changed since this was shown"):
        decide(alone, item, "b")
    now = items(alone)[0]
    assert now["key"] != item["key"]
    assert (now["decision"], now["by"], now["why"]) == ("edited", "ana", "why not")
    decide(alone, now, "a")
    assert len([one for one in the_consensus(tiny) if one[0] == "idea.assessed"]) == 1


def test_a_decision_is_on_the_text_that_was_shown(alone, tiny, tmp_path):
    item = items(alone)[0]
    with pytest.raises(NotPossibleError, match="has been corrected"):
        decide(alone, item, "a", version="000000000000")
    decide(alone, item, "a")
    corrected = tmp_path / "corrected.txt"
    text = (tiny / "interviews/T1.txt").read_text(encoding="utf-8")
    corrected.write_text(text.replace("a short course", "a very short course"), encoding="utf-8")
    study.revise(tiny, "T1", corrected)
    now = items(alone)[0]
    assert (now["decision"], now["by"]) == ("a", "ana")
    assert now["key"] != item["key"]


def test_deciding_counts_as_seeing(alone, tiny):
    items(alone)
    assert (tiny / "codebooks/tiny/compared.csv").read_text().count("ana,T1,") == 1
