"""Who uses which code: what an edit of the codebook must not lose or give to another code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from study import claims, codings, settings
from study.errors import NotPossibleError
from study.model import Code, Evidence, Problem, Proposition


@dataclass(frozen=True, slots=True)
class Uses:
    """What the study's other files say of codes, by the paths that stand in them.

    `standing` counts codings and declined proposals by path and coder; `mentioned` also holds the
    paths of those that were taken back, for a replay of the log meets them.  `named` says where
    study.toml and propositions.yaml name a path.  Logs of withdrawn participants count too.
    """

    standing: Mapping[str, Mapping[str, int]]
    mentioned: frozenset[str]
    named: Mapping[str, str]
    propositions: tuple[Proposition, ...] = ()
    problems: tuple[Problem, ...] = ()


def owners(codes: Iterable[Code]) -> dict[str, str]:
    """Return the `guid` of the code that each path, former or present, leads to."""
    known = tuple(codes)
    former = {old: code.guid for code in known for old in code.formerly}
    return former | {code.path: code.guid for code in known}


def read(root: Path) -> Uses:
    """Read who uses which code, afresh."""
    options, _ = settings.read(root)
    folder = root / "codebooks" / options.codebook
    propositions, _ = claims.read(folder / claims.FILE)
    standing: dict[str, Counter[str]] = {}
    mentioned: set[str] = set()
    problems: list[Problem] = []
    for path in sorted(folder.glob("codings/*/*.csv")):
        entries, wrong = codings.read_entries(path)
        problems += [one for one in wrong if one.severity == "error"]
        mentioned |= {entry.coding.code for entry in entries}
        found, _ = codings.stand(entries)
        for one in (*found.codings.values(), *found.declined.values()):
            standing.setdefault(one.code, Counter())[path.parent.name] += 1
    named = {path: f"{settings.FILE} (map)" for path in (*options.practices, options.spectrum)}
    named |= {
        one.code: f"{claims.FILE} ({claim.id})"
        for claim in propositions
        for one in (*claim.supports, *claim.mixed, *claim.contradicts)
    }
    named.pop("", None)
    return Uses(standing, frozenset(mentioned), named, propositions, tuple(problems))


def require_unused(uses: Uses, codes: Iterable[Code], doomed: Iterable[Code]) -> None:
    """Refuse to take codes away that somebody uses, saying who.

    Raises
    ------
    NotPossibleError
        A coder has codings or declined proposals of one of them, or another file names one.
    """
    gone = {code.guid: code.path for code in doomed}
    leads = owners(codes)
    if gone and uses.problems:
        message = f"it is not certain that no coding would be lost: {uses.problems[0]}"
        raise NotPossibleError(f"{message}; mend this first, `study check` lists all")
    counts: Counter[str] = Counter()
    paths = []
    for path, coders in uses.standing.items():
        if leads.get(path) in gone:
            counts.update(coders)
            paths.append(gone[leads[path]])
    if counts:
        who = _list(f"{coder} ({number})" for coder, number in sorted(counts.items()))
        where = _list(_few(sorted(set(paths))))
        message = f"{who} would lose codings of {where}"
        raise NotPossibleError(f"{message}; merge it into another code, and they go with it")
    for path, where in uses.named.items():
        if leads.get(path) in gone:
            message = f"{where} names {gone[leads[path]]!r}"
            raise NotPossibleError(f"{message}; change that first, or merge it into another code")


def _few(paths: list[str]) -> list[str]:
    shown = [repr(path) for path in paths[:3]]
    return shown if len(paths) <= 3 else [*shown, f"{len(paths) - 3} more"]


def _list(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def require_kept(
    uses: Uses, before: Iterable[Code], after: Iterable[Code], heirs: Mapping[str, str]
) -> None:
    """Refuse an edit after which a coding would count for another code, or for none.

    Parameters
    ----------
    uses
        Who uses which code.
    before, after
        The codes before and after the edit.
    heirs
        Which code, by `guid`, takes over another's codings.

    Raises
    ------
    NotPossibleError
        A path would lead elsewhere than it does, or a proposition would contradict itself.
    """
    known, codes = tuple(before), tuple(after)
    was, will = owners(known), owners(codes)
    left = {code.guid for code in codes} | set(heirs)
    require_unused(uses, known, [code for code in known if code.guid not in left])
    paths = {code.guid: code.path for code in (*known, *codes)}
    for path in sorted({*uses.mentioned, *was}):
        owner, heir = was.get(path), will.get(path)
        if owner is None and heir is not None:
            message = f"codings have been made under {path!r} before, when it was another code"
            raise NotPossibleError(f"{message}; give {paths[heir]!r} another short name")
        if owner in left and heirs.get(owner, owner) != heir:
            message = f"codings of {paths[owner]!r} are kept under its former path {path!r}"
            raise NotPossibleError(f"{message}, which another code would now take")
    require_clear(uses, known, codes)


def require_found(
    uses: Uses, before: Iterable[Code], after: Iterable[Code], heirs: Mapping[str, str]
) -> None:
    """Refuse to restore a version in which a coding would be lost or count for another code.

    A path may lead to a code that comes back: it was that one's before they became one.
    The parameters are those of `require_kept`.

    Raises
    ------
    NotPossibleError
        A path would lead to another code than it does or did, or a proposition would contradict
        itself.
    """
    known, codes = tuple(before), tuple(after)
    was, will = owners(known), owners(codes)
    here = {code.guid for code in known}
    left = {code.guid for code in codes} | set(heirs)
    require_unused(uses, known, [code for code in known if code.guid not in left])
    paths = {code.guid: code.path for code in known}
    for path in sorted({*uses.mentioned, *uses.named} & set(was)):
        owner, heir = was[path], will.get(path)
        if owner in left and heir != heirs.get(owner, owner) and (heir is None or heir in here):
            message = f"codings of {paths[owner]!r} under {path!r} would count for another code"
            raise NotPossibleError(f"{message}; rename that code first")
    require_clear(uses, known, codes)


def require_clear(uses: Uses, before: Iterable[Code], after: Iterable[Code]) -> None:
    """Refuse an edit that makes a proposition count one passage for two verdicts."""
    known, codes = tuple(before), tuple(after)
    already = {(claim, one.place) for claim, one in _conflicts(uses, known)}
    for claim, one in _conflicts(uses, codes):
        if (claim, one.place) not in already:
            message = f"proposition {claim!r} would count {one.code!r} for two verdicts at once"
            raise NotPossibleError(f"{message}; change it in {claims.FILE} first")


def _conflicts(uses: Uses, codes: tuple[Code, ...]) -> Iterator[tuple[str, Evidence]]:
    paths = {code.guid: code.path for code in codes}
    present = {old: paths[guid] for old, guid in owners(codes).items()}
    for claim in uses.propositions:
        sides = [
            [replace(one, code=present.get(one.code, one.code)) for one in side]
            for side in (claim.supports, claim.mixed, claim.contradicts)
        ]
        yield from ((claim.id, one) for one in claims.conflicts(sides))
