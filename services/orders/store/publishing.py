"""Events of the season that the other services have not heard of as they are now."""

from __future__ import annotations

from datetime import datetime

from chassis.work import Sql
from contracts.orders.events import EventPublishedV1, SaleOpenedV1
from contracts.texts import Text

# A row that another replica announces at this moment is left to it.
UNANNOUNCED = """
SELECT e.*, h.name AS hall,
    ARRAY(SELECT p.organisation_id FROM event_partner p WHERE p.event_id = e.event_id
          ORDER BY p.organisation_id) AS co_presenters
FROM event e JOIN hall h USING (hall_id)
WHERE e.announced < e.version AND e.state <> 'draft' ORDER BY e.starts_at LIMIT $1 FOR UPDATE OF e SKIP LOCKED
"""
OPENED = """
UPDATE event SET sale_told = true
WHERE NOT sale_told AND state = 'on_sale' AND on_sale_from <= $1 AND starts_at > $1 RETURNING event_id, slug
"""


async def take_opened(sql: Sql, now: datetime) -> list[SaleOpenedV1]:
    """Events whose sale has begun, marked as told in this transaction."""
    return [SaleOpenedV1(event=row["event_id"], slug=row["slug"]) for row in await sql.fetch(OPENED, now)]


async def take_unannounced(sql: Sql, limit: int) -> list[EventPublishedV1]:
    """Events to announce, locked and marked as announced in this transaction."""
    rows = await sql.fetch(UNANNOUNCED, limit)
    await sql.execute(
        "UPDATE event SET announced = version WHERE event_id = ANY ($1)", [row["event_id"] for row in rows]
    )
    return [
        EventPublishedV1(
            event=row["event_id"],
            version=row["version"],
            slug=row["slug"],
            organisation=row["organisation_id"],
            co_presenters=tuple(row["co_presenters"]),
            title=Text.model_validate_json(row["title"]),
            hall=row["hall"],
            doors_at=row["doors_at"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
        )
        for row in rows
    ]
