"""A day with an account through the public API: from asking for one to logging out everywhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from deploy.local.demo.doors import Browser
from deploy.local.demo.second_step import code_of
from deploy.local.demo.story import Buyer
from tests.accounts.authenticator import Authenticator
from tests.conftest import House
from tests.journeys.knocking import Doors, by_letter, link_of
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
    told = {"birth_date": "1984-02-29", "town": "Zee", "country": "BE"}
    assert (await ask(again, "PUT /me/profile", told))["town"] == "Zee"
    assert (await ask(again, "GET /me/profile"))["birth_date"] == "1984-02-29"
    await ask(guest("nl"), "POST /sessions", {"user": moved, "password": GOOD})
    await ask(again, "POST /me/proof", {"password": GOOD})
    await _takes_a_second_step(ask, guest, again, {"user": moved, "password": GOOD})
    await _takes_a_passkey(ask, house, guest, again)
    known = await ask(again, "GET /me/account")
    other = next(one["id"] for one in known["sessions"] if not one["current"])
    await ask(again, "DELETE /me/sessions/{session}", session=other)
    await ask(again, "DELETE /me/sessions")


async def _takes_a_second_step(
    ask: Ask, guest: Callable[[str], Browser], owner: Browser, words: dict[str, str]
) -> None:
    """An app is added, used with a recovery code beside it, and taken away again."""
    offer = await ask(owner, "POST /me/apps/offer")
    app = {"offer": offer["offer"], "code": code_of({"totp": offer["key"]}), "name": "Telefoon"}
    await ask(owner, "POST /me/apps", app)
    codes = await ask(owner, "POST /me/recovery-codes")
    back = guest("nl")
    told = await ask(back, "POST /sessions", words)
    answer = {"challenge": told["facts"]["challenge"], "code": codes["recovery_codes"][0]}
    await ask(back, "POST /sessions/factor", answer)
    known = await ask(owner, "GET /me/account")
    await ask(owner, "DELETE /me/factors/{factor}", factor=known["factors"][0]["id"])


async def _takes_a_passkey(ask: Ask, house: House, guest: Callable[[str], Browser], owner: Browser) -> None:
    """A passkey is made and opens a session by itself."""
    device, back = Authenticator(origin=house.endpoints["shop"].rstrip("/")), guest("nl")
    offer = await ask(owner, "POST /me/passkeys/offer")
    made = {"challenge": offer["challenge"], "credential": device.make(offer["options"])}
    await ask(owner, "POST /me/passkeys", {**made, "name": "Telefoon"})
    told = await ask(back, "POST /passkeys/challenge")
    signed = {"challenge": told["challenge"], "credential": device.sign(told["options"])}
    await ask(back, "POST /sessions/passkey", signed)


async def names_the_tickets(ask: Ask, letter: Browser, order: str) -> None:
    """A name on each ticket of an order."""
    known = await ask(letter, "GET /orders/{order}/holders", order=order)
    names = {"holders": [{"ticket": one["ticket"], "name": "Lore"} for one in known["tickets"]]}
    await ask(letter, "PUT /orders/{order}/holders", names, order=order)


async def keeps_a_guests_order(ask: Ask, doors: Doors, buyer: Buyer) -> Browser:
    """Somebody who logged in keeps an order by the link of its mail; whoever came in by that link before."""
    letter = await by_letter(doors, buyer)
    keeper, login = doors.guest(), doors.house.endpoints["logins"]["visitor_two"]
    await keeper.post("/sessions", {name: login[name] for name in ("user", "password")})
    mail = await link_of(doors, buyer)
    assert mail is not None
    await ask(keeper, "POST /me/guests", {"link": mail.rpartition("/")[2]})
    return letter
