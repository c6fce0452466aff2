"""A file that can't be read gives one error that names file, reason and remedy, nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from study.errors import UnreadableTranscriptError
from study.transcripts import FORMATS, receive

from . import composed, sealed

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
SEALED = OLE + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 100
HTML = b"<!DOCTYPE html><html><body><p>Interviewer: Hello</p></body></html>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10 if i else b"&a;") for i in range(9)
    )
    + b"]><d>&a8;</d>"
)
ENCRYPTED_PDF = (
    b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\n"
    b"3 0 obj\n<</Filter/Standard/V 2/R 3/Length 128/P -4/O<"
    + b"ab" * 32
    + b">/U<"
    + b"cd" * 32
    + b">>>\nendobj\n"
    b"trailer<</Size 4/Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]>>\n%%EOF\n"
)


def fails(path: Path) -> str:
    """Return the message of the only error allowed."""
    with pytest.raises(UnreadableTranscriptError) as caught:
        receive(path)
    assert caught.value.path == path
    assert caught.value.reason
    assert caught.value.remedy.endswith(".")
    return str(caught.value)


def written(path: Path, data: bytes) -> Path:
    """Write bytes and return the path."""
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("suffix", FORMATS)
def test_missing_empty_and_blank_files(tmp_path: Path, suffix: str) -> None:
    assert "does not exist" in fails(tmp_path / f"P01{suffix}")
    assert "is empty" in fails(written(tmp_path / f"P02{suffix}", b""))
    fails(written(tmp_path / f"P03{suffix}", b"\n\n"))


@pytest.mark.parametrize("suffix", FORMATS)
def test_folder_is_no_transcript(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / f"P01{suffix}"
    folder.mkdir()
    assert "is a folder" in fails(folder)


def test_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "P01.txt", b"I: Hello")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "Permission denied" in fails(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "P01.txt")
    assert "no ordinary file" in fails(tmp_path / "P01.txt")


def test_lock_file_of_an_open_document(tmp_path: Path) -> None:
    assert "is open" in fails(written(tmp_path / "~$P01.docx", b"\x05Mira" + b" " * 157))


def test_unknown_suffix_lists_the_known_ones(tmp_path: Path) -> None:
    assert ".docx, .odt" in fails(written(tmp_path / "P01.mp3", b"ID3"))
    assert "no suffix" in fails(written(tmp_path / "P01", b"I: Hello"))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(
    ("data", "what"), [(OLE, "older Office"), (SEALED, "password"), (HTML, "web page")]
)
def test_another_type_behind_the_suffix(
    tmp_path: Path, suffix: str, data: bytes, what: str
) -> None:
    assert what in fails(written(tmp_path / f"P01{suffix}", data))


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".xlsx", ".pdf", ".rtf"])
def test_text_behind_the_suffix_of_a_document(tmp_path: Path, suffix: str) -> None:
    assert "plain text" in fails(written(tmp_path / f"P01{suffix}", b"Interviewer: Hello"))


@pytest.mark.parametrize("suffix", [".txt", ".vtt", ".csv", ".docx"])
def test_pdf_behind_another_suffix(tmp_path: Path, suffix: str) -> None:
    assert "a PDF" in fails(written(tmp_path / f"P01{suffix}", b"%PDF-1.4\n1 0 obj"))


def test_one_packed_document_behind_the_suffix_of_another(tmp_path: Path) -> None:
    data = composed.xlsx(tmp_path / "P01.xlsx", [["speaker", "text"], ["I", "Hello"]]).read_bytes()
    assert "word/document.xml" in fails(written(tmp_path / "P01.docx", data))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_documents_cut_short(tmp_path: Path, share: float) -> None:
    whole = [
        composed.docx(tmp_path / "a.docx", ["I: Hello"]),
        composed.odt(tmp_path / "a.odt", ["I: Hello"]),
        composed.xlsx(tmp_path / "a.xlsx", [["speaker", "text"], ["I", "Hello"]]),
    ]
    for path in whole:
        data = path.read_bytes()
        message = fails(written(path, data[: int(share * len(data))]))
        assert "damaged or cut short" in message


def test_damaged_xml(tmp_path: Path) -> None:
    path = composed.docx(tmp_path / "P01.docx", ["I: Hello"])
    data = composed.repacked(path.read_bytes(), "word/document.xml", b"<w:document><unclosed>")
    assert "Word document" in fails(written(path, data))


def test_part_that_unpacks_to_far_more(tmp_path: Path) -> None:
    path = composed.docx(tmp_path / "P01.docx", ["I: Hello"])
    data = composed.repacked(path.read_bytes(), "word/document.xml", b" " * 30_000_000)
    assert "unpack to 28 MB" in fails(written(path, data))


@pytest.mark.parametrize(
    ("suffix", "part"),
    [(".docx", "word/document.xml"), (".odt", "content.xml"), (".xlsx", "xl/workbook.xml")],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_entity_bombs_are_refused_at_once(
    tmp_path: Path, suffix: str, part: str, codec: str
) -> None:
    bomb = BOMB.decode().encode(codec)
    path = written(tmp_path / f"P01{suffix}", composed.package({part: bomb}))
    before = time.process_time()
    assert "entities" in fails(path)
    assert time.process_time() - before < 1


def test_deeply_nested_document(tmp_path: Path) -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    names = f'xmlns:o="{space}:office:1.0" xmlns:t="{space}:text:1.0"'
    deep = "<t:list>" * 50_000 + "</t:list>" * 50_000
    xml = f"<o:document {names}><o:body><o:text>{deep}</o:text></o:body></o:document>"
    data = composed.package({"content.xml": xml.encode()})
    assert fails(written(tmp_path / "P01.odt", data))


def test_encrypted_opendocument(tmp_path: Path) -> None:
    manifest = b"<manifest:encryption-data/>"
    data = composed.package({"content.xml": b"\x00\x01", "META-INF/manifest.xml": manifest})
    assert "password" in fails(written(tmp_path / "P01.odt", data))


def test_encrypted_pdf(tmp_path: Path) -> None:
    assert "password" in fails(written(tmp_path / "P01.pdf", ENCRYPTED_PDF))


def test_pdf_with_a_password_of_today(tmp_path: Path) -> None:
    assert "password" in fails(written(tmp_path / "P01.pdf", sealed.AES_256))


def test_pdf_that_only_printing_is_forbidden_for_is_read(tmp_path: Path) -> None:
    source = receive(written(tmp_path / "P01.pdf", sealed.OPEN)).source
    assert source.text == "I: Hello\n\nDana: Hi\n"


def test_scanned_pdf_has_no_text_layer(tmp_path: Path) -> None:
    assert "no text layer" in fails(composed.pdf(tmp_path / "P01.pdf", [[], []]))


def test_truncated_pdf(tmp_path: Path) -> None:
    path = composed.pdf(tmp_path / "P01.pdf", [[(40, 300, "I: Hello")]])
    fails(written(path, path.read_bytes()[:60]))


@pytest.mark.parametrize("suffix", [".txt", ".md", ".vtt", ".srt", ".csv", ".tsv", ".json"])
def test_binary_noise_is_no_text(tmp_path: Path, suffix: str) -> None:
    noise = bytes((i * i * 31 + i // 7) % 256 for i in range(5000))
    assert "no text" in fails(written(tmp_path / f"P01{suffix}", noise))


def test_subtitles_without_cues(tmp_path: Path) -> None:
    assert "no subtitles" in fails(written(tmp_path / "P01.vtt", b"WEBVTT\n\n"))
    assert "no subtitles" in fails(written(tmp_path / "P01.srt", b"Interviewer: Hello\n"))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_table_without_the_columns_says_which_headers_it_has(tmp_path: Path, suffix: str) -> None:
    rows = [["Respondent", "Age group"], ["P01", "30-39"]]
    path = tmp_path / f"sheet{suffix}"
    if suffix == ".csv":
        path.write_text("\n".join(",".join(row) for row in rows))
    else:
        composed.xlsx(path, rows)
    assert "Respondent, Age group" in fails(path)


def test_field_larger_than_any_turn(tmp_path: Path) -> None:
    path = written(tmp_path / "P01.csv", b'speaker,text\nI,"' + b"word " * 60_000 + b'"\n')
    assert "field larger" in fails(path)


def test_vtt_of_eight_bytes(tmp_path: Path) -> None:
    assert "no subtitles" in fails(written(tmp_path / "P01.vtt", b"WEBVTT\n\n"[:8]))


@pytest.mark.parametrize("parts", [20, 25_000])
def test_many_parts_that_unpack_to_far_more(tmp_path: Path, parts: int) -> None:
    path = composed.docx(tmp_path / "P01.docx", ["I: Hello"])
    size = 30_000_000 if parts < 1000 else 1
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for number in range(parts):
            package.writestr(f"word/media/{number}.bin", b"\x00" * size)
    before = time.process_time()
    assert "unpack to" in fails(path)
    assert time.process_time() - before < 2


def test_part_that_lies_about_its_size(tmp_path: Path) -> None:
    path = composed.docx(tmp_path / "P01.docx", ["I: Hello"])
    data = composed.repacked(path.read_bytes(), "word/document.xml", b" " * 30_000_000)
    true, claimed = (30_000_000).to_bytes(4, "little"), (3000).to_bytes(4, "little")
    fails(written(path, data.replace(true, claimed)))


def test_definitions_behind_a_long_comment(tmp_path: Path) -> None:
    bomb = BOMB.replace(b"<!DOCTYPE", b"<!--" + b"-- " * 5000 + b"--><!DOCTYPE", 1)
    data = composed.package({"content.xml": bomb})
    assert "entities" in fails(written(tmp_path / "P01.odt", data))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".txt", ".md", ".vtt", ".srt", ".csv", ".json", ".rtf"])
def test_fifty_megabytes_take_seconds_and_bounded_memory(tmp_path: Path, suffix: str) -> None:
    head = {".vtt": "WEBVTT\n\n", ".csv": "speaker,text\n", ".rtf": "{\\rtf1 ", ".json": "["}
    turn = {
        ".vtt": "00:00:01.000 --> 00:00:02.000\nI: {}\n\n",
        ".srt": "1\n00:00:01,000 --> 00:00:02,000\nI: {}\n\n",
        ".csv": "I,{}\n",
        ".rtf": "I: {}\\par\n",
        ".json": '{{"speaker": "I", "text": "{}"}},\n',
    }.get(suffix, "I: {}\n\nDana: yes\n\n")
    one = turn.format("word " * 60)
    body = head.get(suffix, "") + one * (50_000_000 // len(one))
    body = body.rstrip(",\n") + "]" if suffix == ".json" else body
    path = tmp_path / f"P01{suffix}"
    path.write_text(body, encoding="utf-8")
    code = (
        "import resource, sys, time\n"
        "from study.transcripts import receive\n"
        "begun = time.process_time()\n"
        "try: receive(sys.argv[1])\n"
        "except Exception as error: print(type(error).__name__, error, file=sys.stderr)\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "print(time.process_time() - begun, peak)"
    )
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    seconds, megabytes = map(float, done.stdout.split())
    assert done.stderr == "" or done.stderr.startswith("UnreadableTranscriptError")
    assert seconds < 60
    assert megabytes < 1500


@pytest.mark.parametrize("suffix", [".txt", ".csv", ".vtt"])
def test_millions_of_lines_are_refused_at_once(tmp_path: Path, suffix: str) -> None:
    before = time.process_time()
    assert "2,000,000 lines" in fails(written(tmp_path / f"P01{suffix}", b"a\n" * 2_000_001))
    assert time.process_time() - before < 2


def test_more_text_than_anybody_says(tmp_path: Path) -> None:
    assert "65 MB of text" in fails(written(tmp_path / "P01.txt", b"word " * (13 * 2**20 + 100)))


def test_name_with_leading_space_and_accents_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / " Zo\u00eb \u2013 1.txt", b"I: Hello?\nZ: Yes.\n")
    assert receive(path).source.name == " Zo\u00eb \u2013 1"


@pytest.mark.parametrize(
    "line",
    [
        "a" * 400_000,
        " " * 400_000 + "b",
        "a: " * 100_000,
        "# a" + " " * 200_000 + "b",
        "[" * 200_000,
        "a " * 150_000 + "10:36",
        "-" * 200_000 + "x",
        "**" * 100_000,
    ],
    ids=range(8),
)
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_long_lines_take_no_long_time(tmp_path: Path, suffix: str, line: str) -> None:
    path = tmp_path / f"P01{suffix}"
    path.write_text(f"I: Hello\n{line}\nI: Bye\n", encoding="utf-8")
    before = time.process_time()
    receive(path)
    assert time.process_time() - before < 1.5
