"""What is written is valid, the same each time, and read back as it was."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from places import ROOT

import study
from study import exchange, refi
from study.errors import NotPossibleError
from study.model import Case, Memo
from study.refi import writing

from . import studies

SCHEMAS = ROOT / "tests" / "schemas"
PROJECT = etree.XMLSchema(etree.parse(SCHEMAS / "Project-mrt2019.xsd"))
CODEBOOK = etree.XMLSchema(etree.parse(SCHEMAS / "Codebook.xsd"))


def xml_of(path):
    return etree.fromstring(zipfile.ZipFile(path).read("project.qde"))


def require_valid(schema, root):
    assert schema.validate(root), schema.error_log


def differences(one, other):
    """Return what differs between two studies, wherever they stand."""
    return {
        field.name: (getattr(one, field.name), getattr(other, field.name))
        for field in fields(one)
        if field.name != "root" and getattr(one, field.name) != getattr(other, field.name)
    }


@settings(max_examples=60)
@given(studies.projects())
def test_a_study_comes_back_as_it_was(project):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.qdpx"
        refi.write(project, path)
        require_valid(PROJECT, xml_of(path))
        found, _ = refi.read(path)
        assert not differences(found, project)
        again = Path(folder) / "again.qdpx"
        refi.write(found, again)
        assert again.read_bytes() == path.read_bytes()


@settings(max_examples=40)
@given(studies.projects(identities=st.sampled_from(["c-1", "c-2", " x", "Stance: y", "{}", "ß"])))
def test_ids_that_are_no_guids_and_are_used_by_several_coders_come_back(project):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.qdpx"
        refi.write(project, path)
        require_valid(PROJECT, xml_of(path))
        assert refi.read(path)[0].codings == project.codings


@settings(max_examples=25)
@given(studies.projects())
def test_a_new_folder_made_of_a_file_loads_as_the_study_that_was_exported(project):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.qdpx"
        refi.write(project, path)
        new = Path(folder) / "new"
        exchange.take_in(new, path)
        errors = [one for one in study.check(new) if one.severity == "error"]
        assert not [str(one) for one in errors]
        found = study.load(new)
        assert not differences(found, project)
        refi.write(found, path.with_name("again.qdpx"))
        assert path.with_name("again.qdpx").read_bytes() == path.read_bytes()


@given(studies.codebooks())
def test_a_codebook_comes_back_as_it_was(book):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "codes.qdc"
        refi.write_codebook(book, path)
        require_valid(CODEBOOK, etree.parse(path))
        assert refi.read_codebook(path) == (book, [])


def test_the_pilot_comes_back_as_it_was(tmp_path):
    pilot = study.load(ROOT)
    refi.write(pilot, tmp_path / "pilot.qdpx")
    require_valid(PROJECT, xml_of(tmp_path / "pilot.qdpx"))
    found, problems = refi.read(tmp_path / "pilot.qdpx")
    assert not differences(found, pilot)
    assert found.codebook.stances == pilot.codebook.stances
    assert not problems


def test_a_study_without_anything_is_valid(tmp_path):
    assert not study.init(tmp_path / "empty") == []
    project = study.load(tmp_path / "empty")
    refi.write(project, tmp_path / "empty.qdpx")
    root = xml_of(tmp_path / "empty.qdpx")
    require_valid(PROJECT, root)
    assert [etree.QName(one).localname for one in root] == ["Description"]
    assert not differences(refi.read(tmp_path / "empty.qdpx")[0], project)


def test_writing_twice_gives_the_same_bytes_whatever_the_folder_and_the_day(project, tmp_path):
    refi.write(project, tmp_path / "one.qdpx")
    moved = replace(project, root=tmp_path)
    (tmp_path / "elsewhere").mkdir()
    refi.write(moved, tmp_path / "elsewhere" / "two.qdpx")
    one, two = tmp_path / "one.qdpx", tmp_path / "elsewhere" / "two.qdpx"
    assert one.read_bytes() == two.read_bytes()
    names = zipfile.ZipFile(one).namelist()
    assert names[0] == "project.qde"
    assert names[1:] == sorted(names[1:])
    assert all(name.startswith("sources/") for name in names[1:])


def guids_of(path):
    return {
        (one.tag, one.get("name") or one.get("startPosition")): one.get("guid")
        for one in xml_of(path).iter()
        if one.get("guid")
    }


def test_guids_never_change_when_the_study_grows(project, tmp_path):
    refi.write(project, tmp_path / "before.qdpx")
    title = replace(project.settings, title="Another title")
    more = Case("new", {**project.cases[0].values, "id": "new", "transcript": "T9.txt"})
    grown = replace(project, settings=title, cases=(more, *project.cases))
    refi.write(grown, tmp_path / "after.qdpx")
    before, after = guids_of(tmp_path / "before.qdpx"), guids_of(tmp_path / "after.qdpx")
    assert before.items() <= after.items()


def test_texts_are_lf_without_a_mark_and_offsets_count_code_points(project, tmp_path):
    refi.write(project, tmp_path / "one.qdpx")
    archive = zipfile.ZipFile(tmp_path / "one.qdpx")
    root = xml_of(tmp_path / "one.qdpx")
    found = []
    for source in root.iter("{*}TextSource"):
        path = source.get("plainTextPath")
        assert path.startswith("internal://")
        data = archive.read("sources/" + path.removeprefix("internal://"))
        assert b"\r" not in data
        assert not data.startswith(b"\xef\xbb\xbf")
        text = data.decode("utf-8")
        for one in source.iter("{*}PlainTextSelection"):
            start, end = int(one.get("startPosition")), int(one.get("endPosition"))
            assert text[start:end].split()[0] == one.get("name").split()[0]
            found.append((source.get("name"), start, end))
    assert sorted(found) == sorted(
        (one.selection.source, one.selection.start, one.selection.end) for one in project.codings
    )


def test_every_coding_is_a_selection_of_its_coder(project, tmp_path):
    refi.write(project, tmp_path / "one.qdpx")
    root = xml_of(tmp_path / "one.qdpx")
    users = {one.get("guid"): one.get("name") for one in root.iter("{*}User")}
    assert sorted(users.values()) == sorted({one.coder for one in project.codings})
    for selection in root.iter("{*}PlainTextSelection"):
        coders = {one.get("creatingUser") for one in selection.iter("{*}Coding")}
        assert coders == {selection.get("creatingUser")}


def test_people_come_before_consensus_and_rules_in_the_list_of_users(project, tmp_path):
    coding = replace(project.codings[0], coder="rules", id="0e0b3d6c-1f64-4b7f-8a8e-000000000001")
    refi.write(replace(project, codings=(*project.codings, coding)), tmp_path / "one.qdpx")
    names = [one.get("name") for one in xml_of(tmp_path / "one.qdpx").iter("{*}User")]
    assert names == ["ana", "ben", "consensus", "rules"]


def test_a_withdrawn_participant_is_nowhere_in_the_file(project, tmp_path):
    gone = project.cases[0]
    withdrawn = Case(gone.name, {**gone.values, "consent": "withdrawn"})
    moment = project.codings[0].created
    memo = Memo("transcript", gone.source, "ana", moment, moment, "What they said of Zanzibar")
    study_ = replace(project, cases=(withdrawn, *project.cases[1:]), memos=(memo,))
    refi.write(study_, tmp_path / "one.qdpx")
    archive = zipfile.ZipFile(tmp_path / "one.qdpx")
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8")
    words = project.source(gone.source).text.split("\n\n")[1]
    for trace in (f'name="{gone.source}"', f'name="{gone.name}"', words, "Zanzibar"):
        assert trace not in everything
    found, _ = refi.read(tmp_path / "one.qdpx")
    assert gone.source not in {name for names in found.assigned.values() for name in names}


def test_a_text_that_would_shift_offsets_is_refused(project, tmp_path):
    source = project.sources[0]
    spoilt = replace(source, text=source.text.replace("\n", "\r\n"))
    with pytest.raises(NotPossibleError, match="offsets would shift"):
        refi.write(replace(project, sources=(spoilt,), codings=()), tmp_path / "one.qdpx")


def test_a_coding_beyond_the_text_or_without_a_code_is_refused(project, tmp_path):
    first = project.codings[0]
    beyond = replace(first, selection=replace(first.selection, end=10**6))
    with pytest.raises(NotPossibleError, match="is not inside"):
        refi.write(replace(project, codings=(beyond,)), tmp_path / "one.qdpx")
    stray = replace(first, code="no.such")
    with pytest.raises(NotPossibleError, match=r"no\.such"):
        refi.write(replace(project, codings=(stray,)), tmp_path / "one.qdpx")
    assert not (tmp_path / "one.qdpx").exists()


def test_our_own_positions_are_never_guessed_at(tmp_path):
    text = "Dana: a😀bcdefg hijklmn\u2026 yes\n"
    source = study.transcripts.parse("P", text)
    code = study.Code("22222222-2222-4222-8222-222222222222", "a", "A")
    made = [
        study.Coding(
            f"22222222-2222-4222-8222-{n:012}", study.Selection("P", n, n + 3), "a", "ana",
            dt.datetime(2021, 5, 4, tzinfo=dt.UTC), source.version,
        )
        for n in range(9, 14)
    ]  # fmt: skip
    book = study.Codebook("c", "1", (code,))
    project = study.Project(tmp_path, study.Settings(), (source,), (), book, tuple(made))
    refi.write(project, tmp_path / "one.qdpx")
    assert refi.read(tmp_path / "one.qdpx") == (
        replace(project, assigned={"ana": frozenset({"P"})}),
        [],
    )


def test_stances_stand_in_words_and_as_codes(project, tmp_path):
    refi.write(project, tmp_path / "one.qdpx")
    root = xml_of(tmp_path / "one.qdpx")
    codes = {one.get("guid"): one.get("name") for one in root.iter("{*}Code")}
    said = {
        one.findtext("{*}Description", "").rpartition("Stance: ")[2]
        for one in root.iter("{*}PlainTextSelection")
    }
    coded = {codes[one.get("targetGUID")] for one in root.iter("{*}CodeRef")}
    used = {one.stance for one in project.codings} - {""}
    assert used
    assert used <= said
    assert used <= coded


def test_a_codebook_without_codes_cannot_be_written(tmp_path):
    with pytest.raises(NotPossibleError, match="no codes"):
        refi.write_codebook(study.Codebook("empty", "1"), tmp_path / "codes.qdc")


def test_signs_that_xml_cannot_hold_do_not_spoil_the_file(project, tmp_path):
    coding = replace(project.codings[0], memo="a\x0bbell\x07")
    refi.write(replace(project, codings=(coding,)), tmp_path / "one.qdpx")
    require_valid(PROJECT, xml_of(tmp_path / "one.qdpx"))
    assert refi.read(tmp_path / "one.qdpx")[0].codings[0].memo == "a\nbell\ufffd"


def test_recordings_bring_the_times_of_turns(tmp_path):
    text = "Dana [00:00:03]: Hello there.\n\nJo [00:01:05]: Yes 😀.\n"
    source = study.transcripts.parse("P01", text)
    project = study.Project(tmp_path, study.Settings(), sources=(source,))
    (tmp_path / "call.mp3").write_bytes(b"sound")
    refi.write(project, tmp_path / "one.qdpx", media={"P01": tmp_path / "call.mp3"})
    root = xml_of(tmp_path / "one.qdpx")
    require_valid(PROJECT, root)
    points = [(one.get("position"), one.get("timeStamp")) for one in root.iter("{*}SyncPoint")]
    assert points == [("17", "3000"), ("46", "65000")]
    assert text[46:].startswith("Yes")
    archive = zipfile.ZipFile(tmp_path / "one.qdpx")
    path = root.find(".//{*}AudioSource").get("path").removeprefix("internal://")
    assert archive.read(f"sources/{path}") == b"sound"
    assert refi.read(tmp_path / "one.qdpx")[0].sources == (source,)


def test_documents_as_received_are_put_in_and_come_back(project, tmp_path):
    document = tmp_path / "T1 as sent.docx"
    document.write_bytes(b"PK not really a document")
    refi.write(project, tmp_path / "one.qdpx", received={"T1": document})
    require_valid(PROJECT, xml_of(tmp_path / "one.qdpx"))
    found = refi.receive(tmp_path / "one.qdpx")
    assert found.received == {"T1": ("T1.docx", document.read_bytes())}


def test_notes_have_names_of_their_own_and_a_date(project, tmp_path):
    """QualCoder's reader fails on two notes of one name, and on a note without a date."""
    moment = project.codings[0].created
    made = [
        Memo(kind, name, author, moment, moment, "Yes")
        for author in ("ana", "ben")
        for kind, name in (("transcript", "T1"), ("code", project.codebook.codes[0].guid))
    ]
    refi.write(replace(project, memos=tuple(made)), tmp_path / "one.qdpx")
    notes = list(xml_of(tmp_path / "one.qdpx").iter("{*}Note"))
    assert len({one.get("name") for one in notes}) == len(notes) > 3
    assert all(one.get("creationDateTime") for one in notes)


def test_a_shown_passage_is_cut_at_a_hundred_characters():
    source = study.transcripts.parse("P", f"Dana: {'word ' * 60}\n")
    name = writing.shown(source, study.Selection("P", 6, 300))
    assert len(name) <= 101
    assert name.endswith("\u2026")


def test_two_studies_with_a_transcript_of_one_name_give_it_two_guids(project, tmp_path):
    """A program that joins both would take them for one text."""
    found = []
    for identity in ("", "7f1c", "9e2d"):
        options = replace(project.settings, id=identity)
        refi.write(replace(project, settings=options), tmp_path / "a.qdpx")
        held = zipfile.ZipFile(tmp_path / "a.qdpx").read("project.qde").decode()
        tags = ("TextSource", "Case", "Note")
        found.append({g for tag in tags for g in re.findall(rf'<{tag} guid="([^"]+)"', held)})
        back, _ = refi.read(tmp_path / "a.qdpx")
        assert (back.settings.id, back.propositions) == (identity, project.propositions)
    assert all(len(one) > 4 for one in found)
    assert not found[1] & found[2]
    assert not found[0] & found[1]
