"""Names of topics: written by hand, found again in another fit, never lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import talk
from heard import modelled

import study
from study import topicnames, topics
from study.errors import InvalidStudyError
from study.text import words as spoken_words
from study.topics import labels, naming

WORDS = {
    "credit": "credit prior recognition degree transfer subject registrar exam".split(),
    "money": "cost price invoice budget fee contract bank grant".split(),
    "people": "manager lecturer partner trust friend visit board lunch".split(),
    "tools": "platform video headset upload screen login badge portal".split(),
}


def heard(*order: str, people: int = 3, each: int = 6, words=WORDS):
    """Return what a fit of so many people gives, its topics in this order; nothing is random."""
    rows = []
    for person in range(people):
        for place in range(each * len(words)):
            subject = list(words)[place % len(words)]
            if subject not in order:
                continue
            where = [f"P{person}", 1 + 2 * place, 100 * place, 100 * place + 90, f"P{person}", "a"]
            rows.append([*where, True, order.index(subject), 0.9 - place / 100, 0.1, False])
    return modelled(rows, [words[subject] for subject in order], order)


def name(project, model, **given):
    """Write the file, as `study topics --names` does, and names in it, as a person does."""
    path, _ = naming.write(project, naming.named(model, naming.names(project)))
    text = path.read_text(encoding="utf-8")
    for label, words in given.items():
        assert f'name: ""  # {label}\n' in text
        text = text.replace(f'name: ""  # {label}\n', f'name: "{words}"  # {label}\n')
    path.write_text(text, encoding="utf-8")
    return path


def label(naming):
    return naming.model.topics.set_index("topic")["label"].to_dict()


def test_a_renamed_topic_stays_renamed_with_one_more_interview(project):
    path = name(project, heard("credit", "money", "people"), credit="Prior learning")
    before = path.read_bytes()
    later = heard("tools", "people", "credit", "money", people=4)  # other numbers, one topic more
    found = naming.named(later, naming.names(project))
    assert label(found) == {0: "tools", 1: "people", 2: "Prior learning", 3: "money"}
    assert found.unmatched == ()
    assert path.read_bytes() == before


def test_a_topic_is_known_by_its_passages_where_its_words_have_changed(project):
    name(project, heard("credit", "money"), credit="Prior learning")
    changed = WORDS | {"credit": [f"{word}s" for word in WORDS["credit"]]}
    found = naming.named(heard("money", "credit", words=changed), naming.names(project))
    assert label(found)[1] == "Prior learning"


def test_a_topic_is_known_by_its_words_where_its_passages_are_gone(project):
    name(project, heard("credit", "money"), credit="Prior learning")
    later = heard("money", "credit")
    later.assignments["source"] = "Q" + later.assignments["source"]  # every transcript is new
    assert label(naming.named(later, naming.names(project)))[1] == "Prior learning"


def test_a_name_whose_topic_has_gone_is_kept_and_said(project):
    path = name(project, heard("credit", "money"), credit="Prior learning", money="Who pays")
    found = naming.named(heard("money", "tools"), naming.names(project))
    assert label(found) == {0: "Who pays", 1: "tools"}
    assert [entry.name for entry in found.unmatched] == ["Prior learning"]
    naming.write(project, found)
    assert 'name: "Prior learning"' in path.read_text(encoding="utf-8")
    back = naming.named(heard("credit", "money"), naming.names(project))
    assert label(back) == {0: "Prior learning", 1: "Who pays"}


def test_of_two_names_for_one_topic_the_likelier_holds_and_the_other_is_kept(project):
    path = naming.path_of(project)
    path.write_text(
        "topics:\n"
        "  - name: Half\n    words: [credit, prior, lunch, visit, board]\n"
        "  - name: Whole\n    words: [credit, prior, recognition, degree, transfer]\n",
        encoding="utf-8",
    )
    found = naming.named(heard("credit", "money"), naming.names(project))
    assert label(found)[0] == "Whole"
    assert [entry.name for entry in found.unmatched] == ["Half"]


def test_what_people_wrote_stays_to_the_byte_and_reminders_are_made_anew(project):
    path = name(project, heard("credit", "money"), credit="Prior learning")
    text = path.read_text(encoding="utf-8")
    mine = text.replace('  - name: "Prior', '  # agreed with Ben on Monday\n  - name: "Prior')
    path.write_text(mine, encoding="utf-8")
    kept = mine[mine.index("  # agreed") : mine.index('  - name: ""')]
    again = naming.named(heard("tools", "credit"), naming.names(project))
    _, waiting = naming.write(project, again)
    text = path.read_text(encoding="utf-8")
    assert waiting == 1
    assert kept in text
    assert 'name: ""  # tools' in text
    assert "# money" not in text
    once = path.read_bytes()
    naming.write(project, naming.named(heard("tools", "credit"), naming.names(project)))
    assert path.read_bytes() == once, "writing twice changes nothing"


def test_an_entry_with_a_note_is_somebodys_and_stays(project):
    path = name(project, heard("credit", "money"))
    text = path.read_text(encoding="utf-8")
    noted = text.replace("  # money\n", '  # money\n    note: "ask Ana, is this one topic?"\n')
    path.write_text(noted, encoding="utf-8")
    found = naming.named(heard("money", "credit"), naming.names(project))
    assert label(found) == {0: "money", 1: "credit"}, "a note is no name"
    _, waiting = naming.write(project, found)
    assert waiting == 1
    assert "ask Ana" in path.read_text(encoding="utf-8")


def test_names_by_hand_alone_need_words_only(project):
    naming.path_of(project).write_text(
        "topics:\n  - {name: Who pays, words: [cost, price, invoice]}\n", encoding="utf-8"
    )
    found = naming.named(heard("credit", "money"), naming.names(project))
    assert label(found)[1] == "Who pays"


def test_two_people_who_write_at_once_lose_nothing(project):
    """Ana names one topic in her editor while Ben lets the command write."""
    path = name(project, heard("credit", "money"))
    ana = path.read_text(encoding="utf-8").replace(
        'name: ""  # credit', 'name: "Prior learning"  # credit'
    )
    path.write_text(ana, encoding="utf-8")
    bens = naming.named(heard("credit", "money"), ())  # read before Ana saved
    naming.write(project, bens)
    assert "Prior learning" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("topics:\n  - name: [\n", 3, "is not YAML"),
        ("names: []\n", 1, "must hold a list `topics:`"),
        ("- name: x\n", 1, "must hold a list `topics:`"),
        ("topics:\n  - just text\n", 2, "each topic begins with"),
        ("topics:\n  - name: 2021\n    words: [a]\n", 2, "name must be text"),
        ("topics:\n  - words: [a]\n    nmae: x\n", 3, "did you mean 'name'"),
        ("topics:\n  - name: x\n    words: a, b\n", 3, "words must be a list"),
        ("topics:\n  - name: x\n    words: [1]\n", 3, "words must be a list"),
        ("topics:\n  - name: x\n    passages: [P01]\n", 3, "'P01' is no passage"),
        ("topics:\n  - name: x\n", 2, "neither words nor passages"),
        (f"topics:\n  - name: {'x' * 121}\n    words: [a]\n", 2, "longer than 120"),
        (
            "topics:\n  - {name: Ab, words: [a]}\n  - {name: aB, words: [b]}\n",
            3,
            "stands in line 2 already",
        ),
    ],
)
def test_a_mistake_is_named_by_file_and_line(project, text, line, says):
    path = naming.path_of(project)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidStudyError) as caught:
        naming.names(project)
    problem = caught.value.problems[0]
    assert (problem.path, problem.line) == (path, line)
    assert says in problem.message
    assert any("topics.yaml" in str(found) for found in study.check(project.root))
    before = path.read_bytes()
    with pytest.raises(InvalidStudyError):
        naming.write(project, naming.named(heard("credit", "money"), ()))
    assert path.read_bytes() == before


def test_a_file_that_is_empty_or_names_nothing_is_well(project):
    for text in ("", "# nothing yet\n", "topics:\n", "topics: []\n"):
        naming.path_of(project).write_text(text, encoding="utf-8")
        assert naming.names(project) == ()


def test_a_file_whose_list_is_in_brackets_can_be_added_to(project):
    path = naming.path_of(project)
    path.write_text("topics: []\n", encoding="utf-8")
    naming.write(project, naming.named(heard("credit", "money"), ()))
    assert len(topicnames.read(path)[0]) == 2
    assert topicnames.read(path)[1] == []


def test_names_of_any_script_and_awkward_words_come_back_as_written(project):
    words = {"odd": ["it's", "yes", "no", "null", "9am", "co-design", "\u00e9t\u00e9", "a:b", "#x"]}
    path = name(project, heard("odd", words=words), odd="\u042d\u043a\u0437\u0430\u043c: \u00dcben")
    entry = topicnames.read(path)[0][0]
    assert entry.name == "\u042d\u043a\u0437\u0430\u043c: \u00dcben"
    assert list(entry.words) == words["odd"]
    assert entry.passages[0] == ("P0", 1)


def test_the_file_counts_as_an_input_of_what_is_made(project):
    from study.reproduce import inputs

    path = name(project, heard("credit", "money"))
    assert path in inputs(project)


def split(passages):
    return [spoken_words(passage) for passage in passages]


class TestAutomatic:
    def test_words_that_stand_side_by_side_make_a_phrase(self):
        said = [
            "Recognition of prior learning takes months.",
            "We do prior learning, on paper.",
        ] * 2
        words = ["learning", "credit", "prior", "months"]
        assert labels.automatic(words, split(said)) == "prior learning / credit / months"

    def test_words_that_meet_now_and_then_do_not(self):
        said = ["Prior learning."] * 3 + ["Learning is long.", "Learning!", "My learning."] * 3
        said += ["Prior to that.", "A prior thing.", "No prior.", "Prior."]
        assert labels.automatic(["learning", "prior"], split(said)) == "learning / prior"

    def test_the_words_alone_where_nothing_was_said(self):
        assert labels.automatic(["a", "b", "c", "d"], []) == "a / b / c"
        assert labels.automatic([], []) == ""


def interviews(people):
    """Return turns of so many people on each subject, with a small embedding of each turn."""
    chance = np.random.default_rng(3)
    rows, vectors = [], []
    for person in range(people):
        for place in range(24):
            subject = place % len(WORDS)
            said = chance.permutation(list(WORDS.values())[subject])[:6]
            where = [f"P{person}", 1 + 2 * place, 100 * place]
            rows.append(talk.turn(*where, "participant", " ".join(said) + ".", "a"))
            vectors.append(np.eye(len(WORDS))[subject] + 0.2 * chance.normal(size=len(WORDS)))
    return pd.DataFrame(rows), np.array(vectors)


@pytest.mark.slow
def test_every_name_survives_a_real_refit_on_one_more_interview(project):
    turns, vectors = interviews(5)
    before = topics.fit(turns, topics=4, embedding=vectors)
    telling = before.words.groupby("topic")["word"].first()
    name(project, before, **{before.topics["label"][0]: f"Of {telling[0]}"})
    path = naming.path_of(project)
    text = path.read_text(encoding="utf-8")
    for topic, label in zip(before.topics["topic"], before.topics["label"], strict=True):
        old = f'name: ""  # {label}\n'
        text = text.replace(old, f'name: "Of {telling[topic]}"\n')
    path.write_text(text, encoding="utf-8")
    more, vectors = interviews(6)
    after = topics.fit(more, topics=4, embedding=vectors)
    found = naming.named(after, naming.names(project))
    assert len(found.given) == 4
    subject = {word: key for key, words in WORDS.items() for word in words}
    for topic, label in zip(found.model.topics["topic"], found.model.topics["label"], strict=True):
        first = after.words.loc[after.words["topic"] == topic, "word"].iloc[0]
        assert subject[label.removeprefix("Of ")] == subject[first]
