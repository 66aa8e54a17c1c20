"""Where attacks happen: a running house, its doors, and the people that the attackers are after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import asyncpg

from chassis.clock import SystemClock
from chassis.tokens import Issuer, Proof
from contracts.actors import Actor
from deploy.local import postgres
from deploy.local.instance import Instance
from deploy.topology.database import database_of, dsn_as
from deploy.topology.secrets import Secrets


@dataclass(frozen=True)
class Victim:
    """Someone who bought two seats as a guest and allowed one co-presenter to write, who knows them."""

    subject: UUID
    order: UUID
    hold: UUID
    event: UUID
    partner: UUID
    name: str
    email: str
    phone: str
    number: str
    codes: tuple[str, ...]
    link: str


@dataclass(frozen=True)
class Ground:
    """One house as an attacker finds it. Whoever takes a wall down hands out a changed copy.

    `doors` are the services' addresses, `passwords` the folder of secrets, `vhost` the broker's.
    """

    instance: Instance
    endpoints: Mapping[str, Any]
    doors: Mapping[str, str]
    passwords: Path
    vhost: str = "/"
    victim: Victim | None = None
    erased: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def of(instance: Instance, endpoints: Mapping[str, Any]) -> Ground:
        """The house as it was started."""
        return Ground(instance, endpoints, dict(endpoints["services"]), instance.secrets)

    @property
    def someone(self) -> Victim:
        """The victim."""
        assert self.victim is not None, "the scene was not set"
        return self.victim

    def with_door(self, service: str, url: str) -> Ground:
        """The same ground where one service is reached at another address."""
        return replace(self, doors={**self.doors, service: url})

    def password(self, service: str, role: str) -> str:
        """What the process of a service knows of a role: its own folder of secrets, and no other."""
        return (self.passwords / service / "database" / role).read_text().strip()

    def broker_url(self, user: str, password: str | None = None) -> str:
        """The way into the broker as one of its users."""
        word = password or Secrets(self.passwords).broker_password(user)
        vhost = quote(self.vhost, safe="")
        return f"amqp://{user}:{quote(word, safe='')}@127.0.0.1:{self.instance.ports['amqp']}/{vhost}"

    def token(self, actor: Actor, audience: str, issuer: str = "accounts") -> str:
        """A token as the issuer itself would sign it now."""
        key = (self.instance.secrets / issuer / "signing.pem").read_bytes()
        now = SystemClock().now()
        return Issuer(key, issuer).sign(actor, audience, now, Proof(now))

    @asynccontextmanager
    async def database(self, service: str, role: str, of: str | None = None) -> AsyncIterator[Any]:
        """A connection as a login of a service, to its own database or to another's."""
        dsn = self._dsn(of or service, role, self.password(service, role))
        connection = await asyncpg.connect(dsn, timeout=10, command_timeout=15)
        try:
            yield connection
        finally:
            await connection.close(timeout=5)

    @asynccontextmanager
    async def superuser(self, service: str) -> AsyncIterator[Any]:
        """Whoever takes walls down in a database, and puts them back."""
        dsn = dsn_as(postgres.of(self.instance).dsn, database_of(service))
        connection = await asyncpg.connect(dsn, timeout=10, command_timeout=30)
        try:
            yield connection
        finally:
            await connection.close(timeout=5)

    def _dsn(self, name: str, role: str, password: str) -> str:
        database = name if name in ("postgres", "template1") else database_of(name)
        return dsn_as(postgres.of(self.instance).dsn, database, role, password)
