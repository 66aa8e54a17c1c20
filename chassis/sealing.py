"""Sealing: AES-256-GCM for what lies in a table and must not be read there (copy parts, stored secrets)."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """The sealed bytes were changed, or belong to another place or key."""


class Seal:
    """One service's sealing key. `place` binds bytes to where they belong: elsewhere they do not open."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a sealing key has 32 bytes")
        self._cipher = AESGCM(key)

    @classmethod
    def read(cls, path: Path) -> Seal:
        """The key from a file, base64 (`sealing.key` in a service's secrets)."""
        return cls(base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True))

    def seal(self, plain: bytes, place: str) -> bytes:
        """Nonce, cipher text and tag."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed for this place; SealBroken where it was not."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            raise SealBroken from None


class Keyring:
    """Sealing keys that are replaced in time (W-60): the newest seals, each opens what it sealed.

    The id of the key is bound to the bytes like their place is: under another key's name they do not open.
    """

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys:
            raise ValueError("a keyring has at least one key")
        self._seals = {id: Seal(key) for id, key in keys.items()}
        self.newest = max(keys)

    @classmethod
    def read(cls, folder: Path) -> Keyring:
        """Keys from `<number>.key` in a folder, base64; the highest number is the newest."""
        read = {int(path.stem): path.read_text(encoding="ascii").strip() for path in folder.glob("*.key")}
        return cls({id: base64.b64decode(text, validate=True) for id, text in read.items()})

    def seal(self, plain: bytes, place: str) -> tuple[int, bytes]:
        """The id of the newest key, and what it sealed."""
        return self.newest, self._seals[self.newest].seal(plain, f"{place}/{self.newest}")

    def open(self, id: int, sealed: bytes, place: str) -> bytes:
        """What the key of this id sealed for this place; SealBroken where it did not, or is gone."""
        seal = self._seals.get(id)
        if seal is None:
            raise SealBroken
        return seal.open(sealed, f"{place}/{id}")
