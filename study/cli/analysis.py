"""Commands of analysis: words, and everything made anew."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from study.cli.printing import Commands, print_table
from study.model import Project


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


def _apply_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--codes", default="", metavar="A,B", help="only these codes (default: all with patterns)")
    add("--dry-run", action="store_true", help="say what would change, write nothing")
    help_report = "set what rules find against what people coded: precision, recall, F1, alpha"
    add("--report", action="store_true", help=help_report)


def _apply(options: argparse.Namespace) -> int:
    from study import rules

    codes = [name.strip() for name in options.codes.split(",") if name.strip()]
    done = rules.apply(options.study, codes, dry_run=options.dry_run)
    for code, found, added, removed in done.by_code():
        print(f"{code}: {found} passages ({added} new, {removed} no longer found)")
    verb = "would be" if options.dry_run else "were"
    print(f"{len(done.added)} codings {verb} added, {len(done.removed)} removed, ", end="")
    print(f"{len(done.kept)} kept, in {len(done.study.sources)} transcripts")
    if options.report:
        _print_report(done.study, done.codes)
    return 0


def _print_report(study: Project, codes: Sequence[str]) -> None:
    """Print the comparison with each coder, one row a code."""
    from study import rules

    table = rules.report(study, codes=codes)
    for coder, part in table.groupby("against", sort=False):
        print(f"\nrules against {coder}, {part['n'].max()} turns")
        print_table(rules.summary(part))
        for code, note in rules.notes(part):
            print(f"  {code}: {note}")
    others = len(study.codebook.codes) - len(codes)
    print("\n[95 % interval, bootstrap over transcripts]  * rests on fewer than 10 turns")
    print(f"{others} codes have no patterns or were not asked for" if others else "")
    if study.settings.stamp:
        print(study.settings.stamp)


def _map_arguments(command: argparse.ArgumentParser) -> None:
    help_out = "where to write (default: figures/map.html in the study)"
    command.add_argument("--out", metavar="FILE", help=help_out)
    command.add_argument("--open", action="store_true", help="show it in the browser")


def _map(options: argparse.Namespace) -> int:
    from study import map as page

    path = page.make(options.study, options.out)
    print(f"Wrote {path} ({path.stat().st_size / 1e6:.1f} MB); it can be sent as it is")
    if options.open:
        import webbrowser

        webbrowser.open(path.resolve().as_uri())
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
    for warning in report.warnings:
        print(f"warning: {warning}")
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
    "apply": (
        _apply,
        _apply_arguments,
        "find codes by the codebook's patterns, as proposals",
        "study apply --dry-run --report\nstudy apply --codes co-design,staff-development",
    ),
    "map": (
        _map,
        _map_arguments,
        "make the map page: each number opens onto its quotations",
        "study map --open\nstudy map --out map-for-friday.html",
    ),
    "reproduce": (
        _reproduce,
        _reproduce_arguments,
        "make every figure and table of the study",
        "study reproduce\nstudy reproduce --check",
    ),
}
