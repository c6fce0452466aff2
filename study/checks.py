"""Checks: small functions from a project to the problems they find in it.

Each looks at how records fit together; what is wrong inside one file, its reader has reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from study.files import suggest
from study.model import Coding, Evidence, Place, Problem, Project

Check = Callable[[Project], Iterable[Problem]]


def _at(place: Place | None, message: str, fallback: Path) -> Problem:
    return Problem(place.path, place.line, message) if place else Problem(fallback, 0, message)


def participants_have_transcripts(project: Project) -> Iterator[Problem]:
    """A participant row must name a transcript that is there."""
    names = {source.name for source in project.sources}
    for case in project.cases:
        if case.consent == "withdrawn":
            continue
        if not case.source:
            message = f"participant {case.name!r} names no transcript"
        elif case.source not in names:
            message = f"participant {case.name!r}: there is no interviews/{case.source}.txt"
            message += suggest(case.source, names) or "; `study import` makes it"
        else:
            continue
        yield _at(case.place, message, project.root)


def transcripts_have_participants(project: Project) -> Iterator[Problem]:
    """Each transcript must belong to exactly one participant row."""
    owners = defaultdict(list)
    for case in project.cases:
        owners[case.source].append(case.name)
    for source in project.sources:
        path = project.root / "interviews" / f"{source.name}.txt"
        if source.name not in owners:
            message = "has no row in participants.csv; add one with its id, transcript and consent"
            yield Problem(path, 0, message)
        elif len(owners[source.name]) > 1:
            yield Problem(path, 0, f"belongs to several participants: {owners[source.name]}")


def transcripts_have_turns(project: Project) -> Iterator[Problem]:
    """A transcript without turns cannot be analysed."""
    for source in project.sources:
        if not source.turns:
            path = project.root / "interviews" / f"{source.name}.txt"
            message = "has no turn; write each as `Speaker: text`, one blank line between turns"
            yield Problem(path, 1, message)


def codes_are_in_the_codebook(project: Project) -> Iterator[Problem]:
    """Each coding must use a code of the codebook (or one that it formerly was)."""
    known = [code.path for code in project.codebook]
    for coding in project.codings:
        if coding.code not in known:
            message = f"code {coding.code!r} is not in the codebook{suggest(coding.code, known)}"
            yield _at(coding.place, message, project.root)


def codings_fit_their_source(project: Project) -> Iterator[Problem]:
    """Each coding must select a passage of the transcript as it now stands."""
    sources = {source.name: source for source in project.sources}
    for coding in project.codings:
        source = sources.get(coding.selection.source)
        if source is None:
            message = f"there is no transcript {coding.selection.source!r}"
            message += suggest(coding.selection.source, sources)
        elif coding.source_version != source.version:
            message = (
                f"was made on version {coding.source_version} of {source.name}, which has changed "
                f"since ({source.version}); bring the former text back or code this passage again"
            )
        elif not coding.selection.start < coding.selection.end <= len(source.text):
            here = f"{coding.selection.start}-{coding.selection.end}"
            message = f"passage {here} is not inside {source.name} (0-{len(source.text)})"
        else:
            continue
        yield _at(coding.place, message, project.root)


def codings_stand_in_their_file(project: Project) -> Iterator[Problem]:
    """A log holds one coder's work on one source, as its path says."""
    for coding in project.codings:
        if coding.place is None:
            continue
        path = coding.place.path
        if (coding.coder, coding.selection.source) != (path.parent.name, path.stem):
            message = f"says {coding.coder}/{coding.selection.source}; its file belongs to "
            yield _at(coding.place, f"{message}{path.parent.name}/{path.stem}", path)


def codings_are_made_once(project: Project) -> Iterator[Problem]:
    """One coder gives one passage the same code only once."""
    first: dict[tuple[object, ...], Coding] = {}
    for coding in project.codings:
        other = first.setdefault((coding.coder, coding.selection, coding.code), coding)
        if other is not coding:
            line = other.place.line if other.place else 0
            message = f"repeats line {line}: same coder, passage and code; remove one of them"
            yield _at(coding.place, message, project.root)


def propositions_use_known_codes(project: Project) -> Iterator[Problem]:
    """Each condition of a proposition must name a code, and no coding meet two verdicts."""
    known = [code.path for code in project.codebook]
    for claim in project.propositions:
        for evidence in (*claim.supports, *claim.mixed, *claim.contradicts):
            if evidence.code not in known:
                message = f"{claim.id}: code {evidence.code!r} is not in the codebook"
                yield _at(evidence.place, message + suggest(evidence.code, known), project.root)
        sides = (claim.supports, claim.mixed, claim.contradicts)
        for index, side in enumerate(sides):
            for later in chain.from_iterable(sides[index + 1 :]):
                if any(_overlap(later, earlier) for earlier in side):
                    message = f"{claim.id}: {later.code!r} counts for two verdicts at once"
                    yield _at(later.place, message, project.root)


def _overlap(one: Evidence, other: Evidence) -> bool:
    """Tell whether one coding could meet both conditions."""
    paths = one.code, other.code
    nested = one.code == other.code or any(
        long.startswith(short + ".") for long, short in (paths, paths[::-1])
    )
    stances = set(one.stances) & set(other.stances)
    return nested and (not one.stances or not other.stances or bool(stances))


def settings_name_what_exists(project: Project) -> Iterator[Problem]:
    """study.toml's variable, groups and codes must exist."""
    path = project.root / "study.toml"
    settings = project.settings
    if not project.cases:
        return
    variables = list(project.cases[0].values)
    if settings.group not in variables:
        hint = suggest(settings.group, variables)
        yield Problem(
            path, 0, f"map.group {settings.group!r} is no column of participants.csv{hint}"
        )
    groups = {case.values.get(settings.group, "") for case in project.cases}
    for name in settings.group_order:
        if name not in groups:
            hint = suggest(name, groups)
            message = f"map.order names {name!r}, a group that no participant is in{hint}"
            yield Problem(path, 0, message, "warning")
    known = [code.path for code in project.codebook]
    for code in (*settings.practices, *filter(None, (settings.spectrum,))):
        if code not in known:
            yield Problem(
                path, 0, f"map: code {code!r} is not in the codebook{suggest(code, known)}"
            )


CHECKS: tuple[Check, ...] = (
    participants_have_transcripts,
    transcripts_have_participants,
    transcripts_have_turns,
    codes_are_in_the_codebook,
    codings_fit_their_source,
    codings_stand_in_their_file,
    codings_are_made_once,
    propositions_use_known_codes,
    settings_name_what_exists,
)


def run(project: Project) -> list[Problem]:
    """Return the problems that all checks find."""
    return [problem for check in CHECKS for problem in check(project)]
