"""The keys of tickets: orders signs with its own, and knows the one before it at the door."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from services.orders.domain.ticket_code import KEY_ID, Signer, Verify


def signer_from(path: Path) -> Signer:
    """The key that signs tickets, from a PEM file; ValueError where it is no Ed25519 key."""
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("tickets are signed with an Ed25519 key")
    return Signer(_id_of(key.public_key()), key.sign)


def verifier_from(folder: Path, own: Path) -> Verify:
    """Checks signatures against every public key `orders.*.pub.pem` of a folder, and the one that signs."""
    keys = {_id_of(key): key for key in map(_public, sorted(folder.glob("orders.*.pub.pem")))}
    signing = load_pem_private_key(own.read_bytes(), None).public_key()
    if isinstance(signing, Ed25519PublicKey):
        keys[_id_of(signing)] = signing

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


def _public(path: Path) -> Ed25519PublicKey:
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path.name} is no Ed25519 key")
    return key


def _id_of(key: Ed25519PublicKey) -> bytes:
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).digest()[:KEY_ID]
