"""In the running house: whoever loses a role is refused by the other services within two seconds (G-71)."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import asyncpg
import pytest

from deploy.topology.database import database_of
from deploy.topology.secrets import Secrets
from services.accounts.passwords import hash_password
from tests.accounts.premises import ROOT
from tests.chassis.waiting import until
from tests.conftest import House

PASSWORD = "een lang wachtwoord"
WITHIN_SECONDS = 2.0


@pytest.mark.requirement("G-71")
async def test_two_services_refuse_a_revoked_actor_within_two_seconds(house: House) -> None:
    user = f"kassa-{uuid4().hex[:8]}"
    await appoint(house, user)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client:
        doors = await doors_of(house, client, user)
        assert [await door.status() for door in doors] == [404, 404]
        await asyncio.to_thread(revoke, house, user)
        await until(lambda: refused(doors), WITHIN_SECONDS)


async def refused(doors: list[Door]) -> bool:
    return [await door.status() for door in doors] == [401, 401]


class Door:
    """A page of a service that a box office clerk may ask for, and that does not exist."""

    def __init__(self, client: aiohttp.ClientSession, url: str, token: str) -> None:
        self._client = client
        self._url = url
        self._token = token

    async def status(self) -> int:
        headers = {"Authorization": f"Bearer {self._token}", "Access-Reason": "customer-asked"}
        async with self._client.get(self._url, headers=headers) as answer:
            return answer.status


async def doors_of(house: House, client: aiohttp.ClientSession, user: str) -> list[Door]:
    """Log in, and ask for a token for each of two services."""
    services = house.endpoints["services"]
    session = await post(client, f"{services['accounts']}/sessions", user=user, password=PASSWORD)
    doors = []
    for name, path in (("orders", f"/orders/{uuid4()}"), ("notify", f"/orders/{uuid4()}/tickets.pdf")):
        url = f"{services['accounts']}/tokens"
        token = await post(client, url, secret=session["secret"], audience=name)
        doors.append(Door(client, services[name] + path, token["token"]))
    return doors


async def post(client: aiohttp.ClientSession, url: str, **body: Any) -> Any:
    async with client.post(url, json=body) as answer:
        assert answer.status < 300, answer.status
        return await answer.json()


def revoke(house: House, user: str) -> None:
    """As whoever runs the house does it."""
    lines = (house.folder / "env" / "accounts.env").read_text().splitlines()
    told = dict(line.split("=", 1) for line in lines)
    subprocess.run(
        [sys.executable, "-m", "services.accounts", "revoke"],
        input=user,
        env={**os.environ, **told},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )


async def appoint(house: House, user: str) -> UUID:
    """A clerk of this test's own: the season's clerks are needed by others."""
    subject, role = uuid4(), "accounts__migrate"
    connection = await asyncpg.connect(
        host="127.0.0.1",
        port=house.instance.ports["postgres"],
        user=role,
        password=Secrets(house.instance.secrets).role_password("accounts", role),
        database=database_of("accounts"),
    )
    try:
        await connection.execute(
            "INSERT INTO person (subject_id, name, email, email_key, locale, version,"
            " known_since, changed_at) VALUES ($1, 'Test', $2, $2, 'nl', 1, now(), now())",
            subject,
            f"{user}@devloedlijn.example",
        )
        await connection.execute(
            "INSERT INTO login (subject_id, user_key, password_hash, created_at) VALUES ($1, $2, $3, now())",
            subject,
            user,
            hash_password(PASSWORD),
        )
        await connection.execute(
            "INSERT INTO appointment (subject_id, role, since) VALUES ($1, 'box_office', now())", subject
        )
    finally:
        await connection.close()
    return subject
