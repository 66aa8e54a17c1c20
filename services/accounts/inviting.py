"""Whose account a session opens, and which roles wait for it."""

from __future__ import annotations

from chassis.work import Work, Workplace
from contracts.accounts.team import OwnInvitation, OwnInvitations
from contracts.actors import Actor
from services.accounts.store import sessions, team
from services.accounts.store.sessions import Own
from services.accounts.visiting import hashed


async def account_of(work: Workplace, actor: Actor, secret: str) -> Own | None:
    """The account that a session belongs to, or None where it has ended."""
    async with work("account", actor) as tx:
        return await sessions.own(tx, hashed(secret), tx.now)


async def waiting_for(tx: Work, own: Own) -> OwnInvitations:
    """Roles that wait for this account."""
    found = await team.own(tx, own.subject, own.user_key, tx.now)
    return OwnInvitations(
        invitations=tuple(
            OwnInvitation.model_validate(
                {
                    "id": one.id,
                    "role": one.role,
                    "organisation": one.organisation,
                    "owner": one.owner,
                    "expires_at": one.expires_at,
                    "accepted": one.accepted,
                }
            )
            for one in found
        )
    )
