"""Rows of roles that people hold, and of those that wait for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.actors import Role
from services.accounts.domain.roles import Waiting

# Whoever gives, ends or reviews roles takes turns: two administrators must not end each other at once.
TAKE_TURNS = "SELECT pg_advisory_xact_lock(hashtextextended('team', 0))"
# The house's own invitations alone: an organisation's are its owners' to give and to take back.
WITHDRAW = "DELETE FROM invitation WHERE user_key = $1 AND organisation_id IS NULL"
INVITE = """
INSERT INTO invitation (id, email, user_key, role, invited_by, invited_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
INVITED = """
SELECT i.id, i.subject_id, i.email, i.role, i.invited_by, i.invited_at, i.expires_at, p.name
FROM invitation i LEFT JOIN person p ON p.subject_id = i.subject_id
WHERE i.expires_at > $1 AND i.organisation_id IS NULL
ORDER BY i.invited_at LIMIT $2
"""
WAITING = """
SELECT role, subject_id, invited_by, expires_at FROM invitation
WHERE id = $1 AND organisation_id IS NULL FOR UPDATE
"""
OWN = """
SELECT i.id, i.subject_id, i.role, i.owner, i.expires_at, o.name
FROM invitation i LEFT JOIN organisation o ON o.id = i.organisation_id
WHERE (i.subject_id = $1 OR (i.subject_id IS NULL AND i.user_key = $2)) AND i.expires_at > $3
ORDER BY i.invited_at
"""
ACCEPT = """
UPDATE invitation SET subject_id = $2
WHERE id = $1 AND user_key = $3 AND subject_id IS NULL AND expires_at > $4
"""
DECLINE = """
DELETE FROM invitation WHERE id = $1 AND (subject_id = $2 OR (subject_id IS NULL AND user_key = $3))
"""
END = "DELETE FROM invitation WHERE id = $1 AND organisation_id IS NULL"
EXPIRE = "DELETE FROM invitation WHERE expires_at <= $1"
MEMBERS = """
SELECT a.subject_id, p.name, p.email, a.role, a.since, COALESCE(a.reviewed_at, a.since) AS reviewed_at
FROM appointment a JOIN person p USING (subject_id)
WHERE a.organisation_id IS NULL AND ($1::uuid IS NULL OR a.subject_id = $1)
ORDER BY COALESCE(a.reviewed_at, a.since), p.name LIMIT $2
"""
ROLE_OF = "SELECT role FROM appointment WHERE subject_id = $1 AND organisation_id IS NULL"
ANY_ROLE_OF = "SELECT role FROM appointment WHERE subject_id = $1"
ADMINISTRATORS = "SELECT count(*) FROM appointment WHERE role = 'administrator'"
GIVE = """
INSERT INTO appointment (subject_id, role, since, reviewed_at, organisation_id, owner)
VALUES ($1, $2, $3, $3, $4, $5) ON CONFLICT DO NOTHING
"""
PEOPLE_OF = "SELECT subject_id, owner FROM appointment WHERE organisation_id = $1 ORDER BY subject_id"
REVIEWED = "UPDATE appointment SET reviewed_at = $2 WHERE subject_id = $1"


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation as it stands; `subject` and `name` are None until somebody accepted it."""

    id: UUID
    email: str
    role: Role
    invited_by: UUID
    invited_at: datetime
    expires_at: datetime
    subject: UUID | None
    name: str | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Someone who works for the house."""

    subject: UUID
    name: str
    email: str
    role: Role
    since: datetime
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class OwnRow:
    """An invitation as the person sees it whom it is for; `organisation` is None for a role of the house."""

    id: UUID
    role: Role
    owner: bool
    organisation: str | None
    expires_at: datetime
    accepted: bool


async def take_turns(sql: Sql) -> None:
    """Nobody else changes who works here until the transaction ends."""
    await sql.execute(TAKE_TURNS)


async def invite(sql: Sql, new: InvitationRow, user_key: str) -> None:
    """Keep an invitation; an earlier one of that address counts no longer."""
    await sql.execute(WITHDRAW, user_key)
    await sql.execute(
        INVITE, new.id, new.email, user_key, new.role.value, new.invited_by, new.invited_at, new.expires_at
    )


async def invitations(sql: Sql, now: datetime, most: int) -> list[InvitationRow]:
    """What waits, the oldest first."""
    return [
        InvitationRow(
            id=row["id"],
            email=row["email"],
            role=Role(row["role"]),
            invited_by=row["invited_by"],
            invited_at=row["invited_at"],
            expires_at=row["expires_at"],
            subject=row["subject_id"],
            name=row["name"],
        )
        for row in await sql.fetch(INVITED, now, most)
    ]


async def waiting(sql: Sql, invitation: UUID) -> Waiting | None:
    """An invitation that nobody else answers until the transaction ends, or None."""
    row = await sql.fetchrow(WAITING, invitation)
    if row is None:
        return None
    return Waiting(Role(row["role"]), row["subject_id"], row["invited_by"], row["expires_at"])


async def own(sql: Sql, subject: UUID, user_key: str, now: datetime) -> list[OwnRow]:
    """What waits for a person, who logs in with this user name."""
    rows = await sql.fetch(OWN, subject, user_key, now)
    return [
        OwnRow(
            row["id"],
            Role(row["role"]),
            row["owner"],
            row["name"],
            row["expires_at"],
            row["subject_id"] is not None,
        )
        for row in rows
    ]


async def accept(sql: Sql, invitation: UUID, subject: UUID, user_key: str, now: datetime) -> bool:
    """Whether an invitation was this account's to accept, and is accepted now."""
    return await sql.execute(ACCEPT, invitation, subject, user_key, now) == 1


async def decline(sql: Sql, invitation: UUID, subject: UUID, user_key: str) -> bool:
    """Whether an invitation was this account's to decline, and is gone now."""
    return await sql.execute(DECLINE, invitation, subject, user_key) == 1


async def end_invitation(sql: Sql, invitation: UUID) -> bool:
    """Whether there was such an invitation; there is none now."""
    return await sql.execute(END, invitation) == 1


async def expire(sql: Sql, now: datetime) -> None:
    """Forget invitations whose time is over."""
    await sql.execute(EXPIRE, now)


async def members(sql: Sql, most: int) -> list[MemberRow]:
    """Who works for the house, whoever was looked at longest ago first."""
    return [_member(row) for row in await sql.fetch(MEMBERS, None, most)]


async def member(sql: Sql, subject: UUID) -> MemberRow | None:
    """One who works for the house, or None."""
    row = await sql.fetchrow(MEMBERS, subject, 1)
    return _member(row) if row else None


async def role_of(sql: Sql, subject: UUID, *, anywhere: bool = False) -> Role | None:
    """The role that somebody holds for the house, or `anywhere`, also for an organisation; or None."""
    role = await sql.fetchval(ANY_ROLE_OF if anywhere else ROLE_OF, subject)
    return Role(role) if role else None


async def administrators(sql: Sql) -> int:
    """How many administrators there are."""
    return int(await sql.fetchval(ADMINISTRATORS))


async def give(sql: Sql, subject: UUID, role: Role, now: datetime) -> bool:
    """Give a role of the house; False where the person has one already."""
    return await sql.execute(GIVE, subject, role.value, now, None, False) == 1


async def appoint(sql: Sql, subject: UUID, organisation: UUID, now: datetime, *, owner: bool) -> bool:
    """Let somebody act for an organisation; False where the person has a role already."""
    return await sql.execute(GIVE, subject, Role.ORGANISER.value, now, organisation, owner) == 1


async def people_of(sql: Sql, organisation: UUID) -> dict[UUID, bool]:
    """Who acts for an organisation, and whether they own it."""
    return {row["subject_id"]: row["owner"] for row in await sql.fetch(PEOPLE_OF, organisation)}


async def reviewed(sql: Sql, subject: UUID, now: datetime) -> None:
    """Somebody looked, and the role is still needed."""
    await sql.execute(REVIEWED, subject, now)


def _member(row: Any) -> MemberRow:
    return MemberRow(
        subject=row["subject_id"],
        name=row["name"],
        email=row["email"],
        role=Role(row["role"]),
        since=row["since"],
        reviewed_at=row["reviewed_at"],
    )
