"""A REFI-QDA project as a study, whatever program wrote it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from study.model import Case, Codebook, Coding, Problem, Project, Settings, Source
from study.refi import codes, guids, kept, names, notes, people, selections, xml
from study.refi.archive import Package, loaded
from study.refi.codes import Tree
from study.refi.people import Person
from study.refi.selections import Context
from study.refi.sources import Asked, Sources
from study.refi.sources import known as by_words
from study.refi.writing import withdrawn, without
from study.refi.xml import Element


@dataclass(frozen=True, slots=True)
class Exchange:
    """What one file holds: the study, what had to be changed or left out, and what is beside it.

    `asked` says who interviews in each transcript; `received` has documents that came with the
    texts, each with a name; `remains` what has no place in a study, in words.
    """

    project: Project
    problems: tuple[Problem, ...]
    origin: str
    asked: Mapping[str, Asked]
    received: Mapping[str, tuple[str, bytes]]
    remains: tuple[str, ...]

    @property
    def ours(self) -> bool:
        """Tell whether this program wrote the file."""
        return self.origin.startswith("study ")

    def noting(self, problems: Iterable[Problem]) -> Exchange:
        """Return the same with more to say before the rest."""
        return replace(self, problems=(*problems, *self.problems))


def read(path: Path | str) -> tuple[Project, list[Problem]]:
    """Read a REFI-QDA project (.qdpx) of any program as a study.

    Every text becomes a transcript of speakers and turns with no character lost, codes get short
    names, and whatever had to be changed, assumed or left out is in the problems, by line of the
    project's XML.  Nothing outside the archive is opened, and nothing is fetched.

    Raises
    ------
    NotPossibleError
        The file is no REFI-QDA project, or one that no honest program would have written.
    """
    found = receive(path)
    return found.project, list(found.problems)


def read_codebook(path: Path | str) -> tuple[Codebook, list[Problem]]:
    """Read a codebook in the exchange format (.qdc), or that of a whole project (.qdpx).

    Raises
    ------
    NotPossibleError
        The file is neither.
    """
    path = Path(path)
    if path.suffix.lower() in (".qdpx", ".qde"):
        project, problems = read(path)
        return project.codebook, problems
    root = xml.parse(path, loaded(path), "CodeBook", xml.CODEBOOK)
    if _is_of_tags(root):
        _nested(root)
    tree = codes.read_codes(path, xml.child(root, "Codes"))
    known = kept.read(xml.remark(root))
    book = known.book(Codebook("codebook", "1", tuple(tree.codes), tree.said))
    sets = [*_foreign_sets(root, tree)]
    said = [f"sets of codes have no place in a codebook here: {', '.join(sets)}"] if sets else []
    problems = [*tree.problems, *(Problem(path, 0, one, "warning") for one in said)]
    return book, problems


def is_of_tags(path: Path) -> bool:
    """Tell whether a codebook is of Taguette, whose codes are named by their paths."""
    if path.suffix.lower() != ".qdc":
        return False
    return _is_of_tags(xml.parse(path, loaded(path), "CodeBook", xml.CODEBOOK))


def _is_of_tags(root: Element) -> bool:
    return (root.get("origin") or "").startswith("Taguette")


def _nested(root: Element) -> None:
    """Put codes whose names are paths (`risk.fad`) below the codes of which they say so."""
    top = xml.child(root, "Codes")
    if top is None:
        return
    by_name = {one.get("name") or "": one for one in xml.children(top, "Code")}
    for name in [one for one in by_name if all(part.strip() for part in one.split("."))]:
        steps = name.split(".")
        for above in (".".join(steps[:n]) for n in range(1, len(steps))):
            if above not in by_name:
                by_name[above] = top.makeelement("Code", name=above, guid=guids.of("tag", above))
                top.append(by_name[above])
    for name, element in sorted(by_name.items(), key=lambda one: one[0].count(".")):
        above, _, last = name.rpartition(".")
        if last and above in by_name:
            by_name[above].append(element)
            element.set("name", last)


def _foreign_sets(root: Element, tree: Tree) -> Iterable[str]:
    from study.refi.writing import branch_guid

    own = {guids.key(branch_guid(code.guid)) for code in tree.codes}
    for one in xml.children(xml.child(root, "Sets"), "Set"):
        if guids.key(one.get("guid")) not in own:
            yield repr(one.get("name") or "")


def receive(
    path: Path | str, known: Sequence[Source] = (), interviewers: Sequence[str] = ()
) -> Exchange:
    """Read a REFI-QDA project; see `read`.

    Parameters
    ----------
    path
        The file.
    known
        Transcripts that are here already: a text with the same words is taken for one of them, and
        selections stand where their words stand in it.
    interviewers
        Labels of those who ask the questions, where the file does not say so.
    """
    path = Path(path)
    with Package(path) as package:
        root = xml.parse(path, package.project(), "Project", xml.PROJECT)
        return understood(path, root, package, known, interviewers)


def understood(
    path: Path,
    root: Element,
    package: Package | None = None,
    known: Sequence[Source] = (),
    interviewers: Sequence[str] = (),
) -> Exchange:
    """Return what a tree of REFI-QDA says, wherever it comes from; see `receive`.

    Parameters
    ----------
    path
        The file, for the report.
    root
        The element <Project>, all names without namespace.
    package
        The archive with the texts, unless they stand in the tree.
    known, interviewers
        As in `receive`.
    """
    named = tuple(interviewers)
    beside = kept.read(xml.remark(root))
    context = _context(path, root, package.dated if package else "")
    variables = people.read_variables(path, xml.child(root, "Variables"))
    asking = beside.settings.interviewers if beside.settings else ()
    inside = package if path.suffix.lower() != ".qde" else None
    sources = Sources(context, inside, variables, by_words(known), asking, named)
    sources.read(xml.child(root, "Sources"))
    scope = (beside.settings.id,) if beside.settings and beside.settings.id else ()
    noted = notes.Notes(context, sources, guids.of("propositions", *scope))
    memos = noted.read(root)
    made = selections.settle(context)
    notes.grouped(root, sources)
    taken = _united(_coded(made), notes.taken_on(sources))
    cases, more = people.rows(
        path,
        _people(root, context, variables, sources),
        [one.name for one in sources.found],
        sources.values,
        list(variables.columns.values()) if context.ours else (),
    )
    remains = [*noted.remains, *notes.left(root, context, sources)]
    project = Project(
        root=path.parent,
        settings=beside.settings or Settings(title=root.get("name") or "Untitled study"),
        sources=tuple(sources.found),
        cases=tuple(cases),
        codebook=_book(context.tree, beside),
        codings=tuple(made),
        propositions=beside.propositions,
        assigned=notes.worked(root, sources, context.users, taken),
        memos=tuple(memos),
    )
    problems = [*context.tree.problems, *variables.problems, *more, *context.problems]
    problems += [Problem(path, 0, f"{n} {what}", "warning") for what, n in _counted(context.counts)]
    problems += _said_of(path, remains)
    return Exchange(
        project=without(project, withdrawn(project)),
        problems=tuple(problems),
        origin=context.origin,
        asked=sources.asked,
        received=sources.received,
        remains=tuple(remains),
    )


def _context(path: Path, root: Element, dated: str) -> Context:
    """Read what everything else refers to: users, codes, and the day of the file."""
    cases = {guids.key(one.get("guid")) for one in xml.children(xml.child(root, "Cases"), "Case")}
    book = xml.child(root, "CodeBook")
    tree = codes.read_codes(path, xml.child(book, "Codes"), frozenset(cases))
    users = people.read_users(xml.child(root, "Users"))
    moment = names.moment(root.get("modifiedDateTime"), root.get("creationDateTime"), dated)
    main = users.get(guids.key(root.get("creatingUserGUID"))) or next(iter(users.values()), "")
    return Context(
        path=path,
        origin=root.get("origin") or "",
        tree=tree,
        users=users,
        dated=moment or dt.datetime(1980, 1, 1, tzinfo=dt.UTC),
        cases=frozenset(tree.skipped & cases),
        default_user=main,
    )


def _book(tree: Tree, beside: kept.Kept) -> Codebook:
    default = beside.settings.codebook if beside.settings else "codebook"
    return beside.book(Codebook(default, "1", tuple(tree.codes), tree.said))


def _people(
    root: Element, context: Context, variables: people.Variables, sources: Sources
) -> list[Person]:
    """Return the cases with the transcripts that they are of: by reference, coding or name."""
    by_name = {one.name: one.name for one in sources.found}
    found = []
    for number, case in enumerate(xml.children(xml.child(root, "Cases"), "Case"), start=1):
        key = guids.key(case.get("guid"))
        keys = [guids.key(one.get("targetGUID")) for one in xml.children(case, "SourceRef")]
        places = [sources.by_key[one] for one in keys if one in sources.by_key]
        selected = [guids.key(one.get("targetGUID")) for one in xml.children(case, "SelectionRef")]
        places += [
            context.codings[number].selection.source
            for one in selected
            for number in context.made.get(one, [])[:1]
        ]
        places += sorted(context.owners.get(key, ()))
        name = " ".join((case.get("name") or "").split())
        places = places or [by_name[one] for one in (name,) if one in by_name]
        name = name or (places[0] if places else f"case-{number}")
        values = variables.values(case)
        about = xml.text(case, "Description").strip()
        if about:
            values["description"] = " ".join(about.split())
        unique = tuple(dict.fromkeys(places))
        found.append(Person(name, values, unique, case.sourceline or 0))
    return found


def _coded(made: Iterable[Coding]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for coding in made:
        found.setdefault(coding.coder, set()).add(coding.selection.source)
    return {coder: frozenset(inside) for coder, inside in found.items()}


def _united(
    one: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    nothing: frozenset[str] = frozenset()
    return {key: one.get(key, nothing) | other.get(key, nothing) for key in {**one, **other}}


def _counted(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items())


def _said_of(path: Path, remains: Sequence[str]) -> list[Problem]:
    kinds = Counter(one.split(" ", 1)[0] for one in remains if not one.startswith("Note "))
    said = ", ".join(f"{count} {kind.lower()}s" for kind, count in kinds.items())
    message = f"{said} have no place in a study and stand in the report"
    return [Problem(path, 0, message, "warning")] if said else []


def with_rows(cases: Sequence[Case], sources: Sequence[Source], consent: str) -> tuple[Case, ...]:
    """Return participants so that each transcript has one, and each one a consent."""
    owned = {case.source for case in cases}
    columns = list(cases[0].values) if cases else ["id", "group", "consent", "transcript"]
    new = [
        Case(
            source.name,
            dict.fromkeys(columns, "") | {"id": source.name, "transcript": f"{source.name}.txt"},
        )
        for source in sources
        if source.name not in owned
    ]
    filled = [
        replace(one, values={**one.values, "consent": one.values.get("consent") or consent})
        for one in (*cases, *new)
    ]
    return tuple(filled)
