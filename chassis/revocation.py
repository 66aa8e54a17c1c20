"""Who may no longer act: heard from accounts, kept in a table, read each second (G-71)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis.clock import Clock
from chassis.heard import Heard, Subscription
from chassis.tokens import LIFETIME, Revocations
from chassis.work import Workplace
from contracts.accounts.events import ActorRevokedV1
from contracts.actors import SYSTEM

PURPOSE = "security"
REFRESH = timedelta(seconds=1)
_MARGIN = timedelta(minutes=1)
_COMMITTED_WITHIN = timedelta(seconds=2)
"""Until the revocation is committed accounts still signs: what was signed meanwhile must not count either."""
_REMEMBER = """
INSERT INTO revoked_actor (actor, revoked_at, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (actor) DO UPDATE
SET revoked_at = greatest(revoked_actor.revoked_at, excluded.revoked_at),
    expires_at = greatest(revoked_actor.expires_at, excluded.expires_at)
"""
_READ = "SELECT actor, revoked_at FROM revoked_actor WHERE expires_at > $1"


def revocation_subscriptions(work: Workplace) -> list[Subscription]:
    """The subscription that every service has: accounts.actor.revoked fills its table."""

    async def remember(heard: Heard[Any]) -> None:
        async with work(PURPOSE, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            expires = heard.at + LIFETIME + _MARGIN
            await tx.execute(_REMEMBER, heard.event.actor, heard.at + _COMMITTED_WITHIN, expires)

    return [Subscription(ActorRevokedV1, PURPOSE, remember)]


async def refresh(work: Workplace, revocations: Revocations, clock: Clock) -> None:
    """Read the table anew; the timer of each service does so every second."""
    rows = await work.once(PURPOSE, SYSTEM).fetch(_READ, clock.now())
    revocations.replace({row["actor"]: row["revoked_at"] for row in rows})
