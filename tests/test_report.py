"""The report: the tables' numbers in sentences, no interpretation, the same bytes each time."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import replace

import docx
import pandas as pd
import pytest
from places import ROOT

import study
from study import saturation
from study.errors import NotPossibleError
from study.exhibits import STAGES, Exhibit, Results
from study.model import Code, Codebook
from study.report import checklists, compose, write_report
from study.report.facts import Facts
from study.report.parts import Heading, Paragraph, Picture, Quotation, Tabled

QUICK = ("participants", "codebook", "code frequencies", "map of current practice", "propositions",
         "reliability", "saturation")  # fmt: skip


def gathered(project):
    results, exhibits, skipped = Results(project), [], {}
    for stage in QUICK:
        try:
            exhibits += STAGES[stage](results)
        except NotPossibleError as error:
            skipped[stage] = str(error)
    skipped["topics"] = "too few units"
    return results, exhibits, skipped


def words(parts):
    return "\n".join(part.words for part in parts if isinstance(part, Heading | Paragraph))


def test_method_has_the_studys_numbers(project):
    said = words(compose(*gathered(project)))
    for sentence in (
        "3 participants gave interviews: broker (n = 2) and employer (n = 1).",
        "2 participants consented to be quoted; 1 other is counted and not quoted.",
        "The codebook (version 1; appendix) has 3 branches with 4 codes below them.",
        "2 people coded: ana (7 codings in 3 transcripts) and ben (5 codings in 3 transcripts).",
        "Results count 8 coded passages; n = 3 participants (codings: consensus).",
        "No topics: too few units.",
        "3 interviews met ",
    ):
        assert sentence in said
    assert re.search(r"Krippendorff's alpha over all codes was 0\.\d\d", said)
    assert "1 are" not in said
    assert "1 codes;" not in said


def test_numbers_of_words_and_minutes_are_those_of_the_tables(project):
    results, exhibits, skipped = gathered(project)
    facts = Facts(results, exhibits, skipped)
    total = int(facts.table("participants")["words"].sum())
    assert f"They said {total:,} words" in facts.participants
    assert "3 transcripts, with a median of" in facts.talk


def test_each_proposition_has_table_figure_and_quotations(project):
    parts = compose(*gathered(project))
    places = [n for n, part in enumerate(parts) if isinstance(part, Heading)
              and part.words.startswith("Proposition ")]  # fmt: skip
    assert [parts[n].words for n in places] == ["Proposition 1 (one)", "Proposition 2 (two)"]
    first = parts[places[0] : places[1]]
    assert sum(isinstance(part, Tabled) for part in first) == 1
    assert sum(isinstance(part, Picture) for part in first) == 1
    quoted = [part for part in first if isinstance(part, Quotation)]
    assert [part.source for part in quoted] == ["T1, broker, line 5", "T3, employer, line 5"]
    assert isinstance(first[-1], Paragraph)
    assert first[-1].words.startswith("[")


def test_it_quotes_nobody_who_did_not_consent(project, tmp_path):
    parts = compose(*gathered(project))
    write_report(parts, tmp_path, "T", "")
    assert "council" not in (tmp_path / "report.md").read_text("utf-8")
    with zipfile.ZipFile(tmp_path / "report.docx") as archive:
        assert b"council" not in archive.read("word/document.xml")


def test_checklists_have_their_items_and_say_whose_they_are(project):
    facts = Facts(*gathered(project))
    for table, items, partly in (
        (checklists.coreq(facts), 32, {1, 16, 21, 22, 30}),
        (checklists.srqr(facts), 21, {1, 9, 12, 13, 15}),
    ):
        rows = [line.cells for line in table.lines if not line.heading]
        assert [row[0] for row in rows] == [str(n + 1) for n in range(items)]
        assert len({row[1] for row in rows}) == items
        for row in rows:
            ours = "Partly: authors complete" if int(row[0]) in partly else "Filled in"
            assert row[3] == (ours if row[2] else "[Authors]")
        left = sum(row[3] == "[Authors]" for row in rows)
        assert 0 < left < items
        begun = sum(row[3].startswith("Partly") for row in rows)
        assert begun
        assert f"{left} of {items} are for the authors alone, and {begun} for them to" in table.note
    by_number = {line.cells[0]: line.cells for line in checklists.coreq(facts).lines}
    assert "3 participants." in by_number["12"][2]
    assert "2 coders." in by_number["24"][2]
    assert by_number["4"][3] == "[Authors]"


def test_word_and_markdown_say_the_same_and_are_the_same_each_time(project, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_report(compose(*gathered(project)), tmp_path / name, "Tiny", "Composed.")
    one = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert one == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert set(one) == {"report.docx", "report.md", "report-practice-map.png",
                        "report-proposition-1.png", "report-proposition-2.png"}  # fmt: skip
    document = docx.Document(tmp_path / "one/report.docx")
    text = (tmp_path / "one/report.md").read_text("utf-8")
    heads = [p.text for p in document.paragraphs if p.style.name.startswith(("Head", "Title"))]
    assert heads == [line.lstrip("# ").replace("\\", "") for line in text.split("\n")
                     if line.startswith("#")]  # fmt: skip
    assert len(document.tables) == text.count("**Table ")
    assert len(document.inline_shapes) == text.count("![") == 3
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert all(described)


def test_markdown_takes_words_as_words(tiny, tmp_path):
    path = tiny / "codebooks/tiny/propositions.yaml"
    text = path.read_text().replace(
        "There is no shared idea.", "'# <script>x</script> *bold* [a](http://b) | `c` 1. $d$'"
    )
    path.write_text(text)
    write_report(compose(*gathered(study.load(tiny))), tmp_path, "T <b> & *c*", "")
    said = (tmp_path / "report.md").read_text("utf-8")
    assert "<script>" not in said
    assert "\\# &lt;script&gt;x&lt;/script&gt; \\*bold\\* \\[a\\](http://b) \\| \\`c\\`" in said
    assert said.startswith("# T &lt;b&gt; &amp; \\*c\\*\n")


def test_a_study_without_codings_still_has_a_report(tiny, tmp_path):
    shutil.rmtree(tiny / "codebooks/tiny/codings")
    parts = compose(*gathered(study.load(tiny)))
    said = words(parts)
    assert "No counts yet: no codings yet; `study add` makes one" in said
    assert "Not measured: reliability needs two people" in said
    write_report(parts, tmp_path, "T", "")
    assert (tmp_path / "report.docx").stat().st_size > 10_000


def test_masked_counts_are_masked_in_the_report(tmp_path):
    project = study.load(ROOT)
    project = replace(project, settings=replace(project.settings, smallest_cell=3))
    results, exhibits, skipped = gathered(project)
    parts = compose(results, exhibits, skipped)
    assert "fewer than 3 participants" in words(parts)
    for part in parts:
        if isinstance(part, Tabled) and part.table.name.startswith(("code-", "propositions")):
            for line in part.table.lines:
                for cell in line.cells[1:]:
                    if found := re.fullmatch(r"(\d+) \(\d+\)", cell):
                        assert int(found[1]) >= 3, (part.table.name, line)
    quoted = [part for part in parts if isinstance(part, Quotation)]
    listed = {" ".join(said.split()) for said in results.listed["quotation"]}
    assert quoted
    assert all(part.words in listed for part in quoted)


def of_saturation(project, table):
    return Facts(Results(project), [Exhibit("saturation-summary", "", table, "")], {}).saturation


def interviews(*codes):
    """Return a table of codings: which codes each interview has."""
    rows = [(f"P{n}", one) for n, each in enumerate(codes, 1) for one in each]
    return pd.DataFrame(rows, columns=["source", "code"]), [f"P{n + 1}" for n in range(len(codes))]


def test_saturation_is_told_in_sentences(project):
    whole = "abcdefghij"
    codings, order = interviews(*[whole] * 6, "a", "ak")
    said = of_saturation(project, saturation.summary(codings, order))
    for sentence in (
        "8 interviews met 11 of 11 codes (branches not counted); the last new one came in "
        "interview 8 (P8: k).",
        "By the criterion of Guest, Namey & Chen (2020), which is that the last 2 brought at most "
        "5% new codes, relative to those of the first 4, saturation was reached after interview 6 "
        "(4+2, P6; reached in ",
        "1 code was new after that (P8: k; ",
        "(1 code in one interview only, 0 in two",
    ):
        assert sentence in said
    assert re.search(r"Sample coverage was estimated at 1\.00 \[\.9\d, 1\.00\]\. ", said)
    assert "nan" not in said
    codings, order = interviews("ab", "ac", "de", "fa", "ag", "hb")
    said = of_saturation(project, saturation.summary(codings, order))
    assert re.search(
        r"estimated at \.\d\d \[\.\d\d, \.\d\d\]\. It would take \d+ more such inter", said
    )


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (["a"], "saturation was not reached (1 interview, the rule needs at least 6)."),
        (["ab", "bc", "cd", "d", "e", "fg"], "reached (new codes in the last 2 interviews are 75%"),
        (["", "", "", "", "", "a"], "(no code was found in the first 4 interviews"),
    ],
)
def test_saturation_that_is_not_there_has_its_reason(project, codes, reason):
    codings, order = interviews(*codes)
    said = of_saturation(project, saturation.summary(codings, order))
    assert reason in said
    assert "nan" not in said
    assert "1 interviews" not in said
    if len(codes) == 1:
        assert "Sample coverage was not estimated: fewer than two interviews." in said


def test_saturation_copes_with_any_measure_missing_or_masked(project):
    codings, order = interviews(*["abc"] * 6, "ad")
    table = saturation.summary(codings, order)
    for measure in table["measure"]:
        said = of_saturation(project, table[table["measure"] != measure])
        assert said.endswith(".")
        assert "nan" not in said
    masked = of_saturation(project, table.assign(detail=""))
    assert "the last new one came in interview 7. " in masked
    assert "()" not in masked


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        ("a b c", "3 codes, without branches"),
        ("a a.b", "1 branch with 1 code below it"),
        ("a a.b c c.d c.e f", "2 branches with 3 codes below them, and 1 code outside branches"),
        (
            "a a.b a.b.c a.b.d e e.f",
            "2 branches with 4 codes below them, 1 of which has codes below in turn (3 codes "
            "without any below)",
        ),
    ],
)
def test_the_codebook_is_told_at_any_depth(project, paths, said):
    codes = tuple(Code(path, path, path) for path in paths.split())
    book = replace(project, codebook=Codebook("b", "1", codes))
    assert Facts(Results(book), [], {}).scheme.endswith(f"has {said}.")


def test_the_pilots_report_counts_what_its_tables_count():
    results, exhibits, skipped = gathered(study.load(ROOT))
    facts = Facts(results, exhibits, skipped)
    assert facts.scheme.endswith("has 7 branches with 44 codes below them.")
    assert "10 of the 49 codes that were applied by either coder" in facts.agreement
    assert "12 interviews met 43 of 44 codes" in facts.saturation
    parts = compose(results, exhibits, skipped)
    head = next(p.words for p in parts if isinstance(p, Heading) and p.words.startswith("Support"))
    table = facts.table("propositions")
    rows = table[(table["proposition"] == "prop-01") & (table["verdict"] == "supports")]
    total = rows["passages"].sum()
    assert head == f"Supporting (2 of {total} passages; more in quotations.csv and evidence.csv)"
    everything = "\n".join(
        [words(parts)]
        + [" ".join(line.cells) for part in parts if isinstance(part, Tabled)
           for line in part.table.lines]
    )  # fmt: skip
    one = r"(?<![\d.,])1 (units|transcripts|codes|interviews|participants|passages|quotations)\b"
    assert not re.search(one, everything)
