r"""Which words at the beginning of a line name a speaker.

A line may carry a label in several layouts (``Name: text``, ``Name (00:00:03):``, ``Name  0:03``,
``00:00:03 Name``, a bold name, ``Q. text``).  `find` names the candidate, `accept` decides over
the whole transcript: a label that recurs or is a role is believed, one that stands once in running
text, or is a metadata key, a date or an everyday word, is not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from study.transcripts.records import Line
from study.transcripts.roles import asks, is_unknown, key
from study.transcripts.vocabulary import ABBREVIATIONS, EVERYDAY, METADATA, PARTICLES

Kind = Literal["known", "colon", "header", "alone", "letter", "tab"]

STAMP = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3})?"
_NEAR = 120
"""Characters within which a label ends; keeps the search linear on any line."""

_BRACKETED = rf"(?:[\[(<]\s*{STAMP}\s*[\])>])"
_STAMPED = rf"(?:{_BRACKETED}|{STAMP})"
_NAME = r"[^\W_][^:\n\[\]<>\t]{0,58}?"
_COLON = re.compile(
    rf"(?:(?P<before>{_STAMPED})[\s\-\u2013|]*)?(?P<label>{_NAME})"
    rf"\s*(?P<after>{_BRACKETED})?\s*:(?![\d/\\])\s*(?P<inside>{_BRACKETED}(?=\s|$))?"
)
_STAMP_LAST = re.compile(
    rf"(?P<label>{_NAME})\s*[\-\u2013|,]?\s+(?P<stamp>{_STAMPED})\s*:?|"
    rf"(?P<close>{_NAME})(?P<tight>{_BRACKETED})\s*:?"
)
_STAMP_FIRST = re.compile(rf"(?P<stamp>{_STAMPED})[\s\-\u2013|]*(?P<label>{_NAME}):?")
_LETTER = re.compile(r"(?P<label>[QA])\.\s+(?=\S)")
_TAB = re.compile(r"(?P<label>[^\W_][^\t:\[\]<>]{0,30}?)[ ]*\t\s*(?=\S)")
_ROLE = re.compile(
    r"(?:interviewees?|participants?|respondents?|informants?|speakers?|subject|patient|client"
    r"|teacher|student|therapist|host|guest|resp|ip|fg|voice|narrator|male|female|man|woman)"
    r"(?:\s*(?:speaker|voice))?"
    r"(?:[\s#.\-]*(?:\d{1,3}[a-z]?|[a-z]))?(?:\s*\(.{1,40}\))?",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z]{1,4}[-_.]?\d{1,3}[a-z]?|[A-Z]")
_NO_NAME = '\u201c\u201d"?!;/='
_SHORT_ROLE = re.compile(r"(?:[A-Z]{1,3}|[A-Z]{1,4}\d{1,3})")
_DATE = re.compile(
    r"\d{1,4}[-/.](?:\d{1,2}|[A-Za-z]{3,9})[-/.]\d{2,4}|\b(?:19|20)\d\d\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A label that may name a speaker: `text` is what the line says after it, time in seconds."""

    label: str
    text: str
    kind: Kind
    time: float | None = None
    bold: bool = False


def seconds(stamp: str) -> float | None:
    """Return a time written `h:mm:ss.fff` or `mm:ss` in seconds, None where it is no time."""
    digits = stamp.strip("[]()<> \t").replace(",", ".")
    try:
        parts = [float(part) for part in digits.split(":")]
    except ValueError:
        return None
    if not 2 <= len(parts) <= 3 or any(part >= 60 for part in parts[1:]):
        return None
    hours, minutes, rest = [0.0, *parts][-3:]
    return hours * 3600 + minutes * 60 + rest


def find(line: Line) -> Found | None:
    """Return the label that a line may begin with."""
    text = line.text
    if line.speaker:
        return Found(line.speaker, text, "known", line.time)
    if not text or not (text[0].isalnum() or text[0] in "[(<"):
        return None
    return (
        _stamped_header(text)
        or _colon(line)
        or _letter(text)
        or _tabbed(text)
        or _alone(line)
        or _bold(line)
    )


def accept(candidates: Sequence[Found | None]) -> frozenset[str]:
    """Return the keys (`roles.key`) of the labels that are believed to name speakers."""
    found = [one for one in candidates if one and (one.kind == "known" or is_name(one.label))]
    counts = Counter(key(one.label) for one in found)
    sure = {key(one.label) for one in found if _believed(one, counts[key(one.label)])}
    marked = sum(key(one.label) in sure for one in found)
    dense = marked >= 0.75 * len(candidates) or marked < 5
    firsts = {label.split()[0] for label in sure}
    kinds = Counter(one.kind for one in found if key(one.label) in sure)
    usual = kinds.most_common(1)[0][0] if kinds else None
    rare = {
        key(one.label)
        for one in found
        if one.kind == (usual or one.kind)
        and _plausible_once(one)
        and (dense or one.kind == "header" or _is_full_name(one.label, firsts))
    }
    return frozenset(sure | rare)


def is_role(label: str) -> bool:
    """Tell whether a label is a role, a letter or a participant's number rather than a name."""
    shapes = (_ROLE.fullmatch(label), _CODE.fullmatch(label))
    return any(shapes) or asks(label) or is_unknown(label)


def is_name(label: str) -> bool:
    """Tell whether words have the shape of a name or role, whoever bears it."""
    plain, bare = key(label), re.sub(r"\(.*?\)", " ", label)
    if not plain or _DATE.search(label) or any(mark in bare for mark in _NO_NAME):
        return is_unknown(label) and bool(label.strip())
    if is_role(label):
        return True
    words = bare.split()
    if not 1 <= len(words) <= 6 or is_metadata(label) or plain.split()[0] in EVERYDAY:
        return False
    return any(map(str.isalpha, label)) and not any(map(_ends_sentence, words))


def is_metadata(label: str) -> bool:
    """Tell whether words are a key of a header (`Date`, `Section 2`)."""
    return re.sub(r"[\s\d.]+$", "", key(label)) in METADATA


def is_capitalised(label: str) -> bool:
    """Tell whether every word of a label, particles aside, begins with a capital or has no case."""
    words = re.sub(r"\(.*?\)", " ", label).split()
    return any(not word.islower() for word in words) and all(map(_is_name_part, words))


def _believed(found: Found, count: int) -> bool:
    role = is_role(found.label)
    if found.kind == "known":
        return True
    if found.kind == "letter":
        return count >= 2
    if found.kind == "tab":
        return count >= 2 and (role or _SHORT_ROLE.fullmatch(found.label) is not None)
    if found.kind == "alone" and not found.bold:
        return role and len(found.label) > 2
    if role:
        return True
    return _recurs(found, count)


def _recurs(found: Found, count: int) -> bool:
    """Tell whether a label recurs often enough for its shape: capitals, one word, or several."""
    if is_capitalised(found.label):
        return count >= 2
    plain = " " in found.label and found.time is None
    return count >= (5 if plain else 3)


def _plausible_once(found: Found) -> bool:
    """Tell whether a label that stands once in the whole transcript may still be a name."""
    if found.kind not in ("colon", "header") and not found.bold:
        return False
    return is_capitalised(found.label) and len(found.label.split()) <= 4


def _ends_sentence(word: str) -> bool:
    return word.endswith(".") and len(word) > 3 and key(word) not in ABBREVIATIONS


def _is_full_name(label: str, firsts: set[str]) -> bool:
    """Tell whether a label gives the full name of a speaker who is else called by the first."""
    words = key(label).split()
    return 1 < len(words) <= 4 and words[0] in firsts


def _is_name_part(word: str) -> bool:
    first = next((character for character in word if character.isalnum()), "")
    return not first.islower() or word.casefold() in PARTICLES


def _stamped_header(text: str) -> Found | None:
    for pattern in (_STAMP_LAST, _STAMP_FIRST):
        match = pattern.fullmatch(text) if len(text) <= _NEAR else None
        if match:
            groups = match.groupdict()
            stamp = groups["stamp"] or groups.get("tight") or ""
            label = (groups["label"] or groups.get("close") or "").strip()
            if seconds(stamp) is not None and is_name(label):
                return Found(label, "", "header", seconds(stamp))
    return None


def _colon(line: Line) -> Found | None:
    match = _COLON.match(line.text[:_NEAR])
    if match is None:
        return None
    stamps = (match["before"], match["after"], match["inside"])
    time = next((seconds(stamp) for stamp in stamps if stamp), None)
    bold = line.bold >= match.end("label")
    return Found(match["label"].strip(), line.text[match.end() :].strip(), "colon", time, bold)


def _letter(text: str) -> Found | None:
    match = _LETTER.match(text)
    return Found(match["label"], text[match.end() :], "letter") if match else None


def _tabbed(text: str) -> Found | None:
    match = _TAB.match(text)
    return Found(match["label"].strip(), text[match.end() :], "tab") if match else None


def _alone(line: Line) -> Found | None:
    bold = line.bold >= len(line.text) or line.heading
    if len(line.text.split()) > 5 or not is_name(line.text):
        return None
    return Found(line.text, "", "alone", bold=bold) if bold or is_role(line.text) else None


def _bold(line: Line) -> Found | None:
    """Find a bold name before plain talk, without any sign between them."""
    label, text = line.text[: line.bold].strip(), line.text[line.bold :].strip()
    if not label or not text or not is_name(label) or len(label) > 40:
        return None
    return Found(label, text, "alone", bold=True)
