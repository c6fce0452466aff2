"""The command line: each command is parse, one public call, print."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from study.errors import NotPossibleError, StudyError
from study.files import suggest
from study.model import STANCES

if TYPE_CHECKING:
    import pandas as pd

    from study.intake import Imported


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
        epilog="`study COMMAND --help` explains a command and gives an example.",
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show the version and stop")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
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


def _init_arguments(init: argparse.ArgumentParser) -> None:
    init.add_argument("folder", metavar="DIR", help="folder to make, or an empty one")


def _init(options: argparse.Namespace) -> int:
    from study.actions import init

    made = init(options.folder)
    print(f"made a study in {options.folder}: {len(made)} files")
    print("next: set its title in study.toml, then `study import` your transcripts")
    return 0


def _import_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("paths", nargs="+", metavar="PATH", help="files, folders or patterns")
    add("--as", dest="name", default="", metavar="NAME", help="name of a single transcript")
    add(
        "--interviewer",
        action="append",
        default=[],
        metavar="LABEL",
        help="label of who asks, if the transcript does not say (may be repeated)",
    )
    help_pseudonym = "write the transcript's name for the participant's"
    add("--pseudonymise", action="store_true", help=help_pseudonym)
    add("--replace", action="store_true", help="overwrite a transcript that nobody has coded")
    add("--dry-run", action="store_true", help="read and report only, write nothing")
    add("--jobs", type=int, default=1, metavar="N", help="read with N processes at a time")


def _import(options: argparse.Namespace) -> int:
    from study import transcripts
    from study.intake import expand, import_transcripts, preview

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
        _print_table(preview(results))
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


def _status_arguments(command: argparse.ArgumentParser) -> None:
    """`status` takes only the study's folder."""


def _status(options: argparse.Namespace) -> int:
    from study import project, tables

    study = project.load(options.study)
    table = tables.status(study)
    print(f"{study.settings.title}: {study.settings.stamp}".rstrip(": "))
    _print_table(table)
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


def _print_table(table: pd.DataFrame) -> None:
    shown = table.astype(object).where(table.notna(), "-")
    print(shown.to_string(index=False) if len(table) else "no transcripts yet")


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
    _print_table(table[shown].round(3))
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


COMMANDS: dict[str, tuple[Any, Any, str, str]] = {
    "init": (_init, _init_arguments, "make the folder of a new study", "study init my-study"),
    "import": (
        _import,
        _import_arguments,
        "turn received transcripts into canonical ones",
        'study import received/*.docx --interviewer "Jo Reed"\nstudy import call.vtt --as P07',
    ),
    "revise": (
        _revise,
        _revise_arguments,
        "replace a transcript by a corrected one and take its codings along",
        "study revise P07 corrected.docx --dry-run",
    ),
    "check": (
        _check,
        _check_arguments,
        "list everything that is wrong in the study's files",
        "study check",
    ),
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
