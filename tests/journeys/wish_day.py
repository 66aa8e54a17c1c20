"""Wish lists through the public API: a stranger's, and that of whoever the house knows, with its link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from deploy.local.demo.doors import Browser
from tests.journeys.knocking import standing

Ask = Callable[..., Awaitable[Any]]
"""Asks an operation ("GET /me/wishes") as somebody, with a body and parts of its path; what it answers."""


async def wishes_and_shows(ask: Ask, stranger: Browser, known: Browser, detail: Mapping[str, Any]) -> None:
    """Every operation of wishes; a stranger is told that reminders and links are for whom the house knows."""
    event = detail["event"]["id"]
    hold = await ask(stranger, "POST /holds", standing(detail))
    await ask(stranger, "DELETE /holds/{hold}", hold=hold["id"])
    for who in (stranger, known):
        assert (await ask(who, "POST /me/wishes", {"event": event}))["events"] == [event]
        assert (await ask(who, "GET /me/wishes"))["events"] == [event]
        heard = await ask(who, "PUT /me/wish-kinds", {"kinds": ["moved"]})
        assert heard.get("kinds") == (None if who is stranger else ["moved"])
        shown = await ask(who, "POST /me/wish-link")
    token = shown["link"]["token"]
    assert await ask(stranger, "GET /wish-lists/{token}", token=token) == {"events": [event]}
    for who in (stranger, known):
        await ask(who, "DELETE /me/wish-link")
        assert (await ask(who, "DELETE /me/wishes/{event}", event=event))["events"] == []
    await ask(stranger, "GET /wish-lists/{token}", token=token)
