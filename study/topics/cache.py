"""Embeddings kept from one fit to the next, so that one more interview costs one interview.

Vectors of confidential text are confidential: words can be guessed from them.  They stand in the
user's own cache folder, which nobody else may read, and only those of models that take long; the
environment variable STUDY_CACHE names another folder, or says `off`.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from study.files import write_atomic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

VARIABLE = "STUDY_CACHE"
MOST = 200_000
"""Texts kept for one model; the oldest go first."""


def folder() -> Path | None:
    """Return where embeddings are kept; None where that is turned off."""
    from platformdirs import user_cache_path

    wanted = os.environ.get(VARIABLE, "")
    if wanted.lower() in {"off", "0", "no"}:
        return None
    return Path(wanted) if wanted else user_cache_path("study") / "embeddings"


def cached(
    texts: Sequence[str],
    embed: Callable[[Sequence[str]], NDArray[Any]],
    identity: str,
    home: Path | None,
) -> Floats:
    """Return vectors of texts, from the cache where it has them.

    Parameters
    ----------
    texts
        May repeat.
    embed
        Called once with the texts that are not there yet, each once.
    identity
        Says model, version and settings: other ones have a file of their own.
    home
        The folder; None keeps nothing.

    Returns
    -------
    array of float32
        Shape (texts, dimensions).  A file that is damaged, or of something else, is made anew.
    """
    keys = [_key(text) for text in texts]
    path = home / f"{_key(identity)}.npz" if home else None
    kept = _read(path, identity) if path else {}
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
    if missing:
        found = embed(list(missing.values()))
        kept |= dict(zip(missing, np.asarray(found, dtype=np.float32), strict=True))
        if path:
            _write(path, identity, kept)
    return np.array([kept[key] for key in keys], dtype=np.float32)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _read(path: Path, identity: str) -> dict[str, Floats]:
    """Return what a file holds; nothing where it can't be trusted."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            same = str(file["identity"]) == identity
            keys, rows = file["keys"].tolist(), file["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return {}
    fits = rows.ndim == 2 and rows.dtype == np.float32 and len(rows) == len(keys)
    if not (same and fits and np.isfinite(rows).all()):
        return {}
    return dict(zip(keys, rows, strict=True))


def _write(path: Path, identity: str, kept: dict[str, Floats]) -> None:
    """Write whole or not at all, for the user's eyes only; a full disk costs the cache alone."""
    keys = list(kept)[-MOST:]
    buffer = io.BytesIO()
    rows = np.array([kept[key] for key in keys], dtype=np.float32)
    np.savez(buffer, identity=np.array(identity), keys=np.array(keys), vectors=rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.chmod(path.parent, 0o700)
        write_atomic(path, buffer.getvalue())
        os.chmod(path, 0o600)
    except OSError:
        return
