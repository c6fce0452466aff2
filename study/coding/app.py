"""The coding page as a web application: the page's files, its messages, and what it is told.

    GET  /                   the page, for whoever is signed in; else the way in
    GET  /page/<file>        its modules and style sheets, which hold nothing of a study
    POST /api/<operation>    one message to the coder's desk: parameters and answer are JSON
    GET  /api/events         what changed on disk, as it happens (server-sent events)

An answer that is not 200 holds `error`, a sentence, and `kind`: malformed, signin, forbidden,
unknown, refused, disk or bug.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, Router

from study.coding.desks import Desks
from study.coding.entrance import CookieJar, Entrance, front_door
from study.coding.events import Hub
from study.coding.security import PROOF, App, Doors, Guard, Receive, Scope, Send, values
from study.coding.signin import Clock, Cookies, Session
from study.coding.strict import Refusal, parse, read_body, require_json

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
TAB_NAME = "x-study-tab"
TAB = re.compile(r"[A-Za-z0-9-]{1,64}")
NOT_SIGNED_IN = "you are not signed in any more; open the page anew"
SPOOFED = "who codes is known from the sign-in; the request must not name a coder"
Writing = Callable[[str, str, dict[str, Any], str], AbstractContextManager[None]]


def _nothing(*message: object) -> AbstractContextManager[None]:
    return nullcontext()


def make_app(
    desks: Desks,
    *,
    doors: Doors,
    cookies: Cookies,
    hub: Hub,
    entrance: Callable[[CookieJar], Entrance],
    writing: Writing = _nothing,
    clock: Clock = time.time,
) -> App:
    """Return the application.

    Parameters
    ----------
    desks
        Where coders' messages are answered.
    doors
        The names under which it may be reached.
    cookies
        How it knows who is asking.
    hub
        What tells open pages of changes.
    entrance
        Makes the way in, from what reads and writes cookies.
    writing
        Entered with coder, operation, parameters and tab while a message is answered.
    clock
        Seconds since 1970.
    """
    jar = CookieJar(cookies, secure=doors.secure, clock=clock)
    way_in = entrance(jar)
    messages = Messages(desks, jar, hub, writing, shared=way_in.shared)
    routes = [
        Route("/", front_door(way_in, jar, _index)),
        *way_in.routes(),
        Route("/page/{name}", _file),
        Route("/favicon.ico", _no_icon),
        Route("/api/events", messages.events, methods=["GET"]),
        Route("/api/{operation}", messages.answer, methods=["POST"]),
    ]
    return Guard(_plain(Router(routes, redirect_slashes=False)), doors)


class Messages:
    """What signed-in coders ask, and are told."""

    def __init__(
        self, desks: Desks, jar: CookieJar, hub: Hub, writing: Writing, *, shared: bool
    ) -> None:
        self._desks, self._jar, self._hub, self._writing = desks, jar, hub, writing
        self._shared = shared

    async def answer(self, request: Request) -> Response:
        """Hand one message to the coder's desk, and its answer back."""
        session = self._session(request)
        if values(request.scope, PROOF) != ["1"]:
            raise Refusal(403, "the request does not come from the page", "forbidden")
        require_json(*(values(request.scope, f"content-{name}") for name in ("type", "encoding")))
        length = request.headers.get("content-length")
        parameters = parse(await read_body(request.stream(), length))
        if "coder" in parameters:
            raise Refusal(422, SPOOFED)
        operation = str(request.path_params["operation"])
        more = {"sign_out": "/signout"} if self._shared and operation == "study" else {}
        tab = _tab(values(request.scope, TAB_NAME))
        with self._writing(session.coder, operation, parameters, tab):
            body = await self._desks.answer(session.coder, operation, parameters, more)
        return Response(body, media_type="application/json")

    async def events(self, request: Request) -> Response:
        """Tell a page what changes, for as long as it is open and its coder signed in."""
        session = self._session(request)
        query = request.query_params
        last = request.headers.get("last-event-id") or query.get("last", "")
        tab = _tab(query.getlist("tab"))

        def still() -> bool:
            return self._jar.session(request) is not None

        told = self._hub.follow(session.coder, tab, last, still)
        headers = {"X-Accel-Buffering": "no"}  # asks a proxy to pass each event on at once
        return StreamingResponse(told, media_type="text/event-stream", headers=headers)

    def _session(self, request: Request) -> Session:
        session = self._jar.session(request)
        if session is None:
            raise Refusal(401, NOT_SIGNED_IN, "signin")
        return session


def _tab(given: list[str]) -> str:
    """Return what a page calls itself, or nothing."""
    return given[0] if len(given) == 1 and TAB.fullmatch(given[0]) else ""


def _plain(router: Router) -> App:
    """Return the router with its own failures (no such address, wrong method) as refusals."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = router  # makes the router raise, not answer in plain text
        try:
            await router(scope, receive, send)
        except HTTPException as error:
            unknown = error.status_code == 404
            sentence = "there is no such address" if unknown else "that cannot be asked so"
            allow = {name.lower(): value for name, value in (error.headers or {}).items()}
            kind = "unknown" if unknown else "malformed"
            raise Refusal(error.status_code, sentence, kind, **allow) from None
        except ClientDisconnect:
            raise Refusal(400, "the request was not sent to its end", connection="close") from None

    return answer


def _page() -> Traversable:
    return resources.files("study.coding") / "page"


def _index(request: Request) -> Response:
    return _serve(request, "index.html", {"Cache-Control": "no-store"})


async def _file(request: Request) -> Response:
    return _serve(request, str(request.path_params["name"]), {"Cache-Control": "no-cache"})


def _serve(request: Request, name: str, headers: dict[str, str]) -> Response:
    """Return one of the page's files: found by name, so that no path leads elsewhere."""
    for file in _page().iterdir():
        kind = TYPES.get(name[name.rfind(".") :])
        if file.name == name and kind and file.is_file():
            break
    else:
        raise HTTPException(404)
    content = file.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {**headers, "ETag": tag}
    known = [one.strip().removeprefix("W/") for one in _list(request, "if-none-match")]
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(content, headers={**headers, "Content-Type": kind})


def _list(request: Request, name: str) -> list[str]:
    return ",".join(values(request.scope, name)).split(",")


async def _no_icon(request: Request) -> Response:
    return Response(status_code=204)
