"""A request with a key is carried out once."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from chassis.decision import Refused
from chassis.idempotency import KeyTaken, Remembered, recall, remember
from chassis.work import Workplace
from contracts.actors import Actor, Role

ADA, BOB = Actor(Role.VISITOR, uuid4()), Actor(Role.VISITOR, uuid4())


async def carry_out(work: Workplace, actor: Actor, key: str = "key-1", body: str = "body") -> UUID:
    made = uuid4()
    async with work("ticket_sale", actor) as tx:
        await tx.execute("INSERT INTO stall VALUES ($1, 1)", made)
        await asyncio.sleep(0.01)
        await remember(tx, key, body, made)
    return made


async def test_a_second_request_learns_what_the_first_one_made(work: Workplace) -> None:
    sale = work.once("ticket_sale", ADA)
    assert await recall(sale, ADA.id, "key-1", "body") is None
    made = await carry_out(work, ADA)
    assert await recall(sale, ADA.id, "key-1", "body") == Remembered(201, made)
    assert await recall(sale, ADA.id, "key-1", "other") == Refused("key-reused")
    assert await recall(sale, ADA.id, "key-2", "body") is None


async def test_of_requests_at_the_same_time_one_is_carried_out(work: Workplace) -> None:
    done = await asyncio.gather(*(carry_out(work, ADA) for _ in range(5)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["KeyTaken"] * 4 + ["UUID"]
    assert await work.once("ticket_sale", ADA).fetchval("SELECT count(*) FROM stall") == 1


async def test_a_key_belongs_to_who_used_it_and_to_the_purpose(work: Workplace) -> None:
    await carry_out(work, ADA)
    await carry_out(work, BOB)
    with pytest.raises(KeyTaken):
        await carry_out(work, BOB)
    other = work.once("order_guidance", ADA)
    assert await recall(other, ADA.id, "key-1", "body") is None
