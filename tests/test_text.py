"""What counts as a word and as a sentence, and what is the transcriber's."""

from __future__ import annotations

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


def test_abbreviations_do_not_end_a_sentence():
    text = "We met Prof. Lee, e.g. on Monday. Um. It was fine."
    assert [text[a:b] for a, b in sentences(text)] == [
        "We met Prof. Lee, e.g. on Monday.",
        "Um.",
        "It was fine.",
    ]
