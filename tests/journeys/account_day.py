"""A day with an account through the public API: from asking for one to logging out everywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from deploy.local.demo.doors import Browser
from deploy.local.demo.story import Buyer
from tests.conftest import House
from tests.journeys.mailbox import link

Ask = Callable[..., Awaitable[Any]]
"""Asks an operation ("GET /me/account") as somebody, with a body and parts of its path; what it answers."""
GOOD, OTHER = "drie natte zeehonden", "vier droge parasols"


async def lives_with_an_account(
    ask: Ask, house: House, guest: Callable[[str], Browser], buyers: Callable[[], Buyer]
) -> None:
    """Every operation of the account, each of which is answered well."""
    person, moved, owner = buyers(), buyers().email, guest("nl")

    async def token(email: str, subject: str) -> str:
        return (await link(house, email, subject)).rsplit("/", 1)[-1]

    await ask(owner, "POST /registrations", {"email": person.email})
    opening = await token(person.email, "Open je account")
    await ask(owner, "POST /letters", {"token": opening})
    await ask(owner, "POST /passwords/strength", {"password": GOOD, "words": [person.email]})
    await ask(owner, "POST /accounts", {"token": opening, "name": person.name, "password": GOOD})
    await ask(owner, "POST /letters", {"token": opening})
    await ask(owner, "PUT /me/password", {"current": GOOD, "password": OTHER})
    await ask(owner, "POST /me/email", {"email": moved, "password": OTHER})
    for email, subject in ((moved, "nieuwe e-mailadres"), (person.email, "ander e-mailadres")):
        await ask(owner, "POST /emails", {"token": await token(email, subject)})
    await ask(owner, "POST /password-resets", {"email": moved})
    again = guest("nl")
    renewal = {"token": await token(moved, "nieuw wachtwoord"), "password": GOOD}
    await ask(again, "POST /passwords", renewal)
    await ask(guest("nl"), "POST /sessions", {"user": moved, "password": GOOD})
    known = await ask(again, "GET /me/account")
    other = next(one["id"] for one in known["sessions"] if not one["current"])
    await ask(again, "DELETE /me/sessions/{session}", session=other)
    await ask(again, "DELETE /me/sessions")
