"""QualCoder itself, without a screen: what it reads of ours, and what comes back through it."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing

import pytest
from exchanging import write_memo

import study
from study import exchange

pytestmark = pytest.mark.slow


@pytest.fixture
def imported(qualcoder, tiny, tmp_path):
    """Return our study, and the project that QualCoder made of our export."""
    guid = study.load(tiny).codebook["making.co-design"].guid
    path = tiny / "interviews" / "participants.csv"
    head, *rows = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    rows = [f"{row},{number}" for number, row in enumerate(rows, start=3)]
    path.write_text("\n".join([f"{head},years", *rows, ""]), encoding="utf-8")
    write_memo(tiny)
    write_memo(tiny, "ben", "code", guid, "Too wide?\n\nPerhaps.")
    exchange.export_project(tiny, tmp_path / "ours.qdpx")
    qualcoder("import", tmp_path / "ours.qdpx", tmp_path / "ours.qda")
    return study.load(tiny), tmp_path / "ours.qda"


def asked(project, question):
    with closing(sqlite3.connect(project / "data.qda")) as link:
        return link.execute(question).fetchall()


def words_of(project, coding):
    return project.source(coding.selection.source).quote(coding.selection)


def test_each_passage_is_there_as_ours_for_each_coder(imported):
    """Against our own words: what QualCoder slices always agrees with itself."""
    ours, theirs = imported
    rows = asked(
        theirs,
        "select t.owner, s.name, c.name, t.seltext, substr(s.fulltext, t.pos0 + 1, t.pos1 - "
        "t.pos0), t.date from code_text t join source s on s.id = t.fid join code_name c on "
        "c.cid = t.cid",
    )
    names = {code.path: code.name for code in ours.codebook}
    wanted = {
        (
            one.coder,
            one.selection.source,
            names[one.code],
            words_of(ours, one),
            words_of(ours, one),
            one.created.strftime("%Y-%m-%d %H:%M:%S"),
        )
        for one in ours.codings
    }
    assert wanted <= set(rows)
    stances = {"positive", "mixed", "negative", "neutral"}
    assert {row[2] for row in set(rows) - wanted} <= stances
    assert any("\U0001f3e6" in row[3] for row in rows)
    texts = dict(asked(theirs, "select name, fulltext from source"))
    assert texts == {source.name: source.text for source in ours.sources}


def test_the_tree_of_codes_is_there_though_parents_can_be_coded(imported):
    ours, theirs = imported
    rows = asked(
        theirs,
        "select c.name, p.name, c.memo from code_name c left join code_name p on p.cid = "
        "c.supercid where c.catid is null",
    )
    names = {code.path: code.name for code in ours.codebook}
    assert {row[:2] for row in rows} == {
        (code.name, names.get(code.parent)) for code in ours.codebook
    }
    memos = {row[0]: row[2] for row in rows}
    assert "Include: A definition, or the lack of one." in memos["Meaning"]
    assert asked(theirs, "select name from code_cat") == [("Stance",)]


def test_what_else_it_keeps(imported):
    ours, theirs = imported
    values = asked(theirs, "select name, value from attribute where attr_type = 'case'")
    assert ("consent", "analyse only") in values
    assert ("interview_date", "2021-08-02") in values
    assert {("years", "3"), ("years", "4"), ("years", "5")} <= set(values)
    kinds = dict(asked(theirs, "select name, valuetype from attribute_type"))
    assert (kinds["years"], kinds["interview_date"]) == ("numeric", "character")
    rows = asked(theirs, "select name, jentry, owner, date from journal")
    notes = {row[0]: row[1:3] for row in rows}
    memo = next(one for one in ours.memos if one.kind == "code")
    dates = {row[0]: row[3] for row in rows}
    assert dates["Memo on code making.co-design (ben)"] == f"{memo.created:%Y-%m-%d %H:%M:%S}"
    assert "Memo on transcript T1 (ana)" not in notes  # but the file has it:
    assert notes["Memo on code making.co-design (ben)"] == ("Too wide?\n\nPerhaps.", "ben")
    assert ("T1", "Memo (ana): She hesitates.") in asked(theirs, "select name, memo from source")
    assert not asked(theirs, "select * from case_text")  # the link to the transcript is lost


def settled(project):
    return {
        (one.coder, one.selection, one.code, one.stance, one.memo, one.created)
        for one in project.codings
    }


@pytest.mark.parametrize("way", ["database", "refi"])
def test_what_comes_back_through_it_is_our_study(imported, qualcoder, tmp_path, way):
    ours, theirs = imported
    file = theirs
    if way == "refi":
        (tmp_path / "out").mkdir()
        qualcoder("export", theirs, tmp_path / "out")
        (file,) = (tmp_path / "out").glob("*.qdpx")
        assert zipfile.is_zipfile(file)
    exchange.take_in(tmp_path / "new", file)
    back = study.load(tmp_path / "new")
    assert settled(back) == settled(ours)
    assert [one.text for one in back.sources] == [one.text for one in ours.sources]
    texts = ("path", "name", "definition", "include", "exclude", "example", "near_miss", "formerly")
    assert {tuple(getattr(code, key) for key in texts) for code in back.codebook} == {
        tuple(getattr(code, key) for key in texts) for code in ours.codebook
    }
    kept = {case.name: dict(case.values) for case in back.cases}
    assert kept == {case.name: dict(case.values) for case in ours.cases}
    assert back.assigned == ours.assigned
    assert {(one.author, one.kind, one.text) for one in back.memos} == {
        (one.author, one.kind, one.text) for one in ours.memos
    }
    # and into the study that it came from, nothing is new
    taken = exchange.take_in(ours.root, file)
    assert all("added" not in one or "0 " in one for one in taken.done), taken.done
    assert study.load(ours.root).codings == ours.codings
