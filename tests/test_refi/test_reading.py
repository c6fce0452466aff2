"""Files of other programs: read leniently, and whatever had to be changed is said."""

from __future__ import annotations

import uuid

import pytest

from study import refi
from study.errors import NotPossibleError
from study.model import Selection

from .files import (
    CODE,
    TEXT,
    USER,
    WORDS,
    codes,
    coding,
    packed,
    passage,
    project,
    said,
    selection,
    simple,
    source,
    users,
    words_of,
)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "theirs.qdpx"


@pytest.mark.parametrize("space", ["1.0", "1:0", "0:4"])
@pytest.mark.parametrize("folder", ["sources/", "Sources/", "SOURCES/"])
@pytest.mark.parametrize("path", ["internal://t.txt", "internal:/t.txt", "t.txt", "sources/t.txt"])
def test_namespaces_folders_and_paths_in_any_spelling(file, space, folder, path):
    inside = source(passage("We wrote it with them"), path=path)
    xml = project(users("Ana"), codes(), f"<Sources>{inside}</Sources>", space=space)
    found, problems = refi.read(packed(file, xml, folder=folder))
    assert words_of(found) == ["We wrote it with them"]
    assert not problems


def test_the_project_may_have_another_name_and_be_in_a_folder(file):
    xml = simple(passage("We wrote it"))
    for name, folder in (("Project.qde", "Sources/"), ("My study.QDE", "sources/")):
        found, _ = refi.read(packed(file, xml, folder=folder, name=name))
        assert words_of(found) == ["We wrote it"]
    found, _ = refi.read(packed(file, xml, folder="Study/Sources/", name="Study/project.qde"))
    assert words_of(found) == ["We wrote it"]


def test_guids_in_braces_and_in_either_case_are_the_same(file):
    book = codes(f'<Code guid="{{{CODE.upper()}}}" name="Partnership" isCodable="true"/>')
    inside = source(passage("We wrote it", inside=coding(CODE.lower())))
    xml = project(users("Ana"), book, f"<Sources>{inside}</Sources>")
    found, _ = refi.read(packed(file, xml))
    assert found.codebook.codes[0].guid == CODE.upper()
    assert words_of(found) == ["We wrote it"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("#1B6CA8", "#1B6CA8"),
        ("#abc", "#aabbcc"),
        ("1b6ca8", "#1b6ca8"),
        ("0x1b6ca8", "#1b6ca8"),
        ("#ff1b6ca8", "#1b6ca8"),
        ("rgb(27, 108, 168)", "#1b6ca8"),
        ("27,108,168", "#1b6ca8"),
        ("reddish", ""),
        ("rgb(999,0,0)", ""),
    ],
)
def test_colours_in_odd_notations(file, given, wanted):
    book = codes(f'<Code guid="{CODE}" name="A" isCodable="true" color="{given}"/>')
    found, problems = refi.read(packed(file, project(book), {}))
    assert found.codebook.codes[0].colour == wanted
    assert ("no known notation" in said(problems)) == (not wanted)


def test_a_missing_source_is_named_and_the_rest_is_read(file):
    other = str(uuid.uuid4())
    inside = source(passage("We wrote it"))
    inside += source(
        passage("mostly"), passage("It"), name="P02", path="internal://x.txt", guid=other
    )
    xml = project(users("Ana"), codes(), f"<Sources>{inside}</Sources>")
    found, problems = refi.read(packed(file, xml))
    assert [one.name for one in found.sources] == ["P01"]
    assert "P02" in said(problems)
    assert "2 codings with it" in said(problems)


@pytest.mark.parametrize("reference", ["absolute:///etc/passwd", "relative:///a.txt", "file:///a"])
def test_no_place_outside_the_archive_is_opened(file, tmp_path, reference):
    (tmp_path / "a.txt").write_text("Dana: secret.\n")
    inside = source(path=reference)
    found, problems = refi.read(packed(file, project(f"<Sources>{inside}</Sources>")))
    assert not found.sources
    assert "outside the archive" in said(problems)


def test_a_path_that_climbs_out_of_the_folder_is_not_followed(file, tmp_path):
    (tmp_path / "a.txt").write_text("Dana: secret.\n")
    inside = source(path="internal://../../a.txt")
    _, problems = refi.read(packed(file, project(f"<Sources>{inside}</Sources>")))
    assert "outside the archive" in said(problems)


def test_an_empty_plain_text_with_its_document_gives_the_words(file, tmp_path):
    from docx import Document

    document = Document()
    document.add_paragraph("Dana: We wrote it with them, all of it.")
    document.save(tmp_path / "a.docx")
    inside = (
        f'<TextSource guid="{TEXT}" name="P01" plainTextPath="internal://t.txt" '
        f'richTextPath="internal://t.docx">{selection(6, 27, name="We wrote it with them")}'
        f"{selection(0, 3)}</TextSource>"
    )
    xml = project(users("Ana"), codes(), f"<Sources>{inside}</Sources>")
    members = {"t.txt": "\n", "t.docx": (tmp_path / "a.docx").read_bytes()}
    found = refi.receive(packed(file, xml, members))
    assert found.project.sources[0].text == "Dana: We wrote it with them, all of it.\n"
    assert words_of(found.project) == ["We wrote it with them"]
    assert found.received["P01"][0] == "P01.docx"
    assert "only codings whose words are quoted" in said(found.problems)


def test_a_text_inside_the_xml(file):
    inside = f'<TextSource guid="{TEXT}" name="P01"><PlainTextContent>{WORDS}</PlainTextContent>'
    inside += passage("mostly") + "</TextSource>"
    xml = project(users("Ana"), codes(), f"<Sources>{inside}</Sources>")
    found, _ = refi.read(packed(file, xml, {}))
    assert words_of(found) == ["mostly"]


def test_a_text_in_another_encoding_is_read_and_named(file):
    xml = simple()
    found, problems = refi.read(packed(file, xml, {"t.txt": "Dana: naïve.\n".encode("cp1252")}))
    assert found.sources[0].text == "Dana: naïve.\n"
    assert "Windows-1252" in said(problems)
    found, _ = refi.read(packed(file, xml, {"t.txt": "Dana: naïve.\n".encode("utf-16")}))
    assert found.sources[0].text == "Dana: naïve.\n"


@pytest.mark.parametrize(
    ("start", "end"),
    [(-3, 4), (5, 5), (9, 4), ("x", 4), ("", ""), (10**15, 10**15 + 2), (10_000, 10_010)],
)
def test_offsets_that_cannot_be_are_named_with_their_line(file, start, end):
    found, problems = refi.read(packed(file, simple(selection(start, end), passage("mostly"))))
    assert words_of(found) == ["mostly"]
    assert "left out" in said(problems)
    assert "partnership" in said(problems)


def test_an_offset_beyond_the_text_whose_words_are_quoted_is_mended(file):
    xml = simple(selection(5000, 5021, name="We wrote it with them"))
    found, _ = refi.read(packed(file, xml))
    assert words_of(found) == ["We wrote it with them"]


def test_codes_that_this_program_does_not_know_get_short_names(file):
    book = codes(
        f'<Code guid="{CODE}" name="Coke::diet Coke" isCodable="true"/>',
        f'<Code guid="{uuid.uuid4()}" name="Éducation &amp; santé" isCodable="false">'
        f'<Code guid="{uuid.uuid4()}" name="Same" isCodable="true"/>'
        f'<Code guid="{uuid.uuid4()}" name="Same" isCodable="true"/></Code>',
        f'<Code guid="{uuid.uuid4()}" name="Same" isCodable="true"/>',
        '<Code guid="44444444-4444-4444-8444-444444444444" name="партнёр" isCodable="true"/>',
        '<Code guid="no guid" name="" isCodable="true"/>',
    )
    found, problems = refi.read(packed(file, project(book), {}))
    shown = {code.path: code.name for code in found.codebook}
    assert shown == {
        "coke-diet-coke": "Coke::diet Coke",
        "education-sante": "Éducation & santé",
        "education-sante.same": "Same",
        "education-sante.same-2": "Same (2)",
        "same-3": "Same",
        "code-44444444": "партнёр",
        "code-no-guid": "code-no-guid",
    }
    assert "stands twice" in said(problems)
    assert len({code.guid for code in found.codebook}) == 7


def test_codings_on_a_code_with_codes_below_stay_where_they_are(file):
    below = f'<Code guid="{uuid.uuid4()}" name="Design" isCodable="true"/>'
    book = codes(
        f'<Code guid="{CODE}" name="Partnership" isCodable="true">'
        f"<Description>Working together.</Description>{below}</Code>"
    )
    inside = source(passage("We wrote it"))
    found, _ = refi.read(packed(file, project(users("Ana"), book, f"<Sources>{inside}</Sources>")))
    assert [one.code for one in found.codings] == ["partnership"]
    assert found.codebook["partnership"].definition == "Working together."
    assert "partnership.design" in found.codebook


def test_a_second_code_with_the_same_guid_gets_another_and_a_nested_one_ends_nothing(file):
    nested = f'<Code guid="{CODE}" name="Inner" isCodable="true"/>'
    book = codes(f'<Code guid="{CODE}" name="Outer" isCodable="true">{nested}</Code>')
    found, problems = refi.read(
        packed(file, project(users("Ana"), book, f"<Sources>{source(passage('It'))}</Sources>"))
    )
    assert [code.path for code in found.codebook] == ["outer", "outer.inner"]
    assert len({code.guid for code in found.codebook}) == 2
    assert [one.code for one in found.codings] == ["outer"]
    assert "it got another" in said(problems)
    again, _ = refi.read(file)
    assert again.codebook == found.codebook


def test_a_description_that_another_program_changed_is_read_by_its_labels(file):
    text = (
        "Made together.\r\nInclude: shared pens\r\n\r\nExample: &quot;We&quot;\nNear miss: bought"
    )
    book = codes(
        f'<Code guid="{CODE}" name="Co-design" isCodable="true"><Description>{text}</Description>'
        "</Code>"
    )
    found, _ = refi.read(packed(file, project(book), {}))
    code = found.codebook.codes[0]
    assert (code.definition, code.include) == ("Made together.", "shared pens")
    assert (code.example, code.near_miss) == ('"We"', "bought")


def test_words_that_are_no_pattern_stay_words(file):
    book = codes(
        f'<Code guid="{CODE}" name="A" isCodable="true">'
        "<Description>Pattern: we AND they</Description></Code>"
    )
    found, problems = refi.read(packed(file, project(book), {}))
    assert found.codebook.codes[0].definition == "Pattern: we AND they"
    assert "no pattern" in said(problems)


def test_repeated_codings_and_guids(file):
    same = str(uuid.uuid4())
    xml = simple(
        passage("mostly", inside=coding(guid=same) + coding(guid=same)),
        passage("We", inside=coding(guid=same)),
    )
    found, problems = refi.read(packed(file, xml))
    assert words_of(found) == ["mostly", "We"]
    assert len({one.id for one in found.codings}) == 2
    assert "repeat another" in said(problems)


def test_codings_without_a_code_user_or_date(file):
    stray = f'<Coding guid="{uuid.uuid4()}"><CodeRef targetGUID="{uuid.uuid4()}"/></Coding>'
    bare = f'<Coding guid="{uuid.uuid4()}"><CodeRef targetGUID="{CODE}"/></Coding>'
    one = f'<PlainTextSelection guid="{uuid.uuid4()}" startPosition="0" endPosition="3">'
    xml = simple(one + stray + bare + "</PlainTextSelection>")
    found, problems = refi.read(packed(file, xml))
    assert [one.coder for one in found.codings] == ["Ana"]
    assert "their code is not in the file" in said(problems)
    assert "no date" in said(problems)


def test_an_unknown_user_gets_a_name(file):
    xml = simple(passage("mostly")).replace(f'<User guid="{USER}" name="Ana"/>', "")
    xml = xml.replace("<Users></Users>", "")
    found, problems = refi.read(packed(file, xml))
    assert [one.coder for one in found.codings] == ["coder-11111111"]
    assert "in no list of users" in said(problems)


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (
            ("Friedrich Markgraf", "friedrich markgraf"),
            ["Friedrich-Markgraf", "friedrich-markgraf-2"],
        ),
        (("../../etc", "con"), ["etc", "coder-con"]),
        (("", "&lt;b&gt;"), ["coder", "b"]),
        (("ana.b", "Zoë"), ["ana.b", "Zoë"]),
    ],
)
def test_users_get_names_that_can_be_folders(file, names, wanted):
    one, two = names
    two_guid = uuid.UUID(int=1)
    second = passage("We").replace(USER, str(two_guid))
    xml = project(users(one, two), codes(), f"<Sources>{source(passage('It'), second)}</Sources>")
    found, _ = refi.read(packed(file, xml))
    assert sorted(one.coder for one in found.codings) == sorted(wanted)


def test_sources_get_names_that_can_be_files_and_keep_what_tells_them_apart(file):
    names = ["Mabel.txt", "Mabel.docx", "../../up", "Mabel", "a/b:c"]
    inside = "".join(
        source(name=name, path=f"internal://{n}.txt", guid=str(uuid.uuid4()))
        for n, name in enumerate(names)
    )
    members = {f"{n}.txt": f"Dana: Number {n}.\n" for n in range(5)}
    found, problems = refi.read(packed(file, project(f"<Sources>{inside}</Sources>"), members))
    assert [one.name for one in found.sources] == ["Mabel", "Mabel.docx", "up", "Mabel-2", "a-b-c"]
    assert "'../../up' is called 'up'" in said(problems)


def test_pictures_recordings_and_pages_are_named_with_what_is_lost(file):
    coded = coding()
    inside = (
        f'<PictureSource guid="{uuid.uuid4()}" name="a.jpg" path="internal://a.jpg">'
        f'<PictureSelection guid="{uuid.uuid4()}" firstX="0" firstY="0" secondX="1" secondY="1">'
        f"{coded}</PictureSelection></PictureSource>"
        f'<PDFSource guid="{uuid.uuid4()}" name="b.pdf" path="internal://b.pdf">'
        f'<PDFSelection guid="{uuid.uuid4()}" page="0" firstX="0" firstY="0" secondX="1" '
        f'secondY="1">{coded}</PDFSelection><Representation guid="{uuid.uuid4()}" '
        f'plainTextPath="internal://t.txt">{passage("mostly")}</Representation></PDFSource>'
    )
    xml = project(users("Ana"), codes(), f"<Sources>{inside}</Sources>")
    found, problems = refi.read(packed(file, xml))
    assert [one.name for one in found.sources] == ["b.pdf"]
    assert words_of(found) == ["mostly"]
    assert "a.jpg': is a picture" in said(problems)
    assert "areas of pages were left out: 1 with 1 coding" in said(problems)


def test_a_recording_s_transcript_with_its_times(file):
    points = [
        (str(uuid.uuid4()), WORDS.index(word)) for word in ("Interviewer:", "Dana:", " It worked")
    ]
    sync = "".join(
        f'<SyncPoint guid="{key}" position="{place}" timeStamp="{n * 61_000 + 3_000}"/>'
        for n, (key, place) in enumerate(points)
    )
    selected = (
        f'<TranscriptSelection guid="{uuid.uuid4()}" fromSyncPoint="{points[1][0]}" '
        f'toSyncPoint="{points[2][0]}" creatingUser="{USER}">{coding()}</TranscriptSelection>'
    )
    inside = (
        f'<VideoSource guid="{uuid.uuid4()}" name="call.mp4" path="relative:///call.mp4">'
        f'<Transcript guid="{uuid.uuid4()}" name="call" plainTextPath="internal://t.txt">{sync}'
        f"{selected}</Transcript></VideoSource>"
    )
    xml = project(users("Ana"), codes(), f"<Sources>{inside}</Sources>")
    found, _ = refi.read(packed(file, xml, {"t.txt": WORDS.replace("\n\n", "\n")}))
    # one line end fewer: places after the first line count one less
    (source_,) = found.sources
    assert source_.name == "call"
    assert source_.turns[0].start_time == 3
    assert len(words_of(found)) == 1


def test_a_coding_of_a_whole_document_is_one_of_all_its_words(file):
    xml = simple(coding())
    found, problems = refi.read(packed(file, xml))
    assert [one.selection for one in found.codings] == [Selection("P01", 0, len(WORDS))]
    assert "whole documents" in said(problems)


def test_stances_that_another_program_took_apart_find_back(file, project_file):
    """QualCoder writes each code of a passage as a selection of its own."""
    from lxml import etree

    found, path = project_file
    import zipfile

    archive = zipfile.ZipFile(path)
    root = etree.fromstring(archive.read("project.qde"))
    space = "{urn:QDA-XML:project:1.0}"
    root.set("origin", "QualCoder 3.6")
    for one in list(root.iter(f"{space}PlainTextSelection")):
        described = one.find(f"{space}Description")
        if described is not None:
            one.remove(described)
        parent = one.getparent()
        for made in one.findall(f"{space}Coding")[1:]:
            apart = etree.fromstring(etree.tostring(one))
            for inner in apart.findall(f"{space}Coding"):
                apart.remove(inner)
            apart.set("guid", str(uuid.uuid4()))
            apart.append(made)
            parent.insert(parent.index(one), apart)
    members = {
        name.removeprefix("sources/"): archive.read(name)
        for name in archive.namelist()
        if name.startswith("sources/")
    }
    again, _ = refi.read(packed(file, etree.tostring(root), members))
    before = {(one.coder, one.selection, one.code): one.stance for one in found.codings}
    assert {(one.coder, one.selection, one.code): one.stance for one in again.codings} == before


@pytest.fixture
def project_file(project, tmp_path):
    refi.write(project, tmp_path / "ours.qdpx")
    return project, tmp_path / "ours.qdpx"


def test_a_codebook_file_in_any_namespace_and_of_a_whole_project(tmp_path):
    book = (
        f'<CodeBook xmlns="urn:QDA-XML:codebook:0:4"><Codes><Code guid="{CODE}" name="A" '
        f'isCodable="true"/></Codes><Sets><Set guid="{uuid.uuid4()}" name="Mine">'
        f'<MemberCode guid="{CODE}"/></Set></Sets></CodeBook>'
    )
    (tmp_path / "a.qdc").write_text(book)
    found, problems = refi.read_codebook(tmp_path / "a.qdc")
    assert [code.path for code in found] == ["a"]
    assert "'Mine'" in said(problems)
    whole = packed(tmp_path / "b.qdpx", simple())
    assert [code.name for code in refi.read_codebook(whole)[0]] == ["Partnership"]


def test_a_codebook_file_that_is_something_else_is_refused(tmp_path):
    (tmp_path / "a.qdc").write_text("<html/>")
    with pytest.raises(NotPossibleError, match="begins with <html>"):
        refi.read_codebook(tmp_path / "a.qdc")


def test_a_bare_qde_is_read_without_its_texts(tmp_path):
    (tmp_path / "project.qde").write_text(simple(passage("It")))
    found, problems = refi.read(tmp_path / "project.qde")
    assert [code.path for code in found.codebook] == ["partnership"]
    assert "not beside the project" in said(problems)


def test_taguette_s_codebook_though_it_fails_the_schema(tmp_path):
    book = (
        '<?xml version="1.0" encoding="utf-8"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" '
        'origin="Taguette 1.5.2"><Codes>'
        '<Code guid="0D62985D-B147-5D01-A9B5-CAE5DCD98342" name="people.other" isCodable="true"/>'
        "</Codes><Sets/></CodeBook>"
    )
    (tmp_path / "a.qdc").write_text(book)
    found, problems = refi.read_codebook(tmp_path / "a.qdc")
    assert [(code.path, code.name) for code in found] == [
        ("people", "people"),
        ("people.other", "other"),
    ]
    assert not problems
