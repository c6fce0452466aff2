"""Word statistics against numbers counted by hand and against other libraries."""

from __future__ import annotations

from math import log, log2

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from talk import COLUMNS, turn

import study
from study import tables, words
from study.errors import NotPossibleError
from study.text import words as split
from study.words.language import content_words, fold


def table(*turns: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return turns from (source, role, group, text); each on its own line, a blank one between."""
    rows, start, line = [], 0, 1
    for source, role, group, text in turns:
        rows.append(turn(source, line, start, role, text, group))
        start, line = start + len(text) + 10, line + 2 + text.count("\n")
    return pd.DataFrame(rows, columns=COLUMNS)


TALK = table(
    ("P1", "interviewer", "broker", "Tell me about credit, credit and credit transfer."),
    ("P1", "participant", "broker", "Um, the credit. Credit transfer is, credit's a word."),
    ("P1", "participant", "broker", "[pause] Transfer credit (laughs) with the Micro-Credential."),
    ("P2", "participant", "broker", "Credit transfer, sort of, and a spreadsheet, spreadsheet."),
    ("P3", "participant", "employer", "Staff. Staff want a spreadsheet,\nand credit transfer now."),
    ("P4", "unknown", "employer", "Our staff want the micro\u2013credential; it\u2019s staff."),
)


class TestFrequencies:
    def test_counted_by_hand(self) -> None:
        found = words.frequencies(TALK).set_index("word")
        assert found.loc["credit", "count"] == 6  # four by P1, one of them credit's
        assert found.loc["credit", "participants"] == 3
        assert found.loc["credit", "of_participants"] == 4
        assert found.loc["staff", "count"] == 4
        assert found.loc["micro-credential", "count"] == 1
        total = sum(len(split(text)) for text in TALK["text"].iloc[1:])
        assert found.loc["staff", "per_1000"] == round(4000 / total, 4)

    def test_stop_words_fillers_and_asides_are_left_out(self) -> None:
        found = set(words.frequencies(TALK)["word"])
        assert not found & {"um", "the", "pause", "laughs", "sort", "it's", "tell"}

    def test_order_is_by_count_then_alphabet(self) -> None:
        found = words.frequencies(TALK)
        keys = list(zip(-found["count"], found["word"], strict=True))
        assert keys == sorted(keys)

    def test_minimum(self) -> None:
        assert set(words.frequencies(TALK, minimum=4)["word"]) == {"credit", "staff", "transfer"}

    def test_stand_ins_are_no_words_and_totals_are_the_denominators(self, tiny) -> None:
        path = tiny / "interviews/T3.txt"
        text = path.read_text(encoding="utf-8")
        added = "My own staff at [University Xyz], [pause] the 21st of them."
        path.write_text(text.replace("My own staff.", added), encoding="utf-8")
        turns = tables.turns(study.project.read(tiny)[0])
        said = turns[turns["heard"]]
        assert said.loc[said["source"] == "T3", "words"].sum() == 26 + 4
        found = words.frequencies(turns)
        assert not {"university", "xyz", "pause", "st"} & set(found["word"])
        assert (found["per_1000"] == (1000 * found["count"] / said["words"].sum()).round(4)).all()
        assert words.totals(turns) == said.groupby("group", sort=False)["words"].sum().to_dict()
        keys = words.keyness(turns, minimum=1, people=1)
        assert not {"university", "xyz"} & set(keys["word"])

    def test_by_group_counts_the_shared_words_of_everybody_in_each_group(self) -> None:
        found = words.by_group(TALK, ["broker", "employer"], people=2).set_index(["group", "word"])
        assert found.loc[("all participants", "credit"), "count"] == 6
        assert found.loc[("broker", "credit"), "count"] == 5
        assert found.loc[("broker", "credit"), "of_participants"] == 2
        assert found.loc[("employer", "spreadsheet"), "count"] == 1
        assert ("broker", "micro-credential") not in found.index, "one person's word"
        alone = words.by_group(TALK, ["everybody"], people=2)
        assert set(alone["group"]) == {"all participants"}

    def test_an_empty_table_has_the_columns(self) -> None:
        for function in (words.frequencies, words.keyness, words.collocations):
            assert function(TALK.iloc[:0]).empty
        assert list(words.frequencies(TALK.iloc[:0]).columns) == (
            "word count per_1000 participants of_participants".split()
        )


class TestKeyness:
    def test_log_likelihood_by_hand(self) -> None:
        # 30 in 1,000 against 10 in 2,000; expected said 13 1/3 and 26 2/3.
        by_hand = 2 * (
            30 * log(30 / (40 / 3))
            + 10 * log(10 / (80 / 3))
            + 970 * log(970 / (1000 - 40 / 3))
            + 1990 * log(1990 / (2000 - 80 / 3))
        )
        assert words.log_likelihood(30, 1000, 10, 2000) == pytest.approx(by_hand)

    @given(st.integers(0, 200), st.integers(201, 5000), st.integers(0, 200), st.integers(201, 5000))
    def test_log_likelihood_is_scipys(self, a: int, c: int, b: int, d: int) -> None:
        from scipy.stats import chi2_contingency

        ours = words.log_likelihood(a, c, b, d)
        if a + b == 0:
            assert ours == pytest.approx(0)
            return
        cells = [[a, b], [c - a, d - b]]
        theirs = chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic
        assert ours == pytest.approx(theirs, abs=1e-6)

    def test_log_ratio_by_hand(self) -> None:
        assert words.log_ratio(30, 1000, 10, 2000) == pytest.approx(log2(6))
        assert words.log_ratio(4, 1000, 0, 1000) == 3.0  # against half a word
        assert words.log_ratio(1, 0, 1, 10) != words.log_ratio(1, 0, 1, 10), "nan"

    def test_only_words_of_two_participants_of_the_group(self) -> None:
        found = words.keyness(TALK, minimum=1)
        employer = found[found["group"] == "employer"]
        assert list(employer["word"]) == ["staff"]
        row = employer.iloc[0]
        assert (row["count"], row["elsewhere"]) == (4, 0)
        assert (row["participants"], row["of_participants"]) == (2, 2)
        sizes = [sum(len(split(TALK["text"][i])) for i in rows) for rows in ((4, 5), (1, 2, 3))]
        expected = words.log_likelihood(4, sizes[0], 0, sizes[1])
        assert row["log_likelihood"] == round(expected, 4)

    def test_one_persons_words_when_asked_for(self) -> None:
        found = words.keyness(TALK, minimum=2, people=1)
        assert "spreadsheet" in set(found[found["group"] == "broker"]["word"])

    def test_a_group_of_one_has_no_key_words(self) -> None:
        alone = TALK.assign(group=TALK["participant"])
        assert words.keyness(alone, minimum=1).empty

    def test_columns_and_another_grouping(self) -> None:
        found = words.keyness(TALK.assign(site="x"), by="site", minimum=1)
        assert list(found.columns) == (
            "group word count per_1000 elsewhere elsewhere_per_1000 log_likelihood log_ratio"
            " participants of_participants".split()
        )
        assert found.empty, "nobody is elsewhere"

    def test_an_unknown_grouping_is_said_so(self) -> None:
        with pytest.raises(NotPossibleError, match="no column 'sector'"):
            words.keyness(TALK, by="sector")


class TestCollocations:
    def test_pairs_by_hand(self) -> None:
        found = words.collocations(TALK, minimum=2)
        assert list(found.columns) == "first second count log_likelihood pmi participants".split()
        assert found[["first", "second"]].to_numpy().tolist() == [["credit", "transfer"]]
        row = found.iloc[0]
        assert (row["count"], row["participants"]) == (3, 3)
        total = sum(len(split(text)) for text in TALK["text"].iloc[1:])
        assert row["pmi"] == pytest.approx(log2(3 * total / (6 * 4)), abs=1e-4)

    def test_not_across_turns_stop_words_or_stutters(self) -> None:
        turns = table(
            *[("P1", "participant", "a", "the short"), ("P1", "participant", "a", "course of")] * 3,
            *[("P1", "participant", "a", "short the course, course")] * 3,
        )
        assert words.collocations(turns, minimum=1).empty


class TestConcordance:
    def test_in_context(self) -> None:
        found = words.concordance(TALK, "spreadsheet", width=10)
        columns = "source line participant left word right quotable".split()
        assert list(found.columns) == columns
        assert found.to_numpy().tolist() == [
            ["P2", 7, "P2", "of, and a ", "spreadsheet", ", spreadsh", True],
            ["P2", 7, "P2", "eadsheet, ", "spreadsheet", ".", True],
            ["P3", 9, "P3", "ff want a ", "spreadsheet", ", and cred", True],
        ]

    def test_who_may_not_be_quoted_is_marked(self) -> None:
        turns = TALK.assign(quotable=TALK["source"] != "P2")
        found = words.concordance(turns, "spreadsheet")
        assert list(found["quotable"]) == [False, False, True]

    def test_line_within_a_turn(self) -> None:
        assert list(words.concordance(TALK, "now")["line"]) == [10]

    def test_capitals_do_not_matter_and_words_are_whole(self) -> None:
        assert set(words.concordance(TALK, "CREDIT")["word"]) == {"credit", "Credit"}
        assert words.concordance(TALK, "cred").empty
        assert words.concordance(TALK, "credential")["source"].tolist() == ["P4"], "an en dash ends"

    def test_as_many_as_counted(self) -> None:
        counted = words.frequencies(TALK).set_index("word")["count"]
        for word in ("credit", "staff", "micro-credential", "spreadsheet", "transfer"):
            assert len(words.concordance(TALK, word)) == counted[word]

    def test_star_and_phrase(self) -> None:
        assert list(words.concordance(TALK, "micro*")["word"]) == ["Micro-Credential", "micro"]
        assert list(words.concordance(TALK, "*-credential")["word"]) == ["Micro-Credential"]
        phrase = words.concordance(TALK, "credit transfer")["source"]
        assert list(phrase) == ["P1", "P2", "P3"]
        assert len(words.concordance(TALK, "spreadsheet, and")) == 1, "over a line's end"
        assert list(words.concordance(TALK, "it's")["word"]) == ["it\u2019s"]

    def test_interviewers_only_when_asked(self) -> None:
        assert "Tell" not in set(words.concordance(TALK, "tell")["word"])
        found = words.concordance(TALK, "tell", interviewers=True)
        assert list(found["participant"]) == ["interviewer"]

    def test_nothing_to_look_for(self) -> None:
        for query in ("", "  ", "*", "?!"):
            with pytest.raises(NotPossibleError, match="no word"):
                words.concordance(TALK, query)
        with pytest.raises(NotPossibleError, match="width"):
            words.concordance(TALK, "credit", width=-1)

    def test_signs_are_no_pattern(self) -> None:
        turns = table(("P1", "participant", "a", "Is it C++ (or so)? It's C."))
        assert len(words.concordance(turns, "C++")) == 1
        assert len(words.concordance(turns, "(or")) == 1

    @given(st.text(max_size=60), st.text(alphabet="ab*-' ", min_size=1, max_size=6))
    def test_parts_are_the_text(self, text: str, query: str) -> None:
        turns = table(("P1", "participant", "a", text))
        try:
            found = words.concordance(turns, query, width=1000)
        except NotPossibleError:
            return
        flat = "".join(" " if character.isspace() else character for character in text)
        for row in found.to_dict("records"):
            assert row["left"] + row["word"] + row["right"] == flat


class TestLanguage:
    def test_one_form_for_each_stem(self) -> None:
        folded = fold([["courses", "course"], ["course", "stacked", "stacking", "stacked"]])
        assert folded == [["course", "course"], ["course", "stacked", "stacked", "stacked"]]

    def test_stems_of_many_languages(self) -> None:
        assert fold([["kursy", "kurs", "kurs"]], "polish") == [["kurs", "kurs", "kurs"]]
        assert fold([["frauen", "frau"]], "german") == [["frau", "frau"]]
        assert fold([["frauen", "frau"]], "klingon") == [["frauen", "frau"]]

    def test_no_stop_words_without_a_list(self) -> None:
        assert words.stop_words("finnish") == frozenset()
        assert content_words("the course of study") == ["course", "study"]
        assert content_words("the course", "finnish") == ["the", "course"]
