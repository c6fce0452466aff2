"""Withdrawing a participant: all that is theirs, shown first, finished when interrupted."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import pytest

import study
from study import cases, withdrawal
from study.cli import main
from study.errors import NotPossibleError

DAY = dt.date(2021, 10, 1)
TALK = "A badge, a certificate, a short course. I no longer know which is which."


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }


@pytest.fixture
def full(tiny):
    """Return the tiny study with everything that can belong to T3."""
    interviews, book = tiny / "interviews", tiny / "codebooks/tiny"
    for folder in ("received", "revisions"):
        (interviews / folder).mkdir()
    (interviews / "received/T3.docx").write_bytes(b"as received")
    (interviews / "revisions/T3.0123456789ab.txt").write_text(f"T3: {TALK}\n", encoding="utf-8")
    (interviews / "imports.csv").write_text(
        "source,received,sha256,format,encoding,interviewer,decided\n"
        "T1,T1.docx,aa,Word document,,Interviewer,given\n"
        "T3,T3.docx,bb,Word document,,Interviewer,given\n",
        encoding="utf-8",
    )
    head = "author: ana\ncreated: 2021-09-14T10:30:00+00:00\nchanged: 2021-09-15T08:12:40+00:00"
    memos = book / "memos/ana"
    memos.mkdir(parents=True)
    (memos / "transcript-T3.md").write_text(
        f"---\nabout: transcript T3\n{head}\n---\n\nShe doubts the words.\n", encoding="utf-8"
    )
    guid = "11111111-1111-4111-8111-111111111102"
    (memos / f"code-{guid}.md").write_text(
        f"---\nabout: code {guid}\n{head}\n---\n\nAs T3 says: I no longer know which is which.\n",
        encoding="utf-8",
    )
    return tiny


OWN = {
    "interviews/T3.txt",
    "interviews/received/T3.docx",
    "interviews/revisions/T3.0123456789ab.txt",
    "codebooks/tiny/codings/ana/T3.csv",
    "codebooks/tiny/codings/ben/T3.csv",
    "codebooks/tiny/codings/consensus/T3.csv",
    "codebooks/tiny/memos/ana/transcript-T3.md",
}


def test_a_plan_names_every_file_and_every_trace_and_changes_nothing(full):
    before = files(full)
    plan = withdrawal.plan(full, "T3", remove=True)
    found = {p.relative_to(full).as_posix() for paths in plan.files.values() for p in paths}
    assert found == OWN
    lines = "\n".join(plan.lines())
    for name in OWN:
        assert f"delete: {name} (" in lines
    assert "look at: codebooks/tiny/memos/ana/code-1111" in lines
    assert "(their words, names them)" in lines
    assert "version control" in lines
    assert files(full) == before


def test_traces_are_found_inside_archives_and_not_where_others_say_the_same(full):
    with zipfile.ZipFile(full / "interviews/received/all.qdpx", "w") as archive:
        archive.writestr("sources/x.txt", TALK)
    (full / "notes.md").write_text("Nothing of theirs: we sat down with the bank.\n")
    seen = [trace.shown(full) for trace in withdrawal.plan(full, "T3").traces]
    assert "interviews/received/all.qdpx (their words)" in seen
    assert not [one for one in seen if one.startswith("notes.md")]


def test_sealing_keeps_the_files_and_reads_none(full):
    before = files(full)
    withdrawal.carry_out(withdrawal.plan(full, "T3"), by="ana", today=DAY)
    after = files(full)
    assert {name for name in after if after[name] != before.get(name)} == {
        "interviews/participants.csv",
        "interviews/withdrawn.csv",
    }
    project = study.load(full)
    assert [case.name for case in project.cases] == ["T1", "T2"]
    assert [source.name for source in project.sources] == ["T1", "T2"]
    assert not [one for one in project.codings if one.selection.source == "T3"]
    assert not [memo for memo in project.memos if memo.kind == "transcript"]
    with pytest.raises(NotPossibleError, match="sealed already"):
        withdrawal.plan(full, "T3")


def test_removing_deletes_all_and_says_nothing_of_what_was_said(full):
    withdrawal.carry_out(withdrawal.plan(full, "T3", remove=True), by="ana", today=DAY)
    after = files(full)
    assert not OWN & set(after)
    assert b"T3" not in after["interviews/participants.csv"]
    assert b"T3" not in after["interviews/imports.csv"]
    assert b"T1,T1.docx" in after["interviews/imports.csv"]
    assert after["interviews/withdrawn.csv"].decode() == (
        "participant,date,how,kinds,by\n"
        "T3,2021-10-01,removed,codings; earlier version of the transcript; file as received; memo; "
        "transcript,ana\n"
    )
    study.load(full)
    with pytest.raises(NotPossibleError, match="removed on 2021-10-01"):
        withdrawal.plan(full, "T3")


@pytest.mark.parametrize("deaths", range(12))
def test_interrupted_anywhere_the_same_command_finishes(full, monkeypatch, deaths):
    """Die at each deletion and each write in turn; consent is gone from the first on."""
    left = deaths
    unlink, write = Path.unlink, withdrawal.write_atomic

    def dying(real):
        def call(*args, **kwargs):
            nonlocal left
            if left == 0:
                raise KeyboardInterrupt
            left -= 1
            return real(*args, **kwargs)

        return call

    plan = withdrawal.plan(full, "T3", remove=True)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", dying(unlink))
        patch.setattr(withdrawal, "write_atomic", dying(write))
        patch.setattr(cases, "write_atomic", dying(write))
        try:
            withdrawal.carry_out(plan, today=DAY)
        except KeyboardInterrupt:
            assert left == 0
    project = study.load(full)
    assert deaths < 1 or "T3" not in [case.name for case in project.cases]
    if "T3," in (full / "interviews/participants.csv").read_text():
        withdrawal.carry_out(withdrawal.plan(full, "T3", remove=True), today=DAY)
    assert not OWN & set(files(full))
    assert "T3,2021-10-01,removed" in (full / "interviews/withdrawn.csv").read_text()
    assert "T3" not in (full / "interviews/participants.csv").read_text()


def test_what_comes_back_later_is_not_read_and_is_reported(full):
    log = (full / "codebooks/tiny/codings/ben/T3.csv").read_bytes()
    withdrawal.carry_out(withdrawal.plan(full, "T3", remove=True))
    (full / "codebooks/tiny/codings/ben/T3.csv").write_bytes(log)
    project = study.load(full)
    assert not [one for one in project.codings if one.selection.source == "T3"]
    said = [str(problem) for problem in study.check(full)]
    assert any("codings/ben/T3.csv" in one and "withdrew" in one for one in said)


def test_an_id_that_withdrew_does_not_come_back_by_an_import(full):
    text = (full / "interviews/T3.txt").read_bytes()
    withdrawal.carry_out(withdrawal.plan(full, "T3", remove=True))
    (full / "interviews/T3.txt").write_bytes(text)
    with (full / "interviews/participants.csv").open("a") as file:
        file.write("T3,employer,learning lead,2021-08-03,quote,T3.txt\n")
    assert [case.name for case in study.load(full).cases] == ["T1", "T2"]


def test_a_file_that_others_came_from_too_is_left(full):
    path = full / "interviews/imports.csv"
    path.write_text(path.read_text().replace("T1,T1.docx", "T1,T3.docx"))
    plan = withdrawal.plan(full, "T3", remove=True)
    assert "file as received" not in plan.files
    assert any("from which T1 came too" in line for line in plan.lines())


@pytest.mark.parametrize("name", ["../../secret.txt", "/etc/passwd", "..", ""])
def test_a_record_of_imports_cannot_lead_out_of_its_folder(full, name):
    path = full / "interviews/imports.csv"
    path.write_text(path.read_text().replace("T3,T3.docx", f"T3,{name}"))
    assert "file as received" not in withdrawal.plan(full, "T3", remove=True).files


def test_a_transcript_of_two_people_is_refused(full):
    path = full / "interviews/participants.csv"
    path.write_text(path.read_text().replace("T2.txt", "T3.txt"))
    with pytest.raises(NotPossibleError, match="is T2's too"):
        withdrawal.plan(full, "T3")


def test_an_unknown_participant_is_refused_with_a_hint(full):
    with pytest.raises(NotPossibleError, match="did you mean 'T3'"):
        withdrawal.plan(full, "T33")


def test_the_command_asks_shows_and_does(full, capsys, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "no")
    assert main(["withdraw", "T3", "-C", str(full)]) == 1
    assert "nothing was changed" in capsys.readouterr().out
    monkeypatch.setattr("builtins.input", lambda _: "T3")
    assert main(["withdraw", "T3", "-C", str(full), "--remove", "--by", "ana"]) == 0
    out = capsys.readouterr().out
    assert "delete: interviews/T3.txt" in out
    assert "until `study reproduce`" in out
    assert not (full / "interviews/T3.txt").exists()


def test_without_somebody_to_answer_nothing_is_done(full, capsys, monkeypatch):
    def nobody(_):
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert main(["withdraw", "T3", "-C", str(full)]) == 1
    assert "--yes" in capsys.readouterr().err
    assert (full / "interviews/T3.txt").exists()


def test_a_participant_without_a_transcript_can_withdraw(full):
    path = full / "interviews/participants.csv"
    path.write_text(path.read_text() + "T4,employer,,2021-08-03,quote,\n")
    shutil.rmtree(full / "codebooks/tiny/memos")
    plan = withdrawal.plan(full, "T4", remove=True)
    assert plan.files == {}
    withdrawal.carry_out(plan)
    assert "T4" not in path.read_text()
