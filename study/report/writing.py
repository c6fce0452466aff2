"""A report as a document of Word and as Markdown, the same to the byte each time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from study.files import write_atomic
from study.publication import Document, PrintedTable
from study.publication.printed import clean, shortened
from study.report.parts import Heading, Paragraph, Part, Picture, Quotation, Tabled

NAME = "report"
RESOLUTION = 200
_MARKS = re.compile(r"([\\`*_{}\[\]#|~$])")
_STARTS = re.compile(r"^(\s*)([-+=>]|\d+[.)])(?=\s|$)")


def write_report(
    parts: Sequence[Part], folder: Path | str, title: str, note: str = ""
) -> list[Path]:
    """Write `report.docx`, `report.md` and the pictures that both show.

    Parameters
    ----------
    parts
        What `compose` returns.
    folder
        Where to write.
    title
        Title of the study.
    note
        The provenance line, at the foot of every page.
    """
    folder = Path(folder)
    pictures = [_draw(part, folder, note) for part in parts if isinstance(part, Picture)]
    document = Document(title, note)
    document.heading(title, 0)
    for part in parts:
        _put(document, part, folder)
    word = document.write(folder / f"{NAME}.docx")
    plain = folder / f"{NAME}.md"
    write_atomic(plain, _markdown(parts, title, note))
    return [word, plain, *pictures]


def _draw(picture: Picture, folder: Path, note: str) -> Path:
    from study import figures

    stem = folder / picture.name
    figures.save(
        picture.figure,
        stem,
        title=picture.title,
        caption=picture.note,
        alt=picture.alt,
        note=note,
        formats=("png",),
        dpi=RESOLUTION,
    )
    stem.with_name(f"{stem.name}.caption.md").unlink(missing_ok=True)  # it stands in the report
    return stem.with_name(f"{stem.name}.png")


def _put(document: Document, part: Part, folder: Path) -> None:
    match part:
        case Heading(words, level):
            document.heading(words, level)
        case Paragraph(words):
            document.paragraph(words)
        case Quotation(words, source):
            document.quotation(f"\u201c{words}\u201d", source)
        case Tabled(table, own_page):
            document.table(table, own_page=own_page)
        case Picture(name, title, note, alt, _):
            document.picture(folder / f"{name}.png", title, note, alt)


def _markdown(parts: Iterable[Part], title: str, note: str) -> str:
    blocks = [f"# {_plain(title)}"]
    tables = pictures = 0
    for part in parts:
        match part:
            case Heading(words, level):
                blocks.append(f"{'#' * (level + 1)} {_plain(words)}")
            case Paragraph(words):
                blocks.append(_plain(words))
            case Quotation(words, source):
                blocks.append(f"> \u201c{_plain(words)}\u201d ({_plain(source)})")
            case Tabled(table, _):
                tables += 1
                blocks += _tabled(shortened(table), tables)
            case Picture(name, title, caption, alt, _):
                pictures += 1
                blocks.append(f"**Figure {pictures}.** *{_plain(title)}*")
                blocks.append(f"![{_plain(alt)}]({name}.png)")
                blocks.append(f"*Note.* {_plain(caption)}")
    if note:
        blocks.append(_plain(note))
    return "\n\n".join(blocks) + "\n"


def _tabled(table: PrintedTable, number: int) -> list[str]:
    """Return a table in pipes: number, title, table, note."""
    heads = [_cell(f"{c.above}: {c.head}" if c.above else c.head) for c in table.columns]
    sides = [":-:" if column.number else "---" for column in table.columns]
    rows = [heads, sides]
    for line in table.lines:
        if line.heading:
            rows.append([f"*{_cell(line.cells[0])}*", *[""] * (len(heads) - 1)])
        else:
            indent = "&emsp;" * line.level
            rows.append([indent + _cell(line.cells[0]), *map(_cell, line.cells[1:])])
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    parts = [f"**Table {number}.** *{_plain(table.title)}*", lines]
    return [*parts, f"*Note.* {_plain(table.note)}"] if table.note else parts


def _plain(words: str) -> str:
    """Return words that Markdown shows as they are, none of them a mark or HTML."""
    line = " ".join(clean(words).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = _STARTS.sub(r"\1\\\2", line) if not line[:1].isdigit() else line
    return _MARKS.sub(r"\\\1", line)


def _cell(words: str) -> str:
    return _plain(words)
