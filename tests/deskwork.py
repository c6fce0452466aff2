"""Messages to a coder's desk, as the page sends them."""

from __future__ import annotations

import json
import uuid

BANK = "the bank \U0001f3e6 and write it together"


def new_id():
    return str(uuid.uuid4())


def ask(desk, name, /, **parameters):
    """Ask as a page does: everything passes through JSON, there and back."""
    answer = desk.answer(name, json.loads(json.dumps(parameters)))
    return json.loads(json.dumps(answer, allow_nan=False))


def passage(desk, words, source="T1"):
    """Return a passage as a page sends it: offsets and the words it shows there."""
    text = ask(desk, "transcript", source=source)["text"]
    start = text.index(words)
    return {"start": start, "end": start + len(words), "words": words}


def send(desk, *changes, source="T1", version=""):
    version = version or ask(desk, "transcript", source=source)["version"]
    return ask(desk, "code", source=source, version=version, changes=list(changes))


def added(desk, words, code, source="T1", **more):
    where = passage(desk, words, source)
    return {"action": "add", "id": new_id(), "code": code, **where, **more}


def shown(answer):
    return [(one["code"], one["start"], one["end"]) for one in answer["codings"]]


def log_of(tiny, coder="ana", source="T1"):
    return tiny / f"codebooks/tiny/codings/{coder}/{source}.csv"
