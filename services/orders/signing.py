"""The keys of tickets: orders signs with its own, and the door knows every one that signed before it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from contracts.orders.tickets import TicketKey, TicketKeys
from services.orders.domain.ticket_code import KEY_ID, Signer, Verify

Known = Mapping[bytes, Ed25519PublicKey]
"""Public keys by the id that codes carry."""


def signer_from(path: Path) -> Signer:
    """The key that signs tickets, from a PEM file; ValueError where it is no Ed25519 key."""
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("tickets are signed with an Ed25519 key")
    return Signer(_id_of(key.public_key()), key.sign)


def known_keys(folder: Path) -> Known:
    """Every key of a folder of `*.pub.pem` whose tickets count; ValueError for one that is no Ed25519 key."""
    return {_id_of(key): key for key in map(_public, sorted(folder.glob("*.pub.pem")))}


def verifier_of(keys: Known) -> Verify:
    """Checks signatures against these keys."""

    def verify(key_id: bytes, message: bytes, signature: bytes) -> bool:
        key = keys.get(key_id)
        if key is None:
            return False
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify


def as_key_set(keys: Known) -> TicketKeys:
    """The keys as scanners take them (RFC 7517, RFC 8037), in an order of their own."""
    return TicketKeys(keys=tuple(TicketKey(kid=id.hex(), x=_base64url(keys[id])) for id in sorted(keys)))


def _base64url(key: Ed25519PublicKey) -> str:
    return base64.urlsafe_b64encode(_raw(key)).rstrip(b"=").decode()


def _public(path: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path.name} is no Ed25519 key")
    return key


def _id_of(key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(_raw(key)).digest()[:KEY_ID]


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
