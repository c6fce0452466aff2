"""What the coding page keeps in the user's own folder: a signing key and the coders' secrets.

Never in the study's folder: that one is copied, synchronised and put under version control.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study.errors import NotPossibleError
from study.files import locked, write_atomic

KEY, INVITED, ENDED = "signing.key", "invited.json", "signed-out.json"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
GROUPS, LETTERS = 5, 5
COST: Mapping[str, int] = {"n": 2**15, "r": 8, "p": 1}
MEMORY = 64 * 1024 * 1024


def study_key(root: Path) -> str:
    """Return what tells this study, in this place, from others: 16 hexadecimal digits."""
    return hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]


def folder_of(root: Path) -> Path:
    """Return the folder, in the user's state folder, that belongs to a study."""
    import platformdirs

    return platformdirs.user_state_path("study", appauthor=False) / "coding" / study_key(root)


@dataclass(frozen=True, slots=True)
class Private:
    """A study's private files; nobody but the user may read them."""

    folder: Path

    def prepare(self, root: Path) -> None:
        """Make the folder, and note in it which study it belongs to.

        Raises
        ------
        NotPossibleError
            The folder cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
            note = self.folder / "study.txt"
            if not note.exists():
                write_atomic(note, f"{root.resolve()}\n")
        except OSError as error:
            message = f"{self.folder} must hold the page's signing key, and cannot be written"
            raise NotPossibleError(f"{message}: {error.strerror}") from None

    def key(self) -> bytes:
        """Return the key that signs cookies; a new one where there is none, or others saw it."""
        path = self.folder / KEY
        with locked(path):
            found = _unseen(path)
            if found is None:
                write_atomic(path, secrets.token_bytes(32).hex() + "\n")
                path.chmod(0o600)
                found = _unseen(path)
        if found is None:
            raise NotPossibleError(f"{path} cannot be kept from other users of this machine")
        return found

    def invite(self, name: str) -> tuple[str, bool]:
        """Give a coder a new secret; return it, and whether it replaces an earlier one."""
        secret = "-".join(
            "".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS)
        )
        path = self.folder / INVITED
        with locked(path):
            invited = _object(path)
            renewed = name in invited
            invited[name] = _hashed(secret)
            _write(path, invited)
        return secret, renewed

    def invited(self) -> dict[str, str]:
        """Return who may sign in, and what changes with each renewal of their secret."""
        return {name: one["hash"][:12] for name, one in _object(self.folder / INVITED).items()}

    def knows(self, name: str, secret: str) -> bool:
        """Tell whether this is the coder's secret; takes as long for a name that nobody has."""
        record = _object(self.folder / INVITED).get(name)
        given = _digest(secret, (record or NOBODY)["salt"])
        return hmac.compare_digest(given, (record or NOBODY)["hash"]) and record is not None

    def ended(self) -> dict[str, float]:
        """Return the sign-ins that have been ended, and until when that must be remembered."""
        return _object(self.folder / ENDED)

    def end(self, identity: str, until: float, now: float) -> None:
        """Remember that a sign-in has been ended, until it would have ended by itself."""
        path = self.folder / ENDED
        with locked(path):
            known = {one: moment for one, moment in _object(path).items() if moment > now}
            _write(path, known | {identity: until})


def _unseen(path: Path) -> bytes | None:
    """Return the key, unless it is damaged or someone else may have read it."""
    try:
        seen = os.name == "posix" and path.stat().st_mode & 0o077
        key = bytes.fromhex(path.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return key if len(key) == 32 and not seen else None


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        message = f"{path} is damaged; delete it, and invite the coders again"
        raise NotPossibleError(message) from None
    return dict(found)


def _write(path: Path, value: Mapping[str, Any]) -> None:
    write_atomic(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")
    with contextlib.suppress(OSError):
        path.chmod(0o600)


def _hashed(secret: str) -> dict[str, str]:
    salt = secrets.token_hex(16)
    return {"salt": salt, "hash": _digest(secret, salt)}


def _digest(secret: str, salt: str) -> str:
    """Return the scrypt hash (Percival 2009, RFC 7914) of a secret, however it was typed."""
    letters = "".join(letter for letter in secret.lower() if letter in ALPHABET)
    digest = hashlib.scrypt(
        letters.encode(), salt=bytes.fromhex(salt), maxmem=MEMORY, dklen=32, **COST
    )
    return digest.hex()


NOBODY = {"salt": "00" * 16, "hash": "00" * 32}
