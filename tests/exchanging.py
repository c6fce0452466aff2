"""What the tests of exchange share: commands, and changes to a study's files."""

from __future__ import annotations

from study import codings, memos
from study.cli import main


def run(capsys, *arguments):
    status = main([str(one) for one in arguments])
    found = capsys.readouterr()
    return status, found.out, found.err


def files_of(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock")
    }


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def consent(folder, name, wanted):
    path = folder / "interviews" / "participants.csv"
    rows = path.read_text(encoding="utf-8").split("\n")
    changed = [
        row.replace("quote", wanted).replace("analyse only", wanted)
        if row.startswith(name)
        else row
        for row in rows
    ]
    path.write_text("\n".join(changed), encoding="utf-8")


def write_memo(folder, author="ana", kind="transcript", name="T1", text="She hesitates."):
    home = folder / "codebooks" / "tiny"
    path = memos.path_of(home, author, kind, name)
    return memos.save(path, text, memos.revision_of(path), codings.now())[0]


def theirs(path, text="Jo: So?\nDana: We wrote it with them.\nJo: Ah?\nDana: Yes.\n", **more):
    """Write a file of another program with one text and one coding."""
    from test_refi.files import codes, packed, passage, project, source, users

    inside = source(passage("wrote it", text, **more), name="Call 1.docx")
    xml = project(users("Dr. Ana"), codes(), f"<Sources>{inside}</Sources>")
    return packed(path, xml, {"t.txt": text})
