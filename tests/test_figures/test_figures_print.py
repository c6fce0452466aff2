"""One figure for a journal: its exact width, its files, and the fonts inside."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from PIL import Image

from study import figures
from study.cli import main
from study.errors import NotPossibleError
from study.exhibits import STAGES, printing
from study.figures import lettering
from study.figures.sheet import Sheet, column

ABOUT = {"title": "T", "caption": "C", "alt": "Dots \u2014 by group."}
NOBODYS = "\U000f0000"  # a character for private use: no font of the list has it


@pytest.mark.parametrize("width", [90, 140, 190])
def test_pdf_and_svg_are_exactly_as_wide_as_asked(width, tmp_path, composed):
    with column(width):
        figure = figures.saturation(composed.usual["saturation"])
    pdf, svg = figures.save(figure, tmp_path / "a", formats=("pdf", "svg"), **ABOUT)[:2]
    box = pdf.read_bytes().partition(b"/MediaBox [")[2].partition(b"]")[0].split()
    assert float(box[2]) == pytest.approx(width / 25.4 * 72, abs=0.01)
    assert f'width="{width / 25.4 * 72:.3f}'[:9] in svg.read_text("utf-8")


def test_tiff_is_opaque_lzw_with_its_resolution(tmp_path, composed):
    figure = figures.saturation(composed.usual["saturation"], width=90)
    path = figures.save(figure, tmp_path / "a", formats=("tiff",), dpi=600, **ABOUT)[0]
    with Image.open(path) as image:
        image.load()
        assert image.mode == "RGB"
        assert image.info["compression"] == "tiff_lzw"
        assert image.info["dpi"] == pytest.approx((600, 600))
        assert image.width == pytest.approx(90 / 25.4 * 600, abs=1)
        assert image.tag_v2[270].startswith("Dots ? by group.")


@pytest.mark.parametrize("dpi", [0, 30, 5000])
def test_impossible_resolution_is_refused(dpi, tmp_path, composed):
    figure = figures.saturation(composed.usual["saturation"])
    with pytest.raises(NotPossibleError, match=f"{dpi} dots per inch; journals ask for 300"):
        figures.save(figure, tmp_path / "a", dpi=dpi, **ABOUT)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("width", [0.5, 59, 1000, float("nan")])
def test_impossible_width_is_refused(width):
    with pytest.raises(NotPossibleError, match="journals take 90, 140 or 190 mm"):
        Sheet(width)


def test_sheets_are_pages_of_the_pdf_and_numbered_pictures(tmp_path, composed):
    table = composed.make(codes=120)["code_frequencies"]
    figure = figures.code_frequencies(table)
    count = 1 + len(figure.further)
    assert count > 1
    paths = figures.save(figure, tmp_path / "f", dpi=72, **ABOUT)
    names = [
        f"f.{k}" if n == 1 else f"f-{n}.{k}" for k in ("svg", "png") for n in range(1, count + 1)
    ]
    assert {path.name for path in paths} == {"f.pdf", "f.caption.md", *names}
    assert (tmp_path / "f.pdf").read_bytes().count(b"/Type /Page ") == count
    assert f"On {count} sheets" in (tmp_path / "f.caption.md").read_text("utf-8")


def test_a_notebook_shows_all_sheets(composed):
    figure = figures.code_frequencies(composed.make(codes=120)["code_frequencies"])
    from io import BytesIO

    heights = [sheet.get_size_inches()[1] for sheet in (figure, *figure.further)]
    with Image.open(BytesIO(figure._repr_png_())) as image:
        assert image.height == pytest.approx(sum(heights) * 144, abs=len(heights) + 1)


@pytest.mark.slow
@pytest.mark.parametrize("figure", [name for name in figures.__all__ if name != "save"])
def test_pdffonts_shows_only_embedded_fonts(figure, tmp_path, composed):
    if not shutil.which("pdffonts"):
        pytest.skip("FONTS NOT TRIED: there is no pdffonts (poppler-utils)")
    drawn = getattr(figures, figure)(composed.usual[figure])
    path = figures.save(drawn, tmp_path / "a", formats=("pdf",), **ABOUT)[0]
    run = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True)
    assert not run.stderr
    rows = run.stdout.splitlines()[2:]
    assert rows
    for row in rows:
        name, kind = row[:36].strip(), row[37:54].strip()
        embedded, subset, unicode_map, *_ = row[54:].split()[1:]
        assert "DejaVuSans" in name
        assert kind == "CID TrueType"
        assert (embedded, subset, unicode_map) == ("yes", "yes", "yes")


@pytest.mark.slow
def test_text_of_the_pdf_can_be_searched(tmp_path, composed):
    if not shutil.which("pdftotext"):
        pytest.skip("TEXT NOT TRIED: there is no pdftotext (poppler-utils)")
    figure = figures.practice_map(composed.usual["practice_map"])
    path = figures.save(figure, tmp_path / "a", formats=("pdf",), **ABOUT)[0]
    run = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    assert "Private provider" in " ".join(run.stdout.split())


def test_what_the_usual_font_has_is_drawn_by_it_alone():
    for words in (
        "Co-design \u2013 caf\u00e9",
        "\u0634\u0631\u0627\u0643\u0629",
        "\u05e9\u05d5\u05ea",
    ):
        assert lettering.families(words) == ("DejaVu Sans",)


def test_other_fonts_are_asked_only_for_what_is_missing(monkeypatch):
    monkeypatch.setattr(lettering, "_others", lambda: {"Noto Sans SC": frozenset({0x4E2D})})
    lettering._font_of.cache_clear()
    lettering.families.cache_clear()
    try:
        assert lettering.families("a \u4e2d") == ("DejaVu Sans", "Noto Sans SC")
        assert lettering.families("a") == ("DejaVu Sans",)
        assert lettering.undrawn("a \u4e2d\u6587") == {"\u6587"}
    finally:
        lettering._font_of.cache_clear()
        lettering.families.cache_clear()
        lettering.drawable.cache_clear()


def test_characters_without_a_font_are_named_once(composed, tmp_path):
    tables = composed.make(codes=4, name=f"Code {NOBODYS} {{i}}", groups={"broker": 2})
    figure = figures.code_frequencies(tables["code_frequencies"])
    assert figure.undrawn == {NOBODYS}
    figures.save(figure, tmp_path / "a", formats=("svg",), **ABOUT)
    said = (tmp_path / "a.caption.md").read_text("utf-8")
    assert said.count("U+F0000") == 1
    assert "No font of this machine draws" in said
    assert figures.code_frequencies(composed.usual["code_frequencies"]).undrawn == frozenset()


def test_right_to_left_words_are_joined_and_turned():
    """Letters of Arabic join: the word is narrower than its letters one by one."""
    word = "\u0634\u0631\u0627\u0643\u0629"
    assert lettering.width(word) < 0.9 * sum(map(lettering.width, word))


@pytest.mark.parametrize("name", [name for name in printing.DRAWN if "topic" not in name])
def test_every_figure_can_be_printed_or_says_why_not(name, tiny, tmp_path):
    if name in {"keyness", "cooccurrence"}:  # the tiny study says too little
        with pytest.raises(NotPossibleError, match=r"."):
            printing.print_figure(tiny, name, out=tmp_path)
        return
    printed = printing.print_figure(tiny, name, width=90, kinds=("svg",), out=tmp_path)
    assert {path.suffix for path in printed.paths} == {".svg", ".md", ".csv"}
    assert all(path.name.startswith(f"{name}-90mm") for path in printed.paths)
    assert all(wide == pytest.approx(90) and high <= 240 for wide, high in printed.sizes)


def test_every_name_belongs_to_a_stage():
    assert set(printing.DRAWN.values()) <= set(STAGES)


def test_command_prints_a_timeline(tiny, capsys):
    wanted = ["figure", "timeline", "--interview", "T1", "--kind", "pdf,svg", "-C", str(tiny)]
    assert main([*wanted, "--width", "140"]) == 0
    said = capsys.readouterr().out
    assert "1 sheet: 140 x " in said
    folder = tiny / "print"
    kinds = ("caption.md", "csv", "pdf", "svg")
    assert {path.name for path in folder.iterdir()} == {f"timeline-T1-140mm.{k}" for k in kinds}


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (["relability"], "no figure 'relability'; did you mean 'reliability'?"),
        (["timeline"], "say which interview"),
        (["timeline", "--interview", "T9"], "no interview 'T9'"),
        (["saturation", "--interview", "T1"], "only 'timeline' shows one interview"),
        (["saturation", "--kind", "gif"], "cannot be saved as 'gif'; use pdf, svg, png, tiff"),
        (["saturation", "--width", "5"], "cannot be 5 mm wide"),
        (["saturation", "--kind", "tiff", "--dpi", "9999"], "9999 dots per inch"),
        (["cooccurrence", "--association", "phi"], "'phi' is not known; use jaccard or npmi"),
    ],
)
def test_command_says_in_a_sentence_what_is_wrong(wanted, said, tiny, capsys):
    assert main(["figure", *wanted, "-C", str(tiny)]) == 1
    assert said in capsys.readouterr().err
    assert not (tiny / "print").exists()
