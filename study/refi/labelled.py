r"""Several texts in one: a body, then paragraphs that begin with a label.

    What the code means.

    Include: when to use it.

    Example: "We wrote it together."

People read it in any program, and `split` gives back exactly what `compose` was given: a line that
looks like a label without being one has a backslash before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache


@lru_cache(maxsize=8)
def _patterns(labels: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    names = "|".join(map(re.escape, labels))
    plain = re.compile(rf"^(?=\\*(?:{names}):)", re.MULTILINE)
    marked = re.compile(rf"^\\(?=\\*(?:{names}):)", re.MULTILINE)
    start = re.compile(rf"(?:\A|\n{{1,2}})({names}): ?")
    return plain, marked, start


def compose(body: str, parts: Iterable[tuple[str, str]], labels: Sequence[str]) -> str:
    """Return one text; parts without words are left out, a label may come several times."""
    plain, _, _ = _patterns(tuple(labels))
    texts = [plain.sub(r"\\", body)] if body else []
    texts += [f"{label}: {plain.sub(chr(92) * 2, text)}" for label, text in parts if text]
    return "\n\n".join(texts)


def split(text: str, labels: Sequence[str]) -> tuple[str, list[tuple[str, str]]]:
    """Return the body and the labelled parts of a text, in order."""
    _, marked, start = _patterns(tuple(labels))
    found = list(start.finditer(text))
    stops = [one.start() for one in found[1:]] + [len(text)]
    body = marked.sub("", text[: found[0].start()] if found else text)
    parts = [
        (one[1], marked.sub("", text[one.end() : stop]))
        for one, stop in zip(found, stops, strict=False)
    ]
    return body, parts
