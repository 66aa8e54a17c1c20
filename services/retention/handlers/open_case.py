"""A person invokes a right (Art. 15 to 18): a case with two clocks, and the order to every service."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Work, Workplace
from contracts.envelope import Event
from contracts.retention.api import OpenCase
from contracts.retention.events import CopyOrderedV1, ErasureOrderedV1, ErasureTellingV1
from services.retention.domain.cases import asked_for, clocks_from, confirmed
from services.retention.domain.erasure import State
from services.retention.domain.repeating import next_order
from services.retention.handlers.show_cases import shown
from services.retention.lifting import restrict
from services.retention.store import cases, decisions


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the first answer to an order may take, and the longest rest between two orders."""

    first: timedelta
    last: timedelta


def order_of(case: cases.CaseRow) -> Event:
    """What the services are told while this case waits for them."""
    if case.kind == "copy":
        return CopyOrderedV1(subject=case.subject, request=case.id)
    if case.state == State.TELLING:
        return ErasureTellingV1(subject=case.subject, case=case.id, as_of=case.opened_at)
    return ErasureOrderedV1(subject=case.subject, case=case.id, as_of=case.opened_at)


class OpenOneCase:
    """POST /cases."""

    def __init__(self, work: Workplace, promised_days: int, pace: Pace) -> None:
        self._work = work
        self._promised_days = promised_days
        self._pace = pace

    async def __call__(self, call: Call) -> Answer | Refused:
        """The case (201), or the one that honours this right already (200).

        Refused with erasure-not-understood, case-of-another, case-needs-subject, person-erased.
        """
        asked: OpenCase = call.body
        whose = asked_for(call.actor, asked.subject)
        if isinstance(whose, Refused):
            return whose
        sure = confirmed(asked.kind, asked.understood)
        if isinstance(sure, Refused):
            return sure
        async with self._work("rights", call.actor, call.reason) as tx:
            tx.saw([whose.value])
            if asked.kind == "restriction" and not await tx.remembers(whose.value):
                return Refused("person-erased")
            case, new = await self._opened(tx, asked.kind, whose.value)
            return Answer((await shown(tx, [case]))[0], status=201 if new else 200)

    async def _opened(self, tx: Work, kind: str, subject: UUID) -> tuple[cases.CaseRow, bool]:
        if kind == "restriction":
            return await self._restricted(tx, subject)
        case = self._row(tx, kind, subject, State.ORDERED)
        again = next_order(tx.now, case.orders, self._pace.first, self._pace.last)
        if await cases.open_one(tx, case, again):
            if kind == "erasure":
                await decisions.end_moot(tx, subject, tx.now)
            await tx.announce(order_of(case))
            return case, True
        known = await cases.newest(tx, subject, kind)
        assert known is not None, "only a case of the same person and kind stands in the way of a new one"
        return known, False

    async def _restricted(self, tx: Work, subject: UUID) -> tuple[cases.CaseRow, bool]:
        """A restriction needs no answers: the gates obey it as soon as they hear it."""
        new = await restrict(tx, subject)
        known = await cases.newest(tx, subject, "restriction")
        if not new and known is not None:
            return known, False
        case = self._row(tx, "restriction", subject, State.CLOSED)
        await cases.open_one(tx, case, None)
        return case, True

    def _row(self, tx: Work, kind: str, subject: UUID, state: State) -> cases.CaseRow:
        clocks = clocks_from(tx.now, self._promised_days)
        return cases.CaseRow(
            id=uuid4(),
            subject=subject,
            kind=kind,
            state=state.value,
            opened_at=tx.now,
            promised_by=clocks.promised_by,
            due_by=clocks.due_by,
            closed_at=tx.now if state is State.CLOSED else None,
            orders=1,
        )
