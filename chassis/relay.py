"""Carries the outbox to the broker: at least once on the wire, once in effect, order never promised.

Rows stay locked until the broker has confirmed them: a crash at any point means "send again", never "lost".
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from chassis.clock import Clock
from chassis.faults import DatabaseAway, PublishRefused
from chassis.log import get_logger
from chassis.pools import RolePool
from chassis.waiting import first_of

BATCH = 100
POLL_SECONDS = 1.0
# What is announced within so short a time leaves together: one commit for all of it, and nobody waits for it.
GATHER_SECONDS = 0.02
PUBLISH_SECONDS = 12.0
LONGEST_PAUSE = timedelta(minutes=10)
UNREACHABLE = frozenset(("away", "timeout"))
TAKE = """
SELECT id, topic, subject, body, born_at, attempts, request_id, traceparent FROM outbox
WHERE next_try <= $1 ORDER BY next_try LIMIT $2 FOR UPDATE SKIP LOCKED
"""
LET_GO = """
WITH gone AS (DELETE FROM outbox WHERE id = ANY ($1) RETURNING id, topic)
INSERT INTO sent (id, topic, sent_at) SELECT id, topic, $2 FROM gone
"""
TO_THE_BACK = "UPDATE outbox SET next_try = $2 WHERE id = ANY ($1)"
BACK_OFF = "UPDATE outbox SET attempts = attempts + 1, next_try = $2 WHERE id = $1"

OutboxRow = Mapping[str, Any]
Publish = Callable[[OutboxRow], Awaitable[None]]


class Relay:
    """One per process; two replicas beside each other take different rows."""

    def __init__(self, pool: RolePool, publish: Publish, clock: Clock, bell: asyncio.Event) -> None:
        """`publish` returns when the broker has confirmed, and raises PublishRefused when it has not.

        `bell` is set when something was announced, so that it does not wait for the next poll.
        """
        self._pool = pool
        self._publish = publish
        self._clock = clock
        self._bell = bell
        self._log = get_logger()

    async def run(self, stop: asyncio.Event) -> None:
        """Carry until told to stop, then carry once more what the last handlers announced."""
        while not stop.is_set():
            self._bell.clear()
            await self._carry_all()
            await first_of(self._bell, stop, seconds=POLL_SECONDS)
            if self._bell.is_set():
                await first_of(stop, seconds=GATHER_SECONDS)
        await self._carry_all()

    async def carry(self) -> int | None:
        """Carry one batch; how many rows were taken up, or None where the broker cannot be reached."""
        async with self._pool.acquire() as connection:
            await connection.execute("BEGIN")
            try:
                rows = await connection.fetch(TAKE, self._clock.now(), BATCH)
                reasons = await self._published(rows) if rows else []
                await self._settle(connection, rows, reasons)
                await connection.execute("COMMIT")
            except BaseException:
                await _undo(connection)
                raise
        return None if any(reason in UNREACHABLE for reason in reasons) else len(rows)

    async def _carry_all(self) -> None:
        """Carry batches while they are full; what cannot be carried now waits for the next time."""
        try:
            while await self.carry() == BATCH:
                pass
        except DatabaseAway as fault:
            self._log.warning("relay_waits_for_database", exc_info=fault)
        except asyncpg.PostgresError as fault:
            self._log.error("relay_statement_failed", exc_info=fault)

    async def _published(self, rows: Sequence[OutboxRow]) -> list[str | None]:
        """For each row None where the broker confirmed, else the reason why not."""
        tasks = [asyncio.create_task(self._attempt(row)) for row in rows]
        try:
            _, late = await asyncio.wait(tasks, timeout=PUBLISH_SECONDS)
        finally:
            for task in tasks:
                task.cancel()
        return ["timeout" if task in late else task.result() for task in tasks]

    async def _attempt(self, row: OutboxRow) -> str | None:
        try:
            await self._publish(row)
        except PublishRefused as refused:
            return refused.reason
        except Exception as fault:
            # A row that cannot even be wrapped must not hold up its neighbours.
            self._log.error("row_not_publishable", topic=row["topic"], exc_info=fault)
            return "broken"
        return None

    async def _settle(
        self, connection: Any, rows: Sequence[OutboxRow], reasons: Sequence[str | None]
    ) -> None:
        """Confirmed rows go; refused and returned rows wait, each for itself; unreachable costs no attempt.

        What timed out goes behind the others: a queue that confirms nothing must not hold up the rest.
        """
        now = self._clock.now()
        gone: list[UUID] = [row["id"] for row, reason in zip(rows, reasons, strict=True) if reason is None]
        if gone:
            await connection.execute(LET_GO, gone, now)
        late = [row["id"] for row, reason in zip(rows, reasons, strict=True) if reason == "timeout"]
        if late:
            await connection.execute(TO_THE_BACK, late, now)
        for row, reason in zip(rows, reasons, strict=True):
            if reason is not None and reason not in UNREACHABLE:
                # Whoever may say a topic is heard: what stands at the broker is not what charters say.
                self._log.error(
                    "letter_not_taken", topic=row["topic"], reason=reason, attempts=row["attempts"]
                )
                await connection.execute(BACK_OFF, row["id"], now + pause_after(row["attempts"]))


def pause_after(attempts: int) -> timedelta:
    """How long a refused row waits: 1 s, 2 s, 4 s … ten minutes at most."""
    return min(timedelta(seconds=2 ** min(attempts, 20)), LONGEST_PAUSE)


async def _undo(connection: Any) -> None:
    try:
        await connection.execute("ROLLBACK", timeout=2.0)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        # The connection is gone; the server rolls back by itself and another batch takes the rows.
        return
