"""With a million people, the stores' own statements still go by indexes under the policies of their roles."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from chassis.pools import Connection
from contracts.accounts.events import PersonCorrectedV1
from contracts.orders.events import AttendeeRegisteredV1
from services.notify.domain.contact import ContactNews
from services.notify.store import contacts
from services.orders.domain.sending_again import Sought
from services.orders.store import disclosures, finding, orders
from services.sharing.domain.purposes import Share
from services.sharing.store import attendees, deliveries, ledger
from tests.topology.conftest import Installation
from tests.walls import crowd
from tests.walls.crowd import PARTNER, SOMEONE, THEIR_EVENT, THEIR_ORDER

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHARE = Share(THEIR_ORDER, SOMEONE, THEIR_ORDER, THEIR_EVENT, PARTNER, ())
REGISTERED = AttendeeRegisteredV1(
    subject=SOMEONE,
    version=1,
    order=THEIR_ORDER,
    event=THEIR_EVENT,
    organisation=PARTNER,
    allowed=("co_presentation_door_list",),
    name="N",
    email=None,
    seats=("A1",),
)


@dataclass
class Explaining:
    """What a store asks of the database, explained and not carried out."""

    connection: Any
    now: datetime = NOW
    plans: list[dict[str, Any]] = field(default_factory=list)

    async def execute(self, sql: str, *arguments: Any) -> int:
        found = await self.connection.fetchval(f"EXPLAIN (FORMAT JSON) {sql}", *arguments)
        self.plans.append(json.loads(found)[0]["Plan"])
        return 0

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            await self.execute(sql, *row)

    async def fetch(self, sql: str, *arguments: Any) -> list[Any]:
        await self.execute(sql, *arguments)
        return []

    async def fetchrow(self, sql: str, *arguments: Any) -> None:
        await self.execute(sql, *arguments)

    async def fetchval(self, sql: str, *arguments: Any) -> None:
        await self.execute(sql, *arguments)


def scanned(plan: dict[str, Any]) -> Iterator[str]:
    """Big tables that a plan reads from end to end."""
    if plan["Node Type"] in ("Seq Scan", "Sample Scan") and plan.get("Relation Name") in crowd.BIG:
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from scanned(part)


@pytest.fixture(scope="module")
def crowded(installation: Installation) -> Iterator[Installation]:
    """A million people in orders, notify and sharing, gone afterwards."""

    asyncio.run(crowd.everywhere(crowd.fill, installation.way))
    yield installation
    asyncio.run(crowd.everywhere(crowd.empty, installation.way))


@asynccontextmanager
async def acting(installation: Installation, service: str, purpose: str) -> AsyncIterator[Any]:
    way = installation.way(service, f"{service}__{purpose}")
    connection = await asyncpg.connect(way, connection_class=Connection)
    try:
        await connection.execute(f"BEGIN; SET LOCAL app.organisation = '{PARTNER}'")
        await connection.execute(f"SET LOCAL app.actor = '{SOMEONE}'")
        yield Explaining(connection)
    finally:
        await connection.close()


CORRECTED = PersonCorrectedV1(subject=SOMEONE, version=2, name="M")
STATEMENTS: list[tuple[str, str, Callable[[Any], Awaitable[Any]]]] = [
    ("orders", "order_guidance", lambda sql: orders.owner(sql, THEIR_ORDER)),
    ("orders", "order_guidance", lambda sql: orders.find(sql, THEIR_ORDER)),
    ("orders", "payment", lambda sql: orders.owner(sql, THEIR_ORDER)),
    ("orders", "contract_exchange", lambda sql: disclosures.candidates(sql, NOW, 200, [THEIR_ORDER])),
    ("orders", "contract_exchange", lambda sql: disclosures.candidates(sql, NOW, 200)),
    ("orders", "co_presentation_door_list", lambda sql: disclosures.names(sql, [THEIR_ORDER])),
    ("orders", "co_presentation_news", lambda sql: disclosures.addresses(sql, [THEIR_ORDER])),
    ("orders", "rights", lambda sql: orders.of_person(sql, [SOMEONE])),
    ("orders", "rights", lambda sql: orders.subject_of_number(sql, "2026-000042")),
    ("orders", "rights", lambda sql: disclosures.correct(sql, CORRECTED)),
    ("notify", "order_guidance", lambda sql: contacts.find(sql, SOMEONE)),
    ("notify", "operation", lambda sql: contacts.learn(sql, (ContactNews(SOMEONE, 2, "M"),))),
    ("sharing", "contract_exchange", lambda sql: attendees.by_id(sql, THEIR_ORDER)),
    ("sharing", "contract_exchange", lambda sql: deliveries.claim(sql, PARTNER, (), NOW - NOW, 4)),
    ("sharing", "operation", lambda sql: attendees.by_order(sql, REGISTERED)),
    ("sharing", "co_presentation_administration", lambda sql: attendees.by_id(sql, THEIR_ORDER)),
    ("sharing", "co_presentation_door_list", lambda sql: attendees.door_part(sql, SHARE)),
    ("orders", "problem_care", lambda sql: finding.found(sql, Sought(email="a@b.example"))),
    ("sharing", "co_presentation_door_list", lambda sql: attendees.keep_door(sql, REGISTERED)),
    ("sharing", "co_presentation_news", lambda sql: attendees.news_part(sql, SHARE)),
    ("sharing", "keeping_choices", lambda sql: attendees.refuse(sql, SOMEONE, "x", PARTNER)),
    ("sharing", "keeping_choices", lambda sql: attendees.drop_door(sql, SOMEONE, None)),
    ("sharing", "rights", lambda sql: deliveries.held_of(sql, SOMEONE)),
    ("sharing", "rights", lambda sql: ledger.disclosures_of(sql, [uuid4()])),
]


async def test_no_statement_reads_a_big_table_from_end_to_end(crowded: Installation) -> None:
    for service, purpose, ask in STATEMENTS:
        async with acting(crowded, service, purpose) as sql:
            await ask(sql)
            for plan in sql.plans:
                assert list(scanned(plan)) == [], (service, purpose, json.dumps(plan, indent=1))


async def test_the_door_list_of_one_evening_is_found_by_its_index(crowded: Installation) -> None:
    async with acting(crowded, "sharing", "co_presentation_door_list") as sql:
        await attendees.at_the_door(sql, PARTNER, THEIR_EVENT, 5000)
        assert [found for plan in sql.plans for found in scanned(plan)] == []


async def test_nobody_is_hidden_by_mistake_and_nobody_shown(crowded: Installation) -> None:
    """A fiftieth restricted, a fortieth objected: the door lists of all evenings of one co-presenter."""
    async with acting(crowded, "sharing", "co_presentation_door_list") as sql:
        listed = await sql.connection.fetchval("SELECT count(*) FROM attendee_door")
    rows = await crowded.run(
        "sharing",
        f"SELECT count(*) AS n FROM attendee_door d WHERE organisation_id = '{PARTNER}' AND NOT EXISTS ("
        "SELECT FROM gate g WHERE g.subject = d.subject_id AND (g.state = 'restricted'"
        " OR g.state = 'objected' AND g.organisation = d.organisation_id))",
    )
    assert listed == rows[0]["n"] > 0
