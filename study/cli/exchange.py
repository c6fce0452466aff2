"""Commands that exchange studies with other programs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from study.cli.printing import Commands

SHOWN = 20
"""Notes that are printed; the report has them all."""


def _export_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--refi", metavar="OUT.qdpx", help="the whole study, as a REFI-QDA project")
    what.add_argument("--codebook", metavar="OUT.qdc", help="the codebook only")
    help_quotable = "leave out participants who may not be quoted"
    add("--quotable-only", dest="quotable", action="store_true", help=help_quotable)
    help_private = "put columns in that could identify people"
    add("--private", action="store_true", help=help_private)
    add("--no-memos", dest="memos", action="store_false", help="leave memos out")
    add("--received", action="store_true", help="put the documents in as they were received")
    help_media = "put recordings in, named like their transcripts, with the times of turns"
    add("--recordings", dest="media", metavar="DIR", help=help_media)


def _export(options: argparse.Namespace) -> int:
    from study import exchange

    if options.codebook:
        made = exchange.export_codebook(options.study, options.codebook)
    else:
        made = exchange.export_project(
            options.study,
            options.refi,
            quotable=options.quotable,
            private=options.private,
            memos=options.memos,
            received=options.received,
            media=options.media,
        )
    for line in (*made.done, *(f"note: {note}" for note in made.notes)):
        print(line)
    return 0


def is_exchange(paths: Sequence[str]) -> bool:
    """Tell whether one of several files is of another program rather than a transcript."""
    return any(path.lower().endswith((".qdpx", ".qde", ".qdc")) for path in paths)


def take_in(options: argparse.Namespace) -> int:
    """Take files of other programs in: `study import` calls it."""
    from study import exchange
    from study.errors import NotPossibleError

    if len(options.paths) > 1:
        raise NotPossibleError("a .qdpx or .qdc file is imported by itself; name only that one")
    if options.name or options.pseudonymise:
        message = "--as and --pseudonymise are for single transcripts, not for a whole project"
        raise NotPossibleError(f"{message}; rename and relabel before it is exported")
    taken = exchange.take_in(
        options.study,
        options.paths[0],
        interviewers=options.interviewer,
        replace=options.replace,
        dry_run=options.dry_run,
    )
    for note in taken.notes[:SHOWN]:
        print(f"note: {note}")
    if len(taken.notes) > SHOWN:
        print(f"note: and {len(taken.notes) - SHOWN} more")
    for line in taken.done:
        print(line)
    if taken.report:
        print(f"all of this, and what has no place in a study: {taken.report}")
    return 0


COMMANDS: Commands = {
    "export": (
        _export,
        _export_arguments,
        "write the study for NVivo, ATLAS.ti, MAXQDA or QualCoder",
        "study export --refi study.qdpx\nstudy export --codebook codes.qdc",
    ),
}
