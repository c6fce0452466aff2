"""What the tests of codebooks share: where the file is, what is in it, what an edit changed."""

from __future__ import annotations

import difflib

from hypothesis import strategies as st

from study import codebook, project
from study.model import Code, Codebook


def file_of(root):
    return next(root.glob("codebooks/*/codebook.yaml"))


def codes(root):
    book, problems = codebook.read(file_of(root))
    assert not problems
    return {code.path: code for code in book}


def counts(root):
    """Return how many codings each coder has of each code, as an analysis finds them."""
    found, problems = project.read(root)
    assert not [one for one in problems if one.severity == "error"]
    counted: dict[str, int] = {}
    for coding in found.codings:
        counted[coding.code] = counted.get(coding.code, 0) + 1
    return counted


def changed(root, edit):
    """Return the lines that an edit took away and put in, without their indentation."""
    path = file_of(root)
    before = path.read_text(encoding="utf-8").split("\n")
    edit()
    after = path.read_text(encoding="utf-8").split("\n")
    lines = list(difflib.ndiff(before, after))
    return (
        [line[2:].strip() for line in lines if line.startswith("- ")],
        [line[2:].strip() for line in lines if line.startswith("+ ")],
    )


text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(str.strip)
PATTERNS = ("partner*", '"in good faith"', "/\\bcred\\w+/", "cost NEAR/5 time", "2021", "it's")
slugs = st.from_regex(r"[a-z]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)


@st.composite
def codebooks(draw):
    paths: list[str] = []
    for slug in draw(st.lists(slugs, max_size=8, unique=True)):
        parent = draw(st.sampled_from(["", *paths]))
        paths.append(f"{parent}.{slug}" if parent else slug)
    codes = tuple(
        Code(
            guid=str(draw(st.uuids(version=4))),
            path=path,
            name=path.rpartition(".")[2],
            colour=draw(st.sampled_from(["", "#1b6ca8"])),
            definition=draw(text),
            near_miss=draw(text),
            formerly=tuple(
                f"was-before.{path}.{old}" for old in draw(st.lists(slugs, max_size=2, unique=True))
            ),
            patterns=tuple(draw(st.lists(st.sampled_from(PATTERNS), max_size=3, unique=True))),
        )
        for path in paths
    )
    return Codebook(draw(slugs), draw(st.sampled_from(["1", "2.0", "0x1", "1e3"])), codes)
