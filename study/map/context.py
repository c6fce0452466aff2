"""Everything that the template names."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from study.figures import style
from study.map import data, drawing, plain
from study.map.contents import Contents
from study.map.data import Numbering
from study.map.sections import BAR, LARGEST, LIFTS, NOTABLE, Alpha, Sections
from study.publication.cells import heading
from study.publication.cells import rows as table_rows
from study.publication.cells import text as table_text
from study.tables.masking import SIGN
from study.wording import many

if TYPE_CHECKING:
    import pandas as pd

CROWD = 40
"""Participants above which the table of definitions is folded up, group by group."""


def context(contents: Contents) -> dict[str, Any]:
    """Return what the template shows, and the data of the script."""
    numbering = Numbering(contents)
    found = data.columns(contents, numbering)
    sections = Sections(contents, numbering, found)
    network = drawing.draw_network(contents, numbering)
    claims = sections.claims()
    found |= _scales(contents, sections, network)
    return {
        "study": contents.study.settings,
        "contents": contents,
        "summary": summary(contents),
        "groups": numbering.groups,
        "turns_judged": _turns_judged(sections),
        "sizes": sections.sizes,
        "everybody": sum(sections.sizes.values()),
        "panels": sections.practices(),
        "others": sections.others(),
        "definitions": sections.definitions(),
        "concept": _concept(contents),
        "network": network,
        "topics": sections.topics(),
        "claims": claims,
        "trust": trust(contents, sections),
        "agreement": agreement(contents, sections),
        "curve": drawing.draw_curve(contents, numbering),
        "saturation": _summary_table(contents.table("saturation-summary")),
        "listings": plain.listings(contents, numbering),
        "plain_claims": plain.claims(contents, numbering),
        "coders": contents.coders,
        "stances": [stance for stance in data.STANCE_ORDER if stance],
        "senses": [name for name, _ in found["practices"]],
        "crowd": CROWD,
        "marks": {name: mark[0] for name, mark in style.STANCE_MARKS.items()},
        "corners_of": corners_of,
        "many": many,
        "sign": SIGN,
        "data_shown": not contents.made.empty,
        "data": data.as_json(found),
    }


def corners_of(shape: str) -> str:
    """Return the corners of a shape, none for a circle or a ring."""
    return "" if shape == "ring" else drawing.corners(shape)


def _scales(
    contents: Contents, sections: Sections, network: drawing.Network | None
) -> dict[str, Any]:
    """Return the scales of what is drawn, so that filtered counts are drawn on the same."""
    longest = max([*contents.evidence["passages"].tolist(), 1])
    return {
        "scale": {
            "bounds": sections.bounds,
            "shades": len(style.SHADES),
            "people": sections.most,
            "radius": LARGEST,
            "bar": BAR,
            "longest": longest,
            "notable": NOTABLE,
            "lifts": list(LIFTS),
            "least": network.least if network else 1,
            "pairs": drawing.MOST_PAIRS,
            "thin": drawing.THIN,
            "thick": drawing.THICK,
            "smallest": drawing.SMALLEST,
            "biggest": drawing.BIGGEST,
            "most": network.most if network else 1,
            "jaccard": network.highest if network else 1,
        },
        "marks": {name: mark[0] for name, mark in style.STANCE_MARKS.items()},
        "alphas": {
            str(sections.numbering.codes[code]): _spoken(alpha)
            for code, alpha in sections.alphas.items()
            if code in sections.numbering.codes
        },
        "reporter": contents.reporter,
    }


def _spoken(alpha: Alpha) -> str:
    """Say one code's agreement in a sentence."""
    if not isfinite(alpha.value):
        return f"Coders' agreement on this code cannot be given: {alpha.note}."
    found = f"Coders' agreement on this code: alpha {alpha.text} {alpha.interval}".rstrip()
    note = f" {alpha.note[:1].upper()}{alpha.note[1:]}." if alpha.note else ""
    return f"{found}, n = {many(alpha.n, 'turn')}.{note}"


def _turns_judged(sections: Sections) -> str:
    """Say on how many turns the agreement on each code rests, where that is the same for all."""
    counts = {one.n for key, one in sections.alphas.items() if key in sections.numbering.codes}
    return f"n = {many(counts.pop(), 'turn')}" if len(counts) == 1 else ""


def _concept(contents: Contents) -> str:
    top, book = contents.study.settings.spectrum, contents.study.codebook
    return book[top].name if top and top in book else ""


def summary(contents: Contents) -> str:
    """Say in one sentence what the page rests on."""
    read, every = len(contents.scope.sources), len(contents.study.sources)
    if contents.made.empty:
        return f"{many(every, 'interview')}; nothing has been coded yet."
    part = "" if read == every else f" of {every:,}, as far as they have been coded"
    codes = contents.made["code"].nunique()
    return (
        f"{many(read, 'interview')}{part}; {many(len(contents.made), 'passage')} coded with "
        f"{many(codes, 'code')}; codings: {contents.reporter}."
    )


def trust(contents: Contents, sections: Sections) -> dict[str, str]:
    """Say in short sentences how far to trust the numbers."""
    agreed, stance = sections.alphas.get(""), sections.alphas.get("(stance)")
    return {
        "coding": _agreed("On what was coded", agreed, contents.why("reliability")),
        "stance": _agreed("On stance", stance, contents.why("reliability")),
        "saturation": saturated(contents),
    }


def _agreed(what: str, alpha: Alpha | None, why: str) -> str:
    if alpha is None:
        return f"{what}: agreement cannot be given. {_sentence(why)}".strip()
    if not isfinite(alpha.value):
        return f"{what}: agreement cannot be given. {_sentence(alpha.note)}".strip()
    interval = f" {alpha.interval}" if alpha.interval else " (no interval)"
    note = "" if alpha.interval else _sentence(alpha.note)
    return f"{what} coders agree: alpha {alpha.text}{interval}, n = {alpha.n:,}. {note}".rstrip()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def saturated(contents: Contents) -> str:
    """Say how many codes were met, when saturation was reached, and how many came after it."""
    table = contents.table("saturation-summary")
    if table is None:
        return f"Saturation cannot be given. {_sentence(contents.why('saturation'))}".strip()
    rows = {row["measure"]: row for row in table.to_dict("records")}
    parts = []
    if "codes found" in rows:
        row = rows["codes found"]
        parts.append(f"{row['value']:.0f} {row['detail']} codes were met".replace("  ", " "))
    if "saturation" in rows:
        row = rows["saturation"]
        reached = isfinite(row["value"])
        parts.append(_reached(row) if reached else f"saturation: {row['reason']}")
    after = rows.get("new codes after saturation", {}).get("value", nan)
    if isfinite(after):
        found = many(int(after), "new code") if after else "no new codes"
        parts.append(f"{found} came after it")
    return _sentence("; ".join(parts))


def _reached(row: Mapping[Any, Any]) -> str:
    """Say when saturation was reached, and by which criterion."""
    criterion = row["definition"].partition(";")[0].removeprefix("interviews after which ")
    work = row["source"].partition(", doi")[0]
    named = f"{work}: {criterion}" if work else criterion
    return f"saturation after {many(int(row['value']), 'interview')} ({named})"


def agreement(contents: Contents, sections: Sections) -> list[dict[str, Any]]:
    """Return for each code its alpha and on how many turns coders disagree."""
    if not sections.alphas:
        return []
    apart = data.disputed(contents)
    refs = sections.refs
    return [
        {
            "code": sections.numbering.codes[code.path],
            "name": code.name,
            "ref": refs[code.path],
            "alpha": sections.alphas[code.path],
            "apart": apart.get(code.path, (0, 0))[0],
            "given": apart.get(code.path, (0, 0))[1],
        }
        for code in contents.study.codebook
        if code.path in sections.alphas
    ]


def _summary_table(table: pd.DataFrame | None) -> dict[str, Any] | None:
    if table is None:
        return None
    kept = [name for name in "measure value low high detail reason".split() if name in table]
    return {
        "heads": [heading(name) for name in kept],
        "rows": [[table_text(value) for value in row] for row in table_rows(table[kept])],
    }
