"""Places that are kept: the stock's lock, the batch of one commit, and the end of holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.work import Sql
from services.orders.domain.checkout import KeptPlaces
from services.orders.domain.places import Line, Reservation, SeatFacts, Stock

# One statement: the holds that ran out, their seats and their standing places, under the stock's lock.
# Whoever locks several holds does so in the order of their ids, so that nobody waits in a ring.
EXPIRE = """
WITH ended AS (
    SELECT hold_id FROM hold WHERE event_id = $1 AND state IN ('held', 'ordered') AND expires_at <= $2
    ORDER BY hold_id FOR UPDATE
), due AS (
    UPDATE hold SET state = 'expired' FROM ended
    WHERE hold.event_id = $1 AND hold.hold_id = ended.hold_id RETURNING hold.hold_id
), freed AS (
    UPDATE seat SET hold_id = NULL FROM due WHERE seat.event_id = $1 AND seat.hold_id = due.hold_id
), standing AS (
    SELECT count(*) AS places FROM hold_line l JOIN due USING (hold_id)
    WHERE l.event_id = $1 AND l.seat_id IS NULL
)
UPDATE stock SET standing_taken = standing_taken - standing.places
FROM standing WHERE stock.event_id = $1 AND standing.places > 0
"""
FREE_ONE = """
WITH gone AS (
    UPDATE hold SET state = 'released'
    WHERE event_id = $1 AND hold_id = $2 AND state = 'held' RETURNING hold_id
), freed AS (
    UPDATE seat SET hold_id = NULL FROM gone WHERE seat.event_id = $1 AND seat.hold_id = gone.hold_id
), standing AS (
    SELECT count(*) AS places FROM hold_line l JOIN gone USING (hold_id)
    WHERE l.event_id = $1 AND l.seat_id IS NULL
)
UPDATE stock SET standing_taken = standing_taken - standing.places
FROM standing WHERE stock.event_id = $1 AND standing.places > 0
"""
LOCK_STOCK = """
SELECT standing_capacity - standing_taken AS free, EXISTS (
    SELECT FROM hold WHERE hold.event_id = stock.event_id
        AND state IN ('held', 'ordered') AND expires_at <= $2) AS due
FROM stock WHERE event_id = $1 FOR UPDATE
"""
# A batch of reservations in one statement: holds, their lines, and the standing places among these.
KEEP = """
WITH kept AS (
    INSERT INTO hold (event_id, hold_id, state, made_at, expires_at, order_id, voucher_id, discount_cents)
    SELECT $1, u.hold_id, $2, $3, u.expires_at, u.order_id, u.voucher_id, u.discount_cents
    FROM unnest($4::uuid[], $5::timestamptz[], $6::uuid[], $7::uuid[], $8::int[])
        AS u (hold_id, expires_at, order_id, voucher_id, discount_cents)
), lines AS (
    INSERT INTO hold_line (event_id, hold_id, line_no, seat_id, price_id, cents, vat_basis_points)
    SELECT $1, u.* FROM unnest($9::uuid[], $10::int[], $11::uuid[], $12::uuid[], $13::int[], $14::int[]) AS u
)
UPDATE stock SET standing_taken = standing_taken + $15 WHERE event_id = $1 AND $15 > 0
"""
TAKE_SEATS = """
UPDATE seat SET hold_id = u.hold_id FROM unnest($2::uuid[], $3::uuid[]) AS u (seat_id, hold_id)
WHERE seat.event_id = $1 AND seat.seat_id = u.seat_id AND seat.hold_id IS NULL
"""
# What is kept for nobody is not free to anybody; what is kept for the counter, to the counter alone.
WISHED = """
SELECT seat_id, zone, kind, kept AND kept_for = 'counter' AS counter_only,
    hold_id IS NULL AND NOT (kept AND kept_for = 'nobody') AS free
FROM (SELECT *, kept_for IS NOT NULL AND (kept_until IS NULL OR kept_until > $3) AS kept FROM seat) AS seat
WHERE event_id = $1 AND seat_id = ANY ($2)
"""


# The lines of a hold `h` as one value of its row, for read_lines.
LINES = """(
    SELECT json_agg(json_build_array(l.seat_id, l.price_id, l.cents, l.vat_basis_points) ORDER BY l.line_no)
    FROM hold_line l WHERE l.event_id = h.event_id AND l.hold_id = h.hold_id
) AS lines"""
HOLD = f"SELECT h.*, {LINES} FROM hold h "  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold and its lines, the code that was used and what it took off them."""

    event: UUID
    hold: UUID
    state: str
    expires_at: datetime
    lines: tuple[Line, ...]
    discount_cents: int
    extended: bool
    voucher: UUID | None

    @property
    def kept(self) -> KeptPlaces:
        """The hold as decisions see it."""
        return KeptPlaces(self.state, self.expires_at, self.lines, self.extended)


async def lock_stock(sql: Sql, event: UUID, now: datetime) -> int | None:
    """Take the lock of an event, free what ran out, and say how many standing places are free, or None."""
    row = await sql.fetchrow(LOCK_STOCK, event, now)
    if row is not None and row["due"] and await sql.execute(EXPIRE, event, now):
        row = await sql.fetchrow(LOCK_STOCK, event, now)
    return row["free"] if row is not None else None


async def stock_of(
    sql: Sql, event: UUID, standing_free: int, wished: Collection[UUID], now: datetime
) -> Stock:
    """The stock, as far as these seats are concerned."""
    if not wished:
        return Stock(frozenset(), frozenset(), standing_free)
    rows = await sql.fetch(WISHED, event, list(wished), now)
    known = frozenset(row["seat_id"] for row in rows)
    free = frozenset(row["seat_id"] for row in rows if row["free"])
    facts = {row["seat_id"]: SeatFacts(row["zone"], row["kind"], row["counter_only"]) for row in rows}
    return Stock(known, free, standing_free, facts)


async def known(sql: Sql, event: UUID, wanted: Collection[UUID]) -> frozenset[UUID]:
    """Which of these holds exist already: a repeated request makes no second one."""
    if not wanted:
        return frozenset()
    rows = await sql.fetch(
        "SELECT hold_id FROM hold WHERE event_id = $1 AND hold_id = ANY ($2)", event, list(wanted)
    )
    return frozenset(row["hold_id"] for row in rows)


async def labels(sql: Sql, event: UUID, seats: Collection[UUID]) -> dict[UUID, str]:
    """What is written on these seats of an event's hall."""
    if not seats:
        return {}
    rows = await sql.fetch(
        """SELECT hs.seat_id, hs.label FROM event e JOIN hall_seat hs USING (hall_id)
           WHERE e.event_id = $1 AND hs.seat_id = ANY ($2)""",
        event,
        list(seats),
    )
    return {row["seat_id"]: row["label"] for row in rows}


async def keep(
    sql: Sql,
    event: UUID,
    kept: Sequence[Reservation],
    state: str,
    orders: Mapping[UUID, UUID],
    now: datetime,
) -> None:
    """Write a batch of reservations; `orders` gives the order of each hold that has one already."""
    lines = [(one.hold, number, line) for one in kept for number, line in enumerate(one.lines, start=1)]
    seats = [(line.seat, hold) for hold, _, line in lines if line.seat]
    await sql.execute(
        KEEP,
        event,
        state,
        now,
        [one.hold for one in kept],
        [one.expires_at for one in kept],
        [orders.get(one.hold) for one in kept],
        [one.voucher for one in kept],
        [one.discount_cents for one in kept],
        [hold for hold, _, _ in lines],
        [number for _, number, _ in lines],
        [line.seat for _, _, line in lines],
        [line.price for _, _, line in lines],
        [line.cents for _, _, line in lines],
        [line.vat_basis_points for _, _, line in lines],
        len(lines) - len(seats),
    )
    if seats:
        taken = await sql.execute(TAKE_SEATS, event, [seat for seat, _ in seats], [hold for _, hold in seats])
        assert taken == len(seats), "a seat was taken although its event was locked"


async def find(sql: Sql, hold: UUID) -> HoldRow | None:
    """A hold by its id, or None."""
    return _hold(await sql.fetchrow(HOLD + "WHERE h.hold_id = $1", hold))


async def lock(sql: Sql, event: UUID, hold: UUID) -> HoldRow | None:
    """A hold that nobody else changes until this transaction ends, or None."""
    found = HOLD + "WHERE h.event_id = $1 AND h.hold_id = $2 FOR UPDATE OF h"
    return _hold(await sql.fetchrow(found, event, hold))


async def lock_all(sql: Sql, event: UUID, wanted: Collection[UUID]) -> None:
    """Nobody else changes these holds until this transaction ends."""
    await sql.execute(
        "SELECT FROM hold WHERE event_id = $1 AND hold_id = ANY ($2) ORDER BY hold_id FOR UPDATE",
        event,
        list(wanted),
    )


def read_lines(raw: str) -> tuple[Line, ...]:
    """What LINES gave."""
    return tuple(
        Line(UUID(seat) if seat else None, UUID(price), cents, basis_points)
        for seat, price, cents, basis_points in json.loads(raw)
    )


def _hold(row: Any) -> HoldRow | None:
    if row is None:
        return None
    lines = read_lines(row["lines"])
    return HoldRow(
        row["event_id"],
        row["hold_id"],
        row["state"],
        row["expires_at"],
        lines,
        row["discount_cents"],
        row["extended"],
        row["voucher_id"],
    )


async def release(sql: Sql, event: UUID, hold: UUID) -> None:
    """Free the places of a hold that nothing was ordered with. Needs the stock's lock."""
    await sql.execute(FREE_ONE, event, hold)


async def extend(sql: Sql, event: UUID, hold: UUID, until: datetime) -> None:
    """Put off the end of a hold, for the one time that this is done. Needs its lock."""
    await sql.execute(
        "UPDATE hold SET expires_at = $3, extended = true WHERE event_id = $1 AND hold_id = $2",
        event,
        hold,
        until,
    )


async def keep_until(sql: Sql, event: UUID, hold: UUID, until: datetime) -> None:
    """Move the end of an ordered hold."""
    await sql.execute(
        "UPDATE hold SET expires_at = $3 WHERE event_id = $1 AND hold_id = $2 AND state = 'ordered'",
        event,
        hold,
        until,
    )


async def events_with_due(sql: Sql, now: datetime) -> list[UUID]:
    """Events with holds that ran out."""
    rows = await sql.fetch(
        "SELECT DISTINCT event_id FROM hold WHERE state IN ('held', 'ordered') AND expires_at <= $1", now
    )
    return [row["event_id"] for row in rows]


async def purge(sql: Sql, before: datetime) -> int:
    """Drop holds that nothing was ordered with, made before an instant; how many."""
    return await sql.execute(
        """WITH old AS (
               DELETE FROM hold WHERE order_id IS NULL AND state IN ('expired', 'released') AND made_at < $1
               RETURNING event_id, hold_id
           ), lines AS (
               DELETE FROM hold_line l USING old WHERE l.event_id = old.event_id AND l.hold_id = old.hold_id
           )
           SELECT FROM old""",
        before,
    )
