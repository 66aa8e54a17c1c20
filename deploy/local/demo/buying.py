"""Step 1: a visitor finds the co-presented event, holds two seats, pays as a guest, sees the tickets."""

from __future__ import annotations

import itertools
from typing import Any
from urllib.parse import urlsplit

from deploy.local.demo.doors import API, Browser, allowed, new_key
from deploy.local.demo.expecting import Unmet, expect, until
from deploy.local.demo.papers import look_at
from deploy.local.demo.story import LANGUAGE, Story

PLACES = 2
WORDING = "checkout.co_presentation_news.v2"


async def buy(story: Story) -> str:
    """Two seats; the answer says which, and what they cost."""
    story.event, story.partner = await find_event(story)
    hold = await hold_two(story.visitor, story.event)
    await _asked_apart(story)
    order = await _ordered(story, hold)
    page = await _paid(story, hold, order)
    story.order = await _with_tickets(story, order["id"], page)
    price = f"{story.order['total_cents'] / 100:.2f} {story.order['currency']}"
    return f"{story.event['title'][LANGUAGE]}: seats {' and '.join(story.seats)} for {price}, order paid"


async def find_event(story: Story) -> tuple[dict[str, Any], str]:
    """The co-presented event and the id of its co-presenter, found as a visitor would."""

    async def look() -> dict[str, Any] | None:
        season = (await story.visitor.get("/events"))["events"]
        asking = (one for one in season for partner in one["partners"] if partner["asks_for_news"])
        return next((one for one in asking if one["state"] == "on_sale"), None)

    # Right after a first start, the agreement with the co-presenter may still be on its way to the shop.
    sentence = "an outside organiser presents an event on sale, and asks for leave to send news"
    event = await until(look, sentence, story.patience)
    shop = await story.visitor.page("/")
    expect(f"/e/{event['slug']}" in shop.text, "the season page leads to the co-presented event")
    expect(look_at(shop.text).language == LANGUAGE, "the season page speaks the visitor's language")
    return event, event["partners"][0]["organisation"]


async def hold_two(visitor: Browser, event: dict[str, Any]) -> dict[str, Any]:
    """Two neighbouring seats; whoever loses the race for them, or the answer, chooses others."""
    for _ in range(10):
        detail = await visitor.get(f"/events/{event['slug']}")
        seats = _neighbours(detail["seats"])
        price = next(price for price in detail["prices"] if price["place"] == "seat")
        wish = {"event": event["id"], "seats": [seat["id"] for seat in seats], "seat_price": price["id"]}
        reply = await visitor.ask("POST", "/holds", wish)
        if reply.status == 409:
            continue
        hold: dict[str, Any] = allowed(reply, f"POST {API}/holds")
        labels = sorted(line["seat"] for line in hold["lines"])
        expect(labels == sorted(seat["label"] for seat in seats), "the hold is for the two chosen seats")
        expect(hold["total_cents"] == PLACES * price["cents"], "the hold costs what the seats cost")
        return hold
    raise Unmet("two free seats can be held")


def _neighbours(seats: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two free seats side by side, or any two; Unmet where the hall is too full."""
    free = [seat for seat in seats if seat["free"]]
    expect(len(free) >= PLACES, "two seats are free (when the hall is sold out: make reset)")
    for one, other in itertools.pairwise(free):
        if one["row"] == other["row"] and other["number"] == one["number"] + 1:
            return [one, other]
    return free[:PLACES]


async def _asked_apart(story: Story) -> None:
    """The co-presenter's question stands apart on the basket page, and nobody answered it for the visitor."""
    sight = look_at((await story.visitor.page("/basket")).text)
    question = f"choice.{story.partner}"
    expect(question in sight.boxes, "the basket page asks apart about the co-presenter's news")
    ticked = [name for name, checked in sight.boxes.items() if checked]
    expect(not ticked, "no box on the basket page is ticked beforehand")


async def _ordered(story: Story, hold: dict[str, Any]) -> dict[str, Any]:
    """The order of a guest, who says yes to the co-presenter's news; asked twice, placed once."""
    buyer, key = story.buyer, new_key()
    choice = {"purpose": "co_presentation_news", "organisation": story.partner, "given": True}
    checkout = {
        "hold": hold["id"],
        "name": buyer.name,
        "email": buyer.email,
        "phone": buyer.phone,
        "locale": LANGUAGE,
        "choices": [{**choice, "wording": WORDING}],
    }
    order: dict[str, Any] = await story.visitor.post("/orders", checkout, key)
    expect(order["state"] == "placed", "the order waits for its payment")
    again = await story.visitor.post("/orders", checkout, key)
    expect(again["id"] == order["id"], "the same checkout under the same key is the same order")
    expect(order["checkout_url"], "the order says where to pay")
    expect(_origin(order["checkout_url"]) == _origin(story.house.endpoints["mollie"]), "payment is at Mollie")
    return order


async def _paid(story: Story, hold: dict[str, Any], order: dict[str, Any]) -> str:
    """Pays at the hosted page and follows the way back; the path of the order page."""
    mollie = story.at("mollie")
    hosted = await mollie.page(order["checkout_url"])
    expect(hosted.status == 200, "the hosted payment page opens")
    chosen = await mollie.form(order["checkout_url"], {"status": "paid"})
    expect(chosen.status == 303, "after paying, the payment page sends the buyer back")
    expect(chosen.location.endswith(f"/back/{hold['id']}"), "the way back names the hold and no person")
    back = await story.visitor.page(chosen.location)
    expect(back.location.endswith(f"/order/{order['id']}"), "the way back ends at the buyer's own order")
    return back.location


async def _with_tickets(story: Story, order: str, page: str) -> dict[str, Any]:
    """The order once it is paid and has its tickets, on its page too."""

    async def look() -> dict[str, Any] | None:
        seen: dict[str, Any] = await story.visitor.get(f"/orders/{order}")
        return seen if seen["tickets"] and seen["state"] == "paid" else None

    paid = await until(look, "the order is paid and has its tickets", story.patience)
    expect(paid["payment"] == "paid", "the payment is paid")
    expect(len(paid["tickets"]) == PLACES, "the order has two tickets")
    expect(len({ticket["code"] for ticket in paid["tickets"]}) == PLACES, "each ticket has its own code")
    seats = sorted(line["seat"] for line in paid["lines"])
    expect(
        sorted(ticket["seat"] for ticket in paid["tickets"]) == seats, "the tickets are for the seats held"
    )
    text = look_at((await story.visitor.page(page)).text).text
    expect(all(seat in text for seat in seats), "the order page shows both seats")
    stranger = await story.at_shop().ask("GET", f"/orders/{order}")
    expect(stranger.status in (401, 403, 404), "a stranger does not see the order")
    return paid


def _origin(address: str) -> str:
    return urlsplit(address).netloc
