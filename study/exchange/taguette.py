"""A project of Taguette (.sqlite3) as a tree of REFI-QDA, and its lists of tags and highlights."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from study.errors import NotPossibleError
from study.exchange.database import Database, Row, opened, text, whole
from study.exchange.hypertext import Words
from study.exchange.trees import Tag, Tree, add_tags, tag_guid
from study.refi import guids
from study.refi.xml import Bare, Element

TABLES = ("projects", "documents", "tags", "highlights", "highlight_tags")
"""What tells a database of Taguette from others."""

_DOCUMENT = ("id", "name", "description", "created", "project_id", "contents")
_HIGHLIGHT = ("id", "document_id", "start_offset", "end_offset")


def read(path: Path) -> Tree:
    """Read a project as Taguette exports it.

    Raises
    ------
    NotPossibleError
        The database cannot be read, or holds several projects or none.
    """
    with opened(path) as database:
        projects = list(database.rows("projects", ("id", "name", "description"), "id"))
        if len(projects) != 1:
            listed = ", ".join(repr(text(one["name"])) for one in projects[:5]) or "none"
            message = f"{path}: holds {len(projects)} projects ({listed}), one is wanted"
            raise NotPossibleError(f"{message}; in Taguette, open it and export it as .sqlite3")
        return _Reader(database, projects[0]).tree()


@dataclass(slots=True)
class _Reader:
    """One project on its way into a tree."""

    database: Database
    project: Row
    make: Bare = field(default_factory=Bare)
    users: dict[str, str] = field(default_factory=dict)

    def tree(self) -> Tree:
        """Return the whole."""
        root = self.make.root("Project", name=text(self.project["name"]), origin="Taguette")
        users = self.make.add(root, "Users")
        tags, made = self._tags(root)
        self._documents(self.make.add(root, "Sources"), tags)
        about = text(self.project["description"]).strip()
        if about:
            notes = self.make.add(root, "Notes")
            guid = guids.of("taguette note", about)
            note = self.make.add(notes, "Note", guid=guid, name="Project description")
            self.make.add(note, "PlainTextContent", about)
        for name, guid in self.users.items():
            self.make.add(users, "User", guid=guid, name=name)
        said = f"tags that others stand below were made codes, too: {', '.join(made)}"
        return Tree(root, (said,) if made else ())

    def _rows(self, table: str, columns: Sequence[str], order: str = "id") -> Iterator[Row]:
        return self.database.rows(table, columns, order)

    def _here(self, row: Row) -> bool:
        return whole(row["project_id"]) == whole(self.project["id"])

    def _tags(self, root: Element) -> tuple[dict[int | None, str], list[str]]:
        """Add the tags; return their GUIDs by number, and paths that had to be made."""
        columns = ("id", "project_id", "path", "description")
        rows = [row for row in self._rows("tags", columns) if self._here(row)]
        found = [Tag(text(row["path"]), text(row["description"])) for row in rows]
        codes = self.make.add(self.make.add(root, "CodeBook"), "Codes")
        made = add_tags(self.make, codes, found)
        return {whole(row["id"]): tag_guid(text(row["path"])) for row in rows}, made

    def _user(self, name: str) -> str:
        return self.users.setdefault(name, guids.of("taguette user", name))

    def _documents(self, sources: Element, tags: Mapping[int | None, str]) -> None:
        highlights: dict[int | None, list[Row]] = defaultdict(list)
        for row in self._rows("highlights", _HIGHLIGHT):
            highlights[whole(row["document_id"])].append(row)
        tagged: dict[int | None, list[str]] = defaultdict(list)
        for row in self._rows("highlight_tags", ("highlight_id", "tag_id"), "tag_id"):
            if whole(row["tag_id"]) in tags:
                tagged[whole(row["highlight_id"])].append(tags[whole(row["tag_id"])])
        authors = self._authors()
        for row in filter(self._here, self._rows("documents", _DOCUMENT)):
            name, words = text(row["name"]), Words(text(row["contents"]))
            guid = guids.of("taguette document", name, text(row["id"]))
            element = self.make.add(sources, "TextSource", guid=guid, name=name)
            self.make.add(element, "PlainTextContent", words.text)
            if text(row["description"]).strip():
                self.make.add(element, "Description", text(row["description"]))
            for one in highlights[whole(row["id"])]:
                number = whole(one["id"])
                author = authors.get(number, ("taguette", ""))
                self._selection(element, words, one, tagged[number], author)

    def _selection(
        self, parent: Element, words: Words, row: Row, tags: list[str], author: tuple[str, str]
    ) -> None:
        start, end = whole(row["start_offset"]) or 0, whole(row["end_offset"]) or 0
        first, last = words.place(start), words.place(end, end=True)
        shown = words.text[first:last]
        first += len(shown) - len(shown.lstrip())
        last = max(first, last - (len(shown) - len(shown.rstrip())))
        key = (parent.get("guid"), str(start), str(end), text(row["id"]))
        made = {"creatingUser": self._user(author[0]), "creationDateTime": author[1]}
        element = self.make.add(
            parent,
            "PlainTextSelection",
            guid=guids.of("taguette highlight", *key),
            name=words.text[first:last],
            startPosition=str(first),
            endPosition=str(last),
            **made,
        )
        for tag in tags:
            guid = guids.of("taguette coding", *key, tag)
            coding = self.make.add(element, "Coding", guid=guid, **made)
            self.make.add(coding, "CodeRef", targetGUID=tag)

    def _authors(self) -> dict[int | None, tuple[str, str]]:
        """Return who made each highlight last, and when, as the list of commands says."""
        found: dict[int | None, tuple[str, str]] = {}
        for row in self._rows("commands", ("id", "date", "user_login", "payload", "project_id")):
            try:
                payload = json.loads(text(row["payload"]))
                added = payload.get("type") == "highlight_add" and self._here(row)
            except (ValueError, AttributeError, RecursionError):
                continue
            if added:
                moment = text(row["date"]).replace(" ", "T")
                found[whole(payload.get("highlight_id"))] = text(row["user_login"]), moment
        return found
