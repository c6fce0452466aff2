"""Who asks and who answers, told from a speaker's label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from study.model import Role
from study.transcripts.languages import ANSWERING, ASKING, PAIRS

UNKNOWN = "Unknown speaker"
"""Label of talk whose speaker the transcript doesn't name."""

_ENGLISH = r"(?:co-?)?(?:interviewers?|researchers?|moderators?|facilitators?|fieldworkers?)"
_ROLE = rf"(?:{ASKING}|{_ENGLISH})"
_SHORT = r"(?:i|int|iv|ivr|intv|interv|q|mod|fac)"
_NUMBER = r"(?:[\s#.]*\d{1,2}|\s+[a-z])?"
_ASKS = re.compile(
    rf"(?:(?:the|lead|second|assistant)\s+)?{_ROLE}{_NUMBER}(?:\s*[-\u2013,(/].*)?"
    rf"|{_SHORT}\.?{_NUMBER}(?:\s*\(.*\))?"
    rf"|.+?\s*[-\u2013,/]\s*{_ROLE}{_NUMBER}"
    rf"|.+?\s*\(\s*(?:{_ROLE}|int|i){_NUMBER}\s*\)",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    rf"(?:{ANSWERING}|interviewees?|participants?|respondents?|informants?|subject|patient|client"
    r"|guest|p|ip|resp)(?:[\s#.\-]*\d{1,3}[a-z]?|[\s#.\-]+[a-z])?(?:\s*\(.*\))?",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"(?:unknown|unidentified|unattributed)(?:\s+(?:speaker|voice|person|[mf]|male|female))?\s*\d*"
    r"|speaker\s+unknown|\?+",
    re.IGNORECASE,
)
_QUESTION = re.compile("[?\uff1f\u061f\u037e]")


@lru_cache(maxsize=512)  # a transcript has few labels, each on hundreds of turns
def asks(label: str) -> bool:
    """Tell whether a label itself says that its bearer asks the questions.

    `Interviewer`, `Researcher 1`, `I`, `Q.`, `Jane (Moderator)` do; `Jane` doesn't.
    """
    plain = label.strip()
    return len(plain) <= 100 and _ASKS.fullmatch(plain) is not None


@lru_cache(maxsize=512)
def is_unknown(label: str) -> bool:
    """Tell whether a label says that nobody knows who speaks (`Unknown Speaker`, `???`)."""
    plain = label.strip()
    return not plain or (len(plain) <= 100 and _UNKNOWN.fullmatch(plain) is not None)


@lru_cache(maxsize=512)
def answers(label: str) -> bool:
    """Tell whether a label itself says that its bearer is asked (`Participant 3`, `Befragte`)."""
    return len(label) <= 100 and _ANSWERS.fullmatch(label.strip()) is not None


def paired(labels: Iterable[str]) -> list[str]:
    """Return the labels that name questions where another one names the answers."""
    found = {key(label): label for label in labels}
    return [found[asked] for asked, answer in PAIRS.items() if {asked, answer} <= found.keys()]


@lru_cache(maxsize=512)
def key(label: str) -> str:
    """Return what two spellings of a label share: no case, single spaces, no full stop behind."""
    return " ".join(label.casefold().split()).rstrip(".:")


def role(label: str, interviewers: Iterable[str] = ()) -> Role:
    """Return the role of a speaker, from those named as interviewers and the label itself."""
    if is_unknown(label):
        return "unknown"
    if asks(label) or key(label) in map(key, interviewers):
        return "interviewer"
    return "participant"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who interviews in one transcript, and how that was decided."""

    interviewers: tuple[str, ...]
    decided: Literal["label", "given", "guess", ""]
    warnings: tuple[str, ...] = ()


def decide(
    talk: Sequence[tuple[str, str]], given: Iterable[str] = (), named: Iterable[str] = ()
) -> Decision:
    """Decide who interviews: as given, else from labels and header, else by share of questions.

    Parameters
    ----------
    talk
        Label and words of every turn.
    given
        Names that the researcher gave; they outweigh everything else.
    named
        Names that the transcript's own header gives.
    """
    labels = list(dict.fromkeys(label for label, _ in talk if not is_unknown(label)))
    given = tuple(given)
    wanted = _matching(labels, given)
    said = [one for one in labels if asks(one)] or paired(labels) or _matching(labels, named)
    if wanted:
        return Decision(tuple(dict.fromkeys([*wanted, *filter(asks, labels)])), "given")
    missed = (f"no speaker is called {' or '.join(given)}",) if given else ()
    if said:
        return Decision(tuple(said), "label", missed)
    guess = _guess(talk, labels)
    return Decision(guess.interviewers, guess.decided, missed + guess.warnings)


def _matching(labels: Sequence[str], names: Iterable[str]) -> list[str]:
    """Return labels equal to a name or, failing that, to its first name or initials."""
    wanted = {key(name) for name in names} - {""}
    exact = [label for label in labels if key(label) in wanted]
    short = {form for name in wanted for form in short_forms(name)}
    return exact or [one for one in labels if key(one) in short or key(one).split()[0] in wanted]


def short_forms(name: str) -> tuple[str, ...]:
    """Return how a transcript may shorten a name: the first name, the initials."""
    words = name.split()
    initials = "".join(word[0] for word in words)
    return (words[0], initials) if len(words) > 1 else (words[0],)


def _guess(talk: Sequence[tuple[str, str]], labels: Sequence[str]) -> Decision:
    """Take the one whose turns hold clearly more questions than anybody else's."""
    if len(labels) < 2:
        return Decision((), "")
    shares = sorted(((_questions(talk, label), label) for label in labels), reverse=True)
    able = [pair for pair in shares if not answers(pair[1])]
    if len(able) == 1 and able[0] == shares[0]:
        return Decision((able[0][1],), "guess", (_only_one(able[0][1]),))
    (most, label), (next_most, _) = shares[0], shares[1]
    if most < 0.25 or most < 1.5 * next_most or answers(label):
        unsure = "nobody's label or questions tell who interviews, so no one is marked; name them"
        return Decision((), "", (unsure,))
    reason = f"questions in {most:.0%} of the turns, {next_most:.0%} of the next speaker's"
    warning = f"the interviewer is a guess: {label} ({reason}); name the interviewer to be sure"
    return Decision((label,), "guess", (warning,))


def _only_one(label: str) -> str:
    return (
        f"the interviewer is a guess: {label} (all others are labelled as participants); "
        "name the interviewer to be sure"
    )


def _questions(talk: Sequence[tuple[str, str]], label: str) -> float:
    turns = [words for who, words in talk if who == label]
    return sum(_QUESTION.search(words) is not None for words in turns) / len(turns)
