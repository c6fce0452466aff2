"""Archives that no honest program writes: refused with one sentence, or read without harm."""

from __future__ import annotations

import stat
import struct
import time
import zipfile
import zlib

import pytest

from study import refi
from study.errors import NotPossibleError

from .files import WORDS, packed, passage, project, simple


@pytest.fixture
def file(tmp_path):
    return tmp_path / "theirs.qdpx"


def with_member(file, name, data=b"x", **more):
    packed(file, simple(passage("It")))
    with zipfile.ZipFile(file, "a") as archive:
        info = zipfile.ZipInfo(name)
        for key, value in more.items():
            setattr(info, key, value)
        archive.writestr(info, data)
    return file


def refused(file):
    with pytest.raises(NotPossibleError) as error:
        refi.read(file)
    message = str(error.value)
    assert "\n" not in message
    assert str(file) in message
    return message


@pytest.mark.parametrize(
    "name", ["../evil.txt", "sources/../../evil.txt", "/etc/evil", "C:/evil", "a\\..\\..\\evil"]
)
def test_members_that_point_outside(file, tmp_path, name):
    assert "points outside" in refused(with_member(file, name))
    assert [path.name for path in tmp_path.iterdir()] == ["theirs.qdpx"]


def test_a_link(file):
    link = with_member(
        file, "sources/link.txt", b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16
    )
    assert "a link" in refused(link)


@pytest.mark.parametrize("name", ["sources/t.txt", "sources/T.TXT", "Sources/t.txt"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name(file, name):
    assert "twice" in refused(with_member(file, name))


def test_two_projects_and_none(file):
    assert "holds 2 projects" in refused(with_member(file, "other.qde"))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("sources/t.txt", WORDS)
    assert "no project.qde" in refused(file)


def test_an_encrypted_archive(file):
    packed(file, simple())
    data = bytearray(file.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            flags = struct.unpack_from("<H", data, at + place)[0]
            struct.pack_into("<H", data, at + place, flags | 1)
            at = data.find(signature, at + 4)
    file.write_bytes(data)
    assert "encrypted" in refused(file)


def test_a_bomb_is_not_unpacked(file):
    begin = time.monotonic()
    packed(file, simple(), {"t.txt": b"a" * 50_000_000})
    assert "would unpack to 48 MB" in refused(file)
    packed(file, b"<!-- " + b"a" * 60_000_000 + b" --><Project/>", {})
    assert "would unpack" in refused(file)
    assert time.monotonic() - begin < 60


def test_a_member_that_lies_about_its_size(file):
    packed(file, simple(), {"t.txt": b"Dana: Yes.\n" * 100_000})
    data = bytearray(file.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 100)  # the size that the list of contents gives
    file.write_bytes(data)
    assert "damaged" in refused(file)


def test_a_damaged_member_and_a_cut_archive(file):
    packed(file, simple())
    whole = file.read_bytes()
    spoilt = bytearray(whole)
    at = whole.find(zlib.compress(b"")[:0] + b"sources/t.txt") + len("sources/t.txt")
    spoilt[at + 3] ^= 0xFF
    file.write_bytes(spoilt)
    assert "damaged" in refused(file)
    file.write_bytes(whole[: len(whole) // 2])
    assert "no whole .qdpx" in refused(file)
    file.write_bytes(b"")
    refused(file)


DTD = '<?xml version="1.0"?><!DOCTYPE x [{}]>{}'


@pytest.mark.parametrize(
    "definition",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;',
        "",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_definitions_of_entities(file, definition, encoding):
    xml = DTD.format(definition, simple().partition("?>")[2])
    xml = xml.replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
    assert "defines entities" in refused(packed(file, xml.encode(encoding)))


def test_a_definition_behind_a_long_comment(file):
    comment = f"<!-- {'x' * 200_000} -->"
    xml = (
        f'<?xml version="1.0"?>{comment}<!DOCTYPE a [<!ENTITY b "c">]>{simple().partition("?>")[2]}'
    )
    assert "defines entities" in refused(packed(file, xml))


def test_an_entity_without_a_definition(file):
    assert "cannot be read" in refused(packed(file, simple().replace("Ana", "&who;")))


@pytest.mark.parametrize("tag", ["Code", "b"])
def test_nesting_without_end(file, tag):
    deep = f"<{tag}>" * 100_000 + f"</{tag}>" * 100_000
    xml = project(f"<CodeBook><Codes>{deep}</Codes></CodeBook>")
    assert "cannot be read" in refused(packed(file, xml, {}))


@pytest.mark.parametrize("data", [b"", b"\x00\xff\x00", b"<Project>", b"{}", b"<a/>", b"\xff\xfe<"])
def test_a_project_that_is_no_xml(file, data):
    refused(packed(file, data, {}))


def test_a_file_that_is_no_archive_or_not_there(tmp_path):
    (tmp_path / "a.qdpx").write_text("not a zip")
    refused(tmp_path / "a.qdpx")
    with pytest.raises(FileNotFoundError):
        refi.read(tmp_path / "none.qdpx")


def test_too_many_members(file):
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(50_001):
            archive.writestr(f"sources/{number}", b"")
    assert "too many" in refused(file)


def test_settings_that_lead_out_of_the_study_are_not_followed(tmp_path):
    from study import exchange

    evil = '<?study {"settings": {"codebook": "../../evil", "title": "T", "seed": "x"}}?>'
    xml = simple(passage("It")).replace("?>", f"?>{evil}", 1)
    xml = xml.replace('origin="Test 1"', 'origin="study 0.1.0"')
    exchange.take_in(tmp_path / "in" / "new", packed(tmp_path / "a.qdpx", xml))
    evil = evil.replace('"seed": "x"', '"provenance": "stolen"')
    xml = simple(passage("It")).replace("?>", f"?>{evil}", 1)
    exchange.take_in(tmp_path / "in" / "two", packed(tmp_path / "b.qdpx", xml))
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["new", "two"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.qdpx", "b.qdpx", "in"]
    assert (tmp_path / "in" / "two" / "codebooks" / "codebook").is_dir()
