"""Records for GDPRbench: purchases of known persons with everything that a purchase leaves in six services.

Ten purchases a person, fifty to an event, one event in ten with a co-presenter. Every id, name and choice is
made from its number, so that a client can know the right answer without asking.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from chassis.charter import all_charters
from deploy.local.endpoints import database_url
from deploy.local.environment import SERVICES
from deploy.local.instance import ROOT, Instance
from deploy.local.season.programme import known_as

PER_PERSON, PER_EVENT, CO_PRESENTED_EVERY = 10, 50, 10
CENTS = 1500
PARTNER = known_as("organisation", "kantelpunt")
CHOICE = "newsletter"
OVERDUE_SHARE = 0.01
"""Persons whose last activity lies eight years back: what an expiry finds."""

ORDERS = (
    """
    INSERT INTO event (event_id, version, slug, organisation_id, hall_id, title, blurb, doors_at, starts_at,
                       ends_at, on_sale_from, hold_seconds, largest_order, announced)
    SELECT md5('event:' || n)::uuid, 1, 'bench-' || n, md5('house')::uuid, (SELECT hall_id FROM hall LIMIT 1),
        t, t, now() + interval '300 days', now() + interval '300 days', now() + interval '301 days',
        now() - interval '9 years', 600, 10, 1
    FROM generate_series(0, $1::int / 50 - 1) n, (SELECT '{"nl":"B","fr":"B","en":"B"}'::jsonb AS t) x""",
    """
    INSERT INTO price (event_id, price_id, position, title, place, cents, vat_basis_points)
    SELECT md5('event:' || n)::uuid, md5('price:' || n)::uuid, 0, '{"nl":"B","fr":"B","en":"B"}', 'standing',
        1500, 600
    FROM generate_series(0, $1::int / 50 - 1) n""",
    """
    INSERT INTO stock (event_id, standing_capacity, standing_taken)
    SELECT md5('event:' || n)::uuid, 1000, 50 FROM generate_series(0, $1::int / 50 - 1) n""",
    """
    INSERT INTO hold (event_id, hold_id, state, made_at, expires_at, order_id)
    SELECT md5('event:' || n / 50)::uuid, md5('hold:' || n)::uuid, 'sold', at, at, md5('order:' || n)::uuid
    FROM bench_record""",
    """
    INSERT INTO hold_line (event_id, hold_id, line_no, price_id, cents, vat_basis_points)
    SELECT md5('event:' || n / 50)::uuid, md5('hold:' || n)::uuid, 1, md5('price:' || n / 50)::uuid, 1500, 600
    FROM bench_record""",
    """
    INSERT INTO placed_order (event_id, order_id, number, hold_id, channel, state, total_cents, vat_cents,
                              placed_at, paid_at)
    SELECT md5('event:' || n / 50)::uuid, md5('order:' || n)::uuid, 'B' || n, md5('hold:' || n)::uuid,
        'online', 'paid', 1500, 85, at, at
    FROM bench_record""",
    """
    INSERT INTO order_person (event_id, order_id, subject_id, name, email, phone, locale, version,
                              name_version, email_version, phone_version, placed_on)
    SELECT md5('event:' || n / 50)::uuid, md5('order:' || n)::uuid, md5('user:' || u)::uuid, 'Person ' || u,
        'person' || u || '@visitors.example', '+3247' || lpad(u::text, 7, '0'), 'nl', 1, 1, 1, 1, at::date
    FROM bench_record""",
    """
    INSERT INTO payment (event_id, payment_id, order_id, attempt, provider, provider_id, idempotency_key,
                         state, cents, made_at, look_at)
    SELECT md5('event:' || n / 50)::uuid, md5('payment:' || n)::uuid, md5('order:' || n)::uuid, 1, 'mollie',
        'tr_bench' || n, md5('payment:' || n)::uuid, 'paid', 1500, at, at
    FROM bench_record""",
    """
    INSERT INTO ticket (event_id, ticket_id, order_id, line_no, price_id, cents, vat_basis_points, state,
                        issued_at)
    SELECT md5('event:' || n / 50)::uuid, md5('ticket:' || n)::uuid, md5('order:' || n)::uuid, 1,
        md5('price:' || n / 50)::uuid, 1500, 600, 'issued', at
    FROM bench_record""",
    """
    INSERT INTO book_entry (event_id, entry_id, order_id, kind, reference, cents, vat_cents,
                            vat_basis_points, booked_at)
    SELECT md5('event:' || n / 50)::uuid, md5(kind || n)::uuid, md5('order:' || n)::uuid, kind,
        md5(what || n)::uuid, 1500, 85, 600, at
    FROM bench_record, (VALUES ('sale', 'ticket:'), ('payment', 'payment:')) AS k (kind, what)""",
)
ACCOUNTS = (
    """
    INSERT INTO person (subject_id, name, email, email_key, phone, locale, version, known_since, changed_at)
    SELECT md5('user:' || u)::uuid, 'Person ' || u, 'person' || u || '@visitors.example',
        'person' || u || '@visitors.example', '+3247' || lpad(u::text, 7, '0'), 'nl', 1, at, at
    FROM bench_person""",
    """
    INSERT INTO choice (id, subject_id, purpose, organisation_id, channel, state, version, wording, language,
                        place, made_at)
    SELECT md5('choice:' || u)::uuid, md5('user:' || u)::uuid, 'newsletter', NULL, 'email', 'given', 1,
        'my_data.v1', 'nl', 'my_data', at
    FROM bench_person""",
)
GATE = """
    INSERT INTO gate (subject, purpose, organisation, channel, state, version)
    SELECT md5('user:' || u)::uuid, 'newsletter', NULL, 'email', 'given', 1 FROM bench_person"""
NOTIFY = (
    """
    INSERT INTO contact (subject_id, name, name_version, email, email_version, locale, locale_version,
                         updated_at)
    SELECT md5('user:' || u)::uuid, 'Person ' || u, 1, 'person' || u || '@visitors.example', 1, 'nl', 1, at
    FROM bench_person""",
    """
    INSERT INTO ticket_order (order_id, subject_id, number, event_id, total_cents, currency, issued_at,
                              ends_at)
    SELECT md5('order:' || n)::uuid, md5('user:' || u)::uuid, 'B' || n, md5('event:' || n / 50)::uuid, 1500,
        'EUR', at, now() + interval '301 days'
    FROM bench_record""",
    """
    INSERT INTO ticket (ticket_id, order_id, subject_id, position, code, price_nl, price_fr, price_en, cents,
                        vat_basis_points, ends_at)
    SELECT md5('ticket:' || n)::uuid, md5('order:' || n)::uuid, md5('user:' || u)::uuid, 1,
        repeat(md5(n::text), 4), 'B', 'B', 'B', 1500, 600, now() + interval '301 days'
    FROM bench_record""",
    """
    INSERT INTO message (id, subject_id, template, order_id, event_id, state, attempts, next_try, created_at,
                         sent_at)
    SELECT md5('message:' || n)::uuid, md5('user:' || u)::uuid, 'tickets', md5('order:' || n)::uuid,
        md5('event:' || n / 50)::uuid, 'sent', 1, at, at, at
    FROM bench_record""",
)
SHARING = (
    """
    INSERT INTO event_facts (event_id, version, title_nl, title_fr, title_en, starts_at, ends_at)
    SELECT md5('event:' || n)::uuid, 1, 'B', 'B', 'B', now() + interval '300 days',
        now() + interval '301 days'
    FROM generate_series(0, $1::int / 50 - 1) n""",
    """
    INSERT INTO attendee (attendee_id, subject_id, order_id, event_id, organisation_id, allowed, version,
                          registered_at)
    SELECT md5('attendee:' || n)::uuid, md5('user:' || u)::uuid, md5('order:' || n)::uuid,
        md5('event:' || n / 50)::uuid, $2::uuid, ARRAY['co_presentation_door_list'], 1, at
    FROM bench_record WHERE n / 50 % 10 = 0""",
    """
    INSERT INTO attendee_door (order_id, event_id, organisation_id, subject_id, name, name_version, seats,
                               ends_at)
    SELECT md5('order:' || n)::uuid, md5('event:' || n / 50)::uuid, $2::uuid, md5('user:' || u)::uuid,
        'Person ' || u, 1, '{}', now() + interval '301 days'
    FROM bench_record WHERE n / 50 % 10 = 0""",
    """
    INSERT INTO disclosure (disclosure_id, subject_id, organisation_id, attendee_id, allowed, made_at)
    SELECT md5('disclosure:' || n)::uuid, md5('user:' || u)::uuid, $2::uuid, md5('attendee:' || n)::uuid,
        ARRAY['co_presentation_door_list'], at
    FROM bench_record WHERE n / 50 % 10 = 0""",
)
RETENTION = (
    """
    INSERT INTO activity (subject_id, kind, day)
    SELECT md5('user:' || u)::uuid, kind, at::date
    FROM bench_person, (VALUES ('known'), ('purchase')) AS k (kind)""",
)
LOADED = {
    "orders": (*ORDERS, GATE),
    "accounts": (*ACCOUNTS, GATE),
    "notify": (*NOTIFY, GATE),
    "sharing": (*SHARING, GATE),
    "retention": RETENTION,
}
NUMBERS = """
CREATE TEMPORARY TABLE bench_record AS
SELECT n, n % $1 AS u,
    now() - CASE WHEN n % $1 >= $2 THEN interval '8 years' ELSE interval '30 days' END AS at
FROM generate_series(0, $1 * 10 - 1) n
"""
PERSONS = "CREATE TEMPORARY TABLE bench_person AS SELECT u, at FROM bench_record WHERE n < $1"


@dataclass(frozen=True)
class Scale:
    """How many records there are: in five thousands, so that a co-presenter knows one person in ten."""

    records: int

    def __post_init__(self) -> None:
        assert self.records % 5000 == 0, "records come in five thousands"

    @property
    def persons(self) -> int:
        """How many persons the records are about."""
        return self.records // PER_PERSON

    @property
    def overdue(self) -> range:
        """Persons whose terms are over: the last of all."""
        return range(self.persons - round(self.persons * OVERDUE_SHARE), self.persons)

    @property
    def erasable(self) -> range:
        """Persons who may be erased meanwhile; nothing else is asked about them."""
        return range(self.persons * 7 // 10, self.overdue.start)

    @property
    def staying(self) -> range:
        """Persons who stay."""
        return range(self.erasable.start)

    def orders_of(self, person: int) -> Iterator[int]:
        """The records about a person."""
        return iter(range(person, self.records, self.persons))

    def is_shared(self, person: int) -> bool:
        """Whether a co-presenter knows this person: then of all purchases, else of none."""
        return person // PER_EVENT % CO_PRESENTED_EVERY == 0


def known(kind: str, number: int) -> UUID:
    """The id of the n-th person, order, event … as the loading statements make it."""
    return UUID(hashlib.md5(f"{kind}:{number}".encode(), usedforsecurity=False).hexdigest())


async def load(instance: Instance, scale: Scale) -> None:
    """Put the records into the services' databases, all of them at once, as the role that migrates."""
    async with asyncio.TaskGroup() as together:
        for service in LOADED:
            together.create_task(_load(instance, service, scale))


async def _load(instance: Instance, service: str, scale: Scale) -> None:
    connection = await asyncpg.connect(database_url(instance, service, "migrate"))
    try:
        async with connection.transaction():
            await fill(connection, service, scale)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def fill(connection: Any, service: str, scale: Scale) -> None:
    """Put the records into one service's database, inside the transaction of whoever asks."""
    numbers = NUMBERS.replace("$1", str(scale.persons)).replace("$2", str(scale.overdue.start))
    await connection.execute(numbers)
    await connection.execute(PERSONS.replace("$1", str(scale.persons)))
    for statement in LOADED[service]:
        told = statement.replace("$1", str(scale.records)).replace("$2", f"'{PARTNER}'")
        await connection.execute(told)
    await connection.execute("DROP TABLE bench_person, bench_record")


async def bytes_of(instance: Instance) -> tuple[int, int]:
    """Bytes of all databases, and of the personal values in them, column by column of the charters."""
    whole = personal = 0
    for service in SERVICES:
        connection = await asyncpg.connect(database_url(instance, service, "dump"))
        whole += await connection.fetchval("SELECT pg_database_size(current_database())")
        for name, table in all_charters(ROOT)[service].table.items():
            columns = [*table.personal_columns, *([table.subject] if table.subject else [])]
            for column in dict.fromkeys(columns):
                found = await connection.fetchval(f'SELECT sum(octet_length("{column}"::text)) FROM "{name}"')
                personal += found or 0
        await connection.close()
    return whole, personal
