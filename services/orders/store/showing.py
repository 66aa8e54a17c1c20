"""One event as its page shows it: prices, seats and zones, other dates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.api import EventDate, EventSummary, Price, Seat, SeriesName
from contracts.texts import Text
from services.orders.domain.season import Channel
from services.orders.store import gatherings
from services.orders.store.season import (
    SOLD,
    SUMMARY,
    price_rows,
    price_terms,
    refund_policy,
    summed_up,
    wheelchair_kept,
)

# A seat whose hold has run out is free for the next one, whether or not the timer came by; one that is kept
# is free to the counter alone ($3), or to nobody.
SEATS = """
SELECT seat.seat_id, hs.label, hs.row_label, hs.number, hs.x, hs.y, seat.zone, seat.kind,
    (seat.hold_id IS NULL OR (h.state IN ('held', 'ordered') AND h.expires_at <= $2))
    AND (seat.kept_for IS NULL OR seat.kept_for = $3 OR seat.kept_until <= $2) IS TRUE AS free
FROM seat
JOIN event e USING (event_id)
JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = seat.seat_id
LEFT JOIN hold h ON h.event_id = seat.event_id AND h.hold_id = seat.hold_id
WHERE seat.event_id = $1 ORDER BY hs.y, hs.row_label, hs.x
"""
ZONES = """
SELECT z.zone, z.title FROM event e JOIN hall_zone z USING (hall_id) WHERE e.event_id = $1 ORDER BY z.position
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """An event as its page shows it."""

    summary: EventSummary
    prices: tuple[Price, ...]
    seats: tuple[Seat, ...]
    zones: dict[str, Text]
    standing_free: int | None
    hold_seconds: int
    largest_order: int
    buyer_limit: int | None
    wheelchair_kept: bool
    series: SeriesName | None
    dates: tuple[EventDate, ...]
    refund_policy: Text | None


async def shown(sql: Sql, slug: str, channel: Channel, now: datetime) -> Shown | None:
    """The event of a slug as `channel` may sell it; None for an unknown one, and for a draft."""
    row = await sql.fetchrow(SOLD + "WHERE e.slug = $2 AND e.state <> 'draft'", now, slug)
    if row is None:
        return None
    (summary,) = await summed_up(sql, [row], now)
    kept = row["standing_kept"] if channel == "online" else 0
    return Shown(
        summary,
        tuple(_price(price, channel, now) for price in await price_rows(sql, summary.id)),
        tuple(_seat(seat) for seat in await sql.fetch(SEATS, summary.id, now, channel)),
        await zones_of(sql, summary.id),
        max(row["standing_left"] - kept, 0) if row["standing_capacity"] else None,
        row["hold_seconds"],
        row["largest_order"],
        min((most for most in (row["buyer_limit"], row["production_limit"]) if most), default=None),
        wheelchair_kept(row, now),
        await gatherings.series_of(sql, summary.id),
        await _dates(sql, row, now),
        refund_policy(row),
    )


async def zones_of(sql: Sql, event: UUID) -> dict[str, Text]:
    """The zones of an event's hall, in their order."""
    return {row["zone"]: Text.model_validate_json(row["title"]) for row in await sql.fetch(ZONES, event)}


async def _dates(sql: Sql, row: Any, now: datetime) -> tuple[EventDate, ...]:
    """The other dates of the same production that have not ended."""
    if row["production_id"] is None:
        return ()
    wanted = "WHERE e.production_id = $2 AND e.event_id <> $3 AND e.ends_at > $1 AND e.state <> 'draft'"
    rows = await sql.fetch(
        SUMMARY + wanted + " ORDER BY e.starts_at", now, row["production_id"], row["event_id"]
    )
    dates = await summed_up(sql, rows, now)
    return tuple(EventDate(slug=one.slug, starts_at=one.starts_at, state=one.state) for one in dates)


def _price(row: Any, channel: Channel, now: datetime) -> Price:
    return Price(
        id=row["price_id"],
        title=Text.model_validate_json(row["title"]),
        place=row["place"],
        cents=row["cents"],
        vat_basis_points=row["vat_basis_points"],
        zones=json.loads(row["zones"]),
        least=row["least"],
        most=row["most"],
        youngest=row["youngest"],
        oldest=row["oldest"],
        proof=Text.model_validate_json(row["proof"]) if row["proof"] else None,
        sold=price_terms(row).sold(channel, now),
    )


def _seat(row: Any) -> Seat:
    return Seat(
        id=row["seat_id"],
        label=row["label"],
        row=row["row_label"],
        number=row["number"],
        x=row["x"],
        y=row["y"],
        zone=row["zone"],
        kind=row["kind"],
        free=row["free"],
    )
