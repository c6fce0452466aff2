"""Who is asking: a one-time token or a secret, exchanged for a signed cookie.

The cookie names the coder and the study, is signed with a key that outlives the server, and is all
that tells who codes.  So an open page goes on by itself after a restart, and no request can code
in another's name.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

DAY = 86_400.0
LASTS = 60 * DAY
TOKEN_LASTS = 600.0
FREE_TRIES = 5  # wrong secrets before waiting begins
LONGEST_WAIT = 60.0
FORGOTTEN = 900.0
MOST = 10_000

Clock = Callable[[], float]
Redeemed = Literal["good", "used", "late", "unknown"]


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in, as its cookie tells it; times are seconds since 1970."""

    coder: str
    identity: str
    issued: float

    @property
    def ends(self) -> float:
        """When the cookie is no longer good."""
        return self.issued + LASTS


class Cookies:
    """Makes and reads the cookies of one study.

    Parameters
    ----------
    key
        Signs them.
    study
        What tells the study from others; a cookie of another study is worth nothing here.
    coders
        Who may come in now, with a mark that changes when their earlier sign-ins are to end.
    name
        Name of the cookie.  Browsers share cookies among all ports of a host, so servers for
        different studies or coders need different ones.
    """

    def __init__(
        self,
        key: bytes,
        study: str,
        coders: Callable[[], Mapping[str, str]],
        *,
        name: str,
        ended: Mapping[str, float] | None = None,
        clock: Clock = time.time,
    ) -> None:
        self._key, self._study, self._coders, self._clock = key, study, coders, clock
        self.name = name
        self.ended = dict(ended or {})

    def issue(self, coder: str) -> str:
        """Return a new cookie's value for a coder who has shown who they are."""
        mark = self._coders()[coder]
        content = [coder, mark, secrets.token_hex(12), int(self._clock())]
        payload = _encode(json.dumps(content, ensure_ascii=False).encode())
        return f"{payload}.{self.sign('cookie', payload)}"

    def read(self, header: str) -> Session | None:
        """Return the sign-in that a Cookie header shows, None where there is no good one."""
        for given in values_of(header, self.name):
            session = self._session(given)
            if session:
                return session
        return None

    def _session(self, given: str) -> Session | None:
        payload, _, signature = given.partition(".")
        if not _same(signature, self.sign("cookie", payload)):
            return None
        coder, mark, identity, issued = json.loads(_decode(payload))
        session = Session(coder, identity, issued)
        wanted = self._coders().get(coder)
        present = session.issued - DAY < self._clock() < session.ends
        good = mark == wanted and identity not in self.ended
        return session if good and present else None

    def sign(self, purpose: str, text: str) -> str:
        """Return a signature that is good for this purpose, in this study, only."""
        message = json.dumps([purpose, self._study, text]).encode()
        return _encode(hmac.new(self._key, message, hashlib.sha256).digest())

    def proves(self, signature: str, purpose: str, text: str) -> bool:
        """Tell whether a signature is the one for this purpose and text."""
        return _same(signature, self.sign(purpose, text))


def cookie_name(study: str, coder: str = "") -> str:
    """Return the name of the cookie for a study, and one coder where a server serves only one."""
    return f"study-{hashlib.sha256(f'{study}/{coder}'.encode()).hexdigest()[:12]}"


def values_of(header: str, name: str) -> list[str]:
    """Return the values that a Cookie header gives for a name."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return [value for key, _, value in pairs if key == name]


def _same(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode("utf-8", "replace"), b.encode("utf-8", "replace"))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Ticket:
    """The token in the address that `study code` opens: good once, and for minutes."""

    def __init__(self, coder: str, clock: Clock = time.time) -> None:
        self.coder, self.value = coder, secrets.token_urlsafe(32)
        self._clock, self._ends, self._used = clock, clock() + TOKEN_LASTS, False
        self._lock = threading.Lock()

    def redeem(self, given: str) -> Redeemed:
        """Use the token, if this is it and it is still good."""
        if not _same(given, self.value):
            return "unknown"
        with self._lock:
            if self._used:
                return "used"
            if self._clock() > self._ends:
                return "late"
            self._used = True
            return "good"


class Patience:
    """Lets people try secrets, and whoever gets them wrong wait longer and longer.

    Failures count for one name from one address: nobody can keep another person out by failing
    in their name from elsewhere, or in another name from next to them.  Names fall into drawers,
    so that waiting does not tell which of them are known.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock, self._salt = clock, secrets.token_bytes(16)
        self._failures: dict[tuple[str, str], tuple[int, float]] = {}
        self._busy: set[tuple[str, str]] = set()

    def wait(self, address: str, name: str) -> float:
        """Return for how many seconds no secret is tried; 0 where one may be."""
        drawer = self._drawer(address, name)
        count, last = self._failures.get(drawer, (0, 0.0))
        if count < FREE_TRIES:
            return 0.0
        pause = min(2.0 ** (count - FREE_TRIES + 1), LONGEST_WAIT)
        return max(0.0, last + pause - self._clock())

    def begin(self, address: str, name: str) -> bool:
        """Note that a secret is being tried; False where another one is, at this moment."""
        drawer = self._drawer(address, name)
        free = drawer not in self._busy
        self._busy.add(drawer)
        return free

    def end(self, address: str, name: str, *, right: bool) -> None:
        """Note how the try came out."""
        drawer = self._drawer(address, name)
        self._busy.discard(drawer)
        count, _ = self._failures.pop(drawer, (0, 0.0))
        if not right:
            self._forget()
            self._failures[drawer] = (count + 1, self._clock())

    def _forget(self) -> None:
        """Drop what is long past, and the oldest where there are too many."""
        old = self._clock() - FORGOTTEN
        kept = [(drawer, one) for drawer, one in self._failures.items() if one[1] > old]
        self._failures = dict(kept[-MOST + 1 :])

    def _drawer(self, address: str, name: str) -> tuple[str, str]:
        return address, hashlib.sha256(self._salt + name.encode("utf-8", "replace")).hexdigest()[:2]
