"""The folder of a new study, as a file from another program wants it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from study import actions, claims, settings
from study.codebook import FILE as CODEBOOK
from study.errors import NotPossibleError
from study.exchange import codebooks
from study.files import require_name, write_atomic
from study.model import Codebook, Proposition, Settings

_SETTING = re.compile(r"(?P<key>\w+)(?P<sign>\s*=\s*)(?P<value>[^#]*?)(?P<rest>\s*(?:#.*)?)")
_TEMPLATE = "codebook"


def require_empty(root: Path) -> None:
    """Refuse to begin a study where other files are."""
    if root.exists() and not root.is_dir():
        raise NotPossibleError(f"{root} is a file; name a folder with -C DIR")
    entries = root.iterdir() if root.exists() else ()
    inside = sorted(path.name for path in entries if not path.name.startswith("."))
    if inside:
        message = f"{root} is no study and is not empty (it has {inside[0]})"
        raise NotPossibleError(f"{message}; name the folder of a study, or a new one, with -C DIR")


def found(
    root: Path, options: Settings, book: Codebook, propositions: Sequence[Proposition] = ()
) -> None:
    """Make a study's folder with settings, codebook and propositions."""
    require_empty(root)
    require_name("codebook", options.codebook)
    actions.init(root)
    home = root / "codebooks" / options.codebook
    if options.codebook != _TEMPLATE:
        (root / "codebooks" / _TEMPLATE).rename(home)
    write_settings(root, options)
    if settings.read(root)[1]:  # some value is none that this program knows
        write_settings(root, Settings(title=options.title, codebook=options.codebook))
    if book.codes:
        codebooks.found(book, home / CODEBOOK)
    if propositions:
        write_atomic(home / claims.FILE, _listed(propositions))


def write_settings(root: Path, options: Settings) -> None:
    """Write study.toml: the file that is there, with other values and its comments."""
    path = root / settings.FILE
    wanted = {key: getattr(options, name) for key, (name, _) in settings.KEYS.items()}
    lines, section = [], ""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("["):
            section = line.strip("[] ") + "."
        match = _SETTING.fullmatch(line)
        key = section + match["key"] if match else ""
        if match and key in wanted:
            line = f"{match['key']}{match['sign']}{_literal(wanted.pop(key))}{match['rest']}"
        lines.append(line)
    first = next((n for n, line in enumerate(lines) if line.startswith("[")), len(lines))
    default = Settings()
    more = [
        f"{key} = {_literal(value)}"
        for key, value in wanted.items()
        if "." not in key and value != getattr(default, settings.KEYS[key][0])
    ]
    write_atomic(path, "\n".join([*lines[:first], *more, *lines[first:]]))


def _literal(value: Any) -> str:
    """Return a value as TOML: its texts are those of JSON, but for one sign."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value)


def _listed(propositions: Sequence[Proposition]) -> str:
    """Return propositions.yaml."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    buffer = io.StringIO()
    yaml.dump({"propositions": [_plain(one) for one in propositions]}, buffer)
    return buffer.getvalue()


def _plain(one: Proposition) -> Mapping[str, Any]:
    values: dict[str, Any] = {
        key: getattr(one, key) for key in ("id", "claim", "section", "source") if getattr(one, key)
    }
    for side in claims.VERDICTS:
        conditions = [
            {"code": evidence.code, **({"stance": stances} if stances else {})}
            for evidence in getattr(one, side)
            for stances in [list(evidence.stances)]
        ]
        values |= {side: conditions} if conditions else {}
    return values
