"""Patterns: the same finds as by looking slowly."""

from __future__ import annotations

import re
import unicodedata
from itertools import product

import pytest
import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.stem.snowball import SnowballStemmer
from seeking import found, parsed

from study.patterns import Hit, Matcher, blocks, parse, scanning
from study.patterns.tree import Either, Expression, Near, Phrase, Stem, Without, Word, below, walk


def category(letter):
    return unicodedata.category(letter)[0]


def words_of(text):
    """Return where the words of a text are, letter by letter."""
    spans, at = [], 0
    while at < len(text):
        if category(text[at]) not in "LN":
            at += 1
            continue
        end = at
        while True:
            while end < len(text) and (category(text[end]) in "LNM" or text[end] in JOINERS):
                end += 1
            while text[end - 1] in JOINERS:
                end -= 1
            if (
                text[end : end + 1] in ("'", "\u2019")
                and category(text[end + 1 : end + 2] or " ") in "LN"
            ):
                end += 1
            else:
                break
        spans.append((at, end))
        at = end
    return spans


JOINERS = "\u00ad\u200c\u200d\u2060"
BARE = str.maketrans({"\u00f8": "o", "\u0131": "i", "\u00e6": "ae", "\u0153": "oe"})


def folded(word, accents):
    word = "".join(letter for letter in word if letter not in JOINERS).replace("\u2019", "'")
    word = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).casefold())
    if accents:
        return word
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    return "".join(one for one in bare if not "\u0300" <= one <= "\u036f").translate(BARE)


def variants(word):
    """Return a word with and without what an apostrophe ties to it."""
    behind = word.partition("'")[2]
    for one in (word, behind) if len(behind) > 2 else (word,):
        yield one
        head, tie, tail = one.rpartition("'")
        if tie and tail in ("s", "re", "ve", "ll", "d", "m"):
            yield head


def slowly(node, text, accents, stem):
    """Return the finds of a part of a pattern: first word, last word, start, end."""
    spans = words_of(text)
    again = [slowly(part, text, accents, stem) for part in below(node)]
    match node:
        case Word(sought):
            glob = re.escape(folded(sought, accents)).replace(r"\*", ".*").replace(r"\?", ".")
            return {
                (number, number, *span)
                for number, span in enumerate(spans)
                for form in variants(folded(text[slice(*span)], True))
                if re.fullmatch(glob, folded(form, accents), re.DOTALL)
            }
        case Stem(sought):
            wanted = folded(stem(folded(sought, True)), accents)
            return {
                (number, number, *span)
                for number, span in enumerate(spans)
                for form in variants(folded(text[slice(*span)], True))
                if folded(stem(form), accents) == wanted
            }
        case Expression(source):
            places = [one.span() for one in regex.finditer(source, text, regex.IGNORECASE)]
            return {
                (
                    sum(end <= start for _, end in spans),
                    sum(begin < after for begin, _ in spans) - 1,
                    start,
                    after,
                )
                for start, after in places
                if after > start
            }
        case Phrase():
            rows = again[0]
            for part in again[1:]:
                rows = {
                    cover(one, other)
                    for one, other in product(rows, part)
                    if other[0] == one[1] + 1 and other[2] >= one[3]
                }
            return rows
        case Either():
            return set().union(*again)
        case Near(_, _, distance):
            inside = any(isinstance(part, Near) for side in below(node) for part in walk(side))
            return {
                cover(one, other)
                for one, other in product(*again)
                if between(one, other) <= distance and (inside or not meet(one, other))
            }
        case Without(_, _, distance):
            kept, taken = again
            return {
                one
                for one in kept
                if not any(
                    meet(one, other) if distance is None else between(one, other) <= distance
                    for other in taken
                )
            }
    raise AssertionError(node)


def cover(one, other):
    return (
        min(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        max(one[3], other[3]),
    )


def between(one, other):
    return max(other[0] - one[1], one[0] - other[1]) - 1


def meet(one, other):
    return one[2] < other[3] and other[2] < one[3]


SAID = (
    "a b partner Partner partners partner's partner\u2019ll co design don't l'\u00e9cole cafe "
    "caf\u00e9 cafe\u0301 CAF\u00c9 stra\u00dfe STRASSE \u0130stanbul istanbul \ufb01n 12 x "
    "\U0001f642 \U0001f468\u200d\U0001f469 par\u00adtner \u4e2d\u6587 \u00f8re \u0130 "
    "\u0131 \u212a organisations"
).split(" ")
SIGNS = (
    " ",
    "  ",
    "-",
    "\u2014",
    "\u00a0",
    ", ",
    ". ",
    "\n",
    "",
    "'",
    "\u2019",
    "\u201c",
    "_",
    "\u2011",
    "\u200b",
    " \u0301",
)
WORDS = (
    "a b partner partner* par?ner *n* co-design don't ecole caf\u00e9 cafe strasse istanbul fin 12 "
    "x ore i k"
)
LEAVES = [
    *WORDS.split(),
    "~partner",
    "stem(designing)",
    "~organise",
    '"a b"',
    '"co design"',
    '"partner * b"',
]
SOURCES = (
    r"part\w+",
    r"\bco",
    "\U0001f642",
    r"(?:a|b)\b",
    r"\d+",
    "caf.",
    "n't",
    "(?:design|partner)s?",
    r"\w+",
)
# Not what this Python's Unicode has no letters for yet, and the package `regex` may.
anything = st.text(st.characters(exclude_categories=("Cs", "Cn")), max_size=20)
talk = st.lists(st.sampled_from(SAID) | st.sampled_from(SIGNS), max_size=30).map(
    lambda pieces: "".join(
        piece + ("" if piece in SIGNS else " " * (len(piece) % 2)) for piece in pieces
    )
)
leaves = st.sampled_from(LEAVES) | st.sampled_from(SOURCES).map(lambda source: f"/{source}/")
written = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} | {two[1]})"),
        st.tuples(inner, st.integers(0, 4), inner).map("({0[0]} NEAR/{0[1]} {0[2]})".format),
        st.tuples(inner, inner).map("({0[0]} NOT {0[1]})".format),
        st.tuples(inner, st.integers(0, 4), inner).map("({0[0]} NOT NEAR/{0[1]} {0[2]})".format),
        st.tuples(inner, inner).map("({0[0]} {0[1]})".format),
    ),
    max_leaves=4,
)


@pytest.fixture
def small_blocks(monkeypatch):
    """Let a few words fill a block, so that its edges are met."""
    monkeypatch.setattr(scanning, "LARGE", 60)
    monkeypatch.setattr(blocks, "SMALL", 25)


@settings(max_examples=400)
@given(st.lists(written, min_size=1, max_size=4), st.lists(talk | anything, max_size=6))
@pytest.mark.parametrize("accents", [False, True])
@pytest.mark.usefixtures("small_blocks")
def test_the_finds_are_those_of_looking_slowly(accents, texts, turns):
    read = [parsed(text + " [accents]" * accents) for text in texts]
    meant = "NOT takes away", "every word"  # made by chance, and senseless
    assert all(any(one in str(error) for one in meant) for _, error in read if error)
    patterns = [pattern for pattern, error in read if not error]
    assume(patterns)
    stem = SnowballStemmer("english").stem
    expected = [
        Hit(number, start, end, place)
        for number, turn in enumerate(turns)
        for place, pattern in enumerate(patterns)
        for _, _, start, end in slowly(pattern.tree, turn, accents, stem)
    ]
    assert list(Matcher(patterns).find(turns)) == sorted(set(expected))


pieces = st.sampled_from(
    ["ab", "part", "ner", "\u00e9", "e\u0301", "\u0131", "\u00df", "x y", "\\w", ".", "[ab]", "'"]
)
expression_texts = st.recursive(
    pieces,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("(?:{0[0]}|{0[1]})".format),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{1,2}", "+?"])).map(
            "(?:{0[0]}){0[1]}".format
        ),
        inner.map("({})".format),
        inner.map("(?={})".format),
        inner.map("(?<!{})".format),
        inner.map("(?-i:{})".format),
    ),
    max_leaves=6,
)


@settings(max_examples=400)
@given(
    expression_texts,
    st.lists(st.text("abpartneARPTx y\u00e9e\u0301\u0131\u0130\u00df-'", max_size=25), max_size=3),
)
def test_an_expression_is_found_wherever_it_stands(source, turns):
    pattern, error = parsed(f"/{source}/")
    assume(not error)
    expected = [
        Hit(number, *one.span(), 0)
        for number, turn in enumerate(turns)
        for one in regex.finditer(source, turn, regex.IGNORECASE)
        if one.end() > one.start()
    ]
    assert list(Matcher([pattern]).find(turns)) == expected


SUFFIXES = (
    "s 's es ies ied ed ing ingly edly y ly li ily ation ational izer bli ably alism ousness ogi "
    "iveness biliti entli ative icate alize ical ful ness ance ement ent ion ize e l ll"
).split()


@given(st.text("abcdeiloprstuvxyz", min_size=1, max_size=5), st.lists(st.sampled_from(SUFFIXES)))
def test_the_first_two_letters_of_an_english_stem_are_those_of_the_word(head, tail):
    word = "".join([head, *tail])
    assume(word not in ("dying", "lying", "tying"))
    begun = SnowballStemmer("english").stem(word)[:2]
    assert word.startswith(begun)
    assert found("~die", "dying, she dies, we die, dye") == ["dying", "dies", "die"]


@pytest.mark.parametrize("language", [x for x in SnowballStemmer.languages if x != "porter"])
@given(words=st.lists(st.text(min_size=1, max_size=12), max_size=5))
@settings(max_examples=30)
def test_stems_of_any_language_can_be_made_of_any_word(language, words):
    matcher = Matcher([parse("~partnership")], language)
    hits = matcher.find([*words, "partnership"])
    assert len(words) in hits.turn.tolist()
