"""Databases as QualCoder and Taguette keep them, made for tests; hostile ones, too."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

QUALCODER = {
    "project": "databaseversion, date, memo, about, codername",
    "source": "id, name, fulltext, mediapath, memo, owner, date",
    "code_cat": "catid, name, owner, date, memo, supercatid",
    "code_name": "cid, name, memo, catid, owner, date, color, supercid",
    "code_text": "ctid, cid, fid, seltext, pos0, pos1, owner, date, memo, important",
    "annotation": "anid, fid, pos0, pos1, memo, owner, date",
    "cases": "caseid, name, memo, owner, date",
    "case_text": "id, caseid, fid, pos0, pos1, owner, date, memo",
    "attribute_type": "name, date, owner, memo, caseOrFile, valuetype",
    "attribute": "attrid, name, attr_type, value, id, date, owner",
    "journal": "jid, name, jentry, date, owner",
    "code_image": "imid, id, cid",
    "code_av": "avid, id, cid",
}
TAGUETTE = {
    "projects": "id, name, description, created",
    "documents": "id, name, description, created, project_id, contents",
    "tags": "id, project_id, path, description",
    "highlights": "id, document_id, start_offset, end_offset, snippet",
    "highlight_tags": "highlight_id, tag_id",
    "commands": "id, date, user_login, project_id, document_id, payload",
}
DAY = "2024-05-06 10:00:00"


def database(path, tables, rows):
    """Write a database; `rows` has dictionaries by table, other columns are null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as link:
        for table, columns in tables.items():
            link.execute(f"create table {table} ({columns})")
            for row in rows.get(table, []):
                marks = ", ".join("?" * len(row))
                values = list(row.values())
                link.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", values)
        link.commit()
    return path


def qualcoder(folder, text, codings, **more):
    """Write a project of QualCoder: one text, three codes, and (start, end, code, owner, memo)."""
    rows = {
        "project": [{"databaseversion": "v17", "memo": "About trust."}],
        "source": [{"id": 1, "name": "Call 1.docx", "fulltext": text, "owner": "default"}],
        "code_cat": [{"catid": 1, "name": "Making", "memo": "Industry as partner."}],
        "code_name": [
            {"cid": 1, "name": "Co-design", "catid": 1, "color": "#F00000", "memo": "Together.\n\n"
             "Include: writing it jointly."},
            {"cid": 2, "name": "Early", "supercid": 1, "color": "#00F000"},
            {"cid": 3, "name": "Risk"},
        ],
        "code_text": [
            {"cid": code, "fid": 1, "seltext": text[a:b], "pos0": a, "pos1": b, "owner": owner,
             "date": DAY, "memo": memo}
            for a, b, code, owner, memo in codings
        ],
        "cases": [{"caseid": 1, "name": "Dana", "memo": ""}],
        "case_text": [{"caseid": 1, "fid": 1, "pos0": 0, "pos1": len(text)}],
        "attribute_type": [{"name": "age", "caseOrFile": "case"}],
        "attribute": [{"name": "age", "attr_type": "case", "value": "44", "id": 1}],
        "journal": [{"jid": 1, "name": "Thoughts", "jentry": "All in all.", "owner": "ana"}],
    }  # fmt: skip
    database(folder / "data.qda", QUALCODER, rows | more)
    return folder


def taguette(path, contents, highlights, **more):
    """Write a project of Taguette: one document, two tags, and (start, end, tags)."""
    tags = [("risk.fad", "It will pass.\n\nExclude: regulation."), ("trust", "")]
    made = [
        {"id": n, "document_id": 1, "start_offset": start, "end_offset": end}
        for n, (start, end, _) in enumerate(highlights, start=1)
    ]
    rows = {
        "projects": [{"id": 1, "name": "Pilot", "description": ""}],
        "documents": [{"id": 1, "project_id": 1, "name": "P01.docx", "contents": contents}],
        "tags": [
            {"id": n, "project_id": 1, "path": path, "description": about}
            for n, (path, about) in enumerate(tags, start=1)
        ],
        "highlights": made,
        "highlight_tags": [
            {"highlight_id": n, "tag_id": tag}
            for n, (_, _, given) in enumerate(highlights, start=1)
            for tag in given
        ],
        "commands": [
            {"project_id": 1, "date": f"{DAY}.25", "user_login": "ana", "payload": json.dumps(
                {"type": "highlight_add", "highlight_id": one["id"]})}
            for one in made
        ],
    }  # fmt: skip
    return database(path, TAGUETTE, rows | more)
