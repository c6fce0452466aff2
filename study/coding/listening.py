"""Where the server listens, and how it deals with connections that dawdle or outlast it."""

from __future__ import annotations

import asyncio
import hashlib
import os
import socket  # to listen: nothing in the package asks another machine
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from study.errors import NotPossibleError

FIRST_PORT, PORTS, TRIES = 20_000, 10_000, 50
HEADER_SECONDS = 20.0
LARGEST_HEADER = 16 * 1024


def port_of(root: Path) -> int:
    """Return the port on which a study is served: the same each time, from 20000 to 29999.

    A browser keeps what a page stores (codings not yet delivered, what can be undone) by port.
    """
    digest = hashlib.sha256(os.fsencode(root.resolve())).digest()
    return FIRST_PORT + int.from_bytes(digest[:4], "big") % PORTS


def bind(host: str, port: int | None, root: Path) -> tuple[socket.socket, str]:
    """Return a socket that listens, and a note if it is not on the study's own port.

    Parameters
    ----------
    host
        Address or name of this machine.
    port
        This port and no other; 0 for any that is free; None for the study's own, or the next.
    root
        The study's folder.

    Raises
    ------
    NotPossibleError
        Nothing can listen there.
    """
    if port is not None:
        return _listen(host, port), ""
    own = port_of(root)
    for step in range(TRIES):
        number = FIRST_PORT + (own - FIRST_PORT + step) % PORTS
        try:
            found = _listen(host, number)
        except NotPossibleError:
            continue
        return found, _moved(own, number) if step else ""
    raise NotPossibleError(f"no port from {own} on is free on {host}; give one with --port")


def _moved(own: int, number: int) -> str:
    return (
        f"note: port {own}, this study's own, is taken (is `study code` running already?), so the "
        f"page is on {number};\n      what an earlier page could not deliver waits for {own}"
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, answers are sent at once; otherwise each waits some 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere, this would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        message = f"cannot listen on port {port} of {host}: {reason}"
        raise NotPossibleError(f"{message}; give another with --port") from None
    return listener


class PatientProtocol(H11Protocol):
    """HTTP that waits for a request to be sent, but not for ever."""

    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what was sent; stop waiting once it is a whole request's head."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait_no_more()
        elif self._due is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._due = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _wait_no_more(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _give_up(self) -> None:
        self._due = None
        if not self.transport.is_closing():
            self.transport.abort()


class Server(uvicorn.Server):
    """A server that tells open pages to go before it waits for them.

    Parameters
    ----------
    app
        The application.
    ending
        Called in the event loop when the server is to stop.
    """

    def __init__(self, app: Any, ending: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=PatientProtocol,
                loop="asyncio",
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                log_level="critical",  # the guard reports what is wrong, without anybody's words
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=5,
                h11_max_incomplete_event_size=LARGEST_HEADER,
            )
        )
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything."""
        self._ending()
        await super().shutdown(sockets)
