"""The log of codings: nothing acknowledged is lost, and the past can be replayed."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study import codings
from study.codings import HEADER, Entry
from study.codings import log as writing
from study.errors import NotPossibleError
from study.model import STANCES, Coding, Selection

MOMENT = dt.datetime(2021, 9, 1, 10, 0, tzinfo=dt.UTC)


def coding(identity="a", start=0, end=5, **changes):
    values = {
        "id": identity,
        "selection": Selection("P01", start, end),
        "code": "idea.meaning",
        "coder": "ana",
        "created": MOMENT,
        "source_version": "0123456789ab",
    }
    return Coding(**(values | changes))


@pytest.fixture
def log(tmp_path):
    return codings.path_of(tmp_path, "ana", "P01")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(
    memo=texts,
    stance=st.sampled_from(["", *STANCES]),
    start=st.integers(0, 10**9),
    length=st.integers(1, 10**6),
    code=st.from_regex(r"[a-z]{1,8}(\.[a-z-]{1,8})?", fullmatch=True),
    seconds=st.integers(0, 10**9),
)
def test_a_coding_survives_being_written_and_read(memo, stance, start, length, code, seconds):
    made = coding(
        start=start,
        end=start + length,
        memo=memo,
        stance=stance,
        code=code,
        created=MOMENT + dt.timedelta(seconds=seconds),
    )
    line = codings.format_entry(Entry("add", made))
    assert "\n" not in line
    assert codings.parse_entry(line, None).coding == made


def test_a_removed_coding_is_gone_but_the_log_remembers_it(log):
    first = coding("a")
    codings.append(log, [Entry("add", first), Entry("add", coding("b", 5, 9))])
    later = coding("a", created=MOMENT + dt.timedelta(days=1))
    codings.append(log, [Entry("remove", later)])
    now, problems = codings.read(log)
    assert [one.id for one in now] == ["b"]
    assert not problems
    before, _ = codings.read(log, until=MOMENT)
    assert [one.id for one in before] == ["a", "b"]


def test_an_empty_log_says_that_the_coder_took_the_source_on(log):
    codings.start(log)
    codings.start(log)
    assert log.read_text() == HEADER + "\n"
    assert codings.read(log) == ([], [])


@pytest.mark.parametrize("cut", range(1, 70, 6))
def test_a_torn_last_line_is_reported_and_costs_nothing_else(log, cut):
    codings.append(log, [Entry("add", coding("a")), Entry("add", coding("b", 5, 9))])
    whole = log.read_bytes()
    log.write_bytes(whole[:-cut])
    kept, problems = codings.read(log)
    assert [one.id for one in kept] == ["a"]
    assert [(one.line, one.severity) for one in problems] == [(3, "warning")]
    codings.append(log, [Entry("add", coding("c", 10, 12))])
    kept, problems = codings.read(log)
    assert [one.id for one in kept] == ["a", "c"]
    assert not problems
    torn = log.with_name("P01.csv.torn").read_bytes()
    assert whole.endswith(torn.rstrip(b"\n") + whole[-cut:])


def test_writers_at_the_same_time_lose_no_row(log):
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[1])
        from test_codings import coding
        from study import codings
        for number in range(40):
            start = number + 100 * "xyz".index(sys.argv[3])
            made = coding(f"{sys.argv[3]}-{number}", start, start + 3)
            codings.append(Path(sys.argv[2]), [codings.Entry("add", made)])
        """
    )
    here = os.path.dirname(__file__)
    writers = [
        subprocess.Popen([sys.executable, "-c", script, here, str(log), name]) for name in "xyz"
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    kept, problems = codings.read(log)
    assert not problems
    assert len(kept) == 120


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("add", "addd"), "neither add, remove nor decline"),
        ((",0,5,", ",zero,5,"), "not a character offset"),
        (("2021-09-01T", "01/09/2021 "), "a spreadsheet may have changed it"),
        (("positive", "postive"), "did you mean 'positive'?"),
        (("idea.meaning,", ""), "has 10 cells where a coding has 11"),
    ],
)
def test_a_spoilt_row_is_named_by_its_line(log, change, message):
    codings.append(log, [Entry("add", coding(stance="positive")), Entry("add", coding("b", 5, 9))])
    lines = log.read_text().split("\n")
    lines[1] = lines[1].replace(*change)
    log.write_text("\n".join(lines))
    kept, problems = codings.read(log)
    assert [one.id for one in kept] == ["b"]
    assert [(one.line, message in one.message) for one in problems] == [(2, True)]


def test_a_log_that_a_spreadsheet_rewrote_is_read_and_reported(log):
    codings.append(log, [Entry("add", coding(memo="one; two"))])
    mangled = log.read_text().replace(",", ";").replace("\n", "\r\n")
    log.write_bytes(b"\xef\xbb\xbf" + mangled.replace("one; two", '"one; two"').encode())
    kept, problems = codings.read(log)
    assert [one.memo for one in kept] == ["one; two"]
    assert {one.severity for one in problems} == {"warning"}
    assert len(problems) == 3
    before = log.read_bytes()
    with pytest.raises(NotPossibleError, match="study check --fix"):
        codings.append(log, [Entry("add", coding("b", 7, 9))])
    assert log.read_bytes() == before
    assert codings.restore(log)
    codings.append(log, [Entry("add", coding("b", 7, 9))])
    kept, problems = codings.read(log)
    assert len(kept) == 2
    assert not problems


def test_a_full_disk_takes_back_what_it_could_not_finish(log):
    codings.append(log, [Entry("add", coding("a"))])
    whole = log.read_bytes()
    script = textwrap.dedent(
        """
        import resource, signal, sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[1])
        from test_codings import coding
        from study import codings
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        size = Path(sys.argv[2]).stat().st_size + 40
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            codings.append(Path(sys.argv[2]), [codings.Entry("add", coding("b", 5, 9))])
        except OSError:
            sys.exit(7)
        """
    )
    command = [sys.executable, "-c", script, os.path.dirname(__file__), str(log)]
    assert subprocess.run(command, check=False).returncode == 7
    assert log.read_bytes() == whole


def test_rows_that_contradict_each_other_are_reported_by_line(log):
    rows = [Entry("add", coding("a")), Entry("add", coding("a")), Entry("remove", coding("z"))]
    codings.start(log)
    with log.open("a") as file:
        file.write("".join(codings.format_entry(row) + "\n" for row in rows))
    kept, problems = codings.read(log)
    assert len(kept) == 1
    assert [one.line for one in problems] == [3, 4]


def test_a_log_with_old_mac_line_ends_is_read_and_never_taken_for_torn(log):
    codings.append(log, [Entry("add", coding("a"))])
    log.write_bytes(log.read_bytes().replace(b"\n", b"\r"))
    kept, problems = codings.read(log)
    assert [one.id for one in kept] == ["a"]
    assert "line ends" in problems[0].message
    with pytest.raises(NotPossibleError, match="rewritten"):
        codings.append(log, [Entry("add", coding("b", 5, 9))])
    assert not log.with_name("P01.csv.torn").exists()
    assert codings.restore(log)
    assert codings.read(log) == (kept, [])


def test_a_spoilt_row_keeps_a_log_from_being_restored(log):
    codings.append(log, [Entry("add", coding("a")), Entry("add", coding("b", 5, 9))])
    spoilt = log.read_bytes().replace(b"idea.meaning", b'"idea.meaning', 1).replace(b"\n", b"\r\n")
    log.write_bytes(spoilt)
    assert not codings.restore(log)
    assert log.read_bytes() == spoilt
    kept, problems = codings.read(log)
    assert [one.id for one in kept] == ["b"]
    assert [one.line for one in problems if one.severity == "error"] == [2]


def test_restoring_never_finishes_a_torn_row(log):
    codings.append(log, [Entry("add", coding("a")), Entry("add", coding("b", 5, 9))])
    torn = log.read_bytes().replace(b"\n", b"\r\n")[:-2]
    log.write_bytes(torn)
    assert not codings.restore(log)
    assert log.read_bytes() == torn


def test_a_log_replaced_while_a_writer_waits_gets_the_row_all_the_same(log, monkeypatch):
    codings.append(log, [Entry("add", coding("a"))])
    real = writing._still_there
    calls = []

    def replaced_once(path, file):
        if not calls:
            fresh = path.with_name("fresh")
            fresh.write_bytes(path.read_bytes())
            fresh.replace(path)
        calls.append(path)
        return real(path, file)

    monkeypatch.setattr(writing, "_still_there", replaced_once)
    codings.append(log, [Entry("add", coding("b", 5, 9))])
    assert [one.id for one in codings.read(log)[0]] == ["a", "b"]


def test_what_could_not_be_read_back_is_not_written(log):
    for memo in ("x" * 200_000, "bad \udcff byte"):
        with pytest.raises(NotPossibleError, match="memo"):
            codings.append(log, [Entry("add", coding(memo=memo))])
    assert not log.exists()


def test_a_coder_is_not_written_in_two_ways(tmp_path):
    (tmp_path / "ana").mkdir()
    with pytest.raises(NotPossibleError, match="did you mean"):
        codings.path_of(tmp_path, "Ana", "P01")


@pytest.mark.parametrize("name", ["../ana", "", "a/b", ".hidden", "an a", "ana.", "con", "NUL.x"])
def test_a_name_that_leaves_the_folder_is_refused(tmp_path, name):
    with pytest.raises(NotPossibleError, match="must be letters"):
        codings.path_of(tmp_path, name, "P01")


def test_the_same_coding_from_two_processes_stands_once(log):
    codings.append(log, [Entry("add", coding("a"))])
    with pytest.raises(NotPossibleError, match=r"before \(line 2\)"):
        codings.append(log, [Entry("add", coding("b"))])
    codings.append(log, [Entry("remove", coding("a")), Entry("add", coding("c"))])
    assert [one.id for one in codings.read(log)[0]] == ["c"]


def standing(log):
    """Return what stands in a log: ids of codings and of declines, and that nothing is wrong."""
    found, problems = codings.stand(codings.read_entries(log)[0])
    assert not problems
    return set(found.codings), set(found.declined)


def test_a_proposal_can_be_declined_and_undeclined(log):
    codings.append(log, [Entry("decline", coding("a")), Entry("add", coding("b", 5, 9))])
    entries, problems = codings.read_entries(log)
    assert [one.id for one in codings.declined(entries)] == ["a"]
    assert [one.id for one in codings.read(log)[0]] == ["b"]
    assert not problems
    codings.append(log, [Entry("remove", coding("a"))])
    assert standing(log) == ({"b"}, set())
    assert [one.id for one in codings.declined(entries, until=MOMENT)] == ["a"]


def test_a_declined_code_can_be_given_after_all_and_stays_declined_when_that_is_taken_back(log):
    codings.append(log, [Entry("decline", coding("a"))])
    codings.append(log, [Entry("add", coding("b"))])
    assert standing(log) == ({"b"}, {"a"})
    codings.append(log, [Entry("remove", coding("b"))])
    assert standing(log) == (set(), {"a"})
    with pytest.raises(NotPossibleError, match="ana has denied this passage"):
        codings.append(log, [Entry("decline", coding("c"))])


def test_what_is_sent_again_is_acknowledged_and_not_written_again(log):
    first = [Entry("add", coding("a", memo="why")), Entry("decline", coding("d", 5, 9))]
    codings.append(log, first)
    codings.append(log, [Entry("remove", coding("a"))])
    whole = log.read_bytes()
    later = dt.timedelta(minutes=5)
    again = Entry("add", coding("a", memo="why", created=MOMENT + later, source_version="other"))
    codings.append(log, [again, first[1]])
    codings.append(log, [Entry("remove", coding("a", created=MOMENT + later))])
    assert log.read_bytes() == whole


@pytest.mark.parametrize(
    "other",
    [{"memo": "x"}, {"stance": "mixed"}, {"start": 1}, {"code": "making"}, {"coder": "ben"}],
)
def test_an_id_that_was_used_for_another_coding_is_refused(log, other):
    codings.append(log, [Entry("add", coding("a"))])
    with pytest.raises(NotPossibleError, match="'a' was used before, for another coding"):
        codings.append(log, [Entry("add", coding("a", **other))])
    with pytest.raises(NotPossibleError, match="'a' was used before"):
        codings.append(log, [Entry("decline", coding("a"))])
    assert standing(log) == ({"a"}, set())


def test_what_was_never_there_cannot_be_taken_back(log):
    with pytest.raises(NotPossibleError, match="no coding 'z' to take back"):
        codings.append(log, [Entry("remove", coding("z"))])
    assert not log.exists()


def test_all_rows_of_a_call_are_written_or_none(log):
    codings.append(log, [Entry("add", coding("a"))])
    whole = log.read_bytes()
    with pytest.raises(NotPossibleError):
        codings.append(log, [Entry("add", coding("b", 5, 9)), Entry("add", coding("c"))])
    with pytest.raises(NotPossibleError):
        codings.append(log, [Entry("add", coding("b", 5, 9)), Entry("add", coding("c", 5, 9))])
    assert log.read_bytes() == whole


def test_a_code_that_was_renamed_since_is_still_the_same_code(log):
    def renamed(path):
        return {"idea.sense": "idea.meaning"}.get(path, path)

    codings.append(log, [Entry("add", coding("a", code="idea.sense"))])
    codings.append(log, [Entry("add", coding("a"))], renamed)
    with pytest.raises(NotPossibleError, match="before"):
        codings.append(log, [Entry("add", coding("b"))], renamed)
    assert standing(log) == ({"a"}, set())


def test_rows_of_another_program_count_before_the_next_is_written(log):
    mine, other = codings.Log(log), codings.Log(log)
    mine.append([Entry("add", coding("a"))])
    other.append([Entry("add", coding("b", 5, 9))])
    with pytest.raises(NotPossibleError, match=r"line 3"):
        mine.append([Entry("add", coding("c", 5, 9))])
    other.append([Entry("remove", coding("a"))])
    mine.append([Entry("add", coding("d"))])
    assert [one.id for one in mine.codings()] == ["b", "d"]
    assert [one.id for one in other.codings()] == ["b", "d"]
    log.unlink()
    assert not mine.taken
    assert mine.codings() == []
    mine.append([Entry("add", coding("e"))])
    assert log.read_text().startswith(HEADER)
    assert [one.id for one in other.codings()] == ["e"]


def test_a_log_that_was_changed_in_place_is_read_again(log):
    mine = codings.Log(log)
    mine.append([Entry("add", coding("a", stance="mixed")), Entry("add", coding("b", 5, 9))])
    log.write_text(log.read_text().replace(",0,5,", ",2,7,"))
    assert [one.selection.start for one in mine.codings()] == [2, 5]
    mine.append([Entry("add", coding("c"))])
    lines = [one.place.line for one in mine.codings()]
    assert lines == [2, 3, 4] == [one.place.line for one in codings.read(log)[0]]


def test_a_long_log_is_not_read_again_for_each_row(log, monkeypatch):
    mine = codings.Log(log)
    mine.append([Entry("add", coding(str(number), number, number + 9)) for number in range(5000)])
    read = []
    real = writing.parse
    monkeypatch.setattr(writing, "parse", lambda *given: read.append(given) or real(*given))
    for number in range(20):
        mine.append([Entry("add", coding(f"new-{number}", 10_000 + number, 10_050))])
    assert len(mine.codings()) == 5020
    assert not read
    assert len(codings.read(log)[0]) == 5020


def test_a_log_that_is_no_text_is_not_written_to(log):
    codings.append(log, [Entry("add", coding("a", memo="é"))])
    spoilt = log.read_bytes().replace("é".encode(), b"\xe9")
    log.write_bytes(spoilt)
    with pytest.raises(NotPossibleError, match="not UTF-8"):
        codings.append(log, [Entry("add", coding("b", 5, 9))])
    assert log.read_bytes() == spoilt


SPANS = st.sampled_from([(0, 5), (0, 9), (3, 9)])
CODES = st.sampled_from(["idea.meaning", "making"])
WISHES = st.lists(
    st.tuples(
        st.sampled_from(["add", "decline", "remove", "change"]), SPANS, CODES, st.integers(0, 30)
    ),
    max_size=20,
)


def calls_of(wishes):
    """Turn wishes into what a page would send: new ids for what is new, known ones for the rest."""
    made = []
    for number, (action, span, code, which) in enumerate(wishes):
        fresh = coding(f"id-{number}", *span, code=code)
        old = made[which % len(made)] if made else fresh
        if action in ("add", "decline"):
            yield [Entry(action, fresh)]
        elif action == "remove":
            yield [Entry("remove", old)]
        else:
            yield [Entry("remove", old), Entry("add", fresh)]
        if action != "remove":
            made.append(fresh)


@given(wishes=WISHES, data=st.data())
def test_any_beginning_may_be_sent_again_and_nothing_changes(tmp_path_factory, wishes, data):
    log = codings.path_of(tmp_path_factory.mktemp("log"), "ana", "P01")
    acknowledged = []
    for call in calls_of(wishes):
        try:
            codings.append(log, call)
            acknowledged.append(call)
        except NotPossibleError:
            pass
        again = data.draw(st.integers(0, len(acknowledged)))
        before = log.read_bytes() if log.exists() else b""
        for sent in acknowledged[:again]:
            codings.append(log, sent)
        assert (log.read_bytes() if log.exists() else b"") == before
    if acknowledged:
        found, problems = codings.stand(codings.read_entries(log)[0])
        assert not problems
        kept = codings.Log(log)
        assert [one.id for one in kept.codings()] == list(found.codings)
        places = [(one.selection, one.code) for one in found.codings.values()]
        assert len(places) == len(set(places))


@pytest.mark.parametrize("torn", [False, True])
def test_a_row_sent_again_after_a_crash_stands_once(log, torn):
    codings.append(log, [Entry("add", coding("a"))])
    codings.append(log, [Entry("add", coding("b", 5, 9))])
    if torn:
        log.write_bytes(log.read_bytes()[:-9])
    codings.Log(log).append([Entry("add", coding("b", 5, 9))])
    assert standing(log) == ({"a", "b"}, set())
