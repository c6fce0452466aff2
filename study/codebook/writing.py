"""Write a codebook of one's own making as YAML."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from study.codebook.reading import TEXTS
from study.files import write_atomic
from study.model import Code, Codebook


def write(codebook: Codebook, path: Path) -> None:
    """Write a new codebook as YAML that `read` turns into an equal one; comments are not kept."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    data = {
        "name": codebook.name,
        "version": codebook.version,
        "codes": [_plain(code) for code in codebook],
    }
    buffer = io.StringIO()
    yaml.dump(data, buffer)
    write_atomic(path, buffer.getvalue())


def _plain(code: Code) -> dict[str, Any]:
    values: dict[str, Any] = {"code": code.path.rpartition(".")[2], "name": code.name}
    if code.parent:
        values["parent"] = code.parent.rpartition(".")[2]
    values |= {"guid": code.guid, "colour": code.colour}
    values |= {key: getattr(code, key) for key in TEXTS}
    values |= {"patterns": list(code.patterns), "formerly": list(code.formerly)}
    return {key: value for key, value in values.items() if value}
