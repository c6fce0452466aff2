"""Topics where people meet them: the command, and what `study reproduce` publishes."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from heard import modelled
from places import ROOT

import study
from study import topics
from study.cli import main
from study.errors import NotPossibleError
from study.exhibits import STAGES, Results
from study.topics import naming
from study.topics.advice import FOUND

WORDS = ["bank exam cases year", "course test agrees short"]


def model_of(project, *, stability=(0.8, 0.3), selection=()):
    """Return a model of a study's turns: every other one in the same topic."""
    from study import tables

    turns = tables.turns(project)
    told = turns[turns["heard"]]
    rows = [
        (*turn[:4], turn.participant, turn.group, turn.quotable, place % 2, 0.9, 0.1, place == 1)
        for place, turn in enumerate(
            told["source line start end participant group quotable".split()].itertuples(index=False)
        )
    ]
    words = [one.split() for one in WORDS]
    return modelled(rows, words, stability=list(stability), selection=selection)


@pytest.fixture
def fitted(monkeypatch):
    """Let `fit` return a model written by hand; return what it was asked for."""
    asked = []

    def fit(project, **how):
        asked.append(how)
        return model_of(project)

    monkeypatch.setattr(topics, "fit", fit)
    return asked


def said(capsys, *arguments):
    status = main(["topics", *map(str, arguments)])
    out, err = capsys.readouterr()
    return status, out, err


class TestCommand:
    def test_it_says_words_size_people_and_stability(self, tiny, fitted, capsys):
        status, out, _ = said(capsys, "-C", tiny)
        assert status == 0
        assert "2 topics in 6 units of 3 participants (1 passage too short, set aside)" in out
        assert "  0  bank / exam / cases\n     bank, exam, cases, year\n" in out
        assert "3 units (50 %), 3 of 3 people, stability 0.80, 0 % weak" in out
        assert "stability 0.30, UNSTABLE, 33 % weak" in out
        assert "against the codes of consensus: " in out
        assert re.search(r"\d of 6 units heard and not coded, \d of 8 codings not heard", out)
        assert "docs/topics.md" in out
        assert fitted == [{"topics": None, "embedding": "hybrid", "seed": 7}]

    def test_what_is_asked_for_is_passed_on(self, tiny, fitted, capsys):
        said(capsys, "-C", tiny, "--topics", "2", "--embedding", "lsa")
        assert fitted == [{"topics": 2, "embedding": "lsa", "seed": 7}]

    def test_the_number_in_study_toml_holds_unless_another_is_given(self, tiny, fitted, capsys):
        settings = tiny / "study.toml"
        settings.write_text(settings.read_text() + "\n[topics]\nnumber = 4\n")
        said(capsys, "-C", tiny)
        said(capsys, "-C", tiny, "--topics", "2")
        assert [how["topics"] for how in fitted] == [4, 2]

    def test_names_are_written_found_again_and_missed(self, tiny, fitted, capsys):
        _, out, _ = said(capsys, "-C", tiny, "--names")
        path = tiny / "codebooks/tiny/topics.yaml"
        assert f"{path}: 2 topics without a name" in out
        text = path.read_text(encoding="utf-8")
        text = text.replace('name: ""  # bank / exam / cases', 'name: "The bank"')
        text += "\n  - name: Weather\n    words: [rain, snow]\n"
        path.write_text(text, encoding="utf-8")
        _, out, _ = said(capsys, "-C", tiny)
        assert "  0  The bank, named by people" in out
        assert "1 name from topics.yaml in codebooks/tiny" in out
        assert "no topic of this fit is 'Weather'; the name is kept" in out

    def test_a_topic_only_partly_what_was_named_is_said(self, tiny, fitted, capsys):
        path = tiny / "codebooks/tiny/topics.yaml"
        path.write_text("topics:\n  - name: Money\n    words: [rent, bank, loan, exam, fee, tax]\n")
        _, out, _ = said(capsys, "-C", tiny)
        assert re.search(r"topic 0 is only partly what was named \(likeness 0\.[45]\d\)", out)

    def test_without_codings_nothing_is_said_of_codes(self, tiny, fitted, capsys):
        for path in tiny.glob("codebooks/tiny/codings/*/*.csv"):
            path.unlink()
        status, out, _ = said(capsys, "-C", tiny)
        assert status == 0
        assert "against the codes" not in out

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["--topics", "0"], "--topics 0: give 1 or more, or leave it out to choose"),
            (["--topics", "-3"], "--topics -3: give 1 or more"),
            (["--out", "figures"], "give --out another folder"),
            (["--out", "study.toml"], "study.toml is a file; give --out a folder"),
        ],
    )
    def test_bad_input_is_one_sentence(self, tiny, fitted, capsys, monkeypatch, arguments, says):
        monkeypatch.chdir(tiny)
        status, out, err = said(capsys, *arguments)
        assert (status, out) == (1, "")
        assert says in err
        assert err.count("\n") == 1

    def test_too_little_to_sort_says_what_to_do(self, tiny, capsys):
        status, _, err = said(capsys, "-C", tiny)
        assert status == 1
        assert "Import more interviews" in err

    def test_a_mistake_in_the_names_is_named_before_anything_is_fitted(self, tiny, fitted, capsys):
        (tiny / "codebooks/tiny/topics.yaml").write_text("topics:\n  - nmae: x\n")
        status, _, err = said(capsys, "-C", tiny)
        assert status == 1
        assert "topics.yaml:2: " in err
        assert fitted == []

    @pytest.mark.slow
    def test_tables_a_workbook_and_figures_are_written_and_nothing_else(
        self, tiny, fitted, capsys, tmp_path
    ):
        before = {path for path in tiny.rglob("*") if path.is_file()}
        out = tmp_path / "new" / "topics"
        status, text, _ = said(capsys, "-C", tiny, "--out", out)
        assert status == 0
        names = {path.name for path in out.iterdir()}
        assert f"Wrote {len(names)} files" in text
        assert {"topics.csv", "topics.png", "topic-map.svg", "topics-by-code.pdf"} <= names
        assert {"topics-by-group.csv", "passages-not-coded.csv", "tables.xlsx"} <= names
        once = {path.name: path.read_bytes() for path in out.iterdir()}
        said(capsys, "-C", tiny, "--out", out)
        assert {path.name: path.read_bytes() for path in out.iterdir()} == once
        assert {path for path in tiny.rglob("*") if path.is_file()} == before


def made(project, stage, model=None):
    results = Results(project)
    results.naming = topics.named(model or model_of(project), naming.names(project))
    return {one.name: one for one in STAGES[stage](results)}


SELECTION = [[2, 0.5, 0.4, 0.6, 0.1, 0.2], [3, 0.2, 0.1, 0.3, 0.1, 0.2]]


class TestExhibits:
    def test_captions_say_n_denominators_and_what_is_an_estimate(self, project):
        found = made(project, "topics", model_of(project, selection=SELECTION))
        caption = found["topics"].caption
        assert "2 topics" in caption
        assert "over 6 units" in caption
        assert "1 too short to have a subject set aside; n = 3 participants" in caption
        assert "chosen from 2 to 3; agreement of refits" in caption
        assert "0.50, between 0.40 and 0.60 in 90 % of pairs" in caption
        assert "is an estimate" in caption
        assert "unstable (here: 1)" in caption
        assert "n = 6, of which 1 are weak" in found["topic-assignments"].caption
        assert "fewer than 5 participants have none" in found["topics-by-group"].caption
        assert "not tested" in found["topics-by-group"].caption
        assert "n = 3 interviews" in found["topics-by-interview"].caption

    def test_names_that_people_gave_are_in_the_tables_and_in_the_caption(self, project):
        path = naming.path_of(project)
        path.write_text(
            "topics:\n  - {name: The bank, words: [bank, exam, cases, year]}\n"
            "  - {name: Weather, words: [rain]}\n"
        )
        found = made(project, "topics")
        assert found["topics"].table["label"].tolist()[0] == "The bank"
        assert "People gave a name to 0; the others bear their words." in found["topics"].caption
        assert "No topic of this fit is what people called: Weather." in found["topics"].caption
        assert "The bank" in set(made(project, "topics and codes")["topics-by-code"].table["label"])

    def test_every_figure_can_be_drawn_from_its_table(self, project):
        model = model_of(project, selection=SELECTION)
        for stage in ("topics", "topics and codes"):
            for one in made(project, stage, model).values():
                assert one.caption.endswith(".")
                assert not re.search(r"[{}]|\bnan\b", one.caption), one.name
                if one.draw is not None:
                    assert one.draw(one.table).axes
                    assert one.alt

    def test_nobody_is_quoted_without_consent_and_the_withdrawn_are_nowhere(self, tiny, project):
        for path in tiny.glob("codebooks/tiny/codings/consensus/*.csv"):
            head = path.read_text(encoding="utf-8").partition("\n")[0]
            path.write_text(head + "\n", encoding="utf-8")
        one = tiny / "codebooks/tiny/codings/consensus/T1.csv"
        one.write_text(
            one.read_text() + "add,00000000-0000-4000-8000-000000009000,T1,fd5e75f0aacc,161,188,"
            "idea.meaning,negative,consensus,2021-09-15T09:00:00+00:00,\n"
        )
        bare = study.load(tiny)
        table = made(bare, "topics and codes")["passages-not-coded"].table
        words = table.set_index("source")["quotation"]
        assert all(words.loc[["T1", "T3"]])
        assert not any(words.loc[["T2"]]), "T2 may be analysed, not quoted"
        people = tiny / "interviews/participants.csv"
        people.write_text(people.read_text().replace("analyse only", "withdrawn"))
        for stage in ("topics", "topics and codes"):
            for one in made(study.load(tiny), stage).values():
                assert "T2" not in one.table.to_csv(), one.name

    def test_with_a_smallest_cell_no_count_of_one_participant_is_published(self, project):
        masked = replace(project, settings=replace(project.settings, smallest_cell=2))
        found = made(masked, "topics") | made(masked, "topics and codes")
        assert "topics-by-interview" not in found
        for name in ("topics-by-group", "topics-by-code"):
            assert not (found[name].table["participants"] == 1).any(), name
        crossed = found["topics-by-code"].table
        assert crossed.loc[crossed["units"].isna(), "of_code"].isna().all()

    def test_how_the_cells_were_tested_is_said_or_that_they_were_not(self, project):
        caption = made(project, "topics and codes")["topics-by-code"].caption
        assert "No cell is tested: interviews are too few and short." in caption
        assert "Mutual information: interviews are too few" in caption
        units, made_up = linked()
        crossed = topics.crosswalk(units, made_up, permutations=999)
        from study.exhibits.machine import _tested

        assert re.match(r"Framed: 1 of 4 cells .*corrected for all cells", _tested(crossed))


def linked():
    """Return units and codings in which one code is where one topic is."""
    chance = np.random.default_rng(2)
    rows, made = [], []
    for person in range(6):
        for place, topic in enumerate(chance.integers(0, 2, 20)):
            where = [f"P{person}", 1, 10 * place, 10 * place + 9, f"P{person}", "a"]
            rows.append([*where, True, int(topic), 0.9, 0.1, False])
            code = "c.same" if topic else "c.other" if chance.random() < 0.1 else ""
            if code:
                made.append([f"P{person}", 10 * place, 10 * place + 9, code, code, "c"])
    columns = "source start end code name branch".split()
    made.append(["P0", 0, 9, "c.other", "c.other", "c"])
    return modelled(rows, [["a"], ["b"]]).assignments, pd.DataFrame(made, columns=columns)


@pytest.mark.slow
def test_a_real_study_from_files_to_topics(tiny, capsys):
    """Interviews on four subjects; found as four topics, named once, found again with one more."""
    from test_topics_around_names import WORDS as SUBJECTS

    people = tiny / "interviews/participants.csv"
    head = people.read_text(encoding="utf-8").splitlines()[0]
    chance = np.random.default_rng(1)

    def interview(name):
        turns = ["[Composed for demonstration, not data.]"]
        for place in range(16):
            words = chance.permutation(list(SUBJECTS.values())[place % 4])[:6]
            turns.append(f"{name} [00:{place:02d}:05]: We had {', '.join(words)} that week.")
        (tiny / f"interviews/{name}.txt").write_text("\n\n".join(turns) + "\n", encoding="utf-8")
        row = dict.fromkeys(head.split(","), "")
        row |= {"id": name, "transcript": f"{name}.txt", "consent": "quote", "group": "broker"}
        with people.open("a", encoding="utf-8") as file:
            file.write(",".join(row.values()) + "\n")

    for number in range(1, 5):
        interview(f"P{number}")
    status, _, err = said(capsys, "-C", tiny, "--topics", "4", "--embedding", "lsa", "--names")
    assert (status, err) == (0, "")
    path = tiny / "codebooks/tiny/topics.yaml"
    named = {}
    text = path.read_text(encoding="utf-8")
    for found in re.finditer(r'name: ""  # (\w+)', text):
        subject = next((key for key, words in SUBJECTS.items() if found[1] in words), "rest")
        named[found[0]] = f'name: "About {subject}"  # {found[1]}'
    for old, new in named.items():
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    interview("P5")
    status, out, err = said(capsys, "-C", tiny, "--topics", "4", "--embedding", "lsa")
    assert (status, err) == (0, "")
    about = re.findall(r"  (About \w+), named by people\n     (\w+)", out)
    assert len(about) >= 3
    for label, word in about:
        assert label == "About rest" or word in SUBJECTS[label.removeprefix("About ")]


def test_the_page_says_what_the_command_says(project):
    page = (ROOT / "docs/topics.md").read_text(encoding="utf-8")
    rows = [line.split("|")[2:4] for line in page.splitlines() if re.match(r"\|.*stays", line)]
    shown = [[float(re.search(r"\.\d\d", cell)[0]) for cell in row] for row in rows[1:]]
    found = [[FOUND[name][kind] for name in ("hybrid", "minilm")] for kind in FOUND["hybrid"]]
    assert shown == found, "the page's rows of talk, and of questions and answers"
    said = topics.closing(model_of(project))
    for own, more in found:
        assert f"({more:.2f} for {own:.2f})" in said
    assert "MIT" in page
    assert "LLaMA 2" in page


def test_of_what_was_not_measured_nothing_is_claimed(project):
    model = model_of(project)
    for other in (replace(model, embedding="lsa"), replace(model, settings={"language": "german"})):
        assert "minilm" not in topics.closing(other)


def test_too_few_people_and_units_are_no_reason_to_fail(project):
    with pytest.raises(NotPossibleError, match="topics need at least"):
        topics.fit(project)


def test_a_model_in_a_folder_is_called_by_its_last_name(project):
    """Captions hold no path of a machine."""
    model = replace(model_of(project), embedding="model2vec:/home/ana/models/potion-base-8M/")
    assert topics.called(model) == "model2vec:potion-base-8M"
    assert topics.called(model_of(project)) == "hybrid"
    assert "/home" not in made(project, "topics", model)["topics"].caption


def test_study_toml_says_which_vectors_are_used(tiny, fitted, capsys):
    settings = tiny / "study.toml"
    settings.write_text(settings.read_text() + '\n[topics]\nembedding = "lsa"\n')
    said(capsys, "-C", tiny)
    assert Results(study.load(tiny)).model.topics["topic"].tolist() == [0, 1]
    assert [how["embedding"] for how in fitted] == ["lsa", "lsa"]
