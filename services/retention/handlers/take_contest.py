"""A contested automated decision becomes a case (Art. 22(3), W-46)."""

from uuid import uuid4

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import DecisionContestedV1
from services.retention.domain.cases import clocks_from
from services.retention.domain.contests import ASKED
from services.retention.store import activity, cases, decisions


class TakeContest:
    """orders.decision.contested."""

    def __init__(self, work: Workplace, promised_days: int) -> None:
        self._work = work
        self._promised_days = promised_days

    async def __call__(self, heard: Heard[DecisionContestedV1]) -> None:
        """Open a case with the clocks of every other, counted from when it was asked for.

        Whoever contests is known from that day on, with an address, and must be forgotten one day too.
        """
        said, case = heard.event, uuid4()
        async with self._work("rights", SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            if await decisions.contest(tx, case, said.subject, said.decision, said.contested_at, said.view):
                clocks = clocks_from(said.contested_at, self._promised_days)
                row = cases.CaseRow(
                    id=case,
                    subject=said.subject,
                    kind="contest",
                    state=ASKED,
                    opened_at=said.contested_at,
                    promised_by=clocks.promised_by,
                    due_by=clocks.due_by,
                    closed_at=None,
                    orders=0,
                )
                await cases.open_one(tx, row, None)
                await activity.seen(tx, "known", {said.subject: said.contested_at.date()})
