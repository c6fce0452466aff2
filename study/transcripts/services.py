"""What speech recognition services deliver as .json, told apart by the keys they use.

Whisper and WhisperX, whisper.cpp, AWS Transcribe, Deepgram, AssemblyAI, Rev and Temi, and plain
lists of turns.  The shapes are those of the services' own documentation (2025).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from study.transcripts import rows, speakers
from study.transcripts.canonical import RawTurn

Table = Mapping[str, Any]

_TEXT = ("text", "transcript", "body", "utterance", "sentence", "content")
_WORD = ("punctuated_word", "word", "text", "content", "value")
_WHO = ("speaker", "speaker_label", "speaker_name", "speakerName", "speaker_id", "speakerId")
_START = ("start", "start_time", "startTime", "ts", "from", "begin")
_END = ("end", "end_time", "endTime", "end_ts", "to")
_SLOWEST = 20.0
"""Seconds a word: whole numbers that would make speech slower count milliseconds."""


@dataclass(frozen=True, slots=True)
class Service:
    """One shape of JSON: its name, and a function that returns None where it doesn't fit."""

    name: str
    turns: Callable[[Table], list[RawTurn] | None]
    used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word; an empty speaker means that whoever spoke goes on."""

    text: str
    speaker: str = ""
    start: float | None = None
    end: float | None = None


def recognise(root: Any) -> tuple[Service, list[RawTurn]] | None:
    """Return the service that a file comes from and its turns; None where no shape fits."""
    table = root if isinstance(root, dict) else {"": root}
    for service in SERVICES:
        turns = service.turns(table)
        if turns is not None:
            return service, turns
    return None


def _listed(key: str) -> Callable[[Table], list[RawTurn] | None]:
    """Return a reader for a list of turns or segments under one key."""

    def read(root: Table) -> list[RawTurn] | None:
        entries = _tables(root.get(key))
        if not entries or not all(_first(entry, _TEXT, str) is not None for entry in entries):
            return None
        if not any(_who(entry) or _begins(entry) is not None for entry in entries):
            return None
        scale = _scale(entries)
        return [_scaled(turn, scale) for entry in entries for turn in _segment(entry)]

    return read


def _segment(entry: Table) -> list[RawTurn]:
    """Return a segment as one turn, or as several where its words name several speakers."""
    text = str(_first(entry, _TEXT, str) or "").strip()
    whole = RawTurn(_who(entry), text, _begins(entry), _ends(entry))
    words = [_word(one) for one in _tables(entry.get("words"))]
    named = list(dict.fromkeys(word.speaker for word in words if word.speaker))
    if len(named) > 1:
        return divided(text, words, whole.speaker) or [whole]
    return [replace(whole, speaker=whole.speaker or named[0]) if named else whole]


def divided(text: str, words: Sequence[Word], speaker: str = "") -> list[RawTurn]:
    """Cut a text where the speaker of its words changes; nothing where a word isn't in it.

    The text is cut and not put together from the words: it has the spaces and signs that the
    words lack, or, in some languages, must not have.
    """
    cuts: list[tuple[int, Word]] = []
    at = 0
    for word in words:
        plain = word.text.strip()
        found = text.find(plain, at)
        if found < 0 or text[at:found].strip(" \t\r\n.,;:?!\"'()-"):
            return []
        speaker = word.speaker or speaker
        cuts.append((found, replace(word, speaker=speaker)))
        at = found + len(plain)
    return [] if text[at:].strip(" \t\r\n.,;:?!\"'()-") else list(_runs(text, cuts))


def _runs(text: str, cuts: Sequence[tuple[int, Word]]) -> Iterator[RawTurn]:
    begin = 0
    for index, (_, first) in enumerate(cuts):
        if index and first.speaker == cuts[index - 1][1].speaker:
            continue
        last = index
        while last + 1 < len(cuts) and cuts[last + 1][1].speaker == first.speaker:
            last += 1
        end = cuts[last + 1][0] if last + 1 < len(cuts) else len(text)
        times = [word for _, word in cuts[index : last + 1] if word.start is not None]
        start, stop = (times[0].start, times[-1].end) if times else (None, None)
        yield RawTurn(first.speaker, text[begin:end].strip(), start, stop)
        begin = end


def _spaced(words: Sequence[Word], glued: Sequence[bool]) -> list[RawTurn]:
    """Put words together to turns, with spaces except before those that are glued on."""
    turns: list[RawTurn] = []
    parts: list[str] = []
    speaker = ""
    for word, close in zip(words, glued, strict=True):
        who = speaker if close and turns else word.speaker or speaker
        if turns and who == speaker:
            parts.append(("" if close else " ") + word.text)
            turns[-1] = replace(turns[-1], end_time=word.end or turns[-1].end_time)
        else:
            turns[-1:] = [replace(turn, text="".join(parts)) for turn in turns[-1:]]
            turns.append(RawTurn(who, "", word.start, word.end))
            parts, speaker = [word.text], who
    return [*turns[:-1], *(replace(turn, text="".join(parts)) for turn in turns[-1:])]


def _aws(root: Table) -> list[RawTurn] | None:
    """Read AWS Transcribe: audio segments, or items with labels of speakers or channels."""
    results = _table(root.get("results"))
    items = _tables(results.get("items"))
    segments = _tables(results.get("audio_segments"))
    if segments and all(_who(one) for one in segments):
        return _listed("audio_segments")(results)
    if not items or not any(_tables(item.get("alternatives")) for item in items):
        return _listed("audio_segments")(results) if segments else None
    labels = _aws_labels(results)
    words = [_aws_word(item, labels) for item in items]
    whole = " ".join(_said(results.get("transcripts")))
    glued = [item.get("type") == "punctuation" for item in items]
    return divided(whole, words) or _spaced(words, glued)


def _aws_labels(results: Table) -> dict[str, str]:
    """Return the speaker of each word by its start, or its channel where those were divided."""
    found: dict[str, str] = {}
    for segment in _tables(_table(results.get("speaker_labels")).get("segments")):
        for item in [segment, *_tables(segment.get("items"))]:
            found[str(item.get("start_time"))] = _who(item) or _who(segment)
    for channel in _tables(_table(results.get("channel_labels")).get("channels")):
        for item in _tables(channel.get("items")):
            found.setdefault(str(item.get("start_time")), _name(channel.get("channel_label")))
    return found


def _aws_word(item: Table, labels: Mapping[str, str]) -> Word:
    content = next((str(one.get("content") or "") for one in _tables(item.get("alternatives"))), "")
    if item.get("type") == "punctuation":
        return Word(content)
    speaker = _who(item) or labels.get(str(item.get("start_time")), "")
    return Word(content, speaker, _begins(item), _ends(item))


def _deepgram(root: Table) -> list[RawTurn] | None:
    """Read Deepgram: utterances, else paragraphs, else words, of every channel."""
    results = _table(root.get("results"))
    spoken = _listed("utterances")(results)
    if spoken:
        return spoken
    channels = _tables(results.get("channels"))
    heard = [next(iter(_tables(one.get("alternatives"))), {}) for one in channels]
    if not any("transcript" in one for one in heard):
        return None
    turns = [
        turn if turn.speaker or len(heard) < 2 else replace(turn, speaker=f"Channel {number}")
        for number, one in enumerate(heard)
        for turn in _deepgram_channel(one)
    ]
    return sorted(turns, key=lambda turn: turn.start_time or 0.0) if len(heard) > 1 else turns


def _deepgram_channel(heard: Table) -> list[RawTurn]:
    paragraphs = _tables(_table(heard.get("paragraphs")).get("paragraphs"))
    turns = [
        RawTurn(_who(one), " ".join(_said(one.get("sentences"))), _begins(one), _ends(one))
        for one in paragraphs
    ]
    if any(turn.text for turn in turns):
        return rows.joined(turns, "\n")
    text = str(heard.get("transcript") or "").strip()
    words = [_word(one) for one in _tables(heard.get("words"))]
    bare = [replace(word, text=word.text.strip()) for word in words]
    joined = divided(text, bare) or _spaced(bare, [False] * len(bare))
    return joined or [RawTurn("", text)]


def _assembly(root: Table) -> list[RawTurn] | None:
    """Read AssemblyAI: utterances, else words with speakers; all times are milliseconds."""
    spoken = _listed("utterances")(root)
    if spoken or "words" not in root or not isinstance(root.get("text"), str):
        return spoken
    entries = _tables(root["words"])
    if not entries or not all(isinstance(one.get("text"), str) for one in entries):
        return None
    words = [_word(one) for one in entries]
    scale = _scale(entries)
    found = divided(str(root["text"]), words) or _spaced(words, [False] * len(words))
    return [_scaled(turn, scale) for turn in found]


def _rev(root: Table) -> list[RawTurn] | None:
    """Read Rev and Temi: monologues of elements, the spaces among them."""
    monologues = _tables(root.get("monologues"))
    if not monologues or not any(_tables(one.get("elements")) for one in monologues):
        return None
    names = {
        str(one.get("id")): str(one.get("name") or "") for one in _tables(root.get("speakers"))
    }
    return [_monologue(one, names) for one in monologues]


def _monologue(one: Table, names: Mapping[str, str]) -> RawTurn:
    elements = _tables(one.get("elements"))
    values = [str(element.get("value") or "") for element in elements]
    apart = any(value.isspace() or value != value.rstrip() for value in values)
    text = "".join(
        value if apart or element.get("type") == "punct" else f" {value}"
        for value, element in zip(values, elements, strict=True)
    )
    timed = [element for element in elements if _begins(element) is not None]
    start, end = (_begins(timed[0]), _ends(timed[-1])) if timed else (None, None)
    speaker = names.get(str(one.get("speaker"))) or _who(one)
    return RawTurn(speaker, " ".join(text.split()), start, end)


def _whisper_cpp(root: Table) -> list[RawTurn] | None:
    """Read whisper.cpp: a list of texts with offsets in milliseconds."""
    entries = _tables(root.get("transcription"))
    if not entries or not all("offsets" in one and "text" in one for one in entries):
        return None
    turns = []
    for one in entries:
        start, end = (_number(_table(one["offsets"]).get(key)) for key in ("from", "to"))
        turn = RawTurn(_who(one), str(one["text"] or "").strip(), start, end)
        turns.append(_scaled(turn, 0.001))
    return turns


def _plain_text(root: Table) -> list[RawTurn] | None:
    """Read Whisper without segments: a text and its language, nothing else that talks."""
    text = root.get("text")
    alone = isinstance(text, str) and "language" in root and not root.get("segments")
    return [RawTurn("", str(text).strip())] if alone else None


SERVICES = (
    Service("AWS Transcribe", _aws, ("results",)),
    Service("Deepgram", _deepgram, ("results",)),
    Service("AssemblyAI", _assembly, ("utterances", "words", "text")),
    Service("Rev", _rev, ("monologues", "speakers")),
    Service("whisper.cpp", _whisper_cpp, ("transcription",)),
    Service("Whisper", _listed("segments"), ("segments", "word_segments", "text")),
    Service("Whisper", _plain_text, ("text", "segments")),
    Service("list of turns", _listed("turns"), ("turns",)),
    Service("list of turns", _listed("transcript"), ("transcript",)),
    Service("list of turns", _listed(""), ("",)),
)


def _word(entry: Table) -> Word:
    text = _first(entry, _WORD, str)
    return Word(str(text or "").strip(), _who(entry), _begins(entry), _ends(entry))


def _said(entries: Any) -> list[str]:
    return [str(_first(one, _TEXT, str) or "").strip() for one in _tables(entries)]


def _who(entry: Table) -> str:
    return next((name for key in _WHO if (name := _name(entry.get(key)))), "")


def _name(speaker: Any) -> str:
    """Return a speaker as a label: `A` and `0` would be read as something else than a speaker."""
    if isinstance(speaker, dict):
        return _name(speaker.get("name") or speaker.get("id"))
    if isinstance(speaker, bool) or not isinstance(speaker, (str, int, float)):
        return ""
    plain = " ".join(str(speaker).split())
    return f"Speaker {plain}" if len(plain) == 1 or plain.isdigit() else plain


def _begins(entry: Table) -> float | None:
    return next((time for key in _START if (time := _number(entry.get(key))) is not None), None)


def _ends(entry: Table) -> float | None:
    return next((time for key in _END if (time := _number(entry.get(key))) is not None), None)


def _number(value: Any) -> float | None:
    """Return a time as a number, also from `"4.87"`, `"1.3s"` and `"00:00:03,120"`."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    if isinstance(value, str) and ":" in value:
        return speakers.seconds(value[:20])
    try:
        number = float(value.rstrip("s") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number < 1e12 else None


def _scale(entries: Iterable[Table]) -> float:
    """Return seconds per unit: 0.001 where whole numbers would make the talk too slow."""
    timed = [(_begins(one), _ends(one), one) for one in entries]
    spans = [(start, end, one) for start, end, one in timed if start is not None and end]
    whole = all(
        isinstance(one.get(key), int) for _, _, one in spans for key in _START if key in one
    )
    lasting = sum(max(0.0, end - start) for start, end, _ in spans)
    words = sum(len(str(_first(one, _TEXT, str) or "").split()) for _, _, one in spans)
    return 0.001 if whole and spans and lasting > _SLOWEST * max(1, words) else 1.0


def _scaled(turn: RawTurn, scale: float) -> RawTurn:
    if scale == 1.0:
        return turn
    start, end = (None if t is None else t * scale for t in (turn.start_time, turn.end_time))
    return replace(turn, start_time=start, end_time=end)


def _first(entry: Table, keys: Iterable[str], kind: type) -> Any:
    return next((entry[key] for key in keys if isinstance(entry.get(key), kind)), None)


def _table(value: Any) -> Table:
    return value if isinstance(value, dict) else {}


def _tables(value: Any) -> list[Table]:
    """Return the entries of a list that are tables; nothing where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
