"""Where each code stands in the text of a codebook.yaml, so that only its own lines are changed.

Offsets are of the text; a region is whole lines.  Nothing here knows what a code means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from study.errors import NotPossibleError

WIDTH = 100  # of a line, where a file's own texts do not say


@dataclass(frozen=True, slots=True)
class Splice:
    """Put `text` in place of what stands from `start` to `end`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Apply splices; of several at one place, the first comes first.  Cuts may overlap."""
    parts, here = [], 0
    for one in sorted(splices, key=lambda splice: (splice.start, splice.end)):
        if one.start < here and one.text:
            raise NotPossibleError(UNUSUAL)
        parts += [text[here : one.start], one.text]
        here = max(here, one.end)
    return "".join([*parts, text[here:]])


UNUSUAL = "codebook.yaml is laid out in a way that cannot be edited here; change it by hand"


@dataclass(frozen=True, slots=True)
class Value:
    """One key of a code and its value; `node` is the parser's."""

    key: int
    start: int
    end: int
    node: Any

    @property
    def style(self) -> str:
        """The sign of a text: quotes, `>` or `|`; empty where it is plain or a list."""
        return str(getattr(self.node, "style", "") or "")

    @property
    def items(self) -> list[tuple[int, int]]:
        """Start and end of each item of a list."""
        return [(node.start_mark.index, end_of(node)) for node in self.node.value]

    @property
    def is_block_list(self) -> bool:
        """Tell whether the value is a list with one dash a line."""
        return self.node.id == "sequence" and not self.node.flow_style


@dataclass(frozen=True, slots=True)
class Item:
    """One code as it stands in the text; `column` is that of its keys, `dash` of its dash."""

    start: int
    end: int
    dash: int
    column: int
    flow: bool
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Layout:
    """The list of codes in a text, and the manner in which the file is written."""

    text: str
    start: int
    end: int
    flow: bool
    items: list[Item]
    folds: bool
    width: int
    apart: bool

    @property
    def dash(self) -> int:
        """Column of the dashes."""
        return self.items[0].dash if self.items else 2


def end_of(node: Any) -> int:
    """Return where a value ends: the parser counts what follows a block as part of it."""
    text = node.start_mark.buffer
    if node.id == "scalar" and node.style in ("|", ">"):
        content = text[node.start_mark.index : node.end_mark.index]
        return int(node.start_mark.index + len(content.rstrip()))
    if node.id == "scalar" or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return end_of(last[1] if isinstance(last, tuple) else last)


def line_start(text: str, offset: int) -> int:
    """Return where the line begins that holds the character at an offset."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Return where the next line begins, or the text ends."""
    found = text.find("\n", offset)
    return len(text) if found < 0 else found + 1


def find(text: str) -> Layout:
    """Find the codes in a text that `reading.parse` has read without problems."""
    root = composed(text)
    codes = next((value for key, value in root.value if key.value == "codes"), None)
    if codes is None or codes.id != "sequence":
        raise NotPossibleError(UNUSUAL)
    items = [] if codes.flow_style else [_item(text, node) for node in codes.value]
    folded = [
        line
        for item in items
        for value in item.values.values()
        if value.style == ">"
        for line in text[value.start : value.end].split("\n")[1:]
    ]
    return Layout(
        text=text,
        start=codes.start_mark.index,
        end=end_of(codes),
        flow=bool(codes.flow_style),
        items=items,
        folds=bool(folded),
        width=max(60, min(120, max(map(len, folded)))) if folded else WIDTH,
        apart=_apart(text, items),
    )


def errors() -> type[Exception]:
    """Return the class of what a parser finds wrong."""
    from ruamel.yaml.error import YAMLError

    return YAMLError


def composed(text: str) -> Any:
    """Return the parser's nodes, which know where in the text they stand."""
    from ruamel.yaml import YAML

    # The pure parser keeps the text, and offsets in it, with each node.
    return YAML(typ="safe", pure=True).compose(text)


def _value(text: str, key: Any, value: Any) -> Value:
    start, end = value.start_mark.index, end_of(value)
    if value.id == "scalar" and start == value.end_mark.index:  # none: the parser has gone on
        start = end = text.index(":", key.end_mark.index) + 1
    return Value(key.start_mark.index, start, end, value)


def _item(text: str, node: Any) -> Item:
    begin = node.start_mark.index
    dash = re.search(r"-[ \n]*\Z", text[:begin])
    if node.id != "mapping" or dash is None:
        raise NotPossibleError(UNUSUAL)
    column = node.start_mark.column
    values = {key.value: _value(text, key, value) for key, value in node.value}
    start = line_start(text, dash.start())
    return Item(
        start=_with_comments_above(text, start),
        end=_with_comments_below(text, line_end(text, end_of(node)), column),
        dash=dash.start() - start,
        column=column,
        flow=bool(node.flow_style),
        values=values,
    )


def _with_comments_above(text: str, start: int) -> int:
    """Take in the comment on top of a code, unless it goes on from the code before."""
    here = start
    while here and text[line_start(text, here - 1) : here].lstrip().startswith("#"):
        here = line_start(text, here - 1)
    blank = not here or not text[line_start(text, here - 1) : here].strip()
    return here if blank else start


def _with_comments_below(text: str, end: int, column: int) -> int:
    """Take in comments that stand as far in as the code's keys."""
    comment = re.compile(rf" {{{column},}}#[^\n]*(\n|\Z)")
    while found := comment.match(text, end):
        end = found.end()
    return end


def _apart(text: str, items: list[Item]) -> bool:
    """Tell whether empty lines stand between the codes."""
    gaps = [text[one.end : other.start] for one, other in pairwise(items)]
    empty = [gap for gap in gaps if re.search(r"^[ \t]*$", gap, re.MULTILINE) and gap]
    return len(empty) * 2 >= len(gaps)
