"""From a figure to files: PDF, SVG, PNG, TIFF and the caption, the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from study.errors import NotPossibleError
from study.figures import lettering, style
from study.figures.sheet import MARGIN
from study.files import write_atomic

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

FORMATS = ("pdf", "svg", "png")
KINDS = (*FORMATS, "tiff")
RESOLUTION = 300
"""Dots per inch of a PNG or TIFF."""

SHAPING = ("GSUB", "GPOS", "GDEF", "kern", "morx", "mort")
COARSEST, FINEST = 72, 1200
MOST_DOTS = 65_000
"""What matplotlib can draw, and programs can open, in one direction."""


def save(
    figure: Figure,
    stem: Path | str,
    *,
    title: str,
    caption: str,
    alt: str,
    note: str = "",
    formats: Sequence[str] = FORMATS,
    dpi: int = RESOLUTION,
) -> list[Path]:
    """Write a figure as `stem`.pdf, .svg and .png, and `stem`.caption.md beside them.

    A figure that continues on further sheets has them as pages of its PDF, and as `stem`-2.svg,
    `stem`-3.svg and so on.  Every file is written whole or not at all, and is the same on every
    run: no dates, no random ids, no program versions.  PDFs are not compressed, for Python's zlib
    differs between machines; PNGs and TIFFs (LZW) are, by the libraries that come with Pillow.

    Parameters
    ----------
    figure
        Any figure; those of this package are measured so that nothing is cut.
    stem
        Path without suffix.
    title
        What the figure shows; also the title inside each file.
    caption
        The text to print under the figure, with n.
    alt
        What a reader who cannot see the figure needs; also the description inside each file.
    note
        A provenance sentence, drawn at the foot and added to the description inside each file;
        nothing is drawn if it is empty.
    formats
        Any of `KINDS`: PDF, SVG and PNG, and TIFF for journals that ask for it.
    dpi
        Resolution of PNG and TIFF.

    Raises
    ------
    NotPossibleError
        If a format is unknown, or the resolution is none that can be drawn.
    """
    unknown = [name for name in formats if name not in KINDS]
    if unknown:
        names = ", ".join(KINDS)
        raise NotPossibleError(f"A figure cannot be saved as {unknown[0]!r}; use {names}.")
    sheets = (figure, *getattr(figure, "further", ()))
    _refuse_resolution(sheets, dpi)
    rendered = _render(sheets, formats, title, alt, note, dpi)
    said = _caption(title, caption, alt, note, warning(figure), len(sheets))
    rendered[".caption.md"] = said.encode("utf-8")
    paths = [Path(f"{stem}{suffix}") for suffix in rendered]
    for path, data in zip(paths, rendered.values(), strict=True):
        write_atomic(path, data)
    return paths


def warning(figure: Figure) -> str:
    """Say which characters of a figure no font of this machine draws; empty if none."""
    return lettering.sentence(getattr(figure, "undrawn", ()))


def _refuse_resolution(sheets: Sequence[Figure], dpi: int) -> None:
    if not COARSEST <= dpi <= FINEST:
        raise NotPossibleError(
            f"A picture cannot have {dpi} dots per inch; journals ask for 300 to 600 (from "
            f"{COARSEST} to {FINEST} are possible)."
        )
    longest = max(float(inches) for sheet in sheets for inches in sheet.get_size_inches())
    if longest * dpi > MOST_DOTS:
        most = int(MOST_DOTS / longest)
        raise NotPossibleError(f"This figure is too large for {dpi} dpi; ask for {most} or less.")


@style.styled
def _render(
    sheets: Sequence[Figure], formats: Sequence[str], title: str, alt: str, note: str, dpi: int
) -> dict[str, bytes]:
    """Return the bytes of each file, by what its name ends in."""
    title, alt = _one_line(title), _one_line(f"{alt} {note}")
    drawn: dict[str, bytes] = {}
    with ExitStack() as feet:
        areas = [feet.enter_context(footed(sheet, note)) for sheet in sheets]
        pages = list(zip(sheets, areas, strict=True))
        for kind in formats:
            if kind == "pdf":
                drawn[".pdf"] = _pdf(pages, title, alt)
                continue
            for number, (sheet, area) in enumerate(pages, 1):
                ending = f"-{number}.{kind}" if number > 1 else f".{kind}"
                drawn[ending] = WRITERS[kind](sheet, area, title, alt, dpi)
    return drawn


@style.styled
def picture(figure: Figure, dpi: int) -> bytes:
    """Return a figure as PNG, as a notebook shows it: all sheets below one another."""
    from PIL import Image

    found = []
    for sheet in (figure, *getattr(figure, "further", ())):
        with footed(sheet, "") as area:
            found.append(_png(sheet, area, "", "", dpi))
    if len(found) == 1:
        return found[0]
    pictures = [Image.open(io.BytesIO(data)).convert("RGB") for data in found]
    size = max(one.width for one in pictures), sum(one.height for one in pictures)
    whole, top, buffer = Image.new("RGB", size, style.PAPER), 0, io.BytesIO()
    for one in pictures:
        whole.paste(one, (0, top))
        top += one.height
    whole.save(buffer, "png", dpi=(dpi, dpi))
    return buffer.getvalue()


@contextmanager
def footed(figure: Figure, note: str) -> Iterator[Bbox]:
    """Draw a note below a figure for as long as the context lasts; give the area to save.

    The area is in inches from the figure's lower left corner; it reaches below the figure by
    what the note needs, so that the note can lie on nothing.
    """
    from matplotlib.transforms import Bbox

    wide, high = figure.get_size_inches()
    size = style.SMALL
    lines = lettering.wrap(note, wide * 72 - 2 * MARGIN, size, 8) if note.strip() else []
    foot = (len(lines) * size * style.LEADING + MARGIN) / 72 if lines else 0.0
    drawn = [
        figure.text(
            MARGIN / 72 / wide,
            -(number * size * style.LEADING + 0.95 * size) / 72 / high,
            lettering.drawable(line),
            fontsize=size,
            fontfamily=list(lettering.families(lettering.drawable(line))),
            color=style.QUIET,
            va="baseline",
            parse_math=False,
        )
        for number, line in enumerate(lines)
    ]
    try:
        yield Bbox([[0, -foot], [wide, high]])
    finally:
        for text in drawn:
            text.remove()


def _pdf(pages: Sequence[tuple[Figure, Bbox]], title: str, alt: str) -> bytes:
    from matplotlib.backends.backend_pdf import PdfPages

    known: dict[str, Any] = {"Title": title, "Subject": alt, "Creator": "study"}
    fixed = {"Producer": "study", "CreationDate": None}
    buffer = io.BytesIO()
    with _lean_fonts(), PdfPages(buffer, metadata=known | fixed) as pdf:
        for figure, area in pages:
            _print(figure, area, "pdf", pdf, None)
    return buffer.getvalue()


@contextmanager
def _lean_fonts() -> Iterator[None]:
    # Text in a PDF is made of chosen letters already; to read the tables that choose and join
    # them, for each figure anew, takes longer than to draw it.
    from fontTools.subset import Options  # type: ignore[import-untyped]

    usual = list(Options._drop_tables_default)
    Options._drop_tables_default = [*usual, *SHAPING]
    try:
        yield
    finally:
        Options._drop_tables_default = usual


def _svg(figure: Figure, area: Bbox, title: str, alt: str, _: int) -> bytes:
    fixed = {"Date": None, "Creator": None, "Format": None, "Type": None}
    drawn = _printed(figure, area, "svg", fixed).decode("utf-8")
    drawn = re.sub(r"<!DOCTYPE[^>]*>\s*", "", drawn)
    words = f"\n <title>{escape(title)}</title>\n <desc>{escape(alt)}</desc>"
    return re.sub(
        r"<svg\b([^>]*)>", lambda m: f'<svg role="img"{m[1]}>{words}', drawn, count=1
    ).encode("utf-8")


def _png(figure: Figure, area: Bbox, title: str, alt: str, dpi: int) -> bytes:
    known = {"Title": title, "Description": alt, "Software": None}
    return _printed(figure, area, "png", known, dpi=dpi)


def _tiff(figure: Figure, area: Bbox, _: str, alt: str, dpi: int) -> bytes:
    """Return a TIFF as journals ask for it: opaque RGB, LZW, with its resolution."""
    from PIL import Image

    buffer, described = io.BytesIO(), 270
    with Image.open(io.BytesIO(_png(figure, area, "", "", dpi))) as drawn:
        drawn.convert("RGB").save(
            buffer,
            "tiff",
            compression="tiff_lzw",
            dpi=(dpi, dpi),
            tiffinfo={described: alt.encode("ascii", "replace").decode("ascii")},
        )
    return buffer.getvalue()


WRITERS: dict[str, Callable[[Figure, Bbox, str, str, int], bytes]] = {
    "svg": _svg,
    "png": _png,
    "tiff": _tiff,
}


def _printed(
    figure: Figure, area: Bbox, kind: str, metadata: dict[str, Any], **options: Any
) -> bytes:
    buffer = io.BytesIO()
    _print(figure, area, kind, buffer, metadata, **options)
    return buffer.getvalue()


def _print(
    figure: Figure,
    area: Bbox,
    kind: str,
    file: Any,
    metadata: dict[str, Any] | None,
    **options: Any,
) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure).print_figure(
        file,
        format=kind,
        bbox_inches=area,
        metadata=metadata,
        facecolor=style.PAPER,
        edgecolor="none",
        **options,
    )


def _one_line(text: str) -> str:
    # XML and PDF strings hold no control characters.
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _caption(title: str, caption: str, alt: str, note: str, odd: str, sheets: int) -> str:
    parts = [f"# {_one_line(title)}", caption.strip(), f"Alternative text: {_one_line(alt)}"]
    if sheets > 1:
        parts.append(f"On {sheets} sheets: pages of the PDF; pictures are numbered from the second")
    parts.append(odd)
    if note.strip():
        parts.append(f"Note: {_one_line(note)}")
    return "\n\n".join(part for part in parts if part) + "\n"
