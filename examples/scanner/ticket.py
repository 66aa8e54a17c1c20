"""Checks ticket codes of Avondkassa without a connection: the key set of the house is all it needs.

    python -m examples.scanner KEYS.json EVENT < codes.txt

One code a line in, one answer a line out; ends with 1 where one was refused. Needs cryptography.
"""

from __future__ import annotations

import base64
import binascii
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERSION = 1
KEY, EVENT, TICKET, SIGNATURE, END = 1, 9, 25, 41, 105
Keys = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True)
class Genuine:
    """What a genuine code says. Whether the ticket was used already, or voided, only the house knows."""

    event: UUID
    ticket: UUID


def keys_from(document: str) -> Keys:
    """The public keys of a JSON Web Key Set by their key id."""
    found = json.loads(document)["keys"]
    return {one["kid"]: Ed25519PublicKey.from_public_bytes(_bytes(one["x"])) for one in found}


def read(code: str, keys: Keys) -> Genuine | None:
    """What a code says; None where it is malformed, of an unknown key, or not signed by its key."""
    try:
        raw = _bytes(code.strip())
    except (binascii.Error, ValueError):
        return None
    if len(raw) != END or raw[0] != VERSION:
        return None
    key = keys.get(raw[KEY:EVENT].hex())
    if key is None:
        return None
    try:
        key.verify(raw[SIGNATURE:], raw[:SIGNATURE])
    except InvalidSignature:
        return None
    return Genuine(UUID(bytes=raw[EVENT:TICKET]), UUID(bytes=raw[TICKET:SIGNATURE]))


def answer(code: str, keys: Keys, event: UUID, seen: set[UUID]) -> str:
    """What to say at the door of an event; `seen` are the tickets that this scanner let in already."""
    genuine = read(code, keys)
    if genuine is None:
        return "forged"
    if genuine.event != event:
        return "other_event"
    if genuine.ticket in seen:
        return "already_admitted"
    seen.add(genuine.ticket)
    return "welcome"


def main(arguments: list[str]) -> int:
    """Answer each line of standard input."""
    keys = keys_from(Path(arguments[0]).read_text(encoding="utf-8"))
    event, seen = UUID(arguments[1]), set[UUID]()
    told = [answer(line, keys, event, seen) for line in sys.stdin]
    print("\n".join(told))
    return int(any(one != "welcome" for one in told))


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
