"""Events as planners see and change them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.planning import (
    EventPlan,
    KeptPlan,
    KeptSeats,
    PlannedEvent,
    PlannedLine,
    PricePlan,
    ProductionPlan,
    Title,
)
from contracts.texts import Text
from services.orders.domain.hall_plan import Place
from services.orders.store import halls

LIST = """
SELECT e.event_id, e.slug, e.title, e.starts_at, e.state, h.name AS hall_name,
    s.standing_capacity + (SELECT count(*) FROM seat WHERE seat.event_id = e.event_id) AS places,
    s.standing_capacity - s.standing_taken
        + (SELECT count(*) FROM seat WHERE seat.event_id = e.event_id AND seat.hold_id IS NULL) AS free
FROM event e JOIN hall h USING (hall_id) JOIN stock s USING (event_id)
WHERE e.ends_at > $1 ORDER BY e.starts_at, e.slug
"""
ONE = """
SELECT e.*, h.name AS hall_name, s.standing_capacity, s.standing_capacity - s.standing_taken AS standing_free,
    (SELECT count(*) FROM seat WHERE seat.event_id = e.event_id) AS seats,
    (SELECT count(*) FROM seat WHERE seat.event_id = e.event_id AND seat.hold_id IS NULL) AS seats_free,
    ARRAY(SELECT p.organisation_id FROM event_partner p WHERE p.event_id = e.event_id
          ORDER BY p.organisation_id) AS partners
FROM event e JOIN hall h USING (hall_id) JOIN stock s USING (event_id) WHERE e.event_id = $1
"""
ADD = """
INSERT INTO event (event_id, version, slug, state, production_id, organisation_id, hall_id, title, blurb,
    doors_at, starts_at, ends_at, on_sale_from, online_until, wheelchair_until, counter_standing,
    counter_until, hold_seconds, largest_order, no_singles, buyer_limit, production_limit)
VALUES ($1, 1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
"""
CHANGE = """
UPDATE event SET version = version + 1, slug = $2, production_id = $3, organisation_id = $4, hall_id = $5,
    title = $6, blurb = $7, doors_at = $8, starts_at = $9, ends_at = $10, on_sale_from = $11,
    online_until = $12, wheelchair_until = $13, counter_standing = $14, counter_until = $15,
    hold_seconds = $16, largest_order = $17, no_singles = $18, buyer_limit = $19, production_limit = $20
WHERE event_id = $1
"""
SEATS_OF_HALL = """
INSERT INTO seat (event_id, seat_id, zone, kind)
SELECT $1, seat_id, zone, kind FROM hall_seat WHERE hall_id = $2
"""
PUT_PRICE = """
INSERT INTO price (event_id, price_id, position, title, place, cents, vat_basis_points, zones, channels,
    least, most, youngest, oldest, proof, sold_from, sold_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (event_id, price_id) DO UPDATE SET position = $3, title = $4, place = $5, cents = $6,
    vat_basis_points = $7, zones = $8, channels = $9, least = $10, most = $11, youngest = $12, oldest = $13,
    proof = $14, sold_from = $15, sold_until = $16
"""
KEPT = """
SELECT s.kept_for, s.kept_until, array_agg(hs.label ORDER BY hs.y, hs.x) AS labels
FROM seat s JOIN event e USING (event_id)
JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = s.seat_id
WHERE s.event_id = $1 AND s.kept_for IS NOT NULL GROUP BY s.kept_for, s.kept_until ORDER BY 1, 2
"""
PLACES = """
SELECT s.seat_id, hs.label, hs.row_label, hs.number
FROM seat s JOIN event e USING (event_id)
JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = s.seat_id
WHERE s.event_id = $1
"""


async def coming(sql: Sql, now: datetime) -> tuple[PlannedLine, ...]:
    """All events that have not ended, drafts too."""
    rows = await sql.fetch(LIST, now)
    return tuple(
        PlannedLine(
            id=row["event_id"],
            slug=row["slug"],
            title=Text.model_validate_json(row["title"]),
            hall_name=row["hall_name"],
            starts_at=row["starts_at"],
            state=row["state"],
            places=row["places"],
            free=row["free"],
        )
        for row in rows
    )


async def find(sql: Sql, event: UUID) -> PlannedEvent | None:
    """An event with all that was planned, or None."""
    row = await sql.fetchrow(ONE, event)
    if row is None:
        return None
    return PlannedEvent(
        id=event,
        **{name: row[name] for name in AS_THEY_ARE},
        production=row["production_id"],
        hall=row["hall_id"],
        title=Text.model_validate_json(row["title"]),
        standing=row["standing_capacity"],
        co_presenters=tuple(row["partners"]),
        prices=tuple(_price(price) for price in await _prices(sql, event)),
        zones=await halls.zones(sql, row["hall_id"]),
        kept=await _kept(sql, event),
    )


AS_THEY_ARE = (
    "slug",
    "version",
    "state",
    "hall_name",
    "doors_at",
    "starts_at",
    "ends_at",
    "on_sale_from",
    "online_until",
    "wheelchair_until",
    "counter_standing",
    "counter_until",
    "hold_seconds",
    "largest_order",
    "no_singles",
    "buyer_limit",
    "seats",
    "seats_free",
    "standing_free",
)
"""Facts that a row of ONE and a planned event call the same."""


async def lock(sql: Sql, event: UUID) -> PlannedEvent | None:
    """An event that nobody else sells or changes until this transaction ends, or None."""
    await sql.fetchval("SELECT true FROM stock WHERE event_id = $1 FOR UPDATE", event)
    return await find(sql, event)


async def slugs_like(sql: Sql, slug: str) -> frozenset[str]:
    """Addresses that begin like this one."""
    rows = await sql.fetch("SELECT slug FROM event WHERE starts_with(slug, $1)", slug)
    return frozenset(row["slug"] for row in rows)


async def slug_taken(sql: Sql, slug: str, event: UUID) -> bool:
    """Whether another event has this address."""
    found = "SELECT EXISTS (SELECT FROM event WHERE slug = $1 AND event_id <> $2)"
    return bool(await sql.fetchval(found, slug, event))


async def add(sql: Sql, event: UUID, slug: str, plan: EventPlan, production: ProductionPlan) -> None:
    """Write a draft with the seats of its hall."""
    await sql.execute(ADD, event, *_facts(slug, plan, production))
    await sql.execute("INSERT INTO stock (event_id, standing_capacity) VALUES ($1, $2)", event, plan.standing)
    await sql.execute(SEATS_OF_HALL, event, plan.hall)
    await _present_with(sql, event, plan.co_presenters)


async def change(sql: Sql, event: UUID, slug: str, plan: EventPlan, production: ProductionPlan) -> None:
    """Change an event; its version grows. Needs the event's lock."""
    await sql.execute(CHANGE, event, *_facts(slug, plan, production))
    await sql.execute("UPDATE stock SET standing_capacity = $2 WHERE event_id = $1", event, plan.standing)
    await sql.execute("DELETE FROM event_partner WHERE event_id = $1", event)
    await _present_with(sql, event, plan.co_presenters)


async def seats_anew(sql: Sql, event: UUID, hall: UUID) -> None:
    """Give a draft the seats of another hall."""
    await sql.execute("DELETE FROM seat WHERE event_id = $1", event)
    await sql.execute(SEATS_OF_HALL, event, hall)


async def move(sql: Sql, event: UUID, state: str) -> None:
    """Set an event's state; its version grows, for its replicas elsewhere."""
    await sql.execute(
        "UPDATE event SET state = $2, version = version + 1 WHERE event_id = $1 AND state <> $2", event, state
    )


async def held_prices(sql: Sql, event: UUID) -> frozenset[UUID]:
    """Prices at which places are or were held; they must stay, for what was sold names them."""
    rows = await sql.fetch("SELECT DISTINCT price_id FROM hold_line WHERE event_id = $1", event)
    return frozenset(row["price_id"] for row in rows)


async def set_prices(sql: Sql, event: UUID, prices: Sequence[tuple[UUID, PricePlan]]) -> None:
    """Write all prices of an event in their order; others go."""
    gone = "DELETE FROM price WHERE event_id = $1 AND price_id <> ALL ($2)"
    await sql.execute(gone, event, [price for price, _ in prices])
    for position, (price, plan) in enumerate(prices):
        await sql.execute(
            PUT_PRICE,
            event,
            price,
            position,
            plan.title.model_dump_json(),
            plan.place,
            plan.cents,
            plan.vat_basis_points,
            json.dumps(plan.zones),
            list(dict.fromkeys(plan.channels)),
            plan.least,
            plan.most,
            plan.youngest,
            plan.oldest,
            plan.proof.model_dump_json() if plan.proof else None,
            plan.sold_from,
            plan.sold_until,
        )


async def places(sql: Sql, event: UUID) -> tuple[Place, ...]:
    """The seats of an event by name."""
    rows = await sql.fetch(PLACES, event)
    return tuple(Place(row["seat_id"], row["label"], row["row_label"], row["number"]) for row in rows)


async def keep(sql: Sql, event: UUID, seats: Collection[UUID], plan: KeptPlan) -> None:
    """Say for whom seats are kept; what is held or sold already is not touched by it."""
    kept_for = None if plan.kept_for == "free" else plan.kept_for
    await sql.execute(
        "UPDATE seat SET kept_for = $3, kept_until = $4 WHERE event_id = $1 AND seat_id = ANY ($2)",
        event,
        list(seats),
        kept_for,
        plan.until if kept_for else None,
    )


async def _prices(sql: Sql, event: UUID) -> list[Any]:
    return await sql.fetch("SELECT * FROM price WHERE event_id = $1 ORDER BY position, price_id", event)


async def _kept(sql: Sql, event: UUID) -> tuple[KeptSeats, ...]:
    return tuple(
        KeptSeats(kept_for=row["kept_for"], until=row["kept_until"], seats=tuple(row["labels"]))
        for row in await sql.fetch(KEPT, event)
    )


async def _present_with(sql: Sql, event: UUID, organisations: Collection[UUID]) -> None:
    await sql.execute(
        """INSERT INTO event_partner (event_id, organisation_id, asks_for_news)
           SELECT $1, u, true FROM unnest($2::uuid[]) AS u""",
        event,
        list(dict.fromkeys(organisations)),
    )


def _facts(slug: str, plan: EventPlan, production: ProductionPlan) -> tuple[Any, ...]:
    """The arguments of ADD and CHANGE after the event's id."""
    texts = production.title.model_dump_json(), production.blurb.model_dump_json()
    moments = plan.doors_at, plan.starts_at, plan.ends_at, plan.on_sale_from, plan.online_until
    kept = plan.wheelchair_until, plan.counter_standing, plan.counter_until
    return (
        *(slug, plan.production, production.organisation, plan.hall, *texts),
        *(*moments, *kept, plan.hold_seconds, plan.largest_order, plan.no_singles),
        *(plan.buyer_limit, production.buyer_limit),
    )


def _price(row: Any) -> PricePlan:
    return PricePlan(
        id=row["price_id"],
        title=Title.model_validate_json(row["title"]),
        place=row["place"],
        cents=row["cents"],
        vat_basis_points=row["vat_basis_points"],
        zones=json.loads(row["zones"]),
        channels=tuple(row["channels"]),
        least=row["least"],
        most=row["most"],
        youngest=row["youngest"],
        oldest=row["oldest"],
        proof=Title.model_validate_json(row["proof"]) if row["proof"] else None,
        sold_from=row["sold_from"],
        sold_until=row["sold_until"],
    )
