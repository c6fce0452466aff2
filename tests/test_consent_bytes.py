"""Nothing of a participant who withdrew, and no word of one who is not quoted, in any output byte.

Archives are unpacked, streams of PDFs and parts of pictures inflated, what a page holds in base64
decoded, and the text of PDFs drawn out, before all of it is searched.
"""

from __future__ import annotations

import base64
import binascii
import html
import io
import re
import struct
import zipfile
import zlib

import pytest

from study import report, withdrawal
from study.cli import main
from study.reproduce import reproduce

GONE = "ZQP0099"
SECRETS = ("zanzibar", "xylophone", "zookeeperess", "quokkamemo", "ocelotword", "lemurnote")
HELD_BACK = ("council asked", "nobody came", "two days each june", "learning they need")


def inflated(data):
    """Return what some bytes hold once they are inflated, nothing where they are not deflated."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS, zlib.MAX_WBITS | 16):
        try:
            return zlib.decompressobj(bits).decompress(data)
        except zlib.error:
            continue
    return b""


def layers(name, data, depth=0):
    """Yield the bytes of a file, and all that is packed inside them."""
    yield name, data
    if depth > 4:
        return
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from layers(f"{name}/{member}", archive.read(member), depth + 1)
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        yield f"{name}: stream", inflated(match[1])
    if data.startswith(b"\x89PNG"):
        yield from chunks(name, data)
    for match in re.finditer(rb"[A-Za-z0-9+/]{60,}={0,2}", data):
        try:
            inner = base64.b64decode(match[0] + b"=" * (-len(match[0]) % 4))
        except binascii.Error:
            continue
        yield from layers(f"{name}: base64", inner, depth + 2)
        yield f"{name}: base64, inflated", inflated(inner)


def chunks(name, data):
    at = 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        if kind not in (b"IDAT",):
            yield f"{name}: {kind.decode()}", body
            for zero in re.finditer(rb"\0", body[:200]):
                yield f"{name}: {kind.decode()}, inflated", inflated(body[zero.end() :])
        at += 12 + size


def said(data):
    """Return bytes as words in lower case, whatever marks and escapes stand between them."""
    text = html.unescape(data.decode("utf-8", "ignore"))
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"<[^>]{0,400}>", " ", text).lower())


def searched(folder):
    """Return which files hold something that they must not."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        parts = list(layers(path.name, path.read_bytes()))
        if path.suffix == ".pdf":
            import pdfplumber

            with pdfplumber.open(path) as pdf:
                drawn = " ".join(page.extract_text() or "" for page in pdf.pages)
            parts.append((f"{path.name}: text", drawn.encode()))
        parts.append((f"{path.name}: its name", path.name.encode()))
        for name, data in parts:
            words = said(data)
            for secret in (GONE.lower(), *SECRETS, *HELD_BACK):
                if secret in words:
                    found.append((name, secret))
    return found


def joined(tiny):
    """Give the tiny study a fourth participant, whose words are nobody else's."""
    interviews, book = tiny / "interviews", tiny / "codebooks/tiny"
    talk = (
        "[Composed for demonstration, not data.]\n\nInterviewer: And you?\n\n"
        f"{GONE}: We went to zanzibar with a xylophone and wrote an ocelotword course together.\n"
    )
    (interviews / f"{GONE}.txt").write_text(talk, encoding="utf-8")
    people = interviews / "participants.csv"
    people.write_text(
        people.read_text() + f"{GONE},employer,zookeeperess,2021-08-04,quote,{GONE}.txt\n"
    )
    (interviews / "imports.csv").write_text(
        "source,received,sha256,format,encoding,interviewer,decided\n"
        f"{GONE},{GONE}.docx,bb,Word document,,Interviewer,given\n"
    )
    from study.transcripts import read

    source, _ = read(interviews / f"{GONE}.txt", ())
    start = source.text.index("We went")
    for number, coder in enumerate(("ana", "ben", "consensus")):
        log = book / f"codings/{coder}/{GONE}.csv"
        head = (book / f"codings/{coder}/T1.csv").read_text().split("\n")[0]
        log.write_text(
            f"{head}\nadd,00000000-0000-4000-8000-0000000090{number:02},{GONE},{source.version},"
            f"{start},{start + 60},making.co-design,positive,{coder},2021-09-15T09:00:00+00:00,"
            "quokkamemo\n"
        )
    memos = book / "memos/ana"
    memos.mkdir(parents=True)
    (memos / f"transcript-{GONE}.md").write_text(
        f"---\nabout: transcript {GONE}\nauthor: ana\ncreated: 2021-09-14T10:30:00+00:00\n"
        "changed: 2021-09-15T08:12:40+00:00\n---\n\nlemurnote\n"
    )
    return tiny


def test_the_search_finds_what_is_hidden(tmp_path):
    """It must see through every kind of packing, else what follows proves nothing."""
    import docx
    from PIL import Image, PngImagePlugin

    document = docx.Document()
    document.core_properties.subject = "zanzibar"
    document.save(tmp_path / "a.docx")
    info = PngImagePlugin.PngInfo()
    info.add_text("Description", "xylophone " * 40, zip=True)
    Image.new("L", (2, 2)).save(tmp_path / "b.png", pnginfo=info)
    packed = zlib.compress(b"the ocelotword " * 30)
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4\nstream\n" + packed + b"\nendstream")
    plain = base64.b64encode(b"say lemurnote, again and again and again, to be long enough")
    (tmp_path / "d.html").write_bytes(b"<p>" + plain + b"</p>")
    deflated = base64.b64encode(packed + b"\0" * 30)
    (tmp_path / "e.json").write_bytes(b'"' + deflated + b'"')
    (tmp_path / "f.tex").write_text("the\\textbf{council} asked &lt;b&gt;")
    (tmp_path / "c.pdf").rename(tmp_path / "c.bin")
    found = {(name.split(":")[0].split("/")[0], secret) for name, secret in searched(tmp_path)}
    assert found >= {
        ("a.docx", "zanzibar"),
        ("b.png", "xylophone"),
        ("c.bin", "ocelotword"),
        ("d.html", "lemurnote"),
        ("e.json", "ocelotword"),
        ("f.tex", "council asked"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("remove", [False, True])
def test_a_participant_who_withdrew_is_in_no_output_byte(tiny, remove):
    folder = joined(tiny)
    if not remove:  # the search sees them as long as they are in the study
        report.tables(folder, folder / "before")
        assert {secret for _, secret in searched(folder / "before")} >= {
            "zanzibar", "zookeeperess", "quokkamemo", GONE.lower(),
        }  # fmt: skip
    withdrawal.carry_out(withdrawal.plan(folder, GONE, remove=remove))
    made = {path.name for path in reproduce(folder).written}
    wanted = "tables.docx tables.xlsx tables.html tables.tex report.docx report.md index.html"
    assert {*wanted.split(), "map.html", "manifest.json", "codings.csv"} <= made
    assert searched(folder / "figures") == []


@pytest.mark.slow
def test_commands_for_print_keep_silent_too(tiny, capsys):
    folder = joined(tiny)
    withdrawal.carry_out(withdrawal.plan(folder, GONE))
    assert main(["tables", "-C", str(folder), "--out", str(folder / "print")]) == 0
    assert main(["report", "-C", str(folder), "--out", str(folder / "print")]) == 0
    assert "open" in capsys.readouterr().out
    assert {"tables.docx", "report.docx"} <= {path.name for path in (folder / "print").iterdir()}
    assert searched(folder / "print") == []
