"""Erasure, anonymisation and sweeps do what the charter says, once, and tell what they did."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.copying import copied_tables, copy_route
from chassis.decision import Refused
from chassis.forgetting import Receipts, forgetting_subscriptions
from chassis.heard import Subscription
from chassis.housekeeping import expire_technical
from chassis.idempotency import hash_of, remember
from chassis.routes import Call
from chassis.sealing import Seal, SealBroken
from chassis.terms import emptied_columns, erasure_steps
from chassis.testing import SetClock, heard
from chassis.work import Work, Workplace
from contracts.actors import Actor, Role
from contracts.copies import CopyPart
from contracts.envelope import Event
from contracts.retention.events import (
    AnonymisationOrderedV1,
    CopyOrderedV1,
    ErasureOrderedV1,
    ErasureTellingV1,
    SweepOrderedV1,
)
from tests.chassis.database.conftest import Toy

SEAL = Seal(b"k" * 32)
ADA, BOB = uuid4(), uuid4()
HELD = [
    "guest",
    "attendance",
    "invoice",
    "gate",
    "outbox",
    "parked",
    "inbox",
    "idempotency_key",
    "copy_part",
]
Orders = Callable[[Event], Any]


@pytest.fixture
def order(work: Workplace, toy: Toy, clock: SetClock) -> Orders:
    """Order something of the toy service, as the bus would."""
    subscriptions = forgetting_subscriptions(work, toy.charter, Receipts.of("orders"), clock, SEAL)

    async def give(event: Event) -> None:
        await handler(subscriptions, event)(heard(event, clock.now()))

    return give


def handler(subscriptions: list[Subscription], event: Event) -> Any:
    return next(one.handle for one in subscriptions if one.event is type(event))


async def fill(toy: Toy, subject: UUID, day: date = date(2026, 1, 10)) -> None:
    """One of everything that the toy holds of a person."""
    ids = (uuid4(), subject, day)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    await toy.look("INSERT INTO guest VALUES ($1, $2, 'Ada', 'ada@example.org', '+32', $3)", *ids)
    await toy.look("INSERT INTO attendance VALUES ($1, $1, $2, 'Ada', $3)", *ids)
    await toy.look("INSERT INTO invoice VALUES ($1, $2, 'Ada', 'likes row 1', $3)", *ids)
    await toy.look("INSERT INTO gate VALUES ($1, 'newsletter', NULL, 'email', 'given', 1)", subject)
    await toy.look(
        "INSERT INTO outbox VALUES ($1, 'orders.buyer.named.v1', $2, '{}', $3, $3, 0, 'r')",
        uuid4(),
        subject,
        now,
    )
    await toy.look(
        "INSERT INTO outbox VALUES ($1, 'orders.copy.ready.v1', $2, '{}', $3, $3, 0, 'r')",
        uuid4(),
        subject,
        now,
    )
    await toy.look(
        "INSERT INTO parked VALUES "
        "($1, 'accounts.person.corrected.v1', $2, '{}', 'rights', 1, $3, $3, $3, 'F')",
        uuid4(),
        subject,
        now,
    )
    await toy.look(
        "INSERT INTO inbox VALUES ($1, 'accounts.person.corrected.v1', $2, $3)", uuid4(), now, subject
    )
    await toy.look(
        "INSERT INTO idempotency_key VALUES ($1, 'k', 'ticket_sale', 'h', 201, NULL, $2, $2)", subject, now
    )
    await toy.look("INSERT INTO copy_part VALUES ($1, $2, 'x', $3, $3)", uuid4(), subject, now)


async def receipt(toy: Toy, topic: str) -> dict[str, Any]:
    rows = await toy.look("SELECT body FROM outbox WHERE topic = $1 ORDER BY born_at", topic)
    return dict(json.loads(rows[-1]["body"]))


@pytest.mark.requirement("W-42")
async def test_erasure_takes_everything_of_the_person_and_nothing_of_another(toy: Toy, order: Orders) -> None:
    await fill(toy, ADA)
    await fill(toy, BOB)
    before = await everything_of(toy, BOB)
    await order(ErasureOrderedV1(subject=ADA, case=uuid4(), as_of=datetime.now(UTC)))
    assert await everything_of(toy, BOB) == before
    left = await everything_of(toy, ADA)
    assert {table for table, rows in left.items() if rows} == {"invoice", "tombstone", "outbox", "inbox"}
    [books] = left["invoice"]
    assert (books["payer"], books["remark"]) == ("Ada", None)
    assert {row["topic"] for row in left["outbox"]} == {
        "orders.copy.ready.v1",
        "orders.erasure.carried_out.v1",
    }
    attendance = await toy.look("SELECT subject_id, name FROM attendance WHERE subject_id IS NULL")
    assert [row["name"] for row in attendance] == [None]
    told = await receipt(toy, "orders.erasure.carried_out.v1")
    assert told["kept_for_the_books"] == {"invoice": 1}
    counted = {table: count for table, count in told["counts"].items() if count}
    assert counted == dict.fromkeys(HELD, 1)


async def test_two_orders_at_the_same_time_erase_once_and_both_answer(toy: Toy, order: Orders) -> None:
    await fill(toy, ADA)
    event = ErasureOrderedV1(subject=ADA, case=uuid4(), as_of=datetime.now(UTC))
    await asyncio.gather(*(order(event) for _ in range(4)))
    told = await toy.look("SELECT body FROM outbox WHERE topic = 'orders.erasure.carried_out.v1'")
    assert [json.loads(row["body"])["counts"]["guest"] for row in told] == [1] * 4


async def everything_of(toy: Toy, subject: UUID) -> dict[str, list[Any]]:
    tables = toy.charter.tables_of_persons()
    return {
        name: [dict(row) for row in await toy.look(f'SELECT * FROM {name} WHERE "{t.subject}" = $1', subject)]
        for name, t in tables.items()
    }


@pytest.mark.requirement("W-42")
async def test_an_erasure_ordered_again_answers_with_the_first_counts(toy: Toy, order: Orders) -> None:
    await fill(toy, ADA)
    first, second = uuid4(), uuid4()
    await order(ErasureOrderedV1(subject=ADA, case=first, as_of=datetime.now(UTC)))
    counts = (await receipt(toy, "orders.erasure.carried_out.v1"))["counts"]
    await toy.look("DELETE FROM outbox")
    await order(ErasureOrderedV1(subject=ADA, case=second, as_of=datetime.now(UTC)))
    again = await receipt(toy, "orders.erasure.carried_out.v1")
    assert (again["case"], again["counts"]) == (str(second), counts)


@pytest.mark.requirement("W-42")
@pytest.mark.requirement("W-40")
def test_erasure_covers_exactly_what_the_copy_covers(toy: Toy) -> None:
    touched = {step.table for step in erasure_steps(toy.charter)}
    kept = {name for name, table in toy.charter.table.items() if table.on_erasure == "keep"}
    assert touched - kept - {"copy_part"} == set(copied_tables(toy.charter))
    for name, columns in copied_tables(toy.charter).items():
        assert set(toy.charter.table[name].personal_columns) <= set(columns)
    assert emptied_columns(toy.charter, toy.charter.table["attendance"]) == {"name", "subject_id"}


async def test_who_must_be_told_runs_before_anything_is_gone(
    toy: Toy, work: Workplace, clock: SetClock
) -> None:
    await fill(toy, ADA)
    recipient = uuid4()
    seen = []

    async def before(tx: Work, subject: UUID, _case: UUID) -> dict[str, Any]:
        seen.append(await tx.fetchval("SELECT email FROM guest WHERE subject_id = $1", subject))
        return {"recipients": [recipient]}

    receipts = Receipts.of("orders")
    subscriptions = forgetting_subscriptions(
        work, toy.charter, receipts, clock, SEAL, before, erasure_event=ErasureTellingV1
    )
    event = ErasureTellingV1(subject=ADA, case=uuid4(), as_of=clock.now())
    await handler(subscriptions, event)(heard(event, clock.now()))
    await handler(subscriptions, event)(heard(event, clock.now()))
    assert seen == ["ada@example.org"]
    assert (await receipt(toy, "orders.erasure.carried_out.v1"))["recipients"] == [str(recipient)]


@pytest.mark.requirement("G-41")
async def test_anonymisation_leaves_no_person_and_keeps_what_is_not_personal(toy: Toy, order: Orders) -> None:
    await fill(toy, ADA)
    await order(AnonymisationOrderedV1(subject=ADA, sweep=uuid4(), as_of=datetime.now(UTC)))
    [row] = await toy.look("SELECT * FROM attendance")
    assert (row["subject_id"], row["name"], row["seen_on"]) == (None, None, date(2026, 1, 10))
    assert await toy.look("SELECT FROM guest") == []
    assert (await receipt(toy, "orders.anonymisation.carried_out.v1"))["counts"]["attendance"] == 1


@pytest.mark.requirement("G-40")
@pytest.mark.parametrize(
    ("as_of", "phones", "guests", "remarks", "invoices"),
    [
        (datetime(2027, 1, 9, tzinfo=UTC), 1, 1, 1, 1),
        (datetime(2027, 1, 10, tzinfo=UTC), 0, 1, 1, 1),
        (datetime(2033, 1, 9, tzinfo=UTC), 0, 1, 1, 1),
        (datetime(2033, 1, 10, tzinfo=UTC), 0, 0, 0, 1),
        (datetime(2036, 1, 10, tzinfo=UTC), 0, 0, 0, 0),
    ],
)
async def test_a_sweep_takes_each_column_at_its_term_and_not_a_day_sooner(
    toy: Toy, order: Orders, as_of: datetime, phones: int, guests: int, remarks: int, invoices: int
) -> None:
    await fill(toy, ADA)
    await order(SweepOrderedV1(sweep=uuid4(), as_of=as_of))
    left = await toy.look(
        "SELECT (SELECT count(phone) FROM guest) AS phones, (SELECT count(*) FROM guest) AS guests, "
        "(SELECT count(remark) FROM invoice) AS remarks, (SELECT count(*) FROM invoice) AS invoices"
    )
    assert tuple(left[0].values()) == (phones, guests, remarks, invoices)
    assert await toy.look("SELECT name FROM attendance") != []


async def test_a_sweep_of_the_future_is_a_dry_run_in_production(
    toy: Toy, work: Workplace, clock: SetClock
) -> None:
    await fill(toy, ADA)
    receipts = Receipts.of("orders")
    subscriptions = forgetting_subscriptions(work, toy.charter, receipts, clock, SEAL, production=True)
    future = clock.now() + timedelta(days=20 * 365)
    for event in (
        SweepOrderedV1(sweep=uuid4(), as_of=future),
        AnonymisationOrderedV1(subject=ADA, sweep=uuid4(), as_of=future),
    ):
        await handler(subscriptions, event)(heard(event, clock.now()))
    assert len(await toy.look("SELECT FROM guest")) == 1
    assert (await receipt(toy, "orders.sweep.carried_out.v1"))["counts"]["guest"] > 0


def call_of(actor: Actor, request: UUID) -> Call:
    return Call(actor, {"request": str(request)}, None, None, "nl", None, "request-1", None)


@pytest.mark.requirement("W-40")
async def test_a_copy_is_sealed_shows_everything_and_opens_for_its_person_only(
    toy: Toy, work: Workplace, order: Orders, clock: SetClock
) -> None:
    await fill(toy, ADA)
    request = uuid4()
    await order(CopyOrderedV1(subject=ADA, request=request))
    [row] = await toy.look("SELECT sealed FROM copy_part WHERE request = $1", request)
    assert b"ada@example.org" not in row["sealed"]
    read = copy_route(work, SEAL).handle
    part = await read(call_of(Actor(Role.VISITOR, ADA), request))
    assert isinstance(part, CopyPart)
    [guest] = part.tables["guest"]["rows"]
    assert (guest["name"], guest["email"], guest["phone"]) == ("Ada", "ada@example.org", "+32")
    assert part.tables["guest"]["why"]["email"]["kept"]["term"] == "P7Y"
    told = await receipt(toy, "orders.copy.ready.v1")
    assert told["counts"]["guest"] == 1
    assert await read(call_of(Actor(Role.VISITOR, BOB), request)) == Refused("not-found")
    clock.move(timedelta(hours=25))
    assert await read(call_of(Actor(Role.VISITOR, ADA), request)) == Refused("not-found")


def test_sealed_bytes_open_only_where_they_belong_and_only_unchanged() -> None:
    sealed = SEAL.seal(b"ada@example.org", "copy_part/1")
    assert SEAL.open(sealed, "copy_part/1") == b"ada@example.org"
    for broken, place in ((sealed, "copy_part/2"), (sealed[:-1] + b"x", "copy_part/1"), (b"", "copy_part/1")):
        with pytest.raises(SealBroken):
            SEAL.open(broken, place)
    with pytest.raises(SealBroken):
        Seal(b"j" * 32).open(sealed, "copy_part/1")


@pytest.mark.requirement("W-20")
async def test_technical_tables_forget_by_themselves(toy: Toy, work: Workplace, clock: SetClock) -> None:
    await fill(toy, ADA)
    await toy.look("INSERT INTO sent VALUES ($1, 'orders.buyer.named.v1', $2)", uuid4(), clock.now())
    await toy.look("INSERT INTO tombstone VALUES ($1, $1, $2, '[]')", uuid4(), clock.now())
    actor = Actor(Role.VISITOR, BOB)
    async with work("ticket_sale", actor) as tx:
        await remember(tx, "key", hash_of(None), uuid4())
    counts = await expire_technical(work)
    assert counts["idempotency_key"] == counts["copy_part"] == counts["parked"] == 1
    assert counts["sent"] == counts["inbox"] == counts["outbox"] == 0
    clock.move(timedelta(days=14))
    assert (await expire_technical(work))["inbox"] == 1
    tables = ["sent", "inbox", "outbox", "parked", "idempotency_key", "copy_part"]
    assert [len(await toy.look(f"SELECT FROM {table}")) for table in tables] == [0] * 6
    assert len(await toy.look("SELECT FROM tombstone")) == 1
    clock.move(timedelta(days=3660))
    await expire_technical(work)
    assert await toy.look("SELECT FROM tombstone") == []
