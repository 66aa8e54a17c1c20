"""Somebody objected: processing has stopped, and a case waits for a person to decide (Art. 21(1))."""

from __future__ import annotations

from uuid import uuid4

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import ObjectionRaisedV1
from contracts.actors import SYSTEM
from services.retention.domain.cases import clocks_from
from services.retention.domain.erasure import State
from services.retention.store import cases

KIND = "objection"


class OpenObjection:
    """accounts.objection.raised."""

    def __init__(self, work: Workplace, promised_days: int) -> None:
        self._work = work
        self._promised_days = promised_days

    async def __call__(self, heard: Heard[ObjectionRaisedV1]) -> None:
        """A case, unless one about the same is open."""
        raised = heard.event
        async with self._work("rights", SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            clocks = clocks_from(tx.now, self._promised_days)
            case = cases.CaseRow(
                id=uuid4(),
                subject=raised.subject,
                kind=KIND,
                state=State.ORDERED.value,
                opened_at=tx.now,
                promised_by=clocks.promised_by,
                due_by=clocks.due_by,
                closed_at=None,
                orders=0,
                purpose=raised.purpose,
                organisation=raised.organisation,
            )
            await cases.open_one(tx, case, None)
