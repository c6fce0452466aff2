"""Machine transcripts in .json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from study.errors import UnreadableTranscriptError
from study.transcripts import encodings, rows, services
from study.transcripts.canonical import RawTurn
from study.transcripts.records import Content, guarded
from study.transcripts.roles import UNKNOWN

_SHOWN = 12


def read(path: Path, data: bytes) -> Content:
    """Read what a recognition service delivers; unknown JSON is refused, with the keys it has."""
    decoded = encodings.decode(path, data)
    root = _parsed(path, decoded.text)
    found = services.recognise(root)
    if found is None:
        raise _unknown(path, root)
    service, turns = found
    said = [decoded.warning, *_warnings(turns)]
    dropped = tuple(_dropped(root, service.used))
    blocks = tuple(rows.joined(turns))
    return Content(blocks, (), decoded.encoding, tuple(filter(None, said)), dropped)


def _parsed(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise guarded(path, "JSON", error) from error


def _warnings(turns: Sequence[RawTurn]) -> list[str]:
    labelled = [bool(turn.speaker) for turn in turns if turn.text]
    if not any(labelled):
        return [f"no speaker labels found: all is one turn of '{UNKNOWN}'"]
    missing = labelled.count(False)
    return [f"{missing} segments name no speaker; they are '{UNKNOWN}'"] if missing else []


def _dropped(root: Any, used: Iterable[str]) -> Iterable[str]:
    """Name the fields that hold words or tables and yet no talk: summaries, settings."""
    fields = root.items() if isinstance(root, dict) else ()
    for name, value in fields:
        talks = (
            len(value.split()) > 3 if isinstance(value, str) else isinstance(value, (list, dict))
        )
        if name not in used and talks and value:
            yield f"field: {name}"


def _unknown(path: Path, root: Any) -> UnreadableTranscriptError:
    table = root[0] if isinstance(root, list) and root else root
    keys = [str(key)[:40] for key in table][:_SHOWN] if isinstance(table, dict) else []
    shown = ", ".join(keys) or f"none, only a {type(root).__name__}"
    reason = f"is JSON of no known transcription service; the keys found are: {shown}"
    known = ", ".join(dict.fromkeys(service.name for service in services.SERVICES))
    return UnreadableTranscriptError(path, reason, f"Known are {known}; or export .vtt or .docx.")
