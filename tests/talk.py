"""Rows of the table of turns, for tests that need no study."""

from __future__ import annotations


def turn(source, line, start, role, text, group, *, quotable=True):
    """Return one turn; of an unknown role it counts as heard (`tables.turns` decides by source)."""
    return {
        "source": source,
        "line": line,
        "start": start,
        "end": start + len(text),
        "speaker": role,
        "role": role,
        "heard": role != "interviewer",
        "quotable": quotable,
        "participant": source,
        "group": group,
        "start_time": None,
        "end_time": None,
        "words": len(text.split()),
        "text": text,
    }


COLUMNS = list(turn("", 0, 0, "", "", ""))
