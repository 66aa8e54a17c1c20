"""The links by which people show their wish list: random, and unreadable to who only reads the database."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

MARK = 16
"""Bytes of the keyed hash that stand behind the id: nobody makes a link without the key."""


class WishLinks:
    """Makes the token of a link from its random id, and reads it."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, link: UUID) -> str:
        """The same for the same id, so that its owner can see it again."""
        return urlsafe_b64encode(link.bytes + self._mark(link.bytes)).decode().rstrip("=")

    def read(self, token: str) -> UUID | None:
        """The id, or None where this house did not make the token."""
        try:
            found = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        id, mark = found[:16], found[16:]
        known = len(found) == 16 + MARK and hmac.compare_digest(mark, self._mark(id))
        return UUID(bytes=id) if known else None

    def _mark(self, id: bytes) -> bytes:
        return hmac.digest(self._key, b"wish list:" + id, hashlib.sha256)[:MARK]
