"""Commands on how far a coding can be trusted: agreement, and what coders should talk about."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from study.cli.printing import Commands, print_table
from study.errors import NotPossibleError
from study.files import suggest

if TYPE_CHECKING:
    import pandas as pd

    from study.model import Project

UNITS = ("turn", "sentence", "source", "character")
PARTS = ("code", "branch", "transcript", "pair", "time")


def _reliability_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    help_unit = "what is compared (default: turn)"
    add("--unit", default="turn", choices=UNITS, metavar="UNIT", help=f"{help_unit}: %(choices)s")
    help_by = "by which part of the study (default: code)"
    add("--by", default="code", choices=PARTS, metavar="PART", help=f"{help_by}: %(choices)s")
    help_book = (
        "list every code, undefined ones with the reason; NAME: another codebook or a branch"
    )
    add("--codebook", nargs="?", const="", metavar="NAME", help=help_book)
    add("--coders", default="", metavar="A,B", help="only these coders (default: all people)")
    help_coefficient = 'such as "Gwet\'s AC1" (may be repeated; default: the usual three)'
    add("--coefficient", action="append", default=[], metavar="NAME", help=help_coefficient)


def _reliability(options: argparse.Namespace) -> int:
    import pandas as pd

    from study import reliability, tables

    study, codes = _codebook(options.study, options.codebook or "")
    coders = _names(options.coders)
    units = tables.units(study, options.unit, coders)
    sentence = reliability.sentence(units, codes, coders=coders, seed=study.settings.seed)
    found = [
        measure(codes, coders=coders, coefficients=options.coefficient or None)
        for measure in _measures(options, study, units)
    ]
    _show(pd.concat(found), every=options.codebook is not None)
    print(sentence)
    if study.settings.stamp:
        print(study.settings.stamp)
    return 0


def _codebook(folder: str, name: str) -> tuple[Project, pd.DataFrame]:
    """Load the study, and its codes, with another codebook or the codes of one branch."""
    from study import project, tables
    from study.model import under

    books = project.codebooks(Path(folder))
    study = project.load(folder, codebook=name if name in books else "")
    codes = tables.codebook(study)
    if not name or name in books:
        return study, codes
    paths = [code.path for code in study.codebook]
    if name not in paths:
        hint = suggest(name, [*books, *paths])
        raise NotPossibleError(f"{name!r} is neither a codebook of the study nor a branch{hint}")
    return study, codes[[under(code, name) for code in codes["code"]]]


def _measures(
    options: argparse.Namespace, study: Project, units: pd.DataFrame
) -> list[Callable[..., pd.DataFrame]]:
    """Return what to measure: first all codes together, then by part."""
    from study import reliability

    texts, seed = reliability.Texts.of(study), study.settings.seed
    if options.by == "code" and options.unit == "character":
        options.coefficient = options.coefficient or list(reliability.USUAL)
        both = (reliability.unitizing_overall, reliability.unitizing)
        return [partial(measure, texts, seed=seed) for measure in both]
    parts: dict[str, Callable[..., pd.DataFrame]] = {
        "code": partial(reliability.by_code, units, seed=seed),
        "branch": partial(reliability.by_branch, units, seed=seed),
        "transcript": partial(reliability.by_source, units),
        "pair": partial(reliability.by_pair, units, seed=seed),
        "time": partial(reliability.by_time, units, reliability.coded_when(texts), seed=seed),
    }
    return [partial(reliability.overall, units, seed=seed), parts[options.by]]


def _show(table: pd.DataFrame, every: bool) -> None:
    """Print values, what is rare, and, where every code is asked for, why a value is missing."""
    missing = table["value"].isna()
    rare = table["warning"].str.partition(":")[0]
    table = table.assign(note=table["reason"].where(missing, rare))
    part = [name for name in ("transcript", "pair", "period") if name in table]
    shown = [*part, "name", "coefficient", "value", "low", "high", "n", "prevalence", "note"]
    kept = table if every else table[~missing]
    kept = kept.assign(**{name: kept[name].fillna("") for name in part})
    print_table(kept[shown].round(3))
    left = table.loc[missing, "name"].nunique()
    if left and not every:
        print(f"{left} without a value; --codebook lists them with the reason")


def _disagreements_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--top", type=int, default=20, metavar="N", help="how many passages (default: 20)")
    add("--code", default="", metavar="CODE", help="only this code")
    add("--coders", default="", metavar="A,B", help="only these coders (default: all people)")
    help_consensus = "what the consensus (or NAME) changed of what coders had decided alone"
    add("--consensus", nargs="?", const="consensus", metavar="NAME", help=help_consensus)


def _disagreements(options: argparse.Namespace) -> int:
    from study import project

    if options.top < 1:
        raise NotPossibleError("--top must be 1 or more")
    study = project.load(options.study)
    found = _changes(study, options) if options.consensus else _disputes(study, options)
    if options.code:
        found = found[found["code"].isin(_codes_called(study, options.code))]
    shown = found.head(options.top)
    for row in shown.to_dict("records"):
        print(f"{row['source']}:{row['line']} {row['name']} ({row['code']}): {row['sides']}")
        if row.get("before"):
            print(f"    before: {_short(row['before'], -100)}")
        print(f"    {_short(row['text'], 200)}" if row["text"] else "    (not to be quoted)")
    what = "changes" if options.consensus else "disagreements"
    print(f"{len(found)} {what}, the first {len(shown)} shown")
    return 0


def _disputes(study: Project, options: argparse.Namespace) -> pd.DataFrame:
    """Return the disagreements, and in words who stands where."""
    from study import reliability, tables

    coders = _names(options.coders)
    units, turns = tables.units(study, coders=coders), tables.turns(study)
    found = reliability.disagreements(units, turns, tables.codebook(study), coders=coders)
    return found.assign(sides=found["applied"] + ", not " + found["not_applied"])


def _changes(study: Project, options: argparse.Namespace) -> pd.DataFrame:
    """Return what the consensus changed, and in words how; print how much, coder by coder."""
    from study import reliability, tables

    coders = _names(options.coders) or tables.people(study)
    units = tables.units(study, coders=[*coders, options.consensus])
    found = reliability.changed_by_consensus(
        units,
        tables.codebook(study),
        turns=tables.turns(study),
        consensus=options.consensus,
        coders=coders,
    )
    given = found["consensus_applied"] == 1
    for coder, rows in found.groupby("coder"):
        added = int((rows["consensus_applied"] == 1).sum())
        print(f"{coder}: {added} codes given that were not, {len(rows) - added} taken back")
    return found.assign(
        sides=(found["coder"] + ": taken back").mask(given, found["coder"] + ": given")
    )


def _names(given: str) -> list[str] | None:
    """Return the names of a list with commas, None where there are none."""
    return [name.strip() for name in given.split(",") if name.strip()] or None


def _codes_called(study: Project, name: str) -> list[str]:
    """Return the paths of the codes of this path or last part of a path."""
    known = [code.path for code in study.codebook]
    fits = [path for path in known if path == name or path.endswith("." + name)]
    if not fits:
        raise NotPossibleError(f"code {name!r} is not in the codebook{suggest(name, known)}")
    return fits


def _short(words: object, most: int) -> str:
    """Cut words to a line: their beginning, or where `most` is negative their end."""
    line = " ".join(str(words).split())
    if len(line) <= abs(most):
        return line
    return line[:most] + "\u2026" if most > 0 else "\u2026" + line[most:]


COMMANDS: Commands = {
    "reliability": (
        _reliability,
        _reliability_arguments,
        "measure how far the coders agree, and word it",
        "study reliability --coders ana,ben\n"
        'study reliability --unit character --coefficient "cu alpha"',
    ),
    "disagreements": (
        _disagreements,
        _disagreements_arguments,
        "list passages that coders should talk about, worst first",
        "study disagreements --top 10\nstudy disagreements --consensus",
    ),
}
