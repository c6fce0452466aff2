"""Saved figures: the same bytes every time, described, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from study import figures
from study.errors import NotPossibleError

ABOUT = {"title": "The <map>", "caption": "Practices & groups, n = 11.", "alt": 'Dots "by" group.'}
ROOT = Path(__file__).parents[2]

SCRIPT = """
import sys, pandas as pd
from study import figures
table = pd.DataFrame([{"code": "a.b", "name": "Co-design", "branch": "a", "group": g,
                       "passages": 3, "participants": 1, "of_participants": 2} for g in "xy"])
figures.save(figures.practice_map(table), sys.argv[1] + "/map",
             title="T", caption="C", alt="A", note="Composed.")
"""


@pytest.fixture
def saved(tmp_path, composed):
    """Return the files of a saved map, by suffix."""
    figure = figures.practice_map(composed.usual["practice_map"])
    paths = figures.save(figure, tmp_path / "map", note="Composed.", **ABOUT)
    return {path.name.partition(".")[2]: path for path in paths}


def digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def test_four_files_are_written_and_nothing_else(saved, tmp_path):
    assert set(saved) == {"pdf", "svg", "png", "caption.md"}
    assert {p.name for p in tmp_path.iterdir()} == {f"map.{suffix}" for suffix in saved}


@pytest.mark.slow
def test_another_process_on_another_day_writes_the_same_bytes(tmp_path):
    found = []
    for seed, clock in (("1", "1000000000"), ("2", "1700000000")):
        folder = tmp_path / seed
        folder.mkdir()
        env = {**os.environ, "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": clock, "TZ": "Asia/Tokyo"}
        env["PYTHONPATH"] = str(ROOT)
        run = [sys.executable, "-W", "error", "-c", SCRIPT, str(folder)]
        subprocess.run(run, env=env, check=True, capture_output=True)
        found.append(digests(folder))
    assert found[0] == found[1]


@pytest.mark.parametrize("name", [name for name in figures.__all__ if name != "save"])
def test_saving_twice_writes_the_same_bytes(name, tmp_path, composed):
    for folder in ("one", "two"):
        figure = getattr(figures, name)(composed.usual[name])
        figures.save(figure, tmp_path / folder / name, formats=("pdf", "svg"), **ABOUT)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_saving_changes_nothing_about_the_figure(tmp_path, composed):
    figure = figures.topics(composed.usual["topics"])
    size, texts = tuple(figure.get_size_inches()), len(figure.texts)
    figures.save(figure, tmp_path / "a", note="Composed.", **ABOUT)
    figures.save(figure, tmp_path / "b", note="Composed.", **ABOUT)
    assert (tuple(figure.get_size_inches()), len(figure.texts)) == (size, texts)
    files = [p.read_bytes() for p in sorted(tmp_path.iterdir())]
    assert files[: len(files) // 2] == files[len(files) // 2 :]


def test_svg_is_described_and_asks_nothing_of_the_network(saved):
    text = saved["svg"].read_text("utf-8")
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert [e.text for e in root.findall(f"{space}title")] == ["The <map>"]
    assert [e.text for e in root.findall(f"{space}desc")] == ['Dots "by" group. Composed.']
    assert "<script" not in text
    assert set(re.findall(r'(?:href|src)="([^"#][^"]*)"', text)) == set()


def test_svg_marks_carry_the_ids_that_a_page_can_link(saved):
    text = saved["svg"].read_text("utf-8")
    assert 'id="practice_map?practice=development.code-0&amp;group=broker"' in text


def test_pdf_embeds_truetype_and_has_no_date(saved):
    data = saved["pdf"].read_bytes()
    assert b"/FontFile2" in data
    assert b"/Type3" not in data
    assert b"CreationDate" not in data
    assert b"(The <map>)" in data
    assert b"FlateDecode" not in data


def test_png_is_valid_300_dpi_and_described(saved):
    from PIL import Image

    with Image.open(saved["png"]) as image:
        image.load()
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
        assert image.info["Title"] == "The <map>"
        assert image.info["Description"] == 'Dots "by" group. Composed.'
        assert "Software" not in image.info
        assert image.width == pytest.approx(190 / 25.4 * 300, abs=1)
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_note_is_drawn_only_if_there_is_one(tmp_path, composed):
    from PIL import Image

    figure = figures.topics(composed.usual["topics"])
    heights = []
    for note in ("", "Composed for demonstration, not data."):
        path = figures.save(figure, tmp_path / f"t{len(note)}", note=note, **ABOUT)[2]
        with Image.open(path) as image:
            heights.append(image.height)
    assert heights[1] - heights[0] == pytest.approx((6 * 1.25 + 5) / 72 * 300, abs=1)
    assert "Note" not in (tmp_path / "t0.caption.md").read_text("utf-8")


def test_caption_file_says_it_all(saved):
    text = saved["caption.md"].read_text("utf-8")
    assert text == (
        "# The <map>\n\nPractices & groups, n = 11.\n\n"
        'Alternative text: Dots "by" group.\n\nNote: Composed.\n'
    )


def test_control_characters_in_descriptions_do_no_harm(tmp_path, composed):
    figure = figures.topics(composed.usual["topics"])
    odd = {"title": "a\x00b\n\U0001f600", "caption": "c", "alt": "d\x07\ud800e"}
    paths = figures.save(figure, tmp_path / "odd", **odd)
    ElementTree.parse(paths[1])


def test_unknown_format_is_refused(tmp_path, composed):
    figure = figures.topics(composed.usual["topics"])
    with pytest.raises(NotPossibleError, match="jpg"):
        figures.save(figure, tmp_path / "a", formats=("jpg",), **ABOUT)
