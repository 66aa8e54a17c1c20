"""A small service behind a real HTTP door, for the tests of the chassis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.metrics import Metrics
from chassis.problems import Problems
from chassis.testing import SetClock
from chassis.tokens import Issuer, Proof, Revocations, Verifier, read_keys
from chassis.web import Door, Readiness, Route, application, run
from contracts.actors import Actor, Role

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AUDIENCE = "orders"


def key_pair() -> tuple[bytes, bytes]:
    """A fresh Ed25519 key as private and public PEM."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


@dataclass
class Keyring:
    """Three issuers with their private keys, and the folder with the public ones."""

    folder: Path
    private: dict[str, bytes]


class Shop:
    """The service under test: a running door and a client that knows its tokens."""

    def __init__(self, base: str, session: aiohttp.ClientSession, keyring: Keyring, clock: SetClock) -> None:
        self.base, self.session, self.keyring, self.clock = base, session, keyring, clock
        self.metrics: Metrics
        self.readiness: Readiness
        self.revocations: Revocations

    def token(self, actor: Actor, audience: str = AUDIENCE) -> str:
        issuer = "gateway" if actor.role is Role.VISITOR else "accounts"
        signer, now = Issuer(self.keyring.private[issuer], issuer), self.clock.now()
        return signer.sign(actor, audience, now, Proof(now))

    def authorised(self, actor: Actor) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(actor)}"}


@asynccontextmanager
async def shop(
    routes: list[Route], keyring: Keyring, clock: SetClock, problems: Problems | None = None
) -> AsyncIterator[Shop]:
    """Open a door with these routes on a free port."""
    revocations, metrics, readiness = Revocations(), Metrics(AUDIENCE), Readiness({"database": None})
    door = Door(
        service=AUDIENCE,
        routes=routes,
        problems=problems or Problems.load(),
        verifier=Verifier(read_keys(keyring.folder), AUDIENCE, revocations),
        clock=clock,
        metrics=metrics,
        readiness=readiness,
    )
    running = await run(application(door), "127.0.0.1", 0, 1.0)
    async with aiohttp.ClientSession() as session:
        opened = Shop(f"http://127.0.0.1:{running.port}", session, keyring, clock)
        opened.metrics, opened.readiness, opened.revocations = metrics, readiness, revocations
        yield opened
    await running.close()
