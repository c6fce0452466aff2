"""Commands of coding: who has coded what, one coding more or less."""

from __future__ import annotations

import argparse

from study.cli.printing import Commands, print_table
from study.model import STANCES


def _status_arguments(command: argparse.ArgumentParser) -> None:
    """`status` takes only the study's folder."""


def _status(options: argparse.Namespace) -> int:
    from study import project, tables

    study = project.load(options.study)
    table = tables.status(study)
    print(f"{study.settings.title}: {study.settings.stamp}".rstrip(": "))
    print_table(table)
    coders = list(table.columns[5:])
    for coder in coders:
        missing = list(table.loc[table[coder].isna(), "source"])
        if missing:
            print(f"{coder} has not coded: {', '.join(missing)}")
    counted = tables.reporting_coder(study)
    if counted:
        read = len(study.assigned[counted])
        print(f"figures count the codings of {counted}: {read} of {len(table)} transcripts")
    else:
        print("no codings yet; `study add` makes one")
    return 0


def _add_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("source", metavar="TRANSCRIPT", help="name of the transcript, such as P03")
    add("code", metavar="CODE", help="code, such as co-design")
    add("--coder", required=True, metavar="NAME", help="who decides this")
    add("--quote", default="", metavar="WORDS", help="the passage; `first ... last` will do")
    help_line = "line of the transcript: its turn, or where to look for the words"
    add("--line", type=int, default=0, metavar="N", help=help_line)
    add("--stance", default="", choices=STANCES, help="the speaker's stance")
    add("--memo", default="", metavar="TEXT", help="a note")


def _add(options: argparse.Namespace) -> int:
    from study.actions import add

    coding = add(
        options.study,
        options.source,
        options.code,
        coder=options.coder,
        quote=options.quote,
        line=options.line,
        stance=options.stance,
        memo=options.memo,
    )
    selection = coding.selection
    where = f"{selection.source} {selection.start}-{selection.end}"
    print(f"added {coding.code} to {where} as {coding.coder} ({coding.id})")
    return 0


def _remove_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("identity", metavar="ID", help="id of the coding; its beginning will do")
    add("--coder", required=True, metavar="NAME", help="whose coding it is")
    add("--memo", default="", metavar="TEXT", help="why")


def _remove(options: argparse.Namespace) -> int:
    from study.actions import remove

    coding = remove(options.study, options.identity, coder=options.coder, memo=options.memo)
    selection = coding.selection
    print(f"removed {coding.code} from {selection.source} {selection.start}-{selection.end}")
    return 0


COMMANDS: Commands = {
    "status": (
        _status,
        _status_arguments,
        "show who has coded what, and what is missing",
        "study status",
    ),
    "add": (
        _add,
        _add_arguments,
        "add one coding, by line or by quotation",
        'study add P03 co-design --coder ana --stance positive --quote "we made ... with them"\n'
        "study add P03 co-design --coder ana --line 41",
    ),
    "remove": (
        _remove,
        _remove_arguments,
        "take one coding back",
        "study remove 3f2a91 --coder ana",
    ),
}
