"""The scheme applied by rule: what is coded, and what stays."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest
from places import ROOT
from ruamel.yaml import YAML
from ruled import BOOK, LOGS, by_rules, ids, logs, replace_in, without_people, write_patterns

import study
from study import codings, intake, patterns, rules
from study.errors import InvalidStudyError, NotPossibleError
from study.patterns import expressions

# What is coded.


def test_the_sentence_of_a_hit_is_coded_with_the_pattern_that_fired(tiny):
    write_patterns(tiny, assessed=["~test", "exam*"], staff=["staff NEAR/5 days"])
    rules.apply(tiny)
    assert by_rules(tiny) == [
        ("T1", "It is a short course with a test at the end.", "idea.assessed", "~test"),
        ("T1", "They bring the cases, we bring the exam.", "idea.assessed", "exam*"),
        ("T2", "Their staff come for two days each June.", "learning.staff", "staff NEAR/5 days"),
    ]


def test_a_turn_or_the_words_are_coded_where_the_study_or_the_pattern_says_so(tiny):
    write_patterns(tiny, assessed=["~test", "exam* [turn]", "cases"])
    replace_in(tiny / "study.toml", "[map]", '[rules]\npassage = "words"\n\n[map]')
    rules.apply(tiny)
    first, second = by_rules(tiny)
    assert first == ("T1", "test", "idea.assessed", "~test")
    assert second[1].startswith("We sit down with the bank \U0001f3e6")
    assert second[1].endswith("but it worked.")
    assert second[3] == "exam* [turn]; cases"  # one passage of one code, in the codebook's order


def test_hits_of_one_code_in_one_sentence_are_one_coding(tiny):
    never = [f"never{number}" for number in range(7)]
    write_patterns(tiny, assessed=["never", "exam*", *never[:6], "cases"], co_design=["cases"])
    rules.apply(tiny)
    sentence = "They bring the cases, we bring the exam."
    assert by_rules(tiny) == [
        ("T1", sentence, "idea.assessed", "exam*; cases"),
        ("T1", sentence, "making.co-design", "cases"),
    ]


def test_a_hit_that_reaches_into_two_sentences_codes_both(tiny):
    write_patterns(tiny, meaning=["test NEAR/6 nobody", "agrees"])
    rules.apply(tiny)
    [(_, words, _, pattern)] = by_rules(tiny)
    assert words == "It is a short course with a test at the end. Nobody here agrees on that."
    assert pattern == "test NEAR/6 nobody; agrees"


def test_participants_are_meant_unless_the_pattern_says_otherwise(tiny):
    write_patterns(tiny, meaning=["micro-credential*"], co_design=["~make [interviewer]"])
    rules.apply(tiny)
    assert by_rules(tiny) == [
        ("T1", "And how do you make them?", "making.co-design", "~make [interviewer]"),
        ("T2", "How do you make your courses?", "making.co-design", "~make [interviewer]"),
    ]
    assert study.check(tiny) == []
    write_patterns(tiny, staff=["staff [anyone]"])
    rules.apply(tiny)
    assert [words for _, words, _, _ in by_rules(tiny)] == [
        "Do their staff come to you?",
        "Their staff come for two days each June.",
        "My own staff.",
    ]


def test_what_the_transcriber_added_is_not_looked_at(tiny):
    without_people(tiny)
    replace_in(tiny / "interviews/T3.txt", "My own staff.", "My own staff [pause]. (laughs)")
    write_patterns(tiny, staff=["pause", "laugh*", "own staff"])
    assert [one.memo for one in rules.apply(tiny, dry_run=True).added] == ["own staff"]


# What is written, and when.


def test_a_second_run_writes_nothing(tiny):
    write_patterns(tiny, assessed=["~test"], staff=["staff"])
    first = rules.apply(tiny)
    before = logs(tiny)
    second = rules.apply(tiny)
    assert logs(tiny) == before
    assert len(first.added) == len(second.kept) == 3
    assert not second.added
    assert not second.removed
    assert {one.id for one in first.added} == {one.id for one in second.kept}


def test_a_transcript_without_hits_gets_an_empty_log(tiny):
    write_patterns(tiny, assessed=["exam*"])
    rules.apply(tiny)
    assert logs(tiny)["T3.csv"].decode() == codings.HEADER + "\n"
    assert study.load(tiny).assigned["rules"] == {"T1", "T2", "T3"}


def test_a_changed_codebook_changes_only_what_it_must(tiny):
    write_patterns(tiny, assessed=["~test", "exam*"], staff=["staff"])
    rules.apply(tiny)
    before, rows = ids(tiny), {name: len(log.splitlines()) for name, log in logs(tiny).items()}
    write_patterns(tiny, assessed=["~test"], staff=["staff"], meaning=["agree*"])
    done = rules.apply(tiny)
    assert [(one.code, one.memo) for one in done.added] == [("idea.meaning", "agree*")]
    assert [(one.code, one.memo) for one in done.removed] == [("idea.assessed", "exam*")]
    after = ids(tiny)
    assert {key: after[key] for key in after if key in before} == {
        key: before[key] for key in after if key in before
    }
    assert {name: len(log.splitlines()) for name, log in logs(tiny).items()} == {
        **rows,
        "T1.csv": rows["T1.csv"] + 2,
    }
    last = codings.read_entries(tiny / LOGS / "rules/T1.csv")[0]
    assert [entry.action for entry in last[-2:]] == ["remove", "add"]
    assert last[-2].coding.memo == "no rule finds this any more"


def test_another_pattern_in_the_same_passage_is_another_coding(tiny):
    write_patterns(tiny, assessed=["exam*"])
    [old] = rules.apply(tiny).added
    write_patterns(tiny, assessed=["exam*", "cases"])
    done = rules.apply(tiny)
    assert [one.id for one in done.removed] == [old.id]
    [new] = done.added
    assert (new.selection, new.memo) == (old.selection, "exam*; cases")
    assert new.id != old.id
    write_patterns(tiny, assessed=["exam*"])
    [again] = rules.apply(tiny).added
    assert again.id not in (old.id, new.id)
    assert study.check(tiny) == []


def test_a_dry_run_says_what_would_be_and_writes_nothing(tiny):
    write_patterns(tiny, assessed=["~test"])
    done = rules.apply(tiny, dry_run=True)
    assert [one.memo for one in done.added] == ["~test"]
    assert not (tiny / LOGS / "rules").exists()
    assert [one.memo for one in done.study.codings if one.coder == "rules"] == ["~test"]


def test_only_the_codes_asked_for_are_touched(tiny):
    write_patterns(tiny, assessed=["~test"], staff=["staff"])
    rules.apply(tiny)
    write_patterns(tiny, assessed=["exam*"], staff=["two days"])
    done = rules.apply(tiny, ["staff"])
    assert {one.code for one in (*done.added, *done.removed)} == {"learning.staff"}
    assert [one.memo for one in done.kept] == ["~test"]
    assert done.by_code() == [("learning.staff", 1, 1, 2)]


def test_a_renamed_code_keeps_its_codings_and_a_deleted_one_loses_them(tiny):
    write_patterns(tiny, assessed=["~test"], staff=["staff"])
    rules.apply(tiny)
    before = logs(tiny)
    replace_in(tiny / BOOK, "- code: assessed", "- code: tested\n    formerly: [idea.assessed]")
    done = rules.apply(tiny)
    assert logs(tiny) == before
    assert {one.code for one in done.kept} == {"idea.tested", "learning.staff"}
    text = (tiny / BOOK).read_text(encoding="utf-8")
    start, end = text.index("  - code: tested"), text.index("  - code: making")
    (tiny / BOOK).write_text(text[:start] + text[end:], encoding="utf-8")
    for log in (tiny / LOGS).glob("*/T*.csv"):  # the people's codings of it go by hand
        if log.parent.name != "rules":
            rows = log.read_text(encoding="utf-8").splitlines(keepends=True)
            log.write_text("".join(row for row in rows if "idea.assessed" not in row), "utf-8")
    done = rules.apply(tiny)
    assert [one.memo for one in done.removed] == ["~test"]
    assert done.by_code() == [("learning.staff", 2, 0, 0), ("idea.assessed", 0, 0, 1)]
    assert study.check(tiny) == []


def test_patterns_taken_away_take_their_codings_away(tiny):
    write_patterns(tiny, assessed=["~test"])
    rules.apply(tiny)
    write_patterns(tiny)
    assert [one.memo for one in rules.apply(tiny).removed] == ["~test"]
    assert by_rules(tiny) == []


def test_withdrawn_participants_are_left_out_and_their_logs_as_they_are(tiny):
    write_patterns(tiny, staff=["staff"])
    rules.apply(tiny)
    before = logs(tiny)
    replace_in(tiny / "interviews/participants.csv", "quote,T3.txt", "withdrawn,T3.txt")
    write_patterns(tiny, staff=["two days"])
    done = rules.apply(tiny)
    assert {one.selection.source for one in (*done.added, *done.removed)} == {"T2"}
    assert logs(tiny)["T3.csv"] == before["T3.csv"]
    assert "T3" not in rules.find(study.load(tiny))


def test_a_corrected_transcript_keeps_what_still_holds(tiny, tmp_path):
    write_patterns(tiny, staff=["staff"], assessed=["exam*"])
    rules.apply(tiny)
    before = ids(tiny)
    corrected = tmp_path / "T2.txt"
    shutil.copy(tiny / "interviews/T2.txt", corrected)
    replace_in(corrected, "The council asked for one.", "The town council asked us for one.")
    intake.revise(tiny, "T2", corrected)
    done = rules.apply(tiny)
    assert not done.added
    assert not done.removed
    assert len(done.kept) == len(before)
    assert study.check(tiny) == []


def test_codings_of_another_version_are_made_anew(tiny):
    write_patterns(tiny, staff=["staff"])
    rules.apply(tiny)
    without_people(tiny)
    replace_in(tiny / "interviews/T3.txt", "on Wednesday", "the day after")
    with pytest.raises(InvalidStudyError, match="has changed since"):
        study.load(tiny)
    done = rules.apply(tiny)
    assert [one.selection.source for one in done.removed] == ["T3"]
    assert [one.selection.source for one in done.added] == ["T3"]
    assert done.added[0].selection == done.removed[0].selection
    assert study.check(tiny) == []
    (tiny / "interviews/T3.txt").unlink()
    replace_in(
        tiny / "interviews/participants.csv",
        "T3,employer,learning lead,2021-08-03,quote,T3.txt\n",
        "",
    )
    assert [one.selection.source for one in rules.apply(tiny).removed] == ["T3"]
    assert not [one for one in study.check(tiny) if one.severity == "error"]


# What is refused.


def test_no_patterns_no_such_code_no_patterns_there(tiny):
    with pytest.raises(NotPossibleError, match=r"no code has patterns; write some under a code"):
        rules.apply(tiny)
    write_patterns(tiny, assessed=["~test"])
    with pytest.raises(NotPossibleError, match=r"code 'stuff' .* did you mean 'learning.staff'"):
        rules.apply(tiny, ["stuff"])
    with pytest.raises(NotPossibleError, match=r"code 'learning.staff' has no patterns"):
        rules.apply(tiny, ["staff"])


def test_a_pattern_that_cannot_be_read_is_named_with_its_line(tiny):
    write_patterns(tiny, assessed=["~test", "a NEAR b"])
    line = (tiny / BOOK).read_text().splitlines().index('      - "a NEAR b"') + 1
    [problem] = study.check(tiny)
    assert str(problem).startswith(f"{BOOK}:{line}: code 'assessed'")
    assert "NEAR needs how many words" in str(problem)
    with pytest.raises(InvalidStudyError, match="NEAR needs how many words"):
        rules.apply(tiny)


def test_stems_need_a_language_that_has_them(tiny):
    write_patterns(tiny, assessed=["~test"])
    replace_in(tiny / "study.toml", "seed = 7", 'seed = 7\nlanguage = "welsh"')
    with pytest.raises(NotPossibleError, match="language is 'welsh': there are no stems for"):
        rules.apply(tiny)


def test_an_expression_without_end_is_named_with_the_line_it_got_lost_in(tiny, monkeypatch):
    monkeypatch.setattr(expressions, "SECONDS", 0.2)
    without_people(tiny)
    replace_in(tiny / "interviews/T3.txt", "My own staff.", "My own staff: " + "a" * 5000 + "!")
    write_patterns(tiny, staff=["/(a|aa)+!?$/"])
    with pytest.raises(
        NotPossibleError, match=r"does not come to an end in T3, line 9: it repeats"
    ):
        rules.apply(tiny)
    assert not (tiny / LOGS / "rules").exists()


def test_reading_patterns_loads_nothing_heavy():
    code = "from study import rules; from study.patterns import parse; parse('~a NEAR/5 /b/')"
    look = (
        "import sys; print([name for name in ('numpy', 'pandas', 'nltk') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\n{look}"], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_what_the_guide_shows_can_be_read():
    guide = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    example = guide.partition("```yaml")[2].partition("```")[0]
    [code] = YAML(typ="safe").load(example)
    rows = [line.split(" | ")[0] for line in guide.splitlines() if line.startswith("| `")]
    shown = [one.replace("\\|", "|") for row in rows for one in re.findall(r"`([^`]+)`", row)]
    assert len(code["patterns"]) == 3
    assert len(shown) > 12
    for pattern in (*code["patterns"], *shown):
        patterns.parse(pattern)


def test_the_passage_must_be_one_there_is(tiny):
    replace_in(tiny / "study.toml", "[map]", '[rules]\npassage = "sentense"\n\n[map]')
    [problem] = study.check(tiny)
    assert "rules.passage must be one of sentence, turn, words; did you mean 'sentence'?" in str(
        problem
    )
