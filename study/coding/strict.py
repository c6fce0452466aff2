"""Reading what a browser sends, strictly: small, whole, in time, and one meaning only."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator, Mapping
from typing import Any

LARGEST = 2 * 1024 * 1024  # bytes; a memo's 100,000 characters take at most 1.2 million
DEEPEST = 30
PATIENCE = 20.0  # seconds for a whole body
SAFE_INTEGER = 2**53  # JavaScript cannot tell larger ones apart


class Refusal(Exception):
    """An answer that says why not: HTTP status, a sentence, and what kind of failure it is."""

    def __init__(self, status: int, error: str, kind: str = "malformed", **headers: str) -> None:
        super().__init__(error)
        self.status, self.answer = status, {"error": error, "kind": kind}
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def to_json(answer: Any) -> bytes:
    """Return an answer as JSON, in UTF-8; ValueError for a number that JSON does not have."""
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


async def read_body(
    chunks: AsyncIterator[bytes],
    length: str | None,
    *,
    largest: int = LARGEST,
    seconds: float | None = None,
) -> bytes:
    """Read a request's body.

    Parameters
    ----------
    chunks
        The body as it arrives.
    length
        The Content-Length header, if there is one: too large a body is refused before it is sent.
    largest
        Bytes.
    seconds
        For all of it; 20 unless told.

    Raises
    ------
    Refusal
        413 too large, 408 too slow.
    """
    import asyncio

    if length is not None and (not length.isdecimal() or int(length[:20]) > largest):
        raise _too_large(largest)
    body, patience = bytearray(), PATIENCE if seconds is None else seconds
    try:
        async with asyncio.timeout(patience):
            async for chunk in chunks:
                body += chunk
                if len(body) > largest:
                    raise _too_large(largest)
    except TimeoutError:
        message = f"the request did not arrive whole within {patience:g} seconds"
        raise Refusal(408, message, connection="close") from None
    return bytes(body)


def _too_large(largest: int) -> Refusal:
    return Refusal(413, f"the request is larger than {largest:,} bytes; send it in parts")


def require_json(types: list[str], encodings: list[str]) -> None:
    """Refuse a body that does not say that it is JSON, as a form of another site cannot."""
    kind, _, rest = (types[0] if len(types) == 1 else "").partition(";")
    charset = rest.strip().lower().replace('"', "")
    if kind.strip().lower() != "application/json" or charset not in ("", "charset=utf-8"):
        raise Refusal(415, "the request must be JSON (Content-Type: application/json)")
    if any(encoding.strip().lower() != "identity" for encoding in encodings):
        raise Refusal(415, "the request must not be compressed")


def parse(body: bytes) -> dict[str, Any]:
    """Return the parameters that a body holds: one JSON object that can be read in one way only.

    Raises
    ------
    Refusal
        400 where it is not JSON in UTF-8; 422 where it is no object, or holds what no parameter
        can be.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_constant=_no_number,
            parse_float=_finite,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError:
        raise Refusal(400, "the request is not UTF-8 text") from None
    except RecursionError:
        raise Refusal(400, "the request is nested too deeply") from None
    except ValueError as error:  # its message names a place, never the words there
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise Refusal(400, f"the request is not JSON: {reason}") from None
    if not isinstance(value, dict):
        raise Refusal(422, "the request must be one JSON object, its parameters by name")
    _require_plain(value)
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _require_plain(value: Any, depth: int = 1) -> None:
    """Refuse what JSON can say and no parameter can be."""
    if isinstance(value, str):
        _require_text(value)
    elif isinstance(value, int) and abs(value) >= SAFE_INTEGER:
        raise Refusal(422, "a number is too large")
    elif isinstance(value, Mapping | list):
        if depth > DEEPEST:
            raise Refusal(400, "the request is nested too deeply")
        parts = [*value.keys(), *value.values()] if isinstance(value, Mapping) else value
        for part in parts:
            _require_plain(part, depth + 1)


def _require_text(text: str) -> None:
    if "\0" in text:
        raise Refusal(422, "a text holds a NUL character, which no text file should")
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            message = "a text holds half a character (a lone surrogate); type it again"
            raise Refusal(400, message) from None
