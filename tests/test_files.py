"""Writing files whole, and reading lists that spreadsheet programs have been at."""

from __future__ import annotations

import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study import files
from study.errors import InvalidStudyError, NotPossibleError


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        files.write_atomic(path, "new")
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    files.write_atomic(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_permissions_are_kept(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o640)
    files.write_atomic(path, "new")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", ["P07", "ana", "Renée", "a.b-c_d", "7"])
def test_plain_names_pass(name):
    assert files.require_name("coder", name) == name


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "-rf", "con", "x.", "a b", "\n"])
def test_other_names_do_not(name):
    with pytest.raises(NotPossibleError, match="must be letters"):
        files.require_name("coder", name)


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)


@given(st.lists(st.tuples(cells.filter(bool), cells), max_size=6), st.sampled_from(",;\t"))
def test_a_list_survives_being_mangled_and_restored(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("csv") / "list.csv"
    plain = "".join(files.format_row(row) + "\n" for row in [("id", "note"), *rows])
    path.write_text(plain, encoding="utf-8", newline="")
    wanted, problems = files.read_csv(path, ["id"])
    assert not problems
    import csv
    import io

    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows([("id", "note"), *rows])
    path.write_bytes(b"\xef\xbb\xbf" + buffer.getvalue().encode())
    found, problems = files.read_csv(path, ["id"])
    assert {one.severity for one in problems} == {"warning"}
    assert [row.cells for row in found.rows] == [row.cells for row in wanted.rows]
    assert files.restore_csv(path)
    again, problems = files.read_csv(path, ["id"])
    assert not problems
    assert [row.cells for row in again.rows] == [row.cells for row in wanted.rows]


def test_a_list_that_is_no_csv_is_left_alone(tmp_path):
    path = tmp_path / "list.csv"
    spoilt = b'id,note\r\nP1,"open\r\nP2,x\r\n'
    path.write_bytes(spoilt)
    assert not files.restore_csv(path)
    assert path.read_bytes() == spoilt


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "is empty"),
        (b"id,id\n", 1, "twice"),
        (b"ID\nx\n", 1, "has no column 'id'"),
        (b"id,note\nP1\n", 2, "has 1 cells where the header names 2"),
        (b"id,note\nP1,a,b\n", 2, "has 3 cells"),
        (b"id,note\nP1,\xe9\n", 2, "is not UTF-8"),
        (b'id,note\nP1,"a\n', 2, "is not a CSV row"),
    ],
)
def test_a_spoilt_list_is_named_by_line(tmp_path, content, line, message):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    _, problems = files.read_csv(path, ["id"])
    assert [(one.line, message in one.message) for one in problems] == [(line, True)], problems
    with pytest.raises(InvalidStudyError):
        files.refuse(problems)


def test_phantom_columns_and_blank_rows_are_nothing(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("id,note,,\nP1,a,,\n,,,\n")
    sheet, problems = files.read_csv(path, ["id"])
    assert not problems
    assert [dict(row.cells) for row in sheet.rows] == [{"id": "P1", "note": "a"}]


def test_two_writers_of_one_list_wait_for_each_other(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("")

    def add(letter):
        for _ in range(20):
            with files.locked(path):
                files.write_atomic(path, path.read_text() + letter)

    threads = [threading.Thread(target=add, args=(letter,)) for letter in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(path.read_text()) == ["a"] * 20 + ["b"] * 20


def test_yaml_that_is_nested_without_end_is_a_problem(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("[" * 3000)
    data, problems = files.read_yaml(path)
    assert data is None
    assert len(problems) == 1
