"""A codebook as the table that a team discusses, and the team's changes to it, found again.

Each row ends with a key: the code's GUID, and six digits for each cell as it was when the table was
made.  So a changed cell is told from one that is only out of date, whichever program saved the
table, and two people's changes to one text are told from one person's.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from study.codebook import SLUG, TEXTS, scheme
from study.codebook.scalars import clean
from study.errors import NotPossibleError
from study.exchange.grids import Line
from study.model import Code, under
from study.refi import guids

COLUMNS: Mapping[str, str] = {
    "code": "Code",
    "path": "Path",
    "definition": "Definition",
    "include": "Include",
    "exclude": "Exclude",
    "example": "Example",
    "near_miss": "Near miss",
    "key": "Key",
}
"""What the columns of the table are headed."""

CELLS = tuple(column for column in COLUMNS if column != "key")
NOTE = (
    "Change any cell, and add rows for new codes. A changed path renames or moves the code, and "
    "its codings follow. A row that is taken out changes nothing. Leave the last column as it is: "
    "by it each row finds its code again."
)
_LONGEST = 32_000
"""Characters of a cell; a workbook cuts off what is more, and a cut text is no change."""

_DIGITS = 6
_KEY = re.compile(r"(?P<guid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\W*(?P<marks>[0-9a-f]*)")
_AROUND = 4


def cell(code: Code, column: str) -> str:
    """Return what stands in one cell of a code's row."""
    found: str = getattr(code, "name" if column == "code" else column)
    return found[:_LONGEST]


def key(code: Code) -> str:
    """Return the key of a code's row."""
    return f"{code.guid}/{''.join(_mark(cell(code, column)) for column in CELLS)}"


def _plain(text: str) -> str:
    """Return what counts of a text: programs lay white space out anew, and quotes, too."""
    for odd, even in (("\u2018", "'"), ("\u2019", "'"), ("\u201c", '"'), ("\u201d", '"')):
        text = text.replace(odd, even)
    return " ".join(text.split())


def _mark(text: str) -> str:
    return hashlib.sha256(_plain(text).encode("utf-8", "replace")).hexdigest()[:_DIGITS]


def _marks(line: Line) -> tuple[str, dict[str, str]]:
    """Return the GUID of a row and the digits of its cells; empty where it has none."""
    found = _KEY.search("".join(line.cells.get("key", "").split()).lower())
    if not found:
        return "", {}
    given, size = found["marks"], _DIGITS
    if len(given) != size * len(CELLS):
        return found["guid"], {}
    parts = [given[n : n + size] for n in range(0, len(given), size)]
    return found["guid"], dict(zip(CELLS, parts, strict=True))


@dataclass(slots=True)
class Changes:
    """A codebook with a team's table taken in: the codes, and what was changed, in words.

    `taken` are paths that no new code may have; `replace` takes the table's text also where the
    study's has been changed since the table was made.
    """

    codes: tuple[Code, ...]
    taken: Collection[str] = ()
    replace: bool = False
    shown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    added: int = 0

    def take(self, lines: Sequence[Line]) -> None:
        """Take all rows in: first texts, then paths, then new codes.

        Raises
        ------
        NotPossibleError
            Two rows are of one code, or a cell holds what a codebook cannot.
        """
        rows = self._matched(lines)
        for line, guid in rows:
            if guid:
                with _row(line):
                    self._texts(line, guid)
        self._places(rows)
        left = [code.path for code in self.codes if code.guid not in {g for _, g in rows}]
        left = [path for path in left if self._guid_of(path) not in self.about]
        if left:
            listed = ", ".join(left[:10]) + (f" and {len(left) - 10} more" if left[10:] else "")
            self.notes.append(f"not in the table, and kept as they are: {listed}")

    def _places(self, rows: Sequence[tuple[Line, str]]) -> None:
        """Move codes and add new ones, those first below which others are to stand."""
        known = [guid for _, guid in rows]
        waiting = list(range(len(rows)))
        while waiting:
            left = [number for number in waiting if not self._placed(rows, known, number)]
            if left == waiting:
                with _row(rows[left[0]][0]):
                    self._require_parent(_parent_named(rows[left[0]][0]))
            waiting = left

    def _placed(self, rows: Sequence[tuple[Line, str]], known: list[str], number: int) -> bool:
        """Give one row's code its place; False where the code above it is not there yet."""
        line, guid = rows[number]
        parent = _parent_named(line)
        changed = not guid or self._edited(line, self._code(guid), "path") is not None
        if changed and parent and parent not in {code.path for code in self.codes}:
            return False
        with _row(line):
            if guid:
                self._path(line, guid)
            else:
                known[number] = self._new(line, next(filter(None, known[:number][::-1]), ""))
        return True

    def _guid_of(self, path: str) -> str:
        return next(code.guid for code in self.codes if code.path == path)

    def _code(self, guid: str) -> Code:
        return next(code for code in self.codes if code.guid == guid)

    def _matched(self, lines: Sequence[Line]) -> list[tuple[Line, str]]:
        """Return rows with the GUID of the code that each is about: by key, path, else name."""
        by_guid = {code.guid.lower(): code.guid for code in self.codes}
        by_path = {path: code.guid for code in self.codes for path in (*code.formerly, code.path)}
        names: dict[str, list[str]] = {}
        for code in self.codes:
            names.setdefault(_plain(code.name).casefold(), []).append(code.guid)
        rows: list[tuple[Line, str]] = []
        seen: dict[str, int] = {}
        for line in lines:
            given, _ = _marks(line)
            name = names.get(_plain(line.cells.get("code", "")).casefold(), [])
            path = line.cells.get("path", "")
            guid = by_guid.get(given, "")
            if not given:
                guid = by_path.get(path, "") if path else (name[0] if len(name) == 1 else "")
            if guid and guid in seen:
                both = (
                    f"rows {seen[guid]} and {line.number} are of one code, {self._code(guid).path}"
                )
                raise NotPossibleError(f"{both}; for a new code, empty the last cell of its row")
            seen |= {guid: line.number} if guid else {}
            rows.append((line, guid))
        return rows

    def _edited(self, line: Line, code: Code, column: str) -> str | None:
        """Return what a cell of a row was changed to; None where it was not, or must wait."""
        if column not in line.cells:
            return None
        given, here = line.cells[column], cell(code, column)
        mark = _marks(line)[1].get(column, "")
        if _plain(given) == _plain(here) or (mark and _mark(given) == mark):
            return None
        if mark and mark != _mark(here) and not self.replace:
            self.notes.append(
                f"{code.path}, {COLUMNS[column].lower()}: was changed both here and in the table, "
                f"and stays as it is here; the table says: {given or 'nothing'}"
            )
            return None
        return given

    def _texts(self, line: Line, guid: str) -> None:
        code = self._code(guid)
        given: dict[str, str] = {}
        for column in ("code", *TEXTS):
            wanted = self._edited(line, code, column)
            if column == "code" and wanted == "":
                self.notes.append(
                    f"{code.path}: the table has no name for it, and it keeps its own"
                )
            elif wanted is not None:
                given["name" if column == "code" else column] = wanted
        if not given:
            return
        values = scheme.fields(given)
        for name, value in values.items():
            column = "code" if name == "name" else name
            self.shown.append(
                f"{code.path}, {COLUMNS[column].lower()}: {compared(cell(code, column), value)}"
            )
        changed = replace(code, **values)
        self.codes = tuple(changed if one.guid == guid else one for one in self.codes)
        self.about.append(guid)

    def _path(self, line: Line, guid: str) -> None:
        """Rename or move a code as its path says; former paths are kept."""
        code = self._code(guid)
        wanted = self._edited(line, code, "path")
        if wanted is None:
            return
        if not wanted:
            self.notes.append(f"{code.path}: the table has no path for it, and it keeps its own")
            return
        parent, _, slug = wanted.strip().rpartition(".")
        slug = self._slug(slug, code.guid)
        self._require_parent(parent)
        old, path = code.path, scheme.joined(parent, slug)
        if under(parent, old):
            raise NotPossibleError(f"{old!r} cannot stand below itself; give another path")
        if path == old:
            return
        self.codes = scheme.relocated(self.codes, old, path)
        if parent != code.parent:
            self.codes = scheme.ordered(self.codes, path)
        self.shown.append(f"{old}: is {path} now, and codings follow")
        self.about.append(guid)

    def _slug(self, given: str, but: str = "") -> str:
        plain = given.strip()
        if not SLUG.fullmatch(plain):
            plain = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
        return scheme.free_slug(self.codes, plain, but)

    def _require_parent(self, path: str) -> None:
        if path and path not in {code.path for code in self.codes}:
            raise NotPossibleError(f"no code has the path {path!r}; add a row for it, too")

    def _new(self, line: Line, before: str) -> str:
        """Add a code, after the one of the row above where both stand below the same."""
        name, path = line.cells.get("code", ""), line.cells.get("path", "").strip()
        if not name and not path:
            self.notes.append(f"row {line.number} has neither a name nor a path and is left out")
            return ""
        above = self._code(before) if before else None
        parent, _, slug = path.rpartition(".")
        if not path:
            parent = self._parent(line, above)
        self._require_parent(parent)
        given = {"name": name or slug, "slug": self._slug(slug) if slug else ""}
        given |= {column: line.cells.get(column, "") for column in TEXTS}
        code = scheme.new_code(self.codes, parent, given, self.taken)
        guid = _marks(line)[0] or guids.of("code", code.path)
        known = {one.guid.lower() for one in self.codes}
        code = replace(code, guid=code.guid if guid in known else guid)
        if code.path in self.taken:
            raise NotPossibleError(f"codings were made under {code.path!r} once; give another path")
        after = above.path if above and above.parent == parent else ""
        self.codes = scheme.ordered((*self.codes, code), code.path, after=after)
        self.shown.append(f"{code.path}: is new, {clean(code.name)!r}")
        self.about.append(code.guid)
        self.added += 1
        return code.guid

    def _parent(self, line: Line, above: Code | None) -> str:
        """Return where a row without a path belongs: as it says, else in the branch above it."""
        named = _plain(line.cells.get("parent", "")).casefold()
        for code in self.codes if named else ():
            if named in (code.path, _plain(code.name).casefold()):
                return code.path
        if above is None or "parent" in line.cells or "path" not in line.cells:
            return ""
        self.notes.append(
            f"{line.cells.get('code', '')!r} has no path, and stands in the branch of the row above"
        )
        return above.branch


def _parent_named(line: Line) -> str:
    return line.cells.get("path", "").strip().rpartition(".")[0]


@contextmanager
def _row(line: Line) -> Iterator[None]:
    """Say which row it was that cannot be taken in."""
    try:
        yield
    except NotPossibleError as error:
        raise NotPossibleError(f"row {line.number}: {error}") from None


def compared(before: str, after: str) -> str:
    """Show what was changed between two texts: [-gone-] {+new+}, with a few words around it."""
    one, other = before.split(), after.split()
    if not one or not other:
        return f"[-{before}-]" if one else f"{{+{after}+}}"
    parts = []
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    blocks = matcher.get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(blocks):
        if kind == "equal":
            parts += _shortened(one[a:b], number == 0, number == len(blocks) - 1)
            continue
        parts += [f"[-{' '.join(one[a:b])}-]"] if b > a else []
        parts += [f"{{+{' '.join(other[c:d])}+}}"] if d > c else []
    return " ".join(parts) if len(blocks) > 1 or blocks[0][0] != "equal" else "white space only"


def _shortened(words: list[str], first: bool, last: bool) -> list[str]:
    if len(words) <= 2 * _AROUND + 1:
        return words
    head = [] if first else words[:_AROUND]
    tail = [] if last else words[-_AROUND:]
    return [*head, "\u2026", *tail]
