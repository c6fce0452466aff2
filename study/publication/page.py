"""All figures and tables on one page that any browser opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from study.files import write_atomic
from study.publication import cells
from study.publication.cells import PublishedTable

if TYPE_CHECKING:
    import jinja2

TEMPLATE = "page.html.j2"
MOST = 2000
"""Rows of a table that the page shows; its .csv has them all."""
SHORT = 30
"""A table with no more rows than this stands open."""


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A figure to publish: `picture` and `files` are paths relative to the page.

    `further` are the pictures of the sheets on which a tall figure continues.
    """

    name: str
    title: str
    caption: str
    alt: str
    picture: str
    files: tuple[str, ...] = ()
    further: tuple[str, ...] = ()


def write_page(
    path: Path | str,
    title: str,
    note: str,
    figures: Sequence[PublishedFigure],
    tables: Sequence[PublishedTable],
    citation: str = "",
    downloads: Sequence[str] = (),
) -> Path:
    """Write an HTML page with every figure, its caption and alternative text, and every table.

    The page has no script and asks nothing of any other machine; pictures lie beside it.  All
    that comes from the study is escaped.

    Parameters
    ----------
    path
        Where to write.
    title
        Title of the page.
    note
        The provenance sentence, shown at the top and the foot; nothing is shown if it is empty.
    figures
        In the order of the page.
    tables
        In the order of the page.
    citation
        How to cite the study, shown below the title and at the foot.
    downloads
        Files that hold all tables, or more, beside the page.
    """
    anchors = _anchors([f"figure-{figure.name}" for figure in figures])
    pictures = list(zip(figures, anchors, strict=True))
    anchors = _anchors([f"table-{table.name}" for table in tables])
    shown = [_shown(table, anchor) for table, anchor in zip(tables, anchors, strict=True)]
    html = _template().render(
        title=title,
        note=note,
        figures=pictures,
        tables=shown,
        citation=citation,
        downloads=downloads,
    )
    path = Path(path)
    write_atomic(path, html.encode("utf-8", "replace"))
    return path


def _shown(table: PublishedTable, anchor: str) -> dict[str, Any]:
    rows = cells.rows(table.frame.head(MOST))
    numeric = [
        any(value is not None for value in column)
        and not any(isinstance(value, str) for value in column)
        for column in zip(*rows, strict=True)
    ] or [False] * table.frame.shape[1]
    return {
        "table": table,
        "anchor": anchor,
        "heads": [cells.heading(column) for column in table.frame.columns],
        "numeric": numeric,
        "count": len(table.frame),
        "rows": [[cells.text(value) for value in row] for row in rows],
        "open": len(rows) <= SHORT,
    }


def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("study.publication", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(TEMPLATE)


def _anchors(names: Sequence[str]) -> list[str]:
    """Return what may stand behind the # of an address, different for each name."""
    anchors: list[str] = []
    for name in names:
        words = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
        base = "-".join(part for part in words.split("-") if part)
        anchor, number = base, 2
        while anchor in anchors:
            anchor, number = f"{base}-{number}", number + 1
        anchors.append(anchor)
    return anchors
