"""Step 6, first part: a copy of everything that the six services hold, as JSON."""

from __future__ import annotations

import json
from typing import Any

from deploy.local.demo.expecting import expect, until
from deploy.local.demo.story import Story

SERVICES = {"accounts", "gateway", "notify", "orders", "retention", "sharing"}


async def take_copy(story: Story) -> str:
    """The copy; the answer says how much is in it."""
    case = (await story.letter.post("/me/copies", {}))["id"]

    async def look() -> dict[str, Any] | None:
        found: dict[str, Any] = await story.letter.get(f"/me/cases/{case}")
        return found if found["state"] == "closed" else None

    closed = await until(look, "every service has its part of the copy ready", story.patience)
    expect({one["service"] for one in closed["receipts"]} == SERVICES, "six services answered for the copy")
    story.copy = await story.letter.get(f"/me/copies/{case}/download")
    parts = story.copy["services"]
    expect(set(parts) == SERVICES, "the copy has a part of each of the six services")
    _complete(story, parts)
    foreign = await story.at_shop().ask("GET", f"/me/copies/{case}/download")
    expect(foreign.status in (401, 403, 404), "nobody else can download the copy")
    tables = sum(len(part) for part in parts.values())
    return f"a copy of {tables} tables of {len(parts)} services"


def _complete(story: Story, parts: dict[str, Any]) -> None:
    buyer = story.buyer
    said = {service: json.dumps(part, ensure_ascii=False) for service, part in parts.items()}
    for service in ("accounts", "orders", "notify", "sharing"):
        expect(buyer.email in said[service], f"the copy of {service} has the e-mail address")
        expect(buyer.corrected in said[service], f"the copy of {service} has the corrected name")
    for service in ("accounts", "orders"):
        expect(buyer.phone in said[service], f"the copy of {service} has the phone number")
    expect(story.order["id"] in said["orders"], "the copy of orders has the order")
    expect("co_presentation_news" in said["accounts"], "the copy of accounts has the choice with its proof")
    expect(said["retention"] != "{}", "the copy of retention has the days of activity")
