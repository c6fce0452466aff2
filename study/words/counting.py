"""How often participants say a word, and which words a group says more often than the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log, log2
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.text import words
from study.words.language import bare, stop_words

if TYPE_CHECKING:
    import pandas as pd

FREQUENCIES = "word count per_1000 participants of_participants".split()
KEYNESS = (
    "group word count per_1000 elsewhere elsewhere_per_1000 log_likelihood log_ratio participants"
    " of_participants"
).split()


def heard(turns: pd.DataFrame) -> pd.DataFrame:
    """Return the turns that count as participants' talk (column `heard`), in order."""
    return turns[turns["heard"].astype(bool)].sort_values(["source", "start"], kind="stable")


def frequencies(
    turns: pd.DataFrame, *, minimum: int = 1, people: int = 1, language: str = "english"
) -> pd.DataFrame:
    """Count participants' words.

    Parameters
    ----------
    turns
        The table of turns.
    minimum
        Words said less often are left out.
    people
        Words that fewer participants use are left out.
    language
        Whose stop words and fillers are left out (English has a list; see `language`).

    Returns
    -------
    DataFrame
        word, count, per_1000 (of all words that participants say, stop words too: the sum of
        `words` in their turns), participants, of_participants; the most frequent first, then in
        alphabetical order.
    """
    import pandas as pd

    told = heard(turns)
    counts, users, total = _counted(told, stop_words(language))
    everyone = told["participant"].nunique()
    rows = [
        [word, count, _rate(count, total), len(users[word]), everyone]
        for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if count >= minimum and len(users[word]) >= people
    ]
    return pd.DataFrame(rows, columns=FREQUENCIES)


def by_group(
    turns: pd.DataFrame, groups: Sequence[str], *, people: int = 1, language: str = "english"
) -> pd.DataFrame:
    """Count the words of everybody, and the same words in each group.

    Parameters
    ----------
    turns
        The table of turns.
    groups
        Values of its column `group`, in order; a single one is not repeated.
    people
        Words that fewer participants in all use are left out.
    language
        Whose stop words and fillers are left out.

    Returns
    -------
    DataFrame
        group (first `all participants`), then the columns of `frequencies`.
    """
    import pandas as pd

    from study.tables.basic import EVERYONE

    whole = frequencies(turns, people=people, language=language)
    parts = [whole.assign(group=EVERYONE)]
    for group in groups if len(groups) > 1 else ():
        part = frequencies(turns[turns["group"] == group], language=language)
        parts.append(part[part["word"].isin(whole["word"])].assign(group=group))
    return pd.concat(parts, ignore_index=True)[["group", *FREQUENCIES]]


def totals(turns: pd.DataFrame, by: str = "group") -> dict[str, int]:
    """Return how many words the participants of each group say, stop words too."""
    sums = heard(turns).groupby(by, sort=False)["words"].sum()
    return {str(group): int(count) for group, count in sums.items()}


def keyness(
    turns: pd.DataFrame,
    by: str = "group",
    minimum: int = 5,
    *,
    people: int = 2,
    notable: float = 0.0,
    language: str = "english",
) -> pd.DataFrame:
    """List the words that a group says more often than everybody else.

    Log-likelihood (Dunning 1993, https://aclanthology.org/J93-1003/) says how sure the difference
    is if words were drawn one by one; people repeat themselves, so it ranks and doesn't test.
    Log ratio (Hardie 2014, ESRC CASS) says how large it is: 1 is twice as often, 2 four times; a
    word not said elsewhere counts there as half a word.

    Parameters
    ----------
    turns
        The table of turns.
    by
        Column of `turns` with the groups.
    minimum
        Words said less often in the group are left out.
    people
        Words that fewer participants of the group use are left out: one person's habit is no
        habit of a group.  So a group of one has no rows.
    notable
        Words of a lower log-likelihood are left out.
    language
        Whose stop words and fillers are left out.

    Returns
    -------
    DataFrame
        group, word, count, per_1000, elsewhere (count), elsewhere_per_1000, log_likelihood,
        log_ratio, participants, of_participants (of the group); groups as they first appear, in
        each the highest log-likelihood first.

    Raises
    ------
    NotPossibleError
        Where `turns` has no such column.
    """
    import pandas as pd

    if by not in turns.columns:
        raise NotPossibleError(f"the turns have no column {by!r}; there are {list(turns.columns)}")
    told = heard(turns)
    whole, _, total = _counted(told, stop_words(language))
    rows: list[list[object]] = []
    for group in dict.fromkeys(turns[by]):
        part = told[told[by] == group]
        counts, users, size = _counted(part, stop_words(language))
        members = part["participant"].nunique()
        for word, count in counts.items():
            if count >= minimum and len(users[word]) >= people:
                scores = _compared(word, count, size, whole[word] - count, total - size)
                rows.append([group, *scores, len(users[word]), members])
    found = pd.DataFrame(rows, columns=KEYNESS)
    found = found[(found["log_ratio"] > 0) & (found["log_likelihood"] >= notable)]
    return _ranked(found, list(dict.fromkeys(turns[by])))


def _ranked(found: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Sort by group, in this order, then from the surest difference down."""
    return found.sort_values(
        ["group", "log_likelihood", "count", "word"],
        ascending=[True, False, False, True],
        key=lambda column: column.map(order.index) if column.name == "group" else column,
        kind="stable",
        ignore_index=True,
    )


def log_likelihood(count: int, size: int, elsewhere: int, rest: int) -> float:
    """Return Dunning's G2 of a word said `count` times in `size` words, `elsewhere` in `rest`.

    All four cells count: said and not said, here and elsewhere.  0 where a side has no words.
    """
    both, total = count + elsewhere, size + rest
    cells = [
        (count, size, both),
        (elsewhere, rest, both),
        (size - count, size, total - both),
        (rest - elsewhere, rest, total - both),
    ]
    return 2 * sum(
        seen * log(seen * total / (row * column)) for seen, row, column in cells if seen > 0
    )


def log_ratio(count: int, size: int, elsewhere: int, rest: int) -> float:
    """Return the binary logarithm of the ratio of two relative frequencies; nan without words."""
    if not size or not rest:
        return float("nan")
    return log2((count or 0.5) / size) - log2((elsewhere or 0.5) / rest)


def _compared(word: str, count: int, size: int, elsewhere: int, rest: int) -> list[object]:
    scores = (function(count, size, elsewhere, rest) for function in (log_likelihood, log_ratio))
    return [
        *(word, count, _rate(count, size), elsewhere, _rate(elsewhere, rest)),
        *(round(score, 4) for score in scores),
    ]


def _counted(
    told: pd.DataFrame, stops: frozenset[str]
) -> tuple[Counter[str], Mapping[str, set[str]], int]:
    """Return counts and users of the words that are no stop words, and the number of all words."""
    counts: Counter[str] = Counter()
    users: dict[str, set[str]] = {}
    total = 0
    for person, text in zip(told["participant"], told["text"], strict=True):
        said = words(text)
        total += len(said)
        kept = [bare(word) for word in said if word not in stops]
        for word in (word for word in kept if len(word) > 1 and word not in stops):
            counts[word] += 1
            users.setdefault(word, set()).add(person)
    return counts, users, total


def _rate(count: int, total: int) -> float:
    return round(1000 * count / total, 4) if total else 0.0
