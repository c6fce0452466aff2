"""Projects of QualCoder and Taguette, taken in from their databases."""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import closing

import pytest
from databases import DAY, database, qualcoder, taguette
from exchanging import files_of, run
from hypothesis import given, settings
from hypothesis import strategies as st

import study
from study import exchange
from study.errors import NotPossibleError
from study.exchange.hypertext import Words

TEXT = "Jo: So 😀?\n\nDana: We wrote it with them. It was 🏦 early.\n\nJo: Ah.\n\nDana: Yes.\n"


def at(words, text=TEXT):
    return text.index(words), text.index(words) + len(words)


def wide(words):
    """Return places as Qt counts them: in units of UTF-16."""
    start, end = at(words)
    return tuple(len(TEXT[:place].encode("utf-16-le")) // 2 for place in (start, end))


def quotes(folder):
    found = study.load(folder)
    return {
        (one.coder, one.code, found.source(one.selection.source).quote(one.selection))
        for one in found.codings
    }


# -- QualCoder -------------------------------------------------------------------------------------


def test_a_project_of_qualcoder_becomes_a_study(tmp_path, capsys):
    made = [(*at("wrote it"), 1, "ana", "why"), (*at("early"), 2, "ben", "")]
    folder = qualcoder(tmp_path / "theirs.qda", TEXT, made)
    status, out, _ = run(capsys, "import", folder, "--interviewer", "Jo", "-C", tmp_path / "new")
    assert status == 0
    assert "ana: 1 coding was added" in out
    assert run(capsys, "check", "-C", tmp_path / "new")[1] == "no problems\n"
    found = study.load(tmp_path / "new")
    assert quotes(tmp_path / "new") == {
        ("ana", "making.co-design", "wrote it"),
        ("ben", "making.co-design.early", "early"),
    }
    code = found.codebook["making.co-design"]
    assert (code.name, code.definition, code.include) == (
        "Co-design",
        "Together.",
        "writing it jointly.",
    )
    assert code.colour == "#F00000"
    assert found.codebook["making"].definition == "Industry as partner."
    coding = next(one for one in found.codings if one.coder == "ana")
    assert (coding.memo, coding.created.isoformat()) == ("why", f"{DAY.replace(' ', 'T')}+00:00")
    (case,) = found.cases
    assert (case.name, case.values["age"], case.source) == ("Dana", "44", "Call-1.docx")
    report = tmp_path / "new" / "interviews" / "received" / "theirs.qda.report.txt"
    assert "All in all." in report.read_text(encoding="utf-8")
    assert "About trust." in report.read_text(encoding="utf-8")


def test_the_file_in_the_folder_will_do_and_twice_is_once(tmp_path, capsys):
    folder = qualcoder(tmp_path / "theirs.qda", TEXT, [(*at("wrote it"), 1, "ana", "")])
    run(capsys, "import", folder, "-C", tmp_path / "new")
    before = files_of(tmp_path / "new" / "codebooks")
    status, out, _ = run(capsys, "import", folder / "data.qda", "-C", tmp_path / "new")
    assert status == 0
    assert "ana: 1 here already" in out
    assert files_of(tmp_path / "new" / "codebooks") == before


def test_positions_that_qt_counted_and_positions_that_refi_counted_in_one_text(tmp_path):
    """QualCoder counts an emoji twice in what is coded there, and once in what it imported."""
    text = [(words, *at(words)) for words in ("wrote it", "with them")]
    rows = [
        {"cid": 1, "fid": 1, "seltext": words, "pos0": a, "pos1": b, "owner": "ana"}
        for words, a, b in (*text, ("early", *wide("early")), ("Yes", *wide("Yes")))
    ]
    over = "early.\n\nJo: Ah."  # Qt has a sign of its own for the end of a paragraph
    start, end = wide(over)
    rows.append({"cid": 2, "fid": 1, "seltext": over.replace("\n", "\u2029"), "pos0": start,
                 "pos1": end, "owner": "ana"})  # fmt: skip
    folder = qualcoder(tmp_path / "theirs.qda", TEXT, [], code_text=rows)
    taken = exchange.take_in(tmp_path / "new", folder)
    assert {words for _, _, words in quotes(tmp_path / "new")} == {
        "wrote it",
        "with them",
        "early",
        "Yes",
        over,
    }
    assert any("placed by their words" in note for note in taken.notes)


def test_what_of_qualcoder_has_no_place_is_named(tmp_path):
    folder = qualcoder(
        tmp_path / "theirs.qda",
        TEXT,
        [(*at("wrote it"), 99, "ana", "")],
        code_image=[{"imid": 1}],
        code_av=[{"avid": 1}, {"avid": 2}],
        annotation=[{"fid": 1, "pos0": 0, "pos1": 4, "memo": "Look here.", "owner": "ben"}],
        source=[
            {"id": 1, "name": "Call 1", "fulltext": TEXT, "memo": "A long call.", "owner": "ana"},
            {"id": 2, "name": "photo.jpg", "mediapath": "/images/photo.jpg"},
        ],
    )
    taken = exchange.take_in(tmp_path / "new", folder)
    said = "\n".join(taken.notes)
    assert "no place here: photo.jpg" in said
    assert "1 codings of pictures" in said
    assert "2 codings of recordings" in said
    assert "their code is not in the file" in said
    memos = {(memo.author, memo.text) for memo in study.load(tmp_path / "new").memos}
    assert ("ana", "A long call.") in memos
    assert any("Look here." in text for author, text in memos if author == "ben")


def test_what_qualcoder_made_of_our_own_notes_and_sets_is_ours_again(tmp_path):
    note = {"jid": 1, "name": "Memo on code making.co-design (ben)", "jentry": "Wide?"}
    said = "Memo (ana): She hesitates.\n\nMemo (ben): So\n\nhe does."
    worked = "Worked on by zoe"
    folder = qualcoder(
        tmp_path / "theirs.qda",
        TEXT,
        [],
        journal=[note | {"owner": "default", "date": DAY}],
        source=[{"id": 1, "name": "P01", "fulltext": TEXT, "memo": said, "owner": "default"}],
        attribute_type=[{"name": worked}, {"name": "interviewer labels"}],
        attribute=[
            {"attrid": 1, "name": worked, "attr_type": "file", "value": worked, "id": 1},
            {
                "attrid": 2,
                "name": "interviewer labels",
                "attr_type": "file",
                "value": "Jo",
                "id": 1,
            },
        ],
    )
    taken = exchange.take_in(tmp_path / "new", folder)
    found = study.load(tmp_path / "new")
    assert {(one.author, one.kind, one.text) for one in found.memos} == {
        ("ben", "code", "Wide?"),
        ("ana", "transcript", "She hesitates."),
        ("ben", "transcript", "So\n\nhe does."),
    }
    assert found.assigned == {"zoe": frozenset({"P01"})}
    assert {turn.speaker for turn in found.sources[0].turns if turn.role == "interviewer"} == {"Jo"}
    assert not any("guess" in note for note in taken.notes)
    assert list(found.cases[0].values) == ["id", "consent", "group", "transcript"]


def test_an_early_database_lacks_columns_and_tables(tmp_path):
    tables = {
        "project": "databaseversion",
        "source": "id, name, fulltext",
        "code_name": "cid, name",
        "code_text": "cid, fid, pos0, pos1",
        "cases": "caseid, name",
    }
    rows = {
        "source": [{"id": 1, "name": "a", "fulltext": TEXT}],
        "code_name": [{"cid": 1, "name": "Risk"}],
        "code_text": [{"cid": 1, "fid": 1, "pos0": 12, "pos1": 16}],
    }
    path = database(tmp_path / "data.qda", tables, rows)
    exchange.take_in(tmp_path / "new", path)
    assert len(quotes(tmp_path / "new")) == 1


def test_a_ring_of_categories_ends(tmp_path):
    rings = [{"catid": 1, "name": "a", "supercatid": 2}, {"catid": 2, "name": "b", "supercatid": 1}]
    folder = qualcoder(tmp_path / "theirs.qda", TEXT, [], code_cat=rings)
    exchange.take_in(tmp_path / "new", folder)
    assert {code.name for code in study.load(tmp_path / "new").codebook} >= {"a", "b"}


# -- Taguette --------------------------------------------------------------------------------------

PAGE = (
    "<p>Jo: So 😀?</p>\n<p>\xa0</p>\n<p>Dana: We <b>wrote</b> it &amp; them &lt;b&gt;.</p>"
    "<ul><li>one</li><li>two é</li></ul>"
)


def bytes_of(*parts):
    return len("".join(parts).encode())


def test_a_project_of_taguette_becomes_a_study(tmp_path, capsys):
    head = "Jo: So 😀?\n\xa0\n"
    start = bytes_of(head, "Dana: We ")
    end = start + bytes_of("wrote it & them")
    item = bytes_of(head, "Dana: We wrote it & them <b>.", "one")
    file = taguette(
        tmp_path / "theirs.sqlite3",
        PAGE,
        [(start, end, [1, 2]), (item, item + bytes_of("two é"), [2]), (0, 2, [])],
    )
    status, out, _ = run(capsys, "import", file, "--interviewer", "Jo", "-C", tmp_path / "new")
    assert status == 0
    assert "tags that others stand below were made codes, too: risk" in out
    assert quotes(tmp_path / "new") == {
        ("ana", "risk.fad", "wrote it & them"),
        ("ana", "trust", "wrote it & them"),
        ("ana", "trust", "two é"),
    }
    found = study.load(tmp_path / "new")
    assert found.codebook["risk.fad"].definition == "It will pass."
    assert found.codebook["risk.fad"].exclude == "regulation."
    assert found.codings[0].created.isoformat() == "2024-05-06T10:00:00.250000+00:00"
    assert "neither a code nor a comment" in out


PARTS = ("a", "é ", "😀", "\xa0", "<b>", "</b>", "<br>", "&amp;", "<p>", "</p>", "\n", " ")


@given(st.lists(st.sampled_from(PARTS), max_size=25))
def test_bytes_of_a_document_lead_to_the_same_letters(parts):
    """Against the rule itself: all text between tags, counted in UTF-8."""
    words = Words("<p>x</p>" + "".join(parts))
    plain = "x" + "".join({"&amp;": "&"}.get(one, one) for one in parts if one[0] != "<")
    for place, letter in enumerate(plain):
        if letter.isspace():
            continue
        start = len(plain[:place].encode())
        found = words.text[words.place(start) : words.place(start + len(letter.encode()), end=True)]
        assert found == letter


def test_several_projects_in_one_database_are_told(tmp_path):
    projects = [{"id": 1, "name": "One"}, {"id": 2, "name": "Two"}]
    file = taguette(tmp_path / "all.sqlite3", PAGE, [], projects=projects)
    with pytest.raises(NotPossibleError, match="2 projects \\('One', 'Two'\\)"):
        exchange.take_in(tmp_path / "new", file)


# -- files that nobody should open -----------------------------------------------------------------


def refused(tmp_path, path, said):
    with pytest.raises(NotPossibleError, match=said) as error:
        exchange.take_in(tmp_path / "new", path)
    assert "\n" not in str(error.value)
    assert not (tmp_path / "new").exists()


def test_what_is_no_database_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "a.qda").write_text("no database")
    refused(tmp_path, tmp_path / "a.qda", "is no database")
    (tmp_path / "b.sqlite3").write_bytes(b"")
    refused(tmp_path, tmp_path / "b.sqlite3", "is no database")
    refused(tmp_path, tmp_path / "none.qda", "no such file")
    refused(tmp_path, database(tmp_path / "c.db", {"t": "a"}, {}), "neither QualCoder nor Taguette")


@pytest.mark.parametrize("cut", [17, 4096, 9000])
def test_a_cut_database_is_damaged(tmp_path, cut):
    folder = qualcoder(tmp_path / "t.qda", TEXT * 500, [(*at("wrote"), 1, "ana", "")])
    data = (folder / "data.qda").read_bytes()
    assert len(data) > cut
    (folder / "data.qda").write_bytes(data[:cut])
    refused(tmp_path, folder, "damaged|neither")


@settings(max_examples=40)
@given(st.data())
def test_a_database_with_bytes_changed_is_read_or_refused(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("bytes")
    path = qualcoder(folder / "t.qda", TEXT, [(*at("wrote"), 1, "ana", "")]) / "data.qda"
    held = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        held[data.draw(st.integers(0, len(held) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(held)
    with contextlib.suppress(NotPossibleError):
        exchange.take_in(folder / "new", path, dry_run=True)


def test_views_triggers_and_reckoned_columns_are_no_tables(tmp_path):
    """A view may take for ever; a reckoned column may run anything that SQLite has."""
    folder = qualcoder(tmp_path / "t.qda", TEXT, [])
    endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select x from n"
    with closing(sqlite3.connect(folder / "data.qda")) as link:
        link.execute("drop table code_text")
        link.execute(f"create view code_text as {endless}")
        link.commit()
    refused(tmp_path, folder, "neither QualCoder nor Taguette")
    other = qualcoder(tmp_path / "u.qda", TEXT, [])
    with closing(sqlite3.connect(other / "data.qda")) as link:
        link.execute("drop table annotation")
        link.execute(
            "create table annotation (fid, pos0, pos1, owner, date, a, "
            "memo as (zeroblob(900000000)) virtual)"
        )
        link.execute("insert into annotation (fid, pos0, pos1) values (1, 0, 4)")
        link.commit()
    exchange.take_in(tmp_path / "new", other)
    assert not any("Look" in memo.text for memo in study.load(tmp_path / "new").memos)


def test_a_database_is_only_read(tmp_path):
    folder = qualcoder(tmp_path / "t.qda", TEXT, [(*at("wrote"), 1, "ana", "")])
    before = files_of(folder)
    exchange.take_in(tmp_path / "new", folder)
    assert files_of(folder) == before


def test_a_project_that_is_being_written_is_waited_for_or_named(tmp_path, monkeypatch):
    folder = qualcoder(tmp_path / "t.qda", TEXT, [])
    real = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *given, **more: real(*given, **(more | {"timeout": 0.05}))
    )
    with closing(real(folder / "data.qda")) as link:
        link.execute("begin exclusive")
        refused(tmp_path, folder, "open in another program")


def test_words_in_odd_encodings_and_kinds_are_still_words(tmp_path):
    rows = [{"id": 1, "name": b"caf\xff", "fulltext": TEXT.encode()}, {"id": "x", "name": 7}]
    folder = qualcoder(tmp_path / "t.qda", TEXT, [], source=rows)
    exchange.take_in(tmp_path / "new", folder)
    assert len(study.load(tmp_path / "new").sources) == 1
