"""Secrets that sign messages, sealed under keys that are replaced in time (W-60)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from chassis.sealing import Keyring, Seal
from services.sharing.store.endpoint_secrets import SecretRow

END, BYTES = 4, 32


class SecretBox:
    """Seals and opens; each secret is bound to its organisation and to its own row."""

    def __init__(self, keys: Keyring, before: Seal) -> None:
        """`before` opens what was sealed when secrets stood beside their address."""
        self._keys = keys
        self._before = before

    @property
    def newest(self) -> int:
        """The number of the key that seals now."""
        return self._keys.newest

    def fresh(self) -> str:
        """A new secret in the words of Standard Webhooks."""
        return "whsec_" + base64.b64encode(secrets.token_bytes(BYTES)).decode()

    def seal(self, organisation: UUID, secret: str, now: datetime, id: UUID | None = None) -> SecretRow:
        """A secret as it is kept."""
        own = id or uuid4()
        key, sealed = self._keys.seal(secret.encode(), _place(organisation, own))
        return SecretRow(own, organisation, key, sealed, secret[-END:], now)

    def open(self, row: SecretRow) -> str:
        """The secret of a row; SealBroken where its key is gone or it was moved."""
        return self._keys.open(row.key_id, row.sealed, _place(row.organisation, row.id)).decode()

    def opened_before(self, organisation: UUID, sealed: bytes) -> Sequence[str]:
        """What stood beside an address."""
        return self._before.open(sealed, place_of(organisation)).decode().split()


def place_of(organisation: UUID) -> str:
    """What bound an organisation's secrets to its address."""
    return f"endpoint/{organisation}"


def _place(organisation: UUID, id: UUID) -> str:
    return f"{place_of(organisation)}/{id}"
