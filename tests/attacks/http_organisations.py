"""Organisations: people and programs of one that reach for another, and colleagues who would own it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from contracts.actors import Actor, Role
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.http_doors import allowing
from tests.attacks.http_wall import Careless, Off, ask, http_attack, opened, rerouted
from tests.attacks.sql_wall import down, policy

INVITATIONS = "/organisation/invitations"
READS = ("appointment", "invitation")


def _owner(ground: Ground, organisation: UUID) -> str:
    return ground.token(Actor(Role.ORGANISER, uuid4(), organisation, owner=True), "accounts")


async def _walked(ground: Ground) -> str:
    """Whoever owns one organisation asks for the people of all."""
    url, other = ground.doors["accounts"] + "/organisation/members", ground.facts["other"]
    found = (await ask("GET", url, _owner(ground, other))).granted()["members"]
    if len(found) <= 1:
        raise Held("its own people are there, and nobody else")
    return f"names and addresses of {len(found)} people who work elsewhere"


def _people_of_all() -> Off:
    wider = [policy(table, "accounts__organiser_service", "SELECT") for table in READS]
    return lambda ground: down(ground, "accounts", wider)


async def _makes_owners(ground: Ground) -> str:
    """A colleague invites an address of their own to own the organisation."""
    colleague = ground.token(Actor(Role.ORGANISER, uuid4(), ground.someone.partner), "accounts")
    wish = {"email": f"zelf.{uuid4().hex[:8]}@elders.example", "owner": True}
    made = (await ask("POST", ground.doors["accounts"] + INVITATIONS, colleague, wish)).granted()
    return "an organisation of one's own, one mail away" if made["owner"] else ""


async def _stolen(ground: Ground) -> str:
    """Somebody with an account answers an invitation that went to another address."""
    accounts, login = ground.doors["accounts"], ground.endpoints["logins"]["visitor_two"]
    wish = {"email": f"iemand.{uuid4().hex[:8]}@elders.example", "owner": True}
    made = await ask("POST", accounts + INVITATIONS, _owner(ground, ground.facts["other"]), wish)
    words = {"user": login["user"], "password": login["password"]}
    mine = (await ask("POST", accounts + "/sessions", body=words)).granted()["secret"]
    said, invitation = {"secret": mine, "accept": True}, made.granted()["id"]
    answer = (await ask("POST", f"{accounts}/account/invitations/{invitation}", body=said)).granted()
    taken = invitation in [one["id"] for one in answer["invitations"] if one["accepted"]]
    return "a role that was offered to somebody else" if taken else ""


async def _anybody_accepts(sql: Any, invitation: UUID, subject: UUID, _key: str, _now: datetime) -> bool:
    taken = "UPDATE invitation SET subject_id = $2 WHERE id = $1"
    return bool(await sql.execute(taken, invitation, subject) == 1)


async def _program(ground: Ground) -> str:
    """A key for the door list asks what only people may see."""
    program = ground.token(Actor(Role.ORGANISER_KEY, uuid4(), ground.someone.partner), "sharing")
    found = (await ask("GET", ground.doors["sharing"] + "/deliveries", program)).granted()["deliveries"]
    return f"{len(found)} deliveries, by a key that is for the door list"


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    delivered = "co_presentation_administration"
    return (
        http_attack(
            "the people of another organisation",
            "who works for everybody else",
            "an organisation's purpose stops at the row policy",
            _walked,
            _people_of_all(),
        ),
        http_attack(
            "owning an organisation by oneself",
            "to decide about an organisation",
            "only an owner lets others act",
            _makes_owners,
            Careless("accounts", routes=rerouted(INVITATIONS, owner=False)),
        ),
        http_attack(
            "an invitation to an organisation, overheard",
            "a role that somebody else was offered",
            "an invitation is answered in the account of its address, and nowhere else",
            _stolen,
            Careless("accounts", (("services.accounts.store.team", "accept", _anybody_accepts),)),
        ),
        http_attack(
            "a key of an organisation beyond its scope",
            "everything that an organisation sees",
            "the role of keys opens what a scope names, and no more",
            _program,
            Careless(
                "sharing",
                (allowing(delivered, Role.ORGANISER_KEY),),
                routes=opened("/deliveries", Role.ORGANISER_KEY),
            ),
        ),
    )
