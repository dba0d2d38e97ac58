"""The arithmetic of the chain: keys outside the database, canonical texts, digests."""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path

from odoo.tools import config

CURRENT = "current"


def folder():
    """The folder of the keys: beside the filestore, never in the database."""
    path = Path(config["data_dir"]) / "aftersales" / "keys"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def current_key():
    """The key that seals from now on; the first act of an installation makes it.

    :return: tuple of its id and the key
    """
    pointer = folder() / CURRENT
    if not pointer.exists():
        _publish(pointer, _make_key())
    key_id = pointer.read_text(encoding="ascii").strip()
    return key_id, find_key(key_id)


def rotate():
    """Seal with a new key from now on; what was sealed before keeps its own.

    :return: id of the new key
    """
    key_id, part = _make_key(), folder() / f"{CURRENT}.{secrets.token_hex(4)}"
    part.write_text(key_id, encoding="ascii")
    part.replace(folder() / CURRENT)
    return key_id


@lru_cache(maxsize=64)
def find_key(key_id):
    """A key by its id.

    :return: bytes; None where this machine doesn't have it
    """
    path = folder() / f"{key_id}.key"
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        find_key.cache_clear()  # it may be brought later
        return None
    return key if _key_id(key) == key_id else None


def digest(key, *values):
    """The keyed digest of plain values in their order.

    :param values: texts, numbers, None; times as "YYYY-MM-DD HH:MM:SS"
    :return: 64 hexadecimal digits
    """
    return hmac.digest(key, canonical(values).encode(), "sha256").hex()


def salted(salt, text):
    """Digest of an act's values; without the salt nobody guesses them from it."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def canonical(value):
    """One text for one value: sorted keys, no blanks, every character as it is."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )


def _make_key():
    key = secrets.token_bytes(32)
    path = folder() / f"{_key_id(key)}.key"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(key.hex())
    return _key_id(key)


def _key_id(key):
    return hashlib.sha256(key).hexdigest()[:12]


def _publish(pointer, key_id):
    """Name the first key; of several workers that come at once one is the first."""
    part = pointer.with_name(f"{CURRENT}.{secrets.token_hex(4)}")
    part.write_text(key_id, encoding="ascii")
    with contextlib.suppress(FileExistsError):
        os.link(part, pointer)
    part.unlink()
