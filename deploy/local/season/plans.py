"""What planners planned of the season: the season itself, series, productions, codes, looks."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from deploy.local.season.programme import Season, known_as


def production_of(facts: Mapping[str, Any]) -> UUID:
    """The production of an event: its own, or that of another date."""
    return known_as("production", facts.get("of", facts["slug"]))


async def load(connection: Any, season: Season) -> None:
    """Everything but halls and events."""
    first, last = season.now.date(), season.now.date() + timedelta(days=240)
    await connection.execute(
        "INSERT INTO season (season_id, title, first_day, last_day) VALUES ($1, $2::jsonb, $3, $4)",
        known_as("season", "now"),
        json.dumps(season.raw["season"]["title"]),
        first,
        last,
    )
    for key, facts in season.raw["series"].items():
        await connection.execute(
            "INSERT INTO series (series_id, title) VALUES ($1, $2::jsonb)",
            known_as("series", key),
            json.dumps(facts["title"]),
        )
    for event in season.events:
        await _production(connection, event.facts)
    await _looks(connection, season)
    await _codes(connection, season)


async def _production(connection: Any, facts: Mapping[str, Any]) -> None:
    await connection.execute(
        "INSERT INTO production (production_id, organisation_id, season_id, series_id, title, blurb)"
        " VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb) ON CONFLICT DO NOTHING",
        production_of(facts),
        known_as("organisation", "house"),
        known_as("season", "now"),
        known_as("series", facts["series"]) if "series" in facts else None,
        json.dumps(facts["title"]),
        json.dumps(facts["blurb"]),
    )


async def _looks(connection: Any, season: Season) -> None:
    for look in season.raw["brand"]:
        await connection.execute(
            "INSERT INTO brand (organisation_id, slug, wordmark, accent) VALUES ($1, $2, $3, $4)",
            known_as("organisation", look["organisation"]),
            look["slug"],
            look["wordmark"],
            look["accent"],
        )


async def _codes(connection: Any, season: Season) -> None:
    for voucher in season.raw["voucher"]:
        await connection.execute(
            "INSERT INTO voucher (voucher_id, code, kind, value, valid_from) VALUES ($1, $2, $3, $4, $5)",
            known_as("voucher", voucher["code"]),
            voucher["code"],
            voucher["kind"],
            voucher["value"],
            season.now,
        )
