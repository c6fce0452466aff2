"""What the pilot publishes, searched for the words of those who may not be quoted."""

from __future__ import annotations

import html
import re
import zipfile

from places import ROOT

import study

RUN = 5


def runs(text):
    """Return every run of five words of a text, quotation marks and case apart."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("\u2019", "'").replace("'", ""))
    return {" ".join(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


def published():
    for path in sorted((ROOT / "figures").iterdir()):
        if path.suffix in {".csv", ".html", ".md", ".json", ".svg", ".tex"}:
            yield path.name, html.unescape(path.read_text(encoding="utf-8"))
        elif path.suffix in {".xlsx", ".docx"}:
            with zipfile.ZipFile(path) as archive:
                members = [name for name in archive.namelist() if name.endswith(".xml")]
                xml = " ".join(archive.read(name).decode() for name in members)
            yield path.name, html.unescape(re.sub(r"<[^>]+>", " ", xml))


def test_nobody_is_quoted_who_did_not_consent():
    project = study.load(ROOT)
    silent = [case.source for case in project.cases if case.consent != "quote"]
    assert silent == ["P10"]
    said = {name: set() for name in ("silent", "others")}
    for source in project.sources:
        spoken = " \n ".join(source.quote(turn.selection) for turn in source.turns)
        said["silent" if source.name in silent else "others"] |= runs(spoken)
    own = said["silent"] - said["others"]
    assert len(own) > 1000
    for name, text in published():
        found = runs(text) & own
        assert not found, (name, sorted(found)[:5])


def test_quotations_of_the_others_are_there_and_true():
    import pandas as pd

    project = study.load(ROOT)
    table = pd.read_csv(ROOT / "figures" / "quotations.csv")
    assert len(table) > 100
    for row in table.to_dict("records"):
        source = project.source(row["source"])
        assert source.text[row["start"] : row["end"]] == row["quotation"].removeprefix("'")
        assert source.line_of(row["start"]) == row["line"]
