"""What every request must be, and what every answer carries, whatever it is about.

A page of some other site can make a browser send requests to this server, also under a name that it
lets point here (DNS rebinding).  So the Host header must be one of the server's own names; what
comes from elsewhere may open the page and nothing more; and what writes must say that it comes
from the page itself: by its Origin, which a browser does not let others choose, and by a header
that no form can send.  Plain ASGI, so that nothing behind it can be reached around it.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from study.coding.strict import Refusal, to_json

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PROOF = "x-study-coding"
"""Name of the header that each write of the page carries; other sites' forms cannot send it."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
SHUT = "camera geolocation microphone payment usb serial hid midi display-capture".split()
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{name}=()" for name in SHUT),
}
SAFE = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Doors:
    """The names under which the server may be reached, and whether TLS stands in front of it."""

    hosts: frozenset[str]
    origins: frozenset[str]
    secure: bool = False


def doors(names: Iterable[str], port: int, *, behind_proxy: bool = False) -> Doors:
    """Return the doors of a server that is known by these names.

    Parameters
    ----------
    names
        Host names or addresses, IPv6 ones in brackets; `name:port` where the port differs.
    port
        What the server listens on: part of the address unless a proxy stands in front.
    behind_proxy
        People come by https, to the proxy's port.
    """
    if behind_proxy:
        hosts = {name.lower() for name in names}
        origins = {f"https://{host.removesuffix(':443')}" for host in hosts}
        usual = {f"{host}:443" for host in hosts if not has_port(host)}
        return Doors(frozenset(hosts | usual), frozenset(origins), True)
    hosts = {name.lower() if has_port(name) else f"{name.lower()}:{port}" for name in names}
    return Doors(frozenset(hosts), frozenset(f"http://{host}" for host in hosts))


def has_port(name: str) -> bool:
    """Tell whether a host's name comes with a port."""
    return name.rpartition("]")[2].count(":") == 1


class Guard:
    """An ASGI application in front of another: refuses what is not for it, and seals what is."""

    def __init__(self, app: App, doors: Doors) -> None:
        self.app, self.doors = app, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        begun = False

        async def sealed(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": _sealed(message.get("headers", []))}
            await send(message)

        try:
            require_own(scope, self.doors)
            await self.app(scope, receive, sealed)
        except Refusal as refusal:
            await _refuse(refusal, sealed)
        except Exception as error:
            report(error)
            if begun:
                raise BrokenPipeError from None  # the rest of the answer cannot be sent
            await _refuse(Refusal(500, BUG, "bug"), sealed)


BUG = "something is wrong in the program, not in what you did; the terminal says where"


def report(error: BaseException) -> None:
    """Say on the terminal where a bug is, without its message: that might hold someone's words."""
    where = "".join(traceback.format_tb(error.__traceback__))
    print(f"a bug in the program:\n{where}{type(error).__qualname__}", file=sys.stderr, flush=True)


def _sealed(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    given = list(headers)
    names = {name.decode("latin-1").lower() for name, _ in given}
    missing = {name: value for name, value in HEADERS.items() if name not in names}
    return given + [(name.encode(), value.encode()) for name, value in missing.items()]


async def _refuse(refusal: Refusal, send: Send) -> None:
    body = to_json(refusal.answer)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    headers += [(name.encode(), value.encode()) for name, value in refusal.headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def require_own(scope: Scope, doors: Doors) -> None:
    """Refuse a request that is not for this server, or not from its own page.

    Raises
    ------
    Refusal
        421 for a foreign Host, 403 for a foreign origin.
    """
    hosts = values(scope, "host")
    if len(hosts) != 1 or hosts[0].lower() not in doors.hosts:
        message = "this server is not known by that name; use the address that it printed"
        raise Refusal(421, message, "forbidden")
    origins = values(scope, "origin")
    if any(origin not in doors.origins for origin in origins):
        raise Refusal(403, "another site may not ask this server", "forbidden")
    if scope["method"] in SAFE:
        _require_near(scope)
    elif len(origins) != 1:
        raise Refusal(403, "a request that writes must say which page it comes from", "forbidden")


def _require_near(scope: Scope) -> None:
    """Let other sites link to the page, but not embed or fetch anything."""
    site, mode = values(scope, "sec-fetch-site"), values(scope, "sec-fetch-mode")
    own = not site or site[0] in ("same-origin", "none")
    opened = mode == ["navigate"] and values(scope, "sec-fetch-dest") == ["document"]
    if not own and not opened:
        raise Refusal(403, "another site may not ask this server", "forbidden")


def values(scope: Scope, name: str) -> list[str]:
    """Return the values of a request's header, each time that it is there."""
    key = name.encode("latin-1")
    return [value.decode("latin-1") for given, value in scope["headers"] if given.lower() == key]
