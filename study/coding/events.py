"""Tells open pages what changed: a queue for each, and a memory for those that were away."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from study.coding.watching import Change
from study.model import DERIVED

HEARTBEAT = 15.0
STREAMS = 4  # of one coder; a browser opens six connections to a server, and must keep some
AWAY = 20_000  # milliseconds until a page whose stream was ended asks again
REMEMBERED = 1_000
EVERYTHING = ("study", "participants", "transcripts", "codebook", "codings", "memos")
Sees = Callable[[str, Change], bool]


@dataclass(eq=False, slots=True)
class Stream:
    """One open page's stream; only the event loop touches it."""

    coder: str
    tab: str
    pending: list[Change] = field(default_factory=list)
    last: int = 0
    ended: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """Passes what the watcher reports to the pages that may know of it.

    Parameters
    ----------
    sees
        Whether a coder may be told of a change.
    """

    def __init__(self, sees: Sees) -> None:
        self.boot = secrets.token_hex(4)
        self._sees = sees
        self._log: deque[tuple[int, Change]] = deque(maxlen=REMEMBERED)
        self._count = 0
        self._streams: list[Stream] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self.closing = False

    def report(self, changes: Iterable[Change]) -> None:
        """Take what changed; callable from any thread."""
        with self._lock:
            for change in changes:
                self._count += 1
                self._log.append((self._count, change))
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended, and with it all streams
                self._loop.call_soon_threadsafe(self._wake)

    def close(self) -> None:
        """End all streams: the server stops.  Called in the event loop."""
        self.closing = True
        self._wake()

    def _wake(self) -> None:
        for stream in self._streams:
            stream.wake.set()

    async def follow(
        self, coder: str, tab: str, last: str, still: Callable[[], bool]
    ) -> AsyncIterator[bytes]:
        """Yield what a page is told, in the form of server-sent events, until it goes away.

        Parameters
        ----------
        coder
            Whose page it is.
        tab
            What the page calls itself; it is not told of its own writes.
        last
            The id of the last event that it got, if it is back.
        still
            Whether the coder is signed in still; asked now and then.
        """
        self._loop = asyncio.get_running_loop()
        boot, _, count = last.partition("-")
        stream = Stream(coder, tab, last=self._count)
        self._admit(stream)
        try:
            yield self._event("hello", {"boot": self.boot}, stream)
            if boot == self.boot and count.isdecimal():
                stream.last = int(count[:15])
                stream.wake.set()
            elif last:
                yield self._event("changed", {"what": list(EVERYTHING), "sources": []}, stream)
            while not (self.closing or stream.ended) and still():
                yield await self._next(stream)
            if stream.ended:
                yield b"retry: %d\n\n" % AWAY
        finally:
            self._streams.remove(stream)

    def _admit(self, stream: Stream) -> None:
        own = [one for one in self._streams if one.coder == stream.coder and not one.ended]
        for oldest in own[: len(own) - STREAMS + 1] if len(own) >= STREAMS else ():
            oldest.ended = True
            oldest.wake.set()
        self._streams.append(stream)

    async def _next(self, stream: Stream) -> bytes:
        """Return the next thing to tell: what changed, or a sign of life."""
        try:
            async with asyncio.timeout(HEARTBEAT):
                await stream.wake.wait()
        except TimeoutError:
            return b": still here\n\n"
        stream.wake.clear()
        return self._news(stream)

    def _news(self, stream: Stream) -> bytes:
        with self._lock:
            changes = [change for count, change in self._log if count > stream.last]
            missed = self._count - stream.last > len(changes)
            stream.last = self._count
        if missed:
            return self._event("changed", {"what": list(EVERYTHING), "sources": []}, stream)
        told = [
            one
            for one in changes
            if self._sees(stream.coder, one) and not (one.tab and one.tab == stream.tab)
        ]
        if not told:
            return b": nothing for you\n\n"
        return self._event("changed", summary(told), stream)

    def _event(self, name: str, data: dict[str, object], stream: Stream) -> bytes:
        text = json.dumps(data, ensure_ascii=False)
        return f"id: {self.boot}-{stream.last}\nevent: {name}\ndata: {text}\n\n".encode()


def summary(changes: Iterable[Change]) -> dict[str, object]:
    """Return several changes as one message: what kinds, and in which transcripts.

    No transcript named means that any may be meant.
    """
    found = list(changes)
    what = list(dict.fromkeys(one.what for one in found))
    general = any(one.what in ("transcripts", "codings") and not one.source for one in found)
    sources = {one.source for one in found if one.source}
    return {"what": what, "sources": [] if general else sorted(sources)}


def own_or_shared(coder: str, change: Change, opened: Callable[[str], set[str]]) -> bool:
    """Tell whether a coder may learn of a change without learning what others do.

    Another coder's log counts only for transcripts that the coder has compared already.
    """
    if change.what == "compared":
        return False
    if not change.coder or change.coder == coder or change.what not in ("codings", "memos"):
        return True
    if change.what == "memos":
        return False
    return change.coder in DERIVED or change.source in opened(coder)
