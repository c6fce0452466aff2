"""What the commands share: their kind, and how a table is shown."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Run = Callable[[argparse.Namespace], int]
Arguments = Callable[[argparse.ArgumentParser], None]
Commands = dict[str, tuple[Run, Arguments, str, str]]
"""What a command does, its arguments, what it is about, and an example; by name."""


def print_table(table: pd.DataFrame) -> None:
    """Print a table as it reads best in a terminal: no row numbers, `-` for what is missing."""
    shown = table.astype(object).where(table.notna(), "-")
    print(shown.to_string(index=False) if len(table) else "no transcripts yet")
