"""Whatever the bytes, a reader returns a transcript or raises `UnreadableTranscriptError`."""

from __future__ import annotations

import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from study.errors import UnreadableTranscriptError
from study.transcripts import FORMATS, problems, receive

from . import composed

FIXTURES = Path(__file__).parent / "fixtures"
FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
BEGINNINGS = {
    ".docx": b"PK\x03\x04",
    ".odt": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".pdf": b"%PDF-1.4\n",
    ".rtf": b"{\\rtf1 ",
    ".vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n",
    ".srt": b"1\n00:00:01,000 --> 00:00:02,000\n",
    ".csv": b"speaker,text,start\n",
    ".tsv": b"speaker\ttext\tstart\n",
    ".json": b'{"segments": [{"start": 0, "text": "',
}
WORDS = st.sampled_from(
    [
        "I:",
        "Dana:",
        "Dana Whitlock",
        "0:03",
        "[00:00:03]",
        "-->",
        "**",
        "###",
        "\n",
        "\n\n",
        "\t",
        "|",
        "<v Dana>",
        "</v>",
        "NOTE",
        "1",
        "00:00:03.000",
        "(laughs)",
        "[pause]",
        "Break:",
        "Q.",
        "A.",
        "---",
        "word",
        "caf\u00e9",
        "\u2028",
        "\x85",
        "\x0c",
        "\u200b",
        "\ufeff",
        "\U0001f600",
        '"',
        ";",
        ",",
        "\\'e9",
        "\\par",
        "\\u8364",
        "{",
        "}",
        "Date: 12 May",
        "speaker",
        "text",
        "\u0661:\u0662",
    ]
)


def outcome(suffix: str, data: bytes) -> str:
    """Return the canonical text, or nothing where the file can't be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"P01{suffix}"
        path.write_bytes(data)
        try:
            text = receive(path).source.text
        except UnreadableTranscriptError:
            return ""
    assert problems(path, text) == []
    return text


@pytest.mark.parametrize("suffix", FORMATS)
@FEW
@given(data=st.binary(max_size=400))
def test_random_bytes(suffix: str, data: bytes) -> None:
    outcome(suffix, data)
    outcome(suffix, BEGINNINGS.get(suffix, b"I: ") + data)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".vtt", ".srt", ".csv", ".tsv", ".rtf"])
@FEW
@given(words=st.lists(WORDS, max_size=40), joint=st.sampled_from([" ", "", "\n"]))
def test_random_pieces_of_transcripts(suffix: str, words: list[str], joint: str) -> None:
    text = BEGINNINGS.get(suffix, b"").decode() + joint.join(words)
    outcome(suffix, text.encode("utf-8"))


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@FEW
@given(words=st.lists(WORDS, max_size=40), joint=st.sampled_from([" ", "\n", "\n\n"]))
def test_no_word_of_plain_text_is_lost(suffix: str, words: list[str], joint: str) -> None:
    text = "I: begin " + joint.join(words)
    written = outcome(suffix, text.encode("utf-8"))
    for word in ("word", "caf\u00e9", "\U0001f600", "(laughs)", "[pause]"):
        assert written.count(word) == text.count(word)


DOCUMENTS = {
    ".docx": ("word/document.xml", b"<w:p>"),
    ".odt": ("content.xml", b"<text:p>"),
    ".xlsx": ("xl/worksheets/sheet1.xml", b"<row"),
}


@pytest.mark.parametrize("suffix", DOCUMENTS)
@FEW
@given(place=st.integers(0, 3000), noise=st.binary(min_size=1, max_size=12), inside=st.booleans())
def test_damaged_documents(
    suffix: str, place: int, noise: bytes, inside: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = _whole(suffix, tmp_path_factory)
    part = DOCUMENTS[suffix][0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "P01.zip"
        path.write_bytes(whole)
        xml = composed.part(path, part)
    damaged = composed.repacked(whole, part, _spoilt(xml, place, noise))
    outcome(suffix, damaged if inside else _spoilt(whole, place, noise))


@FEW
@given(place=st.integers(0, 1500), noise=st.binary(min_size=1, max_size=12))
def test_damaged_pdf(place: int, noise: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = composed.pdf(
            Path(folder) / "P01.pdf", [[(40, 300, "I: Hello"), (40, 280, "Dana: Hi")]]
        )
        whole = path.read_bytes()
    outcome(".pdf", _spoilt(whole, place, noise))


MANY = settings(FEW, max_examples=400)
PIECES = st.one_of(
    st.binary(min_size=1, max_size=6),
    st.sampled_from(
        b"\x00,[,{,},:,\\,\n\n,<v ,-->,&#x0;,99999999999999999999,null,[],{},1e999,\\u-9,"
        b"\\bin99999 ,<!DOCTYPE,endstream".split(b",")
    ),
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from(["write", "insert", "cut", "double"]), PIECES),
    min_size=1,
    max_size=8,
)
REAL = {suffix: sorted(FIXTURES.glob(f"*{suffix}")) for suffix in FORMATS}


@pytest.mark.parametrize("suffix", [suffix for suffix in REAL if REAL[suffix]])
@FEW
@given(changes=CHANGES, which=st.integers(0, 20))
def test_fixtures_changed_byte_by_byte(
    suffix: str, changes: list[tuple[int, str, bytes]], which: int
) -> None:
    outcome(suffix, _changed(REAL[suffix][which % len(REAL[suffix])].read_bytes(), changes))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
@MANY
@given(changes=CHANGES, which=st.integers(0, 20), inside=st.booleans())
def test_documents_changed_byte_by_byte_at_length(
    suffix: str,
    changes: list[tuple[int, str, bytes]],
    which: int,
    inside: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    if REAL[suffix]:
        whole = REAL[suffix][which % len(REAL[suffix])].read_bytes()
    else:
        whole = _whole(suffix, tmp_path_factory)
    if inside and suffix in DOCUMENTS:
        part = DOCUMENTS[suffix][0]
        with zipfile.ZipFile(BytesIO(whole)) as packed:
            changed = _changed(packed.read(part), changes)
        outcome(suffix, composed.repacked(whole, part, changed))
    else:
        outcome(suffix, _changed(whole, changes))


def _changed(data: bytes, changes: list[tuple[int, str, bytes]]) -> bytes:
    for place, how, piece in changes:
        at = place % max(1, len(data))
        behind = {
            "write": piece + data[at + len(piece) :],
            "insert": piece + data[at:],
            "cut": data[at + len(piece) :],
            "double": data[at : at + 200] + data[at:],
        }
        data = data[:at] + behind[how]
    return data


_MADE: dict[str, bytes] = {}


def _whole(suffix: str, factory: pytest.TempPathFactory) -> bytes:
    if suffix not in _MADE:
        path = factory.mktemp("whole") / f"P01{suffix}"
        lines = ["I: Hello", "Dana: Hi"]
        if suffix == ".docx":
            composed.docx(path, lines)
        elif suffix == ".odt":
            composed.odt(path, lines)
        elif suffix == ".pdf":
            composed.pdf(path, [[(40, 300, line) for line in lines]])
        else:
            composed.xlsx(path, [["speaker", "text"], *(line.split(": ") for line in lines)])
        _MADE[suffix] = path.read_bytes()
    return _MADE[suffix]


def _spoilt(data: bytes, place: int, noise: bytes) -> bytes:
    at = place % len(data)
    return data[:at] + noise + data[at + len(noise) :]
