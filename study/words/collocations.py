"""Pairs of words that participants say side by side more often than by chance."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from study.text import words
from study.words.counting import heard
from study.words.language import bare, stop_words

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = "first second count log_likelihood pmi participants".split()


def collocations(
    turns: pd.DataFrame, *, minimum: int = 3, people: int = 1, language: str = "english"
) -> pd.DataFrame:
    """Find pairs of neighbouring words in participants' turns, never across two turns.

    Both scores are NLTK's (`BigramAssocMeasures`): log-likelihood (Dunning 1993,
    https://aclanthology.org/J93-1003/) and pointwise mutual information (Church & Hanks 1990,
    https://aclanthology.org/J90-1003/), which favours rare pairs.

    Parameters
    ----------
    turns
        The table of turns.
    minimum
        Pairs said less often are left out.
    people
        Pairs that fewer participants say are left out.
    language
        Pairs with one of its stop words or fillers are left out, and so are stutters (a word
        twice); a stop word between two words keeps them apart.

    Returns
    -------
    DataFrame
        first, second, count, log_likelihood, pmi (bits), participants; the highest log-likelihood
        first, then in alphabetical order.
    """
    import pandas as pd
    from nltk.collocations import BigramAssocMeasures, BigramCollocationFinder

    told = heard(turns)
    said = [[bare(word) for word in words(text)] for text in told["text"]]
    stops = stop_words(language)
    finder = BigramCollocationFinder.from_documents(said)
    finder.apply_freq_filter(minimum)
    finder.apply_word_filter(lambda word: len(word) < 2 or word in stops)
    finder.apply_ngram_filter(lambda first, second: first == second)
    likely = dict(finder.score_ngrams(BigramAssocMeasures.likelihood_ratio))
    telling = dict(finder.score_ngrams(BigramAssocMeasures.pmi))
    users = _users(said, list(told["participant"]))
    rows = [
        [*pair, finder.ngram_fd[pair], round(score, 4), round(telling[pair], 4), len(users[pair])]
        for pair, score in likely.items()
        if len(users[pair]) >= people
    ]
    rows.sort(key=lambda row: (-row[3], row[0], row[1]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _users(said: list[list[str]], people: list[str]) -> dict[tuple[str, str], set[str]]:
    users: dict[tuple[str, str], set[str]] = {}
    for turn, person in zip(said, people, strict=True):
        for pair in pairwise(turn):
            users.setdefault(pair, set()).add(person)
    return users
