"""Look for what may no longer be kept (W-20, G-41): one road for the privacy desk and the command line."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.actors import Actor
from contracts.retention import api
from contracts.retention.events import SweepOrderedV1
from services.retention.domain.calendar import quiet_before
from services.retention.domain.repeating import next_order
from services.retention.domain.sweeps import is_dry
from services.retention.handlers.open_case import Pace
from services.retention.handlers.show_sweeps import shown
from services.retention.store import activity, sweeps


class OrderSweep:
    """Orders a sweep as of a moment; what is quiet for the charter's whole term is anonymised everywhere."""

    def __init__(self, work: Workplace, term: str, future_is_real: bool, pace: Pace) -> None:
        """`term` is the charter's (ISO 8601, calendar years); `future_is_real` is false in production."""
        self._work = work
        self._term = term
        self._future_is_real = future_is_real
        self._pace = pace

    async def __call__(self, actor: Actor, as_of: datetime) -> api.Sweep:
        """The sweep with its counts. The orders to forget each person follow from the clock's door."""
        async with self._work("storage_limitation", actor) as tx:
            tx.saw_nobody()
            row = await self._counted(tx, as_of)
            if row.dry_run:
                await sweeps.add(tx, replace(row, done_at=tx.now), None)
            else:
                await self._ordered(tx, row)
            found = await sweeps.read(tx, row.id)
            assert found is not None, "the sweep was added in this transaction"
            return (await shown(tx, [found]))[0]

    async def _counted(self, tx: Work, as_of: datetime) -> sweeps.SweepRow:
        quiet, awake = await activity.counted(tx, quiet_before(as_of, self._term))
        dry = is_dry(as_of, tx.now, self._future_is_real)
        return sweeps.SweepRow(uuid4(), as_of, tx.now, dry, quiet, awake)

    async def _ordered(self, tx: Work, row: sweeps.SweepRow) -> None:
        listed = await sweeps.add_quiet(tx, row.id, tx.now, quiet_before(row.as_of, self._term))
        # Someone may have become active between the count and the list: the list is what happens.
        awake = row.with_activity + row.without_activity - listed
        again = next_order(tx.now, 1, self._pace.first, self._pace.last)
        await sweeps.add(tx, replace(row, without_activity=listed, with_activity=awake), again)
        await tx.announce(SweepOrderedV1(sweep=row.id, as_of=row.as_of))


class OrderSweepAtDesk:
    """POST /sweeps."""

    def __init__(self, order: OrderSweep) -> None:
        self._order = order

    async def __call__(self, call: Call) -> api.Sweep:
        """The sweep that was ordered (201)."""
        asked: api.OrderSweep = call.body
        return await self._order(call.actor, asked.as_of)
