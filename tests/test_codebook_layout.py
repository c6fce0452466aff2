"""What an edit leaves of a hand-written codebook.yaml: all lines but those concerned."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from books import changed, codebooks, codes, file_of
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

import study
from study import codebook
from study.codebook.rewriting import rewrite
from study.errors import NotPossibleError

ANA = {"coder": "ana"}


@pytest.fixture
def pilot(tmp_path):
    """Return the folder of a copy of the pilot, without its transcripts' bulk."""
    folder = tmp_path / "pilot"
    for name in ("interviews", "codebooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "study.toml", folder)
    return folder


def test_renaming_a_leaf_changes_two_lines(pilot):
    gone, new = changed(pilot, lambda: codebook.rename(pilot, "risk.fad", "fashion", **ANA))
    assert gone == ["- code: fad"]
    assert new == ["- code: fashion", "formerly: [risk.fad]"]


def test_renaming_a_branch_changes_what_names_it_and_no_text(pilot):
    gone, new = changed(pilot, lambda: codebook.rename(pilot, "risk", "danger", **ANA))
    assert gone == ["- code: risk", *["parent: risk"] * 7]
    assert new.count("parent: danger") == 7
    former = [line for line in new if line.startswith("formerly:")]
    assert "formerly: [risk.fad]" in former
    assert len(former) == 8
    assert len(new) == 16


def test_a_changed_text_is_folded_as_the_file_folds(pilot):
    text = (
        "Doubt about the movement as a whole, whether it will last, and whether it should: said of "
        "short forms in general, and of nothing else.\nA second paragraph: with a colon, # and all."
    )
    gone, new = changed(pilot, lambda: codebook.change(pilot, "fad", definition=text, **ANA))
    assert gone == [
        "Doubt about the movement as a whole: that short forms are a passing fashion, or draw the "
        "university's",
        "curriculum towards vocational training.",
    ]
    assert new == [
        "Doubt about the movement as a whole, whether it will last, and whether it should: said of "
        "short forms",
        "in general, and of nothing else.",
        "",
        "A second paragraph: with a colon, # and all.",
    ]
    assert codes(pilot)["risk.fad"].definition == text


def test_a_new_code_stands_where_it_belongs_in_the_files_own_manner(pilot):
    made = codebook.add(
        pilot, "Trust & care", parent="risk", definition="Short.", patterns=["trust*"], **ANA
    )
    text = file_of(pilot).read_text(encoding="utf-8")
    (code,) = made.codes
    assert code.path == "risk.trust-care"
    block = (
        '      "We ran it once, lost money and took it down." Use risk.cost-and-sustainability.\n\n'
        "  - code: trust-care\n    name: Trust & care\n    parent: risk\n"
        f"    guid: {code.guid}\n    definition: >-\n      Short.\n"
        "    patterns:\n      - trust*\n\n"
        "  # ---- Strategy: how it is steered\n"
    ).replace("name: Trust & care", 'name: "Trust & care"')
    assert block in text


def test_moving_takes_the_whole_entry_and_what_stands_below_it(pilot):
    before = [line for line in file_of(pilot).read_text(encoding="utf-8").split("\n") if line]
    codebook.move(pilot, "driver", after="risk", **ANA)
    after = [line for line in file_of(pilot).read_text(encoding="utf-8").split("\n") if line]
    assert sorted(before) == sorted(after)
    order = [code.path for code in codebook.read(file_of(pilot))[0] if not code.parent]
    assert order == [
        "concept", "partnership-in-development", "partnership-in-learning", "opportunity", "risk",
        "driver", "strategy",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "edit",
    [
        lambda root: codebook.rename(root, "risk", "danger", **ANA),
        lambda root: codebook.change(root, "fad", name="x", example="", colour="", **ANA),
        lambda root: codebook.move(root, "concept", parent="strategy", **ANA),
        lambda root: codebook.move(root, "fad", before="concept", **ANA),
        lambda root: codebook.merge(root, "fad", "reputation", **ANA),
        lambda root: codebook.split(root, "fad", [{"name": "A"}, {"name": "B"}], **ANA),
        lambda root: codebook.add(root, "Über alles", **ANA),
    ],
)
def test_comments_stay_and_undo_restores_every_byte(pilot, edit):
    path = file_of(pilot)
    before = path.read_bytes()
    comments = [line for line in before.split(b"\n") if line.lstrip().startswith(b"#")]
    done = edit(pilot)
    left = [line for line in path.read_bytes().split(b"\n") if line.lstrip().startswith(b"#")]
    assert left == comments
    codebook.restore(pilot, done.before, undoing=done.after, **ANA)
    assert path.read_bytes() == before


HAND = """\
# Ours
name: hand   # by hand
version: '1'
codes:
  # top
  - code: one     # the first
    name: 'One'   # shown
    guid: 11111111-1111-4111-8111-111111111101
    definition: a plain text
      over two lines
    patterns:
      - one*      # why
      # between
      - "two words"
    formerly: [was]
  - {code: two, name: Two, parent: one, guid: 11111111-1111-4111-8111-111111111102}

  # about three
  - guid: 11111111-1111-4111-8111-111111111103
    code: three
    colour:
    example: |
      line
        set in
    # inside three
# the end
"""


def hand(tiny, text=HAND):
    for path in tiny.glob("codebooks/tiny/codings/*/*.csv"):
        path.unlink()
    shutil.rmtree(tiny / "codebooks" / "tiny" / "codings")
    (tiny / "codebooks" / "tiny" / "propositions.yaml").unlink()
    toml = (tiny / "study.toml").read_text().partition("[map]")[0]
    (tiny / "study.toml").write_text(toml)
    file_of(tiny).write_bytes(text.encode())
    return tiny


def test_quirks_of_a_hand_written_file_are_kept(tiny):
    root = hand(tiny)
    gone, new = changed(root, lambda: codebook.change(root, "one", patterns=["one*", "x"], **ANA))
    assert (gone, new) == (['- "two words"'], ["- x"])
    gone, new = changed(root, lambda: codebook.change(root, "one", name="Uno: #1", **ANA))
    assert (gone, new) == (["name: 'One'   # shown"], ["name: 'Uno: #1'   # shown"])
    gone, new = changed(root, lambda: codebook.change(root, "three", colour="#102030", **ANA))
    assert (gone, new) == (["colour:"], ['colour: "#102030"'])
    gone, new = changed(root, lambda: codebook.change(root, "three", example="a\n  b\nc", **ANA))
    assert (gone, new) == (["line", "set in"], ["a", "b", "c"])
    gone, new = changed(root, lambda: codebook.rename(root, "one", "uno", **ANA))
    assert gone == [
        "- code: one     # the first",
        "formerly: [was]",
        "- {code: two, name: Two, parent: one, guid: 11111111-1111-4111-8111-111111111102}",
    ]
    assert new[:2] == ["- code: uno     # the first", "formerly: [was, one]"]
    assert "formerly: [one.two]" in new[2]
    gone, new = changed(root, lambda: codebook.move(root, "three", before="uno", **ANA))
    assert sorted(gone) == sorted(new)
    assert "# about three\n  - guid" in file_of(root).read_text()
    gone, new = changed(root, lambda: codebook.delete(root, "two", **ANA))
    assert (len(gone), new) == (1, [])


def test_windows_line_ends_and_a_byte_order_mark_stay(tiny):
    text = "\ufeff" + HAND.replace("\n", "\r\n")
    root = hand(tiny, text)
    codebook.change(root, "one", definition="new\ntext", **ANA)
    data = file_of(root).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf# Ours\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert codes(root)["one"].definition == "new\ntext"


def test_the_first_code_of_a_new_study(tmp_path):
    study.init(tmp_path / "new")
    root = tmp_path / "new"
    before = file_of(root).read_bytes()
    first = codebook.add(root, "Trust", definition="That one relies on another.", **ANA)
    codebook.add(root, "Distrust", parent="trust", **ANA)
    assert list(codes(root)) == ["trust", "trust.distrust"]
    assert file_of(root).read_text().startswith("# The coding scheme.")
    codebook.delete(root, "trust", **ANA)
    assert codes(root) == {}
    codebook.restore(root, first.before, **ANA)
    assert file_of(root).read_bytes() == before


ALIASED = HAND.replace("definition: a plain", "definition: &same a plain").replace(
    "colour:\n", "definition: *same\n"
)
BRACKETS = """\
name: x
version: "1"
codes: [{code: three, name: A, guid: 11111111-1111-4111-8111-111111111101}]
"""


@pytest.mark.parametrize("text", [ALIASED, BRACKETS])
def test_what_cannot_be_edited_is_left_alone(tiny, text):
    root = hand(tiny, text)
    before = file_of(root).read_bytes()
    assert codebook.read(file_of(root))[1] == []
    with pytest.raises(NotPossibleError, match="by hand"):
        codebook.change(root, "three", definition="other", **ANA)
    assert file_of(root).read_bytes() == before


def test_what_entries_share_stays_shared(tiny):
    shared = HAND.replace(
        "    definition: a plain", "    <<: {include: shared}\n    definition: a plain"
    )
    root = hand(tiny, shared)
    gone, new = changed(root, lambda: codebook.change(root, "one", definition="b", **ANA))
    assert (gone, new) == (["definition: a plain text", "over two lines"], ["definition: b"])
    assert codes(root)["one"].include == "shared"


TEXTS = [
    "plain", "Über: alles # nichts", "- dash", "yes", "null", "1e3", "2021-09-01", "{a: b}", "'q'",
    '"q"', "back\\slash", "a\n\nb", "a\n  set in\nb", "a  b   c", "x" * 300, "tab\there",
    "a\u2028b\x85c",
    "😀 family 👩‍👩‍👧", "e\u0301", "\ufeffmark", "\x00nul", "%TAG", "@at", "`tick`", "key: value",
    "trailing:", ":é", "? x", "a, b], c}", "***", "&anchor", "!tag", "| pipe", "> fold", "---",
    "...",
    "line\r\nend",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_is_read_back_as_it_was_given(tiny, text):
    kept = text.replace("\r\n", "\n")
    codebook.change(tiny, "idea", definition=text, near_miss=text, **ANA)
    assert (codes(tiny)["idea"].definition, codes(tiny)["idea"].near_miss) == (kept, kept)
    if text.isprintable() and len(text) < 200:
        codebook.change(tiny, "meaning", name=text, **ANA)
        assert codes(tiny)["idea.meaning"].name == " ".join(text.split())
    done = codebook.change(tiny, "idea", definition="again", **ANA)
    codebook.restore(tiny, done.before, undoing=done.after, **ANA)
    assert codes(tiny)["idea"].definition == kept


@settings(max_examples=200)
@given(codebooks(), codebooks(), st.data())
def test_any_codebook_becomes_any_other_and_remarks_stay(before, after, data):
    known = [code.guid for code in before]
    guids = data.draw(st.permutations(known)) if known else []
    codes = tuple(
        replace(code, guid=guids[place]) if place < len(guids) and code.guid[0] < "a" else code
        for place, code in enumerate(after)
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "codebook.yaml"
        codebook.write(before, path)
        gap = data.draw(st.sampled_from(["", "\n"]))
        text = path.read_text(encoding="utf-8").replace("  - code:", f"{gap}  # remark\n  - code:")
    new = rewrite(text.encode(), before.codes, codes).decode()
    found, problems = codebook.parse(path, new)
    assert (found.codes, problems) == (codes, [])
    if not gap:
        assert new.count("# remark") == len(known)
