"""The codebook as a tree of <Code> elements, and back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from study import patterns
from study.codebook import COLOUR, SLUG
from study.errors import NotPossibleError
from study.model import STANCES, Code, Codebook, Problem, Stance
from study.refi import guids, labelled, xml
from study.refi.xml import Element, Maker

LABELS = ("Include", "Exclude", "Example", "Near miss", "Pattern", "Formerly", "Short name")
"""What stands before the parts of a code's description, in this order."""

STANCE = "Stance"
_ABOUT_STANCE = "How the speaker values what the other code of the same passage names."
_SINGLE = dict(zip(LABELS, ("include", "exclude", "example", "near_miss"), strict=False))
_HEX = re.compile(r"(?:#|0x)?(?:[0-9a-f]{2})?([0-9a-f]{6})", re.IGNORECASE)
_SHORT = re.compile(r"#?([0-9a-f])([0-9a-f])([0-9a-f])", re.IGNORECASE)
_RGB = re.compile(r"(?:rgba?\()?\s*(\d{1,3})\s*[,;\s]\s*(\d{1,3})\s*[,;\s]\s*(\d{1,3}).*")


def slug(name: str) -> str:
    """Return what a code's name is as `code:` in codebook.yaml; empty where no letter is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def stance_guid(stance: str = "") -> str:
    """Return the GUID of the code that stands for a stance, or of the code above these."""
    return guids.of("stance", stance)


def describe(code: Code) -> str:
    """Return what a code's entry says as one text that other programs show."""
    parts = [(label, str(getattr(code, key))) for label, key in _SINGLE.items()]
    parts += [("Pattern", pattern) for pattern in code.patterns]
    parts += [("Formerly", path) for path in code.formerly]
    last = code.path.rpartition(".")[2]
    parts += [("Short name", last if slug(code.name) != last else "")]
    return labelled.compose(code.definition, parts, LABELS)


def add_codes(
    maker: Maker, parent: Element, book: Codebook, notes: Mapping[str, Sequence[str]]
) -> None:
    """Add <Codes> with all codes of a book; `notes` has the GUIDs of memos by a code's path."""
    made: dict[str, Element] = {"": maker.add(parent, "Codes")}
    for code in sorted(book, key=lambda one: one.path.count(".")):
        if code.parent not in made:
            raise NotPossibleError(f"code {code.path!r} stands under {code.parent!r}, no code")
        element = maker.add(
            made[code.parent],
            "Code",
            guid=guids.plain(code.guid) or guids.of("code", code.guid),
            name=code.name or code.path,
            isCodable="true",
            color=code.colour if COLOUR.fullmatch(code.colour) else "",
        )
        made[code.path] = element
        text = describe(code)
        if text:
            maker.add(element, "Description", text)
        for guid in notes.get(code.path, ()):
            maker.add(element, "NoteRef", targetGUID=guid)


def add_stances(maker: Maker, codes: Element, used: Iterable[str], book: Codebook) -> None:
    """Add the codes that stand for stances: what every program keeps of a coding is its code."""
    top = maker.add(codes, "Code", guid=stance_guid(), name=STANCE, isCodable="false")
    maker.add(top, "Description", _ABOUT_STANCE)
    for stance in [one for one in STANCES if one in set(used)]:
        made = maker.add(top, "Code", guid=stance_guid(stance), name=stance, isCodable="true")
        if book.stances.get(stance):
            maker.add(made, "Description", book.stances[stance])


@dataclass(slots=True)
class Tree:
    """Codes as read: in order, and what each GUID in the file stands for."""

    path: Path
    codes: list[Code] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    stances: dict[str, Stance] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    elements: dict[str, Element] = field(default_factory=dict)

    def warn(self, element: Element, message: str) -> None:
        """Report what had to be changed, and where it stands."""
        line = element.sourceline or 0
        self.problems.append(Problem(self.path, line, message, "warning"))


def read_codes(path: Path, codes: Element | None, cases: frozenset[str] = frozenset()) -> Tree:
    """Read a tree of codes, and make what our codebooks do not allow fit, with a report.

    Parameters
    ----------
    path
        The file, for the report.
    codes
        The element <Codes>.
    cases
        Keys of the GUIDs of cases: some programs repeat each case as a code.
    """
    tree = Tree(path)
    found = [(entry, "") for entry in xml.children(codes, "Code")]
    entries = _flat(tree, found, cases)
    taken: dict[str, bool] = {one: False for one, _, _ in map(_named, entries) if one}
    once = guids.Once()
    names: dict[tuple[str, str], int] = {}
    places: dict[int, str] = {}
    for entry in entries:
        parent = places.get(id(entry.getparent()), "")
        code = _code(tree, entry, parent, once, taken)
        code = _distinct(tree, entry, code, names)
        places[id(entry)] = code.path
        tree.codes.append(code)
        tree.elements[code.path] = entry
        key = guids.key(entry.get("guid"))
        if tree.paths.setdefault(key, code.path) != code.path:
            message = f"code {code.name!r} has the GUID of {tree.paths[key]!r}; it got another"
            tree.warn(entry, f"{message}, and codings with that GUID went to the first")
    tree.codes = _without_lost_history(tree)
    return tree


def _flat(tree: Tree, found: list[tuple[Element, str]], cases: frozenset[str]) -> list[Element]:
    """Return the elements of codes in the order of the tree, without cases and stances."""
    entries: list[Element] = []
    stack = [entry for entry, _ in reversed(found)]
    while stack:
        entry = stack.pop()
        key = guids.key(entry.get("guid"))
        if key in cases:
            tree.skipped.add(key)
            below = xml.children(entry, "Code")
            stack += reversed(below)
        elif _is_stance(entry):
            _read_stances(tree, entry)
        else:
            entries.append(entry)
            stack += reversed(xml.children(entry, "Code"))
    return entries


def _is_stance(entry: Element) -> bool:
    """Tell whether this is the code above the stances, by its GUID or else by its words."""
    if guids.key(entry.get("guid")) == stance_guid():
        return True
    same = xml.text(entry, "Description").strip() == _ABOUT_STANCE
    return entry.get("name") == STANCE and same


def _read_stances(tree: Tree, entry: Element) -> None:
    tree.skipped.add(guids.key(entry.get("guid")))
    for below in xml.children(entry, "Code"):
        name = (below.get("name") or "").strip().lower()
        stance = next((one for one in STANCES if one == name), None)
        if stance is not None:
            tree.stances[guids.key(below.get("guid"))] = stance
            said = xml.text(below, "Description").strip()
            tree.said |= {stance: said} if said else {}


def _named(entry: Element) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the short name that a description gives, its definition and its other parts."""
    text = xml.text(entry, "Description").replace("\r\n", "\n")
    body, parts = labelled.split(text, LABELS)
    short = next((part.strip() for label, part in parts if label == "Short name"), "")
    return (short if SLUG.fullmatch(short) else ""), body, parts


def _code(
    tree: Tree, entry: Element, parent: str, once: guids.Once, taken: dict[str, bool]
) -> Code:
    short, definition, parts = _named(entry)
    name = re.sub(r"[\t\n\r]+", " ", entry.get("name") or "")
    last = short if short and not taken[short] else ""
    unnamed = slug(f"code {guids.key(entry.get('guid'))[:8]}")
    last = last or _free(slug(name) or unnamed, taken)
    if not name.strip():
        tree.warn(entry, f"a code without a name is called {last!r}")
    taken[last] = True
    path = f"{parent}.{last}" if parent else last
    texts: dict[str, Any] = {key: _joined(parts, label) for label, key in _SINGLE.items()}
    found, odd = _patterns(_listed(parts, "Pattern"))
    for pattern in odd:
        tree.warn(entry, f"code {name!r}: {pattern!r} is no pattern here and stays in words")
        definition = f"{definition}\n\nPattern: {pattern}"
    return Code(
        guid=once.take(entry.get("guid") or "", "code", path),
        path=path,
        name=name if name.strip() else last,
        definition=definition.strip(),
        **texts,
        colour=_colour(tree, entry),
        formerly=_listed(parts, "Formerly"),
        patterns=found,
    )


def _joined(parts: Sequence[tuple[str, str]], label: str) -> str:
    return "\n\n".join(filter(None, (text.strip() for name, text in parts if name == label)))


def _patterns(given: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the patterns that can be read here, and those that cannot."""
    good, odd = [], []
    for pattern in given:
        try:
            patterns.parse(pattern)
            good.append(pattern)
        except ValueError:
            odd.append(pattern)
    return tuple(good), odd


def _listed(parts: Sequence[tuple[str, str]], label: str) -> tuple[str, ...]:
    found = (text.strip() for name, text in parts if name == label)
    return tuple(dict.fromkeys(filter(None, found)))


def _free(wanted: str, taken: Container[str]) -> str:
    """Return a short name that no other code of the book has."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    return name


def _distinct(tree: Tree, entry: Element, code: Code, names: dict[tuple[str, str], int]) -> Code:
    """Give a second code of the same name under the same code a number."""
    count = names[code.parent, code.name] = names.get((code.parent, code.name), 0) + 1
    if count == 1:
        return code
    name = f"{code.name} ({count})"
    tree.warn(entry, f"code {code.name!r} stands twice in one place; the second is {name!r}")
    return _distinct(tree, entry, replace(code, name=name), names)


def _colour(tree: Tree, entry: Element) -> str:
    """Return a colour as `#rrggbb`, whatever notation it is in."""
    given = (entry.get("color") or "").strip()
    if not given or COLOUR.fullmatch(given):
        return given
    six, three, rgb = _HEX.fullmatch(given), _SHORT.fullmatch(given), _RGB.fullmatch(given)
    if six:
        return f"#{six[1].lower()}"
    if three:
        return "#" + "".join(letter * 2 for letter in three.groups()).lower()
    if rgb and all(int(part) < 256 for part in rgb.groups()):
        return "#{:02x}{:02x}{:02x}".format(*map(int, rgb.groups()))
    tree.warn(entry, f"colour {given!r} of code {entry.get('name')!r} is in no known notation")
    return ""


def _without_lost_history(tree: Tree) -> list[Code]:
    """Leave out a former path that another code has now or had, too: it would not be clear."""
    present = {code.path for code in tree.codes}
    seen: set[str] = set()
    kept = []
    for code in tree.codes:
        taken = (present - {code.path}) | seen
        former = tuple(path for path in code.formerly if path not in taken)
        seen.update(former)
        kept.append(replace(code, formerly=former))
    return kept


def in_order(codes: Sequence[Code], order: Sequence[str]) -> tuple[Code, ...]:
    """Return codes in the order in which their GUIDs are listed; others keep their place."""
    rank = {guid: number for number, guid in enumerate(order)}
    if not all(code.guid in rank for code in codes):
        return tuple(codes)
    return tuple(sorted(codes, key=lambda code: rank[code.guid]))


def is_in_tree_order(book: Codebook) -> bool:
    """Tell whether codes stand in the book as a tree lists them: each below its own."""
    paths = [code.path for code in book]
    return paths == tree_order(paths)


def tree_order(paths: Sequence[str]) -> list[str]:
    """Return paths with those below each right under it, else in the order given."""
    below: dict[str, list[str]] = {}
    for path in paths:
        below.setdefault(path.rpartition(".")[0], []).append(path)
    ordered: list[str] = []
    stack = below.get("", [])[::-1]
    while stack:
        ordered.append(stack.pop())
        stack += below.get(ordered[-1], [])[::-1]
    return ordered
