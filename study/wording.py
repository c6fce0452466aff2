"""Counts in words."""

from __future__ import annotations


def many(number: int, one: str, several: str = "") -> str:
    """Return `1 code`, `1,200 codes`; `several` where an s alone doesn't make the plural."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"
