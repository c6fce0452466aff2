"""Taguette's lists: tags as a codebook, and highlights as codings of transcripts that are here."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from study import cases
from study.errors import NotPossibleError
from study.exchange import grids
from study.exchange.grids import Line
from study.exchange.trees import Tag, add_tags, tag_guid
from study.files import require_name
from study.model import Codebook, Coding, Problem, Project, Selection, Source
from study.refi import Exchange, codes, guids, names
from study.refi.sources import squeezed
from study.refi.xml import Bare


def codebook(path: Path) -> tuple[Codebook, list[str]]:
    """Read a list of tags, Taguette's or our own; return the codes, and what to know of them."""
    tags = []
    for line in grids.read(path).lines:
        cells = line.cells
        if cells["tag"]:
            more = (cells.get(one, "") for one in ("label", "colour", "guid"))
            tags.append(Tag(cells["tag"], cells.get("description", ""), *more))
    return _book(path, tags)


def _book(path: Path, tags: Sequence[Tag]) -> tuple[Codebook, list[str]]:
    make = Bare()
    root = make.root("Codes")
    made = add_tags(make, root, tags)
    tree = codes.read_codes(path, root)
    notes = [problem.message for problem in tree.problems]
    if made:
        notes.append(f"tags that others stand below were made codes, too: {', '.join(made)}")
    return Codebook("codebook", "1", tuple(tree.codes)), notes


def received(path: Path, present: Project, coder: str) -> Exchange:
    """Read a list of highlights as codings of a study's transcripts.

    The list says neither who coded nor where: each passage is looked for by its words in the
    transcript of the document's name, and is left out where they stand twice or nowhere.

    Raises
    ------
    NotPossibleError
        Nobody said who coded.
    """
    if not coder:
        message = f"{path}: does not say who coded; name the coder with --as NAME"
        raise NotPossibleError(message)
    lines = grids.read(path).lines
    tags = dict.fromkeys(line.cells["tag"] for line in lines if line.cells["tag"])
    book, notes = _book(path, [Tag(one) for one in tags])
    finder = _Finder(path, present, require_name("coder", coder), book, _withdrawn(present))
    made = tuple(sorted(finder.codings(lines), key=lambda one: f"{one.selection.source}.csv"))
    notes += finder.notes()
    worked = frozenset(one.selection.source for one in made)
    study = Project(
        root=path.parent,
        settings=present.settings,
        sources=tuple(one for one in present.sources if one.name in worked),
        codebook=book,
        codings=made,
        assigned={coder: worked} if worked else {},
    )
    problems = tuple(Problem(path, 0, note, "warning") for note in notes)
    return Exchange(study, problems, "Taguette", {}, {}, tuple(finder.lost))


def _withdrawn(present: Project) -> frozenset[str]:
    """Return the names of those who withdrew, and of their transcripts."""
    people, _ = cases.read(present.root / "interviews" / cases.FILE)
    gone = [case for case in people if case.consent == "withdrawn"]
    return frozenset({case.name for case in gone} | {case.source for case in gone}) - {""}


@dataclass(slots=True)
class _Finder:
    """Finds passages by their words."""

    path: Path
    present: Project
    coder: str
    book: Codebook
    withdrawn: frozenset[str] = frozenset()
    lost: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _texts: dict[str, tuple[str, list[int]]] = field(default_factory=dict)

    def codings(self, lines: Sequence[Line]) -> Iterator[Coding]:
        """Yield a coding for each row that has a tag and whose words are found."""
        # `add_tags` and `read_codes` keep the order in which a tag is met first.
        paths = dict(_paths(self.book))
        moment = dt.datetime.fromtimestamp(int(self.path.stat().st_mtime), dt.UTC)
        given: set[tuple[Selection, str]] = set()
        for line in lines:
            tag, words = line.cells["tag"], line.cells["content"]
            if not tag:
                self.counts["highlights without a tag were left out"] += 1
                continue
            if any(_is_of(line.cells["document"], name) for name in self.withdrawn):
                self.counts["highlights are of participants who withdrew, and were left out"] += 1
                continue
            found = self._find(line.cells["document"], words)
            if found is None:
                shown = f"row {line.number}, {line.cells['document']}, {tag}: {words}"
                self.lost.append(f"Highlight in {shown}")
                continue
            source, where = found
            code = paths[guids.key(tag_guid(tag))]
            if (where, code) in given:
                continue
            given.add((where, code))
            keys = (source.name, str(where.start), str(where.end), code)
            yield Coding(
                id=guids.of("taguette highlight", self.coder, *keys),
                selection=where,
                code=code,
                coder=self.coder,
                created=moment,
                source_version=source.version,
            )

    def _find(self, document: str, words: str) -> tuple[Source, Selection] | None:
        wanted = squeezed(words)
        named = [source for source in self.present.sources if _is_of(document, source.name)]
        if not wanted or not named:
            why = "of documents that have no transcript of their name here" if wanted else "empty"
            self.counts[f"highlights are {why}"] += 1
            return None
        places = [(source, at) for source in named for at in self._places(source, wanted)]
        if len(places) != 1:
            why = "stand nowhere in the transcript" if not places else "stand there more than once"
            self.counts[f"highlights were left out, for their words {why}"] += 1
            return None
        source, (start, end) = places[0]
        return source, Selection(source.name, start, end)

    def _places(self, source: Source, wanted: str) -> Iterator[tuple[int, int]]:
        """Yield where words stand, whatever the white space between them."""
        if source.name not in self._texts:
            kept = [n for n, letter in enumerate(source.text) if not letter.isspace()]
            self._texts[source.name] = squeezed(source.text), kept
        text, kept = self._texts[source.name]
        at = text.find(wanted)
        while at >= 0:
            yield kept[at], kept[at + len(wanted) - 1] + 1
            at = text.find(wanted, at + 1)

    def notes(self) -> list[str]:
        """Say how many could not be placed, and why."""
        said = [f"{count} {what}" for what, count in sorted(self.counts.items())]
        return [*said, "the list gives no dates: codings got that of the file"]


def _paths(book: Codebook) -> Iterator[tuple[str, str]]:
    for code in book:
        yield guids.key(code.guid), code.path


def _is_of(document: str, name: str) -> bool:
    """Tell whether a document of this name, with a suffix or without, is a transcript."""
    stems = {document, document.removesuffix(".txt"), PurePath(document).stem}
    return any(
        names.plain(stem, "transcript").casefold() == name.casefold() for stem in stems if stem
    )
