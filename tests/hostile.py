"""Messages to the desk that are wrong in one place, and those that they were made from."""

from __future__ import annotations

from study.coding import desk

GUID = "3f2a91c4-5d0e-4f6b-8a7c-9b1d2e3f4a5b"
PASSAGE = {"id": GUID, "start": 116, "end": 121, "words": "It is", "code": "idea"}
BASES = {
    "study": {},
    "codebook": {},
    "transcript": {"source": "T1"},
    "find": {"text": "test", "source": "T1"},
    "code": {"source": "T1", "version": "0", "changes": [{"action": "add", **PASSAGE}]},
    "taken": {"source": "T1"},
    "memo": {"about": "transcript", "name": "T1", "text": "x", "revision": "0"},
    "memos": {},
    "compare": {"source": "T1", "a": "ana", "b": "zoe"},
    "agreement": {"source": "T1", "a": "ana", "b": "zoe", "code": "idea"},
    "consensus": {"source": "T1", "a": "ana", "b": "zoe"},
    "decide": {
        "source": "T1", "version": "0", "a": "ana", "b": "ben", "key": "k", "decision": "a",
        "why": "", "request": GUID,
    },
    "edit_code": {"action": "add"},
    "codebook_history": {},
}  # fmt: skip
WRITING = {"code", "taken", "memo", "decide", "edit_code"}
CHANGES = {
    "add": {**PASSAGE, "stance": "", "memo": ""},
    "remove": {"id": GUID},
    "change": {"id": GUID, "as": PASSAGE},
    "decline": {**PASSAGE, "of": GUID},
    "undecline": {"id": GUID},
}
NO_PARAMETER = [
    None, True, 0, -1, 1.5, 10**15, 1e300, [], {}, [[]], [None], {"a": "b"}, "a\0b", "\r\nX: y",
]  # fmt: skip
NO_NAME = [
    "", "../../etc/passwd", "..", ".", "/etc/passwd", "T1/../T2", "..\\..\\x", "C:\\x", "con",
    "T1\n", "a" * 5000, "\u202eT1", "%2e%2e", "file:///etc/passwd", "<script>", "T1.txt", "~", "*",
]  # fmt: skip
NAMES = {"source", "name", "a", "b", "id", "of", "action", "about", "decision"}
# Nothing of the study has these names: as it stands, none of them may change anything.
EDITS = {
    "add": {"name": "Trust", "parent": "nowhere", "slug": "trust", "definition": "", "colour": ""},
    "change": {"code": "nowhere", "name": "Trust", "definition": "x", "was": {"name": "y"}},
    "rename": {"code": "nowhere", "slug": "trust"},
    "move": {"code": "nowhere", "parent": "idea", "after": "", "before": ""},
    "merge": {"code": "nowhere", "into": "idea"},
    "split": {"code": "nowhere", "into": [{"name": "A"}, {"name": "B"}], "below": True},
    "delete": {"code": "nowhere"},
    "restore": {"version": "1", "undoing": "2"},
}


def spoilt(base):
    """Yield parameters that are wrong in one place."""
    for key in base:
        yield {name: value for name, value in base.items() if name != key}
        for value in NO_PARAMETER:
            yield {**base, key: value}
        for value in NO_NAME if key in NAMES else ():
            yield {**base, key: value}
    yield {**base, "extra": 1}
    yield {**base, "__proto__": {}}
    yield {**base, "coder": "ben"}


def messages():
    for operation in desk.OPERATIONS:
        for parameters in spoilt(BASES.get(operation, {})):
            yield operation, parameters
    for action, base in CHANGES.items():
        for change in spoilt({"action": action, **base}):
            yield "code", {**BASES["code"], "changes": [change]}
    for passage in spoilt(PASSAGE):
        change = {"action": "change", "id": GUID, "as": passage}
        yield "code", {**BASES["code"], "changes": [change]}


def edits():
    for action, base in EDITS.items():
        yield from ({"action": action, **one} for one in spoilt(base))
