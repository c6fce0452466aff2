"""Tables in print: Word, LaTeX and HTML say the same, are safe to open, and never differ."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import zipfile

import docx
import pytest
from lxml import etree
from places import needed

from study import publication
from study.publication import Column, Line, PrintedTable, latex, printed

HOSTILE = (
    '=HYPERLINK("http://x")', "<script>alert(1)</script>", "\\input{/etc/passwd}", "100 % & $5_#~^",
    "a\x07b\x00c\ud800", "\u0645\u0631\u062d\u0628\u0627 abc", "we met \U0001f3e6 there",
    "\u202eevil\u202c", "*starred", "[bracket]", "two\nlines", "x" * 80, "]]>", "a -- b --- c",
    "\u201cquoted\u201d \u2013 it\u2019s", "\u03b1 = .81, caf\u00e9 na\u00efve \u0142\u00f3d\u017a",
)  # fmt: skip
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def table(lines=3, wide=False, name="codes", title="Codes & <groups>", note="n = 2. 50 % of 4_x"):
    columns = [Column("Code", 20), Column("Broker", 10, True, "Group"),
               Column("Employer", 100 if wide else 10, True, "Group")]  # fmt: skip
    rows = [Line(("Branch of 100 %",), heading=True)]
    rows += [Line((f"code {n}", f"{n} (2)", "[c]"), level=n % 2) for n in range(lines)]
    return PrintedTable(name, title, note, tuple(columns), tuple(rows))


def hostile():
    lines = [Line((words, words, words)) for words in HOSTILE]
    lines.append(Line((HOSTILE[1],), heading=True))
    columns = tuple(Column(words, 20) for words in HOSTILE[:3])
    return PrintedTable("hostile", HOSTILE[1], "; ".join(HOSTILE), columns, tuple(lines))


def word(tmp_path, *tables):
    return publication.write_word(tables, tmp_path / "t.docx", "A study", "Composed.")


def texts(element):
    return "".join(node.text or "" for node in element.iter(f"{W}t"))


# -- Word ------------------------------------------------------------------------------------------


def test_word_has_apa_layout_in_real_styles(tmp_path):
    document = docx.Document(word(tmp_path, table()))
    styles = [(p.style.name, p.text) for p in document.paragraphs if p.text]
    assert styles[0] == ("Table Number", "Table 1")
    assert styles[1] == ("Table Title", "Codes & <groups>")
    assert styles[2] == ("Table Note", "Note. n = 2. 50 % of 4_x")
    body = document.element.body
    assert [node.text.strip() for node in body.iter(f"{W}instrText")] == [r"SEQ Table \* ARABIC"]
    (found,) = document.tables
    assert found.style.name == "APA Table"
    assert document.styles["Table Title"].font.italic
    assert document.styles["Table Number"].font.bold
    borders = found.style.element.find(f".//{W}tblBorders")
    assert [node.tag.removeprefix(W) for node in borders] == ["top", "bottom"]
    assert not list(body.iter(f"{W}left", f"{W}right", f"{W}insideV", f"{W}shd"))


def test_word_repeats_heads_and_keeps_rows_together(tmp_path):
    (found,) = docx.Document(word(tmp_path, table(60))).tables
    repeated = [row._tr.find(f".//{W}tblHeader") is not None for row in found.rows]
    assert repeated[:2] == [True, True]
    assert not any(repeated[2:])
    assert all(row._tr.find(f".//{W}cantSplit") is not None for row in found.rows)


def test_word_turns_a_wide_table_and_only_that(tmp_path):
    document = docx.Document(word(tmp_path, table(), table(wide=True), table()))
    sides = [one.page_width > one.page_height for one in document.sections]
    assert sides == [False, True, False]
    for found, section in zip(document.tables, document.sections, strict=True):
        width = sum(int(node.get(f"{W}w")) for node in found._tbl.iter(f"{W}gridCol"))
        room = (section.page_width - section.left_margin - section.right_margin) / 635
        assert width == pytest.approx(room, abs=5)


def test_word_holds_every_cell_and_no_more(tmp_path):
    (found,) = docx.Document(word(tmp_path, table(4))).tables
    rows = [[cell.text for cell in row.cells] for row in found.rows]
    assert rows[1] == ["Code", "Broker", "Employer"]
    assert set(rows[2]) == {"Branch of 100 %"}
    assert rows[3] == ["code 0", "0 (2)", "[c]"]
    assert len(rows) == 2 + 1 + 4


def test_word_properties_follow_the_order_that_word_demands(tmp_path):
    """Word calls a file damaged whose properties stand in another order."""
    order = {
        "pPr": "pStyle keepNext keepLines bidi spacing ind jc sectPr".split(),
        "tcPr": "tcW gridSpan tcBorders vAlign".split(),
        "tblPr": "tblStyle tblW tblLayout tblLook tblCaption".split(),
        "trPr": "cantSplit tblHeader".split(),
    }
    with zipfile.ZipFile(word(tmp_path, hostile(), table(wide=True))) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    for name, wanted in order.items():
        for node in root.iter(W + name):
            tags = [child.tag.removeprefix(W) for child in node]
            assert tags == sorted(tags, key=wanted.index), name


def test_word_is_the_same_a_second_later(tmp_path):
    first = word(tmp_path, table(), hostile()).read_bytes()
    time.sleep(1.1)
    assert word(tmp_path, table(), hostile()).read_bytes() == first
    with zipfile.ZipFile(tmp_path / "t.docx") as archive:
        assert {m.date_time for m in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {m.compress_type for m in archive.infolist()} == {zipfile.ZIP_STORED}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2
    assert "python-docx" not in core


def test_word_takes_anything_that_people_say(tmp_path):
    (found,) = docx.Document(word(tmp_path, hostile())).tables
    rows = [row.cells[0].text for row in found.rows][1:]
    assert rows[:6] == [*HOSTILE[:4], "abc", HOSTILE[5]]
    assert rows[7] == "evil"
    right = [row._tr.find(f".//{W}bidi") is not None for row in found.rows][1:]
    assert [n for n, turned in enumerate(right) if turned] == [5]


# -- LaTeX -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE)
def test_latex_commands_are_only_our_own(words):
    own = (
        "textbackslash textasciitilde textasciicircum textless textgreater textbar textquotedbl "
        "textquotesingle textasciigrave textendash textemdash ldots newline studychar alpha times"
    ).split()
    found = latex.escaped(words)
    assert set(re.findall(r"\\([A-Za-z]+)", found)) <= set(own)
    bare = re.sub(r"\\([A-Za-z]+|.)", "", found)
    assert not re.search(r"[\\#%&_^~\[\]*\"|<>-]", bare.replace("{-}", "").replace("{[}", "")
                         .replace("{]}", "").replace("{*}", ""))  # fmt: skip
    assert bare.count("{") == bare.count("}")


def test_latex_is_booktabs_and_long_where_long():
    short, long = latex.fragment(table(3)), latex.fragment(table(40))
    for rule in (r"\toprule", r"\midrule", r"\bottomrule", r"\cmidrule(lr){2-3}"):
        assert rule in short
        assert rule in long
    assert r"\begin{tabular}" in short
    assert r"\begin{longtable}" in long
    assert r"\endhead" in long
    assert r"\begin{landscape}" not in short
    assert r"\begin{landscape}" in latex.fragment(table(wide=True))
    assert r"\caption{Codes \& \textless{}groups\textgreater{}}\label{tab:codes}" in short
    assert "|" not in re.sub(r"\\textbar", "", short)


@pytest.mark.slow
def test_latex_compiles(tmp_path):
    needed(shutil.which("pdflatex") is not None, "LATEX NOT TRIED: there is no pdflatex")
    tables = [table(3), table(60, name="long"), table(60, wide=True, name="wide"), hostile()]
    publication.write_latex(tables, tmp_path, "A & B: 100 %_", "Composed for #1.")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "tables.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout.decode("utf-8", "replace")[-1500:]
    assert (tmp_path / "tables.pdf").stat().st_size > 10_000


# -- HTML ------------------------------------------------------------------------------------------


def test_html_escapes_all_and_asks_nobody(tmp_path):
    path = publication.write_html([hostile(), table()], tmp_path / "t.html", HOSTILE[1], HOSTILE[1])
    text = path.read_text("utf-8")
    assert "<script" not in text
    assert not re.search(r"\son\w+=", text)
    assert "://" not in re.sub(r"http://x", "", text)
    root = etree.HTML(text)
    heads = root.findall(".//th[@scope='col']")
    assert len(heads) == 6
    assert [node.text for node in root.findall(".//h2")] == ["Table 1", "Table 2"]
    assert root.find(".//th[@scope='rowgroup']").get("colspan") == "3"


# -- all of them -----------------------------------------------------------------------------------


def test_a_long_table_is_shortened_evenly_and_says_so(tmp_path):
    lines = []
    for size in (5, 900, 300):
        lines.append(Line((f"part of {size}",), heading=True))
        lines += [Line((f"{size}: {n}", "", "")) for n in range(size)]
    whole = PrintedTable("bank", "Bank", "All.", table().columns, tuple(lines))
    short = printed.shortened(whole, 100)
    sizes = [sum(line.cells[0].startswith(f"{n}:") for line in short.lines) for n in (5, 900, 300)]
    assert sizes == [5, 47, 47]
    assert "99 of 1,205 lines are shown: the first 47 of each part; bank.csv has all." in short.note
    assert printed.shortened(table(50), 100) == table(50)


def test_300_codes_and_40_000_lines_are_written_in_all_forms(tmp_path):
    lines = tuple(Line((f"code {n}", "1", "2")) for n in range(40_000))
    many = PrintedTable("many", "Many", "n", table().columns, lines)
    assert len(docx.Document(word(tmp_path, many)).tables[0]._tbl.findall(f"{W}tr")) == 1002
    assert latex.fragment(many).count(r"\\") < 1100


def test_a_table_without_lines_says_so(tmp_path):
    empty = table(0)
    empty = PrintedTable(empty.name, empty.title, "", empty.columns, ())
    assert "None." in texts(docx.Document(word(tmp_path, empty)).element.body)
    assert "None." in latex.fragment(empty)
    path = publication.write_html([empty], tmp_path / "e.html", "t")
    assert "None." in path.read_text("utf-8")


@pytest.mark.slow
def test_libreoffice_opens_what_word_is_given(tmp_path):
    needed(shutil.which("libreoffice") is not None, "LIBREOFFICE NOT TRIED: it is not installed")
    path = word(tmp_path, table(60), hostile(), table(60, wide=True))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["libreoffice", profile, "--headless", "--convert-to", "pdf", path.name]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    import pdfplumber

    with pdfplumber.open(tmp_path / "t.pdf") as pdf:
        sides = [page.width > page.height for page in pdf.pages]
        said = [page.extract_text() for page in pdf.pages]
    assert sides[0] is False
    assert sides[-1] is True
    assert "Table 1" in said[0]
    assert sum("Code" in text for text in said) >= 4  # heads stand on every page
    assert all("Composed." in text for text in said)
