"""Codings as plain tables, for R and others: .csv, .parquet, and all of a study in SQLite."""

from __future__ import annotations

import builtins
import csv
import datetime as dt
import io
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from exchanging import consent, edit, run

import study
from study import exchange
from study.errors import MissingExtraError, NotPossibleError


def opened(folder, **more):
    path = folder.parent / "study.sqlite"
    exchange.export_codings(folder, path, **more)
    return closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True))


def columns_of(link, table):
    return {row[1]: row[2] for row in link.execute(f"pragma table_info({table})")}


def test_the_database_says_what_the_study_says(tiny):
    project = study.load(tiny)
    with opened(tiny) as link:
        rows = link.execute(
            "select c.id, c.coder, c.code, c.stance, c.memo, c.quotation, substr(t.text, "
            'c.start + 1, c."end" - c.start) from codings c join transcripts t using (transcript)'
        ).fetchall()
        joined = link.execute("select count(*) from codings join turns using (transcript, turn)")
        assert joined.fetchone() == (len(project.codings),)
        worked = set(link.execute("select coder, transcript from worked"))
        codes = dict(link.execute("select code, guid from codes"))
    ours = {
        (
            one.id,
            one.coder,
            one.code,
            one.stance,
            one.memo,
            project.source(one.selection.source).quote(one.selection),
        )
        for one in project.codings
    }
    assert {row[:6] for row in rows} == ours
    assert all(row[5] == row[6] for row in rows)
    assert worked == {(name, one) for name, inside in project.assigned.items() for one in inside}
    assert codes == {code.path: code.guid for code in project.codebook}


def test_every_value_is_a_plain_one_and_every_column_is_explained(tiny):
    with opened(tiny) as link:
        tables = [row[0] for row in link.execute("select name from sqlite_master")]
        assert tables == [
            "codings",
            "turns",
            "participants",
            "codes",
            "transcripts",
            "worked",
            "contents",
        ]
        told = {
            row[:2]: row[2] for row in link.execute('select "table", "column", kind from contents')
        }
        for table in tables:
            columns = columns_of(link, table)
            assert set(columns.values()) <= {"TEXT", "INTEGER", "REAL"}
            for column, kind in columns.items():
                assert table == "contents" or told[table, column] == kind
                held = f'select distinct typeof("{column}") from {table}'
                kinds = {row[0] for row in link.execute(held)}
                assert kinds <= {kind.lower(), "null"}
        (moment,) = link.execute("select created from codings").fetchone()
        assert link.execute("pragma encoding").fetchone() == ("UTF-8",)
    assert dt.datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ")


def test_consent_is_kept_as_in_every_export(tiny, capsys):
    consent(tiny, "T2", "analyse only")
    words = study.load(tiny).source("T2").turns[1].selection
    said = study.load(tiny).source("T2").quote(words)
    target = tiny.parent / "all.sqlite"
    _, out, _ = run(capsys, "export", "--codings", target, "-C", tiny)
    assert "may not be quoted are in it" in out
    with opened(tiny) as link:
        flags = dict(link.execute("select transcript, quotable from transcripts"))
    assert flags == {"T1": 1, "T2": 0, "T3": 1}
    for suffix in ("sqlite", "csv"):
        target = tiny.parent / f"b.{suffix}"
        run(capsys, "export", "--codings", target, "--quotable-only", "-C", tiny)
        held = target.read_bytes()
        assert said.encode() not in held
        assert b"T2" not in held
    consent(tiny, "T2", "withdrawn")
    exchange.export_codings(tiny, tiny.parent / "c.sqlite")
    assert b"T2" not in (tiny.parent / "c.sqlite").read_bytes()


def test_columns_that_could_identify_people_stay_here(tiny):
    path = tiny / "interviews" / "participants.csv"
    head, *rows = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    rows = [f"{row},dana{n}@x.org,x" for n, row in enumerate(rows)]
    path.write_text("\n".join([f"{head},e-mail,Participant", *rows, ""]), encoding="utf-8")
    with opened(tiny) as link:
        columns = columns_of(link, "participants")
    assert "e-mail" not in columns
    assert "Participant_2" in columns
    with opened(tiny, private=True) as link:
        assert "e-mail" in columns_of(link, "participants")


def test_the_csv_has_each_coding_once_and_exactly(tiny):
    edit(tiny / "codebooks" / "tiny" / "codings" / "ana" / "T1.csv", "clear case", '"a, ""b"" =1"')
    path = tiny.parent / "codings.csv"
    exchange.export_codings(tiny, path)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    project = study.load(tiny)
    assert {row["id"] for row in rows} == {one.id for one in project.codings}
    assert any(row["memo"] == 'a, "b" =1' for row in rows)
    assert any("the bank 🏦 and write" in row["quotation"] for row in rows)
    kinds = {(row["coder"], row["kind"]) for row in rows}
    assert kinds == {("ana", "person"), ("ben", "person"), ("consensus", "consensus")}


def test_notes_stay_here_if_wanted(tiny, capsys):
    for suffix in ("csv", "sqlite"):
        target = tiny.parent / f"a.{suffix}"
        run(capsys, "export", "--codings", target, "-C", tiny)
        assert b"clear case" in target.read_bytes()
        run(capsys, "export", "--codings", target, "--no-memos", "-C", tiny)
        assert b"clear case" not in target.read_bytes()


# What reads the file in this test leaves it open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_parquet_says_the_same_as_the_csv(tiny):
    fastparquet = pytest.importorskip("fastparquet", reason="PARQUET NOT TRIED: no fastparquet")
    one, other = tiny.parent / "c.csv", tiny.parent / "c.parquet"
    exchange.export_codings(tiny, one)
    exchange.export_codings(tiny, other)
    rows = list(csv.DictReader(io.StringIO(one.read_bytes().decode(), newline="")))
    frame = fastparquet.ParquetFile(str(other)).to_pandas()
    assert list(frame.columns) == list(rows[0])
    for row, (_, found) in zip(rows, frame.iterrows(), strict=True):
        assert {key: str(found[key]) for key in row} == row
    assert frame["start"].dtype.kind in "iuf"


def test_without_the_package_parquet_names_the_command(tiny, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "fastparquet":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match="uv sync --extra parquet"):
        exchange.export_codings(tiny, tiny.parent / "c.parquet")


def test_the_same_study_is_the_same_file_on_any_day_and_in_any_zone(tiny):
    suffixes = ["csv", "sqlite", *(["parquet"] if find_spec("fastparquet") else [])]
    made = []
    for number, zone in enumerate(("UTC", "Asia/Kolkata")):
        targets = [str(tiny.parent / f"{number}.{suffix}") for suffix in suffixes]
        code = (
            "from study import exchange\n"
            f"for one in {targets!r}: exchange.export_codings({str(tiny)!r}, one)"
        )
        more = {"TZ": zone, "PYTHONHASHSEED": str(number)}
        subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | more)
        made.append([Path(one).read_bytes() for one in targets])
    assert made[0] == made[1]


def test_a_study_without_anything_has_all_tables_and_other_suffixes_none(tmp_path):
    study.init(tmp_path / "s")
    with opened(tmp_path / "s") as link:
        assert columns_of(link, "codings")["start"] == "INTEGER"
        assert link.execute("select count(*) from codings").fetchone() == (0,)
    exchange.export_codings(tmp_path / "s", tmp_path / "a.csv")
    with pytest.raises(NotPossibleError, match=r"ends in \.csv, \.sqlite or \.parquet"):
        exchange.export_codings(tmp_path / "s", tmp_path / "a.rds")


def test_a_snapshot_is_not_taken_in(tiny, tmp_path, capsys):
    for name in ("study.sqlite", "codings.csv"):
        path = tiny.parent / name
        exchange.export_codings(tiny, path)
        assert run(capsys, "import", path, "-C", tiny)[2].endswith("exchange studies as .qdpx\n")
        with pytest.raises(NotPossibleError, match=r"exchange studies as \.qdpx"):
            exchange.take_in(tmp_path / "new", path)
