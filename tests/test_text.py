"""What counts as a word and as a sentence, and what is the transcriber's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.text import sentences, spoken, words


def test_words():
    text = "I-I don\u2019t know: what-what about \u00e9tudes, co-design and 40 R2D2s?"
    expected = "i don't know what about \u00e9tudes co-design and r2d2s".split()
    assert words(text) == expected


@given(st.text(max_size=200))
def test_asides_keep_offsets(text):
    assert len(spoken(text)) == len(text)


def test_a_word_starts_with_a_letter():
    assert words("In 2021 the 3rd and the 21st, R2D2 and a 40-year lease_") == (
        ["in", "the", "and", "the", "r2d2", "and", "a", "year", "lease_"]
    )


def test_a_stray_bracket_swallows_nothing():
    assert words("He said [ and went [laughs] home") == ["he", "said", "and", "went", "home"]
    long = "a note of the transcriber that goes on " * 5
    assert words(f"so [{long}] yes") == ["so", "yes"]


def test_asides():
    assert words("So [University A] (laughs) paid (I think) [inaudible 00:12].") == (
        ["so", "paid", "i", "think"]
    )


@pytest.mark.parametrize(
    "expected",
    [
        ["We met Prof. Lee, e.g. on Monday.", "Um.", "It was fine."],
        ["We ended at 5 p.m.", "Then J. K. Lee left, etc.", "We stayed with Acme Inc. Sheffield."],
        ["No.", "We didn't.", "See No. 5 on p. 12 and Fig. 3.", "Fine."],
        ["It cost 3.5 per cent, i.e. \u00a31,000.50.", "At 4.30.", "Good?", "Yes!", "12.", "Ok"],
        ['"Is it?" she asked.', "He said \u201cWe did it.\u201d", "Then \u2018no.\u2019", "Yes."],
        ["I don't know...", "We tried.", "It was... fine, so... I went... maybe."],
        ["I don't know\u2026", "We tried.", "It was\u2026 fine, so\u2026 I went\u2026 maybe. ..."],
        ["yeah.", "so we did.", "What?!", "Really.", "mhm"],
        ["(It works.)", "Good.", "[pause] And so on."],
        ["..."],
        [],
    ],
)
def test_where_sentences_end(expected):
    text = " ".join(expected)
    assert [text[a:b] for a, b in sentences(text)] == expected


def test_a_new_line_ends_a_sentence():
    text = "one\n two. Three\n\n"
    assert [text[a:b] for a, b in sentences(text)] == ["one", "two.", "Three"]


@given(st.text(alphabet="aZ .?!\"'\n\u2026\u201d1", max_size=60))
def test_sentences_are_in_order_and_leave_out_only_blanks(text):
    found = sentences(text)
    edges = [0, *(edge for span in found for edge in span), len(text)]
    assert edges == sorted(edges)
    between = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    assert not "".join(between).strip()
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in found)
