"""Documents of Word: styles, headings, paragraphs, pictures, and tables in APA 7 layout.

A table has its number in bold above, its title in italics below the number, rules only at the
top, below the heads and at the bottom, and its note below (American Psychological Association,
2020, sections 7.8 to 7.21, https://doi.org/10.1037/0000165-000).  Numbers are fields, so Word
numbers tables anew when one is moved.  Everything is styled by named styles and can be edited.
"""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from study.files import write_atomic
from study.publication.printed import Column, Line, PrintedTable, clean, shortened
from study.publication.zipped import stored

if TYPE_CHECKING:
    from docx.document import Document as Docx

EPOCH = dt.datetime(2000, 1, 1)
FONT = "Times New Roman"
PAGE = (11906, 16838)
"""A4, in twentieths of a point."""
MARGIN = 1304  # 23 mm
TEXT, TABLE, TITLE, NUMBER, NOTE = "Normal", "TableText", "TableTitle", "TableNumber", "TableNote"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = f'xmlns:w="{_W}"'


class Document:
    """A document that is written from top to bottom, the same to the byte each time."""

    def __init__(self, title: str, note: str = "") -> None:
        from docx import Document as new

        self._docx: Docx = new()
        self._tables = self._figures = 0
        self._sideways: bool | None = None
        _properties(self._docx, clean(title), clean(note))
        _styles(self._docx)
        self._page(sideways=False)
        self._footer(note)

    def heading(self, words: str, level: int = 1) -> None:
        """Add a heading; level 0 is the document's title."""
        self._upright()
        self._docx.add_heading(clean(words), level)

    def paragraph(self, words: str, style: str = TEXT) -> None:
        """Add a paragraph."""
        self._upright()
        self._add(_paragraph(words, style))

    def quotation(self, words: str, source: str) -> None:
        """Add a block quotation with who said it, and where."""
        self._upright()
        self._add(_paragraph(f"{words} ({source})", "BlockQuote"))

    def picture(self, path: Path, title: str, note: str, alt: str) -> None:
        """Add a figure: number and title above it, as APA 7 has it, and its note below."""
        from docx.shared import Emu

        self._upright()
        self._figures += 1
        self._add(_numbered("Figure", self._figures))
        self._add(_paragraph(title, TITLE))
        paragraph = self._docx.add_paragraph(style=TEXT)
        shape = paragraph.add_run().add_picture(str(path))
        scale = min(1.0, (PAGE[0] - 2 * MARGIN) * 635 / shape.width, 11_500 * 635 / shape.height)
        shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
        named = shape._inline.docPr
        named.set("name", f"Figure {self._figures}")
        named.set("descr", clean(alt))
        self._add(_note(note))

    def table(self, table: PrintedTable, *, own_page: bool = True) -> None:
        """Add a table; a wide one stands on a page turned on its side."""
        table = shortened(table)
        self._tables += 1
        if own_page or table.wide:
            self._page(table.wide, anew=self._tables > 1 or bool(self._docx.paragraphs))
        else:
            self._upright()
        self._add(_numbered("Table", self._tables))
        self._add(_paragraph(" ".join(table.title.split()), TITLE))
        self._add(_table(table, self._room))
        self._add(_note(table.note))

    def write(self, path: Path | str) -> Path:
        """Write the document."""
        written = io.BytesIO()
        self._docx.save(written)
        path = Path(path)
        write_atomic(path, stored(written.getvalue()))
        return path

    @property
    def _room(self) -> int:
        return PAGE[1 if self._sideways else 0] - 2 * MARGIN

    def _upright(self) -> None:
        if self._sideways:
            self._page(sideways=False, anew=True)

    def _add(self, xml: str) -> None:
        from docx.oxml import parse_xml

        body = self._docx.element.body
        body.insert(len(body) - 1, parse_xml(xml))

    def _page(self, sideways: bool, *, anew: bool = False) -> None:
        """Begin a page of this orientation: a section of its own where it changes."""
        from docx.enum.section import WD_ORIENT, WD_SECTION
        from docx.shared import Twips

        if anew and sideways == self._sideways:
            self._add(f'<w:p {_SPACE}><w:pPr><w:pStyle w:val="{NOTE}"/></w:pPr>'
                      '<w:r><w:br w:type="page"/></w:r></w:p>')  # fmt: skip
            return
        new = WD_SECTION.NEW_PAGE
        section = self._docx.add_section(new) if anew else self._docx.sections[-1]
        width, height = PAGE[::-1] if sideways else PAGE
        section.orientation = WD_ORIENT.LANDSCAPE if sideways else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Twips(width), Twips(height)
        for side in ("left", "right", "top", "bottom"):
            setattr(section, f"{side}_margin", Twips(MARGIN))
        self._sideways = sideways

    def _footer(self, note: str) -> None:
        """Put the provenance and the page's number at the foot of every page."""
        from docx.oxml import parse_xml

        foot = self._docx.sections[0].footer
        words = f"{note}  " if note else ""
        field = _run(words) + _field("PAGE", "1")
        old = foot.paragraphs[0]._p
        new = f'<w:p {_SPACE}><w:pPr><w:pStyle w:val="{NOTE}"/></w:pPr>{field}</w:p>'
        old.getparent().replace(old, parse_xml(new))


def write_word(
    tables: Sequence[PrintedTable], path: Path | str, title: str, note: str = ""
) -> Path:
    """Write tables as a .docx, each on a page of its own.

    Parameters
    ----------
    tables
        In the order of their numbers.
    path
        Where to write.
    title
        Title of the document.
    note
        The provenance line, at the foot of every page.
    """
    document = Document(f"{title}: tables", note)
    for table in tables:
        document.table(table)
    return document.write(path)


def _properties(docx: Docx, title: str, note: str) -> None:
    core = docx.core_properties
    core.title, core.subject, core.author = title[:250], note[:250], "study"
    core.comments = core.keywords = core.last_modified_by = ""
    core.created = core.modified = EPOCH
    core.revision = 1


def _styles(docx: Docx) -> None:
    """Set the fonts of the template's styles, and add those of tables and quotations."""
    from docx.oxml import parse_xml
    from docx.shared import Pt, RGBColor

    fonts = {"Normal": 11, "Title": 18, "Heading 1": 14, "Heading 2": 12, "Heading 3": 11}
    for name, size in fonts.items():
        style = docx.styles[name]
        style.font.size, style.font.name = Pt(size), FONT
        style.font.color.rgb = RGBColor(0, 0, 0)
        found = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in list(found.attrib):
            del found.attrib[kind]
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            found.set(f"{{{_W}}}{kind}", FONT)
    for xml in _new_styles():
        docx.styles.element.append(parse_xml(xml))


def _new_styles() -> Iterator[str]:
    keep = "<w:keepNext/>"
    for key, name, before, after, inside, look in (
        (TABLE, "Table Text", 20, 20, "", '<w:sz w:val="18"/><w:szCs w:val="18"/>'),
        (NUMBER, "Table Number", 120, 0, keep, "<w:b/>"),
        (TITLE, "Table Title", 60, 80, keep, "<w:i/>"),
        (NOTE, "Table Note", 60, 160, "", '<w:sz w:val="18"/><w:szCs w:val="18"/>'),
        ("BlockQuote", "Block Quote", 60, 60, '<w:ind w:left="567" w:right="567"/>', ""),
    ):
        first = inside if inside == keep else ""
        last = "" if inside == keep else inside
        spacing = f'<w:spacing w:before="{before}" w:after="{after}" w:line="240" '
        yield (
            f'<w:style {_SPACE} w:type="paragraph" w:customStyle="1" w:styleId="{key}">'
            f'<w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
            f'<w:pPr>{first}{spacing}w:lineRule="auto"/>{last}</w:pPr>'
            f"<w:rPr>{look}</w:rPr></w:style>"
        )
    rule = 'w:val="single" w:sz="8" w:space="0" w:color="000000"'
    yield (
        f'<w:style {_SPACE} w:type="table" w:customStyle="1" w:styleId="APATable">'
        '<w:name w:val="APA Table"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders><w:top {rule}/><w:bottom {rule}/></w:tblBorders>"
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style>"
    )


def _run(words: str, look: str = "") -> str:
    """Return a run of text; a line end in it becomes a line break."""
    if _from_the_right(words):
        look += "<w:rtl/>"
    style = f"<w:rPr>{look}</w:rPr>" if look else ""
    parts = escape(clean(words)).split("\n")
    text = "<w:br/>".join(f'<w:t xml:space="preserve">{part}</w:t>' for part in parts)
    return f"<w:r>{style}{text}</w:r>"


def _from_the_right(words: str) -> bool:
    """Tell whether the first letter of some words belongs to a script written leftwards."""
    if words.isascii():
        return False
    strong = (unicodedata.bidirectional(letter) for letter in words)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def _paragraph(words: str, style: str, more: str = "", look: str = "") -> str:
    """Return a paragraph; `more` are further properties, `look` those of its letters."""
    kept = _KEPT if more.startswith(_KEPT) else ""
    side = "<w:bidi/>" if _from_the_right(words) else ""
    inner = f"{kept}{side}{more.removeprefix(_KEPT)}"  # in the order of the schema
    return (
        f"<w:p {_SPACE}><w:pPr><w:pStyle w:val={quoteattr(style)}/>{inner}</w:pPr>"
        f"{_run(words, look)}</w:p>"
    )


def _field(code: str, value: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{_run(value)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _numbered(kind: str, number: int) -> str:
    """Return `Table 3`, the number a field that Word counts."""
    field = _field(rf"SEQ {kind} \* ARABIC", str(number))
    style = f'<w:pPr><w:pStyle w:val="{NUMBER}"/></w:pPr>'
    return f"<w:p {_SPACE}>{style}{_run(kind + ' ')}{field}</w:p>"


def _note(words: str) -> str:
    style = f'<w:pPr><w:pStyle w:val="{NOTE}"/></w:pPr>'
    if not words:
        return f"<w:p {_SPACE}>{style}</w:p>"
    return f"<w:p {_SPACE}>{style}{_run('Note. ', '<w:i/>')}{_run(words)}</w:p>"


def _table(table: PrintedTable, room: int) -> str:
    widths = [round(share * room) for share in table.shares]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    alt = quoteattr(clean(" ".join(table.title.split())))
    rows = [*_heads(table, widths)]
    rows += [_line(line, table.columns, widths) for line in table.lines]
    if not table.lines:
        rows.append(_line(Line(("None.",), heading=True), table.columns, widths))
    return (
        f'<w:tbl {_SPACE}><w:tblPr><w:tblStyle w:val="APATable"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/><w:tblCaption w:val={alt}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


_RULE = (
    '<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tcBorders>'
)
_REPEATED = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
_WHOLE = "<w:trPr><w:cantSplit/></w:trPr>"
_CENTRE = '<w:jc w:val="center"/>'
_KEPT = "<w:keepNext/>"


def _heads(table: PrintedTable, widths: Sequence[int]) -> Iterator[str]:
    if table.spans:
        cells, at = [], 0
        for words, count in table.spans:
            width = sum(widths[at : at + count])
            rule = _RULE if words else ""
            cells.append(_cell(_paragraph(words, TABLE, _KEPT + _CENTRE), width, count, rule))
            at += count
        yield f"<w:tr>{_REPEATED}{''.join(cells)}</w:tr>"
    bottom = _RULE + '<w:vAlign w:val="bottom"/>'
    heads = (
        _cell(_paragraph(column.head, TABLE, _KEPT + _side(column)), width, 1, bottom)
        for column, width in zip(table.columns, widths, strict=True)
    )
    yield f"<w:tr>{_REPEATED}{''.join(heads)}</w:tr>"


def _line(line: Line, columns: Sequence[Column], widths: Sequence[int]) -> str:
    if line.heading:
        words = _paragraph(line.cells[0], TABLE, _KEPT, "<w:i/>")
        return f"<w:tr>{_WHOLE}{_cell(words, sum(widths), len(columns))}</w:tr>"
    indent = f'<w:ind w:left="{200 * line.level}"/>' if line.level else ""
    cells = [
        _cell(_paragraph(words, TABLE, _side(column) or (indent if place == 0 else "")), width)
        for place, (words, column, width) in enumerate(
            zip(line.cells, columns, widths, strict=True)
        )
    ]
    whole = "" if max(map(len, line.cells)) > 1500 else _WHOLE
    return f"<w:tr>{whole}{''.join(cells)}</w:tr>"


def _side(column: Column) -> str:
    return _CENTRE if column.number else ""


def _cell(paragraph: str, width: int, columns: int = 1, more: str = "") -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    size = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    inner = paragraph.replace(f" {_SPACE}", "", 1)
    return f"<w:tc><w:tcPr>{size}{span}{more}</w:tcPr>{inner}</w:tc>"
