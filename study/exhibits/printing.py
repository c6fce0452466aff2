"""One figure for print: at a journal's column width, as the files that it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from study import project, publication
from study.errors import NotPossibleError
from study.exhibits import STAGES, along, coding
from study.exhibits.results import Exhibit, Results
from study.files import suggest

DRAWN: Mapping[str, str] = {
    "code-frequencies": "code frequencies",
    "code-tree": "code tree",
    "practice-map": "map of current practice",
    "definitions": "spectrum of definitions",
    "cooccurrence": "code co-occurrence",
    "timelines": "codes along the interviews",
    "topics": "topics",
    "topic-map": "topics",
    "topic-selection": "topics",
    "topics-by-group": "topics",
    "topics-by-code": "topics and codes",
    "propositions": "propositions",
    "reliability": "reliability",
    "saturation": "saturation",
    "keyness": "words",
}
"""Figures and the stage that makes each; `timeline` of one interview is made by itself."""

NAMES = (*DRAWN, "timeline")
FOLDER = "print"


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure that was written: its files, the size of each sheet (mm), and what to know."""

    paths: tuple[Path, ...]
    sizes: tuple[tuple[float, float], ...]
    warning: str = ""


def print_figure(
    folder: Path | str,
    name: str,
    *,
    width: float = 0.0,
    kinds: Sequence[str] = ("pdf",),
    dpi: int = 300,
    out: Path | str | None = None,
    interview: str = "",
    association: str = "jaccard",
) -> Printed:
    """Write one figure of a study at a journal's column width, with its table and caption.

    Parameters
    ----------
    folder
        The study.
    name
        One of `NAMES`.
    width
        Width in millimetres: journals take 90, 140 or 190.  0: the width that suits the figure.
    kinds
        Any of pdf, svg, png, tiff.
    dpi
        Resolution of png and tiff.
    out
        Where to write; `print/` in the study if not given.
    interview
        Participant or transcript, for `timeline`.
    association
        What the lines of `cooccurrence` show: one of `figures.cooccurrence.ASSOCIATIONS`.

    Raises
    ------
    NotPossibleError
        No such figure, or one that the study's state does not allow.
    """
    from study import figures
    from study.figures.saving import warning
    from study.figures.sheet import column

    study = project.load(folder)
    exhibit = find(Results(study), name, interview, association)
    assert exhibit.draw is not None
    with column(width):
        figure = exhibit.draw(exhibit.table)
    sheets = (figure, *getattr(figure, "further", ()))
    inches = (one.get_size_inches() for one in sheets)
    sizes = tuple((float(wide) * 25.4, float(high) * 25.4) for wide, high in inches)
    parts = [name, interview, f"{sizes[0][0]:g}mm"]
    stem = (Path(out) if out else study.root / FOLDER) / "-".join(filter(None, parts))
    stamp = study.settings.stamp
    paths = figures.save(
        figure,
        stem,
        title=exhibit.title,
        caption=exhibit.caption,
        alt=exhibit.alt,
        note=stamp,
        formats=kinds,
        dpi=dpi,
    )
    table = exhibit.table.assign(provenance=stamp) if stamp else exhibit.table
    listing = stem.with_name(f"{stem.name}.csv")
    publication.write_csv(table, listing)
    return Printed((*paths, listing), sizes, warning(figure))


def find(results: Results, name: str, interview: str = "", association: str = "jaccard") -> Exhibit:
    """Return the table and the drawing of one figure.

    Raises
    ------
    NotPossibleError
        No such figure, no interview for a timeline, or the study's state does not allow it.
    """
    if name not in NAMES:
        raise NotPossibleError(
            f"there is no figure {name!r}{suggest(name, NAMES)} Figures are: {', '.join(NAMES)}."
        )
    if interview and name != "timeline":
        raise NotPossibleError(f"only 'timeline' shows one interview; {name!r} shows them all")
    if name == "timeline":
        if not interview:
            people = ", ".join(case.name for case in results.study.cases)
            raise NotPossibleError(f"say which interview: --interview with one of {people}")
        return along.timeline(results, interview)
    if name == "cooccurrence":
        made = coding.cooccurrence(results, association)
    else:
        made = STAGES[DRAWN[name]](results)
    found = next((exhibit for exhibit in made if exhibit.name == name), None)
    if found is None or found.draw is None:
        raise NotPossibleError(f"the study has nothing for {name!r} to show at present")
    return found
