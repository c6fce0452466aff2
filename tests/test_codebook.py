"""The codebook: read whole, written back the same, wrong entries named by line."""

from __future__ import annotations

import uuid
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from books import codebooks
from hypothesis import given

from study import codebook

ENTRY = "  - code: {code}\n    name: {name}\n    guid: {guid}\n"


def write(path, *entries):
    text = "name: x\nversion: '1'\ncodes:\n"
    for code, extra in entries:
        guid = uuid.uuid5(uuid.NAMESPACE_DNS, code + extra)
        text += ENTRY.format(code=code, name=code, guid=guid) + extra
    path.write_text(text)
    return path


@given(codebooks())
def test_a_codebook_survives_being_written_and_read(book):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "codebook.yaml"
        codebook.write(book, path)
        assert codebook.read(path) == (book, [])


def test_paths_follow_parents_wherever_they_stand(tmp_path):
    path = write(tmp_path / "c.yaml", ("leaf", "    parent: twig\n"), ("twig", ""))
    book, problems = codebook.read(path)
    assert not problems
    assert [code.path for code in book] == ["twig.leaf", "twig"]
    assert [code.path for code in book.leaves] == ["twig.leaf"]


@pytest.mark.parametrize(
    ("entries", "line", "message"),
    [
        ([("a", ""), ("a", "")], 7, "already on line 4"),
        ([("a", "    parent: b\n"), ("b", "    parent: a\n")], 7, "runs in a circle"),
        ([("a", "    parent: a\n")], 7, "circle: a -> a"),
        ([("twig", ""), ("leaf", "    parent: twigg\n")], 10, "did you mean 'twig'?"),
        ([("a", "    colour: red\n")], 7, "is not like '#1b6ca8'"),
        ([("a", "    defintion: x\n")], 7, "did you mean 'definition'?"),
        ([("A b", "")], 4, "only a-z"),
        ([("a", "    patterns: [fine, course NEAR/]\n")], 7, "'course NEAR/' cannot be read: NEAR"),
        ([("a", "    patterns:\n      - fine\n      - (open\n")], 9, "'(open' cannot be read"),
        ([("a", "    patterns:\n      - 2021\n")], 8, "put quotes around it"),
        ([("a", "    patterns: (open\n")], 7, "'(open' cannot be read"),
        ([("a", ""), ("b", "    formerly: [a]\n")], 4, "'a' was the path of 'b' before"),
    ],
)
def test_a_wrong_entry_is_named_by_its_line(tmp_path, entries, line, message):
    _, problems = codebook.read(write(tmp_path / "c.yaml", *entries))
    assert any(one.line == line and message in one.message for one in problems), problems


def test_each_pattern_knows_its_line(tmp_path):
    entry = (
        "a",
        "    patterns:\n      - partner*\n      # a remark\n      - '\"in good faith\"'\n",
    )
    path = write(tmp_path / "c.yaml", entry, ("b", "    patterns: one*\n"))
    book, problems = codebook.read(path)
    assert not problems
    assert book["a"].patterns == ("partner*", '"in good faith"')
    assert book["a"].pattern_lines == (8, 10)
    assert (book["b"].patterns, book["b"].pattern_lines) == (("one*",), (14,))


def test_a_code_may_have_its_own_present_path_among_the_former_ones(tmp_path):
    _, problems = codebook.read(write(tmp_path / "c.yaml", ("a", "    formerly: [a, b]\n")))
    assert not problems


def test_two_codes_of_one_name_are_reported(tmp_path):
    path = write(tmp_path / "c.yaml", ("a", ""), ("b", ""))
    path.write_text(path.read_text().replace("name: b", "name: a"))
    _, problems = codebook.read(path)
    assert [one.message for one in problems] == ["codes 'a' and 'b' share the name 'a'"]


def test_broken_yaml_is_named_by_its_line(tmp_path):
    path = tmp_path / "codebook.yaml"
    path.write_text("name: x\ncodes:\n  - code: a\n    definition: one: two\n")
    _, problems = codebook.read(path)
    assert [(one.line, "is not YAML" in one.message) for one in problems] == [(4, True)]


@pytest.mark.parametrize("content", ["", "- a\n", "codes: 3\n", "\x00", "a: &x [*x]", "codes: [3]"])
def test_anything_else_is_a_problem_not_an_exception(tmp_path, content):
    path = tmp_path / "codebook.yaml"
    path.write_text(content)
    book, problems = codebook.read(path)
    assert book.codes == ()
    assert problems
