"""Who looked, through the real doors: staff say why, and the command shows that nobody tidied up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.local.endpoints import database_url
from tests.conftest import House
from tests.journeys.knocking import Doors, doors_of, is_problem

JSON = "application/json"
SEARCH = "/api/v1/privacy/subjects"
ANOTHER = "UPDATE access_entry SET reason = 'complaint' WHERE reason = 'rights-request'"
AS_IT_WAS = "UPDATE access_entry SET reason = 'rights-request' WHERE reason = 'complaint'"


@pytest.fixture
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as opened:
        yield opened


@pytest.mark.requirement("G-71")
async def test_the_privacy_desk_says_why_it_looks_for_somebody_and_a_changed_reason_is_found(
    doors: Doors,
) -> None:
    house, officer = doors.house, await doors.staff("privacy_officer")
    body = json.dumps({"email": "niemand@zeldzaam.example"}).encode()
    is_problem(await doors.post(officer, SEARCH, body, JSON), 422, "reason-missing")
    is_problem(
        await doors.post(officer, SEARCH, body, JSON, {"Access-Reason": "curiosity"}), 422, "reason-unknown"
    )
    good = await doors.post(officer, SEARCH, body, JSON, {"Access-Reason": "rights-request"})
    assert good.status == 200
    assert "accounts: " in await asyncio.to_thread(house.command, "verify-log")
    connection = await asyncpg.connect(database_url(house.instance, "accounts", "migrate"))
    try:
        await connection.execute(ANOTHER)
        with pytest.raises(RuntimeError, match="was changed"):
            await asyncio.to_thread(house.command, "verify-log")
        await connection.execute(AS_IT_WAS)
    finally:
        await connection.close()
    assert "wrong" not in await asyncio.to_thread(house.command, "verify-log")
