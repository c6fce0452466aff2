"""The same interview twice is noticed, another one with the same consent text is not."""

from __future__ import annotations

import random
import time
from pathlib import Path

from study.model import Source
from study.transcripts import duplicates, parse, receive

from . import composed

WORDS = [f"word{number}" for number in range(3000)]
CONSENT = "Thank you for taking part, you may stop at any time and need not say why. " * 3


def interview(seed: int, size: int = 3000) -> list[str]:
    """Compose the words of an interview."""
    return random.Random(seed).choices(WORDS, k=size)


def source(name: str, words: list[str]) -> Source:
    """Return words as a transcript of two people who take turns."""
    turns = [" ".join(words[i : i + 50]) for i in range(0, len(words), 50)]
    text = "\n\n".join(f"{'IR'[i % 2]}: {said}" for i, said in enumerate(turns))
    return parse(name, text + "\n")


def pairs(*sources: Source) -> list[tuple[str, str, bool]]:
    """Return which were found to be the same interview."""
    return [(one.first, one.second, one.same) for one in duplicates(sources)]


def test_same_words_under_two_names() -> None:
    words = interview(1)
    assert pairs(source("P01", words), source("P02", interview(2)), source("P07", words)) == [
        ("P01", "P07", True)
    ]


def test_word_document_and_text_of_one_interview(tmp_path: Path) -> None:
    said = ["Interviewer: How did you come to this?", "Dana: By accident, mostly; and you?"]
    word = composed.docx(tmp_path / "P01.docx", said)
    text = tmp_path / "P01 final.txt"
    text.write_text("\n".join(said).replace("Dana", "P01"), encoding="utf-8")
    assert pairs(receive(word).source, receive(text).source) == [("P01", "P01 final", True)]


def test_corrected_version() -> None:
    words = interview(1)
    corrected = [f"{word}s" if i % 50 == 0 else word for i, word in enumerate(words)]
    found = duplicates([source("P01", words), source("P01 corrected", corrected)])
    assert [one.same for one in found] == [False]
    assert 0.8 < found[0].share < 1
    assert "share 9" in str(found[0])


def test_half_of_an_interview() -> None:
    words = interview(1, 6000)
    assert pairs(source("P01", words), source("P01 part 1", words[:2500])) == [
        ("P01", "P01 part 1", False)
    ]


def test_short_transcripts_are_compared_word_by_word() -> None:
    words = interview(1, 120)
    corrected = [*words[:60], "sorry", *words[60:]]
    assert pairs(source("P01", words), source("P02", corrected)) == [("P01", "P02", False)]


def test_shared_opening_makes_no_duplicates() -> None:
    sources = [source(f"P{seed}", CONSENT.split() + interview(seed)) for seed in range(30)]
    assert duplicates(sources) == []


def test_nothing_to_compare() -> None:
    assert duplicates([]) == []
    assert pairs(source("P01", []), source("P02", ["mm"])) == []


def test_three_copies_are_named_by_the_first() -> None:
    words = interview(1)
    assert pairs(*(source(name, words) for name in ("b", "c", "a"))) == [
        ("a", "b", True),
        ("a", "c", True),
    ]


def test_time_grows_with_the_text_and_not_with_the_pairs() -> None:
    sources = [source(f"P{seed:03d}", interview(seed, 2500)) for seed in range(300)]
    begun = time.process_time()  # of this process: a busy machine makes no difference
    assert duplicates([*sources, source("again", interview(7, 2500))])[0].second == "again"
    assert time.process_time() - begun < 4
