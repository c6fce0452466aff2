"""Serving the coding page: to one coder on their own machine, or to several who sign in."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from study import project, settings
from study.coding import desk, state
from study.coding.app import make_app
from study.coding.desks import Desks
from study.coding.entrance import CookieJar, Entrance, SecretEntrance, TokenEntrance
from study.coding.events import Hub, own_or_shared
from study.coding.listening import Server, bind
from study.coding.planning import ANYWHERE, LOOPBACK, Plan
from study.coding.security import App, doors, has_port
from study.coding.signin import Cookies, Ticket, cookie_name
from study.coding.state import Private, study_key
from study.coding.watching import Change, Watcher
from study.errors import NotPossibleError

LOCAL = (LOOPBACK, "localhost", "[::1]")


class Running:
    """A server that listens; `serve` answers until it is stopped.

    Raises
    ------
    NotPossibleError
        Nothing can listen there, nobody is invited, or the coder's name cannot be one.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan, root = plan, project.require_study(plan.root)
        private = Private(plan.private or state.folder_of(root))
        private.prepare(root)
        if not plan.coder and not private.invited():
            message = "nobody can sign in yet; `study code --invite NAME` gives a coder a secret"
            raise NotPossibleError(message)
        self._desks = Desks(lambda coder: desk.Desk(root, coder, blind=plan.blind))
        if plan.coder:
            self._desks.open(plan.coder)
        self._socket, self.note = bind(plan.host, plan.port, root)
        self.port = int(self._socket.getsockname()[1])
        self.ticket = Ticket(plan.coder) if plan.coder else None
        self._hub = Hub(Sight(root))
        self._watcher = Watcher(root, self._hub.report, every=plan.every)
        self.cookies = self._cookies(private)
        self._server = Server(self._app(private), self._hub.close)
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where the page is, without a token."""
        plan = self.plan
        if plan.behind_proxy:
            return f"https://{plan.names[0]}/"
        host = plan.names[0] if plan.names else _bracketed(plan.host)
        return f"http://{host if has_port(host) else f'{host}:{self.port}'}/"

    @property
    def url(self) -> str:
        """The address that opens the page: with the token, where there is one."""
        return self.address + (f"?token={self.ticket.value}" if self.ticket else "")

    @property
    def started(self) -> bool:
        """Whether requests are answered."""
        return self._server.started

    def serve(self) -> None:
        """Answer requests until told to stop; Ctrl-C raises KeyboardInterrupt after that."""
        self._watcher.start()
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._watcher.stop()
            self._desks.close()
            self._socket.close()

    def start(self) -> Running:
        """Answer requests in a thread; return when the first can be asked."""
        self._thread = threading.Thread(target=self.serve, name="coding", daemon=True)
        self._thread.start()
        while not self.started and self._thread.is_alive():
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        """End what `start` began."""
        self._server.should_exit = True
        if self._thread:
            self._thread.join(timeout=20)

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _cookies(self, private: Private) -> Cookies:
        plan, study = self.plan, study_key(self.plan.root)
        return Cookies(
            private.key(),
            study,
            (lambda: {plan.coder: ""}) if plan.coder else private.invited,
            name=("__Host-" if plan.behind_proxy else "") + cookie_name(study, plan.coder),
            ended=private.ended(),
        )

    def _app(self, private: Private) -> App:
        plan = self.plan
        return make_app(
            self._desks,
            doors=doors(self._names(), self.port, behind_proxy=plan.behind_proxy),
            cookies=self.cookies,
            hub=self._hub,
            entrance=self._entrance(private),
            writing=Writing(plan.root, self._watcher),
        )

    def _entrance(self, private: Private) -> Callable[[CookieJar], Entrance]:
        ticket = self.ticket
        if ticket:
            return lambda jar: TokenEntrance(jar, ticket)
        return lambda jar: SecretEntrance(jar, private, time.time)

    def _names(self) -> Sequence[str]:
        plan = self.plan
        if plan.behind_proxy:
            return plan.names
        hosts = () if plan.host in ANYWHERE else (_bracketed(plan.host),)
        return [*plan.names, *hosts, *LOCAL]


def start(root: Path | str, coder: str = "", **options: Any) -> Running:
    """Serve a study in a thread, for a test or a script; use it in a `with`, or `stop` it.

    Parameters
    ----------
    root
        The study's folder.
    coder
        Who codes.
    options
        As `Plan` has them; `port` is 0, any free one, unless given.
    """
    return Running(Plan(Path(root), coder, **{"port": 0, **options})).start()


def _bracketed(host: str) -> str:
    return f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host


@dataclass(frozen=True, slots=True)
class Writing:
    """Tells the watcher which files a message wrote, so that its own page is not told of them."""

    root: Path
    watcher: Watcher

    @contextmanager
    def __call__(
        self, coder: str, operation: str, parameters: dict[str, Any], tab: str
    ) -> Iterator[None]:
        """Note what a message writes while it is answered."""
        folder = self.watcher.folder()
        source = f"{parameters.get('source')}.csv"
        memo = "{about}-{name}.md".format_map({"about": "", "name": "", **parameters})
        written = {
            "code": folder / "codings" / coder / source,
            "taken": folder / "codings" / coder / source,
            "decide": folder / "codings" / "consensus" / source,
            "edit_code": folder / "codebook.yaml",
            "memo": folder / "memos" / coder / memo,
        }
        if not tab or operation not in written:
            yield
            return
        with self.watcher.underway():
            yield
            self.watcher.wrote([written[operation]], tab)


@dataclass(frozen=True, slots=True)
class Sight:
    """Knows what a coder may be told of: what is theirs, shared, or compared already."""

    root: Path

    def __call__(self, coder: str, change: Change) -> bool:
        """Tell whether a coder may learn of a change."""
        return own_or_shared(coder, change, self._opened)

    def _opened(self, coder: str) -> set[str]:
        """Return the transcripts for which the coder has seen the others' codings."""
        options, _ = settings.read(self.root)
        path = project.codebook_folder(self.root, options) / "compared.csv"
        try:
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        except (OSError, ValueError, csv.Error):
            return set()
        return {row.get("source") or "" for row in rows if row.get("coder") == coder}
