"""The gate: what a person chose, kept in every service's own database and asked before each use.

Consent denies without a row, objection allows without one; a restriction (Art. 18) denies all but storage,
rights, legal duty and claims. The owner numbers versions, so reordered news cannot bring an old choice back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from chassis.charter import KEEPING_CHOICES
from chassis.heard import Heard, Subscription
from chassis.purposes import known_purposes
from chassis.work import Sql, Work, Workplace
from contracts.accounts.events import ChoiceSetV1, ProtectionSetV1
from contracts.actors import SYSTEM
from contracts.retention.events import RestrictionSetV1

EVERYTHING = "*"
EVERY_CHANNEL = "*"
RESTRICTED = "restricted"
PROTECTION = "protection"
"""The purpose under which stands that somebody is shielded (F-70)."""
GIVEN = "given"
STANDING = """
SELECT purpose, state FROM gate WHERE subject = $1 AND (
    purpose IN ('*', 'protection')
    OR (purpose = $2 AND (organisation IS NULL OR organisation = $3) AND channel IN ($4, '*'))
)
"""
REMEMBER = """
INSERT INTO gate AS known (subject, purpose, organisation, channel, state, version)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT ON CONSTRAINT gate_one_row DO UPDATE SET state = excluded.state, version = excluded.version
WHERE known.version < excluded.version
"""
AT_CHECKOUT = """
INSERT INTO gate (subject, purpose, organisation, channel, state, version) VALUES ($1, $2, $3, $4, $5, 0)
ON CONFLICT DO NOTHING
"""


async def allowed(sql: Sql, subject: UUID, purpose: str, organisation: UUID | None, channel: str) -> bool:
    """Whether this person may be seen for this purpose, by this organisation, on this channel.

    Ask with the connection of that purpose, or of one whose charter says `sees_choices_of`. KeyError for a
    purpose that the house does not know.
    """
    known = known_purposes()[purpose]
    rows = await sql.fetch(STANDING, subject, purpose, organisation, channel)
    restricted = any(row["purpose"] == EVERYTHING and row["state"] == RESTRICTED for row in rows)
    if (restricted and not known.survives_restriction) or (known.hides_protected and _shielded(rows)):
        return False
    return _chosen(known.gate, [row["state"] for row in rows if row["purpose"] == purpose])


async def may_store(sql: Sql, subject: UUID, purpose: str, organisation: UUID | None, channel: str) -> bool:
    """Whether data may be kept for this purpose: a restriction hides what it lets be stored (Art. 18(2)).

    Of whoever is protected nothing is stored for a purpose that hides them. Whoever reads asks nothing: row
    policies show no one who may not be seen.
    """
    rows = await sql.fetch(STANDING, subject, purpose, organisation, channel)
    states = [row["state"] for row in rows if row["purpose"] == purpose]
    known = known_purposes()[purpose]
    return _chosen(known.gate, states) and not (known.hides_protected and _shielded(rows))


def _shielded(rows: Sequence[Any]) -> bool:
    return any(row["purpose"] == PROTECTION and row["state"] == RESTRICTED for row in rows)


def _chosen(gate: str, states: Sequence[str]) -> bool:
    if gate == "consent":
        return GIVEN in states and all(state in (GIVEN, "lifted") for state in states)
    if gate == "objection":
        return all(state in (GIVEN, "lifted") for state in states)
    return True


async def choose_at_checkout(
    sql: Sql, subject: UUID, purpose: str, organisation: UUID | None, channel: str, state: str
) -> bool:
    """Write a choice that was just made, as version 0: anything that accounts has numbered wins.

    Whether it was written. In the transaction of the sale, whose charter grants the insert into the gate.
    """
    return await sql.execute(AT_CHECKOUT, subject, purpose, organisation, channel, state) == 1


async def is_restricted(sql: Sql, subject: UUID) -> bool:
    """Whether somebody's data is only stored now (Art. 18), for a purpose that sees all choices."""
    rows = await sql.fetch(STANDING, subject, EVERYTHING, None, EVERY_CHANNEL)
    return any(row["purpose"] == EVERYTHING and row["state"] == RESTRICTED for row in rows)


async def is_protected(sql: Sql, subject: UUID) -> bool:
    """Whether somebody is shielded (F-70), for a purpose that may know of it."""
    return _shielded(await sql.fetch(STANDING, subject, PROTECTION, None, EVERY_CHANNEL))


AlsoOnRestriction = Callable[[Work, RestrictionSetV1], Awaitable[None]]
"""The same for a restriction, or its end."""
AlsoOnChoice = Callable[[Work, ChoiceSetV1], Awaitable[None]]
"""What a service does besides when a choice became the standing one, in the transaction that keeps it."""


def gate_subscriptions(
    work: Workplace,
    purpose: str = KEEPING_CHOICES,
    also: AlsoOnChoice | None = None,
    also_restricted: AlsoOnRestriction | None = None,
) -> list[Subscription]:
    """What fills the gate: accounts.choice.set and retention.restriction.set.

    `also` and `also_restricted` hear what is newer than what stood there, nothing late or repeated.
    """

    async def choice(heard: Heard[Any]) -> None:
        event: ChoiceSetV1 = heard.event
        async with work(purpose, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                row = (event.subject, event.purpose, event.organisation, event.channel, event.state)
                newer = await tx.execute(REMEMBER, *row, event.version)
                if newer and also is not None:
                    await also(tx, event)

    async def restriction(heard: Heard[Any]) -> None:
        event: RestrictionSetV1 = heard.event
        state = RESTRICTED if event.restricted else "lifted"
        async with work(purpose, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                row = (event.subject, EVERYTHING, None, EVERY_CHANNEL, state)
                newer = await tx.execute(REMEMBER, *row, event.version)
                if newer and also_restricted is not None:
                    await also_restricted(tx, event)

    return [Subscription(ChoiceSetV1, purpose, choice), Subscription(RestrictionSetV1, purpose, restriction)]


def protection_subscription(
    work: Workplace, then: Callable[[Heard[ProtectionSetV1]], Awaitable[None]] | None = None
) -> Subscription:
    """What keeps who is protected, in services that hide somebody for it and in no other (F-70).

    `then` follows each letter, new or repeated, in transactions of its own.
    """

    async def protection(heard: Heard[Any]) -> None:
        event: ProtectionSetV1 = heard.event
        state = RESTRICTED if event.protected else "lifted"
        async with work(KEEPING_CHOICES, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                row = (event.subject, PROTECTION, None, EVERY_CHANNEL, state)
                await tx.execute(REMEMBER, *row, event.version)
        if then is not None:
            await then(heard)

    return Subscription(ProtectionSetV1, KEEPING_CHOICES, protection)
