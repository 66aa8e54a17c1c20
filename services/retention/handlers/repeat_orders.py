"""An order goes out again until every service answered: a lost letter must not lose an erasure."""

from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from services.retention.domain.erasure import ORDERED_FIRST, State, missing
from services.retention.domain.repeating import next_order
from services.retention.handlers.open_case import Pace, order_of
from services.retention.store import cases

MOST = 100


class RepeatOrders:
    """The clock."""

    def __init__(self, work: Workplace, pace: Pace) -> None:
        self._work = work
        self._pace = pace

    async def __call__(self) -> None:
        """Order again what was not answered in time, at most 100 cases a run."""
        async with self._work("rights", SYSTEM) as tx:
            for case in await cases.due(tx, tx.now, MOST):
                if await _unanswered(tx, case):
                    await tx.announce(order_of(case))
                orders = case.orders + 1
                again = next_order(tx.now, orders, self._pace.first, self._pace.last)
                await cases.move(tx, case.id, case.state, None, again, orders)


async def _unanswered(tx: Work, case: cases.CaseRow) -> bool:
    """Whether a service is waited for; while only recipients outside are, no service is asked again."""
    lacking = missing(receipt.service for receipt in await cases.receipts(tx, [case.id]))
    if case.kind == "erasure" and case.state == State.ORDERED:
        return bool(ORDERED_FIRST.intersection(lacking))
    return bool(lacking)
