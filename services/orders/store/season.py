"""Events as visitors see them, and the terms on which they are sold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.api import EventSummary, Partner, Price, Seat
from contracts.texts import Text
from services.orders.domain.places import PriceTerms, Terms
from services.orders.domain.season import Times, state_of

SUMMARY = """
SELECT e.*, h.name AS hall, h.time_zone,
    s.standing_capacity, s.standing_capacity - s.standing_taken AS standing_free,
    COALESCE((SELECT min(p.cents) FROM price p WHERE p.event_id = e.event_id), 0) AS from_cents,
    EXISTS (SELECT FROM seat WHERE seat.event_id = e.event_id AND seat.hold_id IS NULL) AS seats_free
FROM event e JOIN hall h USING (hall_id) JOIN stock s USING (event_id)
"""
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
# A seat whose hold has run out is free for the next one, whether or not the timer came by.
SEATS = """
SELECT seat.seat_id, hs.label, hs.row_label, hs.number, hs.x, hs.y,
    seat.hold_id IS NULL OR (h.state IN ('held', 'ordered') AND h.expires_at <= $2) AS free
FROM seat
JOIN event e USING (event_id)
JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = seat.seat_id
LEFT JOIN hold h ON h.event_id = seat.event_id AND h.hold_id = seat.hold_id
WHERE seat.event_id = $1 ORDER BY hs.row_label, hs.number
"""


@dataclass(frozen=True, slots=True)
class Sellable:
    """An event with all that selling it needs: what is shown, the terms, and the prices' titles."""

    summary: EventSummary
    terms: Terms
    titles: Mapping[UUID, Text]
    time_zone: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An event as its page shows it."""

    summary: EventSummary
    prices: tuple[Price, ...]
    seats: tuple[Seat, ...]
    standing_free: int | None
    hold_seconds: int
    largest_order: int


async def coming(sql: Sql, now: datetime) -> tuple[EventSummary, ...]:
    """Events that have not ended, in order of time."""
    rows = await sql.fetch(SUMMARY + "WHERE e.ends_at > $1 ORDER BY e.starts_at, e.slug", now)
    return await _summaries(sql, rows, now)


async def all_events(sql: Sql, now: datetime) -> tuple[EventSummary, ...]:
    """Every event, past ones too, in order of time."""
    return await _summaries(sql, await sql.fetch(SUMMARY + "ORDER BY e.starts_at, e.slug"), now)


async def summaries(sql: Sql, events: Collection[UUID], now: datetime) -> dict[UUID, EventSummary]:
    """Events by id; unknown ids are left out."""
    rows = await sql.fetch(SUMMARY + "WHERE e.event_id = ANY ($1)", list(events))
    return {summary.id: summary for summary in await _summaries(sql, rows, now)}


async def shown(sql: Sql, slug: str, now: datetime) -> Shown | None:
    """The event of a slug, or None."""
    row = await sql.fetchrow(SUMMARY + "WHERE e.slug = $1", slug)
    if row is None:
        return None
    (summary,) = await _summaries(sql, [row], now)
    seats = await sql.fetch(SEATS, summary.id, now)
    return Shown(
        summary,
        tuple(_price(price) for price in await _prices(sql, summary.id)),
        tuple(_seat(seat) for seat in seats),
        row["standing_free"] if row["standing_capacity"] else None,
        row["hold_seconds"],
        row["largest_order"],
    )


async def sellable(sql: Sql, event: UUID, now: datetime) -> Sellable | None:
    """An event and the terms of its sale, or None."""
    row = await sql.fetchrow(SUMMARY + "WHERE e.event_id = $1", event)
    if row is None:
        return None
    (summary,) = await _summaries(sql, [row], now)
    prices = await _prices(sql, event)
    terms = {
        one["price_id"]: PriceTerms(one["price_id"], one["place"], one["cents"], one["vat_basis_points"])
        for one in prices
    }
    return Sellable(
        summary,
        Terms(_times(row), timedelta(seconds=row["hold_seconds"]), row["largest_order"], terms),
        {p["price_id"]: Text.model_validate_json(p["title"]) for p in prices},
        row["time_zone"],
    )


async def titles(sql: Sql, event: UUID) -> dict[UUID, Text]:
    """The titles of an event's prices."""
    return {row["price_id"]: Text.model_validate_json(row["title"]) for row in await _prices(sql, event)}


async def time_zone(sql: Sql, event: UUID) -> str:
    """Where the hall of an event stands, as an IANA time zone."""
    found = await sql.fetchval(
        "SELECT h.time_zone FROM event e JOIN hall h USING (hall_id) WHERE e.event_id = $1", event
    )
    return str(found)


async def partners_of(sql: Sql, event: UUID) -> frozenset[UUID]:
    """The organisations that present an event together with the house."""
    rows = await sql.fetch("SELECT organisation_id FROM event_partner WHERE event_id = $1", event)
    return frozenset(row["organisation_id"] for row in rows)


async def _prices(sql: Sql, event: UUID) -> list[Any]:
    return await sql.fetch("SELECT * FROM price WHERE event_id = $1 ORDER BY position, price_id", event)


async def _summaries(sql: Sql, rows: Collection[Any], now: datetime) -> tuple[EventSummary, ...]:
    partners: dict[UUID, list[Partner]] = {}
    for row in await sql.fetch(PARTNERS, [row["event_id"] for row in rows], now) if rows else ():
        partner = Partner(
            organisation=row["organisation_id"], name=row["name"], asks_for_news=row["asks_for_news"]
        )
        partners.setdefault(row["event_id"], []).append(partner)
    return tuple(_summary(row, tuple(partners.get(row["event_id"], ())), now) for row in rows)


def _summary(row: Any, partners: tuple[Partner, ...], now: datetime) -> EventSummary:
    return EventSummary(
        id=row["event_id"],
        slug=row["slug"],
        title=Text.model_validate_json(row["title"]),
        blurb=Text.model_validate_json(row["blurb"]),
        hall=row["hall"],
        on_sale_from=row["on_sale_from"],
        doors_at=row["doors_at"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        state=state_of(_times(row), row["seats_free"] or row["standing_free"] > 0, now),
        from_cents=row["from_cents"],
        partners=partners,
    )


def _times(row: Any) -> Times:
    return Times(row["on_sale_from"], row["starts_at"], row["ends_at"])


def _price(row: Any) -> Price:
    return Price(
        id=row["price_id"],
        title=Text.model_validate_json(row["title"]),
        place=row["place"],
        cents=row["cents"],
        vat_basis_points=row["vat_basis_points"],
    )


def _seat(row: Any) -> Seat:
    return Seat(
        id=row["seat_id"],
        label=row["label"],
        row=row["row_label"],
        number=row["number"],
        x=row["x"],
        y=row["y"],
        free=row["free"],
    )
