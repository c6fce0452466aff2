"""What recognition services deliver as .json: the same talk from each, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from study.errors import UnreadableTranscriptError
from study.transcripts import Received, receive

FIXTURES = Path(__file__).parent / "fixtures"
ASKED = "Composed for demonstration, not data. So, how did you come to this work?"
TOLD = "Um, by accident, mostly. One thing led to another."
SERVICES = {
    "whisperx.json": ("SPEAKER_00", "SPEAKER_01"),
    "aws.json": ("spk_0", "spk_1"),
    "aws-segments.json": ("spk_0", "spk_1"),
    "deepgram-words.json": ("Speaker 0", "Speaker 1"),
    "deepgram-paragraphs.json": ("Speaker 0", "Speaker 1"),
    "deepgram-utterances.json": ("Speaker 0", "Speaker 1"),
    "assemblyai.json": ("Speaker A", "Speaker B"),
    "rev.json": ("Mira Osei", "Dana Whitlock"),
    "turns.json": ("Interviewer", "Dana"),
}


def received(tmp_path: Path, root: Any) -> Received:
    """Receive what a service might deliver."""
    path = tmp_path / "P01.json"
    path.write_text(json.dumps(root), encoding="utf-8")
    return receive(path)


def turns(got: Received) -> list[tuple[str, str]]:
    """Return speaker and words of every turn."""
    return [(turn.speaker, got.source.quote(turn.selection)) for turn in got.source.turns]


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_gives_the_same_talk(name: str) -> None:
    asks, tells = SERVICES[name]
    got = receive(FIXTURES / name)
    told = TOLD + " I know." if name == "whisperx.json" else TOLD
    assert turns(got) == [(asks, ASKED), (tells, told), (asks, "Mm.")]
    assert got.interviewer == (asks,)


@pytest.mark.parametrize("name", SERVICES)
def test_times_are_kept_to_the_millisecond(name: str) -> None:
    source = receive(FIXTURES / name).source
    assert [turn.start_time for turn in source.turns] == [3.12, 8.01, 15.5]
    assert source.turns[-1].end_time == 15.75


@pytest.mark.parametrize("name", ["whisper.json", "whispercpp.json"])
def test_whisper_names_no_speakers(name: str) -> None:
    got = receive(FIXTURES / name)
    assert turns(got) == [("Unknown speaker", f"{ASKED} {TOLD} Mm.")]
    assert "no speaker labels" in got.warnings[0]
    assert (got.source.turns[0].start_time, got.source.turns[0].end_time) == (3.12, 15.75)


def test_segment_over_a_change_of_speakers_is_cut_at_the_words(tmp_path: Path) -> None:
    words = [
        {"word": "Really?", "start": 1.0, "end": 1.4, "speaker": "SPEAKER_00"},
        {"word": "42"},  # WhisperX can't align numbers: neither time nor speaker
        {"word": "Yes.", "start": 2.0, "end": 2.3, "speaker": "SPEAKER_01"},
    ]
    segment = {"start": 1.0, "end": 2.3, "text": " Really? 42 Yes.", "words": words}
    got = received(tmp_path, {"segments": [segment]})
    assert turns(got) == [("SPEAKER_00", "Really? 42"), ("SPEAKER_01", "Yes.")]


def test_languages_without_spaces_get_none(tmp_path: Path) -> None:
    words = [
        {"word": sign, "start": i, "end": i + 0.5, "speaker": f"SPEAKER_0{i // 3}"}
        for i, sign in enumerate("\u4e3a\u4ec0\u4e48\u56e0\u4e3a")
    ]
    text = "\u4e3a\u4ec0\u4e48\uff1f\u56e0\u4e3a\u3002"
    segment = {"start": 0.0, "end": 5.0, "text": text, "words": words, "speaker": "SPEAKER_00"}
    got = received(tmp_path, {"segments": [segment]})
    assert "".join(said for _, said in turns(got)) == text


def test_words_that_differ_from_the_text_change_nothing(tmp_path: Path) -> None:
    words = [{"word": "Other", "speaker": "A"}, {"word": "words", "speaker": "B"}]
    segment = {"start": 0.0, "end": 1.0, "text": "Said so.", "words": words, "speaker": "Dana"}
    assert turns(received(tmp_path, {"segments": [segment]})) == [("Dana", "Said so.")]


def test_channels_are_speakers_where_nobody_else_is_named(tmp_path: Path) -> None:
    def channel(said: str, start: float) -> dict[str, Any]:
        words = [{"word": said, "punctuated_word": said, "start": start, "end": start + 1}]
        return {"alternatives": [{"transcript": said, "words": words}]}

    root = {"results": {"channels": [channel("Why?", 0.5), channel("Because.", 2.5)]}}
    assert turns(received(tmp_path, root)) == [("Channel 0", "Why?"), ("Channel 1", "Because.")]


def test_aws_without_speakers_is_one_flow(tmp_path: Path) -> None:
    item = {"type": "pronunciation", "start_time": "0.1", "end_time": "0.4"}
    items = [{**item, "alternatives": [{"content": word}]} for word in ("Hello", "you")]
    items.append({"type": "punctuation", "alternatives": [{"content": "."}]})
    got = received(tmp_path, {"results": {"transcripts": [], "items": items}})
    assert turns(got) == [("Unknown speaker", "Hello you.")]


def test_summaries_are_reported_as_dropped(tmp_path: Path) -> None:
    segments = [{"start": 0.0, "end": 1.0, "text": "Hello.", "speaker": "Dana"}]
    summary = "They greeted each other at length."
    got = received(tmp_path, {"segments": segments, "summary": summary, "chapters": [{"a": 1}]})
    assert got.dropped == ("field: summary", "field: chapters")


@pytest.mark.parametrize(
    ("root", "shown"),
    [
        ({"participants": [], "consent": True}, "participants, consent"),
        ([{"name": "Dana", "age": 40}], "name, age"),
        ([1, 2], "none, only a list"),
        ("words", "none, only a str"),
        ({"results": {"items": "none"}}, "results"),
        ({"segments": [{"id": 1}]}, "segments"),
    ],
)
def test_unknown_json_names_the_keys_it_has(tmp_path: Path, root: Any, shown: str) -> None:
    with pytest.raises(UnreadableTranscriptError, match=f"the keys found are: {shown}"):
        received(tmp_path, root)


@pytest.mark.parametrize("text", ["{", '{"segments": [}', "[" * 100_000, "Interviewer: Hello"])
def test_what_is_no_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "P01.json"
    path.write_text(text)
    with pytest.raises(UnreadableTranscriptError, match="cannot be read as JSON"):
        receive(path)


@pytest.mark.parametrize("odd", [None, "x", -1, 1e400, True, [], {}, "0:99", 10**400])
@pytest.mark.parametrize("key", ["start", "end", "speaker", "words"])
def test_odd_values_stop_nothing(tmp_path: Path, key: str, odd: Any) -> None:
    segment = {"start": 0.0, "end": 1.0, "text": "Hello.", "speaker": "Dana", key: odd}
    again = {"start": 2.0, "end": 3.0, "text": "Bye.", "speaker": "Dana"}
    assert received(tmp_path, {"segments": [segment, again]}).source.text.count("Hello.") == 1
