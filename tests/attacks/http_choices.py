"""Choices: links that nobody signed, scanners that follow one, and what another person chose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

from aiohttp import web

from chassis.clock import SystemClock
from chassis.tokens import SIGN_OFF_AUDIENCE, Key, LinkSigner, read_keys
from contracts.actors import Actor, Role
from services.accounts.store import choices
from services.gateway.entrypoints.pages.signing_off import SigningOff
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.http_gateway import COOKIE
from tests.attacks.http_tokens import OWN_PEM, OWN_PUBLIC
from tests.attacks.http_wall import Answered, Careless, ask, http_attack

CHOICES, NEWSLETTER = "/people/me/choices", "newsletter"


async def _as(ground: Ground, who: UUID, method: str, path: str, body: object = None) -> Answered:
    token = ground.token(Actor(Role.VISITOR, who), "accounts", "gateway")
    return await ask(method, ground.doors["accounts"] + path, body=body, token=token)


async def _gives(ground: Ground) -> UUID:
    """Somebody who consents to the newsletter."""
    who = uuid4()
    (await _as(ground, who, "POST", CHOICES, {"purpose": NEWSLETTER, "state": "given"})).granted()
    return who


async def _signed_off(ground: Ground, who: UUID) -> str:
    (choice,) = (await _as(ground, who, "GET", CHOICES)).granted()["choices"]
    if choice["state"] == "given":
        raise Held("the consent stands as it was given")
    return "somebody off a list that they wanted to be on"


def _link(ground: Ground, who: UUID, key: bytes | None = None) -> str:
    pem = key or (ground.instance.secrets / "notify" / "signing.pem").read_bytes()
    return LinkSigner(pem).sign_off(who, "nl", NEWSLETTER, SystemClock().now(), 30)


async def _forged(ground: Ground) -> str:
    who = await _gives(ground)
    await ask("POST", f"{ground.doors['gateway']}/u/{_link(ground, who, OWN_PEM)}")
    return await _signed_off(ground, who)


async def _scanned(ground: Ground) -> str:
    who = await _gives(ground)
    await ask("GET", f"{ground.doors['gateway']}/u/{_link(ground, who)}")
    return await _signed_off(ground, who)


async def _let_in(ground: Ground) -> str:
    answer = await ask("GET", f"{ground.doors['gateway']}/l/{_link(ground, ground.someone.subject)}")
    if COOKIE not in answer.cookies:
        raise Held(f"{answer.status}: it signs off and does nothing else")
    return "everything about somebody, by the link at the foot of a mail that they forwarded"


async def _receipt(ground: Ground) -> str:
    owner = await _gives(ground)
    (choice,) = (await _as(ground, owner, "GET", CHOICES)).granted()["choices"]
    told = await _as(ground, uuid4(), "GET", f"/people/me/receipts/{choice['id']}")
    return f"{len(told.granted()['@graph']) - 1} proof of what another person chose"


class _Eager(SigningOff):
    """A page that acts as soon as it is looked at."""

    async def ask(self, request: web.Request) -> web.Response:
        """GET does what only POST should do."""
        return await self.act(request)


def _with_own(folder: Path) -> tuple[Key, ...]:
    return (*read_keys(folder), Key("notify", OWN_PUBLIC.thumbprint(), OWN_PUBLIC))


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    everybody = choices.RECORDS.replace("c.subject_id = $1 AND", "$1::uuid IS NOT NULL AND")
    return (
        http_attack(
            "a forged link to sign off",
            "others off the lists that they want to be on",
            "only notify's key signs the links of mails",
            _forged,
            Careless("gateway", (("services.gateway.app", "read_keys", _with_own),)),
        ),
        http_attack(
            "a scanner that follows links",
            "people off a list by reading their mail",
            "a link that is looked at signs nobody off (RFC 8058)",
            _scanned,
            Careless("gateway", (("services.gateway.entrypoints.pages.doors", "SigningOff", _Eager),)),
        ),
        http_attack(
            "a link to sign off, followed further",
            "to read and change somebody's data",
            "a link that signs off opens no session",
            _let_in,
            Careless("gateway", (("chassis.tokens", "LINK_AUDIENCE", SIGN_OFF_AUDIENCE),)),
        ),
        http_attack(
            "the proof of another's choice",
            "what somebody said yes and no to",
            "a record is found by its person only",
            _receipt,
            Careless("accounts", (("services.accounts.store.choices", "RECORDS", everybody),)),
        ),
    )
