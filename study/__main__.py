"""`study` and `python -m study`."""

from __future__ import annotations

import io
import os
import sys


def main() -> int:
    """Run the command line, and end quietly when the reader of a pipe goes away."""
    from study.cli import main as run

    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a letter shows its number
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = run()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return status


if __name__ == "__main__":
    sys.exit(main())
