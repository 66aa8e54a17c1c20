"""Accounts by the million: rows made from numbers, one password for all, and who asks for one of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg

from contracts.looks import REASON_HEADER, ReasonCode
from deploy.local.endpoints import database_url
from deploy.local.instance import Instance
from services.accounts.passwords import hash_password
from tests.bench.load import Client
from tests.bench.sale_visits import JSON

PASSWORD = "een lang wachtwoord van iedereen"
STRIDE = 7919
"""A prime: neighbours in time are no neighbours in the table."""
PERSONS = """
INSERT INTO person (subject_id, name, email, email_key, locale, version, known_since, changed_at)
SELECT md5('user:' || u)::uuid, 'Person ' || u, 'person' || u || '@visitors.example',
    'person' || u || '@visitors.example', 'nl', 1, now(), now()
FROM generate_series(0, $1::int - 1) u
"""
LOGINS = """
INSERT INTO login (subject_id, user_key, password_hash, created_at)
SELECT md5('user:' || u)::uuid, 'person' || u || '@visitors.example', $2::text, now()
FROM generate_series(0, $1::int - 1) u
"""


@dataclass(frozen=True)
class Doors:
    """The gateway of a house with so many accounts, and the cookies of a clerk.

    `first` moves the numbers on: no account is asked for twice in a run.
    """

    gateway: str
    accounts: int
    clerk: Mapping[str, str] = field(default_factory=dict)
    first: int = 0

    def address(self, number: int) -> str:
        """The address of one of them."""
        return f"person{(self.first + number) * STRIDE % self.accounts}@visitors.example"


async def load(instance: Instance, accounts: int) -> None:
    """Put the accounts there, as the role that migrates, and let the database look at them."""
    connection = await asyncpg.connect(database_url(instance, "accounts", "migrate"))
    try:
        async with connection.transaction():
            await connection.execute(PERSONS, accounts)
            await connection.execute(LOGINS, accounts, hash_password(PASSWORD))
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def log_in(client: Client, doors: Doors) -> None:
    """Somebody logs in whom this browser does not know."""
    client.cookies = {}
    user = doors.address(client.nth)
    body = json.dumps({"user": user, "password": PASSWORD}).encode()
    reply = await client.ask("log in", "POST", f"{doors.gateway}/api/v1/sessions", body=body, headers=JSON)
    if reply.json()["role"] != "visitor":
        raise client.fail("log in", "somebody else")


async def search(client: Client, doors: Doors) -> None:
    """A clerk looks somebody up by their address."""
    client.cookies = dict(doors.clerk)
    email = doors.address(client.nth)
    headers = {**JSON, REASON_HEADER: ReasonCode.CUSTOMER_ASKED.value, "X-Request-Id": uuid4().hex}
    door, body = f"{doors.gateway}/api/v1/people/search", json.dumps({"email": email}).encode()
    found: Any = (await client.ask("search", "POST", door, body=body, headers=headers)).json()
    if [one["name"] for one in found["people"]] != [f"Person {email.split('@')[0].removeprefix('person')}"]:
        raise client.fail("search", "somebody else")
