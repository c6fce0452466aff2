"""Counts in words."""

from __future__ import annotations


def many(number: int, one: str, several: str = "") -> str:
    """Return `1 code`, `1,200 codes`; `several` where an s alone doesn't make the plural."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def happened(number: int, noun: str, were: str, what: str) -> str:
    """Return `1 coding was added`, `2 codings would be added`: `were` is "were" or "would be"."""
    verb = were.replace("were", "was") if number == 1 else were
    return f"{many(number, noun)} {verb} {what}"
