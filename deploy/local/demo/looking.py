"""Looks that several steps take: into the inbox, and at what the co-presenter holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from deploy.local.demo.doors import allowed
from deploy.local.demo.story import Story


async def mails(story: Story) -> list[dict[str, Any]]:
    """Mails to the buyer, newest first; one that was delivered twice under one Message-ID counts once."""
    inbox = story.at("inbox")
    listed = allowed(await inbox.page(f"/api/messages?to={story.buyer.email}"), "the inbox")
    found: dict[str, dict[str, Any]] = {}
    for line in listed:
        mail = allowed(await inbox.page(f"/api/messages/{line['id']}"), "the inbox")
        headers = {name.lower(): value for name, value in mail["headers"]}
        found.setdefault(headers.get("message-id", line["id"]), mail)
    return list(found.values())


def has_paper(mail: dict[str, Any]) -> bool:
    """Whether a mail carries a PDF."""
    return any(one["content_type"] == "application/pdf" for one in mail["attachments"])


async def held_by_co_presenter(story: Story) -> list[dict[str, Any]]:
    """All attendees that the co-presenter's receiver holds."""
    found = allowed(await story.at("receiver").page("/api/attendees"), "the receiver")
    attendees: list[dict[str, Any]] = found["attendees"]
    return attendees


async def told_co_presenter(story: Story) -> list[dict[str, Any]]:
    """What reached the co-presenter's receiver since the story began, newest first, without what it said."""
    found = allowed(await story.at("receiver").page("/api/deliveries"), "the receiver")
    return [one for one in found["deliveries"] if datetime.fromisoformat(one["at"]) >= story.began]


async def attendee_of(story: Story) -> dict[str, Any] | None:
    """The buyer as the co-presenter holds them; None where it holds nothing of them."""
    whose = {story.buyer.name, story.buyer.corrected}
    for one in await held_by_co_presenter(story):
        if one["attendee"] == story.attendee or one.get("name") in whose:
            return one
    return None
