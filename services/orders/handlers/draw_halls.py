"""Halls are drawn: blocks of rows, seats of a kind, gaps. What an event has sold is drawn no more."""

from __future__ import annotations

from uuid import UUID, uuid4

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.orders.planning import BlockPlan, Hall, HallPlan, Halls, Marks
from services.orders.domain.hall_plan import Place, draw, named
from services.orders.store import halls


class DrawHalls:
    """/planning/halls."""

    def __init__(self, work: Workplace, time_zone: str) -> None:
        self._work = work
        self._time_zone = time_zone

    async def all(self, call: Call) -> Halls:
        """All halls, by name."""
        async with self._work("season_planning", call.actor) as tx:
            return Halls(halls=await halls.halls(tx))

    async def one(self, call: Call) -> Hall | Refused:
        """A hall with its seats; not-found."""
        async with self._work("season_planning", call.actor) as tx:
            return await halls.hall(tx, UUID(call.path["hall"])) or Refused("not-found")

    async def add(self, call: Call) -> Hall | Refused:
        """A new hall without seats."""
        wanted = uuid4()
        async with self._work("season_planning", call.actor) as tx:
            await halls.add(tx, wanted, call.body, self._time_zone)
            return await _drawn(tx, wanted)

    async def change(self, call: Call) -> Hall | Refused:
        """Another name, or more standing places for events to come; not-found."""
        wanted = UUID(call.path["hall"])
        async with self._work("season_planning", call.actor) as tx:
            if not await halls.change(tx, wanted, call.body):
                return Refused("not-found")
            return await _drawn(tx, wanted)

    async def copy(self, call: Call) -> Hall | Refused:
        """The same zones and seats under another name, to be drawn on; not-found."""
        plan: HallPlan = call.body
        source, wanted = UUID(call.path["hall"]), uuid4()
        async with self._work("season_planning", call.actor) as tx:
            if await halls.hall(tx, source) is None:
                return Refused("not-found")
            await halls.add(tx, wanted, plan, self._time_zone)
            await halls.copy(tx, source, wanted)
            return await _drawn(tx, wanted)

    async def add_block(self, call: Call) -> Hall | Refused:
        """More rows; not-found, hall-in-use, hall-too-large, label-twice."""
        block: BlockPlan = call.body
        async with self._work("season_planning", call.actor) as tx:
            hall = await _to_draw(tx, UUID(call.path["hall"]))
            if isinstance(hall, Refused):
                return hall
            drawn = draw(block, hall.seats)
            if isinstance(drawn, Refused):
                return drawn
            await halls.add_block(tx, hall.id, block, [uuid4() for _ in drawn.value], drawn.value)
            return await _drawn(tx, hall.id)

    async def mark(self, call: Call) -> Hall | Refused:
        """Seats of a kind, or gaps; not-found, hall-in-use, unknown-seats, nothing-named."""
        marks: Marks = call.body
        async with self._work("season_planning", call.actor) as tx:
            hall = await _to_draw(tx, UUID(call.path["hall"]))
            if isinstance(hall, Refused):
                return hall
            places = (Place(seat.id, seat.label, seat.row, seat.number) for seat in hall.seats)
            meant = named(marks.labels, marks.seats, places)
            if isinstance(meant, Refused):
                return meant
            if marks.kind == "gap":
                await halls.take_out(tx, hall.id, meant.value)
            else:
                await halls.mark(tx, hall.id, meant.value, marks.kind)
            return await _drawn(tx, hall.id)


async def _to_draw(tx: Work, wanted: UUID) -> Hall | Refused:
    """A hall that nobody else draws meanwhile, and whose seats no event has yet."""
    if not await halls.lock(tx, wanted):
        return Refused("not-found")
    hall = await _drawn(tx, wanted)
    return Refused("hall-in-use") if hall.in_use else hall


async def _drawn(tx: Work, wanted: UUID) -> Hall:
    hall = await halls.hall(tx, wanted)
    assert hall is not None, "the hall was just written or locked"
    return hall
