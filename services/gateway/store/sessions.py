"""Rows of sessions. The log-in's secret is sealed: the database alone opens no session at accounts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.sealing import Seal
from chassis.work import Sql
from contracts.actors import Actor, Role
from services.gateway.domain.session import Session


async def find(sql: Sql, seal: Seal, hashes: Collection[bytes]) -> dict[bytes, Session]:
    """The sessions of hashed cookies, by hash; unknown ones are left out."""
    rows = await sql.fetch(
        "SELECT id_hash, kind, role, actor_id, organisation_id, subject_id, label, sealed_secret,"
        " expires_at, login_session, due"
        " FROM session WHERE id_hash = ANY ($1)",
        list(hashes),
    )
    return {row["id_hash"]: _session(row, seal) for row in rows}


async def add(sql: Sql, seal: Seal, new: Collection[Session], now: datetime) -> None:
    """Keep new sessions."""
    await sql.execute(
        "INSERT INTO session (id_hash, kind, role, actor_id, organisation_id, subject_id, label,"
        " sealed_secret, expires_at, login_session, due, created_at)"
        " SELECT u.*, $1 FROM unnest($2::bytea[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[],"
        " $8::text[], $9::bytea[], $10::timestamptz[], $11::uuid[], $12::bool[]) AS u",
        now,
        *zip(*(_row(session, seal) for session in new), strict=True),
    )


def _row(session: Session, seal: Seal) -> tuple[Any, ...]:
    sealed = None if session.secret is None else seal.seal(session.secret.encode(), _place(session.id_hash))
    return (
        session.id_hash,
        session.kind,
        session.actor.role.value,
        session.actor.id,
        session.actor.organisation,
        session.subject,
        session.label,
        sealed,
        session.expires_at,
        session.login,
        session.due,
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
        due=row["due"],
    )


def _place(id_hash: bytes) -> str:
    return f"session/{id_hash.hex()}"
