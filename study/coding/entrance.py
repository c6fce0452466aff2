"""The ways in: the address that `study code` opens, or a coder's name and secret."""

from __future__ import annotations

import asyncio
import math
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from study.coding import pages
from study.coding.security import SAFE, values
from study.coding.signin import (
    DAY,
    LASTS,
    Clock,
    Cookies,
    Patience,
    Redeemed,
    Session,
    Ticket,
    values_of,
)
from study.coding.state import Private
from study.coding.strict import Refusal, read_body

FORM_LASTS = 3600
LARGEST_FORM = 4096
SLOW_DOWN = 0.5  # seconds that a wrong secret costs at least
FORM_HEADERS = {"Referrer-Policy": "same-origin"}  # with no-referrer, a form's Origin is "null"
ELSEWHERE = "If a coding page is open in another tab, go on there."
ANEW = (
    "Otherwise end `study code` in the terminal with Ctrl-C and start it again: it opens a new one."
)
SAID: dict[Redeemed, tuple[str, str]] = {
    "used": ("This address has been used", "It opens the coding page once."),
    "late": ("This address is too old", "It opens the coding page within ten minutes."),
    "unknown": ("This address is not known", "It is of an earlier start, or was cut short."),
}
CLOSED = (
    "Not signed in",
    "Open the address that `study code` printed in the terminal.",
    "If it has been used already, end `study code` with Ctrl-C and start it again.",
)
WRONG = "That name and that secret do not belong together."


class Entrance(Protocol):
    """How people come in."""

    shared: bool

    def routes(self) -> Sequence[Route]:
        """Return the entrance's own addresses."""

    async def stranger(self, request: Request) -> Response:
        """Answer someone at the front door who is not signed in."""

    def arrival(self, request: Request) -> Response | None:
        """Answer someone who brings a token to the front door."""


class CookieJar:
    """Puts sign-ins into answers, and finds them in what is asked."""

    def __init__(self, cookies: Cookies, *, secure: bool, clock: Clock) -> None:
        self.cookies, self.secure, self._clock = cookies, secure, clock

    def session(self, request: Request) -> Session | None:
        """Return who is asking."""
        return self.cookies.read("; ".join(values(request.scope, "cookie")))

    def put(self, response: Response, coder: str) -> Response:
        """Sign a coder in."""
        self._set(response, self.cookies.name, self.cookies.issue(coder), int(LASTS))
        return response

    def renew(self, response: Response, session: Session) -> Response:
        """Let a sign-in that is in use last on."""
        old = self._clock() - session.issued > DAY
        return self.put(response, session.coder) if old else response

    def drop(self, response: Response) -> Response:
        """Sign out."""
        self._set(response, self.cookies.name, "", 0)
        return response

    def put_form(self, response: Response, nonce: str) -> Response:
        """Remember which browser was given a form."""
        self._set(response, self.cookies.name + "-form", nonce, FORM_LASTS)
        return response

    def form_of(self, request: Request) -> str:
        """Return what the browser was given with its form."""
        header = "; ".join(values(request.scope, "cookie"))
        found = values_of(header, self.cookies.name + "-form")
        return found[0] if len(found) == 1 else ""

    def _set(self, response: Response, name: str, value: str, lasts: int) -> None:
        response.set_cookie(
            name, value, max_age=lasts, path="/", secure=self.secure, httponly=True,
            samesite="strict",
        )  # fmt: skip


class TokenEntrance:
    """One coder, on their own machine: a token in the address, good once."""

    shared = False

    def __init__(self, jar: CookieJar, ticket: Ticket) -> None:
        self._jar, self._ticket = jar, ticket

    def routes(self) -> Sequence[Route]:
        """Return nothing: the front door is enough."""
        return ()

    def arrival(self, request: Request) -> Response | None:
        """Exchange a token for a cookie; the address that remains has none."""
        given = request.query_params.get("token")
        if given is None:
            return None
        if request.method == "HEAD" or "prefetch" in request.headers.get("sec-purpose", ""):
            return Response(status_code=204)  # not yet opened by a person
        redeemed = self._ticket.redeem(given)
        if redeemed == "good":
            return self._jar.put(_to("/"), self._ticket.coder)
        if self._jar.session(request):
            return _to("/")
        title, why = SAID[redeemed]
        return HTMLResponse(pages.sentence(title, why, ELSEWHERE, ANEW), 403)

    async def stranger(self, request: Request) -> Response:
        """Say where the address is to be found."""
        return HTMLResponse(pages.sentence(*CLOSED), 401)


class SecretEntrance:
    """Several coders at one server: each signs in with their own secret."""

    shared = True

    def __init__(self, jar: CookieJar, private: Private, clock: Clock) -> None:
        self._jar, self._private, self._clock = jar, private, clock
        self._patience = Patience()
        self._few = asyncio.Semaphore(2)  # secrets that are checked at a time: each takes memory

    def routes(self) -> Sequence[Route]:
        """Return the pages for signing in and out."""
        return (
            Route("/signin", self._form, methods=["GET"]),
            Route("/signin", self._signin, methods=["POST"]),
            Route("/signout", self._farewell, methods=["GET"]),
            Route("/signout", self._signout, methods=["POST"]),
        )

    def arrival(self, request: Request) -> Response | None:
        """Take no notice of tokens."""
        return None

    async def stranger(self, request: Request) -> Response:
        """Show the way to the form."""
        return _to("/signin")

    async def _form(self, request: Request) -> Response:
        return _to("/") if self._jar.session(request) else self._show(request)

    def _show(
        self, request: Request, status: int = 200, coder: str = "", error: str = ""
    ) -> Response:
        nonce = self._jar.form_of(request) or secrets.token_urlsafe(24)
        page = pages.form(self._jar.cookies.sign("form", nonce), coder, error)
        return self._jar.put_form(HTMLResponse(page, status, FORM_HEADERS), nonce)

    async def _signin(self, request: Request) -> Response:
        fields = await _fields(request)
        nonce = self._jar.form_of(request)
        if not nonce or not self._jar.cookies.proves(fields.get("form", ""), "form", nonce):
            return self._show(request, 403, error="The form was too old; please try again.")
        coder = unicodedata.normalize("NFC", fields.get("coder", "").strip())
        address = _address(request, self._jar.secure)
        wait = self._patience.wait(address, coder)
        if wait or not await self._turn(address, coder):
            seconds = math.ceil(wait) or 1
            message = f"Too many tries; wait {seconds} s, then try again."
            answer = self._show(request, 429, coder, message)
            answer.headers["Retry-After"] = str(seconds)
            return answer
        if not await self._knows(address, coder, fields.get("secret", "")):
            return self._show(request, 401, coder, WRONG)
        return self._jar.put(_to("/"), coder)

    async def _turn(self, address: str, coder: str) -> bool:
        """Wait for a moment while the same name is tried already: somebody clicked twice."""
        for _ in range(40):
            if self._patience.begin(address, coder):
                return True
            await asyncio.sleep(0.05)
        return False

    async def _knows(self, address: str, coder: str, secret: str) -> bool:
        right = False
        try:
            async with self._few:
                right = await asyncio.to_thread(self._private.knows, coder, secret)
            if not right:
                await asyncio.sleep(SLOW_DOWN)
        finally:
            self._patience.end(address, coder, right=right)
        return right

    async def _farewell(self, request: Request) -> Response:
        session = self._jar.session(request)
        if not session:
            return _to("/signin")
        proof = self._jar.cookies.sign("signout", session.identity)
        return HTMLResponse(pages.farewell(proof, session.coder), headers=FORM_HEADERS)

    async def _signout(self, request: Request) -> Response:
        fields, session = await _fields(request), self._jar.session(request)
        if session:
            if not self._jar.cookies.proves(fields.get("form", ""), "signout", session.identity):
                raise Refusal(403, "the form was too old; open the page again", "forbidden")
            self._jar.cookies.ended[session.identity] = session.ends
            await asyncio.to_thread(
                self._private.end, session.identity, session.ends, self._clock()
            )
        return self._jar.drop(_to("/signin"))


def front_door(
    entrance: Entrance, jar: CookieJar, index: Callable[[Request], Response]
) -> Callable[[Request], object]:
    """Return what answers at `/`: the page to whoever is signed in, the way in to others."""

    async def answer(request: Request) -> Response:
        arrival = entrance.arrival(request)
        if arrival is not None:
            return arrival
        session = jar.session(request)
        if session:
            return jar.renew(index(request), session)
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return HTMLResponse(pages.onward())
        return await entrance.stranger(request)

    return answer


def _to(address: str) -> Response:
    return RedirectResponse(address, 303)


def _address(request: Request, behind_proxy: bool) -> str:
    """Return where a request comes from; a proxy appends whom it saw to X-Forwarded-For."""
    seen = values(request.scope, "x-forwarded-for") if behind_proxy else []
    if seen:
        return seen[-1].rpartition(",")[2].strip()
    return request.client.host if request.client else ""


async def _fields(request: Request) -> dict[str, str]:
    """Return the fields of a form, each of which may be there once."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method in SAFE or kind != "application/x-www-form-urlencoded":
        raise Refusal(415, "the request must be the page's own form")
    length = request.headers.get("content-length")
    body = await read_body(request.stream(), length, largest=LARGEST_FORM)
    try:
        pairs = parse_qsl(body.decode("ascii"), max_num_fields=10, errors="strict")
    except ValueError:
        raise Refusal(400, "the form cannot be read") from None
    if len(dict(pairs)) != len(pairs):
        raise Refusal(400, "a field stands twice in the form")
    return dict(pairs)
