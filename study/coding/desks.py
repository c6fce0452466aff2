"""The desks of all who code at this server: one each, asked in threads, writes in order."""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from study.coding.strict import Refusal, to_json
from study.errors import StudyError

WRITING = frozenset({"code", "taken", "memo", "decide", "edit_code"})
AT_ONCE = 4  # requests of one coder; the others' are not kept waiting
THREADS = 32

REASONS: Mapping[int, str] = {
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "the study's files may not be written by you",
    errno.EPERM: "the study's files may not be written by you",
    errno.EFBIG: "a file has reached the size that is allowed here",
    errno.ENOENT: "the study's folder is not where it was",
    errno.EIO: "the disk does not work",
} | ({errno.EDQUOT: "your share of the disk is used up"} if hasattr(errno, "EDQUOT") else {})


class Desk(Protocol):
    """Where one coder's requests are answered."""

    def answer(self, name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Do what is asked; raise a StudyError where that is not possible."""


class Desks:
    """Opens a desk for each coder who asks, and asks it without keeping the server waiting.

    Parameters
    ----------
    make
        Makes the desk of a coder.
    """

    def __init__(self, make: Callable[[str], Desk]) -> None:
        self._make = make
        self._desks: dict[str, Desk] = {}
        self._opening = threading.Lock()
        self._order: dict[str, asyncio.Lock] = {}
        self._share: dict[str, asyncio.Semaphore] = {}
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="desk")

    def open(self, coder: str) -> Desk:
        """Return the desk of a coder; the same one each time."""
        with self._opening:
            if coder not in self._desks:
                self._desks[coder] = self._make(coder)
            return self._desks[coder]

    async def answer(
        self, coder: str, name: str, parameters: Mapping[str, Any], more: Mapping[str, Any]
    ) -> bytes:
        """Return a desk's answer as JSON; what a coder writes is done in the order it came.

        Parameters
        ----------
        coder
            Whose desk is asked.
        name
            The operation.
        parameters
            What the request says.
        more
            What the answer is to hold beside the desk's.

        Raises
        ------
        Refusal
            The desk says no, or the disk does.
        """
        share = self._share.setdefault(coder, asyncio.Semaphore(AT_ONCE))
        order = self._order.setdefault(coder, asyncio.Lock())
        if name in WRITING:
            async with order:
                return await self._ask(coder, name, parameters, more)
        async with share:
            return await self._ask(coder, name, parameters, more)

    async def _ask(
        self, coder: str, name: str, parameters: Mapping[str, Any], more: Mapping[str, Any]
    ) -> bytes:
        def ask() -> bytes:
            return to_json({**self.open(coder).answer(name, parameters), **more})

        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, ask)
        except (StudyError, OSError) as error:
            raise refusal_of(error) from error

    def close(self) -> None:
        """Take no more requests; those under way are finished."""
        self._pool.shutdown(wait=True)


STATUS = {"unknown": 404, "malformed": 422, "refused": 409}


def refusal_of(error: StudyError | OSError) -> Refusal:
    """Return the answer that tells of an error: what kind it is, and its sentence."""
    from study.coding.desk import failure

    if isinstance(error, OSError):
        reason = REASONS.get(error.errno or 0, error.strerror or "the disk does not answer")
        message = f"{reason}: this was not saved; nothing that was saved before is lost"
        return Refusal(507, message[0].upper() + message[1:], "disk")
    answer = failure(error)
    refusal = Refusal(STATUS[answer["kind"]], answer["error"], answer["kind"])
    refusal.answer |= answer
    return refusal
