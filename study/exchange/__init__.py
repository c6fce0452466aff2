"""Studies and codebooks to and from other programs.

>>> from study import exchange
>>> exchange.export_project(".", "study.qdpx").done                    # doctest: +SKIP
>>> exchange.export_codings(".", "study.sqlite").done                  # doctest: +SKIP
>>> exchange.take_in("new-study", "theirs.qdpx").done                  # doctest: +SKIP

What the files hold, `study.refi` and the readers here turn into a study and back; here they become,
or come from, a study's folder.
"""

from __future__ import annotations

from study.exchange.exporting import Exported, export_codebook, export_codings, export_project
from study.exchange.outcome import Taken
from study.exchange.recognising import is_exchange
from study.exchange.taking import SUFFIXES, take_in

__all__ = [
    "SUFFIXES",
    "Exported",
    "Taken",
    "export_codebook",
    "export_codings",
    "export_project",
    "is_exchange",
    "take_in",
]
