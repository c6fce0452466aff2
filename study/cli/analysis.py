"""Commands of analysis: words, agreement, and everything made anew."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from study.cli.printing import Commands, print_table
from study.errors import NotPossibleError
from study.files import suggest


def _concordance_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("word", metavar="WORD", help="a word, a phrase, or a pattern such as `credit*`")
    help_width = "characters of context on each side (default: 40)"
    add("--width", type=int, default=40, metavar="N", help=help_width)


def _concordance(options: argparse.Namespace) -> int:
    from study import project, tables, words

    turns = tables.turns(project.load(options.study))
    found = words.concordance(turns, options.word, width=options.width)
    for row in found.to_dict("records"):
        left = str(row["left"])[-options.width :].rjust(options.width)
        print(f"{row['source']:>6}:{row['line']:<4} {left}  {row['word']}  {row['right']}")
    people = found["participant"].nunique()
    print(f"{len(found)} hits in {found['source'].nunique()} transcripts, {people} participants")
    return 0


def _reliability_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--unit", default="turn", choices=("turn", "source"), help="what is compared")
    add("--coders", default="", metavar="A,B", help="only these coders (default: all people)")
    help_coefficient = 'such as "Gwet\'s AC1" (may be repeated; default: the usual three)'
    add("--coefficient", action="append", default=[], metavar="NAME", help=help_coefficient)


def _reliability(options: argparse.Namespace) -> int:
    import pandas as pd

    from study import project, reliability, tables

    study = project.load(options.study)
    units = tables.units(study, options.unit)
    codes, seed = tables.codebook(study), study.settings.seed
    coders = options.coders.split(",") if options.coders else None
    found = [
        make(units, codes, coders=coders, coefficients=options.coefficient or None, seed=seed)
        for make in (reliability.overall, reliability.by_code)
    ]
    table = pd.concat(found)
    table = table[table["value"].notna()]
    shown = ["name", "coefficient", "value", "low", "high", "n", "prevalence"]
    print_table(table[shown].round(3))
    print(reliability.sentence(units, codes, coders=coders, seed=seed))
    if study.settings.stamp:
        print(study.settings.stamp)
    return 0


def _disagreements_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--top", type=int, default=20, metavar="N", help="how many passages (default: 20)")
    add("--code", default="", metavar="CODE", help="only this code")


def _disagreements(options: argparse.Namespace) -> int:
    from study import project, reliability, tables

    study = project.load(options.study)
    found = reliability.disagreements(
        tables.units(study), tables.turns(study), tables.codebook(study)
    )
    if options.code:
        known = [code.path for code in study.codebook]
        fits = [path for path in known if path == options.code or path.endswith("." + options.code)]
        if not fits:
            hint = suggest(options.code, known)
            raise NotPossibleError(f"code {options.code!r} is not in the codebook{hint}")
        found = found[found["code"].isin(fits)]
    if options.top < 1:
        raise NotPossibleError("--top must be 1 or more")
    for row in found.head(options.top).to_dict("records"):
        sides = f"{row['applied']}, not {row['not_applied']}"
        print(f"{row['source']}:{row['line']} {row['name']} ({row['code']}): {sides}")
        print(f"    {str(row['text'])[:200]}" if row["text"] else "    (not to be quoted)")
    print(f"{len(found)} disagreements, the first {min(options.top, len(found))} shown")
    return 0


def _reproduce_arguments(command: argparse.ArgumentParser) -> None:
    help_check = "make everything in a temporary folder and say which file differs"
    command.add_argument("--check", action="store_true", help=help_check)
    help_out = "where to write (default: figures/ in the study)"
    command.add_argument("--out", metavar="DIR", help=help_out)


def _reproduce(options: argparse.Namespace) -> int:
    from study.reproduce import reproduce

    report = reproduce(
        options.study,
        out=Path(options.out) if options.out else None,
        check=options.check,
        progress=True,
    )
    for name, reason in report.skipped:
        print(f"not made: {name}: {reason}")
    if options.check:
        return _print_differences(report.differences, report.seconds)
    kinds: dict[str, list[str]] = {}
    for path in report.written:
        name, _, kind = path.name.partition(".")
        kinds.setdefault(name, []).append(kind)
    for name, made in kinds.items():
        print(f"  {name}: {', '.join(made)}")
    print(f"{report.note}Wrote {len(report.written)} files to {report.folder} ", end="")
    print(f"in {report.seconds:.1f} s; open {report.folder / 'index.html'}")
    return 0


def _print_differences(differences: Iterable[str], seconds: float) -> int:
    found = list(differences)
    for difference in found:
        print(difference)
    print(f"{len(found)} differences" if found else "every file is as before", f"({seconds:.1f} s)")
    return 1 if found else 0


COMMANDS: Commands = {
    "concordance": (
        _concordance,
        _concordance_arguments,
        "show a word in its context, everywhere it was said",
        "study concordance 'partner*'",
    ),
    "reliability": (
        _reliability,
        _reliability_arguments,
        "measure how far the coders agree, with the sentence for a method section",
        "study reliability --coders ana,ben",
    ),
    "disagreements": (
        _disagreements,
        _disagreements_arguments,
        "list passages that coders should talk about, worst first",
        "study disagreements --top 10",
    ),
    "reproduce": (
        _reproduce,
        _reproduce_arguments,
        "make every figure and table of the study",
        "study reproduce\nstudy reproduce --check",
    ),
}
