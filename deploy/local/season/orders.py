"""Hall, events and prices of the season, and what regulars bought in earlier years."""

from typing import Any

from contracts.orders.events import EventPublishedV1
from contracts.texts import Text
from deploy.local.season import archive
from deploy.local.season.outbox import announce
from deploy.local.season.programme import Event, Season, known_as
from deploy.local.season.rows import event_row, price_row


async def load(connection: Any, season: Season) -> None:
    """Everything that orders holds at the first start."""
    await _hall(connection, season)
    for event in season.events:
        await _event(connection, season, event)
        await announce(connection, _published(season, event), season.now)
    for regular in season.regulars:
        await archive.bought(connection, regular)


async def _hall(connection: Any, season: Season) -> None:
    hall = known_as("hall", "grote-zaal")
    name, zone = season.raw["hall"]["name"], season.raw["time_zone"]
    await connection.execute(
        "INSERT INTO hall (hall_id, name, time_zone) VALUES ($1, $2, $3)", hall, name, zone
    )
    await connection.executemany(
        "INSERT INTO hall_seat (hall_id, seat_id, label, row_label, number, x, y)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            (hall, seat.id, f"{seat.row}{seat.number}", seat.row, seat.number, seat.x, seat.y)
            for seat in season.seats
        ],
    )


async def _event(connection: Any, season: Season, event: Event) -> None:
    facts = event.facts
    await event_row(connection, event, facts["slug"], (facts["title"], facts["blurb"]), facts["hold_seconds"])
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
        await connection.executemany(
            "INSERT INTO seat (event_id, seat_id) VALUES ($1, $2)",
            [(event.id, seat.id) for seat in season.seats],
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
        hall=season.raw["hall"]["name"],
        doors_at=event.doors_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
    )
