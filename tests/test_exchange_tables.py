"""Codebooks in tables: out for a team, changed there, and in again; Taguette's lists, too."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from exchanging import consent, edit, files_of, run
from hypothesis import given, settings
from test_refi.studies import codebooks

import study
from study import codebook, exchange
from study.errors import NotPossibleError
from study.exchange import codebooks as taking
from study.exchange import discussed, grids, highlights, sheets
from study.exchange.grids import Line
from study.model import Codebook

FORMS = ("xlsx", "docx")


def table_of(folder, form):
    path = folder.parent / f"codes.{form}"
    exchange.export_codebook(folder, path)
    return path


@contextmanager
def changed(path):
    """Give the cells of a table to be changed, as rows of lists, as a person would in a program."""
    if path.suffix == ".xlsx":
        from openpyxl import load_workbook

        book = load_workbook(path)
        sheet = book.active
        rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=5)]
        yield rows
        sheet.delete_rows(5, sheet.max_row)
        for row in rows:
            sheet.append(row)
        book.save(path)
    else:
        from docx import Document

        document = Document(path)
        table = document.tables[0]
        rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
        yield rows
        for row in table.rows[1:]:
            table._tbl.remove(row._tr)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        document.save(path)


def row_of(rows, path):
    return next(row for row in rows if row[1] == path)


def codes_of(folder):
    return study.load(folder).codebook.codes


@pytest.mark.parametrize("form", FORMS)
def test_a_table_that_nobody_changed_changes_nothing(tiny, capsys, form):
    path = table_of(tiny, form)
    before = files_of(tiny / "codebooks")
    with changed(path):
        pass
    status, out, _ = run(capsys, "import", path, "-C", tiny)
    assert status == 0
    assert out == "codebook: 0 changes were made\n"
    assert {k: v for k, v in files_of(tiny / "codebooks").items() if "lock" not in k.name} == before


@pytest.mark.parametrize("form", FORMS)
def test_a_team_s_changes_come_back_and_each_is_shown(tiny, capsys, form):
    path = table_of(tiny, form)
    made = {one.id: one.code for one in study.load(tiny).codings}
    with changed(path) as rows:
        row_of(rows, "idea.meaning")[2] = "What a speaker or writer takes the word to mean."
        row_of(rows, "idea.meaning")[6] = ""
        row_of(rows, "making.co-design")[0:2] = ["Writing together", "making.together"]
        row_of(rows, "learning.staff")[1] = "making.staff"
        rows.insert(3, ["Priced", "", "What it costs.", "", "", "", "", ""])
        rows[:] = [row for row in rows if row[1] != "idea.assessed"]
    status, out, _ = run(capsys, "import", path, "--dry-run", "-C", tiny)
    assert status == 0
    shown = (
        "idea.meaning, definition: What a speaker {+or writer+} takes the word to",
        "idea.meaning, near miss: [-It is useful.-]",
        "making.co-design: is making.together now, and codings follow",
        "learning.staff: is making.staff now, and codings follow",
        "is new, 'Priced'",
        "changes would be made",
        "not in the table, and kept as they are: idea.assessed",
    )
    for one in shown:
        assert one in out
    assert "making.together" not in {code.path for code in codes_of(tiny)}
    assert run(capsys, "import", path, "-C", tiny)[0] == 0
    book = study.load(tiny).codebook
    assert book["idea.meaning"].definition == "What a speaker or writer takes the word to mean."
    assert book["idea.meaning"].near_miss == ""
    assert book["making.together"].name == "Writing together"
    assert book["making.together"].formerly == ("making.designing", "making.co-design")
    assert book["making.staff"].formerly == ("learning.staff",)
    assert book["idea.priced"].definition == "What it costs."
    assert "idea.assessed" in book
    follow = {"making.co-design": "making.together", "learning.staff": "making.staff"}
    now = {one.id: one.code for one in study.load(tiny).codings}
    assert now == {key: follow.get(code, code) for key, code in made.items()}
    assert "changes from codes" in codebook.changes(tiny)[-1].what


@pytest.mark.parametrize("form", FORMS)
def test_a_text_changed_on_both_sides_waits_for_a_person(tiny, capsys, form):
    path = table_of(tiny, form)
    codebook.change(tiny, "idea.meaning", coder="ana", definition="Ours.", include="Ours, too.")
    with changed(path) as rows:
        row_of(rows, "idea.meaning")[2] = "Theirs."
    _, out, _ = run(capsys, "import", path, "-C", tiny)
    assert "was changed both here and in the table" in out
    assert "the table says: Theirs." in out
    code = study.load(tiny).codebook["idea.meaning"]
    assert (code.definition, code.include) == ("Ours.", "Ours, too.")
    run(capsys, "import", path, "--replace", "-C", tiny)
    code = study.load(tiny).codebook["idea.meaning"]
    assert (code.definition, code.include) == ("Theirs.", "Ours, too.")


def test_a_key_that_was_lost_is_made_up_by_path_and_name(tiny):
    path = table_of(tiny, "xlsx")
    with changed(path) as rows:
        for row in rows:
            row[7] = ""
        row_of(rows, "idea.assessed")[1] = ""
        row_of(rows, "idea.meaning")[2] = "Another."
    taken = exchange.take_in(tiny, path)
    assert taken.done[-1] == "codebook: 1 change was made"
    assert study.load(tiny).codebook["idea.meaning"].definition == "Another."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows.append(list(rows[1])), "rows 6 and 12 are of one code, idea.meaning"),
        (lambda rows: rows[1].__setitem__(1, "nothing.meaning"), "row 6: no code has the path"),
        (lambda rows: rows[0].__setitem__(1, "idea.meaning.idea"), "below itself"),
        (lambda rows: rows[1].__setitem__(1, "idea.assessed"), "there is a code 'idea.assessed'"),
        (lambda rows: rows[1].__setitem__(1, "idea.🙂"), "short name"),
        (lambda rows: rows[1].__setitem__(2, "x" * 20_001), "row 6: definition may have"),
        (lambda rows: rows[1].__setitem__(0, "Assessed"), "Assessed"),
    ],
)
def test_a_change_that_cannot_be_made_is_named_and_none_is_made(tiny, change, said):
    path = table_of(tiny, "xlsx")
    before = (tiny / "codebooks" / "tiny" / "codebook.yaml").read_bytes()
    with changed(path) as rows:
        row_of(rows, "making")[2] = "This could be done."
        change(rows)
    with pytest.raises(NotPossibleError, match=said):
        exchange.take_in(tiny, path)
    assert (tiny / "codebooks" / "tiny" / "codebook.yaml").read_bytes() == before


def test_a_code_moves_below_a_new_one_and_takes_its_own_along(tiny):
    path = table_of(tiny, "xlsx")
    made = {one.id: one.code for one in study.load(tiny).codings}
    with changed(path) as rows:
        row_of(rows, "making")[1] = "industry.joint.making-it"
        rows.append(["Joint", "industry.joint", "", "", "", "", "", ""])
        rows.append(["Industry", "industry", "", "", "", "", "", ""])
    exchange.take_in(tiny, path)
    book = study.load(tiny).codebook
    code = book["industry.joint.making-it.co-design"]
    assert code.formerly == ("making.designing", "making.co-design")
    now = {one.id: one.code for one in study.load(tiny).codings}
    moved = {"making.co-design": code.path, "making": "industry.joint.making-it"}
    assert now == {key: moved.get(one, one) for key, one in made.items()}


def test_a_text_too_long_for_a_cell_is_no_change(tiny):
    long = "word " * 7_000
    edit(tiny / "codebooks" / "tiny" / "codebook.yaml", "What the thing is.", long.strip())
    for form in FORMS:
        path = table_of(tiny, form)
        assert exchange.take_in(tiny, path).done == ("codebook: 0 changes were made",)


def test_a_table_of_one_s_own_becomes_a_codebook(tmp_path, capsys):
    text = "Category;Code;Description;When to use\n;Making;Industry as partner;\n"
    text += "Making;Co-design;Writing together;Use for joint writing\n"
    (tmp_path / "our codes.csv").write_text(text, encoding="utf-8")
    status, out, _ = run(capsys, "import", tmp_path / "our codes.csv", "-C", tmp_path / "new")
    assert status == 0
    assert "2 codes were taken" in out
    assert run(capsys, "check", "-C", tmp_path / "new")[0] == 0
    book = study.load(tmp_path / "new").codebook
    assert book["making.co-design"].include == "Use for joint writing"


def test_a_table_of_talk_is_still_a_transcript(tmp_path, capsys):
    study.init(tmp_path / "s")
    (tmp_path / "P01.csv").write_text("speaker,text\nInterviewer,So?\nDana,Yes.\n")
    status, out, _ = run(capsys, "import", tmp_path / "P01.csv", "-C", tmp_path / "s")
    assert status == 0
    assert "1 of 1 files imported" in out


def test_word_s_tracked_changes_count_as_accepted(tiny):
    from docx import Document
    from docx.oxml import parse_xml

    path = table_of(tiny, "docx")
    document = Document(path)
    cell = document.tables[0].rows[2].cells[2]
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    run_of = "<w:r><w:{0} xml:space='preserve'>{1}</w:{0}></w:r>"
    gone = f"<w:del {space} w:id='1'>{run_of.format('delText', 'What')}</w:del>"
    new = f"<w:ins {space} w:id='2'>{run_of.format('t', 'All that a word means')}</w:ins>"
    paragraph = cell.paragraphs[0]._p
    for child in list(paragraph.iterchildren("{*}r")):
        paragraph.remove(child)
    paragraph.append(parse_xml(gone))
    paragraph.append(parse_xml(new))
    document.save(path)
    exchange.take_in(tiny, path)
    assert study.load(tiny).codebook["idea.meaning"].definition == "All that a word means"


@pytest.mark.parametrize("form", [*FORMS, "csv", "qdc"])
def test_the_same_codebook_is_the_same_file(tiny, form):
    one = table_of(tiny, form).read_bytes()
    assert table_of(tiny, form).read_bytes() == one


def test_no_cell_is_a_formula_and_no_key_is_seen(tiny):
    edit(tiny / "codebooks" / "tiny" / "codebook.yaml", "What the thing is.", '"=1+1"')
    path = table_of(tiny, "xlsx")
    from openpyxl import load_workbook

    sheet = load_workbook(path).active
    assert sheet["C5"].data_type == "s"
    assert sheet.column_dimensions["H"].hidden
    assert exchange.take_in(tiny, path).done == ("codebook: 0 changes were made",)


@settings(max_examples=30)
@given(codebooks())
def test_any_codebook_comes_back_from_its_tables(book):
    book = taking.cleaned(book)
    lines = [
        Line(number, {column: _read(code, column) for column in discussed.COLUMNS})
        for number, code in enumerate(book, start=1)
    ]
    changes = discussed.Changes(book.codes)
    changes.take(lines)
    assert changes.codes == book.codes
    assert not changes.shown


def _read(code, column):
    return (discussed.key(code) if column == "key" else discussed.cell(code, column)).strip()


@settings(max_examples=5)
@given(codebooks())
def test_any_codebook_comes_back_from_its_files(tmp_path_factory, book):
    folder = tmp_path_factory.mktemp("book")
    book = taking.cleaned(book)
    sheets.write_workbook(book, folder / "a.xlsx", "A study")
    sheets.write_document(book, folder / "a.docx", "A study")
    for name in ("a.xlsx", "a.docx"):
        changes = discussed.Changes(book.codes)
        changes.take(grids.read(folder / name).lines)
        assert changes.codes == book.codes
    sheets.write_tags(book, folder / "a.csv")
    back, _ = highlights.codebook(folder / "a.csv")
    assert sorted(back.codes, key=str) == sorted(
        (replace(code, place=None, pattern_lines=()) for code in book), key=str
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_or_hostile_table_is_refused_with_a_sentence(tiny, tmp_path, capsys, form):
    part = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}[form]
    bomb = tmp_path / f"a.{form}"
    with zipfile.ZipFile(bomb, "w") as archive:
        archive.writestr(part, '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    status, _, error = run(capsys, "import", bomb, "-C", tiny)
    assert status == 1
    assert "Traceback" not in error
    (tmp_path / f"b.{form}").write_bytes(table_of(tiny, form).read_bytes()[:5000])
    assert run(capsys, "import", tmp_path / f"b.{form}", "-C", tiny)[0] == 1


# -- Taguette's lists ------------------------------------------------------------------------------


def test_the_codebook_for_taguette_is_tags_and_comes_back_whole(tiny, tmp_path):
    path = table_of(tiny, "csv")
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")  # else Taguette guesses the encoding wrong
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[1]["tag"] == "idea.meaning"
    assert "Include: A definition" in rows[1]["description"]
    exchange.take_in(tmp_path / "new", path)
    assert codes_of(tmp_path / "new") == codes_of(tiny)


def test_tags_changed_in_taguette_are_told_by_their_paths(tiny, tmp_path):
    tags = [
        ("idea.meaning", "What it means.\n\nInclude: A definition, or the lack of one."),
        ("making.designing", ""),
        ("making.pricing", "What it costs."),
    ]
    rows = [["tag", "description", "number of highlights", "number of documents"]]
    rows += [[tag, about, "1", "1"] for tag, about in tags]
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    (tmp_path / "tags.csv").write_text(buffer.getvalue(), encoding="utf-8", newline="")
    taken = exchange.take_in(tiny, tmp_path / "tags.csv")
    assert "1 code was added" in taken.done[0]
    book = study.load(tiny).codebook
    assert book["making.pricing"].definition == "What it costs."
    said = "\n".join(taken.notes)
    assert "idea.meaning (definition" in said
    assert "co-design" not in said
    exchange.take_in(tiny, tmp_path / "tags.csv", replace=True)
    assert study.load(tiny).codebook["idea.meaning"].definition == "What it means."


def test_taguette_s_qdc_has_paths_for_names(tmp_path):
    codes = "".join(
        f'<Code guid="{n}0000000-0000-5000-8000-000000000000" name="{name}" isCodable="true"/>'
        for n, name in enumerate(("trust", "risk.fad", "e.g. this", "trust.earned"))
    )
    head = '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Taguette 1.5.2">'
    xml = f"{head}<Codes>{codes}</Codes><Sets/></CodeBook>"
    (tmp_path / "c.qdc").write_text(xml, encoding="utf-8")
    exchange.take_in(tmp_path / "new", tmp_path / "c.qdc")
    names = {code.path: code.name for code in codes_of(tmp_path / "new")}
    assert names["risk"] == "risk"
    assert names["risk.fad"] == "fad"
    assert names["trust.earned"] == "earned"


def highlighted(path: Path, rows) -> Path:
    head = ["id", "document", "tag", "content"]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
        return path
    from openpyxl import Workbook

    book = Workbook()
    for row in [head, *rows]:
        book.active.append(row)
    book.save(path)
    return path


ROWS = (
    ("1", "T1", "idea.meaning", "short  course with a test"),
    ("1", "T1", "price", "short course with a test"),
    ("2", "T1.docx", "making", "the bank 🏦 and write it together. They bring"),
    ("3", "T1", "price", "it"),
    ("4", "T1", "price", "never said"),
    ("5", "T9", "price", "short course"),
    ("6", "T1", "", "short course"),
)


@pytest.mark.parametrize("name", ["h.csv", "h.xlsx"])
def test_highlights_become_codings_where_their_words_stand(tiny, tmp_path, capsys, name):
    path = highlighted(tmp_path / name, ROWS)
    status, out, _ = run(capsys, "import", path, "--as", "zoe", "-C", tiny)
    assert status == 0
    for said in (
        "1 highlights were left out, for their words",
        "stand nowhere in the transcript",
        "stand there more than once",
        "documents that have no transcript",
        "without a tag",
        "zoe: 3 codings were added",
    ):
        assert said in out
    found = study.load(tiny)
    made = {
        (one.code, found.source("T1").quote(one.selection))
        for one in found.codings
        if one.coder == "zoe"
    }
    assert made == {
        ("idea.meaning", "short course with a test"),
        ("price", "short course with a test"),
        ("making", "the bank 🏦 and write it together. They bring"),
    }
    assert run(capsys, "check", "-C", tiny)[1].count("error") == 0
    report = tiny / "interviews" / "received" / f"{name}.report.txt"
    assert "never said" in report.read_text(encoding="utf-8")
    before = files_of(tiny / "codebooks" / "tiny" / "codings")
    run(capsys, "import", path, "--as", "zoe", "-C", tiny)
    assert files_of(tiny / "codebooks" / "tiny" / "codings") == before


def test_who_withdrew_is_in_no_report_of_highlights(tiny, tmp_path):
    path = highlighted(tmp_path / "h.csv", [("1", "T2", "price", "They were never asked.")])
    consent(tiny, "T2", "withdrawn")
    taken = exchange.take_in(tiny, path, coder="zoe")
    report = taken.report.read_text(encoding="utf-8")
    assert "never asked" not in report
    assert "T2" not in report
    assert "1 highlights are of participants who withdrew" in report


def test_highlights_need_a_coder_and_a_study(tiny, tmp_path):
    path = highlighted(tmp_path / "h.csv", ROWS)
    with pytest.raises(NotPossibleError, match="--as NAME"):
        exchange.take_in(tiny, path)
    with pytest.raises(NotPossibleError, match="without their documents"):
        exchange.take_in(tmp_path / "new", path, coder="zoe")
    with pytest.raises(NotPossibleError, match="names its own coders"):
        exchange.take_in(tiny, table_of(tiny, "qdc"), coder="zoe")


def test_an_empty_codebook_makes_no_file(tmp_path):
    study.init(tmp_path / "s")
    path = tmp_path / "s" / "codebooks" / "codebook" / "codebook.yaml"
    codebook.write(Codebook("codebook", "1"), path)
    with pytest.raises(NotPossibleError, match="no codes"):
        exchange.export_codebook(tmp_path / "s", tmp_path / "a.docx")
