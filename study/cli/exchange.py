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
    what.add_argument("--refi", metavar="FILE", help="the whole study, as a REFI-QDA project .qdpx")
    help_codebook = "the codebook: .qdc, .csv (Taguette), .xlsx or .docx (to discuss)"
    what.add_argument("--codebook", metavar="FILE", help=help_codebook)
    help_codings = "tables for R: codings as .csv or .parquet, all as .sqlite"
    what.add_argument("--codings", metavar="FILE", help=help_codings)
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
    elif options.codings:
        made = exchange.export_codings(
            options.study,
            options.codings,
            quotable=options.quotable,
            private=options.private,
            memos=options.memos,
        )
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
    from study import exchange

    return exchange.is_exchange(paths)


def take_in(options: argparse.Namespace) -> int:
    """Take a file of another program in: `study import` calls it."""
    from study import exchange
    from study.errors import NotPossibleError

    if len(options.paths) > 1:
        message = "a project, codebook or list of codings is imported by itself"
        raise NotPossibleError(f"{message}; name only that one file")
    if options.pseudonymise:
        message = "--pseudonymise is for transcripts, not for a whole project"
        raise NotPossibleError(f"{message}; relabel the speakers before it is exported")
    taken = exchange.take_in(
        options.study,
        options.paths[0],
        interviewers=options.interviewer,
        replace=options.replace,
        dry_run=options.dry_run,
        coder=options.name,
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
        "write the study for other programs, or for R",
        "study export --refi study.qdpx\nstudy export --codebook codes.docx\n"
        "study export --codings study.sqlite",
    ),
}
