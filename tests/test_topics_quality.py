"""How well topics are told apart, on composed interviews that change their subject."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score
from subjects import SUBJECTS, interviews

from study import topics
from study.topics import Recipe, TopicModel, choosing, clusters, consensus, stability
from study.topics.choosing import separation

SCORES = ["stability", "coherence", "separation"]


@pytest.fixture(scope="module")
def turns() -> pd.DataFrame:
    return interviews()


@pytest.fixture(scope="module")
def model(turns: pd.DataFrame) -> TopicModel:
    return topics.fit(turns)


def likeness(model: TopicModel, turns: pd.DataFrame) -> float:
    found = model.assignments.merge(turns, on=["source", "start"], validate="one_to_one")
    assert len(found) == len(model.assignments)
    return float(adjusted_mutual_info_score(found["label"], found["topic"]))


def test_the_default_finds_the_subjects_and_their_number(
    model: TopicModel, turns: pd.DataFrame
) -> None:
    assert len(model.assignments) == turns["heard"].sum() >= 300
    assert len(SUBJECTS) - 2 <= len(model.topics) <= len(SUBJECTS) + 6
    assert likeness(model, turns) > 0.7
    assert model.topics["stability"].mean() > 0.7


def test_questions_carry_answers_that_lean_on_them(turns: pd.DataFrame) -> None:
    number = len(SUBJECTS)
    read = topics.fit(turns, topics=number)
    alone = topics.fit(turns, topics=number, recipe=Recipe(question=0))
    assert likeness(read, turns) > likeness(alone, turns) + 0.3


@pytest.mark.parametrize(("embedding", "least"), [("lsa", 0.55), ("wordllama", 0.7)])
def test_each_view_alone_finds_most(turns: pd.DataFrame, embedding: str, least: float) -> None:
    model = topics.fit(turns, topics=len(SUBJECTS), embedding=embedding)
    assert likeness(model, turns) > least
    assert model.embedding == embedding


@pytest.mark.slow
def test_minilm_finds_the_subjects(turns: pd.DataFrame) -> None:
    model = topics.fit(turns, embedding="minilm", keep=False)
    assert likeness(model, turns) > 0.7


def test_leaving_turns_out_changes_little(model: TopicModel, turns: pd.DataFrame) -> None:
    told = turns.index[turns["heard"]]
    gone = np.random.default_rng(2).choice(told, len(told) // 5, replace=False)
    other = topics.fit(turns.drop(index=gone))
    both = model.assignments.merge(other.assignments, on=["source", "start"])
    assert adjusted_rand_score(both["topic_x"], both["topic_y"]) > 0.65


def test_weak_passages_are_few_far_and_marked(model: TopicModel) -> None:
    table = model.assignments
    assert table["distance"].equals((1 - table["strength"]).round(4))
    assert 0 < table["weak"].sum() < 0.15 * len(table)
    assert table.loc[table["weak"], "distance"].mean() > table["distance"].mean() + 0.1
    assert model.topics["weak"].sum() == table["weak"].sum()


def test_what_the_model_holds_fits_together(model: TopicModel) -> None:
    assert model.vectors.shape[0] == len(model.assignments)
    assert np.allclose(np.linalg.norm(model.vectors, axis=1), 1)
    assert list(model.words.columns) == ["topic", "word", "weight"]
    first = model.words.groupby("topic")["weight"].agg(["max", "first", "size"])
    assert first["max"].equals(first["first"].rename("max"))
    assert first["size"].max() == 30
    assert set(model.passages["topic"]) == set(model.topics["topic"])
    assert model.passages.groupby("topic")["rank"].max().between(1, 5).all()
    shown = model.passages[model.passages["rank"] == 1].set_index("topic")["text"]
    assert shown.tolist() == model.topics.set_index("topic")["quotation"].tolist()


def test_the_library_itself_can_go_on(model: TopicModel) -> None:
    documents = [""] * len(model.assignments)
    tree = model.bertopic.hierarchical_topics(documents)
    assert len(tree) == len(model.topics) - 1
    assert model.bertopic.get_topic_info()["Count"].tolist() == model.topics["units"].tolist()


class TestMap:
    def test_like_passages_lie_together(self, model: TopicModel) -> None:
        place, topic = model.place, model.assignments["topic"].to_numpy()
        assert place.shape == (len(topic), 2)
        middle = np.array([place[topic == t].mean(axis=0) for t in range(topic.max() + 1)])
        own = np.linalg.norm(place - middle[topic], axis=1).mean()
        gaps = np.linalg.norm(middle[:, None] - middle[None], axis=2)
        assert own < 0.6 * gaps[np.triu_indices(len(middle), 1)].mean()
        assert np.ptp(place[:, 0]) >= 0.8 * np.ptp(place[:, 1])

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_a_few_topics_and_passages(self, number: int) -> None:
        from study.topics import mapping

        rows = np.eye(5)[[0, 1, 2, 0, 1, 2]]
        place = mapping.place(rows, np.arange(6) % number)
        assert place.shape == (6, 2)
        assert np.isfinite(place).all()
        assert mapping.place(rows[:0], np.zeros(0, int)).shape == (0, 2)


class TestStability:
    def refits(self, noise: float) -> tuple[Any, Any]:
        truth = np.repeat([0, 1, 2], 60)
        rows = np.eye(3)[truth] + noise * np.random.default_rng(1).normal(size=(180, 3))
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return truth, stability.resamples(rows, [3], 1, Recipe(rounds=0))

    def test_clear_groups_come_back_and_mixed_ones_do_not(self) -> None:
        truth, clear = self.refits(0.1)
        assert min(stability.by_topic(truth, clear, 3)) > 0.95
        assert min(stability.agreement(clear)[3]) > 0.95
        truth, mixed = self.refits(1.5)
        assert max(stability.by_topic(truth, mixed, 3)) < 0.75

    def test_matches_are_one_to_one(self) -> None:
        labels = np.repeat([0, 1], 5)
        # The refit has one group of seven that overlaps both topics, and one of three.
        refit = stability.Resample(np.arange(10), {2: np.repeat([0, 1], [7, 3])}, np.zeros((10, 1)))
        # 5/7 and 3/5 in sum beat the best of each, of which the second also were of group 0.
        assert stability.by_topic(labels, [refit], 2) == [round(5 / 7, 4), 0.6]

    def test_a_topic_without_a_match_has_none(self) -> None:
        labels = np.repeat([0, 1], 5)
        refit = stability.Resample(np.arange(10), {2: np.zeros(10, np.intp)}, np.zeros((10, 1)))
        assert stability.by_topic(labels, [refit], 2) == [0.5, 0.0]

    def test_the_consensus_is_what_refits_agree_on(self) -> None:
        _, refits = self.refits(0.2)
        middle = consensus.agreed(refits, 3)
        assert middle is not None
        assert middle.shape == (3, 3)
        assert np.abs(middle).max(axis=1).min() > 0.95
        assert consensus.agreed(refits, 100) is None, "two units a group are too few"


class TestChoosing:
    def test_separation_by_hand(self) -> None:
        rows = np.eye(2)[[0, 0, 1]]
        assert separation(rows, np.array([0, 0, 1])) == pytest.approx(1.0)
        assert separation(rows, np.zeros(3, dtype=np.intp)) == 0.0

    def test_the_number_that_all_scores_like_is_taken(self) -> None:
        table = pd.DataFrame({"topics": [2, 4, 6, 8, 10]}).assign(
            stability=[0.4, 0.8, 0.9, 0.8, 0.4],
            coherence=[0.1, 0.3, 0.4, 0.3, 0.1],
            separation=[0.3, 0.5, 0.6, 0.5, 0.2],
        )
        assert choosing.chosen(table) == 6

    def test_of_numbers_as_good_the_middle_one_is_taken(self) -> None:
        table = pd.DataFrame({"topics": [3, 5, 7, 9, 11]})
        assert choosing.chosen(table.assign(stability=0.5, coherence=0.1, separation=0.2)) == 7
        assert choosing.chosen(table[:1].assign(stability=0.5, coherence=0.1, separation=0.2)) == 3

    def test_others_that_do_as_well_are_said(self) -> None:
        table = pd.DataFrame({"topics": [3, 5, 7, 9, 11, 13, 15]}).assign(coherence=0.1)
        peak = table.assign(stability=[0.1, 0.1, 0.2, 0.9, 0.2, 0.1, 0.1], separation=0.2)
        assert choosing.remark(peak) == ""
        broad = table.assign(stability=[0.3, 0.5, 0.5, 0.5, 0.5, 0.5, 0.3], separation=0.2)
        assert choosing.remark(broad) == "7 to 11 do about as well"
        assert choosing.remark(peak[:1].assign(topics=2)).startswith("so might more than were")
        flat = table.assign(stability=0.5, separation=0.2)
        assert choosing.remark(flat) == (
            "3 to 15 do about as well; so might more than were tried, each of fewer passages"
        )

    def test_noise_on_flat_curves_hardly_moves_it(self) -> None:
        table = pd.DataFrame({"topics": list(range(5, 19))})
        flat = np.random.default_rng(3).normal(0.4, 0.01, (50, len(table), 3))
        found = [
            choosing.chosen(table.assign(**dict(zip(SCORES, one.T, strict=True)))) for one in flat
        ]
        assert np.quantile(found, 0.95) - np.quantile(found, 0.05) <= 4

    def test_what_hardly_differs_does_not_decide(self) -> None:
        table = pd.DataFrame({"topics": [3, 5, 7, 9, 11]}).assign(
            stability=[0.9, 0.9, 0.9, 0.4, 0.3],
            coherence=[0.320, 0.321, 0.322, 0.323, 0.324],
            separation=[0.5, 0.5, 0.5, 0.3, 0.2],
        )
        assert choosing.chosen(table) <= 5


def test_trees_are_cut_the_same_way() -> None:
    rows = np.eye(4)[np.repeat([0, 1, 2, 3], 3)]
    assert len(set(clusters.tree_groups(rows, 4).tolist())) == 4
