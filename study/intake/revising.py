"""A corrected transcript: its codings follow their words to where these now stand.

The old text is kept in `interviews/revisions/`, each coder's log gets a `remove` and an `add` row
for every coding that moved, and only then is the transcript replaced.  Interrupted anywhere, the
same command finishes the work.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from glob import escape
from pathlib import Path

from study import codings, imports, project, transcripts
from study.codings import Action, Entry
from study.errors import NotPossibleError
from study.files import suggest, write_atomic
from study.intake.origin import Known, Ledger, Request, keep, record
from study.model import Coding, Selection, Source

# A passage has been lost when less than this share of its words is left.
KEPT = 0.5
TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Moved:
    """One coding and the passage it has now; `after` is None where its words are gone.

    `action` is `add` for a coding and `decline` for what the coder decided against.
    """

    before: Coding
    after: Selection | None
    words: str
    action: Action = "add"


@dataclass(frozen=True, slots=True)
class Revision:
    """What a revision does: the two versions, and every coding, placed or lost.

    `declined` are the proposals that coders decided against, which go the same way.
    """

    source: str
    old_version: str
    new_version: str
    moved: tuple[Moved, ...]
    warnings: tuple[str, ...] = ()
    declined: tuple[Moved, ...] = ()

    @property
    def lost(self) -> tuple[Moved, ...]:
        """Codings whose words are no longer in the transcript."""
        return tuple(one for one in self.moved if one.after is None)


def revise(
    folder: Path | str,
    source: str,
    path: Path | str | None = None,
    *,
    interviewers: Sequence[str] = (),
    dry_run: bool = False,
) -> Revision:
    """Replace a transcript by a corrected one and take its codings along.

    Parameters
    ----------
    folder
        The study.
    source
        Name of the transcript.
    path
        The corrected file, in any format that can be imported.  Without one, the transcript stays
        and codings made on an earlier version of it (by a coder who had not seen the correction
        yet) are brought to the present one.
    interviewers
        Labels of those who ask the questions, where the file does not say so.
    dry_run
        Say what would happen; write nothing.

    Raises
    ------
    NotPossibleError
        There is no such transcript, nothing would change, or codings are on a version whose text
        is not kept.
    UnreadableTranscriptError
        The corrected file cannot be read.
    """
    root = project.require_study(Path(folder))
    known = Known.of(root)
    old = _current(root, source, known)
    received = _request(old, Path(path), interviewers, known).read() if path else None
    new = received.source if received else old
    texts = _versions(root, old)
    logs = sorted(root.glob(f"codebooks/*/codings/*/{escape(source)}.csv"))
    moved = {log: _moves(log, texts, new) for log in logs}
    if new.text == old.text and not any(moved.values()):
        raise NotPossibleError(f"{path or source} has the words that {source} has: nothing to do")
    if not dry_run:
        _write(root, old, new, moved)
    if received and path and not dry_run:
        Ledger(root, {source: record(keep(root, Path(path), source), received)}).write()
    every = [one for made in moved.values() for one in made]
    made, denied = (
        tuple(one for one in every if one.action == action) for action in ("add", "decline")
    )
    warnings = received.warnings if received else ()
    return Revision(source, old.version, new.version, made, warnings, denied)


def _current(root: Path, name: str, known: Known) -> Source:
    path = root / "interviews" / f"{name}.txt"
    if not path.is_file():
        names = [one.stem for one in (root / "interviews").glob("*.txt")]
        raise NotPossibleError(f"there is no transcript {name!r}{suggest(name, names)}")
    guessed = imports.interviewers(known.records.get(name))
    current, problems = transcripts.read(path, {*known.interviewers(name), *guessed})
    if current is None:
        raise NotPossibleError(str(problems[0]))
    return current


def _request(old: Source, path: Path, interviewers: Sequence[str], known: Known) -> Request:
    """Ask for the corrected file with the interviewers, and the pseudonym, of the old one."""
    askers = {turn.speaker for turn in old.turns if turn.role == "interviewer"}
    people = {turn.speaker for turn in old.turns if turn.role == "participant"}
    remembered = (*sorted(askers), *known.interviewers(old.name))
    return Request(path, old.name, tuple(interviewers), remembered, people == {old.name})


def _versions(root: Path, old: Source) -> dict[str, str]:
    """Return the texts of a transcript by version: the present one and those kept."""
    kept = (root / project.REVISIONS).glob(f"{escape(old.name)}.*.txt")
    texts = (path.read_text(encoding="utf-8") for path in sorted(kept))
    return {transcripts.version(text): text for text in texts} | {old.version: old.text}


def _moves(log: Path, texts: Mapping[str, str], new: Source) -> list[Moved]:
    """Say where each coding or decline of a log goes that is not on the new text yet."""
    stale = [one for one in _standing(log) if one.coding.source_version != new.version]
    used = sorted({one.coding.source_version for one in stale})
    for version in used:
        if version not in texts:
            message = f"{log} has codings on version {version}, whose text is not kept"
            raise NotPossibleError(f"{message}; `study check` lists them, mend these first")
    anchors = {version: Anchor(texts[version], new.text) for version in used}
    return [_move(one, texts, new, anchors) for one in stale]


def _standing(log: Path) -> list[Entry]:
    """Return what stands in a log: codings, then declined proposals."""
    found, _ = codings.stand(codings.read_entries(log)[0])
    return [
        *(Entry("add", one) for one in found.codings.values()),
        *(Entry("decline", one) for one in found.declined.values()),
    ]


def _move(
    entry: Entry, texts: Mapping[str, str], new: Source, anchors: Mapping[str, Anchor]
) -> Moved:
    coding, version = entry.coding, entry.coding.source_version
    begin, end = coding.selection.start, coding.selection.end
    found = anchors[version].place(begin, end)
    after = Selection(new.name, *found) if found else None
    return Moved(coding, after, texts[version][begin:end], entry.action)


def _write(root: Path, old: Source, new: Source, moved: Mapping[Path, list[Moved]]) -> None:
    """Keep the old text, write the logs, and only then the new text."""
    write_atomic(root / project.REVISIONS / f"{old.name}.{old.version}.txt", old.text)
    for log, changes in moved.items():
        if changes:
            codings.append(log, _entries(log, changes, new))
    if new.text != old.text:
        write_atomic(root / "interviews" / f"{new.name}.txt", new.text)


def _entries(log: Path, changes: Sequence[Moved], new: Source) -> list[Entry]:
    """Return the rows of a log: first all codings at their new places, then the old ones' end.

    Cut short anywhere, a log holds each coding at the old place, the new one or both; what stands
    at the new place already is not added again.
    """
    there = {
        (one.action, one.coding.selection, one.coding.code)
        for one in _standing(log)
        if one.coding.source_version == new.version
    }
    moment = codings.now()
    added = []
    for change in changes:
        # Two passages of one code may fall together: the second is in the first.
        if change.after is None:
            continue
        key = change.action, change.after, change.before.code
        if key not in there:
            there.add(key)
            moved = replace(
                change.before,
                id=codings.new_id(),
                selection=change.after,
                created=moment,
                source_version=new.version,
            )
            added.append(Entry(change.action, moved))
    return added + [_end(change, new, moment) for change in changes]


def _end(change: Moved, new: Source, moment: dt.datetime) -> Entry:
    why = f"transcript revised from {change.before.source_version} to {new.version}"
    gone = "" if change.after else "; the passage is no longer in it"
    return Entry("remove", replace(change.before, created=moment, memo=why + gone))


class Anchor:
    """Where passages of an old text stand in a new one, by the words that both share."""

    def __init__(self, old: str, new: str) -> None:
        self._old = [match.span() for match in TOKEN.finditer(old)]
        self._new = [match.span() for match in TOKEN.finditer(new)]
        self._to = dict(_pairs(old, new, self._old, self._new))

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the new offsets of a passage, None where too few of its words are left."""
        inside = [n for n, (a, b) in enumerate(self._old) if start < b and a < end]
        left = [self._to[n] for n in inside if n in self._to]
        if not inside or len(left) < KEPT * len(inside):
            return None
        first, last = self._new[left[0]], self._new[left[-1]]
        # A passage may begin inside a word; keep that if the word is the same.
        cut = max(0, start - self._old[inside[0]][0]) if inside[0] in self._to else 0
        tail = max(0, self._old[inside[-1]][1] - end) if inside[-1] in self._to else 0
        return first[0] + cut, last[1] - tail


Spans = Sequence[tuple[int, int]]


def _pairs(old: str, new: str, a: Spans, b: Spans) -> Iterator[tuple[int, int]]:
    """Yield pairs of words (by number) that are the same in both texts, in order."""
    one = [old[start:end] for start, end in a]
    two = [new[start:end] for start, end in b]
    # Whole lines first: a diff of all words at once would cost their number squared.
    for (a1, a2), (b1, b2) in _changed_lines(old, new, a, b):
        if one[a1:a2] == two[b1:b2]:
            yield from zip(range(a1, a2), range(b1, b2), strict=True)
            continue
        matcher = difflib.SequenceMatcher(None, one[a1:a2], two[b1:b2], autojunk=False)
        for block in matcher.get_matching_blocks():
            for step in range(block.size):
                yield a1 + block.a + step, b1 + block.b + step


def _changed_lines(
    old: str, new: str, a: Spans, b: Spans
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield runs of words of both texts that belong together: same lines, or changed ones."""
    before, after = old.split("\n"), new.split("\n")
    edges_a, edges_b = _edges(before, a), _edges(after, b)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        yield (edges_a[i1], edges_a[i2]), (edges_b[j1], edges_b[j2])


def _edges(lines: Sequence[str], spans: Spans) -> list[int]:
    """Return for each line the number of words before it, and at the end of all words."""
    edges, place, offset = [], 0, 0
    for line in lines:
        edges.append(place)
        offset += len(line) + 1
        while place < len(spans) and spans[place][0] < offset:
            place += 1
    return [*edges, len(spans)]
