"""Participants, notes and sets of other programs' files."""

from __future__ import annotations

import uuid

import pytest

from study import refi

from .files import (
    CODE,
    DATED,
    TEXT,
    USER,
    WORDS,
    codes,
    coding,
    packed,
    passage,
    project,
    said,
    simple,
    source,
    users,
    words_of,
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "theirs.qdpx"


def test_a_comment_on_a_passage_without_a_code_becomes_a_memo_on_the_transcript(file):
    remark = "<Description>Is that so?</Description>"
    found, _ = refi.read(packed(file, simple(passage("mostly", inside=remark))))
    (memo,) = found.memos
    assert (memo.kind, memo.name, memo.author) == ("transcript", "P01", "Ana")
    assert memo.text == "Line 3, \u201cmostly\u201d: Is that so?"


def test_a_comment_on_a_coded_passage_is_the_coding_s_memo(file):
    inside = "<Description>Both sides agree.</Description>" + coding()
    found, _ = refi.read(packed(file, simple(passage("mostly", inside=inside))))
    assert found.codings[0].memo == "Both sides agree."


def note(guid, text, name="Thought"):
    return (
        f'<Note guid="{guid}" name="{name}" creatingUser="{USER}" {DATED}>'
        f"<PlainTextContent>{text}</PlainTextContent></Note>"
    )


def test_notes_go_to_what_they_are_about(file):
    keys = [str(uuid.uuid4()) for _ in range(5)]
    reference = '<NoteRef targetGUID="{}"/>'.format
    book = codes(
        f'<Code guid="{CODE}" name="Partnership" isCodable="true">{reference(keys[0])}</Code>'
    )
    coded = coding().replace("</Coding>", reference(keys[1]) + "</Coding>")
    passages = passage("mostly", inside=coded) + passage("worked", inside=reference(keys[2]))
    inside = source(passages, reference(keys[3]))
    notes = "".join(note(key, f"text {n}") for n, key in enumerate(keys))
    xml = project(users("Ana"), book, f"<Sources>{inside}</Sources>", f"<Notes>{notes}</Notes>")
    found = refi.receive(packed(file, xml))
    memos = {(one.kind, one.name): one.text for one in found.project.memos}
    assert memos["code", CODE] == "Thought\n\ntext 0"
    assert found.project.codings[0].memo == "text 1"
    assert "text 3" in memos["transcript", "P01"]
    assert "\u201cworked\u201d: text 2" in memos["transcript", "P01"]
    assert found.remains == ("Note 'Thought' (Ana):\n\ntext 4",)


def test_an_annotation_that_is_linked_to_its_passage(file):
    """NVivo writes annotations as notes, joined to a bare selection by a link."""
    here, key = str(uuid.uuid4()), str(uuid.uuid4())
    bare = passage("mostly", inside="<Description/>", guid=here)
    link = f'<Links><Link guid="{uuid.uuid4()}" originGUID="{key}" targetGUID="{here}"/></Links>'
    notes = f"<Notes>{note(key, 'Said with a smile.')}</Notes>"
    xml = project(users("Ana"), f"<Sources>{source(bare)}</Sources>", notes, link)
    found, _ = refi.read(packed(file, xml))
    assert found.memos[0].text.endswith("\u201cmostly\u201d: Said with a smile.")


def test_sets_links_and_graphs_are_kept_in_words(file):
    sets = (
        f'<Sets><Set guid="{uuid.uuid4()}" name="Mine"><MemberCode targetGUID="{CODE}"/>'
        f'<MemberSource targetGUID="{TEXT}"/></Set></Sets>'
    )
    links = (
        f'<Links><Link guid="{uuid.uuid4()}" name="leads to" originGUID="{CODE}" '
        f'targetGUID="{TEXT}"/></Links>'
    )
    graph = f'<Graphs><Graph guid="{uuid.uuid4()}" name="Net"/></Graphs>'
    xml = project(users("Ana"), codes(), f"<Sources>{source()}</Sources>", links, sets, graph)
    found = refi.receive(packed(file, xml))
    assert found.remains == (
        "Set 'Mine': code partnership, transcript P01",
        "Link 'leads to': code partnership -> transcript P01",
        "Graph 'Net' with 0 shapes",
    )
    assert "1 sets, 1 links, 1 graphs" in said(found.problems)


def test_sets_that_are_values_become_variables(file):
    sets = (
        f'<Sets><Set guid="{uuid.uuid4()}" name="gender: female">'
        f'<MemberSource targetGUID="{TEXT}"/></Set></Sets>'
    )
    xml = project(users("Ana"), codes(), f"<Sources>{source()}</Sources>", sets)
    found, _ = refi.read(packed(file, xml))
    assert found.cases[0].values["gender"] == "female"


def cases(*inside):
    return f"<Cases>{''.join(inside)}</Cases>"


def variables(*names):
    listed = "".join(
        f'<Variable guid="{uuid.UUID(int=n)}" name="{name}" typeOfVariable="Text"/>'
        for n, name in enumerate(names, start=1)
    )
    return f"<Variables>{listed}</Variables>"


def value(number, text, kind="Text"):
    reference = f'<VariableRef targetGUID="{uuid.UUID(int=number)}"/>'
    return f"<VariableValue>{reference}<{kind}Value>{text}</{kind}Value></VariableValue>"


def two_texts():
    return source(passage("It")) + source(
        name="P02", path="internal://u.txt", guid="55555555-5555-4555-8555-555555555555"
    )


def test_cases_become_rows_with_their_variables(file):
    one = (
        f'<Case guid="{uuid.uuid4()}" name="Dana">{value(1, 41, "Integer")}{value(2, "x")}'
        f'{value(3, "2021-05-04T00:00:00", "DateTime")}<SourceRef targetGUID="{TEXT}"/></Case>'
    )
    xml = project(
        users("Ana"),
        codes(),
        variables("age", "transcript", "interview_date"),
        cases(one),
        f"<Sources>{source()}</Sources>",
    )
    found, problems = refi.read(packed(file, xml))
    (case,) = found.cases
    assert case.name == "Dana"
    assert case.values == {
        "id": "Dana",
        "age": "41",
        "transcript (variable)": "x",
        "interview_date": "2021-05-04",
        "consent": "",
        "transcript": "P01.txt",
    }
    assert "'transcript (variable)'" in said(problems)


def test_a_case_of_two_transcripts_becomes_two_rows_and_a_shared_one_is_said(file):
    other = "55555555-5555-4555-8555-555555555555"
    references = f'<SourceRef targetGUID="{TEXT}"/><SourceRef targetGUID="{other}"/>'
    listed = cases(
        f'<Case guid="{uuid.uuid4()}" name="Dana">{value(1, "41")}{references}</Case>',
        f'<Case guid="{uuid.uuid4()}" name="Eli">{value(1, "50")}'
        f'<SourceRef targetGUID="{TEXT}"/></Case>',
    )
    xml = project(
        users("Ana"), codes(), variables("age"), listed, f"<Sources>{two_texts()}</Sources>"
    )
    members = {"t.txt": WORDS, "u.txt": "Eli: Yes.\n"}
    found, problems = refi.read(packed(file, xml, members))
    assert [(one.name, one.source) for one in found.cases] == [("Dana", "P01"), ("Dana-2", "P02")]
    assert "becomes as many rows" in said(problems)
    assert "age = 50" in said(problems)


def test_a_case_that_is_a_code_belongs_to_the_text_it_is_coded_in(file):
    """NVivo repeats each case as a code, and codes the case's text with it."""
    key = str(uuid.uuid4())
    book = codes(
        f'<Code guid="{CODE}" name="Partnership" isCodable="true"/>',
        f'<Code guid="{key}" name="Dana" isCodable="true"/>',
    )
    inside = source(passage("mostly", inside=coding(key)), passage("It"))
    listed = cases(f'<Case guid="{key}" name="Dana"/>')
    xml = project(users("Ana"), book, listed, f"<Sources>{inside}</Sources>")
    found, _ = refi.read(packed(file, xml))
    assert [code.name for code in found.codebook] == ["Partnership"]
    assert words_of(found) == ["It"]
    assert [(one.name, one.source) for one in found.cases] == [("Dana", "P01")]


def test_a_case_without_a_name_is_of_its_text(file):
    """MAXQDA and Quirkos write a document's variables as a case without a name."""
    listed = cases(
        f'<Case guid="{uuid.uuid4()}">{value(1, "41")}<SourceRef targetGUID="{TEXT}"/></Case>'
    )
    xml = project(users("Ana"), codes(), variables("age"), listed, f"<Sources>{source()}</Sources>")
    found, _ = refi.read(packed(file, xml))
    assert (found.cases[0].name, found.cases[0].values["age"]) == ("P01", "41")


def test_values_that_participants_csv_could_not_hold_get_another_column(file):
    listed = cases(
        f'<Case guid="{uuid.uuid4()}" name="D">{value(1, "May 2021")}{value(2, "sure")}'
        f'<SourceRef targetGUID="{TEXT}"/></Case>'
    )
    xml = project(
        users("Ana"),
        codes(),
        variables("date", "consent"),
        listed,
        f"<Sources>{source()}</Sources>",
    )
    found, problems = refi.read(packed(file, xml))
    values = found.cases[0].values
    assert values["date (text)"] == "May 2021"
    assert values["consent (in the file)"] == "sure"
    assert values["consent"] == ""
    assert "may not" in said(problems)
