"""A project of QualCoder (PROJECT.qda with data.qda in it) as a tree of REFI-QDA.

QualCoder has no GUIDs: they follow from names, which it keeps unique, so the same project taken in
again is the same.  All its versions since 2019 (databases v1 to v17) are read; a table or column
that a version does not have counts as empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from study.exchange.database import Database, Row, opened, text, whole
from study.exchange.trees import Tree
from study.refi import guids
from study.refi.xml import Bare, Element
from study.wording import many

TABLES = ("project", "source", "code_name", "code_text", "cases")
"""What tells a project of QualCoder from other databases."""

FILE = "data.qda"
_KIND = "qualcoder"


def database_of(path: Path) -> Path:
    """Return the database of a project, whether its folder or the file was named."""
    return path / FILE if path.is_dir() else path


def read(path: Path) -> Tree:
    """Read a project.

    Raises
    ------
    NotPossibleError
        The database cannot be read.
    """
    with opened(path) as database:
        name = path.parent.stem if path.name == FILE else path.stem
        return _Reader(database, name).tree()


def _guid(*names: object) -> str:
    return guids.of(_KIND, *map(str, names))


@dataclass(slots=True)
class _Reader:
    """One project on its way into a tree."""

    database: Database
    name: str
    make: Bare = field(default_factory=Bare)
    notes: list[str] = field(default_factory=list)
    users: dict[str, str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    files: dict[int, str] = field(default_factory=dict)

    def tree(self) -> Tree:
        """Return the whole."""
        root = self.make.root("Project", name=self.name, origin="QualCoder")
        users = self.make.add(root, "Users")
        self._codebook(root)
        self._variables(root)
        cases, sources = self.make.add(root, "Cases"), self.make.add(root, "Sources")
        self._sources(sources)
        self._cases(cases)
        self._notes(root)
        for name, guid in self.users.items():
            self.make.add(users, "User", guid=guid, name=name)
        self._left()
        return Tree(root, tuple(self.notes))

    def _user(self, row: Row) -> str:
        name = text(row.get("owner")).strip() or "default"
        return self.users.setdefault(name, _guid("coder", name))

    def _made(self, row: Row) -> dict[str, str]:
        moment = text(row.get("date")).strip().replace(" ", "T")
        return {"creatingUser": self._user(row), "creationDateTime": moment}

    def _codebook(self, root: Element) -> None:
        """Add categories and codes: a category is a code that holds others."""
        columns = ("catid", "name", "memo", "supercatid")
        categories = {whole(row["catid"]): row for row in self._rows("code_cat", columns, "catid")}
        more = ("cid", "name", "memo", "catid", "supercid", "color")
        codes = {whole(row["cid"]): row for row in self._rows("code_name", more, "cid")}
        book = self.make.add(self.make.add(root, "CodeBook"), "Codes")
        made: dict[tuple[str, int | None], Element] = {}
        nodes = {("category", key): row for key, row in categories.items()}
        nodes |= {("code", key): row for key, row in codes.items()}
        for key in nodes:
            self._code(nodes, key, made, book)

    def _code(
        self,
        nodes: dict[tuple[str, int | None], Row],
        key: tuple[str, int | None],
        made: dict[tuple[str, int | None], Element],
        book: Element,
    ) -> None:
        """Add a code, and first those above it; a ring of codes is cut where it was entered."""
        chain = []
        at: tuple[str, int | None] | None = key
        while at is not None and at in nodes and at not in made and at not in chain:
            chain.append(at)
            at = _above(at, nodes[at])
        for kind, number in reversed(chain):
            row, name = nodes[kind, number], text(nodes[kind, number]["name"])
            above = _above((kind, number), row)
            guid = _guid(kind, name)
            element = self.make.add(
                made.get(above, book) if above else book,
                "Code",
                guid=guid,
                name=name,
                isCodable="true" if kind == "code" else "false",
                color=text(row.get("color")),
            )
            if text(row["memo"]).strip():
                self.make.add(element, "Description", text(row["memo"]))
            made[kind, number] = element
            if kind == "code" and number is not None:
                self.codes[number] = guid

    def _variables(self, root: Element) -> None:
        variables = self.make.add(root, "Variables")
        for row in self._rows("attribute_type", ("name", "memo", "valuetype")):
            name = text(row["name"])
            self.make.add(variables, "Variable", guid=_guid("variable", name), name=name)

    def _values(self, kind: str) -> dict[int | None, list[tuple[str, str]]]:
        found: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
        for row in self._rows("attribute", ("name", "attr_type", "value", "id"), "attrid"):
            if text(row["attr_type"]) == kind and text(row["value"]):
                found[whole(row["id"])].append((text(row["name"]), text(row["value"])))
        return found

    def _add_values(self, parent: Element, values: list[tuple[str, str]]) -> None:
        for name, value in values:
            made = self.make.add(parent, "VariableValue")
            self.make.add(made, "VariableRef", targetGUID=_guid("variable", name))
            self.make.add(made, "TextValue", value)

    def _sources(self, sources: Element) -> None:
        """Add the texts with their codings; pictures and recordings have no place here."""
        codings, remarks = self._by_file("code_text"), self._by_file("annotation")
        values = self._values("file")
        columns = ("id", "name", "fulltext", "mediapath", "memo", "owner", "date")
        media = []
        for row in self._rows("source", columns, "id"):
            number, name = whole(row["id"]), text(row["name"])
            if not text(row["fulltext"]).strip():
                media.append(name)
                continue
            guid = _guid("source", name)
            element = self.make.add(sources, "TextSource", guid=guid, name=name)
            self.make.add(element, "PlainTextContent", text(row["fulltext"]))
            if text(row["memo"]).strip():
                self.make.add(element, "Description", text(row["memo"]))
            for key, moment in self._made(row).items():
                element.set(key, moment)
            self._selections(element, name, codings.pop(number, []), remarks.pop(number, []))
            self._add_values(element, values.get(number, []))
            if number is not None:
                self.files[number] = guid
        if media:
            said = ", ".join(media)
            self.notes.append(f"pictures, recordings and empty files have no place here: {said}")
        lost = sum(map(len, codings.values()))
        if lost:
            are = f"{many(lost, 'coding')} {'is' if lost == 1 else 'are'}"
            self.notes.append(f"{are} of texts that the project no longer has")

    def _by_file(self, table: str) -> dict[int | None, list[Row]]:
        found: dict[int | None, list[Row]] = defaultdict(list)
        columns = ("cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo", "important")
        for row in self._rows(table, columns):
            found[whole(row["fid"])].append(row)
        return found

    def _selections(self, parent: Element, name: str, made: list[Row], said: list[Row]) -> None:
        keys: tuple[object, ...]
        for row in made:
            code = whole(row["cid"])
            target = self.codes.get(code) if code is not None else None
            keys = (text(row["owner"]), name, target, row["pos0"], row["pos1"])
            element = self._selection(parent, row, keys, _memo(row))
            guid = _guid("coding", *keys)
            coding = self.make.add(element, "Coding", guid=guid, **self._made(row))
            self.make.add(coding, "CodeRef", targetGUID=target or _guid("no code", code))
        for row in said:
            keys = (text(row["owner"]), name, "annotation", row["pos0"], row["pos1"])
            self._selection(parent, row, keys, text(row["memo"]))

    def _selection(self, parent: Element, row: Row, keys: tuple[object, ...], memo: str) -> Element:
        element = self.make.add(
            parent,
            "PlainTextSelection",
            guid=_guid("selection", *keys),
            name=text(row["seltext"]),
            startPosition=text(row["pos0"]),
            endPosition=text(row["pos1"]),
            **self._made(row),
        )
        if memo.strip():
            self.make.add(element, "Description", memo)
        return element

    def _cases(self, cases: Element) -> None:
        owned: dict[int | None, dict[str, None]] = defaultdict(dict)
        for row in self._rows("case_text", ("caseid", "fid")):
            file = whole(row["fid"])
            if file in self.files:
                owned[whole(row["caseid"])][self.files[file]] = None
        values = self._values("case")
        for row in self._rows("cases", ("caseid", "name", "memo"), "caseid"):
            number, name = whole(row["caseid"]), text(row["name"])
            element = self.make.add(cases, "Case", guid=_guid("case", name), name=name)
            if text(row["memo"]).strip():
                self.make.add(element, "Description", text(row["memo"]))
            self._add_values(element, values.get(number, []))
            for target in owned.get(number, ()):
                self.make.add(element, "SourceRef", targetGUID=target)

    def _notes(self, root: Element) -> None:
        notes = self.make.add(root, "Notes")
        for row in self._rows("project", ("memo",)):
            if text(row["memo"]).strip():
                self._note(notes, row, "Project memo", text(row["memo"]))
        for row in self._rows("journal", ("name", "jentry", "date", "owner"), "jid"):
            self._note(notes, row, text(row["name"]), text(row["jentry"]))

    def _note(self, notes: Element, row: Row, name: str, content: str) -> None:
        guid = _guid("note", name)
        made = self.make.add(notes, "Note", guid=guid, name=name, **self._made(row))
        self.make.add(made, "PlainTextContent", content)

    def _rows(self, table: str, columns: tuple[str, ...], order: str = "") -> Iterator[Row]:
        return self.database.rows(table, columns, order)

    def _left(self) -> None:
        """Say what of the project has no place in a study."""
        kinds = {
            "code_image": "codings of pictures and of areas of pages",
            "code_av": "codings of recordings",
            "graph": "graphs",
            "stored_sql": "stored queries",
        }
        column = {"code_image": "imid", "code_av": "avid", "graph": "grid", "stored_sql": "title"}
        for kind, said in kinds.items():
            count = sum(1 for _ in self._rows(kind, (column[kind],)))
            self.notes += [f"{count} {said} were left out"] if count else []


def _above(key: tuple[str, int | None], row: Row) -> tuple[str, int | None] | None:
    """Return what a category or code stands under."""
    if key[0] == "category":
        parent = whole(row["supercatid"])
        return ("category", parent) if parent is not None else None
    code, category = whole(row["supercid"]), whole(row["catid"])
    if code is not None:
        return "code", code
    return ("category", category) if category is not None else None


def _memo(row: Row) -> str:
    """Return a coding's memo; that QualCoder's user marked it as important is said in it."""
    mark = "Important." if whole(row["important"]) else ""
    return "\n\n".join(filter(None, (text(row["memo"]).strip(), mark)))
