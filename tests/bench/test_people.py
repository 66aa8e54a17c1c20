"""The people part measures what it says: rows that fit, other people each time, and argon2 itself."""

from __future__ import annotations

import asyncpg

from deploy.local.endpoints import database_url
from services.accounts.passwords import hash_password
from tests.bench.accounts_loaded import LOGINS, PASSWORD, PERSONS, Doors
from tests.bench.people import WHOLE, verified
from tests.conftest import House


async def test_accounts_made_from_numbers_fit_the_tables(house: House) -> None:
    connection = await asyncpg.connect(database_url(house.instance, "accounts", "migrate"))
    made = connection.transaction()
    await made.start()
    try:
        await connection.execute(PERSONS, 50)
        await connection.execute(LOGINS, 50, hash_password(PASSWORD))
        found = "SELECT count(*) FROM person JOIN login USING (subject_id) WHERE user_key = $1"
        assert await connection.fetchval(found, Doors("", 50).address(7)) == 1
    finally:
        await made.rollback()
        await connection.close()


def test_nobody_is_asked_for_twice_in_a_run() -> None:
    for accounts in (WHOLE.few, WHOLE.many):
        doors = Doors("", accounts)
        assert len({doors.address(number) for number in range(WHOLE.few)}) == WHOLE.few


def test_argon2_is_really_at_work() -> None:
    rate, cpu = verified(0.3)
    assert 1 < rate < 1_000
    assert 0.005 < cpu < 1
