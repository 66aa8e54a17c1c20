"""Step 3: the co-presenter gets the buyer with the agreed fields only; another organiser gets nothing."""

from __future__ import annotations

import json
from typing import Any

from deploy.local.demo.doors import allowed
from deploy.local.demo.expecting import expect, until
from deploy.local.demo.looking import attendee_of, told_co_presenter
from deploy.local.demo.story import Story

HELD = {"attendee", "event", "purposes", "restricted", "at", "name", "email", "seats"}
"""What the receiver holds of an attendee; `restricted` and `at` are its own notes."""
SENT = {"attendee", "event.id", "event.title", "event.starts_at", "purposes", "name", "email", "seats"}
"""What a registration may carry: all that the purposes need, and no more."""


async def share(story: Story) -> str:
    """One attendee; the answer says what the co-presenter holds."""

    async def look() -> dict[str, Any] | None:
        return await attendee_of(story)

    attendee = await until(look, "the co-presenter's receiver gets the buyer", story.patience)
    story.attendee = attendee["attendee"]
    story.subject = await _known_to_accounts(story)
    await _agreed_fields(story, attendee)
    await _signed_and_no_more(story)
    await _own_desk(story)
    await _other_organiser(story)
    return f"the co-presenter holds {', '.join(sorted(set(attendee) & {'name', 'email', 'seats'}))}, signed"


async def _known_to_accounts(story: Story) -> str:
    """The buyer's own id; accounts learns of a guest by an event, so it may take a moment."""

    async def look() -> str | None:
        reply = await story.visitor.ask("GET", "/me")
        return None if reply.status == 404 else str(allowed(reply, "GET /api/v1/me")["subject"])

    return await until(look, "the buyer can see their own data", story.patience)


async def _agreed_fields(story: Story, attendee: dict[str, Any]) -> None:
    buyer = story.buyer
    expect(set(attendee) == HELD, "the co-presenter holds the fields of the agreed purposes and no others")
    expect(attendee["name"] == buyer.name, "the co-presenter knows whom to receive at the door")
    expect(attendee["email"] == buyer.email, "the co-presenter may write, as the buyer said")
    expect(sorted(attendee["seats"]) == sorted(story.seats), "the co-presenter knows the seats")
    expect(attendee["event"]["id"] == story.event["id"], "the co-presenter knows for which event")
    told = json.dumps(attendee)
    expect(buyer.phone not in told and buyer.phone[3:] not in told, "the co-presenter got no phone number")
    expect(story.subject not in told, "the co-presenter got an id of its own, not the house's")
    organiser = await story.staff("organiser")
    agreements = (await organiser.get("/organiser/agreements"))["agreements"]
    agreed = {purpose for one in agreements for purpose in one["allowed"]}
    expect(set(attendee["purposes"]) == agreed, "the purposes are those that were agreed and allowed")


async def _signed_and_no_more(story: Story) -> None:
    deliveries = await told_co_presenter(story)
    expect(all(one["signature_ok"] for one in deliveries), "every message to the co-presenter is signed")
    registered = [one for one in deliveries if one["type"] == "attendee.registered"]
    expect(registered, "the co-presenter was told of a registration")
    fields = {name for one in registered for name in one["fields"]}
    expect(fields <= SENT, "no registration ever carried another field")


async def _own_desk(story: Story) -> None:
    """The co-presenter's page at the house shows the same person, and that the message was delivered."""
    organiser = await story.staff("organiser")
    listed = (await organiser.get(f"/organiser/attendees?event={story.event['id']}"))["attendees"]
    expect(story.buyer.name in [one["name"] for one in listed], "the co-presenter's door list has the buyer")

    async def look() -> bool | None:
        states = {one["state"] for one in (await organiser.get("/organiser/deliveries"))["deliveries"]}
        return True if states <= {"delivered", "acknowledged"} else None

    await until(look, "every message to the co-presenter is delivered", story.patience)


async def _other_organiser(story: Story) -> None:
    other = await story.staff("organiser_other")
    listed = (await other.get("/organiser/attendees"))["attendees"]
    expect(listed == [], "another organiser gets nobody")
    asked = await other.ask("GET", f"/organiser/attendees?event={story.event['id']}")
    nothing = asked.status in (403, 404) or (asked.json() or {}).get("attendees") == []
    expect(nothing, "another organiser gets nobody of this event, however it asks")
    figures = (await other.get("/organiser/events"))["events"]
    expect(story.event["id"] not in [one["event"]["id"] for one in figures], "nor the event's figures")
    expect((await other.get("/organiser/deliveries"))["deliveries"] == [], "nor any message")
