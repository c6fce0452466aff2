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
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal, cast

from study.transcripts import languages
from study.transcripts.records import Line
from study.transcripts.roles import answers, asks, is_unknown, key, paired
from study.transcripts.vocabulary import ABBREVIATIONS, EVERYDAY, METADATA, PARTICLES, SOUNDS

Kind = Literal["known", "colon", "header", "alone", "letter", "tab", "dash", "bracket", "bare"]
WEAK = ("dash", "bracket", "bare")
"""Layouts that running text has, too: believed only where they mark the turns throughout."""

STAMP = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3})?"
_NEAR = 120
"""Characters within which a label ends; keeps the search linear on any line."""

_BRACKETED = rf"(?:[\[(<]\s*{STAMP}\s*[\])>])"
_STAMPED = rf"(?:{_BRACKETED}|{STAMP})"
_NAME = r"[^\W_][^:\uff1a\n\[\]<>\t]{0,58}?"
_COLON = re.compile(
    rf"(?:(?P<before>{_STAMPED})[\s\-\u2013|]*)?(?P<label>{_NAME})"
    rf"\s*(?P<after>{_BRACKETED})?\s*(?::(?![\d/\\])|\uff1a)\s*(?P<inside>{_BRACKETED}(?=\s|$))?"
)
_GENDER = re.compile(r"(?<=[a-z\u00df]):(?=(?:in|innen|r|n|e)\s*(?:\d{1,2}\s*)?[:\uff1a\[(])")
_MARKS = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Signs without width: they set the direction of writing, and belong to no name."""
_STAMP_LAST = re.compile(
    rf"(?P<label>{_NAME})\s*[\-\u2013|,]?\s+(?P<stamp>{_STAMPED})\s*:?|"
    rf"(?P<close>{_NAME})(?P<tight>{_BRACKETED})\s*:?|"
    rf"\[(?P<boxed>{_NAME})\]\s*(?P<clock>{_STAMPED})"
)
_STAMP_FIRST = re.compile(rf"(?P<stamp>{_STAMPED})[\s\-\u2013|]*(?P<label>{_NAME}):?")
_LETTER = re.compile(r"(?P<label>[QA])\.\s+(?=\S)")
_TAB = re.compile(r"(?P<label>[^\W_][^\t:\[\]<>]{0,30}?)[ ]*\t\s*(?=\S)")
_DASH = re.compile(rf"(?P<label>{_NAME})\s*(?:\s-|[\u2013\u2014])\s+(?=\S)")
_BRACKET = re.compile(rf"(?:\[(?P<label>{_NAME})\]|<(?P<angle>{_NAME})>):?\s+(?=\S)")
_ROLE = re.compile(
    r"(?:interviewees?|participants?|respondents?|informants?|speakers?|subject|patient|client"
    r"|teacher|student|therapist|host|guest|resp|ip|fg|voice|narrator|male|female|man|woman)"
    r"(?:\s*(?:speaker|voice))?"
    r"(?:[\s#.\-]*(?:\d{1,3}[a-z]?|[a-z]))?(?:\s*\(.{1,40}\))?",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z]{1,4}[-_.]?\d{1,3}[a-z]?|[A-Z]|I[EV]|(?:SPEAKER|spk)_\d{1,2}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.){1,4}")
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
    gap: bool = False


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
    if line.speaker:
        return Found(line.speaker, line.text, "known", line.time)
    line = _unmarked(line)
    text = line.text
    if not text or not (text[0].isalnum() or text[0] in "[(<"):
        return None
    return (
        _stamped_header(text)
        or _colon(line)
        or _letter(text)
        or _tabbed(text)
        or _alone(line)
        or _bold(line)
        or _weak(text)
    )


def believe(candidates: Sequence[Found | None]) -> list[Found | None]:
    """Return those candidates that name speakers, None for the others."""
    strong = [one if one and one.kind not in WEAK else None for one in candidates]
    labels = accept(strong)
    if not labels:
        strong = _throughout(candidates)
        labels = frozenset(key(one.label) for one in strong if one)
    return [one if one and key(one.label) in labels else None for one in strong]


def accept(candidates: Sequence[Found | None]) -> frozenset[str]:
    """Return the keys (`roles.key`) of the labels that are believed to name speakers."""
    counts = Counter(key(one.label) for one in candidates if one)
    pair = {key(label) for label in paired(one for one in counts if counts[one] > 1)}
    pair |= {languages.PAIRS[one] for one in pair}
    found = [one for one in candidates if one and _may_name(one, pair)]
    sure = {key(one.label) for one in found if _believed(one, counts[key(one.label)])} | pair
    marked = [one for one in found if key(one.label) in sure]
    before = next((i for i, one in enumerate(candidates) if one and key(one.label) in sure), 0)
    dense = len(marked) >= 0.75 * (len(candidates) - before) or len(marked) < 5
    firsts = {label.split()[0] for label in sure}
    usual = Counter(one.kind for one in marked).most_common(1)
    apart = sum(one.gap for one in marked[1:]) > 0.9 * len(marked[1:]) > 0
    rare = {
        key(one.label)
        for one in found
        if one.kind == (usual[0][0] if usual else one.kind)
        and _plausible_once(one)
        and (one.gap or not apart)
        and (dense or one.kind == "header" or _is_full_name(one.label, firsts))
    }
    return frozenset(sure | rare)


def _may_name(found: Found, pair: set[str]) -> bool:
    return found.kind == "known" or is_name(found.label) or key(found.label) in pair


def _throughout(candidates: Sequence[Found | None]) -> list[Found | None]:
    """Return weak candidates of the one layout that marks the turns throughout, if one does."""
    for kind in WEAK:
        found = [one if one and one.kind == kind else None for one in candidates]
        counts = Counter(key(one.label) for one in found if one)
        kept = [one if one and counts[key(one.label)] > 1 else None for one in found]
        names = {key(one.label) for one in kept if one}
        share = sum(one is not None for one in kept) / max(1, len(kept))
        close = any(above and below for above, below in pairwise(kept))
        if len(names) > 1 and share >= (0.3 if kind == "bare" else 0.5):
            if kind != "bare" or not close:
                return kept
    return []


@lru_cache(maxsize=512)
def is_role(label: str) -> bool:
    """Tell whether a label is a role, a letter or a participant's number rather than a name."""
    shapes = (_ROLE.fullmatch(label), _CODE.fullmatch(label))
    return any(shapes) or asks(label) or answers(label) or is_unknown(label)


@lru_cache(maxsize=512)
def is_name(label: str) -> bool:
    """Tell whether words have the shape of a name or role, whoever bears it."""
    plain, bare = key(label), re.sub(r"\(.*?\)", " ", label)
    if not plain or _DATE.search(label) or any(mark in bare for mark in _NO_NAME):
        return is_unknown(label) and bool(label.strip())
    if is_role(label):
        return True
    words = bare.split()
    if not 1 <= len(words) <= 6 or is_metadata(label) or _is_everyday(plain):
        return False
    return any(map(str.isalpha, label)) and not any(map(_ends_sentence, words))


def _is_everyday(plain: str) -> bool:
    first = plain.split()[0]
    return first in EVERYDAY or first in languages.EVERYDAY


def is_metadata(label: str) -> bool:
    """Tell whether words are a key of a header (`Date`, `Section 2`)."""
    return re.sub(r"[\s\d.]+$", "", key(label)) in METADATA


@lru_cache(maxsize=512)
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
    cased = found.label.upper() != found.label.lower()  # else any word looks capitalised
    return cased and is_capitalised(found.label) and len(found.label.split()) <= 4


def _ends_sentence(word: str) -> bool:
    short = len(word) <= 3 or key(word) in ABBREVIATIONS or _INITIALS.fullmatch(word)
    return word.endswith(".") and not short


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
            stamp = groups["stamp"] or groups.get("tight") or groups.get("clock") or ""
            label = groups["label"] or groups.get("close") or groups.get("boxed") or ""
            label = label.strip(f" {_MARKS}")
            if seconds(stamp) is not None and is_name(label):
                return Found(label, "", "header", seconds(stamp))
    return None


def _colon(line: Line) -> Found | None:
    match = _COLON.match(_GENDER.sub("*", line.text[:_NEAR]))
    if match is None:
        return None
    stamps = (match["before"], match["after"], match["inside"])
    time = next((seconds(stamp) for stamp in stamps if stamp), None)
    bold = line.bold >= match.end("label")
    label = match["label"].strip(f" {_MARKS}")
    return Found(label, line.text[match.end() :].strip(), "colon", time, bold, line.gap)


def _unmarked(line: Line) -> Line:
    """Take off signs without width before a name."""
    if line.text[:1] not in _MARKS or not line.text:
        return line
    text = line.text.lstrip(f" {_MARKS}")
    return replace(line, text=text, bold=max(0, line.bold - len(line.text) + len(text)))


def _weak(text: str) -> Found | None:
    """Find a name before a dash, in brackets, or alone in plain type."""
    near = text[:_NEAR]
    for kind, match in (("dash", _DASH.match(near)), ("bracket", _BRACKET.match(near))):
        if match:
            label = (match["label"] or match.groupdict().get("angle") or "").strip()
            short = len(label.split()) <= 4 and is_name(label) and not SOUNDS.fullmatch(label)
            if short and (is_role(label) or is_capitalised(label)):
                return Found(label, text[match.end() :], cast(Kind, kind))
    bare = len(near.split()) <= 4 and text[-1].isalnum() and is_name(text)
    return Found(text, "", "bare") if bare and is_capitalised(text) else None


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
