"""Figures are drawn in processes of their own, beside the rest of the work.

A worker is this module run by itself: unlike `multiprocessing`, that needs nothing of the script
which a researcher has written.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from study.errors import NotPossibleError

MOST = 4
"""Workers at the most: each takes some 150 MB."""


class Press:
    """Calls functions elsewhere; `call` returns at once, and what it returns has the result.

    Parameters
    ----------
    workers
        How many processes; as many as there are processors, to `MOST`, if not given.
    """

    def __init__(self, workers: int | None = None) -> None:
        count = workers or min(os.cpu_count() or 1, MOST)
        self._idle = [_start() for _ in range(count)]
        self._all = tuple(self._idle)
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(count)

    def call(self, function: Callable[..., Any], *given: Any, **more: Any) -> Future[Any]:
        """Have a function called; what cannot be sent elsewhere is done here and now.

        The result, or what the function raises, is that of the `Future`.
        """
        try:
            job = pickle.dumps((function, given, more))
        except (pickle.PicklingError, AttributeError, TypeError):  # a function within a function
            return _here(function, *given, **more)
        return self._threads.submit(self._send, job)

    def _send(self, job: bytes) -> Any:
        with self._lock:
            worker = self._idle.pop()
        try:
            done, result = _ask(worker, job)
        finally:
            with self._lock:
                self._idle.append(worker)
        if done:
            return result
        raise result

    def __enter__(self) -> Press:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is not None:  # nobody waits for what is still being drawn
            for worker in self._all:
                worker.kill()
        self._threads.shutdown(cancel_futures=error is not None)
        for worker in self._all:
            worker.communicate()


def _start() -> subprocess.Popen[bytes]:
    """Start a worker with the same package as this one, whatever the present folder holds."""
    package = str(Path(__file__).resolve().parents[1])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-P", "-c", "from study.press import work; work()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def _ask(worker: subprocess.Popen[bytes], job: bytes) -> tuple[bool, Any]:
    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        _put(worker.stdin, job)
        return pickle.loads(_get(worker.stdout))  # type: ignore[no-any-return]
    except (OSError, EOFError):
        message = "a process that draws figures has ended; was it stopped, or out of memory?"
        raise NotPossibleError(f"{message} Try again") from None


def _here(function: Callable[..., Any], *given: Any, **more: Any) -> Future[Any]:
    future: Future[Any] = Future()
    try:
        future.set_result(function(*given, **more))
    except Exception as error:
        future.set_exception(error)
    return future


def _put(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(8, "little") + data)
    stream.flush()


def _get(stream: IO[bytes]) -> bytes:
    size = int.from_bytes(stream.read(8), "little")
    data = stream.read(size)
    if not size or len(data) < size:
        raise EOFError
    return data


def work() -> None:
    """Do what comes in, one call after the other, until nothing comes any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who sends the work
    coming, going = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer

    import pandas  # noqa: F401

    while True:
        try:
            job = _get(coming)
        except EOFError:
            return
        _put(going, _done(job))


def _done(job: bytes) -> bytes:
    try:
        function, given, more = pickle.loads(job)
        return pickle.dumps((True, function(*given, **more)))
    except Exception as error:
        return pickle.dumps((False, _sendable(error)))


def _sendable(error: Exception) -> Exception:
    """Return an error as it is, if it arrives so; else one that says the same."""
    try:
        if str(pickle.loads(pickle.dumps(error))) == str(error):
            return error
    except Exception:  # whatever its making anew may raise
        pass
    return RuntimeError(f"{type(error).__name__}: {error}")
