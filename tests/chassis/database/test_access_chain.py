"""The chain of the access log: who owns the database can change it, and cannot do so unseen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from chassis.access_check import AccessCheck, Verdict
from chassis.access_seal import AccessSealer, heads_of
from chassis.testing import SetClock
from chassis.work import Workplace, pools_of
from deploy.topology import database
from tests.chassis.database.conftest import Toy
from tests.chassis.database.test_access import ADA, BEN, EVE, look

FORGED = """
INSERT INTO access_entry (id, at, actor, role, purpose, kind, seen, salt, hash)
SELECT gen_random_uuid(), {at}, gen_random_uuid(), 'finance', 'bookkeeping', 'one', 0, 'salt', 'hash'
"""
REWRITTEN = """
UPDATE access_entry SET hash = sha256('new' || salt) WHERE id = (SELECT entry FROM access_hash WHERE seal = 2)
"""


@dataclass
class Chain:
    """A log of three seals with one look each, and its file outside."""

    toy: Toy
    work: Workplace
    clock: SetClock
    file: Path

    async def seal(self) -> None:
        await AccessSealer(self.work, self.file)()

    async def tamper(self, *statements: str) -> None:
        for statement in statements:
            await self.toy.look(statement)

    async def checked(self, now: datetime | None = None) -> Verdict:
        heads = heads_of(self.file)
        connection = await asyncpg.connect(database.dsn_as(self.toy.server.dsn, "avondkassa_orders"))
        try:
            return await AccessCheck(connection, "P1Y", now or self.clock.now())(heads)
        finally:
            await connection.close()


@pytest.fixture
async def chain(toy: Toy, work: Workplace, clock: SetClock, tmp_path: Path) -> Chain:
    made = Chain(toy, work, clock, tmp_path / "heads.jsonl")
    for subject in (ADA, BEN, EVE):
        await look(work, subject)
        clock.move(timedelta(seconds=5))
        await made.seal()
    return made


async def test_a_log_that_was_left_alone_holds(chain: Chain) -> None:
    await look(chain.work, ADA)
    assert await chain.checked() == Verdict(seals=3, entries=4, wrong=())
    assert [head.number for head in heads_of(chain.file)] == [1, 2, 3]


async def test_nothing_is_sealed_where_nobody_looked(chain: Chain) -> None:
    await chain.seal()
    assert (await chain.checked()).seals == 3


async def test_two_replicas_seal_each_entry_once(chain: Chain, toy: Toy) -> None:
    other = Workplace(pools_of(toy.database, toy.charter), toy.charter, chain.clock)
    try:
        for _ in range(10):
            await asyncio.gather(*(look(chain.work, uuid4()) for _ in range(4)))
            await asyncio.gather(*(AccessSealer(one, chain.file)() for one in (chain.work, other)))
        await chain.seal()
    finally:
        await other.close()
    verdict = await chain.checked()
    assert (verdict.entries, verdict.wrong) == (43, ())
    assert [head.number for head in heads_of(chain.file)] == list(range(1, verdict.seals + 1))


@pytest.mark.requirement("G-71")
@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE access_entry SET reason = 'complaint' WHERE actor IS NOT NULL", "was changed"),
        ("UPDATE access_entry SET at = at + interval '1 minute'", "was changed"),
        ("UPDATE access_entry SET actor = gen_random_uuid()", "was changed"),
        ("UPDATE access_entry SET seen = 7", "was changed"),
        (REWRITTEN, "was changed"),
        ("UPDATE access_subject SET subject = gen_random_uuid()", "was changed"),
        ("DELETE FROM access_subject", "was changed"),
        ("DELETE FROM access_entry WHERE id = (SELECT entry FROM access_hash WHERE seal = 2)", "was removed"),
        (FORGED.format(at="'2026-02-01'"), "was put in afterwards"),
        ("INSERT INTO access_subject VALUES (gen_random_uuid(), now(), gen_random_uuid())", "not there"),
        ("INSERT INTO access_hash SELECT gen_random_uuid(), at, hash, 2 FROM access_hash LIMIT 1", "seal 2"),
        ("DELETE FROM access_hash WHERE seal = 2", "seal 2"),
        ("UPDATE access_hash SET hash = sha256(hash)", "was changed"),
        ("UPDATE access_seal SET at = at + interval '1 second' WHERE number = 2", "seal 2"),
        ("UPDATE access_seal SET hash = sha256(hash) WHERE number = 2", "seal 3 does not follow"),
    ],
)
async def test_what_the_owner_of_the_database_changes_is_seen(
    chain: Chain, statement: str, word: str
) -> None:
    assert (await chain.checked()).wrong == ()
    await chain.tamper(statement)
    assert word in "\n".join((await chain.checked()).wrong)


@pytest.mark.requirement("G-71")
async def test_a_seal_taken_out_of_the_middle_is_seen(chain: Chain) -> None:
    await chain.tamper("DELETE FROM access_hash WHERE seal = 2", "DELETE FROM access_seal WHERE number = 2")
    assert "seal 2 was removed" in (await chain.checked()).wrong


async def cut(chain: Chain, number: int) -> None:
    """The end of the log, as if it had never been."""
    last = f"(SELECT entry FROM access_hash WHERE seal >= {number})"
    await chain.tamper(
        f"DELETE FROM access_subject WHERE entry IN {last}",
        f"DELETE FROM access_entry WHERE id IN {last}",
        f"DELETE FROM access_hash WHERE seal >= {number}",
        f"DELETE FROM access_seal WHERE number >= {number}",
    )


@pytest.mark.requirement("G-71")
async def test_an_end_that_was_cut_off_is_seen_by_the_file_outside(chain: Chain) -> None:
    await cut(chain, 3)
    [wrong] = (await chain.checked()).wrong
    assert "seal 3 stands in the file outside only" in wrong


@pytest.mark.requirement("G-71")
async def test_a_chain_that_was_written_anew_is_seen_by_the_file_outside(chain: Chain) -> None:
    await cut(chain, 2)
    other = AccessSealer(chain.work, None)
    for _ in range(2):
        await look(chain.work, uuid4())
        await other()
    wrong = (await chain.checked()).wrong
    assert [sentence.split(":")[0] for sentence in wrong] == [
        "seal 2 reads otherwise in the file outside",
        "seal 3 reads otherwise in the file outside",
    ]


async def test_a_file_that_was_cut_is_seen_after_a_minute(chain: Chain) -> None:
    chain.file.write_bytes(b"".join(chain.file.read_bytes().splitlines(keepends=True)[:1]))
    assert (await chain.checked()).wrong == ()
    chain.clock.move(timedelta(minutes=2))
    assert "lacks 2 seals, from 2 on" in (await chain.checked()).wrong[0]


async def test_a_file_behind_the_database_is_brought_up_by_the_next_turn(chain: Chain) -> None:
    chain.file.write_bytes(b"".join(chain.file.read_bytes().splitlines(keepends=True)[:1]) + b'{"numb')
    await chain.seal()
    assert [head.number for head in heads_of(chain.file)] == [1, 2, 3]


async def test_the_newest_looks_can_go_unseen_until_their_seal(chain: Chain) -> None:
    """What the chain cannot see, said here so that nobody believes otherwise: the seconds before a seal."""
    await look(chain.work, ADA)
    await chain.tamper("DELETE FROM access_entry WHERE id NOT IN (SELECT entry FROM access_hash)")
    wrong = (await chain.checked()).wrong
    assert wrong == ("1 rows tell of people in entries that are not there",)
    await chain.tamper("DELETE FROM access_subject WHERE entry NOT IN (SELECT entry FROM access_hash)")
    assert (await chain.checked()).wrong == ()


@pytest.mark.requirement("W-20")
async def test_rows_whose_term_is_over_leave_and_the_chain_holds(chain: Chain) -> None:
    later = chain.clock.now() + timedelta(days=366)
    await chain.tamper("DELETE FROM access_subject", "DELETE FROM access_entry")
    assert len((await chain.checked()).wrong) == 3
    assert (await chain.checked(later)).wrong == ()
