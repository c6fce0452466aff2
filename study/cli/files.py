"""Commands on a study's files: begin one, receive transcripts, check."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from study.cli import exchange
from study.cli.printing import Commands, print_table
from study.wording import many

if TYPE_CHECKING:
    from study.intake import Imported


def _init_arguments(init: argparse.ArgumentParser) -> None:
    init.add_argument("folder", metavar="DIR", help="folder to make, or an empty one")


def _init(options: argparse.Namespace) -> int:
    from study.actions import init

    made = init(options.folder)
    print(f"made a study in {options.folder}: {many(len(made), 'file')}")
    print("next: set its title in study.toml, then `study import` your transcripts")
    return 0


def _import_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    help_paths = "files, folders or patterns; or one project or codebook of another program"
    add("paths", nargs="+", metavar="PATH", help=help_paths)
    help_as = "name of a single transcript; or who made a list of highlights"
    add("--as", dest="name", default="", metavar="NAME", help=help_as)
    add(
        "--interviewer",
        action="append",
        default=[],
        metavar="LABEL",
        help="label of who asks, if the transcript does not say (may be repeated)",
    )
    help_pseudonym = "write the transcript's name for the participant's"
    add("--pseudonymise", action="store_true", help=help_pseudonym)
    help_replace = "overwrite a transcript that nobody has coded; take a file's texts of codes"
    add("--replace", action="store_true", help=help_replace)
    add("--dry-run", action="store_true", help="read and report only, write nothing")
    add("--jobs", type=int, default=1, metavar="N", help="read with N processes at a time")


def _import(options: argparse.Namespace) -> int:
    from study import transcripts
    from study.intake import expand, import_transcripts, preview

    if exchange.is_exchange(options.paths):
        return exchange.take_in(options)
    files = expand(options.paths)
    with _bar(len(files), table=options.dry_run) as report:
        results = import_transcripts(
            options.study,
            files,
            name=options.name,
            interviewers=options.interviewer,
            pseudonymise=options.pseudonymise,
            replace=options.replace,
            dry_run=options.dry_run,
            jobs=options.jobs,
            report=report,
        )
    if options.dry_run:
        print_table(preview(results))
    sources = (result.received.source for result in results if result.received)
    for twins in transcripts.duplicates(sources):
        print(f"note: {twins}: is this one interview twice?")
    total, failed = len(results), sum(result.failed for result in results)
    done = "can be imported" if options.dry_run else "imported"
    print(f"{total - failed} of {total} files {done}" + (f", {failed} left out" if failed else ""))
    return 1 if failed or not total else 0


@contextmanager
def _bar(files: int, table: bool) -> Iterator[Callable[[Imported], None]]:
    """Give a function that tells of each file above a progress bar, or notes only with a table."""
    from tqdm import tqdm

    from study.intake import lines

    with tqdm(total=files, unit="file", disable=None, leave=False) as bar:

        def report(result: Imported) -> None:
            for line in lines(result)[2:] if table else lines(result):
                bar.write(line, file=sys.stderr if result.failed else sys.stdout)
            bar.update()

        yield report


def _revise_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("source", metavar="TRANSCRIPT", help="name of the transcript, such as P07")
    help_file = "the corrected file; without one, bring late codings to the present text"
    add("path", nargs="?", metavar="FILE", help=help_file)
    add("--interviewer", action="append", default=[], metavar="LABEL", help="label of who asks")
    add("--dry-run", action="store_true", help="say what would happen, write nothing")


def _revise(options: argparse.Namespace) -> int:
    from study.intake import revise

    done = revise(
        options.study,
        options.source,
        options.path,
        interviewers=options.interviewer,
        dry_run=options.dry_run,
    )
    for warning in done.warnings:
        print(f"note: {warning}")
    for one in done.lost:
        coding = one.before
        print(f"no longer there: {coding.coder}, {coding.code}: {one.words[:70]!r}")
    kept = len(done.moved) - len(done.lost)
    verb = "would be" if options.dry_run else "were"
    print(f"{done.source} {done.old_version} -> {done.new_version}: {kept} codings {verb} ", end="")
    print(f"brought along, {len(done.lost)} {verb} ended")
    if done.declined:
        print(f"with them, {len(done.declined)} proposals that coders had declined")
    return 0


def _check_arguments(command: argparse.ArgumentParser) -> None:
    help_fix = "restore CSV files that a spreadsheet program rewrote (BOM, ;, line ends)"
    command.add_argument("--fix", action="store_true", help=help_fix)


def _check(options: argparse.Namespace) -> int:
    from study import actions, project

    for path in actions.mend(options.study) if options.fix else ():
        print(f"restored {path}")
    problems = project.check(options.study)
    for problem in problems:
        print(problem)
    count = len(problems)
    print("no problems" if not count else f"{count} problem{'s' if count > 1 else ''}")
    return 1 if problems else 0


COMMANDS: Commands = {
    "init": (_init, _init_arguments, "make the folder of a new study", "study init my-study"),
    "import": (
        _import,
        _import_arguments,
        "turn received transcripts into canonical ones",
        'study import received/*.docx --interviewer "Jo Reed"\nstudy import call.vtt --as P07\n'
        "study import theirs.qdpx -C new-study",
    ),
    "revise": (
        _revise,
        _revise_arguments,
        "replace a transcript by a corrected one, with its codings",
        "study revise P07 corrected.docx --dry-run",
    ),
    "check": (
        _check,
        _check_arguments,
        "list everything that is wrong in the study's files",
        "study check",
    ),
}
