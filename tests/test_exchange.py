"""Studies out to other programs and back: the commands, and what they do to a folder."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import study
from study import actions, codings, exchange, memos, refi
from study.cli import main
from study.errors import InvalidStudyError, NotPossibleError
from study.model import Selection


def run(capsys, *arguments):
    status = main([str(one) for one in arguments])
    found = capsys.readouterr()
    return status, found.out, found.err


def files_of(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }


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


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def consent(folder, name, wanted):
    path = folder / "interviews" / "participants.csv"
    rows = path.read_text(encoding="utf-8").split("\n")
    changed = [
        row.replace("quote", wanted).replace("analyse only", wanted)
        if row.startswith(name)
        else row
        for row in rows
    ]
    path.write_text("\n".join(changed), encoding="utf-8")


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


def write_memo(folder, author="ana", kind="transcript", name="T1", text="She hesitates."):
    home = folder / "codebooks" / "tiny"
    path = memos.path_of(home, author, kind, name)
    return memos.save(path, text, memos.revision_of(path), codings.now())[0]


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
    assert "1 documents as received, 1 recordings" in text
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


def theirs(path, text="Jo: So?\nDana: We wrote it with them.\nJo: Ah?\nDana: Yes.\n", **more):
    """Write a file of another program with one text and one coding."""
    from test_refi.files import codes, packed, passage, project, source, users

    inside = source(passage("wrote it", text, **more), name="Call 1.docx")
    xml = project(users("Dr. Ana"), codes(), f"<Sources>{inside}</Sources>")
    return packed(path, xml, {"t.txt": text})


def test_another_program_s_file_becomes_a_study_with_a_report(tmp_path, capsys):
    file = theirs(tmp_path / "theirs.qdpx")
    status, out, _ = run(capsys, "import", file, "--interviewer", "Jo", "-C", tmp_path / "new")
    assert status == 0
    assert "laid out as speakers and turns, no word lost" in out
    assert "Dr.-Ana: 1 codings were added" in out
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


# -- in: into a study ------------------------------------------------------------------------------


@pytest.fixture
def copy(tiny, tmp_path):
    """Return a file of the tiny study as a colleague has it."""
    exchange.export_project(tiny, tmp_path / "ana.qdpx")
    return tmp_path / "ana.qdpx"


def test_taking_in_what_is_there_changes_nothing(tiny, copy):
    before = files_of(tiny)
    taken = exchange.take_in(tiny, copy)
    after = files_of(tiny)
    report = Path("interviews/received/ana.qdpx.report.txt")
    assert after.pop(report)
    assert after == before
    codes = len(study.load(tiny).codebook.codes)
    assert f"codebook: 0 codes were added, {codes} are here already" in taken.done


def test_another_coder_s_work_comes_in_with_new_codes_and_memos(tiny, tmp_path):
    other = tmp_path / "other"
    exchange.export_project(tiny, tmp_path / "a.qdpx")
    exchange.take_in(other, tmp_path / "a.qdpx")
    from study import codebook

    codebook.add(other, "Luck", coder="carla", definition="By chance.")
    quote = study.load(other).sources[0].turns[1].selection
    text = study.load(other).sources[0].text[quote.start : quote.end]
    actions.add(other, "T1", "luck", coder="carla", quote=text[:20], stance="mixed", memo="Hm.")
    write_memo(other, "carla", text="New here.")
    exchange.export_project(other, tmp_path / "b.qdpx")
    before = study.load(tiny)
    taken = exchange.take_in(tiny, tmp_path / "b.qdpx")
    after = study.load(tiny)
    assert not [one for one in study.check(tiny) if one.severity == "error"]
    assert {one.path for one in after.codebook} - {one.path for one in before.codebook} == {"luck"}
    (new,) = [one for one in after.codings if one.coder == "carla"]
    assert (new.code, new.stance, new.memo) == ("luck", "mixed", "Hm.")
    assert [memo.text for memo in after.memos] == ["New here."]
    assert set(after.codings) - {new} == set(before.codings)
    assert "carla: 1 codings were added" in taken.done
    again = exchange.take_in(tiny, tmp_path / "b.qdpx")
    assert "carla: 1 here already" in again.done
    assert study.load(tiny).codings == after.codings


def test_the_codebook_s_comments_stay_and_its_history_names_the_file(tiny, tmp_path):
    path = tiny / "codebooks" / "tiny" / "codebook.yaml"
    path.write_text("# our own words\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    file = theirs(tmp_path / "theirs.qdpx")
    exchange.take_in(tiny, file)
    assert path.read_text(encoding="utf-8").startswith("# our own words\n")
    from study import codebook

    assert codebook.changes(tiny)[-1].what == "Took 1 codes from theirs.qdpx"


def test_what_a_coder_took_back_here_stays_so(tiny, copy):
    first = next(one for one in study.load(tiny).codings if one.coder == "ana")
    actions.remove(tiny, first.id, coder="ana")
    taken = exchange.take_in(tiny, copy)
    assert first.id not in {one.id for one in study.load(tiny).codings}
    assert any("1 taken back here since" in line for line in taken.done)


def test_who_withdrew_here_does_not_come_back(tiny, copy, tmp_path):
    consent(tiny, "T2", "withdrawn")
    words = (tiny / "interviews" / "T2.txt").read_text(encoding="utf-8").split("\n\n")[1]
    (tiny / "interviews" / "T2.txt").unlink()
    for log in tiny.glob("codebooks/tiny/codings/*/T2.csv"):
        log.unlink()
    taken = exchange.take_in(tiny, copy)
    assert any("withdrawn here, so left out: T2" in note for note in taken.notes)
    held = b"".join(files_of(tiny).values()).decode("utf-8")
    assert words not in held
    assert not (tiny / "interviews" / "T2.txt").exists()
    renamed = refi.read(copy)[0]
    text = renamed.source("T2").text
    (tiny / "interviews" / "T2.txt").write_text(text, encoding="utf-8")
    other = replace(renamed.source("T2"), name="Z9")
    refi.write(
        replace(renamed, sources=(other,), codings=(), cases=(), assigned={}), tmp_path / "z.qdpx"
    )
    taken = exchange.take_in(tiny, tmp_path / "z.qdpx")
    assert any("withdrawn here" in note and "Z9" in note for note in taken.notes)
    assert not (tiny / "interviews" / "Z9.txt").exists()


def test_codings_follow_a_transcript_that_was_corrected_here(tiny, copy, tmp_path):
    source = study.load(tiny).source("T1")
    coded = [one for one in study.load(tiny).codings if one.selection.source == "T1"]
    corrected = source.text.replace(": ", ": Well, ", 1)
    (tmp_path / "corrected.txt").write_text(corrected, encoding="utf-8")
    study.revise(tiny, "T1", tmp_path / "corrected.txt")
    for log in tiny.glob("codebooks/tiny/codings/ana/T1.csv"):
        log.unlink()
    taken = exchange.take_in(tiny, copy)
    found = study.load(tiny)
    mine = [one for one in found.codings if (one.coder, one.selection.source) == ("ana", "T1")]
    words = [found.source("T1").quote(one.selection) for one in mine]
    assert words == [source.quote(one.selection) for one in coded if one.coder == "ana"]
    assert all(one.source_version == found.source("T1").version for one in mine)
    assert any("corrected here since" in note for note in taken.notes)


def test_a_transcript_of_the_same_name_with_other_words_is_left_out(tiny, tmp_path):
    found = refi.read(export(tiny, tmp_path))[0]
    other = study.transcripts.parse("T1", "Dana: Quite another call.\n")
    coding = replace(
        found.codings[0],
        selection=Selection("T1", 6, 11),
        source_version=other.version,
        id="99999999-9999-4999-8999-999999999999",
    )
    refi.write(
        replace(found, sources=(other,), codings=(coding,), assigned={}), tmp_path / "b.qdpx"
    )
    taken = exchange.take_in(tiny, tmp_path / "b.qdpx")
    assert any("T1: has other words here" in note for note in taken.notes)
    assert coding.id not in {one.id for one in study.load(tiny).codings}


def export(folder, tmp_path):
    exchange.export_project(folder, tmp_path / "out.qdpx")
    return tmp_path / "out.qdpx"


def test_a_text_whose_line_ends_a_program_changed_is_known_by_its_words(tiny, tmp_path):
    project = study.load(tiny)
    source = project.source("T1")
    first = next(one for one in project.codings if one.selection.source == "T1")
    words = source.quote(first.selection)
    text = source.text.replace("\n\n", "\n").replace("\n", "\r\n")
    start = text.index(words)
    from test_refi.files import codes, packed, selection, users
    from test_refi.files import project as file
    from test_refi.files import source as text_source

    code = project.codebook[first.code]
    book = codes(f'<Code guid="{code.guid}" name="{code.name}" isCodable="true"/>')
    inside = text_source(selection(start, start + len(words), code_of(code)), name="Anything")
    xml = file(users("Eva"), book, f"<Sources>{inside}</Sources>")
    exchange.take_in(tiny, packed(tmp_path / "x.qdpx", xml, {"t.txt": text}))
    found = study.load(tiny)
    (new,) = [one for one in found.codings if one.coder == "Eva"]
    assert (new.selection, new.code) == (first.selection, first.code)
    assert len(found.sources) == len(project.sources)


def code_of(code):
    from test_refi.files import coding

    return coding(code.guid)


def test_a_new_transcript_comes_with_its_participant_and_new_columns(tiny, tmp_path):
    exchange.take_in(tiny, theirs(tmp_path / "theirs.qdpx"))
    found = study.load(tiny)
    assert "Call-1.docx" in [one.name for one in found.sources]
    case = found.case_of("Call-1.docx")
    assert case.consent == "analyse only"
    assert not [one for one in study.check(tiny) if one.severity == "error"]


def test_a_coder_written_otherwise_is_the_one_that_is_here(tiny, copy, tmp_path):
    project = refi.read(copy)[0]
    moved = [
        replace(one, coder="Ana", id=f"99999999-9999-4999-8999-{n:012}", selection=where)
        for n, one in enumerate(project.codings)
        if one.coder == "ana"
        for where in [replace(one.selection, end=one.selection.end - 1)]
    ]
    refi.write(replace(project, codings=tuple(moved), assigned={}), tmp_path / "b.qdpx")
    exchange.take_in(tiny, tmp_path / "b.qdpx")
    assert {one.coder for one in study.load(tiny).codings} == {"ana", "ben", "consensus"}


def test_another_memo_of_the_same_coder_stays_and_theirs_is_reported(tiny, tmp_path):
    write_memo(tiny)
    file = export(tiny, tmp_path)
    write_memo(tiny, text="She hesitates no more.")
    taken = exchange.take_in(tiny, file)
    assert [one.text for one in study.load(tiny).memos] == ["She hesitates no more."]
    assert any("the file's says: She hesitates." in note for note in taken.notes)
    assert "She hesitates." in taken.report.read_text(encoding="utf-8")


# -- codebooks -------------------------------------------------------------------------------------


def test_a_codebook_goes_out_and_in(tiny, tmp_path, capsys):
    status, out, _ = run(capsys, "export", "--codebook", tmp_path / "a.qdc", "-C", tiny)
    assert status == 0
    assert "codes" in out
    assert run(capsys, "import", tmp_path / "a.qdc", "-C", tmp_path / "new")[0] == 0
    book = study.load(tmp_path / "new").codebook
    assert replace(book, name="tiny") == study.load(tiny).codebook


def changed(tiny, tmp_path):
    book = study.load(tiny).codebook
    first, *rest = book.codes
    other = replace(first, definition="Quite another meaning.")
    new = study.Code("99999999-9999-4999-8999-999999999999", f"{first.branch}.fresh", "Fresh")
    refi.write_codebook(replace(book, codes=(other, *rest, new)), tmp_path / "b.qdc")
    return first, tmp_path / "b.qdc"


def test_a_codebook_taken_into_a_study_adds_codes_and_names_what_differs(tiny, tmp_path):
    first, file = changed(tiny, tmp_path)
    taken = exchange.take_in(tiny, file)
    book = study.load(tiny).codebook
    assert f"{first.branch}.fresh" in book
    assert book[first.path].definition == first.definition
    assert any(f"{first.path} (definition)" in note for note in taken.notes)


def test_a_codebook_s_texts_are_taken_over_when_told(tiny, tmp_path, capsys):
    first, file = changed(tiny, tmp_path)
    _, out, _ = run(capsys, "import", file, "--replace", "--dry-run", "-C", tiny)
    assert "would be replaced" in out
    assert study.load(tiny).codebook[first.path].definition == first.definition
    run(capsys, "import", file, "--replace", "-C", tiny)
    book = study.load(tiny).codebook
    assert book[first.path].definition == "Quite another meaning."
    assert study.load(tiny).codings


def test_codes_without_their_guids_are_known_by_their_names(tiny, tmp_path):
    book = study.load(tiny).codebook
    renewed = [
        replace(code, guid=f"99999999-9999-4999-8999-{n:012}") for n, code in enumerate(book)
    ]
    refi.write_codebook(replace(book, codes=tuple(renewed)), tmp_path / "b.qdc")
    exchange.take_in(tiny, tmp_path / "b.qdc")
    assert study.load(tiny).codebook == book


def test_a_code_never_takes_a_path_that_codings_were_made_under(tiny, tmp_path):
    from study import codebook

    project = study.load(tiny)
    used = next(one.code for one in project.codings)
    codebook.rename(tiny, used, "renamed", coder="ana")
    slug = used.rpartition(".")[2]
    code = study.Code("99999999-9999-4999-8999-999999999999", slug, "Newcomer")
    refi.write_codebook(study.Codebook("x", "1", (code,)), tmp_path / "b.qdc")
    exchange.take_in(tiny, tmp_path / "b.qdc")
    found = study.load(tiny)
    assert [one.name for one in found.codebook][-1] == "Newcomer"
    assert {one.id: one.code for one in found.codings if one.code.endswith("renamed")}


def test_texts_with_signs_that_yaml_does_not_like(tiny, tmp_path):
    odd = "a\x85b\u2028 \u00a0 e  \n\n h: - # 'x' \"y\" \ufeff"
    code = study.Code("99999999-9999-4999-8999-999999999999", "odd", odd, definition=odd)
    refi.write_codebook(study.Codebook("x", "1", (code,)), tmp_path / "b.qdc")
    for folder in (tiny, tmp_path / "new"):
        exchange.take_in(folder, tmp_path / "b.qdc")
        found = study.load(folder).codebook.codes[-1]
        assert found.definition.split() == odd.split()
        exchange.take_in(folder, tmp_path / "b.qdc")
        assert study.load(folder).codebook.codes[-1] == found


def test_an_empty_codebook_is_refused(tmp_path):
    text = '<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes/></CodeBook>'
    (tmp_path / "a.qdc").write_text(text)
    with pytest.raises(NotPossibleError, match="holds no codes"):
        exchange.take_in(tmp_path / "new", tmp_path / "a.qdc")
    assert not (tmp_path / "new").exists()
