"""Selections with their codings, as they stand in a file and as they are here."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from study.model import STANCES, Coding, Problem, Selection, Stance
from study.refi import guids, labelled, names, offsets, xml
from study.refi.codes import Tree
from study.refi.offsets import Counting, Ruler, Span
from study.refi.texts import Moved
from study.refi.writing import LABELS
from study.refi.xml import Element


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said about a passage that has no code."""

    source: str
    line: int
    words: str
    author: str
    moment: dt.datetime
    text: str

    def __str__(self) -> str:
        shown = self.words if len(self.words) <= 80 else f"{self.words[:79]}\u2026"
        return f"Line {self.line}, \u201c{shown}\u201d: {self.text}"


@dataclass(slots=True)
class Context:
    """What the selections of all sources share, and what they add to.

    `owners` has the names of the sources that each case (by key) is coded in, `made` the codings by
    the keys of their own GUIDs and of their selections', `bare` passages without a code by the key
    of their GUID, `loose` stances that another program took apart from their coding, and `counts`
    what had to be left out or assumed, and how often.
    """

    path: Path
    origin: str
    tree: Tree
    users: dict[str, str]
    dated: dt.datetime
    cases: frozenset[str] = frozenset()
    default_user: str = ""
    once: guids.Once = field(default_factory=guids.Once)
    codings: list[Coding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    owners: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    made: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    bare: dict[str, Remark] = field(default_factory=dict)
    loose: dict[tuple[str, Selection], set[Stance]] = field(
        default_factory=lambda: defaultdict(set)
    )
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def ours(self) -> bool:
        """Tell whether this program wrote the file."""
        return self.origin.startswith("study ")

    def warn(self, line: int, message: str) -> None:
        """Report something."""
        self.problems.append(Problem(self.path, line, message, "warning"))

    def user(self, *references: str | None) -> str:
        """Return the coder whom the first of several references names."""
        key = next((guids.key(one) for one in references if guids.key(one)), "")
        if not key:
            return self.default_user or "unknown-coder"
        if key not in self.users:
            taken = names.Names("coder")
            for name in self.users.values():
                taken.take(name)
            self.users[key] = taken.take(f"coder-{key[:8]}")
            self.warn(0, f"user {key} is in no list of users and is called {self.users[key]}")
        return self.users[key]


@dataclass(frozen=True, slots=True)
class Placed:
    """A source with its text as received and as it is here.

    `counted` says that positions count in the text received; otherwise only words tell places.
    """

    name: str
    version: str
    ruler: Ruler
    moved: Moved
    counted: bool = True


def read(context: Context, placed: Placed, owner: Element, found: Sequence[Element]) -> None:
    """Read the selections of one text and add their codings to the context."""
    valid = [(element, span) for element in found for span in _span(context, element)]
    told = placed.counted and not context.ours
    spans = [span for _, span in valid] if told else []
    counting, said = offsets.detect(placed.ruler, spans, context.origin)
    if said:
        context.warn(owner.sourceline or 0, f"{placed.name}: {said}")
    for element, span in valid:
        place = _place(context, placed, element, span, counting)
        if place is not None:
            _codings(context, placed, element, Selection(placed.name, *place))


def _span(context: Context, element: Element) -> Iterator[Span]:
    """Yield the offsets of a selection, if they are two numbers in order."""
    given = element.get("startPosition", ""), element.get("endPosition", "")
    try:
        start, end = map(int, given)
        if 0 <= start < end < 2**40:
            yield Span(start, end, element.get("name") or "")
            return
    except ValueError:
        pass
    context.warn(
        element.sourceline or 0,
        f"a selection from {given[0]!r} to {given[1]!r} holds no characters and is left out"
        f"{_codes_of(context, element)}",
    )


def _codes_of(context: Context, element: Element) -> str:
    named = [context.tree.paths.get(_target(one), "an unknown code") for one in _made(element)]
    return f" ({', '.join(named)})" if named else ""


def _place(
    context: Context, placed: Placed, element: Element, span: Span, counting: Counting
) -> tuple[int, int] | None:
    """Return where a selection stands here; one that misses the text is looked for by its words."""
    counted = _counted(context, placed, span, counting) if placed.counted else None
    found = counted or _by_words(placed.ruler, span)
    where = f"{placed.name}: the selection from {span.start} to {span.end}"
    if found is None:
        size = len(placed.ruler.text)
        message = f"{where} is not inside its text of {size} characters and is left out"
        context.warn(element.sourceline or 0, message + _codes_of(context, element))
        return None
    moved = placed.moved.place(*found)
    if moved is None:
        message = f"{where} holds white space only and is left out"
        context.warn(element.sourceline or 0, message + _codes_of(context, element))
    return moved


def _counted(
    context: Context, placed: Placed, span: Span, counting: Counting
) -> tuple[int, int] | None:
    """Return a selection by its positions, or by another counting if only that gives its words.

    QualCoder mixes two: what was coded there counts an emoji twice, what was imported once.
    """
    ruler = placed.ruler
    if not context.ours and span.quoted and not ruler.says(span, counting):
        other = next((one for one in ruler.countings() if ruler.says(span, one)), None)
        if other is not None:
            context.counts[f"passages were placed by their words: they count {other}"] += 1
            return ruler.span(span, other)
    return ruler.span(span, counting)


def _by_words(ruler: Ruler, span: Span) -> tuple[int, int] | None:
    """Find a selection by the words it is named by, if they stand in the text exactly once."""
    words = span.name.strip()
    if len(words) < 8 or ruler.text.count(words) != 1:
        return None
    start = ruler.text.index(words)
    return start, start + len(words)


def _made(element: Element) -> list[Element]:
    return xml.children(element, "Coding")


def _target(coding: Element) -> str:
    reference = xml.child(coding, "CodeRef")
    return guids.key(reference.get("targetGUID")) if reference is not None else ""


def _codings(context: Context, placed: Placed, element: Element, where: Selection) -> None:
    """Add the codings of one selection, with what its description says."""
    tree = context.tree
    made = [(one, _target(one)) for one in _made(element)]
    text = xml.text(element, "Description")
    memo, stance, identity = _said(text if context.ours else text.replace("\r\n", "\n"))
    stances = {tree.stances[target] for _, target in made if target in tree.stances}
    plain = [(one, target) for one, target in made if target not in tree.stances]
    for one, target in plain:
        if target in context.cases:
            context.owners[target].add(placed.name)
        elif target in tree.paths:
            coding = _coding(context, placed, element, one, where)
            chosen = stance or (next(iter(stances)) if len(stances) == 1 else "")
            coding = replace(
                coding,
                code=tree.paths[target],
                memo=memo,
                stance=chosen,
                id=identity or coding.id,
            )
            identity = ""
            _add(context, element, one, coding)
        elif target not in tree.skipped:
            context.counts["codings were left out: their code is not in the file"] += 1
    if len(stances) > 1 and plain and not stance:
        context.counts["passages have several stances, which cannot be told apart"] += 1
    if stances and not plain:
        context.loose[_user_of(context, element), where] |= {stance} if stance else stances
    elif not made:
        _remark(context, placed, element, where, text.strip())


def _user_of(context: Context, element: Element, *first: str | None) -> str:
    return context.user(*first, element.get("creatingUser"), element.get("modifyingUser"))


def _said(text: str) -> tuple[str, Stance, str]:
    """Return the memo, the stance and the id that a selection's description holds."""
    memo, parts = labelled.split(text, LABELS)
    found = dict(parts)
    given = found.get("Stance", "").strip()
    stance: Stance = next((one for one in STANCES if one == given), "")
    if "Stance" in found and not stance:  # somebody's own words
        return text, "", ""
    return memo, stance, found.get("Id", "")


def _coding(
    context: Context, placed: Placed, element: Element, coding: Element, where: Selection
) -> Coding:
    created = names.moment(
        coding.get("creationDateTime"),
        element.get("creationDateTime"),
        element.get("modifiedDateTime"),
    )
    if created is None:
        day = context.dated.date().isoformat()
        context.counts[f"codings have no date and got that of the file ({day})"] += 1
    coder = _user_of(context, element, coding.get("creatingUser"))
    return Coding(
        id=context.once.take(coding.get("guid") or "", "coding", coder, placed.name),
        selection=where,
        code="",
        coder=coder,
        created=created or context.dated,
        source_version=placed.version,
    )


def _add(context: Context, element: Element, own: Element, coding: Coding) -> None:
    for reference in (element.get("guid"), own.get("guid")):
        context.made[guids.key(reference)].append(len(context.codings))
    context.codings.append(coding)


def _remark(
    context: Context, placed: Placed, element: Element, where: Selection, text: str
) -> None:
    """Keep a passage that has no code, for what is or will be said about it."""
    shown = placed.moved.text
    moment = names.moment(element.get("modifiedDateTime"), element.get("creationDateTime"))
    context.bare[guids.key(element.get("guid"))] = Remark(
        source=placed.name,
        line=shown.count("\n", 0, where.start) + 1,
        words=" ".join(shown[where.start : where.end].split()),
        author=_user_of(context, element),
        moment=moment or context.dated,
        text=text,
    )


def whole(context: Context, placed: Placed, owner: Element) -> None:
    """Read the codings of a source as such: they apply to all its words."""
    made = xml.children(owner, "Coding")
    length = len(placed.ruler.text)
    where = placed.moved.place(0, length) if made and length else None
    if where is not None:
        context.counts["codings of whole documents became codings of all their words"] += len(made)
        _codings(context, placed, owner, Selection(placed.name, *where))


def settle(context: Context) -> list[Coding]:
    """Return the codings: stances back with their own, each made once, in the order of the logs."""
    kept: dict[tuple[str, Selection, str], Coding] = {}
    for coding in context.codings:
        loose = context.loose.get((coding.coder, coding.selection), set())
        if not coding.stance and len(loose) == 1:
            coding = replace(coding, stance=next(iter(loose)))
        key = (coding.coder, coding.selection, coding.code)
        if key not in kept:
            kept[key] = coding
            continue
        context.counts["codings repeat another (coder, passage, code) and were left out"] += 1
        if coding.memo and coding.memo not in kept[key].memo:
            memo = "\n\n".join(filter(None, (kept[key].memo, coding.memo)))
            kept[key] = replace(kept[key], memo=memo)
    return sorted(kept.values(), key=lambda one: (one.coder, f"{one.selection.source}.csv"))
