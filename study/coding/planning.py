"""What `study code` was asked to do, checked before anything is started."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from study import codings, project, settings
from study.coding import state
from study.coding.state import Private
from study.errors import NotPossibleError
from study.files import require_name, suggest
from study.model import DERIVED

LOOPBACK = "127.0.0.1"
ANYWHERE = ("0.0.0.0", "::", "")
NAME = re.compile(r"([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is served, and where.

    `coder` is the one who codes on their own machine; empty where coders sign in.  `port` None
    stands for the study's own.  `names` are host names by which others reach the server.
    `private` is the folder for what must stay secret, None for the one in the user's state folder.
    `blind` is whether the page asks before it shows what others coded.
    `every` is how many seconds lie between two looks at the study's files.
    """

    root: Path
    coder: str = ""
    host: str = LOOPBACK
    port: int | None = None
    names: tuple[str, ...] = ()
    behind_proxy: bool = False
    private: Path | None = None
    blind: bool = True
    every: float = 1.0


def plan(
    folder: Path | str,
    coder: str = "",
    *,
    host: str = LOOPBACK,
    port: int | None = None,
    names: Sequence[str] = (),
    behind_proxy: bool = False,
    blind: bool = True,
) -> Plan:
    """Return what is to be served, if that can be done.

    Parameters
    ----------
    folder
        The study.
    coder
        Who codes; must be left out where coders sign in.
    host
        Address to listen on; beyond this machine, coders sign in.
    port
        This port and no other.
    names
        Names by which people reach the server, as in their browser's address line.
    behind_proxy
        A reverse proxy with TLS stands in front; coders sign in.
    blind
        Whether the page asks before it shows what others coded; that a coder has seen it is
        written down in either case.

    Raises
    ------
    NotPossibleError
        The folder is no study, or something is missing or does not go together.
    """
    root = project.require_study(Path(folder))
    if port is not None and not 0 <= port < 65_536:
        raise NotPossibleError(f"there is no port {port}; ports are 1 to 65535")
    if behind_proxy or not _is_loopback(host):
        _require_shareable(root, coder, host, names, behind_proxy)
    elif names:
        raise NotPossibleError("--name is for a server that others reach: give --host as well")
    elif not coder:
        raise NotPossibleError(_who(root))
    else:
        coder = _require_reader(root, coder)
    return Plan(root, coder, host, port, tuple(names), behind_proxy, blind=blind)


def invite(folder: Path | str, name: str) -> tuple[str, bool]:
    """Give a coder a secret for signing in; return it, and whether it replaces an earlier one."""
    root = project.require_study(Path(folder))
    name = _require_reader(root, name)
    private = Private(state.folder_of(root))
    private.prepare(root)
    return private.invite(name)


def coders(root: Path) -> list[str]:
    """Return the people who have taken on transcripts of a study."""
    logs = _logs(root).glob("*/*.csv")
    return sorted({path.parent.name for path in logs} - set(DERIVED))


def stranger(root: Path, coder: str) -> str:
    """Return a note where a coder is new to a study: it may be another one, mistyped."""
    known = coders(root)
    if not known or coder in known:
        return ""
    return f"note: {coder} has coded nothing here yet{suggest(coder, known)}"


def _logs(root: Path) -> Path:
    return project.codebook_folder(root, settings.read(root)[0]) / "codings"


def _who(root: Path) -> str:
    known = coders(root)
    if len(known) == 1:
        return f"say who codes: `study code --coder {known[0]}` if you are {known[0]}"
    others = f"; {', '.join(known)} have codings here" if known else ""
    return f"say who codes, with --coder and your name{others}"


def _require_reader(root: Path, coder: str) -> str:
    """Return a coder's name as it is written; refuse one that is no person's."""
    coder = require_name("coder", coder)
    if coder.casefold() in DERIVED:
        message = f"{coder!r} is no reader: its codings are made from others', or by a machine"
        raise NotPossibleError(f"{message}; give your own name")
    codings.path_of(_logs(root), coder, "any")
    return coder


def _require_shareable(
    root: Path, coder: str, host: str, names: Sequence[str], behind_proxy: bool
) -> None:
    if coder:
        message = "where others can reach the page, each coder signs in with their own secret"
        raise NotPossibleError(f"{message}; leave --coder out")
    for name in names:
        if not NAME.fullmatch(name):
            raise NotPossibleError(f"--name {name!r} must be a host name like study.example.edu")
    if not names and (behind_proxy or host in ANYWHERE):
        message = "say by which name people reach the page, such as --name study.example.edu"
        raise NotPossibleError(message)
    if not Private(state.folder_of(root)).invited():
        message = "nobody could sign in, so the page is not opened to others"
        raise NotPossibleError(f"{message}; `study code --invite NAME` gives a coder a secret")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
