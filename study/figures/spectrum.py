"""How each participant understands the concept: the features named, and how they are judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from study.errors import NotPossibleError
from study.figures import legend, lettering, style
from study.figures.grid import Column, Grid, Row, Section
from study.figures.reading import Record, count, headline, mark_id, ordered, records, text
from study.figures.sheet import MARGIN, Box, Sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = ("participant", "group", "code", "name", "stance", "passages")
RADIUS = 3.2


@style.styled
def spectrum(
    table: pd.DataFrame,
    *,
    groups: Sequence[str] = (),
    width: float = style.WIDE,
) -> Figure:
    """Draw participants (rows, grouped) x features of the concept (columns), marked by stance.

    Stance is told by shape and by colour; the small number beside a mark is passages where there
    is more than one.  A short stroke says that the participant did not name the feature.
    Features named by most participants come first.

    Parameters
    ----------
    table
        Columns of `COLUMNS`; one row per participant, code and stance.
    groups
        Stakeholder groups from top to bottom.
    width
        Width in millimetres.

    Raises
    ------
    NotPossibleError
        If the table is empty or no participant named any feature.
    """
    rows = records(table, "spectrum", COLUMNS, "no feature of the concept is in the codebook.")
    marks = _marks(rows)
    if not marks:
        raise NotPossibleError(
            "The figure 'spectrum' has nothing to show: no participant's talk is coded with a "
            "feature of the concept yet."
        )
    return _Spectrum(Sheet(width), rows, marks, groups).draw()


def _marks(rows: Sequence[Record]) -> dict[tuple[str, str], dict[str, int]]:
    """Return passages by participant and code, then by stance in the order of the legend."""
    marks: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        if passages := count(row["passages"]):
            stance = text(row["stance"])
            known = stance if stance in style.STANCE_MARKS else ""
            cell = marks.setdefault((text(row["participant"]), text(row["code"])), {})
            cell[known] = cell.get(known, 0) + passages
    order = list(style.STANCE_MARKS)
    return {
        key: dict(sorted(c.items(), key=lambda p: order.index(p[0]))) for key, c in marks.items()
    }


@dataclass(frozen=True, slots=True)
class _Spectrum:
    sheet: Sheet
    rows: Sequence[Record]
    marks: Mapping[tuple[str, str], Mapping[str, int]]
    groups: Sequence[str]

    def draw(self) -> Figure:
        widest = max(self._wide(cell) for cell in self.marks.values())
        grid = Grid(
            self._columns(),
            self._sections(),
            self._cell,
            least=max(widest + 3, 20),
            most=90,
            row_height=11,
            label_share=0.2,
            texts={"Features named": 40},
            legend=self._legend,
        )
        return self.sheet.finish(grid.draw(self.sheet, MARGIN))

    def _columns(self) -> list[Column]:
        names = {text(row["code"]): text(row["name"]) for row in self.rows}
        named = {code: sum(key[1] == code for key in self.marks) for code in names}
        everyone = len(ordered(row["participant"] for row in self.rows))
        falling = sorted(names, key=lambda code: -named[code])
        return [Column(code, names[code], f"{named[code]}/{everyone}") for code in falling]

    def _sections(self) -> list[Section]:
        people = {text(row["participant"]): text(row["group"]) for row in self.rows}
        features = len({text(row["code"]) for row in self.rows})
        sections = []
        for group in ordered(people.values(), self.groups):
            members = [person for person, theirs in people.items() if theirs == group]
            rows = [Row(p, p, (f"{self._features(p)} of {features}",)) for p in members]
            sections.append(Section(f"{headline(group)} (n = {len(members)})", tuple(rows)))
        return sections

    def _features(self, person: str) -> int:
        return sum(key[0] == person for key in self.marks)

    def _wide(self, cell: Mapping[str, int]) -> float:
        return sum(2 * RADIUS + 3 + self._digits(n) for n in cell.values()) - 3

    def _digits(self, passages: int) -> float:
        return lettering.width(str(passages), style.SMALL) + 1 if passages > 1 else 0.0

    def _cell(self, box: Box, person: str, code: str) -> None:
        x, y = box.middle
        cell = self.marks.get((person, code), {})
        gid = mark_id("spectrum", participant=person, code=code)
        if not cell:
            ends = [(x - 2, y), (x + 2, y)]
            return self.sheet.line(ends, colour=style.RULE, thick=0.8, gid=gid)
        x -= self._wide(cell) / 2
        for stance, passages in cell.items():
            shape, colour, _ = style.STANCE_MARKS[stance]
            self.sheet.mark(shape, (x + RADIUS, y), RADIUS, colour, gid=f"{gid}&stance={stance}")
            x += 2 * RADIUS + 1
            if passages > 1:
                top = y - style.SMALL * style.LEADING / 2
                self.sheet.text(x, top, str(passages), size=style.SMALL, colour=style.QUIET)
            x += self._digits(passages) + 2
        return None

    def _legend(self, top: float) -> float:
        used = {stance for cell in self.marks.values() for stance in cell}
        keys = [
            legend.mark(self.sheet, words, shape, RADIUS, colour)
            for stance, (shape, colour, words) in style.STANCE_MARKS.items()
            if stance in used
        ]
        keys.append(legend.stroke(self.sheet, "not named", 0.8, style.RULE, wide=4))
        top = legend.row(self.sheet, top + 6, "Stance", keys)
        return legend.note(
            self.sheet,
            top,
            "Number beside a mark: passages, where more than one. "
            "Under a feature: participants who named it.",
        )
