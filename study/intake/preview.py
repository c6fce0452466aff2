"""What an import found, for people to look over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from study import text
from study.intake.importing import Imported
from study.model import Source
from study.transcripts import canonical

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = "file name format encoding speakers turns words times notes outcome".split()


def preview(results: Iterable[Imported]) -> pd.DataFrame:
    """Return one row a file: file, name, format, encoding, speakers, turns, words, times, notes.

    `speakers` lists each with turns and words, the interviewer marked `*`; `times` is the first and
    the last stamp; `notes` the number of warnings; `outcome` what was or would be done, or why not.
    """
    import pandas as pd

    return pd.DataFrame([_row(result) for result in results], columns=COLUMNS)


def _row(result: Imported) -> dict[str, object]:
    row: dict[str, object] = {"file": result.path.name, "name": result.name}
    if result.received is None:
        return row | dict.fromkeys(COLUMNS[2:-1], "") | {"outcome": f"left out: {result.outcome}"}
    source = result.received.source
    return row | {
        "format": result.received.format,
        "encoding": result.received.encoding,
        "speakers": speakers(source),
        "turns": len(source.turns),
        "words": sum(_words(source).values()),
        "times": times(source),
        "notes": len(result.received.warnings),
        "outcome": result.outcome,
    }


def _words(source: Source) -> dict[str, int]:
    counts: dict[str, int] = {}
    for turn in source.turns:
        spoken = len(text.words(source.quote(turn.selection)))
        counts[turn.speaker] = counts.get(turn.speaker, 0) + spoken
    return counts


def speakers(source: Source) -> str:
    """Return the speakers of a transcript with turns and words, the interviewer marked `*`."""
    asks = {turn.speaker for turn in source.turns if turn.role == "interviewer"}
    turns = [turn.speaker for turn in source.turns]
    return ", ".join(
        f"{name}{'*' if name in asks else ''} {turns.count(name)} turns {words} words"
        for name, words in _words(source).items()
    )


def times(source: Source) -> str:
    """Return the first and the last time of a transcript, empty where it has none."""
    stamps = [turn.start_time for turn in source.turns if turn.start_time is not None]
    return f"{canonical.stamp(stamps[0])}-{canonical.stamp(stamps[-1])}" if stamps else ""


def lines(result: Imported) -> Sequence[str]:
    """Return what to tell of one file: what was done, who speaks, and what to look at."""
    received = result.received
    if received is None:
        return [f"{result.path}: left out: {result.outcome}"]
    kind = ", ".join(filter(None, (received.format, received.encoding, times(received.source))))
    return [
        f"{result.path} -> {result.name} ({kind}): {result.outcome}",
        f"    {speakers(received.source)}",
        *(f"    note: {warning}" for warning in received.warnings),
    ]
