"""Everything for print that is made of a study's tables: Word, LaTeX, HTML, and the report."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from study import project, publication
from study.errors import NotPossibleError
from study.exhibits import STAGES, Exhibit, Results
from study.publication import PublishedTable, forms
from study.report.composing import compose
from study.report.writing import write_report

WORDS, HTML, WORKBOOK = "tables.docx", "tables.html", "tables.xlsx"
UNUSED = ("words",)
"""Stages that no report needs."""


@dataclass(frozen=True, slots=True)
class Made:
    """Files written, and what could not be made, with the reason, by stage."""

    written: tuple[Path, ...]
    skipped: Mapping[str, str]
    seconds: float


def report(folder: Path | str = ".", out: Path | str | None = None) -> Made:
    """Write `report.docx` and `report.md`: methods and results with this study's numbers.

    Parameters
    ----------
    folder
        The study.
    out
        Where to write; `figures/` in the study if not given.

    Raises
    ------
    InvalidStudyError
        The study's files have problems; `study check` lists them.
    """
    began = time.perf_counter()
    results, target = _opened(folder, out)
    exhibits, skipped = _collected(results, [stage for stage in STAGES if stage not in UNUSED])
    written = write_all(results, exhibits, skipped, target, tables=False)
    return Made(tuple(written), skipped, time.perf_counter() - began)


def tables(folder: Path | str = ".", out: Path | str | None = None) -> Made:
    """Write every table, without figures: .csv, and all of them as .xlsx, .docx, .html and .tex.

    Arguments and errors are those of `report`.
    """
    began = time.perf_counter()
    results, target = _opened(folder, out)
    exhibits, skipped = _collected(results, STAGES)
    settings = results.study.settings
    written = []
    for one in exhibits:
        stamped = one.table.assign(provenance=settings.stamp) if settings.stamp else one.table
        written.append(publication.write_csv(stamped, target / f"{one.name}.csv"))
    bound = [PublishedTable(one.name, one.title, one.caption, one.table) for one in exhibits]
    path = target / WORKBOOK
    written.append(publication.write_workbook(bound, path, settings.stamp, settings.title))
    written += print_tables(exhibits, target, settings.title, settings.stamp)
    return Made(tuple(written), skipped, time.perf_counter() - began)


def _opened(folder: Path | str, out: Path | str | None) -> tuple[Results, Path]:
    study = project.load(folder)
    target = Path(out) if out is not None else study.root / "figures"
    target.mkdir(parents=True, exist_ok=True)
    return Results(study), target


def _collected(results: Results, stages: Iterable[str]) -> tuple[list[Exhibit], dict[str, str]]:
    """Make the tables of some stages; return them, and why others could not be made."""
    exhibits: list[Exhibit] = []
    skipped: dict[str, str] = {}
    for stage in stages:
        try:
            exhibits += STAGES[stage](results)
        except NotPossibleError as error:
            skipped[stage] = str(error)
    return exhibits, skipped


def write_all(
    results: Results,
    exhibits: Sequence[Exhibit],
    skipped: Mapping[str, str],
    folder: Path,
    *,
    tables: bool = True,
) -> list[Path]:
    """Write what is for print of tables that have been made: the tables, and the report."""
    title, note = results.study.settings.title, results.study.settings.stamp
    written = print_tables(exhibits, folder, title, note) if tables else []
    parts = compose(results, exhibits, skipped)
    return [*written, *write_report(parts, folder, title, note)]


def print_tables(exhibits: Sequence[Exhibit], folder: Path, title: str, note: str) -> list[Path]:
    """Write the tables that are for print: `tables.docx`, `tables.html`, `table-NAME.tex`."""
    ready = [
        forms.printed(one.name, one.title, one.note or one.caption, one.table, one.form)
        for one in exhibits
        if one.form is not None
    ]
    return [
        publication.write_word(ready, folder / WORDS, title, note),
        publication.write_html(ready, folder / HTML, title, note),
        *publication.write_latex(ready, folder, title, note),
    ]
