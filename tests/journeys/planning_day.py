"""A planner's day through the public API: from an empty hall to an event on sale."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

Ask = Callable[..., Awaitable[Any]]
"""Asks an operation ("GET /planning/halls") with a body and parts of its path; what it answers."""


def words(text: str) -> dict[str, str]:
    """The same words in all languages."""
    return dict.fromkeys(("nl", "fr", "en"), text)


async def plans_an_evening(ask: Ask) -> Mapping[str, Any]:
    """Every operation of planning, each of which is answered well; the event that comes of it."""
    hall = await _draws(ask)
    production = await _programmes(ask)
    now = datetime.now(UTC)
    times = {name: (now + timedelta(days=90, hours=hours)).isoformat() for name, hours in TIMES.items()}
    plan = {"production": production, "hall": hall, "on_sale_from": now.isoformat(), **times}
    event = await ask("POST /planning/events", plan)
    here = {"event": event["id"]}
    prices = {"prices": [{"title": words("Basis"), "place": "seat", "cents": 1500}]}
    await ask("PUT /planning/events/{event}/prices", prices, **here)
    await ask("PUT /planning/events/{event}/kept", {"kept_for": "counter", "labels": "A1-A2"}, **here)
    await ask("PUT /planning/events/{event}", plan | {"version": event["version"]}, **here)
    for state in ("published", "on_sale", "closed"):
        event = await ask("POST /planning/events/{event}/state", {"state": state}, **here)
    await ask("GET /planning/events")
    code = {"code": f"PROEF-{event['id'][:8]}", "kind": "amount", "value": 100, "valid_from": now.isoformat()}
    codes = await ask("POST /planning/vouchers", code | {"event": event["id"]})
    await ask("GET /planning/vouchers")
    mine = next(one for one in codes["vouchers"] if one["event"] == event["id"])
    await ask("DELETE /planning/vouchers/{voucher}", voucher=mine["id"])
    planned: Mapping[str, Any] = await ask("GET /planning/events/{event}", **here)
    return planned


TIMES = {"doors_at": 0, "starts_at": 1, "ends_at": 3}


async def _draws(ask: Ask) -> str:
    hall = await ask("POST /planning/halls", {"name": "Foyer"})
    here = {"hall": hall["id"]}
    block = {"zone": "foyer", "title": words("Foyer"), "rows": 2, "seats": 4}
    await ask("POST /planning/halls/{hall}/blocks", block, **here)
    await ask("POST /planning/halls/{hall}/marks", {"kind": "wheelchair", "labels": "B1"}, **here)
    await ask("PUT /planning/halls/{hall}", {"name": "Foyer beneden", "standing": 40}, **here)
    await ask("POST /planning/halls/{hall}/copy", {"name": "Foyer boven"}, **here)
    await ask("GET /planning/halls")
    return str((await ask("GET /planning/halls/{hall}", **here))["id"])


async def _programmes(ask: Ask) -> str:
    days = {"first_day": "2026-09-01", "last_day": "2027-06-30"}
    season = await ask("POST /planning/seasons", {"title": words("Proefseizoen"), **days})
    series = await ask("POST /planning/series", {"title": words("Proefreeks")})
    for one in ("seasons", "series", "productions", "brands", "refund-policies"):
        await ask(f"GET /planning/{one}")
    house = (await ask("GET /planning/organisations"))["organisations"][0]
    texts = {"organisation": house["id"], "title": words("Proefzang"), "blurb": words("Een proef.")}
    production = await ask("POST /planning/productions", texts)
    changed = texts | {"season": season["id"], "series": series["id"]}
    await ask("PUT /planning/productions/{production}", changed, production=production["id"])
    look = {"slug": "proefhuis", "wordmark": "Proefhuis", "accent": "#ffcc00"}
    await ask("PUT /planning/brands/{organisation}", look, organisation=house["id"])
    await ask("GET /brands/{slug}", slug="proefhuis")
    refunds = {"said": words("Ruilen kan altijd.")}
    await ask("PUT /planning/refund-policies/{organisation}", refunds, organisation=house["id"])
    return str(production["id"])
