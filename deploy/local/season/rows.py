"""Rows of events and prices, of this season and of the archive."""

import json
from typing import Any
from uuid import UUID

from deploy.local.season.programme import VAT_CULTURE, Event, known_as

LARGEST_ORDER = 10


async def event_row(
    connection: Any, event: Event, slug: str, hall: UUID, texts: tuple[Any, Any], hold_seconds: int
) -> None:
    """An event of the house in a hall; `texts` are title and blurb by language."""
    await connection.execute(
        "INSERT INTO event (event_id, version, slug, organisation_id, hall_id, title, blurb, doors_at,"
        " starts_at, ends_at, on_sale_from, hold_seconds, largest_order)"
        " VALUES ($1, 1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, $9, $10, $11, $12)",
        event.id,
        slug,
        known_as("organisation", "house"),
        hall,
        json.dumps(texts[0]),
        json.dumps(texts[1]),
        event.doors_at,
        event.starts_at,
        event.ends_at,
        event.on_sale_from,
        hold_seconds,
        LARGEST_ORDER,
    )


async def price_row(connection: Any, event: UUID, position: int, price: dict[str, Any]) -> None:
    """A price type of an event."""
    await connection.execute(
        "INSERT INTO price (event_id, price_id, position, title, place, cents, vat_basis_points, zones,"
        " least, oldest, proof) VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7, $8::jsonb, $9, $10, $11::jsonb)",
        event,
        known_as("price", f"{event}:{position}"),
        position,
        json.dumps({language: price[language] for language in ("nl", "fr", "en")}),
        price["place"],
        price["cents"],
        VAT_CULTURE,
        json.dumps(price.get("zones", {})),
        price.get("least", 1),
        price.get("oldest"),
        json.dumps(price["proof"]) if "proof" in price else None,
    )
