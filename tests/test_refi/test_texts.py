"""Texts, descriptions and offsets on their way between programs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.refi import codes, labelled, names, offsets, texts
from study.refi.offsets import Counting, Ruler, Span
from study.transcripts import canonical

from . import studies

LABELS = ("Include", "Near miss", "Id")
PART = st.one_of(
    st.text(alphabet=" \n\\:ab", max_size=8),
    st.lists(st.sampled_from(["Include: a", "\\Id: b", "Near miss:", "", "c"]), max_size=4).map(
        "\n".join
    ),
)


@given(PART, st.lists(st.tuples(st.sampled_from(LABELS), PART), max_size=4))
def test_parts_of_a_description_come_apart_as_they_were_put_together(body, parts):
    kept = [(label, text) for label, text in parts if text]
    assert labelled.split(labelled.compose(body, parts, LABELS), LABELS) == (body, kept)


def test_a_description_reads_well():
    text = labelled.compose("What it means.", [("Include", "this"), ("Id", "")], LABELS)
    assert text == "What it means.\n\nInclude: this"


@pytest.mark.parametrize("given", ["A\nInclude: b\nId: c", "A\n\nInclude: b\n\nId: c"])
def test_empty_lines_that_a_program_took_away_do_not_matter(given):
    assert labelled.split(given, LABELS) == ("A", [("Include", "b"), ("Id", "c")])


# -- offsets ---------------------------------------------------------------------------------------

TEXT = st.text(alphabet="ab cé\n😀\u0301א", min_size=1, max_size=40)


@given(TEXT, st.data())
def test_every_counting_leads_to_the_same_place(text, data):
    """A position is counted in each way by hand, and must come back as the one in the LF text."""
    place = data.draw(st.integers(0, len(text)))
    marked, crlf = data.draw(st.booleans()), data.draw(st.booleans())
    raw = ("\ufeff" if marked else "") + (text.replace("\n", "\r\n") if crlf else text)
    ruler = Ruler(raw)
    assert ruler.text == text
    before = text[:place]
    for counting in ruler.countings():
        counted = before.replace("\n", "\r\n") if counting.returns else before
        size = len(counted.encode("utf-16-le")) // 2 if counting.utf16 else len(counted)
        assert ruler.place(size + counting.mark, counting) == place


def test_a_position_inside_a_character_is_none():
    ruler = Ruler("a😀b")
    assert [ruler.place(n, Counting(utf16=True)) for n in range(6)] == [0, 1, None, 2, 3, None]


CALL = "Interviewer: Hi 😀.\r\nDana: We 😀 wrote it with them.\r\nThey came late.\r\n"


def spans_of(counting, *phrases, text=CALL, named=True):
    """Return the selections of phrases as a program that counts so would write them."""
    found = []
    for phrase in phrases:
        raw = text if counting.returns else text.replace("\r\n", "\n")
        begin = raw.index(phrase)
        ends = []
        for place in (begin, begin + len(phrase) - counting.last):
            before = raw[:place]
            ends.append(len(before.encode("utf-16-le")) // 2 if counting.utf16 else len(before))
        found.append(Span(*ends, phrase if named else ""))
    return found


PHRASES = ("We 😀 wrote", "with them", "came late")
COUNTINGS = [
    Counting(),
    Counting(utf16=True),
    Counting(returns=True),
    Counting(utf16=True, returns=True),
    Counting(last=True),
]


@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize("origin", ["ATLAS.ti 8", "NVivo 15", ""])
def test_a_quotation_tells_how_a_program_counts(counting, origin):
    found, _ = offsets.detect(Ruler(CALL), spans_of(counting, *PHRASES), origin)
    assert found == counting


def test_what_was_found_is_said():
    spans = spans_of(Counting(utf16=True), *PHRASES)
    _, said = offsets.detect(Ruler(CALL.replace("\r\n", "\n")), spans, "")
    assert said == "positions count UTF-16 units: 3 of 3 quotations say so"
    _, said = offsets.detect(Ruler(CALL), spans_of(Counting(), *PHRASES), "NVivo")
    assert said.startswith("positions count Unicode code points, one for each line end: 3 of 3")


def test_quotations_that_a_program_cuts_still_tell():
    text = CALL.replace("\r\n", "\n")
    (span,) = spans_of(Counting(utf16=True), "We 😀 wrote it with them.", text=text)
    for name in (span.name[:12] + "\u2026", span.name[:22] + "...", span.name[:21]):
        found, _ = offsets.detect(Ruler(text), [Span(span.start, span.end, name)], "")
        assert found == Counting(utf16=True)


def test_a_passage_that_ends_in_an_ellipsis_is_no_quotation_cut_short():
    text = "Dana: 😀 well\u2026 yes"
    spans = [Span(8, 13, "well\u2026")]
    assert offsets.detect(Ruler(text), spans, "") == (Counting(), "")


def test_the_end_of_the_text_tells_where_no_quotation_does():
    text = "Dana: 😀😀 it went on and on"
    (span,) = spans_of(Counting(utf16=True), "on and on", text=text, named=False)
    found, said = offsets.detect(Ruler(text), [span], "")
    assert found.utf16
    assert "otherwise 1 would lie beyond the end" in said


def test_words_cut_in_two_tell_where_nothing_else_does():
    spans = spans_of(Counting(utf16=True), "wrote", "with", "came", named=False)
    found, said = offsets.detect(Ruler(CALL.replace("\r\n", "\n")), spans, "")
    assert found.utf16
    assert "inside a word" in said


def test_a_doubt_is_said_and_the_standard_taken():
    text = "Dana: 😀 a b c d e f g"
    spans = [Span(8, 9, ""), Span(10, 11, "")]
    found, said = offsets.detect(Ruler(text), spans, "")
    assert found == Counting()
    assert "nothing in the file tells" in said


def test_atlas_ti_counts_one_character_a_line_end_unless_shown_otherwise():
    text = "Dana: a\r\nb c d e f g"
    spans = [Span(10, 11, "")]
    assert not offsets.detect(Ruler(text), spans, "ATLAS.ti for Windows 23")[0].returns
    assert offsets.detect(Ruler(text), spans, "NVivo 15")[0].returns


def test_nothing_is_said_where_nothing_had_to_be_decided():
    assert offsets.detect(Ruler("Dana: 😀"), [], "") == (Counting(), "")
    assert offsets.detect(Ruler("Dana: yes 😀"), [Span(6, 9)], "") == (Counting(), "")


# -- layout ----------------------------------------------------------------------------------------

LINE = st.one_of(
    st.text(alphabet=studies.LETTERS + "\t", max_size=20),
    st.sampled_from(
        ["Interviewer: So?", "Dana:", "Dana: Yes.", "[pause]", "  ", "", "Jo (00:12):"]
    ),
)


@given(st.lists(LINE, max_size=12).map("\n".join))
def test_any_text_becomes_canonical_and_keeps_every_character(text):
    moved = texts.canonise(text, {})
    if not text.strip():
        assert not moved.text
        return
    assert not canonical.problems(studies.Path("P01.txt"), moved.text)
    if moved.pieces is None:
        assert moved.text == text
        return
    for piece in moved.pieces:
        was, now = text[piece.old : piece.old_end], moved.text[piece.new : piece.new_end]
        assert was == now or piece.label
    covered = {n for one in moved.pieces for n in range(one.old, one.old_end)}
    lost = [text[n] for n in range(len(text)) if n not in covered and not text[n].isspace()]
    assert not lost


@given(st.lists(LINE, min_size=1, max_size=8).map("\n".join), st.data())
def test_a_selection_stands_where_its_words_now_are(text, data):
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = data.draw(st.integers(start, len(text)))
    moved = texts.canonise(text, {})
    found = moved.place(start, end) if start < end else None
    if found is None:
        assert start >= end or not text[start:end].strip() or not moved.text
        return
    assert 0 <= found[0] < found[1] <= len(moved.text)
    if moved.pieces is not None and all(not piece.label for piece in moved.pieces):
        letters = iter(moved.text[found[0] : found[1]])
        assert all(letter in letters for letter in "".join(text[start:end].split()))


def test_speakers_are_found_and_words_stay():
    text = "Call with Dana\n\nInterviewer: So?\nDana:   We wrote it.\nAll of it.\n\n\nDana: Ah."
    moved = texts.canonise(text, {})
    assert moved.text == (
        "[Call with Dana]\n\nInterviewer: So?\n\nDana: We wrote it.\nAll of it.\n\nDana: Ah.\n"
    )
    assert moved.asked == ("Interviewer",)
    for phrase, wanted in (("We wrote", "We wrote"), ("Dana:   We wrote it.\n", "We wrote it.")):
        start = text.index(phrase)
        place = moved.place(start, start + len(phrase))
        assert moved.text[slice(*place)] == wanted


def test_an_article_with_quoted_talk_is_no_interview():
    talk = "\n".join(f"Interviewer: Why {n}?\nDana: Because {n}." for n in range(3))
    article = " ".join(["Learning is social."] * 80) + "\n\n" + talk
    moved = texts.canonise(article, {})
    assert moved.text.startswith("Unknown speaker: Learning is social.")
    assert "no speakers found" in moved.notes[0]


def test_white_space_that_another_program_changed_does_not_hide_a_transcript():
    ours = "Jo: So?\n\nDana: We wrote it with them.\n"
    theirs = "Jo:  So?\nDana:\u00a0We wrote it\nwith them."
    moved = texts.same_words(theirs, ours)
    place = moved.place(theirs.index("wrote"), theirs.index("them") + 4)
    assert ours[slice(*place)] == "wrote it with them"
    assert texts.same_words("Jo: So!", ours) is None


def test_a_long_text_without_speakers_is_laid_out_in_a_moment():
    moved = texts.canonise("Word after word after word.\n" * 40_000, {})
    assert len(moved.text) > 40_000


# -- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("P01", "P01"),
        ("ICLS 2024 3-10", "ICLS-2024-3-10"),
        ("..", "source"),
        ("nul", "source-nul"),
        ("a" * 200, "a" * 100),
        (".hidden", "hidden"),
        ("Zoë\u0301", "Zoë\u0301"),
        ("日本 語", "日本-語"),
    ],
)
def test_names_that_files_can_have(given, wanted):
    assert names.plain(given, "source") == wanted


@given(st.text(max_size=120))
def test_any_name_becomes_one_that_files_can_have(given):
    name = names.plain(given, "source")
    assert names.plain(name, "source") == name
    assert "/" not in name
    assert name not in ("", ".", "..")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Co-design", "co-design"),
        ("Éducation & santé", "education-sante"),
        ("日本", ""),
        ("A  B", "a-b"),
    ],
)
def test_short_names(name, slug):
    assert codes.slug(name) == slug
