"""Memos: a coder's notes, kept as small Markdown files that anybody can read."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import study
from study import memos
from study.coding import Desk
from study.coding.desk import failure
from study.errors import NotPossibleError
from study.memos import OutdatedMemoError

MOMENT = dt.datetime(2021, 9, 14, 10, 30, tzinfo=dt.UTC)
LATER = MOMENT + dt.timedelta(days=1)
GUID = "11111111-1111-4111-8111-111111111102"


@pytest.fixture
def folder(tiny):
    return tiny / "codebooks/tiny"


@pytest.fixture
def path(folder):
    return memos.path_of(folder, "ana", "transcript", "T1")


def test_a_memo_is_a_small_file_to_read(path):
    memo, revision = memos.save(path, "She means\n\nthe course.\n", "", MOMENT)
    assert path.name == "transcript-T1.md"
    assert path.read_text() == (
        "---\n"
        "about: transcript T1\n"
        "author: ana\n"
        "created: 2021-09-14T10:30:00+00:00\n"
        "changed: 2021-09-14T10:30:00+00:00\n"
        "---\n"
        "\n"
        "She means\n\nthe course.\n"
    )
    assert memo.text == "She means\n\nthe course."
    assert len(revision) == 12
    again, after = memos.save(path, "She means the bank.", revision, LATER)
    assert (again.created, again.changed) == (MOMENT, LATER)
    assert after != revision


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_a_memo_survives_being_written_and_read(tmp_path_factory, text):
    path = memos.path_of(tmp_path_factory.mktemp("book"), "ana", "code", GUID)
    saved, revision = memos.save(path, text, "", MOMENT)
    if saved is None:
        assert not text.strip()
        assert not path.exists()
    else:
        read, problems = memos.read_file(path)
        assert read == saved
        assert not problems
        assert memos.save(path, read.text, "whatever", LATER) == (saved, revision)


def test_a_memo_that_changed_elsewhere_is_not_overwritten(path):
    _, first = memos.save(path, "one", "", MOMENT)
    _, second = memos.save(path, "two", first, MOMENT)
    with pytest.raises(OutdatedMemoError, match="changed elsewhere") as caught:
        memos.save(path, "three", first, MOMENT)
    assert caught.value.details == {"current": {"text": "two", "revision": second}}
    assert failure(caught.value)["current"] == {"text": "two", "revision": second}
    assert failure(caught.value)["kind"] == "refused"
    memos.save(path, "", second, MOMENT)
    with pytest.raises(OutdatedMemoError, match="deleted elsewhere"):
        memos.save(path, "three", second, MOMENT)
    assert not path.exists()


def test_a_memo_that_is_sent_again_is_acknowledged(path):
    _, first = memos.save(path, "one", "", MOMENT)
    assert memos.save(path, " one\r\n", "", LATER)[1] == first
    assert memos.save(path, "", first, LATER) == (None, "")
    assert memos.save(path, "", first, LATER) == (None, "")


def test_too_much_is_refused(path):
    with pytest.raises(NotPossibleError, match="100,000 characters"):
        memos.save(path, "x" * 100_001, "", MOMENT)
    assert not path.exists()


def test_memos_belong_to_the_study_that_is_loaded(tiny, folder):
    memos.save(memos.path_of(folder, "ana", "transcript", "T1"), "one", "", MOMENT)
    memos.save(memos.path_of(folder, "ben", "code", GUID), "two", "", MOMENT)
    found = study.load(tiny).memos
    assert [(one.about, one.author, one.text) for one in found] == [
        ("transcript T1", "ana", "one"),
        (f"code {GUID}", "ben", "two"),
    ]
    assert study.check(tiny) == []


def test_a_memo_about_nothing_is_reported(tiny, folder):
    memos.save(memos.path_of(folder, "ana", "transcript", "T11"), "one", "", MOMENT)
    memos.save(memos.path_of(folder, "ana", "code", GUID.replace("1", "2")), "two", "", MOMENT)
    found = [str(one) for one in study.check(tiny)]
    assert len(found) == 2
    assert "code-22222222" in found[0]
    assert "warning: is about a code that is not in the codebook" in found[0]
    assert "transcript 'T11', which there is not; did you mean 'T1'?" in found[1]
    assert len(study.load(tiny).memos) == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("author: ana", "author: ben", 3, "lies in the folder of 'ana'"),
        ("transcript T1", "transcript T2", 2, "by its name the file is about 'transcript T1'"),
        ("author: ana", "autor: ana", 3, "unknown key 'autor'; did you mean 'author'?"),
        ("author: ana\n", "", 1, "does not say: author"),
        ("created: 2021", "created: in 2021", 4, "is not a time like"),
        ("author: ana", "ana wrote this", 3, "is not like `author: ana`"),
        ("---\nabout", "about", 1, "must begin with ---"),
    ],
)
def test_a_spoilt_memo_is_named_by_its_line_and_never_overwritten(
    tiny, path, old, new, line, message
):
    memos.save(path, "precious", "", MOMENT)
    path.write_text(path.read_text().replace(old, new, 1))
    found = [one for one in study.check(tiny) if message in one.message]
    assert [(one.line, one.severity) for one in found] == [(line, "warning")]
    assert study.load(tiny).memos == ()
    spoilt = path.read_bytes()
    with pytest.raises(NotPossibleError, match="mend the file"):
        memos.save(path, "other", memos.revision_of(path), MOMENT)
    assert path.read_bytes() == spoilt


def test_a_memo_may_be_edited_by_hand(tiny, path):
    memos.save(path, "one", "", MOMENT)
    text = path.read_text().replace("author: ana", 'author:   "ana"')
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert [one.text for one in study.load(tiny).memos] == ["one"]
    path.write_text("".join(f"{line}\n" for line in text.splitlines() if line) + "more\n---\nend")
    assert [one.text for one in study.load(tiny).memos] == ["one\nmore\n---\nend"]


def test_what_is_no_memo_is_not_overlooked(tiny, folder):
    for name in ("stray.md", "ana/notes.txt", "ana/deep/transcript-T1.md"):
        (folder / "memos" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "memos" / name).write_text("x")
    found = [str(one) for one in study.check(tiny)]
    assert len(found) == 3
    assert all("is no memo: a coder's folder has" in one for one in found)


def test_memos_on_who_has_withdrawn_are_nowhere(tiny, folder):
    memos.save(memos.path_of(folder, "ana", "transcript", "T2"), "secret", "", MOMENT)
    people = tiny / "interviews/participants.csv"
    people.write_text(people.read_text().replace("analyse only", "withdrawn"))
    assert study.load(tiny).memos == ()
    assert study.check(tiny) == []


@pytest.mark.slow
def test_nothing_that_is_published_holds_a_memo(tiny, folder):
    from study.reproduce import reproduce

    memos.save(memos.path_of(folder, "ana", "transcript", "T1"), "XYZZY one", "", MOMENT)
    memos.save(memos.path_of(folder, "ana", "code", GUID), "XYZZY two", "", MOMENT)
    report = reproduce(tiny)
    assert len(report.written) > 10
    assert not [path.name for path in report.written if b"XYZZY" in path.read_bytes()]


def test_a_coder_keeps_memos_through_the_page(tiny):
    desk = Desk(tiny, "ana")

    def ask(name, /, **parameters):
        return json.loads(json.dumps(desk.answer(name, parameters)))

    saved = ask("memo", about="transcript", name="T1", text="on T1\n", revision="")
    assert saved["text"] == "on T1"
    assert ask("transcript", source="T1")["memo"] == saved
    ask("memo", about="code", name=GUID, text="on a code", revision="")
    found = ask("memos")["memos"]
    assert [(one["about"], one["label"], one["text"]) for one in found] == [
        ("transcript", "T1", "on T1"),
        ("code", "idea.meaning", "on a code"),
    ]
    assert found[0]["revision"] == saved["revision"]
    with pytest.raises(OutdatedMemoError):
        ask("memo", about="transcript", name="T1", text="other", revision="000000000000")
    with pytest.raises(NotPossibleError, match="there is no code"):
        ask("memo", about="code", name="no-guid", text="x", revision="")
    gone = ask("memo", about="transcript", name="T1", text="", revision=saved["revision"])
    assert gone == {"text": "", "revision": ""}
    assert len(ask("memos")["memos"]) == 1


def test_a_memo_on_a_code_that_is_gone_can_still_be_read_and_deleted(tiny):
    desk = Desk(tiny, "ana")
    guid = GUID.replace("102", "103")
    made = {"about": "code", "name": guid, "text": "precious", "revision": ""}
    revision = desk.answer("memo", made)["revision"]
    book = tiny / "codebooks/tiny/codebook.yaml"
    text = book.read_text()
    start, end = text.index("  - code: assessed"), text.index("  - code: making")
    book.write_text(text[:start] + text[end:])
    (found,) = desk.answer("memos", {})["memos"]
    assert (found["label"], found["text"]) == (
        "a code that is no longer in the codebook",
        "precious",
    )
    desk.answer("memo", {**made, "text": "", "revision": revision})
    assert desk.answer("memos", {})["memos"] == []
