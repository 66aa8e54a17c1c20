"""Rows of who acts for an organisation, and of whom its owners invited. Policies show nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from contracts.actors import Role

# Owners of one organisation take turns: two must not end each other at once.
TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended('organisation/' || $1, 0))"
MEMBERS = """
SELECT a.subject_id, p.name, p.email, a.owner, a.since FROM appointment a JOIN person p USING (subject_id)
WHERE $1::uuid IS NULL OR a.subject_id = $1
ORDER BY a.owner DESC, a.since, p.name LIMIT $2
"""
INVITED = """
SELECT i.id, i.email, p.name, i.owner, i.expires_at, i.subject_id
FROM invitation i LEFT JOIN person p ON p.subject_id = i.subject_id WHERE i.expires_at > $1
ORDER BY i.invited_at LIMIT $2
"""
WITHDRAW = "DELETE FROM invitation WHERE user_key = $1"
INVITE = """
INSERT INTO invitation
    (id, email, user_key, role, organisation_id, owner, invited_by, invited_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
WAITING = "SELECT subject_id, owner, invited_by, expires_at FROM invitation WHERE id = $1 FOR UPDATE"
END_INVITATION = "DELETE FROM invitation WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who acts for the organisation."""

    subject: UUID
    name: str
    email: str
    owner: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who may act for it; `subject` and `name` are None until they accepted."""

    id: UUID
    email: str
    name: str | None
    owner: bool
    expires_at: datetime
    subject: UUID | None


@dataclass(frozen=True, slots=True)
class Answered:
    """An invitation as it stands when an owner gives the role."""

    subject: UUID | None
    owner: bool
    invited_by: UUID
    expires_at: datetime


async def take_turns(sql: Sql, organisation: UUID) -> None:
    """Nobody else changes who acts for the organisation until the transaction ends."""
    await sql.execute(TAKE_TURNS, str(organisation))


async def members(sql: Sql, most: int, only: UUID | None = None) -> list[Row]:
    """Who acts for the actor's organisation, owners first; or `only` one of them."""
    rows = await sql.fetch(MEMBERS, only, most)
    return [Row(row["subject_id"], row["name"], row["email"], row["owner"], row["since"]) for row in rows]


async def invitations(sql: Sql, now: datetime, most: int) -> list[Invited]:
    """Who may act for it, the oldest invitation first."""
    return [
        Invited(row["id"], row["email"], row["name"], row["owner"], row["expires_at"], row["subject_id"])
        for row in await sql.fetch(INVITED, now, most)
    ]


async def invite(sql: Sql, new: Invited, user_key: str, organisation: UUID, by: UUID, now: datetime) -> None:
    """Keep an invitation; an earlier one of that address to this organisation counts no longer."""
    await sql.execute(WITHDRAW, user_key)
    named = new.id, new.email, user_key, Role.ORGANISER.value
    await sql.execute(INVITE, *named, organisation, new.owner, by, now, new.expires_at)


async def waiting(sql: Sql, invitation: UUID) -> Answered | None:
    """An invitation that nobody else answers until the transaction ends, or None."""
    row = await sql.fetchrow(WAITING, invitation)
    if row is None:
        return None
    return Answered(row["subject_id"], row["owner"], row["invited_by"], row["expires_at"])


async def end_invitation(sql: Sql, invitation: UUID) -> bool:
    """Whether there was such an invitation to this organisation; there is none now."""
    return await sql.execute(END_INVITATION, invitation) == 1
