"""Commands of coding: the coding page, who has coded what, one coding more or less."""

from __future__ import annotations

import argparse
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from study.cli.printing import Commands, print_table
from study.model import STANCES

if TYPE_CHECKING:
    from study.coding.server import Running


def _code_arguments(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--coder", default="", metavar="NAME", help="who codes, on this machine")
    help_port = "port to listen on (default: the study's own, the same each time)"
    add("--port", type=int, metavar="N", help=help_port)
    add("--no-browser", action="store_true", help="print the address, open nothing")
    help_blind = (
        "show what others coded without asking first; that it was seen is noted all the same"
    )
    add("--not-blind", action="store_true", help=help_blind)
    add("--invite", default="", metavar="NAME", help="give a coder a (new) secret to sign in with")
    help_host = "listen here, for coders who sign in (default: this machine only)"
    add("--host", default="127.0.0.1", metavar="ADDRESS", help=help_host)
    help_name = "host name by which people reach the page (may be repeated)"
    add("--name", action="append", default=[], metavar="HOST", help=help_name)
    help_proxy = "a reverse proxy with TLS stands in front; coders sign in"
    add("--behind-proxy", action="store_true", help=help_proxy)


def _code(options: argparse.Namespace) -> int:
    from study.coding import planning

    if options.invite:
        return _invite(options)
    plan = planning.plan(
        options.study,
        options.coder,
        host=options.host,
        port=options.port,
        names=options.name,
        behind_proxy=options.behind_proxy,
        blind=not options.not_blind,
    )
    from study.coding.server import Running

    running = Running(plan)
    notes = (planning.stranger(plan.root, plan.coder) if plan.coder else "", running.note)
    for note in filter(None, notes):
        print(note)
    _announce(running)
    if plan.coder and not options.no_browser:
        threading.Thread(target=_open, args=(running,), daemon=True).start()
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it ends, whether or not it gets this far
        running.serve()
    print("\nended; whatever the page showed as saved is in the logs")
    return 0


def _invite(options: argparse.Namespace) -> int:
    from study.coding.planning import invite

    secret, renewed = invite(options.study, options.invite)
    print(f"{options.invite} signs in with this secret, which is shown only now:\n  {secret}")
    if renewed:
        print("the earlier one opens nothing any more, and its pages are signed out")
    return 0


def _announce(running: Running) -> None:
    """Say where the page is; the only line with an address is the one to open."""
    if running.ticket:
        print(f"coding as {running.plan.coder}; the page is at\n  {running.url}")
        print("That address opens it once, within ten minutes. Ctrl-C here ends it.", flush=True)
        return
    plan = running.plan
    print(f"coders sign in at\n  {running.url}")
    if plan.behind_proxy:
        print(f"the proxy passes on to {plan.host}, port {running.port}")
    else:
        print(
            "note: what is read and coded crosses the network for all to see.  TLS belongs in\n"
            "      front: a reverse proxy; then add --behind-proxy and its --name."
        )
    print("Ctrl-C here ends it.", flush=True)


def _open(running: Running) -> None:
    import webbrowser

    while not running.started:
        time.sleep(0.01)
    if not webbrowser.open(running.url):
        print("no browser could be opened here; open the address yourself", flush=True)


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
    "code": (
        _code,
        _code_arguments,
        "open the coding page in the browser",
        "study code --coder ana\nstudy code --invite ben",
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
}
