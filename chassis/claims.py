"""Guests that somebody keeps in their account: one person under several random ids.

Rows of a guest stay where they are, so that letters may come late and a recipient's id keeps its meaning.
Every service knows which guests are whose: what an account sees, takes along or has erased is theirs
too. A guest's own link opens no more than it always did. See docs/decisions/0057.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from contracts.actors import Actor, Role

GUESTS = "SELECT guest FROM claimed_guest WHERE account = $1 ORDER BY guest"
ACCOUNT = "SELECT account FROM claimed_guest WHERE guest = $1"
IS_ONE = "SELECT EXISTS (SELECT FROM claimed_guest WHERE guest = $1 AND account = $2)"
KEEP = "INSERT INTO claimed_guest (guest, account, claimed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"


async def keep(sql: Sql, guest: UUID, account: UUID, now: datetime) -> bool:
    """Note whose a guest is; False where that was known. A guest is never anybody else's afterwards."""
    return await sql.execute(KEEP, guest, account, now) == 1


async def guests_of(sql: Sql, account: UUID) -> tuple[UUID, ...]:
    """The guests that an account keeps; none for a guest."""
    return tuple(row["guest"] for row in await sql.fetch(GUESTS, account))


async def account_of(sql: Sql, guest: UUID) -> UUID | None:
    """The account that keeps a guest, or None."""
    found: UUID | None = await sql.fetchval(ACCOUNT, guest)
    return found


async def is_one(sql: Sql, owner: UUID | None, actor: Actor) -> bool:
    """Whether a visitor is the person behind this id. Asks the database only where the ids differ."""
    if owner is None or actor.role is not Role.VISITOR:
        return False
    return owner == actor.id or bool(await sql.fetchval(IS_ONE, owner, actor.id))
