"""Hall, events and prices of the season, and what regulars bought in earlier years."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from contracts.orders.events import EventPublishedV1
from contracts.texts import Text
from deploy.local.season.outbox import announce
from deploy.local.season.programme import VAT_CULTURE, Event, Regular, Season, known_as

LARGEST_ORDER = 10


async def load(connection: Any, season: Season) -> None:
    """Everything that orders holds at the first start."""
    await _hall(connection, season)
    for event in season.events:
        await _event(connection, season, event)
        await announce(connection, _published(season, event), season.now)
    for regular in season.regulars:
        await _bought(connection, season, regular)


async def _hall(connection: Any, season: Season) -> None:
    hall = known_as("hall", "grote-zaal")
    name, zone = season.raw["hall"]["name"], season.raw["time_zone"]
    await connection.execute(
        "INSERT INTO hall (hall_id, name, time_zone) VALUES ($1, $2, $3)", hall, name, zone
    )
    await connection.executemany(
        "INSERT INTO hall_seat (hall_id, seat_id, label, row_label, number, x, y) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            (hall, seat.id, f"{seat.row}{seat.number}", seat.row, seat.number, seat.x, seat.y)
            for seat in season.seats
        ],
    )


async def _event(connection: Any, season: Season, event: Event) -> None:
    facts = event.facts
    await _event_row(
        connection, event, facts["slug"], (facts["title"], facts["blurb"]), facts["hold_seconds"]
    )
    if "partner" in facts:
        await connection.execute(
            "INSERT INTO event_partner (event_id, organisation_id, asks_for_news) VALUES ($1, $2, true)",
            event.id,
            known_as("organisation", facts["partner"]),
        )
    for position, price in enumerate(facts["prices"]):
        await _price(connection, event.id, position, price)
    await connection.execute(
        "INSERT INTO stock (event_id, standing_capacity) VALUES ($1, $2)", event.id, facts["standing"]
    )
    if facts["seats"]:
        await connection.executemany(
            "INSERT INTO seat (event_id, seat_id) VALUES ($1, $2)",
            [(event.id, seat.id) for seat in season.seats],
        )


async def _event_row(
    connection: Any, event: Event, slug: str, texts: tuple[Any, Any], hold_seconds: int
) -> None:
    await connection.execute(
        "INSERT INTO event (event_id, version, slug, organisation_id, hall_id, title, blurb, doors_at,"
        " starts_at, ends_at, on_sale_from, hold_seconds, largest_order)"
        " VALUES ($1, 1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, $9, $10, $11, $12)",
        event.id,
        slug,
        known_as("organisation", "house"),
        known_as("hall", "grote-zaal"),
        json.dumps(texts[0]),
        json.dumps(texts[1]),
        event.doors_at,
        event.starts_at,
        event.ends_at,
        event.on_sale_from,
        hold_seconds,
        LARGEST_ORDER,
    )


async def _price(connection: Any, event: UUID, position: int, price: dict[str, Any]) -> None:
    await connection.execute(
        "INSERT INTO price (event_id, price_id, position, title, place, cents, vat_basis_points)"
        " VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7)",
        event,
        known_as("price", f"{event}:{position}"),
        position,
        json.dumps({language: price[language] for language in ("nl", "fr", "en")}),
        price["place"],
        price["cents"],
        VAT_CULTURE,
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


async def _bought(connection: Any, season: Season, regular: Regular) -> None:
    """One standing ticket for an evening of that day: event, order, person, ticket and books."""
    evening = datetime.combine(regular.day, time(19), UTC)
    slug = f"archief-{regular.day.isoformat()}"
    event = Event(known_as("event", slug), {}, evening, evening, evening + timedelta(hours=2), evening)
    title = {"nl": "Uit het archief", "fr": "Des archives", "en": "From the archive"}
    await _event_row(connection, event, slug, (title, title), 900)
    price = {"place": "standing", "cents": 1500, "nl": "Basis", "fr": "Plein tarif", "en": "Standard"}
    await _price(connection, event.id, 0, price)
    await connection.execute(
        "INSERT INTO stock (event_id, standing_capacity, standing_taken) VALUES ($1, 200, 1)", event.id
    )
    await _sold(connection, event, regular, evening)


async def _sold(connection: Any, event: Event, regular: Regular, at: datetime) -> None:
    order, hold = known_as("order", str(regular.id)), known_as("hold", str(regular.id))
    ticket, price = known_as("ticket", str(regular.id)), known_as("price", f"{event.id}:0")
    payment = known_as("payment", str(regular.id))
    for sql, values in (
        (
            "INSERT INTO hold (event_id, hold_id, state, made_at, expires_at, order_id)"
            " VALUES ($1, $2, 'sold', $3, $3, $4)",
            (event.id, hold, at, order),
        ),
        (
            "INSERT INTO hold_line (event_id, hold_id, line_no, price_id, cents, vat_basis_points)"
            " VALUES ($1, $2, 1, $3, 1500, $4)",
            (event.id, hold, price, VAT_CULTURE),
        ),
        (
            "INSERT INTO placed_order (event_id, order_id, number, hold_id, channel, state, total_cents, vat_cents,"
            " placed_at, paid_at) VALUES ($1, $2, $3, $4, 'online', 'paid', 1500, 85, $5, $5)",
            (event.id, order, f"ARCH-{order.hex[:4].upper()}", hold, at),
        ),
        (
            "INSERT INTO order_person (event_id, order_id, subject_id, name, email, locale, version, name_version,"
            " email_version, phone_version, placed_on) VALUES ($1, $2, $3, $4, $5, $6, 1, 1, 1, 1, $7)",
            (event.id, order, regular.id, regular.name, regular.email, regular.locale, regular.day),
        ),
        (
            "INSERT INTO payment (event_id, payment_id, order_id, provider, provider_id, idempotency_key, state,"
            " cents, made_at, look_at) VALUES ($1, $2, $3, 'mollie', $4, $2, 'paid', 1500, $5, $5)",
            (event.id, payment, order, f"tr_archive{payment.hex[:8]}", at),
        ),
        (
            "INSERT INTO ticket (event_id, ticket_id, order_id, line_no, price_id, cents, vat_basis_points, state,"
            " issued_at, admitted_at) VALUES ($1, $2, $3, 1, $4, 1500, $5, 'admitted', $6, $6)",
            (event.id, ticket, order, price, VAT_CULTURE, at),
        ),
        (
            "INSERT INTO book_entry (event_id, entry_id, order_id, kind, reference, cents, vat_cents,"
            " vat_basis_points, booked_at) VALUES ($1, $2, $3, 'sale', $4, 1500, 85, $5, $6),"
            " ($1, $7, $3, 'payment', $8, 1500, 85, 0, $6)",
            (
                event.id,
                known_as("entry", f"{regular.id}:sale"),
                order,
                ticket,
                VAT_CULTURE,
                at,
                known_as("entry", f"{regular.id}:payment"),
                payment,
            ),
        ),
    ):
        await connection.execute(sql, *values)
