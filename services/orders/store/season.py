"""Events as visitors see them, and the terms on which they are sold."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.api import EventSummary, Partner
from contracts.texts import Text
from services.orders.domain.places import PriceTerms, Terms
from services.orders.domain.season import Times, state_of

# $1 is now. What is kept for the counter or for nobody is not free to someone who looks online. One free seat
# is found along the key of each event: an EXISTS, or a LIMIT without an order, reads all seats of the season.
SUMMARY = """
SELECT e.*, h.name AS hall, h.time_zone, s.standing_capacity,
    CASE WHEN e.counter_until <= $1 THEN 0 ELSE e.counter_standing END AS standing_kept,
    s.standing_capacity - s.standing_taken AS standing_left,
    COALESCE((SELECT o.suspended FROM organisation o
        WHERE o.organisation_id = e.organisation_id), false) AS suspended,
    COALESCE((SELECT min(least(p.cents, (SELECT min(z.value::int) FROM jsonb_each_text(p.zones) z)))
        FROM price p WHERE p.event_id = e.event_id AND 'online' = ANY (p.channels)), 0) AS from_cents,
    COALESCE((SELECT true FROM seat WHERE seat.event_id = e.event_id AND seat.hold_id IS NULL
        AND (seat.kept_for IS NULL OR seat.kept_until <= $1)
        ORDER BY seat.seat_id LIMIT 1), false) AS seats_free
FROM event e JOIN hall h USING (hall_id) JOIN stock s USING (event_id)
"""
# What is sold, with the organiser's own words on giving money back.
SOLD = SUMMARY.replace(
    "SELECT e.*,",
    "SELECT e.*, (SELECT r.said FROM refund_policy r WHERE r.organisation_id = e.organisation_id)"
    " AS refund_policy,",
    1,
)
PARTNERS = """
SELECT p.event_id, p.organisation_id, COALESCE(o.name, a.organisation_name) AS name,
    p.asks_for_news AND COALESCE(a.news, false) AS asks_for_news
FROM event_partner p
LEFT JOIN organisation o USING (organisation_id)
LEFT JOIN LATERAL (
    SELECT g.organisation_name, 'co_presentation_news' = ANY (g.allowed) AS news FROM agreement g
    WHERE g.organisation_id = p.organisation_id AND g.valid_from <= $2
        AND (g.valid_until IS NULL OR g.valid_until > $2)
    ORDER BY news DESC LIMIT 1
) a ON true
WHERE p.event_id = ANY ($1) AND COALESCE(o.name, a.organisation_name) IS NOT NULL
ORDER BY name
"""


@dataclass(frozen=True, slots=True)
class Sellable:
    """An event with all that selling it needs: what is shown, the terms, and the prices' titles."""

    summary: EventSummary
    terms: Terms
    titles: Mapping[UUID, Text]
    time_zone: str
    refund_policy: Text | None = None


async def coming(sql: Sql, now: datetime) -> tuple[EventSummary, ...]:
    """Events that have not ended, in order of time, without drafts."""
    found = SUMMARY + "WHERE e.ends_at > $1 AND e.state <> 'draft' ORDER BY e.starts_at, e.slug"
    return await summed_up(sql, await sql.fetch(found, now), now)


async def all_events(sql: Sql, now: datetime) -> tuple[EventSummary, ...]:
    """Every event but drafts, past ones too, in order of time."""
    found = SUMMARY + "WHERE e.state <> 'draft' ORDER BY e.starts_at, e.slug"
    return await summed_up(sql, await sql.fetch(found, now), now)


async def summaries(sql: Sql, events: Collection[UUID], now: datetime) -> dict[UUID, EventSummary]:
    """Events by id; unknown ids are left out."""
    rows = await sql.fetch(SUMMARY + "WHERE e.event_id = ANY ($2)", now, list(events))
    return {summary.id: summary for summary in await summed_up(sql, rows, now)}


async def sellable(sql: Sql, event: UUID, now: datetime) -> Sellable | None:
    """An event and the terms of its sale, or None."""
    row = await sql.fetchrow(SOLD + "WHERE e.event_id = $2", now, event)
    if row is None:
        return None
    (summary,) = await summed_up(sql, [row], now)
    prices = await price_rows(sql, event)
    return Sellable(
        summary,
        _terms(row, prices, now),
        {price["price_id"]: Text.model_validate_json(price["title"]) for price in prices},
        row["time_zone"],
        refund_policy(row),
    )


async def hold_for(sql: Sql, event: UUID) -> timedelta:
    """How long places of an event are held at first."""
    found = await sql.fetchval("SELECT hold_seconds FROM event WHERE event_id = $1", event)
    return timedelta(seconds=found)


async def time_zone(sql: Sql, event: UUID) -> str:
    """Where the hall of an event stands, as an IANA time zone."""
    found = await sql.fetchval(
        "SELECT h.time_zone FROM event e JOIN hall h USING (hall_id) WHERE e.event_id = $1", event
    )
    return str(found)


async def price_rows(sql: Sql, event: UUID) -> list[Any]:
    """The prices of an event as they stand, in their order."""
    return await sql.fetch("SELECT * FROM price WHERE event_id = $1 ORDER BY position, price_id", event)


async def summed_up(sql: Sql, rows: Collection[Any], now: datetime) -> tuple[EventSummary, ...]:
    """Rows of SUMMARY as events, with those who present them too."""
    partners: dict[UUID, list[Partner]] = {}
    for row in await sql.fetch(PARTNERS, [row["event_id"] for row in rows], now) if rows else ():
        partner = Partner(
            organisation=row["organisation_id"], name=row["name"], asks_for_news=row["asks_for_news"]
        )
        partners.setdefault(row["event_id"], []).append(partner)
    return tuple(_summary(row, tuple(partners.get(row["event_id"], ())), now) for row in rows)


def times_of(row: Any) -> Times:
    """When an event is sold and takes place; whose organiser is suspended is announced, and not sold."""
    times = Times(row["on_sale_from"], row["starts_at"], row["ends_at"], row["online_until"], row["state"])
    held_back = row["suspended"] and times.planned == "on_sale"
    return replace(times, planned="published") if held_back else times


def wheelchair_kept(row: Any, now: datetime) -> bool:
    """Whether places for wheelchairs and companions are still for those who need them."""
    until = row["wheelchair_until"]
    return until is None or now < until


def refund_policy(row: Any) -> Text | None:
    """When the organiser of a row of SOLD gives money back, in its own words; None on terms of the house."""
    return Text.model_validate_json(row["refund_policy"]) if row["refund_policy"] else None


def price_terms(row: Any) -> PriceTerms:
    """A price as decisions see it."""
    return PriceTerms(
        row["price_id"],
        row["place"],
        row["cents"],
        row["vat_basis_points"],
        json.loads(row["zones"]),
        frozenset(row["channels"]),
        row["least"],
        row["most"],
        row["sold_from"],
        row["sold_until"],
    )


def _terms(row: Any, prices: Sequence[Any], now: datetime) -> Terms:
    return Terms(
        times_of(row),
        timedelta(seconds=row["hold_seconds"]),
        row["largest_order"],
        {price["price_id"]: price_terms(price) for price in prices},
        wheelchair_kept(row, now),
        row["standing_kept"],
        row["no_singles"],
    )


def _summary(row: Any, partners: tuple[Partner, ...], now: datetime) -> EventSummary:
    free = row["seats_free"] or row["standing_left"] > row["standing_kept"]
    return EventSummary(
        id=row["event_id"],
        version=row["version"],
        slug=row["slug"],
        title=Text.model_validate_json(row["title"]),
        blurb=Text.model_validate_json(row["blurb"]),
        hall=row["hall"],
        on_sale_from=row["on_sale_from"],
        doors_at=row["doors_at"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        state=state_of(times_of(row), free, now),
        from_cents=row["from_cents"],
        partners=partners,
    )
