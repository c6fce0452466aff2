"""Tables as CSV, workbook and page: exact, safe to open, the same on every run."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import math
import os
import shutil
import subprocess
import sys
import time
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from places import needed

from study import publication
from study.publication import PublishedFigure, PublishedTable, cells

NOTE = "Composed for demonstration, not data."
NASTY = ["=1+1", "+61 2", "-", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")']


def table(frame, name="codes", title="Codes", note="n = 2"):
    return PublishedTable(name, title, note, frame)


def read_back(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def frame():
    """Return a table with all kinds of cells."""
    return pd.DataFrame(
        {
            "code": ["a.b", "a.c", "a.d"],
            "of_participants": [12, 0, 3],
            "value": [0.123456, float("nan"), -0.00001],
            "quotation": ['Well, um \u2014 "yes"', "two\nlines", None],
            "quotable": [True, False, True],
        }
    )


def test_csv_is_utf8_with_lf_and_four_decimals(tmp_path, frame):
    path = publication.write_csv(frame, tmp_path / "codes.csv")
    assert path.read_bytes().decode("utf-8") == (
        "code,of_participants,value,quotation,quotable\n"
        'a.b,12,0.1235,"Well, um \u2014 ""yes""",true\n'
        'a.c,0,,"two\nlines",false\n'
        "a.d,3,0,,true\n"
    )


@pytest.mark.parametrize("text", NASTY)
def test_text_that_looks_like_a_formula_is_defused_in_csv(tmp_path, text):
    path = publication.write_csv(pd.DataFrame({"quotation": [text], text: [1]}), tmp_path / "q.csv")
    header, row = read_back(path)
    assert row[0] == "'" + text.replace("\r", "\n")
    assert header[1] == row[0]


def test_negative_numbers_stay_numbers_in_csv(tmp_path):
    path = publication.write_csv(pd.DataFrame({"value": [-0.25, -3.0]}), tmp_path / "v.csv")
    assert [row[0] for row in read_back(path)[1:]] == ["-0.25", "-3"]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.12345, "0.1234"),
        (0.12355, "0.1236"),
        (0.1 + 0.2, "0.3"),
        (0.1234500000001, "0.1234"),
        (0.123451, "0.1235"),
        (-0.00004, "0"),
        (1e15, "1000000000000000"),
        (math.inf, "infinite"),
        (np.float32(0.5), "0.5"),
        (np.float64("nan"), ""),
    ],
)
def test_rounding_rule(number, written):
    assert cells.text(cells.plain(number)) == written


@given(st.floats(-1e6, 1e6))
def test_rounding_is_stable_and_close(number):
    once = cells.rounded(number)
    assert cells.rounded(float(once)) == once
    assert abs(float(once) - number) <= 0.00005 + 1e-9


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (None, None),
        (pd.NA, None),
        (pd.NaT, None),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (dt.date(2021, 9, 1), "2021-09-01"),
        (("a", "b"), "a, b"),
        (Path("x.txt"), "x.txt"),
    ],
)
def test_cells_become_plain(value, plain):
    assert cells.plain(value) == plain
    assert type(cells.plain(value)) is type(plain)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=20),
            st.integers(-(10**9), 10**9),
        ),
        max_size=5,
    )
)
@example([("'=x", 1), ("''-", 2), ("'", 3), ("=1", 4)])
def test_csv_is_read_back_as_it_was(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    publication.write_csv(pd.DataFrame(rows, columns=["text", "count"]), path)
    starts = set("=+-@\t\n")
    found = [
        (text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in starts else text, int(count))
        for text, count in read_back(path)[1:]
    ]
    assert found == rows


def test_csv_of_an_empty_table_is_its_header(tmp_path):
    path = publication.write_csv(pd.DataFrame(columns=["a", "b"]), tmp_path / "e.csv")
    assert path.read_text("utf-8") == "a,b\n"


def test_an_interrupted_write_leaves_the_old_file(tmp_path, frame, monkeypatch):
    path = publication.write_csv(frame, tmp_path / "codes.csv")
    before = path.read_bytes()
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        publication.write_csv(frame.head(1), path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["codes.csv"]


def workbook(tmp_path, *tables, note=NOTE):
    path = publication.write_workbook(tables, tmp_path / "tables.xlsx", note, title="Pilot tables")
    return openpyxl.load_workbook(path)


def test_workbook_has_linked_contents_and_one_sheet_a_table(tmp_path, frame):
    book = workbook(tmp_path, table(frame), table(frame, "codes", "The same name"))
    assert book.sheetnames == ["Contents", "codes", "codes (2)"]
    contents = book["Contents"]
    assert [contents.cell(r, 1).value for r in (1, 2)] == ["Pilot tables", NOTE]
    assert contents["A5"].hyperlink.location == "'codes'!A1"
    assert contents["A6"].hyperlink.location == "'codes (2)'!A1"
    assert [contents.cell(6, c).value for c in (2, 3, 4)] == ["The same name", 3, "n = 2"]
    assert book["codes"]["A4"].hyperlink.location == "'Contents'!A1"


def test_sheet_says_title_n_and_provenance_and_prints_well(tmp_path, frame):
    sheet = workbook(tmp_path, table(frame))["codes"]
    assert [sheet.cell(r, 1).value for r in (1, 2, 3)] == ["Codes", "n = 2", NOTE]
    assert [c.value for c in sheet[5]][:3] == ["Code", "Of participants", "Value"]
    assert sheet.freeze_panes == "A6"
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.oddFooter.left.text == NOTE
    assert sheet.auto_filter.ref == "A5:E8"


def test_values_keep_their_type_and_format(tmp_path, frame):
    sheet = workbook(tmp_path, table(frame))["codes"]
    assert (sheet["B6"].value, sheet["B6"].number_format) == (12, "0")
    assert (sheet["C6"].value, sheet["C6"].number_format) == (0.1235, "0.000")
    assert sheet["C7"].value is None
    assert sheet["E6"].value is True


@pytest.mark.parametrize("text", [*NASTY[:5], "'=1", "#REF!"])
def test_no_text_becomes_a_formula_in_the_workbook(tmp_path, text):
    sheet = workbook(tmp_path, table(pd.DataFrame({text: [text]})))["codes"]
    assert sheet["A6"].data_type == "s"
    assert sheet["A6"].value == text
    assert sheet["A5"].data_type == "s"


def test_long_and_unprintable_text_is_kept_legible(tmp_path):
    odd = pd.DataFrame({"quotation": ["word " * 60, "a\x07b\ud800", "x" * 40_000]})
    sheet = workbook(tmp_path, table(odd))["codes"]
    assert sheet["A6"].alignment.wrap_text
    assert sheet.row_dimensions[6].height >= 5 * 13
    assert sheet.column_dimensions["A"].width <= 60
    assert sheet["A7"].value == "ab"
    assert len(sheet["A8"].value) == 32_767
    assert sheet["A8"].value.endswith("\u2026")


def test_wide_tables_print_in_letters_that_can_be_read(tmp_path):
    """Printed widths are shrunk to the page: the more columns give way, the larger the letters."""
    said = "we sat down with the bank and wrote it together, they bring the cases " * 3
    columns = {f"text {n}": [said] * 5 for n in range(4)} | {f"n {n}": range(5) for n in range(9)}
    book = workbook(tmp_path, table(pd.DataFrame(columns)))
    sheet = book["codes"]
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[5]]
    assert sum(widths) <= 190
    assert min(widths[:4]) > 2 * max(widths[4:])
    assert sheet.page_setup.fitToWidth == 1
    sheet = workbook(tmp_path, table(pd.DataFrame({f"number {n}": [1] for n in range(40)})))[
        "codes"
    ]
    assert sheet.page_setup.fitToWidth > 1
    assert sheet.print_title_cols == "$A:$A"


@pytest.mark.parametrize("name", ["", "a/b:c*[d]?", "x" * 50, "Contents", "'quoted'", "\U0001f600"])
def test_any_name_makes_a_sheet(tmp_path, frame, name):
    book = workbook(tmp_path, table(frame, name), table(frame, name))
    assert len({n.casefold() for n in book.sheetnames}) == 3
    assert all(1 <= len(n) <= 31 for n in book.sheetnames)
    assert book["Contents"]["A5"].hyperlink.location.startswith("'")


def test_workbook_without_rows_or_tables(tmp_path, frame):
    assert workbook(tmp_path, table(frame.iloc[:0]))["codes"]["A6"].value == "No rows."
    assert workbook(tmp_path, note="").sheetnames == ["Contents"]


def test_workbook_is_the_same_a_second_later(tmp_path, frame):
    digests = []
    for name in ("one", "two"):
        path = publication.write_workbook([table(frame)], tmp_path / f"{name}.xlsx", NOTE)
        digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
        time.sleep(1.1 if name == "one" else 0)
    assert digests[0] == digests[1]


def test_workbook_is_stored_with_fixed_dates(tmp_path, frame):
    path = publication.write_workbook([table(frame)], tmp_path / "t.xlsx", NOTE)
    with zipfile.ZipFile(path) as archive:
        assert {m.compress_type for m in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {m.date_time for m in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2


@pytest.mark.slow
def test_libreoffice_opens_the_workbook(tmp_path, frame):
    needed(shutil.which("libreoffice"), "LIBREOFFICE NOT TRIED: it is not installed")
    path = publication.write_workbook([table(frame)], tmp_path / "t.xlsx", NOTE)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "libreoffice",
        profile,
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2",
        path.name,
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    found = (tmp_path / "t-codes.csv").read_text("utf-8")
    assert "a.b" in found
    assert "Of participants" in found


class Page(HTMLParser):
    """The tags of a page, and every address it names."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.addresses += [value for key, value in attrs if key in {"src", "href"}]

    def handle_data(self, data):
        self.words.append(data)

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


FIGURE = PublishedFigure(
    "map", "The <b>map</b>", "n = 12 & more", 'Dots "by" group', "practice map.svg", ("a.pdf",)
)


def page(tmp_path, *tables, figures=(FIGURE,), title="Pilot", note=NOTE):
    path = publication.write_page(tmp_path / "index.html", title, note, figures, tables)
    return Page(path.read_text("utf-8"))


def test_page_shows_figures_with_alt_and_tables_with_heads(tmp_path, frame):
    found = page(tmp_path, table(frame))
    image = found.all("img")[0]
    assert (image["src"], image["alt"]) == ("practice%20map.svg", 'Dots "by" group')
    assert [head["scope"] for head in found.all("th")] == ["col"] * 5 + ["row"] * 3
    assert len(found.all("td")) == 3 * 4
    assert found.all("html")[0]["lang"] == "en"
    assert len(found.all("caption")) == 1
    words = " ".join(found.words)
    assert "The <b>map</b>" in words
    assert "n = 12 & more" in words
    assert "0.1235" in words
    assert words.count(NOTE) == 2 + 1 + 1  # top, foot, each figure, each table


def test_page_shows_the_first_rows_of_a_long_table_and_says_so(tmp_path):
    found = page(tmp_path, table(pd.DataFrame({"n": range(40_000)}), "many"))
    assert len(found.all("tr")) == 1 + 2000
    assert "40000 rows; the first 2000 are shown," in " ".join(" ".join(found.words).split())
    assert "many.csv" in found.addresses


def test_page_leads_to_what_lies_beside_it(tmp_path):
    path = tmp_path / "index.html"
    publication.write_page(path, "T", "", [], [], downloads=("tables.docx", "a b.tex"))
    assert {"tables.docx", "a%20b.tex"} <= set(Page(path.read_text("utf-8")).addresses)


def test_page_escapes_all_that_comes_from_the_study(tmp_path):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    figure = PublishedFigure(evil, evil, evil, evil, evil, (evil,))
    frame = pd.DataFrame({evil: [evil]})
    found = page(tmp_path, table(frame, evil, evil, evil), figures=(figure,), title=evil, note=evil)
    assert not found.all("script")
    assert len(found.all("img")) == 1
    assert not [key for _, attrs in found.tags for key in attrs if key.startswith("on")]


def test_page_asks_nothing_of_another_machine(tmp_path, frame):
    path = tmp_path / "index.html"
    addresses = page(tmp_path, table(frame)).addresses
    assert not [a for a in addresses if "://" in a or a.startswith("//")]
    text = path.read_text("utf-8")
    assert "<script" not in text
    assert "@import" not in text
    assert "url(" not in text
    assert "prefers-color-scheme: dark" in text


def test_links_of_the_page_lead_somewhere(tmp_path, frame):
    found = page(tmp_path, table(frame))
    ids = {attrs["id"] for _, attrs in found.tags if "id" in attrs}
    assert {a[1:] for a in found.addresses if a.startswith("#")} <= ids
    labelled = {attrs["aria-labelledby"] for _, attrs in found.tags if "aria-labelledby" in attrs}
    assert labelled <= ids
    listed = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(listed) == len(set(listed))


def test_page_without_note_says_nothing_of_provenance(tmp_path, frame):
    found = page(tmp_path, table(frame), note="")
    assert not [a for _, a in found.tags if a.get("class") == "note"]
    assert not found.all("footer")


def test_empty_page_and_empty_table(tmp_path, frame):
    assert "No rows." in page(tmp_path, table(frame.iloc[:0])).words
    assert not page(tmp_path, figures=()).all("table")


def test_page_is_the_same_every_time(tmp_path, frame):
    page(tmp_path, table(frame))
    before = (tmp_path / "index.html").read_bytes()
    page(tmp_path, table(frame))
    assert (tmp_path / "index.html").read_bytes() == before


def test_two_tables_of_one_name_have_their_own_address(tmp_path, frame):
    found = page(tmp_path, table(frame), table(frame))
    listed = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(listed) == len(set(listed))


def test_heavy_packages_are_loaded_only_when_needed():
    code = (
        "import sys, study.figures, study.publication\n"
        "heavy = {'matplotlib', 'openpyxl', 'pandas', 'jinja2', 'networkx', 'numpy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_bytes_of_a_workbook_are_a_workbook(tmp_path, frame):
    path = publication.write_workbook([table(frame)], tmp_path / "t.xlsx")
    assert zipfile.is_zipfile(io.BytesIO(path.read_bytes()))
