"""Studies out to other programs and back: the commands, and what they do to a folder."""

from __future__ import annotations

import zipfile
from dataclasses import replace

import pytest
from exchanging import consent, edit, run, theirs, write_memo

import study
from study import codings, exchange
from study.errors import InvalidStudyError, NotPossibleError


def everything(path):
    archive = zipfile.ZipFile(path)
    parts = [archive.read(name) for name in archive.namelist()]
    return b"".join(parts).decode("utf-8", "replace")


# -- out -------------------------------------------------------------------------------------------


def test_a_study_goes_out_and_becomes_the_same_study_elsewhere(tiny, tmp_path, capsys):
    status, out, _ = run(capsys, "export", "--refi", tmp_path / "a.qdpx", "-C", tiny)
    assert status == 0
    assert "3 transcripts" in out
    assert "log's history" in out
    status, out, _ = run(capsys, "import", tmp_path / "a.qdpx", "-C", tmp_path / "new")
    assert status == 0
    assert run(capsys, "check", "-C", tmp_path / "new")[:2] == run(capsys, "check", "-C", tiny)[:2]
    one, other = study.load(tiny), study.load(tmp_path / "new")
    assert replace(other, root=one.root) == one


def test_exporting_twice_gives_the_same_file(tiny, tmp_path):
    for name in ("a", "b"):
        exchange.export_project(tiny, tmp_path / f"{name}.qdpx")
        exchange.export_codebook(tiny, tmp_path / f"{name}.qdc")
    for suffix in (".qdpx", ".qdc"):
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_the_export_of_an_import_is_the_same_file(tiny, tmp_path):
    exchange.export_project(tiny, tmp_path / "a.qdpx")
    exchange.take_in(tmp_path / "new", tmp_path / "a.qdpx")
    exchange.export_project(tmp_path / "new", tmp_path / "b.qdpx")
    assert (tmp_path / "a.qdpx").read_bytes() == (tmp_path / "b.qdpx").read_bytes()


def test_who_may_not_be_quoted_is_named_and_can_be_left_out(tiny, tmp_path, capsys):
    consent(tiny, "T2", "analyse only")
    words = study.load(tiny).source("T2").text.split("\n\n")[1]
    _, out, _ = run(capsys, "export", "--refi", tmp_path / "a.qdpx", "-C", tiny)
    assert "may not be quoted are in it" in out
    assert "T2" in out
    assert words in everything(tmp_path / "a.qdpx")
    _, out, _ = run(capsys, "export", "--refi", tmp_path / "b.qdpx", "--quotable-only", "-C", tiny)
    assert "left out" in out
    assert words not in everything(tmp_path / "b.qdpx")
    assert 'name="T2"' not in everything(tmp_path / "b.qdpx")


def test_a_withdrawn_participant_goes_nowhere(tiny, tmp_path):
    words = study.load(tiny).source("T2").text.split("\n\n")[1]
    consent(tiny, "T2", "withdrawn")
    exchange.export_project(tiny, tmp_path / "a.qdpx")
    held = everything(tmp_path / "a.qdpx")
    assert words not in held
    assert "T2" not in held


def test_columns_that_could_identify_people_stay_here_unless_told(tiny, tmp_path, capsys):
    path = tiny / "interviews" / "participants.csv"
    head, *rows = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    rows = [f"{row},dana{n}@x.org" for n, row in enumerate(rows)]
    path.write_text("\n".join([f"{head},e-mail", *rows, ""]), encoding="utf-8")
    _, out, _ = run(capsys, "export", "--refi", tmp_path / "a.qdpx", "-C", tiny)
    assert "left out: e-mail" in out
    assert "@x.org" not in everything(tmp_path / "a.qdpx")
    run(capsys, "export", "--refi", tmp_path / "b.qdpx", "--private", "-C", tiny)
    assert "@x.org" in everything(tmp_path / "b.qdpx")


def test_memos_go_along_unless_told_not_to(tiny, tmp_path, capsys):
    guid = study.load(tiny).codebook.codes[0].guid
    write_memo(tiny)
    write_memo(tiny, "ben", "code", guid, "Too wide?")
    _, out, _ = run(capsys, "export", "--refi", tmp_path / "a.qdpx", "-C", tiny)
    assert "memos of ana, ben are in it" in out
    exchange.take_in(tmp_path / "new", tmp_path / "a.qdpx")
    assert study.load(tmp_path / "new").memos == study.load(tiny).memos
    run(capsys, "export", "--refi", tmp_path / "b.qdpx", "--no-memos", "-C", tiny)
    assert "hesitates" not in everything(tmp_path / "b.qdpx")


def test_a_broken_study_is_not_handed_on(tiny, tmp_path):
    edit(tiny / "codebooks" / "tiny" / "codings" / "ana" / "T1.csv", ",T1,", ",T9,")
    with pytest.raises(InvalidStudyError):
        exchange.export_project(tiny, tmp_path / "a.qdpx")
    assert not (tmp_path / "a.qdpx").exists()


@pytest.mark.parametrize("option", [("--refi", "a.zip"), ("--codebook", "a.qdpx")])
def test_a_file_of_another_suffix_is_refused(tiny, tmp_path, capsys, option):
    status, _, error = run(capsys, "export", option[0], tmp_path / option[1], "-C", tiny)
    assert status == 1
    assert "ends in" in error


def test_recordings_and_documents_are_found_by_name(tmp_path, capsys):
    study.init(tmp_path / "s")
    from docx import Document

    document = Document()
    document.add_paragraph("Interviewer (00:00:01): So?")
    document.add_paragraph("Dana (00:00:04): Yes.")
    document.save(tmp_path / "P01.docx")
    (tmp_path / "P02.txt").write_text("Interviewer: So?\n\nDana: No.\n")
    study.import_transcripts(tmp_path / "s", [tmp_path / "P01.docx", tmp_path / "P02.txt"])
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "p01.M4A").write_bytes(b"sound")
    out = tmp_path / "a.qdpx"
    _, text, _ = run(
        capsys, "export", "--refi", out, "--received", "--recordings", tmp_path / "media", "-C",
        tmp_path / "s",
    )  # fmt: skip
    assert "1 document as received, 1 recording" in text
    assert "may place codings wrongly" in text
    assert "takes .docx only: P02.txt" in text
    held = everything(out)
    assert "AudioSource" in held
    assert 'timeStamp="4000"' in held
    with pytest.raises(NotPossibleError, match="no folder"):
        exchange.export_project(tmp_path / "s", out, media=tmp_path / "none")


def test_names_that_qualcoder_would_drop_are_named(tiny, tmp_path):
    book = study.load(tiny).codebook
    name = book.codes[0].name
    path = tiny / "codebooks" / "tiny" / "codebook.yaml"
    other = next(code for code in book if code.parent)
    edit(path, f"name: {other.name}", f"name: {name}")
    notes = exchange.export_project(tiny, tmp_path / "a.qdpx").notes
    assert any("QualCoder keeps only the first" in note for note in notes)


def test_every_study_has_an_id_of_its_own_and_keeps_it(tiny, tmp_path):
    for name in ("one", "two"):
        study.init(tmp_path / name)
    one, two = (study.load(tmp_path / name).settings.id for name in ("one", "two"))
    assert len(one) == len(two) == 36
    assert one != two
    edit(tiny / "study.toml", 'codebook = "tiny"', 'codebook = "tiny"\nid = "mine"')
    exchange.export_project(tiny, tmp_path / "a.qdpx")
    exchange.take_in(tmp_path / "new", tmp_path / "a.qdpx")
    assert study.load(tmp_path / "new").settings.id == "mine"
    file = theirs(tmp_path / "theirs.qdpx")
    for name in ("b", "c"):  # another program's file gives the same one each time
        exchange.take_in(tmp_path / name, file)
    assert len(study.load(tmp_path / "b").settings.id) == 36
    assert study.load(tmp_path / "b").settings.id == study.load(tmp_path / "c").settings.id


# -- in: a new study -------------------------------------------------------------------------------


def test_a_folder_with_other_files_is_left_alone(tiny, tmp_path, capsys):
    exchange.export_project(tiny, tmp_path / "a.qdpx")
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.docx").write_text("mine")
    status, _, error = run(capsys, "import", tmp_path / "a.qdpx", "-C", other)
    assert status == 1
    assert "is not empty (it has thesis.docx)" in error
    assert [path.name for path in other.iterdir()] == ["thesis.docx"]


def test_an_empty_folder_will_do_and_a_dry_run_writes_nothing(tiny, tmp_path, capsys):
    exchange.export_project(tiny, tmp_path / "a.qdpx")
    (tmp_path / "new").mkdir()
    status, out, _ = run(capsys, "import", tmp_path / "a.qdpx", "--dry-run", "-C", tmp_path / "new")
    assert status == 0
    assert "3 would be added" in out
    assert not list((tmp_path / "new").iterdir())
    assert run(capsys, "import", tmp_path / "a.qdpx", "-C", tmp_path / "new")[0] == 0


def test_a_refused_file_begins_no_study(tmp_path, capsys):
    (tmp_path / "a.qdpx").write_text("not a zip")
    status, _, error = run(capsys, "import", tmp_path / "a.qdpx", "-C", tmp_path / "new")
    assert status == 1
    assert "no whole .qdpx" in error
    assert not (tmp_path / "new").exists()
    assert run(capsys, "import", tmp_path / "none.qdpx", "-C", tmp_path / "new")[0] == 1


def test_one_file_at_a_time(tiny, tmp_path, capsys):
    status, _, error = run(capsys, "import", "a.qdpx", "b.docx", "-C", tiny)
    assert status == 1
    assert "by itself" in error
    status, _, error = run(capsys, "import", "a.qdpx", "--pseudonymise", "-C", tiny)
    assert status == 1
    assert "--pseudonymise" in error


def test_another_program_s_file_becomes_a_study_with_a_report(tmp_path, capsys):
    file = theirs(tmp_path / "theirs.qdpx")
    status, out, _ = run(capsys, "import", file, "--interviewer", "Jo", "-C", tmp_path / "new")
    assert status == 0
    assert "laid out as speakers and turns, no word lost" in out
    assert "Dr.-Ana: 1 coding was added" in out
    assert run(capsys, "check", "-C", tmp_path / "new")[1] == "no problems\n"
    project = study.load(tmp_path / "new")
    assert project.settings.title == "Theirs"
    (source,) = project.sources
    assert source.name == "Call-1.docx"
    assert {turn.speaker: turn.role for turn in source.turns} == {
        "Jo": "interviewer",
        "Dana": "participant",
    }
    assert source.quote(project.codings[0].selection) == "wrote it"
    assert project.cases[0].consent == "analyse only"
    report = tmp_path / "new" / "interviews" / "received" / "theirs.qdpx.report.txt"
    assert "is called 'Call-1.docx' here" in report.read_text(encoding="utf-8")
    assert not (tmp_path / "new" / "interviews" / "received" / "theirs.qdpx").exists()


def test_an_import_that_was_stopped_goes_on_where_it_was(tiny, tmp_path, monkeypatch):
    exchange.export_project(tiny, tmp_path / "a.qdpx")
    real = codings.append
    calls = []

    def stopped(path, entries):
        calls.append(path)
        if len(calls) == 4:
            raise KeyboardInterrupt
        real(path, entries)

    monkeypatch.setattr(codings, "append", stopped)
    with pytest.raises(KeyboardInterrupt):
        exchange.take_in(tmp_path / "new", tmp_path / "a.qdpx")
    exchange.take_in(tmp_path / "new", tmp_path / "a.qdpx")
    one, other = study.load(tiny), study.load(tmp_path / "new")
    assert replace(other, root=one.root) == one
