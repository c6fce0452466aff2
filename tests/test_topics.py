"""Topics on a small composed corpus whose themes anybody can see."""

from __future__ import annotations

import gc
import hashlib
import importlib
import logging
import os
import random
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import subjects
import talk

from study import topics
from study.errors import NotPossibleError
from study.topics.choosing import Said, candidates, coherence
from study.topics.clusters import by_size, partitions
from study.topics.describing import without
from study.topics.model import SELECTION
from study.topics.reporting import ASSIGNMENTS, TOPICS
from study.topics.stability import rand
from study.topics.units import of_turns, pieces

# Composed for this test.  Each theme: who and what is spoken of, and what happens to it.
THEMES = {
    "bees": (
        "the hive, the queen, a swarm, our honey, the beekeeper, those bees, the wax comb",
        "the bees left the hive before winter; honey from that hive sold at the market; the"
        " beekeeper opened the comb with smoke; a swarm settled near the queen; we fed the bees"
        " sugar after the honey was taken; the queen laid few eggs and the hive grew weak",
    ),
    "trains": (
        "the train, the station, a ticket, our platform, the driver, those carriages, the railway",
        "the train stopped outside the station for an hour; a ticket for that railway cost double;"
        " the driver closed the carriages at the platform; passengers waited on the platform with"
        " luggage; we missed the connection and the railway refunded the ticket; the station clock"
        " was wrong and the train departed early",
    ),
    "bread": (
        "the dough, the oven, a loaf, our flour, the baker, those crusts, the yeast",
        "the dough rose overnight in a bowl; flour from that mill made the loaf heavy; the baker"
        " heated the oven before dawn; the crust cracked because the oven was hot; we kneaded the"
        " dough with salt and yeast; the yeast was old and the loaf stayed flat",
    ),
    "football": (
        "the match, the goal, a referee, our striker, the coach, those fans, the league",
        "the striker scored a goal before the whistle; the referee stopped the match for a foul;"
        " the coach changed the team at the break; fans of the league sang in the stadium; we lost"
        " the match and the coach resigned; the goal was offside and the fans shouted at"
        " the referee",
    ),
}


def composed(people: int = 6, each: int = 4, seed: int = 5) -> pd.DataFrame:
    """Return turns of a few people, each about every theme; column `theme` says which."""
    chance = random.Random(seed)
    rows = []
    for person in range(people):
        start, line = 0, 1
        for theme in chance.sample(sorted(THEMES), len(THEMES)) * (each // 2):
            things, events = THEMES[theme][0].split(", "), THEMES[theme][1].split("; ")
            for role in ("interviewer", "participant", "participant"):
                text = "So, um, tell me about the weather and the interviewer's elephant."
                if role == "participant":
                    first, second = chance.sample(events, 2)
                    text = f"Well, you know, {first}. And {chance.choice(things)}, yeah, {second}."
                rows.append(turn(f"P{person}", line, start, role, text) | {"theme": theme})
                start, line = start + len(text) + 10, line + 2
    return pd.DataFrame(rows)


def turn(source: str, line: int, start: int, role: str, text: str) -> dict[str, object]:
    group = "even" if source[-1] in "02468" else "odd"
    return talk.turn(source, line, start, role, text, group)


def said(*texts: str, role: str = "participant", source: str = "P1") -> pd.DataFrame:
    rows, start = [], 0
    for number, text in enumerate(texts):
        rows.append(turn(source, 1 + 2 * number, start, role, text))
        start += len(text) + 10
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def turns() -> pd.DataFrame:
    return composed()


@pytest.fixture(scope="module")
def model(turns: pd.DataFrame) -> topics.TopicModel:
    return topics.fit(turns, topics=4)


def themes(model: topics.TopicModel, turns: pd.DataFrame) -> pd.Series:
    return model.assignments.merge(turns, on=["source", "start"], how="left")["theme"]


def test_obvious_themes_are_separated(model: topics.TopicModel, turns: pd.DataFrame) -> None:
    from sklearn.metrics import adjusted_mutual_info_score

    score = adjusted_mutual_info_score(themes(model, turns), model.assignments["topic"])
    assert score > 0.8


def test_themes_are_separated_when_their_number_is_not_given(turns: pd.DataFrame) -> None:
    from sklearn.metrics import adjusted_mutual_info_score

    model = topics.fit(turns)
    assert list(model.selection.columns) == SELECTION
    assert len(model.topics) in set(model.selection["topics"].astype(int))
    assert model.selection["low"].le(model.selection["stability"]).all()
    assert model.selection["stability"].le(model.selection["high"]).all()
    score = adjusted_mutual_info_score(themes(model, turns), model.assignments["topic"])
    assert score > 0.5


def test_the_tables_have_the_promised_columns(model: topics.TopicModel) -> None:
    assert list(model.assignments.columns) == ASSIGNMENTS
    assert list(model.topics.columns) == TOPICS
    assert list(model.selection.columns) == SELECTION
    assert model.selection.empty, "nothing was chosen"
    assert model.settings["topics"] == 4
    assert "bertopic" in model.versions


def test_topics_come_by_size_and_everybody_is_in_one(model: topics.TopicModel) -> None:
    sizes = model.assignments["topic"].value_counts()
    assert (model.assignments["topic"] >= 0).all()
    assert list(model.topics["units"]) == [sizes[topic] for topic in range(4)]
    assert model.topics["units"].is_monotonic_decreasing
    assert model.topics["share"].sum() == pytest.approx(1, abs=0.001)
    assert model.assignments["strength"].between(-1, 1).all()
    assert model.topics["stability"].between(0, 1).all()


def test_words_are_those_of_the_theme_and_never_the_interviewers(
    model: topics.TopicModel, turns: pd.DataFrame
) -> None:
    for row in model.topics.itertuples():
        here = themes(model, turns)[model.assignments["topic"] == row.topic].mode()[0]
        material = " ".join(THEMES[here])
        assert all(word in material for word in row.words.split(", ")[:3]), (here, row.words)
        assert set(row.label.replace(" / ", " ").split()) <= set(row.words.split(", "))
    every = " ".join(model.topics["words"]).split()
    assert not {"elephant,", "elephant", "yeah", "um", "you", "the"} & set(every)


def test_quotations_are_in_the_transcript_and_allowed(turns: pd.DataFrame) -> None:
    model = topics.fit(turns.assign(quotable=turns["source"] == "P3"), topics=4)
    assert set(model.topics["source"]) <= {"P3", ""}
    for row in model.topics[model.topics["source"] != ""].itertuples():
        there = turns[(turns["source"] == row.source) & (turns["line"] == row.line)]
        assert row.quotation in there["text"].iloc[0]
    silent = topics.fit(turns.drop(columns="quotable"), topics=4)
    assert set(silent.topics["quotation"]) == {""}, "where consent is unknown, nobody is quoted"


SCRIPT = """
import hashlib, sys
sys.path.insert(0, {here!r})
from test_topics import composed, digest
from study import topics
print(digest(topics.fit(composed())), "huggingface_hub" in sys.modules)
import huggingface_hub
"""


def digest(model: topics.TopicModel) -> str:
    tables = [model.assignments, model.topics, model.selection]
    text = "".join(table.to_csv(lineterminator="\n") for table in tables)
    return hashlib.sha256((text + str(dict(model.settings))).encode()).hexdigest()


@pytest.mark.slow
def test_fresh_processes_agree_byte_for_byte_with_any_number_of_threads() -> None:
    script = SCRIPT.format(here=str(Path(__file__).parent))
    seen = set()
    for threads in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
        )
        assert done.stderr == ""
        told, networked = done.stdout.split()
        assert networked == "False", "a client of the network was loaded"
        seen.add(told)
    assert len(seen) == 1


def test_row_order_does_not_matter(turns: pd.DataFrame, model: topics.TopicModel) -> None:
    shuffled = turns.sample(frac=1, random_state=3)
    assert digest(topics.fit(shuffled, topics=4)) == digest(model)


def test_the_programs_warnings_and_logging_stay_as_they_were(turns: pd.DataFrame) -> None:
    before = list(warnings.filters), logging.getLogger().level, list(logging.getLogger().handlers)
    topics.fit(turns, topics=3)
    after = list(warnings.filters), logging.getLogger().level, list(logging.getLogger().handlers)
    assert after == before
    assert gc.isenabled()


def test_fits_in_threads_do_not_mix_up_what_belongs_to_the_program(turns: pd.DataFrame) -> None:
    before = list(warnings.filters)
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: digest(topics.fit(turns, topics=4)), range(3)))
    assert len(set(made)) == 1
    assert warnings.filters == before
    assert sys.modules.get("huggingface_hub", ...) is not None


def test_a_package_kept_out_is_afterwards_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    for there in (None, sys):
        monkeypatch.setitem(sys.modules, "kept_out", there)
        with without("kept_out"), pytest.raises(ImportError):
            importlib.import_module("kept_out")
        assert sys.modules["kept_out"] is there
    monkeypatch.delitem(sys.modules, "kept_out")
    with without("kept_out"):
        del sys.modules["kept_out"]  # as another program might
    assert "kept_out" not in sys.modules


def test_another_language_does_without_english_vectors(turns: pd.DataFrame) -> None:
    from sklearn.metrics import adjusted_mutual_info_score

    model = topics.fit(turns, topics=4, language="norwegian")
    score = adjusted_mutual_info_score(themes(model, turns), model.assignments["topic"])
    assert score > 0.5


class TestUnits:
    def test_short_turns_are_set_aside_and_counted(self, turns: pd.DataFrame) -> None:
        short = said("Yeah.", "Um, you know, it is what it is.", source="P9")
        model = topics.fit(pd.concat([turns, short], ignore_index=True), topics=4)
        assert model.set_aside == 2
        assert "P9" not in set(model.assignments["source"])

    @pytest.mark.parametrize("nobody", [pd.NA, np.nan, None])
    def test_a_transcript_without_a_name_is_one(self, turns: pd.DataFrame, nobody: object) -> None:
        sources = turns["source"].astype(object)
        unnamed = turns.assign(source=sources.where(sources != sources.iloc[0], nobody))
        assert len(of_turns(unnamed)[0]) == len(of_turns(turns)[0])
        asked = [unit.question for unit in of_turns(turns)[0]]
        assert [unit.question for unit in of_turns(unnamed)[0]] == asked

    def test_only_what_counts_as_heard_is_sorted(self) -> None:
        text = "The baker heated the oven before dawn."
        heard = said(text, source="P1")
        other = said(text, role="unknown", source="P2").assign(heard=False)
        found, aside = of_turns(pd.concat([heard, other], ignore_index=True))
        assert [(unit.source, unit.start) for unit in found] == [("P1", 0)]
        assert aside == 0

    def test_long_turns_are_cut_at_ends_of_sentences(self) -> None:
        sentence = "Dr. Marsh said the baker heated the oven at 5 a.m. before dawn, and we agreed."
        text = "\n".join([" ".join([sentence] * 8)] * 2)
        parts = [text[start:end] for start, end in pieces(text)]
        assert len(parts) > 2
        assert all(part.startswith("Dr.") and part.endswith("agreed.") for part in parts)
        assert "".join("".join(parts).split()) == "".join(text.split())

    def test_the_line_of_a_piece_counts_paragraphs(self) -> None:
        sentence = "The baker heated the oven before dawn and the loaf stayed flat all day."
        text = "\n".join([" ".join([sentence] * 5)] * 4)
        found, _ = of_turns(said(text))
        assert [unit.line for unit in found] == [1 + text.count("\n", 0, u.start) for u in found]
        assert all(text[unit.start : unit.end] == unit.text for unit in found)
        assert found[-1].line > 1


class TestTooLittle:
    def test_no_turns(self, turns: pd.DataFrame) -> None:
        with pytest.raises(NotPossibleError, match="there are 0"):
            topics.fit(turns.iloc[:0])

    def test_only_an_interviewer(self, turns: pd.DataFrame) -> None:
        with pytest.raises(NotPossibleError, match="marked as interviewer"):
            topics.fit(turns[turns["role"] == "interviewer"])

    def test_fewer_than_eight_units(self, turns: pd.DataFrame) -> None:
        with pytest.raises(NotPossibleError, match="at least 8 passages"):
            topics.fit(turns[turns["source"] == "P0"].iloc[:10])

    def test_nothing_but_fillers(self) -> None:
        with pytest.raises(NotPossibleError, match="12 set aside"):
            topics.fit(said(*["Um, you know, I mean, sort of, yeah, right."] * 12))

    def test_words_that_nobody_shares(self) -> None:
        letters = "abcdefghijkl"
        texts = [" ".join(f"{a}{b}{a}zz" for b in letters[:6]) for a in letters]
        with pytest.raises(NotPossibleError, match="words that others use"):
            topics.fit(said(*texts))

    def test_one_word_over_and_over(self) -> None:
        with pytest.raises(NotPossibleError, match="words that differ; the 12 passages have one"):
            topics.fit(["fees"] * 12)

    def test_more_topics_than_units(self, turns: pd.DataFrame) -> None:
        with pytest.raises(NotPossibleError, match="100 topics were asked for"):
            topics.fit(turns, topics=100)

    def test_a_negative_number_of_topics(self, turns: pd.DataFrame) -> None:
        with pytest.raises(NotPossibleError, match="-1"):
            topics.fit(turns, topics=-1)
        with pytest.raises(NotPossibleError, match=r"2\.5"):
            topics.fit(turns, topics=2.5)  # type: ignore[arg-type]

    def test_one_interview_and_few_units_give_a_small_model(self) -> None:
        model = topics.fit(composed(people=1))
        assert 1 <= len(model.topics) <= 4
        assert model.topics["of_participants"].eq(1).all()

    def test_identical_turns_are_one_topic(self) -> None:
        model = topics.fit(said(*["The baker heated the oven before dawn."] * 12))
        assert list(model.topics["units"]) == [12]
        assert model.assignments["strength"].eq(1).all()

    @pytest.mark.parametrize("embedding", ["hybrid", "lsa"])
    def test_what_is_said_three_times_over_gives_the_same_each_time(self, embedding: str) -> None:
        told = subjects.interviews()
        texts = told[told["heard"]]["text"].tolist()[:20] * 3
        models = [topics.fit(texts, embedding=embedding) for _ in range(3)]
        assert len({digest(model) for model in models}) == 1
        assert all((model.vectors == models[0].vectors).all() for model in models)

    def test_as_many_topics_as_units(self) -> None:
        turns = composed(people=1)
        count = int((turns["role"] == "participant").sum())
        model = topics.fit(turns, topics=count)
        assert model.topics["units"].sum() == count

    def test_one_topic(self, turns: pd.DataFrame) -> None:
        assert list(topics.fit(turns, topics=1).topics["share"]) == [1.0]


class TestParts:
    def test_rand_is_scikit_learns(self) -> None:
        from sklearn.metrics import adjusted_rand_score

        generator = np.random.default_rng(2)
        for _ in range(20):
            one, other = generator.integers(0, 4, (2, 30))
            assert rand(one, other) == pytest.approx(adjusted_rand_score(one, other))
        assert rand(one, one) == 1.0

    def test_candidates_grow_with_the_corpus(self) -> None:
        assert candidates(8) == [2]
        assert candidates(436)[0] == 5
        assert candidates(436)[-1] == 22
        assert candidates(60) == [3, 4, 5]
        assert candidates(100_000)[-1] == 100
        assert len(candidates(100_000)) == 14

    def test_groups_are_numbered_by_size_then_by_first_appearance(self) -> None:
        labels = np.array([5, 2, 2, 7, 7, 0])
        assert by_size(labels).tolist() == [2, 0, 0, 1, 1, 3]

    def test_many_rows_go_by_a_sample(self) -> None:
        generator = np.random.default_rng(0)
        truth = np.repeat([0, 1, 2], 1000)
        rows = np.eye(3)[truth] + 0.1 * generator.normal(size=(3000, 3))
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        assert rand(partitions(rows, [3])[3], truth) > 0.99

    def test_coherence_of_groups_dealt_out_is_about_nothing(self) -> None:
        from scipy.sparse import csr_matrix

        truth = np.repeat([0, 1, 2, 3], 50)
        generator = np.random.default_rng(1)
        chance = np.where(truth[:, None] == np.repeat([0, 1, 2, 3], 10), 0.4, 0.1)
        counts = csr_matrix((generator.random(chance.shape) < chance).astype(float))
        assert coherence(Said.of(counts), truth, 1) > 0.15
        assert abs(coherence(Said.of(counts), generator.permutation(truth), 1)) < 0.1
