"""Hall, events and prices of the season, and what regulars bought in earlier years."""

from datetime import timedelta
from typing import Any

from contracts.orders.events import EventPublishedV1
from contracts.texts import Text
from deploy.local.season import archive, plans
from deploy.local.season.outbox import announce
from deploy.local.season.programme import Event, Hall, Season, known_as
from deploy.local.season.rows import event_row, price_row


async def load(connection: Any, season: Season) -> None:
    """Everything that orders holds at the first start."""
    for hall in season.halls.values():
        await _hall(connection, hall, season.raw["time_zone"])
    await plans.load(connection, season)
    for event in season.events:
        await _event(connection, season, event)
        await announce(connection, _published(season, event), season.now)
    for regular in season.regulars:
        await archive.bought(connection, regular)


async def _hall(connection: Any, hall: Hall, zone: str) -> None:
    await connection.execute(
        "INSERT INTO hall (hall_id, name, time_zone, standing) VALUES ($1, $2, $3, $4)",
        hall.id,
        hall.name,
        zone,
        hall.standing,
    )
    await connection.executemany(
        "INSERT INTO hall_zone (hall_id, zone, position, title) VALUES ($1, $2, $3, $4::jsonb)",
        [
            (hall.id, block.zone, position, block.title.model_dump_json())
            for position, block in enumerate(hall.blocks)
        ],
    )
    await connection.executemany(
        "INSERT INTO hall_seat (hall_id, seat_id, label, row_label, number, x, y, zone, kind)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            (hall.id, one.id, one.label, one.row, one.number, one.x, one.y, one.zone, one.kind)
            for one in hall.seats
        ],
    )


async def _event(connection: Any, season: Season, event: Event) -> None:
    facts, hall = event.facts, season.hall_of(event)
    texts = facts["title"], facts["blurb"]
    await event_row(connection, event, facts["slug"], hall.id, texts, facts["hold_seconds"])
    released = event.starts_at - timedelta(days=facts.get("wheelchair_days", 0))
    await connection.execute(
        "UPDATE event SET production_id = $2, wheelchair_until = $3, sale_told = on_sale_from <= $4,"
        " no_singles = $5, buyer_limit = $6 WHERE event_id = $1",
        event.id,
        plans.production_of(facts),
        released,
        season.now,
        facts.get("no_singles", False),
        facts.get("buyer_limit"),
    )
    if "partner" in facts:
        await connection.execute(
            "INSERT INTO event_partner (event_id, organisation_id, asks_for_news) VALUES ($1, $2, true)",
            event.id,
            known_as("organisation", facts["partner"]),
        )
    for position, price in enumerate(facts["prices"]):
        await price_row(connection, event.id, position, price)
    await connection.execute(
        "INSERT INTO stock (event_id, standing_capacity) VALUES ($1, $2)", event.id, facts["standing"]
    )
    if facts["seats"]:
        await _seats(connection, event, hall)


async def _seats(connection: Any, event: Event, hall: Hall) -> None:
    kept = {seat: ("counter", event.starts_at) for seat in hall.named(event.facts.get("counter", ""))}
    await connection.copy_records_to_table(
        "seat",
        columns=("event_id", "seat_id", "zone", "kind", "kept_for", "kept_until"),
        records=[
            (event.id, one.id, one.zone, one.kind, *kept.get(one.id, (None, None))) for one in hall.seats
        ],
    )


def _published(season: Season, event: Event) -> EventPublishedV1:
    partner = event.facts.get("partner")
    return EventPublishedV1(
        event=event.id,
        version=1,
        slug=event.facts["slug"],
        organisation=known_as("organisation", "house"),
        co_presenters=(known_as("organisation", partner),) if partner else (),
        title=Text(**event.facts["title"]),
        hall=season.hall_of(event).name,
        doors_at=event.doors_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
    )
