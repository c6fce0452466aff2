"""Topics against codes: counts, a test that obeys its level, and passages to open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from study import topics
from study.topics.chance import Meeting, corrected
from study.topics.crosswalk import COLUMNS, coded
from study.topics.passages import (
    CODES_NOT_HEARD,
    HEARD,
    NOT_CODED,
    NOT_HEARD,
    OUTSIDE,
    RARE,
    UNTESTED,
)
from study.topics.reporting import ASSIGNMENTS


class TestCrosswalk:
    assignments = pd.DataFrame(
        [
            ["P1", 1, 0, 10, "P1", "a", True, 0, 0.9, 0.1, False],
            ["P1", 3, 20, 30, "P1", "a", True, 0, 0.9, 0.1, False],
            ["P1", 5, 40, 50, "P1", "a", True, 1, 0.9, 0.1, False],
            ["P2", 1, 0, 10, "P2", "b", True, 1, 0.9, 0.1, False],
        ],
        columns=ASSIGNMENTS,
    )
    codings = pd.DataFrame(
        [
            ["P1", 5, 25, "risk.cost", "Cost", "risk"],  # two units, both of topic 0
            ["P1", 9, 10, "risk.cost", "Cost", "risk"],  # the first again: counts once
            ["P1", 30, 40, "risk.fad", "Fad", "risk"],  # between units: touches none
            ["P2", 0, 3, "risk.depth", "Depth", "risk"],
            ["P3", 0, 30, "risk.depth", "Depth", "risk"],  # another transcript
        ],
        columns=["source", "start", "end", "code", "name", "branch"],
    )

    def test_counted_by_hand(self) -> None:
        labels = pd.DataFrame({"topic": [0, 1], "label": ["money", "thought"]})
        crossed = topics.crosswalk(self.assignments, self.codings, labels)
        assert list(crossed.columns) == COLUMNS
        found = crossed.set_index(["label", "code"])
        assert found.loc[("money", "risk.cost"), "units"] == 2
        assert found.loc[("money", "risk.cost"), "lift"] == 2.0  # 2 * 4 / (2 * 2)
        assert found.loc[("thought", "risk.cost"), "units"] == 0
        assert found.loc[("thought", "risk.depth"), "units"] == 1
        assert found.loc[("thought", "risk.depth"), "lift"] == 2.0  # 1 * 4 / (2 * 1)
        assert found.loc[("money", "risk.fad"), "of_code"] == 0
        assert np.isnan(found.loc[("money", "risk.fad"), "lift"])
        assert (crossed["of_units"] == 4).all()
        assert (crossed["of_topic"] == 2).all()

    def test_units_that_nobody_could_have_coded_are_left_out(self) -> None:
        whole = topics.crosswalk(self.assignments, self.codings)
        part = topics.crosswalk(self.assignments, self.codings, sources=["P1"])
        assert set(whole["of_units"]) == {4}
        assert set(part["of_units"]) == {3}
        assert part.set_index(["topic", "code"]).loc[(0, "risk.cost"), "lift"] == 1.5
        left = topics.uncoded(self.assignments.iloc[::-1], self.codings, sources=["P2"])
        assert left[["topic", "units", "uncoded"]].to_numpy().tolist() == [[1, 1, 0]]

    def test_mutual_information_by_hand(self) -> None:
        crossed = topics.crosswalk(self.assignments, self.codings)
        # Cost only in topic 0 (2 units), Depth only in topic 1 (1 unit): each tells the other.
        assert topics.mutual_information(crossed) == 1.0
        assert list(crossed["label"].unique()) == ["Topic 0", "Topic 1"]

    def test_mutual_information_is_scikit_learns(self) -> None:
        from sklearn.metrics import normalized_mutual_info_score

        generator = np.random.default_rng(4)
        topic, code = generator.integers(0, 3, 60), generator.integers(0, 4, 60)
        units = pd.DataFrame({"source": "P1", "start": np.arange(60) * 2, "topic": topic})
        units = units.assign(end=units["start"] + 1, participant="P1")
        codings = units.assign(code=code.astype(str), name="", branch="")
        score = topics.mutual_information(topics.crosswalk(units, codings))
        assert score == pytest.approx(normalized_mutual_info_score(topic, code), abs=1e-4)

    def test_without_codings_nothing_is_crossed(self) -> None:
        crossed = topics.crosswalk(self.assignments, self.codings.iloc[:0])
        assert crossed.empty
        assert np.isnan(topics.mutual_information(crossed))


def world(link: bool, seed: int, interviews=12, length=30, number=4, codes=10, stay=0.5):
    """Return units and codings of talk in which subjects last and passages reach over units.

    With `link`, code 0 is where topic 0 is.
    """
    chance = np.random.default_rng(seed)
    units, codings = [], []
    for interview in range(interviews):
        name, liking = f"P{interview:02d}", chance.dirichlet(np.full(number, 2.0))
        topic = int(chance.choice(number, p=liking))
        for place in range(length):
            if chance.random() > stay:
                topic = int(chance.choice(number, p=liking))
            where = [name, 1 + 2 * place, 10 * place, 10 * place + 9]
            units.append([*where, name, "a", True, topic, 0.5, 0.5, False])
            if link and topic == 0 and chance.random() < 0.7:
                codings.append([name, 10 * place, 10 * place + 5, 0])
        for code in range(1, codes):
            rate = chance.gamma(1.0, 0.04)
            for place in np.flatnonzero(chance.random(length) < rate).tolist():
                end = 10 * (place + int(chance.integers(1, 4))) - 1
                codings.append([name, 10 * place, end, code])
    made = pd.DataFrame(codings, columns=["source", "start", "end", "code"])
    made["code"] = "c." + made["code"].astype(str)
    made = made.assign(name=made["code"], branch="c", line=1, participant="", group="")
    made = made.assign(quotation="", end=made["end"].clip(upper=10 * length))
    return pd.DataFrame(units, columns=ASSIGNMENTS), made


class TestChance:
    def test_without_any_link_few_studies_have_a_cell_that_passes(self) -> None:
        """5 % may: of 80 studies that is 4; more than 10 happen once in 500 times."""
        passed = 0
        for seed in range(80):
            units, made = world(link=False, seed=seed, stay=0.8)
            crossed = topics.crosswalk(units, made, permutations=99, seed=seed)
            passed += bool(crossed["p"].le(0.05).any())
        assert passed <= 10

    def test_shuffling_units_freely_would_find_what_is_not_there(self) -> None:
        """Why topics are shifted and not shuffled: with stretches, shuffling is wrong."""
        passed = 0
        for seed in range(30):
            units, made = world(link=False, seed=seed, stay=0.8)
            chance = np.random.default_rng(seed)
            has = coded(units, made, sorted(set(made["code"])))
            whose = units["source"].str[1:].astype(int).to_numpy()
            topic = units["topic"].to_numpy()
            draws = []
            for _ in range(100):
                order = np.lexsort((chance.random(len(whose)), whose))
                moved = topic[order] if draws else topic
                draws.append(Meeting(moved, whose, has, 4).counts)
            counts = np.array(draws, dtype=float)
            spread = counts.std(axis=0)
            z = (counts - counts.mean(axis=0)) / np.where(spread > 0, spread, 1)
            highest = np.where(counts >= 3, z, -9).max(axis=(1, 2))
            passed += bool((highest >= highest[0]).mean() <= 0.05)
        assert passed >= 6

    def test_a_link_is_found_and_only_that_one(self) -> None:
        units, made = world(link=True, seed=3)
        crossed = topics.crosswalk(units, made, permutations=999)
        firm = crossed[crossed["p"].le(0.05)]
        assert firm[["topic", "code"]].to_numpy().tolist() == [[0, "c.0"]]
        assert firm["p"].iloc[0] == 0.001
        assert firm["lift"].iloc[0] > 2
        assert crossed["p_code"].le(crossed["p"]).all(), "fewer cells, less to correct for"

    def test_the_same_seed_gives_the_same_and_the_order_of_rows_does_not_matter(self) -> None:
        units, made = world(link=True, seed=5)
        once = topics.crosswalk(units, made, permutations=199, seed=4)
        mixed = units.sample(frac=1, random_state=1)
        pd.testing.assert_frame_equal(once, topics.crosswalk(mixed, made, permutations=199, seed=4))

    def test_expected_is_the_mean_over_all_shifts(self) -> None:
        units, made = world(link=True, seed=2, interviews=2, length=6)
        meeting = Meeting(
            units["topic"].to_numpy(),
            units["source"].str[1:].astype(int).to_numpy(),
            coded(units, made, sorted(set(made["code"]))),
            4,
        )
        every = [
            Meeting(
                np.concatenate([np.roll(meeting.topics[:6], a), np.roll(meeting.topics[6:], b)]),
                meeting.sources,
                meeting.has,
                4,
            ).counts
            for a in range(6)
            for b in range(6)
        ]
        assert np.mean(every, axis=0) == pytest.approx(meeting.expected)
        assert meeting.arrangements == pytest.approx(36)
        drawn = np.concatenate(list(meeting.shifted(400, 1)))
        allowed = {counts.tobytes() for counts in every}
        assert {counts.astype(every[0].dtype).tobytes() for counts in drawn} <= allowed

    def test_one_short_interview_has_no_test(self) -> None:
        units, made = world(link=True, seed=1, interviews=1, length=30)
        crossed = topics.crosswalk(units, made)
        assert crossed["p"].isna().all()
        assert set(topics.topics_of_codes(crossed)["verdict"]) <= {RARE, UNTESTED}
        assert "too few and short" in topics.agreement(units, made)["reason"].iloc[0]

    def test_cells_of_one_or_two_units_never_pass(self) -> None:
        has = np.zeros((40, 1), dtype=bool)
        has[[3, 33]] = True
        topic = np.zeros(40, dtype=np.intp)
        topic[[3, 33]] = 1
        meeting = Meeting(topic, np.repeat([0, 1], 20), has, 2)
        assert corrected(meeting, 199, 1)[0].tolist() == [[1.0], [1.0]]

    def test_topics_that_are_the_codes_agree_and_dealt_out_ones_do_not(self) -> None:
        units, made = world(link=False, seed=8)
        same = units.assign(code="c." + units["topic"].astype(str))[
            ["source", "start", "end", "code"]
        ]
        found = topics.agreement(units, same.assign(name="", branch=""), permutations=199).iloc[0]
        assert (found["value"], found["adjusted"]) == (1.0, 1.0)
        assert found["p"] == 0.005
        none = topics.agreement(units, made, permutations=199).iloc[0]
        assert abs(none["adjusted"]) < 0.1
        assert none["by_chance"] > 0, "mutual information is never 0 by chance"


class TestMany:
    def test_passages_are_found_as_looking_at_each_pair_finds_them(self) -> None:
        chance = np.random.default_rng(1)
        start = np.sort(chance.integers(0, 500, 60))
        units = pd.DataFrame({"source": chance.choice(["a", "b"], 60), "start": start})
        units["end"] = units["start"] + chance.integers(1, 30, 60)  # they may overlap
        made = pd.DataFrame({"source": chance.choice(["a", "b", "z"], 80)})
        made["start"] = chance.integers(0, 500, 80)
        made["end"] = made["start"] + chance.integers(1, 60, 80)
        made["code"] = chance.choice(["x", "y", "z"], 80)
        slow = np.zeros((60, 2), dtype=bool)
        for row, unit in enumerate(units.itertuples()):
            for one in made.itertuples():
                if one.source == unit.source and one.start < unit.end and unit.start < one.end:
                    slow[row] |= [one.code == "x", one.code == "y"]
        assert (coded(units, made, ["x", "y"]) == slow).all()

    def test_forty_thousand_codings_on_twenty_thousand_units_are_no_pairs_to_look_at(self) -> None:
        """8 x 10^8 pairs: looking at each would take minutes."""
        chance = np.random.default_rng(2)
        place = np.arange(20_000)
        units = pd.DataFrame({"source": place // 400, "start": place % 400 * 100})
        units = units.assign(end=units["start"] + 90)
        made = pd.DataFrame({"source": chance.integers(0, 50, 40_000)})
        made["start"] = chance.integers(0, 400, 40_000) * 100 + 5
        made = made.assign(end=made["start"] + 3, code=chance.integers(0, 80, 40_000))
        has = coded(units, made, list(range(80)))
        assert has.sum() == len(made.drop_duplicates(["source", "start", "code"]))


UNITS = pd.DataFrame(
    [
        ["P1", 1, 0, 10, "P1", "a", True, 0, 0.4, 0.6, True],
        ["P1", 3, 20, 30, "P1", "a", True, 0, 0.9, 0.1, False],
        ["P1", 5, 40, 50, "P1", "a", True, 1, 0.8, 0.2, False],
        ["P2", 1, 0, 10, "P2", "b", False, 1, 0.7, 0.3, False],
    ],
    columns=ASSIGNMENTS,
)
CODINGS = pd.DataFrame(
    [
        ["P1", 3, 21, 25, "risk.cost", "Cost", "risk", "so dear"],
        ["P1", 4, 32, 38, "risk.fad", "Fad", "risk", "a fad"],
    ],
    columns="source line start end code name branch quotation".split(),
).assign(participant="P1", group="a")


class TestPassages:
    turns = pd.DataFrame(
        {
            "source": ["P1", "P1", "P1", "P2"],
            "start": [0, 20, 40, 0],
            "text": ["first bit.", "secondbit.", "third bit.", "fourthbit."],
            "quotable": [True, True, True, False],
        }
    )

    def test_heard_and_not_coded_nearest_to_the_topic_first_with_the_place_to_open(self) -> None:
        found = topics.not_coded(UNITS, CODINGS, turns=self.turns)
        assert list(found.columns) == NOT_CODED
        where = found[["topic", "source", "line", "weak"]].to_numpy().tolist()
        assert where == [[0, "P1", 1, True], [1, "P1", 5, False], [1, "P2", 1, False]]
        assert found["quotation"].tolist() == ["first bit.", "third bit.", ""]
        assert set(topics.not_coded(UNITS, CODINGS)["quotation"]) == {""}
        assert topics.not_coded(UNITS, CODINGS, sources=["P2"])["line"].tolist() == [1]

    def test_a_piece_of_a_turn_is_quoted_as_that_piece(self) -> None:
        long = pd.DataFrame({"source": ["P1"], "start": [0], "text": ["x" * 40 + " the end   "]})
        found = topics.not_coded(UNITS, CODINGS.iloc[:0], turns=long.assign(quotable=True))
        assert found.set_index("line").loc[5, "quotation"] == "the end"

    def test_coded_in_no_unit(self) -> None:
        crossed = topics.crosswalk(UNITS, CODINGS)
        found = topics.not_heard(UNITS, CODINGS, crossed)
        assert list(found.columns) == CODES_NOT_HEARD
        assert found[["code", "line", "why"]].to_numpy().tolist() == [["risk.fad", 4, OUTSIDE]]
        assert found["quotation"].tolist() == ["a fad"]

    def test_a_code_that_no_topic_has_is_listed_and_one_that_a_topic_has_is_not(self) -> None:
        units, made = world(link=True, seed=3)
        crossed = topics.crosswalk(units, made, permutations=999)
        verdict = topics.topics_of_codes(crossed).set_index("code")["verdict"]
        assert verdict["c.0"] == HEARD
        assert NOT_HEARD in set(verdict)
        found = topics.not_heard(units, made, crossed)
        assert set(found["code"]) == set(verdict[verdict == NOT_HEARD].index)
        assert len(found) == made["code"].isin(found["code"]).sum()
        assert found["topic"].notna().all()
        of = topics.codes_of_topics(crossed).set_index("topic")
        assert of.loc[0, "codes"] == 1
        assert of.loc[0, "which"].startswith("c.0 (")
        assert of.loc[1, "which"] == ""

    def test_rare_codes_are_said_to_be_rare(self) -> None:
        table = topics.topics_of_codes(topics.crosswalk(UNITS, CODINGS))
        assert set(table["verdict"]) == {RARE}


class TestGroups:
    @staticmethod
    def talk(people: dict[str, tuple[str, int, int]]) -> pd.DataFrame:
        rows = [
            [who, 1, 0, 1, who, group, True, int(place >= first), 0.5, 0.5, False]
            for who, (group, first, size) in people.items()
            for place in range(size)
        ]
        return pd.DataFrame(rows, columns=ASSIGNMENTS)

    def test_shares_and_participants_by_hand(self) -> None:
        units = self.talk({"P1": ("broker", 3, 4), "P2": ("broker", 0, 4), "P3": ("bank", 2, 2)})
        found = topics.by_group(units, groups=["bank", "broker"]).set_index(["topic", "group"])
        assert list(dict.fromkeys(found.index.get_level_values(1))) == [
            "all participants",
            "bank",
            "broker",
        ]
        row = found.loc[(0, "broker")]
        assert (row["units"], row["of_units"], row["share"]) == (3, 8, 0.375)
        assert (row["participants"], row["of_participants"]) == (1, 2)
        assert found.loc[(1, "bank"), "units"] == 0, "zeros are rows"
        assert found.loc[(0, "all participants"), "share"] == 0.5
        assert row["reason"] == "no interval: 2 participants, and 5 are needed"
        assert found["low"].isna().all()

    def test_many_turns_of_few_people_do_not_make_an_interval_narrow(self) -> None:
        people = {f"P{n}": ("a", 8 * (n % 2) + 1, 10) for n in range(8)}
        few = topics.by_group(self.talk(people))
        many = topics.by_group(
            self.talk({w: (g, 50 * f, 50 * s) for w, (g, f, s) in people.items()})
        )
        width = [(t["high"] - t["low"]).iloc[0] for t in (few, many)]
        assert width[0] == pytest.approx(width[1], abs=1e-9)
        assert width[0] > 0.5, "half of the people speak of it nearly always, half hardly ever"

    def test_an_interval_holds_the_share_of_the_people_it_came_from(self) -> None:
        """Of 60 studies of eight people, at least 50 intervals hold the truth (95 % should)."""
        chance, held = np.random.default_rng(6), 0
        for _ in range(60):
            about = chance.beta(2, 3, size=8)
            people = {f"P{n}": ("a", chance.binomial(30, p), 30) for n, p in enumerate(about)}
            row = topics.by_group(self.talk(people), resamples=400).iloc[0]
            held += bool(row["low"] <= 0.4 <= row["high"])
        assert held >= 50

    def test_all_alike_gives_no_interval_of_width_nothing(self) -> None:
        people = {f"P{n}": ("a", 2, 4) for n in range(6)}
        row = topics.by_group(self.talk(people)).iloc[0]
        assert row["share"] == 0.5
        assert np.isnan(row["low"])
        assert "same value" in row["reason"]

    def test_by_interview(self) -> None:
        units = self.talk({"P1": ("a", 3, 4), "P2": ("b", 0, 2)})
        found = topics.by_interview(units).set_index(["source", "topic"])
        assert found["share"].to_dict() == {
            ("P1", 0): 0.75,
            ("P1", 1): 0.25,
            ("P2", 0): 0.0,
            ("P2", 1): 1.0,
        }
        assert found["of_units"].to_dict()[("P2", 0)] == 2
