"""What names a speaker and what doesn't; who interviews, and how that was decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from study.transcripts import Received, canonical, receive
from study.transcripts.roles import asks, is_unknown


def received(tmp_path: Path, text: str, interviewers: tuple[str, ...] = ()) -> Received:
    """Receive a plain text."""
    path = tmp_path / "P01.txt"
    path.write_text(text, encoding="utf-8")
    return receive(path, interviewers=interviewers)


@pytest.mark.parametrize(
    "label",
    [
        "Interviewer",
        "INTERVIEWER 2",
        "I",
        "I1",
        "Int.",
        "Q",
        "Researcher 1",
        "Moderator",
        "Facilitator B",
        "Jane Smith (Interviewer)",
        "Interviewer (Jane)",
        "Interviewer - JS",
        "Jane - Moderator",
    ],
)
def test_labels_that_ask(label: str) -> None:
    assert asks(label)


@pytest.mark.parametrize(
    "label",
    ["Interviewee", "P1", "R", "Jane", "Participant", "Ian", "Speaker 1", "A", "Ingrid", "Quentin"],
)
def test_labels_that_answer(label: str) -> None:
    assert not asks(label)


@pytest.mark.parametrize("label", ["Unknown Speaker", "unknown", "Unidentified voice", "???", ""])
def test_labels_of_nobody(label: str) -> None:
    assert is_unknown(label)


@pytest.mark.parametrize(
    "line",
    [
        "Two things: money and time.",
        "So: yes.",
        "Note: said in passing.",
        "Break even: never.",
        "http://example.org",
        "10:36 it was.",
        "I said to her: no.",
        "(laughs): funny.",
        "Ratio 3:1 it was.",
        "Date: a fig, I said.",
        "Anyway: no.",
        "And then, Dana: no.",
        "Well, because: no.",
    ],
)
def test_lines_that_name_no_speaker(tmp_path: Path, line: str) -> None:
    talk = f"I: Why?\n\nDana: Because.\n{line}\n\nI: Mm.\n\nDana: Yes."
    source = received(tmp_path, talk).source
    assert {turn.speaker for turn in source.turns} == {"I", "Dana"}
    assert source.quote(source.turns[1].selection) == f"Because.\n{line}"


def test_a_name_may_stand_once(tmp_path: Path) -> None:
    source = received(tmp_path, "I: Why?\nDana: Because.\nI: And you?\nVan der Meer: No.").source
    assert [turn.speaker for turn in source.turns] == ["I", "Dana", "I", "Van der Meer"]


def test_spellings_of_one_label_are_one_speaker(tmp_path: Path) -> None:
    source = received(tmp_path, "DANA: One.\nDana : Two.\nI: Mm.\nDana: Three.\n").source
    assert [turn.speaker for turn in source.turns] == ["Dana", "I", "Dana"]


def test_header_is_no_talk(tmp_path: Path) -> None:
    head = "Interviewer: Mira Osei\nInterviewee: P07\nDate: 12/05/2021\nTime: 10:36"
    got = received(tmp_path, f"{head}\n\nMira: Why?\nP07: Because.\nMira: Mm.\nP07: Yes.")
    assert canonical.notes(got.source.text) == [head]
    assert (got.interviewer, got.decided) == (("Mira",), "label")
    assert got.warnings == ()


def test_two_people_without_a_date_are_a_header_too(tmp_path: Path) -> None:
    head = "Interviewer: Mira Osei\nParticipant: Dana Whitlock"
    got = received(tmp_path, f"{head}\n\nInterviewer: So, why?\nParticipant: Because I could.")
    assert canonical.notes(got.source.text) == [head]


def test_first_turns_are_no_header(tmp_path: Path) -> None:
    got = received(tmp_path, "Interviewer: Hello\nParticipant: Hello, hello.\nInterviewer: So?")
    assert len(got.source.turns) == 3


def test_names_given_decide(tmp_path: Path) -> None:
    got = received(tmp_path, "Mira: Mm.\nDana: Why? Why?\nMira: Mm.\nDana: Why?", ("mira",))
    assert (got.interviewer, got.decided, got.warnings) == (("Mira",), "given", ())
    assert [turn.role for turn in got.source.turns][:2] == ["interviewer", "participant"]


def test_names_given_that_nobody_bears_are_reported(tmp_path: Path) -> None:
    got = received(tmp_path, "I: Why?\nDana: Because.", ("Mira",))
    assert (got.interviewer, got.decided) == (("I",), "label")
    assert "Mira" in got.warnings[0]


def test_guess_is_said_to_be_one(tmp_path: Path) -> None:
    talk = "Mira: Why?\nDana: Because.\n" * 3
    got = received(tmp_path, talk)
    assert (got.interviewer, got.decided) == (("Mira",), "guess")
    assert "is a guess: Mira" in got.warnings[0]


def test_nobody_is_marked_where_questions_do_not_tell(tmp_path: Path) -> None:
    got = received(tmp_path, "Mira: Why?\nDana: Why not?\n" * 3)
    assert (got.interviewer, got.decided) == ((), "")
    assert {turn.role for turn in got.source.turns} == {"participant"}
    assert got.warnings


def test_one_label_among_unlabelled_talk_is_not_given_all_of_it(tmp_path: Path) -> None:
    talk = "I click here.\nMODERATOR: Why?\nI do.\nStill do.\nAnd here.\nMODERATOR: Mm.\nYes.\nNo."
    got = received(tmp_path, talk)
    assert [turn.speaker for turn in got.source.turns] == ["MODERATOR", "Unknown speaker"] * 2
    assert "only MODERATOR is labelled" in " ".join(got.warnings)


def test_long_unlabelled_beginning_is_reported(tmp_path: Path) -> None:
    got = received(tmp_path, "word " * 50 + "\nI: Why?\nDana: Because.")
    assert "50 words above" in got.warnings[0]


def test_pronouns_belong_to_the_label(tmp_path: Path) -> None:
    source = received(
        tmp_path, "Zo\u00eb Tait (she/her): Why?\nI: Mm.\nZo\u00eb Tait (she/her): So."
    ).source
    assert {turn.speaker for turn in source.turns} == {"Zo\u00eb Tait (she/her)", "I"}


def test_role_in_small_letters_is_a_label_where_it_recurs_with_times(tmp_path: Path) -> None:
    talk = "Mira [00:00:01]: Why?\n\nCareers lead [00:00:02]: Because.\n\n" * 3
    source = received(tmp_path, talk).source
    assert {turn.speaker for turn in source.turns} == {"Mira", "Careers lead"}


def test_title_in_the_first_subtitle_is_a_note(tmp_path: Path) -> None:
    cues = ["[Composed, not data.]", "I: Why?", "[laughter]", "Dana: So - because of P-07 - yes."]
    path = tmp_path / "P01.srt"
    path.write_text(
        "\n".join(f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{cue}\n" for i, cue in enumerate(cues))
    )
    text = receive(path).source.text
    assert text.startswith("[Composed, not data.]\n\nI [00:00:01]: Why? [laughter]\n\nDana")
    assert text.endswith("So - because of P-07 - yes.\n")
