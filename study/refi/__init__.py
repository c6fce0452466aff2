"""REFI-QDA: projects and codebooks of NVivo, ATLAS.ti, MAXQDA, QualCoder and others, both ways.

>>> from study import refi
>>> refi.write(project, "study.qdpx")                                  # doctest: +SKIP
>>> project, problems = refi.read("theirs.qdpx")                       # doctest: +SKIP

`docs/exchange.md` says what each program keeps and loses.
"""

from __future__ import annotations

from study.refi.reading import Exchange, read, read_codebook, receive
from study.refi.writing import write, write_codebook

__all__ = ["Exchange", "read", "read_codebook", "receive", "write", "write_codebook"]
