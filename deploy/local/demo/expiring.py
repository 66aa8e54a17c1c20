"""Step 7: a hold that nobody pays for ends, and its seat is free again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from deploy.local.demo.doors import API, Browser, allowed
from deploy.local.demo.expecting import Unmet, expect, until
from deploy.local.demo.story import Story

SHORT = 10
"""Seconds: a hold that is shorter ends while a person looks on."""


async def expire(story: Story) -> str:
    """One seat, held, lost and held by someone else; the answer says after how long."""
    first, second = story.at_shop(), story.at_shop()
    slug, seconds = await _short_one(first)
    hold, wish, began = await _kept(story, first, second, slug)

    async def look() -> dict[str, Any] | None:
        reply = await second.ask("POST", "/holds", wish)
        return None if reply.status == 409 else allowed(reply, f"POST {API}/holds")

    free = await until(look, "the seat is free again", story.patience, seconds)
    waited = (story.now() - began).total_seconds()
    expect(waited >= seconds - 1, "the hold was kept as long as it was promised")
    lost = await first.get(f"/holds/{hold['id']}")
    expect(lost["state"] == "expired", "the first visitor is told that the hold expired")
    given_back = await second.ask("DELETE", f"/holds/{free['id']}")
    expect(given_back.status == 204, "the second visitor gives the seat back")
    return f"seat {hold['lines'][0]['seat']} was held for {seconds} s and free after {waited:.1f} s"


async def _short_one(visitor: Browser) -> tuple[str, int]:
    for event in (await visitor.get("/events"))["events"]:
        if event["state"] == "on_sale":
            detail = await visitor.get(f"/events/{event['slug']}")
            if detail["hold_seconds"] <= SHORT and any(seat["free"] for seat in detail["seats"]):
                return event["slug"], detail["hold_seconds"]
    raise Unmet("an event on sale has short holds and a free seat")


async def _kept(
    story: Story, first: Browser, second: Browser, slug: str
) -> tuple[dict[str, Any], dict[str, Any], datetime]:
    """A hold that was refused to someone else, and when it began.

    Where an outage made the second visitor wait until the hold was over, both begin anew.
    """
    for _ in range(5):
        began = story.now()
        hold, wish = await _held(first, slug)
        taken = await second.ask("POST", "/holds", wish)
        if taken.status == 409:
            return hold, wish, began
        over = story.now() >= datetime.fromisoformat(hold["expires_at"])
        expect(over and taken.tries > 1, "a seat that is held is nobody else's")
        await second.ask("DELETE", f"/holds/{allowed(taken, f'POST {API}/holds')['id']}")
    raise Unmet("a hold is refused to someone else before it is over")


async def _held(visitor: Browser, slug: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """One seat, and the wish that got it."""
    for _ in range(10):
        detail = await visitor.get(f"/events/{slug}")
        seat = next((one for one in reversed(detail["seats"]) if one["free"]), None)
        expect(seat, "a seat is free")
        assert seat is not None
        price = next(one for one in detail["prices"] if one["place"] == "seat")
        wish = {"event": detail["event"]["id"], "seats": [seat["id"]], "seat_price": price["id"]}
        reply = await visitor.ask("POST", "/holds", wish)
        if reply.status != 409:
            hold: dict[str, Any] = allowed(reply, f"POST {API}/holds")
            return hold, wish
    raise Unmet("a seat that is free can be held")
