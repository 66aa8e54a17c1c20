"""Rows of sessions. The log-in's secret is sealed: the database alone opens no session at accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.sealing import Seal
from chassis.work import Sql
from contracts.actors import Actor, Role
from services.gateway.domain.session import Session


async def find(sql: Sql, seal: Seal, id_hash: bytes) -> Session | None:
    """The session of a hashed cookie, or None."""
    row = await sql.fetchrow(
        "SELECT id_hash, kind, role, actor_id, organisation_id, subject_id, label, sealed_secret,"
        " expires_at, login_session"
        " FROM session WHERE id_hash = $1",
        id_hash,
    )
    return None if row is None else _session(row, seal)


async def add(sql: Sql, seal: Seal, session: Session, now: datetime) -> None:
    """Keep a new session."""
    sealed = None if session.secret is None else seal.seal(session.secret.encode(), _place(session.id_hash))
    await sql.execute(
        "INSERT INTO session (id_hash, kind, role, actor_id, organisation_id, subject_id, label,"
        " sealed_secret, created_at, expires_at, login_session)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        session.id_hash,
        session.kind,
        session.actor.role.value,
        session.actor.id,
        session.actor.organisation,
        session.subject,
        session.label,
        sealed,
        now,
        session.expires_at,
        session.login,
    )


async def remove(sql: Sql, id_hash: bytes) -> None:
    """End a session."""
    await sql.execute("DELETE FROM session WHERE id_hash = $1", id_hash)


async def remove_login(sql: Sql, login: UUID) -> None:
    """End the session of a log-in that was ended at accounts."""
    await sql.execute("DELETE FROM session WHERE login_session = $1", login)


async def remove_expired(sql: Sql, now: datetime) -> int:
    """End every session whose time is over; how many there were."""
    return await sql.execute("DELETE FROM session WHERE expires_at <= $1", now)


def _session(row: Any, seal: Seal) -> Session:
    sealed: bytes | None = row["sealed_secret"]
    organisation: UUID | None = row["organisation_id"]
    return Session(
        id_hash=row["id_hash"],
        kind=row["kind"],
        actor=Actor(Role(row["role"]), row["actor_id"], organisation),
        subject=row["subject_id"],
        label=row["label"],
        secret=None if sealed is None else seal.open(sealed, _place(row["id_hash"])).decode(),
        expires_at=row["expires_at"],
        login=row["login_session"],
    )


def _place(id_hash: bytes) -> str:
    return f"session/{id_hash.hex()}"
