"""Patterns: what may be written, and what is found."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seeking import found, parsed

from study.errors import NotPossibleError
from study.patterns import Hit, Matcher, PatternError, blocks, expressions, parse
from study.patterns.tree import Either, Expression, Near, Phrase, Stem, Without, Word

# What is found.


def test_a_word_is_found_whole_whatever_its_capitals():
    assert found("partner", "Partner, PARTNER; partners? apartner") == ["Partner", "PARTNER"]


def test_what_an_apostrophe_ties_to_a_word_does_not_hide_it():
    text = "the partner's idea; partner\u2019ll do; partners' ideas; l\u2019universit\u00e9"
    assert found("partner", text) == ["partner's", "partner\u2019ll"]
    assert found("partners", text) == ["partners"]
    assert found("universit\u00e9", text) == ["l\u2019universit\u00e9"]
    assert found("can", "we can't, we can\u2019t, we can") == ["can"]
    assert found("can't", "we can't, we can\u2019t, we can") == ["can't", "can\u2019t"]


def test_a_hyphen_parts_words_in_text_and_pattern():
    assert found("design", "co-design, redesign") == ["design"]
    text = "co-design, co design, co\u2011design, codesign"
    assert found("co-design", text) == ["co-design", "co design", "co\u2011design"]
    assert found("industry NEAR/0 university", "an industry-university thing") == [
        "industry-university"
    ]


def test_accents_count_only_where_the_pattern_says_so():
    text = "caf\u00e9 cafe CAFE\u0301 stra\u00dfe STRASSE fi\u00e8re \ufb01ere"
    assert found("cafe", text) == ["caf\u00e9", "cafe", "CAFE\u0301"]
    assert found("caf\u00e9 [accents]", text) == ["caf\u00e9", "CAFE\u0301"]
    assert found("stra\u00dfe", text) == found("strasse", text) == ["stra\u00dfe", "STRASSE"]
    assert found("fiere", text) == ["fi\u00e8re", "\ufb01ere"]


def test_stems_are_those_of_the_study_s_language():
    text = "partner partners partnered partnership organised organise organisation"
    assert found("~partner", text) == ["partner", "partners", "partnered"]
    assert found("stem(partnering)", text) == ["partner", "partners", "partnered"]
    assert found("~lernen", "ich lerne, wir lernen", language="german") == ["lerne", "lernen"]
    assert found('"~partner agreement"', "partners' agreement") == ["partners' agreement"]


def test_wildcards():
    text = "organisation organization organza organizations"
    assert found("organi?ation", text) == ["organisation", "organization"]
    assert found("organi*", text) == ["organisation", "organization", "organizations"]
    assert found("*zation*", text) == ["organization", "organizations"]
    assert found("the * partner", "the new partner, the partner") == ["the new partner"]


def test_a_phrase_is_words_side_by_side_whatever_stands_between():
    text = "short course, short-course; Short\ncourses. a short, course and a short boring course"
    assert found('"short course*"', text) == [
        "short course",
        "short-course",
        "Short\ncourses",
        "short, course",
    ]
    assert found("short course*", text) == found('"short course*"', text)
    assert found('"R&D"', "our R & D, our R&D") == ["R & D", "R&D"]
    assert found("short (course | program*)", "short programmes, short course") == [
        "short programmes",
        "short course",
    ]


def test_near_is_either_order_and_counts_the_words_between():
    text = "industry and the local university"
    assert found("industry NEAR/3 university", text) == [text]
    assert found("university NEAR/3 industry", text) == [text]
    assert found("university NEAR/2 industry", text) == []
    assert found("(a | b) NEAR/1 c", "a c. b x c. x b") == [
        "a c",
        "c. b",
        "b x c",
        "c. x b",
    ]
    assert found("a NEAR/2 a", "a") == []


def test_three_things_near_each_other():
    assert found("a NEAR/4 b NEAR/1 c", "a x c x b") == ["a x c x b"]
    assert found("a NEAR/4 b NEAR/1 c", "a x b x x c") == []


def test_not_takes_away_what_overlaps_and_leaves_the_rest():
    text = "The university press is not the university."
    assert found('university NOT "university press"', text) == ["university"]
    [hit] = Matcher([parse('university NOT "university press"')]).find(text)
    assert hit == Hit(turn=0, start=32, end=42, pattern=0)
    assert found("credit NOT NEAR/2 card", "credit card; a card with no credit") == []
    assert found("credit NOT NEAR/2 card", "credit card. We give one credit") == ["credit"]
    assert found("a NEAR/5 b NOT c", "a x b", "a c b") == ["a x b"]


def test_regular_expressions_see_the_text_as_it_is():
    assert found(r"/\d+ (?:hours?|weeks?)/", "12 hours, one week, 3 Weeks") == [
        "12 hours",
        "3 Weeks",
    ]
    assert found(r"/(?-i:IT)\b/", "it is IT, mind") == ["IT"]
    assert found(r"/and\/or/", "and/or") == ["and/or"]
    assert found("/\U0001f642/ NEAR/0 great", "great \U0001f642") == ["great \U0001f642"]
    assert found("/^so/ | /well$/", "so it went well") == ["so", "well"]


def test_nothing_is_found_across_turns():
    turns = ["a short", "course by industry", "and university"]
    for pattern in ("short course", "industry NEAR/9 university", r"/short\s+course/"):
        assert found(pattern, *turns) == []
    assert found("short NOT NEAR/5 course", *turns) == ["short"]


def test_nothing_is_found_across_turns_however_long_they_are(monkeypatch):
    monkeypatch.setattr(blocks, "SMALL", 25)
    turns = ["x " * 1005 + "a", "x " * 6 + "b", "x " * 3000 + "a", "b"]
    for pattern in ("a b", "b a", "a NEAR/9 b", "/a/ NEAR/9 /b/"):
        assert found(pattern, *turns) == []
    assert len(found("a NOT NEAR/9 b", *turns)) == 2


def test_offsets_are_code_points():
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    turn = f"{family} caf\u00e9\u0301 \u0130stanbul\u2014partners \U0001f600partner"
    hits = Matcher([parse("partner*"), parse("istanbul")]).find(["x", turn])
    assert [turn[hit.start : hit.end] for hit in hits] == ["\u0130stanbul", "partners", "partner"]
    assert {hit.turn for hit in hits} == {1}


def test_hits_are_a_list_of_finds():
    hits = Matcher([parse("a"), parse("b")]).find(["b a", "a"])
    assert hits[0] == Hit(0, 0, 1, 1)
    assert list(hits[1:]) == [Hit(0, 2, 3, 0), Hit(1, 0, 1, 0)]
    assert len(hits) == 3
    assert "Hit(turn=0, start=0, end=1, pattern=1)" in repr(hits)


def test_there_may_be_very_many_patterns():
    words = [f"w{number}" for number in range(40_000)]
    hits = Matcher([parse(word) for word in words]).find(["w39999 w32768", "w0 w32767"])
    assert hits.pattern.tolist() == [39_999, 32_768, 0, 32_767]


def test_no_turns_no_patterns_no_words():
    assert list(Matcher([parse("a")]).find([])) == []
    assert list(Matcher([parse("a")]).find(["", "\n", "..."])) == []
    assert list(Matcher([]).find(["a"])) == []


# What may be written.


def test_what_a_pattern_means():
    assert parse("partner").tree == Word("partner")
    assert parse("~partner").tree == parse("stem( partner )").tree == Stem("partner")
    assert parse("\u201cshort course\u201d").tree == Phrase((Word("short"), Word("course")))
    assert parse("a | b | c").tree == Either((Word("a"), Word("b"), Word("c")))
    assert parse("a b NEAR/3 c").tree == Near(Phrase((Word("a"), Word("b"))), Word("c"), 3)
    assert parse('a NEAR/3 b NOT "b c"').tree == Without(
        Near(Word("a"), Word("b"), 3), Phrase((Word("b"), Word("c")))
    )
    assert parse("a NOT NEAR/3 (b | c)").tree == Without(
        Word("a"), Either((Word("b"), Word("c"))), 3
    )
    assert parse(r"/a\/[/]b/ NOT x*").tree == Without(Expression("a/[/]b"), Word("x*"))
    assert parse("not ready").tree == Phrase((Word("not"), Word("ready")))


def test_options_stand_in_brackets_at_the_end():
    pattern = parse(" partner* [interviewer, turn] ")
    assert (pattern.speaker, pattern.passage, pattern.accents) == ("interviewer", "turn", False)
    assert pattern.text == "partner* [interviewer, turn]"
    assert parse("/[ab]/").speaker == "participant"
    assert parse("caf\u00e9 [accents]").accents


WRONG = {
    "": "nothing to look for",
    "   ": "nothing to look for",
    '"short course': "quotation mark is never closed (character 1)",
    '""': "no word between the quotation marks",
    "a NEAR b": "NEAR needs how many words may stand between, 0 to 100, as in NEAR/5 (character 3)",
    "a NEAR/500 b": "NEAR needs how many words",
    "a NEAR/x b": "NEAR needs how many words",
    "a near/5 b": "did you mean NEAR/5 instead of 'near/5'? (character 3)",
    "a AND b": "there is no AND; did you mean NEAR/5",
    "a OR b": "there is no OR; did you mean |?",
    "a or b": "did you mean | instead of 'or'?",
    "a not b": "did you mean NOT instead of 'not'?",
    "a |": "after | something to look for is missing (character 4)",
    "| a": "before | something to look for is missing (character 1)",
    "a NEAR/5": "after NEAR/5 something to look for is missing",
    "a NOT": "after NOT something to look for is missing",
    "(a | b": "the ( is never closed (character 1)",
    "a)": "there is a ) without a ( before it (character 2)",
    "()": "between ( and ) something to look for is missing",
    "a | b NEAR/5 c": "brackets are missing",
    'a NOT "a b" | c': "brackets are missing",
    "credit NOT card": "NOT takes away hits that share a word with what follows it",
    "*": "wildcards alone would find every word",
    "a | ??": "wildcards alone would find every word",
    "a NEAR/3 *": "wildcards alone would find every word",
    "~": "a stem is made of one word",
    "~part*": "a stem is made of one word without wildcards",
    "stem(two words)": "a stem is made of one word",
    "stem(partner": "stem( is never closed",
    "/a+": "never closed with another /",
    "and/or": "put words in quotes",
    "/a/b": "the / ends the regular expression; write \\/ for one inside it (character 3)",
    "/(a/": "the regular expression cannot be read: missing ) at its character 3 (character 1)",
    "/a*/": "would find nothing at all, everywhere",
    "/(?R)a/": "calls itself at its character 1",
    "/a{1000000000}/": "repeats too much at its character 2",
    "/((a{99}){99}){99}/": "repeats too much",
    "/(?:foo){e<=2}/": "counts nothing; write \\{",
    "a [interviewr]": "there is no option 'interviewr'; did you mean 'interviewer'? (character 4)",
    "a [turn, words]": "'words' and 'turn' contradict each other",
    "a [x] b": "[ ] hold options and stand at the end",
    "'short course'": "a phrase stands in double quotes (character 1)",
    "good \U0001f642": "is no part of a word",
    "partner, university": "',' is no part of a word",
    "(" * 30 + "a" + ")" * 30: "too many brackets inside brackets",
    "a" * 3000: "a pattern may have 2,000 characters",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said_with_its_place(text):
    with pytest.raises(PatternError, match=re.escape(WRONG[text])) as caught:
        parse(text)
    assert isinstance(caught.value, ValueError)
    assert 0 <= caught.value.at <= len(text)


@given(st.text("ab ()|\"/[]*?~-'\u2019NEAROT5\\{}+,\U0001f642\u0301", max_size=25))
def test_any_text_is_a_pattern_or_refused_with_a_sentence(text):
    pattern, error = parsed(text)
    if error is None:
        Matcher([pattern]).find(["a b aab 5"])
    else:
        assert str(error).endswith(f"(character {error.at + 1})")


def test_a_language_without_stems_is_refused():
    Matcher([parse("partner")], "klingon")
    with pytest.raises(ValueError, match="there are no stems for 'klingon', only for arabic"):
        Matcher([parse("~partner")], "klingon")


# Regular expressions that try without end, and those that need not be tried.


@pytest.mark.parametrize("source", ["(a|aa)+$", "(?:a+a+)+b", "(?P<x>a+)+(?P=x)+b"])
def test_an_expression_that_tries_without_end_is_stopped(source, monkeypatch):
    monkeypatch.setattr(expressions, "SECONDS", 0.2)
    begun = time.process_time()
    with pytest.raises(NotPossibleError, match="does not come to an end in turn 2") as caught:
        found(f"/{source}/", "aa", "a" * 5000 + "!")
    assert f"/{source}/" in str(caught.value)
    assert time.process_time() - begun < 5


def test_many_wildcards_in_a_word_do_not_try_without_end():
    begun = time.process_time()
    assert found("*a*a*a*a*a*a*b", "a" * 3000) == []
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        (r"\bindustr\w+ partner", {("industr",), ("partner",)}),
        (r"(?:short|brief) courses?", {("course",), ("short", "brief")}),
        (r"(?:short|\d+) x", set()),
        (r"(?:partner)?ship", {("ship",)}),
        (r"(?:partner)*", None),
        (r"\d+", set()),
        (r"don't", {("don",)}),
        (r"\u00c9cole", {("ecole",)}),
        (r"[[:alpha:]]+ship", set()),
    ],
)
def test_letters_that_an_expression_needs(source, needed):
    if needed is not None:
        assert set(expressions.required(source)) == needed
