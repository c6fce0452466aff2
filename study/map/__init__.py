"""The map of current practice as one page: every number opens onto the quotations behind it.

The page is one file that asks nothing of any other machine.  Its tables are written here, by the
same functions as the printed ones, and can be read without a script; the script counts again from
the codings that the page holds, by the same definitions, when a reader filters.

>>> from study import map
>>> map.make(".", "map.html")                                          # doctest: +SKIP
"""

from __future__ import annotations

from study.map.contents import STAGES_SHOWN, Contents
from study.map.making import FILE, make, write

__all__ = ["FILE", "STAGES_SHOWN", "Contents", "make", "write"]
