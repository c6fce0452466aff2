"""`study check`: every problem at once, by file and line, and `load` refuses what is wrong."""

from __future__ import annotations

import pytest

import study
from study import codings
from study.errors import InvalidStudyError, NotPossibleError


def messages(folder):
    return [str(problem) for problem in study.check(folder)]


def change(path, *swaps):
    text = path.read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def extend(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def only(folder, *expected):
    """Assert that exactly these problems are found, each given by its beginning and end."""
    found = messages(folder)
    assert len(found) == len(expected), found
    for begin, end in expected:
        assert any(m.startswith(begin) and end in m for m in found), (begin, end, found)


def test_a_sound_study_has_no_problems(tiny):
    assert messages(tiny) == []


def test_a_folder_that_is_no_study_says_how_to_make_one(tmp_path):
    with pytest.raises(NotPossibleError, match="study init"):
        study.check(tmp_path)


def test_all_problems_are_reported_at_once_and_nothing_loads(tiny):
    change(tiny / "interviews/participants.csv", ("2021-08-03,quote", "03/08/2021,qoute"))
    (tiny / "interviews/T2.txt").unlink()
    (tiny / "interviews/T4.txt").write_text("T4: Hello.\n", encoding="utf-8")
    change(tiny / "codebooks/tiny/codebook.yaml", ("- code: staff", "- code: own-staff"))
    found = messages(tiny)
    for begin in (
        "interviews/participants.csv:3: participant 'T2'",
        "interviews/participants.csv:4: consent 'qoute' is not one of",
        "interviews/participants.csv:4: interview_date '03/08/2021' is not a date",
        "interviews/T4.txt: has no row in participants.csv",
        "codebooks/tiny/codings/ana/T2.csv:2: there is no transcript 'T2'",
        "codebooks/tiny/codings/ana/T3.csv:3: code 'learning.staff' is not in the codebook",
    ):
        assert any(message.startswith(begin) for message in found), (begin, found)
    assert any("did you mean 'quote'?" in message for message in found)
    with pytest.raises(InvalidStudyError) as error:
        study.load(tiny)
    assert len(error.value.problems) == len(found)


def test_a_missing_transcript_is_named_by_its_participant(tiny):
    extend(tiny / "interviews/participants.csv", "T9,broker,x,2021-08-09,quote,T9.txt\n")
    only(tiny, ("interviews/participants.csv:5", "there is no interviews/T9.txt"))


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 0, "empty"),
        ("T1: caf\u00e9\n".encode("cp1252"), 1, "is not UTF-8"),
        (b"T1: one\r\n", 1, "ends in CR"),
        (b"no label here\n", 1, "Speaker: text"),
    ],
)
def test_a_spoilt_transcript_is_reported(tiny, content, line, message):
    (tiny / "interviews/T1.txt").write_bytes(content)
    place = f"interviews/T1.txt:{line}" if line else "interviews/T1.txt"
    found = messages(tiny)
    assert any(m.startswith(place) and message.lower() in m.lower() for m in found), found


def test_an_unreadable_transcript_is_reported(tiny):
    path = tiny / "interviews/T1.txt"
    path.unlink()
    path.mkdir()
    assert any(m.startswith("interviews/T1.txt: cannot be read") for m in messages(tiny))


def test_a_changed_transcript_is_told_once_for_each_log_on_it(tiny):
    change(tiny / "interviews/T3.txt", ("which is which", "what is what"))
    only(
        tiny,
        ("codebooks/tiny/codings/ana/T3.csv: 2 codings were made", "which has changed since"),
        ("codebooks/tiny/codings/ben/T3.csv: 1 coding was made", "study revise T3"),
        ("codebooks/tiny/codings/consensus/T3.csv: 2 codings were made", "changed since"),
    )


def test_a_cause_is_not_buried_under_its_consequences(tiny):
    (tiny / "interviews/T1.txt").write_bytes(b"T1: caf\xe9\n")
    only(tiny, ("interviews/T1.txt:1", "is not UTF-8"))


def test_a_broken_codebook_is_one_problem(tiny):
    (tiny / "codebooks/tiny/codebook.yaml").write_text("codes:\n\t- code: a\n")
    only(tiny, ("codebooks/tiny/codebook.yaml:2", "is not YAML"))


def test_a_passage_of_the_interviewer_is_a_warning(tiny):
    study.add(tiny, "T1", "meaning", coder="cleo", quote="What is a micro-credential")
    only(tiny, ("codebooks/tiny/codings/cleo/T1.csv:2: warning", "interviewer's words"))


def test_an_interview_that_is_here_twice_is_noticed(tiny):
    talk = "T{n}: " + " ".join(f"word{i % 97} again{i % 31}" for i in range(400)) + "\n"
    for number, group in ((7, "broker"), (8, "employer")):
        (tiny / f"interviews/T{number}.txt").write_text(talk.format(n=number))
        row = f"T{number},{group},x,2021-08-09,quote,T{number}.txt\n"
        extend(tiny / "interviews/participants.csv", row)
    only(tiny, ("interviews/T8.txt: warning", "T7 and T8 have the same words"))


def test_files_in_the_wrong_place_are_not_overlooked(tiny):
    (tiny / "codebooks/tiny/codings/stray.csv").write_text("x")
    (tiny / "interviews/T4.TXT").write_text("T4: x\n")
    only(
        tiny,
        ("codebooks/tiny/codings/stray.csv", "is in no coder's folder"),
        ("interviews/T4.TXT", "its suffix must be .txt"),
    )


@pytest.mark.parametrize("date", ["2021-02-31", "20210803", "2021-8-3"])
def test_a_date_that_is_none_is_reported(tiny, date):
    change(tiny / "interviews/participants.csv", ("2021-08-03", date))
    only(tiny, ("interviews/participants.csv:4", "is not a date like"))


def test_columns_that_find_a_person_are_warned_about(tiny):
    path = tiny / "interviews/participants.csv"
    lines = path.read_text().split("\n")
    lines[0] += ",E-mail"
    path.write_text("\n".join([lines[0], *(f"{line},x@y" for line in lines[1:4]), ""]))
    only(tiny, ("interviews/participants.csv:1: warning", "could identify people"))


def log(tiny, coder="ana", source="T1"):
    return tiny / f"codebooks/tiny/codings/{coder}/{source}.csv"


def test_an_unknown_code_gets_a_suggestion(tiny):
    change(log(tiny), ("making.co-design", "making.codesign"))
    found = messages(tiny)
    assert any("did you mean 'making.co-design'?" in message for message in found)


def test_a_passage_outside_the_text_is_reported(tiny):
    path = log(tiny)
    lines = path.read_text().split("\n")
    cells = lines[1].split(",")
    cells[5] = "99999"
    lines[1] = ",".join(cells)
    path.write_text("\n".join(lines))
    only(tiny, ("codebooks/tiny/codings/ana/T1.csv:2", "is not inside T1"))


def test_a_repeated_coding_is_reported(tiny):
    path = log(tiny)
    row = path.read_text().split("\n")[1]
    identity = row.split(",")[1]
    extend(path, row.replace(identity, codings.new_id()) + "\n")
    number = path.read_text().count("\n")
    only(tiny, (f"codebooks/tiny/codings/ana/T1.csv:{number}", "repeats line 2"))


def test_a_log_in_anothers_folder_is_reported(tiny):
    log(tiny, "carl").parent.mkdir()
    log(tiny, "carl").write_bytes(log(tiny).read_bytes())
    found = messages(tiny)
    assert any("its file belongs to carl/T1" in message for message in found)


def test_a_code_keeps_its_codings_under_a_former_name(tiny):
    for path in tiny.glob("codebooks/tiny/codings/*/*.csv"):
        path.write_text(path.read_text().replace("making.co-design", "making.designing"))
    assert messages(tiny) == []
    made = study.load(tiny).codings
    assert "making.co-design" in {coding.code for coding in made}


def test_a_condition_on_an_unknown_code_is_reported(tiny):
    change(tiny / "codebooks/tiny/propositions.yaml", ("code: making,", "code: makin,"))
    only(tiny, *[("codebooks/tiny/propositions.yaml", "did you mean 'making'?")] * 3)


def test_one_coding_cannot_count_for_two_verdicts(tiny):
    change(tiny / "codebooks/tiny/propositions.yaml", ("[mixed]", "[positive]"))
    only(tiny, ("codebooks/tiny/propositions.yaml", "counts for two verdicts at once"))


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('provenance = "composed"', 'provenance = "compsed"', 2, "did you mean 'composed'?"),
        ("seed = 7", 'seed = "7"', 4, "must be a whole number"),
        ("seed = 7", "sede = 7", 4, "did you mean 'seed'?"),
        ("seed = 7", "seed = ", 4, "is not TOML"),
        ('spectrum = "idea"', 'spectrum = "ide"', 0, "did you mean 'idea'?"),
        ('group = "group"', 'group = "gruop"', 0, "did you mean 'group'?"),
    ],
)
def test_a_wrong_setting_is_named(tiny, old, new, line, message):
    change(tiny / "study.toml", (old, new))
    place = f"study.toml:{line}: " if line else "study.toml: "
    assert any(m.startswith(place) and message in m for m in messages(tiny)), messages(tiny)


def test_a_list_that_a_spreadsheet_rewrote_is_read_reported_and_restored(tiny):
    path = tiny / "interviews/participants.csv"
    plain = path.read_bytes()
    mangled = b"\xef\xbb\xbf" + plain.replace(b",", b";").replace(b"\n", b"\r\n")
    path.write_bytes(mangled)
    assert all("study check --fix" in message for message in messages(tiny))
    assert len(messages(tiny)) == 3
    assert len(study.load(tiny).cases) == 3
    from study.actions import mend

    assert mend(tiny) == [path]
    assert path.read_bytes() == plain
    assert mend(tiny) == []


def test_a_withdrawn_participant_is_nowhere(tiny):
    change(
        tiny / "interviews/participants.csv", ("2021-08-02,analyse only", "2021-08-02,withdrawn")
    )
    assert messages(tiny) == []
    project = study.load(tiny)
    assert [case.name for case in project.cases] == ["T1", "T3"]
    assert [source.name for source in project.sources] == ["T1", "T3"]
    assert "T2" not in {coding.selection.source for coding in project.codings}
    assert all("T2" not in taken for taken in project.assigned.values())
    (tiny / "interviews/T2.txt").unlink()
    assert messages(tiny) == []
