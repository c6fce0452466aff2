"""Users, and Cases with their Variables: coders and participants."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from study.model import CONSENTS, DERIVED, Case, Problem, Project
from study.refi import guids, names, xml
from study.refi.xml import Element, Maker

ASKED = "interviewer labels"
"""The variable of a source that says which of its speakers ask."""

_OWN = ("id", "transcript")
_VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")


def asked_guid() -> str:
    """Return the GUID of the variable that says who asks."""
    return guids.of("variable of sources", ASKED)


def coders(project: Project) -> list[str]:
    """Return everybody who has coded or written something, people first."""
    found = {one.coder for one in project.codings} | set(project.assigned)
    found |= {memo.author for memo in project.memos}
    return sorted(found, key=lambda name: (name in DERIVED, name))


def add_users(maker: Maker, parent: Element, names_of: Sequence[str]) -> None:
    """Add <Users>, one for each coder."""
    if names_of:
        users = maker.add(parent, "Users")
        for name in names_of:
            maker.add(users, "User", guid=guids.of("coder", name), name=name)


def columns(cases: Sequence[Case]) -> list[str]:
    """Return the variables of participants, in order; what follows from the rest is left out."""
    found: dict[str, None] = {}
    for case in cases:
        found |= dict.fromkeys(case.values)
    if all(case.values.get("id", case.name) == case.name for case in cases):
        found.pop("id", None)
    if all(case.values.get("transcript") in (None, f"{case.source}.txt") for case in cases):
        found.pop("transcript", None)
    return list(found)


def add_variables(maker: Maker, parent: Element, project: Project, asked: bool) -> None:
    """Add <Variables>: one for each column of participants.csv."""
    listed = columns(project.cases)
    if not listed and not asked:
        return
    variables = maker.add(parent, "Variables")
    for column in listed:
        values = [case.values.get(column, "") for case in project.cases]
        guid = guids.of("variable", column)
        maker.add(variables, "Variable", guid=guid, name=column, typeOfVariable=_type(values))
    if asked:
        maker.add(variables, "Variable", guid=asked_guid(), name=ASKED, typeOfVariable="Text")


def _type(values: Iterable[str]) -> str:
    given = [value for value in values if value]
    if given and all(map(_WHOLE.fullmatch, given)):
        return "Integer"
    return "Date" if given and all(map(_is_date, given)) else "Text"


def _is_date(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def add_cases(
    maker: Maker,
    parent: Element,
    project: Project,
    sources: Mapping[str, str],
    scope: tuple[str, ...] = (),
) -> None:
    """Add <Cases>, each with its values and its transcript; `sources` has GUIDs by name."""
    if not project.cases:
        return
    listed = columns(project.cases)
    kinds = {one: _type(case.values.get(one, "") for case in project.cases) for one in listed}
    cases = maker.add(parent, "Cases")
    for case in project.cases:
        guid = guids.of("case", *scope, case.name)
        made = maker.add(cases, "Case", guid=guid, name=case.name)
        for column in listed:
            value = case.values.get(column, "")
            if value:
                add_value(maker, made, guids.of("variable", column), value, kinds[column])
        if case.source in sources:
            maker.add(made, "SourceRef", targetGUID=sources[case.source])


def add_value(maker: Maker, parent: Element, variable: str, value: str, kind: str = "Text") -> None:
    """Add one <VariableValue>."""
    made = maker.add(parent, "VariableValue")
    maker.add(made, "VariableRef", targetGUID=variable)
    maker.add(made, f"{kind}Value", value)


def read_users(users: Element | None) -> dict[str, str]:
    """Return the names of coders by the keys of their GUIDs."""
    known = names.Names("coder")
    return {
        guids.key(user.get("guid")): known.take(user.get("name") or user.get("id") or "")
        for user in xml.children(users, "User")
    }


@dataclass(slots=True)
class Variables:
    """The variables of a file: column by key of the GUID."""

    columns: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def values(self, owner: Element) -> dict[str, str]:
        """Return the values that an element carries, by column."""
        found = {}
        for value in xml.children(owner, "VariableValue"):
            reference = xml.child(value, "VariableRef")
            key = guids.key(reference.get("targetGUID")) if reference is not None else ""
            given = next((xml.text(one, ".") for one in value if one.tag in _VALUES), "")
            if key in self.columns:
                found[self.columns[key]] = " ".join(given.split("\n")).strip()
        return found

    def who_asks(self, owner: Element) -> tuple[str, ...]:
        """Return the labels that a source's variable names as interviewers."""
        for value in xml.children(owner, "VariableValue"):
            reference = xml.child(value, "VariableRef")
            if reference is not None and guids.key(reference.get("targetGUID")) in self.asked:
                labels = xml.text(value, "TextValue").split(";")
                return tuple(filter(None, map(str.strip, labels)))
        return ()


def read_variables(path: Path, variables: Element | None) -> Variables:
    """Read <Variables>; a name that participants.csv uses otherwise gets an addition."""
    found = Variables()
    taken: set[str] = set()
    for variable in xml.children(variables, "Variable"):
        key = guids.key(variable.get("guid"))
        given = " ".join((variable.get("name") or "").split()) or "variable"
        if key == asked_guid() or given == ASKED:
            found.asked.add(key)
            continue
        column = _column(given, key, taken)
        taken.add(column)
        found.columns[key] = column
        if column != given:
            message = f"variable {given!r} is called {column!r} in participants.csv"
            line = variable.sourceline or 0
            found.problems.append(Problem(path, line, message, "warning"))
    return found


def _column(given: str, key: str, taken: set[str]) -> str:
    own = given in _OWN and key != guids.of("variable", given)
    column, count = f"{given} (variable)" if own else given, 1
    while column in taken:
        count += 1
        column = f"{given} {count}"
    return column


@dataclass(frozen=True, slots=True)
class Person:
    """A case as the file has it: its name, its values, and the names of its sources."""

    name: str
    values: Mapping[str, str]
    sources: tuple[str, ...]
    line: int


def rows(
    path: Path,
    people: Sequence[Person],
    sources: Sequence[str],
    of_sources: Mapping[str, Mapping[str, str]],
    declared: Sequence[str] = (),
) -> tuple[list[Case], list[Problem]]:
    """Return participants as rows: one a transcript; what does not fit that is reported.

    Parameters
    ----------
    path
        The file, for the report.
    people
        The cases.
    sources
        Names of all transcripts.
    of_sources
        Values that sources themselves carry, by their names.
    declared
        Columns that there are, with values or without.
    """
    found: dict[str, Case] = {}
    owned: dict[str, str] = {}
    problems = []
    for person in people:
        places = [name for name in person.sources if name not in owned]
        shared = [name for name in person.sources if name in owned]
        if shared and not places:
            message = f"case {person.name!r} shares {shared[0]} with {owned[shared[0]]!r}"
            said = f"{message}; one row a transcript, so its values stand only here: "
            problems.append(Problem(path, person.line, said + _shown(person), "warning"))
            continue
        if len(places) > 1:
            message = f"case {person.name!r} has {len(places)} transcripts and becomes as many rows"
            problems.append(Problem(path, person.line, message, "warning"))
        for source in places or [""]:
            name = _free(person.name, found)
            found[name] = _row(name, person.values, source, of_sources.get(source, {}))
            owned |= {source: name} if source else {}
    for source in sources:
        if source not in owned and of_sources.get(source):
            name = _free(source, found)
            found[name] = _row(name, {}, source, of_sources[source])
    return _filled(path, list(found.values()), declared, problems)


def _shown(person: Person) -> str:
    return ", ".join(f"{key} = {value}" for key, value in person.values.items()) or "none"


def _free(wanted: str, taken: Mapping[str, Case]) -> str:
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    return name


def _row(name: str, values: Mapping[str, str], source: str, more: Mapping[str, str]) -> Case:
    named = {"id": name, "transcript": f"{source}.txt" if source else ""}
    return Case(name, named | dict(more) | dict(values))


def _filled(
    path: Path, cases: list[Case], declared: Sequence[str], problems: list[Problem]
) -> tuple[list[Case], list[Problem]]:
    """Give all rows the same columns, and columns values that participants.csv may hold."""
    order: dict[str, None] = dict.fromkeys(declared)
    for case in cases:
        order |= dict.fromkeys(case.values)
    renamed = {}
    for column in order:
        values = [case.values.get(column, "") for case in cases]
        if column == "consent" and not set(values) <= {"", *CONSENTS}:
            renamed[column] = "consent (in the file)"
        elif column.endswith("date") and not all(map(_is_date, map(_day, filter(None, values)))):
            renamed[column] = f"{column} (text)"
    for column, other in renamed.items():
        message = f"variable {column!r} holds what that column may not, and is {other!r} here"
        problems.append(Problem(path, 0, message, "warning"))
    wanted = ["id", *(one for one in order if one not in _OWN), "consent", "transcript"]
    columns = list(dict.fromkeys(wanted))
    return [_even(case, columns, renamed) for case in cases], problems


def _day(value: str) -> str:
    """Return the day of a date or of a date with a time."""
    return value[:10] if re.fullmatch(r"\d{4}-\d\d-\d\d(?:T.*)?", value) else value


def _even(case: Case, columns: Sequence[str], renamed: Mapping[str, str]) -> Case:
    values = {}
    for column in columns:
        value = case.values.get(column, "")
        if column in renamed:
            values[renamed[column]] = value
            value = ""
        if column not in renamed or column == "consent":
            values[column] = _day(value) if column.endswith("date") else value
    return Case(case.name, values)
