"""The command line: each command is parse, one public call, print."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial

from study.cli import analysis, coding, exchange, figure, files, publishing, topics, trust
from study.cli.printing import Commands
from study.errors import StudyError

COMMANDS: Commands = (
    files.COMMANDS
    | exchange.COMMANDS
    | coding.COMMANDS
    | trust.COMMANDS
    | topics.COMMANDS
    | analysis.COMMANDS
    | figure.COMMANDS
    | publishing.COMMANDS
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status (0 done, 1 something to mend, 2 wrong usage)."""
    options = parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except StudyError as error:
        return _fail(str(error))
    except OSError as error:
        if error.strerror is None or isinstance(error, BrokenPipeError):
            raise
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror}")
    except KeyboardInterrupt:
        return _fail("stopped; no file is half written, and the command can be repeated", 130)


def _fail(message: str, status: int = 1) -> int:
    print(f"study: {message}", file=sys.stderr)
    return status


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(
        prog="study",
        description="Code interview transcripts, and make the map of current practice from them.",
        usage="study [-h] [--version] COMMAND ...",
        epilog="`study COMMAND --help` explains a command and gives an example.",
        formatter_class=partial(argparse.HelpFormatter, max_help_position=20),
        add_help=False,
    )
    # So that all commands fit on a screen, the two options are named above only.
    top.add_argument("-h", "--help", action="help", help=argparse.SUPPRESS)
    top.add_argument("--version", action=_Version, nargs=0, help=argparse.SUPPRESS)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (run, arguments, about, example) in COMMANDS.items():
        added = commands.add_parser(
            name,
            help=about,
            description=about[0].upper() + about[1:] + ".",
            epilog="example:\n" + "\n".join(f"  {line}" for line in example.split("\n")),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(command=run)
        arguments(added)
        if name != "init":
            help_study = "the study's folder (default: this one)"
            added.add_argument("-C", dest="study", default=".", metavar="DIR", help=help_study)
    return top


class _Version(argparse.Action):
    """Look the version up only when asked for: that reads the installed package's metadata."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from importlib.metadata import version

        print(f"study {version('study')}")
        parser.exit()
