"""How organisers' own ticket pages look, and what stands on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.api import EventSummary
from contracts.orders.planning import Brand, BrandPlan
from services.orders.store.season import SUMMARY, summed_up

BRANDS = "SELECT b.*, o.name FROM brand b JOIN organisation o USING (organisation_id)"
PUT = """
INSERT INTO brand (organisation_id, slug, wordmark, accent)
SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT FROM organisation WHERE organisation_id = $1)
ON CONFLICT (organisation_id) DO UPDATE SET slug = $2, wordmark = $3, accent = $4
"""
OWN = """
WHERE e.ends_at > $1 AND e.state <> 'draft' AND (e.organisation_id = $2 OR EXISTS (
    SELECT FROM event_partner p WHERE p.event_id = e.event_id AND p.organisation_id = $2))
ORDER BY e.starts_at, e.slug
"""


async def brands(sql: Sql) -> tuple[Brand, ...]:
    """The looks of all organisations that have one."""
    return tuple(_brand(row) for row in await sql.fetch(BRANDS + " ORDER BY o.name"))


async def by_slug(sql: Sql, slug: str) -> Brand | None:
    """The look at this address, or None."""
    row = await sql.fetchrow(BRANDS + " WHERE b.slug = $1", slug)
    return _brand(row) if row else None


async def of(sql: Sql, organisation: UUID) -> Brand | None:
    """The look of an organisation, or None."""
    row = await sql.fetchrow(BRANDS + " WHERE b.organisation_id = $1", organisation)
    return _brand(row) if row else None


async def slug_taken(sql: Sql, slug: str, organisation: UUID) -> bool:
    """Whether another organisation has this address."""
    found = "SELECT EXISTS (SELECT FROM brand WHERE slug = $1 AND organisation_id <> $2)"
    return bool(await sql.fetchval(found, slug, organisation))


async def put(sql: Sql, organisation: UUID, plan: BrandPlan) -> bool:
    """Set the look of an organisation; False where there is no such organisation."""
    return await sql.execute(PUT, organisation, plan.slug, plan.wordmark, plan.accent) == 1


async def events_of(sql: Sql, organisation: UUID, now: datetime) -> tuple[EventSummary, ...]:
    """What an organisation puts on or presents too, and has not ended."""
    return await summed_up(sql, await sql.fetch(SUMMARY + OWN, now, organisation), now)


def _brand(row: Any) -> Brand:
    return Brand(
        organisation=row["organisation_id"],
        name=row["name"],
        slug=row["slug"],
        wordmark=row["wordmark"],
        accent=row["accent"],
    )
