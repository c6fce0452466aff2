"""From a figure to files: PDF, SVG, PNG and the caption beside them, the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
RESOLUTION = 300
"""Dots per inch of a PNG."""


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

    Every file is written whole or not at all, and is the same on every run: no dates, no random
    ids, no program versions.  PDFs are not compressed, for Python's zlib differs between machines;
    PNGs are, by the zlib that comes with Pillow.

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
        Any of `FORMATS`.
    dpi
        Resolution of the PNG.

    Raises
    ------
    NotPossibleError
        If a format is unknown.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise NotPossibleError(f"A figure cannot be saved as {unknown[0]}; use {FORMATS}.")
    rendered = _render(figure, formats, title, alt, note, dpi)
    rendered["caption.md"] = _caption(title, caption, alt, note).encode("utf-8")
    paths = [Path(f"{stem}.{suffix}") for suffix in rendered]
    for path, data in zip(paths, rendered.values(), strict=True):
        write_atomic(path, data)
    return paths


@style.styled
def _render(
    figure: Figure, formats: Sequence[str], title: str, alt: str, note: str, dpi: int
) -> dict[str, bytes]:
    writers: dict[str, Callable[[Figure, Bbox, str, str, int], bytes]] = {
        "pdf": _pdf,
        "svg": _svg,
        "png": _png,
    }
    title, alt = _one_line(title), _one_line(f"{alt} {note}")
    with footed(figure, note) as area:
        return {name: writers[name](figure, area, title, alt, dpi) for name in formats}


@style.styled
def picture(figure: Figure, dpi: int) -> bytes:
    """Return a figure as PNG, as a notebook shows it."""
    with footed(figure, "") as area:
        return _png(figure, area, "", "", dpi)


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
            line,
            fontsize=size,
            fontfamily=style.FONT,
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


def _pdf(figure: Figure, area: Bbox, title: str, alt: str, _: int) -> bytes:
    known: dict[str, Any] = {"Title": title, "Subject": alt, "Creator": "study"}
    fixed = {"Producer": "study", "CreationDate": None}
    return _printed(figure, area, "pdf", known | fixed)


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


def _printed(
    figure: Figure, area: Bbox, kind: str, metadata: dict[str, Any], **options: Any
) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_figure(
        buffer,
        format=kind,
        bbox_inches=area,
        metadata=metadata,
        facecolor=style.PAPER,
        edgecolor="none",
        **options,
    )
    return buffer.getvalue()


def _one_line(text: str) -> str:
    # XML and PDF strings hold no control characters.
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _caption(title: str, caption: str, alt: str, note: str) -> str:
    parts = [f"# {_one_line(title)}", caption.strip(), f"Alternative text: {_one_line(alt)}"]
    if note.strip():
        parts.append(f"Note: {_one_line(note)}")
    return "\n\n".join(part for part in parts if part) + "\n"
