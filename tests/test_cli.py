"""The command line, as a newcomer types it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from study.cli import main


def run(capsys, *arguments):
    status = main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_a_study_from_nothing_to_its_first_coding(tmp_path, capsys):
    folder = tmp_path / "mine"
    received = tmp_path / "call.txt"
    received.write_text("Interviewer: Who are you?\n\nJo: A broker, I suppose.\n")
    assert run(capsys, "init", folder)[0] == 0
    assert run(capsys, "check", "-C", folder)[:2] == (0, "no problems\n")
    status, out, _ = run(capsys, "import", "-C", folder, received, "--as", "P01")
    assert status == 0
    assert "Interviewer* 1 turns 3 words, Jo 1 turns 4 words" in out
    assert "consent 'analyse only'" in out
    assert "1 of 1 files imported" in out
    codebook = folder / "codebooks/codebook/codebook.yaml"
    guid = "3af46d7d-994e-4a93-b44d-81a10b6014c6"
    entry = f"codes:\n  - code: self\n    name: Self\n    guid: {guid}\n"
    codebook.write_text(codebook.read_text().replace("codes: []", entry))
    add = ("add", "-C", folder, "P01", "self", "--coder", "ana", "--quote", "a broker")
    status, _, err = run(capsys, *add)
    assert status == 1
    assert "does not hold the words 'a broker'" in err
    status, out, _ = run(capsys, *add[:-1], "A broker", "--stance", "neutral")
    assert status == 0
    assert out.startswith("added self to P01 ")
    status, out, _ = run(capsys, "status", "-C", folder)
    assert status == 0
    assert re.search(r"P01 +P01 +all participants +2 +\d+ +1", out)


def test_a_study_just_begun_has_an_empty_status(tmp_path, capsys):
    run(capsys, "init", tmp_path / "new")
    status, out, _ = run(capsys, "status", "-C", tmp_path / "new")
    assert status == 0
    assert "no transcripts yet" in out
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    status, out, _ = run(capsys, "import", "-C", tmp_path / "new", inbox)
    assert status == 1
    assert "0 of 0 files" in out


def test_check_prints_each_problem_and_exits_1(tiny, capsys):
    (tiny / "interviews/T2.txt").unlink()
    status, out, _ = run(capsys, "check", "-C", tiny)
    assert status == 1
    assert "interviews/participants.csv:3: participant 'T2'" in out
    assert re.search(r"^\d+ problems$", out, re.M)


def test_check_fix_restores_what_a_spreadsheet_changed(tiny, capsys):
    path = tiny / "interviews/participants.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(capsys, "check", "-C", tiny)[0] == 1
    status, out, _ = run(capsys, "check", "-C", tiny, "--fix")
    assert status == 0
    assert "restored" in out


def test_a_broken_study_is_one_readable_message(tiny, capsys):
    (tiny / "study.toml").write_text("seed = \n")
    for command in (["status"], ["reproduce"], ["concordance", "x"]):
        status, _, err = run(capsys, *command, "-C", tiny)
        assert status == 1
        assert "study.toml:1: is not TOML" in err
        assert "Traceback" not in err


def test_no_study_says_how_to_make_one(tmp_path, capsys):
    status, _, err = run(capsys, "status", "-C", tmp_path)
    assert status == 1
    assert "study init" in err


def test_status_names_who_has_not_coded_what(tiny, capsys):
    (tiny / "codebooks/tiny/codings/ben/T3.csv").unlink()
    status, out, _ = run(capsys, "status", "-C", tiny)
    assert status == 0
    assert "ben has not coded: T3" in out
    assert "Composed for demonstration, not data." in out


def test_concordance_shows_transcript_line_and_count(tiny, capsys):
    status, out, _ = run(capsys, "concordance", "-C", tiny, "court*")
    assert status == 0
    assert "0 hits" in out
    status, out, _ = run(capsys, "concordance", "-C", tiny, "staff")
    assert re.search(r"T3:9 .*staff", out)
    assert "hits in 2 transcripts, 2 participants" in out


def test_reliability_prints_values_and_the_sentence_to_write(tiny, capsys):
    status, out, _ = run(capsys, "reliability", "-C", tiny)
    assert status == 0
    assert "Krippendorff's alpha" in out
    assert "Two coders independently coded 6 turns of 3 transcripts" in out
    status, out, _ = run(capsys, "reliability", "-C", tiny, "--coefficient", "Gwet's AC1")
    assert "Gwet's AC1" in out
    assert "Cohen's kappa" not in out
    status, out, _ = run(capsys, "reliability", "-C", tiny, "--coders", "ana, consensus")
    assert status == 0
    assert "Two coders" in out
    status, _, err = run(capsys, "reliability", "-C", tiny, "--coders", "ana,carl")
    assert status == 1
    assert "carl" in err


@pytest.mark.parametrize(
    ("unit", "coded"),
    [
        ("sentence", r"coded \d+ sentences of 3 transcripts"),
        ("source", "coded 3 transcripts"),
        ("character", r"coded \d+ characters of 3 transcripts"),
    ],
)
def test_reliability_of_other_units(tiny, capsys, unit, coded):
    status, out, _ = run(capsys, "reliability", "-C", tiny, "--unit", unit)
    assert status == 0
    assert re.search(coded, out)
    assert re.search(r"all codes +Krippendorff's alpha +[\d.-]+", out)


def test_reliability_of_characters_knows_the_coefficients_of_passages(tiny, capsys):
    chosen = ("--coefficient", "cu alpha", "--coefficient", "|u alpha")
    status, out, _ = run(capsys, "reliability", "-C", tiny, "--unit", "character", *chosen)
    assert status == 0
    assert re.search(r"all codes +cu alpha ", out)
    assert re.search(r"Own staff +\|u alpha ", out)
    status, _, err = run(capsys, "reliability", "-C", tiny, *chosen)
    assert status == 1
    assert "no coefficient called cu alpha, |u alpha; there are: percent agreement" in err


def test_reliability_by_part(tiny, capsys):
    for part, named in (
        ("branch", "Learning"),
        ("transcript", "T2"),
        ("pair", "ana, ben"),
        ("time", "second half"),
    ):
        status, out, _ = run(capsys, "reliability", "-C", tiny, "--by", part)
        assert status == 0
        assert re.search(rf"^ *{named} .*Cohen's kappa", out, re.M)


def test_reliability_of_the_codebook_lists_what_has_no_value(tiny, capsys):
    _, out, _ = run(capsys, "reliability", "-C", tiny)
    assert "nobody used the code" not in out
    assert re.search(r"^\d without a value; --codebook lists them", out, re.M)
    status, out, _ = run(capsys, "reliability", "-C", tiny, "--codebook")
    assert status == 0
    assert "nobody used the code" in out


def test_reliability_of_a_branch_or_of_another_codebook(tiny, capsys):
    status, out, _ = run(capsys, "reliability", "-C", tiny, "--codebook", "learning")
    assert status == 0
    assert "Own staff" in out
    assert "Meaning" not in out
    shutil.copytree(tiny / "codebooks" / "tiny", tiny / "codebooks" / "second")
    shutil.rmtree(tiny / "codebooks" / "second" / "codings" / "ben")
    status, _, err = run(capsys, "reliability", "-C", tiny, "--codebook", "second")
    assert status == 1
    assert "reliability needs two coders" in err
    status, _, err = run(capsys, "reliability", "-C", tiny, "--codebook", "secnd")
    assert status == 1
    assert "neither a codebook of the study nor a branch; did you mean 'second'?" in err


def test_disagreements_show_the_question_before(tiny, capsys):
    _, out, _ = run(capsys, "disagreements", "-C", tiny)
    lines = out.split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("T3:9 Own staff"))
    assert lines[at + 1].startswith("    before: ")
    assert "They learn on Tuesday" in lines[at + 2]


def test_what_consensus_changed(tiny, capsys):
    status, out, _ = run(capsys, "disagreements", "-C", tiny, "--consensus")
    assert status == 0
    assert re.search(r"^ben: \d+ codes given that were not, \d+ taken back$", out, re.M)
    assert re.search(r"T3:9 Own staff \(learning.staff\): ben: given", out)
    assert re.search(r"^\d+ changes, the first \d+ shown$", out, re.M)
    assert "council" not in out
    status, _, err = run(capsys, "disagreements", "-C", tiny, "--consensus", "nobody")
    assert status == 1
    assert "no coder 'nobody'" in err


def test_disagreements_name_the_sides_and_quote_only_who_may_be_quoted(tiny, capsys):
    status, out, _ = run(capsys, "disagreements", "-C", tiny)
    assert status == 0
    assert re.search(r"T3:9 Own staff \(learning.staff\): ana, not ben", out)
    assert "They learn on Tuesday" in out
    assert "council" not in out
    status, _, err = run(capsys, "disagreements", "-C", tiny, "--code", "stff")
    assert status == 1
    assert "did you mean 'learning.staff'?" in err
    assert run(capsys, "disagreements", "-C", tiny, "--top", "-1")[0] == 1


def test_a_dry_run_is_a_table_to_look_over(tmp_path, capsys):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text("Interviewer: Who?\n\nJo: Me.\n", encoding="utf-8")
    cues = ("00:01.000 --> 00:02.000\n<v Ann>Who?</v>", "00:03.000 --> 00:04.000\n<v Jo>I.</v>")
    vtt = "\n\n".join(["WEBVTT", *cues]) + "\n"
    (inbox / "b.vtt").write_text(vtt, encoding="utf-8")
    (inbox / "c.pdf").write_bytes(b"")
    run(capsys, "init", tmp_path / "new")
    before = sorted((tmp_path / "new").rglob("*"))
    status, out, _ = run(capsys, "import", "-C", tmp_path / "new", inbox, "--dry-run")
    assert status == 1
    assert sorted((tmp_path / "new").rglob("*")) == before
    head = next(line for line in out.split("\n") if line.split()[:2] == ["file", "name"])
    assert head.split()[2:] == "format encoding speakers turns words times notes outcome".split()
    assert re.search(r"b.vtt +b +WebVTT.* 00:00:01-00:00:03 ", out)
    assert re.search(r"c.pdf +c .*left out: ", out)
    assert "2 of 3 files can be imported, 1 left out" in out


def test_import_of_a_folder_with_a_bad_file_exits_1_and_keeps_the_good(tmp_path, capsys):
    folder = tmp_path / "mine"
    inbox = tmp_path / " in box"
    inbox.mkdir()
    (inbox / "gut.txt").write_text("Interviewer: Ja?\n\nJo: Ja, schön.\n", encoding="utf-8")
    (inbox / "böse.docx").write_bytes(b"\x00\x01")
    run(capsys, "init", folder)
    status, out, err = run(capsys, "import", "-C", folder, inbox)
    assert status == 1
    assert "1 of 2 files imported, 1 left out" in out
    assert "böse.docx: left out:" in err


@pytest.mark.skipif(os.name == "nt", reason="no such permissions on Windows")
def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")
    status, _, err = run(capsys, "init", blocked / "study")
    assert status == 1
    assert err.startswith("study: ")


def test_a_closed_pipe_ends_quietly(tiny):
    command = [sys.executable, "-m", "study", "concordance", "-C", str(tiny), "*"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(60)
