"""Labels as transcribers really write them, and turns that have marks instead of labels."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from study.transcripts import Received, canonical, receive
from study.transcripts.roles import answers, asks

from . import composed

Turns = list[tuple[str, str]]


def received(tmp_path: Path, text: str, suffix: str = ".txt") -> Received:
    """Receive a text."""
    path = tmp_path / f"P01{suffix}"
    path.write_text(text, encoding="utf-8")
    return receive(path)


def turns(got: Received) -> Turns:
    """Return speaker and words of every turn."""
    return [(turn.speaker, got.source.quote(turn.selection)) for turn in got.source.turns]


def dialogue(first: str, second: str, colon: str = ": ") -> str:
    """Compose a talk of two labels."""
    said = ["Why?", "Because.", "Really?", "Yes."]
    return "\n".join(f"{(first, second)[i % 2]}{colon}{line}" for i, line in enumerate(said))


def cues(*lines: str) -> str:
    """Compose subtitles."""
    return "\n".join(
        f"{i}\n00:00:{i:02d},000 --> 00:00:{i:02d},900\n{line}\n" for i, line in enumerate(lines, 1)
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Zo\u00eb Tait (she/her)", "Alex (they/them)"),
        ("Interviewer", "Jane (UniA, Broker)"),
        ("J.S.", "D.W."),
        ("MIRA OSEI", "DANA WHITLOCK"),
        ("IV", "IE"),
        ("O'Brien", "Mary-Jane St. John"),
        ("Smith, Jane", "M\u00fcller, Eva"),
        ("Dr. Jane Smith", "Prof M\u00fcller"),
        ("SPEAKER_00", "SPEAKER_01"),
        ("Speaker 1", "Speaker 2"),
        ("Question", "Answer"),
        ("Frage", "Antwort"),
        ("Interviewerin", "Befragter"),
        ("Entrevistadora", "Entrevistado"),
        ("\u4e3b\u6301\u4eba", "\u53d7\u8bbf\u8005"),
        ("\u738b\u82b3", "\u674e\u660e"),
        (
            "\u0627\u0644\u0645\u062d\u0627\u0648\u0631",
            "\u0627\u0644\u0645\u0634\u0627\u0631\u0643",
        ),
        ("\u05d0\u05d5\u05e8\u05d9", "\u05d3\u05e0\u05d4"),
    ],
)
@pytest.mark.parametrize("colon", [": ", " : ", "\uff1a", ":\t"])
def test_labels_of_all_kinds(tmp_path: Path, first: str, second: str, colon: str) -> None:
    got = received(tmp_path, dialogue(first, second, colon))
    assert turns(got) == [
        (first, "Why?"),
        (second, "Because."),
        (first, "Really?"),
        (second, "Yes."),
    ]
    assert got.interviewer == (first,)


@pytest.mark.parametrize(
    "label",
    "Interviewer:in Interviewer*in Interviewerin Moderator/-in Intervieweur Enqu\u00eatrice "
    "Entrevistador Entrevistadora Intervistatrice Intervjuare Haastattelija Tazatelka "
    "\u0418\u043d\u0442\u0435\u0440\u0432\u044c\u044e\u0435\u0440 \u4e3b\u6301\u4eba "
    "\u805e\u304d\u624b \uba74\uc811\uc790 \u05de\u05e8\u05d0\u05d9\u05d9\u05e0\u05ea".split(),
)
def test_those_who_ask_in_other_languages(label: str) -> None:
    assert asks(label)
    assert not answers(label)


@pytest.mark.parametrize(
    "label",
    "Befragte Befragte:r Interviewte*r Enqu\u00eat\u00e9e Entrevistado Respondentka "
    "\u53d7\u8bbf\u8005 "
    "\u0423\u0447\u0430\u0441\u0442\u043d\u0438\u0446\u0430 Interviewee".split(),
)
def test_those_who_answer_in_other_languages(label: str) -> None:
    assert answers(label)
    assert not asks(label)


def test_gender_colon_is_written_as_a_star(tmp_path: Path) -> None:
    got = received(tmp_path, dialogue("Interviewer:in", "Befragte:r"))
    assert [turn.speaker for turn in got.source.turns][:2] == ["Interviewer*in", "Befragte*r"]


def test_direction_marks_belong_to_no_name(tmp_path: Path) -> None:
    name = "\u200f\u05d0\u05d5\u05e8\u05d9\u200f"
    got = received(tmp_path, dialogue(name, "\u200f\u05d3\u05e0\u05d4\u200f"))
    assert got.source.turns[0].speaker == "\u05d0\u05d5\u05e8\u05d9"


def test_nicknames_are_left_alone_and_noted(tmp_path: Path) -> None:
    talk = "Interviewer: Why?\nDana Whitlock: So.\nInterviewer: And?\nDana: Yes.\n" * 2
    got = received(tmp_path, talk)
    assert {turn.speaker for turn in got.source.turns} == {"Interviewer", "Dana Whitlock", "Dana"}
    assert "Dana and Dana Whitlock" in got.warnings[-1]


def test_header_names_two_interviewers(tmp_path: Path) -> None:
    head = "Interviewers: Mira Osei and Jonas Rask\nParticipant: Dana"
    got = received(tmp_path, f"{head}\n\nMira: Why?\nDana: So.\nJonas: And?\nDana: Yes.\n")
    assert (got.interviewer, got.decided) == (("Mira", "Jonas"), "label")


def test_header_gives_names_to_initials(tmp_path: Path) -> None:
    head = "Interviewer: Mira Osei\nParticipants: Dana Whitlock, Tom Baker\nDate: 12 May"
    got = received(tmp_path, f"{head}\n\nMO: Why.\nDW: So?\nMO: And.\nTB: Yes?\nDW: Mm.")
    assert (got.interviewer, got.decided) == (("MO",), "label")
    assert canonical.notes(got.source.text) == [head]


def test_focus_group_of_ten(tmp_path: Path) -> None:
    names = "Ann Bob Cy Dee Eve Flo Gus Hal Ivy Jo".split()
    talk = "Moderator: Who begins?\n" + "\n".join(f"{name}: Not me." for name in names)
    got = received(tmp_path, f"{talk}\nModerator: So?\nAnn: All right.")
    assert [turn.speaker for turn in got.source.turns] == ["Moderator", *names, "Moderator", "Ann"]
    assert got.interviewer == ("Moderator",)


def test_backchannels_are_turns_and_those_in_brackets_words(tmp_path: Path) -> None:
    talk = "I: Why?\nR: Because I\nI: Mhm.\nR: wanted [I: yeah] (I: mm) to.\nI: Ok."
    assert turns(received(tmp_path, talk)) == [
        ("I", "Why?"),
        ("R", "Because I"),
        ("I", "Mhm."),
        ("R", "wanted [I: yeah] (I: mm) to."),
        ("I", "Ok."),
    ]


def test_times_inside_a_turn_are_kept_where_they_stand(tmp_path: Path) -> None:
    talk = (
        "I: Why? [00:01:00] Tell me.\nR: Because [00:02:03] I wanted: it.\n[00:05:00]\nSo.\nI: Mm."
    )
    assert turns(received(tmp_path, talk)) == [
        ("I", "Why? [00:01:00] Tell me."),
        ("R", "Because [00:02:03] I wanted: it.\n[00:05:00]\nSo."),
        ("I", "Mm."),
    ]


def test_time_alone_above_a_label_is_its_time(tmp_path: Path) -> None:
    got = received(tmp_path, "00:00:03\nMira: Why?\n\n[00:00:08]\nDana: So.\n\n00:01:02\nMira: Mm?")
    assert [turn.start_time for turn in got.source.turns] == [3.0, 8.0, 62.0]
    assert turns(got)[1] == ("Dana", "So.")


def test_zoom_captions(tmp_path: Path) -> None:
    talk = "[Mira Osei] 10:36:03\nWhy?\n\n[Dana] 10:36:05\nSo.\n\n[Mira Osei] 10:36:09\nOh?"
    got = received(tmp_path, talk)
    assert turns(got)[0] == ("Mira Osei", "Why?")
    assert got.source.turns[1].start_time == 38165.0


@pytest.mark.parametrize("layout", ["{} - {}", "{} \u2014 {}", "[{}] {}", "<{}> {}", "{}\n{}"])
def test_other_layouts_where_they_mark_every_turn(tmp_path: Path, layout: str) -> None:
    said = [("Mira", "Why?"), ("Dana", "Because."), ("Mira", "Really?"), ("Dana", "Yes.")]
    got = received(tmp_path, "\n".join(layout.format(*turn) for turn in said))
    assert turns(got) == said


def test_dashes_and_brackets_within_talk_name_nobody(tmp_path: Path) -> None:
    talk = "so we went\n[Laughter] yes\nLondon - it rained\n[Laughter] no\nLondon - again\n" * 3
    got = received(tmp_path, talk)
    assert {turn.speaker for turn in got.source.turns} == {"Unknown speaker"}
    assert len(got.source.turns) == 1


def test_numbered_paragraphs(tmp_path: Path) -> None:
    got = received(tmp_path, "1. I: Why?\n2. R: Because.\n3. I: And 2?\n4. R: So.")
    assert turns(got)[2] == ("I", "And 2?")
    assert got.dropped == ("4 numbers before paragraphs: 1 to 4",)


def test_list_inside_a_turn_keeps_its_numbers(tmp_path: Path) -> None:
    talk = "I: Why?\nR: Four things.\n1. Money\n2. Time\n3. Luck\n4. More money\nI: Mm."
    assert "1. Money\n2. Time" in received(tmp_path, talk).source.text


def test_name_before_a_colon_inside_a_paragraph_is_no_speaker(tmp_path: Path) -> None:
    talk = "I: Why?\n\nDana: A book.\nUlysses: a novel.\n\n" * 1 + "I: So?\n\nDana: Yes.\n\n" * 3
    speakers = {turn.speaker for turn in received(tmp_path, talk).source.turns}
    assert speakers == {"I", "Dana"}


@pytest.mark.parametrize("suffix", [".srt", ".vtt"])
def test_chevrons_begin_turns_of_nobody_known(tmp_path: Path, suffix: str) -> None:
    text = cues(">> Why did you come?", ">> Because", "I wanted.", ">> And?")
    text = f"WEBVTT\n\n{text.replace(',', '.')}" if suffix == ".vtt" else text
    got = received(tmp_path, text, suffix)
    assert turns(got) == [
        ("Unknown speaker", "Why did you come?"),
        ("Unknown speaker", "Because I wanted."),
        ("Unknown speaker", "And?"),
    ]
    assert "without names" in got.warnings[0]


def test_chevron_without_a_name_is_not_given_to_the_last_one_named(tmp_path: Path) -> None:
    got = received(tmp_path, cues(">> MIRA: Why?", ">> DANA: So.", ">> Who's there?"), ".srt")
    assert turns(got)[-1] == ("Unknown speaker", "Who's there?")


def test_dashes_in_subtitles_begin_turns(tmp_path: Path) -> None:
    got = received(tmp_path, cues("- Why?\n- Because.", "I wanted.", "- And?\n- So."), ".srt")
    assert [said for _, said in turns(got)] == ["Why?", "Because. I wanted.", "And?", "So."]


def test_few_dashes_are_part_of_the_talk(tmp_path: Path) -> None:
    got = received(tmp_path, cues("I was", "- well -", *["going on"] * 20), ".srt")
    assert turns(got)[0][1].startswith("I was - well - going")


def test_dialogue_with_dashes_and_a_list_with_dashes(tmp_path: Path) -> None:
    got = received(tmp_path, "- Why?\n- Because.\n- And then?\n- Nothing.")
    assert [said for _, said in turns(got)] == ["Why?", "Because.", "And then?", "Nothing."]
    listed = received(tmp_path, "- Money\n- Time\n- Luck\n- Patience")
    assert turns(listed) == [("Unknown speaker", "- Money\n- Time\n- Luck\n- Patience")]


def test_bold_questions_and_plain_answers(tmp_path: Path) -> None:
    said = ["Why did you come?", "Because I wanted.", "And then?", "Nothing.", "No?", "No, it"]
    path = composed.docx(tmp_path / "P01.docx", [[(t, i % 2 == 0)] for i, t in enumerate(said)])
    xml = composed.part(path, "word/document.xml").decode().replace(composed.LABEL, "")
    path.write_bytes(composed.repacked(path.read_bytes(), "word/document.xml", xml.encode()))
    got = receive(path)
    assert [turn.speaker for turn in got.source.turns] == ["Speaker (bold)", "Speaker (plain)"] * 3
    assert (got.interviewer, got.decided) == (("Speaker (bold)",), "guess")
    assert "bold" in got.warnings[0]


def test_bold_statements_are_no_speaker(tmp_path: Path) -> None:
    got = received(
        tmp_path,
        "**Aims**\n\nWe ask why.\n\n**Method.**\n\nWe asked.\n\n**Thanks**\n\nTo all.",
        ".md",
    )
    assert {turn.speaker for turn in got.source.turns} == {"Unknown speaker"}


@pytest.mark.parametrize(
    "text",
    [
        "Title: Talks\nAuthor: Mira\n\nRights: CC BY.\nFunding: none.\nFiles: 12 docx\n",
        "# Data set\n\nTwelve.\n\n## Access\n\nOpen.\n\n## Funding\n\nNone.\n\n## Thanks\n",
        "Mira Osei made this.\n\nCaution: the names are made up, and nobody should be cited.\n",
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_readme_is_said_to_be_no_interview(tmp_path: Path, suffix: str, text: str) -> None:
    got = received(tmp_path, text, suffix)
    assert {turn.speaker for turn in got.source.turns} == {"Unknown speaker"}
    assert "may be no interview" in got.warnings[0] or "no speaker labels" in got.warnings[0]


@pytest.mark.parametrize(
    "talk",
    ["Mira: Why?\nDana: Because.", "I: Why?", "Dana: I went there alone.\nAnd stayed.", "A: b"],
)
def test_shortest_transcripts_are_still_transcripts(tmp_path: Path, talk: str) -> None:
    got = received(tmp_path, talk)
    assert "Unknown speaker" not in {turn.speaker for turn in got.source.turns}
    assert not any("no interview" in warning for warning in got.warnings)


def test_unknown_speakers_are_not_made_one(tmp_path: Path) -> None:
    talk = "\n\n".join(
        f"{who}\n{said}"
        for who, said in [
            ("Unknown Speaker  0:03", "Hello."),
            ("Unknown Speaker  0:07", "Hi."),
            ("Mira  0:09", "So."),
            ("Mira  0:12", "Yes."),
        ]
    )
    got = received(tmp_path, talk)
    assert turns(got) == [
        ("Unknown Speaker", "Hello."),
        ("Unknown Speaker", "Hi."),
        ("Mira", "So.\nYes."),
    ]


def test_one_speaker_has_no_two_turns_in_a_row(tmp_path: Path) -> None:
    got = received(tmp_path, "I: A?\nI: B?\n[Recording paused]\nDana: C.\nDANA: D.\nI: E?")
    speakers = [turn.speaker for turn in got.source.turns]
    assert all(above != below for above, below in pairwise(speakers))
