"""What the coding page shows: a study, its codebook and a transcript, as plain JSON."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from study import rules
from study.codebook.history import changes as edits_of
from study.coding import colours, noting
from study.coding.shelf import Transcript, stamp
from study.model import DERIVED, STANCES, Coding, Problem, Source
from study.rules import RULES

if TYPE_CHECKING:
    from study.coding.desk import Desk

Json = dict[str, Any]


def study(desk: Desk, given: Json) -> Json:
    """Return the study: its transcripts, and how far the coder is with each."""
    shelf, scheme = desk.shelf, desk.shelf.scheme()
    settings, problems = shelf.settings()
    readable = shelf.transcripts()
    wrong = [*problems, *shelf.cases()[1], *scheme.problems]
    wrong += [problem for one in readable for problem in one.problems]
    wrong += [problem for one in readable for problem in _own_problems(desk, one.source)]
    return {
        "title": settings.title,
        "stamp": settings.stamp,
        "coder": desk.coder,
        "root_name": desk.root.resolve().name,
        "study_id": desk.study_id,
        "language": settings.language,
        "blind": desk.blind,
        "stances": list(STANCES),
        "stance_help": dict(scheme.book.stances),
        "coders": [one for one in shelf.coders() if one not in (desk.coder, *DERIVED)],
        "problems": len(set(wrong)) + len(shelf.listed()) - len(readable),
        "transcripts": [_progress(desk, one) for one in readable],
    }


def _progress(desk: Desk, transcript: Transcript) -> Json:
    source, log = transcript.source, desk.shelf.log(desk.coder, transcript.source.name)
    rules = stamp(desk.shelf.log(RULES, source.name).path)
    done = desk.shelf.of_log(
        "progress",
        desk.coder,
        source.name,
        lambda: _done(desk, source),
        (source.version, rules, desk.shelf.scheme().revision),
    )
    return {
        "name": source.name,
        **person(desk, source.name),
        "version": source.version,
        "turns": len(source.turns),
        "words": transcript.words,
        "heard_turns": len(source.heard),
        **done,
        "taken": log.taken,
        "compared": source.name in desk.compared(),
    }


def _done(desk: Desk, source: Source) -> Json:
    made = desk.own(source)
    return {
        "coded_turns": coded_turns(source, made),
        "codings": len(made),
        "proposals": len(proposals(desk, source)),
        "problem": complaint(desk, source),
    }


def person(desk: Desk, source: str) -> Json:
    """Return whose transcript it is: participant, group and consent."""
    people, _ = desk.shelf.cases()
    case = next((one for one in people if one.source == source), None)
    if case is None:
        return {"participant": source, "group": "", "consent": ""}
    group = case.values.get(desk.shelf.settings()[0].group, "")
    return {"participant": case.name, "group": group, "consent": case.consent}


def coded_turns(source: Source, made: Sequence[Coding]) -> int:
    """Count the participants' turns that at least one coding touches."""
    heard = [turn.selection for turn in source.heard]
    starts, ends = [one.start for one in heard], [one.end for one in heard]
    touched: set[int] = set()
    for coding in made:
        first = bisect.bisect_right(ends, coding.selection.start)
        touched.update(range(first, bisect.bisect_left(starts, coding.selection.end)))
    return len(touched)


def hindrance(desk: Desk, source: Source) -> str:
    """Say what keeps the coder from coding a transcript; nothing where nothing does."""
    made = desk.shelf.log(desk.coder, source.name).codings()
    stale = sum(one.source_version != source.version for one in made)
    if stale:
        many = "1 of your codings was" if stale == 1 else f"{stale} of your codings were"
        message = f"{many} made on another version of {source.name}, and cannot be shown"
        return f"{message}; `study revise {source.name}` brings them along"
    return ""


def complaint(desk: Desk, source: Source) -> str:
    """Say what keeps codings of a transcript from being made, or from being shown."""
    found = desk.shelf.log(desk.coder, source.name).problems()
    near = [replace(one, path=Path(one.path.name)) for one in found if one.severity == "error"]
    errors = [f"{one}; what this line says is not shown" for one in near]
    return hindrance(desk, source) or next(iter(errors), "")


def _own_problems(desk: Desk, source: Source) -> list[Problem]:
    """Return what is wrong with the coder's log of a transcript."""
    state = source.version, desk.shelf.scheme().revision

    def found() -> list[Problem]:
        return [*_wrong(desk, source)]

    return desk.shelf.of_log("problems", desk.coder, source.name, found, state)


def _wrong(desk: Desk, source: Source) -> Iterator[Problem]:
    log, scheme = desk.shelf.log(desk.coder, source.name), desk.shelf.scheme()
    yield from log.problems()
    hindered = hindrance(desk, source)
    if hindered:
        yield Problem(log.path, 0, hindered)
    for one in log.codings():
        if scheme.renamed(one.code) not in scheme.known:
            line = one.place.line if one.place else 0
            yield Problem(log.path, line, f"code {one.code!r} is not in the codebook")


def codebook(desk: Desk, given: Json) -> Json:
    """Return the codebook, with how often the coder has given each code."""
    scheme = desk.shelf.scheme()
    counts: Counter[str] = sum((_used(desk, name) for name in desk.shelf.names()), Counter())
    leaves = {code.path for code in scheme.book.leaves}
    shown = colours.of(scheme.book)
    return {
        "name": scheme.book.name,
        "version": scheme.book.version,
        "revision": scheme.revision,
        "can_undo": _last_edit(desk) == scheme.revision,
        "codes": [
            {
                "guid": code.guid,
                "path": code.path,
                "name": code.name,
                "parent": code.parent,
                "definition": code.definition,
                "include": code.include,
                "exclude": code.exclude,
                "example": code.example,
                "near_miss": code.near_miss,
                "colour": shown[code.path],
                "own_colour": bool(code.colour),
                "formerly": list(code.formerly),
                "patterns": list(code.patterns),
                "leaf": code.path in leaves,
                "count": counts[code.path],
            }
            for code in scheme.book
        ],
    }


def _used(desk: Desk, name: str) -> Counter[str]:
    """Count the coder's codings of a transcript by code."""

    def count() -> Counter[str]:
        return Counter(one.code for one in desk.shelf.made(desk.coder, name))

    revision = desk.shelf.scheme().revision
    return desk.shelf.of_log("used", desk.coder, name, count, revision)


def _last_edit(desk: Desk) -> str:
    """Return the revision that the latest edit from a page or a script made, if there was one."""
    edits = edits_of(desk.shelf.folder)
    return edits[-1].after if edits else "none"


def transcript(desk: Desk, given: Json) -> Json:
    """Return a transcript with the coder's own codings, and what rules propose."""
    source = desk.source(given["source"])
    return {
        "source": source.name,
        "version": source.version,
        "text": source.text,
        **person(desk, source.name),
        "turns": turns(source),
        **standing(desk, source),
        "memo": noting.on_transcript(desk, source.name),
        "taken": desk.shelf.log(desk.coder, source.name).taken,
        "problem": complaint(desk, source),
    }


def turns(source: Source) -> list[Json]:
    """Return the turns of a transcript, each with its line and speaker."""
    rows, line, offset = [], 1, 0
    for turn in source.turns:
        line += source.text.count("\n", offset, turn.selection.start)
        offset = turn.selection.start
        rows.append(
            {
                "start": turn.selection.start,
                "end": turn.selection.end,
                "line": line,
                "speaker": turn.speaker,
                "role": turn.role,
                "time": turn.start_time,
            }
        )
    return rows


def standing(desk: Desk, source: Source) -> Json:
    """Return the coder's codings of a transcript, and what is open or declined."""
    return {
        "codings": [row(one) for one in desk.own(source)],
        "proposals": proposals(desk, source),
        "declined": [one.id for one in declined(desk, source)],
    }


def touched(desk: Desk, source: Source, ids: Collection[str]) -> Json:
    """Return which of some codings stand, how many do in all, and which proposals are open."""
    own, named = desk.own(source), frozenset(ids)
    return {
        "codings": [row(one) for one in own if one.id in named],
        "count": len(own),
        "open": [one["id"] for one in proposals(desk, source)],
    }


def row(coding: Coding) -> Json:
    """Return one coding as the page knows it."""
    return {
        "id": coding.id,
        "start": coding.selection.start,
        "end": coding.selection.end,
        "code": coding.code,
        "stance": coding.stance,
        "memo": coding.memo,
        "created": coding.created.isoformat(),
    }


def declined(desk: Desk, source: Source) -> list[Coding]:
    """Return what the coder decided against in a transcript as it stands now."""
    found = desk.shelf.log(desk.coder, source.name).declined()
    return [one for one in found if one.source_version == source.version]


def proposals(desk: Desk, source: Source) -> list[Json]:
    """Return what rules propose and the coder has not decided: neither coded nor declined.

    A proposal that lies inside a passage with the same code is settled.
    """
    scheme, renamed = desk.shelf.scheme(), desk.shelf.scheme().renamed
    made = [
        one
        for one in desk.shelf.made(RULES, source.name)
        if one.source_version == source.version and one.code in scheme.known
    ]
    if not made:
        return []
    denied = [replace(one, code=renamed(one.code)) for one in declined(desk, source)]
    return [
        {
            "id": one.id,
            "start": one.selection.start,
            "end": one.selection.end,
            "code": one.code,
            "pattern": one.memo,
            "coder": RULES,
        }
        for one in rules.undecided(made, desk.own(source), denied)
    ]
