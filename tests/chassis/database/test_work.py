"""No connection without a purpose, no column too many, all or nothing."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis.context import Trail, on_trail
from chassis.faults import DatabaseAway, PurposeRefused
from chassis.gathering import first_sight_of_all
from chassis.heard import Heard
from chassis.pools import Database
from chassis.testing import SetClock
from chassis.work import RELAY, Workplace, pools_of
from contracts.accounts.events import PersonCorrectedV1
from contracts.actors import SYSTEM, Actor, Role
from contracts.orders.events import BuyerNamedV1, PaymentFailedV1
from contracts.retention.events import ErasureOrderedV1
from tests.chassis.database.conftest import Toy

VISITOR = Actor(Role.VISITOR, UUID("11111111-1111-4111-8111-111111111111"))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
INSERT_GUEST = "INSERT INTO guest (order_id, subject_id, name, email, placed_on) VALUES ($1, $2, $3, $4, $5)"


async def place(work: Workplace, subject: UUID, name: str = "Ada") -> UUID:
    order = uuid4()
    async with work("ticket_sale", VISITOR) as tx:
        await tx.execute(INSERT_GUEST, order, subject, name, "ada@example.org", date(2026, 3, 1))
    return order


@pytest.mark.requirement("W-11")
async def test_a_column_that_the_purpose_may_not_see_is_an_error_of_the_database(work: Workplace) -> None:
    await place(work, uuid4())
    assert await work.once("ticket_sale", VISITOR).fetchval("SELECT name FROM guest") == "Ada"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await work.once("ticket_sale", VISITOR).fetchval("SELECT email FROM guest")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await work.once("order_guidance", VISITOR).fetchval("SELECT name FROM guest")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await work.once("order_guidance", VISITOR).execute("UPDATE guest SET email = 'x'")


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize(
    ("purpose", "role"),
    [("newsletter", Role.SYSTEM_JOB), ("ticket_sale", Role.MARKETING), ("", Role.VISITOR)],
)
async def test_there_is_no_connection_without_a_purpose_that_the_role_may_act_for(
    work: Workplace, purpose: str, role: Role
) -> None:
    with pytest.raises(PurposeRefused):
        work.once(purpose, Actor(role, uuid4()))
    with pytest.raises(PurposeRefused):
        async with work(purpose, Actor(role, uuid4())):
            pass


async def test_a_failing_block_leaves_nothing_behind_and_a_finished_one_everything(
    toy: Toy, work: Workplace
) -> None:
    with pytest.raises(KeyError):
        async with work("ticket_sale", VISITOR) as tx:
            await tx.execute(INSERT_GUEST, uuid4(), uuid4(), "Ada", "ada@example.org", date(2026, 3, 1))
            raise KeyError
    assert await toy.look("SELECT FROM guest") == []
    await place(work, uuid4())
    assert len(await toy.look("SELECT FROM guest")) == 1


async def test_two_transactions_do_not_see_each_others_unfinished_rows(work: Workplace) -> None:
    async with work("ticket_sale", VISITOR) as first:
        await first.execute(INSERT_GUEST, uuid4(), uuid4(), "Ada", "ada@example.org", date(2026, 3, 1))
        async with work("ticket_sale", VISITOR) as second:
            assert await second.fetchval("SELECT count(*) FROM guest") == 0
        assert await first.fetchval("SELECT count(*) FROM guest") == 1


async def test_a_swallowed_fault_inside_a_transaction_is_not_called_a_success(
    toy: Toy, work: Workplace
) -> None:
    with pytest.raises(RuntimeError, match="nothing was kept"):
        async with work("ticket_sale", VISITOR) as tx:
            await tx.execute(INSERT_GUEST, uuid4(), uuid4(), "Ada", "ada@example.org", date(2026, 3, 1))
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await tx.fetch("SELECT email FROM guest")
    assert await toy.look("SELECT FROM guest") == []


async def test_an_abandoned_request_gives_its_connection_back_and_its_rows_up(
    toy: Toy, work: Workplace
) -> None:
    async def abandoned() -> None:
        async with work("ticket_sale", VISITOR) as tx:
            await tx.execute(INSERT_GUEST, uuid4(), uuid4(), "Ada", "ada@example.org", date(2026, 3, 1))
            await tx.execute("SELECT pg_sleep(30)")

    for _ in range(20):
        task = asyncio.create_task(abandoned())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await place(work, uuid4())
    assert len(await toy.look("SELECT FROM guest")) == 1


async def test_what_is_announced_leaves_with_the_transaction_or_not_at_all(toy: Toy, work: Workplace) -> None:
    bell, subject = work.bell(RELAY), uuid4()
    event = PaymentFailedV1(subject=subject, order=uuid4(), event=uuid4())
    with on_trail(Trail("request-42")):
        with pytest.raises(KeyError):
            async with work("order_guidance", VISITOR) as tx:
                await tx.announce(event)
                raise KeyError
        assert await toy.look("SELECT FROM outbox") == []
        assert not bell.is_set()
        async with work("order_guidance", VISITOR) as tx:
            await tx.announce(event)
    rows = await toy.look("SELECT * FROM outbox")
    assert [(row["topic"], row["subject"], row["request_id"]) for row in rows] == [
        ("orders.payment.failed.v1", subject, "request-42")
    ]
    assert bell.is_set()


@pytest.mark.requirement("W-11")
async def test_a_purpose_says_its_own_topics_only_even_past_the_chassis(work: Workplace) -> None:
    event = BuyerNamedV1(subject=uuid4(), version=1, name="Ada", email="ada@example.org", locale="nl")
    with pytest.raises(ValueError, match=r"may not say orders\.buyer\.named\.v1"):
        async with work("rights", VISITOR) as tx:
            await tx.announce(event)
    insert = (
        "INSERT INTO outbox (id, topic, body, born_at, next_try, request_id) "
        "VALUES ($1, $2, '{}', now(), now(), 'r')"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await work.once("rights", VISITOR).execute(insert, uuid4(), "orders.buyer.named.v1")


def corrected(subject: UUID) -> Heard[PersonCorrectedV1]:
    event = PersonCorrectedV1(subject=subject, version=1, name="Ada")
    return Heard(event, uuid4(), event.topic, NOW, "request-1")


async def test_an_event_is_taken_up_once_also_when_it_comes_twice_at_the_same_time(work: Workplace) -> None:
    heard = corrected(uuid4())

    async def take() -> bool:
        async with work("rights", SYSTEM) as tx:
            first = await tx.first_sight_of(heard)
            await asyncio.sleep(0.01)
            return first

    assert sorted(await asyncio.gather(take(), take(), take())) == [False, False, True]


async def test_a_failed_handler_takes_its_event_up_again(work: Workplace) -> None:
    heard = corrected(uuid4())
    with pytest.raises(KeyError):
        async with work("rights", SYSTEM) as tx:
            assert await tx.first_sight_of(heard)
            raise KeyError
    async with work("rights", SYSTEM) as tx:
        assert await tx.first_sight_of(heard)


@pytest.mark.requirement("X-01")
async def test_late_news_of_a_forgotten_person_is_dropped_and_forgetting_itself_is_not(
    toy: Toy, work: Workplace
) -> None:
    subject = uuid4()
    await toy.look("INSERT INTO tombstone VALUES ($1, $2, now(), '{}')", subject, uuid4())
    ordered = ErasureOrderedV1(subject=subject, case=uuid4(), as_of=NOW)
    async with work("rights", SYSTEM) as tx:
        assert not await tx.first_sight_of(corrected(subject))
        assert await tx.first_sight_of(Heard(ordered, uuid4(), ordered.topic, NOW, "r"))


async def test_letters_taken_together_are_all_new_or_none_is_taken(toy: Toy, work: Workplace) -> None:
    forgotten = uuid4()
    await toy.look("INSERT INTO tombstone VALUES ($1, $2, now(), '{}')", forgotten, uuid4())
    known, new = corrected(uuid4()), corrected(uuid4())
    async with work("rights", SYSTEM) as tx:
        assert await first_sight_of_all(tx, [known, corrected(uuid4())])
    for together in ([known, new], [new, corrected(forgotten)], [new, new]):
        with pytest.raises(KeyError):
            async with work("rights", SYSTEM) as tx:
                assert not await first_sight_of_all(tx, together)
                raise KeyError
    async with work("rights", SYSTEM) as tx:
        assert await first_sight_of_all(tx, [new])


async def test_an_organisation_sees_its_own_rows_and_no_one_acts_for_none(work: Workplace) -> None:
    insert = "INSERT INTO attendance (attendance_id, organisation_id, subject_id, name, seen_on) VALUES "
    mine = Actor(Role.ORGANISER, uuid4(), uuid4())
    theirs = Actor(Role.ORGANISER, uuid4(), uuid4())
    for actor in (mine, theirs):
        async with work("co_presentation_administration", actor) as tx:
            tx.saw_nobody()
            row = (uuid4(), actor.organisation, uuid4(), "Ada", date(2026, 3, 1))
            await tx.execute(insert + "($1, $2, $3, $4, $5)", *row)
    async with work("co_presentation_administration", mine) as tx:
        tx.saw_nobody()
        seen = await tx.fetch("SELECT organisation_id FROM attendance")
        assert [row["organisation_id"] for row in seen] == [mine.organisation]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with work("co_presentation_administration", mine) as tx:
            row = (uuid4(), theirs.organisation, uuid4(), "Ada", date(2026, 3, 1))
            await tx.execute(insert + "($1, $2, $3, $4, $5)", *row)
    with pytest.raises(PurposeRefused):
        async with work("co_presentation_administration", SYSTEM):
            pass
    with pytest.raises(ValueError, match="needs a transaction"):
        work.once("co_presentation_administration", mine)


async def test_settings_of_a_policy_cannot_be_changed_by_a_statement(work: Workplace) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await work.once("ticket_sale", VISITOR).fetchval("SELECT set_config('app.organisation', 'x', true)")


async def test_a_database_that_is_away_has_one_name(toy: Toy, clock: SetClock) -> None:
    nowhere = Database("127.0.0.1", 1, "avondkassa_orders", toy.database.password)
    place_of_work = Workplace(pools_of(nowhere, toy.charter), toy.charter, clock)
    with pytest.raises(DatabaseAway):
        await place_of_work.once("ticket_sale", VISITOR).fetchval("SELECT 1")
    with pytest.raises(DatabaseAway):
        async with place_of_work("order_guidance", VISITOR):
            pass
    await place_of_work.close()


async def test_a_broken_connection_has_the_same_name_and_the_next_one_works(
    toy: Toy, work: Workplace
) -> None:
    with pytest.raises(DatabaseAway):
        async with work("ticket_sale", VISITOR) as tx:
            await toy.look(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE 'orders%'"
            )
            await tx.fetchval("SELECT 1")
    assert await work.once("ticket_sale", VISITOR).fetchval("SELECT 1") == 1


async def test_work_goes_on_when_the_database_comes_back(toy: Toy, work: Workplace) -> None:
    await place(work, uuid4())
    await asyncio.to_thread(toy.server.stop)
    with pytest.raises(DatabaseAway):
        await place(work, uuid4())
    await asyncio.to_thread(toy.server.start)
    await place(work, uuid4())
    assert await work.once("ticket_sale", VISITOR).fetchval("SELECT count(*) FROM guest") == 2


async def test_more_work_than_connections_waits_its_turn(work: Workplace) -> None:
    async def one() -> int:
        async with work("ticket_sale", VISITOR) as tx:
            return int(await tx.fetchval("SELECT 1"))

    assert sum(await asyncio.gather(*(one() for _ in range(200)))) == 200


async def test_a_crowd_at_one_purpose_keeps_no_other_purpose_from_its_connections(work: Workplace) -> None:
    crowd = [
        asyncio.create_task(work.once("ticket_sale", VISITOR).fetchval("SELECT 1 FROM pg_sleep(0.7)"))
        for _ in range(40)
    ]
    try:
        await asyncio.sleep(0.1)
        async with asyncio.timeout(0.5):
            assert await work.once("order_guidance", VISITOR).fetchval("SELECT 1") == 1
    finally:
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
