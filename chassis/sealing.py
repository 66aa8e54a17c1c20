"""Sealing: AES-256-GCM for what lies in a table and must not be read there (copy parts, stored secrets)."""

from __future__ import annotations

import base64
import os
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
