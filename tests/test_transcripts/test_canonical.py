"""The canonical transcript: what is written is read back, and what is wrong is named by line."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from study.transcripts import RawNote, RawTurn, canonical, parse, problems, read, version, write

EXAMPLE = """\
[Composed for demonstration, not data.]

Interviewer [00:00:03]: So, how did you come to this work?

Dana Whitlock [00:00:11]: Um, by accident, mostly.
A second paragraph: of the same turn.

[Recording paused]

Dana Whitlock: Where were we?
"""
HERE = Path("P01.txt")
NASTY = st.text(
    alphabet=st.one_of(
        st.characters(),
        st.sampled_from("a: []\n\r\t\u2028\u2029\x85\x0b\x0c\x1c\u200b\ufeff\ud83d\u00ad😀é"),
    ),
    max_size=60,
)
TIMES = st.one_of(st.none(), st.floats(0, 400_000), st.sampled_from([math.nan, -1.0, math.inf]))
TURNS = st.builds(RawTurn, NASTY, NASTY, TIMES, TIMES)
BLOCKS = st.lists(st.one_of(TURNS, st.builds(RawNote, NASTY)), max_size=6)


def test_example_has_turns_roles_and_times() -> None:
    source = parse("P01", EXAMPLE)
    seen = [(turn.speaker, turn.role, turn.start_time) for turn in source.turns]
    assert seen == [
        ("Interviewer", "interviewer", 3.0),
        ("Dana Whitlock", "participant", 11.0),
        ("Dana Whitlock", "participant", None),
    ]


def test_selection_covers_the_words_only() -> None:
    source = parse("P01", EXAMPLE)
    assert source.quote(source.turns[0].selection) == "So, how did you come to this work?"
    assert source.quote(source.turns[1].selection).endswith(
        "\nA second paragraph: of the same turn."
    )


def test_example_has_no_problems_and_two_notes() -> None:
    assert problems(HERE, EXAMPLE) == []
    assert canonical.notes(EXAMPLE) == [
        "Composed for demonstration, not data.",
        "Recording paused",
    ]


def test_version_is_that_of_the_model() -> None:
    assert version("") == "e3b0c44298fc"
    assert parse("P01", EXAMPLE).version == version(EXAMPLE)


def test_names_given_are_interviewers() -> None:
    source = parse("P01", EXAMPLE, interviewers={"dana  WHITLOCK"})
    assert {turn.role for turn in source.turns} == {"interviewer"}


@given(BLOCKS, st.lists(NASTY, max_size=2))
@example([RawTurn("A: b]", "x: y\u2028[z]\n\n\x0c\nlast\x85line", 3.25)], ["[a", "]: b"])
@example([RawTurn("\ufeffA", "\ufeff b")], [])
def test_what_is_written_is_read_back(blocks: list[RawTurn | RawNote], notes: list[str]) -> None:
    text = write(blocks, notes)
    source = parse("P01", text)
    kept = [b for b in blocks if isinstance(b, RawTurn) and canonical.words(b.text)]
    assert [t.speaker for t in source.turns] == [canonical.label(b.speaker) for b in kept]
    assert [source.quote(t.selection) for t in source.turns] == [
        canonical.words(b.text) for b in kept
    ]
    whole = [canonical.stamp(t.start_time) for t in source.turns]
    assert whole == [canonical.stamp(b.start_time) for b in kept]
    assert problems(HERE, text) == ([] if text else [canonical.Problem(HERE, 0, "is empty")])


@given(BLOCKS)
def test_writing_again_changes_nothing(blocks: list[RawTurn | RawNote]) -> None:
    text = write(blocks)
    source = parse("P01", text)
    turns = [
        RawTurn(t.speaker, source.quote(t.selection), t.start_time, t.end_time)
        for t in source.turns
    ]
    assert write(turns) == write([b for b in blocks if isinstance(b, RawTurn)])


@given(st.text(max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    source = parse("P01", text)
    assert all(turn.selection.end <= len(text) for turn in source.turns)
    assert all(
        problem.line <= text.count("\n") + text.count("\r") + 1 for problem in problems(HERE, text)
    )


def test_times_in_the_source_are_to_the_millisecond() -> None:
    source = canonical.source("P01", [RawTurn("A", "b", 3.4567, 4.0)], [], frozenset())
    assert "[00:00:03]" in source.text
    assert (source.turns[0].start_time, source.turns[0].end_time) == (3.457, 4.0)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "is empty"),
        ("A: b", 1, "no line end"),
        ("A: b\r\n\r\nC: d\r\n", 1, "CR"),
        ("\ufeffA: b\n", 1, "byte order mark"),
        ("A: b\n\n\nC: d\n", 3, "two blank lines"),
        ("A: b\n\t\nC: d\n", 2, "white space"),
        ("A: b\n\n", 2, "ends in a blank line"),
        ("\nA: b\n", 1, "begins with a blank line"),
        ("A: b\n\nno label here\n", 3, "without a label"),
        ("A: b\n\nC [0:03]: d\n", 3, "hh:mm:ss"),
        ("A: b\n\nC:\n", 3, "without words"),
        ("[open\n\nA: b\n", 1, "']'"),
    ],
)
def test_each_problem_has_its_line(text: str, line: int, message: str) -> None:
    found = problems(HERE, text)
    assert [(p.line, message in p.message) for p in found] == [(line, True)]


def test_read_returns_source_and_problems(tmp_path: Path) -> None:
    path = tmp_path / "P01.txt"
    path.write_bytes(EXAMPLE.encode())
    source, found = read(path)
    assert source is not None
    assert (source.name, source.text, found) == ("P01", EXAMPLE, [])


def test_read_names_the_line_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "P01.txt"
    path.write_bytes(b"A: b\n\nC: caf\xe9\n")
    source, found = read(path)
    assert source is None
    assert (found[0].line, "UTF-8" in found[0].message) == (3, True)


def test_read_of_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    source, found = read(tmp_path / "P99.txt")
    assert source is None
    assert "No such file" in found[0].message
