"""Rows of cases, receipts and recipients."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql

OPEN = """
INSERT INTO case_file
    (id, subject_id, kind, state, opened_at, promised_by, due_by, closed_at, next_order_at, orders,
    purpose, organisation)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING
"""
READ = """
SELECT id, subject_id, kind, state, opened_at, promised_by, due_by, closed_at, orders, in_ledger,
    purpose, organisation, grounds
FROM case_file WHERE id = $1
"""
LOCK = READ + "FOR UPDATE"
NEWEST = """
SELECT id, subject_id, kind, state, opened_at, promised_by, due_by, closed_at, orders, in_ledger,
    purpose, organisation, grounds
FROM case_file WHERE subject_id = $1 AND kind = $2 ORDER BY opened_at DESC LIMIT 1
"""
# Open cases first, those closest to their deadline on top.
LIST = """
SELECT id, subject_id, kind, state, opened_at, promised_by, due_by, closed_at, orders, in_ledger,
    purpose, organisation, grounds
FROM case_file ORDER BY closed_at IS NOT NULL, due_by, closed_at DESC LIMIT $1
"""
OWN = """
SELECT id, subject_id, kind, state, opened_at, promised_by, due_by, closed_at, orders, in_ledger,
    purpose, organisation, grounds
FROM case_file WHERE subject_id = ANY ($2) ORDER BY closed_at IS NOT NULL, due_by, closed_at DESC LIMIT $1
"""
# Two replicas may look at once: each takes cases that the other does not hold.
DUE = """
SELECT id, subject_id, kind, state, opened_at, promised_by, due_by, closed_at, orders, in_ledger,
    purpose, organisation, grounds
FROM case_file WHERE closed_at IS NULL AND next_order_at <= $1
ORDER BY next_order_at LIMIT $2 FOR UPDATE SKIP LOCKED
"""
MOVE = "UPDATE case_file SET state = $2, closed_at = $3, next_order_at = $4, orders = $5 WHERE id = $1"
DECIDE = "UPDATE case_file SET state = 'closed', closed_at = $2, grounds = $3 WHERE id = $1"
IN_LEDGER = "UPDATE case_file SET in_ledger = true WHERE id = $1"
RECEIVED = """
INSERT INTO case_receipt (case_id, subject_id, service, received_at, counts, kept_for_the_books)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
RECEIPTS = """
SELECT case_id, service, received_at, counts, kept_for_the_books FROM case_receipt
WHERE case_id = ANY ($1) ORDER BY received_at, service
"""
NAMED = """
INSERT INTO case_recipient AS r (case_id, subject_id, recipient, named, state, noted_at)
VALUES ($1, $2, $3, true, 'waiting', $4)
ON CONFLICT (case_id, recipient) DO UPDATE SET named = true WHERE NOT r.named
"""
# An acknowledgement may come after the time ran out, and counts; the other way round it stays.
ACCOUNTED = """
INSERT INTO case_recipient AS r (case_id, subject_id, recipient, named, state, noted_at)
VALUES ($1, $2, $3, false, $4, $5)
ON CONFLICT (case_id, recipient) DO UPDATE SET state = excluded.state, noted_at = excluded.noted_at
WHERE r.state <> 'acknowledged'
"""
RECIPIENTS = """
SELECT case_id, recipient, named, state FROM case_recipient WHERE case_id = ANY ($1) ORDER BY recipient
"""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as stored; `orders` is how often its order went out, `purpose` what an objection is to."""

    id: UUID
    subject: UUID
    kind: str
    state: str
    opened_at: datetime
    promised_by: datetime
    due_by: datetime
    closed_at: datetime | None
    orders: int
    in_ledger: bool = False
    purpose: str | None = None
    organisation: UUID | None = None
    grounds: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A service's answer in a case."""

    case: UUID
    service: str
    received_at: datetime
    counts: Mapping[str, int]
    books: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """A recipient outside; `named` is false while only its answer is known."""

    case: UUID
    recipient: UUID
    named: bool
    state: str


async def open_one(sql: Sql, case: CaseRow, next_order_at: datetime | None) -> bool:
    """Keep a new case; False where the same right is being honoured already."""
    touched = await sql.execute(
        OPEN,
        case.id,
        case.subject,
        case.kind,
        case.state,
        case.opened_at,
        case.promised_by,
        case.due_by,
        case.closed_at,
        next_order_at,
        case.orders,
        case.purpose,
        case.organisation,
    )
    return touched == 1


async def read(sql: Sql, case: UUID) -> CaseRow | None:
    """A case, or None."""
    return _maybe(await sql.fetchrow(READ, case))


async def lock(sql: Sql, case: UUID) -> CaseRow | None:
    """A case that nobody else moves until the transaction ends, or None."""
    return _maybe(await sql.fetchrow(LOCK, case))


async def newest(sql: Sql, subject: UUID, kind: str) -> CaseRow | None:
    """A person's newest case of a kind, or None."""
    return _maybe(await sql.fetchrow(NEWEST, subject, kind))


async def listed(sql: Sql, most: int, person: Sequence[UUID] | None = None) -> list[CaseRow]:
    """Cases of everybody or of one person, who may have several ids, the most urgent first."""
    rows = await (sql.fetch(LIST, most) if person is None else sql.fetch(OWN, most, person))
    return [_case(row) for row in rows]


async def due(sql: Sql, now: datetime, most: int) -> list[CaseRow]:
    """Open cases whose order must go out again, locked until the transaction ends."""
    return [_case(row) for row in await sql.fetch(DUE, now, most)]


async def move(
    sql: Sql, case: UUID, state: str, closed_at: datetime | None, next_order_at: datetime | None, orders: int
) -> None:
    """Write where a case stands."""
    await sql.execute(MOVE, case, state, closed_at, next_order_at, orders)


async def decide(sql: Sql, case: UUID, now: datetime, grounds: str | None) -> None:
    """Close an objection: it stands without grounds, and does not stand with them."""
    await sql.execute(DECIDE, case, now, grounds)


async def in_ledger(sql: Sql, case: UUID) -> None:
    """Remember that the person's id is in the ledger of the erased."""
    await sql.execute(IN_LEDGER, case)


async def add_receipt(sql: Sql, receipt: ReceiptRow, subject: UUID) -> None:
    """Keep a service's answer; a second one changes nothing."""
    await sql.execute(
        RECEIVED,
        receipt.case,
        subject,
        receipt.service,
        receipt.received_at,
        json.dumps(dict(receipt.counts)),
        json.dumps(dict(receipt.books)),
    )


async def receipts(sql: Sql, cases: Iterable[UUID]) -> list[ReceiptRow]:
    """The answers in these cases, oldest first."""
    return [
        ReceiptRow(
            row["case_id"],
            row["service"],
            row["received_at"],
            json.loads(row["counts"]),
            json.loads(row["kept_for_the_books"]),
        )
        for row in await sql.fetch(RECEIPTS, list(cases))
    ]


async def name_recipients(
    sql: Sql, case: UUID, subject: UUID, recipients: Iterable[UUID], now: datetime
) -> None:
    """Keep who outside must be told."""
    for recipient in recipients:
        await sql.execute(NAMED, case, subject, recipient, now)


async def account_for(
    sql: Sql, case: UUID, subject: UUID, recipient: UUID, state: str, now: datetime
) -> None:
    """Keep that a recipient acknowledged, or that its time ran out."""
    await sql.execute(ACCOUNTED, case, subject, recipient, state, now)


async def recipients(sql: Sql, cases: Iterable[UUID]) -> list[RecipientRow]:
    """Recipients in these cases."""
    return [
        RecipientRow(row["case_id"], row["recipient"], row["named"], row["state"])
        for row in await sql.fetch(RECIPIENTS, list(cases))
    ]


def _maybe(row: Any | None) -> CaseRow | None:
    return _case(row) if row is not None else None


def _case(row: Any) -> CaseRow:
    return CaseRow(
        row["id"],
        row["subject_id"],
        row["kind"],
        row["state"],
        row["opened_at"],
        row["promised_by"],
        row["due_by"],
        row["closed_at"],
        row["orders"],
        row["in_ledger"],
        row["purpose"],
        row["organisation"],
        row["grounds"],
    )
