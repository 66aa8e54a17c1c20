"""People come to work here, and an organisation comes to sell here, through the public API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from deploy.local.demo.doors import Browser
from deploy.local.demo.story import Buyer
from tests.choir import SIGN_UP
from tests.conftest import House
from tests.journeys.knocking import Doors
from tests.journeys.mailbox import link
from tests.journeys.team_day import comes_and_goes

Ask = Callable[..., Awaitable[Any]]
GOOD = "vier droge parasols"


async def come_to_work_and_to_sell(ask: Ask, doors: Doors) -> None:
    """Every operation of the team, of the house about organisations, and of an organisation about itself."""
    chief, house = await doors.staff("administrator"), doors.house
    await comes_and_goes(ask, house, chief, doors.guest("nl"), doors.buyer())
    await comes_to_sell(ask, house, chief, doors.guest("nl"), doors.buyer())
    organiser = await doors.staff("organiser")
    await keeps_its_data(ask, organiser)
    await helps_and_leaves(ask, house, organiser, doors.guest("nl"), doors.buyer())
    await keeps_keys(ask, organiser)
    await renews_its_secret(ask, organiser)


async def opens_account(ask: Ask, house: House, who: Browser, person: Buyer) -> None:
    """An account at the address of this person."""
    await ask(who, "POST /registrations", {"email": person.email})
    token = (await link(house, person.email, "Open je account")).rsplit("/", 1)[-1]
    await ask(who, "POST /accounts", {"token": token, "name": person.name, "password": GOOD})


async def comes_to_sell(ask: Ask, house: House, chief: Browser, owner: Browser, person: Buyer) -> None:
    """Every operation of signing up and of the house's desk, each of which is answered well."""
    await opens_account(ask, house, owner, person)
    mine = await ask(owner, "POST /me/organisation", SIGN_UP)
    assert (await ask(owner, "GET /me/organisation"))["id"] == mine["id"]
    listed = (await ask(chief, "GET /organisations"))["organisations"]
    assert mine["id"] in [one["id"] for one in listed if one["to_look_at"]]
    one = "/organisations/{organisation}"
    assert (await ask(chief, f"GET {one}", organisation=mine["id"]))["contact_email"] == person.email
    verify = {"decision": "verify"}
    made = await ask(chief, f"POST {one}/decision", verify, organisation=mine["id"])
    assert made["state"] == "verified"


async def keeps_its_data(ask: Ask, organiser: Browser) -> None:
    """What an organisation says about itself."""
    own = await ask(organiser, "GET /organisation")
    facts = own["facts"] | {"phone": "+32 59 55 01 01"}
    assert (await ask(organiser, "PUT /organisation", facts))["facts"]["phone"] == facts["phone"]


async def helps_and_leaves(ask: Ask, house: House, owner: Browser, newcomer: Browser, person: Buyer) -> None:
    """Every operation about who acts for an organisation."""
    await opens_account(ask, house, newcomer, person)
    invite, one = {"email": person.email}, "/organisation/invitations/{invitation}"
    gone = await ask(owner, "POST /organisation/invitations", invite)
    await ask(owner, f"DELETE {one}", invitation=gone["id"])
    kept = (await ask(owner, "POST /organisation/invitations", invite))["id"]
    await ask(newcomer, "POST /me/invitations/{invitation}", {"accept": True}, invitation=kept)
    member = await ask(owner, f"POST {one}/role", invitation=kept)
    people = await ask(owner, "GET /organisation/members")
    assert member["subject"] in [known["subject"] for known in people["members"]]
    await ask(owner, "DELETE /organisation/members/{subject}", subject=member["subject"])


async def keeps_keys(ask: Ask, owner: Browser) -> None:
    """Every operation about keys; what they open is tried in tests/journeys/test_keys.py."""
    wish = {"name": "Scanner", "scopes": ["attendees"]}
    made = (await ask(owner, "POST /organisation/keys", wish))["key"]
    assert made["id"] in [one["id"] for one in (await ask(owner, "GET /organisation/keys"))["keys"]]
    await ask(owner, "DELETE /organisation/keys/{api_key}", api_key=made["id"])


async def renews_its_secret(ask: Ask, owner: Browser) -> None:
    """Where messages go, and what signs them: the receiver of this house goes on with the secret it has."""
    made = await ask(owner, "POST /organiser/endpoint/secret")
    told = await ask(owner, "GET /organiser/endpoint")
    assert (told["secret_end"], told["two_count"]) == (made["secret"][-4:], True)
