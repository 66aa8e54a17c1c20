"""The replica of what is public about events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.events import EventPublishedV1
from contracts.texts import Text

LEARN = """
INSERT INTO event_facts AS f
    (event_id, version, title_nl, title_fr, title_en, hall, doors_at, starts_at, ends_at, co_presenters, slug)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (event_id) DO UPDATE SET
    version = excluded.version, title_nl = excluded.title_nl, title_fr = excluded.title_fr,
    title_en = excluded.title_en, hall = excluded.hall, doors_at = excluded.doors_at,
    starts_at = excluded.starts_at, ends_at = excluded.ends_at, co_presenters = excluded.co_presenters,
    slug = excluded.slug
WHERE excluded.version > f.version
"""
FIND = """
SELECT event_id, title_nl, title_fr, title_en, hall, doors_at, starts_at, ends_at,
    ARRAY (SELECT name FROM organisation
           WHERE organisation_id = ANY (co_presenters) ORDER BY name) AS together
FROM event_facts WHERE event_id = ANY ($1::uuid[])
"""
LEARN_ORGANISATION = """
INSERT INTO organisation AS o (organisation_id, name, version) VALUES ($1, $2, $3)
ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name, version = excluded.version
WHERE excluded.version > o.version
"""
KEEP_ORDERS = """
UPDATE ticket_order o SET ends_at = f.ends_at FROM event_facts f
WHERE f.event_id = $1 AND o.event_id = $1 AND o.ends_at IS DISTINCT FROM f.ends_at
"""
KEEP_TICKETS = """
UPDATE ticket t SET ends_at = f.ends_at FROM event_facts f
WHERE f.event_id = $1 AND t.order_id IN (SELECT order_id FROM ticket_order WHERE event_id = $1)
AND t.ends_at IS DISTINCT FROM f.ends_at
"""
WITHOUT_END = """
SELECT DISTINCT event_id FROM ticket_order JOIN event_facts f USING (event_id)
WHERE ticket_order.ends_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as mails and tickets show it; instants are aware, `co_presenters` are names."""

    id: UUID
    title: Text
    hall: str
    doors_at: datetime
    starts_at: datetime
    ends_at: datetime
    co_presenters: tuple[str, ...]


async def learn(sql: Sql, event: EventPublishedV1) -> bool:
    """Take over an event's facts; False where a newer version is known already."""
    touched = await sql.execute(
        LEARN,
        event.event,
        event.version,
        event.title.nl,
        event.title.fr,
        event.title.en,
        event.hall,
        event.doors_at,
        event.starts_at,
        event.ends_at,
        list(event.co_presenters),
        event.slug,
    )
    return touched == 1


async def learn_organisation(sql: Sql, organisation: UUID, name: str, version: int) -> None:
    """Take over an organisation's public name; a lower version changes nothing."""
    await sql.execute(LEARN_ORGANISATION, organisation, name, version)


async def find(sql: Sql, event: UUID) -> Happening | None:
    """An event's facts, or None while they have not arrived."""
    return (await find_all(sql, [event])).get(event)


async def find_all(sql: Sql, events: Sequence[UUID]) -> dict[UUID, Happening]:
    """Facts of events; an event whose facts have not arrived is left out."""
    return {row["event_id"]: _happening(row) for row in await sql.fetch(FIND, list(events))}


async def count_terms(sql: Sql, event: UUID) -> None:
    """Let the term of an event's ticket papers count from its end as it is known (storage_limitation)."""
    await sql.execute(KEEP_ORDERS, event)
    await sql.execute(KEEP_TICKETS, event)


async def without_term(sql: Sql) -> list[UUID]:
    """Events whose facts came while tickets of theirs were being written (storage_limitation)."""
    return [row["event_id"] for row in await sql.fetch(WITHOUT_END)]


def _happening(row: Any) -> Happening:
    title = Text(nl=row["title_nl"], fr=row["title_fr"], en=row["title_en"])
    times = (row["doors_at"], row["starts_at"], row["ends_at"])
    return Happening(row["event_id"], title, row["hall"], *times, tuple(row["together"]))
