"""Other coders' work and other codebooks, taken into a study that is there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from exchanging import consent, edit, files_of, run, theirs, write_memo

import study
from study import actions, codings, exchange, refi
from study.codings import Entry
from study.errors import NotPossibleError
from study.model import Coding, Selection


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


def test_made_up_interviews_do_not_become_collected_ones(tiny, copy, tmp_path):
    folder = tmp_path / "begun"
    actions.init(folder)
    with pytest.raises(NotPossibleError, match='set provenance = "composed", or import elsewhere'):
        exchange.take_in(folder, copy)
    assert study.load(folder).sources == ()
    edit(folder / "study.toml", 'provenance = "collected"', 'provenance = "composed"')
    taken = exchange.take_in(folder, copy)
    (note,) = [one for one in taken.notes if one.startswith("study.toml stays")]
    assert "practices" in note
    assert study.load(folder).settings.stamp


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
    assert "carla: 1 coding was added" in taken.done
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

    assert codebook.changes(tiny)[-1].what == "Took 1 code from theirs.qdpx"


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


def test_rows_of_one_call_are_compared_with_those_of_their_passage_only(tmp_path, monkeypatch):
    """Else a file of ten thousand codings would take ten thousand times ten thousand looks."""
    from study.codings import log

    looks = []
    real = log._require_new
    monkeypatch.setattr(log, "_require_new", lambda e, o, r: (looks.append(len(o)), real(e, o, r)))
    moment = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    made = [
        Entry("add", Coding(f"c-{n}", Selection("P", n, n + 1), code, "ana", moment, "0" * 12))
        for n in range(300)
        for code in ("a", "b")
    ]
    made = [replace(one, coding=replace(one.coding, id=f"{one.coding.id}-{one.coding.code}"))
            for one in made]  # fmt: skip
    codings.append(tmp_path / "ana" / "P.csv", made)
    assert sum(looks) == 300
    twice = [replace(made[0].coding, id="x"), replace(made[0].coding, id="y")]
    with pytest.raises(NotPossibleError, match="before"):
        codings.append(tmp_path / "ben" / "P.csv", [Entry("add", one) for one in twice])
