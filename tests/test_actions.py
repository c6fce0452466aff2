"""Beginning a study, taking in transcripts, adding a coding."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import study
from study import actions
from study.errors import NotPossibleError
from study.transcripts import canonical


@pytest.fixture
def fresh(tmp_path):
    folder = tmp_path / "my study"
    study.init(folder)
    return folder


def receive(folder, name="call.txt", text="Interviewer: Who are you?\n\nJo: A broker.\n"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_new_study_has_no_problems(fresh):
    assert study.check(fresh) == []
    project = study.load(fresh)
    assert project.sources == ()
    assert project.settings.provenance == "collected"
    for name in ("interviews", "codebooks", "analysis", "figures", "study.toml", "README.md"):
        assert (fresh / name).exists(), name


def test_a_study_is_not_made_over_another(fresh):
    before = (fresh / "study.toml").read_bytes()
    with pytest.raises(NotPossibleError, match="already holds a study"):
        study.init(fresh)
    assert (fresh / "study.toml").read_bytes() == before


def test_files_that_were_there_are_kept(tmp_path):
    (tmp_path / "README.md").write_text("mine")
    study.init(tmp_path)
    assert (tmp_path / "README.md").read_text() == "mine"


def test_an_imported_transcript_is_canonical_enrolled_and_never_quoted_yet(fresh, tmp_path):
    path = receive(tmp_path)
    (result,) = study.import_transcripts(fresh, [path], name="P01")
    assert not result.failed
    assert study.check(fresh) == []
    project = study.load(fresh)
    assert [turn.role for turn in project.source("P01").turns] == ["interviewer", "participant"]
    assert [case.consent for case in project.cases] == ["analyse only"]
    assert (fresh / "interviews/received/call.txt").read_bytes() == path.read_bytes()
    assert "P01,call.txt," in (fresh / "interviews/imports.csv").read_text()


def test_importing_again_changes_nothing(fresh, tmp_path):
    path = receive(tmp_path)
    list(study.import_transcripts(fresh, [path]))
    before = {file: file.read_bytes() for file in fresh.rglob("*") if file.is_file()}
    (again,) = study.import_transcripts(fresh, [path])
    assert again.outcome == "unchanged"
    assert {file: file.read_bytes() for file in fresh.rglob("*") if file.is_file()} == before


def test_one_bad_file_does_not_stop_the_folder(fresh, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    receive(inbox, "good.txt")
    (inbox / "bad.docx").write_bytes(b"not a zip")
    (inbox / "empty.vtt").write_bytes(b"")
    results = list(study.import_transcripts(fresh, [inbox, inbox / "gone.txt"]))
    assert [(result.path.name, result.failed) for result in results] == [
        ("bad.docx", True),
        ("empty.vtt", True),
        ("good.txt", False),
        ("gone.txt", True),
    ]
    assert [source.name for source in study.load(fresh).sources] == ["good"]


def test_other_words_never_replace_a_transcript_unasked(fresh, tmp_path):
    list(study.import_transcripts(fresh, [receive(tmp_path)]))
    other = receive(tmp_path, text="Interviewer: Who are you?\n\nJo: Somebody else.\n")
    (refused,) = study.import_transcripts(fresh, [other])
    assert refused.failed
    assert "--replace" in refused.outcome
    (done,) = study.import_transcripts(fresh, [other], replace=True)
    assert done.outcome == "imported"


def test_a_coded_transcript_is_never_replaced(tiny, tmp_path):
    before = (tiny / "interviews/T1.txt").read_bytes()
    (refused,) = study.import_transcripts(tiny, [receive(tmp_path, "T1.txt")], replace=True)
    assert "has been coded by ana, ben, consensus" in refused.outcome
    assert (tiny / "interviews/T1.txt").read_bytes() == before


def test_a_dry_run_writes_nothing(fresh, tmp_path):
    before = sorted(fresh.rglob("*"))
    (result,) = study.import_transcripts(fresh, [receive(tmp_path)], dry_run=True)
    assert result.outcome == "would be imported"
    assert sorted(fresh.rglob("*")) == before


def test_pseudonymise_replaces_the_label_and_keeps_words_and_times(fresh, tmp_path):
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann Lee>Who?</v>\n\n"
    text += "00:03.000 --> 00:04.000\n<v Jo Roe>Me, Jo Roe.</v>\n"
    path = receive(tmp_path, "c.vtt", text)
    (result,) = study.import_transcripts(
        fresh, [path], name="P07", interviewers=["Ann Lee"], pseudonymise=True
    )
    assert not result.failed, result.outcome
    written = (fresh / "interviews/P07.txt").read_text()
    assert "P07 [00:00:03]: Me, Jo Roe." in written
    assert "Jo Roe [" not in written
    source = study.load(fresh).source("P07")
    assert [turn.role for turn in source.turns] == ["interviewer", "participant"]


def test_a_coding_is_added_by_its_words(tiny):
    made = study.add(
        tiny, "T3", "staff", coder="cleo", quote="learn on Tuesday", stance="positive", memo="a\nb"
    )
    project = study.load(tiny)
    assert project.source("T3").quote(made.selection) == "learn on Tuesday"
    assert made in project.codings
    assert made.code == "learning.staff"


@pytest.mark.parametrize(
    "quote",
    [
        "We sit down with the bank \U0001f3e6 and write it together.",
        "We  sit down\nwith the bank",
        "We sit ... together.",
        "They bring the cases, we bring the exam. It took",
    ],
)
def test_a_quotation_may_be_spaced_otherwise_or_left_out_in_the_middle(tiny, quote):
    source = study.load(tiny).source("T1")
    found = source.quote(actions.passage(source, quote)).split()
    assert found[0] == quote.split()[0]
    assert found[-1] == quote.split()[-1]


def test_typographic_quotes_and_dashes_match_plain_ones():
    source = canonical.parse("P", "A: \u201cIt\u2019s mine\u201d \u2013 he said.\n")
    found = actions.passage(source, '"It\'s mine" - he said.')
    assert source.quote(found) == "\u201cIt\u2019s mine\u201d \u2013 he said."


def test_a_line_stands_for_its_turn(tiny):
    source = study.load(tiny).source("T1")
    assert source.quote(actions.passage(source, line=9)).startswith("We sit down")
    assert actions.passage(source, line=10) == actions.passage(source, line=9)
    with pytest.raises(NotPossibleError, match="holds no one's words"):
        actions.passage(source, line=1)
    with pytest.raises(NotPossibleError, match="has 10 lines"):
        actions.passage(source, line=99)


@given(st.data())
def test_every_passage_can_be_found_by_its_own_words(data):
    words = ["ab", "c\u0301", "\U0001f468\u200d\U0001f469", "d'e", "x-y", "(f)", "g*", "..."]
    text = "A: " + " ".join(data.draw(st.lists(st.sampled_from(words), min_size=1))) + "\n"
    source = canonical.parse("P", text)
    turn = source.turns[0].selection
    start = data.draw(st.integers(turn.start, turn.end - 1))
    end = data.draw(st.integers(start + 1, turn.end))
    quote = text[start:end].strip()
    assume(quote and text.count(quote) == 1 and "..." not in quote)
    assert source.quote(actions.passage(source, quote)) == quote


def test_a_coding_is_taken_back_and_the_log_remembers(tiny):
    made = study.add(tiny, "T3", "staff", coder="cleo", quote="learn on Tuesday")
    with pytest.raises(NotPossibleError, match="ben has 0 codings"):
        study.remove(tiny, made.id, coder="ben")
    study.remove(tiny, made.id[:8], coder="cleo", memo="too narrow")
    assert made not in study.load(tiny).codings
    log = (tiny / "codebooks/tiny/codings/cleo/T3.csv").read_text()
    assert "too narrow" in log
    assert log.count(made.id) == 2


def test_a_label_or_a_note_cannot_be_coded(tiny):
    for words in ("Composed for demonstration", "T1 [00:00:05]"):
        with pytest.raises(NotPossibleError, match="does not hold"):
            study.add(tiny, "T1", "meaning", coder="ana", quote=words)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"source": "T9"}, "there is no transcript 'T9'"),
        ({"code": "stff"}, "is not in the codebook; did you mean"),
        ({"stance": "good"}, "is none of positive"),
        ({"quote": "never said"}, "does not hold the words"),
        ({"quote": "it"}, "times"),
        ({"quote": ""}, "needs a passage"),
        ({"coder": "../x"}, "must be letters"),
    ],
)
def test_a_coding_that_cannot_be_made_is_refused(tiny, arguments, message):
    values = {"source": "T1", "code": "meaning", "coder": "ana", "quote": "Nobody"} | arguments
    before = {file: file.read_bytes() for file in tiny.rglob("*") if file.is_file()}
    with pytest.raises(NotPossibleError, match=message):
        study.add(tiny, **values)
    assert {file: file.read_bytes() for file in tiny.rglob("*") if file.is_file()} == before


def test_the_same_coding_twice_is_refused(tiny):
    study.add(tiny, "T1", "assessed", coder="cleo", quote="a test")
    with pytest.raises(NotPossibleError, match="before"):
        study.add(tiny, "T1", "assessed", coder="cleo", quote="a test")
