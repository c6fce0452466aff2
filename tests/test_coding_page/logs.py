"""Logs of codings as a test writes and reads them: passages by their words."""

from __future__ import annotations

from study import codings, transcripts
from study.codings import Entry
from study.model import Coding, Selection


def folder(root):
    return next(root.glob("codebooks/*/codings"))


def text_of(root, source):
    return (root / "interviews" / f"{source}.txt").read_text(encoding="utf-8")


def give(root, coder, source, words, code, stance="", memo=""):
    """Let somebody (a colleague at another machine, a rule) code a passage."""
    text = text_of(root, source)
    version = transcripts.read(root / "interviews" / f"{source}.txt", frozenset())[0].version
    place = Selection(source, text.index(words), text.index(words) + len(words))
    identity = codings.new_id()
    made = Coding(identity, place, code, coder, codings.now(), version, stance, memo)
    codings.append(codings.path_of(folder(root), coder, source), [Entry("add", made)])
    return identity


def entries(root, coder, source):
    """Return all rows of a log: (action, code, words, stance, memo)."""
    path = folder(root) / coder / f"{source}.csv"
    found = codings.read_entries(path)[0] if path.exists() else []
    return [(entry.action, *said(root, entry.coding)) for entry in found]


def standing(root, coder, source):
    """Return what stands in a log: (code, words, stance, memo)."""
    path = folder(root) / coder / f"{source}.csv"
    return [said(root, one) for one in (codings.read(path)[0] if path.exists() else [])]


def said(root, coding):
    text = text_of(root, coding.selection.source)
    words = text[coding.selection.start : coding.selection.end]
    return coding.code, words, coding.stance, coding.memo
