"""The replica of what is public about events."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Sql
from contracts.orders.events import EventPublishedV1
from services.sharing.domain.message import Show

LEARN = """
INSERT INTO event_facts AS f (event_id, version, title_nl, title_fr, title_en, starts_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (event_id) DO UPDATE SET
    version = excluded.version, title_nl = excluded.title_nl, title_fr = excluded.title_fr,
    title_en = excluded.title_en, starts_at = excluded.starts_at, ends_at = excluded.ends_at
WHERE excluded.version > f.version
"""


async def learn(sql: Sql, event: EventPublishedV1) -> None:
    """Take over an event's facts; a lower version changes nothing."""
    title = event.title
    await sql.execute(
        LEARN,
        event.event,
        event.version,
        title.nl,
        title.fr,
        title.en,
        event.starts_at,
        event.ends_at,
    )


async def find(sql: Sql, event: UUID) -> Show | None:
    """An event as recipients read of it, titled in the language of the house; None while it is unknown."""
    row = await sql.fetchrow("SELECT title_nl, starts_at FROM event_facts WHERE event_id = $1", event)
    return Show(event, row["title_nl"], row["starts_at"]) if row else None
