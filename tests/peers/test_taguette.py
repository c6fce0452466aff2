"""Taguette 1.5.2 itself, on this machine: what it reads of ours, and what we read of its."""

from __future__ import annotations

import csv
import io

import pytest

import study
from peers.taguette_client import Taguette
from study import exchange

pytestmark = pytest.mark.slow

TALK = (
    "Interviewer: So \U0001f600?\n\n"
    "Dana: We wrote it \u2013 café \u2013 with them.\nIt took a year.\n\n"
    "Interviewer: Ah.\n\nDana: Yes, & <b>twice</b>.\n"
)


@pytest.fixture(scope="module")
def server(taguette_python, tmp_path_factory):
    """Return a running Taguette."""
    with Taguette(taguette_python, tmp_path_factory.mktemp("taguette")) as one:
        yield one


def saved(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


def test_it_imports_our_codebook_whole_and_we_know_its_own_again(server, tiny, tmp_path):
    exchange.export_codebook(tiny, tmp_path / "ours.csv")
    ours = list(csv.DictReader(io.StringIO((tmp_path / "ours.csv").read_text("utf-8-sig"))))
    number = server.project("Codebook")
    server.import_codebook(number, (tmp_path / "ours.csv").read_bytes())
    data = server.get(f"/project/{number}/export/codebook.csv")
    theirs = {row["tag"]: row for row in csv.DictReader(io.StringIO(data.decode(), newline=""))}
    for row in ours:
        told = theirs[row["tag"]]["description"].replace("\r\n", "\n")
        assert told == row["description"].strip()
    extra = set(theirs) - {row["tag"] for row in ours}
    assert extra == {"interesting"}  # every new project has this tag
    for name in ("codebook.csv", "codebook.xlsx", "codebook.qdc"):
        path = saved(tmp_path, name, server.get(f"/project/{number}/export/{name}"))
        exchange.take_in(tmp_path / name.replace(".", "-"), path)
        book = study.load(tmp_path / name.replace(".", "-")).codebook
        assert {code.path for code in book} == set(theirs)
        if name != "codebook.qdc":  # that has names only
            for code in study.load(tiny).codebook:
                assert book[code.path].definition == code.definition
                assert book[code.path].near_miss == code.near_miss
        taken = exchange.take_in(tiny, path)
        added = 0 if "interesting" in study.load(tiny).codebook and name != "codebook.csv" else 1
        said = f"{added} code was" if added else "0 codes were"
        assert f"{said} added, {len(ours) + 1 - added} are here" in taken.done[0]
        assert not taken.notes


def test_signs_of_all_scripts_reach_it(server, tiny, tmp_path):
    from study import codebook

    words = "Ünï 😀 שלום \u2013 “so” & <b>\n\nSecond."
    codebook.change(tiny, "idea.meaning", coder="ana", definition=words)
    exchange.export_codebook(tiny, tmp_path / "ours.csv")
    number = server.project("Signs")
    server.import_codebook(number, (tmp_path / "ours.csv").read_bytes())
    data = server.get(f"/project/{number}/export/codebook.csv").decode()
    rows = {row["tag"]: row["description"] for row in csv.DictReader(io.StringIO(data, newline=""))}
    assert rows["idea.meaning"].replace("\r\n", "\n").startswith(words)


@pytest.fixture
def coded(server, tiny, tmp_path):
    """Return a project coded in Taguette, and the words that were."""
    number = server.project("Coded")
    exchange.export_codebook(tiny, tmp_path / "ours.csv")
    server.import_codebook(number, (tmp_path / "ours.csv").read_bytes())
    lines = "".join(f"<p>{line}</p>" for line in escaped(TALK).split("\n") if line)
    page = f"<html><head><meta charset='utf-8'></head><body>{lines}</body></html>"
    document = server.add_document(number, "P01", page, "P01.html", "text/html")
    plain = server.words(number, document)
    passages = [
        "We wrote it \u2013 café \u2013 with them.",
        "twice",
        "So \U0001f600",
        "It took a year.",
    ]
    tags = sorted(server.tags(number).items())[: len(passages)]
    for (tag, _), words in zip(tags, passages, strict=True):
        start = len(plain[: plain.index(words)].encode())
        server.highlight(number, document, start, start + len(words.encode()), [tag])
    return number, {(path, words) for (_, path), words in zip(tags, passages, strict=True)}


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def quotes(folder, coder):
    found = study.load(folder)
    return {
        (one.code, found.source(one.selection.source).quote(one.selection))
        for one in found.codings
        if one.coder == coder
    }


def test_its_projects_come_in_with_every_passage(server, coded, tmp_path):
    number, wanted = coded
    path = saved(tmp_path, "p.sqlite3", server.get(f"/project/{number}/export/project.sqlite3"))
    exchange.take_in(tmp_path / "new", path, interviewers=["Interviewer"])
    assert quotes(tmp_path / "new", "admin") == wanted
    assert study.load(tmp_path / "new").sources[0].text == TALK
    for kind in ("csv", "xlsx"):
        where = f"/project/{number}/export/highlights/.{kind}"
        listed = saved(tmp_path, f"h.{kind}", server.get(where))
        taken = exchange.take_in(tmp_path / "new", listed, coder=f"from-{kind}")
        assert quotes(tmp_path / "new", f"from-{kind}") == wanted, taken.notes
