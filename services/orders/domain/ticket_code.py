"""The code on a ticket: signed, without personal data, short enough for a quick scan.

Bytes: version, key id (8), event (16), ticket (16), Ed25519 signature (64) of what stands before it;
base64url makes 140 characters of it. Keys are handed in as functions, so that nothing here touches a file.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

VERSION = 1
KEY_ID = 8
SIGNED = 1 + KEY_ID + 16 + 16
LENGTH = SIGNED + 64
LONGEST = 200

Sign = Callable[[bytes], bytes]
"""Signs a message with the private key: 64 bytes."""
Verify = Callable[[bytes, bytes, bytes], bool]
"""Key id, message and signature to whether a known key made it."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs new tickets: its id of eight bytes, and what it does."""

    key_id: bytes
    sign: Sign


@dataclass(frozen=True, slots=True)
class Read:
    """What a genuine code says."""

    event: UUID
    ticket: UUID


def write_code(event: UUID, ticket: UUID, signer: Signer) -> str:
    """The code of a ticket: the same for the same key, so that it need not be stored."""
    message = bytes([VERSION]) + signer.key_id + event.bytes + ticket.bytes
    return base64.urlsafe_b64encode(message + signer.sign(message)).rstrip(b"=").decode()


def read_code(code: str, verify: Verify) -> Read | None:
    """What a code says, or None where it is malformed or was not signed by this house."""
    raw = _raw(code)
    if raw is None or len(raw) != LENGTH or raw[0] != VERSION:
        return None
    message, signature = raw[:SIGNED], raw[SIGNED:]
    if not verify(raw[1 : 1 + KEY_ID], message, signature):
        return None
    return Read(UUID(bytes=raw[9:25]), UUID(bytes=raw[25:41]))


def _raw(code: str) -> bytes | None:
    stripped = code.strip()
    if len(stripped) > LONGEST:
        return None
    try:
        return base64.b64decode(stripped + "=" * (-len(stripped) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
