"""Coding transcripts in a page: the same front end in the browser and in a notebook.

`Desk` is what both talk to: small messages, each acknowledged when it is on disk.  `CodingWidget`
is the page in a notebook; it is imported when it is asked for, for anywidget is heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from study.coding.desk import Desk

if TYPE_CHECKING:
    from study.coding.widget import CodingWidget

__all__ = ["CodingWidget", "Desk"]


def __getattr__(name: str) -> Any:
    if name == "CodingWidget":
        from study.coding.widget import CodingWidget

        return CodingWidget
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
