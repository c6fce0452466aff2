"""Pseudonyms: another label for a participant, nothing else changed."""

from __future__ import annotations

import re
from dataclasses import replace

from study.errors import NotPossibleError
from study.model import Source, Turn
from study.transcripts import canonical
from study.transcripts.receiving import Received


def relabel(received: Received, pseudonym: str) -> Received:
    """Write a pseudonym for the label of the only participant; names inside the words stay.

    Raises
    ------
    NotPossibleError
        The transcript has no participant, or several.
    """
    turns = received.source.turns
    people = sorted({turn.speaker for turn in turns if turn.role == "participant"})
    if len(people) != 1:
        count = f"{len(people)} participants ({', '.join(people)})" if people else "no participant"
        raise NotPossibleError(f"a pseudonym needs one participant, but there is {count}")
    block = re.compile(rf"(?m)(?:\A|(?<=\n\n)){re.escape(people[0])}(?=(?: \[[\d:]+\])?: )")
    source = _parsed(received.source, block.sub(canonical.label(pseudonym), received.source.text))
    left = _left_inside(source, people[0])
    note = f"names still stand inside the words, and there stay: {', '.join(left)}"
    warnings = (*received.warnings, note) if left else received.warnings
    return replace(received, source=source, warnings=warnings)


def _left_inside(source: Source, label: str) -> list[str]:
    """Return the names of a label that somebody also says, with how many turns do."""
    spoken = [source.quote(turn.selection) for turn in source.turns]
    names = dict.fromkeys(re.findall(r"\b[^\W\d_a-z][^\W\d_]{2,}", label))
    counts = {name: sum(bool(re.search(rf"\b{name}\b", text)) for text in spoken) for name in names}
    return [f"{name} ({count} turns)" for name, count in counts.items() if count]


def _parsed(before: Source, text: str) -> Source:
    """Read the relabelled text, keeping roles and the milliseconds of times."""
    after = canonical.parse(before.name, text)
    turns: list[Turn] = [
        replace(turn, selection=new.selection, speaker=new.speaker)
        for turn, new in zip(before.turns, after.turns, strict=True)
    ]
    return replace(after, turns=tuple(turns))
