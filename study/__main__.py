"""`study` and `python -m study`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line, and end quietly when the reader of a pipe goes away."""
    from study.cli import main as run

    try:
        status = run()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return status


if __name__ == "__main__":
    sys.exit(main())
