"""Rows of known devices and of the log-ins of thirty days (G-11)."""

from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from contracts.accounts.api import Arrival, OpenSession, Origin

# One question for both: a device of somebody else on the same machine keeps its cookie.
RECOGNISE = """
SELECT COALESCE(bool_or(device_hash = $2 AND subject_id = $1), false) AS known,
    COALESCE(bool_or(device_hash = $2), false) AS somebodys,
    COALESCE(bool_or(subject_id = $1), false) AS others
FROM device WHERE (subject_id = $1 OR device_hash = $2) AND last_at > $3
"""
REMEMBER = """
INSERT INTO device (device_hash, subject_id, last_at) VALUES ($1, $2, $3)
ON CONFLICT (subject_id, device_hash) DO UPDATE SET last_at = excluded.last_at
"""
FORGET_ALL = "DELETE FROM device WHERE subject_id = $1"
ARRIVED = "INSERT INTO arrival (id, subject_id, device, address, at) VALUES ($1, $2, $3, $4, $5)"
ARRIVALS = "SELECT at, device, address FROM arrival WHERE subject_id = $1 ORDER BY at DESC LIMIT 50"
SESSIONS = """
SELECT s.id, COALESCE(a.device, 'program') AS device, s.started_at
FROM session s LEFT JOIN arrival a ON a.id = s.id
WHERE s.subject_id = $1 AND s.expires_at > $2 AND s.idle_until > $2 ORDER BY s.started_at DESC
"""
EXPIRE_DEVICES = "DELETE FROM device WHERE last_at <= $1::timestamptz - $2::text::interval"
EXPIRE_ARRIVALS = "DELETE FROM arrival WHERE at <= $1::timestamptz - $2::text::interval"


async def recognise(
    sql: Sql, subject: UUID, device_hash: bytes | None, since: datetime
) -> tuple[bool, bool, bool]:
    """Whether this device is known as the person's, as anybody's, and whether the person has known ones."""
    row = await sql.fetchrow(RECOGNISE, subject, device_hash, since)
    assert row is not None, "an aggregate always has a row"
    return row["known"], row["somebodys"], row["others"]


async def remember(sql: Sql, device_hash: bytes, subject: UUID, now: datetime) -> None:
    """Someone logged in here."""
    await sql.execute(REMEMBER, device_hash, subject, now)


async def forget_all(sql: Sql, subject: UUID) -> None:
    """No device of this person is known any more."""
    await sql.execute(FORGET_ALL, subject)


async def arrived(sql: Sql, session: UUID, subject: UUID, origin: Origin, now: datetime) -> None:
    """Note a log-in."""
    await sql.execute(ARRIVED, session, subject, origin.device, origin.address, now)


async def arrivals(sql: Sql, subject: UUID) -> tuple[Arrival, ...]:
    """Log-ins of a person, newest first, 50 at most."""
    rows = await sql.fetch(ARRIVALS, subject)
    return tuple(Arrival(at=row["at"], device=row["device"], address=row["address"]) for row in rows)


async def sessions_of(sql: Sql, subject: UUID, current: UUID, now: datetime) -> tuple[OpenSession, ...]:
    """Sessions that are going on, newest first."""
    return tuple(
        OpenSession(
            id=row["id"], device=row["device"], started_at=row["started_at"], current=row["id"] == current
        )
        for row in await sql.fetch(SESSIONS, subject, now)
    )


async def forget(sql: Sql, now: datetime, term: str) -> None:
    """Forget devices and log-ins older than the term (ISO 8601)."""
    await sql.execute(EXPIRE_DEVICES, now, term)
    await sql.execute(EXPIRE_ARRIVALS, now, term)
