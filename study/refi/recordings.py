"""Recordings with their transcript and the times of its turns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from study.errors import NotPossibleError
from study.model import Source
from study.refi import guids
from study.refi.xml import Element, Maker

AUDIO = (".mp3", ".m4a", ".wav", ".ogg", ".flac", ".aac", ".wma")
VIDEO = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v")
LARGEST = 2**31 - 1
"""Bytes that the standard allows a file in the archive."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of one transcript."""

    source: Source
    path: Path

    @property
    def tag(self) -> str:
        """The element that it becomes."""
        return "VideoSource" if self.path.suffix.lower() in VIDEO else "AudioSource"


def add(maker: Maker, sources: Element, recording: Recording, text: str) -> dict[str, Path]:
    """Add a recording whose transcript is a text of the archive; return the file for the archive.

    A text source has no times in REFI-QDA: they hang on the transcript of a recording.
    """
    source, path = recording.source, recording.path
    if path.stat().st_size > LARGEST:
        raise NotPossibleError(f"{path} has more than 2 GB, which REFI-QDA does not allow inside")
    guid = guids.of("recording", source.name)
    file = f"{guid}{path.suffix.lower()}"
    media = maker.add(sources, recording.tag, guid=guid, name=path.name, path=f"internal://{file}")
    transcript = maker.add(
        media,
        "Transcript",
        guid=guids.of("transcript", source.name),
        name=source.name,
        plainTextPath=f"internal://{text}",
        creationDateTime="1980-01-01T00:00:00Z",  # QualCoder's reader fails without one
    )
    for turn in source.turns:
        if turn.start_time is not None:
            start = turn.selection.start
            maker.add(
                transcript,
                "SyncPoint",
                guid=guids.of("time", source.name, str(start)),
                timeStamp=str(round(turn.start_time * 1000)),
                position=str(start),
            )
    return {file: path}
