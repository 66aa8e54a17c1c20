"""A program of an organisation asks with a key: what it is for, until it is taken back (W-60)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from deploy.local.demo.expecting import Patience, until
from tests.conftest import House
from tests.journeys.knocking import Doors, doors_of

WITHIN_TWO_SECONDS = Patience(answer=0, news=2)


@pytest.fixture(scope="module")
async def doors(house: House) -> AsyncIterator[Doors]:
    async with doors_of(house) as opened:
        yield opened


@dataclass
class Program:
    """A program with a key, and no cookie."""

    shop: str
    key: str
    http: aiohttp.ClientSession

    async def get(self, path: str) -> tuple[int, dict[str, object]]:
        headers = {"Authorization": f"Bearer {self.key}"}
        async with self.http.get(f"{self.shop}/api/v1{path}", headers=headers) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.requirement("W-60")
async def test_a_program_reads_what_its_key_is_for_until_that_is_taken_back(
    doors: Doors, http: aiohttp.ClientSession
) -> None:
    owner, other = await doors.fresh("organiser"), await doors.fresh("organiser_other")
    told = await owner.post("/organisation/keys", {"name": "Scanner", "scopes": ["attendees"]})
    program = Program(doors.shop, told["secret"], http)
    # Nothing that is logged knows the key.
    doors.house.persons.add(told["secret"])
    status, listed = await program.get("/organiser/attendees")
    assert (status, listed) == (200, await owner.get("/organiser/attendees"))
    # A key for the door list knows no figures, and at every other door it is no token at all.
    assert (await program.get("/organiser/events"))[0] == 403
    for path in ("/organisation", "/organisation/keys", "/organiser/agreements", "/me/looks"):
        assert (await program.get(path))[0] == 401
    missing = await other.ask("DELETE", f"/organisation/keys/{told['key']['id']}")
    assert missing.status == 404
    assert (await program.get("/organiser/attendees"))[0] == 200

    async def refused() -> bool | None:
        return (await program.get("/organiser/attendees"))[0] == 401 or None

    gone = await owner.ask("DELETE", f"/organisation/keys/{told['key']['id']}")
    assert gone.status == 204
    await until(refused, "the key is refused", WITHIN_TWO_SECONDS)


@pytest.mark.requirement("W-60")
async def test_a_key_that_asks_too_often_waits(doors: Doors, http: aiohttp.ClientSession) -> None:
    program = Program(doors.shop, "avk_live_" + "k" * 43, http)
    statuses = [(await program.get("/organiser/attendees"))[0] for _ in range(65)]
    assert statuses[0] == 401
    assert 429 in statuses
