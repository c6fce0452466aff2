"""Putting the page together: template, style, script and data in one file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from study.errors import NotPossibleError
from study.exhibits import STAGES, Exhibit, Results
from study.files import write_atomic
from study.map.addresses import KEPT
from study.map.contents import STAGES_SHOWN, Contents

if TYPE_CHECKING:
    import jinja2

FILE = "map.html"
TEMPLATE = "map.html.j2"
SCRIPTS = (
    "dom", "data", "address", "choose", "shown", "cells", "quotes", "context", "panel", "filters",
    "network", "moving", "discuss", "main",
)  # fmt: skip
"""Parts of the script, in the order in which they are joined."""
STYLES = ("base", "tables", "drawings", "panel", "discuss", "print")


def make(folder: Path | str = ".", out: Path | str | None = None) -> Path:
    """Make the page of a study by itself; return where it was written.

    Parameters
    ----------
    folder
        The study.
    out
        Where to write; `figures/map.html` in the study if not given.

    Raises
    ------
    InvalidStudyError
        The study's files have problems; `study check` lists them.
    """
    from study import project

    study = project.load(folder)
    results = Results(study)
    exhibits: list[Exhibit] = []
    skipped: list[tuple[str, str]] = []
    for stage in STAGES_SHOWN:
        try:
            exhibits += STAGES[stage](results)
        except NotPossibleError as error:
            skipped.append((stage, str(error)))
    path = Path(out) if out is not None else study.root / "figures" / FILE
    return write(path, Contents.of(study, exhibits, skipped))


def write(path: Path | str, contents: Contents) -> Path:
    """Write the page, the same to the byte for the same contents."""
    path = Path(path)
    write_atomic(path, lambda file: file.writelines(_encoded(contents)))
    return path


def _encoded(contents: Contents) -> Iterator[bytes]:
    for piece in page(contents):
        yield piece.encode("utf-8", "replace")


def page(contents: Contents) -> Iterable[str]:
    """Return the page in pieces of text."""
    from study.map import palette
    from study.map.context import context

    style = palette.variables() + _joined(STYLES, "css")
    script = f'(function () {{\n"use strict";\n{_joined(SCRIPTS, "js")}}})();\n'
    policy = (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return _template().generate(style=style, script=script, policy=policy, **context(contents))


def digest(text: str) -> str:
    """Return what allows an inline script or style, and no other, to be used."""
    found = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{found}'"


def _joined(names: Iterable[str], suffix: str) -> str:
    folder = resources.files("study.map") / "page"
    return "".join((folder / f"{name}.{suffix}").read_text("utf-8") for name in names)


def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("study.map", "page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["quoted"] = lambda value: quote_plus(str(value), safe=KEPT)
    environment.filters["capitalize_first"] = lambda text: f"{text[:1].upper()}{text[1:]}"
    return environment.get_template(TEMPLATE)


def whole(contents: Contents) -> str:
    """Return the page as one text."""
    found: Any = page(contents)
    return "".join(found)
