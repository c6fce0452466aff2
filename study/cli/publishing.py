"""Commands for print and for consent: tables, report, withdrawal."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from study.cli.printing import Commands
from study.errors import NotPossibleError
from study.wording import many

if TYPE_CHECKING:
    from study.report import Made
    from study.withdrawal import Plan


def _out(command: argparse.ArgumentParser) -> None:
    help_out = "where to write (default: figures/ in the study)"
    command.add_argument("--out", metavar="DIR", help=help_out)


def _report(options: argparse.Namespace) -> int:
    from study import report

    return _told(options, report.report(options.study, options.out), "report.docx")


def _tables(options: argparse.Namespace) -> int:
    from study import report

    return _told(options, report.tables(options.study, options.out), "tables.docx")


def _told(options: argparse.Namespace, made: Made, first: str) -> int:
    from study import project, reproduce

    for stage, reason in made.skipped.items():
        print(f"left out: {stage}: {reason}")
    folder = made.written[0].parent
    left = reproduce.left_over(project.load(options.study), folder, made.written)
    print(f"Wrote {many(len(made.written), 'file')} to {folder} in {made.seconds:.1f} s; ", end="")
    print(f"open {folder / first}")
    if left:
        print(f"warning: {left}")
    return 0


def _withdraw_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("participant", metavar="PARTICIPANT", help="id in participants.csv, such as P07")
    how = command.add_mutually_exclusive_group()
    help_seal = "keep the files, and read none of them any more (default)"
    how.add_argument("--seal", action="store_true", help=help_seal)
    how.add_argument("--remove", action="store_true", help="delete the files")
    add("--by", default="", metavar="NAME", help="who does it, for the record")
    add("--yes", action="store_true", help="do it without asking")


def _withdraw(options: argparse.Namespace) -> int:
    from study import withdrawal

    plan = withdrawal.plan(options.study, options.participant, remove=options.remove)
    _show(plan)
    if not options.yes and not _agreed(plan):
        print("nothing was changed")
        return 1
    withdrawal.carry_out(plan, by=options.by)
    print(f"{plan.participant} is withdrawn; the figures are out of date until `study reproduce`")
    return 0


def _show(plan: Plan) -> None:
    """Print what will be done, and what is left to do by hand."""
    for line in plan.lines():
        print(line)


def _agreed(plan: Plan) -> bool:
    verb = "delete these files" if plan.remove else "seal these files"
    try:
        answer = input(f"{verb}? Type {plan.participant} to go on: ")
    except EOFError:
        raise NotPossibleError("nobody is there to answer; add --yes to do it") from None
    return answer.strip() == plan.participant


COMMANDS: Commands = {
    "tables": (
        _tables,
        _out,
        "write every table for print: Word, LaTeX, HTML, .xlsx, .csv",
        "study tables --out for-the-journal",
    ),
    "report": (
        _report,
        _out,
        "write a skeleton of methods and results, with numbers",
        "study report",
    ),
    "withdraw": (
        _withdraw,
        _withdraw_arguments,
        "take a participant out of the study, as they asked",
        "study withdraw P07\nstudy withdraw P07 --remove --by ana",
    ),
}
