"""Rows of sweeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql

ADD = """
INSERT INTO sweep
    (id, as_of, ordered_at, dry_run, without_activity, with_activity, done_at, next_order_at, orders)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
"""
ADD_QUIET = """
INSERT INTO sweep_subject (sweep_id, subject_id, ordered_at, next_order_at)
SELECT $1, subject_id, $2, $2 FROM activity GROUP BY subject_id HAVING max(day) < $3
"""
READ = """
SELECT id, as_of, ordered_at, dry_run, without_activity, with_activity, anonymised, done_at, orders
FROM sweep WHERE id = $1
"""
LOCK = READ + "FOR UPDATE"
LIST = """
SELECT id, as_of, ordered_at, dry_run, without_activity, with_activity, anonymised, done_at, orders
FROM sweep ORDER BY ordered_at DESC LIMIT $1
"""
DUE = """
SELECT id, as_of, ordered_at, dry_run, without_activity, with_activity, anonymised, done_at, orders
FROM sweep WHERE done_at IS NULL AND next_order_at <= $1
ORDER BY next_order_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""
REST = "UPDATE sweep SET next_order_at = $2, orders = orders + 1 WHERE id = $1"
DONE = "UPDATE sweep SET done_at = $2, next_order_at = NULL WHERE id = $1"
RECEIVED = (
    "INSERT INTO sweep_receipt (sweep_id, service, received_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
)
RECEIPTS = (
    "SELECT sweep_id, service, received_at FROM sweep_receipt WHERE sweep_id = ANY ($1) ORDER BY received_at"
)
COUNTS = """
SELECT sweep_id, service, table_name, rows FROM sweep_count WHERE sweep_id = ANY ($1) ORDER BY table_name
"""
ADD_COUNT = """
INSERT INTO sweep_count AS c (sweep_id, service, table_name, rows)
SELECT $1, $2, u.table_name, u.rows FROM unnest($3::text[], $4::bigint[]) AS u (table_name, rows)
ORDER BY u.table_name
ON CONFLICT (sweep_id, service, table_name) DO UPDATE SET rows = c.rows + excluded.rows
"""
SUBJECTS_DUE = """
SELECT q.sweep_id, q.subject_id, q.orders, s.as_of,
    (SELECT max(a.day) FROM activity a WHERE a.subject_id = q.subject_id) AS last_day
FROM sweep_subject q JOIN sweep s ON s.id = q.sweep_id
WHERE q.next_order_at <= $1 ORDER BY q.next_order_at LIMIT $2 FOR UPDATE OF q SKIP LOCKED
"""
SUBJECT_RESTS = """
UPDATE sweep_subject SET next_order_at = $3, orders = orders + 1 WHERE sweep_id = $1 AND subject_id = $2
"""
# Answers of six services meet at the same people: locked in one order, nobody waits in a circle.
ANSWERED = """
WITH asked AS (
    SELECT subject_id FROM sweep_subject
    WHERE sweep_id = $1 AND subject_id = ANY ($2) AND NOT $3 = ANY (answered)
    ORDER BY subject_id FOR UPDATE
)
UPDATE sweep_subject q SET answered = array_append(q.answered, $3) FROM asked
WHERE q.sweep_id = $1 AND q.subject_id = asked.subject_id
RETURNING q.subject_id, q.answered
"""
AWOKE = "DELETE FROM sweep_subject WHERE sweep_id = $1 AND subject_id = $2"
SUBJECTS_DONE = "DELETE FROM sweep_subject WHERE sweep_id = $1 AND subject_id = ANY ($2)"
OFF_THE_LIST = """
UPDATE sweep SET without_activity = without_activity - 1, with_activity = with_activity + 1 WHERE id = $1
"""
SO_MANY_MORE = "UPDATE sweep SET anonymised = anonymised + $2 WHERE id = $1"
FORGET_STALLED = "DELETE FROM sweep_subject WHERE ordered_at <= $1::timestamptz - $2::text::interval"


@dataclass(frozen=True, slots=True)
class SweepRow:
    """A sweep as stored."""

    id: UUID
    as_of: datetime
    ordered_at: datetime
    dry_run: bool
    without_activity: int
    with_activity: int
    anonymised: int = 0
    done_at: datetime | None = None
    orders: int = 1


@dataclass(frozen=True, slots=True)
class SubjectDue:
    """Someone to be anonymised: `orders` went out so far, `last_day` is None once nothing is known."""

    sweep: UUID
    subject: UUID
    orders: int
    as_of: datetime
    last_day: date | None


@dataclass(frozen=True, slots=True)
class SweepReceipt:
    """A service's answer to a sweep."""

    sweep: UUID
    service: str
    received_at: datetime


async def add(sql: Sql, sweep: SweepRow, next_order_at: datetime | None) -> None:
    """Keep a new sweep."""
    await sql.execute(
        ADD,
        sweep.id,
        sweep.as_of,
        sweep.ordered_at,
        sweep.dry_run,
        sweep.without_activity,
        sweep.with_activity,
        sweep.done_at,
        next_order_at,
    )


async def add_quiet(sql: Sql, sweep: UUID, now: datetime, quiet_before: date) -> int:
    """Put everyone who was quiet for the whole term on the sweep's list; returns how many."""
    return await sql.execute(ADD_QUIET, sweep, now, quiet_before)


async def read(sql: Sql, sweep: UUID) -> SweepRow | None:
    """A sweep, or None."""
    return _maybe(await sql.fetchrow(READ, sweep))


async def lock(sql: Sql, sweep: UUID) -> SweepRow | None:
    """A sweep that nobody else moves until the transaction ends, or None."""
    return _maybe(await sql.fetchrow(LOCK, sweep))


async def listed(sql: Sql, most: int) -> list[SweepRow]:
    """Sweeps, newest first."""
    return [_sweep(row) for row in await sql.fetch(LIST, most)]


async def due(sql: Sql, now: datetime, most: int) -> list[SweepRow]:
    """Sweeps that are not done and whose order must go out again, locked."""
    return [_sweep(row) for row in await sql.fetch(DUE, now, most)]


async def rest(sql: Sql, sweep: UUID, until: datetime) -> None:
    """Count an order and rest."""
    await sql.execute(REST, sweep, until)


async def finish(sql: Sql, sweep: UUID, now: datetime) -> None:
    """Nothing is left to wait for."""
    await sql.execute(DONE, sweep, now)


async def add_receipt(sql: Sql, receipt: SweepReceipt) -> bool:
    """Keep that a service carried out its terms; False where that was known."""
    return await sql.execute(RECEIVED, receipt.sweep, receipt.service, receipt.received_at) == 1


async def receipts(sql: Sql, sweeps: Iterable[UUID]) -> list[SweepReceipt]:
    """Which services answered."""
    rows = await sql.fetch(RECEIPTS, list(sweeps))
    return [SweepReceipt(row["sweep_id"], row["service"], row["received_at"]) for row in rows]


async def add_counts(sql: Sql, sweep: UUID, service: str, counts: Mapping[str, int]) -> None:
    """Add rows per table to a service's sums."""
    await sql.execute(ADD_COUNT, sweep, service, list(counts), list(counts.values()))


async def counts(sql: Sql, sweeps: Iterable[UUID]) -> dict[tuple[UUID, str], dict[str, int]]:
    """Sums per sweep and service."""
    found: dict[tuple[UUID, str], dict[str, int]] = {}
    for row in await sql.fetch(COUNTS, list(sweeps)):
        found.setdefault((row["sweep_id"], row["service"]), {})[row["table_name"]] = int(row["rows"])
    return found


async def subjects_due(sql: Sql, now: datetime, most: int) -> list[SubjectDue]:
    """People whose anonymisation must be ordered, or ordered again, locked."""
    rows = await sql.fetch(SUBJECTS_DUE, now, most)
    return [
        SubjectDue(row["sweep_id"], row["subject_id"], row["orders"], row["as_of"], row["last_day"])
        for row in rows
    ]


async def subject_rests(sql: Sql, due: SubjectDue, until: datetime) -> None:
    """Count an order and rest."""
    await sql.execute(SUBJECT_RESTS, due.sweep, due.subject, until)


async def subjects_answered(
    sql: Sql, sweep: UUID, subjects: Iterable[UUID], service: str
) -> dict[UUID, frozenset[str]]:
    """Keep a service's answers; all answers so far of those people for whom this one was not known yet."""
    rows = await sql.fetch(ANSWERED, sweep, list(subjects), service)
    return {row["subject_id"]: frozenset(row["answered"]) for row in rows}


async def subject_awoke(sql: Sql, due: SubjectDue) -> None:
    """Take someone off the list who became active before anything was ordered."""
    await sql.execute(AWOKE, due.sweep, due.subject)
    await sql.execute(OFF_THE_LIST, due.sweep)


async def subjects_done(sql: Sql, sweep: UUID, subjects: list[UUID]) -> None:
    """Everyone answered about them: the ids are no longer needed, the sum is."""
    await sql.execute(SUBJECTS_DONE, sweep, subjects)
    await sql.execute(SO_MANY_MORE, sweep, len(subjects))


async def forget_stalled(sql: Sql, now: datetime, term: str) -> int:
    """Forget people of sweeps that never came to an end, after the charter's term (ISO 8601)."""
    return await sql.execute(FORGET_STALLED, now, term)


def _maybe(row: Any | None) -> SweepRow | None:
    return _sweep(row) if row is not None else None


def _sweep(row: Any) -> SweepRow:
    return SweepRow(
        row["id"],
        row["as_of"],
        row["ordered_at"],
        row["dry_run"],
        row["without_activity"],
        row["with_activity"],
        row["anonymised"],
        row["done_at"],
        row["orders"],
    )
