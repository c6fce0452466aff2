"""Bring the text of a codebook.yaml to what its codes should be, changing only lines concerned."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence

from study.codebook import layout
from study.codebook.layout import UNUSUAL, Item, Layout, Splice, Value, line_end, line_start
from study.codebook.reading import KEYS, TEXTS
from study.codebook.scalars import block, flow, flow_list
from study.errors import NotPossibleError
from study.model import Code

LISTS = ("patterns", "formerly")
BLOCKS = ("|", ">")
Content = str | tuple[str, ...]


def rewrite(data: bytes, before: Sequence[Code], after: Sequence[Code]) -> bytes:
    """Return a codebook.yaml with other codes in it; all that is not concerned stays as it is.

    Parameters
    ----------
    data
        A codebook that was read without problems; its line ends and byte-order mark stay.
    before
        Its codes, as they were read.
    after
        The codes that it shall hold, in order; which is which is told by their `guid`.

    Raises
    ------
    NotPossibleError
        The file is laid out in a way that this cannot edit.
    """
    text = data.decode().removeprefix("\ufeff")
    windows = "\r\n" in text and not re.search(r"(?<!\r)\n|\r(?!\n)", text)
    try:
        new = _rewritten(text.replace("\r\n", "\n") if windows else text, before, after)
    except (layout.errors(), ValueError):  # an alias, say, which stands elsewhere
        raise NotPossibleError(UNUSUAL) from None
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    return (mark + (new.replace("\n", "\r\n") if windows else new)).encode()


def _rewritten(text: str, before: Sequence[Code], after: Sequence[Code]) -> str:
    wanted = {code.guid: code for code in after}
    found = layout.find(text)
    if found.flow and found.text[found.start : found.end].strip("[] \n\t"):
        raise NotPossibleError(UNUSUAL)
    changes = [
        splice
        for item, code in zip(found.items, before, strict=True)
        if code.guid in wanted
        for splice in _changed(found, item, code, wanted[code.guid])
    ]
    if changes:
        text = layout.spliced(text, changes)
        found = layout.find(text)
    return _ordered(found, [code.guid for code in before], after)


def contents(code: Code) -> dict[str, Content]:
    """Return what a code's entry says, by key."""
    values: dict[str, Content] = {
        "code": code.path.rpartition(".")[2],
        "name": code.name,
        "parent": code.parent.rpartition(".")[2],
    }
    values |= {key: getattr(code, key) for key in KEYS[3:]}
    return values


def _changed(found: Layout, item: Item, old: Code, new: Code) -> Iterator[Splice]:
    """Yield the splices that turn one code's entry into another."""
    was, wanted = contents(old), contents(new)
    for key in KEYS:
        if was[key] == wanted[key]:
            continue
        value = item.values.get(key)
        if not wanted[key]:
            yield from [_removed(found.text, item, key)] if value else []
        elif value is None:
            yield _added(found, item, key, wanted[key])
        elif key in LISTS and value.is_block_list:
            yield from _relisted(found, value, was[key], wanted[key])
        else:
            yield _replaced(found, item, value, key, wanted[key])


def _replaced(found: Layout, item: Item, value: Value, key: str, content: Content) -> Splice:
    new = _rendered(found, item, key, content, value)
    text = found.text
    colon = text.rindex(":", value.key, value.start) + 1
    remark = _remark(text, value)
    if "\n" in new and not item.flow:  # a remark at the end of the line stays on its line
        head, _, body = new.partition("\n")
        head = _header(text, value, head)
        lead = f" {head}" if head else ""
        end = value.end if value.style in BLOCKS else line_end(text, value.end)
        tail = "" if value.style in BLOCKS or not text[:end].endswith("\n") else "\n"
        return Splice(colon, end, f"{lead}{remark}\n{body}{tail}")
    between = text[colon : value.start].strip()
    new = f"{new}{remark if value.style in BLOCKS else ''}"
    return Splice(value.start, value.end, new) if between else Splice(colon, value.end, f" {new}")


def _header(text: str, value: Value, new: str) -> str:
    """Return the sign of a block as it was, where it still is right."""
    was = re.match(r"[|>][-+]?(?=\s)", text[value.start : value.end + 1])
    return was[0] if was and was[0][0] == new[:1] else new


def _remark(text: str, value: Value) -> str:
    """Return the comment at the end of a value's first (block) or last line."""
    start = value.start if value.style in BLOCKS else value.end
    line = text[start : line_end(text, start)].rstrip("\n")
    sign = line.find("#")
    return f" {line[sign:]}" if sign >= 0 and not line[:sign].strip("|>+-0123456789 \t") else ""


def _rendered(
    found: Layout, item: Item, key: str, content: Content, value: Value | None = None
) -> str:
    """Return a value in the file's own manner, and in that of the value it replaces."""
    if not isinstance(content, str):
        if item.flow or key == "formerly" or (value and value.node.id == "sequence"):
            return flow_list(content, item.column + 2, 10**9 if item.flow else layout.WIDTH)
        dash = " " * (item.column + 2)
        return "".join(f"\n{dash}- {flow(one)}" for one in content)
    if key == "guid":  # digits, letters and hyphens: text to every reader
        return content
    style = value.style if value else ""
    quote = style if style in ("'", '"') else ('"' if key == "colour" else "")
    room = found.width - item.column - len(key) - 2
    folds = style in BLOCKS or (value is None and found.folds)
    fits = "\n" not in content and len(flow(content, quote)) <= room
    if key not in TEXTS or item.flow or (fits and not folds):
        return flow(content, quote)
    return block(content, item.column + 2, found.width, style if style == "|" else ">")


def _added(found: Layout, item: Item, key: str, content: Content) -> Splice:
    """Return the splice that adds a key, after those that stand before it in an entry."""
    earlier = [name for name in KEYS[: KEYS.index(key)] if name in item.values]
    after = max((item.values[name] for name in earlier), key=lambda value: value.end, default=None)
    if after is None:
        raise NotPossibleError(UNUSUAL)
    new = _pair(key, _rendered(found, item, key, content))
    if item.flow:
        return Splice(after.end, after.end, f", {new}")
    end = line_end(found.text, after.end)
    lead = "" if found.text[:end].endswith("\n") else "\n"
    return Splice(end, end, f"{lead}{' ' * item.column}{new}\n")


def _pair(key: str, value: str) -> str:
    return f"{key}:{value}" if value.startswith("\n") else f"{key}: {value}"


def _removed(text: str, item: Item, key: str) -> Splice:
    """Return the splice that takes a key and its value away."""
    value = item.values[key]
    order = sorted(item.values.values(), key=lambda one: one.key)
    place = order.index(value)
    if place == 0 and len(order) > 1:  # on the line of the dash, or after the bracket
        return Splice(value.key, order[1].key, "")
    if item.flow:
        return Splice(order[place - 1].end, value.end, "")
    return Splice(line_start(text, value.key), line_end(text, value.end), "")


def _relisted(found: Layout, value: Value, was: Content, wanted: Content) -> Iterator[Splice]:
    """Yield the splices that change single lines of a list, so that remarks in it stay."""
    text, items = found.text, value.items
    column = items[0][0] - line_start(text, items[0][0])
    dash = text[line_start(text, items[0][0]) :][:column].rindex("-")
    matcher = difflib.SequenceMatcher(None, list(was), list(wanted), autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "equal":
            continue
        new = "".join(f"{' ' * dash}- {flow(one)}\n" for one in wanted[first:last])
        if start < len(items):
            here = line_start(text, items[start][0])
        else:
            here = line_end(text, items[-1][1])
            new = new if text[:here].endswith("\n") else "\n" + new
        there = line_end(text, items[end - 1][1]) if end > start else here
        yield Splice(here, there, new)


def _ordered(found: Layout, before: Sequence[str], after: Sequence[Code]) -> str:
    """Return the text with codes taken out, put in and moved, whole entries at a time."""
    order = [code.guid for code in after]
    present = dict(zip(before, found.items, strict=True))
    kept = _longest_run([guid for guid in before if guid in set(order)], order)
    splices = [_cut(found, item) for guid, item in present.items() if guid not in kept]
    lead: list[str] = []
    last: Item | None = None
    for code in after:
        if code.guid in kept:
            splices += _pasted(found, last, lead, present[code.guid])
            lead, last = [], present[code.guid]
        else:
            lead.append(_entry(found, code, present.get(code.guid)))
    splices += _pasted(found, last, lead, None)
    text = layout.spliced(found.text, splices)
    return text if order else _emptied(text)


def _entry(found: Layout, code: Code, item: Item | None) -> str:
    """Return the lines of a code: those it had elsewhere, or new ones."""
    if item is not None:
        lines = found.text[item.start : item.end]
        return lines if lines.endswith("\n") else lines + "\n"
    column = found.items[0].column if found.items else found.dash + 2
    plan = Item(0, 0, found.dash, column, False, {})
    pairs = [
        _pair(key, _rendered(found, plan, key, value))
        for key, value in contents(code).items()
        if value
    ]
    joined = f"\n{' ' * column}".join(pairs)
    return f"{' ' * found.dash}-{' ' * (column - found.dash - 1)}{joined}\n"


def _cut(found: Layout, item: Item) -> Splice:
    """Return the splice that takes an entry out, with the empty lines above or below it."""
    text, start, end = found.text, item.start, item.end
    while start and not text[line_start(text, start - 1) : start].strip():
        start = line_start(text, start - 1)
    if start == item.start:
        while end < len(text) and not text[end : line_end(text, end)].strip():
            end = line_end(text, end)
    return Splice(start, end, "")


def _pasted(
    found: Layout, last: Item | None, lead: list[str], following: Item | None
) -> list[Splice]:
    """Return the splice that puts entries after one that stays, or before the first that does."""
    if not lead:
        return []
    gap = "\n" if found.apart else ""
    if last is not None:
        end = "" if found.text[: last.end].endswith("\n") else "\n"
        return [Splice(last.end, last.end, end + "".join(gap + entry for entry in lead))]
    if following is not None:
        return [Splice(following.start, following.start, "".join(e + gap for e in lead))]
    return _begun(found, gap.join(lead))


def _begun(found: Layout, entries: str) -> list[Splice]:
    """Return the splices that make the first entries of a list that holds none."""
    text = found.text
    if not found.flow:  # all that were there are taken out
        here = _cut(found, found.items[0]).start
        return [Splice(here, here, entries)]
    start = found.start
    while text[start - 1] in " \n":
        start -= 1
    end = line_end(text, found.end)
    lead = "" if text[:end].endswith("\n") else "\n"
    return [Splice(start, found.end, ""), Splice(end, end, lead + entries)]


def _emptied(text: str) -> str:
    """Write the empty list that a reader needs where no code is left."""
    root = layout.composed(text)
    key = next(key for key, _ in root.value if key.value == "codes")
    colon = text.index(":", key.end_mark.index) + 1
    rest = text[colon : line_end(text, colon)]
    return text if rest.lstrip().startswith("[") else f"{text[:colon]} []{text[colon:]}"


def _longest_run(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return as many as possible of the entries that can stay, for they keep their order."""
    rank = {guid: number for number, guid in enumerate(after)}
    best: list[list[str]] = [[]]
    for guid in before:
        runs = [run for run in best if not run or rank[run[-1]] < rank[guid]]
        best.append([*_longest(runs), guid])
    return set(_longest(best))


def _longest(runs: Sequence[list[str]]) -> list[str]:
    return max(runs, key=lambda run: len(run))
