"""Messages whose handling failed: kept in the service's own database and tried again for seven days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.clock import Clock
from chassis.pools import RolePool

KEPT = timedelta(days=7)
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)
BATCH = 20


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that waits: its whole envelope as JSON, and how often it was tried."""

    id: UUID
    topic: str
    body: str
    attempts: int


def pause_after(attempts: int) -> timedelta:
    """How long to wait after a number of failures: 1 s, 2 s, 4 s … ten minutes at most."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


class Parking:
    """The table `parked`, reached with the service's technical role; DatabaseAway when it cannot be."""

    def __init__(self, pool: RolePool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def park(
        self, id: UUID, topic: str, purpose: str, subject: UUID | None, body: str, fault: str
    ) -> None:
        """Keep a message; one that is kept already stays as it is."""
        now = self._clock.now()
        async with self._pool.acquire() as connection:
            await connection.execute(
                """INSERT INTO parked (id, topic, subject, body, purpose, attempts, next_try,
                                       parked_at, expires_at, fault)
                   VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9) ON CONFLICT DO NOTHING""",
                id,
                topic,
                subject,
                body,
                purpose,
                now + pause_after(1),
                now,
                now + KEPT,
                fault,
            )

    async def due(self) -> Sequence[Parked]:
        """Claim what is due: its next try is pushed back first, so that two replicas never take the same."""
        now = self._clock.now()
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(
                """UPDATE parked SET attempts = attempts + 1,
                          next_try = $1::timestamptz
                              + least($2::interval * power(2, least(attempts, 20)), $3::interval)
                   WHERE id IN (SELECT id FROM parked WHERE next_try <= $1 AND expires_at > $1
                                ORDER BY next_try LIMIT $4 FOR UPDATE SKIP LOCKED)
                   RETURNING id, topic, body, attempts""",
                now,
                FIRST_PAUSE,
                LONGEST_PAUSE,
                BATCH,
            )
        return [Parked(row["id"], row["topic"], row["body"], row["attempts"]) for row in rows]

    async def handled(self, id: UUID) -> None:
        """Let a message go: its handler took it."""
        async with self._pool.acquire() as connection:
            await connection.execute("DELETE FROM parked WHERE id = $1", id)

    async def failed_again(self, id: UUID, fault: str) -> None:
        """Note the class of the last failure."""
        async with self._pool.acquire() as connection:
            await connection.execute("UPDATE parked SET fault = $2 WHERE id = $1", id, fault)

    async def expire(self) -> int:
        """Drop what waited for seven days, and say how many."""
        async with self._pool.acquire() as connection:
            tag: str = await connection.execute(
                "DELETE FROM parked WHERE expires_at <= $1", self._clock.now()
            )
        return int(tag.rsplit(" ", 1)[-1])

    async def waiting(self) -> tuple[float, int]:
        """Age in seconds of the oldest event in the outbox, and how many messages are parked."""
        async with self._pool.acquire() as connection:
            row = await connection.fetchrow(
                "SELECT (SELECT min(born_at) FROM outbox) AS oldest, (SELECT count(*) FROM parked) AS parked"
            )
        oldest: datetime | None = row["oldest"]
        age = (self._clock.now() - oldest).total_seconds() if oldest else 0.0
        return max(age, 0.0), int(row["parked"])

    async def reachable(self) -> None:
        """Ask the database for nothing; DatabaseAway when it does not answer."""
        async with self._pool.acquire() as connection:
            await connection.fetchval("SELECT 1")
