"""Secrets: made at first start, files of mode 600, one folder per service, replaced on request (G-71)."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets as randomness
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from joserfc.jwk import OKPKey

from chassis.charter import Charter, all_charters
from chassis.work import CARRY
from deploy.topology.wallet import apple_files, google_file

ROOT = Path(__file__).parents[2]
SIGNERS = ("accounts", "gateway", "notify", "orders")
OPERATIONS = "operations"
ADMINISTRATOR = "administrator"
PASSWORD_BYTES = 24
SEALING_BYTES = 32
TICKET_KEYS = "tickets"
TICKET_KEY_ID = 8
FACTORS = Path("accounts") / "factors"
"""Keys that seal the secrets of second factors: numbered, so that one follows the other (W-60)."""

WEBHOOKS = Path("sharing") / "webhooks"
"""Keys that seal the secrets of messages to organisations, numbered in the same way."""


class Secrets:
    """The folder of secrets of one installation. Reading what is not there is a FileNotFoundError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def role_password(self, service: str, role: str) -> str:
        """The password of a database role; those of migration and dump lie with operations."""
        holder = OPERATIONS if role.endswith(("__migrate", "__dump")) else service
        return self._read(holder, "database", role)

    def broker_password(self, user: str) -> str:
        """The password of a broker user: a service, or the administrator."""
        return self._read(OPERATIONS if user == ADMINISTRATOR else user, "broker")

    def _read(self, *parts: str) -> str:
        return self.folder.joinpath(*parts).read_text(encoding="utf-8").strip()


def login_roles(charter: Charter) -> tuple[str, ...]:
    """Every login of a service: one per purpose, the relay's, and those of operations."""
    names = (*charter.purpose, CARRY, "migrate", "dump")
    return tuple(charter.purpose_role(name) for name in names)


def ensure(folder: Path, charters: Mapping[str, Charter] | None = None) -> Secrets:
    """Make what is missing, change nothing that is there, and give every service the public keys of all."""
    charters = charters if charters is not None else all_charters(ROOT)
    known = Secrets(folder)
    _private_folder(folder)
    _keep(folder / OPERATIONS / "broker", _password)
    for service, charter in charters.items():
        _keep(folder / service / "broker", _password)
        _keep(folder / service / "sealing.key", _sealing_key)
        for role in login_roles(charter):
            holder = OPERATIONS if role.endswith(("__migrate", "__dump")) else service
            _keep(folder / holder / "database" / role, _password)
        if service in SIGNERS:
            _keep(folder / service / "signing.pem", _signing_key)
    if "orders" in charters:
        _keep(folder / "orders" / "mollie", _mollie_test_key)
        _keep_ticket_key(folder / "orders")
        _keep(folder / "orders" / "buyers.key", _sealing_key)
    if "notify" in charters:
        _keep_wallets(folder / "notify" / "wallet")
    if "accounts" in charters:
        _keep(folder / FACTORS / "1.key", _sealing_key)
    if "sharing" in charters:
        _keep(folder / WEBHOOKS / "1.key", _sealing_key)
    _share_public_keys(folder, charters)
    return known


def rotate_passwords(folder: Path, service: str) -> None:
    """Forget the passwords of a service: the next `ensure` makes new ones, the next apply sets them."""
    for path in [*(folder / service / "database").glob("*"), folder / service / "broker"]:
        path.unlink(missing_ok=True)
    for path in (folder / OPERATIONS / "database").glob(f"{service}__*"):
        path.unlink()


def rotate_signing(folder: Path, service: str) -> None:
    """A new signing key next time; the old public half stays until the rotation after that."""
    (folder / service / "signing.pem").unlink(missing_ok=True)


def retire_ticket_key(folder: Path, key: str) -> bool:
    """Let no ticket of a key in any more; False where there is no such key, or where it signs new tickets."""
    signing = load_pem_private_key((folder / "orders" / "signing.pem").read_bytes(), None)
    retired = folder / "orders" / TICKET_KEYS / f"{key}.pub.pem"
    if key == ticket_key_id(signing.public_key()) or retired not in retired.parent.glob("*.pub.pem"):
        return False
    retired.unlink()
    return True


def ticket_key_id(public: PublicKeyTypes) -> str:
    """The id of a ticket key as codes carry it, in hex: eight bytes of the SHA-256 of the raw key."""
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[: 2 * TICKET_KEY_ID]


def _keep_ticket_key(orders: Path) -> None:
    """The public half of each key that ever signed tickets stays: tickets are sold a year ahead (F-40)."""
    public = load_pem_private_key((orders / "signing.pem").read_bytes(), None).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _keep(orders / TICKET_KEYS / f"{ticket_key_id(public)}.pub.pem", lambda: pem)


def _keep_wallets(wallet: Path) -> None:
    """Test certificates and keys for wallets; what operations put there stays, whole or in part."""
    if not any((wallet / name).exists() for name in ("authority.pem", "pass.key", "pass.pem")):
        for name, content in apple_files().items():
            _write(wallet / name, content)
    _keep(wallet / "google.json", google_file)


def rotate_sealing(keys: Path) -> None:
    """A newer numbered key; its service seals anew under it by itself, and the old one may then go."""
    newest = max(int(path.stem) for path in keys.glob("*.key"))
    _keep(keys / f"{newest + 1}.key", _sealing_key)


def _share_public_keys(folder: Path, charters: Mapping[str, Charter]) -> None:
    """Each service knows the newest key of every issuer, and the one before it."""
    for issuer in SIGNERS:
        if issuer not in charters:
            continue
        key = load_pem_private_key((folder / issuer / "signing.pem").read_bytes(), None)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        name = f"{issuer}.{OKPKey.import_key(public).thumbprint()}.pub.pem"
        for service in charters:
            keys = folder / service / "keys"
            before = sorted(keys.glob(f"{issuer}.*.pub.pem"), key=lambda path: path.stat().st_mtime)
            if name not in [path.name for path in before]:
                _write(keys / name, public)
                for stale in before[:-1]:
                    stale.unlink()


def _keep(path: Path, make: Callable[[], bytes]) -> None:
    if not path.exists():
        _write(path, make())


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all, readable by the owner only."""
    _private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{randomness.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _private_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _password() -> bytes:
    return randomness.token_urlsafe(PASSWORD_BYTES).encode()


def _sealing_key() -> bytes:
    return base64.b64encode(randomness.token_bytes(SEALING_BYTES))


def _mollie_test_key() -> bytes:
    """A key of Mollie's test form, for the simulator; operations put a real one in its place."""
    return f"test_{randomness.token_hex(15)}".encode()


def _signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
