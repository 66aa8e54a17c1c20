"""Halls as they are drawn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.planning import BlockPlan, Hall, HallPlan, HallSeat, HallSummary, HallZone
from contracts.texts import Text
from services.orders.domain.hall_plan import Drawn

HALLS = """
SELECT h.*, (SELECT count(*) FROM hall_seat s WHERE s.hall_id = h.hall_id) AS seats
FROM hall h ORDER BY h.name, h.hall_id
"""
ZONES = """
SELECT z.zone, z.title, count(s.seat_id) AS seats
FROM hall_zone z LEFT JOIN hall_seat s ON s.hall_id = z.hall_id AND s.zone = z.zone
WHERE z.hall_id = $1 GROUP BY z.zone, z.title, z.position ORDER BY z.position
"""
# A hall whose seats an event has is drawn no more: what was sold must stay where it was.
IN_USE = """
SELECT EXISTS (SELECT FROM event e JOIN seat s USING (event_id) WHERE e.hall_id = $1)
"""
ADD_ZONE = """
INSERT INTO hall_zone (hall_id, zone, position, title)
SELECT $1, $2, (SELECT count(*) FROM hall_zone WHERE hall_id = $1), $3
WHERE NOT EXISTS (SELECT FROM hall_zone WHERE hall_id = $1 AND zone = $2)
"""
ADD_SEATS = """
INSERT INTO hall_seat (hall_id, seat_id, zone, label, row_label, number, x, y)
SELECT $1, u.*
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::float8[], $8::float8[]) AS u
"""
COPY_ZONES = """
INSERT INTO hall_zone (hall_id, zone, position, title)
SELECT $2, zone, position, title FROM hall_zone WHERE hall_id = $1
"""
COPY_SEATS = """
INSERT INTO hall_seat (hall_id, seat_id, label, row_label, number, x, y, zone, kind)
SELECT $2, gen_random_uuid(), label, row_label, number, x, y, zone, kind FROM hall_seat WHERE hall_id = $1
"""
DROP_EMPTY_ZONES = """
DELETE FROM hall_zone z WHERE z.hall_id = $1
AND NOT EXISTS (SELECT FROM hall_seat s WHERE s.hall_id = z.hall_id AND s.zone = z.zone)
"""


async def halls(sql: Sql) -> tuple[HallSummary, ...]:
    """All halls, by name."""
    rows = await sql.fetch(HALLS)
    return tuple(
        HallSummary(id=row["hall_id"], name=row["name"], standing=row["standing"], seats=row["seats"])
        for row in rows
    )


async def hall(sql: Sql, wanted: UUID) -> Hall | None:
    """A hall with its zones and seats, or None."""
    row = await sql.fetchrow("SELECT * FROM hall WHERE hall_id = $1", wanted)
    if row is None:
        return None
    seats = await sql.fetch("SELECT * FROM hall_seat WHERE hall_id = $1 ORDER BY y, row_label, x", wanted)
    return Hall(
        id=wanted,
        name=row["name"],
        standing=row["standing"],
        in_use=await sql.fetchval(IN_USE, wanted),
        zones=await zones(sql, wanted),
        seats=tuple(_seat(seat) for seat in seats),
    )


async def zones(sql: Sql, wanted: UUID) -> tuple[HallZone, ...]:
    """The zones of a hall, in their order."""
    return tuple(
        HallZone(zone=row["zone"], title=Text.model_validate_json(row["title"]), seats=row["seats"])
        for row in await sql.fetch(ZONES, wanted)
    )


async def lock(sql: Sql, wanted: UUID) -> bool:
    """Let nobody else draw this hall until this transaction ends; False where there is none."""
    return await sql.fetchval("SELECT true FROM hall WHERE hall_id = $1 FOR UPDATE", wanted) is True


async def add(sql: Sql, wanted: UUID, plan: HallPlan, time_zone: str) -> None:
    """Write an empty hall."""
    await sql.execute(
        "INSERT INTO hall (hall_id, name, time_zone, standing) VALUES ($1, $2, $3, $4)",
        wanted,
        plan.name,
        time_zone,
        plan.standing,
    )


async def change(sql: Sql, wanted: UUID, plan: HallPlan) -> bool:
    """Change name and standing places; False where there is none."""
    changed = "UPDATE hall SET name = $2, standing = $3 WHERE hall_id = $1"
    return await sql.execute(changed, wanted, plan.name, plan.standing) == 1


async def copy(sql: Sql, source: UUID, wanted: UUID) -> None:
    """Write the zones and seats of a hall into another, empty one."""
    await sql.execute(COPY_ZONES, source, wanted)
    await sql.execute(COPY_SEATS, source, wanted)


async def add_block(
    sql: Sql, wanted: UUID, block: BlockPlan, ids: Sequence[UUID], drawn: Sequence[Drawn]
) -> None:
    """Write the seats of a block, and its zone where it is a new one."""
    await sql.execute(ADD_ZONE, wanted, block.zone, block.title.model_dump_json())
    await sql.execute(
        ADD_SEATS,
        wanted,
        list(ids),
        [block.zone] * len(drawn),
        [seat.label for seat in drawn],
        [seat.row for seat in drawn],
        [seat.number for seat in drawn],
        [seat.x for seat in drawn],
        [seat.y for seat in drawn],
    )


async def mark(sql: Sql, wanted: UUID, seats: Collection[UUID], kind: str) -> None:
    """Say of which kind seats are."""
    marked = "UPDATE hall_seat SET kind = $3 WHERE hall_id = $1 AND seat_id = ANY ($2)"
    await sql.execute(marked, wanted, list(seats), kind)


async def take_out(sql: Sql, wanted: UUID, seats: Collection[UUID]) -> None:
    """Make gaps of seats, and drop zones that have none left."""
    gone = "DELETE FROM hall_seat WHERE hall_id = $1 AND seat_id = ANY ($2)"
    await sql.execute(gone, wanted, list(seats))
    await sql.execute(DROP_EMPTY_ZONES, wanted)


def _seat(row: Any) -> HallSeat:
    return HallSeat(
        id=row["seat_id"],
        label=row["label"],
        row=row["row_label"],
        number=row["number"],
        x=row["x"],
        y=row["y"],
        zone=row["zone"],
        kind=row["kind"],
    )
