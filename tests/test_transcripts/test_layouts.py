"""Each layout that transcription services and people produce gives the right turns."""

from __future__ import annotations

from pathlib import Path

import pytest

from study.transcripts import Received, canonical, problems, receive

from . import composed

FIXTURES = Path(__file__).parent / "fixtures"
Turns = list[tuple[str, float | None, str]]
ASKED = "So, how did you come to this work?"


def turns(received: Received) -> Turns:
    """Return speaker, start and words of every turn."""
    source = received.source
    return [(t.speaker, t.start_time, source.quote(t.selection)) for t in source.turns]


EXPECTED: dict[str, Turns] = {
    "zoom.vtt": [
        ("Interviewer", 3.12, ASKED),
        (
            "Dana Whitlock",
            8.01,
            "Um, by accident & luck, mostly. One thing led to another: you know.",
        ),
        ("Interviewer", 15.5, "Mm."),
    ],
    "teams.vtt": [
        ("Mira Osei", 3.12, ASKED),
        (
            "Dana Whitlock",
            8.01,
            "Um, by accident & luck, mostly. One thing led to another: you know.",
        ),
        ("Mira Osei", 15.5, "Was it really luck?"),
    ],
    "labelled.srt": [
        ("Interviewer", 1.0, "[Composed for demonstration, not data] How many came?"),
        ("Dana", 3.5, "I'd say about 42 and then the <unclear> rest."),
    ],
    "otter.txt": [
        ("Mira Osei", 3.0, f"{ASKED} At 10:36 you said luck."),
        ("Dana Whitlock", 8.0, "Um, by accident, mostly."),
        ("Unknown Speaker", 3735.0, "(door opens) Sorry!"),
    ],
    "rev.txt": [
        ("Interviewer", 3.0, ASKED),
        ("Dana Whitlock", 8.0, "Um, by accident, mostly.\nMy advice: never plan."),
        ("Interviewer", 60.0, "Why?"),
    ],
    "initials.txt": [
        ("I", None, ASKED),
        (
            "R",
            None,
            "Um, by accident, mostly. (laughs)\nThere were two reasons: money and money.\n"
            "[pause]\nNote: this paragraph was said, too.",
        ),
        ("I", None, "And now?"),
        ("R", None, "Now it's 1:world, as we say."),
    ],
    "questions.txt": [
        ("Q", None, "How did you come to this work?"),
        ("A", None, "By accident."),
        ("Q", None, "A. Smith wrote that it was planned?"),
        ("A", None, "He would."),
    ],
    "bold.md": [
        ("Mira Osei", None, "How did you come to this work? [12:30]"),
        ("Dana Whitlock", None, "By accident [laughter]...\nIt was *1999*."),
        ("Mira Osei", None, "Why then?"),
    ],
    "headings.md": [
        ("Mira Osei", None, "How did you come to this work?"),
        ("Dana Whitlock", None, "By accident."),
        ("Mira Osei", None, "Why?"),
    ],
    "flow.txt": [
        ("Unknown speaker", None, "so how did you come to this work\num by accident mostly"),
    ],
    "turns.csv": [
        ("Interviewer", 3.12, ASKED),
        ("Dana", 8.01, "Um, by accident; mostly. One thing led to another."),
        ("Interviewer", 15.5, "Mm."),
    ],
    "whisper.tsv": [
        (
            "Unknown speaker",
            0.0,
            "Composed for demonstration, not data. so how did you come to this",
        ),
    ],
    "labelled.rtf": [
        ("Interviewer", None, "So, how did you come to this caf\u00e9?"),
        ("Dana", None, "Um, by \u201caccident\u201d, mostly. \u20ac5\nIt cost."),
        ("Interviewer", None, "Mm."),
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_layout_gives_its_turns(name: str) -> None:
    assert turns(receive(FIXTURES / name)) == EXPECTED[name]


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
def test_fixture_is_labelled_composed_and_its_canonical_text_is_clean(path: Path) -> None:
    text = receive(path).source.text
    assert "omposed for demonstration" in text
    assert problems(path, text) == []


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
def test_canonical_text_received_again_is_unchanged(path: Path, tmp_path: Path) -> None:
    first = receive(path).source.text
    again = tmp_path / "P01.txt"
    again.write_text(first, encoding="utf-8", newline="")
    assert receive(again).source.text == first


def test_notes_keep_header_break_and_pause_in_their_places() -> None:
    text = receive(FIXTURES / "initials.txt").source.text
    header = [
        composed.LABEL,
        "Date: 12 May 2021, 10:36",
        "Duration: 51m32s",
        "Participant: P07",
        "Interviewer: Mira Osei",
    ]
    assert canonical.notes(text) == ["\n".join(header), "Recording paused", "Break: 10 minutes"]
    assert text.index("[Recording paused]") < text.index("And now?") < text.index("[Break:")


def test_end_of_the_last_cue_ends_the_turn() -> None:
    source = receive(FIXTURES / "zoom.vtt").source
    assert [turn.end_time for turn in source.turns] == [7.45, 14.0, 16.25]


def test_what_is_not_said_is_reported_as_dropped() -> None:
    assert receive(FIXTURES / "otter.txt").dropped == ("Transcribed by https://otter.ai",)
    assert receive(FIXTURES / "labelled.srt").dropped == ("4 cue numbers or identifiers",)
    assert receive(FIXTURES / "turns.csv").dropped == ("column: Code",)


def test_flow_without_labels_is_said_to_be_one() -> None:
    received = receive(FIXTURES / "flow.txt")
    assert [turn.role for turn in received.source.turns] == ["unknown"]
    assert "no speaker labels" in received.warnings[0]


def test_teams_document(tmp_path: Path) -> None:
    path = composed.docx(
        tmp_path / "teams.docx",
        [
            "May 12, 2021, 10:36AM",
            "32m 5s",
            "Mira Osei started transcription",
            [("Mira Osei", True), ("   0:03\n", False), (ASKED, False)],
            [("Dana Whitlock", True), ("   0:08\n", False), ("Um, by accident.", False)],
            [("Dana Whitlock", True), ("   1:02:15\n", False), ("Mostly: yes.", False)],
            "Mira Osei stopped transcription",
        ],
    )
    received = receive(path)
    assert turns(received) == [
        ("Mira Osei", 3.0, ASKED),
        ("Dana Whitlock", 8.0, "Um, by accident.\nMostly: yes."),
    ]
    notes = canonical.notes(received.source.text)
    assert notes[-1] == "Mira Osei stopped transcription"
    assert "10:36AM" in notes[0]


def test_older_teams_document(tmp_path: Path) -> None:
    path = composed.docx(
        tmp_path / "teams.docx",
        [
            f"0:0:3.120 --> 0:0:7.450\nMira Osei\n{ASKED}",
            "0:0:8.10 --> 0:0:11.300\nDana Whitlock\nUm, by accident.",
            "0:0:12.0 --> 0:0:13.0\nMira Osei\nWhy?",
        ],
    )
    assert turns(receive(path)) == [
        ("Mira Osei", 3.12, ASKED),
        ("Dana Whitlock", 8.1, "Um, by accident."),
        ("Mira Osei", 12.0, "Why?"),
    ]


def test_word_transcribe_document(tmp_path: Path) -> None:
    path = composed.docx(
        tmp_path / "transcribe.docx",
        [
            "Audio file",
            "interview-p07.wav",
            "Transcript",
            "00:00:03 Speaker 1",
            ASKED,
            "00:00:08 Speaker 2",
            "Um, by accident. 00:10 on the clock.",
            "00:01:02 Speaker 1",
            "Mm, really?",
        ],
    )
    received = receive(path)
    assert turns(received) == [
        ("Speaker 1", 3.0, ASKED),
        ("Speaker 2", 8.0, "Um, by accident. 00:10 on the clock."),
        ("Speaker 1", 62.0, "Mm, really?"),
    ]
    assert (received.interviewer, received.decided) == (("Speaker 1",), "guess")


@pytest.mark.parametrize("bold", [True, False])
def test_hand_typed_document(tmp_path: Path, bold: bool) -> None:
    path = composed.docx(
        tmp_path / "typed.docx",
        [
            [("Interviewer:", bold), (" " + ASKED, False)],
            [("Dana: ", bold), ("Um, by accident.", False)],
            "Two things mattered: money and time.",
            [("Interviewer:", bold), ("\tMm.", False)],
        ],
    )
    assert turns(receive(path)) == [
        ("Interviewer", None, ASKED),
        ("Dana", None, "Um, by accident.\nTwo things mattered: money and time."),
        ("Interviewer", None, "Mm."),
    ]


@pytest.mark.parametrize("colon", ["", ":"])
def test_label_alone_in_its_paragraph(tmp_path: Path, colon: str) -> None:
    path = composed.docx(
        tmp_path / "typed.docx",
        [
            [("Mira" + colon, True)],
            ASKED,
            [("Dana" + colon, True)],
            "By accident.",
            "Mostly.",
            [("Mira" + colon, True)],
            "Mm.",
            [("Dana" + colon, True)],
            "Yes.",
        ],
    )
    expected = [
        ("Mira", ASKED),
        ("Dana", "By accident.\nMostly."),
        ("Mira", "Mm."),
        ("Dana", "Yes."),
    ]
    assert [(who, said) for who, _, said in turns(receive(path))] == expected


@pytest.mark.parametrize("header", [True, False])
def test_table_in_a_document(tmp_path: Path, header: bool) -> None:
    rows = [
        ["00:00:03", "I", ASKED],
        ["00:00:08", "Dana", "Um, by accident.\nMostly: yes."],
        ["00:01:02", "I", "Mm."],
        ["00:01:05", "Dana", "Really and truly by accident."],
    ]
    head = [["Time", "Speaker", "Text"]] if header else []
    received = receive(composed.docx_table(tmp_path / "table.docx", [*head, *rows]))
    assert turns(received)[:2] == [
        ("I", 3.0, ASKED),
        ("Dana", 8.0, "Um, by accident.\nMostly: yes."),
    ]
    assert received.interviewer == ("I",)


def test_content_controls_and_insertions_are_read_and_deletions_reported(tmp_path: Path) -> None:
    path = composed.docx(tmp_path / "typed.docx", ["I: First.", "Dana: Second."])
    xml = composed.part(path, "word/document.xml").decode()
    extra = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:ins w:id='1'><w:r><w:t>Inserted.</w:t></w:r></w:ins>"
        "<w:del w:id='2'><w:r><w:delText>Struck out.</w:delText></w:r></w:del></w:p><w:sectPr"
    )
    changed = xml.replace("<w:sectPr", extra, 1).encode()
    path.write_bytes(composed.repacked(path.read_bytes(), "word/document.xml", changed))
    received = receive(path)
    assert turns(received)[-1] == ("Dana", None, "Second.\nIn a control.\nInserted.")
    assert "deleted: Struck out." in received.dropped
    assert "tracked changes" in received.warnings[0]


def test_opendocument_text(tmp_path: Path) -> None:
    path = composed.odt(
        tmp_path / "typed.odt",
        [f"Interviewer:\t{ASKED}", "Dana:  Um, by accident.", "Mostly.", "Interviewer: Mm."],
    )
    assert turns(receive(path)) == [
        ("Interviewer", None, ASKED),
        ("Dana", None, "Um, by accident.\nMostly."),
        ("Interviewer", None, "Mm."),
    ]


def test_workbook_with_title_rows_and_a_phantom_column(tmp_path: Path) -> None:
    import datetime as dt

    path = composed.xlsx(
        tmp_path / "turns.xlsx",
        [
            ["Recorded", dt.datetime(2021, 5, 12)],
            [],
            [None, "Time", "Who", "What was said", "Comment"],
            [None, dt.time(0, 0, 3), "Interviewer", ASKED, "n/a"],
            [None, dt.time(0, 0, 8), "Dana", "Um, by accident."],
            [None, None, None, "Mostly."],
            [None, "00:01:02", "Interviewer", 42],
        ],
    )
    received = receive(path)
    assert turns(received) == [
        ("Interviewer", 3.0, ASKED),
        ("Dana", 8.0, "Um, by accident. Mostly."),
        ("Interviewer", 62.0, "42"),
    ]
    assert received.dropped == ("column: Comment",)
    assert composed.LABEL in received.source.text


def test_pdf_lines_become_paragraphs_without_what_belongs_to_the_page(tmp_path: Path) -> None:
    head = (150, 380, "Interview P07")
    path = composed.pdf(
        tmp_path / "P07.pdf",
        [
            [
                head,
                (40, 350, composed.LABEL),
                (40, 320, "Interviewer: So, how did you come to this work, if you can"),
                (40, 308, "tell it in a few words at all, and who talked you into partner-"),
                (40, 296, "ships?"),
                (40, 272, "Dana: Um, by accident. It was a co-design thing at first, a co-"),
                (40, 260, "design thing with a bank, and it went on for years and years"),
                (200, 10, "1"),
            ],
            [
                head,
                (40, 350, "and it never really stopped."),
                (40, 326, "Interviewer: Mm."),
                (200, 10, "2"),
            ],
        ],
    )
    received = receive(path)
    assert [(who, said) for who, _, said in turns(received)] == [
        (
            "Interviewer",
            "So, how did you come to this work, if you can tell it in a few words at all, "
            "and who talked you into partnerships?",
        ),
        (
            "Dana",
            "Um, by accident. It was a co-design thing at first, a co-design thing with a bank, "
            "and it went on for years and years and it never really stopped.",
        ),
        ("Interviewer", "Mm."),
    ]
    assert received.dropped == ("Interview P07", "1", "Interview P07", "2")
    assert "partnerships" in received.warnings[0]


def test_pdf_paragraph_numbers_are_no_words(tmp_path: Path) -> None:
    labels = ["Dan", "Participant"] * 4
    lines = [
        (20, 370 - 30 * i, f"{i + 1} {label}: Take {i + 7} of them.")
        for i, label in enumerate(labels)
    ]
    received = receive(composed.pdf(tmp_path / "numbered.pdf", [lines]))
    assert turns(received)[1] == ("Participant", None, "Take 8 of them.")
    assert received.dropped == ("8 paragraph numbers in the margin",)
