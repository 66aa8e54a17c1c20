"""Step 4: the counter sells to a walk-in for cash; the door admits a ticket once and refuses it then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from deploy.local.demo.doors import Browser, new_key
from deploy.local.demo.expecting import Unmet, expect, until
from deploy.local.demo.papers import codes_in_pdf
from deploy.local.demo.story import Story

CLOCKS_APART = timedelta(seconds=2)


async def sell_and_admit(story: Story) -> str:
    """One ticket sold at the counter, on paper, through the door; the answer says what the door said."""
    clerk = await story.staff("box_office")
    event, price = await _with_standing(clerk)
    sale = await _sold(clerk, event, price)
    [ticket] = sale["tickets"]
    await _on_paper(story, clerk, sale["id"], ticket["code"])
    steward = await story.staff("steward")
    inside = (await steward.get(f"/door/events/{event['id']}"))["inside"]
    first = await admitted(story, steward, event["id"], ticket["code"])
    await _refused_second(story, steward, event["id"], ticket["code"], first)
    count = (await steward.get(f"/door/events/{event['id']}"))["inside"]
    expect(count == inside + 1, "the door counts one more inside")
    selling = await steward.ask("POST", "/counter/sales", _wish(event, price), new_key())
    expect(selling.status == 403, "whoever works at the door cannot sell")
    return (
        f"a standing place for {price['cents'] / 100:.2f} in cash; admitted at {first:%H:%M:%S}, then refused"
    )


async def _with_standing(clerk: Browser) -> tuple[dict[str, Any], dict[str, Any]]:
    """An event on sale with a free standing place, and the price of it."""
    for event in (await clerk.get("/events"))["events"]:
        if event["state"] == "on_sale":
            detail = await clerk.get(f"/events/{event['slug']}")
            if detail["standing_free"]:
                return event, next(one for one in detail["prices"] if one["place"] == "standing")
    raise Unmet("an event on sale has a free standing place (when all are sold: make reset)")


def _wish(event: dict[str, Any], price: dict[str, Any]) -> dict[str, Any]:
    places = [{"price": price["id"], "quantity": 1}]
    return {"event": event["id"], "standing": places, "method": "cash"}


async def _sold(clerk: Browser, event: dict[str, Any], price: dict[str, Any]) -> dict[str, Any]:
    key = new_key()
    sale: dict[str, Any] = await clerk.post("/counter/sales", _wish(event, price), key)
    expect((sale["state"], sale["payment"]) == ("paid", "paid"), "the counter sale is paid")
    expect(sale["total_cents"] == price["cents"], "the walk-in paid the price of one standing place")
    expect(len(sale["tickets"]) == 1, "the walk-in has one ticket")
    expect(not {"name", "email", "phone"} & set(sale), "nobody asked the walk-in for a name")
    again = await clerk.post("/counter/sales", _wish(event, price), key)
    expect(again["id"] == sale["id"], "a doubled click at the counter sells once")
    return sale


async def _on_paper(story: Story, clerk: Browser, order: str, code: str) -> None:
    async def look() -> bytes | None:
        reply = await clerk.ask("GET", f"/orders/{order}/tickets.pdf")
        return reply.body if reply.status == 200 else None

    pdf = await until(look, "the counter can print the ticket", story.patience)
    expect(codes_in_pdf(pdf) == [code], "the printed code is the ticket's")


async def admitted(story: Story, steward: Browser, event: str, code: str) -> datetime:
    """Scan a ticket that was not used yet; the moment of its admission, as the door would tell it later.

    Where the answer of the first scan was lost on the way, the repetition must name a moment after it.
    """
    began = story.now()
    reply = await steward.ask("POST", "/door/admissions", {"event": event, "code": code})
    answer = reply.json() or {}
    if answer.get("reason") == "already_admitted" and reply.tries > 1:
        at = datetime.fromisoformat(answer["first_admitted_at"])
        expect(at >= began - CLOCKS_APART, "a repeated scan is refused because of itself only")
        return at
    expect(answer.get("admitted") is True, "the door admits a ticket that was not used yet")
    expect(answer["reason"] == "welcome", "the door says welcome")
    return began


async def _refused_second(story: Story, steward: Browser, event: str, code: str, first: datetime) -> None:
    answer = await steward.post("/door/admissions", {"event": event, "code": code})
    expect(answer["admitted"] is False, "the door refuses the second scan")
    expect(answer["reason"] == "already_admitted", "the door says that the ticket was used")
    expect(answer["first_admitted_at"], "the refusal names the time of the first scan")
    at = datetime.fromisoformat(answer["first_admitted_at"])
    expect(
        first - CLOCKS_APART <= at <= story.now() + CLOCKS_APART,
        "the time of the first scan is right",
    )
