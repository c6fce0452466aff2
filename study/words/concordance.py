"""A word wherever it is said, with what stands before and after."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.words.counting import heard

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = "source line participant left word right quotable".split()
_APOSTROPHE = "['\u2019]"


def concordance(
    turns: pd.DataFrame, word: str, width: int = 40, *, interviewers: bool = False
) -> pd.DataFrame:
    """Find a word in context.

    Parameters
    ----------
    turns
        The table of turns.
    word
        A word or a phrase, capitals or not; whole words only.  `*` stands for any letters or none:
        `credential*`, `*credential`.  A hyphenated word is one word, a possessive is not another.
    width
        Characters to the left and to the right, at most; never beyond the turn.
    interviewers
        Look into interviewers' turns too; `participant` then says `interviewer` there.

    Returns
    -------
    DataFrame
        source, line, participant, left, word (as said), right, quotable (whether the participant
        consented to be quoted: the others' words are for reading only); in the order of the
        transcripts.

    Raises
    ------
    NotPossibleError
        Where there is nothing to look for, or `width` is negative.
    """
    import pandas as pd

    sought = pattern(word)
    if width < 0:
        raise NotPossibleError(f"the width is {width}; give 0 or more characters")
    told = turns.sort_values(["source", "start"], kind="stable") if interviewers else heard(turns)
    rows = []
    for turn in told.to_dict("records"):
        text = turn["text"]
        who = "interviewer" if turn["role"] == "interviewer" else turn["participant"]
        for match in sought.finditer(text):
            start, end = match.span()
            line = int(turn["line"]) + text.count("\n", 0, start)
            parts = (text[max(0, start - width) : start], match.group(), text[end : end + width])
            shown = (re.sub(r"\s", " ", part) for part in parts)
            rows.append([turn["source"], line, who, *shown, bool(turn["quotable"])])
    return pd.DataFrame(rows, columns=COLUMNS)


def pattern(word: str) -> re.Pattern[str]:
    """Return the expression that finds a word or a phrase."""
    if not re.search(r"\w", word):
        raise NotPossibleError(f"there is no word in {word!r}; give a word, a phrase or credit*")
    parts = []
    for piece in re.split(r"(\*|['\u2019]|\s+)", word.strip()):
        if piece == "*":
            parts.append(r"[\w\-]*")
        elif piece in ("'", "\u2019"):
            parts.append(_APOSTROPHE)
        else:
            parts.append(r"\s+" if piece.isspace() else re.escape(piece))
    # Not in the middle of a word; a possessive 's may follow.
    before = rf"(?<!\w)(?<!\w-)(?<!\w{_APOSTROPHE})"
    after = rf"(?!\w|-\w|{_APOSTROPHE}(?!s\b)\w)"
    return re.compile(before + "".join(parts) + after, re.IGNORECASE)
