"""Orders of a sweep go out, person by person, and again until every service answered."""

from chassis.clock import Clock
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.retention.events import AnonymisationOrderedV1, SweepOrderedV1
from services.retention.domain.calendar import quiet_before
from services.retention.domain.erasure import missing
from services.retention.domain.repeating import next_order
from services.retention.handlers.open_case import Pace
from services.retention.handlers.take_sweep import finish_if_all_is_in
from services.retention.store import sweeps

BATCH = 500
MOST_SWEEPS = 20


class CarryOnSweeps:
    """The clock: a large house is swept in batches, so that no transaction grows with its people."""

    def __init__(self, work: Workplace, pace: Pace, term: str) -> None:
        """`term` is the charter's: who was quiet for it (ISO 8601, calendar years)."""
        self._work = work
        self._pace = pace
        self._term = term

    async def __call__(self) -> None:
        """Send every order that is due."""
        await self._sweeps()
        while await self._people() == BATCH:
            continue

    async def _sweeps(self) -> None:
        async with self._work("storage_limitation", SYSTEM) as tx:
            for sweep in await sweeps.due(tx, tx.now, MOST_SWEEPS):
                answered = [receipt.service for receipt in await sweeps.receipts(tx, [sweep.id])]
                if missing(answered):
                    await tx.announce(SweepOrderedV1(sweep=sweep.id, as_of=sweep.as_of))
                orders = sweep.orders + 1
                await sweeps.rest(tx, sweep.id, next_order(tx.now, orders, self._pace.first, self._pace.last))

    async def _people(self) -> int:
        async with self._work("storage_limitation", SYSTEM) as tx:
            due = await sweeps.subjects_due(tx, tx.now, BATCH)
            for one in due:
                await self._order(tx, one)
            return len(due)

    async def _order(self, tx: Work, one: sweeps.SubjectDue) -> None:
        """Order once more; whoever became active since the list was made is not forgotten (G-41)."""
        awake = one.last_day is not None and one.last_day >= quiet_before(one.as_of, self._term)
        if awake and one.orders == 0:
            await sweeps.subject_awoke(tx, one)
            await finish_if_all_is_in(tx, one.sweep)
            return
        await tx.announce(AnonymisationOrderedV1(subject=one.subject, sweep=one.sweep, as_of=one.as_of))
        again = next_order(tx.now, one.orders + 1, self._pace.first, self._pace.last)
        await sweeps.subject_rests(tx, one, again)


class ForgetStalled:
    """The job `forget_stalled` of the charter."""

    def __init__(self, work: Workplace, clock: Clock, term: str) -> None:
        """`term` is the charter's, as an ISO 8601 duration."""
        self._work = work
        self._clock = clock
        self._term = term

    async def __call__(self) -> None:
        """Forget people of sweeps that never came to an end."""
        sql = self._work.once("storage_limitation", SYSTEM)
        await sweeps.forget_stalled(sql, self._clock.now(), self._term)
