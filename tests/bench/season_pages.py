"""What is looked at on a house of any season: pages with who looks, and how long they take."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from chassis.tokens import LinkSigner
from contracts.looks import ReasonCode
from deploy.local.demo.second_step import second_step
from deploy.local.instance import Instance
from tests.bench.load import Client
from tests.bench.sale_stage import database
from tests.bench.sale_visits import FORM, JSON
from tests.bench.wire import Connection

A_MOMENT = 1.05
"""Seconds after which nothing that the gateway remembers of the season is fresh."""
EARLIEST_BUYER = """
SELECT p.number, o.email, o.subject_id FROM placed_order p JOIN order_person o USING (event_id, order_id)
JOIN payment y USING (event_id, order_id)
WHERE p.state = 'paid' AND y.state = 'paid' AND p.placed_at > now() - interval '5 years'
ORDER BY p.placed_at LIMIT 1
"""
NEXT_EVENT = (
    "SELECT slug FROM event WHERE ends_at > now() AND state <> 'draft' ORDER BY starts_at, slug LIMIT 1"
)


@dataclass(frozen=True)
class Page:
    """One page as somebody asks for it; `rests` so long after each look."""

    name: str
    url: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    holds: str = ""
    rests: float = 0.0


async def look(client: Client, page: Page) -> None:
    """Ask for the page; an answer without the words that it must hold is a failure."""
    client.cookies = dict(page.cookies)
    body = urlencode(page.form).encode() if page.form else None
    origin = "/".join(page.url.split("/")[:3])
    headers = {**FORM, "Origin": origin} if page.form else {}
    reply = await client.ask("look", "POST" if page.form else "GET", page.url, body=body, headers=headers)
    if page.holds.encode() not in reply.body:
        raise client.fail("look", "other words")
    await asyncio.sleep(page.rests)


async def pages_of(instance: Instance, endpoints: Mapping[str, Any]) -> tuple[Page, ...]:
    """The pages of a house, with somebody from its archive."""
    async with database(instance) as sql:
        buyer, slug = await sql.fetchrow(EARLIEST_BUYER), await sql.fetchval(NEXT_EVENT)
    gateway = str(endpoints["services"]["gateway"]).rstrip("/")
    staff = {
        role: await staff_cookies(endpoints, role) for role in ("box_office", "planner", "privacy_officer")
    }
    own, number = await _own(instance, gateway, buyer["subject_id"]), buyer["number"]
    find, clerk = f"{gateway}/counter/find", staff["box_office"]
    reason = {"reason": ReasonCode.CUSTOMER_ASKED.value}
    return (
        Page("season page", f"{gateway}/"),
        Page("season page, drawn anew", f"{gateway}/", rests=A_MOMENT),
        Page("calendar, written anew", f"{gateway}/season.ics", rests=A_MOMENT),
        Page("event page", f"{gateway}/e/{slug}"),
        Page("search by number", find, clerk, {"sought": number, **reason}, number),
        Page("search by address", find, clerk, {"sought": buyer["email"], **reason}, number),
        Page("counter", f"{gateway}/counter", clerk),
        Page("my data", f"{gateway}/my-data", own, holds=buyer["email"]),
        Page("planner", f"{gateway}/planner", staff["planner"]),
        Page("privacy desk", f"{gateway}/privacy-desk", staff["privacy_officer"]),
    )


async def staff_cookies(endpoints: Mapping[str, Any], role: str) -> dict[str, str]:
    """The cookies of a log-in of the house."""
    door, login = Connection(endpoints["services"]["gateway"]), endpoints["logins"][role]
    body = json.dumps({"user": login["user"], "password": login["password"]}).encode()
    reply = await door.send("POST", "/api/v1/sessions", JSON, body)
    reply = await door.send("POST", "/api/v1/sessions/factor", JSON, second_step(login, reply.body))
    door.close()
    return _cookies(reply.cookies)


async def _own(instance: Instance, gateway: str, subject: UUID) -> dict[str, str]:
    """The cookies of who followed the link of their mail."""
    signer = LinkSigner((instance.secrets / "notify" / "signing.pem").read_bytes())
    door = Connection(gateway)
    reply = await door.send("GET", f"/l/{signer.sign(subject, 'nl', datetime.now(UTC), 1)}", {}, None)
    door.close()
    return _cookies(reply.cookies)


def _cookies(told: tuple[str, ...]) -> dict[str, str]:
    pairs = (cookie.partition(";")[0].partition("=") for cookie in told)
    found = {name: value for name, _, value in pairs}
    if not found:
        raise RuntimeError("nobody was let in")
    return found
