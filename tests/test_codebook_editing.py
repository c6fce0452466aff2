"""Editing a codebook: what changes in the file, what follows elsewhere, and what is refused."""

from __future__ import annotations

import csv
import threading
from contextlib import contextmanager
from itertools import pairwise

import pytest
from books import codes, counts, file_of

import study
from study import codebook, codings, files
from study.codebook import history
from study.errors import InvalidStudyError, NotPossibleError

ANA = {"coder": "ana"}


def test_a_codebook_with_problems_is_refused_with_them(tiny):
    path = file_of(tiny)
    path.write_text(path.read_text().replace("parent: idea", "parent: idee", 1))
    before = path.read_bytes()
    with pytest.raises(InvalidStudyError, match="did you mean 'idea'"):
        codebook.rename(tiny, "making", "doing", **ANA)
    assert path.read_bytes() == before
    assert not (path.parent / "history").exists()


# ---- codings keep their code ----


def test_codings_follow_a_renamed_branch_and_so_do_the_files_that_name_it(tiny):
    codebook.rename(tiny, "making", "doing", **ANA)
    found = study.load(tiny)
    assert found.settings.practices == ("doing", "learning")
    assert {one.code for one in found.propositions[1].supports} == {"doing"}
    assert counts(tiny)["doing.co-design"] == 6


def test_names_that_go_round_stay_valid(tiny):
    before = counts(tiny)
    for slug in ("sense", "meaning", "sense", "word", "meaning"):
        codebook.rename(tiny, "idea.meaning", slug, **ANA)
        assert sum(counts(tiny).values()) == sum(before.values())
    assert counts(tiny) == before
    assert codes(tiny)["idea.meaning"].formerly == ("idea.sense", "idea.word")


def test_former_paths_go_along_through_renames_moves_and_merges(tiny):
    codebook.rename(tiny, "meaning", "sense", **ANA)
    codebook.move(tiny, "sense", parent="learning", **ANA)
    codebook.merge(tiny, "sense", "assessed", **ANA)
    codebook.rename(tiny, "idea", "concept", **ANA)
    codebook.merge(tiny, "assessed", "co-design", **ANA)
    (merged,) = [code for code in codes(tiny).values() if "idea.meaning" in code.formerly]
    assert merged.path == "making.co-design"
    former = {"making.designing", "idea.assessed", "idea.sense", "learning.sense"}
    assert former | {"idea.meaning", "concept.assessed"} == set(merged.formerly)
    assert counts(tiny)["making.co-design"] == 14


def test_codes_below_a_merged_one_come_below_the_other(tiny):
    codebook.change(tiny, "making", patterns=["made"], **ANA)
    codebook.change(tiny, "learning", patterns=["learn*"], **ANA)
    codebook.merge(tiny, "making", "learning", **ANA)
    now = codes(tiny)
    assert now["learning.co-design"].formerly == ("making.designing", "making.co-design")
    assert now["learning"].formerly == ("making",)
    assert now["learning"].patterns == ("learn*", "made")
    assert counts(tiny)["learning.co-design"] == 6


def test_a_split_code_keeps_its_codings(tiny):
    before = counts(tiny)
    codebook.split(
        tiny, "meaning", [{"name": "Narrow", "definition": "a"}, {"name": "Wide"}], **ANA
    )
    assert [*codes(tiny)][1:4] == ["idea.meaning", "idea.meaning.narrow", "idea.meaning.wide"]
    codebook.split(tiny, "assessed", [{"name": "Marked"}], below=False, **ANA)
    assert "idea.marked" in codes(tiny)
    assert counts(tiny) == before


def test_a_path_that_holds_codings_of_another_code_is_not_given_away(tiny):
    codebook.rename(tiny, "meaning", "sense", **ANA)
    with pytest.raises(NotPossibleError, match=r"'idea\.sense' are kept under its former path"):
        codebook.add(tiny, "Meaning", slug="meaning", parent="idea", **ANA)
    codebook.add(tiny, "Other", slug="meaning", parent="making", **ANA)
    with pytest.raises(NotPossibleError, match="which another code would now take"):
        codebook.move(tiny, "making.meaning", parent="idea", **ANA)
    codebook.rename(tiny, "making.meaning", "other", **ANA)
    codebook.move(tiny, "other", parent="idea", **ANA)
    with pytest.raises(NotPossibleError, match="which another code would now take"):
        codebook.rename(tiny, "other", "meaning", **ANA)


def test_a_short_name_made_from_a_name_steps_aside(tiny):
    codebook.rename(tiny, "meaning", "sense", **ANA)
    codebook.change(tiny, "sense", name="Sense", **ANA)
    made = codebook.add(tiny, "Meaning", parent="idea", **ANA)
    assert made.codes[0].path == "idea.meaning-2"


def test_a_deleted_codes_path_is_not_given_to_another_while_logs_name_it(tiny):
    codebook.add(tiny, "Spare", **ANA)
    made = study.add(tiny, "T1", "spare", coder="ana", quote="a short course")
    study.remove(tiny, made.id, coder="ana")
    deleted = codebook.delete(tiny, "spare", **ANA)
    with pytest.raises(NotPossibleError, match="when it was another code"):
        codebook.add(tiny, "Spare", slug="spare", **ANA)
    codebook.restore(tiny, deleted.before, **ANA)
    assert "spare" in codes(tiny)


def test_a_code_in_use_is_not_deleted(tiny):
    before = file_of(tiny).read_bytes()
    with pytest.raises(NotPossibleError, match=r"ana \(2\), ben \(2\) and consensus \(2\) would"):
        codebook.delete(tiny, "making", **ANA)
    log = tiny / "codebooks" / "tiny" / "codings" / "ana" / "T1.csv"
    found, _ = codings.read(log)
    spare = codebook.add(tiny, "Spare", **ANA)
    declined = codings.Entry("decline", found[0].__class__(**{
        **{name: getattr(found[0], name) for name in found[0].__slots__},
        "id": codings.new_id(), "code": "spare",
    }))  # fmt: skip
    codings.append(log, [declined])
    with pytest.raises(NotPossibleError, match=r"ana \(1\) would lose codings of 'spare'"):
        codebook.delete(tiny, "spare", **ANA)
    with pytest.raises(NotPossibleError, match=r"ana \(1\) would lose codings of 'spare'"):
        codebook.restore(tiny, spare.before, undoing=spare.after, **ANA)
    assert before in [path.read_bytes() for path in file_of(tiny).parent.glob("history/*.yaml")]


@pytest.mark.parametrize(("code", "where"), [("learning", "study.toml"), ("idea", "study.toml")])
def test_a_code_that_other_files_name_is_not_deleted(tiny, code, where):
    for path in tiny.glob("codebooks/tiny/codings/*/*.csv"):
        path.write_text(codings.HEADER + "\n")
    with pytest.raises(NotPossibleError, match=where):
        codebook.delete(tiny, code, **ANA)
    with pytest.raises(NotPossibleError, match=r"propositions.yaml \(one\) names 'idea.meaning'"):
        codebook.delete(tiny, "meaning", **ANA)
    assert codebook.delete(tiny, "staff", **ANA).done == "Deleted learning.staff"


def test_nothing_is_deleted_while_a_log_cannot_be_read(tiny):
    codebook.add(tiny, "Spare", **ANA)
    log = tiny / "codebooks" / "tiny" / "codings" / "ana" / "T1.csv"
    log.write_text(log.read_text().replace("2021-09-01T09:00:00+00:00", "01/09/21", 1))
    with pytest.raises(NotPossibleError, match=r"T1.csv:2: created '01/09/21'"):
        codebook.delete(tiny, "spare", **ANA)
    codebook.rename(tiny, "spare", "other", **ANA)


def test_a_merge_that_makes_a_proposition_contradict_itself_is_refused(tiny):
    path = tiny / "codebooks" / "tiny" / "propositions.yaml"
    text = path.read_text()
    path.write_text(
        text.replace("{code: idea.meaning, stance: [positive]}", "{code: idea.assessed}")
    )
    before = file_of(tiny).read_bytes()
    with pytest.raises(NotPossibleError, match=r"'one' would count 'idea\.assessed' for two"):
        codebook.merge(tiny, "meaning", "assessed", **ANA)
    assert file_of(tiny).read_bytes() == before


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda root: codebook.merge(root, "idea", "meaning", **ANA), "stands below 'idea'"),
        (lambda root: codebook.merge(root, "idea", "idea", **ANA), "merged into itself"),
        (lambda root: codebook.move(root, "idea", parent="meaning", **ANA), "stand below itself"),
        (lambda root: codebook.move(root, "idea", after="meaning", **ANA), "stand below itself"),
        (lambda root: codebook.move(root, "idea", after="idea", **ANA), "stand beside itself"),
        (lambda root: codebook.move(root, "idea", **ANA), "say where to"),
        (lambda root: codebook.move(root, "idea", before="a", after="b", **ANA), "not both"),
        (lambda root: codebook.rename(root, "idea", "Idea!", **ANA), "may hold only a-z, 0-9"),
        (lambda root: codebook.rename(root, "idea", "staff", **ANA), "'learning.staff' already"),
        (lambda root: codebook.rename(root, "idee", "x", **ANA), "did you mean 'idea'"),
        (lambda root: codebook.add(root, "", **ANA), "needs a name"),
        (lambda root: codebook.add(root, "Idea", **ANA), "share the name 'Idea'"),
        (lambda root: codebook.add(root, "X", colour="red", **ANA), "is not like '#1b6ca8'"),
        (lambda root: codebook.add(root, "X", defintion="y", **ANA), "did you mean 'definition'"),
        (lambda root: codebook.add(root, "X", definition=3, **ANA), "definition must be text"),
        (lambda root: codebook.add(root, "X", definition="\ud83d", **ANA), "not text"),
        (lambda root: codebook.add(root, "X" * 201, **ANA), "may have 200 characters"),
        (lambda root: codebook.add(root, "X\u200b\x07", **ANA), "cannot be shown"),
        (lambda root: codebook.add(root, "X", patterns="x", **ANA), "must be a list"),
        (lambda root: codebook.change(root, "idea", patterns=["(x"], **ANA), "cannot be read"),
        (lambda root: codebook.change(root, "idea", name=" ", **ANA), "needs a name"),
        (lambda root: codebook.split(root, "idea", [], **ANA), "at least one new code"),
        (lambda root: codebook.split(root, "idea", [{"definition": "x"}], **ANA), "needs a name"),
        (lambda root: codebook.restore(root, "abcdef", **ANA), "no earlier versions"),
        (lambda root: codebook.restore(root, "../../x", **ANA), "no earlier versions"),
        (lambda root: codebook.add(root, "X", coder="../ana"), "must be letters, digits"),
    ],
)
def test_what_is_not_possible_is_said_in_a_sentence_and_changes_nothing(tiny, edit, message):
    before = file_of(tiny).read_bytes()
    with pytest.raises(NotPossibleError, match=message):
        edit(tiny)
    assert file_of(tiny).read_bytes() == before
    assert not (file_of(tiny).parent / "history").exists()


def test_what_changes_nothing_leaves_no_trace(tiny):
    done = codebook.change(tiny, "idea", name="Idea", definition="What the thing is. ", **ANA)
    assert (done.done, done.before) == ("Nothing was changed", done.after)
    assert not (file_of(tiny).parent / "history").exists()


# ---- history, undo, and others at the same time ----


def test_history_tells_who_did_what_and_keeps_each_version(tiny):
    path = file_of(tiny)
    versions = [path.read_bytes()]
    codebook.rename(tiny, "meaning", "sense", coder="ana")
    versions.append(path.read_bytes())
    codebook.merge(tiny, "sense", "assessed", coder="ben")
    versions.append(path.read_bytes())
    with (path.parent / "history" / "history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["who"], row["what"]) for row in rows] == [
        ("ana", "Renamed idea.meaning to idea.sense"),
        ("ben", "Merged idea.sense into idea.assessed"),
    ]
    names = [codebook.version_of(data) for data in versions]
    assert [(row["before"], row["after"]) for row in rows] == [*pairwise(names)]
    for data, name in zip(versions, names, strict=True):
        (kept,) = path.parent.glob(f"history/*-{name}.yaml")
        assert kept.read_bytes() == data
        assert history.content(path.parent, name[:6]) == data
    assert [one.who for one in codebook.changes(tiny)] == ["ana", "ben"]
    assert study.check(tiny) == []


def test_a_version_that_was_tampered_with_is_not_restored(tiny):
    done = codebook.rename(tiny, "meaning", "sense", **ANA)
    (kept,) = file_of(tiny).parent.glob(f"history/*-{done.before}.yaml")
    kept.write_text(kept.read_text() + "# more\n")
    with pytest.raises(NotPossibleError, match="has been changed since it was kept"):
        codebook.restore(tiny, done.before, **ANA)


def test_undo_leaves_what_others_have_changed_since(tiny):
    renamed = codebook.rename(tiny, "meaning", "sense", coder="ana")
    codebook.change(tiny, "learning", definition="Ben's.", coder="ben")
    undone = codebook.restore(tiny, renamed.before, undoing=renamed.after, coder="ana")
    assert undone.done == "Took back: Renamed idea.meaning to idea.sense"
    assert codes(tiny)["learning"].definition == "Ben's."
    assert codes(tiny)["idea.meaning"].formerly == ()
    redone = codebook.restore(tiny, undone.before, undoing=undone.after, coder="ana")
    assert codes(tiny)["idea.sense"].formerly == ("idea.meaning",)
    assert redone.after == undone.before


def test_undo_of_lines_that_were_changed_again_is_refused(tiny):
    mine = codebook.change(tiny, "learning", definition="Mine.", coder="ana")
    codebook.change(tiny, "learning", definition="Ben's.", coder="ben")
    with pytest.raises(NotPossibleError, match="have been changed since"):
        codebook.restore(tiny, mine.before, undoing=mine.after, coder="ana")
    assert codes(tiny)["learning"].definition == "Ben's."


def test_undo_after_somebody_coded_keeps_that_coding(tiny):
    before = file_of(tiny).read_bytes()
    done = codebook.rename(tiny, "meaning", "sense", coder="ana")
    study.add(tiny, "T1", "sense", coder="ben", quote="a short course")
    codebook.restore(tiny, done.before, undoing=done.after, coder="ana")
    assert codes(tiny)["idea.meaning"].formerly == ("idea.sense",)
    assert counts(tiny)["idea.meaning"] == 7
    gone = [line for line in before.decode().split("\n")]
    now = file_of(tiny).read_text().split("\n")
    assert [line for line in now if line not in gone] == ["    formerly: [idea.sense]"]


def test_undo_of_a_merge_gives_each_code_its_own_codings_back(tiny):
    before = counts(tiny)
    done = codebook.merge(tiny, "meaning", "assessed", **ANA)
    assert counts(tiny)["idea.assessed"] == 8
    study.add(tiny, "T1", "assessed", coder="ben", quote="a short course")
    codebook.restore(tiny, done.before, undoing=done.after, **ANA)
    after = counts(tiny)
    assert after.pop("idea.assessed") == before.pop("idea.assessed") + 1
    assert after == before


def test_restoring_a_version_without_a_code_that_is_used_is_refused(tiny):
    first = codebook.add(tiny, "Spare", **ANA)
    codebook.change(tiny, "idea", definition="Else.", **ANA)
    study.add(tiny, "T1", "spare", coder="ben", quote="a short course")
    with pytest.raises(NotPossibleError, match=r"ben \(1\) would lose codings of 'spare'"):
        codebook.restore(tiny, first.before, **ANA)


def test_what_another_changed_meanwhile_is_not_overwritten(tiny):
    codebook.change(tiny, "idea", definition="Ben's.", coder="ben")
    was = {"definition": "What the thing is."}
    with pytest.raises(NotPossibleError, match="changed by someone else meanwhile"):
        codebook.change(tiny, "idea", definition="Mine.", was=was, **ANA)
    codebook.change(tiny, "idea", include="Mine.", was={"include": ""}, **ANA)
    assert codes(tiny)["idea"].definition == "Ben's."


def test_a_full_disk_leaves_the_codebook_and_its_list_as_they_were(tiny, monkeypatch):
    codebook.rename(tiny, "meaning", "sense", **ANA)
    folder = file_of(tiny).parent
    before = {path: path.read_bytes() for path in (file_of(tiny), folder / "history/history.csv")}
    write = files.write_atomic

    def full(path, data):
        if path.name == "codebook.yaml":
            raise OSError(28, "No space left on device", str(path))
        write(path, data)

    monkeypatch.setattr("study.codebook.carrying.write_atomic", full)
    with pytest.raises(OSError, match="No space left"):
        codebook.rename(tiny, "sense", "word", **ANA)
    assert {path: path.read_bytes() for path in before} == before


def test_many_who_edit_at_once_lose_nothing(tiny):
    def work(number):
        for step in range(4):
            codebook.add(tiny, f"By {number} {step}", coder="ana" if number % 2 else "ben")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [path for path in codes(tiny) if path.startswith("by-")]
    assert sorted(made) == sorted(f"by-{n}-{s}" for n in range(4) for s in range(4))
    listed = codebook.changes(tiny)
    assert [one.after for one in listed[:-1]] == [one.before for one in listed[1:]]


@contextmanager
def told(outcome, what, refusal):
    """Note whether something was done, or refused with these words."""
    try:
        yield
        outcome[what] = "done"
    except NotPossibleError as error:
        outcome[what] = "refused" if refusal in str(error) else str(error)


def test_a_code_is_deleted_or_given_but_never_both(tiny):
    """One coder deletes a code in the moment in which the other gives it."""
    from study.coding import Desk

    desk = Desk(tiny, "ana")
    text = desk.answer("transcript", {"source": "T1"})
    for round_ in range(12):
        codebook.add(tiny, f"Spare {round_}", coder="ben")
        path, outcome = f"spare-{round_}", {}

        def give(path=path, outcome=outcome, start=116 + round_):
            words = text["text"][start:160]
            change = {"action": "add", "id": codings.new_id(), "start": start, "end": 160}
            message = {"source": "T1", "version": text["version"]}
            changes = [{**change, "words": words, "code": path}]
            with told(outcome, "given", "not in the codebook"):
                desk.answer("code", {**message, "changes": changes})

        def delete(path=path, outcome=outcome):
            with told(outcome, "deleted", "ana (1) would lose"):
                codebook.delete(tiny, path, coder="ben")

        threads = [threading.Thread(target=work) for work in (give, delete)]
        for thread in threads[:: 1 if round_ % 2 else -1]:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcome.values()) == ["done", "refused"], outcome
    assert [one for one in study.check(tiny) if one.severity == "error"] == []


def test_editing_needs_no_page(tiny):
    """The same functions serve a script, which may name the folder by a text."""
    done = codebook.rename(str(tiny), "meaning", "sense", coder="ana")
    assert (done.done, done.codes[0].path) == ("Renamed idea.meaning to idea.sense", "idea.sense")
