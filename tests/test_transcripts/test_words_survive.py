"""Text in, text out: the words of the original are those of the canonical text, none twice."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from study.transcripts import Received, canonical, receive

from . import composed

FIXTURES = Path(__file__).parent / "fixtures"
SAID = [
    "Mostly: by accident, \u201cas they say\u201d \u2013 na\u00efve, I know \U0001f600.",
    "At 10:36 we had [laughs] 1:world and co-design; see http://example.org/a?b=c.",
    "(phone rings) So I said: no. Note: nothing. 42",
]


def words(text: str) -> Counter[str]:
    """Return the multiset of words of a text."""
    return Counter(re.findall(r"[^\W_]+", text))


def kept(received: Received) -> Counter[str]:
    """Return the words of turns, notes and what is reported as dropped; labels aside."""
    source = received.source
    parts = [source.quote(turn.selection) for turn in source.turns]
    return words("\n".join([*parts, *canonical.notes(source.text), *received.dropped]))


@pytest.mark.parametrize(
    "suffix", [".docx", ".odt", ".txt", ".md", ".csv", ".xlsx", ".vtt", ".srt"]
)
def test_words_of_every_format_survive(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"P01{suffix}"
    speakers = ["Interviewer", "Dana", "Interviewer"]
    rows = list(zip(speakers, SAID, strict=True))
    lines = [f"{speaker}: {said}" for speaker, said in rows]
    clock = "00:00:0{}.000 --> 00:00:0{}.500\n{}\n"
    if suffix == ".docx":
        composed.docx(path, lines)
    elif suffix == ".odt":
        composed.odt(path, lines)
    elif suffix == ".xlsx":
        composed.xlsx(path, [["Speaker", "Text"], *rows])
    elif suffix == ".csv":
        path.write_text("Speaker\tText\n" + "".join(f"{a}\t{b}\n" for a, b in rows), "utf-8")
    elif suffix in (".vtt", ".srt"):
        cues = [clock.format(i, i, line) for i, line in enumerate(lines)]
        path.write_text("\n".join(["WEBVTT\n"] * (suffix == ".vtt") + cues), "utf-8")
    else:
        path.write_text("\n\n".join(lines), "utf-8")
    received = receive(path)
    source = received.source
    said = [source.quote(turn.selection) for turn in source.turns]
    assert said == SAID
    assert [turn.speaker for turn in source.turns] == speakers


@pytest.mark.parametrize("name", ["initials.txt", "otter.txt", "rev.txt", "bold.md", "flow.txt"])
def test_words_of_layouts_survive(name: str) -> None:
    received = receive(FIXTURES / name)
    labels = words(" ".join(turn.speaker for turn in received.source.turns))
    original = words((FIXTURES / name).read_text(encoding="utf-8"))
    missing = original - kept(received)
    assert {word for word in missing if not word.isdigit()} <= set(labels)
    assert kept(received) - original == Counter()


@pytest.mark.parametrize(
    ("codec", "shown"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with byte order mark"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_are_found_and_reported(tmp_path: Path, codec: str, shown: str, end: str) -> None:
    said = [
        "I: How did Zo\u00eb\u2019s caf\u00e9 do?",
        "D: Um, \u201cna\u00efve\u201d \u2013 mostly d\u00e9j\u00e0 vu.",
    ]
    path = tmp_path / "P01.txt"
    path.write_bytes(end.join(said).encode(codec))
    received = receive(path)
    assert received.source.text == "\n\n".join(said) + "\n"
    assert received.encoding == shown
    assert bool(received.warnings) == (codec == "cp1252")


def test_pdf_words_survive(tmp_path: Path) -> None:
    lines = [
        (40, 350 - 12 * i, line) for i, line in enumerate(["I: Why at 10:36?", "D: 1:world, (so)."])
    ]
    page = [*lines, (200, 10, "7")]
    received = receive(composed.pdf(tmp_path / "P01.pdf", [page]))
    original = words(" ".join(text for *_, text in page)) - words("I D")
    assert kept(received) == original


def _rtf(text: str) -> str:
    return "".join(
        f"\\u{ord(sign)}?" if ord(sign) > 126 else f"\\{sign}" if sign in "\\{}" else sign
        for sign in text
    )


def _write(path: Path, talk: list[tuple[str, str]]) -> None:
    """Write a talk in the format that the suffix names."""
    lines = [f"{who}: {said}" for who, said in talk]
    suffix = path.suffix
    if suffix == ".docx":
        composed.docx(path, lines)
    elif suffix == ".odt":
        composed.odt(path, lines)
    elif suffix == ".xlsx":
        composed.xlsx(path, [["Speaker", "Text"], *talk])
    elif suffix == ".pdf":
        composed.pdf(path, [[(40, 390 - 40 - 20 * i, line) for i, line in enumerate(lines)]])
    else:
        path.write_text(_text(suffix, lines, talk), encoding="utf-8", newline="")


def _text(suffix: str, lines: list[str], talk: list[tuple[str, str]]) -> str:
    if suffix == ".json":
        segments = [
            {"speaker": who, "text": said, "start": i} for i, (who, said) in enumerate(talk)
        ]
        return json.dumps({"segments": segments})
    if suffix == ".rtf":
        return "{\\rtf1\\ansi\\uc1 " + "\\par\n".join(map(_rtf, lines)) + "}"
    if suffix in (".csv", ".tsv"):
        out = StringIO()
        mark = "," if suffix == ".csv" else "\t"
        csv.writer(out, delimiter=mark).writerows([("Speaker", "Text"), *talk])
        return out.getvalue()
    if suffix in (".vtt", ".srt"):
        mark = "." if suffix == ".vtt" else ","
        clock = "00:00:{:02d}" + f"{mark}000 --> 00:00:59{mark}500\n{{}}\n"
        cues = [clock.format(i, line) for i, line in enumerate(lines)]
        return "\n".join(["WEBVTT\n"] * (suffix == ".vtt") + cues)
    return "\n\n".join(lines)


TOKENS = st.sampled_from(
    "So um yes no because: 10:36 1999 co-design (laughs) [pause] http://example.org/a?b=c Note: "
    "na\u00efve \u201cquoted\u201d caf\u00e9 \u2013 - -- >> Tom's 3.5% & Dr. e.g. Q. A. I: R: "
    "Date: Break: 12. 1) #tag *so* well... Why? What! Mira: x/y a_b 00:01:02 [00:01:02] --- "
    "page 7".split()
)
SAID_BY = st.lists(
    st.tuples(
        st.sampled_from(["Interviewer", "Dana", "Tom Baker"]),
        st.lists(TOKENS, min_size=1, max_size=12).map(lambda tokens: "Well " + " ".join(tokens)),
    ),
    min_size=2,
    max_size=8,
).map(lambda talk: [("Interviewer", "Why now?"), ("Dana", "So."), *talk, ("Tom Baker", "Mm.")])
QUICK = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ALL = ".docx .odt .rtf .pdf .txt .md .vtt .srt .xlsx .csv .tsv .json".split()


@pytest.mark.parametrize("suffix", ALL)
@QUICK
@given(talk=SAID_BY)
def test_words_of_any_talk_survive_in_every_format(
    suffix: str, talk: list[tuple[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"P01{suffix}"
        _write(path, talk)
        received = receive(path)
    label = composed.LABEL if suffix in (".docx", ".odt", ".xlsx") else ""
    said = words(" ".join([label, *(said for _, said in talk)]))
    kept_words = kept(received) - words(" ".join(received.dropped))
    dropped = words(" ".join(received.dropped))
    assert said - (kept_words + dropped) == Counter()
    labels = {"Interviewer", "Dana", "Tom", "Baker"}  # one that isn't believed stays with the words
    assert set(kept_words - said) <= labels
