"""Sources of any kind: what is text becomes a transcript, the rest is named in the report."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from study import transcripts
from study.errors import UnreadableTranscriptError
from study.model import Source
from study.refi import guids, names, selections, texts, xml
from study.refi.archive import Package
from study.refi.offsets import Ruler
from study.refi.people import Variables
from study.refi.selections import Context, Placed
from study.refi.texts import Moved
from study.refi.xml import Element
from study.wording import many

_MEDIA = {"AudioSource": "recording", "VideoSource": "recording", "PictureSource": "picture"}
_OTHER = ("AudioSelection", "VideoSelection", "PictureSelection", "PDFSelection")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who interviews in a transcript, and how that was decided."""

    labels: tuple[str, ...]
    decided: str


@dataclass(slots=True)
class Sources:
    """Transcripts as read: in order, and what each GUID and path in the file stands for."""

    context: Context
    package: Package | None
    variables: Variables
    known: Mapping[str, Source]
    asking: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    found: list[Source] = field(default_factory=list)
    by_key: dict[str, str] = field(default_factory=dict)
    by_path: dict[str, Placed] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    received: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    said: list[tuple[Element, str, str]] = field(default_factory=list)
    """Elements of sources with their transcript and their description."""
    _names: names.Names = field(default_factory=lambda: names.Names("transcript"))

    def read(self, sources: Element | None) -> None:
        """Read <Sources>: texts first, for recordings and PDFs may share them."""
        for element in xml.children(sources, "TextSource"):
            self._text(element, element)
        for element in xml.children(sources, "PDFSource"):
            self._pdf(element)
        for element in xml.children(sources, *_MEDIA):
            self._media(element)

    def _text(self, element: Element, owner: Element) -> None:
        """Read one text with its selections."""
        placed = self._placed(element, owner)
        if placed is None:
            return
        self.by_key[guids.key(element.get("guid"))] = placed.name
        self.by_key[guids.key(owner.get("guid"))] = placed.name
        values = self.variables.values(owner)
        if values:
            self.values[placed.name] = values
        self.said.append((owner, placed.name, xml.text(owner, "Description").strip()))
        found = xml.children(element, "PlainTextSelection")
        selections.read(self.context, placed, element, found)
        selections.whole(self.context, placed, element)

    def _pdf(self, element: Element) -> None:
        """Read the text that stands for a PDF; rectangles on its pages have no place here."""
        text = xml.child(element, "Representation")
        if text is not None:
            self._text(text, element)
        coded = {guids.key(one.get("guid")) for one in xml.children(text, "PlainTextSelection")}
        areas = xml.children(element, "PDFSelection")
        left = [one for one in areas if guids.key(one.get("guid")) not in coded]
        if text is None:
            self._left_out(element, "holds no text of its PDF", left)
        elif left:
            self._lost(f"{_called(element)}: areas of pages", left)

    def _media(self, element: Element) -> None:
        """Read the transcripts of a recording; the recording itself has no place here."""
        kind = _MEDIA[element.tag]
        spoken = xml.children(element, "Transcript")
        for transcript in spoken:
            self._transcript(transcript)
        left = xml.children(element, *_OTHER)
        if not spoken:
            self._left_out(element, f"is a {kind}, and only texts are taken in", left)
        elif left:
            self._lost(f"{_called(element)}: stretches of the {kind}", left)

    def _transcript(self, element: Element) -> None:
        """Read a recording's transcript, which may be the text of another source."""
        points = xml.children(element, "SyncPoint")
        path = _path(element)
        placed = self.by_path.get(path) if path else None
        if placed is None:
            placed = self._placed(element, element, _times(points))
        if placed is None:
            return
        self.by_key.setdefault(guids.key(element.get("guid")), placed.name)
        places = {guids.key(point.get("guid")): point.get("position") for point in points}
        found = xml.children(element, "TranscriptSelection")
        for one in found:
            one.set("startPosition", places.get(guids.key(one.get("fromSyncPoint"))) or "")
            one.set("endPosition", places.get(guids.key(one.get("toSyncPoint"))) or "")
        selections.read(self.context, placed, element, found)

    def _placed(
        self, element: Element, owner: Element, times: Mapping[int, float] | None = None
    ) -> Placed | None:
        """Return a text as it is here; None, with a report, where there is none."""
        received, counted = self._received(element, owner)
        if received is None:
            return None
        ruler = Ruler(received)
        moved, source = self._moved(ruler, owner, times or {})
        if moved is None or source is None:
            self._left_out(owner, "holds no words", xml.children(element, "PlainTextSelection"))
            return None
        self._keep_rich(element, source.name)
        placed = Placed(source.name, source.version, ruler, moved, counted)
        if _path(element):
            self.by_path[_path(element)] = placed
        return placed

    def _received(self, element: Element, owner: Element) -> tuple[str | None, bool]:
        """Return the text of a source, and whether positions count in it."""
        content = xml.child(element, "PlainTextContent")
        if content is not None and (content.text or "").strip():
            return content.text, True
        path = element.get("plainTextPath") or ""
        data = self._file(path) if path else "has no text"
        if isinstance(data, bytes):
            text = self._decoded(owner, data)
            if text.strip():
                return text, True
            data = "holds no words"
        rich = self._rich(element)
        if rich is not None:
            message = f"{_called(owner)}: its plain text {data}; the words are of its document, and"
            self._warn(owner, f"{message} only codings whose words are quoted could be placed")
            return rich, False
        self._left_out(owner, data, xml.children(element, "PlainTextSelection"))
        return None, False

    def _file(self, path: str) -> bytes | str:
        return self.package.source(path) if self.package else "is not beside the project"

    def _document(self, path: str) -> bytes | str:
        return self.package.document(path) if self.package and path else ""

    def _decoded(self, owner: Element, data: bytes) -> str:
        for codec in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8",):
            try:
                return data.decode(codec)
            except UnicodeDecodeError:
                self._warn(owner, f"{_called(owner)}: is not UTF-8 and was read as Windows-1252")
        return data.decode("cp1252", "replace")

    def _rich(self, element: Element) -> str | None:
        """Return the text of the document that is in the file beside an empty plain text."""
        path = element.get("richTextPath") or ""
        data = self._document(path)
        if not isinstance(data, bytes):
            return None
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / f"document{Path(path).suffix.lower()}"
            file.write_bytes(data)
            try:
                return transcripts.read_transcript(file).text
            except UnreadableTranscriptError:
                return None

    def _keep_rich(self, element: Element, name: str) -> None:
        path = element.get("richTextPath") or ""
        data = self._document(path)
        if isinstance(data, bytes):
            self.received[name] = (f"{name}{Path(path).suffix.lower()}", data)
        elif data:
            self._warn(element, f"the document of {name} {data}")

    def _moved(
        self, ruler: Ruler, owner: Element, times: Mapping[int, float]
    ) -> tuple[Moved | None, Source | None]:
        """Return how a text came here, and the transcript that it now is."""
        known = self.known.get(squeezed(ruler.text))
        if known is not None:
            moved = texts.same_words(ruler.text, known.text)
            return moved, self._take(known)
        asked = self.variables.who_asks(owner)
        if self.context.ours and texts.is_canonical(ruler.text):
            moved = Moved(ruler.text)
        elif ruler.text.strip():
            moved = texts.canonise(ruler.text, times, asked or self.named)
        else:
            return None, None
        name = self._name(owner)
        for note in moved.notes:
            self._warn(owner, f"{name}: {note}")
        if moved.pieces is not None:
            self._warn(owner, f"{name}: its text was laid out as speakers and turns, no word lost")
        labels = asked or (() if self.context.ours else moved.asked)
        self.asked[name] = Asked(labels, "given" if asked else moved.decided)
        return moved, self._take(transcripts.parse(name, moved.text, {*self.asking, *labels}))

    def _take(self, source: Source) -> Source:
        if all(one.name != source.name for one in self.found):
            self.found.append(source)
        return source

    def _name(self, owner: Element) -> str:
        given = owner.get("name") or Path(owner.get("plainTextPath") or "").stem
        wanted = given if self.context.ours else given.removesuffix(".txt")
        name = self._names.take(wanted)
        if name != wanted:
            self._warn(owner, f"source {given!r} is called {name!r} here")
        return name

    def _left_out(self, element: Element, why: str, found: Sequence[Element]) -> None:
        count = sum(len(xml.children(one, "Coding")) for one in found)
        lost = f", and {many(count, 'coding')} with it" if count else ""
        self._warn(element, f"{_called(element)}: {why}; it is left out{lost}")

    def _lost(self, what: str, found: Iterable[Element]) -> None:
        found = list(found)
        count = sum(len(xml.children(one, "Coding")) for one in found)
        line = found[0].sourceline or 0
        self.context.warn(line, f"{what} were left out: {len(found)} with {many(count, 'coding')}")

    def _warn(self, element: Element, message: str) -> None:
        self.context.warn(element.sourceline or 0, message)


def _called(element: Element) -> str:
    return f"source {element.get('name') or element.get('guid') or '?'!r}"


def _path(element: Element) -> str:
    return (element.get("plainTextPath") or "").strip().lower()


def _times(points: Sequence[Element]) -> dict[int, float]:
    times = {}
    for point in points:
        place, moment = point.get("position") or "", point.get("timeStamp") or ""
        if place.isdigit() and moment.isdigit():
            times[int(place)] = int(moment) / 1000
    return times


def squeezed(text: str) -> str:
    """Return a text without white space: what two layouts of the same words share."""
    return "".join(text.split())


def known(sources: Iterable[Source]) -> dict[str, Source]:
    """Return transcripts by their words, for texts to be found among them."""
    found = [(squeezed(source.text), source) for source in sources]
    counts = Counter(words for words, _ in found)
    return {words: source for words, source in found if counts[words] == 1}
