"""A study with patterns, and what rules make of it."""

from __future__ import annotations

import json
import shutil

import study

BOOK = "codebooks/tiny/codebook.yaml"
LOGS = "codebooks/tiny/codings"


def write_patterns(folder, book=BOOK, /, **by_code):
    """Put patterns under codes, instead of those that are there."""
    lines = [
        line
        for line in (folder / book).read_text(encoding="utf-8").splitlines()
        if not line.startswith(("    patterns:", "      - "))
    ]
    for code, texts in by_code.items():
        at = lines.index(f"  - code: {code.replace('_', '-')}")
        written = [f"      - {json.dumps(one, ensure_ascii=False)}" for one in texts]
        lines[at + 1 : at + 1] = ["    patterns:", *written]
    (folder / book).write_text("\n".join(lines) + "\n", encoding="utf-8")


def replace_in(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def without_people(folder):
    for coder in ("ana", "ben", "consensus"):
        shutil.rmtree(folder / LOGS / coder)


def by_rules(folder):
    """Return what rules have coded: transcript, words, code, pattern."""
    project = study.load(folder)
    return [
        (
            one.selection.source,
            project.source(one.selection.source).quote(one.selection),
            one.code,
            one.memo,
        )
        for one in project.codings
        if one.coder == "rules"
    ]


def ids(folder):
    return {
        (one.selection, one.code): one.id
        for one in study.load(folder).codings
        if one.coder == "rules"
    }


def logs(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / LOGS / "rules").glob("*"))}
