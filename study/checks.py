"""Checks: small functions from a project to the problems they find in it.

Each looks at how records fit together; what is wrong inside one file, its reader has reported.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from study import claims, transcripts
from study.cases import PRIVATE
from study.files import suggest
from study.model import Coding, Place, Problem, Project, Source

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
        elif case.source in names or _on_disk(project, case.source):
            continue
        else:
            message = f"participant {case.name!r}: there is no interviews/{case.source}.txt"
            message += suggest(case.source, names) or "; `study import` makes it"
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


def transcripts_are_different(project: Project) -> Iterator[Problem]:
    """An interview that is here twice counts twice.

    This reads every word, so it is left to `project.check`: loading a study should be quick.
    """
    for twins in transcripts.duplicates(project.sources):
        path = project.root / "interviews" / f"{twins.second}.txt"
        yield Problem(path, 0, f"{twins}; if they are one interview, take one away", "warning")


def codes_are_in_the_codebook(project: Project) -> Iterator[Problem]:
    """Each coding must use a code of the codebook (or one that a code formerly was)."""
    known = [code.path for code in project.codebook]
    for coding in project.codings:
        if coding.code not in known:
            message = f"code {coding.code!r} is not in the codebook{suggest(coding.code, known)}"
            yield _at(coding.place, message, project.root)


def codings_fit_their_source(project: Project) -> Iterator[Problem]:
    """Each coding must select a passage of the transcript as it now stands."""
    sources = {source.name: source for source in project.sources}
    stale: Counter[tuple[Path, str, str]] = Counter()
    for coding in project.codings:
        name = coding.selection.source
        source = sources.get(name)
        if source is None and not _on_disk(project, name):
            message = f"there is no transcript {name!r}{suggest(name, sources)}"
            yield _at(coding.place, message, project.root)
        elif source is not None and coding.source_version != source.version:
            place = coding.place.path if coding.place else project.root
            stale[place, name, coding.source_version] += 1
        elif source is not None:
            yield from _outside(coding, source, project.root)
    for (path, name, version), count in stale.items():
        many = f"{count} codings were" if count > 1 else "1 coding was"
        message = (
            f"{many} made on version {version} of {name}, which has changed since "
            f"({sources[name].version}); `study revise {name}` brings them along if the former "
            "text is kept, or restore that text"
        )
        yield Problem(path, 0, message)


def _on_disk(project: Project, name: str) -> bool:
    """Tell whether a transcript is there though it could not be read, which is reported."""
    return (project.root / "interviews" / f"{name}.txt").exists()


def _outside(coding: Coding, source: Source, root: Path) -> Iterator[Problem]:
    selection = coding.selection
    if not selection.start < selection.end <= len(source.text):
        here = f"{selection.start}-{selection.end}"
        message = f"passage {here} is not inside {source.name} (0-{len(source.text)})"
        yield _at(coding.place, message, root)


def codings_are_of_participants(project: Project) -> Iterator[Problem]:
    """Counts are of participants: a passage in the interviewer's words would count as theirs."""
    asked = {
        source.name: [turn.selection for turn in source.turns if turn.role == "interviewer"]
        for source in project.sources
    }
    counted = project.settings.report_coder
    for coding in project.codings:
        if coding.coder == "rules" != counted:  # a pattern may ask for the interviewer's words
            continue
        turns = asked.get(coding.selection.source, [])
        before = bisect_right(turns, coding.selection.start, key=lambda turn: turn.start)
        if before and coding.selection.start < turns[before - 1].end:
            message = "is a passage of the interviewer's words, and would count as a participant's"
            place = coding.place or Place(project.root)
            yield Problem(place.path, place.line, message, "warning")


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


def memos_are_about_something(project: Project) -> Iterator[Problem]:
    """A memo must be about a transcript or a code that is there."""
    sources = {source.name for source in project.sources}
    guids = {code.guid.lower() for code in project.codebook}
    for memo in project.memos:
        if memo.kind == "code" and memo.name.lower() not in guids:
            message = "is about a code that is not in the codebook (any more)"
        elif memo.kind == "code" or memo.name in sources or _on_disk(project, memo.name):
            continue
        else:
            message = f"is about the transcript {memo.name!r}, which there is not"
            message += suggest(memo.name, sources)
        place = memo.place or Place(project.root)
        yield Problem(place.path, 0, message, "warning")


def propositions_use_known_codes(project: Project) -> Iterator[Problem]:
    """Each condition of a proposition must name a code, and no coding meet two verdicts."""
    known = [code.path for code in project.codebook]
    for claim in project.propositions:
        for evidence in (*claim.supports, *claim.mixed, *claim.contradicts):
            if evidence.code not in known:
                message = f"{claim.id}: code {evidence.code!r} is not in the codebook"
                yield _at(evidence.place, message + suggest(evidence.code, known), project.root)
        for later in claims.conflicts((claim.supports, claim.mixed, claim.contradicts)):
            message = f"{claim.id}: {later.code!r} counts for two verdicts at once"
            yield _at(later.place, message, project.root)


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


def language_has_stop_words(project: Project) -> Iterator[Problem]:
    """Word counts leave out stop words, and there is a list for few languages."""
    language = project.settings.language
    if language != "english":
        message = f"language {language!r} has no list of stop words: word counts will hold them all"
        yield Problem(project.root / "study.toml", 0, message, "warning")


def private_columns_are_named(project: Project) -> Iterator[Problem]:
    """Columns that could find a person are kept out of what is published; say so."""
    if project.cases:
        columns = [name for name in project.cases[0].values if PRIVATE.fullmatch(name)]
        for name in columns:
            message = f"column {name!r} could identify people; it is left out of what is published"
            path = project.root / "interviews" / "participants.csv"
            yield Problem(path, 1, f"{message}, and is better kept elsewhere", "warning")


# Each check, and the file without which it could only report consequences.
CHECKS: Mapping[Check, str] = {
    participants_have_transcripts: "participants.csv",
    transcripts_have_participants: "participants.csv",
    transcripts_have_turns: "",
    codes_are_in_the_codebook: "codebook.yaml",
    codings_fit_their_source: "",
    codings_stand_in_their_file: "",
    codings_are_made_once: "",
    codings_are_of_participants: "",
    memos_are_about_something: "codebook.yaml",
    propositions_use_known_codes: "codebook.yaml",
    settings_name_what_exists: "codebook.yaml",
    language_has_stop_words: "",
    private_columns_are_named: "",
}


def run(project: Project, failed: Collection[str] = ()) -> list[Problem]:
    """Return the problems that all checks find, but for those that rest on a failed file."""
    return [
        problem
        for check, needed in CHECKS.items()
        if needed not in failed
        for problem in check(project)
    ]
