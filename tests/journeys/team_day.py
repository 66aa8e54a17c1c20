"""Somebody comes to work for the house and leaves again, through the public API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from deploy.local.demo.doors import Browser
from deploy.local.demo.story import Buyer
from tests.conftest import House
from tests.journeys.mailbox import link

Ask = Callable[..., Awaitable[Any]]
GOOD = "drie natte zeehonden"


async def comes_and_goes(ask: Ask, house: House, chief: Browser, newcomer: Browser, person: Buyer) -> None:
    """Every operation of the team and of one's own invitations, each of which is answered well."""
    await ask(newcomer, "POST /registrations", {"email": person.email})
    token = (await link(house, person.email, "Open je account")).rsplit("/", 1)[-1]
    await ask(newcomer, "POST /accounts", {"token": token, "name": person.name, "password": GOOD})
    invite, one = {"email": person.email, "role": "steward"}, "/team/invitations/{invitation}"
    gone = await ask(chief, "POST /team/invitations", invite)
    await ask(chief, f"DELETE {one}", invitation=gone["id"])
    kept = (await ask(chief, "POST /team/invitations", invite))["id"]
    assert [own["id"] for own in (await ask(newcomer, "GET /me/invitations"))["invitations"]] == [kept]
    await ask(newcomer, "POST /me/invitations/{invitation}", {"accept": True}, invitation=kept)
    member = await ask(chief, f"POST {one}/role", invitation=kept)
    team = await ask(chief, "GET /team")
    assert member["subject"] in [known["subject"] for known in team["members"]]
    await ask(chief, "POST /team/members/{subject}/review", subject=member["subject"])
    await ask(chief, "DELETE /team/members/{subject}", subject=member["subject"])
