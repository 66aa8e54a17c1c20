"""Terms of the technical tables: what is in them leaves by itself (W-20)."""

from __future__ import annotations

from datetime import timedelta

from chassis.charter import STORAGE_LIMITATION
from chassis.work import Workplace
from contracts.actors import SYSTEM

JOB = "expire_technical"
EVERY = timedelta(minutes=5)
TRACES = timedelta(days=14)
TOMBSTONES = timedelta(days=3653)
OVERLOOKED = "DELETE FROM {table} WHERE at <= $1::timestamptz - interval 'P1Y'"
"""A look at people at the end of its term: the row policy lets go of no younger one."""


async def expire_technical(work: Workplace) -> dict[str, int]:
    """Delete what is past its term; rows per table. The job that chassis/charter.toml names."""
    async with work(STORAGE_LIMITATION, SYSTEM) as tx:
        counts = {
            table: await tx.execute(f'DELETE FROM "{table}" WHERE expires_at <= $1', tx.now)
            for table in ("parked", "idempotency_key", "copy_part", "revoked_actor")
        }
        traces = tx.now - TRACES
        counts["sent"] = await tx.execute("DELETE FROM sent WHERE sent_at <= $1", traces)
        counts["inbox"] = await tx.execute("DELETE FROM inbox WHERE seen_at <= $1", traces)
        counts["outbox"] = await tx.execute("DELETE FROM outbox WHERE born_at <= $1", traces)
        for table in ("access_subject", "access_entry"):
            counts[table] = await tx.execute(OVERLOOKED.format(table=table), tx.now)
        stones = tx.now - TOMBSTONES
        counts["tombstone"] = await tx.execute("DELETE FROM tombstone WHERE erased_at <= $1", stones)
    return counts
